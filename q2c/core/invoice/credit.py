"""From an invoice to a credit note: what is left of it, and VAT that all goes back."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid
from q2c.core.invoice.document import Invoice, InvoiceLine, Original
from q2c.core.invoice.issue import Issue
from q2c.core.invoice.rates import HomeVat
from q2c.core.money import Money, exchange, total
from q2c.core.tax import VatTotal, vat_totals
from q2c.core.trace import Step


class Crediting(Struct, frozen=True, kw_only=True):
    """What is credited of an invoice: amounts by line, on a day, for a reason.

    With `rebill` whole lines are credited because the invoice was wrong, not the price: what
    was charged becomes due again.
    """

    amounts: dict[str, Money]
    issued_on: date
    reason: str
    rebill: bool = False


def credited(invoice: Invoice, before: Sequence[Invoice], what: Crediting, given: Issue) -> Invoice:
    """Make the credit note; VAT goes back as it was charged, to the öre when all is credited.

    Refuses a line that is not there, more than is left of a line, and to bill a part again.
    """
    left = uncredited(invoice, before)
    faults = list(_credit_faults(invoice, left, what))
    if faults:
        raise Invalid(*faults)
    lines = [
        _credit_line(line, what, invoice, str(number))
        for number, line in enumerate((ln for ln in invoice.lines if ln.id in what.amounts), 1)
    ]
    rest = {id_: left[id_] - amount for id_, amount in what.amounts.items()}
    whole = not any(amount.minor for amount in {**left, **rest}.values())
    vat = vat_totals(((line.treatment, line.net) for line in lines), invoice.currency)
    if whole:
        # Free lines keep the row of their rate, as EN 16931 asks (BR-S-01).
        used = {_kind(row) for row in vat}
        rows = vat_left(invoice, before)
        vat = tuple(r for r in rows if r.base.minor or r.vat.minor or _kind(r) in used)
    return replace(
        invoice,
        kind="credit-note",
        number=given.number,
        issued_on=what.issued_on,
        due_on=what.issued_on,
        original=Original(invoice.number, invoice.issued_on),
        reason=what.reason,
        rebill=what.rebill,
        lines=tuple(lines),
        vat=vat,
        home=_home_back(invoice, before if whole else None, vat),
        ocr="",
        rf="",
        look=given.look,
        plan="",
        commit=given.commit,
        program=given.program,
    )


def _credit_faults(invoice: Invoice, left: dict[str, Money], what: Crediting) -> Iterator[Fault]:
    if what.issued_on < invoice.issued_on:
        message = f"{invoice.number} is of {invoice.issued_on}; it cannot be credited before."
        remedy = f"Date it {invoice.issued_on} or later."
        yield Fault("credit-before", message, remedy=remedy)
    if not any(amount.minor for amount in what.amounts.values()):
        message = f"Nothing is left to credit of {invoice.number}."
        remedy = f"See what was credited: q2c why {invoice.number}."
        yield Fault("nothing-to-credit", message, remedy=remedy)
    for id_, amount in what.amounts.items():
        if id_ not in left:
            known = ", ".join(left)
            message = f"{invoice.number} has no line '{id_}'."
            yield Fault("no-such-line", message, remedy=f"It has the lines {known}.")
        elif not min(0, left[id_].minor) <= amount.minor <= max(0, left[id_].minor):
            message = f"{left[id_]} is left to credit of {invoice.number}/{id_}, not {amount}."
            some = f"Credit at most {left[id_]}." if left[id_].minor else "Leave the line out."
            yield Fault("credit-too-much", message, remedy=some)
    for line in invoice.lines:
        if what.rebill and what.amounts.get(line.id, line.net) != line.net:
            message = (
                f"{invoice.number}/{line.id} is credited in part, so it cannot be billed again."
            )
            remedy = "Credit all of the line at once, or leave --rebill out."
            yield Fault("rebill-whole", message, remedy=remedy)


def uncredited(invoice: Invoice, before: Sequence[Invoice]) -> dict[str, Money]:
    """Say what is left to credit of each line, after the credit notes before."""
    left = {line.id: line.net for line in invoice.lines}
    for note in before:
        for line in note.lines:
            id_ = line.credits.rpartition("/")[2]
            left[id_] -= line.net
    return left


def vat_left(invoice: Invoice, before: Sequence[Invoice]) -> tuple[VatTotal, ...]:
    """Say what is left of an invoice's VAT by category and rate, so that all of it goes back."""
    rows = []
    for row in invoice.vat:
        same = [r for note in before for r in note.vat if _kind(r) == _kind(row)]
        base = row.base - total((r.base for r in same), invoice.currency)
        vat = row.vat - total((r.vat for r in same), invoice.currency)
        rows.append(replace(row, base=base, vat=vat))
    return tuple(rows)


def _home_back(
    invoice: Invoice, earlier: Sequence[Invoice] | None, vat: Sequence[VatTotal]
) -> HomeVat | None:
    """Give back VAT at the invoice's own rate; after the earlier notes all that is left of it."""
    home = invoice.home
    if home is None:
        return None
    currency = home.vat.currency
    if earlier is None:
        tax = total((row.vat for row in vat), invoice.currency)
        return replace(home, vat=exchange(tax, home.rate, currency))
    before = total((note.home.vat for note in earlier if note.home), currency)
    return replace(home, vat=home.vat - before)


def _kind(row: VatTotal) -> tuple[str, Decimal, str]:
    return row.category, row.rate, row.reason


def _credit_line(line: InvoiceLine, what: Crediting, invoice: Invoice, id_: str) -> InvoiceLine:
    net = what.amounts[line.id]
    step = Step(f"credited of {invoice.number}/{line.id}", "", line.net.amount, net.amount)
    whole = net == line.net
    return replace(
        line,
        id=id_,
        credits=f"{invoice.number}/{line.id}",
        keys=line.keys if what.rebill else (),
        net=net,
        quantity=line.quantity if whole else Decimal(1),
        unit=line.unit if whole else "",
        unit_price=line.unit_price if whole else None,
        percent=line.percent if whole else None,
        gross=line.gross if whole else None,
        steps=(*line.steps, step),
    )
