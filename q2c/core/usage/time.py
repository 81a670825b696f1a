"""Working time: rows of a time sheet, and the deliveries that they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place, Refused, nearest
from q2c.core.order import Delivery, Order, checked


class TimeRow(Struct, frozen=True, kw_only=True):
    """So many hours that a person worked on a day for a line of an order."""

    date: date
    order: str
    line: str = ""
    person: str
    hours: Decimal
    note: str = ""
    place: Place


def keyed(rows: Iterable[TimeRow]) -> list[tuple[str, TimeRow]]:
    """Give each row its key: its content, and which of equal rows it is.

    The same file read again gives the same keys, so that no row counts twice.
    """
    seen: Counter[str] = Counter()
    keys = []
    for row in rows:
        said = [
            str(row.date),
            row.order,
            row.line,
            row.person,
            f"{row.hours.normalize():f}",
            row.note,
        ]
        content = "\x1f".join(said)
        seen[content] += 1
        digest = sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest()
        keys.append((digest[:24], row))
    return keys


def as_deliveries(
    rows: Sequence[TimeRow], orders: Mapping[str, Order], earlier: Mapping[str, Sequence[Delivery]]
) -> dict[str, list[Delivery]]:
    """Turn rows into new deliveries by order; refuse with the faults of all rows.

    Rows that are recorded already are left out.
    """
    new: dict[str, list[Delivery]] = {}
    faults: list[Fault] = []
    recorded = {delivery.key for known in earlier.values() for delivery in known}
    for key, row in keyed(rows):
        if key in recorded:
            continue
        known = [*earlier.get(row.order, ()), *new.get(row.order, ())]
        try:
            new.setdefault(row.order, []).append(_delivery(row, key, orders, known))
        except Refused as refused:
            faults += [Fault(f.code, f.message, row.place, f.remedy) for f in refused.faults]
    if faults:
        raise Invalid(*faults)
    return new


def _delivery(
    row: TimeRow, key: str, orders: Mapping[str, Order], known: Sequence[Delivery]
) -> Delivery:
    order = orders.get(row.order)
    if order is None:
        message = f"There is no order '{row.order}'."
        raise Invalid(Fault("unknown-order", message, remedy=nearest(row.order, orders)))
    line = row.line or _only_hourly(order)
    delivery = Delivery(
        date=row.date, line=line, quantity=row.hours, note=row.note, person=row.person, key=key
    )
    return checked(order, known, delivery)


def _only_hourly(order: Order) -> str:
    hourly = [line.id for line in order.lines if line.charge == "hourly"]
    if len(hourly) != 1:
        message = f"Order {order.number} has {len(hourly)} hourly lines, so the row must say which."
        raise Invalid(Fault("which-line", message, remedy="Fill the column 'line'."))
    return hourly[0]
