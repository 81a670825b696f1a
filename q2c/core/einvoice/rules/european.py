"""Rules of EN 16931 on parties and on why there is no VAT, as far as q2c can break them.

By their ids in the rules of CEN/TC 434 (EN 16931-1, chapter 6.4). What the form of an invoice
rules out, such as a line without a quantity, is left to the official rules in the tests.
"""

from collections.abc import Iterator
from typing import Final

from q2c.core.einvoice.codes import COUNTRIES, EAS
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.rules.rule import (
    ANEW,
    Breaks,
    Rule,
    lacks,
    taxed_as,
    where,
)
from q2c.core.einvoice.saying import groups, text


def _foreign_prefix(term: str) -> Breaks:
    def find(found: Group) -> Iterator[str]:
        number = text(found, term)
        if number and number[:2] not in COUNTRIES | {"EL"}:
            yield number

    return find


def _unknown_country(*terms: str) -> Breaks:
    return lambda found: [
        code for term in terms if (code := text(found, term)) and code not in COUNTRIES
    ]


def _unknown_scheme(*terms: str) -> Breaks:
    return lambda found: [
        scheme for term in terms if (scheme := text(found, term)) and scheme not in EAS
    ]


def _without_reason(category: str) -> Breaks:
    def silent(row: Group) -> bool:
        said = "BT-120" in row or "BT-121" in row
        return text(row, "BT-118") == category and not said

    return lambda found: [""] if any(map(silent, groups(found, "BG-23"))) else []


def _needs(categories: tuple[str, ...], *terms: str) -> Breaks:
    return where(taxed_as(*categories), lacks(*terms))


_VAT_ID: Final = "Write vat_id into company.yaml."
_BUYER: Final = "customers/{customer}.yaml"
PARTIES: Final = (
    Rule(
        id="BR-CO-26",
        breaks=lacks("BT-29", "BT-30", "BT-31"),
        say="The seller has neither an organisation number nor a VAT number.",
        remedy="Write org_number or vat_id into company.yaml.",
        about="company",
    ),
    Rule(
        id="BR-CO-09",
        breaks=_foreign_prefix("BT-31"),
        say="The VAT number {what} does not begin with the code of a country.",
        remedy="Write vat_id in company.yaml as SE559999123801.",
        about="company",
        field="vat_id",
    ),
    Rule(
        id="BR-CO-09",
        breaks=_foreign_prefix("BT-48"),
        say="The VAT number {what} does not begin with the code of a country.",
        remedy=f"Write vat_id in {_BUYER} as DE373433734.",
        about="customer",
        field="vat_id",
    ),
    Rule(
        id="BR-CL-14",
        breaks=_unknown_country("BT-40"),
        say="There is no country {what} (ISO 3166-1).",
        remedy="Write the country of the address in company.yaml as SE.",
        about="company",
        field="address.country",
    ),
    Rule(
        id="BR-CL-14",
        breaks=_unknown_country("BT-55", "BT-80"),
        say="There is no country {what} (ISO 3166-1).",
        remedy=f"Write the country of the address in {_BUYER} as DE.",
        about="customer",
        field="address.country",
    ),
    Rule(
        id="BR-CL-25",
        breaks=_unknown_scheme("BT-34-1"),
        say="There is no scheme {what} of electronic addresses (EAS).",
        remedy="Write electronic_address in company.yaml as 0007:5599991238.",
        about="company",
        field="electronic_address",
    ),
    Rule(
        id="BR-CL-25",
        breaks=_unknown_scheme("BT-49-1"),
        say="There is no scheme {what} of electronic addresses (EAS).",
        remedy=f"Write electronic_address in {_BUYER} as 0007:5599991238 or 0088:7300010000001.",
        about="customer",
        field="electronic_address",
    ),
    *(
        Rule(
            id=f"BR-{name}-02",
            breaks=_needs((category,), "BT-31", "BT-32"),
            say="The seller has no VAT number.",
            remedy=_VAT_ID,
            about="company",
        )
        for name, category in (("S", "S"), ("Z", "Z"), ("E", "E"))
    ),
)
VAT: Final = (
    Rule(
        id="BR-AE-02",
        breaks=_needs(("AE",), "BT-31", "BT-32"),
        say="The buyer owes the VAT, and the seller has no VAT number.",
        remedy=_VAT_ID,
        about="company",
    ),
    Rule(
        id="BR-AE-02",
        breaks=_needs(("AE",), "BT-47", "BT-48"),
        say="The buyer owes the VAT, and has no VAT number.",
        remedy=f"Write vat_id into {_BUYER}.",
        about="customer",
    ),
    Rule(
        id="BR-IC-02",
        breaks=_needs(("K",), "BT-31"),
        say="Goods go to another member state, and the seller has no VAT number.",
        remedy=_VAT_ID,
        about="company",
    ),
    Rule(
        id="BR-IC-02",
        breaks=_needs(("K",), "BT-48"),
        say="Goods go to another member state, and the buyer has no VAT number.",
        remedy=f"Write vat_id into {_BUYER}.",
        about="customer",
    ),
    Rule(
        id="BR-G-02",
        breaks=_needs(("G",), "BT-31"),
        say="What is supplied leaves the Union, and the seller has no VAT number.",
        remedy=_VAT_ID,
        about="company",
    ),
    Rule(
        id="BR-IC-11",
        breaks=_needs(("K",), "BT-72", "BT-73", "BT-74"),
        say="Goods go to another member state, and no day of delivery is said.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-IC-12",
        breaks=_needs(("K",), "BT-80"),
        say="Goods go to another member state, and it is not said to which.",
        remedy=ANEW,
    ),
    *(
        Rule(
            id=f"BR-{name}-10",
            breaks=_without_reason(category),
            say="No VAT is charged, and it is not said why.",
            remedy="Write vat_exemption into the product in the catalogue.",
        )
        for name, category in (("E", "E"), ("AE", "AE"), ("IC", "K"), ("G", "G"))
    ),
)
RULES: Final = (*PARTIES, *VAT)
