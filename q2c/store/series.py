"""Number series: `F-{year}-{n:04}` counts F-2026-0001, F-2026-0002, without a gap."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count


def following(taken: Iterable[str], pattern: str, year: int) -> Iterator[str]:
    """Yield the numbers that come after those taken, without end."""
    last = max((n for number in taken if (n := place_in(number, pattern, year))), default=0)
    for n in count(last + 1):
        yield pattern.format(year=year, n=n)


def place_in(number: str, pattern: str, year: int) -> int | None:
    """Say which one of its series a number is; nothing where it is of another series."""
    match = _form(pattern).fullmatch(number)
    if match is None or match.groupdict().get("year", str(year)) != str(year):
        return None
    n = int(match["n"])
    return n if n and pattern.format(year=year, n=n) == number else None


def year_of(number: str, pattern: str) -> int | None:
    """Give the year that a number of a series names, 0 where the series names none."""
    match = _form(pattern).fullmatch(number)
    return int(match.groupdict().get("year", 0)) if match else None


def stem(number: str) -> str:
    """Give what stands in a number before its count; numbers that share it are one series."""
    return number.rstrip("0123456789")


@cache
def _form(pattern: str) -> re.Pattern[str]:
    before, _, after = pattern.partition("{n")
    start = re.escape(before).replace(re.escape("{year}"), "(?P<year>[0-9]{4})")
    return re.compile(start + "(?P<n>[0-9]+)" + re.escape(after.partition("}")[2]))
