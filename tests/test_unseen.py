"""Nothing that only the seller may see stands on anything that a customer is given."""

import re
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pypdfium2
import pytest
from msgspec.structs import replace

import q2c.documents
from q2c.core.invoice import Crediting, Issue, credited, parts_of
from q2c.core.money import Money
from q2c.core.negotiation.compare import compared
from q2c.core.order import from_quote
from q2c.core.quote import Event, Priced, inner_lines, inner_of
from q2c.documents.confirmation import Confirmation, confirmation_pdf
from q2c.documents.contract import contract_pdf
from q2c.documents.invoice import invoice_pdf
from q2c.documents.language import amount, language, number, percent
from q2c.documents.look import Look, Theme, frozen
from q2c.documents.quote import quote_pdf
from q2c.documents.redline import redline_pdf
from q2c.documents.words import template
from tests.offers import CATALOG, agreed, asked, billed, everything, made, off
from tests.outside import needs
from tests.reading import text_of
from tests.values import day

LANGUAGES = ("sv", "en")
# As words, whatever they are part of a sentence of.
WORDS = re.compile(
    r"\b(cost|costs|costing|margins?|markup|mark-up|floor|list price|waterfall|approv\w*|alerts?"
    r"|kostnad(er|en)?|självkostnad|inköpspris|marginal(en)?|täckningsbidrag|påslag(et)?"
    r"|golv(pris)?|lägstapris|listpris|godkänd av chef|larm)\b",
    re.IGNORECASE,
)
# The foot of an invoice says by law that the seller is approved for F-tax; a cost centre is the
# customer's, and what is free is without cost to it.
LAWFUL = ("Approved for Swedish F-tax", "Cost centre", "Utan kostnad")
FIRST_INVOICES = day("2027-06-30")


def offer(code: str) -> Priced:
    """Make the offer with everything on it; it has costs, floors, markups, rules and alerts."""
    quote = everything(code)
    assert any(one.cost for one in quote.inside)
    assert any(one.floor for one in quote.inside)
    assert quote.alerts
    return quote


def redlined(code: str, look: Look) -> bytes:
    now = made(asked("advice", "30"), asked("sensor", "2"), language=code, discounts=(off("9"),))
    return redline_pdf(compared(offer(code), now), now, look)


def credit(code: str, look: Look) -> bytes:
    invoice = billed(offer(code), FIRST_INVOICES)
    amounts = {line.id: line.net for line in invoice.lines}
    what = Crediting(parts=parts_of(amounts), issued_on=FIRST_INVOICES, reason="Fel mottagare")
    return invoice_pdf(credited(invoice, (), what, Issue(number="K-2027-0001", look="")), look)


def confirmed(code: str, look: Look) -> bytes:
    agreement = agreed(offer(code))
    accepted = Event(kind="accepted", date=agreement.agreed_on, version=1, by="Ida")
    order = from_quote(offer(code), accepted, agreement.order, agreement.number)
    told = Confirmation(
        made_on=agreement.agreed_on,
        customer=agreement.buyer.id,
        seller=agreement.seller,
        buyer=agreement.buyer,
        order=order,
        contract=agreement,
        po="",
    )
    return confirmation_pdf(told, look)


# Whatever a customer is given; what a new document module draws is put in here.
GIVEN: dict[str, Callable[[str, Look], bytes]] = {
    "quote": lambda code, look: quote_pdf(offer(code), look),
    "draft": lambda code, look: quote_pdf(replace(offer(code), version=0), look),
    "redline": redlined,
    "contract": lambda code, look: contract_pdf(agreed(offer(code)), look),
    "invoice": lambda code, look: invoice_pdf(billed(offer(code), FIRST_INVOICES), look),
    "credit note": credit,
    "confirmation": confirmed,
}
DRAWERS = {"quote_pdf", "redline_pdf", "contract_pdf", "invoice_pdf", "confirmation_pdf"}
# The page of a month end is for whoever approves it; a report of hours and a delivery note know no
# price at all, and these others nothing but what stands on invoices, in payments or in signatures.
OTHERS = {
    *("summary_pdf", "report_pdf", "delivery_note_pdf"),
    *("reminder_pdf", "statement_pdf", "receipt_pdf", "evidence_pdf"),
}


@cache
def given(what: str, code: str) -> bytes:
    look = frozen(Theme(), None, code)  # type: ignore[arg-type]  # both are
    return GIVEN[what](code, look)


@cache
def told(what: str, code: str) -> str:
    """Give the words on the pages and those that the file says of itself."""
    with pypdfium2.PdfDocument(given(what, code)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        about = document.get_metadata_dict().values()
    return re.sub(r"[ \r\n]+", " ", " ".join([*pages, *about]))


def figures(quote: Priced) -> Iterator[Money | Decimal]:
    """Give every figure that only the seller may see: costs, floors, margins, markups."""
    known = {line.gross for line in quote.lines} | {line.net for line in quote.lines}
    whole = inner_of(quote)
    found = [whole, *inner_lines(quote).values()]
    for inner in found:
        yield from filter(None, (inner.cost, inner.margin, inner.floor))
        yield from (inner.listed,) if inner.listed not in known else ()
        yield from filter(None, (inner.margin_percent,))
    for product in CATALOG.products.values():
        yield from product.cost.values()
        yield from product.floor.values()
        yield from filter(None, (product.markup,))


def written(code: str, figure: Money | Decimal) -> Iterator[str]:
    """Write a figure in every way that a document might."""
    lang = language(code)
    if isinstance(figure, Money):
        yield from (amount(lang, figure), f"{figure.amount:f}", str(figure))
    else:
        yield from (number(lang, figure, 2), f"{figure:f}", percent(lang, figure))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("what", GIVEN)
def test_no_word_of_it_speaks_of_what_is_inside(what: str, code: str) -> None:
    text = told(what, code)
    for lawful in LAWFUL:
        text = text.replace(lawful, "")
    assert [match[0] for match in WORDS.finditer(text)] == []


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("what", GIVEN)
def test_no_figure_of_it_is_one_of_ours(what: str, code: str) -> None:
    text = told(what, code)
    for figure in figures(offer(code)):
        if figure in {Decimal(0), Money(0, "SEK")}:
            continue
        for words in written(code, figure):
            alone = rf"(?<![\d.,])(?<!\d\u00a0){re.escape(words)}(?![\d.,]*\d)"
            assert not re.search(alone, text), (figure, words)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("what", GIVEN)
def test_rules_alerts_and_places_in_our_files_are_not_on_it(what: str, code: str) -> None:
    quote, text = offer(code), told(what, code)
    own = [one.say for one in quote.alerts] + [rule.id for rule in quote.rules]
    for words in (*own, "catalog.yaml", "quote.yaml", "catalogue price"):
        assert words not in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_word_that_a_document_could_say_speaks_of_it(code: str) -> None:
    words = [text for key, text in language(code).words.items() if not key.startswith("month_")]
    said = "\n".join([*words, template(code).decode()])
    for lawful in LAWFUL:
        said = said.replace(lawful, "")
    assert not WORDS.search(said)


def test_what_is_looked_for_would_be_found() -> None:
    """The figures are unlike any other: an advice of 40 hours costs us 36 534.80."""
    seen = {words for figure in figures(offer("sv")) for words in written("sv", figure)}
    plain = {" ".join(words.split()) for words in seen}
    assert {"36 534,80", "913,37", "1 002,71", "23,7 %", "517,43"} <= plain
    assert "1\u00a0450,00" in told("quote", "sv")
    assert WORDS.search("vår marginal på det")
    assert WORDS.search("Our cost is")


def test_another_reader_finds_nothing_either(tmp_path: Path) -> None:
    reader = needs("pdftotext")
    for what in GIVEN:
        path = tmp_path / f"{what}.pdf"
        path.write_bytes(given(what, "sv"))
        shown = subprocess.run([reader, "-raw", str(path), "-"], capture_output=True, check=True)
        text = shown.stdout.decode("utf-8")
        assert "Nordlys" in text
        assert not WORDS.search(text)
        for figure in ("913,37", "36 534,80", "517,43", "23,7", "1 002,71"):
            assert figure.replace(" ", "\u00a0") not in text


def test_every_document_that_can_be_drawn_is_looked_at() -> None:
    names = set()
    for module in iter_modules(q2c.documents.__path__):
        found = vars(import_module(f"q2c.documents.{module.name}"))
        names |= {name for name in found if name.endswith("_pdf")}
    assert names == DRAWERS | OTHERS


def test_the_list_price_behind_a_price_of_ones_own_is_not_told() -> None:
    quote = made(asked("workshop", price=Decimal(7777)))
    assert quote.inside[0].listed == Money(900_000, "SEK")
    for text in (
        text_of(quote_pdf(quote, frozen(Theme(), None, "sv"))),
        text_of(contract_pdf(agreed(quote), frozen(Theme(), None, "sv"))),
    ):
        assert "7 777,00" in text
        assert "9 000" not in text
