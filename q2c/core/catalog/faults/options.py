"""Everything that can be wrong with the options of a product or bundle."""

from collections.abc import Iterator

from q2c.core.catalog.bundles import Bundle
from q2c.core.catalog.faults.figures import Known, choice_faults
from q2c.core.catalog.products import OptionGroup, Product
from q2c.core.fault import Fault


def option_faults(record: Product | Bundle, known: Known) -> Iterator[Fault]:
    """Say everything that is wrong with the option groups of a product or bundle."""
    seen: set[str] = set()
    for number, group in enumerate(record.options):
        path = f"options.{number}"
        if group.id in seen:
            message = f"There is a group '{group.id}' already."
            yield record.fault("double-id", message, f"{path}.id", "Give one of them another id.")
        seen.add(group.id)
        yield from _count_faults(record, path, group)
        yield from _choices_faults(record, path, group, known)


def _count_faults(record: Product | Bundle, path: str, group: OptionGroup) -> Iterator[Fault]:
    """Say where the numbers of a group do not go together."""
    choices = len(group.choices)
    most = choices if group.max is None else group.max
    if group.min > most or most > choices:
        message = (
            f"'{group.id}' has {choices} choices, and of them {group.min} to {most} are taken."
        )
        remedy = "Let min be at most max, and max at most the number of choices."
        where = "max" if most > choices else "min"
        yield record.fault("option-count", message, f"{path}.{where}", remedy)
    chosen = sum(choice.default for choice in group.choices)
    if chosen and not group.min <= chosen <= most:
        message = (
            f"{chosen} choices of '{group.id}' are defaults, and {group.min} to {most} may be."
        )
        remedy = "Mark as many with 'default: true' as may be chosen."
        yield record.fault("option-defaults", message, path, remedy)


def _choices_faults(
    record: Product | Bundle, path: str, group: OptionGroup, known: Known
) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, choice in enumerate(group.choices):
        at = f"{path}.choices.{number}"
        yield from choice_faults(record, at, choice, known)
        if choice.product == record.id:
            message = f"'{record.id}' cannot be an option of itself."
            remedy = "Take it out of its own options."
            yield record.fault("option-itself", message, f"{at}.product", remedy)
        if choice.product in seen:
            message = f"'{choice.product}' is twice in the group '{group.id}'."
            yield record.fault("double-id", message, f"{at}.product", "Keep one of the two.")
        seen.add(choice.product)
