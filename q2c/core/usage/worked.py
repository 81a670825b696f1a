"""What was worked or paid for a charge, row by row, as a time report tells it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.money import Money
from q2c.core.order import Delivery

# How hours are reported beside an invoice: as pages, as rows, or not at all.
TimeReport = Literal["", "pdf", "csv"]


class Worked(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Hours that a person worked on a day as they were recorded, or what was paid."""

    date: date
    person: str = ""
    role: str = ""
    project: str = ""
    note: str = ""
    hours: Decimal = Decimal(0)
    paid: Money | None = None


def worked_of(deliveries: Iterable[Delivery]) -> tuple[Worked, ...]:
    """Give the rows of deliveries in the order of their days."""
    rows = [
        Worked(
            date=one.date,
            person=one.person,
            role=one.role,
            project=one.project,
            note=one.note,
            hours=Decimal(0) if one.paid else one.quantity,
            paid=one.paid,
        )
        for one in deliveries
    ]
    return tuple(sorted(rows, key=lambda row: (row.date, row.person)))
