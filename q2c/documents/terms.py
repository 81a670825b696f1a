"""Terms of what recurs, as documents word them: how often, how many periods, what is free."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from q2c.core.money import decimal
from q2c.core.period import Period, part_of
from q2c.core.quote import Line
from q2c.core.quote.periods import free_days, part_periods
from q2c.core.trace import mixed
from q2c.documents.language import Language, how_often, number, period

FINEST = 366  # parts of a period are told as fractions where a day is no smaller part of it


def times(lang: Language, line: Line) -> str:
    """Write how many billing periods a line costs: `12 mo`, `11 1/2 mo`."""
    if not line.every:
        return ""
    return f"{_count(lang, line.paid)}\u00a0{how_often(lang, line.every)[1]}"


def _count(lang: Language, paid: Fraction) -> str:
    if paid.denominator <= FINEST:
        return mixed(paid).replace(" ", "\u00a0")
    return f"≈\u00a0{number(lang, round(decimal(paid), 2), 2)}"


def terms(lang: Language, line: Line) -> Iterator[str]:
    """Say which days cost nothing, and what a part of a billing period costs."""
    if line.trial:
        yield lang.say("trial", period=period(lang, line.trial))
    for days in free_days(line):
        yield lang.say("free_periods", period=period(lang, days))
    parts = list(part_periods(line))
    for whole, days in parts if line.proration not in {"full", "none"} else ():
        yield _part(lang, line, whole, days)
    if parts and line.proration != "days":
        yield lang.say(f"proration_{line.proration}")


def _part(lang: Language, line: Line, whole: Period, days: Period) -> str:
    """Say which part of a billing period some days are: in days, or as the line counts them."""
    when = period(lang, days)
    if line.proration == "days":
        counted = {"count": number(lang, Decimal(days.days)), "whole": str(whole.days)}
        return lang.say("part_period", period=when, **counted)
    return lang.say("part_share", period=when, share=mixed(part_of(whole, days, line.proration)))
