"""Archives and readers aloud: veraPDF, run on documents of every kind, finds nothing amiss."""

import os
import subprocess
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from q2c.core.einvoice import stated
from q2c.documents.confirmation import confirmation_pdf
from q2c.documents.contract import contract_pdf
from q2c.documents.deliverynote import delivery_note_pdf
from q2c.documents.einvoice import einvoice_xml
from q2c.documents.fonts import block
from q2c.documents.image import prepared
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Look, Theme, frozen
from q2c.documents.pdf import Attached, Info, Pdf
from q2c.documents.qr import matrix
from q2c.documents.quote import quote_pdf
from q2c.documents.receipt import receipt_pdf
from q2c.documents.reminder import reminder_pdf
from q2c.documents.statement import Statement, statement_pdf
from tests.made import FJORD, MONTH, contract, credit_note, invoice, invoice_line, line, quote
from tests.outside import needs
from tests.test_documents import png
from tests.test_papers import COMMON, confirmation, late, note, receipt, reminder
from tests.test_statement import account, busy
from tests.test_swiss import IN_CHF
from tests.test_unseen import GIVEN

SCRIPT = Path(__file__).parent.parent / "tools/verapdf/verapdf.sh"
# What 3a asks for beyond 3b is nearly all asked for by ua1, so every day need not ask for it.
THOROUGH = os.environ.get("Q2C_HAMMER") == "1" or os.environ.get("CI") == "true"
FLAVOURS = ("3b", "3a", "ua1") if THOROUGH else ("3b", "ua1")
PLAIN = frozen(Theme(), None, "sv")
LOGO = frozen(Theme(logo="logo.png"), prepared(png((60, 20))), "en")
CLAUSES = (
    "# Avtal\n\nMed [länk](https://example.com/a) och **fetstil**.\n\n## Bilaga\n\n"
    "1. ett\n2. två\n\n   mer om två\n\n   - under två\n\n> citat\n\n---\n\n##### Djupt\n\n"
    "- [mejl](mailto:a@b.example)\n-\n- sist\n\n" + "Långt stycke. " * 900
)


def hybrid(lines: int, look: Look) -> bytes:
    """Draw an invoice with its XML and another paper in it."""
    made = invoice(lines)
    xml = einvoice_xml(stated(made, "factur-x"), "cii")
    paper = Attached("Följesedel (1).pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n")
    return invoice_pdf(made, look, [facturx(xml), paper])


def facturx(xml: bytes) -> Attached:
    return Attached("factur-x.xml", "text/xml", xml, "Invoice as XML", "Alternative")


def every_letter() -> bytes:
    """Draw every character of every block of both faces, and all else that a page can do."""
    pdf = Pdf(Info("Tecken", "Nordlys Konsult AB", date(2026, 11, 30), language="sv"))
    names = ("latin", "latin-ext", "latin-more", "greek", "greek-ext", "cyrillic", "symbols")
    for face in ("regular", "bold"):
        for name in names:
            page = pdf.page()
            key = name if name == "symbols" else f"{face}-{name}"
            letters = block(key).characters
            for row, at in enumerate(range(0, len(letters), 40)):
                page.text(40, 40 + 14 * row, letters[at : at + 40], face)
    page.matrix(40, 700, 60, matrix("C1231181189;1250,00;F-2026-0001;0"), said="Swish")
    page.rect(120, 700, 60, 60, fill="#eeeeee", stroke="#808080")
    page.link(40, 700, 60, 60, "https://example.com/")
    return pdf.finish()


LONG = replace(FJORD, name="Bolaget för mycket långa namn " * 6, reference="y" * 200)
DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "hybrid": lambda: hybrid(3, LOGO),
    "hybrid-of-pages": lambda: hybrid(40, PLAIN),
    "credit-note": lambda: invoice_pdf(credit_note(invoice(2)), LOGO),
    "preview": lambda: invoice_pdf(replace(invoice(2), number=""), PLAIN),
    "long-names": lambda: invoice_pdf(invoice(2, buyer=LONG, title="Ämne " * 40), PLAIN),
    "long-text": lambda: invoice_pdf(invoice([invoice_line(1, text="ord " * 4_000)]), PLAIN),
    "scripts": lambda: invoice_pdf(
        invoice([invoice_line(1, name="Łódź Αθήνα Москва Й e\u0301 →")]), PLAIN
    ),
    "clauses": lambda: contract_pdf(contract(words=CLAUSES), PLAIN),
    "quote": lambda: quote_pdf(quote([line(n) for n in range(1, 40)]), LOGO),
    "letters": every_letter,
    "confirmation": lambda: confirmation_pdf(confirmation(), LOGO),
    "delivery-note": lambda: delivery_note_pdf(note(60), PLAIN),
    "receipt": lambda: receipt_pdf(receipt(), PLAIN),
    "reminder": lambda: reminder_pdf(reminder(late("F-2026-0001", 1_000)), PLAIN),
    "statement": lambda: statement_pdf(
        Statement(**COMMON, days=MONTH, accounts=(account(busy(), 0, 90),)), PLAIN
    ),
    "swiss-bill": lambda: invoice_pdf(IN_CHF, LOGO),
    **{name.replace(" ", "-"): partial(draw, "sv", PLAIN) for name, draw in GIVEN.items()},
}
if THOROUGH:
    DOCUMENTS["300-lines"] = lambda: invoice_pdf(invoice(300), PLAIN)


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """Ask veraPDF about all documents, in one call for each flavour."""
    needs("javac")
    folder = tmp_path_factory.mktemp("archive")
    for name, draw in DOCUMENTS.items():
        (folder / f"{name}.pdf").write_bytes(draw())
    return {
        (flavour, name): verdict
        for flavour in FLAVOURS
        for name, verdict in asked(flavour, sorted(folder.glob("*.pdf"))).items()
    }


def asked(flavour: str, files: list[Path]) -> dict[str, str]:
    """Give for each file what veraPDF says of it."""
    command = ["sh", str(SCRIPT), flavour, *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if told.returncode > 1:
        end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        end(f"veraPDF could not be run: {told.stderr}")
    parts = told.stdout.replace("\nFAIL", "\0FAIL").replace("\nPASS", "\0PASS").split("\0")
    return {Path(part.split("\n")[0].split()[-1]).stem: part for part in parts}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_keeps_what_it_promises(
    name: str, flavour: str, verdicts: dict[tuple[str, str], str]
) -> None:
    assert verdicts[flavour, name].startswith("PASS")


def test_a_document_without_its_promises_is_found_out(tmp_path: Path) -> None:
    needs("javac")
    (tmp_path / "a.pdf").write_bytes(hybrid(1, PLAIN).replace(b"<pdfaid:part>3", b"<pdfaid:part>7"))
    assert asked("3b", [tmp_path / "a.pdf"])["a"].startswith("FAIL")
