"""Offers as documents: choices, ramps, discounts, price schemes and terms, worked out by hand."""

import re
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.invoice import Crediting, Issue, credited, parts_of
from q2c.core.money import Money, total
from q2c.core.pricing import Rate, RateTier
from q2c.core.quote import Clause, DraftLine, Priced, Segment, StatedRate, choose
from q2c.core.quote.otherwise import differences
from q2c.documents.contract import contract_pdf
from q2c.documents.discounts import whole_discounts
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.offered import small_print
from q2c.documents.outline import items_of
from q2c.documents.quote import quote_pdf, quote_sheet
from q2c.documents.schemes import scheme
from tests.made import at, line, recurring
from tests.offers import agreed, asked, billed, everything, made, off, ramp
from tests.reading import boxes_of, marks_of, pages_of, text_of
from tests.values import day

SV, EN = frozen(Theme(), None, "sv"), frozen(Theme(), None, "en")


def told(quote: Priced) -> str:
    return text_of(quote_pdf(quote, SV))


SAYS = {
    "the words before the table": "Tack för mötet. Beskrivning",
    "a section and what stands in it": "Plattform Plattform Per månad, faktureras i förskott",
    "a segment of a ramp": "2027-01-01 – 2027-06-30 10 plats",
    "the discount of a segment": "24 000,00 före rabatt: Växer −5 % 3 800,00 per månad",
    "an option below its line, without days of its own": "Data i EU ingår Kopior 2027-01-01",
    "a percentage of other lines": "18 % 1 år 25 %",
    "what it is a percentage of": "18 % av 34 800,00 per år",
    "the sum of a section": "Delsumma Plattform 46 284,00",
    "what came off a line, stage by stage": "58 000,00 före rabatt: Ramavtal −8 %; Trohet −10 %",
    "a bundle": "Startpaket 17 000,00 18 000,00 före rabatt: Rabatt −1 000,00",
    "how it is delivered": "Leverans: Fritt Göteborg.",
    "the alternative that is counted": "Alternativ: Bas",
    "a package with free units": "40,00 per påbörjat paket om 1 000, de första 10 000 ingår",
    "an estimate": "Uppskattat antal; det som används faktureras",
    "a percentage and its bounds": "Fast avgift 150,00, lägst 400,00, högst 9 000,00",
    "blocks": "Blockpris: t.o.m. 100: 490,00; t.o.m. 500: 1 490,00; därutöver: 1 490,00 + 2,50",
    "percentages by tier": "Stegvis procent: t.o.m. 10 000: 2 %; därutöver: 1,5 %",
    "a price for all": "Fast pris 5 000,00 oavsett antal",
    "a promotion off the whole": "Välkommen −2 500,00",
    "a discount off the whole": "Tidigt beslut −3 %",
    "the choices": "Alternativ Exklusive moms.",
    "which of them is counted": "Bas ingår 31 500,00 Silver",
    "what can be added": "Kan läggas till Exklusive moms, och inte med i summan ovan.",
    "what recurs": "Återkommande avgifter",
    "a payment and when it is due": "Handpenning, 30 % Vid godkännandet",
    "one that follows an event": "Betalning 2 30 dagar efter startdatum",
    "that the schedule is what counts": "Betalning enligt betalningsplanen ovan.",
    "what stands besides": "Övrigt Resor ingår.",
    "what goes with it": "Bilagor krav.pdf",
    "its clauses as they stand": "Tilläggsvillkor Data lämnas ut (CSV) * inom 30 dagar.",
    "that choices are ticked": "Kryssa för det ni väljer",
}


@pytest.mark.parametrize("what", SAYS)
def test_an_offer_says(what: str) -> None:
    assert SAYS[what] in told(everything())


def test_rows_lead_from_the_sum_of_the_lines_to_the_net() -> None:
    """40 hours: 58 000, less 8 %, 53 360; less 2 500; less 3 % of 50 860."""
    quote = made(asked("advice", "40"), promotions=("HEJ",), discounts=(off("3"),))
    facts = whole_discounts(SV.language, quote.counted, quote.reduced, "SEK")
    assert [(fact.label, fact.text.replace("\u00a0", " ")) for fact in facts] == [
        ("Radsumma", "53 360,00"),
        ("Välkommen", "−2 500,00"),
        ("Rabatt −3 %".replace(" %", "\u00a0%"), "−1 525,80"),
    ]
    assert quote.net == Money.of(Decimal("49334.20"), "SEK")


def test_where_no_line_counts_yet_a_discount_on_the_whole_takes_nothing() -> None:
    quote = made(asked("advice", optional=True), discounts=(off("3"),))
    told = [fact.text for fact in whole_discounts(SV.language, (), quote.reduced, "SEK")]
    assert told == ["0,00", "0,00"]
    assert "Kan läggas till" in text_of(quote_pdf(quote, SV))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["advice", "workshop", "start", "kit"]), min_size=1, max_size=6),
    st.lists(st.integers(1, 60), max_size=3),
)
def test_what_comes_off_the_whole_always_leads_to_the_net(
    ids: list[str], percents: list[int]
) -> None:
    lines = [DraftLine(bundle=id_) if id_ == "kit" else asked(id_) for id_ in ids]
    discounts = tuple(off(str(percent)) for percent in percents)
    quote = made(*lines, promotions=("HEJ",), discounts=discounts)
    sum_, *rows = (
        f.text for f in whole_discounts(SV.language, quote.counted, quote.reduced, "SEK")
    )
    assert read(sum_) + sum(map(read, rows)) == quote.net.minor


def read(amount: str) -> int:
    """Read an amount as minor units."""
    return int(re.sub(r"[^0-9−]", "", amount).replace("−", "-"))


def test_alternatives_tell_what_they_change() -> None:
    """Silver 3 000 and gold 6 500 a month for a year: 36 000 and 78 000."""
    quote = made(
        asked("silver", group="support", choice="silver", label="Bas"),
        asked("gold", group="support", choice="gold", label="Guld"),
    )
    words = told(quote)
    assert "Bas 1 st 3 000,00 12 mån ingår 36 000,00 Silver" in words
    assert "Guld 1 st 6 500,00 12 mån +42 000,00 78 000,00" in words
    assert words.count("Summa exklusive moms 36 000,00") == 1
    other = made(*(drafted_support()), choices={"support": "gold"})
    assert "Bas 1 st 3 000,00 12 mån −42 000,00 36 000,00" in told(other)
    assert "Guld ingår" in told(other).split("Kryssa")[1]


def drafted_support() -> tuple[DraftLine, DraftLine]:
    return (
        asked("silver", group="support", choice="silver", label="Bas"),
        asked("gold", group="support", choice="gold", label="Guld"),
    )


@pytest.mark.parametrize("discounts", [(), (off("10"),), (off(amount="700"), off("3"))])
def test_a_difference_is_what_choosing_it_changes(discounts: tuple[object, ...]) -> None:
    lines = (*drafted_support(), ramp(), asked("care"), asked("workshop", optional=True))
    quote = made(*lines, discounts=discounts)
    changes = differences(quote)
    gold = choose(quote, {"support": "gold"}).net - quote.net
    more = next(one for one in quote.lines if one.optional)
    added = choose(quote, optional=[more.id]).net - quote.net
    assert changes == {quote.lines[1].id: gold, more.id: added}


def test_boxes_are_drawn_for_what_can_be_chosen_and_nothing_else() -> None:
    lines = (*drafted_support(), asked("workshop", "2", optional=True))
    sheet = quote_sheet(made(*lines), SV)
    assert sheet.signing is not None
    ticked = [(box.label, box.text) for some in sheet.signing.boxes for box in some.choices]
    assert [(label, text.replace("\u00a0", " ")) for label, text in ticked] == [
        ("Bas", "ingår"),
        ("Guld", "+42 000,00"),
        ("Workshop, 2 st", "+18 000,00"),
    ]
    assert marks_of(quote_pdf(made(*lines), SV)).count(b" re S") == 3
    assert b" re S" not in marks_of(quote_pdf(made(asked("workshop")), SV))


def test_a_plain_line_is_shown_without_any_of_it() -> None:
    words = told(made(asked("workshop", "2")))
    for key in ("lines_total", "alternatives", "addable", "recurring", "payment_plan", "tick"):
        assert SV.language.words[key] not in words
    assert "Workshop 2 st 9 000,00 25 % 18 000,00 Faktureras efter leverans Summa" in words


def test_a_promotion_that_ends_is_shown_like_a_ramp() -> None:
    words = told(made(asked("gold"), promotions=("NYTT",)))
    assert "2027-01-01 – 2027-03-31 1 st 6 500,00 3 mån 25 % 9 750,00" in words
    assert "19 500,00 före rabatt: Premiär −50 % 3 250,00 per månad" in words
    assert "2027-04-01 – 2027-12-31 1 st 6 500,00 9 mån 25 % 58 500,00" in words


def test_what_recurs_is_told_by_its_dated_parts() -> None:
    """10 places at 200 + 30, then 20: 2 300 and 4 600 a month, and 4 370 with 5 % off."""
    words = told(made(ramp()))
    assert "2027-01-01 – 2027-06-30 2 300,00 13 800,00" in words
    assert "2027-07-01 – 2027-12-31 4 370,00 26 220,00" in words


def test_a_ramp_that_is_broken_by_a_page_names_itself_again() -> None:
    segments = tuple(
        Segment(first=day(f"2027-{month:02}-01"), discounts=(off(str(month)),))
        for month in range(1, 13)
    )
    lines = [asked("workshop")] * 9 + [asked("platform", "10", ramp=segments, options=("backup",))]
    pages = pages_of(quote_pdf(made(*lines), SV))
    broken = [page for page in pages[1:] if "Plattform" in page.split("Transport från")[-1]]
    assert len(pages) >= 3
    assert any("Plattform – Kopior 2027-" in page or "Plattform 2027-" in page for page in broken)


def test_what_a_period_costs_is_told_where_it_is_a_whole_number_of_oere() -> None:
    """Two seats for three months: 600.00 is 200.00 a month, and 599.99 is no amount a month."""
    seats = recurring(times=3, quantity=Decimal(2))
    words = {
        net: " ".join(small_print(SV.language, replace(seats, **at(Money(net, "SEK")))))
        for net in (60_000, 59_999)
    }
    assert "200,00" in words[60_000]
    assert "199,99" not in words[59_999]
    assert "200,00" not in words[59_999]


def test_a_usage_price_without_a_quantity_shows_its_scheme_and_no_sum() -> None:
    words = told(made(asked("calls", "0"), asked("workshop")))
    assert "Anrop anrop 25 % 40,00 per påbörjat paket" in words


def test_a_foreign_currency_is_told_in_ours_at_the_stated_rate() -> None:
    """1 000 EUR with 25 % VAT at 11.2345 are 14 043.13 SEK."""
    rate = StatedRate(rate=Decimal("11.2345"), date=day("2026-10-30"), source="Riksbanken")
    net = Money.of(1000, "EUR")
    one = replace(line(1, "EUR"), gross=net, own=net, net=net)
    quote = made(asked("workshop"))
    vat = tuple(replace(row, base=net, vat=Money.of(250, "EUR")) for row in quote.vat)
    words = told(replace(quote, currency="EUR", lines=(one,), vat=vat, exchange=rate))
    assert "Summa inklusive moms i SEK: 14 043,13" in words
    assert "Kurs 11,2345 SEK för 1 EUR den 2026-10-30, Riksbanken" in words


SCHEMES = {
    "Graduated price: up to 10: 100.00; above: 80.00 + 25.00": Rate(
        model="graduated",
        currency="SEK",
        tiers=(
            RateTier(Decimal(10), Decimal(100)),
            RateTier(None, Decimal(80), Decimal(25)),
        ),
    ),
    "Price by block: up to 10: 100.00; above: 250.00 + 5.00 for each above 10": Rate(
        model="block",
        currency="SEK",
        tiers=(
            RateTier(Decimal(10), flat=Decimal(100)),
            RateTier(None, Decimal(5), Decimal(250)),
        ),
    ),
    "Percentage by tier: up to 1,000: 1%; above: 0.5%": Rate(
        model="graduated-percentage",
        currency="SEK",
        tiers=(RateTier(Decimal(1000), Decimal("0.01")), RateTier(None, Decimal("0.005"))),
    ),
    "At least 99.00": Rate(model="per-unit", currency="SEK", minimum=Decimal(99)),
    "": Rate(model="cost-plus", currency="SEK", unit_price=Decimal("640.06")),
}


@pytest.mark.parametrize("words", SCHEMES)
def test_a_price_scheme_is_told_in_words(words: str) -> None:
    assert scheme(EN.language, line(1, rate=SCHEMES[words])) == words


def test_discounts_are_told_by_unit_period_and_slice_and_surcharges_as_such() -> None:
    from q2c.core.pricing import Reduction
    from q2c.documents.discounts import line_discounts

    def said(reduction: Reduction, **more: object) -> str:
        one = replace(made(asked("gold")).lines[0], reductions=(reduction,), **more)
        return line_discounts(EN.language, one).partition(": ")[2]

    five = Decimal(5)
    assert said(Reduction(stage="manual", amount=five)) == "Discount -5.00 per month"
    each = Reduction(stage="schedule", name="Volume", amount=five, per_unit=True)
    assert said(each, every=None, unit="hour") == "Volume -5.00 per hour"
    slices = ((Decimal(10), Decimal(0)), (Decimal(20), five))
    assert said(Reduction(stage="schedule", name="Volume", slices=slices)) == "Volume -5% on 20"
    assert said(Reduction(stage="manual", percent=-five)) == "Surcharge +5%"
    more = replace(
        made(asked("gold")).lines[0], reductions=(Reduction(stage="manual", percent=-five),)
    )
    more = replace(more, own=Money(more.gross.minor + 1, "SEK"))
    assert "before surcharge" in line_discounts(EN.language, more)


def test_the_name_of_a_schedule_is_in_the_language_of_the_customer() -> None:
    words = told(made(asked("advice", "40")))
    assert "före rabatt: Ramavtal −8 %" in words
    assert "from" not in words


def test_lines_of_a_section_stand_together_wherever_they_were_written() -> None:
    quote = made(
        asked("workshop", section="Ett"),
        asked("start", section="Två"),
        asked("advice", "2", section="Ett"),
    )
    words = told(quote)
    assert "Delsumma Ett 11 900,00 Två" in words
    assert re.search(r"Ett Workshop .* Rådgivning .* Delsumma Ett", words)


def test_every_line_is_in_exactly_one_item() -> None:
    lines = everything().lines
    assert sorted(one.id for item in items_of(lines) for one in item.all) == sorted(
        one.id for one in lines
    )


def test_a_contract_has_what_was_chosen_and_not_what_was_not() -> None:
    quote = everything()
    words = text_of(contract_pdf(agreed(quote), SV))
    for said in (
        "Växer −5 %",
        "Välkommen −2 500,00",
        "Handpenning, 30 % Vid godkännandet",
        "krav.pdf " + "ab" * 32,
        "Tilläggsvillkor Data lämnas ut (CSV) * inom 30 dagar.",
        "Alternativ: Bas",
        "Omsorg, från och med 1 januari 2027",
    ):
        assert said in words
    assert words.index("Ändringar och tvist") < words.index("Tilläggsvillkor")
    assert "Guld" not in words
    assert "Kan läggas till" not in words
    sold = choose(quote)
    assert f"Summa inklusive moms {spaced(sold.total)} SEK" in words


def spaced(money: Money) -> str:
    """Write an amount as a Swedish document does."""
    return f"{money.amount:,f}".replace(",", " ").replace(".", ",")


def test_an_invoice_shows_unit_price_discount_and_net() -> None:
    """40 hours at 1 450 are 58 000; less 8 % and 10 % they are 48 024, so 9 976 are taken off."""
    quote = made(asked("advice", "40", discounts=(off("10"),)))
    invoice = billed(quote, day("2026-12-31"))
    [line_] = invoice.lines
    assert (line_.unit_price, line_.gross) == (Decimal(1450), Money.of(58000, "SEK"))
    words = text_of(invoice_pdf(invoice, SV))
    assert "Rådgivning 40 timmar 1 450,00 25 % 48 024,00 58 000,00 minus rabatt 9 976,00" in words
    plain = billed(made(asked("workshop")), day("2026-12-31"))
    assert plain.lines[0].gross is None
    assert "rabatt" not in text_of(invoice_pdf(plain, SV))


def test_a_credit_note_shows_the_discount_of_what_it_gives_back() -> None:
    """All of 48 024, or 1 000 of it: a part has no units, so no price before discounts either."""
    invoice = billed(made(asked("advice", "40", discounts=(off("10"),))), day("2026-12-31"))

    def note(amount: Money) -> str:
        what = Crediting(parts=parts_of({"1": amount}), issued_on=invoice.issued_on, reason="Fel")
        given_ = Issue(number="K-2026-0001", look="")
        return text_of(invoice_pdf(credited(invoice, (), what, given_), SV))

    whole = note(invoice.lines[0].net)
    assert "1 450,00 25 % 48 024,00 58 000,00 minus rabatt 9 976,00" in whole
    assert "rabatt" not in note(Money.of(1000, "SEK"))


def test_instalments_keep_the_price_before_discounts_to_the_last_unit() -> None:
    quote = made(asked("gold", "3", discounts=(off("7"),)), discounts=(off(amount="100.01"),))
    invoice = billed(quote, day("2027-12-31"))
    gross = [one.gross for one in invoice.lines]
    assert {one.unit_price for one in invoice.lines} == {Decimal(6500)}
    assert total((one for one in gross if one), "SEK") == quote.lines[0].gross
    assert invoice.net == quote.net


def test_a_percentage_is_invoiced_as_one() -> None:
    """18 % of 10 places at 200 a month for a year, 24 000: 4 320."""
    quote = made(asked("platform", "10", options=()), asked("care"))
    words = text_of(invoice_pdf(billed(quote, day("2027-01-01")), SV))
    assert "Omsorg 24 000,00 SEK 18 % 25 % 4 320,00" in words


def test_an_offer_without_end_fits_its_pages() -> None:
    long = "Förstudie och kravfångst för koncernens gemensamma informationsplattform " * 2
    lines = [
        *(asked("workshop", section=long, delivery=long, text=long) for _ in range(3)),
        *(
            asked("gold", group="g", choice=f"c{n}", label=f"{n} {long}", text=long)
            for n in range(5)
        ),
        *(asked("workshop", optional=True, text=long) for _ in range(60)),
    ]
    clause = Clause(id="c", text=long * 40)
    quote = made(
        *lines, clauses=(clause,), discounts=(off("1", reason=long),), intro="i", note=long * 30
    )
    pdf = quote_pdf(quote, SV)
    for left, lower, right, upper in boxes_of(pdf):
        assert left >= 56
        assert right <= 540
        assert lower >= 30
        assert upper <= 842 - 40
    assert text_of(pdf).count("Workshop Alternativ") == 0
    assert text_of(pdf).count("+8 910,00") == 60


@pytest.mark.parametrize("count", [25, 300])
def test_a_long_offer_shows_each_line_once_and_carries_its_sum(count: int) -> None:
    lines = [asked("workshop", text=f"Rad-{n:03}", section=f"Del {n % 4}") for n in range(count)]
    pages = pages_of(quote_pdf(made(*lines), SV))
    words = " ".join(pages)
    assert all(words.count(f"Rad-{n:03} ") == 1 for n in range(count))
    for page in pages[:-1]:
        if "Transport till nästa sida" in page:
            assert re.search(r"Transport till nästa sida [0-9 ]+000,00", page)


def test_an_offer_is_the_same_bytes_each_time_and_from_its_frozen_form() -> None:
    import msgspec

    quote = everything()
    again = msgspec.json.decode(msgspec.json.encode(quote), type=Priced)
    assert quote_pdf(again, SV) == quote_pdf(quote, SV)
    assert quote_pdf(quote, SV) == quote_pdf(everything(), SV)


def test_an_offer_costs_in_proportion_to_its_lines() -> None:
    """500 lines at most one and a half times as much a line as 12; the least of several runs."""

    def quote(count: int) -> Priced:
        kinds = [
            ramp(),
            DraftLine(bundle="kit", discounts=(off("5"),)),
            asked("advice", "40", section="Arbete", discounts=(off("10"),)),
            asked("workshop", optional=True),
        ]
        return made(*(kinds[n % 4] for n in range(count)), discounts=(off("3"),))

    def cost(made_: Priced, times: int) -> float:
        start = time.process_time()
        for _ in range(times):
            quote_pdf(made_, SV)
        return (time.process_time() - start) / times

    small, large = quote(12), quote(500)
    cost(small, 2)
    least = min(cost(small, 5) for _ in range(4))
    assert min(cost(large, 1) for _ in range(3)) <= 1.5 * 500 / 12 * least


def test_both_languages_draw_the_same_offer() -> None:
    sheets = [quote_sheet(everything(code), look) for code, look in (("sv", SV), ("en", EN))]
    shapes = [
        [len(table.rows) for table in (sheet.table, *sheet.blocks) if table] for sheet in sheets
    ]
    assert shapes[0] == shapes[1]
