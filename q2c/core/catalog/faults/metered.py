"""Everything that can be wrong with how a product is metered, and with the credits it grants."""

from collections.abc import Iterator

from q2c.core.catalog.faults.figures import (
    climb,
    percent_faults,
    price_faults,
    quantity_faults,
    tiers_order,
)
from q2c.core.catalog.metered import GroupPrice
from q2c.core.catalog.products import PERCENTAGES, Product
from q2c.core.catalog.tiers import Prices
from q2c.core.fault import Fault

GRANTING = frozenset({"one-off", "recurring"})


def metered_faults(product: Product) -> Iterator[Fault]:
    """Say everything that is wrong with the metering of a product and with its grants."""
    if product.metered is not None:
        yield from _charge_faults(product)
        for number, group in enumerate(product.metered.by_group):
            yield from _group_faults(product, group, f"metered.by_group.{number}")
        yield from _commitment_faults(product)
    if product.grants is not None:
        yield from _grant_faults(product)


def _charge_faults(product: Product) -> Iterator[Fault]:
    if product.charge != "usage":
        message = f"Only usage is metered, and the charge of '{product.id}' is {product.charge}."
        yield product.fault("metered-use", message, "metered", "Write charge: usage and a meter.")
    if product.model == "flat" and product.metered and product.metered.accumulate != "period":
        message = "A flat price has no tiers or free units that could accumulate."
        remedy = "Leave accumulate out."
        yield product.fault("metered-use", message, "metered.accumulate", remedy)


def _group_faults(product: Product, group: GroupPrice, path: str) -> Iterator[Fault]:
    """Say where the price of a group is not of the product's charge model."""
    wanted = "tiers" if product.tiers else "percent" if product.percent is not None else "price"
    said = {"price": bool(group.price), "tiers": bool(group.tiers)}
    said["percent"] = group.percent is not None
    if [name for name, there in said.items() if there] != [wanted]:
        message = f"A group of a {product.model} product has its own '{wanted}', and nothing else."
        yield product.fault("group-price", message, path, f"Write {wanted}: as the product has it.")
        return
    yield from price_faults(product, f"{path}.price", group.price)
    if group.price:
        yield from _lacking(product, f"{path}.price", group.price)
    if group.percent is not None:
        yield from percent_faults(product, f"{path}.percent", group.percent)
    if group.tiers and not climb(tier.up_to for tier in group.tiers):
        yield tiers_order(product, f"{path}.tiers")
    for number, tier in enumerate(group.tiers):
        yield from price_faults(product, f"{path}.tiers.{number}.unit_price", tier.unit_price)
        yield from price_faults(product, f"{path}.tiers.{number}.flat", tier.flat)
        if product.model not in PERCENTAGES:
            yield from _lacking(product, f"{path}.tiers.{number}", product.by_tier(tier))


def _commitment_faults(product: Product) -> Iterator[Fault]:
    if product.metered and product.metered.commitment:
        amounts = product.metered.commitment.amount
        yield from price_faults(product, "metered.commitment.amount", amounts)
        yield from _lacking(product, "metered.commitment.amount", amounts)


def _lacking(product: Product, path: str, given: Prices) -> Iterator[Fault]:
    """Say in which currencies of the product a figure is missing."""
    if lacking := product.currencies() - given.keys():
        names = ", ".join(sorted(lacking)[:3])
        message = f"It has no figure in {names}, and the product is priced so."
        yield product.fault("no-price", message, path, "Write one for each currency.")


def _grant_faults(product: Product) -> Iterator[Fault]:
    grants = product.grants
    assert grants is not None, product
    if product.charge not in GRANTING:
        message = f"Credits are sold once or again and again, and this charge is {product.charge}."
        remedy = "Write charge: one-off or charge: recurring."
        yield product.fault("credit-grant", message, "grants", remedy)
    yield from quantity_faults(product, "grants.quantity", grants.quantity)
    if product.charge == "recurring" and grants.expires:
        message = "What is granted in each billing period can be used in that period."
        remedy = "Take expires away; rollover says how much of it moves on."
        yield product.fault("credit-grant", message, "grants.expires", remedy)
    if grants.rollover is not None and (product.charge != "recurring" or grants.rollover < 0):
        message = "Only what is granted period by period moves on, and not less than nothing of it."
        yield product.fault("credit-grant", message, "grants.rollover", "Take rollover away.")
