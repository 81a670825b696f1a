"""PDFs as pictures, page by page."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final

from q2c.core.fault import Fault, Invalid

MOST_DOTS: Final = 60_000_000
_INCH: Final = 72


def pngs(data: bytes, pages: Sequence[int], dpi: int) -> Iterator[tuple[int, bytes]]:
    """Yield each of some pages, by its number from 1, as a PNG file; all where none is named.

    Refuses a page that is not there, and one that would be too large a picture.
    """
    with _opened(data) as pdf:
        for page in pages or range(1, len(pdf) + 1):
            if not 1 <= page <= len(pdf):
                message = f"There is no page {page}."
                raise Invalid(Fault("no-such-page", message, remedy=f"It has {len(pdf)}."))
            yield page, _png(pdf[page - 1], dpi)


def _opened(data: bytes) -> Any:  # noqa: ANN401 - the library says no types
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        message = "The file is not a PDF that can be shown."
        raise Invalid(Fault("bad-pdf", message, remedy="Name another file.")) from None


def _png(page: Any, dpi: int) -> bytes:  # noqa: ANN401 - the library says no types
    wide, high = (side * dpi / _INCH for side in page.get_size())
    if wide * high > MOST_DOTS:
        message = f"The page would have {wide:,.0f} x {high:,.0f} dots."
        raise Invalid(Fault("bad-pdf", message, remedy="Give fewer with --dpi."))
    out = BytesIO()
    page.render(scale=dpi / _INCH).to_pil().save(out, "PNG")
    return out.getvalue()
