"""Recording changes of an order: what each does is told before it is written."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.desk import Desk, Stamp, stamp
from q2c.commands.orders.changed import said
from q2c.commands.plain import fields_of
from q2c.core.billing import Due, delivery_key
from q2c.core.billing.revising import due_when_changed
from q2c.core.fault import Fault, Stale
from q2c.core.money import Money
from q2c.core.order import Order
from q2c.core.subscription import Change, Effect, changes_of, effect
from q2c.core.subscription import checked as checked_change
from q2c.core.subscription.wording import Tongue
from q2c.store.changes import change_lines, changes_path, read_changes
from q2c.store.ledger import read_ledger
from q2c.store.orders import order_path, read_deliveries
from q2c.store.tree import Tree


class Recorded(Struct, frozen=True):
    """A change with what it does: to a whole billing period, and to what was billed before."""

    order: Order
    change: Change
    effect: Effect
    dues: tuple[Due, ...]


def recorded(
    files: Tree,
    order: Order,
    asked: Sequence[Change],
    mark: Stamp,
    known_keys: Collection[str] | None = None,
) -> list[Recorded]:
    """Check changes one after the other, and work out what each does."""
    earlier: list[Change] = list(read_changes(files, order.number))
    billed = read_ledger(files).by_key if known_keys is None else known_keys
    found = list[Recorded]()
    for one in asked:
        known = changes_of(earlier, one.line)
        new = stamped(checked_change(order, known, one), mark)
        _refuse_billed(files, order, new, billed)
        line, at = order.line(one.line), (max(one.date, _today(mark)), Tongue())
        every = line.every is not None
        dues = due_when_changed(line, order.ref(line), [*known, new], billed, at) if every else ()
        fresh = tuple(due for due in dues if ">" in due.keys[0].rpartition("@")[2])
        found.append(Recorded(order, new, effect(line, known, new), fresh))
        earlier.append(new)
    return found


def _refuse_billed(files: Tree, order: Order, new: Change, billed: Collection[str]) -> None:
    """Refuse another price for hours that are invoiced already."""
    line = order.line(new.line)
    if line.charge != "hourly":
        return
    for place, delivery in enumerate(read_deliveries(files, order.number)):
        mine = delivery.line == line.id and delivery.date >= new.date
        if mine and delivery_key(order, line, place) in billed:
            message = f"Hours of {order.ref(line)} from {new.date} on are invoiced already."
            remedy = f"Let the price hold from a day after {delivery.date}, or credit the invoice."
            raise Stale(Fault("hours-billed", message, remedy=remedy))


def _today(mark: Stamp) -> date:
    return date.fromisoformat(mark.recorded[:10])


def stamped(change: Change, mark: Stamp) -> Change:
    """Write into a change who recorded it, when and how."""
    return replace(
        change,
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


def written(work: Desk, found: Sequence[Recorded], subject: str) -> str:
    """Write changes to the files of their orders; say in words what was done."""
    from q2c.store.writing import Change as Writing

    by_order: dict[str, list[Change]] = {}
    for one in found:
        by_order.setdefault(one.order.number, []).append(one.change)
    lines = {
        changes_path(number): change_lines(read_changes(work.tree, number), changes)
        for number, changes in by_order.items()
    }
    also = [order_path(number) for number in by_order]
    return work.write(Writing(appended=lines), subject, also)


def marked(work: Desk) -> Stamp:
    """Say who records changes here, when and on which commit."""
    return stamp(work.root)


def row(one: Recorded) -> dict[str, object]:
    """Give a change and what it does as values."""
    return {
        **fields_of(one.change),
        "order": one.order.number,
        "told": said(one.order, one.change),
        "period_was": one.effect.was,
        "period": one.effect.now,
        "monthly_was": one.effect.monthly_was,
        "monthly": one.effect.monthly,
        "due": [_due_row(due) for due in one.dues],
    }


def _due_row(due: Due) -> dict[str, object]:
    return {
        "net": due.net,
        "service": due.service,
        "reduces": due.reduces,
        "told": due.steps[-1].rule,
    }


def told(found: Sequence[Recorded]) -> Iterator[str]:
    """Write what changes do: the price of a period before and after, what is due or goes back."""
    for one in found:
        order, change = one.order, one.change
        line = order.line(change.line)
        what = said(order, change)
        yield f"{order.ref(line)} {line.name}, from {change.date}: {what}"
        yield f"  {_prices(one)}"
        for (how, why), minor in _sums(one.dues).items():
            yield f"  {Money(minor, line.net.currency)} {how}: {why}"


def _sums(dues: Sequence[Due]) -> dict[tuple[str, str], int]:
    """Add up what falls due, or goes back of several charges, for the same days and reason."""
    sums: dict[tuple[str, str], int] = {}
    for due in dues:
        name = ("goes back" if due.reduces else "falls due", due.steps[-1].rule)
        sums[name] = sums.get(name, 0) + abs(due.net.minor)
    return sums


def _prices(one: Recorded) -> str:
    line, found = one.order.line(one.change.line), one.effect
    if found.monthly is None or found.monthly_was is None:
        return f"{found.was} a {line.unit} before, {found.now} for what is worked from then on"
    more = found.monthly - found.monthly_was
    sign = "+" if more.minor >= 0 else "−"
    change = f"{sign}{Money(abs(more.minor), more.currency)} a month"
    if found.was == found.now:
        return f"{found.now} a {line.every}, as before"
    by_month = "" if line.every == "month" else f"; {found.monthly} a month"
    return f"{found.was} a {line.every} before, {found.now} from then on{by_month} ({change})"
