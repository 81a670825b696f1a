"""How work on a line is counted and charged, frozen when it is quoted."""

from decimal import Decimal

from msgspec import Struct

from q2c.core.catalog.products import LARGEST_PRICE, LARGEST_QUANTITY, Product
from q2c.core.catalog.working import Rounding
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money
from q2c.core.quote.draft import Draft, DraftLine

# Charges that hours are recorded on, and that a cap can bound.
HOURLY = frozenset({"hourly"})
CAPPED = frozenset({"hourly", "expense"})


class Allowance(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Prepaid hours: how many a unit of what recurs grants, for how long, the price beyond.

    Of hours that are billed with the order there are as many as the line has.
    """

    hours: Decimal = Decimal(0)
    expires: str = ""
    rollover: Decimal | None = None
    overage: Decimal


class Working(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The terms of work: prices by role or person, rounding of hours, a cap, prepaid hours."""

    rates: dict[str, Decimal] = {}
    rounding: Rounding | None = None
    cap: Money | None = None
    prepaid: Allowance | None = None

    def __hash__(self) -> int:
        return hash((frozenset(self.rates.items()), self.rounding, self.cap, self.prepaid))


def working_of(
    draft: Draft, part: int, asked: DraftLine, product: Product, currency: str
) -> Working | None:
    """Gather the terms of work of a line: as the draft says, else as the product has them."""
    path = f"lines.{part}"
    _refuse_misplaced(draft, path, asked, product)
    found = Working(
        rates=_rates(draft, path, asked, product, currency),
        rounding=asked.rounding or product.rounding,
        cap=_cap(draft, path, asked, currency),
        prepaid=_allowance(draft, path, product, currency),
    )
    return None if found == Working() else found


def _refuse_misplaced(draft: Draft, path: str, asked: DraftLine, product: Product) -> None:
    """Refuse terms of work where no hours are recorded, or that are no figures."""
    for key, said, fits in (
        ("rates", asked.rates, HOURLY),
        ("rounding", asked.rounding, HOURLY),
        ("cap", asked.cap, CAPPED),
    ):
        if said and product.charge not in fits:
            message = f"'{key}' is for {' or '.join(sorted(fits))} lines, and {product.id} is not."
            raise Invalid(draft.fault("not-hourly", message, f"{path}.{key}", "Take it away."))
    if asked.rounding and not 0 < asked.rounding.step <= 24:  # noqa: PLR2004 - hours of a day
        message = f"Hours are rounded to steps above 0 and up to 24, not {asked.rounding.step:f}."
        at = f"{path}.rounding.step"
        raise Invalid(draft.fault("bad-step", message, at, "Write 0.25 for a quarter of an hour."))


def _rates(
    draft: Draft, path: str, asked: DraftLine, product: Product, currency: str
) -> dict[str, Decimal]:
    own = {who: prices[currency] for who, prices in product.rates.items() if currency in prices}
    lacking = sorted(product.rates.keys() - own.keys() - asked.rates.keys())
    if lacking:
        message = f"{product.id} has no price in {currency} for {', '.join(lacking)}."
        at = f"{path}.product"
        raise Invalid(draft.fault("no-price", message, at, "Write one in its rates."))
    for who, price in asked.rates.items():
        if not 0 <= price < LARGEST_PRICE:
            message = f"A price is from 0 to below {LARGEST_PRICE:,}, not {price:,f}."
            raise Invalid(draft.fault("bad-price", message, f"{path}.rates.{who}", _PRICE))
    return dict(sorted({**own, **asked.rates}.items()))


_PRICE = "Write the price of one hour."


def _cap(draft: Draft, path: str, asked: DraftLine, currency: str) -> Money | None:
    if asked.cap is None:
        return None
    if not 0 < asked.cap < LARGEST_QUANTITY:
        message = f"A cap is above 0 and below {LARGEST_QUANTITY:,}, not {asked.cap:,f}."
        remedy = "Write the most that is charged, without VAT."
        raise Invalid(draft.fault("bad-price", message, f"{path}.cap", remedy))
    return Money.of(asked.cap, currency)


def _allowance(draft: Draft, path: str, product: Product, currency: str) -> Allowance | None:
    terms = product.prepaid
    if terms is None:
        return None
    overage = terms.overage.get(currency)
    if overage is None and product.charge == "hourly":
        overage = product.price.get(currency)
    if overage is None:
        message = f"{product.id} does not say in {currency} what an hour beyond the prepaid costs."
        remedy = f"Write  overage: {{{currency}: …}}  in its prepaid."
        raise Invalid(Fault("no-price", message, draft.place(f"{path}.product"), remedy))
    return Allowance(
        hours=terms.hours or Decimal(0),
        expires=terms.expires or "",
        rollover=terms.rollover,
        overage=overage,
    )
