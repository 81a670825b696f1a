"""Mail addresses: exactly one in a text, in a form that no header and no server misreads."""

import re
from encodings.idna import ToASCII
from typing import Final
from unicodedata import name as sign_name

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place

LONGEST: Final = 254  # RFC 5321, 4.5.3.1.3: a path has 256 letters, two of them its brackets
LONGEST_LOCAL: Final = 64  # RFC 5321, 4.5.3.1.1
LONGEST_NAME: Final = 120
_WORD: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_WORD}(?:\.{_WORD})*")  # a dot-atom, RFC 5322, 3.2.3
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAMED: Final = re.compile(
    r'(?:"(?P<quoted>[^"\\<>@]+)"|(?P<name>[^"\\<>@,;:]*?)) *<(?P<spec>[^<>]+)>'
)
# Letters that two readings of the standard turn into different domains (RFC 5894, 7.2).
_DEVIATING: Final = frozenset("ßς\u200c\u200d")
# Scripts whose letters look like those of the others.
_ALIKE: Final = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN"})
_REMEDY: Final = "Write one address, such as faktura@firm.example or Eva Ek <eva@firm.example>."


class Mailbox(Struct, frozen=True):
    """An address that mail goes to, with a name before it; the domain as servers know it."""

    name: str
    local: str
    domain: str

    @property
    def address(self) -> str:
        """The address alone."""
        return f"{self.local}@{self.domain}"

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


def mailbox(text: str, place: Place | None = None) -> Mailbox:
    """Read exactly one address; refuse what a header or a server could read otherwise.

    A domain with other letters than a-z is given in its ASCII form (RFC 3490), which is the one
    that is told, so that a look-alike is seen.
    """
    wrong = _wrong(text)
    named = _NAMED.fullmatch(text.strip(" "))
    name = (named["quoted"] or named["name"] or "").strip(" ") if named else ""
    local, at, domain = (named["spec"] if named else text.strip(" ")).rpartition("@")
    if not (wrong or at):
        wrong = "has no @"
    wrong = wrong or _wrong_local(local)
    labels = [_label(part) for part in domain.split(".")]
    wrong = wrong or _wrong_domain(domain, labels)
    found = Mailbox(name, local, ".".join(labels))
    if not wrong and (len(found.address) > LONGEST or len(name) > LONGEST_NAME):
        wrong = "is too long"
    if wrong:
        message = f"{ascii(text[:80])[1:-1]} {wrong}, so nothing is sent to it."
        raise Invalid(Fault("bad-mail-address", message, place, _REMEDY))
    return found


def _wrong(text: str) -> str:
    """Say what no text of a header may have: a line break, a mark that turns text round."""
    if not text.strip(" "):
        return "is no address"
    if text.count("@") > 1:
        return "is more than one address"
    return "" if text.isprintable() else "has a sign that does not show"


def _wrong_local(local: str) -> str:
    if len(local) > LONGEST_LOCAL:
        return "is too long before the @"
    return "" if _LOCAL.fullmatch(local) else "has signs before the @ that no plain address has"


def _wrong_domain(domain: str, labels: list[str]) -> str:
    if _DEVIATING.intersection(domain):
        return "has a domain that programs read differently; write its xn-- form"
    if any(len(_scripts(part)) > 1 for part in domain.split(".")):
        return "mixes letters that look alike in its domain"
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004 - firm and country
        return "has no domain behind the @"
    return ""


def _scripts(label: str) -> set[str]:
    """Name the scripts of a label, of those whose letters are taken for each other's."""
    if label.isascii():
        return set()
    return {sign_name(sign, "").partition(" ")[0] for sign in label if sign.isalpha()} & _ALIKE


def _label(part: str) -> str:
    """Give a part of a domain as servers know it; nothing where there is no such form."""
    try:
        return ToASCII(part).decode("ascii").lower()
    except UnicodeError:
        return ""
