"""Whether numbers of organisations, accounts and VAT registrations can be right by their digits."""

import re
from collections.abc import Iterator
from string import Formatter

from q2c.core import identifier
from q2c.core.fault import Fault
from q2c.core.party import Company, Customer, compact
from q2c.core.tax import EU
from q2c.core.trace import Sourced

# What a payment link may have gaps for.
PAY_GAPS = ("number", "amount", "currency", "ocr", "rf", "customer")
_HTTPS = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?([/?#][!-~]*)?")
_LINK_EXAMPLE = 'Write one such as "https://pay.nordlys.example/{number}?amount={amount}".'


def company_number_faults(company: Company) -> Iterator[Fault]:
    """Say which numbers of the seller cannot be right."""
    yield from _organisation(company, company.org_number, company.address.country)
    yield from _vat(company, company.vat_id)
    bank = company.bank
    checks = (
        ("bad-bankgiro", "Bankgiro", bank.bankgiro, identifier.bankgiro, "991-2346"),
        ("bad-plusgiro", "Plusgiro", bank.plusgiro, identifier.plusgiro, "90 20 03-3"),
        ("bad-iban", "IBAN", bank.iban, identifier.iban, "SE45 5000 0000 0583 9825 7466"),
        ("bad-swish", "Swish", bank.swish, identifier.swish_payee, "123 456 78 90"),
    )
    for code, name, number, valid, example in checks:
        if number and not valid(number):
            message = f"'{number}' is no {name} number: its form or its check digit is wrong."
            remedy = f"One such is {example}."
            yield company.fault(code, message, f"bank.{name.lower()}", remedy)
    yield from _pay_link(company)


def _pay_link(company: Company) -> Iterator[Fault]:
    """Say why a payment link cannot be filled, or would lead nowhere safe."""
    link, path = company.bank.pay_link, "bank.pay_link"
    if not link:
        return
    if not _HTTPS.fullmatch(link):
        message = "A payment link begins with https:// and a host, and is ASCII without spaces."
        yield company.fault("bad-pay-link", message, path, _LINK_EXAMPLE)
        return
    try:
        parts = list(Formatter().parse(link))
    except ValueError:
        message = "A brace of the payment link is opened or closed alone."
        yield company.fault("bad-pay-link", message, path, "Write {{ or }} for a brace as such.")
        return
    for _, gap, form, conversion in parts:
        if gap is not None and (gap not in PAY_GAPS or form or conversion):
            remedy = f"It may have the gaps {', '.join(PAY_GAPS)}."
            message = f"A payment link has no gap '{gap}'."
            yield company.fault("bad-pay-link", message, path, remedy)


def customer_number_faults(customer: Customer) -> Iterator[Fault]:
    """Say which numbers of a customer cannot be right."""
    yield from _organisation(customer, customer.org_number, customer.address.country)
    yield from _vat(customer, customer.vat_id)


def _organisation(record: Sourced, number: str, country: str) -> Iterator[Fault]:
    if number and country == "SE" and not identifier.swedish_organisation(number):
        message = f"'{number}' is no organisation number: ten digits, the last a check digit."
        yield record.fault("bad-org-number", message, "org_number", "Write 556677-8899.")


def _vat(record: Sourced, number: str) -> Iterator[Fault]:
    if number and not vat_number(number):
        message = f"'{number}' is no VAT number: its form or its check digits are wrong."
        remedy = "Begin with the country, such as SE556677889901; ask the customer if in doubt."
        yield record.fault("bad-vat-id", message, "vat_id", remedy)


def vat_number(number: str) -> bool:
    """Say whether a VAT number can be right: by its country's rule, else by its form."""
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError
    from stdnum.util import get_cc_module

    plain = compact(number).upper()
    country = "GR" if plain[:2] == "EL" else plain[:2]
    if country in EU:
        return bool(vat.is_valid(plain))
    module = get_cc_module(country, "vat") if plain[:2].isalpha() else None
    if module is None:
        return plain[:2].isalpha() and plain.isalnum() and plain.isascii()
    try:
        module.validate(plain)
    except ValidationError:
        return False
    return True
