"""Reductions: the one documented order, and the named policies for the other readings."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Policy
from q2c.core.pricing import Reduction, arranged
from q2c.core.pricing.reductions import StageName, run

STAGES: tuple[StageName, ...] = ("schedule", "promotion", "manual")


def percent(figure: str, stage: StageName = "manual", **more: object) -> Reduction:
    made = Reduction(stage=stage, id=f"p{figure}", percent=Decimal(figure))
    return replace(made, **more)


def amount(figure: str, stage: StageName = "manual", **more: object) -> Reduction:
    return replace(Reduction(stage=stage, id=f"a{figure}", amount=Decimal(figure)), **more)


def left(
    gross: str, some: Sequence[Reduction], policy: Policy | None = None, *, units: str = "1"
) -> Decimal:
    """Say what is left of an amount after reductions in the order of a policy."""
    whole, quantity = Decimal(gross), Decimal(units)
    kept = arranged(some, policy or Policy(), whole, quantity, 1)
    return run(whole, kept, quantity, 1)[-1] if kept else whole


THREE = (percent("10"), amount("5"), percent("30"))


@pytest.mark.parametrize(
    ("policy", "some", "expected"),
    [
        (Policy(), THREE, "59.85"),  # 95, 85.5, 59.85
        (Policy(order="percentages-first"), THREE, "58.00"),  # 90, 63, 58
        (Policy(order="as-written"), THREE, "59.50"),  # 90, 85, 59.5
        (Policy(percentages="sum"), THREE, "57.00"),  # 95 less 40 %
        (Policy(percentages="sum", order="percentages-first"), THREE, "55.00"),  # 60 less 5
        (Policy(), (percent("60"), percent("60")), "16.00"),
        (Policy(percentages="sum"), (percent("60"), percent("60")), "0"),
        (Policy(), (amount("150"), percent("-10")), "0"),  # nothing is left to add 10 % to
        (Policy(), (percent("-10"),), "110.0"),
        (Policy(), (amount("-20"), percent("50")), "60.0"),
        (Policy(), (percent("100"),), "0"),
    ],
)
def test_a_hundred_less_five_ten_and_thirty_is_what_the_policy_says(
    policy: Policy, some: Sequence[Reduction], expected: str
) -> None:
    assert left("100", some, policy) == Decimal(expected)


def test_stages_follow_one_another_whatever_their_kind() -> None:
    """A schedule's 10 %, a promotion's 5 off, a seller's 30 %: 90, 85, 59.50."""
    some = (percent("30"), amount("5", "promotion"), percent("10", "schedule"))
    assert left("100", some) == Decimal("59.50")
    assert [one.stage for one in arranged(some, Policy(), Decimal(100), Decimal(1), 1)] == [*STAGES]


def test_percentages_are_added_up_within_a_stage_and_not_across() -> None:
    some = (percent("10", "schedule"), percent("10", "promotion"), percent("20", "promotion"))
    assert left("100", some, Policy(percentages="sum")) == 63  # 90 less 30 %


def test_the_best_single_leaves_least_and_the_sellers_own_comes_off_beside_it() -> None:
    some = (percent("10", "schedule"), amount("15", "promotion"), percent("50"))
    best = Policy(stacking="best")
    assert left("100", some, best) == Decimal("42.5")  # the 15 off, then half
    assert left("200", some, best) == 90  # of 200 the 10 % are more


def test_of_equal_discounts_the_first_stands() -> None:
    some = (amount("10", "schedule"), percent("10", "promotion"))
    (kept,) = arranged(some, Policy(stacking="best"), Decimal(100), Decimal(1), 1)
    assert kept.stage == "schedule"


def test_an_exclusive_promotion_stands_alone_only_where_it_is_better() -> None:
    alone = percent("15", "promotion", exclusive=True)
    some = (percent("10", "schedule"), percent("10", "promotion"), alone)
    assert left("100", some) == 81  # the two together are better
    better = replace(alone, percent=Decimal(25))
    assert left("100", (*some[:2], better, percent("10"))) == Decimal("67.5")
    assert left("100", (alone,)) == 85


def test_an_amount_for_each_unit_and_each_period_comes_off_as_often() -> None:
    each = amount("2", per_unit=True)
    assert run(Decimal(1000), [each], Decimal(30), 12) == [280]
    assert run(Decimal(1000), [amount("2")], Decimal(30), 12) == [976]


def test_slices_are_together_a_percentage_of_the_whole() -> None:
    """3 units at 0 %, 4 at 10 %, 3 at 30 %: 13 % off 10 units."""
    rows = ((Decimal(3), Decimal(0)), (Decimal(4), Decimal(10)), (Decimal(3), Decimal(30)))
    sliced = Reduction(stage="schedule", slices=rows)
    assert run(Decimal(500), [sliced], Decimal(10), 1) == [435]
    third = Decimal("0.3333333333333333333333333333333333")
    alone = Reduction(stage="schedule", slices=((third, Decimal(10)),))
    assert run(Decimal(500), [alone], third, 1) == [450]


KINDS = st.one_of(
    st.decimals(0, 100, places=2).map(lambda n: percent(str(n))),
    st.decimals(0, 50, places=2).map(lambda n: amount(str(n))),
)
SOME = st.lists(
    st.builds(
        lambda one, stage, alone: replace(
            one, stage=stage, exclusive=alone and stage == "promotion"
        ),
        KINDS,
        st.sampled_from(STAGES),
        st.booleans(),
    ),
    max_size=6,
)
ORDERS = st.sampled_from(["amounts-first", "percentages-first", "as-written"])
POLICIES = st.builds(Policy, order=ORDERS, percentages=st.sampled_from(["compound", "sum"]))
GROSS = st.decimals(0, 10_000, places=2)


@given(GROSS, SOME, POLICIES)
def test_what_is_left_is_between_nothing_and_the_whole(
    gross: Decimal, some: list[Reduction], policy: Policy
) -> None:
    assert 0 <= left(str(gross), some, policy) <= gross


@given(GROSS, SOME, POLICIES)
def test_the_best_single_is_never_better_than_all_together(
    gross: Decimal, some: list[Reduction], policy: Policy
) -> None:
    best = replace(policy, stacking="best")
    assert left(str(gross), some, policy) <= left(str(gross), some, best)


@given(GROSS, st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=5))
def test_compound_percentages_leave_the_same_in_every_order(
    gross: Decimal, figures: list[Decimal]
) -> None:
    some = [percent(str(one)) for one in figures]
    exact = Fraction(gross)
    for one in figures:
        exact *= 1 - Fraction(one) / 100
    assert Fraction(left(str(gross), some)) == exact
    assert left(str(gross), some) == left(str(gross), some[::-1])
