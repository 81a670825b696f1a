"""Rules of Peppol BIS Billing 3.0 that an invoice of q2c can break.

By their ids in the rules of OpenPEPPOL (release 3.0.20). XRechnung has taken up those of lines
and addresses.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from q2c.core.einvoice.codes import PEPPOL_EAS
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.rules.german import both_german
from q2c.core.einvoice.rules.numbers import SCHEMES, VAT_IDS
from q2c.core.einvoice.rules.rule import (
    ANEW,
    About,
    Breaks,
    Rule,
    added,
    amount,
    day,
    each_line,
    lacks,
    unless,
    where,
)
from q2c.core.einvoice.saying import groups, text

_SLACK: Final = Decimal("0.02")
_COMMON = "PEPPOL-COMMON-"
# The codes of UNTDID 1001 that process 01 takes.
_TYPES: Final = frozenset(
    """71 80 81 82 83 84 102 218 219 326 331 380 381 382 383 386 388 393 395 396 532 553 575 623
    780 817 870 875 876 877""".split()
)
_REASONS: Final = {
    "VATEX-EU-G": ("P0104", "G"),
    "VATEX-EU-O": ("P0105", "O"),
    "VATEX-EU-IC": ("P0106", "K"),
    "VATEX-EU-AE": ("P0107", "AE"),
}


def _identifiers(found: Group, *terms: str) -> Iterator[tuple[str, str]]:
    for term in terms:
        if number := text(found, term):
            yield text(found, f"{term}-1"), number


def _wrong(scheme: str, valid: Callable[[str], bool], *terms: str) -> Breaks:
    return lambda found: [
        number
        for name, number in _identifiers(found, *terms)
        if name == scheme and not valid(number)
    ]


def _wrong_vat(country: str, valid: Callable[[str], bool], term: str) -> Breaks:
    return lambda found: [
        number
        for number in (text(found, term),)
        if number.startswith(country) and not valid(number.removeprefix(country))
    ]


_PARTIES: Final[tuple[tuple[About, str, tuple[str, str], str], ...]] = (
    ("company", "company.yaml", ("BT-34", "BT-30"), "BT-31"),
    ("customer", "customers/{customer}.yaml", ("BT-49", "BT-47"), "BT-48"),
)


def _checked() -> Iterator[Rule]:
    """Make the rules of numbers that have a form, for both parties."""
    for about, file, terms, vat_id in _PARTIES:
        remedy = f"Correct electronic_address or org_number in {file}."
        for id_, scheme, valid, name in SCHEMES:
            breaks, say = _wrong(scheme, valid, *terms), "{what} is no " + f"{name}."
            yield Rule(id=_COMMON + id_, breaks=breaks, say=say, remedy=remedy, about=about)
        remedy = f"Correct vat_id in {file}."
        for id_, country, valid, name in VAT_IDS:
            breaks, say = _wrong_vat(country, valid, vat_id), "{what} is no " + f"{name}."
            yield Rule(
                id=_COMMON + id_, breaks=breaks, say=say, remedy=remedy, about=about, field="vat_id"
            )


def _no_participant(term: str) -> Breaks:
    return lambda found: [
        scheme for scheme in (text(found, term),) if scheme and scheme not in PEPPOL_EAS
    ]


def _line_is_off(_: Group, line: Group) -> bool:
    """Say whether a line is not its quantity times its price with what is taken off and added."""
    base = amount(line, "BT-149") or Decimal(1)
    price = amount(line, "BT-129") * amount(line, "BT-146") / base
    off, on = added(groups(line, "BG-27"), "BT-136"), added(groups(line, "BG-28"), "BT-141")
    return abs(price + on - off - amount(line, "BT-131")) > _SLACK


def _part_is_off(_: Group, line: Group) -> bool:
    """Say whether a percentage of a base is not the amount that is taken off or added."""
    rows = [("BT-136", "BT-137", "BT-138", one) for one in groups(line, "BG-27")]
    rows += [("BT-141", "BT-142", "BT-143", one) for one in groups(line, "BG-28")]
    return any(
        base in one
        and abs(amount(one, base) * amount(one, share) / 100 - amount(one, term)) > _SLACK
        for term, base, share, one in rows
    )


def _outside(first: str, last: str) -> Callable[[Group, Group], bool]:
    """Ask whether a day of a line is before or after those of the document."""

    def broken(found: Group, line: Group) -> bool:
        mine, whole = day(line, first), day(found, last)
        if mine is None or whole is None:
            return False
        return mine < whole if first == "BT-134" else mine > whole

    return broken


LINES: Final = (
    Rule(
        id="PEPPOL-EN16931-R040",
        breaks=each_line(_part_is_off),
        say="What comes off line {what} is not its percentage of its base.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-R110",
        breaks=each_line(_outside("BT-134", "BT-73")),
        say="The period of line {what} begins before that of the invoice.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-R111",
        breaks=each_line(_outside("BT-135", "BT-74")),
        say="The period of line {what} ends after that of the invoice.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-R120",
        breaks=each_line(_line_is_off),
        say="The amount of line {what} is not its quantity times its price, within 0.02.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-R121",
        breaks=each_line(lambda _, line: "BT-149" in line and amount(line, "BT-149") <= 0),
        say="The price of line {what} is for no units.",
        remedy=ANEW,
    ),
)
ADDRESSES: Final = (
    Rule(
        id="PEPPOL-EN16931-R020",
        breaks=lacks("BT-34"),
        say="The seller has no electronic address (BT-34).",
        remedy="Write electronic_address into company.yaml, such as 0007:5599991238.",
        about="company",
    ),
    Rule(
        id="PEPPOL-EN16931-R010",
        breaks=lacks("BT-49"),
        say="The buyer has no electronic address (BT-49).",
        remedy="Write electronic_address into customers/{customer}.yaml, such as "
        "0088:7300010000001.",
        about="customer",
    ),
)
RULES: Final = (
    Rule(
        id="PEPPOL-EN16931-R002",
        breaks=unless(lambda found: len(groups(found, "BG-1")) <= 1),
        say="The invoice has more than one note.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-R003",
        breaks=lacks("BT-10", "BT-13"),
        say="The invoice has neither the buyer's reference (BT-10) nor its order number (BT-13).",
        remedy="Write reference into customers/{customer}.yaml, or the order number where the "
        "order has none: invoicing.po.",
        about="customer",
        field="reference",
    ),
    Rule(
        id="PEPPOL-EN16931-R005",
        breaks=unless(lambda found: text(found, "BT-6") != text(found, "BT-5")),
        say="The currency of the VAT is that of the invoice, and is said twice.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-CL008",
        breaks=_no_participant("BT-34-1"),
        say="{what} is no scheme of participants in the Peppol network.",
        remedy="Write electronic_address in company.yaml as 0007:5599991238.",
        about="company",
        field="electronic_address",
    ),
    Rule(
        id="PEPPOL-EN16931-CL008",
        breaks=_no_participant("BT-49-1"),
        say="{what} is no scheme of participants in the Peppol network.",
        remedy="Write electronic_address in customers/{customer}.yaml as 0088:7300010000001.",
        about="customer",
        field="electronic_address",
    ),
    Rule(
        id="PEPPOL-EN16931-P0100",
        breaks=lambda found: [code for code in (text(found, "BT-3"),) if code not in _TYPES],
        say="A document of type {what} cannot be sent by the billing process.",
        remedy=ANEW,
    ),
    Rule(
        id="PEPPOL-EN16931-P0112",
        breaks=where(
            lambda found: not both_german(found),
            lambda found: [code for code in (text(found, "BT-3"),) if code in {"326", "384"}],
        ),
        say="A document of type {what} is only for German parties.",
        remedy=ANEW,
    ),
    *(
        Rule(
            id=f"PEPPOL-EN16931-{id_}",
            breaks=lambda found, code=code, category=category: [  # type: ignore[misc]  # its own
                code
                for row in groups(found, "BG-23")
                if text(row, "BT-121") == code and text(row, "BT-118") != category
            ],
            say="{what} is no reason of its VAT category.",
            remedy=ANEW,
        )
        for code, (id_, category) in _REASONS.items()
    ),
    *_checked(),
    *ADDRESSES,
    *LINES,
)
