"""Prices by currency, and the tiers that a price may have."""

from decimal import Decimal

from msgspec import Struct

from q2c.core.party import CurrencyCode

Prices = dict[CurrencyCode, Decimal]


class Tier(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A price up to and including a quantity; the last tier has no upper end.

    `flat` is owed once when the tier is reached; in a block it is the price of the block.
    `percent` is the price of a tier of a graduated percentage.
    """

    up_to: Decimal | None = None
    unit_price: Prices = {}
    flat: Prices = {}
    percent: Decimal | None = None
