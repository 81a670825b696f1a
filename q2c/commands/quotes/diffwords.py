"""Differences in words: labels, values before and after, and the sentence that sums them up."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from q2c.core.money import Money, grouped
from q2c.core.negotiation.difference import Change, Difference, LineChange
from q2c.core.negotiation.terms import Off, Price, Value
from q2c.core.period import Day
from q2c.core.quote import Payment, StatedRate
from q2c.core.quote.figures import percent
from q2c.core.quote.working import Working

SAME = "No difference in money or terms."
ARROW = "→"
LABELS = {
    "acv": "contract year (ACV)",
    "base": "percentage of",
    "bill": "invoiced",
    "counts": "in the total",
    "date": "date of the quote",
    "discount_percent": "discount off list",
    "due_days": "to be paid within",
    "every": "billed every",
    "free": "free of charge",
    "ends": "ends on",
    "exchange": "exchange rate",
    "listed": "at list price",
    "margin_percent": "margin %",
    "part": "part",
    "proration": "part periods by",
    "working": "terms of work",
    "recurring": "recurring a month",
    "tcv": "contract value (TCV)",
    "trial": "free trial",
    "valid_until": "valid until",
    "vat": "VAT",
}
DAYS_TO_PAY, MONTHS_OF_TERM = "due_days", "term"
_DUE = {"acceptance": "acceptance", "start": "the start", "delivery": "delivery", None: ""}


def label(change: Change) -> str:
    """Say what it is that differs, with its name where it is one of several."""
    words = LABELS.get(change.what, change.what.replace("_", " "))
    return f"{words} {change.name}".rstrip()


def moved(change: Change) -> str:
    """Say what something was and what it is: `10 % → 12 %`."""
    if change.before == change.after:
        return f"{value_told(change.what, change.after)} (follows the lines)"
    before, after = (value_told(change.what, one) for one in (change.before, change.after))
    return f"{before} {ARROW} {after}"


def value_told(what: str, value: Value) -> str:
    """Write a value for people."""
    if value is None or value in ("", ()):
        return "none"
    if what == DAYS_TO_PAY:
        return f"{value} day{'' if value == 1 else 's'}"
    if what == MONTHS_OF_TERM and isinstance(value, int):
        return f"{value} month{'' if value == 1 else 's'}"
    if what.endswith("percent") and isinstance(value, Decimal):
        return f"{value:f} %"
    if isinstance(value, tuple):
        return ", ".join(_off(one) if isinstance(one, Off) else one for one in value)
    tell: Callable[[Any], str] = _TELLERS.get(type(value), str)
    return tell(value)


def _number(value: Decimal) -> str:
    return grouped(value.normalize() + 0)


def _price(price: Price) -> str:
    if price.model in ("percentage", "graduated-percentage") and not price.tiers:
        told = f"{_number(price.unit_price * 100)} %"
    elif price.tiers:
        told = f"{price.model} {'; '.join(_tiers(price))}"
    else:
        told = grouped(price.unit_price)
    if price.package_size:
        told += f" for {_number(price.package_size)}"
    if price.free_units:
        told += f", {_number(price.free_units)} free"
    more = (("fixed", price.fixed), ("at least", price.minimum), ("at most", price.maximum))
    return told + "".join(f", {words} {grouped(one)}" for words, one in more if one)


def _tiers(price: Price) -> Iterator[str]:
    percentages = price.model == "graduated-percentage"
    for tier in price.tiers:
        each = f"{_number(tier.unit_price * 100)} %" if percentages else grouped(tier.unit_price)
        fee = f" + {grouped(tier.flat)}" if tier.flat else ""
        where = "above" if tier.up_to is None else f"to {_number(tier.up_to)}"
        yield f"{where} {each}{fee}"


def _off(one: Off) -> str:
    if one.slices:
        told = " and ".join(
            f"{_number(share)} % off {_number(units)}" for units, share in one.slices
        )
    elif one.amount:
        told = grouped(one.amount) + (" a unit" if one.per_unit else "")
    else:
        told = f"{_number(one.percent)} %"
    lasting = f" for {one.periods} periods" if one.periods else ""
    return f"{one.name} {told}{lasting}".lstrip()


def _payment(one: Payment) -> str:
    if one.percent is not None:
        told = f"{_number(one.percent)} %"
    else:
        told = "the rest" if one.amount is None else grouped(one.amount)
    if one.date:
        return f"{told} on {one.date}"
    when = _DUE[one.on]
    return f"{told} {one.days} days after {when}" if one.days else f"{told} on {when}"


def _exchange(one: StatedRate) -> str:
    return f"{one.rate:f} of {one.date}, {one.source}"


def _working(one: Working) -> str:
    told = [f"{who} {grouped(price)}" for who, price in one.rates.items()]
    if one.rounding:
        rule = one.rounding
        told.append(f"{rule.how} to {rule.step:f} h by {rule.per}")
    if one.cap:
        told.append(f"at most {one.cap}")
    if one.prepaid:
        terms = one.prepaid
        told.append(f"{terms.hours:f} h a period" if terms.hours else "prepaid")
        told += [f"{terms.rollover:f} h saved"] if terms.rollover else []
        told += [terms.expires] if terms.expires else []
        told.append(f"{grouped(terms.overage)} beyond")
    return ", ".join(told)


_TELLERS: dict[type, Callable[[Any], str]] = {
    Money: lambda money: grouped(money.amount),
    Decimal: _number,
    Day: str,
    Price: _price,
    Payment: _payment,
    StatedRate: _exchange,
    Working: _working,
}


def signed(money: Money | None) -> str:
    """Write a difference with its sign; nothing where there is none to tell."""
    if money is None:
        return ""
    return f"{'+' if money.minor > 0 else ''}{grouped(money.amount)}"


def effect_of(change: Change) -> Money | None:
    """Say by how much an amount differs; nothing of what is no amount of one currency."""
    one, other = change.before, change.after
    if isinstance(one, Money) and isinstance(other, Money) and one.currency == other.currency:
        return other - one
    return None


def share(before: Money | None, effect: Money | None) -> str:
    """Write a difference in per cent of what there was; nothing of nothing."""
    if before is None or effect is None or not before.minor or not effect.minor:
        return ""
    return f"{percent(effect, before):+f} %"


def details(row: LineChange) -> Iterator[tuple[str, str]]:
    """Say of a line what differs in it: what, and its values."""
    for one in row.changes:
        if row.how != "changed":
            value = one.after if one.after is not None else one.before
            yield label(one), value_told(one.what, value)
        elif one.what in ("text", "delivery") and one.before and one.after:
            yield label(one), "worded otherwise"
        else:
            yield label(one), moved(one)


def conclusion(found: Difference) -> str:
    """Say in a sentence what the difference does to the net."""
    before, after, effect = found.before.net, found.after.net, found.effect
    if not found:
        return SAME
    if effect is None:
        return f"The currencies differ: the net was {before} and is {after}."
    if not effect.minor:
        return f"The net stays at {after}."
    way = "rises" if effect.minor > 0 else "falls"
    by = grouped(abs(effect.amount))
    ratio = share(before, effect)
    told = f" ({ratio})" if ratio else ""
    return (
        f"The net {way} by {by} {after.currency}{told}, from {grouped(before.amount)} to {after}."
    )
