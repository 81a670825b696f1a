"""What VAT comes to: totals by category and rate, and the ways to round them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from msgspec import Struct

from q2c.core.money import Money, rounded, total
from q2c.core.tax.treating import Category, Treatment


class VatTotal(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The taxable amount of one category and rate, and the VAT on it."""

    category: Category
    rate: Decimal = Decimal(0)
    code: str = ""
    reason: str = ""
    base: Money
    vat: Money


class Rounding(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How a document rounds its VAT, and the steps `cash` that what is to be paid comes in.

    VAT is rounded once for each category and rate, for each line, or once for the document;
    half a minor unit goes away from zero or to the even one.
    """

    vat: Literal["category", "line", "document"] = "category"
    ties: Literal["away", "even"] = "away"
    cash: Decimal | None = None

    def minor(self, exact: Fraction) -> int:
        """Round an exact number of minor units."""
        if self.ties == "even":
            return round(exact)
        return rounded(exact.numerator, exact.denominator)


_Kind = tuple[Category, Decimal, str, str]
EN_16931 = Rounding()


def vat_totals(
    lines: Iterable[tuple[Treatment, Money]], currency: str, rounding: Rounding = EN_16931
) -> tuple[VatTotal, ...]:
    """Total net amounts by category and rate, and take the VAT of them; highest rate first.

    Rounded once for each total, half away from zero (EN 16931, BR-CO-17), if nothing else is said.
    """
    groups: dict[_Kind, list[Money]] = {}
    for how, net in lines:
        groups.setdefault((how.category, how.rate, how.code, how.reason), []).append(net)
    taxes = _TAXES[rounding.vat](groups, rounding)
    found = [
        VatTotal(
            category=category,
            rate=rate,
            code=code,
            reason=reason,
            base=total(nets, currency),
            vat=Money(minor, currency),
        )
        for ((category, rate, code, reason), nets), minor in zip(groups.items(), taxes, strict=True)
    ]
    return tuple(sorted(found, key=lambda row: (-row.rate, row.category, row.reason)))


def _exact(rate: Decimal, minor: int) -> Fraction:
    return Fraction(rate) * minor / 100


def _by_category(groups: Mapping[_Kind, Sequence[Money]], how: Rounding) -> list[int]:
    sums = ((key[1], sum(net.minor for net in nets)) for key, nets in groups.items())
    return [how.minor(_exact(rate, base)) for rate, base in sums]


def _by_line(groups: Mapping[_Kind, Sequence[Money]], how: Rounding) -> list[int]:
    return [
        sum(how.minor(_exact(key[1], net.minor)) for net in nets) for key, nets in groups.items()
    ]


def _by_document(groups: Mapping[_Kind, Sequence[Money]], how: Rounding) -> list[int]:
    """Round the VAT of all rates once; each has its own, and the largest remainders the rest."""
    exact = [_exact(key[1], sum(net.minor for net in nets)) for key, nets in groups.items()]
    taxes = [floor(one) for one in exact]
    left = how.minor(sum(exact, Fraction(0))) - sum(taxes)
    order = sorted(range(len(exact)), key=lambda n: (taxes[n] - exact[n], n))
    for n in order[:left]:
        taxes[n] += 1
    return taxes


_TAXES = {"category": _by_category, "line": _by_line, "document": _by_document}


def to_steps(amount: Money, rounding: Rounding) -> Money:
    """Say what is added to an amount, or taken off it, so that it comes in steps of cash."""
    if not rounding.cash:
        return Money(0, amount.currency)
    step = Money.of(rounding.cash, amount.currency).minor
    return Money(
        rounding.minor(Fraction(amount.minor, step)) * step - amount.minor, amount.currency
    )
