"""q2c order change: what recurs is agreed otherwise from a day on."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import Commit, DryRun, Message, Quantity
from q2c.commands.desk import desk
from q2c.commands.orders.named import From, Note, Number, Proration, refuse_once, when_of
from q2c.commands.orders.recording import marked, recorded, row, told, written
from q2c.commands.output import say
from q2c.commands.words import read_number
from q2c.core.catalog import Product
from q2c.core.fault import Fault, Invalid, Misused, Unknown, nearest
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
    stands,
)
from q2c.core.subscription.raising import priced_at, raised
from q2c.core.trace import Step
from q2c.store.changes import read_changes
from q2c.store.master import read_company, read_customer, read_shelf
from q2c.store.orders import read_order
from q2c.store.tree import Tree

LineOption = Annotated[str, typer.Option("--line", metavar="N", help="The order's line.")]
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
            refuse_once(order, of)
        now = stands(of, earlier, first)
        new = _agreed(work.tree, order, now, asked, (first, when_of(of, proration), note))
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
