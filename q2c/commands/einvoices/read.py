"""q2c einvoice read: an e-invoice or order of somebody else, as XML or in a PDF file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from q2c.commands.einvoices.attachments import save_attachments
from q2c.commands.output import hint, say, table, warn
from q2c.commands.plain import Row, fields_of
from q2c.commands.received import received
from q2c.core.fault import Fault, Invalid, Refused

if TYPE_CHECKING:  # what an e-invoice says takes time to load
    from q2c.core.einvoice import Group
    from q2c.exchange.einvoice import Read

LIST = ("file", "kind", "number", "due_on", "seller", "payable", "currency")


def read_einvoices(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="XML (UBL, CII), or a PDF file with it.")
    ],
    *,
    attachments: Annotated[
        Path | None,
        typer.Option("--save-attachments", metavar="DIR", help="Where to write what is enclosed."),
    ] = None,
) -> None:
    """Show what an e-invoice or an order says: parties, lines, VAT, totals, how to pay.

    UBL invoices, credit notes and orders, CII, and PDF files that hold one (Factur-X, ZUGFeRD).
    Sums that do not agree are told. --json gives every term of EN 16931; of several files there
    is a row each.

    Example: q2c einvoice read F-2026-0001.xml
    """
    found = [(path, one) for path, one in _read(files)]
    for path, one in found:
        _warn(path, one, several=len(found) > 1)
    if len(found) == 1:
        from q2c.commands.einvoices.page import page

        path, one = found[0]
        say(_document(path, one), page(one))
    else:
        table([_row(path, one) for path, one in found], LIST)
    for path, one in found:
        if attachments:
            for told in save_attachments(one.terms, attachments, path.name):
                hint(told)


def _read(files: Sequence[Path]) -> Iterator[tuple[Path, "Read"]]:
    """Read every file before refusing any, so that one run tells every fault."""
    from q2c.exchange.einvoice import read

    good: list[tuple[Path, Read]] = []
    faults: list[Fault] = []
    for path in files:
        try:
            good.append((path, read(received(path), str(path))))
        except Refused as refused:
            if len(files) == 1:
                raise
            faults += refused.faults
    if faults:
        raise Invalid(*faults)
    yield from good


def _warn(path: Path, one: "Read", *, several: bool) -> None:
    """Tell what was not understood, and sums that do not agree."""
    from q2c.core.einvoice.figures import disagreements, unsaid

    before = f"{path}: " if several else ""
    for remark in (*one.remarks, *unsaid(one.terms), *disagreements(one.terms)):
        warn(f"{before}{remark}.")


def _document(path: Path, one: "Read") -> Row:
    """Give everything of one file: what it is, its main figures, and its terms."""
    from q2c.core.einvoice.figures import figures

    return {
        "file": str(path),
        "kind": one.kind,
        "syntax": one.syntax,
        "profile": one.terms.get("BT-24", ""),
        "embedded": one.embedded,
        **fields_of(figures(one.terms)),
        "skipped": one.skipped,
        "terms": _plain(one.terms),
    }


def _plain(terms: "Group") -> Mapping[str, object]:
    """Give terms by their numbers in order, files in base64."""
    from base64 import b64encode

    return {
        term: b64encode(value).decode("ascii")
        if isinstance(value, bytes)
        else [_plain(one) for one in value]
        if isinstance(value, tuple)
        else value
        for term, value in sorted(terms.items(), key=_placed)
    }


def _placed(item: tuple[str, object]) -> tuple[str, list[int]]:
    kind, *numbers = item[0].split("-")
    return kind, [int(number) for number in numbers]


def _row(path: Path, one: "Read") -> Row:
    row = dict(_document(path, one))
    seller = row["seller"]
    return {**row, "seller": getattr(seller, "name", "")}
