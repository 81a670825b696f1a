"""The past: what was ordered before, as far as promotions count it."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from q2c.core.catalog import Catalog, Promotion
from q2c.core.fault import Fault, Stale
from q2c.core.quote.lines import Line, Reduced
from q2c.core.quote.offer import History


class Past(Struct, frozen=True):
    """An order of before: whose it is, and the promotions that were redeemed with it, by id."""

    customer: str
    promotions: tuple[str, ...] = ()


def looks_back(promotions: Iterable[Promotion]) -> bool:
    """Say whether any promotion depends on what was ordered before."""
    return any(p.max_redemptions or p.per_customer or p.first_order_only for p in promotions)


def used(lines: Iterable[Line], reduced: Iterable[Reduced]) -> tuple[str, ...]:
    """Name the promotions that took something off what counts."""
    counted = [line for line in lines if line.counts]
    own = [one.id for line in counted for one in line.reductions if one.stage == "promotion"]
    whole = [one.promotion for one in reduced if one.promotion and any(map(one.covers, counted))]
    return tuple(dict.fromkeys([*own, *whole]))


def history_of(past: Iterable[Past], customer: str) -> History:
    """Count what was redeemed and ordered before: in all, and by a customer."""
    redeemed: dict[str, int] = {}
    own: dict[str, int] = {}
    orders = 0
    for one in past:
        mine = one.customer == customer
        orders += mine
        for id_ in one.promotions:
            redeemed[id_] = redeemed.get(id_, 0) + 1
            if mine:
                own[id_] = own.get(id_, 0) + 1
    return History(redeemed=redeemed, own=own, orders=orders)


def refuse_used_up(used: Sequence[str], catalog: Catalog, history: History) -> None:
    """Refuse an acceptance whose promotions were used up since it was offered.

    A promotion that is no longer in the catalogue was agreed on when the version was sent.
    """
    chosen = [promo for promo in catalog.promotions if promo.id in used]
    if faults := [fault for promo in chosen for fault in _used_up(promo, history)]:
        raise Stale(*faults)


def _used_up(promo: Promotion, history: History) -> Iterator[Fault]:
    name, remedy = promo.code or promo.id, "Offer it without: take it out, and send it again."
    if promo.max_redemptions and history.redeemed.get(promo.id, 0) >= promo.max_redemptions:
        message = f"{name} was redeemed since as often as it may be: {promo.max_redemptions}."
        yield Fault("promotion-used-up", message, remedy=remedy)
    elif promo.per_customer and history.own.get(promo.id, 0) >= promo.per_customer:
        message = f"{name} was redeemed since as often as one customer may: {promo.per_customer}."
        yield Fault("promotion-used-up", message, remedy=remedy)
    elif promo.first_order_only and history.orders:
        message = f"{name} is for a first order, and this customer has ordered since."
        yield Fault("promotion-used-up", message, remedy=remedy)
