"""The proof: what q2c bills passes the official rules of every format, and is read back equal."""

import os
from itertools import product
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from q2c.core.einvoice import FORMS, Form, faults_of, stated
from q2c.core.invoice import Invoice
from q2c.core.invoice import faults_of as sums_of
from q2c.documents.einvoice import einvoice_xml, syntax_of
from q2c.exchange.einvoice import read
from tests.einvoices import FILES, invoices
from tests.einvoicing import findings
from tests.office import Office, opened

MANY = 500 if os.environ.get("Q2C_HAMMER") == "1" else 45
generated = settings(
    max_examples=MANY,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("form", FORMS)
@generated
@given(invoice=invoices())
def test_every_kind_of_invoice_passes_the_official_rules_and_is_read_back_equal(
    form: Form, invoice: Invoice
) -> None:
    assert not [*sums_of(invoice)]
    terms = stated(invoice, form, FILES)
    assert not [*faults_of(terms, form)]
    data = einvoice_xml(terms, syntax_of(form))
    assert not findings(data, form)
    assert read(data).terms == terms


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Invoice]:
    """Give what the example's firm issues in two months, and a credit note for some of it."""
    office = opened(tmp_path / "firm", monkeypatch)
    office.today("2026-12-20")
    office.must("invoice", "run", "--yes")
    office.must("invoice", "credit", "F-2026-0001", "--reason", "Agreed", "--yes")
    office.must(
        "invoice", "credit", "F-2026-0002", "--percent", "10", "--reason", "Agreed", "--yes"
    )
    paths = sorted(office.root.glob("invoices/2026/*.json"))
    return [msgspec.json.decode(path.read_bytes(), type=Invoice) for path in paths]


def test_every_document_of_the_example_passes_wherever_its_parties_can_be_reached(
    example: list[Invoice],
) -> None:
    assert len(example) > 4
    for invoice, form in product(example, FORMS):
        terms = stated(invoice, form)
        told = [fault.message for fault in faults_of(terms, form)]
        if told and form == "peppol":
            assert told == ["PEPPOL-EN16931-R010: The buyer has no electronic address (BT-49)."], (
                invoice.number
            )
            continue
        assert not told, (invoice.number, form)
        data = einvoice_xml(terms, syntax_of(form))
        assert not findings(data, form), (invoice.number, form)
        assert read(data).terms == terms


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give a firm at work whose partner gets e-invoices with an attachment."""
    office = opened(tmp_path / "firm", monkeypatch)
    partner = office.root / "customers/brygga-partner.yaml"
    (office.root / "papers").mkdir()
    (office.root / "papers/plan.pdf").write_bytes(b"%PDF-1.7 invented")
    asked = "invoicing: {einvoice: peppol, attachments: [papers/plan.pdf]}\n"
    partner.write_text(partner.read_text("utf-8") + asked, "utf-8")
    office.must("invoice", "run", "--customer", "brygga-partner", "--yes")
    return office


def test_the_command_writes_what_stands_beside_the_pdf(firm: Office) -> None:
    firm.must("invoice", "einvoice", "F-2026-0001", "--out", str(firm.root / "again.xml"))
    firm.must("invoice", "credit", "F-2026-0001", "--reason", "Agreed", "--yes")
    firm.must("invoice", "einvoice", "K-2026-0001", "--out", str(firm.root / "note.xml"))
    issued, noted = (firm.root / f"invoices/2026/{n}-2026-0001.xml" for n in "FK")
    assert (firm.root / "again.xml").read_bytes() == issued.read_bytes()
    assert (firm.root / "note.xml").read_bytes() == noted.read_bytes()
    assert read(issued.read_bytes()).terms["BG-24"] == (
        {
            "BT-122": "plan.pdf",
            "BT-125": b"%PDF-1.7 invented",
            "BT-125-1": "application/pdf",
            "BT-125-2": "plan.pdf",
        },
    )
    for path in (issued, noted):
        assert not findings(path.read_bytes(), "peppol")


def test_an_attachment_that_was_changed_is_not_sent(firm: Office) -> None:
    (firm.root / "papers/plan.pdf").write_bytes(b"%PDF-1.7 another")
    assert firm.does("invoice", "einvoice", "F-2026-0001", "--check") == 3
