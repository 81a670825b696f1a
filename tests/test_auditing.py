"""The audit: whoever forges the books with care is found by what the documents say."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from q2c.commands.auditing import anchor, everything
from q2c.core.entry import Entry
from q2c.core.fault import Fault
from q2c.core.invoice import Invoice
from q2c.core.money import Money
from q2c.core.trace import Paper
from q2c.store.chain import NO_HASH, sealed
from q2c.store.ledger import Record, read_ledger
from q2c.store.papers import frozen, thawed
from q2c.store.tree import WorkTree
from tests.office import Office, opened

FIRST = "invoices/2026/F-2026-0001.json"


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        office = opened(tmp_path_factory.mktemp("office") / "nordlys", patch)
        billed_in(office)
        yield office.root


def billed_in(office: Office) -> None:
    """Invoice, credit, get paid, recognise: a bit of everything."""
    office.today("2026-12-31")
    office.must("invoice", "run", "--through", "2026-11-30", "--date", "2026-11-30", "--yes")
    office.must("revenue", "recognise", "--period", "2026-11")
    office.must("invoice", "run", "--through", "2026-12-31", "--date", "2026-12-28", "--yes")
    words = ("--reason", "Agreed rebate", "--date", "2026-12-29", "--yes")
    office.must("invoice", "credit", "F-2026-0001", "--line", "1:100", *words)
    office.must("invoice", "credit", "F-2026-0003", *words)
    office.must("payment", "record", "F-2026-0002", "500", "--date", "2026-12-30")
    office.must("payment", "record", "F-2026-0003", "10", "--date", "2026-12-30")
    office.must("revenue", "recognise", "--period", "2026-12")


@pytest.fixture
def office(billed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    shutil.copytree(billed, tmp_path / "nordlys")
    return Office(tmp_path / "nordlys", monkeypatch)


def faults(office: Office) -> list[Fault]:
    return everything(WorkTree(office.root))[1]


def forge(office: Office, change: Callable[[Entry], Entry]) -> None:
    """Change entries and chain all of them anew, as a careful forger would."""
    lines, prev = [], NO_HASH
    for record in read_ledger(WorkTree(office.root)).records:
        facts = {name: getattr(record, name) for name in Entry.__struct_fields__}
        made, line = sealed(change(Entry(**facts)), Record, record.seq, prev)
        prev = made.hash
        lines.append(line)
    (office.root / "ledger/2026.jsonl").write_bytes(b"".join(lines))


def forge_document(office: Office, change: Callable[[Invoice], Invoice]) -> None:
    """Change the first invoice, and let its entry know the new file."""
    path = office.root / FIRST
    path.write_bytes(frozen(change(thawed(path.read_bytes(), Invoice, FIRST))))
    known = Paper(FIRST, sha256(path.read_bytes()).hexdigest())

    def told(entry: Entry) -> Entry:
        if entry.id != "invoice:F-2026-0001":
            return entry
        return replace(entry, documents=(known, *entry.documents[1:]))

    forge(office, told)


def other_line(entry: Entry) -> Entry:
    """Post the first line of the first invoice on another order line."""
    if entry.id != "invoice:F-2026-0001":
        return entry
    postings = [
        replace(posting, line="O-2026-0009/1") if posting.line == "O-2026-0001/2" else posting
        for posting in entry.postings
    ]
    return replace(entry, postings=tuple(postings))


def less_vat(invoice: Invoice) -> Invoice:
    """Charge an öre less VAT than the rate says."""
    row = invoice.vat[0]
    less = replace(row, vat=row.vat - Money(1, invoice.currency))
    return replace(invoice, vat=(less, *invoice.vat[1:]))


def test_books_that_nobody_touched_are_well(office: Office) -> None:
    assert faults(office) == []


def test_a_ledger_that_was_chained_anew_says_otherwise_than_its_documents(office: Office) -> None:
    forge(office, other_line)
    fault = faults(office)[0]
    assert (fault.code, str(fault.place)) == ("entry-not-of-document", "ledger/2026.jsonl:2:1")


def test_a_document_that_does_not_add_up_is_named(office: Office) -> None:
    forge_document(office, less_vat)
    assert {(f.code, f.place.file if f.place else "") for f in faults(office)} == {
        ("does-not-add-up", FIRST),
        ("entry-not-of-document", "ledger/2026.jsonl"),
    }


def test_a_document_of_another_form_is_named(office: Office) -> None:
    path = office.root / FIRST
    path.write_bytes(path.read_bytes() + b"\n")
    known = Paper(FIRST, sha256(path.read_bytes()).hexdigest())
    forge(
        office,
        lambda entry: (
            replace(entry, documents=(known, *entry.documents[1:]))
            if entry.number == "F-2026-0001"
            else entry
        ),
    )
    assert [fault.code for fault in faults(office)] == ["document-broken"]


def test_a_forged_ledger_is_found_by_the_commit_that_has_the_old_one(office: Office) -> None:
    subprocess.run(["git", "add", "ledger"], cwd=office.root, check=True)
    subprocess.run(["git", "commit", "-qm", "Close the year"], cwd=office.root, check=True)
    files = WorkTree(office.root)
    assert anchor(office.root, files).faults == ()
    assert "stand so in the last commit" in anchor(office.root, files).told
    forge(office, other_line)
    assert [fault.code for fault in anchor(office.root, files).faults] == ["ledger-rewritten"]


def test_a_ledger_that_is_in_no_commit_has_no_anchor(office: Office) -> None:
    shutil.rmtree(office.root / ".git")
    assert "commit and push" in anchor(office.root, WorkTree(office.root)).told
