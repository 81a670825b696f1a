"""Documents: what they must say, how they turn pages, and that nothing but their input shows."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import sha256
from io import BytesIO
from itertools import pairwise

import msgspec
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from q2c.core.contract import Contract
from q2c.core.fault import Invalid
from q2c.core.money import Money
from q2c.core.period import Period
from q2c.core.pricing import Rate, RateTier
from q2c.core.tax import Treatment
from q2c.documents.contract import contract_pdf
from q2c.documents.image import prepared
from q2c.documents.invoice import invoice_pdf, invoice_sheet
from q2c.documents.look import Letter, Look, Margins, Theme, frozen, look_bytes
from q2c.documents.pen import MM
from q2c.documents.quote import quote_pdf
from q2c.documents.words import clauses, template
from tests.made import (
    FJORD,
    POLAR,
    SELLER,
    THISTLE,
    contract,
    credit_note,
    invoice,
    invoice_line,
    line,
    quote,
    untaxed,
)
from tests.platypus import platypus, prepare
from tests.reading import boxes_of, marks_of, pages_of, text_of

SV, EN = frozen(Theme(), None, "sv"), frozen(Theme(), None, "en")
REVERSE = invoice(
    2, currency="EUR", buyer=POLAR, language="en", treatment=untaxed("reverse-charge", "en")
)
HOSTILE = ["<img src=x>", "[/x] AB", "{{ 7 * 7 }}", "(a) \\ & Co", "% %s {0} {page}", "ET Q"]
NAMES = [
    "Zażółć Gęślą Jaźń",
    "Αθηναϊκή Εταιρεία",
    "Софийска Компания",
    "Ærø Ødegård Þór",
    "Łódź ЖΩ",
]


def worded(**other: object) -> Contract:
    """Make a contract with the words of our own template."""
    made = contract(**other)
    return replace(made, words=clauses(template(made.language).decode(), made, "sv.md"))


def png(size: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("RGBA", size, (29, 78, 95, 200)).save(out, "PNG")
    return out.getvalue()


# What an invoice must say (Directive 2006/112/EC art. 226; in Sweden mervärdesskattelagen ch. 17).
PARTICULARS = {
    "the day of issue": "Fakturadatum 2026-11-30",
    "its number": "F-2026-0001",
    "the seller's VAT number": "Momsreg.nr SE559999123801",
    "the seller's name and address": "Nordlys Konsult AB Storgatan 1 111 23 Stockholm",
    "the buyer's name and address": "Fjord Foods AB Hamngatan 12 411 06 Göteborg",
    "quantity, nature, price, rate and amount": "Rådgivning 12,5 timmar 1 450,00 25 % 18 125,00",
    "when it was supplied": "Leveransperiod 2026-11-01 – 2026-11-30",
    "taxable amount and VAT by rate": "25 % 18 125,00 4 531,25",
    "what is to be paid": "Att betala 22 656,25 SEK",
    "F-tax": "Godkänd för F-skatt",
    "the organisation number": "Org.nr 559999-1238",
    "the seat": "Säte Stockholm",
    "when it is due": "Förfallodatum 2026-12-30",
    "late interest": "referensränta plus 8 procentenheter",
    "the account": "Bankgiro 991-2346",
    "the OCR reference": "2026000105",
    "both references": "Er referens Ida Berg",
    "ours": "Vår referens Maja Lind",
    "the buyer's order": "Ert ordernummer PO-4711",
}


@pytest.mark.parametrize("what", PARTICULARS)
def test_an_invoice_says(what: str) -> None:
    assert PARTICULARS[what] in text_of(invoice_pdf(invoice(1, po="PO-4711"), SV))


FOREIGN = {
    "the buyer's VAT number": "Your VAT no. FI28159013",
    "why no VAT is charged": "0%: Reverse charge, Article 196 Directive 2006/112/EC",
    "VAT in SEK though it is nothing": "VAT in SEK: 0.00",
    "the rate and its day": "Rate 11.2345 SEK for 1 EUR on 27 Nov 2026, Riksbanken",
    "the account": "SE45 5000 0000 0583 9825 7466",
    "the reference": "RF31 2026 0001",
    "the countries": "90100 Oulu Finland",
    "the seller's country": "111 23 Stockholm Sweden",
    "the amount with its currency": "To pay EUR 42,125.00",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_an_invoice_to_a_business_elsewhere_in_the_union_says(what: str) -> None:
    assert FOREIGN[what] in text_of(invoice_pdf(REVERSE, EN))


def test_vat_in_a_foreign_currency_is_told_in_ours_too() -> None:
    """25 % of 18 125.00 EUR are 4 531.25; at 11.2345 that is 50 906.33 SEK."""
    told = text_of(invoice_pdf(invoice(1, currency="EUR"), SV))
    assert "Moms i SEK: 50 906,33" in told
    assert "Kurs 11,2345 SEK för 1 EUR den 2026-11-27" in told


def test_an_export_says_why_it_bears_no_vat() -> None:
    export = invoice(1, currency="EUR", buyer=THISTLE, treatment=untaxed("export-service", "en"))
    told = text_of(invoice_pdf(export, EN))
    assert "Service supplied outside the EU, Article 44 Directive 2006/112/EC" in told
    assert "EDINBURGH EH1 2NG United Kingdom" in told  # as the Royal Mail asks


def test_each_rate_and_reason_has_its_row() -> None:
    exempt = Treatment(category="E", reason="Undantagen utbildning")
    goods = untaxed("export-goods", "sv")
    lines = [
        invoice_line(1),
        invoice_line(2, treatment=Treatment(category="S", rate=Decimal(12))),
        invoice_line(3, treatment=exempt),
        invoice_line(4, treatment=goods),
    ]
    told = text_of(invoice_pdf(invoice(lines), SV))
    for row in ("25 % 18 125,00 4 531,25", "12 % 24 000,00 2 880,00", "0 % E 3 800,00 0,00"):
        assert row in told
    assert "0 % E: Undantagen utbildning" in told
    assert f"0 % G: {goods.reason}" in told


def test_a_credit_note_names_what_it_credits_and_asks_for_nothing() -> None:
    told = text_of(invoice_pdf(credit_note(invoice(1)), SV))
    assert "Kreditfaktura K-2026-0001" in told
    assert "Krediterar faktura F-2026-0001 av den 2026-11-30" in told
    assert "Anledning Workshopen ställdes in." in told
    assert "Att kreditera 22 656,25 SEK" in told
    for word in ("Att betala", "Förfallodatum", "OCR", "dröjsmålsränta"):
        assert word not in told


def test_a_line_tells_its_period_where_it_differs_from_the_invoice() -> None:
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    lines = [invoice_line(1), invoice_line(4, service=december, supplied=december)]
    told = text_of(invoice_pdf(invoice(lines), SV))
    assert "Leveransperiod 2026-11-01 – 2026-12-31" in told
    assert "2026-12-01 – 2026-12-31" in told
    assert "alla dagar. 2026" in told


def test_a_price_made_by_tiers_is_told_as_an_average() -> None:
    exact = invoice_line(1, unit_price=None, quantity=Decimal(8), net=Money(10_000, "SEK"))
    told = text_of(invoice_pdf(invoice([exact]), SV))
    assert "8 timmar 12,50 25 % 100,00" in told
    rounded = replace(exact, quantity=Decimal(3))
    assert "Snittpris 33,3333 per enhet" in text_of(invoice_pdf(invoice([rounded]), SV))


@pytest.mark.parametrize("price", [None, Decimal("0.02")])
def test_units_that_are_covered_in_full_have_no_average_price(price: Decimal | None) -> None:
    covered = invoice_line(1, unit_price=price, quantity=Decimal(0), net=Money(0, "SEK"))
    told = text_of(invoice_pdf(invoice([covered, invoice_line(2)]), SV))
    assert "Snittpris" not in told


def test_what_a_file_says_of_itself_names_the_commit_and_nothing_of_the_machine() -> None:
    with pypdfium2.PdfDocument(invoice_pdf(invoice(1), SV)) as document:
        about = document.get_metadata_dict()
    assert about["Title"] == "Faktura F-2026-0001"
    assert about["Author"] == "Nordlys Konsult AB"
    assert about["Subject"] == "Fjord Foods AB"
    assert about["Keywords"] == "commit 8d1f0c2a, q2c 0.1.0"
    assert about["CreationDate"] == about["ModDate"] == "D:20261130000000Z"


@pytest.mark.parametrize("name", [*HOSTILE, *NAMES])
def test_names_are_printed_as_they_stand(name: str) -> None:
    buyer = replace(FJORD, name=name, reference=name)
    pages = [
        invoice_pdf(invoice([invoice_line(1, name=name, text=name)], buyer=buyer, title=name), SV),
        quote_pdf(quote([line(1, name=name)], buyer=buyer, note=name), SV),
        contract_pdf(worded(buyer=buyer, lines=(line(1, name=name),)), SV),
    ]
    for pdf in pages:
        assert text_of(pdf).count(name) >= 3


def test_what_no_letter_can_print_is_refused() -> None:
    with pytest.raises(Invalid, match="U\\+6771"):
        invoice_pdf(invoice([invoice_line(1, name="東京")]), SV)


@pytest.mark.parametrize("count", [13, 40, 300])
def test_every_line_is_printed_once_and_each_page_tells_its_number(count: int) -> None:
    lines = [invoice_line(n, name=f"Rad-{n:03}") for n in range(1, count + 1)]
    pages = pages_of(invoice_pdf(invoice(lines), SV))
    told = " ".join(pages)
    assert all(told.count(f"Rad-{n:03} ") == 1 for n in range(1, count + 1))
    for number, page in enumerate(pages, start=1):
        assert f"Sida {number} av {len(pages)}" in page
        assert page.count("Beskrivning Antal Enhet") == 1


def test_the_sum_is_carried_from_page_to_page() -> None:
    lines = [invoice_line(2, id=str(n), text="") for n in range(1, 101)]
    pages = pages_of(invoice_pdf(invoice(lines), SV))
    for before, after in pairwise(pages):
        carried = before.split("Transport till nästa sida ")[1].split(",")[0]
        assert f"Transport från föregående sida {carried},00" in after
        done = int(carried.replace(" ", "")) // 24_000
        assert done == sum(page.count("Workshopdag") for page in pages[: pages.index(after)])
    assert "Transport" not in pages[-1].split("Summa exklusive moms")[1]


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(0, 400))
def test_totals_never_stand_without_a_line(count: int, length: int) -> None:
    lines = [invoice_line(n, text="ord " * (length // 4)) for n in range(1, count + 1)]
    pages = pages_of(invoice_pdf(invoice(lines), SV))
    last = next(page for page in pages if "Summa exklusive moms" in page)
    assert any(name in last for name in ("Rådgivning", "Workshopdag", "Insight", "Support"))
    assert sum("Att betala senast" in page for page in pages) == 1


def test_a_text_longer_than_a_page_goes_on_on_the_next() -> None:
    words = [f"ord{n}" for n in range(2_000)]
    pdf = invoice_pdf(invoice([invoice_line(1, text=" ".join(words)), invoice_line(2)]), SV)
    told = text_of(pdf)
    assert all(word in told for word in words)
    assert len(pages_of(pdf)) >= 3


LONG = {
    "names": replace(FJORD, name="Bolaget för mycket långa namn " * 6, id="x" * 64),
    "one word": replace(FJORD, name="Sammansättningsbolagskonsortium" * 6, reference="y" * 200),
}


@pytest.mark.parametrize("which", LONG)
def test_nothing_is_printed_over_the_margins(which: str) -> None:
    unit, price = "licens per namngiven användare", Decimal("123456789.123456")
    wide = invoice_line(1, name="w" * 90, unit=unit, unit_price=price, net=Money(10**15, "SEK"))
    lines = [replace(wide, id=str(n)) for n in range(1, 9)]
    seller = replace(SELLER, name="Säljarens Aktiebolag " * 9, email="a" * 100 + "@b.example")
    made = invoice(lines, buyer=LONG[which], seller=seller, title="Ämne " * 40, po="P" * 60)
    pdf = invoice_pdf(made, SV)
    assert len(pages_of(pdf)) < 6
    for left, lower, right, upper in boxes_of(pdf):
        assert left >= 20 * MM - 1
        assert right <= (210 - 20) * MM + 1
        assert lower >= 12 * MM - 3
        assert upper <= (297 - 16) * MM + 3


def test_a_quote_says_what_is_offered_and_until_when() -> None:
    told = text_of(quote_pdf(quote(), SV))
    for words in (
        "Offert Q-2026-0001",
        "Giltig till och med 2026-12-02",
        "Startpaket 30 000,00",
        "Workshopdag 1 dag 25 %",
        "Support Guld 1 plan 6 500,00 12 mån 25 % 78 000,00",
        "Per månad, faktureras i förskott, 2026-12-01 – 2027-11-30",
        "Summa inklusive moms 139 750,00 SEK",
        "Workshopen hålls hos er i Göteborg under december.",
        "skicka den till faktura@nordlys.example senast 2026-12-02",
        "För Fjord Foods AB",
    ):
        assert words in told
    assert "Utkast" not in told


def test_a_quote_that_was_not_sent_is_marked_on_every_page() -> None:
    draft = quote([line(n) for n in range(1, 41)], version=0)
    pages = pages_of(quote_pdf(draft, SV))
    assert len(pages) > 1
    assert all("Utkast" in page for page in pages)
    assert "Draft" in text_of(quote_pdf(draft, EN))


def test_a_later_version_of_a_quote_says_so() -> None:
    assert "Q-2026-0001/v2" in text_of(quote_pdf(quote(version=2), SV))


def test_a_quote_shows_its_tiers() -> None:
    tiers = (RateTier(Decimal(40), Decimal(1400)), RateTier(None, Decimal("1300.5"), Decimal(99)))
    for model, word in (("volume", "Volympris"), ("graduated", "Stegpris")):
        rate = Rate(model=model, currency="SEK", tiers=tiers)  # type: ignore[arg-type]  # both are
        told = text_of(quote_pdf(quote([line(1, rate=rate)]), SV))
        assert f"{word}: t.o.m. 40: 1 400,00; därutöver: 1 300,50 + 99,00" in told
    package = Rate(
        model="package", currency="SEK", unit_price=Decimal(900), package_size=Decimal(100)
    )
    told = text_of(quote_pdf(quote([line(1, rate=package)]), SV))
    assert "900,00 per påbörjat paket om 100" in told


def test_a_contract_shows_prices_clauses_and_who_accepted() -> None:
    told = text_of(contract_pdf(worded(), SV))
    for words in (
        "Avtal C-2026-0001",
        "Avtalstid 2026-12-01 – 2027-11-30",
        "Avtalade tjänster och priser",
        "1. Parter",
        "Avtalet följer rätten i Sverige",
        "För Nordlys Konsult AB",
        "För Fjord Foods AB",
        "Godkänt av Ida Berg den 5 november 2026. Kundens ordernummer PO-4711.",
        "4c" * 32,
    ):
        assert words in told


def test_a_heading_of_a_contract_never_ends_a_page() -> None:
    for gap in range(0, 40, 3):
        words = "\n\n".join(
            ["stycke " * (gap + 60), *(f"## {n}. Rubrik\n\nText {n}." for n in range(40))]
        )
        pages = pages_of(contract_pdf(contract(words=words), SV))
        for page in pages[:-1]:
            body = page.split(" Nordlys Konsult AB Storgatan 1 111 23")[0]
            assert not body.endswith("Rubrik")


DRAWN: dict[str, Callable[[Look], bytes]] = {
    "invoice": lambda look: invoice_pdf(invoice(30), look),
    "credit": lambda look: invoice_pdf(credit_note(invoice(2)), look),
    "quote": lambda look: quote_pdf(quote(), look),
    "contract": lambda look: contract_pdf(worded(), look),
}


@pytest.mark.parametrize("which", DRAWN)
def test_the_same_input_gives_the_same_bytes_in_every_process(which: str) -> None:
    script = (
        "import sys, hashlib; from tests.test_documents import DRAWN, SV;"
        f"print(hashlib.sha256(DRAWN[{which!r}](SV)).hexdigest())"
    )
    mine = sha256(DRAWN[which](SV)).hexdigest()
    for zone, locale, seed in (("Asia/Tokyo", "C", "1"), ("America/Lima", "sv_SE.UTF-8", "77")):
        env = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script]
        shown = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        assert shown.stdout.strip() == mine


def test_a_look_has_one_form_and_draws_the_same_when_it_is_read_again() -> None:
    look = frozen(Theme(logo="logo.png", file="theme.yaml"), prepared(png((60, 20))), "sv")
    again = msgspec.json.decode(look_bytes(look), type=Look)
    assert look_bytes(again) == look_bytes(look)
    assert invoice_pdf(invoice(3), again) == invoice_pdf(invoice(3), look)
    assert look.theme.file == ""


def test_a_theme_changes_the_look() -> None:
    plain = invoice_pdf(invoice(1), SV)
    theme = Theme(
        accent="#aa0000",
        margins=Margins(left=30, right=25),
        columns=(
            "position",
            "product",
            "name",
            "period",
            "quantity",
            "unit",
            "unit_price",
            "vat",
            "net",
        ),
        letter=Letter(invoice={"sv": "Tack för förtroendet!", "en": "Thank you!"}),
    )
    look = frozen(theme, prepared(png((400, 90))), "sv")
    told = text_of(invoice_pdf(invoice(1), look))
    assert "Tack för förtroendet!" in told
    assert "Nr Artikel Beskrivning Period" in told
    assert "1 rådgivning Rådgivning" in told
    assert b"0.667 0 0 rg" in marks_of(invoice_pdf(invoice(1), look))
    assert b"0.667 0 0 rg" not in marks_of(plain)
    assert b"/Subtype/Image" in invoice_pdf(invoice(1), look)


WORDED: dict[str, Callable[[Look], bytes]] = {
    "invoice": lambda look: invoice_pdf(invoice(1), look),
    "credit_note": lambda look: invoice_pdf(credit_note(invoice(1)), look),
    "deposit": lambda look: invoice_pdf(invoice(1, scheduled="deposit"), look),
    "contract": lambda look: contract_pdf(contract(), look),
}


@pytest.mark.parametrize("kind", WORDED)
def test_what_a_theme_wants_said_stands_above_and_below_the_lines(kind: str) -> None:
    texts = {kind: {"sv": "Så börjar det."}}, {kind: {"sv": "Så slutar det."}}
    intro, letter = (msgspec.convert(text, Letter) for text in texts)
    told = text_of(WORDED[kind](frozen(Theme(intro=intro, letter=letter), None, "sv")))
    assert told.index("Så börjar det.") < told.index("Beskrivning") < told.index("Så slutar det.")


THEMES = {
    "a column that is missing": ("theme-columns", Theme(columns=("name", "net"))),
    "a column that stands twice": (
        "theme-columns",
        Theme(columns=("name", "quantity", "unit", "unit_price", "vat", "net", "net")),
    ),
    "a foot without the VAT number": ("theme-footer", Theme(footer=(("name", "address"),))),
}


@pytest.mark.parametrize("what", THEMES)
def test_a_theme_cannot_leave_out_what_the_law_wants(what: str) -> None:
    code, theme = THEMES[what]
    with pytest.raises(Invalid) as refused:
        frozen(theme, None, "sv")
    assert refused.value.faults[0].code == code


def test_drawing_needs_no_heavy_library() -> None:
    script = (
        "import sys, q2c.documents.invoice, q2c.documents.quote, q2c.documents.contract;"
        "heavy = {'jinja2', 'segno', 'PIL', 'markdown_it', 'tomllib', 'stdnum', 'yaml', 'rich'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_an_invoice_is_drawn_five_times_as_fast_as_by_platypus() -> None:
    """CPU time of the page with twelve lines and a code, in turns, the best of five each."""
    prepare()
    made = invoice(12, po="PO-4711")
    fast, slow = [], []
    for number in range(6):
        mine = replace(made, ocr=f"20260{number}", number=f"F-2026-{number:04}")
        sheet = invoice_sheet(mine, SV)
        fast.append(_cpu(partial(invoice_pdf, mine, SV)))
        slow.append(_cpu(partial(platypus, sheet)))
    assert min(slow[1:]) >= 5 * min(fast[1:])


def _cpu(draw: Callable[[], bytes]) -> float:
    start = time.process_time()
    draw()
    return time.process_time() - start


def test_platypus_makes_the_same_page() -> None:
    prepare()
    made = invoice(6)
    mine, theirs = invoice_pdf(made, SV), platypus(invoice_sheet(made, SV))
    lacking = set(text_of(mine).split()) - set(text_of(theirs).split()) - {"Sida", "av"}
    assert not lacking
