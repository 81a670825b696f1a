"""The waterfall of a quote: stages that add up to its net, told in a table, rows and a chart."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.commands.quotes.explained import explained, waterfall_rows
from q2c.commands.quotes.fallchart import BLOCKS, PLAIN, chart_told, ink_of
from q2c.commands.quotes.insidetold import inside_told
from q2c.commands.quotes.offertold import quote_told
from q2c.commands.visible import width
from q2c.core.catalog import Bundle, BundleItem, Catalog, Promotion, Schedule
from q2c.core.catalog.discounts import Band
from q2c.core.catalog.products import Scope
from q2c.core.money import total
from q2c.core.quote import (
    Discount,
    Draft,
    DraftLine,
    Offer,
    Payment,
    Priced,
    Segment,
    choose,
    priced,
)
from q2c.core.quote.otherwise import differences
from q2c.core.quote.waterfall import STAGES, Level, levels, over_all_steps, own_sum
from q2c.core.trace import Step
from tests.values import ADVISORY, LICENCE, SUPPORT, TODAY, WORKSHOP, day, kr, offer

PLATFORM = replace(SUPPORT, id="platform", name="Platform", family="platform")
CARE = replace(
    SUPPORT,
    id="care",
    name="Care",
    every="year",
    model="percentage",
    price={},
    percent=Decimal(18),
    percent_of=Scope(families=("platform",)),
)
START = Bundle(
    id="start",
    name="Good start",
    items=(
        BundleItem(product="advisory", quantity=Decimal(10)),
        BundleItem(product="workshop", quantity=Decimal(1)),
    ),
    price={"SEK": Decimal(20000)},
)
BULK = Schedule(
    id="bulk",
    name="Bulk",
    scope=Scope(products=("advisory",)),
    bands=(Band(least=Decimal(40), percent=Decimal(5)),),
    file="catalog.yaml",
)
WINTER = Promotion(id="winter", name="Winter", code="WINTER", percent=Decimal(10))


def market() -> Offer:
    products = (ADVISORY, SUPPORT, LICENCE, WORKSHOP, PLATFORM, CARE)
    catalog = Catalog(
        {product.id: product for product in products},
        {"start": START},
        schedules=(BULK,),
        promotions=(WINTER,),
    )
    return replace(offer(), catalog=catalog)


def line(product: str, quantity: str = "1", **more: object) -> DraftLine:
    said: dict[str, object] = {"product": product, "quantity": Decimal(quantity)}
    return DraftLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def off(percent: str = "", amount: str = "", reason: str = "") -> Discount:
    return Discount(
        percent=Decimal(percent) if percent else None,
        amount=Decimal(amount) if amount else None,
        reason=reason or None,
    )


def quoted(*lines: DraftLine, **more: object) -> Priced:
    said: dict[str, object] = {
        "customer": "fjord-foods",
        "date": TODAY,
        "valid_until": day("2026-02-14"),
        "starts": day("2026-02-01"),
        "term": "12 months",
        "lines": lines,
    }
    whole = Draft(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields
    return priced("Q-2026-0001", whole, market())


def test_the_stages_of_all_lines_add_up_to_the_net() -> None:
    """58 000 less 5 % is 55 100, less 10 % 49 590, less 590 is 49 000; 9 000; less 1 000 in all."""
    quote = quoted(
        line("advisory", "40", discounts=(off(amount="590"),)),
        line("workshop"),
        promotions=("WINTER",),
        discounts=(off(amount="1000"),),
    )
    assert [(one.stage, one.effect) for one in levels(quote.counted)] == [
        ("list", Decimal(67000)),
        ("schedule", Decimal(-2900)),
        ("promotion", Decimal(-6410)),
        ("manual", Decimal(-590)),
        ("quote", Decimal(-1000)),
    ]
    assert quote.net == kr("56100")


def over_all(quote: Priced) -> list[Step]:
    return over_all_steps(quote.lines, quote.reduced, quote.currency)


def test_a_rounding_is_a_stage_of_its_own() -> None:
    quote = quoted(line("workshop", "1", price=Decimal("0.125")))
    last = levels(quote.counted)[-1]
    assert (last.stage, last.effect, last.after) == ("net", Decimal("0.005"), Decimal("0.13"))


def test_what_comes_off_the_whole_quote_is_told_one_by_one() -> None:
    """10 000 less 1 000, then 10 % of 9 000, whichever lines it falls on."""
    quote = quoted(
        line("workshop", "1", price=Decimal(4000)),
        line("advisory", "1", price=Decimal(6000)),
        discounts=(off("10", reason="Loyal"), off(amount="1000")),
    )
    assert own_sum(quote.lines, "SEK") == kr("10000")
    assert [(one.rule, one.before, one.after) for one in over_all(quote)] == [
        ("discount: 1 000.00 SEK off the quote", Decimal(10000), Decimal(9000)),
        ("Loyal: 10 % off the quote", Decimal(9000), Decimal(8100)),
    ]


def test_two_discounts_of_the_same_words_stay_two() -> None:
    quote = quoted(line("workshop"), discounts=(off("10"), off("10")))
    effects = [one.after - one.before for one in over_all(quote)]
    assert effects == [Decimal(-900), Decimal(-810)]


def test_what_is_taken_off_is_known_again_whatever_words_it_was_told_in() -> None:
    quote = quoted(line("workshop"), discounts=(off("0"), off("10"), off(amount="100")))
    steps = tuple(replace(step, rule="in other words") for step in quote.lines[0].steps)
    frozen = replace(quote, lines=(replace(quote.lines[0], steps=steps),))
    assert over_all(frozen) == over_all(quote)
    assert [one.after - one.before for one in over_all(quote)] == [-100, 0, -890]


def test_a_surcharge_on_the_whole_is_told_as_one() -> None:
    quote = quoted(line("workshop"), discounts=(off("-10", reason="Rush"),))
    assert over_all(quote)[0].rule == "Rush: 10 % more on the quote"


def test_an_alternative_says_what_it_changes() -> None:
    """Gold 6 500, silver 3 200 a month for a year; on a yearly 18 % of the platform follows."""
    quote = quoted(
        line("platform", group="size", choice="big", price=Decimal(6500)),
        line("platform", group="size", choice="small", price=Decimal(3200)),
        line("care"),
        line("workshop", optional=True),
        discounts=(off("10"),),
    )
    assert differences(quote) == {
        "2": kr("-42055.20"),  # 12 x 3 300 x 1.18 x 0.9
        "4": kr("8100"),
    }


def test_an_optional_line_of_an_alternative_counts_from_that_alternative() -> None:
    quote = quoted(
        line("workshop", group="how", choice="here"),
        line("workshop", "2", group="how", choice="there"),
        line("advisory", "1", group="how", choice="there", optional=True),
    )
    assert differences(quote) == {"2": kr("9000"), "3": kr("1450")}


PERCENTS = st.sampled_from([(), (off("7.5"),), (off(amount="0.83"),), (off("12"), off("-3"))])
LINES = st.one_of(
    st.builds(
        line,
        st.sampled_from(["advisory", "licence", "workshop", "support", "platform"]),
        st.decimals("0.05", 5000, places=2).map(str),
        discounts=PERCENTS,
        optional=st.booleans(),
        section=st.sampled_from([None, "One", "Two"]),
    ),
    st.builds(
        lambda n, discounts: DraftLine(bundle="start", quantity=Decimal(n), discounts=discounts),
        st.integers(1, 9),
        PERCENTS,
    ),
    st.just(line("care")),
)
QUOTES = st.builds(
    lambda lines, codes, whole: quoted(line("workshop"), *lines, promotions=codes, discounts=whole),
    st.lists(LINES, min_size=1, max_size=5),
    st.sampled_from([(), ("WINTER",)]),
    st.sampled_from([(), (off("5"),), (off("2.5"), off(amount="1.11"))]),
)


@given(QUOTES)
def test_the_steps_of_a_line_go_from_nothing_to_its_net(quote: Priced) -> None:
    for one in quote.lines:
        assert one.steps[0].before == 0
        assert one.steps[-1].after == one.net.amount
        assert all(former.after == latter.before for former, latter in pairwise(one.steps))


@given(QUOTES)
def test_the_stages_go_from_nothing_to_the_net_of_the_quote(quote: Priced) -> None:
    found = levels(quote.counted)
    assert (found[0].before, found[-1].after) == (Decimal(0), quote.net.amount)
    assert all(former.after == latter.before for former, latter in pairwise(found))
    assert [one.stage for one in found] == sorted((o.stage for o in found), key=STAGES.index)


@given(QUOTES)
def test_what_would_change_is_what_changes_when_it_is_chosen(quote: Priced) -> None:
    for id_, change in differences(quote).items():
        assert choose(quote, optional=[id_]).net - quote.net == change


@given(QUOTES)
def test_what_comes_off_the_whole_goes_from_the_sum_to_the_net(quote: Priced) -> None:
    found = over_all(quote)
    assert len(found) == len(quote.reduced)
    if found:
        assert (found[0].before, found[-1].after) == (
            own_sum(quote.lines, "SEK").amount,
            quote.net.amount,
        )


@given(QUOTES)
def test_the_rows_of_a_quote_end_with_its_net(quote: Priced) -> None:
    last = {row["line"]: row["after"] for row in waterfall_rows(quote, quote.lines)}
    nets = {one.id: one.net.amount for one in quote.lines}
    assert {id_: after for id_, after in last.items() if id_ != "all"} == nets
    assert last.get("all", Decimal(0)) == quote.net.amount


@given(QUOTES)
def test_a_quote_fits_a_terminal_of_eighty_columns(quote: Priced) -> None:
    told = [quote_told(quote, "draft"), *inside_told(quote), *explained(quote, quote.lines)]
    told += chart_told(levels(quote.counted), BLOCKS)
    assert max(width(row) for text in told for row in text.splitlines()) <= 80


def test_a_chart_has_a_bar_where_each_stage_begins_and_ends() -> None:
    found = [
        Level("list", Decimal(0), Decimal(100)),
        Level("schedule", Decimal(100), Decimal(80)),
        Level("quote", Decimal(80), Decimal(90)),
    ]
    assert chart_told(found, PLAIN) == [
        f"  list        100.00  {'#' * 58}",
        f"  schedule    -20.00  {' ' * 46}{'-' * 12}",
        f"  quote       +10.00  {' ' * 46}{'+' * 6}",
        f"  net          90.00  {'#' * 52}",
    ]


def test_a_chart_of_nothing_has_no_bars() -> None:
    assert chart_told([], PLAIN) == []
    assert chart_told([Level("list", Decimal(0), Decimal(0))], PLAIN) == [
        "  list        0.00",
        "  net         0.00",
    ]


def test_signs_of_ascii_are_drawn_where_blocks_may_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert ink_of(plain=True) == PLAIN
    monkeypatch.setenv("NO_COLOR", "1")
    assert ink_of(plain=False) == PLAIN


def test_a_long_name_is_broken_and_no_figure_is_cut() -> None:
    long = "A very long name of a platform for all who work with data in the whole of the company"
    products = {"platform": replace(PLATFORM, name=long)}
    named = replace(market(), catalog=Catalog(products, {}))
    asked = line("platform", "12345.678", price=Decimal("123456789.125"))
    draft = Draft(
        customer="fjord-foods",
        date=TODAY,
        valid_until=day("2026-02-14"),
        term="12 months",
        lines=(asked,),
    )
    told = quote_told(priced("Q-1", draft, named), "draft")
    words = " ".join(told.split())
    for known in ("12 345.678 mo × 12 months", "123 456 789.125", "18 289 893 185 413.82"):
        assert known in words
    assert "".join(long.split()) in "".join(
        row[5:19].strip().replace(" ", "") for row in told.splitlines()
    )


def test_cost_and_margin_are_told_only_where_they_are_asked_for() -> None:
    products = {
        "workshop": replace(WORKSHOP, cost={"SEK": Decimal(4321)}, floor={"SEK": Decimal(8999)})
    }
    inner = replace(market(), catalog=Catalog(products, {}))
    draft = Draft(
        customer="fjord-foods",
        date=TODAY,
        valid_until=day("2026-02-14"),
        lines=(line("workshop", discounts=(off("10"),)),),
    )
    quote = priced("Q-1", draft, inner)
    assert "4 321" not in quote_told(quote, "draft")
    told = "\n".join(inside_told(quote))
    assert "4 321.00" in told
    assert "3 779.00  46.7 %" in told
    assert "line 1 is below its floor price of 8 999.00 SEK" in told


def test_ramps_show_their_days_and_what_each_contract_year_is_worth() -> None:
    ramp = (
        Segment(first=day("2026-02-01"), quantity=Decimal(1)),
        Segment(first=day("2027-02-01"), quantity=Decimal(2)),
    )
    told = quote_told(quoted(line("support", ramp=ramp, term="24 months")), "draft")
    for known in (
        "2026-02-01 to 2027-01-31, segment 1/2",
        "2026-02-01 to 2027-01-31    6 500.00 a month    78 000.00 a year",
        "2027-02-01 to 2028-01-31   13 000.00 a month   156 000.00 a year",
        "contract value (TCV) 234 000.00 SEK",
    ):
        assert known in told


def test_payments_are_told_with_what_they_come_to() -> None:
    parts = (
        Payment(name="deposit", percent=Decimal(30), on="acceptance"),
        Payment(on="start", days=30),
    )
    quote = quoted(line("workshop"), payments=parts)
    told = quote_told(quote, "draft").splitlines()
    assert told[-2:] == [
        "    deposit, on acceptance   3 375.00",
        "    30 days after start      7 875.00",
    ]
    assert total([kr("3375"), kr("7875")], "SEK") == quote.total


def test_sections_have_sums_and_bundles_their_parts() -> None:
    lines = (
        line("workshop", section="First"),
        line("advisory", "10", section="First", optional=True),
        DraftLine(bundle="start", section="Then"),
    )
    told = quote_told(quoted(*lines), "draft").splitlines()
    assert [" ".join(row.split()) for row in told[2:-1]] == [
        "First",
        "1 Workshop 1 pcs 9 000.00 9 000.00",
        "2 [ ] Advisory 10 h 1 450.00 14 500.00",
        "not in the total; taken as well: +14 500.00",
        "First in all 9 000.00",
        "Then",
        "Good start 20 000.00",
        "3 Advisory 10 h in bundle 12 340.43",
        "4 Workshop 1 pcs in bundle 7 659.57",
        "Then in all 20 000.00",
    ]
