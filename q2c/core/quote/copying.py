"""Copying: a draft of another quote as the beginning of a new one."""

from msgspec.structs import replace

from q2c.core.period import Day
from q2c.core.quote.draft import Draft
from q2c.core.quote.offer import Offer
from q2c.core.quote.reducing import promoted


def copied(draft: Draft, day: Day, until: Day, customer: str = "") -> Draft:
    """Give a draft's lines and terms to a quote of another day, for the same customer or another.

    The opportunity is only taken along for the same customer. A first day of service that is past
    and a stated exchange rate stay behind.
    """
    same = customer in ("", draft.customer)
    return replace(
        draft,
        customer=customer or draft.customer,
        opportunity=draft.opportunity if same else None,
        date=day,
        valid_until=until,
        starts=draft.starts if draft.starts and draft.starts >= day else None,
        exchange=None,
        file="",
        places="",
    )


def shut_codes(draft: Draft, offer: Offer) -> dict[str, str]:
    """Give the promotion codes of a draft that do not hold on its day, each with why."""
    shut: dict[str, str] = {}
    for code in draft.promotions:
        _, faults = promoted(replace(draft, promotions=(code,)), offer)
        if faults:
            shut[code] = faults[0].message
    return shut
