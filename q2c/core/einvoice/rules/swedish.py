"""Rules of Peppol BIS Billing 3.0 for sellers in Sweden (SE-R-001 to SE-R-013)."""

import re
from decimal import Decimal
from typing import Final

from q2c.core.einvoice.group import Group
from q2c.core.einvoice.parties import F_TAX
from q2c.core.einvoice.payment import BANKGIRO, PLUSGIRO
from q2c.core.einvoice.rules.rule import Breaks, Rule, amount, each_account, where
from q2c.core.einvoice.saying import groups, text
from q2c.core.identifier import luhn_valid

RATES: Final = frozenset(map(Decimal, (6, 12, 25)))
_VAT_ID: Final = "Write vat_id in company.yaml as SE559999123801: SE, the ten digits and 01."
_ORG: Final = "Write org_number in company.yaml as 559999-1238."
_BANK: Final = "Correct the account under bank in company.yaml."


def _at_home(found: Group) -> bool:
    return text(found, "BT-40") == "SE"


def _vat_id(form: str) -> Breaks:
    def wrong(found: Group) -> list[str]:
        number = text(found, "BT-31")
        return [number] if number.startswith("SE") and not re.fullmatch(form, number) else []

    return where(_at_home, wrong)


def _number(form: str) -> Breaks:
    def wrong(found: Group) -> list[str]:
        number = text(found, "BT-30")
        return [number] if number and not re.fullmatch(form, number) else []

    return where(_at_home, wrong)


def _check_digit(found: Group) -> list[str]:
    number = text(found, "BT-30")
    return [number] if number and not luhn_valid(number) else []


def _tax(found: Group) -> list[str]:
    told = text(found, "BT-32")
    return [told] if told and told != F_TAX else []


def _rates(found: Group) -> list[str]:
    rows = [row for row in groups(found, "BG-23") if text(row, "BT-118") == "S"]
    return [f"{amount(row, 'BT-119'):f}" for row in rows if amount(row, "BT-119") not in RATES]


def _digits(bank: str, form: str) -> Breaks:
    return where(
        _at_home,
        each_account(lambda name, number: name == bank and not re.fullmatch(form, number)),
    )


def _means(*codes: str) -> Breaks:
    return where(_at_home, lambda found: [c for c in (text(found, "BT-81"),) if c in codes])


def _company(id_: str, breaks: Breaks, say: str, remedy: str, field: str) -> Rule:
    return Rule(id=id_, breaks=breaks, say=say, remedy=remedy, about="company", field=field)


RULES: Final = (
    _company(
        "SE-R-001",
        _vat_id(r".{14}"),
        "The VAT number {what} has not 14 characters.",
        _VAT_ID,
        "vat_id",
    ),
    _company(
        "SE-R-002",
        _vat_id(r"SE[0-9]*"),
        "The VAT number {what} has more than digits after SE.",
        _VAT_ID,
        "vat_id",
    ),
    _company(
        "SE-R-003",
        _number(r"[0-9]*"),
        "The organisation number {what} has more than digits.",
        _ORG,
        "org_number",
    ),
    _company(
        "SE-R-004",
        _number(r".{10}"),
        "The organisation number {what} has not ten digits.",
        _ORG,
        "org_number",
    ),
    _company(
        "SE-R-005",
        where(_at_home, _tax),
        "A Swedish seller's tax registration says 'Godkänd för F-skatt', not '{what}'.",
        "Write f_tax: true into company.yaml.",
        "f_tax",
    ),
    Rule(
        id="SE-R-006",
        breaks=where(_at_home, _rates),
        say="Sweden has no VAT rate of {what} %.",
        remedy="Correct rates/vat.yaml: 25, 12 and 6 are the rates there are.",
    ),
    _company(
        "SE-R-007",
        _digits(PLUSGIRO, r"[0-9]*"),
        "The Plusgiro number {what} has more than digits.",
        _BANK,
        "bank.plusgiro",
    ),
    _company(
        "SE-R-008",
        _digits(BANKGIRO, r"[0-9]*"),
        "The Bankgiro number {what} has more than digits.",
        _BANK,
        "bank.bankgiro",
    ),
    _company(
        "SE-R-009",
        _digits(BANKGIRO, r".{7,8}"),
        "The Bankgiro number {what} has not 7 or 8 digits.",
        _BANK,
        "bank.bankgiro",
    ),
    _company(
        "SE-R-010",
        _digits(PLUSGIRO, r".{2,8}"),
        "The Plusgiro number {what} has not 2 to 8 digits.",
        _BANK,
        "bank.plusgiro",
    ),
    _company(
        "SE-R-011",
        _means("50", "56"),
        "Bankgiro and Plusgiro are told by code 30, not {what}.",
        _BANK,
        "bank",
    ),
    _company(
        "SE-R-012",
        where(lambda found: text(found, "BT-55") == "SE", _means("31")),
        "Between Swedish parties a transfer is code 30, not {what}.",
        _BANK,
        "bank",
    ),
    _company(
        "SE-R-013",
        where(_at_home, _check_digit),
        "The check digit of the organisation number {what} is wrong.",
        _ORG,
        "org_number",
    ),
)
