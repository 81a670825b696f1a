"""The files of an issued invoice: its PDF with the e-invoice inside, the XML beside it."""

import io
from pathlib import Path

import pikepdf
import pytest

from tests.office import Office, opened

PEPPOL = "invoicing: {einvoice: peppol}\n"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open an office whose first customer asks for Peppol."""
    office = opened(tmp_path / "firm", monkeypatch)
    office.today("2026-11-30")
    return office


def _wants(office: Office, customer: str, more: str) -> None:
    path = office.root / "customers" / f"{customer}.yaml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def _run(office: Office, *words: str) -> int:
    return office.does("invoice", "run", "--through", "2026-11-30", "--yes", *words)


def _issued(office: Office, ending: str) -> list[Path]:
    return sorted((office.root / "invoices/2026").glob(f"*.{ending}"))


def test_every_pdf_of_an_invoice_holds_its_e_invoice(office: Office) -> None:
    assert _run(office, "--quiet") == 0
    for path in _issued(office, "pdf"):
        with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
            held = pdf.attachments["factur-x.xml"].get_file().read_bytes()
        assert path.stem.encode() in held


def test_the_xml_that_a_customer_asks_for_stands_beside_the_pdf_and_in_the_ledger(
    office: Office,
) -> None:
    _wants(office, "kiruna-konst", PEPPOL)
    assert _run(office, "--quiet") == 0
    (xml,) = _issued(office, "xml")
    assert b"urn:fdc:peppol.eu:2017:poacc:billing:3.0" in xml.read_bytes()
    assert f"{xml.stem}.xml".encode() in office.ledger()
    assert office.does("verify", "--all", "--quiet") == 0
    assert office.does("ledger", "verify", "--quiet") == 0


def test_an_xml_that_was_changed_is_found(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    _wants(office, "kiruna-konst", PEPPOL)
    _run(office, "--quiet")
    (xml,) = _issued(office, "xml")
    xml.write_bytes(xml.read_bytes().replace(b"SEK", b"EUR"))
    assert office.does("verify", xml.stem) == 3
    assert "document-changed" in capsys.readouterr().err


def test_what_a_receiver_would_refuse_is_held_before_it_is_issued(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    _wants(office, "polar-oy", PEPPOL)  # a Finnish company has no address that q2c could know
    _run(office, "--customer", "polar-oy")
    assert "PEPPOL-EN16931-R010" in capsys.readouterr().err
    assert not _issued(office, "json")


def test_a_credit_note_is_written_as_its_invoice_was(office: Office) -> None:
    _wants(office, "kiruna-konst", PEPPOL)
    _run(office, "--quiet", "--customer", "kiruna-konst")
    office.must("invoice", "credit", "F-2026-0001", "--reason", "Wrong", "--yes")
    credit = (office.root / "invoices/2026/K-2026-0001.xml").read_bytes()
    assert b"<CreditNote" in credit
    assert b"F-2026-0001" in credit
    assert office.does("verify", "--all", "--quiet") == 0


def test_files_that_go_with_an_invoice_go_into_its_xml(office: Office) -> None:
    (office.root / "papers").mkdir()
    (office.root / "papers/terms.pdf").write_bytes(b"%PDF-1.7 terms")
    wanted = "invoicing: {einvoice: peppol, attachments: [papers/terms.pdf]}\n"
    _wants(office, "kiruna-konst", wanted)
    _run(office, "--quiet", "--customer", "kiruna-konst")
    (xml,) = _issued(office, "xml")
    assert b'filename="terms.pdf"' in xml.read_bytes()
    (office.root / "papers/terms.pdf").write_bytes(b"%PDF-1.7 other")
    assert office.does("verify", "F-2026-0001", "--quiet") == 3
