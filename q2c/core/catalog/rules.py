"""Rules of configuration: what must, must not or shall come together, in the author's words."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.catalog.products import Choice
from q2c.core.party import Id, LongText
from q2c.core.trace import Sourced


class When(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a rule looks for on a quote; all that is written must hold.

    `has` and `any` name products, bundles or families: all of the first, one of the second.
    `lacks` are those that are not there. `at_least` and `at_most` bound quantities, added up
    over the lines. `segments` are the customer's.
    """

    has: tuple[Id, ...] = ()
    any: tuple[Id, ...] = ()
    lacks: tuple[Id, ...] = ()
    at_least: dict[Id, Decimal] = {}
    at_most: dict[Id, Decimal] = {}
    segments: tuple[Id, ...] = ()


class Rule(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where `when` holds: what is required, excluded and added, and what is said.

    `require` wants all of its ids on the quote, `require_any` one of them; `exclude` none.
    `add` puts lines on the quote that are not there yet. A rule with nothing of this alerts:
    it says its words and refuses nothing.
    """

    id: Id
    when: When
    require: tuple[Id, ...] = ()
    require_any: tuple[Id, ...] = ()
    exclude: tuple[Id, ...] = ()
    add: tuple[Choice, ...] = ()
    say: Annotated[LongText, Meta(description="What the seller is told.")]

    @property
    def alerts(self) -> bool:
        """Say whether it only speaks."""
        return not (self.require or self.require_any or self.exclude or self.add)
