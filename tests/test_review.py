"""Review: doubts are told with their figures, and changes in terms of prices."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from q2c.core.catalog import (
    Adjust,
    Band,
    Catalog,
    Choice,
    Granted,
    Metered,
    OptionGroup,
    PriceList,
    Product,
    Revenue,
    Schedule,
    Scope,
    Tier,
    Validity,
    catalog_faults,
    list_faults,
)
from q2c.core.catalog.working import Prepaid, Rounding
from q2c.core.party import OwnPrice
from q2c.core.review import Finding, Wares, catalog_findings, changes, view
from tests.goods import wares
from tests.values import ADVISORY, customer, day

PREPAID = Product(
    id="prepaid",
    name="Prepaid hours",
    charge="hourly",
    model="volume",
    tiers=(
        Tier(up_to=Decimal(40), unit_price={"SEK": Decimal(1400)}),
        Tier(unit_price={"SEK": Decimal(1350)}),
    ),
)
FRAMEWORK = Schedule(
    id="framework",
    scope=Scope(products=("advisory",)),
    bands=(
        Band(least=Decimal(40), percent=Decimal(5)),
        Band(least=Decimal(80), percent=Decimal(8)),
    ),
)

SEK = {"SEK": Decimal(7)}
OPTIONS = (OptionGroup(id="o", name="O", choices=(Choice(product="p"),)),)
OTHERWISE: dict[str, Any] = {
    "name": "Advice",
    "description": "More.",
    "family": "advice",
    "attributes": {"a": "b"},
    "charge": "one-off",
    "meter": "calls",
    "unit": "d",
    "model": "flat",
    "price": SEK,
    "frequencies": {"year": SEK},
    "tiers": PREPAID.tiers,
    "package_size": Decimal(7),
    "free_units": Decimal(7),
    "rates": {"senior": {"SEK": Decimal(9)}},
    "rounding": Rounding(step=Decimal("0.5")),
    "prepaid": Prepaid(hours=Decimal(10)),
    "metered": Metered(every="quarter"),
    "grants": Granted(quantity=Decimal(100)),
    "percent": Decimal(7),
    "percent_of": Scope(families=("a",)),
    **dict.fromkeys(("fixed", "minimum", "maximum", "cost", "floor"), SEK),
    "markup": Decimal(7),
    "every": "year",
    "align": "calendar",
    "trial": "14 days",
    "free": "2 periods",
    "proration": "full",
    "bill": "on-order",
    "supply": "goods",
    "vat": "low",
    "vat_exemption": "3 kap.",
    "active": False,
    "revenue": Revenue(method="point-in-time"),
    "options": OPTIONS,
}


def shop(*products: Product, **more: Any) -> Wares:  # noqa: ANN401 - a test names its fields
    """Give a shop of products."""
    catalog = Catalog({one.id: one for one in products}, schedules=more.pop("schedules", ()))
    said: dict[str, Any] = {"lists": {}, "customers": {}, "home": "SEK", "day": day("2026-06-01")}
    return Wares(catalog=catalog, **{**said, **more})


def listed(id_: str, first: str, last: str = "", **prices: int) -> PriceList:
    """Give a list of prices for everyone."""
    return PriceList(
        id=id_,
        currency="SEK",
        valid=Validity(day(first), day(last) if last else None),
        everyone=True,
        prices={name: Decimal(price) for name, price in prices.items()},
    )


def told(found: Iterable[Finding]) -> dict[str, str]:
    return {one.fault.code: one.fault.message for one in found}


def test_a_volume_price_that_falls_is_told_with_both_quantities_and_totals() -> None:
    """40 × 1 400 is 56 000, 41 × 1 350 is 55 350."""
    message = told(catalog_findings(shop(PREPAID)))["total-falls"]
    assert message == "More costs less: 40 cost 56 000.00 SEK, 41 cost 55 350.00 SEK."


def test_a_total_that_only_parts_of_a_unit_would_lower_is_told_where_there_are_parts() -> None:
    """5 × 6 900 is 34 500; 6 × 6 200 is more, 5.1 × 6 200 less. Nobody buys a tenth of a seat."""
    tiers = (
        Tier(up_to=Decimal(5), unit_price={"SEK": Decimal(6900)}),
        Tier(unit_price={"SEK": Decimal(6200)}),
    )
    hours = replace(PREPAID, tiers=tiers)
    assert "5.1 cost 31 620.00 SEK" in told(catalog_findings(shop(hours)))["total-falls"]
    assert not told(catalog_findings(shop(replace(hours, charge="one-off"))))


def test_a_price_under_its_cost_after_the_deepest_band_is_told() -> None:
    """1 450 less 8 % is 1 334."""
    product = replace(ADVISORY, cost={"SEK": Decimal(1335)})
    message = told(catalog_findings(shop(product, schedules=(FRAMEWORK,))))["under-cost"]
    assert "comes to 1 334 SEK a unit, less the deepest discount of framework" in message
    cheap = replace(ADVISORY, cost={"SEK": Decimal(1334)})
    assert not told(catalog_findings(shop(cheap, schedules=(FRAMEWORK,))))


def test_a_price_under_its_cost_after_the_largest_amount_off_is_told() -> None:
    """1 450 less 200 a unit is 1 250, which is less than 8 % off leave."""
    off = replace(FRAMEWORK, bands=(Band(amount={"SEK": Decimal(200)}), *FRAMEWORK.bands[1:]))
    product = replace(ADVISORY, cost={"SEK": Decimal(1251)})
    message = told(catalog_findings(shop(product, schedules=(off,))))["under-cost"]
    assert "comes to 1 250 SEK a unit" in message


def test_a_band_that_takes_off_no_more_than_one_before_it_is_told() -> None:
    same = replace(
        FRAMEWORK, bands=(FRAMEWORK.bands[0], Band(least=Decimal(80), percent=Decimal(5)))
    )
    assert "band-hidden" in told(catalog_findings(shop(ADVISORY, schedules=(same,))))
    assert not told(catalog_findings(shop(ADVISORY, schedules=(FRAMEWORK,))))


@pytest.mark.parametrize(
    ("last", "severity"), [("2026-05-31", "error"), ("2026-12-31", "warning"), ("2029-12-31", "")]
)
def test_a_list_that_a_customer_names_is_told_when_it_ends_and_not_years_ahead(
    last: str, severity: str
) -> None:
    named = replace(listed("own", "2026-01-01", last, advisory=1400), everyone=False)
    buyer = replace(customer(), price_list="own")
    found = catalog_findings(shop(ADVISORY, lists={"own": named}, customers={buyer.id: buyer}))
    assert [(one.fault.code, one.severity) for one in found] == (
        [("list-ends", severity)] if severity else []
    )


def test_an_own_price_under_the_floor_is_told_at_the_customer() -> None:
    own = OwnPrice(product="advisory", price={"SEK": Decimal(1100)})
    buyer = replace(customer(), prices=(own,))
    product = replace(ADVISORY, floor={"SEK": Decimal(1150)})
    [found] = catalog_findings(shop(product, customers={buyer.id: buyer}))
    assert found.fault.code == "under-floor"
    assert "in 'fjord-foods' comes to 1 100 SEK a unit: under its floor of 1 150" in (
        found.fault.message
    )


@pytest.mark.parametrize(
    ("lists", "code", "severity"),
    [
        ([("a", "2026-01-01", "2026-12-31"), ("b", "2026-07-01", "")], "lists-overlap", "warning"),
        ([("a", "2026-01-01", ""), ("b", "2026-01-01", "")], "lists-overlap", "error"),
        ([("a", "2026-01-01", "2026-06-30"), ("b", "2026-08-01", "")], "list-gap", "warning"),
        ([("a", "2026-01-01", "2026-12-31")], "list-ends", "warning"),
        ([("a", "2026-01-01", "2026-12-31"), ("b", "2027-01-01", "")], "", ""),
        ([("a", "2025-01-01", "2025-12-31"), ("b", "2026-03-01", "")], "", ""),
    ],
)
def test_lists_of_the_same_reach_follow_each_other(
    lists: list[tuple[str, str, str]], code: str, severity: str
) -> None:
    made = {id_: listed(id_, first, last, advisory=1400) for id_, first, last in lists}
    found = [(one.fault.code, one.severity) for one in catalog_findings(shop(ADVISORY, lists=made))]
    assert found == ([(code, severity)] if code else [])


def test_a_price_that_the_next_list_leaves_out_is_told() -> None:
    lists = {
        "old": listed("old", "2026-01-01", "2026-12-31", advisory=1400, prepaid=1300),
        "new": listed("new", "2027-01-01", "", advisory=1450),
    }
    found = told(catalog_findings(shop(ADVISORY, PREPAID, lists=lists)))
    assert "has no price for prepaid" in found["list-drops"]
    lists["new"] = replace(lists["new"], base="old")
    assert "list-drops" not in told(catalog_findings(shop(ADVISORY, PREPAID, lists=lists)))


def test_a_change_of_a_price_is_told_in_money_and_per_cent() -> None:
    dearer = replace(ADVISORY, price={"SEK": Decimal(1500), "EUR": Decimal(130)})
    [change] = changes(view(shop(ADVISORY)), view(shop(dearer)))
    assert (change.what, change.before, change.after) == ("price SEK", Decimal(1450), Decimal(1500))
    assert (change.difference, change.percent) == (Decimal(50), Decimal("3.45"))


def test_a_product_with_another_id_and_nothing_else_is_renamed() -> None:
    named = replace(ADVISORY, id="advice")
    [change] = changes(view(shop(ADVISORY)), view(shop(named)))
    assert (change.how, change.before, change.after) == ("renamed", "advisory", "advice")


def test_what_holds_on_two_days_is_compared_by_whom_it_is_for() -> None:
    """1 400 this year, and next year the catalogue's 1 450 less 2 %: 1 421."""
    lists = {
        "old": listed("old", "2026-01-01", "2026-12-31", advisory=1400),
        "new": replace(
            listed("new", "2027-01-01"), base="catalog", adjust=Adjust(percent=Decimal(-2))
        ),
    }
    seen = shop(ADVISORY, lists=lists)
    [change] = changes(view(seen, day("2026-12-31")), view(seen, day("2027-01-01")))
    assert (change.kind, change.id, change.what) == ("list", "everyone in SEK", "advisory")
    assert (change.before, change.after, change.percent) == (
        Decimal(1400),
        Decimal(1421),
        Decimal("1.50"),
    )


def test_a_price_that_only_the_next_list_has_is_compared_with_what_held_before() -> None:
    """The catalogue's 1 450 this year, and next year 1 500 by a list."""
    lists = {
        "old": listed("old", "2026-01-01", "2026-12-31", prepaid=1300),
        "new": listed("new", "2027-01-01", advisory=1500, prepaid=1300),
    }
    seen = shop(ADVISORY, PREPAID, lists=lists)
    [change] = changes(view(seen, day("2026-12-31")), view(seen, day("2027-01-01")))
    assert (change.what, change.how) == ("advisory", "changed")
    assert (change.before, change.after) == (Decimal(1450), Decimal(1500))


@pytest.mark.parametrize("field", [field.name for field in fields(Product)])
def test_a_change_of_any_field_of_a_product_is_seen(field: str) -> None:
    other = OTHERWISE.get(field)
    if other is None:
        assert field in {"id", "file", "places"}
        return
    assert changes(view(shop(ADVISORY)), view(shop(replace(ADVISORY, **{field: other}))))


@given(wares())
def test_the_goods_of_these_laws_are_without_fault(goods: Wares) -> None:
    assert not list(catalog_faults(goods.catalog))
    assert not list(list_faults(goods.lists["list"], goods.catalog))
    list(catalog_findings(goods))


@given(wares(), st.randoms(use_true_random=False))
def test_the_order_of_the_files_is_no_change(goods: Wares, random: Any) -> None:  # noqa: ANN401
    assert changes(view(goods), view(shuffled(goods, random))) == []
    today = day("2026-06-01")
    assert changes(view(goods, today), view(shuffled(goods, random), today)) == []


def shuffled(goods: Wares, random: Any) -> Wares:  # noqa: ANN401 - hypothesis keeps the type private
    """Write the same in another order: products, tiers' currencies, names in scopes, parts."""

    def mixed(items: Iterable[Any]) -> list[Any]:
        found = list(items)
        random.shuffle(found)
        return found

    catalog = goods.catalog
    return replace(
        goods,
        catalog=replace(
            catalog,
            products={one.id: one for one in mixed(catalog.products.values())},
            bundles={
                id_: replace(one, items=tuple(mixed(one.items)))
                for id_, one in catalog.bundles.items()
            },
            rules=tuple(replace(one, require=tuple(mixed(one.require))) for one in catalog.rules),
            schedules=tuple(
                replace(one, scope=Scope(products=tuple(mixed(one.scope.products))))
                for one in catalog.schedules
            ),
        ),
        lists={
            id_: replace(one, prices=dict(mixed(one.prices.items())))
            for id_, one in goods.lists.items()
        },
    )
