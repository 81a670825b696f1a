"""The catalogue: everything that its files hold together, by id."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from q2c.core.catalog.bundles import Bundle
from q2c.core.catalog.discounts import Policy, Promotion, Schedule
from q2c.core.catalog.products import Product
from q2c.core.catalog.rules import Rule


class CatalogFile(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """What one catalogue file holds."""

    products: tuple[Product, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    rules: tuple[Rule, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    policy: Policy | None = None


class Catalog(Struct, frozen=True):
    """All that is sold, by id, with the rules of putting it together and the discounts on it."""

    products: Mapping[str, Product]
    bundles: Mapping[str, Bundle] = {}
    rules: tuple[Rule, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    policy: Policy = Policy()


def gathered(files: Iterable[CatalogFile]) -> Catalog:
    """Put the files of a catalogue together; of a policy said twice the last holds."""
    found = list(files)
    said = [file.policy for file in found if file.policy]
    return Catalog(
        products={product.id: product for file in found for product in file.products},
        bundles={bundle.id: bundle for file in found for bundle in file.bundles},
        rules=tuple(rule for file in found for rule in file.rules),
        schedules=tuple(schedule for file in found for schedule in file.schedules),
        promotions=tuple(promotion for file in found for promotion in file.promotions),
        policy=said[-1] if said else Policy(),
    )
