"""vCards of the versions 3.0 and 4.0 (RFC 2426, RFC 6350), as rows of our fields."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place
from q2c.exchange.sheet import Row, decoded, refuse_large

VERSIONS = ("3.0", "4.0")
_LINE = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:\"[^\"]*\"|[^\";:])*)*):(.*)")
_ESCAPED = re.compile(r"\\(.)")
_WORK_FIRST = ("pref", "work", "")


class Property(Struct, frozen=True):
    """A line of a card: what it is, which kinds it has in small letters, its value."""

    line: int
    name: str
    kinds: frozenset[str]
    value: str

    def parts(self) -> list[str]:
        """Give the parts of a value that has several, without their escapes."""
        return [_plain(part) for part in re.split(r"(?<!\\);", self.value)]


def read_cards(data: bytes, name: str) -> list[Row]:
    """Read every card of a file as a row, or refuse with everything that is wrong in all."""
    refuse_large(data, name)
    rows: list[Row] = []
    faults: list[Fault] = []
    card: list[Property] = []
    for line, text in _unfolded(decoded(data, name)):
        match = _LINE.fullmatch(text)
        if match is None:
            message = "The line is no property of a card."
            remedy = "A property is NAME:value, and a line that goes on begins with a space."
            faults.append(Fault("bad-vcard", message, Place(name, line), remedy))
            continue
        one = Property(line, match[1].upper(), _kinds(match[2]), match[3])
        if one.name == "BEGIN":
            card = [one]
        elif one.name == "END" and card:
            faults += _faults(card, name)
            rows.append(Row(Place(name, card[0].line), _cells(card)))
            card = []
        elif card:
            card.append(one)
    if card:
        place = Place(name, card[0].line)
        faults.append(Fault("bad-vcard", "The card has no end.", place, "Add  END:VCARD"))
    if not (rows or faults):
        message = "The file has no cards."
        faults.append(Fault("empty-sheet", message, Place(name), "Export the contacts anew."))
    if faults:
        raise Invalid(*faults)
    return rows


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number; one that goes on begins the next with a space or tab."""
    whole, began = "", 1
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line[:1] in (" ", "\t"):
            whole += line[1:]
            continue
        if whole.strip():
            yield began, whole
        whole, began = line, number
    if whole.strip():
        yield began, whole


def _kinds(parameters: str) -> frozenset[str]:
    """Give the kinds of a property: TYPE=WORK,VOICE and the PREF of either version."""
    found: set[str] = set()
    for parameter in parameters.split(";")[1:]:
        key, _, values = parameter.partition("=")
        if key.upper() == "TYPE":
            found |= set(values.replace('"', "").lower().split(","))
        else:  # PREF=1, or one of the forms of 2.1, which stands without a key
            found.add(key.lower() if key.upper() == "PREF" else parameter.lower())
    return frozenset(found)


def _faults(card: Sequence[Property], name: str) -> Iterator[Fault]:
    """Refuse cards of another version: what is written in them is coded another way."""
    version = next((one for one in card if one.name == "VERSION"), card[0])
    if version.value.strip() not in VERSIONS:
        said = version.value.strip() if version.name == "VERSION" else "none"
        message = f"The card is of version {said}; 3.0 and 4.0 are read."
        remedy = "Export it again as vCard 3.0 or 4.0."
        yield Fault("vcard-version", message, Place(name, version.line), remedy)
        return
    for one in card:
        if any("quoted-printable" in kind for kind in one.kinds):
            message = f"{one.name} is written as quoted-printable, as only version 2.1 has it."
            remedy = "Export it again as vCard 3.0 or 4.0."
            yield Fault("vcard-version", message, Place(name, one.line), remedy)
        elif not one.value.replace("\t", " ").isprintable():
            message = f"{one.name} has characters that do not show."
            yield Fault("bad-cell", message, Place(name, one.line), "Write it anew.")


def _cells(card: Sequence[Property]) -> dict[str, str]:
    company, family = "".join(_parts(card, "ORG")[:1]), _parts(card, "N")
    given = " ".join(part for part in (*family[1:2], *family[:1]) if part)
    person = _first(card, "FN") or given
    if _first(card, "KIND").lower() == "org":
        company, person = company or person, ""
    street = _parts(card, "ADR")
    cells = {
        "name": company,
        "contact": "" if person == company else person,
        "title": _first(card, "TITLE"),
        "email": _first(card, "EMAIL"),
        "phone": _first(card, "TEL").removeprefix("tel:"),
        "line2": ", ".join(part for part in street[:2] if part),
        "street": "".join(street[2:3]),
        "city": "".join(street[3:4]),
        "region": "".join(street[4:5]),
        "postal_code": "".join(street[5:6]),
        "country": "".join(street[6:7]),
        "note": _first(card, "NOTE"),
    }
    return {field: value.strip() for field, value in cells.items() if value.strip()}


def _chosen(card: Sequence[Property], name: str) -> Property | None:
    """Give the preferred property of a name, else that of work, else the first."""
    found = [one for one in card if one.name == name and one.value.strip(" ;")]
    ranked = ((kind, one) for kind in _WORK_FIRST for one in found)
    return next((one for kind, one in ranked if not kind or kind in one.kinds), None)


def _first(card: Sequence[Property], name: str) -> str:
    one = _chosen(card, name)
    return _plain(one.value) if one else ""


def _parts(card: Sequence[Property], name: str) -> list[str]:
    one = _chosen(card, name)
    return one.parts() if one else []


def _plain(value: str) -> str:
    r"""Take the escapes out of a value: \, \; \\ and \n."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
