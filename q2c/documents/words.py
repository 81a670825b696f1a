"""The words of a contract: clauses from a template, filled with what was agreed."""

from decimal import Decimal
from typing import TypeAlias

from q2c.core.contract import Contract
from q2c.core.money import total
from q2c.core.party import Party
from q2c.core.period import Period
from q2c.core.quote import Line
from q2c.documents.language import (
    Language,
    address,
    country,
    language,
    long_day,
    money,
    number,
    unit,
)
from q2c.resources import resource

Value: TypeAlias = "str | int | bool | dict[str, Value] | list[Value]"
Values: TypeAlias = dict[str, Value]


def template(code: str) -> bytes:
    """Give the clauses that q2c brings with it in a language."""
    return resource("templates", "contracts", f"{code}.md").read_bytes()


def clauses(template_text: str, contract: Contract, name: str) -> str:
    """Fill a template with what was agreed; the result is Markdown.

    What people wrote is printed as it stands. Refuses a variable that is not there, and
    what a template may not do; `name` is the template's file.
    """
    from q2c.documents.sandbox import filled

    return filled(template_text, values(contract), name)


def values(contract: Contract) -> Values:
    """Give all that a template may print, by name; what is not known is an empty text."""
    lang = language(contract.language)
    return {
        "contract": _contract(lang, contract),
        "seller": _party(lang, contract.seller),
        "buyer": _party(lang, contract.buyer),
        "lines": [_line(lang, line) for line in contract.lines],
        "totals": _totals(lang, contract),
    }


def _contract(lang: Language, contract: Contract) -> Values:
    return {
        "number": contract.number,
        "version": contract.version,
        "title": contract.title,
        "agreed_on": long_day(lang, contract.agreed_on),
        "accepted_by": contract.accepted_by,
        **_days(lang, contract.term),
        "quote": contract.source,
        "order": contract.order,
        "po": contract.po,
        "due_days": contract.due_days,
        "currency": contract.currency,
        "note": contract.note,
    }


def _party(lang: Language, party: Party) -> Values:
    return {
        "name": party.name,
        "org_number": party.org_number,
        "vat_id": party.vat_id,
        "address": ", ".join(address(lang, party.address, party.address.country)),
        "city": party.address.city,
        "country": country(lang, party.address.country),
        "reference": party.reference,
        "email": party.email,
    }


def _line(lang: Language, line: Line) -> Values:
    """Give what a line is; `counted` says whether its quantity is agreed, and not made by use."""
    quantity = Decimal(1) if line.percent_of else line.quantity
    return {
        "id": line.id,
        "name": line.name,
        "text": line.text,
        "counted": bool(line.quantity) and line.percent_of is None,
        "quantity": number(lang, quantity),
        "unit": unit(lang, line.unit, quantity),
        "net": money(lang, line.net),
        "recurring": line.every is not None,
        "hourly": line.charge == "hourly",
        "goods": line.supply == "goods",
        "trial_starts": long_day(lang, line.trial.first) if line.trial else "",
        "trial_ends": long_day(lang, line.trial.last) if line.trial else "",
        **_days(lang, line.service),
    }


def _days(lang: Language, days: Period | None) -> Values:
    if days is None:
        return {"starts": "", "ends": ""}
    return {"starts": long_day(lang, days.first), "ends": long_day(lang, days.last)}


def _totals(lang: Language, contract: Contract) -> Values:
    vat = total((row.vat for row in contract.vat), contract.currency)
    return {
        "net": money(lang, contract.net),
        "vat": money(lang, vat),
        "total": money(lang, contract.net + vat),
    }
