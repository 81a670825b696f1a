"""Cases published by other billing systems: their figures, and the readings where they differ.

What is ours by default stands first; where another system reads it otherwise, the named policy or
the way of writing that gives its figure stands beside it.
"""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.catalog import Band, Catalog, Policy, Product, Schedule
from q2c.core.money import Money
from q2c.core.pricing import Rate, RateTier, cost, fall
from q2c.core.quote import Discount, DraftLine, Priced, Shelf, offered, priced
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, flat_rate, tiers

Rows = tuple[RateTier, ...]
LAGO = tiers(("10", "10", "2"), ("20", "5", "3"), (None, "5", "3"))
LAGO_FINE = tiers(("0.1", "10", "0"), ("1", "5", "0"), (None, "2", "0"))
LAGO_VOLUME = tiers(("100", "2", "10"), ("200", "1", "0"), (None, "0.5", "50"))
LAGO_CALLS = tiers(
    ("10000", "0.0010", "10"), ("50000", "0.0008", "10"), ("100000", "0.0006", "10"),
    (None, "0.0004", "10"),
)  # fmt: skip
LAGO_SHARES = tiers(("10", "0.01", "200"), ("20", "0.02", "300"), (None, "0.03", "400"))
STRIPE = tiers(("5", "7", "0"), ("10", "6.5", "0"), (None, "6", "0"))
METER = tiers(("5", "0", "100"), ("10", "0", "50"), ("15", "5", "0"), (None, "1", "0"))
METER_VOLUME = tiers(("5", "0", "100"), ("10", "0", "150"), ("15", "10", "0"), (None, "5", "0"))
ZUPLO = tiers(("1000", "0.10", "0"), ("10000", "0.05", "0"), (None, "0.01", "0"))
ORACLE = tiers(("250", "1", "0"), ("500", "2", "0"), (None, "3", "0"))
BOXES = tiers(("10", "0", "1"), (None, "0", "3"))
RECURLY = tiers(("100", "1", "0"), (None, "0.50", "0"))
ZUORA = tiers(("100", "0", "0"), ("200", "2", "0"), (None, "2", "0"))


def tiered(model: str, rows: Rows) -> Rate:
    return Rate(model=model, currency="USD", tiers=rows)  # type: ignore[arg-type]  # a model there is


def package(price: str, size: str, free: str = "0", **more: object) -> Rate:
    made = Rate(
        model="package",
        currency="USD",
        unit_price=Decimal(price),
        package_size=Decimal(size),
        free_units=Decimal(free),
    )
    return replace(made, **more)


@pytest.mark.parametrize(
    ("rate", "quantity", "amount"),
    [
        # Lago, tests of its charge models (lago-api, spec/services/charge_models)
        (tiered("graduated", LAGO), "1", "12"),
        (tiered("graduated", LAGO), "10", "102"),
        (tiered("graduated", LAGO), "11", "110"),
        (tiered("graduated", LAGO), "12", "115"),
        (tiered("graduated", LAGO), "21", "163"),
        (tiered("graduated", LAGO_FINE), "0.05", "0.5"),
        (tiered("graduated", LAGO_FINE), "0.5", "3"),
        (tiered("volume", LAGO_VOLUME), "1", "12"),
        (tiered("volume", LAGO_VOLUME), "100", "210"),
        (tiered("volume", LAGO_VOLUME), "100.5", "100.5"),
        (tiered("volume", LAGO_VOLUME), "101", "101"),
        (tiered("volume", LAGO_VOLUME), "200", "200"),
        (tiered("volume", LAGO_VOLUME), "210", "155"),
        (tiered("volume", LAGO_VOLUME), "300", "200"),
        (tiered("volume", LAGO_CALLS), "65000", "49"),
        (package("100", "10"), "121", "1300"),
        (package("100", "10", "10"), "121", "1200"),
        (package("100", "10", "200"), "121", "0"),
        (package("5", "100", "100"), "201", "10"),
        (tiered("graduated-percentage", LAGO_SHARES), "0", "0"),
        (tiered("graduated-percentage", LAGO_SHARES), "1", "200.01"),
        (tiered("graduated-percentage", LAGO_SHARES), "10", "200.1"),
        (tiered("graduated-percentage", LAGO_SHARES), "11", "500.12"),
        (tiered("graduated-percentage", LAGO_SHARES), "12", "500.14"),
        (tiered("graduated-percentage", LAGO_SHARES), "21", "900.33"),
        # Stripe, documentation of tiered pricing
        (tiered("volume", STRIPE), "1", "7"),
        (tiered("volume", STRIPE), "5", "35"),
        (tiered("volume", STRIPE), "6", "39"),
        (tiered("volume", STRIPE), "20", "120"),
        (tiered("volume", STRIPE), "25", "150"),
        (tiered("graduated", STRIPE), "5", "35"),
        (tiered("graduated", STRIPE), "6", "41.5"),
        (tiered("graduated", STRIPE), "20", "127.5"),
        (tiered("graduated", STRIPE), "25", "157.5"),
        # OpenMeter, tests of its rating (billing/rating/service/rate)
        (tiered("graduated", METER), "22", "182"),
        (tiered("graduated", METER), "12", "160"),
        (replace(tiered("graduated", METER), maximum=Decimal(170)), "22", "170"),
        (replace(tiered("graduated", METER), minimum=Decimal(1000)), "2", "1000"),
        (tiered("volume", METER_VOLUME), "3", "100"),
        (tiered("volume", METER_VOLUME), "5", "100"),
        (tiered("volume", METER_VOLUME), "14", "140"),
        (tiered("volume", METER_VOLUME), "15", "150"),
        (tiered("volume", METER_VOLUME), "16", "80"),
        (tiered("volume", METER_VOLUME), "100", "500"),
        (replace(tiered("volume", METER_VOLUME), minimum=Decimal(150)), "5", "150"),
        (package("15", "10"), "0", "0"),
        (package("15", "10"), "9", "15"),
        (package("15", "10"), "10", "15"),
        (package("15", "10"), "11", "30"),
        (replace(package("15", "10"), maximum=Decimal(100)), "110", "100"),
        # Chargebee and Salesforce CPQ, documentation of packages and of block prices
        (package("1.25", "1000000"), "10", "1.25"),
        (package("1.25", "1000000"), "1000000", "1.25"),
        (package("1.25", "1000000"), "1500000", "2.50"),
        (tiered("block", BOXES), "7", "1"),
        (tiered("block", BOXES), "10", "1"),
        (tiered("block", BOXES), "11", "3"),
        (tiered("block", tiers(("50", "0", "100"), (None, "1", "100"))), "51", "101"),
        # Recurly, Zuora, Zuplo, Oracle and Autumn, documentation of tiers
        (tiered("graduated", RECURLY), "150", "125"),
        (tiered("graduated", ZUORA), "130", "60"),
        (tiered("graduated", ZUPLO), "15000", "600"),
        (tiered("volume", ZUPLO), "15000", "150"),
        (tiered("graduated", ORACLE), "1000", "2250"),
        (tiered("volume", ORACLE), "1000", "3000"),
    ],
)
def test_a_published_case_comes_to_its_published_figure(
    rate: Rate, quantity: str, amount: str
) -> None:
    assert cost(rate, Decimal(quantity)) == Decimal(amount)


@pytest.mark.parametrize(
    ("rate", "with_fees"),
    [
        (tiered("graduated", LAGO), "2"),
        (tiered("volume", LAGO_VOLUME), "10"),
        (tiered("volume", METER_VOLUME), "100"),
        (replace(package("15", "10"), minimum=Decimal(100)), "100"),
        (replace(package("1.25", "1000000"), minimum=Decimal("1.25")), "1.25"),
        (Rate(model="flat", currency="USD", unit_price=Decimal(99)), "99"),
    ],
)
def test_nothing_used_costs_nothing_or_what_comes_without_a_unit(
    rate: Rate, with_fees: str
) -> None:
    """Lago's first tests, OpenMeter's packages: nothing. Lago today, OpenMeter, Zuora: the fees.

    Chargebee bills at least one package: a minimum of its price under the same policy.
    """
    assert cost(rate, Decimal(0)) == 0
    assert cost(replace(rate, fees_at_zero=True), Decimal(0)) == Decimal(with_fees)


def test_a_minimum_is_of_the_line_or_of_each_transaction_that_is_a_line() -> None:
    """Lago: 2.99 % of 10, 80 and 10 000 is 301.691 in all, and 16.142 with bounds for each."""
    rate = replace(flat_rate("0.0299", "USD"), model="percentage")
    bounded = replace(rate, minimum=Decimal("1.75"), maximum=Decimal(12))
    parts = [Decimal(10), Decimal(80), Decimal(10_000)]
    assert cost(rate, sum(parts, Decimal(0))) == Decimal("301.691")
    assert cost(bounded, sum(parts, Decimal(0))) == 12
    assert sum(cost(bounded, part) for part in parts) == Decimal("16.142")


def test_an_amount_that_is_free_is_a_first_tier_of_0_per_cent() -> None:
    """Lago: 1.3 % of what is above 250 of 800, and 2 for each of two paid events, is 11.15."""
    rows = tiers(("250", "0", "0"), (None, "0.013", "0"))
    rate = replace(tiered("graduated-percentage", rows), fixed=Decimal(4))
    assert cost(rate, Decimal(800)) == Decimal("11.15")


def test_free_units_come_off_before_packages_are_counted() -> None:
    """201 units, 100 free, 5 per 100: two packages, and not three less one."""
    assert cost(package("5", "100", "100"), Decimal("200.5")) == 10
    assert cost(package("5", "100", "50"), Decimal(201)) == 10


def test_a_flat_price_of_each_tier_is_graduated_with_fees_and_the_last_one_is_a_block() -> None:
    """Oracle: slabs of 10, 20 and 30 are 60 for 1 000 counts, or 30 by the slab that is reached."""
    rows = tiers(("250", "0", "10"), ("500", "0", "20"), (None, "0", "30"))
    assert cost(tiered("graduated", rows), Decimal(1000)) == 60
    assert cost(tiered("block", rows), Decimal(1000)) == 30


def quoted(
    lines: Sequence[tuple[str, str]],
    *discounts: Discount,
    policy: Policy | None = None,
    line: tuple[Discount, ...] = (),
    schedules: tuple[Schedule, ...] = (),
) -> Priced:
    """Price lines of (quantity, unit price), discounts on the first and on the whole, in kronor."""
    products = {
        f"p{n}": Product(id=f"p{n}", name="P", price={"SEK": Decimal(price)})
        for n, (_, price) in enumerate(lines)
    }
    catalog = Catalog(products, policy=policy or Policy(), schedules=schedules)
    offer = offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)
    drafted = [
        DraftLine(product=f"p{n}", quantity=Decimal(quantity), discounts=() if n else line)
        for n, (quantity, _) in enumerate(lines)
    ]
    return priced("Q-1", draft(*drafted, discounts=discounts), offer)


def percent(figure: str) -> Discount:
    return Discount(percent=Decimal(figure))


def off(figure: str) -> Discount:
    return Discount(amount=Decimal(figure))


@pytest.mark.parametrize(
    ("policy", "net"),
    [
        (Policy(), "59.85"),
        (Policy(order="percentages-first"), "58.00"),
    ],
)
def test_a_hundred_less_five_ten_and_thirty_as_shops_quarrel_over_it(
    policy: Policy, net: str
) -> None:
    """nopCommerce#22, cubecart#1997, Magento: (price − 5) × 90 % × 70 %, or percentages first."""
    found = quoted([("1", "100")], policy=policy, line=(percent("10"), off("5"), percent("30")))
    assert found.net.amount == Decimal(net)


@pytest.mark.parametrize(
    ("policy", "net"),
    [(Policy(), "72.68"), (Policy(percentages="sum"), "70.00")],
)
def test_percentages_compound_or_are_stacked(policy: Policy, net: str) -> None:
    """Zuora: 5, 10 and 15 % off 100 are 72.675 one after another, and 70 when they are stacked."""
    found = quoted([("1", "100")], policy=policy, line=(percent("5"), percent("10"), percent("15")))
    assert found.net.amount == Decimal(net)


CART = [("1", "100"), ("1", "50"), ("1", "200")]


def test_a_discount_on_a_line_comes_before_that_on_the_whole() -> None:
    """Shopify: trousers 100 less 20, shirts 50, boots 200, then 10 % off the order: 297."""
    assert quoted(CART, percent("10"), line=(off("20"),)).net == Money(297_00, "SEK")


@pytest.mark.parametrize(
    ("policy", "discounts", "net"),
    [
        (Policy(), ("10", "15"), "267.75"),
        (Policy(percentages="sum"), ("10", "15"), "262.50"),
    ],
)
def test_percentages_on_the_whole_compound_or_are_of_the_first_subtotal(
    policy: Policy, discounts: Sequence[str], net: str
) -> None:
    """Shopify: 10 % and 15 % off an order of 350 are each of 350, so that 262.50 is left."""
    found = quoted(CART, *(percent(one) for one in discounts), policy=policy)
    assert found.net.amount == Decimal(net)


@pytest.mark.parametrize(
    ("policy", "net"), [(Policy(), "297.00"), (Policy(order="percentages-first"), "295.00")]
)
def test_an_amount_on_the_whole_comes_before_a_percentage_or_after_it(
    policy: Policy, net: str
) -> None:
    """Shopify takes 10 % off 350 and then 20; Dynamics Retail the amount first, as we do."""
    assert quoted(CART, percent("10"), off("20"), policy=policy).net.amount == Decimal(net)


@pytest.mark.parametrize(
    ("lines", "discount", "net"),
    [
        ([("16", "348.35")], "4", "5350.66"),  # Odoo#37896
        ([("4", "2.8207"), ("5", "2.8207")], "100", "0.00"),  # Odoo#248889
        ([("3", "3.460"), ("1", "25.000"), ("6", "4.713"), ("6", "4.501")], "0", "90.67"),  # OCA
        ([("3000", "0.3333")], "0", "999.90"),
        ([("160", "1363"), ("84", "429")], "3", "246492.52"),  # Odoo#13386
    ],
)
def test_a_discount_never_leaks_by_rounding(
    lines: Sequence[tuple[str, str]], discount: str, net: str
) -> None:
    """Lines are rounded once, and what comes off the whole is split to the last öre."""
    found = quoted(lines, percent(discount))
    assert found.net.amount == Decimal(net)
    assert all(line.net.minor >= 0 for line in found.lines)


def test_vat_is_of_the_sum_of_a_rate_and_not_of_each_line() -> None:
    """Odoo#36675 with our 25 %: 55.55 and 11.11 are 16.67, by the line 13.89 and 2.78 as well."""
    found = quoted([("1", "55.55"), ("1", "11.11"), ("1", "0.01"), ("1", "0.01")])
    assert (found.net.amount, found.tax.amount) == (Decimal("66.68"), Decimal("16.67"))


FABRIC = (Band(percent=Decimal(10)), Band(least=Decimal(10), percent=Decimal(20)),
          Band(least=Decimal(20), percent=Decimal(30)))  # fmt: skip


@pytest.mark.parametrize(
    ("apply", "starts", "net"),
    [
        ("whole", ("0", "10", "20"), "210.00"),  # all 30 units at 30 %
        ("slices", ("0", "10", "20"), "240.00"),  # 10 at 10 %, 10 at 20 %, 10 at 30 %
        ("slices", ("0", "9", "19"), "238.00"),  # 9 at 10 %, 10 at 20 %, 11 at 30 %
    ],
)
def test_a_schedule_is_a_range_or_a_slab(apply: str, starts: Sequence[str], net: str) -> None:
    """Salesforce CPQ: 30 units under 10, 20 and 30 %; its slabs count units 1 to 9 as the first.

    Ours begin above their `from`, as fractions need it: `from: 9` is then the tenth unit.
    """
    bands = tuple(
        replace(band, least=Decimal(start)) for band, start in zip(FABRIC, starts, strict=True)
    )
    schedule = Schedule(id="bulk", apply=apply, bands=bands)  # type: ignore[arg-type]  # as named
    assert quoted([("30", "10")], schedules=(schedule,)).net.amount == Decimal(net)


def test_a_price_below_a_minor_unit_is_rounded_once_at_the_end() -> None:
    """Stripe's and Lago's prices have up to twelve decimals: 4 × 2.9 % is 0.116, and 0.12 owed."""
    found = fall(replace(flat_rate("0.029", "USD"), model="percentage"), Decimal(4))
    assert (found.amount, found.net) == (Decimal("0.116"), Money(12, "USD"))
