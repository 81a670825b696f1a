"""Markdown that GitHub and GitLab draw alike: text as it stands, and tables."""

from collections.abc import Iterable, Iterator, Sequence

# What Markdown, or the HTML in it, would read as a sign.
SIGNS = frozenset("\\`*_{}[]<>|#~&")


def plain(text: str) -> str:
    """Write a text so that Markdown prints it as it stands, on one line."""
    flat = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in SIGNS else sign for sign in flat)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: int) -> Iterator[str]:
    """Set a table whose last columns stand at the right; nothing where it has no rows."""
    known = list(rows)
    if known:
        left = len(heads) - right
        rules = ["---"] * left + ["---:"] * right
        lines = (f"| {' | '.join(row)} |" for row in (heads, rules, *known))
        yield "\n".join(lines)
