"""Invoices and credit notes: numbered, complete in themselves, never changed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.billing import Claim
from q2c.core.catalog import unknown_currency
from q2c.core.fault import Fault, Invalid
from q2c.core.identifier import ocr, rf
from q2c.core.money import CURRENCIES, Money, exchange, total, zero
from q2c.core.party import CurrencyCode, Party, Seller
from q2c.core.period import Period
from q2c.core.tax import Treatment, VatTotal, vat_totals
from q2c.core.trace import Sourced, Step

FRESH = timedelta(days=31)


class InvoiceLine(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What is claimed, or credited; `source` is the order line, `credits` the invoice line."""

    id: str
    source: str
    credits: str = ""
    keys: tuple[str, ...] = ()
    product: str
    name: str
    text: str = ""
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    net: Money
    service: Period | None = None
    supplied: Period
    treatment: Treatment
    steps: tuple[Step, ...] = ()


class Original(Struct, frozen=True, forbid_unknown_fields=True):
    """The invoice that a credit note changes (Directive 2006/112/EC art. 219)."""

    number: str
    issued_on: date


class HomeVat(Struct, frozen=True, forbid_unknown_fields=True):
    """VAT in the seller's currency, at a stated rate (art. 230): units of it for one of ours."""

    rate: Decimal
    rate_on: date
    source: str
    vat: Money


class ExchangeRate(
    Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What one unit of a currency was worth in another on a day, and who says so."""

    currency: CurrencyCode
    into: CurrencyCode
    on: date
    rate: Decimal
    published_by: str


class ExchangeRates(Struct, frozen=True, forbid_unknown_fields=True):
    """What `rates/exchange.yaml` holds."""

    rates: tuple[ExchangeRate, ...]


def exchange_faults(rates: Iterable[ExchangeRate]) -> Iterator[Fault]:
    """Say which exchange rates cannot be, and where two of one day differ."""
    known: dict[tuple[str, str, date], ExchangeRate] = {}
    for rate in rates:
        if rate.rate <= 0:
            remedy = f"Write how many {rate.into} one {rate.currency} is worth."
            yield rate.fault("bad-rate", "An exchange rate is above 0.", "rate", remedy)
        for key, code in (("currency", rate.currency), ("into", rate.into)):
            if code not in CURRENCIES:
                yield unknown_currency(rate, code, key)
        first = known.setdefault((rate.currency, rate.into, rate.on), rate)
        if first.rate != rate.rate:
            message = f"{rate.currency} has two rates into {rate.into} on {rate.on}."
            yield rate.fault("rates-overlap", message, "rate", "Keep the one that was published.")


class Invoice(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An invoice or a credit note with everything it used: `invoices/2026/F-….json`.

    Amounts of a credit note are positive: it says what is given back; with `rebill` its
    charges are due again. `ocr` and `rf` are
    the payment references; `home` is there when the currency is not the seller's.
    """

    kind: Literal["invoice", "credit-note"] = "invoice"
    number: str
    issued_on: date
    due_on: date
    original: Original | None = None
    reason: str = ""
    rebill: bool = False
    order: str
    contract: str = ""
    po: str = ""
    title: str = ""
    customer: str
    seller: Seller
    buyer: Party
    currency: str
    language: str
    lines: tuple[InvoiceLine, ...]
    vat: tuple[VatTotal, ...]
    home: HomeVat | None = None
    ocr: str = ""
    rf: str = ""
    late_interest_points: Decimal = Decimal(8)
    look: str = ""
    plan: str = ""
    commit: str = ""
    program: str = ""

    @property
    def net(self) -> Money:
        """The sum of the lines, without VAT."""
        return total((line.net for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """The VAT of all categories and rates."""
        return total((row.vat for row in self.vat), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, with VAT; for a credit note what is given back."""
        return self.net + self.tax

    @property
    def supplied(self) -> Period:
        """The days of supply of all lines."""
        days = [line.supplied for line in self.lines]
        return Period(min(day.first for day in days), max(day.last for day in days))

    @property
    def path(self) -> str:
        """Where its files stand in the workspace, without their ending."""
        return f"invoices/{self.issued_on.year}/{self.number}"


class Issue(Struct, frozen=True, kw_only=True):
    """What an invoice is given when it is issued: number, look, and where it came from."""

    number: str
    look: str
    plan: str = ""
    commit: str = ""
    program: str = ""
    length_digit: bool = True
    late_interest_points: Decimal = Decimal(8)


def issued(claim: Claim, given: Issue, rates: Sequence[ExchangeRate]) -> Invoice:
    """Make the invoice of a claim; its due date counts from the day of issue.

    Refuses a foreign currency without a rate of the day or of the 31 days before it.
    """
    base = digits(given.number)
    return Invoice(
        number=given.number,
        issued_on=claim.issue_on,
        due_on=claim.issue_on + timedelta(days=claim.due_days),
        order=claim.order,
        contract=claim.contract,
        po=claim.po,
        title=claim.title,
        customer=claim.customer,
        seller=claim.seller,
        buyer=claim.buyer,
        currency=claim.currency,
        language=claim.language,
        lines=tuple(_lines(claim)),
        vat=claim.vat,
        home=home_vat(claim.tax, claim.seller.currency, claim.issue_on, rates),
        ocr=ocr(base, length_digit=given.length_digit),
        rf=rf(base),
        late_interest_points=given.late_interest_points,
        look=given.look,
        plan=given.plan,
        commit=given.commit,
        program=given.program,
    )


def _lines(claim: Claim) -> Iterator[InvoiceLine]:
    for number, charge in enumerate(claim.charges, start=1):
        yield InvoiceLine(
            id=str(number),
            source=charge.source,
            keys=charge.keys,
            product=charge.product,
            name=charge.name,
            text=charge.text,
            quantity=charge.quantity,
            unit=charge.unit,
            unit_price=charge.unit_price,
            net=charge.net,
            service=charge.service,
            supplied=charge.supplied,
            treatment=charge.treatment,
            steps=charge.steps,
        )


def digits(number: str) -> str:
    """Give the digits of a document's number, the base of its payment references."""
    return re.sub(r"[^0-9]", "", number)


def rate_on(currency: str, into: str, day: date, rates: Iterable[ExchangeRate]) -> ExchangeRate:
    """Give the latest rate of a day or of the 31 days before it; refuse if there is none."""
    fit = [
        rate
        for rate in rates
        if (rate.currency, rate.into) == (currency, into) and day - FRESH <= rate.on <= day
    ]
    if not fit:
        message = f"There is no rate from {currency} to {into} on {day} or in the 31 days before."
        remedy = "Add one to rates/exchange.yaml with its day and who published it."
        raise Invalid(Fault("no-exchange-rate", message, remedy=remedy))
    return max(fit, key=lambda rate: rate.on)


def home_vat(vat: Money, home: str, day: date, rates: Iterable[ExchangeRate]) -> HomeVat | None:
    """Give VAT in the seller's currency too, where the document is in another."""
    if vat.currency == home:
        return None
    found = rate_on(vat.currency, home, day, rates)
    return HomeVat(found.rate, found.on, found.published_by, exchange(vat, found.rate, home))


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
        yield Fault("credit-before", message)
    if not any(amount.minor for amount in what.amounts.values()):
        yield Fault("nothing-to-credit", f"Nothing is left to credit of {invoice.number}.")
    for id_, amount in what.amounts.items():
        if id_ not in left:
            known = ", ".join(left)
            message = f"{invoice.number} has no line '{id_}'."
            yield Fault("no-such-line", message, remedy=f"It has the lines {known}.")
        elif not min(0, left[id_].minor) <= amount.minor <= max(0, left[id_].minor):
            message = f"{left[id_]} is left to credit of {invoice.number}/{id_}, not {amount}."
            yield Fault("credit-too-much", message)
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
        steps=(*line.steps, step),
    )


def faults_of(invoice: Invoice) -> Iterator[Fault]:
    """Say where a document does not add up: its VAT rows against its lines, its total.

    For a credit note that completes a full credit, the VAT of a row may differ from the
    rate times its base by less than one minor unit a credit note; it is not checked here.
    """
    lines = ((line.treatment, line.net) for line in invoice.lines)
    expected = vat_totals(lines, invoice.currency)
    mine = {(r.category, r.rate, r.reason): r for r in invoice.vat}
    for row in expected:
        found = mine.pop((row.category, row.rate, row.reason), None)
        wrong_vat = found and invoice.kind == "invoice" and found.vat != row.vat
        if found is None or found.base != row.base or wrong_vat:
            message = (
                f"{invoice.number}: the VAT at {row.rate:f} % ({row.category}) does not add up."
            )
            yield Fault("does-not-add-up", message)
    for row in mine.values():
        if row.base != zero(invoice.currency) or row.vat != zero(invoice.currency):
            message = f"{invoice.number} has VAT at {row.rate:f} % on no line."
            yield Fault("does-not-add-up", message)
