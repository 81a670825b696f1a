"""Figures of a quote: discount and margin, contract value, recurring value, what falls due."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money, allocate, rounded, total, zero
from q2c.core.period import ONE_DAY, Day, Period, months_after, term_of
from q2c.core.quote.draft import Draft, Payment
from q2c.core.quote.lines import Line, Priced
from q2c.core.quote.portions import portion

ONE, HUNDRED = Decimal(1), Decimal(100)


class Inner(Struct, frozen=True, kw_only=True):
    """What only the seller sees of a quote or a line: list price, discount, cost and margin.

    Percentages have one decimal; cost and margin are nothing where a cost is not known.
    """

    listed: Money
    net: Money
    discount_percent: Decimal
    cost: Money | None
    margin: Money | None
    margin_percent: Decimal | None
    floor: Money | None = None

    @property
    def below_floor(self) -> bool:
        """Say whether it is sold for less than the floor price."""
        return self.floor is not None and self.net.minor < self.floor.minor


def inner_of(quote: Priced) -> Inner:
    """Work out discount, cost and margin of all lines that count."""
    known = {one.line: one for one in quote.inside}
    inside = [known[line.id] for line in quote.counted]
    costs = [one.cost for one in inside]
    cost = None if None in costs else total(filter(None, costs), quote.currency)
    listed = total((one.listed for one in inside), quote.currency)
    return _inner(listed, quote.priced, cost, None)


def inner_lines(quote: Priced) -> dict[str, Inner]:
    """Work out discount, cost and margin of every line, by its id."""
    known = {one.line: one for one in quote.inside}
    found = ((line, known[line.id]) for line in quote.lines)
    return {line.id: _inner(one.listed, line.net, one.cost, one.floor) for line, one in found}


def sampled(quote: Priced) -> dict[str, Inner]:
    """Work out discount, cost and margin of a sample of each line that has no quantity yet."""
    known = ((one.line, one.sample) for one in quote.inside)
    return {id_: _inner(one.listed, one.net, one.cost, one.floor) for id_, one in known if one}


def _inner(listed: Money, net: Money, cost: Money | None, floor: Money | None) -> Inner:
    margin = None if cost is None else net - cost
    return Inner(
        listed=listed,
        net=net,
        discount_percent=percent(listed - net, listed),
        cost=cost,
        margin=margin,
        margin_percent=None if margin is None else percent(margin, net),
        floor=floor,
    )


def percent(part: Money, whole: Money) -> Decimal:
    """Say how many per cent a part is, with one decimal; of nothing it is nothing."""
    if not whole.minor:
        return Decimal(0)
    exact = Fraction(part.minor * 1000, whole.minor)
    return Decimal(rounded(exact.numerator, exact.denominator)).scaleb(-1)


class Stretch(Struct, frozen=True):
    """Days on which the same things recur: their value a month, a year, and over these days."""

    days: Period
    monthly: Money
    yearly: Money
    net: Money


def stretches(lines: Sequence[Line], currency: str) -> list[Stretch]:
    """Cut the term where what recurs changes; give the recurring value (MRR, ARR) of each part.

    What the parts are worth adds up to what recurs.
    """
    recurring = [line for line in lines if line.service and line.counts]
    cuts = {line.service.first for line in recurring if line.service}
    cuts |= {line.service.last + ONE_DAY for line in recurring if line.service}
    spans = [Period(first, after - ONE_DAY) for first, after in pairwise(sorted(cuts))]
    return [
        _stretch(recurring, days, net)
        for days, net in zip(spans, _worth(recurring, spans, currency), strict=True)
    ]


def _stretch(lines: Sequence[Line], days: Period, net: Money) -> Stretch:
    there = [line for line in lines if line.service and days.first in line.service]
    month = sum((Fraction(line.net.amount) / line.months for line in there), Fraction(0))
    return Stretch(days, Money.of(month, net.currency), Money.of(month * 12, net.currency), net)


def contract_years(lines: Sequence[Line], currency: str) -> list[tuple[Period, Money]]:
    """Give the recurring value of each contract year (ACV), from the first day of service on.

    The years add up to what recurs.
    """
    recurring = [line for line in lines if line.service and line.counts]
    if not recurring:
        return []
    first = min(line.service.first for line in recurring if line.service)
    last = max(line.service.last for line in recurring if line.service)
    years: list[Period] = []
    while months_after(first, 12 * len(years)) <= last:
        years.append(term_of(months_after(first, 12 * len(years)), 12))
    return list(zip(years, _worth(recurring, years, currency), strict=True))


def _worth(lines: Sequence[Line], spans: Iterable[Period], currency: str) -> Iterator[Money]:
    """Say what each of some spans in a row is worth: through its end, less what was before."""
    before = zero(currency)
    for span in spans:
        exact = sum((_through(line, span.last) for line in lines), Fraction(0))
        through = Money.of(exact, currency)
        yield through - before
        before = through


def _through(line: Line, day: Day) -> Fraction:
    """Say what a line is worth through a day, exactly."""
    assert line.service is not None, line
    if day < line.service.first:
        return Fraction(0)
    return Fraction(line.net.amount) * portion(line.service, Period(line.service.first, day))


class Due(Struct, frozen=True, kw_only=True):
    """A part of what is to be paid: how much, with VAT, and when."""

    name: str = ""
    amount: Money
    on: str = ""
    days: int = 0
    date: Day | None = None


def dues(quote: Priced) -> list[Due]:
    """Give the parts of what is to be paid; they add up to the total."""
    return due_parts(quote.payments, quote.total)


def due_parts(payments: Sequence[Payment], whole: Money) -> list[Due]:
    """Split what is to be paid by a schedule of payments.

    A percentage is rounded once; a part that says neither per cent nor amount is the rest. Nothing
    but percentages that make 100 lose nothing: what rounding leaves goes to the largest remainders.
    """
    percents = [one.percent for one in payments if one.percent is not None and one.amount is None]
    parts: list[Money | None] = [_part(one, whole) for one in payments]
    if len(percents) == len(payments) and sum(percents) == HUNDRED:
        parts = [*allocate(whole, percents)]
    rest = whole - total(filter(None, parts), whole.currency)
    return [
        Due(
            name=one.name or "",
            amount=rest if part is None else part,
            on=one.on or "",
            days=one.days,
            date=one.date,
        )
        for one, part in zip(payments, parts, strict=True)
    ]


def _part(one: Payment, whole: Money) -> Money | None:
    if one.percent is not None:
        return whole.share(one.percent / 100)
    return None if one.amount is None else Money.of(one.amount, whole.currency)


def refuse_payments(draft: Draft, quote: Priced) -> None:
    """Refuse a schedule of payments that does not add up, or does not say when."""
    if faults := list(_payment_faults(draft, quote)):
        raise Invalid(*faults)


def _payment_faults(draft: Draft, quote: Priced) -> Iterator[Fault]:
    rests = []
    for number, one in enumerate(draft.payments):
        path = f"payments.{number}"
        if one.percent is not None and one.amount is not None:
            message = "A payment is per cent of the total, or an amount, or the rest."
            yield draft.fault("payment-parts", message, path, "Take one of them away.")
        if min(one.percent or ONE, one.amount or ONE) < 0:
            message = "Nothing is paid back by a payment, so it is not below 0."
            yield draft.fault("payment-parts", message, path, "Write how much is to be paid.")
        if (one.on is None) == (one.date is None):
            message = "A payment falls due on a date, or after something that happens."
            yield draft.fault("payment-parts", message, path, "Write on: acceptance, or date: ….")
        if one.percent is None and one.amount is None:
            rests.append(path)
    for path in rests[1:]:
        message = "Only one payment can be the rest."
        yield draft.fault("payment-parts", message, path, "Write its per cent or amount.")
    yield from _endless_faults(draft, quote)
    yield from _sum_faults(draft, quote, rest=bool(rests))


def _endless_faults(draft: Draft, quote: Priced) -> Iterator[Fault]:
    """Say where the final invoice would never come: of use without an end."""
    for line in quote.lines if quote.payments else ():
        if line.metering and line.metering.last is None:
            message = f"'{line.product}' has no last day, so its payments would never be settled."
            remedy = "Write term: 12 months, or leave payments out."
            yield draft.fault("term-needed", message, f"lines.{line.part}", remedy)


def _sum_faults(draft: Draft, quote: Priced, *, rest: bool) -> Iterator[Fault]:
    """Say where payments do not make the total of what is offered."""
    if quote.payments and not rest:
        if not _any_total(quote):
            message = "The total follows what the customer chooses, and the payments do not."
            remedy = "Leave per cent and amount out of one of them: it is then the rest."
            yield draft.fault("payment-parts", message, "payments", remedy)
        due = total((one.amount for one in dues(quote)), quote.currency)
        if due != quote.total:
            message = f"The payments come to {due}, and the quote to {quote.total}."
            remedy = "Leave per cent and amount out of one of them: it is then the rest."
            yield draft.fault("payment-parts", message, "payments", remedy)
    elif quote.payments and any(one.amount.minor < 0 for one in dues(quote)):
        message = f"The payments come to more than the quote, {quote.total}."
        yield draft.fault("payment-parts", message, "payments", "Take off less.")


def _any_total(quote: Priced) -> bool:
    """Say whether the payments make the total whatever the customer chooses."""
    open_ = any(line.optional or line.group for line in quote.lines)
    return not open_ or all(one.percent is not None for one in quote.payments)


def refuse_unpayable(quote: Priced) -> None:
    """Refuse what was chosen where the payments agreed on are more than it comes to."""
    parts = dues(quote)
    if parts and (
        min(one.amount.minor for one in parts) < 0
        or total((one.amount for one in parts), quote.currency) != quote.total
    ):
        message = f"The payments offered do not make {quote.total}, which is what was chosen."
        remedy = "Revise the quote, and let one of its payments be the rest: q2c quote revise"
        raise Invalid(Fault("payment-parts", message, remedy=remedy))
