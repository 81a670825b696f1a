"""q2c catalog price: what a quantity costs, and how that comes about."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import At, DateOption, Quantity, call, today
from q2c.commands.catalogs.catalog import CurrencyOption, Item, item
from q2c.commands.desk import commits_of, sources, stamped, tree
from q2c.commands.output import say
from q2c.commands.prompt import missing
from q2c.commands.steps import steps_told
from q2c.core.catalog import Bundle, Catalog
from q2c.core.fault import Fault, Invalid, Misused
from q2c.core.money import EXACT, Money, grouped, total
from q2c.core.party import Company, Customer, spoken
from q2c.core.period import EVERY, Day, Every, Interval, by_every, interval, is_every, read_length
from q2c.core.pricing import arranged, cost, fall, rates_of
from q2c.core.quote import Draft, DraftLine, Offer, Shelf, offered
from q2c.core.quote.assemble import assembled
from q2c.core.quote.configure import configure
from q2c.core.quote.reducing import Measure, schedule_reductions
from q2c.core.quote.selection import chosen_of
from q2c.core.quote.work import market_of
from q2c.core.trace import Step
from q2c.store.master import read_company, read_customer, read_shelf
from q2c.store.tree import Tree

CustomerOption = Annotated[
    str, typer.Option("--customer", metavar="ID", help="The customer who asks.")
]
TermOption = Annotated[
    str, typer.Option("--term", metavar="LENGTH", help="For how long: 12m, 1 year.")
]
EveryOption = Annotated[
    str, typer.Option("--every", metavar="month|year|2 weeks", help="Charged how often.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show each step, with file, line and commit.")
]


class Part(Struct, frozen=True):
    """A part of a bundle, and how its share of the price came about."""

    product: str
    quantity: Decimal
    net: Money
    steps: tuple[Step, ...]


class Priced(Struct, frozen=True, kw_only=True):
    """What a quantity costs, and how that came about."""

    product: str
    name: str
    quantity: Decimal
    unit: str
    periods: int
    every: str
    day: Day
    customer: str
    currency: str
    net: Money
    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...]


class _Asked(Struct, frozen=True, kw_only=True):
    product: str
    quantity: Decimal
    currency: str
    term: str
    every: Every | None
    day: Day


def price_item(  # noqa: PLR0913 - a flag for each thing that a price hangs on
    product: Item,
    quantity: Quantity = None,
    *,
    customer: CustomerOption = "",
    currency: CurrencyOption = "",
    term: TermOption = "",
    every: EveryOption = "",
    day: DateOption = None,
    explain: Explain = False,
    at: At = "",
) -> None:
    """Say what a quantity costs.

    With --customer at that customer's prices, else at those that anybody has. Discount schedules
    count; promotions, rules and options belong to a quote.

    Example: q2c catalog price advisory --qty 40 --customer fjord-foods --explain
    """
    if quantity is None:
        raise missing("--qty")
    files = tree(at)
    company = read_company(files)
    asked = _Asked(
        product=product,
        quantity=quantity,
        currency=currency,
        term=term,
        every=_every(every),
        day=today(company.time_zone, day),
    )
    buyer = read_customer(files, customer) if customer else _anybody(company)
    priced = _stamped(files, _priced(company, buyer, read_shelf(files), asked))
    lines = [_told(priced), *(steps_told(priced.steps) if explain else [])]
    for part in priced.parts:
        lines.append(f"  {part.product}, {grouped(part.quantity)}: {part.net}")
        lines += steps_told(part.steps, "    ") if explain else []
    say(priced, "\n".join(lines))


def _every(word: str) -> Every | None:
    if word and not is_every(word):
        message = f"'{word}' is not the length of a billing period."
        raise Misused(Fault("usage", message, remedy=EVERY))
    return word or None


def _anybody(company: Company) -> Customer:
    """Give a buyer that has nothing of its own."""
    return Customer(id="", name=company.name, address=company.address)


def _priced(company: Company, buyer: Customer, shelf: Shelf, asked: _Asked) -> Priced:
    found = item(shelf.catalog, asked.product)
    offer = offered(company, buyer, shelf, asked.day, asked.currency or None)
    offer = replace(offer, language=call().language or company.language)
    if isinstance(found, Bundle):
        return _bundle_priced(found, offer, asked)
    every = asked.every or found.every
    if asked.every and found.every is None:
        message = f"'{found.id}' does not recur, so it has no price {by_every(asked.every)}."
        raise Misused(Fault("usage", message, remedy="Leave --every out."))
    rates = rates_of(found, market_of(offer), asked.every)
    periods = _periods(every, asked.term)
    gross = EXACT.multiply(cost(rates.rate, asked.quantity), periods)
    measure = Measure(
        asked.quantity, gross, periods * interval(every).in_months if every else Fraction(0)
    )
    given = schedule_reductions(offer, found.id, found.family or "", measure, {})
    kept = arranged(given, offer.catalog.policy, gross, asked.quantity, periods)
    fallen = fall(
        rates.rate,
        asked.quantity,
        periods,
        every=every or "",
        listed=rates.listed,
        reductions=kept,
    )
    return Priced(
        product=found.id,
        name=spoken(found.name, offer.language),
        quantity=asked.quantity,
        unit=spoken(found.unit, offer.language),
        periods=periods,
        every=every or "",
        day=asked.day,
        customer=offer.customer.id,
        currency=offer.currency,
        net=fallen.net,
        steps=fallen.steps,
    )


def _periods(every: Every | None, term: str) -> int:
    """Count the billing periods in a term; without a term, price one of them."""
    if every is None or not term:
        return 1
    times = _length(term).over(interval(every))
    if not times:
        message = f"{term} is not a whole number of times a {every}."
        raise Misused(Fault("term-periods", message, remedy="Choose a term that is."))
    return times


def _length(term: str) -> Interval:
    length = read_length(term)
    if length is None:
        remedy = "Write 12m, 12 months, 52 weeks or 1 year."
        raise Misused(Fault("bad-term", f"'{term}' is not a length of time.", remedy=remedy))
    return length


def _bundle_priced(bundle: Bundle, offer: Offer, asked: _Asked) -> Priced:
    """Price a bundle as a quote of this one line would, without rules and promotions."""
    term = str(_length(asked.term) if asked.term else _longest(bundle, offer.catalog))
    draft = Draft(
        customer=offer.customer.id,
        date=asked.day,
        valid_until=asked.day,
        term=term or None,
        lines=(DraftLine(bundle=bundle.id, quantity=asked.quantity, every=asked.every),),
    )
    wanted, faults = configure(draft, offer.catalog)
    if faults:
        raise Invalid(*faults)
    lines, _ = assembled(draft, wanted, [], offer, chosen_of(draft))
    return Priced(
        product=bundle.id,
        name=spoken(bundle.name, offer.language),
        quantity=asked.quantity,
        unit="",
        periods=1,
        every="",
        day=asked.day,
        customer=offer.customer.id,
        currency=offer.currency,
        net=total((line.net for line in lines), offer.currency),
        parts=tuple(Part(line.product, line.quantity, line.net, line.steps) for line in lines),
        steps=(),
    )


def _longest(bundle: Bundle, catalog: Catalog) -> Interval:
    """Give the longest billing period of what is in a bundle."""
    found = [Interval()]
    for item_ in bundle.items:
        if item_.bundle:
            found.append(_longest(catalog.bundles[item_.bundle], catalog))
        every = catalog.products[item_.product].every if item_.product else None
        found.append(interval(every) if every else Interval())
    return max(found, key=lambda one: one.in_months)


def _stamped(files: Tree, priced: Priced) -> Priced:
    every = [*priced.steps, *(step for part in priced.parts for step in part.steps)]
    commits = commits_of(files, sources(every))
    parts = tuple(replace(part, steps=stamped(part.steps, commits)) for part in priced.parts)
    return replace(priced, steps=stamped(priced.steps, commits), parts=parts)


def _told(priced: Priced) -> str:
    times = f" × {priced.periods} periods" if priced.periods != 1 else ""
    amount = f"{grouped(priced.quantity)} {priced.unit}".rstrip()
    return f"{priced.name}, {amount}{times}: {priced.net}"
