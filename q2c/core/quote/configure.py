"""Configuration: from what was asked for to what is sold, with every broken rule at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.catalog import (
    LARGEST_QUANTITY,
    Bundle,
    Catalog,
    Choice,
    OptionGroup,
    Product,
)
from q2c.core.fault import Fault, Invalid, Refused, nearest
from q2c.core.money import EXACT
from q2c.core.quote.draft import Draft, DraftLine

OPEN_ENDED = frozenset({"hourly", "usage", "expense"})
DEEPEST = 10  # bundles within bundles


class Wanted(Struct, frozen=True, kw_only=True):
    """So much of a product that is to be priced, and how it came to be on the quote.

    `part` is the draft's line, counted from 0; `quantity` that of its largest segment. `each` is
    how much of it there is for one unit of that line, nothing where it does not grow with it.
    `term` is its own in a bundle, `trial` the line's for its options as well. `within` are the
    bundles it is a part of, the outermost first, each with how many of it there are; an option or
    what a rule added stands outside of them.
    """

    part: int
    asked: DraftLine
    product: Product
    quantity: Decimal
    each: Decimal | None = None
    term: str = ""
    trial: str = ""
    within: tuple[tuple[Bundle, Decimal], ...] = ()
    option: bool = False
    added_by: str = ""


def configure(draft: Draft, catalog: Catalog) -> tuple[list[Wanted], list[Fault]]:
    """Take a draft apart into the products that are wanted, options and parts of bundles too.

    Beside them stands what is wrong in the other lines. Options are in the order of the
    catalogue, whatever the order they were asked in.
    """
    wanted: list[Wanted] = []
    faults: list[Fault] = []
    for part, asked in enumerate(draft.lines):
        try:
            wanted += list(_of_line(draft, part, asked, catalog))
        except Refused as refused:
            faults += refused.faults
    return wanted, faults


def _of_line(draft: Draft, part: int, asked: DraftLine, catalog: Catalog) -> Iterator[Wanted]:
    """Take one line of a draft apart: what it is, then the options of it."""
    path = f"lines.{part}"
    if (asked.product is None) == (asked.bundle is None):
        message = "A line names a product or a bundle, one of them."
        raise Invalid(draft.fault("line-what", message, path, "Write product: … or bundle: …."))
    if asked.product is not None:
        product = sold(draft, asked.product, catalog.products, f"{path}.product")
        units = _units(asked)
        later = None if asked.bill == "on-order" else product
        refuse_quantity(draft, units, f"{path}.quantity", later)
        trial, groups = asked.trial or product.trial, product.options
        one = Wanted(part=part, asked=asked, product=product, quantity=units, each=Decimal(1))
        yield replace(one, trial=trial)
    else:
        bundle = _bundle(draft, asked.bundle or "", catalog, f"{path}.bundle")
        yield from _of_bundle(draft, part, asked, bundle, catalog)
        trial, groups = asked.trial or "", bundle.options
    for choice in _chosen(draft, part, asked, groups):
        yield replace(_option(draft, part, asked, choice, catalog), trial=trial)


def _of_bundle(
    draft: Draft, part: int, asked: DraftLine, bundle: Bundle, catalog: Catalog
) -> Iterator[Wanted]:
    path = f"lines.{part}"
    if asked.ramp:
        message, remedy = "A bundle has no ramp.", "Write a line for each of its segments."
        raise Invalid(draft.fault("ramp-days", message, f"{path}.ramp", remedy))
    refuse_quantity(draft, asked.quantity, f"{path}.quantity")
    counted = ((bundle, asked.quantity),)
    for product, quantity, term, within in _parts(draft, counted, catalog, f"{path}.bundle"):
        refuse_quantity(draft, quantity, f"{path}.quantity")
        one = Wanted(part=part, asked=asked, product=product, quantity=quantity, within=within)
        yield replace(one, term=term, trial=asked.trial or product.trial)


def _option(draft: Draft, part: int, asked: DraftLine, choice: Choice, catalog: Catalog) -> Wanted:
    """Give a chosen option, for each unit of its line or once."""
    path = f"lines.{part}"
    product = sold(draft, choice.product, catalog.products, f"{path}.options")
    each = asked.quantities.get(choice.product, choice.quantity)
    quantity = EXACT.multiply(each, _units(asked)) if choice.scales else each
    refuse_quantity(draft, quantity, f"{path}.quantities.{choice.product}", product)
    return Wanted(
        part=part,
        asked=asked,
        product=product,
        quantity=quantity,
        each=each if choice.scales else None,
        option=True,
    )


def _units(asked: DraftLine) -> Decimal:
    """Give the units of a line; of a ramp those of its largest segment."""
    ramp = (asked.quantity if one.quantity is None else one.quantity for one in asked.ramp)
    return max(ramp, default=asked.quantity)


def sold(draft: Draft, id_: str, products: Mapping[str, Product], path: str) -> Product:
    """Give a product that is for sale; refuse one that is not there or no longer sold."""
    product = products.get(id_)
    if product is None:
        message = f"There is no product '{id_}'."
        raise Invalid(draft.fault("unknown-product", message, path, nearest(id_, products)))
    if not product.active:
        message = f"'{id_}' is no longer sold: it is not active in the catalogue."
        others = [other for other, one in products.items() if one.active]
        raise Invalid(draft.fault("not-active", message, path, nearest(id_, others)))
    return product


def refuse_quantity(
    draft: Draft, quantity: Decimal, path: str, product: Product | None = None
) -> None:
    """Refuse a quantity that cannot be offered; of what is open-ended, nothing may be."""
    least = 0 if product and product.charge in OPEN_ENDED and product.billed != "on-order" else None
    if quantity == least or 0 < quantity < LARGEST_QUANTITY:
        return
    message = f"A quantity is above 0 and below {LARGEST_QUANTITY:,}, not {quantity:,f}."
    remedy = "Write how many units are offered."
    raise Invalid(draft.fault("bad-quantity", message, path, remedy))


def _bundle(draft: Draft, id_: str, catalog: Catalog, path: str) -> Bundle:
    bundle = catalog.bundles.get(id_)
    if bundle is None or not bundle.active:
        message = f"There is no bundle '{id_}' for sale."
        raise Invalid(draft.fault("unknown-bundle", message, path, nearest(id_, catalog.bundles)))
    return bundle


_Part = tuple[Product, Decimal, str, tuple[tuple[Bundle, Decimal], ...]]


def _parts(
    draft: Draft, within: tuple[tuple[Bundle, Decimal], ...], catalog: Catalog, path: str
) -> Iterator[_Part]:
    """Give the products of a bundle and of the bundles in it, with how much of each."""
    bundle, count = within[-1]
    assert len(within) <= DEEPEST, "the catalogue refuses bundles that go round"
    for item in bundle.items:
        quantity = EXACT.multiply(item.quantity, count) if item.scales else item.quantity
        if item.bundle is not None:
            inner = _bundle(draft, item.bundle, catalog, path)
            yield from _parts(draft, (*within, (inner, quantity)), catalog, path)
        else:
            product = sold(draft, item.product or "", catalog.products, path)
            yield product, quantity, item.term or "", within


def _chosen(
    draft: Draft, part: int, asked: DraftLine, groups: Sequence[OptionGroup]
) -> list[Choice]:
    """Give the options that are chosen, the defaults if nobody says; refuse broken groups."""
    path = f"lines.{part}.options"
    faults = [*_unknown(draft, path, asked, groups)]
    chosen: list[Choice] = []
    for group in groups:
        picked = [
            choice
            for choice in group.choices
            if (choice.default if asked.options is None else choice.product in asked.options)
        ]
        most = len(group.choices) if group.max is None else group.max
        if not group.min <= len(picked) <= most:
            faults.append(_broken(draft, path, group, len(picked), most))
        chosen += picked
    if faults:
        raise Invalid(*faults)
    return chosen


def _unknown(
    draft: Draft, path: str, asked: DraftLine, groups: Sequence[OptionGroup]
) -> Iterator[Fault]:
    known = [choice.product for group in groups for choice in group.choices]
    options: Iterable[str] = asked.options or ()
    for number, id_ in enumerate(options):
        if id_ not in known:
            what = asked.product or asked.bundle
            message = f"'{id_}' is no option of '{what}'."
            yield draft.fault("unknown-option", message, f"{path}.{number}", nearest(id_, known))
    for id_ in asked.quantities:
        if id_ not in known:
            message = f"'{id_}' is no option of '{asked.product or asked.bundle}'."
            where = path.replace("options", f"quantities.{id_}")
            yield draft.fault("unknown-option", message, where, nearest(id_, known))


def _broken(draft: Draft, path: str, group: OptionGroup, picked: int, most: int) -> Fault:
    wanted = f"{group.min}" if group.min == most else f"{group.min} to {most}"
    ids = ", ".join(choice.product for choice in group.choices)
    message = f"Of '{group.id}' {wanted} can be chosen, and {picked} are."
    return draft.fault("option-count", message, path, f"Choose {wanted} of {ids}.")
