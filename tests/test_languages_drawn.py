"""Documents in every language: nothing leaves the page, and every sign has its letter."""

from collections.abc import Iterator
from typing import get_args

import pypdfium2
import pytest

from q2c.core.party import LanguageCode
from q2c.documents.contract import contract_pdf
from q2c.documents.fonts import missing
from q2c.documents.invoice import invoice_pdf
from q2c.documents.language import language
from q2c.documents.look import Theme, frozen
from q2c.documents.quote import quote_pdf
from q2c.documents.words import template
from tests.offers import agreed, billed, everything
from tests.values import day

CODES = get_args(LanguageCode)
MM = 72 / 25.4
SLACK = 1.5  # points that the box of a letter may stand out


def drawn(code: LanguageCode) -> Iterator[bytes]:
    """Draw the offer with everything on it, its contract and its first invoice."""
    look, quote = frozen(Theme(), None, code), everything(code)
    yield quote_pdf(quote, look)
    yield contract_pdf(agreed(quote), look)
    yield invoice_pdf(billed(quote, day("2027-06-30")), look)


def beside(data: bytes) -> Iterator[str]:
    """Give the texts that stand in the margins of a page."""
    margins = Theme().margins
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            wide, text = page.get_width(), page.get_textpage()
            for at in range(text.count_rects()):
                left, lower, right, upper = text.get_rect(at)
                inside = margins.left * MM - SLACK <= left
                if not inside or right > wide - margins.right * MM + SLACK:
                    yield text.get_text_bounded(left, lower, right, upper)


@pytest.mark.parametrize("code", CODES)
def test_no_text_leaves_the_page_in_any_language(code: LanguageCode) -> None:
    for data in drawn(code):
        assert [text for text in beside(data) if text.strip()] == []


@pytest.mark.parametrize("code", CODES)
def test_there_is_a_letter_for_every_sign_of_a_language(code: str) -> None:
    lang = language(code)
    said = [*lang.words.values(), *lang.countries.values(), *lang.formats.months]
    said += [form for forms in lang.units.values() for form in forms]
    said += [lang.formats.group, lang.formats.minus, template(code).decode().replace("\n", " ")]
    assert not missing("".join(said))
