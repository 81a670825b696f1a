"""Words of the command line, read as days, months, quantities and amounts of money."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import typer
from msgspec import Struct

from q2c.core.fault import Fault, Misused
from q2c.core.money import CURRENCIES, Money, decimals
from q2c.core.period import EVERY, Period, is_every, read_length, read_month, read_trial

LONGEST = 200
LONGEST_NOTE = 5000
# The digits 0 to 9, one dot, no exponent; as long as any figure of a business.
_NUMBER = r"-?[0-9]{1,15}(\.[0-9]{1,12})?"
_ID = r"[a-z0-9][a-z0-9_-]*"
_AMOUNT = r"(?P<number>[^ ]+?)(?: ?(?P<currency>[A-Z]{3}))?"


def read_day(word: str) -> date:
    """Read a day such as 2026-11-30."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        try:
            return date.fromisoformat(word)
        except ValueError:
            raise typer.BadParameter(f"There is no day {word}.") from None
    raise typer.BadParameter(f"'{word}' is not a day; write one such as 2026-11-30.")


def read_last_day(word: str) -> date:
    """Read a day, or the last day of a month such as 2026-11."""
    month = read_month(word)
    return month.last if month else read_day(word)


def read_month_word(word: str) -> Period:
    """Read a calendar month such as 2026-11."""
    month = read_month(word)
    if month is None:
        raise typer.BadParameter(f"'{word}' is not a month; write one such as 2026-11.")
    return month


def read_number(word: str) -> Decimal:
    """Read a number such as 40 or 7.5, exactly."""
    if not re.fullmatch(_NUMBER, word):
        raise typer.BadParameter(
            f"'{word}' is not a number; write one such as 40 or 7.5 (a dot, no spaces)."
        )
    return Decimal(word)


def read_quantity(word: str) -> Decimal:
    """Read a number above zero."""
    quantity = read_number(word)
    if quantity <= 0:
        raise typer.BadParameter(f"A quantity is above zero, and '{word}' is not.")
    return quantity


def read_units(word: str) -> Decimal:
    """Read a number that is not below zero: of a price alone nothing is ordered yet."""
    units = read_number(word)
    if units < 0:
        raise typer.BadParameter(f"A quantity is not below zero, and '{word}' is.")
    return units


def read_amount(word: str, currency: str) -> Money:
    """Read `1450`, `1450.00` or `1450.00 SEK`; without a currency it is the one given."""
    match = re.fullmatch(_AMOUNT, word)
    if match is None:
        raise typer.BadParameter(f"'{word}' is not an amount; write one such as 1450.00.")
    stated = match["currency"] or currency
    if stated not in CURRENCIES:
        raise typer.BadParameter(f"There is no currency {stated}.")
    number = read_number(match["number"])
    money = Money.of(number, stated)
    if money.amount != number:
        raise typer.BadParameter(f"{stated} has {decimals(stated)} decimals, '{word}' has more.")
    return money


def length(term: str) -> str:
    """Write a length of time such as `12m` or `1 year` as people read it: `12 months`."""
    found = read_length(term)
    if found is None:
        remedy = "Write 12m, 12 months, 52 weeks or 1 year."
        raise Misused(Fault("bad-term", f"'{term}' is not a length of time.", remedy=remedy))
    return str(found)


def read_every(word: str) -> str:
    """Read the length of a billing period such as `month` or `2 weeks`."""
    if not is_every(word):
        raise typer.BadParameter(f"'{word}' is not the length of a billing period. {EVERY}")
    return word


def read_trial_word(word: str) -> str:
    """Read a trial such as `14d` or `1 month` as files have it; 0 is none."""
    if word == "0":
        return word
    if read_trial(word, date.min) is None:
        raise typer.BadParameter(f"'{word}' is not a trial; write 14 days, 1 month, or 0.")
    match = re.fullmatch(r"([0-9]+) ?([dwm]).*", word)
    assert match, word
    unit = {"d": "day", "w": "week", "m": "month"}[match[2]]
    return f"{int(match[1])} {unit}{'' if int(match[1]) == 1 else 's'}"


def read_free_word(word: str) -> str:
    """Read how many billing periods are free, such as `2` or `last 1`, as files have it."""
    match = re.fullmatch(r"(first |last )?([0-9]{1,3})(?: periods?)?", word)
    if match is None:
        raise typer.BadParameter(f"'{word}' are no free periods; write 2, last 1, or 0.")
    number = int(match[2])
    last = match[1] if match[1] == "last " else ""
    return f"{last}{number} period{'' if number == 1 else 's'}" if number else "0"


def read_name(word: str) -> str:
    """Read a name or a sentence: it says something, and is not a book."""
    if not 0 < len(word.strip()) <= LONGEST:
        raise typer.BadParameter(f"Write from 1 to {LONGEST} characters.")
    return word.strip()


def read_note(word: str) -> str:
    """Read a text of one or several lines that a person will read again."""
    if len(word) > LONGEST_NOTE or not word.replace("\n", " ").isprintable():
        raise typer.BadParameter(f"Write at most {LONGEST_NOTE} characters, and such as show.")
    return word.strip()


class Ids(Struct, frozen=True):
    """Numbers of lines, as one word of the command line."""

    ids: tuple[str, ...] = ()


class Pick(Struct, frozen=True):
    """A choice of a group, as one word of the command line."""

    group: str
    choice: str


def read_ids(word: str) -> Ids:
    """Read ids of lines such as `4,5`."""
    ids = tuple(part.strip() for part in word.split(","))
    if not all(re.fullmatch(r"[0-9]{1,5}", id_) for id_ in ids):
        raise typer.BadParameter(f"'{word}' are not lines; write their numbers, such as 4,5.")
    return Ids(tuple(dict.fromkeys(ids)))


def read_pick(word: str) -> Pick:
    """Read a choice such as `edition=best`."""
    group, _, choice = word.partition("=")
    if not (re.fullmatch(_ID, group) and re.fullmatch(_ID, choice)):
        raise typer.BadParameter(f"'{word}' is not a choice; write one such as edition=best.")
    return Pick(group, choice)


def picked(picks: Sequence[Pick]) -> dict[str, str]:
    """Give the choice of each group; refuse two of one."""
    choices = {pick.group: pick.choice for pick in picks}
    if len(choices) < len(picks):
        message = "--choose names two choices of one group."
        raise Misused(Fault("usage", message, remedy="Exactly one can be taken."))
    return choices


def read_version_word(word: str) -> tuple[str, int]:
    """Read a quote, or a version of it such as `Q-2026-0001/v2`; 0 where none is named."""
    match = re.fullmatch(r"(.*?)(?:/v([1-9][0-9]{0,5}))?", word)
    assert match, word
    return match[1], int(match[2] or 0)
