"""Made-up documents that hold the most that a document may have to: a table by kind."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.claim import Deducted
from q2c.core.contract import Contract
from q2c.core.identifier import ocr, rf
from q2c.core.invoice import Invoice, InvoiceLine, Original
from q2c.core.money import Money
from q2c.core.party import Address, Party, Seller
from q2c.core.period import Period
from q2c.core.pricing import Rate
from q2c.core.quote import Line, Priced
from q2c.core.tax import Treatment, vat_totals
from q2c.core.usage.worked import Worked
from q2c.documents.contract import contract_pdf
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Kind, Look
from q2c.documents.quote import quote_pdf
from q2c.documents.timereport import Part, Report, report_pdf
from q2c.documents.words import clauses, template

DAY: Final = date(2026, 11, 30)
MONTH: Final = Period(date(2026, 11, 1), DAY)
SCRIPTS: Final = "Åkerö Łódź Žluťoučký Ελληνικές Υπηρεσίες Київські послуги"
ONE_WORD: Final = "Sammansättningsbolagskonsortiumsförvaltning" * 2
LONG: Final = "Aktiebolaget för namn som är längre än vad någon räknat med " * 3
# Every kind of VAT that can stand beside another, with the reason that is said of it.
TREATMENTS: Final = (
    *(Treatment(category="S", rate=Decimal(rate)) for rate in (25, 12, 6)),
    Treatment(category="G", reason="Export, momsfri enligt 10 kap. mervärdesskattelagen."),
    Treatment(category="E", reason="Undantag från moms enligt 10 kap. mervärdesskattelagen."),
    Treatment(category="AE", reason="Omvänd betalningsskyldighet / Reverse charge."),
)


class Sample(Struct, frozen=True, kw_only=True):
    """What is drawn: whose document it is, in which look, with how much in it."""

    seller: Seller
    look: Look
    lines: int
    extreme: bool = True

    @property
    def buyer(self) -> Party:
        """A customer with a name, a reference and an address as long as they may be."""
        return Party(
            id="x" * 64 if self.extreme else "customer",
            name=(LONG if self.extreme else SCRIPTS)[:200],
            org_number="559999-4562",
            vat_id="SE559999456201",
            address=Address(
                street=(SCRIPTS * 2 if self.extreme else "Hamngatan 12")[:120],
                postal_code="411 06",
                city=ONE_WORD if self.extreme else "Göteborg",
                country="SE",
            ),
            reference=(ONE_WORD * 2 if self.extreme else "Ida Berg")[:200],
        )

    @property
    def currency(self) -> str:
        """Kronor, in which all particulars of a home market are shown."""
        return "SEK"

    @property
    def size(self) -> Decimal:
        """What one of a thing costs."""
        return Decimal("98765432.123456") if self.extreme else Decimal(1450)


def _name(sample: Sample, number: int) -> str:
    if not sample.extreme:
        return "Rådgivning"
    return (SCRIPTS, LONG[:180], ONE_WORD, "Kurs")[number % 4]


def _treatment(sample: Sample, number: int) -> Treatment:
    return TREATMENTS[number % len(TREATMENTS)] if sample.extreme else TREATMENTS[0]


def _invoice_line(sample: Sample, number: int) -> InvoiceLine:
    quantity = Decimal("1234.5678") if sample.extreme else Decimal(2)
    return InvoiceLine(
        id=str(number),
        source=f"O-2026-0001/{number}",
        product="product" * (8 if sample.extreme else 1),
        name=_name(sample, number),
        text=SCRIPTS if sample.extreme else "",
        quantity=quantity,
        unit="licens per namngiven användare" if sample.extreme else "timme",
        unit_price=sample.size,
        net=Money.of(quantity * sample.size, sample.currency),
        supplied=MONTH,
        treatment=_treatment(sample, number),
        worked=(
            Worked(
                date=DAY,
                person=LONG[:60] if sample.extreme else "Ida",
                note=SCRIPTS,
                hours=quantity,
            ),
        ),
    )


def invoice_of(sample: Sample) -> Invoice:
    """Make an invoice of everything that one can hold."""
    lines = tuple(_invoice_line(sample, number) for number in range(1, sample.lines + 1))
    reference = "20260001"
    return Invoice(
        number="F-2026-0001",
        issued_on=DAY,
        due_on=DAY + timedelta(days=30),
        order="O-2026-0001",
        contract="C-2026-0001",
        po="P" * (60 if sample.extreme else 4),
        title=(SCRIPTS * 3 if sample.extreme else "Rådgivning")[:200],
        customer=sample.buyer.id,
        seller=sample.seller,
        buyer=sample.buyer,
        currency=sample.currency,
        language=sample.look.language.code,
        lines=lines,
        vat=vat_totals(((line.treatment, line.net) for line in lines), sample.currency),
        ocr=ocr(reference, length_digit=True),
        rf=rf(reference),
    )


def _credit_note(sample: Sample) -> Invoice:
    of = invoice_of(sample)
    original = Original(of.number, of.issued_on)
    number, reason = "K-2026-0001", LONG if sample.extreme else "Inställt."
    return replace(
        of, kind="credit-note", number=number, original=original, reason=reason, ocr="", rf=""
    )


def _final(sample: Sample) -> Invoice:
    """Make a final invoice that deducts ten deposits."""
    of = invoice_of(sample)
    share = vat_totals([(TREATMENTS[0], Money(of.net.minor // 100, of.currency))], of.currency)
    deposits = (Deducted(number=f"F-2026-{n:04}", issued_on=DAY, vat=share) for n in range(1, 11))
    return replace(of, scheduled="final", deposits=tuple(deposits))


def _line(sample: Sample, number: int) -> Line:
    quantity = Decimal("1234.5678") if sample.extreme else Decimal(2)
    net = Money.of(quantity * sample.size, sample.currency)
    return Line(
        id=str(number),
        part=number,
        product="product",
        name=_name(sample, number),
        text=SCRIPTS if sample.extreme else "",
        section=LONG[:100] if sample.extreme and number % 9 > 4 else "",  # noqa: PLR2004 - some have none
        quantity=quantity,
        unit="licens per namngiven användare" if sample.extreme else "timme",
        charge="one-off",
        bill="on-delivery",
        rate=Rate(model="per-unit", currency=sample.currency, unit_price=sample.size),
        gross=net,
        own=net,
        net=net,
        treatment=_treatment(sample, number),
        revenue="point-in-time",
        optional=sample.extreme and number % 7 == 0,
        counts=not (sample.extreme and number % 7 == 0),
    )


def quote_of(sample: Sample) -> Priced:
    """Make a quote of everything that one can hold."""
    lines = tuple(_line(sample, number) for number in range(1, sample.lines + 1))
    counted = ((line.treatment, line.net) for line in lines if line.counts)
    return Priced(
        number="Q-2026-0001",
        version=1,
        date=DAY,
        valid_until=DAY + timedelta(days=30),
        starts=DAY,
        currency=sample.currency,
        language=sample.look.language.code,
        title=(SCRIPTS * 3 if sample.extreme else "Rådgivning")[:200],
        cover=True if sample.extreme else None,
        intro=LONG * 2 if sample.extreme else "",
        seller=sample.seller,
        buyer=sample.buyer,
        lines=lines,
        vat=vat_totals(counted, sample.currency),
        due_days=30,
        note=LONG * 4 if sample.extreme else "",
    )


def contract_of(sample: Sample) -> Contract:
    """Make the contract of the quote, with the clauses that q2c brings."""
    offered, code = quote_of(sample), sample.look.language.code
    made = Contract(
        number="C-2026-0001",
        source=offered.ref,
        agreed_on=DAY,
        order="O-2026-0001",
        seller=sample.seller,
        buyer=sample.buyer,
        accepted_by=sample.buyer.reference,
        po="P" * 40,
        title=offered.title,
        currency=offered.currency,
        language=code,
        due_days=30,
        term=MONTH,
        lines=offered.counted,
        note=offered.note,
    )
    name = f"templates/contracts/{code}.md"
    return replace(made, words=clauses(template(code).decode(), made, name), template=name)


def _report(sample: Sample) -> Report:
    of = invoice_of(sample)
    rows = tuple(row for line in of.lines for row in line.worked)
    return Report(
        invoice=of.number,
        orders=(of.order,),
        made_on=DAY,
        po=of.po,
        customer=of.customer,
        title=of.title,
        seller=of.seller,
        buyer=of.buyer,
        parts=(Part(source=of.lines[0].source, name=LONG[:180], unit="timme", rows=rows),),
    )


# How a sample of each kind of document is drawn.
SAMPLES: Final[dict[Kind, Callable[[Sample], bytes]]] = {
    "quote": lambda sample: quote_pdf(quote_of(sample), sample.look),
    "contract": lambda sample: contract_pdf(contract_of(sample), sample.look),
    "invoice": lambda sample: invoice_pdf(invoice_of(sample), sample.look),
    "credit_note": lambda sample: invoice_pdf(_credit_note(sample), sample.look),
    "deposit": lambda sample: invoice_pdf(
        replace(invoice_of(sample), scheduled="deposit"), sample.look
    ),
    "final_invoice": lambda sample: invoice_pdf(_final(sample), sample.look),
    "time_report": lambda sample: report_pdf(_report(sample), sample.look),
}
