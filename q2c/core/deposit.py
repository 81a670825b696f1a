"""Deposits that stand: invoiced, not given back, and not yet deducted from a final invoice."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct

from q2c.core.claim import Deducted, deposit_line
from q2c.core.entry import Entry, Posting
from q2c.core.fault import Fault, Stale
from q2c.core.money import Money
from q2c.core.tax import VatTotal

_END = deposit_line("")
_Kind = tuple[str, Decimal]


class Deposit(Struct, frozen=True, kw_only=True):
    """A deposit invoice in the ledger: its order, what is left of it, what has deducted it."""

    order: str
    left: Deducted
    deducted_by: str = ""


def deposits_of(entries: Iterable[Entry], home: str) -> dict[str, Deposit]:
    """Find every deposit invoice, by number, with what is left of it after credit notes.

    `home` is the company's currency.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for number in {p.item for p in entry.postings if p.line.endswith(_END)}:
            found.setdefault(number, []).append(entry)
    return {number: _deposit(number, some, home) for number, some in found.items()}


def standing(entries: Iterable[Entry], home: str) -> dict[str, tuple[Deducted, ...]]:
    """Give the deposits that the final invoice of each order will deduct, by order."""
    stands: dict[str, list[Deducted]] = {}
    for deposit in deposits_of(entries, home).values():
        if deposit.left.vat and not deposit.deducted_by:
            stands.setdefault(deposit.order, []).append(deposit.left)
    return {order: tuple(some) for order, some in stands.items()}


def refuse_deducted(number: str, entries: Iterable[Entry], home: str) -> None:
    """Refuse to give back a deposit that was deducted from what a final invoice claims."""
    found = deposits_of(entries, home).get(number)
    if found and (final := found.deducted_by):
        message = f"{number} is a deposit that {final} has deducted, so it is part of {final}."
        remedy = f"Credit {final}; all of it at once lets its deposits stand again."
        raise Stale(Fault("deposit-deducted", message, remedy=remedy))


def _deposit(number: str, entries: list[Entry], home: str) -> Deposit:
    """Add up a deposit: its own entry and its credit notes, and whether another took it up."""
    own = [entry for entry in entries if number in (entry.number, _credited(entry))]
    first, taken = own[0], ""
    for entry in entries:
        if entry not in own:  # a final invoice, or the credit note that takes one back
            taken = entry.number if entry.kind == "invoice-issued" else ""
    order = next(p.line for p in first.postings if p.item == number and p.line)
    rows, sums = dict[_Kind, list[int]](), [0, 0]
    for posting in (p for entry in own for p in entry.postings if p.vat):
        _add(posting, rows, sums)
    currency = first.postings[0].currency
    abroad = currency != home
    left = Deducted(
        number=number,
        issued_on=first.date,
        vat=tuple(_rows(rows, currency)),
        home=Money(sums[1], home) if abroad else None,
        book=Money(sums[0], home) if abroad else None,
    )
    return Deposit(order=order.removesuffix(_END), left=left, deducted_by=taken)


def _credited(entry: Entry) -> str:
    """Name the invoice that a credit note is of."""
    if entry.kind != "credit-note-issued":
        return ""
    return next(p.item for p in entry.postings if p.role == "receivable")


def _add(posting: Posting, rows: dict[_Kind, list[int]], sums: list[int]) -> None:
    """Add a posting of net or VAT to its row, and to what it is in the company's currency."""
    assert posting.vat is not None, posting
    at = 1 if posting.role == "output-vat" else 0
    row = rows.setdefault((posting.vat.category, posting.vat.rate), [0, 0])
    row[at] -= posting.amount
    sums[at] -= posting.booked


def _rows(rows: dict[_Kind, list[int]], currency: str) -> Iterator[VatTotal]:
    for (category, rate), (base, vat) in rows.items():
        if base or vat:
            yield VatTotal(
                category=category,  # type: ignore[arg-type]  # it was one when it was posted
                rate=rate,
                base=Money(base, currency),
                vat=Money(vat, currency),
            )
