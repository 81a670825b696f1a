"""How a language writes numbers, amounts, days and addresses, from data kept with each look."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

import msgspec
from msgspec import Struct

from q2c.core.money import Money, decimals
from q2c.core.party import Address
from q2c.core.period import Period
from q2c.core.plural import Rule, Units
from q2c.documents.postal import town_lines
from q2c.resources import resource

# What several of them are counted in.
_ONE_OF: Final = {"weeks": "week", "months": "month", "years": "year"}


class Formats(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The signs in a number, and patterns with named gaps for everything else.

    With `in_words` an invoice also says in words what is to be paid.
    """

    decimal: str
    group: str
    minus: str
    money: str
    percent: str
    date: str
    long_date: str
    period: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    in_words: bool = False


class Language(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A language file: `templates/languages/<code>.toml`.

    `units` has a unit's word for one and for several, or for each rule of `plural`; `every` has
    the words for how often something recurs, `words` every other text by what it is for.
    """

    code: str
    formats: Formats
    plural: tuple[Rule, ...] = ()
    units: dict[str, tuple[str, ...]]
    every: dict[str, tuple[str, str]]
    words: dict[str, str]
    countries: dict[str, str]

    @property
    def counting(self) -> Units:
        """The words for units, and which of their forms a number takes."""
        return Units(self.units, self.plural)

    def say(self, key: str, **gaps: str) -> str:
        """Give a text with its gaps filled."""
        text = self.words[key]
        return text.format(**gaps) if gaps else text


@cache
def language(code: str) -> Language:
    """Read a language that q2c brings with it."""
    import tomllib

    text = resource("templates", "languages", f"{code}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Language)


def amount(lang: Language, money: Money) -> str:
    """Write an amount without its currency: `1 250,00`."""
    places = decimals(money.currency)
    whole, rest = divmod(abs(money.minor), 10**places)
    fraction = f"{rest:0{places}}" if places else ""
    return _joined(lang, str(whole), fraction, negative=money.minor < 0)


def money(lang: Language, what: Money) -> str:
    """Write an amount with its currency."""
    pattern = lang.formats.money
    return pattern.format(amount=amount(lang, what), currency=what.currency)


def number(lang: Language, value: Decimal, places: int = 0) -> str:
    """Write a number with all its decimals, and with at least so many."""
    whole, _, fraction = f"{abs(value):f}".partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    return _joined(lang, whole, fraction, negative=value < 0)


def _joined(lang: Language, whole: str, fraction: str, *, negative: bool) -> str:
    formats = lang.formats
    grouped = f"{int(whole):,}".replace(",", formats.group)
    tail = f"{formats.decimal}{fraction}" if fraction else ""
    return f"{formats.minus if negative else ''}{grouped}{tail}"


def percent(lang: Language, rate: Decimal) -> str:
    """Write a rate: `25 %`."""
    return lang.formats.percent.format(number=number(lang, rate))


def day(lang: Language, when: date) -> str:
    """Write a day as in tables and lists of facts."""
    return _day(lang, when, lang.formats.date)


def long_day(lang: Language, when: date) -> str:
    """Write a day with the name of its month, as in running text."""
    return _day(lang, when, lang.formats.long_date)


def _day(lang: Language, when: date, pattern: str) -> str:
    at = when.month - 1
    names = {"name": lang.formats.months[at], "short": lang.formats.months_short[at]}
    return pattern.format(day=when.day, month=when.month, year=when.year, **names)


def period(lang: Language, days: Period) -> str:
    """Write a period by its first and last day; one day by itself."""
    first, last = day(lang, days.first), day(lang, days.last)
    return first if first == last else lang.formats.period.format(first=first, last=last)


def unit(lang: Language, word: str, quantity: Decimal) -> str:
    """Give a unit's word for a quantity: one hour, two hours."""
    return lang.counting.of(word, quantity)


def per(lang: Language, every: str) -> str:
    """Say how often something recurs, within a sentence: `per month`."""
    words = how_often(lang, every)[0]
    return words[:1].lower() + words[1:]


def how_often(lang: Language, every: str) -> tuple[str, str]:
    """Say how often something recurs: as "Per month", and short, after a number of periods."""
    count, _, unit_ = every.rpartition(" ")
    each, short = lang.every[unit_]
    if not count:
        return each, short
    counted = unit(lang, _ONE_OF[unit_], Decimal(count))
    return each.format(count=count, unit=counted), short.format(count=count)


def country(lang: Language, code: str) -> str:
    """Name a country; by its code if the language has no name for it."""
    return lang.countries.get(code, code)


def address(lang: Language, place: Address, home: str) -> tuple[str, ...]:
    """Write an address line by line; the country only where it is not that of the sender."""
    abroad = country(lang, place.country) if place.country != home else ""
    lines = (place.street, place.line2, *town_lines(place), abroad)
    return tuple(line for line in lines if line)
