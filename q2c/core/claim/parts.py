"""What is paid in parts: deposits that a final invoice deducts, and days that parts are due on."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money, allocate, total
from q2c.core.tax import VatTotal

# Where an invoice stands in a schedule of payments: nowhere, before the delivery, after it.
Scheduled = Literal["", "deposit", "final"]
LINE = "deposit"  # where an order line's id would stand, in sources and postings


class Deducted(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A deposit as a final invoice deducts it: what is left of it, with the VAT that it has.

    In a foreign currency `home` is that VAT in the seller's own and `book` the net, each as it
    was booked.
    """

    number: str
    issued_on: date
    vat: tuple[VatTotal, ...]
    home: Money | None = None
    book: Money | None = None

    @property
    def net(self) -> Money:
        """What is deducted without VAT."""
        return total((row.base for row in self.vat), self.vat[0].base.currency)

    @property
    def tax(self) -> Money:
        """The VAT that is deducted."""
        return total((row.vat for row in self.vat), self.vat[0].base.currency)

    @property
    def total(self) -> Money:
        """What is deducted in all."""
        return self.net + self.tax


class DuePart(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So much of an invoice is to be paid by a day."""

    due_on: date
    amount: Money


def deducted(deposits: Iterable[Deducted], currency: str) -> Money:
    """Add up what deposits take off, with VAT."""
    return total((deposit.total for deposit in deposits), currency)


def left_of(vat: Sequence[VatTotal], deposits: Sequence[Deducted]) -> tuple[VatTotal, ...]:
    """Take deposits off VAT by category and rate: what a final invoice still taxes.

    Rows that differ only by the reason why there is no VAT share what is deducted.
    """
    if not deposits:
        return tuple(vat)
    found = list(vat)
    for kind in dict.fromkeys((row.category, row.rate) for row in vat):
        places = [n for n, row in enumerate(vat) if (row.category, row.rate) == kind]
        less = [row for one in deposits for row in one.vat if (row.category, row.rate) == kind]
        currency = vat[places[0]].base.currency
        weights = [vat[place].base.minor for place in places]
        weights = weights if any(weights) else [1] * len(places)
        bases = allocate(total((row.base for row in less), currency), weights)
        taxes = allocate(total((row.vat for row in less), currency), weights)
        for place, base, tax in zip(places, bases, taxes, strict=True):
            row = vat[place]
            found[place] = replace(row, base=row.base - base, vat=row.vat - tax)
    return tuple(found)


def alike(one: VatTotal, other: VatTotal) -> bool:
    """Say whether two rows are of one category and rate."""
    return (one.category, one.rate) == (other.category, other.rate)


def deposit_line(order: str) -> str:
    """Name what deposits of an order are on, as `O-2026-0001/1` names what a line is on."""
    return f"{order}/{LINE}"
