"""Discounts that the catalogue gives: schedules by volume or term, and promotions."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from q2c.core.catalog.products import Scope, Validity
from q2c.core.catalog.tiers import Prices
from q2c.core.party import Id, Text
from q2c.core.trace import Sourced

Code = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z0-9][A-Z0-9_-]{0,63}$",
        extra_json_schema={
            "x-fault": "bad-code",
            "x-say": "A code has only capitals A-Z, digits, - and _, and at most 64 of them",
            "x-remedy": "Write one such as WINTER26.",
        },
    ),
]


class Band(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    omit_defaults=True,
    rename={"least": "from"},
):
    """What a schedule takes off from a quantity, an amount or a number of months upward.

    `percent` of the price, or `amount` off each unit in each billing period.
    """

    least: Annotated[Decimal, Meta(description="The least that it holds for.")] = Decimal(0)
    percent: Decimal | None = None
    amount: Prices = {}


class Schedule(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A discount that grows in bands: by quantity, by amount, or by the months of the term.

    `across: quote` adds the lines in its scope up before it looks for the band; `line` looks at
    each by itself. With `apply: whole` the band that is reached holds for all of it (a range),
    with `slices` each part of the quantity has its own band (a slab).
    """

    id: Id
    name: Text = ""
    by: Literal["quantity", "amount", "term"] = "quantity"
    across: Literal["line", "quote"] = "line"
    apply: Literal["whole", "slices"] = "whole"
    scope: Scope = Scope()
    segments: tuple[Id, ...] = ()
    valid: Validity | None = None
    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]


class Promotion(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A reduction for a time: by itself, or for those who give its code.

    `percent` is taken off each line in its scope. `amount` is taken off them together once, or,
    where it lasts for `periods` or `forever`, off each of them in each billing period.
    `duration` is about what recurs: its first period, so many periods, or the whole term; where
    it is not said a percentage lasts forever and an amount comes off once.
    An `exclusive` one stands alone, where that is better than all others together.
    """

    id: Id
    name: Text = ""
    code: Code | None = None
    percent: Decimal | None = None
    amount: Prices = {}
    scope: Scope = Scope()
    segments: tuple[Id, ...] = ()
    valid: Validity | None = None
    duration: Literal["once", "periods", "forever"] | None = None
    periods: Annotated[int, Meta(ge=1, le=999)] | None = None
    max_redemptions: Annotated[int, Meta(ge=1)] | None = None
    per_customer: Annotated[int, Meta(ge=1)] | None = None
    first_order_only: bool = False
    exclusive: bool = False

    @property
    def lasts(self) -> Literal["once", "periods", "forever"]:
        """How long it lasts, as written or as is usual."""
        return self.duration or ("once" if self.amount else "forever")


class Policy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where the trade reads a price in more than one way: which of them is meant.

    `stacking`: schedules and promotions all apply one after another, or only the best of them.
    `order`: within a stage amounts come off before percentages (100 less 5, less 10 %, less
    30 % is 59.85), or percentages first (58.00), or as they are written. `percentages` of a
    stage come off what the one before left (compound), or are added up first (sum).
    `at_zero`: a quantity of nothing costs nothing, or the fees that come without a unit: the
    first tier's flat fee, the fixed part, the minimum.
    """

    stacking: Literal["all", "best"] = "all"
    order: Literal["amounts-first", "percentages-first", "as-written"] = "amounts-first"
    percentages: Literal["compound", "sum"] = "compound"
    at_zero: Literal["nothing", "fees"] = "nothing"
