"""Rules of EN 16931 on amounts, days and codes, as far as q2c can break them.

By their ids in the rules of CEN/TC 434 (EN 16931-1, chapter 6.4).
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from q2c.core.einvoice.codes import MEDIA_TYPES
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.rules.rule import (
    ANEW,
    Rule,
    added,
    amount,
    day,
    each_line,
    lacks,
    lines,
    unless,
    where,
)
from q2c.core.einvoice.saying import groups, text
from q2c.core.money import CURRENCIES

_DECIMALS = 2
# Currencies that the code list of EN 16931 has given up: the lev, for the euro.
_GONE: Final = frozenset({"BGN"})


def _rate_is_off(found: Group) -> Iterator[str]:
    """Find VAT that is a whole unit or more from its rate times its base (BR-CO-17)."""
    for row in groups(found, "BG-23"):
        exact = amount(row, "BT-116") * amount(row, "BT-119") / 100
        if abs(abs(amount(row, "BT-117")) - abs(round(exact, _DECIMALS))) >= 1:
            yield f"{amount(row, 'BT-119'):f} %"


def _base_is_off(found: Group) -> Iterator[str]:
    """Find taxable amounts that are not what the lines of their category and rate come to."""
    for row in groups(found, "BG-23"):
        kind = text(row, "BT-118"), amount(row, "BT-119")
        same = (one for one in lines(found) if (text(one, "BT-151"), amount(one, "BT-152")) == kind)
        if added(same, "BT-131") != amount(row, "BT-116"):
            yield f"{kind[0]} {kind[1]:f} %"


def _many_decimals(found: Group) -> bool:
    """Say whether an amount has more decimals than amounts of EN 16931 have."""
    amounts = [amount(line, "BT-131") for line in lines(found)]
    amounts += [amount(found, term) for term in ("BT-106", "BT-110", "BT-112", "BT-115")]
    return any(round(one, _DECIMALS) != one for one in amounts)


def _adds_up(total: str, *parts: str) -> Callable[[Group], bool]:
    """Ask whether a total is its parts together; one after a minus is taken off."""

    def holds(found: Group) -> bool:
        sum_ = Decimal(0)
        for part in parts:
            sum_ += -amount(found, part[1:]) if part.startswith("-") else amount(found, part)
        return sum_ == amount(found, total)

    return holds


def _owed(found: Group) -> bool:
    return amount(found, "BT-115") > 0


def _ends_before(first: str, last: str) -> Callable[[Group], bool]:
    def broken(found: Group) -> bool:
        begins, ends = day(found, first), day(found, last)
        return begins is not None and ends is not None and ends < begins

    return broken


RULES: Final = (
    Rule(
        id="BR-02",
        breaks=lacks("BT-1"),
        say="The invoice has no number.",
        remedy="Only what is issued has one: run q2c invoice run.",
    ),
    Rule(
        id="BR-CL-04",
        breaks=lambda found: [
            code for code in (text(found, "BT-5"),) if code not in CURRENCIES - _GONE
        ],
        say="There is no currency {what} (ISO 4217).",
        remedy="Invoice in one that there is, such as EUR.",
    ),
    Rule(
        id="BR-DEC-23",
        breaks=lambda found: [text(found, "BT-5")] if _many_decimals(found) else [],
        say="Amounts in {what} have more than two decimals.",
        remedy="Send these invoices as PDF: write invoicing.einvoice: none for the customer.",
    ),
    Rule(
        id="BR-27",
        breaks=each_line(lambda _, line: amount(line, "BT-146") < 0),
        say="The price of line {what} is negative.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-29",
        breaks=lambda found: [""] if _ends_before("BT-73", "BT-74")(found) else [],
        say="The period ends before it begins.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-30",
        breaks=each_line(lambda _, line: _ends_before("BT-134", "BT-135")(line)),
        say="The period of line {what} ends before it begins.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-53",
        breaks=where(lambda found: "BT-6" in found, lacks("BT-111")),
        say="The VAT is not said in the seller's currency.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-61",
        breaks=where(lambda found: text(found, "BT-81") in {"30", "58"}, lacks("BG-17")),
        say="It is to be paid by transfer, and no account is said.",
        remedy="Write bank.iban or bank.bankgiro into company.yaml.",
        about="company",
        field="bank",
    ),
    Rule(
        id="BR-CL-24",
        breaks=lambda found: [
            text(one, "BT-122")
            for one in groups(found, "BG-24")
            if "BT-125" in one and text(one, "BT-125-1") not in MEDIA_TYPES.values()
        ],
        say="{what} is of a kind that cannot go along inside an e-invoice.",
        remedy="Attach it as PDF, PNG, JPEG, CSV, XLSX or ODS.",
    ),
    Rule(
        id="BR-CO-10",
        breaks=unless(lambda found: added(lines(found), "BT-131") == amount(found, "BT-106")),
        say="The lines do not add up to their total.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-CO-13",
        breaks=unless(_adds_up("BT-109", "BT-106", "-BT-107", "BT-108")),
        say="The total without VAT is not that of the lines.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-CO-14",
        breaks=unless(
            lambda found: added(groups(found, "BG-23"), "BT-117") == amount(found, "BT-110")
        ),
        say="The VAT of the rates does not add up to the VAT of the invoice.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-CO-15",
        breaks=unless(_adds_up("BT-112", "BT-109", "BT-110")),
        say="The total with VAT is not the total without it and the VAT.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-CO-16",
        breaks=unless(_adds_up("BT-115", "BT-112", "-BT-113", "BT-114")),
        say="What is to be paid is not the total less what is paid already, as it is rounded.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-CO-17",
        breaks=_rate_is_off,
        say="The VAT at {what} is a whole unit or more from the rate times its base.",
        remedy="Round VAT once for each rate: billing.vat_rounding: category in company.yaml.",
    ),
    Rule(
        id="BR-S-08",
        breaks=_base_is_off,
        say="The taxable amount of {what} is not what its lines come to.",
        remedy=ANEW,
    ),
    Rule(
        id="BR-CO-25",
        breaks=where(_owed, lacks("BT-9", "BT-20")),
        say="It is not said by when the invoice is to be paid.",
        remedy=ANEW,
    ),
)
