"""The words of a redline: what differs between two offers, as a customer reads it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from q2c.core.money import Money, decimals
from q2c.core.negotiation.difference import Change
from q2c.core.negotiation.terms import Off, Price, Value
from q2c.core.negotiation.wording import Piece, worded
from q2c.core.period import Day, Interval, read_length
from q2c.core.quote import Payment, StatedRate
from q2c.core.quote.working import Working
from q2c.documents.language import Language, amount, day, how_often, number, percent, period, unit
from q2c.documents.workwords import working_told

HUNDRED: Final = Decimal(100)
_BILLED: Final = {
    "on-order": "on_order",
    "on-delivery": "on_delivery",
    "in-advance": "in_advance",
    "in-arrears": "in_arrears",
}
_TEXTS: Final = frozenset(("text", "delivery", "intro", "note", "clause", "title"))


def label(lang: Language, change: Change) -> str:
    """Name what differs."""
    word = lang.say(f"differs_{change.what}")
    return f"{word} {change.name}".rstrip()


def pieces(lang: Language, change: Change, currency: str) -> tuple[Piece, ...]:
    """Write what was and what is: texts word by word, anything else as a whole."""
    if change.what in _TEXTS:
        return worded(str(change.before or ""), str(change.after or ""))
    before, after = (
        told(lang, change.what, value, currency) for value in (change.before, change.after)
    )
    if before == after:
        return (Piece("kept", after),)
    known = (Piece("old", before) if before else None, Piece("new", after) if after else None)
    return tuple(filter(None, known))


def told(lang: Language, what: str, value: Value, currency: str) -> str:
    """Write a value; nothing of nothing."""
    if value is None or value in ("", ()):
        return ""
    if what in _SPECIAL:
        return _SPECIAL[what](lang, value)
    if isinstance(value, tuple):
        parts = (_off(lang, one, currency) if isinstance(one, Off) else one for one in value)
        return ", ".join(parts)
    if priced := _PRICED.get(type(value)):
        return priced(lang, value, currency)
    tell = _PLAIN.get(type(value))
    return tell(lang, value) if tell else str(value)


def _term(lang: Language, value: Any) -> str:  # noqa: ANN401 - of a line months or weeks, of a quote words
    length = read_length(value) if isinstance(value, str) else Interval(months=value)
    if length is None:
        return str(value)
    count, name = (length.weeks, "week") if length.weeks else (length.months, "month")
    return f"{count}\u00a0{unit(lang, name, Decimal(count))}"


_SPECIAL: Final[dict[str, Callable[[Language, Any], str]]] = {
    "term": _term,
    "due_days": lambda lang, value: f"{value}\u00a0{unit(lang, 'day', Decimal(value))}",
    "every": lambda lang, value: how_often(lang, value)[0],
    "trial": period,
    "free": period,
    "proration": lambda lang, value: lang.say(f"proration_{value}"),
    "bill": lambda lang, value: lang.say(_BILLED[value]),
    "optional": lambda lang, value: lang.say(f"differs_{value}"),
    "counts": lambda lang, value: lang.say(f"differs_{value}"),
}
_PLAIN: Final[dict[type, Callable[[Language, Any], str]]] = {
    Money: amount,
    Decimal: number,
    Day: day,
    StatedRate: lambda lang, one: f"{number(lang, one.rate)}, {day(lang, one.date)}, {one.source}",
}


def _off(lang: Language, one: Off, currency: str) -> str:
    if one.slices:
        shares = (
            lang.say("off_slice", percent=percent(lang, share), units=number(lang, units))
            for units, share in one.slices
        )
        return f"{one.name} {', '.join(shares)}".lstrip()
    if one.percent:
        return f"{one.name} {percent(lang, one.percent)}".lstrip()
    return f"{one.name} {number(lang, one.amount, decimals(currency))}".lstrip()


def _price(lang: Language, price: Price, currency: str) -> str:
    if price.tiers:
        return "; ".join(_tiers(lang, price, currency))
    if price.model == "percentage":
        return percent(lang, price.unit_price * HUNDRED)
    shown = number(lang, price.unit_price, decimals(currency))
    if price.package_size:
        return lang.say("package", price=shown, size=number(lang, price.package_size))
    return shown


def _tiers(lang: Language, price: Price, currency: str) -> Iterator[str]:
    places = decimals(currency)
    for tier in price.tiers:
        if price.model == "graduated-percentage":
            shown = percent(lang, tier.unit_price * HUNDRED)
        else:
            shown = number(lang, tier.unit_price, places)
        if tier.flat:
            shown = lang.say("tier_fee", price=shown, fee=number(lang, tier.flat, places))
        if tier.up_to is None:
            yield lang.say("tier_rest", price=shown)
        else:
            yield lang.say("tier_to", up_to=number(lang, tier.up_to), price=shown)


def _payment(lang: Language, one: Payment, currency: str) -> str:
    if one.percent is not None:
        part = percent(lang, one.percent)
    elif one.amount is not None:
        part = number(lang, one.amount, decimals(currency))
    else:
        part = lang.say("differs_rest")
    if one.date:
        return f"{part}, {day(lang, one.date)}"
    event = lang.say(f"event_{one.on}")
    when = lang.say("due_at", event=event)
    if one.days:
        days = f"{one.days}\u00a0{unit(lang, 'day', Decimal(one.days))}"
        when = lang.say("due_after", days=days, event=event)
    return f"{part}, {when[:1].lower()}{when[1:]}"


_PRICED: Final[dict[type, Callable[[Language, Any, str], str]]] = {
    Price: _price,
    Payment: _payment,
    Working: lambda lang, terms, currency: ", ".join(working_told(lang, terms, currency)),
}
