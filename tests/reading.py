"""What a reader finds in a PDF: its words, where they stand, and the codes that can be scanned."""

import subprocess
from io import BytesIO
from pathlib import Path

import pypdfium2

from tests.outside import needs


def pages_of(pdf: bytes) -> list[str]:
    """Give the text of each page, spaces and line ends all made one space."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.split()) for text in texts]


def text_of(pdf: bytes) -> str:
    """Give the text of all pages."""
    return " ".join(pages_of(pdf))


def boxes_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Give where words stand on all pages: left, lower, right and upper edge."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage() for page in document]
        return [page.get_rect(at) for page in pages for at in range(page.count_rects())]


def marks_of(pdf: bytes) -> bytes:
    """Give what all pages are drawn with."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        return b"\n".join(page.Contents.read_bytes() for page in document.pages)


def scanned(pdf: bytes, folder: Path, page: int = 0) -> str:
    """Scan the code on a page, as a telephone would from a print at 150 dots an inch."""
    zbarimg = needs("zbarimg")
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[page % len(document)].render(scale=150 / 72).to_pil()
    out = BytesIO()
    picture.convert("L").save(out, "PNG")
    path = folder / "page.png"
    path.write_bytes(out.getvalue())
    # Without the bytes as they are it guesses which letters were meant.
    command = [zbarimg, "--quiet", "--raw", "--oneshot", "-Sbinary", str(path)]
    shown = subprocess.run(command, capture_output=True, check=False).stdout
    return shown.decode()
