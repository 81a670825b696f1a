"""Holding terms against the rules of a format; the parties alone before there is an invoice."""

from collections.abc import Iterator
from typing import Final

from q2c.core.einvoice.formats import PEPPOL, XRECHNUNG, Form
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.parties import buyer_terms, delivered_to, seller_terms
from q2c.core.einvoice.payment import accounts_of, means_of
from q2c.core.einvoice.rules import european, german, peppol, sums, swedish
from q2c.core.einvoice.rules.rule import Rule
from q2c.core.einvoice.saying import said
from q2c.core.fault import Fault
from q2c.core.party import Company, Customer, buyer_of, seller_of

_EUROPEAN: Final = (*european.RULES, *sums.RULES)


def rules_of(form: Form) -> tuple[Rule, ...]:
    """Give the rules of a format that an invoice of q2c can break."""
    if form in PEPPOL:
        return (*_EUROPEAN, *peppol.RULES, *swedish.RULES, *german.IN_PEPPOL)
    if form in XRECHNUNG:
        return (*_EUROPEAN, *peppol.ADDRESSES, *peppol.LINES, *german.RULES)
    return _EUROPEAN


def faults_of(terms: Group, form: Form) -> Iterator[Fault]:
    """Say what of an e-invoice its receiver would refuse, each with the id of its rule."""
    for rule in rules_of(form):
        yield from rule.faults(terms)


def lacking(company: Company, customer: Customer, form: Form) -> Iterator[Fault]:
    """Say what the files of the parties lack for a format, before there is any invoice.

    Each at its place in the file that can mend it.
    """
    terms = _parties(company, customer, form)
    for rule in rules_of(form):
        if rule.about != "invoice":
            record = company if rule.about == "company" else customer
            for fault in rule.faults(terms):
                yield record.fault(fault.code, fault.message, rule.field, fault.remedy)


def _parties(company: Company, customer: Customer, form: Form) -> Group:
    """State what every invoice to a customer would say of the two."""
    seller, buyer = seller_of(company), buyer_of(customer, invoice=True)
    currency = customer.currency or company.currency
    accounts = accounts_of(seller, buyer, currency)
    at_home = buyer.address.country == seller.address.country
    return said(
        {
            **seller_terms(seller, form, company.language),
            **buyer_terms(buyer, form),
            **(delivered_to(buyer) if buyer.delivery else {}),
            "BT-13": "asked for" if customer.require_po else "",
            "BT-81": means_of(accounts, currency),
            "BG-17": accounts,
            "BG-23": ({"BT-118": "S"},) if at_home else (),
        }
    )
