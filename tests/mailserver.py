"""A real mail server on loopback, with its own authority, that does what a test asks of it."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"
USER, PASSWORD = "nordlys", "canary-7f3a!"
Reply = Callable[[str], str]


class Postman:
    """What the server does: it keeps mails, and answers as it was told to."""

    def __init__(self) -> None:
        self.mails: list[tuple[tuple[str, ...], bytes]] = []
        self.connections = 0
        self.rcpt: Reply = lambda _address: "250 OK"
        self.data: Reply = lambda _count: "250 OK, queued as 1234"
        self.slow = 0.0
        self.logins: list[str] = []

    async def handle_EHLO(  # noqa: N802 - aiosmtpd looks for this name
        self,
        _server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Count who comes."""
        session.host_name = hostname
        self.connections += not session.ssl
        return responses

    async def handle_MAIL(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, after a while."""
        await asyncio.sleep(self.slow)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Answer for a recipient as the test wants it."""
        reply = self.rcpt(address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail, and answer; `drop` closes the connection in place of an answer."""
        reply = self.data(str(len(self.mails)))
        if reply.startswith(("2", "drop")):
            self.mails.append((tuple(envelope.rcpt_tos), bytes(envelope.original_content or b"")))
        if reply.startswith("drop"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if reply.startswith("silent"):
            await asyncio.sleep(5)
        return reply

    def login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, how: str, data: LoginPassword
    ) -> AuthResult:
        """Let the one user in who knows the password."""
        self.logins.append(how)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)


class Served:
    """Where the server is, what it does, and the file of its authority."""

    def __init__(self, postman: Postman, port: int, authorities: Path | None) -> None:
        self.postman, self.port, self.authorities = postman, port, authorities


@contextmanager
def served(folder: Path, security: str = "none", *, auth: str = "") -> Iterator[Served]:
    """Run a server for a while: `none`, `starttls` or `tls`, and with that way to log in."""
    postman, port = Postman(), _free_port()
    secure: ssl.SSLContext | None = None
    if security != "none":
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(*authority(folder))
    given: dict[str, Any] = {"enable_SMTPUTF8": False, "timeout": 10}
    if auth:
        inside = security == "tls"  # encrypted before a word is said, which aiosmtpd does not count
        given |= {"authenticator": postman.login}
        given |= {"auth_required": not inside, "auth_require_tls": not inside}
        given |= {"auth_exclude_mechanism": {"PLAIN", "LOGIN"} - {auth}}
    if security == "starttls":
        given |= {"tls_context": secure, "require_starttls": True}
    if security == "tls":
        given |= {"ssl_context": secure}
    controller = Controller(postman, hostname=HOST, port=port, **given)
    controller.start()
    try:
        postman.connections = 0
        yield Served(postman, port, folder / "ca.pem" if secure else None)
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def authority(folder: Path) -> tuple[Path, Path]:
    """Make an authority and a certificate of it for loopback: the files of the latter."""
    now = datetime.now(UTC)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Nordlys test CA")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address(HOST))]

    def made(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(ca_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    root = made(ca_name, ca_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    leaf = made(name, key.public_key()).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    (folder / "cert.pem").write_bytes(leaf.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return folder / "cert.pem", folder / "key.pem"
