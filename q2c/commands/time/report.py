"""q2c time report: the hours of an order as pages or rows, whether they are invoiced or not."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import At, today
from q2c.commands.desk import frozen_look, save, stamp, tree
from q2c.commands.output import say
from q2c.commands.words import read_day
from q2c.core.billing import po_of
from q2c.core.fault import Fault, Unknown
from q2c.core.order import Delivery, Order
from q2c.core.party import buyer_of, seller_of
from q2c.core.usage.worked import worked_of
from q2c.documents.timereport import Part, Report, report_csv, report_pdf
from q2c.store.master import read_company, read_customer
from q2c.store.orders import read_deliveries, read_order
from q2c.store.tree import Tree


def report_time(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Such as O-2026-0001.")],
    *,
    first: Annotated[
        date | None, typer.Option("--from", parser=read_day, metavar="DAY", help="From a day.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=read_day, metavar="DAY", help="Through a day.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="A .pdf or a .csv.  [the order's .time.pdf]"),
    ] = None,
    at: At = "",
) -> None:
    """Write the hours and expenses of an order as a report for its customer.

    Nothing is invoiced by it. Where a customer has invoicing.time_report, such a report comes
    with every invoice by itself.

    Example: q2c time report O-2026-0001 --from 2026-11-01 --to 2026-11-30 --out november.pdf
    """
    files = tree(at)
    found = read_order(files, order)
    rows = [
        one
        for one in read_deliveries(files, order)
        if (first or date.min) <= one.date <= (last or date.max)
    ]
    report = _report(files, found, rows)
    if not report.rows:
        message = f"{order} has no hours and no expenses on these days."
        raise Unknown(Fault("no-hours", message, remedy=f"See: q2c time show --order {order}"))
    to = out or Path(f"{order}.time.pdf")
    look = frozen_look(files, found.language).look
    data = report_csv(report) if to.suffix == ".csv" else report_pdf(report, look)
    told = save(to, data)
    digest = sha256(data).hexdigest()
    say({"order": order, "rows": len(report.rows), "file": str(to), "sha256": digest}, told)


def _report(files: Tree, order: Order, rows: Sequence[Delivery]) -> Report:
    company, customer = read_company(files), read_customer(files, order.customer)
    mark = stamp(files.root)
    return Report(
        orders=(order.number,),
        made_on=today(company.time_zone),
        po=po_of(order, customer),
        customer=order.customer,
        title=order.title,
        seller=seller_of(company),
        buyer=buyer_of(customer),
        parts=tuple(_parts(order, rows)),
        commit=mark.commit,
        program=mark.program,
    )


def _parts(order: Order, rows: Sequence[Delivery]) -> Iterator[Part]:
    for line in order.lines:
        mine = worked_of(one for one in rows if one.line == line.id)
        if mine and (line.takes_hours or line.charge == "expense"):
            yield Part(source=order.ref(line), name=line.name, rows=mine)
