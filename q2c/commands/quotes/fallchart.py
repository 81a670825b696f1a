"""The chart of a price waterfall: a bar for each stage, where it begins and ends."""

import os
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from q2c.commands.steps import STAGE, figure
from q2c.commands.visible import WIDE, padded, width
from q2c.core.quote.waterfall import Level


class Ink(Struct, frozen=True):
    """What bars are drawn with: what there is, what comes off, what is added."""

    full: str
    less: str
    more: str


BLOCKS = Ink("█", "░", "▒")
PLAIN = Ink("#", "-", "+")


def ink_of(*, plain: bool) -> Ink:
    """Choose blocks where the terminal knows them, and else signs of ASCII."""
    encoding = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "")
    if plain or os.environ.get("NO_COLOR") or not encoding.startswith("utf"):
        return PLAIN
    return BLOCKS


def chart_told(levels: Sequence[Level], ink: Ink, indent: str = "  ") -> list[str]:
    """Draw levels as bars below each other, from the first price to what is left.

    What comes off and what is added float where they stand between the two.
    """
    if not levels:
        return []
    whole = Level("net", Decimal(0), levels[-1].after)
    rows = [*(one for one in levels if one.stage != "net" or one.effect), whole]
    figures = [_signed(one) for one in rows]
    room = max(map(width, figures))
    columns = WIDE - width(indent) - STAGE - room - 4
    lowest = min(Decimal(0), *(one.after for one in rows))
    scale = max(one.after for one in rows) - lowest
    names = [*(one.stage if one.stage != "net" else "rounding" for one in rows[:-1]), "net"]
    return [
        f"{indent}{padded(name, STAGE)}  {padded(said, room, right=True)}  {bar}".rstrip()
        for name, said, bar in zip(
            names, figures, _bars(rows, ink, lowest, scale, columns), strict=True
        )
    ]


def _signed(one: Level) -> str:
    return f"{'+' if one.before and one.effect > 0 else ''}{figure(one.effect)}"


def _bars(
    rows: Sequence[Level], ink: Ink, lowest: Decimal, scale: Decimal, columns: int
) -> Iterator[str]:
    for one in rows:
        if not scale or not one.effect:
            yield ""
            continue
        low, high = sorted((one.before, one.after))
        first = int((low - lowest) / scale * columns)
        last = max(round((high - lowest) / scale * columns), first + 1)
        first = min(first, last - 1, columns - 1)
        mark = ink.full if not one.before else ink.more if one.effect > 0 else ink.less
        yield " " * first + mark * (last - first)
