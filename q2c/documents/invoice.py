"""Invoices and credit notes as PDF, with every particular that the law wants on them.

Directive 2006/112/EC art. 226, for Sweden chapter 17 of mervärdesskattelagen (2023:200).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from q2c.core.invoice import Invoice
from q2c.documents.draw import drawn
from q2c.documents.invoicelines import lines_table, with_vat
from q2c.documents.language import Language, amount, day, money, number, period
from q2c.documents.look import Look
from q2c.documents.partial import (
    deducted,
    due_first,
    parts_of,
    rest_taxed,
    title_of,
)
from q2c.documents.parts import (
    bankgiro,
    block,
    facts,
    footer,
    in_fours,
    info,
    plusgiro,
    sums,
)
from q2c.documents.payment_codes import payment_code
from q2c.documents.sheet import Fact, Sheet, Slip, Sums


def invoice_pdf(invoice: Invoice, look: Look) -> bytes:
    """Draw an invoice or a credit note."""
    return drawn(invoice_sheet(invoice, look), look)


def invoice_sheet(invoice: Invoice, look: Look) -> Sheet:
    """Write out everything that an invoice or a credit note says."""
    lang, seller = look.language, invoice.seller
    title = title_of(lang, invoice)
    return Sheet(
        info=info(look, f"{title} {invoice.number}", invoice.issued_on, invoice),
        title=title,
        number=invoice.number,
        sender=seller.name,
        facts=facts(lang, _facts(lang, invoice)),
        parties=(block(lang, invoice.buyer, seller.address.country),),
        subject=invoice.title,
        table=lines_table(invoice, look),
        sums=_sums(lang, invoice),
        blocks=parts_of(lang, invoice),
        notes=tuple(
            _notes(lang, invoice, look.letter("credit_note" if invoice.original else "invoice"))
        ),
        slip=_slip(lang, invoice),
        footer=footer(look, seller, invoice.buyer),
        page=lang.say("page"),
        mark="" if invoice.number else lang.say("preview"),
    )


def _sums(lang: Language, invoice: Invoice) -> Sums:
    """Write the totals, down to what is to be paid."""
    label = "to_credit" if invoice.original else "to_pay"
    remarks = [*rest_taxed(lang, invoice), *_home(lang, invoice)]
    if with_vat(invoice):
        remarks.insert(0, lang.say("prices_with_vat"))
    if invoice.rounded is None and not invoice.deposits:
        return sums(lang, invoice.vat, invoice.net, label, remarks)
    made = sums(lang, invoice.vat, invoice.net, "total", remarks)
    then = (
        Fact(lang.say("total"), amount(lang, invoice.total)),
        *deducted(lang, invoice),
        *_rounded(lang, invoice),
        Fact(lang.say(label), money(lang, invoice.payable)),
    )
    return replace(made, totals=(*made.totals[:-1], *then))


def _rounded(lang: Language, invoice: Invoice) -> Iterator[Fact]:
    if invoice.rounded is not None:
        yield Fact(lang.say("rounding"), amount(lang, invoice.rounded))


def _facts(lang: Language, invoice: Invoice) -> Iterator[tuple[str, str]]:
    supplied = invoice.supplied
    one_day = supplied.first == supplied.last
    if invoice.original:
        first = invoice.original
        yield "credit_date", day(lang, invoice.issued_on)
        number_and_day = {"number": first.number, "date": day(lang, first.issued_on)}
        yield "credits", lang.say("credits_number", **number_and_day)
        never = f"{lang.say('void_reason')}: " if invoice.void else ""
        yield "reason", f"{never}{invoice.reason}"
    else:
        yield "invoice_date", day(lang, invoice.issued_on)
        yield "due_date", day(lang, invoice.due_on)
        yield "replaces", ", ".join(invoice.replaces)
    if invoice.scheduled != "deposit":  # nothing is supplied yet
        yield "supply_date" if one_day else "supply_period", period(lang, supplied)
    yield "customer_number", invoice.customer
    yield "your_reference", invoice.buyer.reference
    yield "your_order", invoice.po
    yield "cost_centre", invoice.cost_centre
    yield "your_vat", invoice.buyer.vat_id
    yield "our_reference", invoice.seller.reference
    yield "our_order", invoice.order
    yield "our_contract", invoice.contract


def _home(lang: Language, invoice: Invoice) -> Iterator[str]:
    """Say what the VAT is in the seller's currency, and at which rate."""
    if home := invoice.home:
        yield lang.say("home_vat", home=home.vat.currency, amount=amount(lang, home.vat))
        yield lang.say(
            "home_rate",
            rate=number(lang, home.rate),
            home=home.vat.currency,
            currency=invoice.currency,
            date=day(lang, home.rate_on),
            source=home.source,
        )


def _notes(lang: Language, invoice: Invoice, letter: str) -> Iterator[Fact]:
    if not invoice.number:
        yield Fact(lang.say("preview"), lang.say("preview_note"))
    if letter:
        yield Fact("", letter)
    if invoice.attachments:
        files = (paper.path.rpartition("/")[2] for paper in invoice.attachments)
        yield Fact(lang.say("attached"), ", ".join(files))
    if invoice.original:
        yield Fact(lang.say("credit_note"), lang.say("credited"))
        return
    days = (invoice.due_on - invoice.issued_on).days
    due = lang.say("terms_days", days=str(days)) if days else lang.say("terms_at_once")
    if invoice.instalments:
        due = lang.say("terms_parts")
    points = number(lang, invoice.late_interest_points)
    yield Fact(lang.say("terms"), f"{due} {lang.say('late_interest', points=points)}")


def _slip(lang: Language, invoice: Invoice) -> Slip | None:
    """Say how to pay; nothing is to be paid on a credit note or where all is free."""
    if invoice.kind != "invoice" or invoice.payable.minor <= 0 or not invoice.number:
        return None
    code = payment_code(invoice)
    return Slip(
        title=lang.say("pay_by", date=day(lang, invoice.due_on)),
        amount=money(lang, due_first(invoice)),
        facts=facts(lang, _accounts(invoice)),
        code=code.payload if code else "",
        code_label=lang.say(code.label) if code else "",
    )


def _accounts(invoice: Invoice) -> Iterator[tuple[str, str]]:
    """Name the accounts that fit: Bankgiro and OCR at home in SEK, IBAN and RF otherwise."""
    bank = invoice.seller.bank
    swedish = invoice.currency == "SEK" and (bank.bankgiro or bank.plusgiro)
    if swedish:
        yield "bankgiro", bankgiro(bank.bankgiro)
        yield "plusgiro", plusgiro(bank.plusgiro)
        yield "ocr", invoice.ocr
    if not swedish or invoice.buyer.address.country != invoice.seller.address.country:
        yield "iban", in_fours(bank.iban)
        yield "bic", bank.bic
        yield "rf", in_fours(invoice.rf)
