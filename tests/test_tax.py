"""VAT: who owes it, at which rate and why, and totals that add up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import VatClass
from q2c.core.fault import Held, Invalid
from q2c.core.money import Money, total
from q2c.core.party import Customer, buyer_of, seller_of
from q2c.core.tax import (
    Supplied,
    Supply,
    Treatment,
    VatRate,
    treatment,
    vat_faults,
    vat_totals,
)
from tests.values import COMPANY, FOOD_RATES, VAT_RATES, customer, day, kr

SELLER = seller_of(COMPANY)


def treated(
    buyer: Customer, supply: Supply = "service", vat: VatClass = "standard", on: str = "2026-01-15"
) -> Treatment:
    what = Supplied(vat=vat, supply=supply, day=day(on), exemption="3 kap. 4 § ML")
    rates = FOOD_RATES if vat == "reduced" else VAT_RATES
    return treatment(SELLER, buyer_of(buyer), what, rates, "en")


@pytest.mark.parametrize(
    ("buyer", "supply", "category", "rate", "code"),
    [
        (customer("SE"), "service", "S", 25, ""),
        (customer("FI", "FI20774740"), "service", "AE", 0, "VATEX-EU-AE"),
        (customer("FI", "FI20774740"), "goods", "K", 0, "VATEX-EU-IC"),
        (customer("DE", kind="consumer"), "service", "S", 25, ""),
        (customer("DE", kind="consumer"), "goods", "S", 25, ""),
        (customer("NO"), "service", "G", 0, "VATEX-EU-G"),
        (customer("NO"), "goods", "G", 0, "VATEX-EU-G"),
        (customer("GB", kind="consumer"), "goods", "G", 0, "VATEX-EU-G"),
        (customer("GB", kind="consumer"), "service", "S", 25, ""),
        (customer("SE", kind="public"), "service", "S", 25, ""),
    ],
)
def test_a_supply_is_taxed_by_who_buys_what_and_where(
    buyer: Customer, supply: Supply, category: str, rate: int, code: str
) -> None:
    """Directive 2006/112/EC art. 44, 45, 138, 146, 196; codes of EN 16931 (UNTDID 5305, VATEX)."""
    found = treated(buyer, supply)
    assert (str(found.category), int(found.rate), found.code) == (category, rate, code)


def test_a_business_elsewhere_in_the_union_needs_its_vat_number() -> None:
    """Never 25 % in silence, and never 0 % without the number (EN 16931 BR-AE-02)."""
    for supply in ("service", "goods"):
        with pytest.raises(Held, match="has no VAT number") as refused:
            treated(customer("FI"), supply)
        assert refused.value.faults[0].code == "vat-id-needed"


@pytest.mark.parametrize("number", ["SE556677889901", "NO974760673MVA"])
def test_a_vat_number_of_home_or_from_outside_the_union_moves_no_tax(number: str) -> None:
    """Directive 2006/112/EC art. 138: the buyer is registered in another member state."""
    with pytest.raises(Held, match="no VAT number of another member state"):
        treated(customer("FI", number))
    assert treated(customer("FI", "EL094259216")).category == "AE"  # Greece, by its own prefix


def test_what_is_exempt_says_why() -> None:
    found = treated(customer(), vat="exempt")
    assert (found.category, found.reason) == ("E", "3 kap. 4 § ML")
    assert found.rate == 0


@pytest.mark.parametrize(
    ("on", "rate"),
    [("2026-03-31", 12), ("2026-04-01", 6), ("2027-12-31", 6), ("2028-01-01", 12)],
)
def test_food_is_taxed_at_the_rate_of_the_day_it_is_supplied(on: str, rate: int) -> None:
    """Sweden, prop. 2025/26:55: 6 % from 1 April 2026 to the end of 2027."""
    assert treated(customer(), vat="reduced", on=on).rate == rate


TWICE = (*VAT_RATES, replace(VAT_RATES[0], rate=Decimal(26), valid_from=day("2026-07-01")))


@pytest.mark.parametrize(
    ("rates", "codes"),
    [
        (TWICE, ["rates-overlap"]),
        ((replace(VAT_RATES[0], rate=Decimal(100)),), ["bad-rate"]),
        ((replace(VAT_RATES[0], valid_to=day("1989-12-31")),), ["bad-period"]),
        ((*VAT_RATES, replace(VAT_RATES[0], country="FI")), []),
        (FOOD_RATES, []),  # each ends on the day before the next begins
    ],
)
def test_rates_that_cannot_be_are_told(rates: tuple[VatRate, ...], codes: list[str]) -> None:
    assert [fault.code for fault in vat_faults(rates)] == codes


@pytest.mark.parametrize(("vat", "rate"), [("standard", 25), ("low", 6)])
def test_sweden_has_its_rates(vat: VatClass, rate: int) -> None:
    assert treated(customer(), vat=vat).rate == rate


def test_a_day_without_a_rate_is_refused() -> None:
    with pytest.raises(Invalid, match="no standard VAT rate for SE on 1989") as refused:
        treated(customer(), on="1989-12-31")
    assert refused.value.faults[0].code == "no-vat-rate"


def test_a_treatment_says_how_it_came_about() -> None:
    (step,) = treated(customer()).steps
    assert step.rule == (
        "supply within SE: standard rate on 2026-01-15 (Mervärdesskattelagen (2023:200))"
    )
    assert (step.source, str(step.after)) == ("rates/vat.yaml:1", "25")


def test_a_reason_is_given_in_the_language_of_the_document() -> None:
    what = Supplied(vat="standard", supply="service", day=day("2026-01-15"))
    buyer = buyer_of(customer("FI", "FI20774740"))
    reason = treatment(SELLER, buyer, what, VAT_RATES, "sv").reason
    assert reason == "Omvänd betalningsskyldighet, artikel 196 direktiv 2006/112/EG"


def at(rate: str) -> Treatment:
    return Treatment(category="S", rate=Decimal(rate))


@pytest.mark.parametrize(
    ("nets", "rate", "vat"),
    [
        (("55.55", "11.11"), "23", "15.33"),
        (("5350.66",), "22", "1177.15"),
        (("36.00",), "5.5", "1.98"),
        (("1851.50",), "25", "462.88"),
        (("61600.00",), "25", "15400.00"),
        (("-0.02",), "25", "-0.01"),
    ],
    ids=["odoo/odoo#36675", "odoo/odoo#37896", "odoo/odoo#155833", "half", "five minutes", "minus"],
)
def test_vat_is_rounded_once_for_all_of_a_rate(nets: tuple[str, ...], rate: str, vat: str) -> None:
    """EN 16931 BR-CO-17: the tax of a category is its base times the rate, rounded."""
    (row,) = vat_totals([(at(rate), kr(net)) for net in nets], "SEK")
    assert row.vat == kr(vat)


def test_totals_are_told_apart_by_category_rate_and_reason() -> None:
    reverse = Treatment(category="AE", code="VATEX-EU-AE", reason="Reverse charge")
    lines = [(at("6"), kr("10")), (at("25"), kr("20")), (reverse, kr("30")), (at("25.0"), kr("5"))]
    rows = vat_totals(lines, "SEK")
    assert [(row.category, row.base, row.vat) for row in rows] == [
        ("S", kr("25"), kr("6.25")),
        ("S", kr("10"), kr("0.60")),
        ("AE", kr("30"), kr("0")),
    ]


LINES = st.lists(
    st.tuples(st.sampled_from(["25", "12", "6", "0"]), st.integers(-(10**9), 10**9)), max_size=50
)


@given(LINES)
def test_bases_add_up_to_the_lines_and_each_rate_is_there_once(
    lines: list[tuple[str, int]],
) -> None:
    rows = vat_totals([(at(rate), Money(minor, "SEK")) for rate, minor in lines], "SEK")
    assert total((row.base for row in rows), "SEK").minor == sum(minor for _, minor in lines)
    assert len(rows) == len({rate for rate, _ in lines})
    for row in rows:
        assert 200 * abs(row.vat.minor - row.base.minor * row.rate / 100) <= 100
