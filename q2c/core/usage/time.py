"""Working time: rows of time sheets, whose order lines they are, and the deliveries they make."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Place, Refused, nearest
from q2c.core.money import Money
from q2c.core.order import Delivery, Order, OrderLine, checked_after
from q2c.core.trace import Paper
from q2c.core.usage.staff import Person, Project, Projects, Staff, folded

Exchanging = Callable[[Money, str, date], Money]


class TimeRow(Struct, frozen=True, kw_only=True):
    """So many hours that a person worked on a day, or what was paid for a customer.

    It names its order, or client, project, task and tags as a program writes them. `id` is the
    program's own, `start` the time of day where the program knows it.
    """

    date: date
    order: str = ""
    line: str = ""
    person: str
    hours: Decimal = Decimal(0)
    note: str = ""
    client: str = ""
    project: str = ""
    task: str = ""
    tags: tuple[str, ...] = ()
    start: str = ""
    id: str = ""
    billable: bool = True
    paid: Money | None = None
    receipt: str = ""
    place: Place | None = None


class Yard(Struct, frozen=True, kw_only=True):
    """All that rows are held against: orders, people, projects, exchange, receipts by name."""

    orders: Mapping[str, Order]
    staff: Staff = Staff()
    projects: Projects = Projects()
    exchanged: Exchanging | None = None
    receipts: Mapping[str, Paper] = {}


def keyed(rows: Iterable[TimeRow]) -> list[tuple[str, TimeRow]]:
    """Give each row its key: the program's own, or its content and which of equal rows it is.

    The same file read again gives the same keys, so that no row counts twice; it is what the
    program wrote that counts, whatever order line that is for.
    """
    seen: Counter[str] = Counter()
    keys = []
    for row in rows:
        content = "\x1f".join(_said(row))
        seen[content] += 1
        digest = sha256(f"{content}\x1f{seen[content]}".encode()).hexdigest()
        keys.append((digest[:24], row))
    return keys


def _said(row: TimeRow) -> list[str]:
    if row.id:
        return ["id", row.id]
    hours = f"{row.hours.normalize():f}"
    said = [str(row.date), row.order, row.line, row.person, hours, row.note]
    more = [row.client, row.project, row.task, *row.tags, row.start]
    paid = [str(row.paid), row.receipt] if row.paid else []
    return [*said, *more, *paid] if any(more) or paid else said


def as_deliveries(
    rows: Sequence[TimeRow], yard: Yard, earlier: Mapping[str, Sequence[Delivery]]
) -> dict[str, list[Delivery]]:
    """Turn rows into new deliveries by order; refuse with the faults of all rows.

    Rows that are recorded already are left out.
    """
    new: dict[str, list[Delivery]] = {}
    faults: list[Fault] = []
    recorded = {delivery.key for known in earlier.values() for delivery in known}
    so_far: dict[tuple[str, str], Decimal] = {}
    for number, known in earlier.items():
        for one in known:
            ref = (number, one.line)
            so_far[ref] = so_far.get(ref, Decimal(0)) + one.quantity
    people = yard.staff.by_name
    for key, row in keyed(rows):
        if key in recorded:
            continue
        try:
            order, delivery = _delivery(row, key, yard, people)
            ref = (order.number, delivery.line)
            before = so_far.get(ref, Decimal(0))
            new.setdefault(order.number, []).append(checked_after(order, before, delivery))
            so_far[ref] = before + delivery.quantity
        except Refused as refused:
            faults += [Fault(f.code, f.message, row.place, f.remedy) for f in refused.faults]
    if faults:
        raise Invalid(*counted(faults))
    return new


def counted(faults: Iterable[Fault]) -> list[Fault]:
    """Tell a fault that many rows have once, at the first of them, with how many there are."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.code, fault.message), []).append(fault)
    return [
        replace(same[0], message=f"{same[0].message} ({len(same)} rows.)")
        if len(same) > 1
        else same[0]
        for same in groups.values()
    ]


def _delivery(
    row: TimeRow, key: str, yard: Yard, people: Mapping[str, Person]
) -> tuple[Order, Delivery]:
    """Make the delivery of a row: whose work it is, of which line of which order."""
    person = _person(row, people)
    role = person.role_on(row.date) if person else ""
    order, line, project = _placed(row, yard, role)
    delivery = Delivery(
        date=row.date,
        line=line.id,
        quantity=row.hours,
        note=row.note,
        person=person.name if person else row.person,
        staff=person.id if person else "",
        role=role,
        project=project,
        key=key,
    )
    if row.paid is None:
        return order, delivery
    paid = row.paid
    if paid.currency != order.currency:
        assert yard.exchanged, "whoever reads expenses of other currencies has their rates"
        paid = yard.exchanged(paid, order.currency, row.date)
    receipt = yard.receipts.get(row.receipt)
    return order, replace(delivery, quantity=paid.amount, paid=row.paid, receipt=receipt)


def _person(row: TimeRow, people: Mapping[str, Person]) -> Person | None:
    """Find the person of a row; where no staff is written down, names are as they come."""
    if not people:
        return None
    found = people.get(folded(row.person))
    if found is None:
        message = f"'{row.person}' is nobody in staff.yaml."
        names = dict.fromkeys(one.name for one in people.values())
        remedy = f"{nearest(row.person, names)} Or add  - {{id: …, name: {row.person}}}".strip()
        raise Invalid(Fault("unknown-person", message, remedy=remedy))
    return found


def _placed(row: TimeRow, yard: Yard, role: str) -> tuple[Order, OrderLine, str]:
    """Find the order and line of a row, and its project: as it says itself, else as is mapped."""
    project = None if row.order else _project(row, yard.projects)
    number = project.order if project else row.order
    order = yard.orders.get(number)
    if order is None:
        message = f"There is no order '{number}'."
        raise Invalid(Fault("unknown-order", message, remedy=nearest(number, yard.orders)))
    named = row.project or (project.name if project else "")
    line = row.line or (_of_project(project, role, row) if project else "")
    if row.paid is not None:
        return order, _expense_line(order, row.line), named
    found = order.line(line) if line else _only_hourly(order)
    if not found.takes_hours and found.charge == "expense":
        message = f"{order.ref(found)} is for expenses, and the row has hours."
        raise Invalid(Fault("which-line", message, remedy="Name the line of the hours."))
    return order, found, named


def _project(row: TimeRow, projects: Projects) -> Project:
    found = projects.of(row.client, row.project, row.task, row.tags)
    said = {"client": row.client, "project": row.project, "task": row.task}
    told = ", ".join(f"{key} '{name}'" for key, name in said.items() if name)
    told = told or (f"tags {', '.join(row.tags)}" if row.tags else "no project")
    if not found:
        most = {key: name for key, name in said.items() if key != "task" or not row.project}
        named = ", ".join(f"{key}: {_quoted(name)}" for key, name in most.items() if name)
        named = named or f"project: {_quoted(row.tags[0] if row.tags else '…')}"
        message = f"Nothing in projects.yaml says which order {told} is for."
        remedy = f"Add  - {{{named}, order: O-…}}"
        raise Invalid(Fault("unknown-project", message, remedy=remedy))
    if len(found) > 1:
        orders = ", ".join(dict.fromkeys(one.order for one in found))
        message = f"In projects.yaml {told} is {len(found)} projects, for {orders}."
        raise Invalid(Fault("which-project", message, remedy="Let one of them name more."))
    return found[0]


def _quoted(name: str) -> str:
    """Write a name as YAML takes it inside braces."""
    plain = name.replace(" ", "").replace("-", "").isalnum() and not name[:1].isdigit()
    return name if plain or name == "…" else '"' + name.replace('"', '\\"') + '"'


def _of_project(project: Project, role: str, row: TimeRow) -> str:
    """Give the line of a project, or the one for the role of the person."""
    if role in project.roles:
        return project.roles[role]
    if project.roles and not project.line:
        said = f"is {role}" if role else "has no role"
        message = f"On {row.date} {row.person} {said}, and {project.order} has no line for that."
        remedy = f"Its project has lines for {', '.join(project.roles)}; write 'line' for others."
        raise Invalid(Fault("no-role-line", message, remedy=remedy))
    return project.line


def _expense_line(order: Order, line: str) -> OrderLine:
    """Find the line of an expense: the one that is named, or the only one there is."""
    found = [order.line(line)] if line else [one for one in order.lines if one.charge == "expense"]
    if len(found) != 1 or found[0].charge != "expense":
        count = sum(one.charge == "expense" for one in order.lines)
        message = f"Order {order.number} has {count} lines for expenses, so the row must say which."
        raise Invalid(Fault("which-line", message, remedy="Fill the column 'line'."))
    return found[0]


def _only_hourly(order: Order) -> OrderLine:
    hourly = [line for line in order.lines if line.takes_hours]
    if len(hourly) != 1:
        message = f"Order {order.number} has {len(hourly)} hourly lines, so the row must say which."
        raise Invalid(Fault("which-line", message, remedy="Fill the column 'line'."))
    return hourly[0]
