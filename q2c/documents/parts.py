"""What all documents have in common: parties, foot, sums, and what a file says of itself."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from q2c.core.money import Money, total
from q2c.core.party import Party, Seller, compact
from q2c.core.quote import Clause
from q2c.core.tax import Treatment, VatTotal
from q2c.documents.flow import escaped
from q2c.documents.language import Language, address, amount, money, percent
from q2c.documents.look import Look
from q2c.documents.pdf import Info
from q2c.documents.sheet import Block, Fact, Sums

# An average price is shown with at most so many decimals.
_AVERAGE_PLACES: Final = 4
_FOOT: Final[dict[str, Callable[[Language, Seller], str]]] = {
    "name": lambda _, seller: seller.name,
    "phone": lambda lang, seller: _told(lang, "phone", seller.phone),
    "email": lambda _, seller: seller.email,
    "web": lambda _, seller: seller.web,
    "org_number": lambda lang, seller: _told(lang, "org_number", seller.org_number),
    "vat_id": lambda lang, seller: _told(lang, "vat_number", seller.vat_id),
    "f_tax": lambda lang, seller: lang.say("f_tax") if seller.f_tax else "",
    "seat": lambda lang, seller: _told(lang, "seat", seller.seat),
    "bankgiro": lambda lang, seller: _told(lang, "bankgiro", bankgiro(seller.bank.bankgiro)),
    "plusgiro": lambda lang, seller: _told(lang, "plusgiro", plusgiro(seller.bank.plusgiro)),
    "iban": lambda lang, seller: _told(lang, "iban", in_fours(seller.bank.iban)),
    "bic": lambda lang, seller: _told(lang, "bic", seller.bank.bic),
    "swish": lambda lang, seller: _told(lang, "swish", seller.bank.swish),
}


def _told(lang: Language, key: str, text: str) -> str:
    return f"{lang.say(key)} {text}" if text else ""


def facts(lang: Language, told: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    """Label what is told, by keys of the language file; leave out what is empty."""
    return tuple(Fact(lang.say(key), text) for key, text in told if text)


def block(lang: Language, party: Party, home: str, label: str = "") -> Block:
    """Write a party as it stands on an envelope."""
    return Block(label, party.name, address(lang, party.address, home))


def footer(look: Look, seller: Seller, buyer: Party) -> tuple[tuple[str, ...], ...]:
    """Write the foot of every page; to a buyer abroad with the seller's country."""
    columns = []
    for fields in look.theme.footer:
        lines: list[str] = []
        for field in fields:
            if field == "address":
                lines += address(look.language, seller.address, buyer.address.country)
            else:
                lines.append(_FOOT[field](look.language, seller))
        columns.append(tuple(line for line in lines if line))
    return tuple(columns)


class Issued(Protocol):
    """What quotes, contracts and invoices all have."""

    @property
    def seller(self) -> Seller: ...  # noqa: D102 - as the core has it
    @property
    def buyer(self) -> Party: ...  # noqa: D102 - as the core has it
    @property
    def commit(self) -> str: ...  # noqa: D102 - as the core has it
    @property
    def program(self) -> str: ...  # noqa: D102 - as the core has it


def info(look: Look, title: str, on: date, document: Issued) -> Info:
    """Say what a file is; of how it came about the commit and the program, nothing else."""
    told = (("commit", document.commit), ("q2c", document.program))
    return Info(
        title=title,
        author=document.seller.name,
        created=on,
        subject=document.buyer.name,
        keywords=", ".join(f"{name} {text}" for name, text in told if text),
        language=look.language.code,
    )


def sums(
    lang: Language,
    vat: Sequence[VatTotal],
    net: Money,
    label: str,
    remarks: Sequence[str] = (),
    above: Sequence[Fact] = (),
) -> Sums:
    """Write the totals: net, VAT and the sum that `label` names, and VAT by category and rate.

    What leads from the lines to the net stands `above` it.
    """
    tax = total((row.vat for row in vat), net.currency)
    totals = (
        *above,
        Fact(lang.say("net_total"), amount(lang, net)),
        Fact(lang.say("vat_total"), amount(lang, tax)),
        Fact(lang.say(label), money(lang, net + tax)),
    )
    several = several_untaxed(vat)
    return Sums(
        totals=totals,
        vat_head=(lang.say("vat_rate"), lang.say("vat_base"), lang.say("vat_amount")),
        vat=tuple(
            (vat_rate(lang, row, several=several), amount(lang, row.base), amount(lang, row.vat))
            for row in vat
        ),
        remarks=(*_reasons(lang, vat, several=several), *remarks),
    )


def _reasons(lang: Language, vat: Sequence[VatTotal], *, several: bool) -> list[str]:
    """Say why no VAT is charged, for each row without."""
    return [f"{vat_rate(lang, row, several=several)}: {row.reason}" for row in vat if row.reason]


def several_untaxed(vat: Sequence[VatTotal]) -> bool:
    """Say whether a rate alone does not tell the rows of the VAT table apart."""
    return len({row.category for row in vat if row.category != "S"}) > 1


def vat_rate(lang: Language, row: Treatment | VatTotal, *, several: bool) -> str:
    """Write a rate, with its category where several are not taxed."""
    letter = f"\u00a0{row.category}" if several and row.category != "S" else ""
    return f"{percent(lang, row.rate)}{letter}"


def clause_body(lang: Language, clauses: Sequence[Clause]) -> str:
    """Write clauses of one offer as Markdown, each as it stands, below a heading of their own."""
    if not clauses:
        return ""
    return "\n\n".join([f"## {lang.say('clauses')}", *(escaped(one.text) for one in clauses)])


def average(net: Money, quantity: Decimal) -> tuple[bool, Decimal]:
    """Give the average price of a unit, and whether nothing was rounded away."""
    exact = Fraction(net.amount) / Fraction(quantity)
    shown = Decimal(round(exact * 10**_AVERAGE_PLACES)).scaleb(-_AVERAGE_PLACES)
    return Fraction(shown) == exact, shown


def bankgiro(number: str) -> str:
    """Write a Bankgiro number with its dash before the last four digits."""
    digits = number.replace("-", "")
    return f"{digits[:-4]}-{digits[-4:]}" if digits else ""


def plusgiro(number: str) -> str:
    """Write a Plusgiro number: pairs of digits, a dash before the last."""
    digits = number.replace("-", "").replace(" ", "")
    body = digits[:-1]
    odd = len(body) % 2
    pairs = [body[:odd], *(body[at : at + 2] for at in range(odd, len(body), 2))]
    return f"{' '.join(filter(None, pairs))}-{digits[-1]}" if digits else ""


def in_fours(number: str) -> str:
    """Write an IBAN or a creditor reference in groups of four."""
    plain = compact(number)
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))
