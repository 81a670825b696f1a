"""Terms of work as words of the command line: cap=30000, rates=senior:1850, rounding=up:0.25."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import cast

import typer

from q2c.commands.words import read_number
from q2c.core.catalog.working import How, Per, Rounding
from q2c.core.quote import DraftLine

_RATE = re.compile(r"([a-z0-9][a-z0-9_-]*):(.+)")
_ROUNDING = re.compile(r"(up|nearest|down):([0-9.]+)(?::(entry|day))?")
WORK = ("cap", "rates", "rounding")


def read_rates(word: str) -> dict[str, Decimal]:
    """Read prices by role or person: `senior:1850+junior:1050`."""
    found: dict[str, Decimal] = {}
    for one in word.split("+"):
        match = _RATE.fullmatch(one)
        if match is None:
            raise typer.BadParameter(f"'{one}' is not a price of a role; write senior:1850.")
        found[match[1]] = read_number(match[2])
    return found


def read_rounding(word: str) -> Rounding:
    """Read how hours are rounded: `up:0.25`, or by the day of a person, `up:0.25:day`."""
    match = _ROUNDING.fullmatch(word)
    if match is None:
        message = f"'{word}' is not a rounding; write up:0.25, nearest:0.5 or down:1:day."
        raise typer.BadParameter(message)
    how, per = cast("How", match[1]), cast("Per", match[3] or "entry")
    return Rounding(step=read_number(match[2]), how=how, per=per)


def work_parts(line: DraftLine) -> Iterator[str]:
    """Write the terms of work of a line as they are read."""
    if line.cap is not None:
        yield f"cap={line.cap:f}"
    if line.rates:
        yield f"rates={_rates(line.rates)}"
    if line.rounding:
        rule = line.rounding
        by = f":{rule.per}" if rule.per != "entry" else ""
        yield f"rounding={rule.how}:{rule.step:f}{by}"


def _rates(rates: Mapping[str, Decimal]) -> str:
    return "+".join(f"{who}:{price:f}" for who, price in rates.items())
