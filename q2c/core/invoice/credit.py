"""From an invoice to a credit note: what is left of it, and VAT that all goes back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import CreditPart
from q2c.core.fault import Fault, Invalid
from q2c.core.invoice.document import Invoice, InvoiceLine, Original
from q2c.core.invoice.issue import Issue
from q2c.core.money import Money, exchange, total
from q2c.core.rates import HomeVat
from q2c.core.tax import EN_16931, VatTotal, kind_of, vat_of, vat_totals
from q2c.core.trace import Step


class Crediting(Struct, frozen=True, kw_only=True):
    """What is credited of an invoice: parts of its lines, on a day, for a reason.

    With `rebill` all that is left of lines is credited because the invoice was wrong, not the
    price: what was charged becomes due again.
    """

    parts: tuple[CreditPart, ...]
    issued_on: date
    reason: str
    rebill: bool = False
    void: bool = False

    @property
    def sums(self) -> dict[str, Money]:
        """What is credited of each line."""
        sums: dict[str, Money] = {}
        for part in self.parts:
            sums[part.line] = sums[part.line] + part.amount if part.line in sums else part.amount
        return sums


def parts_of(amounts: Mapping[str, Money]) -> tuple[CreditPart, ...]:
    """Make parts of amounts by line."""
    return tuple(CreditPart(line=id_, amount=amount) for id_, amount in amounts.items())


def credited(invoice: Invoice, before: Sequence[Invoice], what: Crediting, given: Issue) -> Invoice:
    """Make the credit note; VAT goes back as it was charged, to the öre when all is credited.

    A final invoice that is credited at once is taken back as it was, so that its deposits stand
    again; in parts its price goes back, and its deposits stay deducted. Refuses a line that is
    not there, more than is left of a line, and to bill a part again.
    """
    left = uncredited(invoice, before)
    faults = list(_credit_faults(invoice, before, left, what))
    if faults:
        raise Invalid(*faults)
    lines = tuple(_credit_lines(invoice, before, what))
    rest = {**left, **{id_: left[id_] - amount for id_, amount in what.sums.items()}}
    whole = not any(amount.minor for amount in rest.values())
    vat = _vat_back(invoice, before, lines, whole=whole)
    return replace(
        invoice,
        kind="credit-note",
        number=given.number,
        issued_on=what.issued_on,
        due_on=what.issued_on,
        original=Original(invoice.number, invoice.issued_on),
        reason=what.reason,
        rebill=what.rebill,
        void=what.void,
        replaces=(),
        lines=lines,
        vat=vat,
        rounded=invoice.rounded if whole else None,
        deposits=invoice.deposits if whole and not before else (),
        instalments=(),
        attachments=(),
        time_report="",
        home=_home_back(invoice, before if whole else None, vat),
        ocr="",
        rf="",
        look=given.look,
        plan=given.plan,
        commit=given.commit,
        program=given.program,
    )


def _vat_back(
    invoice: Invoice, before: Sequence[Invoice], lines: Sequence[InvoiceLine], *, whole: bool
) -> tuple[VatTotal, ...]:
    """Give back VAT by category and rate: that of all that was credited, less that of before.

    What is credited to the last of a category gives back all that is left of its VAT, so that
    no cutting into parts makes it more or less.
    """
    if whole:
        # Free lines keep the row of their rate, as EN 16931 asks (BR-S-01).
        used = {kind_of(line.treatment) for line in lines}
        rows = vat_left(invoice, before)
        return tuple(r for r in rows if r.base.minor or r.vat.minor or kind_of(r) in used)
    rounding = invoice.rounding or EN_16931
    earlier = [line for note in before for line in note.lines]
    through = {kind_of(row): row for row in vat_of([*earlier, *lines], invoice.currency, rounding)}
    charged = {kind_of(row): row for row in invoice.vat}
    found = []
    for row in vat_totals(((line.treatment, line.net) for line in lines), invoice.currency):
        kind = kind_of(row)
        now = charged[kind] if through[kind].base == charged[kind].base else through[kind]
        given = (r.vat for note in before for r in note.vat if kind_of(r) == kind)
        found.append(replace(row, vat=now.vat - total(given, invoice.currency)))
    return tuple(found)


def _credit_faults(
    invoice: Invoice, before: Sequence[Invoice], left: Mapping[str, Money], what: Crediting
) -> Iterator[Fault]:
    if what.issued_on < invoice.issued_on:
        message = f"{invoice.number} is of {invoice.issued_on}; it cannot be credited before."
        remedy = f"Date it {invoice.issued_on} or later."
        yield Fault("credit-before", message, remedy=remedy)
    if not any(amount.minor for amount in what.sums.values()) and not what.void:
        message = f"Nothing is left to credit of {invoice.number}."
        remedy = f"See what was credited: q2c why {invoice.number}."
        yield Fault("nothing-to-credit", message, remedy=remedy)
    for id_, amount in what.sums.items():
        if id_ not in left:
            known = ", ".join(left)
            message = f"{invoice.number} has no line '{id_}'."
            yield Fault("no-such-line", message, remedy=f"It has the lines {known}.")
        elif not min(0, left[id_].minor) <= amount.minor <= max(0, left[id_].minor):
            message = f"{left[id_]} is left to credit of {invoice.number}/{id_}, not {amount}."
            some = f"Credit at most {left[id_]}." if left[id_].minor else "Leave the line out."
            yield Fault("credit-too-much", message, remedy=some)
    if what.rebill:
        yield from _rebill_faults(invoice, before, left, what)


def _rebill_faults(
    invoice: Invoice, before: Sequence[Invoice], left: Mapping[str, Money], what: Crediting
) -> Iterator[Fault]:
    """Say which lines were credited in part by hand, so that they cannot be due again.

    What a schedule of payments has made one invoice is due again as one.
    """
    if invoice.scheduled and any(left[id_].minor for id_ in left.keys() - what.sums.keys()):
        message = f"{invoice.number} is of a schedule of payments, and billed again as a whole."
        yield Fault("rebill-whole", message, remedy="Leave --line out, or leave --rebill out.")
    for line in invoice.lines:
        by_hand = any(not one.keys and one.net.minor for one in _earlier(invoice, before, line.id))
        if line.id in what.sums and (by_hand or what.sums[line.id] != left[line.id]):
            message = (
                f"{invoice.number}/{line.id} is credited in part, so it cannot be billed again."
            )
            remedy = "Credit all of the line at once, or leave --rebill out."
            yield Fault("rebill-whole", message, remedy=remedy)


def _earlier(invoice: Invoice, before: Iterable[Invoice], id_: str) -> list[InvoiceLine]:
    """Give what earlier credit notes credit of a line."""
    name = f"{invoice.number}/{id_}"
    return [line for note in before for line in note.lines if line.credits == name]


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
        same = [r for note in before for r in note.vat if kind_of(r) == kind_of(row)]
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
    # What goes back in parts is the price, with the VAT that its deposits had.
    deposits = [one.home for one in invoice.deposits if one.home] if earlier else []
    return replace(home, vat=home.vat + total(deposits, currency) - before)


def _credit_lines(
    invoice: Invoice, before: Sequence[Invoice], what: Crediting
) -> Iterator[InvoiceLine]:
    """Make the lines of a credit note, in the order of the invoice."""
    by_id = {line.id: line for line in invoice.lines}
    place = {id_: number for number, id_ in enumerate(by_id)}
    known = [line for note in before for line in note.lines]
    for number, part in enumerate(sorted(what.parts, key=lambda part: place[part.line]), start=1):
        line, name = by_id[part.line], f"{invoice.number}/{part.line}"
        earlier = [one for one in known if one.credits == name]
        made = replace(_credit_line(line, part, earlier, name), id=str(number))
        if what.rebill:
            made = replace(made, keys=(*line.keys, *(key for one in earlier for key in one.keys)))
        known.append(made)
        yield made


def _credit_line(
    line: InvoiceLine, part: CreditPart, earlier: Sequence[InvoiceLine], name: str
) -> InvoiceLine:
    net, whole = part.amount, part.amount == line.net
    step = Step(f"credited of {name}", "", line.net.amount, net.amount)
    kept = whole or part.quantity is not None
    return replace(
        line,
        credits=name,
        keys=part.keys,
        worked=(),
        text=part.text or line.text,
        net=net,
        with_vat=part.with_vat or _with_vat_back(line, net, earlier),
        quantity=(part.quantity or line.quantity) if kept else Decimal(1),
        unit=line.unit if kept else "",
        unit_price=line.unit_price if kept else None,
        percent=line.percent if whole else None,
        gross=line.gross if whole else None,
        service=part.service or line.service,
        supplied=part.service or line.supplied,
        steps=(*line.steps, *part.steps, step),
    )


def _with_vat_back(line: InvoiceLine, net: Money, earlier: Sequence[InvoiceLine]) -> Money | None:
    """Give back of a price with VAT as much as of what it is without, to the last minor unit."""
    if line.with_vat is None or not line.net.minor:
        return line.with_vat
    currency = net.currency
    through = total((net, *(one.net for one in earlier)), currency)
    given = total((one.with_vat for one in earlier if one.with_vat), currency)
    return line.with_vat.share(Fraction(through.minor, line.net.minor)) - given
