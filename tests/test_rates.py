"""Whose price holds: the customer's own, a list's by rank, the catalogue's; and by the period."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.catalog import Adjust, Catalog, ListTier, PriceList, Product, Tier, Validity
from q2c.core.fault import Invalid
from q2c.core.party import Customer, OwnPrice
from q2c.core.pricing import Market, Rate, cost, rate_of, rates_of
from q2c.core.quote import Shelf, offered
from tests.values import ADVISORY, COMPANY, LICENCE, SUPPORT, TODAY, customer, day

SPRING = PriceList(
    id="spring",
    currency="SEK",
    valid=Validity(day("2026-01-01"), day("2026-05-31")),
    prices={"advisory": Decimal(1300)},
)
SUMMER = replace(SPRING, id="summer", valid=Validity(day("2026-06-01")))
OWN = OwnPrice(product="advisory", price={"SEK": Decimal(1200)}, valid_to=day("2026-12-31"))
PLUS = PriceList(
    id="plus",
    currency="SEK",
    valid=Validity(day("2026-01-01")),
    base="catalog",
    adjust=Adjust(percent=Decimal("2.5"), round_to=Decimal(10)),
)


def market(
    *lists: PriceList, who: Customer | None = None, currency: str = "SEK", on: str = "2026-06-01"
) -> Market:
    """Say where prices are looked for."""
    return Market(
        customer=who or customer(),
        lists=lists,
        bases={one.id: one for one in lists},
        currency=currency,
        day=day(on),
    )


def own(*prices: OwnPrice) -> Customer:
    """Give a customer with prices of its own."""
    return replace(customer(), prices=prices)


@pytest.mark.parametrize(
    ("where", "price", "origin"),
    [
        (market(SUMMER, who=own(OWN)), 1200, "own price of fjord-foods"),
        (market(SUMMER), 1300, "price list summer"),
        (market(SPRING), 1450, "catalogue price of advisory"),
        (market(SUMMER, who=own(OWN), currency="EUR"), 130, "catalogue price of advisory"),
        (market(SUMMER, who=own(OWN), on="2027-01-01"), 1300, "price list summer"),
        (market(SPRING, SUMMER, on="2026-05-31"), 1300, "price list spring"),
    ],
)
def test_the_customers_own_price_comes_first_then_the_list_then_the_catalogue(
    where: Market, price: int, origin: str
) -> None:
    rate = rate_of(ADVISORY, where)
    assert (int(rate.unit_price), rate.origin) == (price, origin)


def test_an_own_price_knows_what_the_list_would_have_said() -> None:
    found = rates_of(ADVISORY, market(SUMMER, who=own(OWN)))
    assert found.rate.contracted
    assert found.listed is not None
    assert (int(found.listed.unit_price), found.listed.contracted) == (1300, False)


def test_a_price_of_the_customers_own_replaces_tiers() -> None:
    who = own(OwnPrice(product="licence", price={"SEK": Decimal(70)}))
    assert cost(rate_of(LICENCE, market(who=who)), Decimal(20)) == 1400


def test_a_price_of_its_own_that_cannot_be_stops_every_offer_to_the_customer() -> None:
    """18 kronor for a percentage would be 1 800 per cent."""
    care = Product(id="care", name="Care", model="percentage", percent=Decimal(10))
    shelf = Shelf(Catalog({"care": care}), {}, ())
    with pytest.raises(Invalid) as told:
        offered(COMPANY, own(OwnPrice(product="care", price={"SEK": Decimal(18)})), shelf, TODAY)
    assert [fault.code for fault in told.value.faults] == ["model-price"]


def test_a_list_may_have_tiers_of_its_own() -> None:
    tiers = (ListTier(up_to=Decimal(5), unit_price=Decimal(90)), ListTier(unit_price=Decimal(50)))
    rate = rate_of(LICENCE, market(replace(SUMMER, tiers={"licence": tiers})))
    assert cost(rate, Decimal(7)) == 550


def test_a_product_without_a_price_in_the_currency_is_refused() -> None:
    with pytest.raises(Invalid, match="no price in NOK") as refused:
        rate_of(ADVISORY, market(currency="NOK"))
    assert refused.value.faults[0].code == "no-price"


YEARLY = replace(SUPPORT, frequencies={"year": {"SEK": Decimal(70000)}})


def test_a_price_by_another_period_is_its_own_figure_and_never_multiplied() -> None:
    by_list = replace(SUMMER, frequencies={"support": {"year": Decimal(65000)}})
    who = own(OwnPrice(product="support", every="year", price={"SEK": Decimal(60000)}))
    places = [market(), market(by_list), market(by_list, who=who)]
    assert [rate_of(YEARLY, one, "year").unit_price for one in places] == [70000, 65000, 60000]
    assert rate_of(YEARLY, market(by_list, who=who)).unit_price == 6500
    with pytest.raises(Invalid, match="'support' has no price in SEK by the quarter"):
        rate_of(YEARLY, market(), "quarter")


@pytest.mark.parametrize(
    ("price", "percent", "step", "made"),
    [
        ("1450", "2.5", "10", "1490"),  # 1486.25
        ("1450", "-2.5", "0", "1413.75"),
        ("1450", "0", "100", "1500"),  # a tie goes away from zero
        ("1449.99", "0", "100", "1400"),
        ("0.01", "5", "10", "0.0105"),  # a step of 10 would give it away
        ("0", "5", "10", "0"),
        ("123456789012.123456789012", "0.000000000001", "0", "123456789012.1246913569021"),
    ],
)
def test_a_list_made_from_another_raises_its_prices_and_rounds_them_to_a_step(
    price: str, percent: str, step: str, made: str
) -> None:
    """A list that rounds to 10 never makes what costs an öre free."""
    product = replace(ADVISORY, price={"SEK": Decimal(price)})
    adjust = Adjust(percent=Decimal(percent), round_to=Decimal(step))
    rate = rate_of(product, market(replace(PLUS, adjust=adjust)))
    exact = Decimal(made)
    assert rate.unit_price.quantize(exact) == exact if step == "0" else rate.unit_price == exact


def test_a_percentage_is_left_alone_by_a_list_that_raises_what_it_is_taken_of() -> None:
    support = Product(id="care", name="Care", model="percentage", percent=Decimal(18))
    rate = rate_of(support, market(PLUS))
    assert rate.unit_price == Decimal("0.18")


def test_a_list_of_a_list_is_raised_twice_and_keeps_bounds_and_fees() -> None:
    product = replace(ADVISORY, fixed={"SEK": Decimal(7)}, minimum={"SEK": Decimal(9)})
    twice = replace(PLUS, id="twice", base="plus", adjust=Adjust(percent=Decimal(100)))
    found = rate_of(product, market(twice, PLUS))
    assert [found.unit_price, found.fixed, found.minimum] == [2980, 7, 9]
    assert found.origin == "price list twice, +100 % on plus"


def test_cost_plus_is_cost_and_markup() -> None:
    """Cost 40 and a markup of 25 % are 50."""
    product = Product(
        id="plus", name="Plus", model="cost-plus", cost={"SEK": Decimal(40)}, markup=Decimal(25)
    )
    assert cost(rate_of(product, market()), Decimal(3)) == 150


@pytest.mark.parametrize(("cost_", "price"), [("517.43", "640.06"), ("0.0125", "0.0155")])
def test_a_marked_up_cost_is_a_price_that_can_be_written(cost_: str, price: str) -> None:
    """517.43 and 23.7 % is 640.06091: to the öre; a cost with more decimals keeps as many."""
    sensor = Product(
        id="sensor",
        name="Sensor",
        model="cost-plus",
        cost={"SEK": Decimal(cost_)},
        markup=Decimal("23.7"),
    )
    assert rate_of(sensor, market()).unit_price == Decimal(price)


def test_tiers_may_be_percentages() -> None:
    product = Product(
        id="fee",
        name="Fee",
        model="graduated-percentage",
        tiers=(
            Tier(up_to=Decimal(500), percent=Decimal(1)),
            Tier(percent=Decimal(2), flat={"SEK": Decimal(3)}),
        ),
    )
    rate = rate_of(product, market())
    assert isinstance(rate, Rate)
    assert cost(rate, Decimal(600)) == Decimal("10.00")  # 5 + 2 + 3


def ranked(**more: object) -> PriceList:
    said = {"id": "list", "currency": "SEK", "valid": Validity(day("2026-01-01"))}
    return PriceList(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def test_lists_rank_by_how_closely_they_name_the_customer_then_by_the_day_they_began() -> None:
    lists = (
        ranked(id="all", everyone=True),
        ranked(id="later", everyone=True, valid=Validity(day("2026-01-10"))),
        ranked(id="segment", segments=("retail",)),
        ranked(id="other-segment", segments=("public",)),
        ranked(id="by-id", customers=("fjord-foods",)),
        ranked(id="by-name"),
        ranked(id="euro", everyone=True, currency="EUR"),
        ranked(id="over", everyone=True, valid=Validity(day("2025-01-01"), day("2025-12-31"))),
    )
    who = replace(customer(), segment="retail", price_list="by-name")
    shelf = Shelf(Catalog({}), {one.id: one for one in lists}, ())
    found = offered(COMPANY, who, shelf, TODAY)
    assert [one.id for one in found.lists] == ["by-name", "by-id", "segment", "later", "all"]
