"""q2c why: how an amount came about, from the invoice line back to the price in its file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.books import Books, read_books
from q2c.commands.call import At, call
from q2c.commands.desk import commits_of, stamped, tree
from q2c.commands.output import say, table
from q2c.commands.plan import label_of
from q2c.commands.quoting import drafted, priced_draft, read_shop
from q2c.commands.steps import steps_told
from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.posting import NONE, line_balances
from q2c.core.quote import Line, Priced
from q2c.core.trace import Step
from q2c.store import orders, quotes
from q2c.store.invoices import read_invoice
from q2c.store.tree import Tree

COLUMNS = ("ref", "what", "rule", "before", "after", "source", "commit")


class Link(Struct, frozen=True, kw_only=True):
    """A stage of an amount: what it is called there, how much, where it stands, by which steps."""

    ref: str
    what: str
    text: str
    amount: Money | None = None
    path: str = ""
    commit: str = ""
    steps: tuple[Step, ...] = ()


class Shelves(Struct, frozen=True):
    """What the answers are looked up in."""

    files: Tree
    books: Books


def why(
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="An invoice, order or quote, or a line: F-…/1.")
    ],
    *,
    at: At = "",
) -> None:
    """Say how an amount came about, back to the price and the commit it stood in.

    Example: q2c why F-2026-0001/1
    """
    files = tree(at)
    links = _with_commits(files, list(_links(Shelves(files, read_books(files)), ref)))
    if call().mode == "csv" or call().fields:
        table([row for link in links for row in _rows(link)], COLUMNS)
    else:
        text = "\n".join(line for link in links for line in _told(link))
        say({"ref": ref, "links": links}, text)


def _links(shelves: Shelves, ref: str) -> Iterator[Link]:
    """Find what a reference names, and follow it back."""
    number, _, line = ref.partition("/")
    files = shelves.files
    if number in shelves.books.ledger.by_number:
        yield from _invoice(shelves, read_invoice(files, shelves.books.records, number), line)
    elif number in orders.numbers(files, "orders"):
        order = orders.read_order(files, number)
        for one in [order.line(line)] if line else order.lines:
            yield from _order_line(shelves, order, one)
    elif number in quotes.quote_numbers(files):
        version, _, rest = line.rpartition("/")
        bare = line[:1] == "v" and not version
        yield from _quote_lines(shelves, number, line if bare else version, "" if bare else rest)
    else:
        known = [*shelves.books.ledger.by_number, *orders.numbers(files, "orders")]
        message = f"There is no invoice, order or quote {number}."
        raise Unknown(
            Fault(
                "unknown-reference",
                message,
                remedy=nearest(number, [*known, *quotes.quote_numbers(files)]),
            )
        )


def _invoice(shelves: Shelves, invoice: Invoice, line: str) -> Iterator[Link]:
    """Follow a line of an invoice, or all of them and what they add up to."""
    chosen = [one for one in invoice.lines if line in ("", one.id)]
    if not chosen:
        ids = ", ".join(one.id for one in invoice.lines)
        message = f"{invoice.number} has no line '{line}'."
        raise Unknown(Fault("no-such-line", message, remedy=f"It has the lines {ids}."))
    for one in chosen:
        yield from _invoice_line(shelves, invoice, one)
    if not line:
        yield from _totals(invoice)


def _invoice_line(shelves: Shelves, invoice: Invoice, line: InvoiceLine) -> Iterator[Link]:
    number, _, id_ = line.source.partition("/")
    order = orders.read_order(shelves.files, number)
    agreed = order.line(id_)
    what = "credited" if line.credits else "invoiced"
    price = line.unit_price
    each = f" at {price:f}" if price is not None else ""
    days = f", {line.service}" if line.service else ""
    yield Link(
        ref=f"{invoice.number}/{line.id}",
        what=f"{what} on {invoice.issued_on}",
        text=f"{_amount(line)}{each}{days}{_from(invoice.commit)}",
        amount=line.net,
        path=f"{invoice.path}.json",
        steps=line.steps[len(agreed.steps) :],
    )
    yield Link(
        ref=f"{invoice.number}/{line.id}",
        what="taxed",
        text=f"VAT {label_of(line.treatment.category, line.treatment.rate)}",
        steps=line.treatment.steps,
    )
    if line.credits:
        yield Link(ref=line.credits, what="credits", text=invoice.reason)
    yield from _order_line(shelves, order, agreed)


def _totals(invoice: Invoice) -> Iterator[Link]:
    for row in invoice.vat:
        label = label_of(row.category, row.rate)
        rule = f"{row.rate:f} % of {row.base}, rounded once"
        step = Step(rule, "", row.base.amount, row.vat.amount)
        yield Link(ref=invoice.number, what="VAT", text=label, amount=row.vat, steps=(step,))
    if home := invoice.home:
        rule = f"{invoice.tax} at {home.rate:f}, the rate of {home.rate_on} by {home.source}"
        step = Step(rule, "", invoice.tax.amount, home.vat.amount)
        text = f"in {home.vat.currency}"
        yield Link(ref=invoice.number, what="VAT", text=text, amount=home.vat, steps=(step,))
    said = f"{invoice.net} + VAT {invoice.tax}"
    yield Link(ref=invoice.number, what="total", text=said, amount=invoice.total)


def _order_line(shelves: Shelves, order: Order, line: OrderLine) -> Iterator[Link]:
    """Follow an order line: what was agreed, what became of it, and the quote it came from."""
    yield Link(
        ref=order.ref(line),
        what=f"agreed on {order.agreed_on}",
        text=_amount(line),
        amount=line.net,
        path=orders.order_path(order.number),
    )
    yield from _revenue(shelves, order, line)
    if order.contract in orders.numbers(shelves.files, "contracts"):
        contract = orders.read_contract(shelves.files, order.contract)
        yield Link(
            ref=contract.number,
            what="contract",
            text=f"accepted by {contract.accepted_by}",
            path=f"{orders.contract_path(contract.number)}.json",
        )
    number, version, id_ = line.source.split("/")
    yield from _quote_lines(shelves, number, version, id_)


def _revenue(shelves: Shelves, order: Order, line: OrderLine) -> Iterator[Link]:
    earned = line_balances(shelves.books.records).get(("revenue", order.ref(line)), NONE)
    amount = Money(-earned.amount, order.currency)
    yield Link(
        ref=order.ref(line),
        what="revenue",
        text=f"of {line.net} is recognised to date",
        amount=amount,
    )


def _quote_lines(shelves: Shelves, number: str, version: str, id_: str) -> Iterator[Link]:
    """Give a line of a quote, or all lines, each with the steps of its price."""
    quote, path = _quote(shelves.files, number, version)
    chosen = [line for line in quote.lines if id_ in ("", line.id)]
    if not chosen:
        ids = ", ".join(line.id for line in quote.lines)
        message = f"{number} has no line '{id_}'."
        raise Unknown(Fault("no-such-line", message, remedy=f"It has the lines {ids}."))
    for line in chosen:
        yield _quote_line(quote, line, path)


def _quote(files: Tree, number: str, version: str) -> tuple[Priced, str]:
    known = quotes.versions(files, number)
    if not version and not known:
        shop = read_shop(files)
        draft = drafted(quotes.read_quote(files, number))
        return priced_draft(shop, number, draft), quotes.path_of(number, "quote.yaml")
    chosen = int(version[1:]) if version[1:].isdecimal() else known[-1]
    if chosen not in known:
        message = f"{number} has no version {version}."
        there = ", ".join(f"v{one}" for one in known) or "none was sent"
        raise Unknown(Fault("no-such-version", message, remedy=f"There are: {there}."))
    return quotes.read_version(files, number, chosen), quotes.path_of(number, f"v{chosen}.json")


def _quote_line(quote: Priced, line: Line, path: str) -> Link:
    times = f" × {line.times} {line.every}{'s' if line.times > 1 else ''}" if line.every else ""
    return Link(
        ref=f"{quote.ref}/{line.id}" if quote.version else f"{quote.number}/{line.id}",
        what=f"quoted on {quote.date}",
        text=f"{_amount(line)}{times}{_from(quote.commit)}",
        amount=line.net,
        path=path,
        steps=line.steps,
    )


def _amount(line: InvoiceLine | OrderLine | Line) -> str:
    return f"{line.name} {line.quantity:f} {line.unit}".rstrip()


def _from(commit: str) -> str:
    return f", from the files of {commit[:12]}" if commit else ""


def _with_commits(files: Tree, links: Sequence[Link]) -> list[Link]:
    """Write in which commit each file and each step stands, where that is not said yet."""
    bare = {step.source for link in links for step in link.steps if not step.commit} - {""}
    own = {f"{link.path}:" for link in links if link.path and not link.commit}
    commits = commits_of(files, [*sorted(bare), *sorted(own)])
    return [
        replace(
            link,
            commit=link.commit or commits.get(f"{link.path}:", ""),
            steps=stamped(link.steps, commits),
        )
        for link in links
    ]


def _told(link: Link) -> Iterator[str]:
    amount = f"   {link.amount}" if link.amount else ""
    yield f"{link.ref}  {link.what}: {link.text}{amount}"
    if link.path:
        commit = f" @ {link.commit[:12]}" if link.commit else ""
        yield f"    {link.path}{commit}"
    yield from steps_told(link.steps, "    ")


def _rows(link: Link) -> Iterator[dict[str, object]]:
    first = Step(link.text, link.path, Decimal(0), Decimal(0), link.commit)
    yield _row(link, first) | {"before": None, "after": link.amount.amount if link.amount else None}
    for step in link.steps:
        yield _row(link, step)


def _row(link: Link, step: Step) -> dict[str, object]:
    return {
        "ref": link.ref,
        "what": link.what,
        "rule": step.rule,
        "before": step.before,
        "after": step.after,
        "source": step.source,
        "commit": step.commit[:12],
    }
