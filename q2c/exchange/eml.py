"""Mails as files: headers that cannot be added to, a text in two forms, and attachments."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from mimetypes import MimeTypes
from typing import Final

from msgspec import Struct

from q2c.core.fault import Fault, Invalid
from q2c.core.sending import Mailbox

LONGEST_SUBJECT: Final = 200
LONGEST_LINE: Final = 998  # RFC 5322, 2.1.1, without the line's end
# The types of what we attach, whatever this machine's own tables say.
_TYPES: Final = {".pdf": "application/pdf", ".xml": "application/xml", ".csv": "text/csv"}


class Mail(Struct, frozen=True, kw_only=True):
    """A mail: who writes to whom, what it says as text and as HTML, and what it brings."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    copies: tuple[Mailbox, ...] = ()
    hidden: tuple[Mailbox, ...] = ()
    reply_to: Mailbox | None = None
    subject: str
    text: str
    html: str
    files: Mapping[str, bytes] = {}
    message_id: str
    written: datetime
    language: str = ""

    @property
    def envelope(self) -> tuple[str, ...]:
        """The addresses of all who get it, also of those whom it does not name."""
        everyone = (*self.to, *self.copies, *self.hidden)
        return tuple(dict.fromkeys(one.address for one in everyone))


def eml(mail: Mail) -> bytes:
    """Write a mail as it goes over the wire (RFC 5322): the same mail gives the same bytes."""
    _refuse_headers(mail)
    message = EmailMessage(policy.SMTP)
    message["From"] = _one(mail.sender)
    message["To"] = _many(mail.to)
    if mail.copies:
        message["Cc"] = _many(mail.copies)
    if mail.reply_to:
        message["Reply-To"] = _one(mail.reply_to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written)
    message["Message-ID"] = mail.message_id
    if mail.language:
        message["Content-Language"] = mail.language
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for name, data in mail.files.items():
        kind, _, subtype = _type(name).partition("/")
        message.add_attachment(data, maintype=kind, subtype=subtype, filename=name)
    _bound(message, mail.message_id)
    data = message.as_bytes()
    _refuse_lines(data)
    return data


def _one(mailbox: Mailbox) -> Address:
    return Address(mailbox.name, mailbox.local, mailbox.domain)


def _many(mailboxes: Iterable[Mailbox]) -> tuple[Address, ...]:
    return tuple(map(_one, mailboxes))


def _type(name: str) -> str:
    ending = f".{name.rpartition('.')[2].lower()}"
    known = _TYPES.get(ending) or MimeTypes().guess_type(f"file{ending}")[0]
    return known or "application/octet-stream"


def _bound(message: EmailMessage, seed: str) -> None:
    """Part the mail by lines that follow from its id, where Python would draw lots."""
    several = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(several):
        part.set_boundary(f"=_{sha256(f'{number} {seed}'.encode()).hexdigest()[:40]}")
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]  # said once, for the whole


def _refuse_headers(mail: Mail) -> None:
    """Refuse what would be another header, or none, once it is written."""
    said = {"subject": mail.subject, "id": mail.message_id, "language": mail.language}
    said |= {f"file name {name!a}": name for name in mail.files}
    for what, text in said.items():
        if not text.isprintable() or len(text) > LONGEST_SUBJECT:
            message = f"The {what} of a mail is one short line, and this is not."
            raise Invalid(Fault("bad-mail-header", message, remedy=_SHORTEN))
    if not (mail.subject.strip() and mail.to):
        message = "A mail has a subject and somebody whom it goes to."
        raise Invalid(Fault("bad-mail-header", message, remedy=_SHORTEN))


def _refuse_lines(data: bytes) -> None:
    """Refuse lines that a server may cut or read as several (RFC 5321, 2.3.8)."""
    lines = data.split(b"\r\n")
    if any(len(line) > LONGEST_LINE or b"\r" in line or b"\n" in line for line in lines):
        message = "A line of this mail is longer than servers take, or ends otherwise."
        raise Invalid(Fault("bad-mail-header", message, remedy=_SHORTEN))


_SHORTEN: Final = "Look at its template and at the names in it: no line break, at most 200 letters."
