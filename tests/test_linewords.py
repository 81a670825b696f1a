"""Lines and drafts in words: what is typed is read, and what is written is read again."""

from decimal import Decimal

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.commands.quotes.drafting import (
    Asked,
    draft_of,
    payment_word,
    read_clause,
    read_deposit,
    read_payment,
    read_rate,
    same_words,
    with_rest,
)
from q2c.commands.quotes.linewords import AskedLine, discount_word, read_discount, read_line
from q2c.core.catalog import Catalog
from q2c.core.catalog.working import Rounding
from q2c.core.fault import Misused
from q2c.core.quote import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Payment,
    Segment,
    StatedRate,
)
from q2c.store.draftfile import ORDER, draft_file
from q2c.store.records import read_record
from tests.values import ADVISORY, COMPANY, SUPPORT, TODAY, day

# Texts as people write them: letters of any language, signs that mean something in YAML.
TEXT = st.text(
    st.characters(categories=("L", "N"), max_codepoint=0x24F)
    | st.sampled_from(" ,:#'\"-&*!%@{}[]|>"),
    max_size=30,
).map(str.strip)
NAMES = st.none() | TEXT.filter(bool)
WORDS = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
IDS = st.none() | WORDS
NUMBERS = st.decimals(0, 10**6, places=3).map(lambda number: Decimal(f"{number:f}"))
DAYS = st.dates(day("2026-01-01"), day("2030-12-31"))
DISCOUNTS = st.builds(
    Discount, percent=NUMBERS, reason=NAMES.map(lambda name: name and name.replace(";", ""))
) | st.builds(Discount, amount=NUMBERS)
SEGMENTS = st.builds(
    Segment,
    first=DAYS,
    quantity=st.none() | NUMBERS.map(lambda number: number + 1),
    price=st.none() | NUMBERS,
    discounts=st.lists(DISCOUNTS, max_size=2).map(tuple),
)
OPTIONS = st.dictionaries(WORDS, NUMBERS, max_size=3)
ROUNDINGS = st.builds(
    Rounding,
    step=NUMBERS,
    how=st.sampled_from(("up", "nearest", "down")),
    per=st.sampled_from(("entry", "day")),
)
LINES = st.builds(
    DraftLine,
    id=IDS,
    text=TEXT,
    section=NAMES,
    price=st.none() | NUMBERS,
    discounts=st.lists(DISCOUNTS, max_size=2).map(tuple),
    optional=st.booleans(),
    group=IDS,
    choice=IDS,
    label=NAMES,
    every=st.none() | st.sampled_from(("month", "quarter", "year")),
    term=st.none() | st.sampled_from(("1 month", "24 months")),
    starts=st.none() | DAYS,
    ramp=st.lists(SEGMENTS, max_size=3).map(tuple),
    rates=st.dictionaries(WORDS, NUMBERS, max_size=2),
    rounding=st.none() | ROUNDINGS,
    cap=st.none() | NUMBERS,
    bill=st.none() | st.just("on-order"),
    delivery=TEXT,
)
RATES = st.builds(StatedRate, rate=NUMBERS, date=DAYS, source=TEXT.filter(bool))
CLAUSES = st.builds(Clause, id=WORDS, text=TEXT, standard=st.booleans())
PAYMENTS = st.builds(Payment, name=NAMES, percent=NUMBERS, date=DAYS) | st.builds(
    Payment,
    amount=st.none() | NUMBERS,
    on=st.sampled_from(("start", "delivery")),
    days=st.integers(0, 99),
)


@st.composite
def lines(draw: st.DrawFn) -> DraftLine:
    """Give a line with anything on it."""
    line, options = draw(LINES), draw(st.none() | OPTIONS)
    if options is not None:
        line = replace(line, options=tuple(options), quantities=options)
    return line


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Give a draft with anything in it."""
    return Draft(
        customer="fjord-foods",
        opportunity=draw(IDS),
        date=TODAY,
        valid_until=draw(DAYS),
        starts=draw(st.none() | DAYS),
        term=draw(st.none() | st.just("12 months")),
        currency=draw(st.none() | st.just("EUR")),
        exchange=draw(st.none() | RATES),
        title=draw(NAMES),
        intro=draw(TEXT),
        lines=tuple(
            replace(line, product="advisory", quantity=draw(NUMBERS))
            for line in draw(st.lists(lines(), min_size=1, max_size=3))
        ),
        choices=draw(st.dictionaries(WORDS, WORDS, max_size=2)),
        promotions=draw(st.lists(st.just("WINTER26"), max_size=1).map(tuple)),
        discounts=draw(st.lists(DISCOUNTS, max_size=2).map(tuple)),
        due_days=draw(st.none() | st.integers(0, 90)),
        payments=draw(st.lists(PAYMENTS, max_size=2).map(tuple)),
        clauses=draw(st.lists(CLAUSES, max_size=2).map(tuple)),
        attachments=draw(st.lists(st.just("papers/plan.pdf"), max_size=1).map(tuple)),
        note=draw(TEXT),
    )  # fmt: skip


def test_a_line_is_a_product_and_how_many() -> None:
    assert read_line("advisory") == AskedLine("advisory")
    assert read_line("advisory:7.5") == AskedLine("advisory", Decimal("7.5"))


def test_a_line_says_its_terms_behind_commas() -> None:
    word = 'support:2,price=1400,discount=10%:Early order,section="Work, and more",optional'
    assert read_line(word).more == DraftLine(
        price=Decimal(1400),
        discounts=(Discount(percent=Decimal(10), reason="Early order"),),
        section="Work, and more",
        optional=True,
    )


def test_a_line_says_its_ramp_segment_by_segment() -> None:
    found = read_line("seat,from=2027-01-01:20,from=2028-01-01:50@90;5%;100:Thanks").more.ramp
    later = (Discount(percent=Decimal(5)), Discount(amount=Decimal(100), reason="Thanks"))
    assert found == (
        Segment(first=day("2027-01-01"), quantity=Decimal(20)),
        Segment(first=day("2028-01-01"), quantity=Decimal(50), price=Decimal(90), discounts=later),
    )


def test_a_line_says_its_options_or_that_it_has_none() -> None:
    found = read_line("seat,options=sso+training:2").more
    assert (found.options, found.quantities) == (("sso", "training"), {"training": Decimal(2)})
    assert read_line("seat,options=").more.options == ()
    assert read_line("seat").more.options is None


@pytest.mark.parametrize(
    "word",
    [
        "",
        "Seat",
        "seat:-1",
        "seat,,",
        "seat,price",
        "seat,price=dear",
        "seat,colour=red",
        "seat,every=day",
        "seat,term=soon",
        "seat,bill=never",
        'seat,text="open',
        "seat,discount=ten",
        "seat,from=2027-02-30:2",
        "seat,options=Sso",
        "seat\n",
    ],
)
def test_what_is_no_line_is_refused(word: str) -> None:
    with pytest.raises((typer.BadParameter, Misused)):
        read_line(word)


def test_a_discount_is_a_percentage_or_an_amount_with_its_reason() -> None:
    assert read_discount("10%") == Discount(percent=Decimal(10))
    assert read_discount("500:Paid in advance") == Discount(
        amount=Decimal(500), reason="Paid in advance"
    )
    assert discount_word(read_discount("-2.5%:By boat")) == "-2.5%:By boat"


def test_a_payment_says_how_much_and_when() -> None:
    deposit = read_payment("30%@acceptance:Deposit")
    assert deposit == Payment(name="Deposit", percent=Decimal(30), on="acceptance")
    assert read_payment("5000@2027-03-01") == Payment(amount=Decimal(5000), date=day("2027-03-01"))
    assert read_payment("rest@delivery+30") == Payment(on="delivery", days=30)
    with pytest.raises(typer.BadParameter, match="not a payment"):
        read_payment("30%@soon")


def test_a_deposit_alone_leaves_the_rest_to_the_delivery() -> None:
    deposit = read_deposit("30%")
    assert with_rest(deposit, ()) == (deposit, Payment(on="delivery"))
    assert with_rest(None, ()) == ()
    assert with_rest(deposit, [Payment(on="start")]) == (deposit, Payment(on="start"))


def test_a_rate_and_a_clause_are_said_in_a_word() -> None:
    assert read_rate("11.42@2026-11-20:Riksbanken") == StatedRate(
        rate=Decimal("11.42"), date=day("2026-11-20"), source="Riksbanken"
    )
    assert read_clause("code=It is yours.") == Clause(id="code", text="It is yours.")
    for read, word in ((read_rate, "11.42"), (read_clause, "It is yours")):
        with pytest.raises(typer.BadParameter):
            read(word)


@given(lines(), NUMBERS.map(lambda number: number + 1))
def test_a_line_that_is_written_is_read_as_itself(line: DraftLine, quantity: Decimal) -> None:
    asked = AskedLine("seat", quantity, line)
    assert read_line(str(asked)) == asked


@given(PAYMENTS, DISCOUNTS)
def test_a_payment_and_a_discount_that_are_written_are_read_as_themselves(
    payment: Payment, discount: Discount
) -> None:
    assert read_payment(payment_word(payment)) == payment
    assert read_discount(discount_word(discount)) == discount


@given(drafts())
def test_the_file_of_a_draft_is_read_as_the_draft(draft: Draft) -> None:
    read = read_record(draft_file(draft), "quotes/Q-1/quote.yaml", Draft)
    assert replace(read, file="", places="") == draft


def test_every_field_of_a_draft_has_its_place_in_the_file() -> None:
    assert {*ORDER, "file", "places"} == {*Draft.__struct_fields__}


def test_the_same_words_ask_for_the_same() -> None:
    asked = Asked(
        customer="fjord-foods",
        lines=(read_line("advisory:40,discount=10%"),),
        choices={"edition": "best"},
        discounts=(read_discount("5%:Thanks"),),
        promotions=("WINTER26",),
        payments=(read_payment("30%@acceptance"),),
        every="year",
        due_days=20,
        title="Start in spring",
    )
    assert same_words(asked) == (
        "q2c quote new fjord-foods --line advisory:40,discount=10% --choose edition=best"
        " --discount 5%:Thanks --promo WINTER26 --every year --due-days 20"
        " --payment 30%@acceptance --title 'Start in spring' --no-input"
    )


def test_how_often_it_is_billed_is_said_for_all_that_recurs() -> None:
    catalog = Catalog({"advisory": ADVISORY, "support": SUPPORT}, {})
    words = ("advisory", "support", "support,every=quarter")
    asked = Asked(customer="fjord-foods", lines=tuple(map(read_line, words)), every="year")
    found = draft_of(asked, COMPANY, catalog, TODAY)
    assert [line.every for line in found.lines] == [None, "year", "quarter"]
