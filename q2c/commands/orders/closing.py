"""q2c order close: nothing more is delivered on account of an order."""

from typing import Annotated

import typer

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk
from q2c.commands.orders.changed import change_told
from q2c.commands.orders.named import Number
from q2c.commands.orders.recording import marked, stamped
from q2c.commands.output import following, say
from q2c.commands.words import read_note
from q2c.core.billing import come
from q2c.core.subscription.closing import closing
from q2c.store.changes import change_lines, changes_path, read_changes
from q2c.store.master import read_company
from q2c.store.orders import order_path, read_deliveries, read_order
from q2c.store.writing import Change as Writing


def close_order(
    number: Number,
    reason: Annotated[
        str,
        typer.Option("--reason", parser=read_note, metavar="TEXT", help="Why no more is to come."),
    ],
    *,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Close an order whose hours ended below what was agreed: it is owed as far as delivered.

    Its final invoice falls due. A fixed price that is not delivered keeps an order open.

    Example: q2c order close O-2026-0001 --reason "Done in fewer hours"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        order, mark = read_order(work.tree, number), marked(work)
        on = today(read_company(work.tree).time_zone, day)
        earlier = read_changes(work.tree, number)
        deliveries = come(order, read_deliveries(work.tree, number), on)
        asked = closing(order, deliveries, earlier, on, reason)
        new = [stamped(one, mark) for one in asked]
        lines = {changes_path(number): change_lines(earlier, new)}
        told = work.write(Writing(appended=lines), f"Close {number}", [order_path(number)])
    said = [f"{number}: {change_told(order, one)}" for one in new]
    say({"order": number, "changes": new}, "\n".join([*said, told]))
    if not dry_run:
        following(f"q2c invoice plan --customer {order.customer}")
