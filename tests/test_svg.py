"""Logos in SVG: shapes become lines of a PDF; what does more than draw is refused with its line."""

import io
import re
import time

import pikepdf
import pypdfium2
import pytest

from q2c.core.fault import Invalid
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.svgdraw import form_of
from tests.made import invoice

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"'
BOX = '<rect x="10" y="10" width="80" height="80" fill="#ff0000"/>'


def svg(inside: str, more: str = "") -> bytes:
    return f"{HEAD}{more}>\n{inside}\n</svg>".encode()


def pixels(data: bytes) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Draw a logo on an invoice, and give the colours of points of it, in hundredths."""
    look = frozen(Theme(logo="logo.svg", logo_height=30), form_of(data), "sv")
    with pypdfium2.PdfDocument(invoice_pdf(invoice(1), look)) as pdf:
        image = pdf[0].render(scale=4).to_pil().convert("RGB")
    left, top, side = (round(mm * 72 / 25.4 * 4) for mm in (20, 16, 30))
    points = [(x, y) for x in (5, 25, 50, 75, 95) for y in (5, 25, 50, 75, 95)]
    found = {}
    for x, y in points:
        r, g, b = image.getpixel((left + side * x // 100, top + side * y // 100))
        found[x, y] = (r, g, b)
    return found


RED, WHITE, BLUE = (255, 0, 0), (255, 255, 255), (0, 0, 255)


def test_a_box_is_drawn_where_it_stands_and_in_its_colour() -> None:
    seen = pixels(svg(BOX))
    assert (seen[50, 50], seen[25, 75], seen[5, 5]) == (RED, RED, WHITE)


def test_transforms_of_groups_move_what_is_in_them() -> None:
    inside = (
        '<g transform="translate(50 0) scale(0.5)"><rect width="100" height="100" fill="#00f"/></g>'
    )
    seen = pixels(svg(inside))
    assert (seen[75, 25], seen[25, 25], seen[75, 75]) == (BLUE, WHITE, WHITE)


def test_a_stroke_with_round_ends_is_as_wide_as_it_says() -> None:
    line = '<path d="M50 10V90" stroke="#f00" stroke-width="20" stroke-linecap="round"/>'
    seen = pixels(svg(line))
    assert (seen[50, 5], seen[50, 50], seen[25, 50]) == (RED, RED, WHITE)


def test_a_style_sheet_colours_a_class() -> None:
    inside = '<style>.a{fill:#0000ff}</style><circle class="a" cx="50" cy="50" r="40"/>'
    seen = pixels(svg(inside))
    assert (seen[50, 50], seen[5, 5]) == (BLUE, WHITE)


HOSTILE = {
    "a script": svg("<script>alert(1)</script>"),
    "an event": svg('<rect width="9" height="9" onclick="alert(1)"/>'),
    "a page": svg('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'),
    "a picture of elsewhere": svg('<image href="file:///etc/passwd" width="9" height="9"/>'),
    "a reference": svg('<use href="https://x.example/a.svg#b"/>'),
    "a doctype": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
    "an entity of a file": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("&a;"),
    "laughs": (
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
        )
        + b"]>"
        + svg("&j;")
    ),
    "a style sheet of elsewhere": b'<?xml-stylesheet href="http://x.example/"?>' + svg(BOX),
    "text": svg("<text>Nordlys</text>"),
    "a run of colours": svg('<linearGradient id="a"/>'),
    "depth": svg("<g>" * 1000 + "</g>" * 1000),
    "very many parts": svg('<rect width="1" height="1"/>' * 20_000),
    "a colour from elsewhere": svg('<rect width="9" height="9" fill="url(http://x.example/#a)"/>'),
    "an endless transform": svg(f'<rect width="9" height="9" transform="{"scale(2) " * 5000}"/>'),
    "no size": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "infinite size": svg('<rect width="1e400" height="NaN"/>'),
    "half a file": svg(BOX)[:-10],
    "nothing": b"",
    "bytes": bytes(range(256)),
    "very many letters": svg(" " * 1_000_000),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_does_more_than_draw_is_refused_in_words_and_soon(what: str) -> None:
    began = time.process_time()
    with pytest.raises(Invalid) as refused:
        form_of(HOSTILE[what])
    assert time.process_time() - began < 2
    fault = refused.value.faults[0]
    assert fault.code == "bad-logo"
    assert fault.message.endswith(".")
    assert fault.remedy


def test_the_line_that_is_wrong_is_told() -> None:
    with pytest.raises(Invalid, match=r"^Line 3 of the logo: <script> runs a program"):
        form_of(svg(f"{BOX}\n<script/>"))


def test_a_logo_of_lines_is_the_same_bytes_and_no_picture() -> None:
    look = frozen(Theme(logo="logo.svg"), form_of(svg(BOX)), "sv")
    made = invoice_pdf(invoice(1), look)
    assert made == invoice_pdf(invoice(1), look)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        kinds = {str(x.get("/Subtype")) for x in pdf.pages[0].Resources.XObject.values()}
    assert kinds == {"/Form"}
    assert not re.search(rb"/JS|/JavaScript|/Launch|/URI", made)
