"""Terms of work in words: prices by role, rounding of hours, a cap, what is prepaid."""

from collections.abc import Iterator
from decimal import Decimal

from q2c.core.money import decimals
from q2c.core.period import read_length
from q2c.core.quote.working import Allowance, Working
from q2c.documents.language import Language, amount, number, unit


def working_told(lang: Language, terms: Working | None, currency: str) -> Iterator[str]:
    """Say on which terms hours are worked; nothing where there are none."""
    if terms is None:
        return
    if terms.rates:
        told = (f"{who} {_price(lang, price, currency)}" for who, price in terms.rates.items())
        yield lang.say("work_rates", rates="; ".join(told))
    if terms.rounding:
        said = lang.say(f"work_{terms.rounding.how}", step=number(lang, terms.rounding.step))
        by_day = terms.rounding.per == "day"
        yield lang.say("work_by_day", rounding=said) if by_day else said
    if terms.cap:
        yield lang.say("work_cap", amount=amount(lang, terms.cap))
    if terms.prepaid:
        yield from _prepaid(lang, terms.prepaid, currency)


def _prepaid(lang: Language, terms: Allowance, currency: str) -> Iterator[str]:
    if terms.hours:
        yield lang.say("work_included", hours=number(lang, terms.hours))
    if terms.rollover:
        yield lang.say("work_saved", hours=number(lang, terms.rollover))
    if length := read_length(terms.expires):
        count, word = (length.weeks, "week") if length.weeks else (length.months, "month")
        yield lang.say("work_expires", length=f"{count} {unit(lang, word, Decimal(count))}")
    yield lang.say("work_beyond", price=_price(lang, terms.overage, currency))


def _price(lang: Language, price: Decimal, currency: str) -> str:
    return number(lang, price, decimals(currency))
