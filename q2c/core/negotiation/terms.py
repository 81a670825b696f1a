"""Terms: what a quote says of its lines and of itself, as values that can be compared."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from q2c.core.money import Money
from q2c.core.period import Day, Interval, Period, interval
from q2c.core.pricing import Rate, RateTier, Reduction
from q2c.core.quote.choice import chosen_in
from q2c.core.quote.draft import Payment, StatedRate
from q2c.core.quote.lines import Line, Priced, Reduced
from q2c.core.quote.periods import free_days
from q2c.core.quote.working import Working

ZERO = Decimal(0)


class Price(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A price as it is offered: a rate without whose it is and where it stands."""

    model: str
    unit_price: Decimal = ZERO
    package_size: Decimal | None = None
    free_units: Decimal = ZERO
    tiers: tuple[RateTier, ...] = ()
    fixed: Decimal = ZERO
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Off(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What comes off a price: per cent, or an amount, as it is told to a customer."""

    name: str = ""
    percent: Decimal = ZERO
    amount: Decimal = ZERO
    per_unit: bool = False
    periods: int | None = None
    slices: tuple[tuple[Decimal, Decimal], ...] = ()


Value: TypeAlias = (
    Money
    | Decimal
    | int
    | str
    | Day
    | Period
    | Price
    | Payment
    | StatedRate
    | Working
    | tuple[Off, ...]
    | tuple[str, ...]
    | None
)
# What a line says, in the order in which it is told.
LINE = (
    *("name", "product", "quantity", "base", "unit", "price", "discount", "working"),
    *("every", "term", "starts", "ends", "trial", "free", "proration", "bill", "delivery"),
    *("due", "section", "optional", "choice", "label"),
    *("counts", "vat", "text"),
)
Facts: TypeAlias = tuple[Value, ...]


def facts_of(line: Line) -> Facts:
    """Give what a line says, in the order of `LINE`; the price of a bundle's part is not told."""
    of_amount = line.percent_of is not None
    return (
        line.name,
        line.product,
        None if of_amount else line.quantity,
        Money.of(line.quantity, line.own.currency) if of_amount else None,
        line.unit,
        None if line.bundle else price_of(line.rate),
        tuple(off_of(one) for one in line.reductions),
        line.working,
        line.every,
        _term(line),
        line.service.first if line.service else None,
        line.service.last if line.service and parted(line) else None,
        line.trial,
        next(free_days(line), None),
        "" if line.proration == "days" else line.proration,
        line.bill,
        line.delivery,
        str(line.milestone or ""),
        line.section,
        "yes" if line.optional else "no",
        f"{line.group}: {line.choice}" if line.group else "",
        line.label,
        "yes" if line.counts else "no",
        _vat(line),
        line.text,
    )


def parted(line: Line) -> bool:
    """Say whether a line ends within a billing period, or begins in one."""
    if line.every is None or line.charged is None:
        return False
    return line.months != line.times * interval(line.every).in_months


def _term(line: Line) -> int | str | None:
    """Give the term in months, or in weeks what recurs by the week; nothing where it is no number.

    What ends within a billing period is told by its last day.
    """
    if line.every is None or parted(line):
        return None
    length = interval(line.every)
    return str(Interval(weeks=length.weeks * line.times)) if length.weeks else int(line.months)


def price_of(rate: Rate) -> Price:
    """Give a rate as a customer reads it: that it came from a cost is nobody's business."""
    return Price(
        model="per-unit" if rate.model == "cost-plus" else rate.model,
        unit_price=rate.unit_price,
        package_size=rate.package_size,
        free_units=rate.free_units,
        tiers=rate.tiers,
        fixed=rate.fixed,
        minimum=rate.minimum,
        maximum=rate.maximum,
    )


def off_of(one: Reduction | Reduced) -> Off:
    """Give what comes off a line or a whole quote, without where it stands."""
    if isinstance(one, Reduced):
        amount = one.amount.amount if one.amount else ZERO
        return Off(name=one.name, percent=one.percent, amount=amount)
    return Off(
        name=one.name,
        percent=one.percent,
        amount=one.amount,
        per_unit=one.per_unit,
        periods=one.periods,
        slices=one.slices,
    )


def _vat(line: Line) -> str:
    letter = "" if line.treatment.category == "S" else f" ({line.treatment.category})"
    return f"{line.treatment.rate:f} %{letter}"


def terms_of(quote: Priced) -> Iterator[tuple[str, str, Value]]:
    """Give what a quote says of itself: what it is, its name where it is one of several, its value.

    Long texts are not among them.
    """
    yield "customer", "", quote.buyer.name
    yield "date", "", quote.date
    yield "valid_until", "", quote.valid_until
    yield "starts", "", quote.starts
    yield "term", "", quote.term
    yield "currency", "", quote.currency
    yield "exchange", "", quote.exchange
    yield "prices", "", "with VAT" if quote.prices_include_vat else ""
    yield "due_days", "", quote.due_days
    yield "cost_centre", "", quote.cost_centre
    yield "promotions", "", tuple(sorted(quote.promotions))
    yield from (("choice", group, choice) for group, choice in chosen_in(quote).items())
    yield from (("payment", name, one) for name, one in _named(quote.payments))
    yield from (("attachment", paper.path, paper.sha256[:12]) for paper in quote.attachments)
    yield "title", "", quote.title


def texts_of(quote: Priced) -> Iterator[tuple[str, str, str]]:
    """Give the texts of a quote that are compared word by word: what it is, its name, its words."""
    yield "intro", "", quote.intro
    yield "note", "", quote.note
    yield from (("clause", clause.id, clause.text) for clause in quote.clauses)


def _named(payments: Iterable[Payment]) -> Iterator[tuple[str, Payment]]:
    """Name each part of what is to be paid: by its name, else by its place."""
    for number, one in enumerate(payments, start=1):
        yield one.name or str(number), one
