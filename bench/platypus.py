"""The yardstick of drawing: the same invoice made with plain reportlab platypus."""

from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
import segno
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from q2c.core.invoice import Invoice
from q2c.core.party import Party

FONTS = Path(reportlab.__file__).parent / "fonts"
SMALL = ParagraphStyle("small", fontName="Vera", fontSize=8, leading=10)
TITLE = ParagraphStyle("title", fontName="VeraBd", fontSize=18, leading=22)


def ready() -> None:
    """Register the fonts, once, outside of what is measured."""
    for name in ("Vera", "VeraBd"):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


def drawn(invoice: Invoice, payload: str) -> bytes:
    """Draw an invoice with its parties, lines, totals and QR code."""
    page = BytesIO()
    document = SimpleDocTemplate(page, pagesize=A4, invariant=1, title=invoice.number)
    document.build(
        [
            Paragraph(f"Faktura {invoice.number}", TITLE),
            Spacer(0, 8 * mm),
            _parties(invoice),
            Spacer(0, 8 * mm),
            _lines(invoice),
            Spacer(0, 6 * mm),
            _totals(invoice),
            Spacer(0, 6 * mm),
            _code(payload),
            Paragraph(" · ".join(_footer(invoice)), SMALL),
        ]
    )
    return page.getvalue()


def _address(party: Party) -> str:
    place = party.address
    lines = (party.name, place.street, f"{place.postal_code} {place.city}", party.vat_id)
    return "<br/>".join(escape(line) for line in lines)


def _parties(invoice: Invoice) -> Table:
    facts = (
        ("Fakturadatum", invoice.issued_on),
        ("Förfallodatum", invoice.due_on),
        ("Leveransperiod", invoice.supplied),
        ("Er referens", invoice.buyer.reference),
        ("OCR", invoice.ocr),
    )
    told = "<br/>".join(f"{label}: {escape(str(value))}" for label, value in facts)
    cells = [_address(invoice.seller), _address(invoice.buyer), told]
    return Table([[Paragraph(cell, SMALL) for cell in cells]])


def _lines(invoice: Invoice) -> Table:
    head = ["Beskrivning", "Antal", "Enhet", "À-pris", "Moms", "Belopp"]
    rows = [
        [
            Paragraph(f"{escape(line.name)}<br/>{escape(line.text)}", SMALL),
            f"{line.quantity:f}",
            line.unit,
            f"{line.unit_price:,.2f}" if line.unit_price is not None else "",
            f"{line.treatment.rate:f} %",
            f"{line.net.amount:,.2f}",
        ]
        for line in invoice.lines
    ]
    table = Table([head, *rows], colWidths=[70 * mm, 18 * mm, 18 * mm, 25 * mm, 15 * mm, 25 * mm])
    style = [
        ("FONT", (0, 0), (-1, 0), "VeraBd", 8),
        ("FONT", (0, 1), (-1, -1), "Vera", 8),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, "#888888"),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    table.setStyle(TableStyle(style))
    return table


def _totals(invoice: Invoice) -> Table:
    rows = [
        *(
            [f"Moms {row.rate:f} %", f"{row.base.amount:,.2f}", f"{row.vat.amount:,.2f}"]
            for row in invoice.vat
        ),
        ["Netto", "", f"{invoice.net.amount:,.2f}"],
        ["Att betala", invoice.currency, f"{invoice.total.amount:,.2f}"],
    ]
    table = Table(rows, hAlign="RIGHT")
    style = [("FONT", (0, 0), (-1, -1), "Vera", 9), ("ALIGN", (1, 0), (-1, -1), "RIGHT")]
    table.setStyle(TableStyle(style))
    return table


def _code(payload: str) -> Drawing:
    size = 2.2
    rows = segno.make_qr(payload, error="m").matrix
    code = Drawing(len(rows) * size, len(rows) * size)
    for y, row in enumerate(reversed(rows)):
        for x, dark in enumerate(row):
            if dark:
                code.add(Rect(x * size, y * size, size, size, strokeWidth=0, fillColor="#000000"))
    return code


def _footer(invoice: Invoice) -> list[str]:
    seller = invoice.seller
    facts = (seller.name, seller.org_number, seller.vat_id, seller.bank.iban, seller.bank.bankgiro)
    return [escape(fact) for fact in facts if fact]
