"""What an invoice says of parts: deposits that it deducts, and the days that it is due on."""

from collections.abc import Iterator

from q2c.core.claim import left_of
from q2c.core.invoice import Invoice
from q2c.core.money import Money, total
from q2c.documents.language import Language, amount, day, money
from q2c.documents.look import Kind
from q2c.documents.parts import several_untaxed, vat_rate
from q2c.documents.sheet import Column, Fact, Row, Table


def kind_of(invoice: Invoice) -> Kind:
    """Say which kind of document it is, of those that a theme has texts for."""
    if invoice.kind == "credit-note":
        return "credit_note"
    if invoice.scheduled == "deposit":
        return "deposit"
    return "final_invoice" if invoice.deposits else "invoice"


def title_of(lang: Language, invoice: Invoice) -> str:
    """Say what a document is."""
    kind = kind_of(invoice)
    return lang.say("deposit_invoice" if kind == "deposit" else kind)


def deducted(lang: Language, invoice: Invoice) -> Iterator[Fact]:
    """Say what each deposit takes off the total."""
    for deposit in invoice.deposits:
        yield Fact(lang.say("less_deposit", number=deposit.number), amount(lang, -deposit.total))


def rest_taxed(lang: Language, invoice: Invoice) -> Iterator[str]:
    """Say how much of what is left to pay is VAT, since deposits have theirs already."""
    if invoice.deposits:
        rest = left_of(invoice.vat, invoice.deposits)
        tax = total((row.vat for row in rest), invoice.currency)
        yield lang.say("rest_vat", amount=money(lang, tax))


def parts_of(lang: Language, invoice: Invoice) -> tuple[Table, ...]:
    """Write the tables that stand below the totals."""
    return (*_deposits(lang, invoice), *_instalments(lang, invoice))


def _deposits(lang: Language, invoice: Invoice) -> Iterator[Table]:
    """Write each deposit with its number, its day and its VAT (Directive 2006/112/EC art. 226)."""
    if not invoice.deposits:
        return
    several = several_untaxed(invoice.vat)
    rows = tuple(
        Row(
            cells=(
                deposit.number,
                day(lang, deposit.issued_on),
                vat_rate(lang, row, several=several),
                amount(lang, row.base),
                amount(lang, row.vat),
                amount(lang, row.base + row.vat),
            ),
            keeps=True,
        )
        for deposit in invoice.deposits
        for row in deposit.vat
    )
    sums = (invoice.deposits[0].net, invoice.deposits[0].tax, invoice.deposits[0].total)
    for deposit in invoice.deposits[1:]:
        sums = (sums[0] + deposit.net, sums[1] + deposit.tax, sums[2] + deposit.total)
    end = Row(cells=(lang.say("sum"), "", "", *(amount(lang, one) for one in sums)), strong=True)
    yield Table(
        columns=(
            Column(lang.say("deposit_invoice"), gives_way=True),
            Column(lang.say("invoice_date")),
            Column(lang.say("vat_rate"), right=True),
            Column(lang.say("vat_base"), right=True),
            Column(lang.say("vat_amount"), right=True),
            Column(lang.say("column_with_vat", currency=invoice.currency), right=True),
        ),
        rows=(*rows, end),
        title=lang.say("deposits"),
    )


def _instalments(lang: Language, invoice: Invoice) -> Iterator[Table]:
    """Write how much is to be paid by which day."""
    if not invoice.instalments:
        return
    columns = (
        Column(lang.say("column_payment"), gives_way=True),
        Column(lang.say("column_due"), right=True),
        Column(lang.say("column_with_vat", currency=invoice.currency), right=True),
    )
    last = len(invoice.instalments)
    rows = (
        Row(
            cells=(
                lang.say("payment", number=str(number)),
                day(lang, part.due_on),
                amount(lang, part.amount),
            ),
            keeps=number < last,
        )
        for number, part in enumerate(invoice.instalments, start=1)
    )
    yield Table(columns=columns, rows=tuple(rows), title=lang.say("instalments"))


def due_first(invoice: Invoice) -> Money:
    """Give what is to be paid by the first day that something is due."""
    return invoice.instalments[0].amount if invoice.instalments else invoice.payable
