"""The price waterfall: from the list to the net, a stage each, and the words of every step."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.pricing import Rate, Reduction, fall
from tests.test_pricing import QUANTITIES, rates
from tests.values import flat_rate, kr, tiers

LIST = replace(flat_rate("100"), origin="price list spring", source="prices/spring.yaml:7")
OWN = replace(flat_rate("90"), origin="own price of fjord-foods", contracted=True)
TIERS = Rate(
    model="graduated",
    currency="SEK",
    tiers=tiers(("10", "100", "0"), (None, "80", "0")),
    origin="catalogue price of x",
)
TEN = Reduction(stage="manual", percent=Decimal(10), name="Loyal")
COUPON = Reduction(stage="promotion", amount=Decimal(5), name="SPRING")
VOLUME = Reduction(stage="schedule", percent=Decimal(5), name="Volume")


def test_every_stage_has_its_row_from_the_list_to_the_net() -> None:
    """20 units: 2 000 by the list, 1 800 own price, less 5 %, less 5, less 10 %."""
    found = fall(OWN, Decimal(20), listed=LIST, reductions=(VOLUME, COUPON, TEN))
    assert [(step.stage, step.rule, step.after) for step in found.steps] == [
        ("list", "price list spring: 20 × 100", Decimal(2000)),
        ("contracted", "own price of fjord-foods: 20 × 90", Decimal(1800)),
        ("schedule", "Volume: 5 % off", Decimal(1710)),
        ("promotion", "SPRING: 5 off", Decimal(1705)),
        ("manual", "Loyal: 10 % off", Decimal("1534.5")),
    ]
    assert found.steps[0].source == "prices/spring.yaml:7"
    assert (found.gross, found.net, found.listed) == (Decimal(1800), kr("1534.50"), kr("2000"))


def test_tiers_are_a_stage_of_their_own_below_the_price_that_a_list_shows_first() -> None:
    found = fall(TIERS, Decimal(15))
    assert [(step.stage, step.rule, step.after) for step in found.steps] == [
        ("list", "catalogue price of x: 15 × 100", Decimal(1500)),
        ("model", "each tier at its own price: 10 × 100 + 5 × 80", Decimal(1400)),
    ]


def test_a_price_by_hand_comes_before_any_reduction() -> None:
    hand = replace(flat_rate("70"), origin="price set by hand", source="quote.yaml:12")
    found = fall(TIERS, Decimal(15), 2, every="month", agreed=hand, reductions=(TEN,))
    assert [(step.stage, step.rule, step.after) for step in found.steps] == [
        ("list", "catalogue price of x: 15 × 100, 2 months", Decimal(3000)),
        ("model", "each tier at its own price: 10 × 100 + 5 × 80, 2 months", Decimal(2800)),
        ("manual", "price set by hand: 15 × 70, 2 months", Decimal(2100)),
        ("manual", "Loyal: 10 % off", Decimal(1890)),
    ]
    assert found.gross == 2100


def test_what_is_no_whole_oere_is_rounded_in_a_step_of_its_own() -> None:
    found = fall(flat_rate("1234.335"), Decimal("1.5"))
    assert [(step.stage, step.rule, step.before, step.after) for step in found.steps] == [
        ("list", "1.5 × 1234.335", Decimal(0), Decimal("1851.5025")),
        ("net", "rounded to whole SEK minor units", Decimal("1851.5025"), Decimal("1851.50")),
    ]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Reduction(stage="manual", percent=Decimal(-5)), "manual: 5 % more"),
        (Reduction(stage="manual", amount=Decimal(-7)), "manual: 7 more, 3 times"),
        (Reduction(stage="schedule", amount=Decimal(2), per_unit=True), "schedule: 2 a unit off"),
        (
            Reduction(
                stage="schedule", slices=((Decimal(3), Decimal(0)), (Decimal(4), Decimal(9)))
            ),
            "schedule: 0 % off 3 and 9 % off 4",
        ),
    ],
)
def test_a_reduction_is_told_as_it_was_meant(one: Reduction, words: str) -> None:
    found = fall(flat_rate("10"), Decimal(7), 3, reductions=(one,))
    assert found.steps[1].rule.startswith(words)


REDUCTIONS = st.lists(
    st.builds(
        Reduction,
        stage=st.just("manual"),
        percent=st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(-3)]),
        amount=st.decimals(-10, 10, places=2),
        per_unit=st.booleans(),
    ),
    max_size=4,
)


@given(rates(), QUANTITIES, st.integers(1, 36), REDUCTIONS)
def test_steps_chain_and_end_in_the_net(
    rate: Rate, quantity: Decimal, times: int, reductions: list[Reduction]
) -> None:
    found = fall(rate, quantity, times, listed=LIST, reductions=reductions)
    steps = found.steps
    assert steps[0].before == 0
    assert all(one.after == other.before for one, other in pairwise(steps))
    assert steps[-1].after == found.net.amount
    assert found.net.minor >= 0
