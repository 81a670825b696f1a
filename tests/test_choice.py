"""Choosing: alternatives, optional lines and parts of an offer, at the prices that were shown."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.catalog import Band, Catalog, Choice, OptionGroup, Product, Promotion, Schedule, Scope
from q2c.core.fault import Invalid, Unknown
from q2c.core.quote import (
    Discount,
    DraftLine,
    Offer,
    Priced,
    Shelf,
    choose,
    chosen_in,
    groups_of,
    inner_lines,
    inner_of,
    offered,
    priced,
)
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, kr

PLAIN = [
    Product(id=id_, name=id_.title(), family=family, price={"SEK": Decimal(price)})
    for id_, family, price in (
        ("good", "plans", "100"),
        ("better", "plans", "200"),
        ("best", "suites", "400"),
        ("extra", "plans", "50"),
        ("tool", "goods", "10"),
    )
]
CARE = Product(
    id="care",
    name="Care",
    model="percentage",
    percent=Decimal(10),
    percent_of=Scope(families=("plans", "suites")),
    cost={"SEK": Decimal(4)},
)
RACK = Product(
    id="rack",
    name="Rack",
    price={"SEK": Decimal(1000)},
    options=(OptionGroup(id="o", name="O", choices=(Choice(product="tool"),)),),
)


def offer(schedules: tuple[Schedule, ...] = (), promotions: tuple[Promotion, ...] = ()) -> Offer:
    products = {one.id: one for one in (*PLAIN, CARE, RACK)}
    catalog = Catalog(products, schedules=schedules, promotions=promotions)
    return offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)


def line(id_: str, quantity: str = "1", **more: object) -> DraftLine:
    said: dict[str, object] = {"product": id_, "quantity": Decimal(quantity)}
    return DraftLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def level(id_: str, quantity: str = "1", **more: object) -> DraftLine:
    return line(id_, quantity, group="level", choice=id_, **more)


LEVELS = (level("good"), level("better", label="The better one"), level("best"))


def quoted(*lines: DraftLine, found: Offer | None = None, **more: object) -> Priced:
    return priced("Q-1", draft(*lines, **more), found or offer())


def test_of_a_group_one_choice_counts_the_first_unless_the_seller_names_one() -> None:
    assert quoted(*LEVELS).net == kr("100")
    named = quoted(*LEVELS, choices={"level": "best"})
    assert (named.net, chosen_in(named)) == (kr("400"), {"level": "best"})
    assert groups_of(named) == {
        "level": {"good": "Good", "better": "The better one", "best": "Best"}
    }


def test_lines_of_one_choice_are_taken_together() -> None:
    both = (*LEVELS, line("extra", group="level", choice="better"))
    assert choose(quoted(*both), {"level": "better"}).net == kr("250")


def test_an_optional_line_counts_when_it_is_taken_with_its_options() -> None:
    quote = quoted(line("good"), line("rack", optional=True, options=("tool",)))
    assert [one.counts for one in quote.lines] == [True, False, False]
    assert quote.net == kr("100")
    assert choose(quote, optional=("2",)).net == kr("1110")


def test_an_optional_line_within_a_choice_needs_both() -> None:
    within = line("extra", group="level", choice="best", optional=True)
    quote = quoted(*LEVELS, within)
    assert choose(quote, {"level": "best"}, ("4",)).net == kr("450")
    assert choose(quote, {"level": "good"}, ("4",)).net == kr("100")


@pytest.mark.parametrize(
    ("choices", "remedy"),
    [
        ({"levle": "good"}, "Did you mean 'level'?"),
        ({"level": "gold"}, "Did you mean 'good'?"),
    ],
)
def test_a_draft_names_choices_that_there_are(choices: dict[str, str], remedy: str) -> None:
    with pytest.raises(Invalid) as told:
        quoted(*LEVELS, choices=choices)
    assert [(one.code, one.remedy) for one in told.value.faults] == [("unknown-choice", remedy)]


@pytest.mark.parametrize("half", [{"group": "level"}, {"choice": "good"}])
def test_an_alternative_says_its_group_and_its_choice(half: dict[str, str]) -> None:
    with pytest.raises(Invalid) as told:
        quoted(line("good", **half))
    assert [fault.code for fault in told.value.faults] == ["group-choice"]


@pytest.mark.parametrize(
    ("choices", "optional", "only", "code"),
    [
        ({"levle": "good"}, (), (), "unknown-choice"),
        ({"level": "gold"}, (), (), "unknown-choice"),
        ({}, ("1",), (), "unknown-choice"),
        ({}, ("9",), (), "unknown-choice"),
        ({}, (), ("3",), "no-such-line"),  # an alternative that does not count
        ({}, (), ("9",), "no-such-line"),
    ],
)
def test_what_is_not_on_offer_cannot_be_chosen(
    choices: dict[str, str], optional: tuple[str, ...], only: tuple[str, ...], code: str
) -> None:
    quote = quoted(*LEVELS, line("extra", optional=True))
    with pytest.raises(Unknown) as told:
        choose(quote, choices, optional, only)
    assert [fault.code for fault in told.value.faults] == [code]


def test_percentages_of_other_lines_follow_what_is_chosen() -> None:
    """10 % of 100, of 400, and of 400 and the extra 50."""
    quote = quoted(*LEVELS, line("extra", optional=True), line("care"))
    assert quote.net == kr("110")
    assert choose(quote, {"level": "best"}).net == kr("440")
    assert choose(quote, {"level": "best"}, ("4",)).net == kr("495")


def test_a_percentage_of_optional_lines_alone_is_discounted_once_when_they_are_taken() -> None:
    """10 % of 200 less 10 % is 18, also where the offer showed 0."""
    off = (Discount(percent=Decimal(10)),)
    quote = quoted(line("tool"), line("better", optional=True), line("care", discounts=off))
    assert quote.lines[2].net == kr("0")
    sold = choose(quote, optional=("2",))
    assert sold.lines[2].net == kr("18")
    inner = inner_lines(sold)["3"]
    assert (inner.listed, inner.cost) == (kr("20"), kr("4"))
    assert inner_of(sold).listed == kr("230")


def test_a_percentage_priced_by_hand_still_knows_what_the_list_says() -> None:
    """10 % of 200, once they are taken, is 20, whatever was agreed."""
    quote = quoted(line("better", optional=True), line("care", price=Decimal(7)))
    assert inner_lines(choose(quote, optional=("1",)))["2"].listed == kr("20")


def test_a_percentage_is_not_taken_of_percentages() -> None:
    quote = quoted(line("good"), line("care"), line("care"))
    assert [one.net for one in quote.lines] == [kr("100"), kr("10"), kr("10")]
    products = {one.id: one for one in (*PLAIN, replace(CARE, percent_of=Scope()))}
    found = offered(COMPANY, customer(), Shelf(Catalog(products), {}, VAT_RATES), TODAY)
    whole = quoted(line("good"), line("care"), line("care"), found=found)
    assert (whole.net, choose(whole).net) == (kr("120"), kr("120"))


def test_what_comes_off_the_whole_quote_follows_what_is_chosen() -> None:
    """10 % and 30 off: 100 → 63, 400 → 333."""
    off = (Discount(percent=Decimal(10)), Discount(amount=Decimal(30)))
    quote = quoted(*LEVELS, discounts=off)
    assert quote.net == kr("63")
    assert choose(quote, {"level": "best"}).net == kr("333")


def test_of_an_amount_off_the_whole_a_part_acceptance_gets_its_share() -> None:
    """60 off 300: who takes the 100 alone gets 20."""
    quote = quoted(line("good"), line("better"), discounts=(Discount(amount=Decimal(60)),))
    sold = choose(quote, only=("1",))
    assert sold.net == kr("80")
    assert choose(sold) == sold
    assert choose(quote, only=("1", "2")).net == quote.net


def test_of_an_amount_off_some_lines_who_takes_all_of_these_gets_all_of_it() -> None:
    """30 off the suites: who takes the suite alone gets 30, who takes the rest gets nothing."""
    gift = Promotion(id="gift", amount={"SEK": Decimal(30)}, scope=Scope(families=("suites",)))
    quote = quoted(line("best"), line("good"), found=offer(promotions=(gift,)))
    suite, rest = choose(quote, only=("1",)), choose(quote, only=("2",))
    assert (suite.net, suite.promotions) == (kr("370"), ("gift",))
    assert (rest.net, rest.promotions, rest.reduced) == (kr("100"), (), ())


def test_a_part_of_another_choice_gets_its_share_of_what_that_choice_comes_to() -> None:
    """90 off 400, 10 % care of it and 10: who takes the tool of these 450 alone gets 2 off."""
    off = (Discount(amount=Decimal(90)),)
    quote = quoted(*LEVELS, line("care"), line("tool"), discounts=off)
    assert choose(quote, {"level": "best"}, only=("5",)).net == kr("8")


def test_the_list_price_of_a_percentage_follows_its_base_and_not_what_was_agreed() -> None:
    """10 % of 100 and 50 fixed, or 7 by hand: the list says 60, and of 400 it says 90."""
    fixed = replace(CARE, id="care", fixed={"SEK": Decimal(50)})
    products = {one.id: one for one in (*PLAIN, fixed)}
    found = offered(COMPANY, customer(), Shelf(Catalog(products), {}, VAT_RATES), TODAY)
    lines = (*LEVELS, line("care"), line("care", price=Decimal(7)))
    quote = quoted(*lines, found=found)
    for choices, listed in (({}, "60"), ({"level": "best"}, "90")):
        inner = inner_lines(choose(quote, choices))
        assert [inner[id_].listed for id_ in ("4", "5")] == [kr(listed)] * 2


def test_a_line_keeps_its_price_when_less_is_taken_than_its_discount_needed() -> None:
    """Three lines reach the band of 3; the one that is accepted alone keeps what was shown."""
    bulk = Schedule(id="bulk", across="quote", bands=(Band(least=Decimal(3), percent=Decimal(20)),))
    quote = quoted(line("good"), line("better"), line("extra"), found=offer((bulk,)))
    assert choose(quote, only=("1",)).net == kr("80")


def test_what_does_not_count_moves_no_schedule_across_lines() -> None:
    """Alternatives of two families under a schedule of one: what counts alone is measured."""
    bulk = Schedule(
        id="bulk",
        across="quote",
        scope=Scope(families=("plans",)),
        bands=(Band(least=Decimal(10), percent=Decimal(50)),),
    )
    lines = (level("better", "10"), level("best", "10"))
    first = quoted(*lines, line("extra"), found=offer((bulk,)))
    assert [one.net for one in first.lines] == [kr("1000"), kr("4000"), kr("25")]
    other = quoted(*lines, line("extra"), found=offer((bulk,)), choices={"level": "best"})
    assert [one.net for one in other.lines] == [kr("2000"), kr("4000"), kr("50")]


def test_a_line_is_accepted_with_its_options() -> None:
    quote = quoted(line("rack", options=("tool",)), line("good"))
    assert choose(quote, only=("1",)).net == kr("1010")
    assert choose(quote, only=("3",)).net == kr("100")


def test_promotions_of_what_is_sold_are_redeemed_and_no_others() -> None:
    gift = Promotion(id="gift", percent=Decimal(10), scope=Scope(products=("best",)))
    quote = quoted(*LEVELS, found=offer(promotions=(gift,)))
    assert quote.promotions == ()
    assert choose(quote, {"level": "best"}).promotions == ("gift",)


def test_an_amount_off_lines_that_are_not_there_is_no_part_of_the_quote() -> None:
    gift = Promotion(id="gift", amount={"SEK": Decimal(10)}, scope=Scope(products=("best",)))
    found = offer(promotions=(gift,))
    without = quoted(line("good"), found=found)
    assert (without.reduced, without.promotions) == ((), ())
    shown = quoted(*LEVELS, found=found)
    assert ([one.promotion for one in shown.reduced], shown.promotions) == (["gift"], ())
    assert choose(shown, {"level": "best"}).promotions == ("gift",)


def test_a_header_amount_is_not_more_than_what_is_left_of_the_quote() -> None:
    amounts = (Discount(amount=Decimal(60)), Discount(amount=Decimal(41)))
    with pytest.raises(Invalid, match=r"41 off is more than the lines come to, 40.00 SEK"):
        quoted(line("good"), discounts=amounts)
    assert quoted(line("good"), discounts=amounts[:1]).net == kr("40")
    whole = (Discount(percent=Decimal(100)),)
    assert quoted(line("good"), line("care"), discounts=whole).net == kr("0")


def test_a_surcharge_on_lines_that_are_all_free_is_split_evenly() -> None:
    free = (Discount(percent=Decimal(100)),)
    more = (Discount(amount=Decimal(-3)), Discount(percent=Decimal(-10)))
    quote = quoted(line("good", discounts=free), line("tool", discounts=free), discounts=more)
    assert [one.net for one in quote.lines] == [kr("1.65"), kr("1.65")]


def test_a_discount_is_split_over_lines_so_that_free_ones_have_no_part() -> None:
    free = (Discount(percent=Decimal(100)),)
    lines = (line("good"), line("tool", discounts=free), line("extra"))
    quote = quoted(*lines, discounts=(Discount(amount=Decimal("0.05")),))
    assert [one.net for one in quote.lines] == [kr("99.97"), kr("0"), kr("49.98")]


def test_a_chosen_quote_may_be_frozen_again_with_what_is_sold_alone() -> None:
    sold = choose(quoted(*LEVELS, line("extra", optional=True)), {"level": "better"}, ("4",))
    assert [(one.product, one.optional, one.counts) for one in sold.lines] == [
        ("better", False, True),
        ("extra", False, True),
    ]
    assert {one.line for one in sold.inside} == {one.id for one in sold.lines}
    assert replace(sold, lines=sold.lines) == choose(sold)


def test_an_optional_line_that_is_taken_is_one_of_the_lines_accepted() -> None:
    quote = quoted(line("good"), line("better"), line("extra", optional=True))
    taken = choose(quote, optional=("3",), only=("1",))
    assert [one.id for one in taken.lines] == ["1", "3"]
