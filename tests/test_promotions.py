"""Promotions: whose they are, how long they last, how often they are redeemed."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.catalog import (
    Band,
    Catalog,
    Policy,
    Product,
    Promotion,
    Schedule,
    Scope,
    Validity,
)
from q2c.core.fault import Invalid
from q2c.core.quote import DraftLine, History, Offer, Priced, Shelf, offered, priced
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day, kr

TOOL = Product(id="tool", name="Tool", family="goods", price={"SEK": Decimal(100)})
HELP = Product(id="help", name="Help", family="work", price={"SEK": Decimal(300)})
PLAN = Product(
    id="plan", name="Plan", charge="recurring", every="month", price={"SEK": Decimal(10)}
)
SPRING = Promotion(id="spring", name="Spring", code="SPRING", percent=Decimal(10))
NONE = History()


def offer(
    *promotions: Promotion,
    history: History = NONE,
    segment: str | None = None,
    policy: Policy | None = None,
    schedules: tuple[Schedule, ...] = (),
) -> Offer:
    catalog = Catalog(
        {one.id: one for one in (TOOL, HELP, PLAN)},
        promotions=promotions,
        schedules=schedules,
        policy=policy or Policy(),
    )
    who = replace(customer(), segment=segment)
    return offered(COMPANY, who, Shelf(catalog, {}, VAT_RATES), TODAY, history=history)


LINES = (DraftLine(product="tool"), DraftLine(product="help"))


def quoted(found: Offer, *codes: str, lines: tuple[DraftLine, ...] = LINES) -> Priced:
    return priced("Q-1", draft(*lines, promotions=codes), found)


def test_a_promotion_with_a_code_is_for_those_who_give_it() -> None:
    assert quoted(offer(SPRING)).net == kr("400")
    found = quoted(offer(SPRING), "SPRING")
    assert (found.net, found.promotions) == (kr("360"), ("spring",))
    assert quoted(offer(replace(SPRING, code=None))).net == kr("360")


USED = History(redeemed={"spring": 3}, own={"spring": 1}, orders=2)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"valid": Validity(day("2026-01-16"))}, "does not hold on 2026-01-15"),
        ({"valid": Validity(day("2025-01-01"), day("2026-01-14"))}, "does not hold on"),
        ({"segments": ("public", "retail")}, "is for customers of public or retail"),
        ({"first_order_only": True}, "fjord-foods has ordered before"),
        ({"max_redemptions": 3}, "is used up: it was redeemed 3 times"),
        ({"per_customer": 1}, "is used up for fjord-foods"),
        ({"percent": None, "amount": {"EUR": Decimal(5)}}, "has no amount in SEK"),
    ],
)
def test_a_code_that_does_not_hold_is_refused_and_a_promotion_without_one_is_left_out(
    more: dict[str, object], words: str
) -> None:
    shut = replace(SPRING, **more)
    with pytest.raises(Invalid, match=words) as told:
        quoted(offer(shut, history=USED), "SPRING")
    assert [fault.code for fault in told.value.faults] == ["promotion-shut"]
    assert quoted(offer(replace(shut, code=None), history=USED)).net == kr("400")


@pytest.mark.parametrize(
    "more",
    [
        {"valid": Validity(TODAY, TODAY)},
        {"segments": ("retail",)},
        {"max_redemptions": 4},
        {"per_customer": 2},
    ],
)
def test_a_promotion_holds_on_its_last_day_and_for_its_last_redemption(
    more: dict[str, object],
) -> None:
    held = replace(SPRING, **more)
    assert quoted(offer(held, history=USED, segment="retail"), "SPRING").net == kr("360")


@pytest.mark.parametrize(
    ("more", "net"),
    [
        ({"valid": Validity(day("2026-01-15"), day("2026-01-15"))}, "360"),
        ({"valid": Validity(day("2026-01-16"))}, "400"),
        ({"valid": Validity(day("2025-01-01"), day("2026-01-14"))}, "400"),
        ({"segments": ("public",)}, "360"),
        ({"segments": ("retail",)}, "400"),
    ],
)
def test_a_schedule_holds_on_its_days_and_for_its_segments(
    more: dict[str, object], net: str
) -> None:
    tenth = replace(Schedule(id="tenth", bands=(Band(percent=Decimal(10)),)), **more)
    assert quoted(offer(segment="public", schedules=(tenth,))).net == kr(net)


def test_a_code_that_nobody_gives_is_refused_with_the_nearest() -> None:
    with pytest.raises(Invalid) as told:
        quoted(offer(SPRING), "SPRNIG", "WINTER")
    assert [fault.code for fault in told.value.faults] == ["unknown-code", "unknown-code"]
    assert told.value.faults[0].remedy == "Did you mean 'SPRING'?"


def test_a_code_that_nobody_gives_is_told_beside_the_faults_of_lines() -> None:
    with pytest.raises(Invalid) as told:
        quoted(offer(), "WINTER", lines=(DraftLine(product="hlep"),))
    assert [one.code for one in told.value.faults] == ["unknown-product", "unknown-code"]
    with pytest.raises(Invalid) as told:
        quoted(offer(), "WINTER", lines=(replace(LINES[0], price=Decimal(-1)),))
    assert [one.code for one in told.value.faults] == ["unknown-code", "bad-price"]


def test_an_amount_comes_off_once_over_the_lines_in_its_scope() -> None:
    """30 off 100 and 300 is 7.50 and 22.50; off the work alone it is 30."""
    once = replace(SPRING, percent=None, amount={"SEK": Decimal(30)})
    both = quoted(offer(once), "SPRING")
    assert [one.net for one in both.lines] == [kr("92.50"), kr("277.50")]
    work = replace(once, scope=Scope(families=("work",)))
    assert [one.net for one in quoted(offer(work), "SPRING").lines] == [kr("100"), kr("270")]


def test_an_amount_that_is_more_than_its_lines_leaves_them_free() -> None:
    much = replace(
        SPRING, percent=None, amount={"SEK": Decimal(999)}, scope=Scope(products=("tool",))
    )
    quote = quoted(offer(much), "SPRING")
    assert [one.net for one in quote.lines] == [kr("0"), kr("300")]


def test_an_amount_that_lasts_comes_off_each_line_in_each_period() -> None:
    lasting = replace(SPRING, percent=None, amount={"SEK": Decimal(3)}, duration="forever")
    quote = quoted(offer(lasting), "SPRING", lines=(DraftLine(product="plan"), *LINES))
    assert [one.net for one in quote.lines] == [kr("84"), kr("97"), kr("297")]


def test_an_exclusive_promotion_worse_than_the_others_is_not_taken() -> None:
    others = (Promotion(id="a", percent=Decimal(10)), Promotion(id="b", percent=Decimal(10)))
    alone = replace(SPRING, exclusive=True, percent=Decimal(15))
    quote = quoted(offer(*others, alone), "SPRING")
    assert (quote.net, quote.promotions) == (kr("324"), ("a", "b"))
    better = quoted(offer(*others, replace(alone, percent=Decimal(20))), "SPRING")
    assert (better.net, better.promotions) == (kr("320"), ("spring",))


def test_the_best_single_is_found_for_each_line() -> None:
    ten = Promotion(id="ten", percent=Decimal(10))
    forty = Promotion(
        id="forty",
        amount={"SEK": Decimal(15)},
        duration="forever",
        scope=Scope(families=("goods",)),
    )
    quote = quoted(offer(ten, forty, policy=Policy(stacking="best")))
    assert [one.net for one in quote.lines] == [kr("85"), kr("270")]


def test_a_code_that_takes_nothing_off_is_told_to_the_seller() -> None:
    """Ten per cent off plans, where no plan is sold."""
    plans = replace(SPRING, scope=Scope(products=("plan",)))
    quote = quoted(offer(plans), "SPRING")
    assert [one.say for one in quote.alerts] == ["The code SPRING takes nothing off."]
    assert quoted(offer(SPRING), "SPRING").alerts == ()
