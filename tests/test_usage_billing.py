"""Billing of use: hand-worked and published cases first, then what holds for every cut of use."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Due, Facts
from q2c.core.billing.due import due as due_of
from q2c.core.billing.metered import earned_by_use
from q2c.core.catalog import Window
from q2c.core.money import Money, total
from q2c.core.pricing import Rate, RateTier
from q2c.core.quote.inclusive import terms_without
from q2c.core.quote.metering import Commitment, GroupRate
from q2c.core.usage.metering import settled_of
from tests.metering import amounts, due, metered_line, month, order_of, rate, reading
from tests.values import day, kr, placing

TIERS = (
    RateTier(Decimal(1000), Decimal("0.01")),
    RateTier(Decimal(10000), Decimal("0.008")),
    RateTier(None, Decimal("0.005")),
)
CARDS = rate(model="percentage", unit_price=Decimal("0.014"), fixed=Decimal(150))
BLOCKS = rate(
    model="block",
    tiers=(RateTier(Decimal(10), flat=Decimal(100)), RateTier(None, Decimal(5), Decimal(250))),
)
PACKAGES = rate(
    model="package",
    unit_price=Decimal(40),
    package_size=Decimal(1000),
    free_units=Decimal(10000),
)
PER_CALL = rate(unit_price=Decimal("0.50"))


@pytest.mark.parametrize(
    ("rate_", "quantity", "amount"),
    [
        # Graduated and volume: the figures of the guides of Salesforce, Autumn and Zuplo.
        (rate(model="graduated", tiers=TIERS), "15000", "107.00 SEK"),
        (rate(model="volume", tiers=TIERS), "15000", "75.00 SEK"),
        # Package: 201 units, 100 free, 5 for each started 100 (Lago's guide).
        (
            rate(
                model="package",
                unit_price=Decimal(5),
                package_size=Decimal(100),
                free_units=Decimal(100),
            ),
            "201",
            "10.00 SEK",
        ),
        # A package of 1 000 tokens at 0.04 (Stripe's guide to usage): 2 500 tokens are 3 packages.
        (
            rate(model="package", unit_price=Decimal("0.04"), package_size=Decimal(1000)),
            "2500",
            "0.12 SEK",
        ),
        # Per unit: 100 000 calls at 0.001 (Zuplo's guide).
        (rate(unit_price=Decimal("0.001")), "100000", "100.00 SEK"),
        (CARDS, "10000", "290.00 SEK"),
        (BLOCKS, "12", "260.00 SEK"),
    ],
)
def test_a_month_of_use_costs_what_the_model_says(rate_: Rate, quantity: str, amount: str) -> None:
    assert amounts(due(metered_line(rate_), [reading("2026-11", quantity)])) == [amount]


def test_a_period_is_due_when_it_is_over_and_named_by_its_days_and_papers() -> None:
    line, november = metered_line(PER_CALL), reading("2026-11", "10", papers=2)
    assert due(line, [november], on="2026-11-29") == []
    (one,) = due(line, [november], on="2026-11-30")
    assert one.keys == ("O-2026-0001/1:usage:2026-11-01..2026-11-30@2",)
    assert (str(one.net), one.service) == ("5.00 SEK", month("2026-11"))
    assert due(line, [november], billed=one.keys) == []


def test_what_came_late_is_charged_by_the_difference() -> None:
    line = metered_line(rate(model="graduated", tiers=TIERS))
    first = due(line, [reading("2026-11", "900")])[0].keys
    more = reading("2026-11", "1100", papers=2, settled=((0, 1),), billed=Decimal(900), late=4)
    (one,) = due(line, [more], billed=first)
    assert one.keys == ("O-2026-0001/1:usage:2026-11-01..2026-11-30@1>2",)
    # 100 are left at 0.01, and 100 more are at 0.008.
    assert (str(one.net), str(one.quantity), one.reduces) == ("1.80 SEK", "200", "")


def test_what_was_too_much_goes_back_of_the_charge_that_billed_it() -> None:
    line = metered_line(PER_CALL)
    (key,) = due(line, [reading("2026-11", "10")])[0].keys
    less = reading("2026-11", "6", papers=2, settled=((0, 1),), billed=Decimal(10))
    (one,) = due(line, [less], billed=[key])
    assert (str(one.net), one.reduces, str(one.quantity)) == ("-2.00 SEK", key, "-4")


def test_what_a_late_charge_has_too_little_for_goes_off_the_charge_before_it() -> None:
    """64 of 104 calls were made; 100 were billed first and four more when they came late."""
    line, stem = metered_line(PER_CALL), "O-2026-0001/1:usage:2026-11-01..2026-11-30"
    keys = [f"{stem}@1", f"{stem}@1>2"]
    less = reading("2026-11", "64", papers=3, settled=((0, 1), (1, 2)), billed=Decimal(104))
    (one,) = due(line, [less], billed=keys)
    assert (str(one.net), one.reduces, one.before) == ("-20.00 SEK", keys[1], (keys[0],))


def test_a_key_of_what_went_back_of_a_second_line_is_no_other_use() -> None:
    stem = "O-2026-0001/1:usage:2026-11-01..2026-11-30:user=a@b/c"
    keys = [f"{stem}@1", f"{stem}@1>2", f"{stem}@1>2/2"]
    assert settled_of(keys) == {stem: ((0, 1), (1, 2))}


def test_tiers_that_accumulate_go_on_from_month_to_month() -> None:
    line = metered_line(
        rate(model="graduated", tiers=TIERS), accumulate="term", last=day("2027-10-31")
    )
    months = [reading("2026-11", "800"), reading("2026-12", "800")]
    assert amounts(due(line, months)) == ["8.00 SEK", "6.80 SEK"]  # 200 x 0.01 + 600 x 0.008


def test_each_group_has_its_own_price_and_its_own_key() -> None:
    eu = GroupRate({"region": "eu"}, rate(unit_price=Decimal(2)))
    line = metered_line(PER_CALL, groups=(eu,))
    found = due(
        line,
        [
            reading("2026-11", "10", group=(("region", "eu"),)),
            reading("2026-11", "10", group=(("region", "us"),)),
        ],
    )
    assert amounts(found) == ["20.00 SEK", "5.00 SEK"]
    assert found[0].keys == ("O-2026-0001/1:usage:2026-11-01..2026-11-30:region=eu@1",)
    assert found[0].text == "region: eu"


def test_no_use_costs_nothing_but_a_minimum() -> None:
    assert due(metered_line(PER_CALL), [], on="2026-12-31") == []
    least = metered_line(rate(unit_price=Decimal(1), minimum=Decimal(400)))
    found = due(least, [reading("2026-12", "1000")], on="2026-12-31")
    assert amounts(found) == ["400.00 SEK", "1 000.00 SEK"]
    keys = [key for one in found for key in one.keys]
    assert keys[0] == "O-2026-0001/1:usage:2026-11-01..2026-11-30@0"
    assert due(least, [reading("2026-12", "1000")], billed=keys, on="2026-12-31") == []


def test_use_within_what_is_included_is_charged_nothing_once() -> None:
    line = metered_line(PACKAGES)
    (one,) = due(line, [reading("2026-11", "9000")])
    assert (str(one.net), str(one.quantity)) == ("0.00 SEK", "9000")


def test_a_commitment_is_made_up_to_once_when_its_year_is_over() -> None:
    terms = Commitment(Money(1_000_000, "SEK"), "year")
    line = metered_line(rate(unit_price=Decimal(1)), commitment=terms)
    use = [reading("2026-11", "4000"), reading("2027-03", "3500")]
    assert amounts(due(line, use, on="2027-10-30")) == ["4 000.00 SEK", "3 500.00 SEK"]
    found = due(line, use, on="2027-10-31")
    assert amounts(found)[-1] == "2 500.00 SEK"
    assert found[-1].keys == ("O-2026-0001/1:commitment:2026-11-01..2027-10-31",)
    assert found[-1].text == "Up to the agreed minimum"
    keys = [key for one in found for key in one.keys]
    assert due(line, use, billed=keys, on="2027-10-31") == []


def test_late_use_below_a_commitment_that_was_made_up_to_is_not_charged_again() -> None:
    terms = Commitment(Money(100_000, "SEK"), "period")
    line = metered_line(rate(unit_price=Decimal(1)), commitment=terms)
    first = due(line, [reading("2026-11", "700")], on="2026-11-30")
    assert amounts(first) == ["700.00 SEK", "300.00 SEK"]
    keys = [key for one in first for key in one.keys]
    more = reading("2026-11", "1200", papers=2, settled=((0, 1),), billed=Decimal(700))
    assert amounts(due(line, [more], billed=keys, on="2026-11-30")) == ["200.00 SEK"]


def test_a_charge_says_how_events_became_an_amount() -> None:
    (one,) = due(metered_line(PER_CALL), [reading("2026-11", "10", papers=4, events=1200)])
    assert [step.rule for step in one.steps] == [
        f"1,200 events of calls from {month('2026-11')}: the sum is 10 (1.csv, 2.csv and 2 more)",
        "10 × 0.50",
    ]


QUANTITIES = st.lists(st.decimals(0, 5000, places=2), min_size=1, max_size=6)


@given(QUANTITIES)
def test_use_of_a_term_costs_the_same_however_it_is_cut(parts: list[Decimal]) -> None:
    graduated = rate(model="graduated", tiers=TIERS)
    line = metered_line(graduated, accumulate="term", last=day("2027-10-31"))
    names = [f"2026-{n}" if n < 13 else f"2027-0{n - 12}" for n in range(11, 11 + len(parts))]
    cut = [reading(name, str(part)) for name, part in zip(names, parts, strict=True)]
    whole = due(line, [reading("2026-11", str(sum(parts)))])
    assert _sum(due(line, cut)) == _sum(whole)


@given(QUANTITIES)
def test_use_that_comes_in_parts_is_billed_as_if_it_came_at_once(parts: list[Decimal]) -> None:
    line = metered_line(rate(model="volume", tiers=TIERS))
    billed: list[str] = []
    settled: tuple[tuple[int, int], ...] = ()
    so_far, sums = Decimal(0), []
    for n in range(1, len(parts) + 1):
        quantity = sum(parts[:n], Decimal(0))
        now = reading("2026-11", str(quantity), papers=n, settled=settled, billed=so_far)
        for one in due(line, [now], billed):
            sums.append(one.net)
            billed += one.keys
            settled, so_far = (*settled, *_spans(one.keys)), quantity
    whole = due(line, [reading("2026-11", str(sum(parts)))])
    assert total(sums, "SEK") == _sum(whole)


def _sum(dues: Sequence[Due]) -> Money:
    return total((one.net for one in dues), "SEK")


def _spans(keys: tuple[str, ...]) -> list[tuple[int, int]]:
    return [span for spans in settled_of(keys).values() for span in spans]


@given(QUANTITIES)
def test_what_is_earned_is_what_is_charged(parts: list[Decimal]) -> None:
    line = metered_line(rate(model="graduated", tiers=TIERS))
    use = [reading(f"2026-{n}", str(part)) for n, part in zip((11, 12), parts, strict=False)]
    charged = _sum(due(line, use, on="2026-12-31"))
    assert earned_by_use(line, use, day("2026-12-31")) == charged


@given(QUANTITIES, st.sampled_from(["period", "year", "term"]))
def test_months_one_by_one_are_billed_as_all_at_once(parts: list[Decimal], window: Window) -> None:
    terms = Commitment(Money(2_000, "SEK"), "period")
    line = metered_line(
        rate(model="graduated", tiers=TIERS, minimum=Decimal(5)),
        accumulate=window,
        last=day("2027-10-31"),
        commitment=terms,
    )
    names = ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04"]
    use = [reading(name, str(part)) for name, part in zip(names, parts, strict=False)]
    billed: list[str] = []
    steps: list[Due] = []
    for name in names:
        new = due(line, use, billed, on=str(month(name).last))
        steps += new
        billed += [key for one in new for key in one.keys]
    whole = due(line, use, on="2027-04-30")
    assert sorted(billed) == sorted(key for one in whole for key in one.keys)
    assert _sum(steps) == _sum(whole)
    assert due(line, use, billed, on="2027-04-30") == []


def test_prices_by_group_and_a_commitment_leave_their_vat_as_other_prices_do() -> None:
    eu = GroupRate({"region": "eu"}, rate(unit_price=Decimal(125)))
    line = metered_line(PER_CALL, groups=(eu,), commitment=Commitment(Money(25_000, "SEK"), "year"))
    left = terms_without(line.metering, Decimal(25))
    assert left is not None
    assert left.groups[0].rate.unit_price == 100
    assert left.commitment == Commitment(Money(20_000, "SEK"), "year")


def test_no_period_is_billed_that_is_not_over_on_the_day_of_the_invoice() -> None:
    line = metered_line(PER_CALL, commitment=Commitment(amount=kr("100"), per="period"))
    facts = Facts(readings=(reading("2026-11", "300"), reading("2026-12", "10")))

    def owed(issue_on: str) -> list[str]:
        at = replace(placing("2027-03-31"), issue_on=day(issue_on))
        return amounts(list(due_of(order_of(line), line, facts, (), at)))

    assert owed("2026-11-29") == []
    assert owed("2026-11-30") == owed("2026-12-30") == ["150.00 SEK"]
    assert owed("2026-12-31") == ["150.00 SEK", "5.00 SEK", "95.00 SEK"]
