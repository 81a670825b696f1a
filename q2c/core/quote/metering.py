"""How use on a line is counted and billed, frozen when it is quoted."""

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import LARGEST_PRICE, Product, Window
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money
from q2c.core.period import Alignment, Day, Every, last_of
from q2c.core.pricing import Market, Rate, rate_of
from q2c.core.quote.configure import Wanted
from q2c.core.quote.draft import Draft, Pledge

LASTING = frozenset({"term"})
Usable = Callable[[Rate], Rate]  # takes off it what comes off the line


class GroupRate(Struct, frozen=True, forbid_unknown_fields=True):
    """The rate of use whose properties have these values."""

    match: dict[str, str]
    rate: Rate

    def fits(self, group: dict[str, str]) -> bool:
        """Say whether use with these properties is meant."""
        return self.match.items() <= group.items()


class Commitment(Struct, frozen=True, forbid_unknown_fields=True):
    """What is owed at least in each billing period or year, or over the whole term."""

    amount: Money
    per: Window


class Metering(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The terms of metered use: its meter, its days and periods, rates by group, what is owed."""

    meter: str
    first: Day
    last: Day | None = None
    every: Every = "month"
    align: Alignment = "calendar"
    accumulate: Window = "period"
    groups: tuple[GroupRate, ...] = ()
    commitment: Commitment | None = None


def metering_of(
    draft: Draft, wanted: Wanted, first: Day, market: Market, usable: Usable
) -> Metering | None:
    """Gather the terms of metered use of a line: as the draft says, else as the product has them.

    Refuses a commitment where nothing is metered, and what runs over a term without one.
    """
    product, asked, path = wanted.product, wanted.asked, f"lines.{wanted.part}"
    terms = product.metered
    if terms is None or product.meter is None:
        if _own(wanted) is not None:
            message = f"A commitment is for metered use, and {product.id} is not metered."
            fault = draft.fault("not-metered", message, f"{path}.commitment", "Take it away.")
            raise Invalid(fault)
        return None
    term = wanted.term or asked.term or draft.term
    last = last_of(term or "", first)
    commitment = _commitment(draft, wanted, market.currency)
    windows = {terms.accumulate, commitment.per if commitment else "period"}
    if last is None and windows & LASTING:
        message = f"'{product.id}' is counted over the whole term, so the line needs one."
        raise Invalid(Fault("term-needed", message, draft.place(path), "Write term: 12 months."))
    return Metering(
        meter=product.meter,
        first=first,
        last=last,
        every=terms.every,
        align=terms.align,
        accumulate=terms.accumulate,
        groups=tuple(
            GroupRate(group.match, usable(_rate(product, number, market)))
            for number, group in enumerate(terms.by_group)
        ),
        commitment=commitment,
    )


def _rate(product: Product, number: int, market: Market) -> Rate:
    """Give the rate of a group: the product's, with the prices of the group."""
    assert product.metered is not None, product
    group = product.metered.by_group[number]
    priced = replace(product, price=group.price, tiers=group.tiers, percent=group.percent)
    rate = rate_of(priced, replace(market, customer=None, lists=()))
    origin = f"catalogue price of {product.id} for {told(group.match)}"
    return replace(rate, origin=origin, source=product.source(f"metered.by_group.{number}"))


def told(group: dict[str, str]) -> str:
    """Say in words which use is meant: `model large, region eu`."""
    return ", ".join(f"{name} {value}" for name, value in sorted(group.items()))


def _own(wanted: Wanted) -> Pledge | None:
    """Give what the line itself commits to; it is not its options' affair."""
    return None if wanted.option or wanted.added_by else wanted.asked.commitment


def _commitment(draft: Draft, wanted: Wanted, currency: str) -> Commitment | None:
    terms, own = wanted.product.metered, _own(wanted)
    least = terms.commitment if terms else None
    if own is not None:
        if not 0 < own.amount < LARGEST_PRICE:
            message = f"A commitment is above 0 and below {LARGEST_PRICE:,}, not {own.amount:,f}."
            path = f"lines.{wanted.part}.commitment.amount"
            remedy = "Write the least that is owed, without VAT."
            raise Invalid(draft.fault("bad-price", message, path, remedy))
        return Commitment(Money.of(own.amount, currency), own.per)
    if least is None:
        return None
    return Commitment(Money.of(least.amount.get(currency, Decimal(0)), currency), least.per)
