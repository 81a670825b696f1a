"""What VAT comes to: totals by category and rate, and the ways to round them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal, Protocol

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money, allocate, rounded, total
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
        groups.setdefault(kind_of(how), []).append(net)
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


class Taxable(Protocol):
    """A line that is taxed; `with_vat` is what it costs where its price includes VAT."""

    @property
    def treatment(self) -> Treatment:
        """How it is taxed."""

    @property
    def net(self) -> Money:
        """What it costs without VAT."""

    @property
    def with_vat(self) -> Money | None:
        """What it costs with VAT, if that is what was agreed."""


def vat_of(
    lines: Iterable[Taxable], currency: str, rounding: Rounding = EN_16931
) -> tuple[VatTotal, ...]:
    """Total lines by category and rate, as `vat_totals` does.

    The VAT of prices that include it is what they are more than their net, to the minor unit.
    """
    every = list(lines)
    rows = vat_totals(((line.treatment, line.net) for line in every), currency, rounding)
    if not any(line.with_vat for line in every):
        return rows
    rest = ((line.treatment, line.net) for line in every if line.with_vat is None)
    added = {kind_of(row): row.vat for row in vat_totals(rest, currency, rounding)}
    for line in every:
        if line.with_vat is not None:
            kind = kind_of(line.treatment)
            added[kind] = added.get(kind, Money(0, currency)) + line.with_vat - line.net
    return tuple(replace(row, vat=added[kind_of(row)]) for row in rows)


def nets_of(lines: Sequence[Taxable], rounding: Rounding = EN_16931) -> list[Money]:
    """Give the nets of lines so that VAT is taken once out of what all prices with it come to.

    Parts of a price add up to its net, so one alone may be a minor unit off; where all of a
    category and rate together are off, what is left after VAT is shared anew. Of VAT that is
    rounded by line each line is one for itself.
    """
    found = [line.net for line in lines]
    kinds: dict[tuple[_Kind, int], list[tuple[int, Money]]] = {}
    for place, line in enumerate(lines):
        if line.with_vat:
            alone = place if rounding.vat == "line" else 0
            kinds.setdefault((kind_of(line.treatment), alone), []).append((place, line.with_vat))
    for ((_, rate, *_), _), priced in kinds.items():
        whole = total((price for _, price in priced), priced[0][1].currency)
        inside = rounding.minor(Fraction(rate) / (100 + Fraction(rate)) * whole.minor)
        left = replace(whole, minor=whole.minor - inside)
        if whole.minor and left != total((found[place] for place, _ in priced), whole.currency):
            shares = allocate(left, [price.minor for _, price in priced])
            for (place, _), share in zip(priced, shares, strict=True):
                found[place] = share
    return found


def kind_of(one: Treatment | VatTotal) -> tuple[Category, Decimal, str, str]:
    """Give what is totalled together: category, rate, and the reason where there is no VAT."""
    return one.category, one.rate, one.code, one.reason


def vat_inside(amounts: Iterable[tuple[Treatment, Money]], currency: str) -> tuple[VatTotal, ...]:
    """Total amounts that include VAT by category and rate, and take the VAT out of each total.

    It is rounded once, and what is left is the taxable amount: together they are the total.
    """
    rows = vat_totals(amounts, currency)
    found = []
    for row in rows:
        inside = row.base.share(Fraction(row.rate) / (100 + Fraction(row.rate)))
        found.append(replace(row, base=row.base - inside, vat=inside))
    return tuple(found)


def without_vat(amounts: Sequence[tuple[Treatment, Money]]) -> list[Money]:
    """Take the VAT out of amounts that include it, once for each category and rate.

    What is left of each kind is shared by its amounts, the last minor units by largest
    remainder: 500.00 at 25 % is 400.00, and 100.02 is 80.02, which no price without VAT reaches.
    """
    nets = [amount for _, amount in amounts]
    for row in vat_inside(amounts, nets[0].currency) if nets else ():
        places = [n for n, (how, _) in enumerate(amounts) if kind_of(how) == kind_of(row)]
        if row.vat.minor:
            shares = allocate(row.base, [nets[place].minor for place in places])
            for place, share in zip(places, shares, strict=True):
                nets[place] = share
    return nets


def to_steps(amount: Money, rounding: Rounding) -> Money:
    """Say what is added to an amount, or taken off it, so that it comes in steps of cash."""
    if not rounding.cash:
        return Money(0, amount.currency)
    step = Money.of(rounding.cash, amount.currency).minor
    return Money(
        rounding.minor(Fraction(amount.minor, step)) * step - amount.minor, amount.currency
    )
