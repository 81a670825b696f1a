"""q2c contract list, show and render: what was agreed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import At
from q2c.commands.contracts.standing import Course, Number, course_of, day_of
from q2c.commands.desk import read_look, save, tree
from q2c.commands.orders.changed import said
from q2c.commands.output import say, table
from q2c.commands.plain import fields_of
from q2c.core.contract import Contract
from q2c.core.period import Day
from q2c.core.signature import SigningEvent
from q2c.store.changes import read_changes
from q2c.store.orders import numbers, read_contract, read_order
from q2c.store.tree import Tree

# Markdown takes a sign behind a backslash as it stands; a terminal shows only the sign.
_MARKED = re.compile(r"\\([^\w\s])")


def list_contracts(at: At = "") -> None:
    """List the contracts.

    Example: q2c contract list
    """
    files = tree(at)
    rows = [_row(course_of(files, number)) for number in numbers(files, "contracts")]
    table(rows, ("number", "customer", "agreed_on", "last_day", "net", "signing"))


def _row(course: Course) -> dict[str, object]:
    contract = course.contract
    return {
        **course.row(day_of(course)),
        "number": contract.number,
        "customer": contract.buyer.id,
        "title": contract.title,
        "agreed_on": contract.agreed_on,
        "net": contract.net,
        "first_day": contract.term.first if contract.term else None,
        "last_day": contract.term.last if contract.term else None,
        "order": contract.order,
        "source": contract.source,
    }


def show_contract(number: Number, at: At = "") -> None:
    """Show a contract with its clauses.

    Example: q2c contract show C-2026-0001
    """
    files = tree(at)
    course = course_of(files, number)
    contract, on = course.contract, day_of(course)
    changes = list(_changes(files, contract))
    row = {**fields_of(contract), **course.row(on), "net": contract.net, "changes": changes}
    row["events"] = [fields_of(event) for event in course.events]
    say(row, _told(course, changes, on))


def _changes(files: Tree, contract: Contract) -> Iterator[dict[str, object]]:
    """Say what was agreed otherwise since, as notes to the contract."""
    for change in read_changes(files, contract.order):
        told = said(read_order(files, contract.order), change)
        yield {"date": change.date, "line": change.line, "told": told, "note": change.note}


def _told(course: Course, changes: Sequence[Mapping[str, object]], on: Day) -> str:
    contract = course.contract
    rows = [
        ("agreed on", str(contract.agreed_on)),
        ("by", contract.accepted_by),
        ("order number", contract.po),
        ("term", str(contract.term or "")),
        ("from", contract.source),
        ("order", contract.order),
        ("evidence", contract.evidence and f"sha256 {contract.evidence}"),
        ("clauses", f"{contract.template}, sha256 {contract.template_sha256[:12]}"),
        ("net", str(contract.net)),
        ("signing", "" if course.state(on) == "unsigned" else course.told(on)),
        *((event.kind, _happened(event)) for event in course.events),
        *((f"from {one['date']}", _note(one)) for one in changes),
    ]
    head = f"{contract.number}  {contract.buyer.name}"
    lines = [f"  {label:14} {value}" for label, value in rows if value]
    own = [part for clause in contract.clauses for part in ("", clause.text.rstrip())]
    return "\n".join([head, *lines, "", _MARKED.sub(r"\1", contract.words), *own])


def _happened(event: SigningEvent) -> str:
    """Tell an event in a line: the day, who and for whom, what was said."""
    last = f"until {event.expires}" if event.expires else ""
    parts = (str(event.date), event.by, " and ".join(event.roles), event.level, last, event.reason)
    return ", ".join(filter(None, parts))


def _note(change: Mapping[str, object]) -> str:
    words = (f"line {change['line']}: {change['told']}", change["note"])
    return ", ".join(str(word) for word in words if word)


def render_contract(
    number: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the PDF goes.")],
    at: At = "",
) -> None:
    """Draw a contract as a PDF.

    Example: q2c contract render C-2026-0001 --out contract.pdf
    """
    from q2c.documents.contract import contract_pdf

    files = tree(at)
    contract = read_contract(files, number)
    data = contract_pdf(contract, read_look(files, contract.look))
    say({"number": number, "file": str(out)}, save(out, data))
