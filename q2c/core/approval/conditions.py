"""Conditions: when a rule asks for an approval, as `discount_percent > 10 and net > 100000`."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, nearest

Value = Decimal | str | None
LONGEST = 300  # letters of a condition; brackets in brackets are as many at most
COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq, "==": eq, "!=": ne}
_TOKEN = re.compile(
    r"(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,6})?(?![\w.]))|(?P<sign>>=|<=|!=|==|[=<>()])"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_-]*)"
)


class Comparison(Struct, frozen=True):
    """One figure of a quote, and what it is compared with."""

    figure: str
    sign: str
    value: Decimal | str


class Every(Struct, frozen=True):
    """Conditions that must all hold."""

    parts: tuple["Condition", ...]


class Some(Struct, frozen=True):
    """Conditions of which one must hold."""

    parts: tuple["Condition", ...]


Condition: TypeAlias = Comparison | Every | Some


class Token(NamedTuple):
    """A word, number or sign, and where it begins, from 1."""

    kind: str
    text: str
    at: int


def holds(condition: Condition, figures: Mapping[str, Value]) -> bool:
    """Say whether a condition holds; what is not known asks for the approval."""
    if isinstance(condition, Every):
        return all(holds(part, figures) for part in condition.parts)
    if isinstance(condition, Some):
        return any(holds(part, figures) for part in condition.parts)
    known = figures.get(condition.figure)
    return known is None or bool(COMPARE[condition.sign](known, condition.value))


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Yield every comparison of a condition, in its order."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons(part)


def read_condition(text: str, numbers: frozenset[str], words: frozenset[str]) -> Condition:
    """Read a condition; `numbers` and `words` are the figures that may be compared.

    Refuses what is no condition, and says at which letter.
    """
    reader = _Reader(list(_tokens(text)), numbers, words)
    found = reader.some()
    reader.expect_end()
    return found


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _wrong(f"'{text[at]}' at letter {at + 1} cannot be read")
        yield Token(match.lastgroup, match[0], at + 1)
        at = match.end()
    yield Token("end", "", len(text) + 1)


class _Reader:
    """Reads tokens from left to right; `or` binds less than `and`."""

    def __init__(self, tokens: list[Token], numbers: frozenset[str], words: frozenset[str]) -> None:
        self._tokens = tokens
        self._numbers = numbers
        self._words = words

    def some(self) -> Condition:
        parts = [self._every()]
        while self._took("or"):
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def expect_end(self) -> None:
        if self._tokens[0].kind != "end":
            raise _unexpected(self._tokens[0], "and, or, or the end")

    def _every(self) -> Condition:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _one(self) -> Condition:
        if self._took("("):
            inner = self.some()
            if not self._took(")"):
                raise _unexpected(self._tokens[0], "a closing bracket")
            return inner
        return self._comparison()

    def _comparison(self) -> Comparison:
        name, sign, value = self._next(), self._next(), self._next()
        if name.text not in self._numbers | self._words:
            if name.kind != "word":
                raise _unexpected(name, "the name of a figure")
            raise _wrong(
                f"There is no figure '{name.text}' (letter {name.at})",
                nearest(name.text, self._numbers | self._words),
            )
        kind, allowed = ("number", "=, !=, >, >=, < or <=")
        if name.text in self._words:
            kind, allowed = ("word", "= or !=")
        if sign.text not in COMPARE or (kind == "word" and COMPARE[sign.text] not in (eq, ne)):
            raise _unexpected(sign, f"{allowed} after {name.text}")
        if value.kind != kind:
            raise _unexpected(value, f"a {kind} to compare {name.text} with")
        return Comparison(
            name.text, sign.text, Decimal(value.text) if kind == "number" else value.text
        )

    def _took(self, text: str) -> bool:
        taken = self._tokens[0].text == text
        if taken:
            self._tokens.pop(0)
        return taken

    def _next(self) -> Token:
        """Take the next token; the end stays."""
        return self._tokens.pop(0) if len(self._tokens) > 1 else self._tokens[0]


def _unexpected(token: Token, wanted: str) -> Invalid:
    found = f"'{token.text}' at letter {token.at}" if token.text else "The end"
    return _wrong(f"{found} stands where {wanted} should")


def _wrong(message: str, remedy: str = "") -> Invalid:
    usual = "Write one such as: discount_percent > 10 and net > 100000"
    return Invalid(Fault("bad-condition", f"{message}.", remedy=remedy or usual))
