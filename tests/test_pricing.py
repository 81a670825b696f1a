"""Charge models: hand-worked cases at every edge first, then what holds for every quantity."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import PERCENTAGES
from q2c.core.money import Money, total
from q2c.core.pricing import Rate, RateTier, cost, fall, headline, split, told
from tests.values import flat_rate, kr, tiers

STEPS = tiers(("1000", "0.01", "0"), ("10000", "0.008", "0"), (None, "0.005", "0"))
FEES = tiers(("10", "5", "0"), (None, "4", "100"))
BLOCKS = tiers(("10", "0", "100"), (None, "5", "250"))
PER_CENT = tiers(("1000", "0.01", "200"), (None, "0.02", "300"))
GRADUATED = Rate(model="graduated", currency="SEK", tiers=STEPS)
VOLUME = Rate(model="volume", currency="SEK", tiers=STEPS)
PACKAGE = Rate(model="package", currency="SEK", unit_price=Decimal(5), package_size=Decimal(100))
FREE = replace(PACKAGE, free_units=Decimal(100))
FLAT = Rate(model="flat", currency="SEK", unit_price=Decimal(99))
FIXED_FEES = Rate(model="graduated", currency="SEK", tiers=FEES)
WHOLE_FEES = Rate(model="volume", currency="SEK", tiers=FEES)
BLOCK = Rate(model="block", currency="SEK", tiers=BLOCKS)
SHARE = Rate(
    model="percentage",
    currency="SEK",
    unit_price=Decimal("0.013"),
    fixed=Decimal(2),
    minimum=Decimal(5),
    maximum=Decimal(12),
)
SHARES = Rate(model="graduated-percentage", currency="SEK", tiers=PER_CENT)
COST_PLUS = Rate(model="cost-plus", currency="SEK", unit_price=Decimal(40) * Decimal("1.25"))
HUGE = flat_rate("999999999999.999999999999")


@pytest.mark.parametrize(
    ("rate", "quantity", "amount"),
    [
        (GRADUATED, "15000", "107"),
        (GRADUATED, "0", "0"),
        (GRADUATED, "1", "0.01"),
        (GRADUATED, "1000", "10"),
        (GRADUATED, "1000.001", "10.000008"),
        (GRADUATED, "10000", "82"),
        (GRADUATED, "10000.001", "82.000005"),
        (VOLUME, "15000", "75"),
        (VOLUME, "1000", "10"),
        (VOLUME, "1000.001", "8.000008"),
        (VOLUME, "10000", "80"),
        (VOLUME, "10000.001", "50.000005"),
        (VOLUME, "0", "0"),
        (FIXED_FEES, "10", "50"),
        (FIXED_FEES, "10.5", "152"),
        (FIXED_FEES, "12", "158"),
        (WHOLE_FEES, "10", "50"),
        (WHOLE_FEES, "12", "148"),
        (PACKAGE, "0", "0"),
        (PACKAGE, "0.001", "5"),
        (PACKAGE, "200", "10"),
        (PACKAGE, "200.001", "15"),
        (FREE, "201", "10"),
        (FREE, "100", "0"),
        (FREE, "100.001", "5"),
        (FREE, "1", "0"),
        (FLAT, "0", "0"),
        (FLAT, "0.5", "99"),
        (FLAT, "1000000", "99"),
        (BLOCK, "0", "0"),
        (BLOCK, "1", "100"),
        (BLOCK, "10", "100"),
        (BLOCK, "10.001", "250.005"),
        (BLOCK, "12", "260"),
        (SHARE, "0", "0"),
        (SHARE, "1", "5"),
        (SHARE, "300", "5.9"),
        (SHARE, "800", "12"),
        (SHARES, "1000", "210"),
        (SHARES, "1001", "510.02"),
        (COST_PLUS, "3", "150"),
        (flat_rate("1234.335"), "1.5", "1851.5025"),
        (HUGE, "999999999", "999999998999999999999.999000000001"),
    ],
)
def test_a_quantity_costs_what_its_charge_model_says(
    rate: Rate, quantity: str, amount: str
) -> None:
    assert cost(rate, Decimal(quantity)) == Decimal(amount)


@pytest.mark.parametrize(
    ("rate", "amount"),
    [
        (FLAT, "99"),
        (Rate(model="graduated", currency="SEK", tiers=BLOCKS), "100"),
        (Rate(model="volume", currency="SEK", tiers=BLOCKS), "100"),
        (BLOCK, "100"),
        (SHARE, "5"),
        (SHARES, "200"),
        (PACKAGE, "0"),
        (replace(PACKAGE, minimum=Decimal(5)), "5"),
        (flat_rate("10"), "0"),
    ],
)
def test_a_quantity_of_nothing_costs_nothing_unless_the_policy_wants_the_fees(
    rate: Rate, amount: str
) -> None:
    """Fees are those that come without a unit: of the first tier, the fixed part, the minimum."""
    assert cost(rate, Decimal(0)) == 0
    assert cost(replace(rate, fees_at_zero=True), Decimal(0)) == Decimal(amount)


def test_minimum_and_maximum_bound_the_whole_of_a_line() -> None:
    bounded = replace(GRADUATED, minimum=Decimal(50), maximum=Decimal(100))
    assert [cost(bounded, Decimal(q)) for q in (1, 6000, 9000, 15000)] == [50, 50, 74, 100]


@pytest.mark.parametrize(
    ("currency", "price", "quantity", "net"),
    [
        ("SEK", "0.005", "1", 1),
        ("SEK", "0.004999999999", "1", 0),
        ("SEK", "33.335", "12", 40002),
        ("JPY", "0.5", "1", 1),
        ("JPY", "1234.5", "3", 3704),
        ("BHD", "0.0005", "1", 1),
        ("BHD", "1.2345", "3", 3704),
        ("BHD", "0.0004999", "1", 0),
    ],
)
def test_an_amount_is_rounded_once_half_away_from_zero_to_the_decimals_of_its_currency(
    currency: str, price: str, quantity: str, net: int
) -> None:
    assert fall(flat_rate(price, currency), Decimal(quantity)).net == Money(net, currency)


def test_a_recurring_price_is_rounded_once_over_all_its_periods() -> None:
    """33.335 a month is 400.02 a year, not 12 × 33.34 = 400.08."""
    assert fall(flat_rate("33.335"), Decimal(1), 12).net == kr("400.02")


@pytest.mark.parametrize(
    ("rate", "quantity", "words"),
    [
        (flat_rate("1450"), "12", "12 × 1450"),
        (FLAT, "3", "99 flat"),
        (FREE, "201", "2 started packages of 100 after 100 free × 5"),
        (FIXED_FEES, "12", "each tier at its own price: 10 × 5 + 2 × 4 + 100"),
        (WHOLE_FEES, "12", "all at the tier reached: 12 × 4 + 100"),
        (BLOCK, "12", "block 250 + 2 × 5"),
        (SHARE, "100", "1.3 % of 100 + 2 fixed, at least 5"),
        (SHARE, "1000", "1.3 % of 1000 + 2 fixed, at most 12"),
        (GRADUATED, "0", "nothing for a quantity of 0"),
    ],
)
def test_a_model_says_in_words_how_a_quantity_costs_what_it_does(
    rate: Rate, quantity: str, words: str
) -> None:
    assert told(rate, Decimal(quantity)) == words


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


SMALL = st.decimals(0, 10_000, places=4)
PRICES = st.one_of(SMALL, st.decimals(10**11, 10**12 - 1, places=12))
QUANTITIES = st.one_of(st.decimals(0, 100_000, places=3), st.decimals(10**8, 10**9 - 1, places=12))
PLAIN = ("per-unit", "flat", "package", "percentage", "cost-plus")
TIERED = ("graduated", "volume", "block", "graduated-percentage")


@st.composite
def tiered(draw: st.DrawFn, prices: st.SearchStrategy[Decimal] = SMALL) -> tuple[RateTier, ...]:
    ends = sorted(draw(st.sets(st.integers(1, 50_000), max_size=5)))
    bounds = [*map(Decimal, ends), None]
    return tuple(RateTier(end, draw(prices), draw(prices)) for end in bounds)


@st.composite
def rates(draw: st.DrawFn, models: tuple[str, ...] = PLAIN + TIERED) -> Rate:
    """Draw a rate of any charge model, bounded or not."""
    model = draw(st.sampled_from(models))
    bounds = sorted(draw(st.lists(SMALL, min_size=2, max_size=2)))
    said: dict[str, object] = {
        "model": model,
        "currency": "SEK",
        "fixed": draw(st.sampled_from([Decimal(0), Decimal("12.5")])),
        "minimum": bounds[0] if draw(st.booleans()) else None,
        "maximum": bounds[1] if draw(st.booleans()) else None,
        "fees_at_zero": draw(st.booleans()),
    }
    if model in TIERED:
        said["tiers"] = draw(tiered())
    else:
        said["unit_price"] = draw(SMALL if model in PERCENTAGES else PRICES)
    if model == "package":
        said["package_size"] = draw(st.decimals("0.1", 500, places=1))
        said["free_units"] = draw(st.decimals(0, 500, places=1))
    return Rate(**said)  # type: ignore[arg-type]  # the names are those of the fields


def exactly(rate: Rate, quantity: Fraction) -> Fraction:
    """Cost a quantity once more, in fractions and from the tier that is reached downwards."""
    if not quantity and not rate.fees_at_zero:
        return Fraction(0)
    price, amount = Fraction(rate.unit_price), Fraction(rate.fixed)
    ends = [tier.up_to for tier in rate.tiers]
    reached = sum(end is not None and quantity > Fraction(end) for end in ends)
    starts = [Fraction(0), *(Fraction(end) for end in ends if end is not None)]
    own = [(Fraction(tier.unit_price), Fraction(tier.flat)) for tier in rate.tiers]
    if rate.model in {"graduated", "graduated-percentage"}:
        for start, (each, fee) in reversed([*zip(starts, own, strict=True)][: reached + 1]):
            amount += (quantity - start) * each + fee
            quantity = start
    elif rate.model == "volume":
        amount += quantity * own[reached][0] + own[reached][1]
    elif rate.model == "block":
        amount += (quantity - starts[reached]) * own[reached][0] + own[reached][1]
    elif rate.model == "package":
        assert rate.package_size
        paid = max(quantity - Fraction(rate.free_units), Fraction(0))
        amount += price * -(-paid // Fraction(rate.package_size))
    else:
        amount += price * (1 if rate.model == "flat" else quantity)
    least = amount if rate.minimum is None else Fraction(rate.minimum)
    most = amount if rate.maximum is None else Fraction(rate.maximum)
    return least if amount < least else min(amount, most)


@given(rates(), QUANTITIES)
def test_a_cost_is_exact(rate: Rate, quantity: Decimal) -> None:
    assert Fraction(cost(rate, quantity)) == exactly(rate, Fraction(quantity))


@given(rates(("graduated", "graduated-percentage")), QUANTITIES, QUANTITIES)
def test_more_never_costs_less_under_graduated_tiers(
    rate: Rate, one: Decimal, other: Decimal
) -> None:
    less, more = (cost(rate, quantity) for quantity in sorted((one, other)))
    assert less <= more


@given(rates(PLAIN), QUANTITIES, QUANTITIES)
def test_more_never_costs_less_at_one_price(rate: Rate, one: Decimal, other: Decimal) -> None:
    less, more = (cost(rate, quantity) for quantity in sorted((one, other)))
    assert less <= more


@given(rates(), QUANTITIES, st.integers(1, 36))
def test_a_net_is_half_an_oere_from_its_exact_cost_at_most(
    rate: Rate, quantity: Decimal, times: int
) -> None:
    exact = exactly(rate, Fraction(quantity)) * times
    assert abs(Fraction(fall(rate, quantity, times).net.amount) - exact) <= Fraction(1, 200)


@given(rates(("per-unit", "percentage", "cost-plus", "flat", "package")), QUANTITIES)
def test_without_tiers_fees_and_bounds_the_list_price_is_the_price(
    rate: Rate, quantity: Decimal
) -> None:
    plain = replace(rate, fixed=Decimal(0), minimum=None, maximum=None)
    assert headline(plain, quantity) == cost(plain, quantity)


@given(st.integers(1, 1000), st.integers(0, 10**6))
def test_a_package_is_started_by_its_first_unit(size: int, quantity: int) -> None:
    rate = replace(PACKAGE, package_size=Decimal(size), unit_price=Decimal(1))
    packages = cost(rate, Decimal(quantity))
    assert packages * size >= quantity > (packages - 1) * size or quantity == packages == 0


@given(rates(), QUANTITIES)
def test_every_price_can_be_said_in_words(rate: Rate, quantity: Decimal) -> None:
    assert told(rate, quantity)
    assert all(step.rule for step in fall(rate, quantity).steps)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_a_split_bundle_loses_no_oere(minor: int, alone: list[int]) -> None:
    shares = split(Money(minor, "SEK"), [Money(one, "SEK") for one in alone])
    assert total(shares, "SEK") == Money(minor, "SEK")
