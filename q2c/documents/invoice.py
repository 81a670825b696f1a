"""Invoices and credit notes as PDF, with every particular that the law wants on them.

Directive 2006/112/EC art. 226, for Sweden chapter 17 of mervärdesskattelagen (2023:200).
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from operator import add
from typing import Final

from msgspec.structs import replace

from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money, decimals
from q2c.core.period import Period
from q2c.documents.draw import drawn
from q2c.documents.language import Language, amount, day, money, number, percent, period, unit
from q2c.documents.look import Look
from q2c.documents.partial import (
    deducted,
    due_first,
    parts_of,
    rest_taxed,
    title_of,
)
from q2c.documents.parts import (
    average,
    bankgiro,
    block,
    facts,
    footer,
    in_fours,
    info,
    plusgiro,
    several_untaxed,
    sums,
    vat_rate,
)
from q2c.documents.payment_codes import payment_code
from q2c.documents.sheet import Column, Fact, Row, Sheet, Slip, Sums, Table

_RIGHT: Final = {"quantity", "unit_price", "vat", "net"}


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
        table=_table(invoice, look),
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
    if _with_vat(invoice):
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


def _with_vat(invoice: Invoice) -> bool:
    """Say whether all prices include VAT, so that its lines are shown with it."""
    return all(line.with_vat is not None for line in invoice.lines)


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


def _table(invoice: Invoice, look: Look) -> Table:
    lang, names = look.language, look.theme.columns
    several = several_untaxed(invoice.vat)
    inclusive = _with_vat(invoice)
    cells = {**_CELLS, "net": _with_vat_cell} if inclusive else _CELLS
    running = accumulate((shown(line, inclusive=inclusive) for line in invoice.lines), add)
    rows, before = list[Row](), ""
    for agreed, sum_ in zip(invoice.lines, running, strict=True):
        line = agreed if inclusive else _without_vat(agreed)
        order = line.source.partition("/")[0]
        rows += _heading(lang, invoice, order if order != before else "", names)
        before = order
        said = None if "period" in names else invoice.supplied
        row = Row(
            cells=tuple(cells[name](lang, line, several) for name in names),
            notes=(*_small_print(lang, line, said), *_as_agreed(lang, agreed, line)),
            running=amount(lang, sum_),
        )
        rows.append(row)
    keys = ("with_vat" if inclusive and name == "net" else name for name in names)
    titles = (lang.say(f"column_{key}").format(currency=invoice.currency) for key in keys)
    return Table(
        columns=tuple(
            Column(title, right=name in _RIGHT, gives_way=name == "name")
            for name, title in zip(names, titles, strict=True)
        ),
        rows=tuple(rows),
        carried=lang.say("carried"),
        brought=lang.say("brought"),
    )


def shown(line: InvoiceLine, *, inclusive: bool) -> Money:
    """Give the amount of a line as it is shown: with VAT where all prices include it."""
    return line.with_vat if inclusive and line.with_vat is not None else line.net


def _without_vat(line: InvoiceLine) -> InvoiceLine:
    """Give a line as it is shown beside others whose prices do not include VAT: as they are."""
    if line.with_vat is None:
        return line
    return replace(line, unit_price=None, gross=None, with_vat=None)


def _as_agreed(lang: Language, line: InvoiceLine, shown_: InvoiceLine) -> Iterator[str]:
    """Say what a line costs with VAT, if that was agreed and is not what is shown of it."""
    if line.with_vat is not None and shown_.with_vat is None:
        word = lang.say("column_with_vat", currency=line.net.currency)
        yield f"{word}: {amount(lang, line.with_vat)}"


def _with_vat_cell(lang: Language, line: InvoiceLine, _several: bool) -> str:  # noqa: FBT001 - as _CELLS has it
    return amount(lang, shown(line, inclusive=True))


def _heading(lang: Language, invoice: Invoice, begins: str, names: Sequence[str]) -> Iterator[Row]:
    """Head the first line of an order where there are several, with what is said of it."""
    section = next((one for one in invoice.sections if one.order == begins), None)
    if section is None:
        return
    told = (
        ("our_order", section.order),
        ("your_order", "" if section.po == invoice.po else section.po),
        ("cost_centre", "" if section.cost_centre == invoice.cost_centre else section.cost_centre),
    )
    said = [f"{lang.say(key)} {word}" for key, word in told if word]
    head = " · ".join([*said, *([section.title] if section.title else [])])
    yield Row(
        cells=tuple(head if name == "name" else "" for name in names), heading=True, keeps=True
    )


def quantity(lang: Language, line: InvoiceLine) -> str:
    """Write a quantity; of a percentage it is an amount and written as one."""
    if line.percent is not None:
        return amount(lang, Money.of(line.quantity, line.net.currency))
    return number(lang, line.quantity)


def unit_price(lang: Language, line: InvoiceLine) -> str:
    """Write the price of a unit before discounts; where tiers made it, the average if exact."""
    places = decimals(line.net.currency)
    if line.percent is not None:
        return percent(lang, line.percent)
    if line.unit_price is not None:
        return number(lang, line.unit_price, places)
    exact, price = _average(line)
    return number(lang, price, places) if exact and price is not None else ""


def _average(line: InvoiceLine) -> tuple[bool, Decimal | None]:
    """Give the average price of a unit; none where nothing is left to pay of the units."""
    if not line.quantity:
        return True, None
    return average(line.gross or shown(line, inclusive=True), line.quantity)


_CELLS: Final[dict[str, Callable[[Language, InvoiceLine, bool], str]]] = {
    "position": lambda _, line, __: line.id,
    "product": lambda _, line, __: line.product,
    "name": lambda _, line, __: line.name,
    "period": lambda lang, line, _: period(lang, line.service or line.supplied),
    "quantity": lambda lang, line, _: quantity(lang, line),
    "unit": lambda lang, line, _: unit(lang, line.unit, line.quantity),
    "unit_price": lambda lang, line, _: unit_price(lang, line),
    "vat": lambda lang, line, several: vat_rate(lang, line.treatment, several=several),
    "net": lambda lang, line, _: amount(lang, line.net),
}


def _small_print(lang: Language, line: InvoiceLine, said: Period | None) -> Iterator[str]:
    """Say below a line what it is, when it was supplied, and its average price if need be.

    `said` is the period that stands above for the whole invoice; nothing if lines have a
    column for theirs.
    """
    if line.text:
        yield line.text
    if said and (line.service or line.supplied != said):
        yield period(lang, line.service or line.supplied)
    agreed = shown(line, inclusive=True)
    exact, price = _average(line)
    if line.unit_price is None and line.percent is None and price is not None and not exact:
        yield lang.say("average", price=number(lang, price, decimals(line.net.currency)))
    if line.gross is not None:
        yield _discount(lang, line.gross, agreed)


def _discount(lang: Language, gross: Money, net: Money) -> str:
    """Say what comes off the price of the units, or is added to it."""
    if net.minor > gross.minor:
        return lang.say(
            "plus_surcharge", gross=amount(lang, gross), amount=amount(lang, net - gross)
        )
    return lang.say("less_discount", gross=amount(lang, gross), amount=amount(lang, gross - net))


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
