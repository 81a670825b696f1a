"""Which VAT is owed on what, from when, and why.

The categories are those of EN 16931 (UNTDID 5305). q2c decides for a seller who is
established in one country and sells from there.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from q2c.core.catalog import VatClass
from q2c.core.fault import Fault, Held, Invalid
from q2c.core.party import CountryCode, LanguageCode, LongText, Party, spoken
from q2c.core.tax import reasons
from q2c.core.trace import Sourced, Step

Category = Literal["S", "AE", "K", "G", "E"]
Supply = Literal["service", "goods"]
# Member states of the European Union by the code their addresses use (Greece is EL in VAT numbers).
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)


class VatRate(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A rate in per cent that a country has for a class of supplies, between two days."""

    country: CountryCode
    vat: VatClass
    rate: Decimal
    valid_from: date
    valid_to: date | None = None
    law: str

    def holds(self, country: str, vat: str, day: date) -> bool:
        """Say whether it is the rate of that class in that country on that day."""
        ends = self.valid_to is None or day <= self.valid_to
        return (self.country, self.vat) == (country, vat) and self.valid_from <= day and ends


class VatRates(Struct, frozen=True, forbid_unknown_fields=True):
    """What `rates/vat.yaml` holds."""

    rates: tuple[VatRate, ...]


def vat_faults(rates: Sequence[VatRate]) -> Iterator[Fault]:
    """Say which rates cannot be, and where two hold for the same class on the same day."""
    for row in rates:
        if not 0 <= row.rate < 100:  # noqa: PLR2004 - per cent
            message = "A VAT rate is from 0 to below 100 per cent."
            yield row.fault("bad-rate", message, "rate", "Write 25 for 25 %.")
        if row.valid_to and row.valid_to < row.valid_from:
            message, remedy = "The last day is before the first.", "Put it on or after valid_from."
            yield row.fault("bad-period", message, "valid_to", remedy)
    same = attrgetter("country", "vat")
    for (country, vat), rows in groupby(sorted(rates, key=_by_class), same):
        for earlier, later in pairwise(rows):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                message = f"{country} has two {vat} rates on {later.valid_from}."
                remedy = "Give the earlier row a valid_to, the day before the later begins."
                yield later.fault("rates-overlap", message, "valid_from", remedy)


def _by_class(rate: VatRate) -> tuple[str, str, date]:
    return rate.country, rate.vat, rate.valid_from


class Treatment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a line is taxed: category, rate in per cent, and the reason where none is charged.

    `code` is from the VATEX list of EN 16931; `reason` is what the document says.
    """

    category: Category
    rate: Decimal = Decimal(0)
    code: str = ""
    reason: str = ""
    steps: tuple[Step, ...] = ()


# The reason why no VAT is charged, by case: its category, its VATEX code, what documents say.
REASONS: dict[str, tuple[Category, str, dict[LanguageCode, str]]] = {
    "reverse-charge": ("AE", "VATEX-EU-AE", reasons.REVERSE_CHARGE),
    "intra-community": ("K", "VATEX-EU-IC", reasons.INTRA_COMMUNITY),
    "export-goods": ("G", "VATEX-EU-G", reasons.EXPORT_GOODS),
    "export-service": ("G", "VATEX-EU-G", reasons.EXPORT_SERVICE),
}


class Supplied(Struct, frozen=True, kw_only=True):
    """What is taxed: its VAT class and kind, on the day it is supplied."""

    vat: VatClass
    supply: Supply
    day: date
    exemption: LongText = ""


def treatment(
    seller: Party, buyer: Party, what: Supplied, rates: Sequence[VatRate], language: str
) -> Treatment:
    """Decide the VAT of a supply, with the steps that led there.

    At home, and to consumers, the seller's rate on the day of supply; what is exempt stays
    exempt. To a business elsewhere in the EU the buyer accounts for the tax (Directive
    2006/112/EC art. 44 and 196 for services, 138 for goods), for which the buyer's VAT
    number of another member state is needed: without it the supply is held, never taxed in
    silence. Goods that leave the EU (art. 146), and services to businesses outside it
    (art. 44), are not taxed here.
    """
    home, there = seller.address.country, buyer.address.country
    if what.vat == "exempt":
        reason = spoken(what.exemption, language)
        return Treatment(category="E", reason=reason, steps=(_step(f"exempt: {reason}"),))
    if there == home:
        return _taxed(home, what, rates, f"supply within {home}")
    if there not in EU and (what.supply == "goods" or buyer.kind != "consumer"):
        return _untaxed(f"export-{what.supply}", language, f"buyer in {there}, outside the EU")
    if buyer.kind == "consumer":
        return _taxed(home, what, rates, f"consumer in {there}, taxed in {home}")
    if not _registered_abroad(buyer.vat_id, home):
        raise Held(_needs_vat_id(buyer))
    case = "reverse-charge" if what.supply == "service" else "intra-community"
    return _untaxed(case, language, f"business in {there} with VAT number {buyer.vat_id}")


def _registered_abroad(vat_id: str, home: str) -> bool:
    """Say whether a VAT number is of a member state other than the seller's (art. 138, 214)."""
    country = "GR" if vat_id.startswith("EL") else vat_id[:2]
    return country in EU and country != home


def _needs_vat_id(buyer: Party) -> Fault:
    what = "no VAT number of another member state" if buyer.vat_id else "no VAT number"
    return Fault(
        "vat-id-needed",
        f"{buyer.name} is a business in {buyer.address.country} and has {what}, "
        "so it cannot be invoiced without VAT, and must not be invoiced with it in silence.",
        remedy=f"Add vat_id to customers/{buyer.id}.yaml, or kind: consumer if that is so.",
    )


def _taxed(country: str, what: Supplied, rates: Sequence[VatRate], why: str) -> Treatment:
    row = next((row for row in rates if row.holds(country, what.vat, what.day)), None)
    if row is None:
        message = f"There is no {what.vat} VAT rate for {country} on {what.day} in rates/vat.yaml."
        raise Invalid(Fault("no-vat-rate", message, remedy="Add a row with its law and first day."))
    rule = f"{why}: {what.vat} rate on {what.day} ({row.law})"
    step = Step(rule, row.source("rate"), Decimal(0), row.rate)
    return Treatment(category="S", rate=row.rate, steps=(step,))


def _untaxed(case: str, language: str, why: str) -> Treatment:
    category, code, texts = REASONS[case]
    reason = spoken(texts, language)
    steps = (_step(f"{why}: {texts['en']}"),)
    return Treatment(category=category, code=code, reason=reason, steps=steps)


def _step(rule: str) -> Step:
    return Step(rule, "", Decimal(0), Decimal(0))
