"""q2c invoice einvoice: an issued document as the e-invoice of any format."""

import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from q2c.commands.books import read_books
from q2c.commands.call import At, call
from q2c.commands.desk import save, tree
from q2c.commands.invoices.invoice import Number
from q2c.commands.invoices.making import xml_of
from q2c.commands.output import hint, say
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Invalid, Misused, nearest
from q2c.core.invoice import Invoice
from q2c.store.invoices import read_invoice
from q2c.store.papers import refuse_changed
from q2c.store.tree import Tree

if TYPE_CHECKING:  # what an e-invoice says takes time to load
    from q2c.core.einvoice import Form


def einvoice_invoice(
    number: Number,
    *,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="ubl, peppol, xrechnung, cii, xrechnung-cii or factur-x.",
        ),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether it would be refused.")
    ] = False,
    at: At = "",
) -> None:
    """Write an issued invoice or credit note as an e-invoice, or say why it would be refused.

    In the format that it was issued for if no other is named, else as plain UBL. Without --out
    it goes to standard output. Factur-X is the PDF where FILE ends with .pdf, else its XML.

    Example: q2c invoice einvoice F-2026-0001 --format peppol --out F-2026-0001.xml
    """
    files = tree(at)
    books = read_books(files)
    found = read_invoice(files, books.records, number)
    named = form_of(form or found.einvoice)
    data = _written(found, named, enclosed(files, found))
    if out and out.suffix.lower() == ".pdf" and named == "factur-x":
        data = _drawn(files, books.ledger.by_number[number])
    told = {"number": number, "format": named, "bytes": len(data)}
    if check:
        say(told, f"{number} passes the rules of {named}.")
    elif out:
        where = save(out, data)
        say({**told, "file": str(out), "sha256": sha256(data).hexdigest()}, where)
    elif call().machine:
        say({**told, "xml": data.decode()})
    else:
        sys.stdout.write(data.decode())
        hint(f"{number} as {named}; it passes its rules.")


def _written(invoice: Invoice, form: "Form", contents: Mapping[str, bytes]) -> bytes:
    """Write an issued document as an e-invoice; where a file lacks something, say what helps."""
    try:
        return xml_of(invoice, form, contents)
    except Invalid as refused:
        raise Invalid(*(_anew(fault, invoice) for fault in refused.faults)) from None


def _anew(fault: Fault, invoice: Invoice) -> Fault:
    """Tell that what is written into a file now is said by the next document, not by this one."""
    if not fault.remedy.startswith("Write "):
        return fault
    kept = f"{invoice.number} keeps what it was issued with."
    if not invoice.original:
        kept += f" Issue it anew: q2c invoice reissue {invoice.number} --reason WHY"
    return replace(fault, remedy=f"{fault.remedy}\n{kept}")


def _drawn(files: Tree, entry: Entry) -> bytes:
    """Give the PDF of an issued document, which has its Factur-X inside."""
    pdf = next(one for one in entry.documents if one.path.endswith(".pdf"))
    refuse_changed(files, [pdf])
    return files.read(pdf.path)


def form_of(name: str) -> "Form":
    """Find a format by its name; where none is asked for it is plain UBL."""
    from q2c.core.einvoice import FORMS

    if name in ("", "none"):
        return "ubl"
    for form in FORMS:
        if form == name:
            return form
    message = f"There is no format '{name}' of e-invoices."
    raise Misused(Fault("usage", message, remedy=nearest(name, FORMS)))


def enclosed(files: Tree, invoice: Invoice) -> dict[str, bytes]:
    """Read what goes along with an invoice; refuse what is not as it was when it was issued."""
    refuse_changed(files, invoice.attachments)
    found = {one.path: files.read(one.path) for one in invoice.attachments}
    report = f"{invoice.path}.time.{invoice.time_report}"
    if invoice.time_report and files.exists(report):
        found[report] = files.read(report)
    return found
