"""What an invoice says, in the terms of EN 16931-1."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import PurePosixPath

from q2c.core.claim import Claim
from q2c.core.einvoice.codes import MEDIA_TYPES
from q2c.core.einvoice.formats import CII, PEPPOL, PROCESSES, SPECIFICATIONS, XRECHNUNG, Form
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.lines import category_of, line_terms
from q2c.core.einvoice.parties import buyer_terms, delivered_to, seller_terms
from q2c.core.einvoice.payment import payment_terms
from q2c.core.einvoice.phrases import phrase
from q2c.core.einvoice.saying import joined, said
from q2c.core.invoice import Invoice, Issue, issued
from q2c.core.money import Money, total, zero
from q2c.core.rates import ExchangeRate
from q2c.core.tax import Treatment, VatTotal

# UNTDID 1001: what a document is. A deposit is a prepayment invoice, in Germany a partial one
# (BR-DE-17, DE-R-017).
INVOICE, CREDIT_NOTE, PREPAYMENT, PARTIAL = "380", "381", "386", "326"


def stated(invoice: Invoice, form: Form, files: Mapping[str, bytes] = {}) -> Group:
    """State everything that an invoice or a credit note says, for a format.

    `files` are the bytes of what goes along by their paths; one that is not there, or of a kind
    that cannot go along (BR-CL-24), is named. Amounts of a credit note are positive, as q2c has
    them. The document's days are those of its lines (PEPPOL-EN16931-R110).
    """
    lines = tuple(line_terms(invoice, line) for line in invoice.lines)
    return said(
        {
            "BT-1": invoice.number,
            "BT-2": invoice.issued_on,
            "BT-3": _kind(invoice, form),
            "BT-5": invoice.currency,
            "BT-6": invoice.home.vat.currency if invoice.home else "",
            "BT-12": invoice.contract,
            "BT-13": invoice.po,
            "BT-14": invoice.order,
            "BT-19": invoice.cost_centre,
            "BG-1": _notes(invoice),
            "BT-23": PROCESSES.get(form, ""),
            "BT-24": SPECIFICATIONS[form],
            "BG-3": tuple(_preceding(invoice)),
            **seller_terms(invoice.seller, form, invoice.language),
            **buyer_terms(invoice.buyer, form),
            **_delivered(invoice, lines),
            **payment_terms(invoice),
            **_totals(invoice),
            "BG-23": tuple(_taxed(invoice.vat)),
            "BG-24": tuple(_attached(invoice, form, files)),
            "BG-25": lines,
        }
    )


def foreseen(claim: Claim, form: Form, rates: Sequence[ExchangeRate] = ()) -> Group:
    """State what the invoice of a claim will say, before it has a number; 0 stands for it.

    Refuses a foreign currency without a rate, as `issued` does.
    """
    return stated(issued(claim, Issue(number="0", look=""), rates), form)


def _kind(invoice: Invoice, form: Form) -> str:
    if invoice.kind == "credit-note":
        return CREDIT_NOTE
    if invoice.scheduled == "deposit":
        german = invoice.seller.address.country == invoice.buyer.address.country == "DE"
        return PARTIAL if form in XRECHNUNG or (german and form in PEPPOL) else PREPAYMENT
    return INVOICE


def _notes(invoice: Invoice) -> tuple[Group, ...]:
    """Say what has no term of its own, in one note (PEPPOL-EN16931-R002)."""
    language = invoice.language
    numbers = ", ".join(invoice.replaces)
    note = joined(
        (
            invoice.title,
            phrase("never sent", language) if invoice.void else "",
            invoice.reason,
            phrase("replaces", language, numbers=numbers) if numbers else "",
            *_exchanged(invoice),
        )
    )
    return ({"BT-22": note},) if note else ()


def _exchanged(invoice: Invoice) -> Iterator[str]:
    if home := invoice.home:
        yield phrase(
            "rate",
            invoice.language,
            currency=invoice.currency,
            rate=f"{home.rate.normalize():f}",
            home=home.vat.currency,
            day=home.rate_on,
            source=home.source,
        )


def _preceding(invoice: Invoice) -> Iterator[Group]:
    """Name the invoices that this one credits, deducts or takes the place of (BG-3)."""
    if first := invoice.original:
        yield {"BT-25": first.number, "BT-26": first.issued_on}
    else:
        for deposit in invoice.deposits:
            yield {"BT-25": deposit.number, "BT-26": deposit.issued_on}
        for number in invoice.replaces:
            yield {"BT-25": number}


def _delivered(invoice: Invoice, lines: Sequence[Group]) -> Group:
    """State the days of supply (BT-72, BG-14) and, if need be, where to (BG-15).

    Where goods go decides that they are supplied within the Union (BR-IC-11, BR-IC-12). What is
    billed before all of it is supplied has no day of delivery yet, and says the place instead.
    """
    firsts = [day for line in lines if isinstance(day := line.get("BT-134"), date)]
    lasts = [day for line in lines if isinstance(day := line.get("BT-135"), date)]
    first, last = min(firsts, default=None), max(lasts, default=None)
    done = last if last and last <= invoice.issued_on else None
    several = first != last or not done
    within = any(row.category == "K" for row in invoice.vat)
    place = delivered_to(invoice.buyer) if invoice.buyer.delivery or within or not done else {}
    days = {"BT-73": first, "BT-74": last} if several else {}
    return said({"BT-72": done, **days, **place})


def _totals(invoice: Invoice) -> Group:
    """State the totals (BG-22); deposits are what is paid already, with their VAT."""
    prepaid = invoice.total + _rounded(invoice) - invoice.payable
    return said(
        {
            "BT-106": invoice.net.amount,
            "BT-109": invoice.net.amount,
            "BT-110": invoice.tax.amount,
            "BT-111": _home_tax(invoice),
            "BT-112": invoice.total.amount,
            "BT-113": prepaid.amount if invoice.deposits else None,
            "BT-114": invoice.rounded.amount if invoice.rounded else None,
            "BT-115": invoice.payable.amount,
        }
    )


def _rounded(invoice: Invoice) -> Money:
    return invoice.rounded or zero(invoice.currency)


def _home_tax(invoice: Invoice) -> Decimal | None:
    """Give all VAT in the seller's currency: what is claimed, and what deposits had of it."""
    if invoice.home is None:
        return None
    currency = invoice.home.vat.currency
    before = total((one.home for one in invoice.deposits if one.home), currency)
    return (invoice.home.vat + before).amount


def _taxed(rows: Sequence[VatTotal]) -> Iterator[Group]:
    """State the VAT of each category and rate (BG-23), once each (BR-E-01 and its like)."""
    kinds = dict.fromkeys((_category(row), row.rate) for row in rows)
    for category, rate in kinds:
        same = [row for row in rows if (_category(row), row.rate) == (category, rate)]
        currency = same[0].base.currency
        reasons = dict.fromkeys(row.reason for row in same)
        codes = {row.code for row in same}
        yield said(
            {
                "BT-116": total((row.base for row in same), currency).amount,
                "BT-117": total((row.vat for row in same), currency).amount,
                "BT-118": category,
                "BT-119": rate,
                "BT-120": joined(reasons) if category not in {"S", "Z"} else "",
                "BT-121": codes.pop() if len(codes) == 1 else "",
            }
        )


def _category(row: VatTotal) -> str:
    return category_of(Treatment(category=row.category, rate=row.rate))


def _attached(invoice: Invoice, form: Form, files: Mapping[str, bytes]) -> Iterator[Group]:
    """State what goes along (BG-24); each file has a name of its own (BR-DE-22).

    CII has room for one file inside (CII-SR-476).
    """
    taken: set[str] = set()
    inside = 0
    for path in _enclosed(invoice):
        name = PurePosixPath(path).name
        while name in taken:
            name = f"_{name}"
        taken.add(name)
        media = MEDIA_TYPES.get(name.rpartition(".")[2].lower())
        if media and path in files and not (inside and form in CII):
            inside += 1
            data = files[path]
            yield {"BT-122": name, "BT-125": data, "BT-125-1": media, "BT-125-2": name}
        else:
            yield {"BT-122": name}


def _enclosed(invoice: Invoice) -> tuple[str, ...]:
    """Name the files that go along, each once: what is attached, and the report of hours."""
    report = f"{invoice.path}.time.{invoice.time_report}" if invoice.time_report else ""
    paths = (*(paper.path for paper in invoice.attachments), report)
    return tuple(dict.fromkeys(filter(None, paths)))
