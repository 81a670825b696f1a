"""What belongs to an invoice, a customer or a month: its files, and its lines of the ledger."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.invoice import Invoice
from q2c.core.period import read_month
from q2c.store.detached import HEADS
from q2c.store.invoices import look_path, read_invoice
from q2c.store.ledger import ISSUED, Ledger, Record
from q2c.store.master import customer_ids
from q2c.store.tags import SIGNERS
from q2c.store.tree import Tree
from q2c.store.volumes import volumes

_NUMBER = re.compile(r"[A-Z0-9-]*[0-9]+")


class Belonging(Struct, frozen=True, kw_only=True):
    """Files and lines of the ledger that prove something; `whole` where no line is left out."""

    documents: tuple[str, ...]
    names: tuple[str, ...]
    records: tuple[Record, ...]
    whole: bool = False


def belonging(files: Tree, ledger: Ledger, asked: str) -> Belonging:
    """Gather what belongs to an invoice with its credit notes, a customer, or a month."""
    if month := read_month(asked):
        key = f"{month.first:%Y-%m}"
        if records := [one for one in ledger.records if one.period == key]:
            return _gathered(files, ledger, records, whole=True)
        remedy = nearest(key, {one.period for one in ledger.records})
        raise Unknown(Fault("nothing-to-prove", f"The ledger has nothing of {key}.", remedy=remedy))
    if asked in ledger.by_number:
        return _gathered(files, ledger, list(_of_invoice(files, ledger, asked)))
    if asked in customer_ids(files):
        return _gathered(files, ledger, [one for one in ledger.records if one.party == asked])
    known = [*ledger.by_number, *customer_ids(files)]
    message = f"There is no invoice, customer or month {asked}."
    raise Unknown(Fault("nothing-to-prove", message, remedy=nearest(asked, known)))


def _of_invoice(files: Tree, ledger: Ledger, number: str) -> Iterator[Record]:
    """Yield the entries of an invoice, of its credit notes and of its payments."""
    asked = read_invoice(files, ledger.records, number)
    first = asked.original.number if asked.original else number
    for record in ledger.records:
        if record.number == first or any(one.item == first for one in record.postings):
            yield record


def _gathered(
    files: Tree, ledger: Ledger, records: Iterable[Record], *, whole: bool = False
) -> Belonging:
    found = list(records)
    issued = [one for one in found if one.kind in ISSUED]
    names = dict.fromkeys(name for one in issued for name in _around(files, ledger, one))
    if whole:
        names |= dict.fromkeys([*volumes(files), *files.walk(HEADS)])
    if files.exists(SIGNERS):
        names[SIGNERS] = None
    return Belonging(
        documents=tuple(one.number for one in issued),
        names=tuple(sorted(names)),
        records=ledger.records if whole else tuple(found),
        whole=whole,
    )


def _around(files: Tree, ledger: Ledger, record: Record) -> Iterator[str]:
    """Name the files of a document and all that it came from: look, order, contract, evidence."""
    invoice = read_invoice(files, ledger.records, record.number)
    beside = set(files.names(invoice.path.rpartition("/")[0]))
    yield from (name for name in sorted(beside) if name.startswith(f"{invoice.path}."))
    yield look_path(invoice.look)
    yield from (paper.path for paper in invoice.attachments)
    for order in filter(None, invoice.orders):
        yield from files.walk(f"orders/{order}")
    for contract in sorted(_contracts(invoice)):
        yield from files.walk(f"contracts/{contract}")


def _contracts(invoice: Invoice) -> set[str]:
    return {invoice.contract, *(section.contract for section in invoice.sections)} - {""}
