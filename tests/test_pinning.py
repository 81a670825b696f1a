"""Prices that are kept: what a price by hand can hold, and that nothing else is claimed."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from msgspec.structs import replace

from q2c.core.catalog import Bundle, Product
from q2c.core.fault import Stale
from q2c.core.quote import Discount, Draft, DraftLine, Offer, Priced, Segment, priced
from q2c.core.quote.pinning import Pin, pins, refuse_moved
from tests.drafts import STARTS, attempted, draft, offer, quotes
from tests.values import day, kr

Found = tuple[Draft, Offer, Priced]


def raised(prices: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {currency: price * Decimal("1.17") for currency, price in prices.items()}


def dearer(shelf: Offer) -> Offer:
    """Raise every price of products and bundles by 17 per cent."""
    products: dict[str, Product] = {}
    for id_, one in shelf.catalog.products.items():
        tiers = tuple(replace(tier, unit_price=raised(tier.unit_price)) for tier in one.tiers)
        products[id_] = replace(one, price=raised(one.price), tiers=tiers)
    bundles: dict[str, Bundle] = {
        id_: replace(one, price=raised(one.price)) for id_, one in shelf.catalog.bundles.items()
    }
    return replace(shelf, catalog=replace(shelf.catalog, products=products, bundles=bundles))


def pinned(found: Draft, some: list[Pin]) -> Draft:
    """Write prices into a draft."""
    lines = list(found.lines)
    for pin in some:
        part = int(pin.path[1])
        if "ramp" in pin.path:
            ramp, at = list(lines[part].ramp), int(pin.path[3])
            ramp[at] = replace(ramp[at], price=pin.price)
            lines[part] = replace(lines[part], ramp=tuple(ramp))
        else:
            lines[part] = replace(lines[part], price=pin.price)
    return replace(found, lines=tuple(lines))


@given(quotes())
def test_what_has_not_moved_needs_no_price(found: Found) -> None:
    asked, shelf, quote = found
    assert pins(asked, quote, quote, shelf.catalog.bundles) == []
    refuse_moved(quote, quote)


@given(quotes())
def test_prices_are_kept_to_the_minor_unit_or_the_line_is_named(found: Found) -> None:
    asked, shelf, shown = found
    now = attempted(asked, dearer(shelf))
    if now is None:  # an amount is no longer what it was of
        return
    try:
        some = pins(asked, shown, now, shelf.catalog.bundles)
    except Stale:
        return  # the line is named
    again = attempted(pinned(asked, some), dearer(shelf))
    if again is None:
        return
    try:
        refuse_moved(shown, again)
    except Stale:
        return  # the command writes nothing then
    assert again.net == shown.net


def kept(asked: Draft, shelf: Offer) -> tuple[Priced, Priced, list[Pin]]:
    """Keep the prices of a draft though everything became dearer."""
    shown, later = priced("Q-1", asked, shelf), dearer(shelf)
    some = pins(asked, shown, priced("Q-1", asked, later), shelf.catalog.bundles)
    again = priced("Q-1", pinned(asked, some), later)
    refuse_moved(shown, again)
    return shown, again, some


def test_a_ramp_keeps_the_price_of_each_segment() -> None:
    """12.345 a month, less 5 % from five units, less 3 % in autumn: 12.345 × 0.95 × 0.97."""
    months = (Segment(first=STARTS), Segment(first=day("2026-06-01"), quantity=Decimal(5)))
    asked = draft(DraftLine(product="addon", ramp=months, term="12 months"))
    shown, again, some = kept(asked, offer())
    assert again.net == shown.net
    assert some == [
        Pin(("lines", 0, "ramp", 0, "price"), Decimal("11.3759175")),
        Pin(("lines", 0, "ramp", 1, "price"), Decimal("11.3759175")),
    ]


def test_a_flat_price_and_a_discount_by_hand_are_kept() -> None:
    off = (Discount(percent=Decimal(10)),)
    shown, again, some = kept(draft(DraftLine(product="setup", discounts=off)), offer())
    assert (shown.net, again.net) == (kr("4499.55"), kr("4499.55"))
    assert some == [Pin(("lines", 0, "price"), Decimal("4999.5"))]


def test_an_option_whose_price_moved_is_named() -> None:
    asked = draft(DraftLine(product="seat", options=("addon",), term="12 months"))
    with pytest.raises(Stale, match="Add-on costs"):
        kept(asked, offer())
