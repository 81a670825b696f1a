"""Invoices, credit notes, plans and looks on disk."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

import msgspec

from q2c.core.claim import Plan
from q2c.core.entry import Entry
from q2c.core.fault import Fault, Invalid, Place, Unknown, nearest
from q2c.core.invoice import Invoice
from q2c.core.receivable import Dues
from q2c.store.papers import thawed
from q2c.store.tree import Tree


def look_path(digest: str) -> str:
    """Name the file of a frozen look by its SHA-256."""
    return f"looks/{digest[:16]}.json"


def read_invoice(tree: Tree, entries: Sequence[Entry], number: str) -> Invoice:
    """Read an invoice or credit note that the ledger has; refuse a number it has not."""
    entry = next((e for e in entries if e.number == number and e.documents), None)
    if entry is None:
        known = [e.number for e in entries if e.documents]
        message = f"There is no invoice {number} in the ledger."
        raise Unknown(Fault("no-such-invoice", message, remedy=nearest(number, known)))
    name = document_path(entry)
    return thawed(tree.read(name), Invoice, name)


def read_issued(tree: Tree, entries: Iterable[Entry]) -> Iterator[Invoice]:
    """Read the documents that some entries issued, as far as the tree has them."""
    paths = (document_path(entry) for entry in entries if entry.documents)
    for name, raw in tree.read_all([path for path in paths if tree.exists(path)]):
        yield thawed(raw, Invoice, name)


def read_dues(tree: Tree, entries: Sequence[Entry]) -> dict[str, Dues]:
    """Read when each invoice and credit note falls due, by number; nothing else of them."""
    paths = {document_path(entry): entry.number for entry in entries if entry.documents}
    decode = msgspec.json.Decoder(Dues).decode
    there = [path for path in paths if tree.exists(path)]  # a commit may have the entry alone
    return {paths[name]: decode(raw) for name, raw in tree.read_all(there)}


def document_path(entry: Entry) -> str:
    """Name the JSON file of the document that an entry issued."""
    return next(paper.path for paper in entry.documents if paper.path.endswith(".json"))


def credit_notes(tree: Tree, entries: Sequence[Entry], number: str) -> list[Invoice]:
    """Read the credit notes of an invoice, in their order."""
    notes = (
        read_invoice(tree, entries, entry.number)
        for entry in entries
        if entry.kind == "credit-note-issued" and any(p.item == number for p in entry.postings)
    )
    return list(notes)


def plan_id(plan: Plan) -> str:
    """Give the SHA-256 of a plan without its id."""
    bare = msgspec.structs.replace(plan, id="")
    return sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()


PLAN_AGAIN = "Make a new one: q2c invoice plan."


def read_plan(raw: bytes, name: str) -> Plan:
    """Read a plan; refuse one that was changed after it was made."""
    plan = thawed(raw, Plan, name)
    if plan_id(plan) != plan.id:
        message = "This plan was changed after it was made."
        raise Invalid(Fault("plan-changed", message, Place(name), PLAN_AGAIN))
    claims = all(one.charges and one.charges[0].keys for one in plan.claims)
    if not (claims and all(one.parts and one.parts[0].keys for one in plan.credits)):
        message = "This plan has a document that is for nothing."
        raise Invalid(Fault("document-broken", message, Place(name), PLAN_AGAIN))
    return plan
