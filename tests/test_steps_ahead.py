"""The next step of a price: the tier, package or discount that a little more would reach."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Band, Catalog, Schedule, Scope
from q2c.core.pricing import Rate, RateTier, cost
from q2c.core.quote import Draft, DraftLine, Offer, priced
from q2c.core.quote.steps_ahead import NextBand, NextTier, bands_ahead, next_band, next_tier
from tests.values import TODAY, day, offer

TIERS = (
    RateTier(Decimal(1000), Decimal("1.20")),
    RateTier(Decimal(10000), Decimal("0.90"), Decimal(50)),
    RateTier(None, Decimal("0.60")),
)
WHOLE = Decimal(10) ** 6


def bands(*said: tuple[str, str]) -> tuple[Band, ...]:
    return tuple(Band(least=Decimal(least), percent=Decimal(percent)) for least, percent in said)


HOURS = Schedule(
    id="hours", scope=Scope(products=("advisory",)), bands=bands(("40", "5"), ("80", "8"))
)
WORTH = Schedule(id="worth", by="amount", across="quote", bands=bands(("100000", "3")))
LONG = Schedule(id="long", by="term", bands=bands(("24", "3"), ("36", "6")))


def stocked(*schedules: Schedule) -> Offer:
    whole = offer()
    return replace(whole, catalog=Catalog(whole.catalog.products, schedules=schedules))


def ahead(shop: Offer, *lines: DraftLine) -> list[list[NextBand]]:
    """Price a quote; give the bands ahead of each of its lines."""
    until = day("2026-12-31")
    draft = Draft(customer="fjord-foods", date=TODAY, valid_until=until, lines=lines)
    quote = priced("", draft, shop)
    return [list(bands_ahead(one, quote, shop)) for one in quote.lines]


@pytest.mark.parametrize(
    ("model", "quantity", "above", "unit_price", "flat"),
    [
        ("graduated", "1", "1000", "0.90", "50"),
        ("graduated", "1000", "1000", "0.90", "50"),  # an upper end is inside its tier
        ("volume", "1000.5", "10000", "0.60", "0"),
        ("block", "0", "1000", "0.90", "50"),
        ("graduated-percentage", "9999", "10000", "0.60", "0"),
    ],
)
def test_the_next_tier_begins_above_the_end_of_the_one_reached(
    model: str, quantity: str, above: str, unit_price: str, flat: str
) -> None:
    rate = Rate(model=model, currency="SEK", tiers=TIERS)  # type: ignore[arg-type]
    found = next_tier(rate, Decimal(quantity))
    assert found == NextTier(
        above=Decimal(above),
        model=rate.model,
        unit_price=Decimal(unit_price),
        flat=Decimal(flat),
    )


def test_the_last_tier_and_a_plain_price_have_no_next_one() -> None:
    assert next_tier(Rate(model="volume", currency="SEK", tiers=TIERS), WHOLE) is None
    assert next_tier(Rate(model="per-unit", currency="SEK", unit_price=WHOLE), WHOLE) is None


@pytest.mark.parametrize(
    ("quantity", "above"), [("0", "100"), ("100", "100"), ("101", "300"), ("300", "300")]
)
def test_a_package_is_full_before_the_next_is_started(quantity: str, above: str) -> None:
    """100 are free, then packages of 200: from 101 to 300 it is one package."""
    rate = Rate(
        model="package",
        currency="SEK",
        unit_price=Decimal(40),
        package_size=Decimal(200),
        free_units=Decimal(100),
    )
    found = next_tier(rate, Decimal(quantity))
    assert found == NextTier(above=Decimal(above), model="package", flat=Decimal(40))


@given(st.decimals(min_value=0, max_value=400, places=1))
def test_a_package_costs_the_same_up_to_its_end_and_more_above_it(quantity: Decimal) -> None:
    rate = Rate(model="package", currency="SEK", unit_price=Decimal(7), package_size=Decimal(30))
    found = next_tier(rate, quantity)
    assert found is not None
    assert found.above >= quantity
    assert cost(rate, found.above) == cost(rate, quantity)
    assert cost(rate, found.above + 1) == cost(rate, quantity) + found.flat


def test_the_next_band_is_the_first_that_is_not_reached() -> None:
    shop = stocked(HOURS)
    assert next_band(HOURS, Decimal(39), shop) == NextBand(
        name="hours", by="quantity", least=Decimal(40), percent=Decimal(5)
    )
    assert next_band(HOURS, Decimal(40), shop) == NextBand(
        name="hours", by="quantity", least=Decimal(80), percent=Decimal(8)
    )
    assert next_band(HOURS, Decimal(80), shop) is None


def test_lines_know_what_more_of_them_and_a_longer_term_would_bring() -> None:
    """Advice 40 × 1 450 is 58 000; with a year of support, 78 000, the quote is above 100 000."""
    advice = DraftLine(product="advisory", quantity=Decimal(40))
    support = DraftLine(product="support", term="12 months")
    [alone] = ahead(stocked(HOURS, WORTH, LONG), advice)
    assert [(one.name, one.least, one.together) for one in alone] == [
        ("hours", Decimal(80), False),
        ("worth", Decimal(100000), True),
    ]
    both = ahead(stocked(HOURS, WORTH, LONG), advice, support)
    assert [[one.name for one in found] for found in both] == [["hours"], ["long"]]


def test_a_schedule_for_others_or_another_time_is_not_ahead() -> None:
    public = replace(HOURS, segments=("public",))
    [found] = ahead(stocked(public), DraftLine(product="advisory", quantity=Decimal(40)))
    assert found == []
