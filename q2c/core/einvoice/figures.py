"""The main figures of an e-invoice, under plain names, and whether its sums agree."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.core.einvoice.group import Group
from q2c.core.einvoice.saying import groups, text


class Trader(Struct, frozen=True, kw_only=True):
    """A seller or a buyer as an e-invoice names it."""

    name: str
    vat_id: str
    org_number: str
    electronic_address: str
    street: str
    postal_code: str
    city: str
    country: str
    contact: str
    email: str
    iban: str


class Item(Struct, frozen=True, kw_only=True):
    """A line of an e-invoice."""

    id: str
    name: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    net: Decimal | None
    vat: str
    vat_rate: Decimal | None


class Figures(Struct, frozen=True, kw_only=True):
    """What an e-invoice says that people look for first; an amount that is not said is null."""

    number: str
    issued_on: date | None
    due_on: date | None
    currency: str
    seller: Trader
    buyer: Trader
    net: Decimal | None
    vat: Decimal | None
    total: Decimal | None
    prepaid: Decimal | None
    payable: Decimal | None
    payment_reference: str
    iban: str
    account: str
    buyer_reference: str
    order_reference: str
    contract_reference: str
    credits: tuple[str, ...]
    lines: tuple[Item, ...]


def figures(terms: Group) -> Figures:
    """Give the main figures of an e-invoice or order."""
    accounts = [text(one, "BT-84") for one in groups(terms, "BG-17")]
    return Figures(
        number=text(terms, "BT-1"),
        issued_on=day(terms, "BT-2"),
        due_on=day(terms, "BT-9"),
        currency=text(terms, "BT-5"),
        seller=seller(terms),
        buyer=buyer(terms),
        net=number(terms, "BT-109"),
        vat=number(terms, "BT-110"),
        total=number(terms, "BT-112"),
        prepaid=number(terms, "BT-113"),
        payable=number(terms, "BT-115"),
        payment_reference=text(terms, "BT-83"),
        iban=_iban_paid(terms),
        account=next(filter(None, accounts), ""),
        buyer_reference=text(terms, "BT-10"),
        order_reference=text(terms, "BT-13"),
        contract_reference=text(terms, "BT-12"),
        credits=tuple(text(one, "BT-25") for one in groups(terms, "BG-3")),
        lines=tuple(map(_item, groups(terms, "BG-25"))),
    )


def seller(terms: Group) -> Trader:
    """Give the seller; its trading name where no other is said."""
    return Trader(
        name=text(terms, "BT-27") or text(terms, "BT-28"),
        vat_id=text(terms, "BT-31"),
        org_number=text(terms, "BT-30"),
        electronic_address=_address(terms, "BT-34"),
        street=text(terms, "BT-35"),
        postal_code=text(terms, "BT-38"),
        city=text(terms, "BT-37"),
        country=text(terms, "BT-40"),
        contact=text(terms, "BT-41"),
        email=text(terms, "BT-43"),
        iban=_iban_paid(terms),
    )


def buyer(terms: Group) -> Trader:
    """Give the buyer; its trading name where no other is said."""
    return Trader(
        name=text(terms, "BT-44") or text(terms, "BT-45"),
        vat_id=text(terms, "BT-48"),
        org_number=text(terms, "BT-47"),
        electronic_address=_address(terms, "BT-49"),
        street=text(terms, "BT-50"),
        postal_code=text(terms, "BT-53"),
        city=text(terms, "BT-52"),
        country=text(terms, "BT-55"),
        contact=text(terms, "BT-56"),
        email=text(terms, "BT-58"),
        iban=_iban(text(terms, "BT-91")),
    )


def number(terms: Group, term: str) -> Decimal | None:
    """Give a term that is a number."""
    found = terms.get(term)
    return found if isinstance(found, Decimal) else None


def day(terms: Group, term: str) -> date | None:
    """Give a term that is a day."""
    found = terms.get(term)
    return found if isinstance(found, date) else None


def _address(terms: Group, term: str) -> str:
    scheme, address = text(terms, f"{term}-1"), text(terms, term)
    return f"{scheme}:{address}" if scheme and address else address


def _iban_paid(terms: Group) -> str:
    """Give the first IBAN that can be paid to."""
    accounts = (_iban(text(one, "BT-84")) for one in groups(terms, "BG-17"))
    return next(filter(None, accounts), "")


def _iban(account: str) -> str:
    """Give an account without blanks if it is an IBAN, which begins with a country."""
    joined = "".join(account.split())
    return joined if joined[:2].isalpha() else ""


def _item(line: Group) -> Item:
    return Item(
        id=text(line, "BT-126"),
        name=text(line, "BT-153"),
        quantity=number(line, "BT-129"),
        unit=text(line, "BT-130"),
        unit_price=number(line, "BT-146"),
        net=number(line, "BT-131"),
        vat=text(line, "BT-151"),
        vat_rate=number(line, "BT-152"),
    )


# What every invoice and order has, by the rules BR-02, BR-06, BR-07 and BR-16 of EN 16931-1.
_ALWAYS = {
    "BT-1": "number",
    "BT-27": "seller's name",
    "BT-44": "buyer's name",
    "BG-25": "line",
}
# What each total is made of, by the rules BR-CO-10 to BR-CO-16 of EN 16931-1.
_SUMS = (
    ("BT-106", "the lines", "BG-25", "BT-131"),
    ("BT-107", "the allowances", "BG-20", "BT-92"),
    ("BT-108", "the charges", "BG-21", "BT-99"),
    ("BT-110", "the rates' VAT", "BG-23", "BT-117"),
)
_TOTALS = (
    ("BT-109", "lines, charges and allowances", ("BT-106", "BT-108"), "BT-107"),
    ("BT-112", "the total without VAT and the VAT", ("BT-109", "BT-110"), ""),
    ("BT-115", "the total, its rounding and what is paid", ("BT-112", "BT-114"), "BT-113"),
)


def unsaid(terms: Group) -> Iterator[str]:
    """Say which particulars are missing that every invoice and order has."""
    if missing := [f"no {what} ({term})" for term, what in _ALWAYS.items() if term not in terms]:
        yield f"there is {', '.join(missing)}"


def disagreements(terms: Group) -> Iterator[str]:
    """Say which sums do not come to what is stated; nothing where the parts are not there."""
    for term, what, group, part in _SUMS:
        amounts = [_or_nothing(one, part) for one in groups(terms, group)]
        if amounts:
            yield from _differs(terms, term, what, sum(amounts, Decimal(0)))
    for term, what, added, less in _TOTALS:
        if added[0] in terms:
            made = sum((_or_nothing(terms, one) for one in added), Decimal(0))
            yield from _differs(terms, term, what, made - _or_nothing(terms, less))


def _or_nothing(terms: Group, term: str) -> Decimal:
    return number(terms, term) or Decimal(0)


def _differs(terms: Group, term: str, what: str, made: Decimal) -> Iterator[str]:
    stated = number(terms, term)
    if stated is not None and stated != made:
        yield f"{what} come to {made:f}, and {stated:f} is stated ({term})"
