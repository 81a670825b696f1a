"""Clearance: the approvals that a version was sent with, kept in it as they were on that day."""

from decimal import Decimal

from msgspec import Struct


class Grant(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that asked for an approval, and who gave it."""

    rule: str
    by: tuple[str, ...]


class Clearance(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a version was judged by when it was sent, and the approvals that it had.

    `rules` is the SHA-256 of the `approvals.yaml` of that day; `credit` are the figures that do
    not follow from the version itself: what the customer owed, its limit, the rate between them.
    """

    rules: str = ""
    credit: dict[str, Decimal] = {}
    granted: tuple[Grant, ...] = ()
