"""Words of a workspace in the place of those that q2c brings: a part of a language file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any, Final

from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Place, nearest
from q2c.documents.fonts import missing
from q2c.documents.language import Language

MOST_BYTES: Final = 100_000
LONGEST: Final = 2_000
# Tables of a language file that a workspace may have; new entries are for units and countries.
_TABLES: Final = ("words", "units", "every", "countries")
_OPEN: Final = frozenset(("units", "countries"))
_TOML_PLACE: Final = re.compile(r" \(at line (\d+), column (\d+)\)$")
_GAPS: Final = "A text has the same gaps as the one in whose place it stands."


def reworded(brought: Language, data: bytes, name: str) -> Language:
    """Give a language with the words of a workspace in it; `name` is their file.

    Refuses a word that documents do not have, and one with other gaps than theirs.
    """
    import tomllib

    try:
        text = data[: MOST_BYTES + 1].decode("utf-8")
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_unread(str(error), name)) from None
    if len(data) > MOST_BYTES:
        raise Invalid(_unread(f"it has more than {MOST_BYTES:,} bytes", name))
    if faults := list(_faults(brought, said, text, name)):
        raise Invalid(*faults)
    held = {table: getattr(brought, table) | _frozen(said.get(table, {})) for table in _TABLES}
    return replace(brought, **held)


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    """Make the lists of a table as immutable as they are in a language."""
    return {key: tuple(word) if isinstance(word, list) else word for key, word in table.items()}


def _faults(brought: Language, said: Mapping[str, Any], text: str, name: str) -> Iterator[Fault]:
    for table, entries in said.items():
        if table == "code" and entries == brought.code:
            continue
        if table not in _TABLES or not isinstance(entries, dict):
            place = Place(name, _line(text, "", table))
            yield _unknown(table, _TABLES, place)
            continue
        known = getattr(brought, table)
        for key, word in entries.items():
            place = Place(name, _line(text, table, key))
            if key not in known and table not in _OPEN:
                yield _unknown(key, known, place)
            else:
                yield from _misfit(known, key, word, place)


def _misfit(known: Mapping[str, Any], key: str, word: object, place: Place) -> Iterator[Fault]:
    """Say how a word is not of the form of the one in whose place it stands."""
    form = known.get(key, next(iter(known.values())))
    if isinstance(form, str) != isinstance(word, str) or not _texts(word, form):
        many = "a text" if isinstance(form, str) else f"a list of {len(form)} texts"
        yield Fault("bad-words", f"'{key}' is {many}.", place, "Write it in quotes.")
        return
    texts, forms = _listed(word), _listed(form)
    for one, like in zip(texts, forms, strict=True):
        if gaps(one) != gaps(like if key in known else ""):
            wanted = ", ".join(f"{{{gap}}}" for gap in gaps(like) or ()) or "none"
            yield Fault("bad-words", f"The gaps of '{key}' are: {wanted}.", place, _GAPS)
        elif absent := missing(one):
            message = f"'{key}' has {absent[0]!r}, which documents cannot print."
            yield Fault("bad-words", message, place, "Write it in other letters.")


def _texts(word: object, form: str | Sequence[str]) -> bool:
    """Say whether these are texts of a sensible length, as many as there should be."""
    texts = _listed(word)
    return len(texts) == len(_listed(form)) and all(
        isinstance(one, str) and 0 < len(one) <= LONGEST for one in texts
    )


def _listed(word: Any) -> list[Any]:  # noqa: ANN401 - whatever stands in a file
    return list(word) if isinstance(word, list | tuple) else [word]


def gaps(text: str) -> list[str] | None:
    """Name the gaps of a text, each as often as it is there; None where braces do not close."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    return sorted(
        f"{name}{'!' + how if how else ''}{':' + form if form else ''}"
        for _, name, form, how in parts
        if name is not None
    )


def _line(text: str, table: str, key: str) -> int:
    """Find the line in which an entry of a table stands, or a table itself."""
    inside = not table
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if plain.startswith("["):
            inside = plain.strip("[] ") == (table or key)
            if inside and not table:
                return number
        elif inside and plain.partition("=")[0].strip(" \"'") == key:
            return number
    return 1


def _unknown(key: str, known: Sequence[str] | Mapping[str, Any], place: Place) -> Fault:
    return Fault("unknown-word", f"Documents have no '{key}'.", place, nearest(key, known))


def _unread(why: str, name: str) -> Fault:
    found = _TOML_PLACE.search(why)
    place = Place(name, int(found[1]), int(found[2])) if found else Place(name)
    message = f"This file of words cannot be read: {_TOML_PLACE.sub('', why).rstrip('.')}."
    return Fault(
        "bad-words", message, place, 'Write [words] and below it lines such as to_pay = "…".'
    )
