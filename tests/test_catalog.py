"""The catalogue: every mistake is named at its place."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.book import Book, book_faults, series_faults
from q2c.core.catalog import (
    Bundle,
    BundleItem,
    Catalog,
    CatalogFile,
    ListTier,
    PriceList,
    Product,
    Revenue,
    Scope,
    Tier,
    Validity,
    catalog_faults,
    climb,
    file_faults,
    list_faults,
    product_faults,
)
from q2c.core.fault import Fault, nearest
from q2c.core.party import OwnPrice, Series
from tests.values import (
    ADVISORY,
    COMPANY,
    LICENCE,
    SUPPORT,
    VAT_RATES,
    WORKSHOP,
    customer,
    day,
    published,
)

CARE = Product(id="care", name="Care", model="percentage", percent=Decimal(18), percent_of=Scope())
PRODUCTS = {product.id: product for product in (ADVISORY, SUPPORT, LICENCE, WORKSHOP, CARE)}
CATALOG = Catalog(PRODUCTS, {})
KRONA = {"SEK": Decimal(1)}
TWO_OPEN = (Tier(unit_price=KRONA), Tier(unit_price=KRONA))


def codes(faults: Iterable[Fault]) -> set[str]:
    return {fault.code for fault in faults}


def test_the_products_of_these_tests_are_without_fault() -> None:
    for product in PRODUCTS.values():
        assert codes(product_faults(product)) == set()


@pytest.mark.parametrize(
    ("product", "code"),
    [
        (replace(LICENCE, price=KRONA), "model-price"),
        (replace(WORKSHOP, tiers=LICENCE.tiers), "model-price"),
        (replace(LICENCE, tiers=TWO_OPEN), "tiers-order"),
        (replace(LICENCE, tiers=()), "tiers-order"),
        (replace(WORKSHOP, price={}), "no-price"),
        (replace(WORKSHOP, model="package"), "package-size"),
        (replace(WORKSHOP, model="package", package_size=Decimal(0)), "bad-quantity"),
        (replace(WORKSHOP, package_size=Decimal(5)), "model-price"),
        (replace(SUPPORT, every=None), "recurring-every"),
        (replace(WORKSHOP, every="month"), "recurring-every"),
        (replace(ADVISORY, bill="in-advance"), "bill-when"),
        (replace(WORKSHOP, revenue=Revenue(method="over-time")), "revenue-method"),
        (replace(SUPPORT, revenue=Revenue(method="output")), "revenue-method"),
        (replace(WORKSHOP, vat="exempt"), "vat-exemption"),
        (replace(WORKSHOP, vat_exemption="3 kap."), "vat-exemption"),
        (replace(WORKSHOP, price={"SEK": Decimal(-1)}), "bad-price"),
        (replace(WORKSHOP, price={"SEK": Decimal(10) ** 12}), "bad-price"),
        (replace(WORKSHOP, price={"SKE": Decimal(1)}), "no-such-currency"),
        (replace(LICENCE, tiers=(Tier(unit_price={"SEK": Decimal(-1)}),)), "bad-price"),
        (replace(LICENCE, tiers=(Tier(unit_price=KRONA, flat={"EUR": Decimal(1)}),)), "no-price"),
    ],
)
def test_a_product_that_cannot_be_is_told(product: Product, code: str) -> None:
    assert codes(product_faults(product)) == {code}


def test_what_is_not_said_of_a_product_follows_from_its_charge() -> None:
    assert (SUPPORT.billed, SUPPORT.recognised) == ("in-advance", "over-time")
    assert (ADVISORY.billed, ADVISORY.recognised) == ("on-delivery", "output")
    assert (LICENCE.billed, LICENCE.recognised) == ("on-order", "point-in-time")
    assert replace(ADVISORY, revenue=Revenue(method="point-in-time")).recognised == "point-in-time"


def test_a_tiered_product_is_priced_in_the_currencies_of_all_its_tiers() -> None:
    both = Tier(up_to=Decimal(1), unit_price={"SEK": Decimal(1), "EUR": Decimal(1)})
    assert replace(LICENCE, tiers=(both, Tier(unit_price=KRONA))).currencies() == {"SEK"}


def bundle(product: str = "workshop", quantity: str = "1", price: str = "SEK") -> Bundle:
    item = BundleItem(product=product, quantity=Decimal(quantity))
    return Bundle(id="start", name="Start", items=(item,), price={price: Decimal(1)})


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (bundle(product="workshops"), "unknown-product"),
        (bundle(quantity="0"), "bad-quantity"),
        (bundle(quantity="1000000000"), "bad-quantity"),
        (bundle(price="EUR"), "no-price"),
        (bundle(product="care"), "percent-of"),
        (replace(bundle(), price={}), "bundle-price"),
    ],
)
def test_a_bundle_that_cannot_be_is_told(start: Bundle, code: str) -> None:
    assert codes(catalog_faults(Catalog(PRODUCTS, {start.id: start}))) == {code}


def prices(**more: object) -> PriceList:
    said: dict[str, object] = {
        "id": "2026-sek",
        "currency": "SEK",
        "valid": Validity(day("2026-01-01"), day("2026-12-31")),
        "prices": {"advisory": Decimal(1400)},
    }
    return PriceList(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


BELOW = OwnPrice(product="advisory", price={"SEK": Decimal(-1)})
LOW = (ListTier(unit_price=Decimal(-1)),)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (prices(prices={"advise": Decimal(1)}), "unknown-product"),
        (prices(prices={"licence": Decimal(1)}), "model-price"),
        (prices(tiers={"advisory": (ListTier(unit_price=Decimal(1)),)}), "model-price"),
        (prices(prices={"advisory": Decimal(-1)}), "bad-price"),
        (prices(tiers={"licence": LOW}), "bad-price"),
        (prices(tiers={"licence": ()}), "tiers-order"),
        (prices(valid=Validity(day("2026-02-01"), day("2026-01-01"))), "bad-period"),
        (prices(currency="KRO"), "no-such-currency"),
    ],
)
def test_a_price_list_that_cannot_be_is_told(found: PriceList, code: str) -> None:
    assert codes(list_faults(found, CATALOG)) == {code}


def test_a_price_list_holds_on_both_its_ends() -> None:
    valid = prices().valid
    assert day("2026-01-01") in valid
    assert day("2026-12-31") in valid
    assert day("2027-01-01") not in valid
    assert day("2099-01-01") in Validity(day("2026-01-01"))


def book(**more: object) -> Book:
    said: dict[str, object] = {
        "company": COMPANY,
        "customers": {},
        "catalog": CATALOG,
        "lists": {},
        "vat_rates": VAT_RATES,
        "exchange_rates": (),
    }
    return Book(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def buying(**more: object) -> dict[str, object]:
    return {"fjord-foods": replace(customer(), **more)}


@pytest.mark.parametrize(
    ("whole", "code"),
    [
        (book(customers=buying(price_list="2025-sek")), "unknown-price-list"),
        (
            book(customers=buying(prices=(OwnPrice(product="advise", price=KRONA),))),
            "unknown-product",
        ),
        (book(customers=buying(currency="KRO")), "no-such-currency"),
        (book(customers=buying(prices=(BELOW,))), "bad-price"),
        (book(vat_rates=(replace(VAT_RATES[0], rate=Decimal(100)),)), "bad-rate"),
        (book(exchange_rates=(published("2026-01-02", "0"),)), "bad-rate"),
        (book(lists={"2026-sek": prices(tiers={"licence": ()})}), "tiers-order"),
    ],
)
def test_master_data_that_does_not_fit_together_is_told(whole: Book, code: str) -> None:
    assert codes(book_faults(whole)) == {code}


def test_an_id_is_either_a_product_or_a_bundle() -> None:
    double = CatalogFile(products=(SUPPORT,), bundles=(replace(bundle(), id="support"),))
    assert codes(file_faults({"catalog.yaml": double})) == {"double-id"}


def test_an_invoice_number_fits_into_a_payment_reference() -> None:
    """ISO 11649: 21 characters besides RF and its check digits."""
    assert codes(series_faults(COMPANY)) == set()
    long = Series(invoice="123456789{year}{n}")
    assert codes(series_faults(replace(COMPANY, series=long))) == {"bad-series"}


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    assert nearest("advisry", PRODUCTS) == "Did you mean 'advisory'?"
    assert nearest("xyz", PRODUCTS) == "There are: advisory, care, licence, support, workshop."
    assert nearest("xyz", ()) == ""


@given(st.lists(st.integers(1, 100), unique=True, max_size=6))
def test_bounds_climb_when_sorted_and_only_the_last_is_open(ends: list[int]) -> None:
    bounds = [Decimal(end) for end in ends]
    assert climb([*sorted(bounds), None])
    assert not climb(sorted(bounds))
    assert climb([*bounds, None]) is (bounds == sorted(bounds))
