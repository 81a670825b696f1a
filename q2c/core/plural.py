"""Plurals: which form of a word a number takes, by rules that a language brings as data."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Final

from msgspec import Meta, Struct

_PART: Final = r"[nivft](?: % [1-9]\d*)? !?= \d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*"
# "v = 0 and i % 10 = 2..4 and i % 100 != 12..14": conditions as CLDR writes them (UTS 35, part 3).
Rule = Annotated[str, Meta(pattern=rf"^{_PART}(?: (?:and|or) {_PART})*$")]


class Units(Struct, frozen=True):
    """A language's words for units, and the rules that tell their forms apart.

    A word has a form for each rule, and a last one for every number that no rule fits; where it
    has fewer, the last of them serves for the rest. Without rules the first form is for one.
    """

    words: Mapping[str, tuple[str, ...]] = {}
    plural: tuple[Rule, ...] = ()

    def of(self, word: str, quantity: Decimal) -> str:
        """Give a unit's word for a quantity; as it stands where the language has none."""
        forms = self.words.get(word, (word,))
        return forms[min(self._form(quantity), len(forms) - 1)]

    def _form(self, quantity: Decimal) -> int:
        if not self.plural:
            return 0 if abs(quantity) == 1 else 1
        fitting = (at for at, rule in enumerate(self.plural) if fits(rule, abs(quantity)))
        return next(fitting, len(self.plural))


@lru_cache(maxsize=1024)
def fits(rule: str, number: Decimal) -> bool:
    """Say whether a rule fits a number as it is printed: without zeros behind its decimals."""
    whole, _, behind = f"{number.normalize():f}".partition(".")
    fraction = int(behind or "0")
    found: dict[str, Decimal | int]
    found = {"n": number, "i": int(whole), "v": len(behind), "f": fraction, "t": fraction}
    return any(
        all(_holds(part, found) for part in choice.split(" and ")) for choice in rule.split(" or ")
    )


def _holds(part: str, operands: Mapping[str, Decimal | int]) -> bool:
    left, sign, ranges = re.split(r" (!?=) ", part)
    name, _, divisor = left.partition(" % ")
    value = operands[name] % int(divisor) if divisor else operands[name]
    return any(_within(value, one) for one in ranges.split(",")) == (sign == "=")


def _within(value: Decimal | int, among: str) -> bool:
    first, _, last = among.partition("..")
    return value == int(value) and int(first) <= value <= int(last or first)
