"""Meters on disk: `meters.yaml`, and what of the catalogue is not in it."""

from collections.abc import Iterable, Iterator

from q2c.core.catalog import Catalog, Product
from q2c.core.fault import Fault, nearest
from q2c.core.usage.metering import Meter, Meters, meter_faults
from q2c.store.records import read_file
from q2c.store.tree import Tree

METERS = "meters.yaml"


def read_meters(tree: Tree) -> tuple[Meter, ...]:
    """Read what counts of events; refuse what cannot be. Without the file there are none."""
    if not tree.exists(METERS):
        return ()
    return read_file(tree, METERS, Meters, lambda found: meter_faults(found.meters)).meters


def metered_faults(catalog: Catalog, meters: Iterable[Meter]) -> Iterator[Fault]:
    """Say where a product is billed by a meter that is not there, or a group that it has not."""
    known = {meter.id: meter for meter in meters}
    for product in catalog.products.values():
        named = product.meter if product.metered else None
        granted = product.grants.meter if product.grants else None
        for meter, path in ((named, "meter"), (granted, "grants.meter")):
            if meter and meter not in known:
                message = f"There is no meter '{meter}'."
                remedy = nearest(meter, known) or f"Write it in {METERS}."
                yield product.fault("unknown-meter", message, path, remedy)
        if named in known:
            yield from _group_faults(product, known[named or ""])


def _group_faults(product: Product, meter: Meter) -> Iterator[Fault]:
    assert product.metered is not None, product
    for number, group in enumerate(product.metered.by_group):
        for name in sorted(group.match.keys() - set(meter.groups)):
            message = f"The meter '{meter.id}' does not tell use apart by '{name}'."
            remedy = f"Write it in the groups of the meter in {METERS}."
            path = f"metered.by_group.{number}"
            yield product.fault("group-price", message, path, remedy)
