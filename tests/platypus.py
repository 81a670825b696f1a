"""The yardstick of speed: the page of a finished sheet made plainly with reportlab's platypus."""

from io import BytesIO
from pathlib import Path

import reportlab
import segno
from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from q2c.documents.sheet import Sheet

FONTS = Path(reportlab.__file__).parent / "fonts"
TEXT = ParagraphStyle("text", fontName="Vera", fontSize=9, leading=12)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=7, leading=9.5)
BOLD = ParagraphStyle("bold", parent=TEXT, fontName="VeraBd")
TITLE = ParagraphStyle("title", parent=BOLD, fontSize=22, leading=28)
GRID = [
    ("FONT", (0, 0), (-1, -1), "Vera", 9),
    ("FONT", (0, 0), (-1, 0), "VeraBd", 7.5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.lightgrey),
    ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def prepare() -> None:
    """Load the fonts, once for all pages."""
    pdfmetrics.registerFont(TTFont("Vera", FONTS / "Vera.ttf"))
    pdfmetrics.registerFont(TTFont("VeraBd", FONTS / "VeraBd.ttf"))


def platypus(sheet: Sheet) -> bytes:
    """Make the page: the same words, table, sums, code and foot."""
    assert sheet.table is not None
    assert sheet.sums is not None
    assert sheet.slip is not None
    out = BytesIO()
    party = sheet.parties[0]
    facts = [[Paragraph(f.label, SMALL), Paragraph(f.text, TEXT)] for f in sheet.facts]
    head = [[Paragraph(c.title, BOLD) if c.gives_way else c.title for c in sheet.table.columns]]
    rows = [
        [[Paragraph(row.cells[0], TEXT), *(Paragraph(n, SMALL) for n in row.notes)], *row.cells[1:]]
        for row in sheet.table.rows
    ]
    story = [
        Paragraph(sheet.sender, BOLD),
        Paragraph(sheet.title, TITLE),
        Paragraph(sheet.number, TEXT),
        *(Paragraph(line, TEXT) for line in (party.name, *party.lines)),
        Table(facts, colWidths=[90, 200], hAlign="LEFT"),
        Table(head + rows, colWidths=[190, 50, 60, 70, 40, 72], repeatRows=1, style=GRID),
        Table([sheet.sums.vat_head, *sheet.sums.vat], style=GRID),
        *(Paragraph(remark, SMALL) for remark in sheet.sums.remarks),
        Table([[fact.label, fact.text] for fact in sheet.sums.totals], style=GRID),
        *(Paragraph(f"{note.label} {note.text}", SMALL) for note in sheet.notes),
        Paragraph(f"{sheet.slip.title} {sheet.slip.amount}", BOLD),
        Table([[fact.label, fact.text] for fact in sheet.slip.facts], style=GRID),
        Spacer(1, 6),
        _code(sheet.slip.code),
        Paragraph(sheet.slip.code_label, SMALL),
        Table([[[Paragraph(line, SMALL) for line in column] for column in sheet.footer]]),
    ]
    SimpleDocTemplate(out, pagesize=A4, title=sheet.info.title, invariant=1).build(story)
    return out.getvalue()


def _code(payload: str) -> Drawing:
    modules = segno.make(payload).matrix
    step = 84 / len(modules)
    drawing = Drawing(84, 84)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if dark:
                place = (x * step, 84 - (y + 1) * step)
                drawing.add(Rect(*place, step, step, strokeWidth=0, fillColor=colors.black))
    return drawing
