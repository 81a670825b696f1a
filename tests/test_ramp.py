"""Ramps: dated segments with their own quantity and price, and promotions that end on the way."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.billing import instalments
from q2c.core.catalog import (
    Band,
    Catalog,
    Choice,
    OptionGroup,
    Product,
    Promotion,
    Schedule,
    Scope,
)
from q2c.core.fault import Invalid
from q2c.core.order import from_quote
from q2c.core.quote import (
    Discount,
    DraftLine,
    Event,
    Offer,
    Priced,
    Segment,
    Shelf,
    offered,
    priced,
)
from q2c.core.trace import noted
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day, days, kr

EXTRAS = OptionGroup(
    id="extras",
    name="Extras",
    choices=(Choice(product="addon"), Choice(product="tool", quantity=Decimal(2))),
)
SEAT = Product(
    id="seat",
    name="Seat",
    family="software",
    charge="recurring",
    every="month",
    price={"SEK": Decimal(100)},
    frequencies={"quarter": {"SEK": Decimal(270)}},
    options=(EXTRAS,),
)
ADDON = replace(SEAT, id="addon", price={"SEK": Decimal(10)}, frequencies={}, options=())
TOOL = Product(id="tool", name="Tool", price={"SEK": Decimal(5)})
CARE = Product(
    id="care",
    name="Care",
    charge="recurring",
    every="year",
    model="percentage",
    percent=Decimal(18),
    percent_of=Scope(families=("software",)),
)


def offer(*promotions: Promotion, schedules: tuple[Schedule, ...] = ()) -> Offer:
    catalog = Catalog(
        {one.id: one for one in (SEAT, ADDON, TOOL, CARE)},
        schedules=schedules,
        promotions=promotions,
    )
    return offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)


def segment(first: str, quantity: str | None = None, **more: object) -> Segment:
    units = None if quantity is None else Decimal(quantity)
    return replace(Segment(first=day(first), quantity=units), **more)


def seats(*ramp: Segment, **more: object) -> DraftLine:
    said: dict[str, object] = {"product": "seat", "ramp": ramp, "term": "36 months"}
    return DraftLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def quoted(*lines: DraftLine, found: Offer | None = None, **more: object) -> Priced:
    return priced("Q-1", draft(*lines, **more), found or offer())


ACCEPTED = Event(kind="accepted", date=TODAY, version=1)
YEARS = (segment("2026-03-01", "10"), segment("2027-03-01", "20"), segment("2028-03-01", "30"))


def test_every_segment_is_a_line_with_its_own_days_quantity_and_price() -> None:
    cheaper = replace(YEARS[2], price=Decimal(80), discounts=(Discount(percent=Decimal(10)),))
    quote = quoted(seats(*YEARS[:2], cheaper))
    assert [(one.segment, one.service, one.quantity, one.times) for one in quote.lines] == [
        ("1/3", days("2026-03-01", "2027-02-28"), Decimal(10), 12),
        ("2/3", days("2027-03-01", "2028-02-29"), Decimal(20), 12),
        ("3/3", days("2028-03-01", "2029-02-28"), Decimal(30), 12),
    ]
    assert [one.net for one in quote.lines] == [kr("12000"), kr("24000"), kr("25920")]


def test_a_segment_is_as_the_line_has_it_where_it_says_nothing() -> None:
    line = seats(
        segment("2026-03-01"), segment("2027-03-01", "4"), quantity=Decimal(3), price=Decimal(50)
    )
    assert [one.net for one in quoted(line).lines] == [kr("1800"), kr("4800")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (seats(segment("2026-04-01", "1")), "The ramp begins on 2026-04-01"),
        (seats(YEARS[0], YEARS[2], YEARS[1]), "ends before it begins"),
        (seats(YEARS[0], YEARS[0]), "ends before it begins"),
        (seats(YEARS[0], segment("2029-03-01", "1")), "ends before it begins"),
        (seats(YEARS[0], segment("2027-03-15", "1")), "not a whole number of billing periods"),
        (seats(YEARS[0], segment("2026-05-01", "1"), every="quarter"), "not a whole number"),
        (seats(segment("2026-03-01", "0")), "A quantity is above 0"),
        (seats(segment("2026-03-01", "1", price=Decimal(-1))), "A price is not below 0"),
        (DraftLine(product="tool", ramp=YEARS), "has no ramp"),
    ],
)
def test_segments_that_do_not_fit_are_refused(line: DraftLine, words: str) -> None:
    with pytest.raises(Invalid, match=words) as told:
        quoted(line)
    assert all(fault.place for fault in told.value.faults)


PLACES = {
    "lines.0": (1, 1),
    "lines.0.price": (2, 1),
    "lines.0.discounts.0": (3, 1),
    "lines.0.discounts.1": (4, 1),
    "lines.0.ramp.1": (5, 1),
    "lines.0.ramp.1.price": (6, 1),
    "lines.0.ramp.1.discounts.0": (7, 1),
}


def test_a_price_and_a_discount_are_told_where_they_stand_at_the_line_or_its_segment() -> None:
    """The option has the percentage alone, which is the second discount of the line."""
    ten = Discount(percent=Decimal(10))
    own = segment("2027-03-01", price=Decimal(90), discounts=(ten,))
    line = DraftLine(
        product="seat",
        price=Decimal(95),
        discounts=(Discount(amount=Decimal(1)), ten),
        options=("addon",),
        ramp=(YEARS[0], own),
    )
    asked = draft(line, places=noted(PLACES), term="24 months")
    found = [
        [step.source.rpartition(":")[2] for step in one.steps if step.stage == "manual"]
        for one in priced("Q-1", asked, offer()).lines
    ]
    assert found == [["2", "3", "4"], ["6", "7"], ["4"], ["7"]]


def test_an_amount_off_that_is_too_much_is_refused_at_its_own_place() -> None:
    off = (Discount(percent=Decimal(1)), Discount(amount=Decimal(5000)))
    asked = draft(DraftLine(product="tool", discounts=off), places=noted(PLACES))
    with pytest.raises(Invalid) as told:
        priced("Q-1", asked, offer())
    assert [str(fault.place).rpartition("yaml:")[2] for fault in told.value.faults] == ["4:1"]


def test_options_follow_the_ramp_and_what_is_paid_once_its_largest_segment() -> None:
    quote = quoted(seats(*YEARS, options=("addon", "tool")))
    assert [(one.product, one.quantity) for one in quote.lines[3:]] == [
        ("addon", Decimal(10)),
        ("addon", Decimal(20)),
        ("addon", Decimal(30)),
        ("tool", Decimal(60)),
    ]


def test_a_percentage_of_a_ramp_follows_the_ramp() -> None:
    """12 000, 24 000 and 36 000: 18 % is 2 160, 4 320 and 6 480, and nothing once it is over."""
    care = DraftLine(product="care", term="36 months")
    second = DraftLine(product="care", term="12 months", starts=day("2027-03-01"))
    later = DraftLine(product="care", term="12 months", starts=day("2030-01-01"))
    nets = [[one.net for one in quoted(seats(*YEARS), c).lines[3:]] for c in (care, second, later)]
    assert nets == [[kr("2160"), kr("4320"), kr("6480")], [kr("4320")], [kr("0")]]
    assert [one.segment for one in quoted(seats(*YEARS), care).lines[3:]] == ["1/3", "2/3", "3/3"]


def test_what_turns_within_a_billing_period_of_a_percentage_is_in_that_period_by_its_part() -> None:
    """Ten for half a year, then twenty: a year of 18 000; another of 24 000."""
    ramp = (segment("2026-03-01", "10"), segment("2026-09-01", "20"))
    quote = quoted(seats(*ramp, term="24 months"), DraftLine(product="care", term="24 months"))
    assert [one.net for one in quote.lines[2:]] == [kr("3240"), kr("4320")]


def test_a_minimum_holds_for_each_period_of_a_ramp_by_itself() -> None:
    """18 % of 100 a month is raised to 750; of 5 000 a month it is 900."""
    care = replace(CARE, every="month", minimum={"SEK": Decimal(750)})
    catalog = Catalog({one.id: one for one in (SEAT, ADDON, care)})
    found = offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)
    ramp = (segment("2026-03-01", "1"), segment("2027-03-01", "50"))
    lines = (seats(*ramp, term="24 months"), DraftLine(product="care", term="24 months"))
    quote = quoted(*lines, found=found)
    assert [one.net for one in quote.lines[2:]] == [kr("9000"), kr("10800")]


def test_a_part_of_an_oere_that_a_percentage_is_of_is_not_rounded_before_the_price() -> None:
    """18 % of 119 990 a year is 21 598.20, also by the month, of 9 999.1666…."""
    licence = replace(SEAT, id="licence", every="year", price={"SEK": Decimal(11999)}, options=())
    care = replace(CARE, every="month")
    catalog = Catalog({one.id: one for one in (replace(licence, frequencies={}), care)})
    found = offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)
    lines = (DraftLine(product="licence", quantity=Decimal(10)), DraftLine(product="care"))
    quote = quoted(*lines, found=found, term="12 months")
    assert quote.lines[1].net == kr("21598.20")


def test_a_yearly_percentage_of_what_is_paid_by_the_month_is_of_twelve_months() -> None:
    plain = DraftLine(product="seat", quantity=Decimal(10))
    quote = quoted(plain, DraftLine(product="care"))
    assert [one.net for one in quote.lines] == [kr("12000"), kr("2160")]
    assert quote.lines[1].quantity == 12000


def test_what_is_paid_once_is_part_of_a_percentage_in_full() -> None:
    tools = replace(CARE, percent_of=Scope(products=("tool",)), every="month")
    shelf = replace(offer(), catalog=Catalog({"tool": TOOL, "care": tools}))
    lines = (DraftLine(product="tool", quantity=Decimal(20)), DraftLine(product="care"))
    quote = priced("Q-1", draft(*lines), shelf)
    assert quote.lines[1].net == kr("216")  # 18 % of 100, twelve times


ONCE = Promotion(id="once", percent=Decimal(50), duration="once")
THREE = Promotion(id="three", amount={"SEK": Decimal(100)}, duration="periods", periods=3)


def test_a_promotion_that_ends_divides_a_line_where_it_does() -> None:
    line = DraftLine(product="seat", quantity=Decimal(10))
    quote = quoted(line, found=offer(ONCE, THREE))
    assert [(one.service, one.net) for one in quote.lines] == [
        (days("2026-03-01", "2026-03-31"), kr("450")),  # 1 000 less 100, less half
        (days("2026-04-01", "2026-05-31"), kr("1800")),
        (days("2026-06-01", "2027-02-28"), kr("9000")),
    ]


def test_a_promotion_for_the_first_period_is_for_that_of_the_ramp_alone() -> None:
    quote = quoted(seats(*YEARS), found=offer(ONCE))
    assert [one.net for one in quote.lines] == [
        *(kr("500"), kr("11000"), kr("24000"), kr("36000")),
    ]
    assert [one.segment for one in quote.lines] == ["1/3", "1/3", "2/3", "3/3"]


def test_a_price_by_hand_is_not_divided_by_promotions_that_it_does_not_have() -> None:
    (line,) = quoted(DraftLine(product="seat", price=Decimal(90)), found=offer(ONCE)).lines
    assert (line.times, line.net) == (12, kr("1080"))


def test_a_promotion_that_is_longer_than_the_term_ends_with_it() -> None:
    longer = replace(THREE, periods=99)
    (line,) = quoted(DraftLine(product="seat"), found=offer(longer)).lines
    assert line.net == kr("0")  # 100 a month less 100 a month
    assert line.times == 12


def test_periods_are_those_that_the_line_is_billed_by() -> None:
    line = DraftLine(product="seat", every="quarter")
    quote = quoted(line, found=offer(ONCE))
    assert [(one.times, one.net) for one in quote.lines] == [(1, kr("135")), (3, kr("810"))]


def test_a_schedule_by_the_term_counts_the_whole_ramp_and_one_by_quantity_each_segment() -> None:
    long = Schedule(id="long", by="term", bands=(Band(least=Decimal(36), percent=Decimal(10)),))
    many = Schedule(id="many", bands=(Band(least=Decimal(20), percent=Decimal(50)),))
    quote = quoted(seats(*YEARS), found=offer(schedules=(long,)))
    assert [one.net for one in quote.lines] == [kr("10800"), kr("21600"), kr("32400")]
    each = quoted(seats(*YEARS), found=offer(schedules=(many,)))
    assert [one.net for one in each.lines] == [kr("12000"), kr("12000"), kr("18000")]


def test_a_schedule_across_lines_counts_a_ramp_by_its_largest_segment() -> None:
    across = Schedule(
        id="all", across="quote", bands=(Band(least=Decimal(35), percent=Decimal(50)),)
    )
    quote = quoted(seats(*YEARS), DraftLine(product="tool", quantity=Decimal(5)),
                   found=offer(schedules=(across,)))  # fmt: skip
    assert [one.net for one in quote.lines] == [
        *(kr("6000"), kr("12000"), kr("18000"), kr("12.50")),
    ]
    one_less = DraftLine(product="tool", quantity=Decimal(4))
    assert quoted(seats(*YEARS), one_less, found=offer(schedules=(across,))).net == kr("72020")


def test_a_schedule_by_term_reaches_percentages_of_other_lines() -> None:
    """18 % of 12 x 100 for two years is 432; 5 % for so long a term leaves 410.40."""
    long = Schedule(
        id="long",
        by="term",
        scope=Scope(products=("care",)),
        bands=(Band(least=Decimal(24), percent=Decimal(5)),),
    )
    found = offer(schedules=(long,))
    lines = (DraftLine(product="seat"), DraftLine(product="care"))
    quote = quoted(*lines, found=found, term="24 months")
    assert quote.lines[-1].net == kr("410.40")


def test_an_amount_off_each_unit_of_a_percentage_is_for_each_plan_and_not_for_each_krona() -> None:
    """18 % of 12 x 100 for two years is 432; 10 off each of two plans a year leaves 392."""
    each = Schedule(
        id="each",
        scope=Scope(products=("care",)),
        bands=(Band(least=Decimal(2), amount={"SEK": Decimal(10)}),),
    )
    found = offer(schedules=(each,))
    lines = (DraftLine(product="seat"), DraftLine(product="care", quantity=Decimal(2)))
    quote = quoted(*lines, found=found, term="24 months")
    assert quote.lines[-1].net == kr("392")


def test_a_cost_is_for_the_products_own_period_however_often_the_line_is_billed() -> None:
    """20 a month for a year of quarters is 240."""
    catalog = Catalog({"seat": replace(SEAT, cost={"SEK": Decimal(20)}, options=())})
    found = offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)
    quote = quoted(DraftLine(product="seat", every="quarter"), found=found)
    assert quote.inside[0].cost == kr("240")


def test_the_cost_of_a_percentage_is_for_one_of_it_and_not_for_each_krona() -> None:
    """Care costs us 90 a year, whatever the licences that it is 18 % of come to."""
    care = replace(CARE, cost={"SEK": Decimal(90)})
    catalog = Catalog({one.id: one for one in (SEAT, ADDON, care)})
    found = offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)
    lines = (DraftLine(product="seat"), DraftLine(product="care"))
    quote = quoted(*lines, found=found, term="24 months")
    assert quote.inside[-1].cost == kr("180")
    pair = (lines[0], DraftLine(product="care", quantity=Decimal(2), price=Decimal(200)))
    assert quoted(*pair, found=found, term="24 months").inside[-1].cost == kr("360")


def test_a_ramp_that_begins_on_the_last_of_january_is_billed_on_the_last_of_every_month() -> None:
    """31 January, 28 February, 31 March: segments begin where the line is billed."""
    ramp = (segment("2026-01-31", "1"), segment("2026-02-28", "2"), segment("2026-03-31", "3"))
    asked = seats(*ramp, term="4 months", starts=day("2026-01-31"))
    lines = quoted(asked).lines[:3]
    assert [line.service for line in lines] == [
        days("2026-01-31", "2026-02-27"),
        days("2026-02-28", "2026-03-30"),
        days("2026-03-31", "2026-05-30"),
    ]
    assert [line.anchor for line in lines] == [None, day("2026-01-31"), None]
    order = from_quote(quoted(asked), ACCEPTED, "O-1", "C-1")
    parts = [part for line in order.lines[:3] for part in instalments(line)]
    assert [part.service.first for part in parts] == [
        day("2026-01-31"),
        day("2026-02-28"),
        day("2026-03-31"),
        day("2026-04-30"),
    ]
    assert [part.net for part in parts] == [kr("100"), kr("200"), kr("300"), kr("300")]
