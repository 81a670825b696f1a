"""Invoices and credit notes as PDF, with every particular that the law wants on them.

Directive 2006/112/EC art. 226, for Sweden chapter 17 of mervärdesskattelagen (2023:200).
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from q2c.core.invoice import Invoice
from q2c.documents.draw import drawn
from q2c.documents.invoicelines import lines_table, with_vat
from q2c.documents.language import Language, amount, day, money, number, period
from q2c.documents.look import Look
from q2c.documents.partial import (
    deducted,
    kind_of,
    parts_of,
    rest_taxed,
    title_of,
)
from q2c.documents.parts import (
    block,
    facts,
    footer,
    info,
    sums,
)
from q2c.documents.paying import slip_of
from q2c.documents.payment_codes import owed_on
from q2c.documents.pdf import Attached
from q2c.documents.sheet import Bill, Fact, Sheet, Slip, Sums
from q2c.documents.swiss import swiss_bill


def invoice_pdf(invoice: Invoice, look: Look, attached: Sequence[Attached] = ()) -> bytes:
    """Draw an invoice or a credit note, in which some files travel, such as its XML."""
    return drawn(invoice_sheet(invoice, look), look, attached)


def invoice_sheet(invoice: Invoice, look: Look) -> Sheet:
    """Write out everything that an invoice or a credit note says."""
    lang, seller, kind = look.language, invoice.seller, kind_of(invoice)
    title, bill = title_of(lang, invoice), _bill(lang, invoice)
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
        text=look.intro(kind),
        notes=tuple(_notes(lang, invoice, look.letter(kind))),
        slip=None if bill else _slip(lang, invoice),
        bill=bill,
        footer=footer(look, seller, invoice.buyer),
        page=lang.say("page"),
        mark="" if invoice.number else lang.say("preview"),
    )


def _sums(lang: Language, invoice: Invoice) -> Sums:
    """Write the totals, down to what is to be paid."""
    label = "to_credit" if invoice.original else "to_pay"
    remarks = [*rest_taxed(lang, invoice), *_home(lang, invoice)]
    if invoice.in_words:
        remarks.append(f"{lang.say('in_words')}: {invoice.in_words}")
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


def _bill(lang: Language, invoice: Invoice) -> Bill | None:
    """Give the Swiss QR-bill of an invoice, where it can have one."""
    owed = owed_on(invoice)
    return swiss_bill(owed, lang.code) if owed and invoice.number else None


def _slip(lang: Language, invoice: Invoice) -> Slip | None:
    """Say how to pay; nothing is to be paid on a credit note or where all is free."""
    owed = owed_on(invoice)
    if owed is None or not invoice.number:
        return None
    return slip_of(lang, owed, lang.say("pay_by", date=day(lang, invoice.due_on)))
