"""What is paid in parts: deposits that a final invoice deducts, and days that parts are due on."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money, total
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
    """Take deposits off VAT by category and rate: what a final invoice still taxes."""
    return tuple(_less(row, deposits) for row in vat) if deposits else tuple(vat)


def _less(row: VatTotal, deposits: Sequence[Deducted]) -> VatTotal:
    same = [one for deposit in deposits for one in deposit.vat if alike(one, row)]
    currency = row.base.currency
    base = row.base - total((one.base for one in same), currency)
    return replace(row, base=base, vat=row.vat - total((one.vat for one in same), currency))


def alike(one: VatTotal, other: VatTotal) -> bool:
    """Say whether two rows are of one category and rate."""
    return (one.category, one.rate) == (other.category, other.rate)
