"""The lines of an invoice in terms: BG-25 to BG-32.

A line is to be what its quantity times its price comes to, with what its allowances take off and
its charges add (PEPPOL-EN16931-R120). What q2c bills is not always of that kind: tiers, parts of
periods and prices with VAT have no price of a unit that does. Then the price is for all units at
once: so much for a base quantity (BT-149) of what is invoiced, which adds up exactly.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from msgspec import Struct

from q2c.core.einvoice.group import Group
from q2c.core.einvoice.phrases import phrase
from q2c.core.einvoice.saying import joined, said
from q2c.core.einvoice.units import ONE, is_named, unit_code
from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money, decimal
from q2c.core.tax import Treatment

HUNDRED: Final = Decimal(100)
# UNTDID 5189 and 7161: why something comes off, or is added.
DISCOUNT, AGREED_CHARGE = "95", "ZZZ"
# An average price has at most so many decimals; more say nothing to a reader.
_PLACES: Final = (2, 4)
_CENT: Final = Fraction(1, 100)


class Priced(Struct, frozen=True, kw_only=True):
    """A quantity at a price for so many units, which come to the amount before a discount."""

    quantity: Decimal
    price: Decimal
    base: Decimal | None = None


def line_terms(invoice: Invoice, line: InvoiceLine) -> Group:
    """State a line (BG-25) with its days, what comes off it, its price, its VAT and its item."""
    full = before_discount(line)
    priced = price_of(line, full)
    code = unit_code(line.unit) if line.quantity or not full.minor else ONE
    dated = invoice.scheduled != "deposit" or line.treatment.category == "K"
    days = line.service or line.supplied
    return said(
        {
            "BT-126": line.id,
            "BT-127": _of_section(invoice, line),
            "BT-128": line.source,
            "BT-129": priced.quantity,
            "BT-130": code,
            "BT-131": line.net.amount,
            "BT-133": _cost_centre(invoice, line),
            "BT-134": days.first if dated else None,
            "BT-135": days.last if dated else None,
            **_reduced(line, full, invoice.language),
            "BT-146": priced.price,
            "BT-149": priced.base,
            "BT-150": code if priced.base is not None else "",
            "BT-151": category_of(line.treatment),
            "BT-152": line.treatment.rate,
            "BT-153": line.name,
            "BT-154": line.text,
            "BT-155": line.product,
            "BG-32": tuple(_attributes(line, full, invoice.language)),
        }
    )


def category_of(treatment: Treatment) -> str:
    """Give the VAT category (UNTDID 5305); what is taxed at nothing is zero rated (BR-S-05)."""
    return "Z" if treatment.category == "S" and not treatment.rate else treatment.category


def before_discount(line: InvoiceLine) -> Money:
    """Give what a line comes to before its discount, without VAT."""
    if line.gross is None:
        return line.net
    if line.with_vat is None:
        return line.gross
    return line.gross.share(100 / (100 + Fraction(line.treatment.rate)))


def price_of(line: InvoiceLine, full: Money) -> Priced:
    """Find a price with which the quantity comes to an amount; it is never negative (BR-27).

    The price agreed if it does so but for a hundredth; a percentage of an amount for each hundred
    of it; an average that rounds to it; else the amount itself, for all units at once.
    """
    amount, sign = abs(full.amount), Decimal(1 if full.minor >= 0 else -1)
    if not line.quantity:
        unit = sign if amount else line.quantity
        return Priced(quantity=unit, price=amount or abs(_agreed(line) or amount))
    for priced in _tried(line):
        if abs(_comes_to(priced) - Fraction(full.amount)) <= _CENT:
            return _upright(priced)
    for priced in _averages(line.quantity, full):
        if abs(_comes_to(priced) - Fraction(full.amount)) <= _CENT / 2:
            return _upright(priced)
    return Priced(quantity=sign * abs(line.quantity), price=amount, base=abs(line.quantity))


def _tried(line: InvoiceLine) -> Iterator[Priced]:
    if line.percent is not None:
        yield Priced(quantity=line.quantity, price=line.percent, base=HUNDRED)
    elif (price := _agreed(line)) is not None:
        yield Priced(quantity=line.quantity, price=price)


def _averages(quantity: Decimal, full: Money) -> Iterator[Priced]:
    exact = Fraction(full.amount) / Fraction(quantity)
    for places in _PLACES:
        yield Priced(quantity=quantity, price=decimal(round(exact, places)))


def _agreed(line: InvoiceLine) -> Decimal | None:
    """Give the price that was agreed for a unit, if that is without VAT."""
    return line.unit_price if line.with_vat is None else None


def _comes_to(priced: Priced) -> Fraction:
    exact = Fraction(priced.quantity) * Fraction(priced.price)
    return exact / Fraction(priced.base) if priced.base else exact


def _upright(priced: Priced) -> Priced:
    """Let the quantity be negative where the price was."""
    if priced.price >= 0:
        return priced
    return Priced(quantity=-priced.quantity, price=-priced.price, base=priced.base)


def _reduced(line: InvoiceLine, full: Money, language: str) -> dict[str, tuple[Group, ...]]:
    """State what comes off a line (BG-27), or is added to it (BG-28), with how much of it it is."""
    off = (full - line.net).amount
    if not off:
        return {}
    share = _per_cent(abs(off), full.amount)
    base = full.amount if share is not None else None
    if off > 0:
        reason = phrase("discount", language)
        terms = ("BT-136", "BT-137", "BT-138", "BT-139", "BT-140")
        values = (off, base, share, reason, DISCOUNT)
        return {"BG-27": (said(dict(zip(terms, values, strict=True))),)}
    reason = phrase("surcharge", language)
    terms = ("BT-141", "BT-142", "BT-143", "BT-144", "BT-145")
    values = (-off, base, share, reason, AGREED_CHARGE)
    return {"BG-28": (said(dict(zip(terms, values, strict=True))),)}


def _per_cent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Say how many per cent a part is, where it is so many and not about so many."""
    if whole <= 0:
        return None
    share = round(part * HUNDRED / whole, 2)
    same = abs(Fraction(share) * Fraction(whole) / 100 - Fraction(part)) <= _CENT
    return share if share and same else None


def _attributes(line: InvoiceLine, full: Money, language: str) -> Iterator[Group]:
    """State what no code says: the word of the unit, and a quantity that no price is for."""
    if not is_named(line.unit):
        yield {"BT-160": phrase("unit", language), "BT-161": line.unit.strip()}
    if not line.quantity and full.minor:
        yield {"BT-160": phrase("quantity", language), "BT-161": "0"}


def _of_section(invoice: Invoice, line: InvoiceLine) -> str:
    """Say of which order a line is, where an invoice is of several."""
    order = line.source.partition("/")[0]
    section = next((one for one in invoice.sections if one.order == order), None)
    if section is None:
        return ""
    po = section.po if section.po != invoice.po else ""
    return joined((" · ".join(filter(None, (section.order, po))), section.title))


def _cost_centre(invoice: Invoice, line: InvoiceLine) -> str:
    order = line.source.partition("/")[0]
    section = next((one for one in invoice.sections if one.order == order), None)
    return section.cost_centre if section and section.cost_centre != invoice.cost_centre else ""
