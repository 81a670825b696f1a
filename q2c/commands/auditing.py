"""The whole audit: the ledger by itself, against its documents, and against git."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from q2c.core.entry import Role
from q2c.core.fault import Fault, Place, Refused
from q2c.core.invoice import Invoice, faults_of
from q2c.core.posting import NONE, Balance, Balances, credit_entry, invoice_entry
from q2c.store.audit import audit
from q2c.store.detached import head_faults
from q2c.store.invoices import document_path
from q2c.store.ledger import ISSUED, Ledger, Record, read_ledger
from q2c.store.master import read_company
from q2c.store.papers import thawed
from q2c.store.tree import CommitTree, Tree
from q2c.store.volumes import volumes

RESTORE = "Bring the ledger back from git."


class Anchor(Struct, frozen=True):
    """What outside of the ledger's own files vouches for it."""

    told: str
    faults: tuple[Fault, ...] = ()


def everything(files: Tree) -> tuple[int, list[Fault]]:
    """Audit the ledger, then every document against its entry; say how many entries there are."""
    company = read_company(files)
    patterns = (company.series.invoice, company.series.credit)
    faults = audit(files, company.currency, patterns)
    if faults:
        return 0, faults
    ledger = read_ledger(files)
    return len(ledger.records), list(_documents(files, ledger))


def signed_heads(files: Tree) -> Anchor:
    """Hold the signed heads of the ledger against it, and say how far which signature reaches."""
    found, faults = head_faults(files, read_ledger(files))
    last = {one.by: one.file for one in found if one.by}
    told = [_reach(by, int(Path(name).stem) + 1) for by, name in last.items()]
    return Anchor(" ".join(told), tuple(faults))


def _reach(by: str, count: int) -> str:
    return (
        f"The first {count} are signed by {by}." if count > 1 else f"The first is signed by {by}."
    )


def _documents(files: Tree, ledger: Ledger) -> Iterator[Fault]:
    """Make every entry of a document anew, on the balances of its time, and compare."""
    balances: dict[tuple[Role, str], Balance] = {}
    for record in ledger.records:
        if record.kind in ISSUED:
            yield from _document(files, ledger, record, balances)
        for posting in record.postings:
            for name in (posting.line, posting.item if posting.role == "receivable" else ""):
                if name:
                    old = balances.get((posting.role, name), NONE)
                    balances[posting.role, name] = old.after(posting)


def _document(files: Tree, ledger: Ledger, record: Record, balances: Balances) -> Iterator[Fault]:
    name = document_path(record)
    try:
        invoice = thawed(files.read(name), Invoice, name)
    except Refused as refused:
        yield from refused.faults
        return
    for fault in faults_of(invoice):
        yield Fault(fault.code, fault.message, Place(name), fault.remedy)
    make = invoice_entry if invoice.kind == "invoice" else credit_entry
    made = make(invoice, record.documents, balances)
    facts = (
        *("id", "kind", "date", "period", "party", "number", "note"),
        *("keys", "released", "plan", "postings"),
    )
    odd = [fact for fact in facts if getattr(made, fact) != getattr(record, fact)]
    if odd:
        message = f"{record.number} posts otherwise than {name} says: {', '.join(odd)}."
        remedy = "Bring the file back from git, where it stands as q2c wrote it."
        yield Fault("entry-not-of-document", message, ledger.place(record), remedy)


def anchor(root: Path, files: Tree) -> Anchor:
    """Compare the ledger with that of the upstream branch, or else of the last commit.

    A chain alone does not show that its last lines are gone, or that all of it was made anew.
    """
    for rev, name in (("@{upstream}", "the upstream branch"), ("HEAD", "the last commit")):
        try:
            there = CommitTree(root, rev)
        except Refused:
            continue
        known = volumes(there)
        if known:
            return _compared(name, there, files, known)
    return Anchor("Nothing outside of these files vouches for them: commit and push the ledger.")


def _compared(name: str, there: CommitTree, files: Tree, known: list[str]) -> Anchor:
    at, count, faults = there.commit[:12], 0, []
    for path, data in there.read_all(known):
        count += data.count(b"\n")
        if not (files.exists(path) and files.read(path).startswith(data)):
            message = f"Lines that {name} ({at}) has are gone or were made anew."
            faults.append(Fault("ledger-rewritten", message, Place(path), RESTORE))
    told = "The first stands" if count == 1 else f"The first {count} stand"
    return Anchor(f"{told} so in {name}, {at}.", tuple(faults))
