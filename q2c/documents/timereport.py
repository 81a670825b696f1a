"""Time reports: the hours behind an invoice or of an order, as pages and as rows."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import chain

from msgspec import Struct

from q2c.core.invoice import Invoice
from q2c.core.party import Party, Seller
from q2c.core.period import Period
from q2c.core.usage.worked import Worked
from q2c.documents.draw import drawn
from q2c.documents.language import Language, day, money, number, period, unit
from q2c.documents.look import Look
from q2c.documents.parts import block, facts, footer, info
from q2c.documents.sheet import Column, Row, Sheet, Table

ZERO = Decimal(0)
SHORT = 20  # so many rows of sums stand on one page
FIELDS = ("date", "order_line", "person", "role", "project", "note", "hours", "paid", "currency")


class Part(Struct, frozen=True, kw_only=True):
    """What was worked for one line: its name, how much of it is charged, and the rows."""

    source: str
    name: str
    unit: str = ""
    charged: Decimal | None = None
    rows: tuple[Worked, ...]


class Report(Struct, frozen=True, kw_only=True):
    """Everything that a time report says; of an order that is not invoiced `invoice` is empty."""

    invoice: str = ""
    orders: tuple[str, ...]
    made_on: date
    po: str = ""
    customer: str
    title: str = ""
    seller: Seller
    buyer: Party
    parts: tuple[Part, ...]
    commit: str = ""
    program: str = ""

    @property
    def rows(self) -> list[Worked]:
        """The rows of all parts."""
        return [row for part in self.parts for row in part.rows]


def report_of(invoice: Invoice) -> Report:
    """Take from an invoice what its time report says."""
    return Report(
        invoice=invoice.number,
        orders=invoice.orders,
        made_on=invoice.issued_on,
        po=invoice.po,
        customer=invoice.customer,
        title=invoice.title,
        seller=invoice.seller,
        buyer=invoice.buyer,
        parts=tuple(
            Part(
                source=line.source,
                name=", ".join(filter(None, (line.name, line.text.rpartition("\n")[2]))),
                unit=line.unit,
                charged=line.quantity,
                rows=line.worked,
            )
            for line in invoice.lines
            if line.worked
        ),
        commit=invoice.commit,
        program=invoice.program,
    )


def report_pdf(report: Report, look: Look) -> bytes:
    """Draw a time report."""
    return drawn(report_sheet(report, look), look)


def report_csv(report: Report) -> bytes:
    """Write a time report as comma-separated values, a row for each that was recorded."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    for part in report.parts:
        for row in part.rows:
            paid = (str(row.paid.amount), row.paid.currency) if row.paid else ("", "")
            hours = "" if row.paid else f"{row.hours:f}"
            words = map(_harmless, (row.person, row.role, row.project, row.note))
            writer.writerow((row.date, part.source, *words, hours, *paid))
    return text.getvalue().encode()


def _harmless(text: str) -> str:
    """Give a text that no spreadsheet reads as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def report_sheet(report: Report, look: Look) -> Sheet:
    """Write out everything that a time report says."""
    lang = look.language
    title = lang.say("time_report")
    named = report.invoice or ", ".join(report.orders)
    return Sheet(
        info=info(look, f"{title} {named}", report.made_on, report),
        title=title,
        number=named,
        sender=report.seller.name,
        facts=facts(lang, _facts(lang, report)),
        parties=(block(lang, report.buyer, report.seller.address.country),),
        subject=report.title,
        table=_table(lang, report),
        blocks=tuple(_sums(lang, report.rows)),
        footer=footer(look, report.seller, report.buyer),
        page=lang.say("page"),
    )


def _facts(lang: Language, report: Report) -> Iterator[tuple[str, str]]:
    days = [row.date for row in report.rows] or [report.made_on]
    yield "time_days", period(lang, Period(min(days), max(days)))
    yield "time_invoice", report.invoice
    yield "customer_number", report.customer
    yield "your_reference", report.buyer.reference
    yield "your_order", report.po
    yield "our_order", ", ".join(report.orders)
    yield "our_reference", report.seller.reference


def _table(lang: Language, report: Report) -> Table:
    """Write the rows below the names of their lines, each line with its sum."""
    projects = len({row.project for row in report.rows if row.project}) > 1
    spent = any(row.paid for row in report.rows)
    names = ["date", "person", *(["project"] if projects else []), "what", "hours"]
    names += ["spent"] if spent else []
    clock = clocked(report.rows)
    rows = chain.from_iterable(_part(lang, part, names, clock=clock) for part in report.parts)
    return Table(
        columns=tuple(
            Column(lang.say(f"column_{name}"), right=name in _RIGHT, gives_way=name == "what")
            for name in names
        ),
        rows=tuple(rows),
    )


_RIGHT = frozenset({"hours", "spent"})
_CELLS: dict[str, Callable[[Language, Worked, bool], str]] = {
    "date": lambda lang, row, _: day(lang, row.date),
    "person": lambda _, row, __: row.person,
    "project": lambda _, row, __: row.project,
    "what": lambda _, row, __: row.note,
    "hours": lambda lang, row, clock: "" if row.paid else told(lang, row.hours, clock=clock),
    "spent": lambda lang, row, _: money(lang, row.paid) if row.paid else "",
}


def _part(lang: Language, part: Part, names: Sequence[str], *, clock: bool) -> Iterator[Row]:
    yield Row(cells=(part.name, *[""] * (len(names) - 1)), heading=True, keeps=True)
    for row in part.rows:
        yield Row(cells=tuple(_CELLS[name](lang, row, clock) for name in names))
    hours = _hours(part.rows)
    if not hours:
        return
    said = {"what": lang.say("time_sum"), "hours": told(lang, hours, clock=clock)}
    yield Row(
        cells=tuple(said.get(name, "") for name in names),
        notes=_charged(lang, part, hours),
        strong=True,
    )


def _charged(lang: Language, part: Part, hours: Decimal) -> tuple[str, ...]:
    """Say how many hours are charged where that is not how many were worked."""
    if part.charged is None or part.charged == hours:
        return ()
    quantity = number(lang, part.charged)
    return (lang.say("time_charged", quantity=quantity, unit=unit(lang, part.unit, part.charged)),)


def clocked(rows: Iterable[Worked]) -> bool:
    """Say whether hours are what a clock measured: no hundredths, but minutes."""
    return any(row.hours != round(row.hours, 2) for row in rows)


def told(lang: Language, hours: Decimal, *, clock: bool) -> str:
    """Write hours: as 7.50, or as 6:10 by the clock."""
    if not clock:
        return number(lang, hours, 2)
    minutes, seconds = divmod(round(hours * 3600), 60)
    shown = f"{minutes // 60}:{minutes % 60:02}"
    return f"{shown}:{seconds:02}" if seconds else shown


def _hours(rows: Iterable[Worked]) -> Decimal:
    return sum((row.hours for row in rows), ZERO)


def _sums(lang: Language, rows: Sequence[Worked]) -> Iterator[Table]:
    """Add the hours up by person, and by project where there are any."""
    worked = [row for row in rows if not row.paid]
    clock = clocked(worked)
    people, projects = _by(worked, lambda row: row.person), _by(worked, lambda row: row.project)
    if people:
        yield _sum_table(lang, "person", people, clock=clock)
    if any(projects):
        yield _sum_table(lang, "project", projects, clock=clock)


def _by(rows: Iterable[Worked], name: Callable[[Worked], str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        found[name(row)] = found.get(name(row), ZERO) + row.hours
    return dict(sorted(found.items()))


def _sum_table(lang: Language, what: str, sums: dict[str, Decimal], *, clock: bool) -> Table:
    rows = [
        Row(cells=(name or "–", told(lang, hours, clock=clock)), keeps=len(sums) <= SHORT)
        for name, hours in sums.items()
    ]
    total = told(lang, sum(sums.values(), ZERO), clock=clock)
    return Table(
        columns=(
            Column(lang.say(f"column_{what}"), gives_way=True),
            Column(lang.say("column_hours"), right=True),
        ),
        rows=(*rows, Row(cells=(lang.say("time_sum"), total), strong=True)),
        title=lang.say(f"time_by_{what}"),
    )
