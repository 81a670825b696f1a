"""Prices: hand-worked cases first, then what holds for every quantity."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Model, PriceList, Validity
from q2c.core.fault import Invalid
from q2c.core.money import Money, total
from q2c.core.pricing import Rate, RateTier, cost, price, rate_of, split
from tests.values import ADVISORY, LICENCE, customer, day, flat_rate, kr, tiers

STEPS = tiers(("1000", "0.01", "0"), ("10000", "0.008", "0"), (None, "0.005", "0"))
GRADUATED = Rate(model="graduated", currency="SEK", tiers=STEPS)
VOLUME = Rate(model="volume", currency="SEK", tiers=STEPS)
PACKAGE = Rate(model="package", currency="SEK", unit_price=Decimal(5), package_size=Decimal(100))
TODAY = day("2026-06-01")
QUANTITIES = st.decimals(0, 100_000, places=3)


@pytest.mark.parametrize(
    ("rate", "quantity", "amount"),
    [
        (GRADUATED, "15000", "107.00"),
        (VOLUME, "15000", "75.00"),
        (GRADUATED, "1000", "10.00"),
        (VOLUME, "1000", "10.00"),
        (VOLUME, "1000.001", "8.00"),
        (GRADUATED, "0", "0.00"),
        (PACKAGE, "201", "15.00"),
        (PACKAGE, "200", "10.00"),
        (PACKAGE, "200.001", "15.00"),
        (PACKAGE, "0", "0.00"),
        (flat_rate("1234.335"), "1.5", "1851.50"),
        (flat_rate("0.005"), "1", "0.01"),
    ],
)
def test_a_quantity_costs_what_its_charge_model_says(
    rate: Rate, quantity: str, amount: str
) -> None:
    assert price(rate, Decimal(quantity)).amount == kr(amount)


def test_a_flat_fee_is_owed_once_when_its_tier_is_reached() -> None:
    steps = tiers(("10", "5", "0"), (None, "4", "100"))
    graduated = Rate(model="graduated", currency="SEK", tiers=steps)
    volume = Rate(model="volume", currency="SEK", tiers=steps)
    assert [cost(graduated, Decimal(q)).amount for q in (0, 10, 12)] == [0, 50, 158]
    assert [cost(volume, Decimal(q)).amount for q in (0, 10, 12)] == [0, 50, 148]


def test_a_recurring_price_is_rounded_once_over_all_its_periods() -> None:
    """33.335 a month is 400.02 a year, not 12 × 33.34 = 400.08."""
    assert price(flat_rate("33.335"), Decimal(1), 12).amount == kr("400.02")


def test_an_amount_names_the_steps_that_made_it() -> None:
    rate = replace(flat_rate("1234.335"), origin="catalogue price of x", source="catalog.yaml:5")
    steps = price(rate, Decimal("1.5")).steps
    assert [(step.rule, step.source, step.after) for step in steps] == [
        ("catalogue price of x: 1.5 × 1234.335", "catalog.yaml:5", Decimal("1851.5025")),
        ("rounded to whole SEK minor units", "", Decimal("1851.50")),
    ]


@pytest.mark.parametrize(
    ("whole", "alone", "shares"),
    [
        ("120", ("60", "50", "40"), ("48", "40", "32")),
        ("50000", ("18000", "58000"), ("11842.11", "38157.89")),
        ("10", ("0", "0"), ("5", "5")),
        ("0", ("10", "20"), ("0", "0")),
    ],
)
def test_a_bundle_is_split_by_stand_alone_prices(
    whole: str, alone: tuple[str, ...], shares: tuple[str, ...]
) -> None:
    """IFRS 15.76: each part takes its share of the price agreed for all."""
    assert split(kr(whole), [kr(one) for one in alone]) == tuple(kr(share) for share in shares)


SPRING = PriceList(
    id="spring",
    currency="SEK",
    valid=Validity(day("2026-01-01"), day("2026-05-31")),
    prices={"advisory": Decimal(1300)},
)
SUMMER = replace(SPRING, id="summer", valid=Validity(day("2026-06-01")))


def test_the_customers_own_price_comes_first_then_the_list_then_the_catalogue() -> None:
    own = replace(customer(), prices={"advisory": {"SEK": Decimal(1200)}})
    found = [
        rate_of(ADVISORY, own, (SUMMER,), "SEK", TODAY),
        rate_of(ADVISORY, customer(), (SUMMER,), "SEK", TODAY),
        rate_of(ADVISORY, customer(), (SPRING,), "SEK", TODAY),
        rate_of(ADVISORY, own, (SUMMER,), "EUR", TODAY),
    ]
    assert [(int(rate.unit_price), rate.origin) for rate in found] == [
        (1200, "own price of fjord-foods"),
        (1300, "price list summer"),
        (1450, "catalogue price of advisory"),
        (130, "catalogue price of advisory"),
    ]


def test_a_price_of_the_customers_own_replaces_tiers() -> None:
    own = replace(customer(), prices={"licence": {"SEK": Decimal(70)}})
    assert cost(rate_of(LICENCE, own, (), "SEK", TODAY), Decimal(20)).amount == 1400


def test_a_product_without_a_price_in_the_currency_is_refused() -> None:
    with pytest.raises(Invalid, match="no price in NOK") as refused:
        rate_of(ADVISORY, None, (), "NOK", TODAY)
    assert refused.value.faults[0].code == "no-price"


PRICES = st.decimals(0, 10_000, places=4)
MODELS: tuple[Model, ...] = ("flat", "package", "graduated", "volume")


@st.composite
def tiered(draw: st.DrawFn) -> tuple[RateTier, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 50_000), max_size=5)))
    bounds = [*map(Decimal, ends), None]
    return tuple(RateTier(end, draw(PRICES), draw(PRICES)) for end in bounds)


@st.composite
def rates(draw: st.DrawFn) -> Rate:
    model = draw(st.sampled_from(MODELS))
    if model in {"flat", "package"}:
        size = draw(st.decimals("0.1", 500, places=1)) if model == "package" else None
        return replace(flat_rate("0"), model=model, unit_price=draw(PRICES), package_size=size)
    return Rate(model=model, currency="SEK", tiers=draw(tiered()))


@given(tiered(), QUANTITIES, QUANTITIES)
def test_more_never_costs_less_under_graduated_tiers(
    found: tuple[RateTier, ...], one: Decimal, other: Decimal
) -> None:
    rate = Rate(model="graduated", currency="SEK", tiers=found)
    less, more = (price(rate, quantity) for quantity in sorted((one, other)))
    assert less.amount.minor <= more.amount.minor


@given(rates(), QUANTITIES, st.integers(1, 36))
def test_the_steps_of_a_price_end_in_its_amount(rate: Rate, quantity: Decimal, times: int) -> None:
    priced = price(rate, quantity, times)
    assert all(
        one.after == other.before
        for one, other in zip(priced.steps, priced.steps[1:], strict=False)
    )
    assert (priced.steps[-1].after if priced.steps else 0) == priced.amount.amount


@given(rates(), QUANTITIES)
def test_a_price_is_half_an_oere_from_its_exact_cost_at_most(rate: Rate, quantity: Decimal) -> None:
    exact = cost(rate, quantity).amount
    assert abs(Fraction(price(rate, quantity).amount.amount) - exact) <= Fraction(1, 200)


@given(st.integers(1, 1000), st.integers(0, 10**6))
def test_a_package_is_started_by_its_first_unit(size: int, quantity: int) -> None:
    rate = replace(PACKAGE, package_size=Decimal(size), unit_price=Decimal(1))
    packages = cost(rate, Decimal(quantity)).amount
    assert packages * size >= quantity > (packages - 1) * size or quantity == packages == 0


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_a_split_bundle_loses_no_oere(minor: int, alone: list[int]) -> None:
    shares = split(Money(minor, "SEK"), [Money(one, "SEK") for one in alone])
    assert total(shares, "SEK") == Money(minor, "SEK")
