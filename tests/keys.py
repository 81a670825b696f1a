"""Keys of people and authorities that do not exist, for tests of signatures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
ENDS = datetime(2040, 1, 1, tzinfo=UTC)
PASSPHRASE = "correct horse"  # noqa: S105 - of keys that are made for a test
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


class Person:
    """Somebody with a key, and a certificate that says so."""

    def __init__(self, key: Key, certificate: x509.Certificate, issuer: "Authority") -> None:
        self.key, self.certificate, self.issuer = key, certificate, issuer

    def p12(self, passphrase: str = PASSPHRASE) -> bytes:
        """Give the key as a PKCS#12 file, with the certificate of who issued it."""
        locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        chain = [self.issuer.certificate]
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, chain, locked
        )


class Authority:
    """One that issues certificates, and says which of them are revoked."""

    def __init__(self, name: str = "Nordic Test Authority") -> None:
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._made(name, self.key, BEGINS, ENDS, authority=True)

    def pem(self) -> bytes:
        """Give the root certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    def person(
        self, name: str, *, begins: datetime = BEGINS, ends: datetime = ENDS, stamps: bool = False
    ) -> Person:
        """Give somebody a key; one that stamps times has an RSA key, as the test stamper wants."""
        key: Key = (
            rsa.generate_private_key(65537, 2048)
            if stamps
            else ec.generate_private_key(ec.SECP256R1())
        )
        return Person(key, self._made(name, key, begins, ends, stamps=stamps), self)

    def revoked(self, *people: Person, on: datetime = BEGINS) -> bytes:
        """Give the list of revoked certificates."""
        made = x509.CertificateRevocationListBuilder().issuer_name(_name(self.name))
        made = made.last_update(BEGINS).next_update(ENDS)
        for one in people:
            serial = one.certificate.serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(on)
            made = made.add_revoked_certificate(entry.build())
        made = made.add_extension(self._by(), critical=False)
        return made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def _by(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())

    def _made(
        self,
        name: str,
        key: Key,
        begins: datetime,
        ends: datetime,
        *,
        authority: bool = False,
        stamps: bool = False,
    ) -> x509.Certificate:
        wanted = ("key_cert_sign", "crl_sign") if authority else _USES[:2]
        uses = {use: use in wanted for use in _USES}
        made = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(_name(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.KeyUsage(**uses), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(self._by(), critical=False)
        )
        if stamps:
            use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            made = made.add_extension(use, critical=True)
        return made.sign(self.key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def hand_out(folder: Path) -> None:
    """Write the keys of Ida and Sara, and the root that both lead to, into a folder."""
    authority = Authority()
    (folder / "trust").mkdir(exist_ok=True)
    (folder / "trust/authority.pem").write_bytes(authority.pem())
    for who in ("Ida Berg", "Sara Niia"):
        name = who.split()[0].lower()
        (folder.parent / f"{name}.p12").write_bytes(authority.person(who).p12(""))


@contextmanager
def stamping(person: Person, at: datetime) -> Iterator[str]:
    """Run an authority that stamps times (RFC 3161) on the loopback; give its address."""
    from asn1crypto import keys, tsp
    from asn1crypto import x509 as asn1
    from pyhanko.sign.timestamps import DummyTimeStamper

    der = Encoding.DER
    certificate = asn1.Certificate.load(person.certificate.public_bytes(der))
    private = person.key.private_bytes(der, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(private), fixed_dt=at)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)
