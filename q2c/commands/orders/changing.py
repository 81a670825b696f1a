"""q2c order change, pause, resume and cancel: what recurs is agreed otherwise from a day on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import typer
from msgspec import Struct

from q2c.commands.call import Commit, DryRun, Message, Quantity, today
from q2c.commands.desk import desk
from q2c.commands.orders.named import Number
from q2c.commands.orders.recording import marked, recorded, row, told, written
from q2c.commands.output import say
from q2c.commands.words import read_day, read_note, read_number
from q2c.core.catalog import Product
from q2c.core.fault import Fault, Invalid, Misused, Refused, Unknown, nearest
from q2c.core.order import Order, OrderLine
from q2c.core.party import spoken
from q2c.core.pricing import Market, Rate, rate_of
from q2c.core.pricing import told as rate_told
from q2c.core.quote import offered
from q2c.core.quote.work import market_of
from q2c.core.subscription import (
    Change,
    ChangeKind,
    Stretch,
    When,
    changes_of,
    slots,
    stands,
)
from q2c.core.subscription.raising import priced_at, raised
from q2c.core.trace import Step
from q2c.store.changes import read_changes
from q2c.store.master import read_company, read_customer, read_shelf
from q2c.store.orders import read_order
from q2c.store.tree import Tree

LineOption = Annotated[str, typer.Option("--line", metavar="N", help="The order's line.")]
SomeLine = Annotated[
    str, typer.Option("--line", metavar="N", help="The order's line.  [all that recur]")
]
From = Annotated[
    date, typer.Option("--from", parser=read_day, metavar="DAY", help="The first day of it.")
]
Note = Annotated[
    str, typer.Option("--note", parser=read_note, metavar="TEXT", help="What was agreed.")
]
Proration = Annotated[
    Literal["prorated", "none", "next-period"] | None,
    typer.Option(
        "--proration",
        help="Charge the period by its days, leave it as it was, or wait for the next.  [prorated]",
    ),
]


WHOLE = Decimal(100)  # per cent


class Terms(Struct, frozen=True, kw_only=True):
    """What is asked for in place of what holds."""

    quantity: Decimal | None
    price: Decimal | None
    percent: Decimal | None
    product: str


def read_percent(word: str) -> Decimal:
    """Read a change in per cent such as +3 or -2.5."""
    percent = read_number(word.removeprefix("+").removesuffix("%").strip())
    if percent <= -WHOLE:
        raise typer.BadParameter(f"Nothing is left of a price at {word} %.")
    return percent


def change_order(  # noqa: PLR0913 - a flag for each thing that can change
    number: Number,
    line: LineOption,
    first: From,
    *,
    quantity: Quantity = None,
    price: Annotated[
        Decimal | None,
        typer.Option(
            "--price", parser=read_number, metavar="NUMBER", help="The price of one, by hand."
        ),
    ] = None,
    percent: Annotated[
        Decimal | None,
        typer.Option("--percent", parser=read_percent, metavar="+N", help="Raise the price."),
    ] = None,
    product: Annotated[
        str,
        typer.Option("--product", metavar="ID", help="Another product, at its price on the day."),
    ] = "",
    proration: Proration = None,
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Change quantity, price or product of what recurs, from a day on.

    What was invoiced for days from then on is charged, or given back by a credit note, by the
    next plan. With --dry-run it says how much that is.

    Example: q2c order change O-2026-0001 --line 1 --qty 13 --from 2026-12-16
    """
    asked = Terms(quantity=quantity, price=price, percent=percent, product=product)
    _refuse_unclear(asked)
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        order = read_order(work.tree, number)
        of = order.line(line)
        earlier = changes_of(read_changes(work.tree, number), line)
        if of.charge != "hourly":
            _refuse_once(order, of)
        now = stands(of, earlier, first)
        new = _agreed(work.tree, order, now, asked, (first, _when(of, proration), note))
        found = recorded(work.tree, order, [new], marked(work))
        done = written(work, found, f"Change {order.ref(of)} from {first}")
    say(row(found[0]), "\n".join([*told(found), done]))


def _refuse_unclear(asked: Terms) -> None:
    if (asked.quantity, asked.price, asked.percent, asked.product) == (None, None, None, ""):
        remedy = "Give --qty, --price, --percent or --product."
        raise Misused(Fault("usage", "Nothing says what changes.", remedy=remedy))
    if asked.percent is not None and (asked.price is not None or asked.product):
        message = "--percent raises the price that holds; another one cannot be given as well."
        raise Misused(Fault("usage", message, remedy="Leave one of them out."))
    if asked.price is not None and asked.price < 0:
        remedy = "Give something back by a credit note."
        raise Invalid(Fault("bad-price", "A price is not below 0.", remedy=remedy))


def _refuse_once(order: Order, line: OrderLine) -> None:
    """Refuse what does not recur before anything is worked out of it."""
    from q2c.core.subscription import checked

    if line.service is None or line.every is None:
        checked(order, (), Change(kind="cancel", date=order.agreed_on, line=line.id))


def _when(line: OrderLine, asked: When | None) -> When:
    """Say how the period is charged in which something changes: as asked, or as the line says."""
    return asked or ("none" if line.proration in {"full", "none"} else "prorated")


def _agreed(
    files: Tree, order: Order, now: Stretch, asked: Terms, said: tuple[date, When, str]
) -> Change:
    """Put together what is agreed instead: the rate is frozen as it is on the day."""
    first, when, note = said
    rate, new = _rate(files, order, now, asked, first)
    kind: ChangeKind = "plan" if new else "price" if rate else "quantity"
    steps: tuple[Step, ...] = ()
    if rate:
        units = asked.quantity or now.line.quantity
        told_ = f"{rate.origin}: {rate_told(rate, units)}"
        steps = (Step(told_, rate.source, now.line.rate.unit_price, rate.unit_price),)
    return Change(
        kind=kind,
        date=first,
        line=now.line.id,
        quantity=asked.quantity,
        rate=rate,
        discounted=asked.percent is not None and now.discounted,
        product=new.id if new else "",
        family=(new.family or "") if new else "",
        name=spoken(new.name, order.language) if new else "",
        text=spoken(new.description, order.language) if new else "",
        unit=spoken(new.unit, order.language) if new else "",
        proration=when,
        note=note,
        steps=steps,
    )


def _rate(
    files: Tree, order: Order, now: Stretch, asked: Terms, day: date
) -> tuple[Rate | None, Product | None]:
    """Find the rate that is asked for, and the product where it is another."""
    product, rate = None, None
    if asked.product:
        product, market = _sold(files, order, asked.product, now.line, day)
        rate = rate_of(product, market, now.line.every)
    if asked.percent is not None:
        return raised(now.line.rate, asked.percent), None
    if asked.price is not None:
        rate = priced_at(rate or now.line.rate, asked.price, "price set by hand")
    return rate, product


def _sold(
    files: Tree, order: Order, id_: str, line: OrderLine, day: date
) -> tuple[Product, Market]:
    """Find a product that can take the place of another, and where its price is looked for."""
    shelf, customer = read_shelf(files), read_customer(files, order.customer)
    product = shelf.catalog.products.get(id_)
    if product is None:
        remedy = nearest(id_, shelf.catalog.products)
        raise Unknown(Fault("unknown-product", f"There is no product '{id_}'.", remedy=remedy))
    alike = (product.vat, product.supply, product.recognised) == (
        *(line.vat, line.supply),
        line.revenue,
    )
    if product.charge != "recurring" or product.percent_of or not alike:
        message = f"'{id_}' cannot take the place of {line.product} in the same line."
        remedy = (
            "Cancel the line and quote the other product: VAT, kind of supply or charge differ."
        )
        raise Invalid(Fault("plan-differs", message, remedy=remedy))
    offer = offered(read_company(files), customer, shelf, day, order.currency)
    return product, market_of(offer)


def pause_order(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    first: From,
    *,
    last: Annotated[
        date | None,
        typer.Option(
            "--to", parser=read_day, metavar="DAY", help="The last day of it.  [until resumed]"
        ),
    ] = None,
    line: SomeLine = "",
    proration: Proration = None,
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Pause what recurs: paused days cost nothing, and those invoiced are given back.

    Example: q2c order pause O-2026-0001 --line 1 --from 2027-01-01 --to 2027-02-28
    """

    def paused(of: OrderLine, _day: date) -> Change:
        when = _when(of, proration)
        return Change(kind="pause", date=first, until=last, line=of.id, proration=when, note=note)

    _each(number, line, paused, f"Pause {number} from {first}", (dry_run, commit, message))


def resume_order(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    first: From,
    *,
    line: SomeLine = "",
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Resume what is paused, or take back a cancellation, from a day on.

    Example: q2c order resume O-2026-0001 --line 1 --from 2027-02-01
    """

    def resumed(of: OrderLine, _day: date) -> Change:
        return Change(kind="resume", date=first, line=of.id, note=note)

    _each(number, line, resumed, f"Resume {number} from {first}", (dry_run, commit, message))


def cancel_order(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    *,
    first: Annotated[
        date | None,
        typer.Option("--from", parser=read_day, metavar="DAY", help="The first day without it."),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Today is the first day without it.")] = False,
    at_end: Annotated[
        bool, typer.Option("--at-period-end", help="It ends with the billing period of today.")
    ] = False,
    no_credit: Annotated[
        bool, typer.Option("--no-credit", help="The billing period of the day is paid in full.")
    ] = False,
    line: SomeLine = "",
    note: Note = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Cancel what recurs, from a day on; what was invoiced of the days after is given back.

    Example: q2c order cancel O-2026-0001 --line 2 --at-period-end
    """
    if [first is not None, now, at_end].count(True) != 1:
        message_ = "Say when it ends, in one way."
        remedy = "Give --from DAY, --now or --at-period-end."
        raise Misused(Fault("usage", message_, remedy=remedy))

    def cancelled(of: OrderLine, day: date) -> Change:
        ends = _after_period(of, day) if at_end else first or day
        when: When = "none" if no_credit else "prorated"
        return Change(kind="cancel", date=ends, line=of.id, proration=when, note=note)

    _each(number, line, cancelled, f"Cancel {number}", (dry_run, commit, message))


def _after_period(line: OrderLine, day: date) -> date:
    """Give the first day after the billing period that a day lies in."""
    starts = (slot.service.first for slot in slots(line))
    later = next((start for start in starts if start > day), None)
    if later is None:
        message = f"Line {line.id} is in its last billing period on {day}, and ends with it."
        raise Invalid(Fault("change-nothing", message, remedy="Nothing needs to be done."))
    return later


def _each(
    number: str,
    line: str,
    make: Callable[[OrderLine, date], Change],
    subject: str,
    how: tuple[bool, bool | None, str],
) -> None:
    """Record a change of one line, or of every line that recurs and can be changed so."""
    dry_run, commit, message = how
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        order, mark = read_order(work.tree, number), marked(work)
        day = today(read_company(work.tree).time_zone)
        if line:
            _refuse_once(order, order.line(line))
            found = recorded(work.tree, order, [make(order.line(line), day)], mark)
        else:
            asked = list(_possible(work.tree, order, make, day))
            found = recorded(work.tree, order, asked, mark)
        done = written(work, found, subject)
    say({"changes": [row(one) for one in found]}, "\n".join([*told(found), done]))


def _possible(
    files: Tree, order: Order, make: Callable[[OrderLine, date], Change], day: date
) -> Iterator[Change]:
    """Give the change of every line that allows it; refuse with the reasons where none does."""
    from q2c.core.subscription import checked

    earlier, faults, some = read_changes(files, order.number), list[Fault](), False
    for line in _recurring(order):
        try:
            yield checked(order, changes_of(earlier, line.id), make(line, day))
            some = True
        except Refused as refused:
            faults += refused.faults
    if not some:
        raise Invalid(*faults)


def _recurring(order: Order) -> Sequence[OrderLine]:
    found = [line for line in order.lines if line.charge == "recurring" and line.service]
    if not found:
        message = f"Nothing of {order.number} recurs."
        remedy = "Give back what was invoiced by a credit: q2c invoice credit"
        raise Invalid(Fault("not-recurring", message, remedy=remedy))
    return found
