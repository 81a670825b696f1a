"""What brings about the faults of sending that a session cannot show: servers, races, crashes."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from q2c.cli import main
from q2c.core.sending import Secret, mailbox
from q2c.exchange.eml import Mail, eml
from q2c.exchange.smtp import Line, Server
from q2c.store.secrets import password
from tests.mailserver import HOST, served
from tests.office import Office, opened

FROM, EVA, NUMBER = "faktura@nordlys.example", "eva@fjord.example", "F-2026-0001"


def billed(root: Path, patch: pytest.MonkeyPatch) -> Office:
    """Open an office that has invoiced."""
    office = opened(root / "office", patch)
    patch.setenv("XDG_CONFIG_HOME", str(root))
    office.must("invoice", "run", "--through", "2026-11-09", "--yes")
    return office


def two_lines(_root: Path, _patch: pytest.MonkeyPatch) -> None:
    """Write a mail whose subject goes on in a line of its own."""
    sender = mailbox(FROM)
    eml(
        Mail(
            sender=sender,
            to=(sender,),
            subject="Invoice\r\nBcc: x@y.example",
            text="",
            html="",
            message_id="<1@y.example>",
            written=datetime(2026, 11, 30, tzinfo=UTC),
        )
    )


def nobody_answers(_root: Path, _patch: pytest.MonkeyPatch) -> None:
    """Send to a port at which nobody listens."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    Line(Server(host=HOST, port=port, security="none", wait=1.0)).ready()


def in_the_clear(_root: Path, _patch: pytest.MonkeyPatch) -> None:
    """Send a password without encryption."""
    Line(Server(host=HOST, security="none", password=Secret("canary")))


def wrong_password(root: Path, _patch: pytest.MonkeyPatch) -> None:
    """Log in with a password that the server does not know."""
    with served(root / "server", "starttls", auth="PLAIN") as at:
        server = Server(
            host=HOST,
            port=at.port,
            security="starttls",
            authorities=str(at.authorities),
            user="eva",
            password=Secret("canary-wrong"),
            wait=2.0,
        )
        Line(server).ready()


def no_password(root: Path, _patch: pytest.MonkeyPatch) -> None:
    """Name a file for the password that is not there."""
    places = {f"mail.password_{where}": "" for where in ("command", "keyring")}
    password({**places, "mail.user": "eva", "mail.password_file": str(root / "gone")}, {})


def password_in_git(root: Path, patch: pytest.MonkeyPatch) -> None:
    """Keep a password in the file of settings that everybody shares."""
    office = opened(root / "office", patch)
    (office.root / "q2c.toml").write_text('[mail]\npassword = "canary"\n', "utf-8")
    main(["-C", str(office.root), "config", "list"])


def begun_elsewhere(root: Path, patch: pytest.MonkeyPatch) -> None:
    """Let somebody else begin to send between deciding and sending."""
    office = billed(root, patch)
    patch.setattr(
        "q2c.commands.sending.recording.known_of",
        lambda *_words: {"sara@kiruna-konst.example": "sent"},
    )
    office.does("send", NUMBER, "--to", "eml", "--yes")


def cut_off(root: Path, patch: pytest.MonkeyPatch) -> None:
    """Lose the connection after the mail was handed over, then send again."""
    office = billed(root, patch)
    with served(root / "server") as at:
        for name, value in {"HOST": HOST, "PORT": str(at.port), "SECURITY": "none"}.items():
            patch.setenv(f"Q2C_MAIL_{name}", value)
        patch.setenv("Q2C_MAIL_TIMEOUT", "2")
        at.postman.data = lambda _count: "drop"
        office.does("send", NUMBER, "--yes")
        office.does("send", NUMBER, "--yes")


SENDING = {
    "bad-mail-header": two_lines,
    "mail-login-refused": wrong_password,
    "mail-not-secure": in_the_clear,
    "mail-unreachable": nobody_answers,
    "no-mail-password": no_password,
    "secret-in-file": password_in_git,
    "sending-moved": begun_elsewhere,
    "sending-unknown": cut_off,
}
