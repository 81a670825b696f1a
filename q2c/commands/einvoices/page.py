"""An e-invoice as a page of text: parties, lines, VAT, totals, how to pay."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from q2c.commands.output import laid_out
from q2c.commands.visible import WIDE, visible, wrapped
from q2c.core.einvoice.figures import Figures, Trader, day, figures, number
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.saying import groups, text
from q2c.core.money import grouped

if TYPE_CHECKING:
    from q2c.exchange.einvoice import Read

TITLES = {"invoice": "Invoice", "credit-note": "Credit note", "order": "Order"}
OWED = {"invoice": "to pay", "credit-note": "to credit", "order": "to pay"}
SYNTAXES = {"ubl": "UBL", "cii": "CII"}
MARGIN = 12
HEADS = ("line", "name", "quantity", "unit", "price", "net", "VAT")
RIGHT = (False, False, True, False, True, True, True)


def page(one: "Read") -> str:
    """Write an e-invoice out, for a terminal of 80 columns."""
    told = figures(one.terms)
    parts = [
        _head(one, told),
        [*_party("seller", told.seller), *_party("buyer", told.buyer), *_references(one.terms)],
        _lines(told),
        [*_vat(one.terms), *_totals(one.terms, told, OWED[one.kind])],
        [*_payment(one.terms, told), *_enclosed(one.terms)],
    ]
    return "\n\n".join("\n".join(map(visible, part)) for part in parts if part)


def _head(one: "Read", told: Figures) -> list[str]:
    """Say what it is, of which day, and in which form it came."""
    due = f", due {told.due_on}" if told.due_on else ""
    named = told.number or "without a number"
    title = f"{TITLES[one.kind]} {named} of {told.issued_on or 'no day'}{due}"
    where = f" in {one.embedded}" if one.embedded else ""
    more = f", {one.skipped} elements of extensions skipped" if one.skipped else ""
    profile = text(one.terms, "BT-24")
    return [
        title,
        *wrapped(f"{SYNTAXES[one.syntax]}{where}{more}", WIDE),
        *([profile] if profile else []),
    ]


def _labelled(label: str, *texts: str) -> Iterator[str]:
    """Set texts beside a label, each on lines of its own."""
    for said in filter(None, texts):
        for line in wrapped(" ".join(said.split()), WIDE - MARGIN):
            yield f"{label:{MARGIN}}{line}"
            label = ""


def _party(label: str, trader: Trader) -> Iterator[str]:
    town = " ".join(filter(None, (trader.postal_code, trader.city)))
    numbers = (
        f"VAT {trader.vat_id}" if trader.vat_id else "",
        f"number {trader.org_number}" if trader.org_number else "",
        f"e-address {trader.electronic_address}" if trader.electronic_address else "",
    )
    yield from _labelled(
        label,
        trader.name,
        ", ".join(filter(None, (trader.street, town, trader.country))),
        ", ".join(filter(None, numbers)),
        ", ".join(filter(None, (trader.contact, trader.email))),
    )


def _references(terms: Group) -> Iterator[str]:
    """Say what the document refers to, and its notes."""
    for label, term in (
        ("your ref.", "BT-10"),
        ("order", "BT-13"),
        ("sales order", "BT-14"),
        ("contract", "BT-12"),
        ("project", "BT-11"),
        ("cost centre", "BT-19"),
    ):
        yield from _labelled(label, text(terms, term))
    for one in groups(terms, "BG-3"):
        of = day(one, "BT-26")
        yield from _labelled("about", f"{text(one, 'BT-25')}{f' of {of}' if of else ''}")
    starts, ends = day(terms, "BT-73"), day(terms, "BT-74")
    if starts or ends:
        yield from _labelled("period", f"{starts or ''} to {ends or ''}".strip())
    for one in groups(terms, "BG-1"):
        yield from _labelled("note", *text(one, "BT-22").splitlines())


def _amount(value: Decimal | None) -> str:
    return "" if value is None else grouped(value)


def _lines(told: Figures) -> list[str]:
    rows = [
        [
            line.id,
            visible(" ".join(line.name.split())),
            _amount(line.quantity),
            "" if line.unit == "C62" else line.unit,
            _amount(line.unit_price),
            _amount(line.net),
            _rate(line.vat, line.vat_rate),
        ]
        for line in told.lines
    ]
    return laid_out(HEADS, rows, RIGHT, WIDE) if rows else []


def _rate(category: str, rate: Decimal | None) -> str:
    """Write a VAT category and its rate: 25 % where VAT is charged, else the letter."""
    if rate is None or not rate:
        return category
    return (
        f"{rate.normalize():f} %" if category in ("", "S") else f"{category} {rate.normalize():f} %"
    )


def _vat(terms: Group) -> Iterator[str]:
    for one in groups(terms, "BG-20"):
        yield from _summed("less", one, "BT-92", "BT-97")
    for one in groups(terms, "BG-21"):
        yield from _summed("charge", one, "BT-99", "BT-104")
    for one in groups(terms, "BG-23"):
        rate = _rate(text(one, "BT-118"), number(one, "BT-119"))
        base, vat = _amount(number(one, "BT-116")), _amount(number(one, "BT-117"))
        reason = text(one, "BT-120")
        yield from _labelled("VAT", f"{rate} of {base}: {vat}{f', {reason}' if reason else ''}")


def _summed(label: str, one: Group, amount: str, reason: str) -> Iterator[str]:
    why = text(one, reason)
    yield from _labelled(label, f"{_amount(number(one, amount))}{f', {why}' if why else ''}")


def _totals(terms: Group, told: Figures, owed: str) -> Iterator[str]:
    """Set the totals under each other; those that are not said or come to nothing are left out."""
    other = number(terms, "BT-111")
    rows = [
        ("net", told.net, told.currency),
        ("VAT", told.vat, told.currency),
        ("VAT in", other, text(terms, "BT-6")),
        ("total", told.total, told.currency),
        ("paid before", told.prepaid or None, told.currency),
        ("rounding", number(terms, "BT-114") or None, told.currency),
        (owed, told.payable, told.currency),
    ]
    said = [
        (label, _amount(amount), currency) for label, amount, currency in rows if amount is not None
    ]
    wide = max((len(amount) for _, amount, _ in said), default=0)
    for label, amount, currency in said:
        yield f"{label:{MARGIN}}{amount:>{wide}} {currency}".rstrip()


def _payment(terms: Group, told: Figures) -> Iterator[str]:
    """Say how to pay: to which account, with which reference, and on which terms."""
    for one in groups(terms, "BG-17"):
        more = ", ".join(filter(None, (text(one, "BT-86"), text(one, "BT-85"))))
        yield from _labelled("account", f"{text(one, 'BT-84')}{f' ({more})' if more else ''}")
    yield from _labelled("reference", told.payment_reference)
    if text(terms, "BT-89"):
        yield from _labelled("mandate", text(terms, "BT-89"))
    yield from _labelled("card", text(terms, "BT-87"))
    yield from _labelled("terms", text(terms, "BT-20"))


def _enclosed(terms: Group) -> Iterator[str]:
    for one in groups(terms, "BG-24"):
        data, name = one.get("BT-125"), text(one, "BT-125-2") or text(one, "BT-122")
        size = f", {len(data):,} bytes" if isinstance(data, bytes) else ""
        yield from _labelled(
            "enclosed", f"{name}{size}{_after(one, 'BT-124')}{_after(one, 'BT-123')}"
        )


def _after(one: Group, term: str) -> str:
    return f", {text(one, term)}" if text(one, term) else ""
