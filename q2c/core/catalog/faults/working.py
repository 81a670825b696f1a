"""What can be wrong with the terms of work of a product: rates, rounding, prepaid hours."""

from collections.abc import Iterator
from decimal import Decimal

from q2c.core.catalog.faults.figures import price_faults, quantity_faults
from q2c.core.catalog.products import Product
from q2c.core.catalog.working import Prepaid
from q2c.core.fault import Fault

HOURS_OF_A_DAY = Decimal(24)


def working_faults(product: Product) -> Iterator[Fault]:
    """Say what is wrong with the terms of work of a product."""
    for key in ("rates", "rounding"):
        if getattr(product, key) and product.charge != "hourly":
            message = f"'{key}' is for hourly products, and '{product.id}' is {product.charge}."
            yield product.fault("not-hourly", message, key, "Take it away, or charge by the hour.")
    for who, prices in product.rates.items():
        yield from price_faults(product, f"rates.{who}", prices)
    if product.rounding and not 0 < product.rounding.step <= HOURS_OF_A_DAY:
        step = product.rounding.step
        message = f"Hours are rounded to steps above 0 and up to 24, not {step:f}."
        remedy = "Write 0.25 for a quarter of an hour."
        yield product.fault("bad-step", message, "rounding.step", remedy)
    if product.prepaid:
        yield from _prepaid_faults(product, product.prepaid)


def _prepaid_faults(product: Product, terms: Prepaid) -> Iterator[Fault]:
    recurs = product.charge == "recurring"
    if not recurs and (product.charge, product.billed) != ("hourly", "on-order"):
        message = f"'{product.id}' is not paid before it is used, so nothing of it is prepaid."
        remedy = "Write 'charge: recurring', or 'charge: hourly' with 'bill: on-order'."
        yield product.fault("not-prepaid", message, "prepaid", remedy)
    if recurs == (terms.hours is None):
        message = "What recurs says how many hours a period has; hours by themselves are counted."
        at = "prepaid.hours" if terms.hours is not None else "prepaid"
        yield product.fault("not-prepaid", message, at, "Write  hours: 10  at what recurs alone.")
    if terms.rollover is not None and not recurs:
        message = "Hours are saved for the next billing period, and only what recurs has one."
        yield product.fault("not-prepaid", message, "prepaid.rollover", "Write 'expires' alone.")
    if terms.expires and recurs:
        message = "Hours of a billing period end with it."
        yield product.fault("not-prepaid", message, "prepaid.expires", "Write 'rollover' alone.")
    yield from price_faults(product, "prepaid.overage", terms.overage)
    if recurs and (lacking := product.currencies() - terms.overage.keys()):
        names = ", ".join(sorted(lacking))
        message = f"'overage' has no price in {names} of an hour beyond the prepaid ones."
        yield product.fault("no-price", message, "prepaid", f"Write  overage: {{{names}: …}}.")
    if terms.hours is not None:
        yield from quantity_faults(product, "prepaid.hours", terms.hours)
    if terms.rollover is not None and terms.rollover:
        yield from quantity_faults(product, "prepaid.rollover", terms.rollover)
