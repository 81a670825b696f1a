"""How terms are put together: what is empty is left out, and text is as XML can keep it."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from q2c.core.einvoice.group import Group, Value

Told: TypeAlias = "Value | tuple[Group, ...] | None"


def said(told: Mapping[str, Told]) -> Group:
    """Keep the terms that say something; text loses the blanks around it."""
    found: dict[str, Value | tuple[Group, ...]] = {}
    for term, value in told.items():
        kept = plain(value) if isinstance(value, str) else value
        if kept is not None and kept not in ("", ()):
            found[term] = kept
    return found


def plain(text: str) -> str:
    """Give a text with the line ends of XML, and without blanks around it."""
    if text.isprintable():  # most are, and have no line ends
        return text.strip()
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def joined(parts: Iterable[str]) -> str:
    """Write the parts that say something, each on a line of its own."""
    return "\n".join(part for part in map(plain, parts) if part)


def groups(terms: Group, name: str) -> tuple[Group, ...]:
    """Give the groups of a name that are there."""
    found = terms.get(name, ())
    return found if isinstance(found, tuple) else ()


def text(terms: Group, term: str) -> str:
    """Give a term as text, or nothing."""
    found = terms.get(term, "")
    return found if isinstance(found, str) else ""
