"""What only the seller sees of a quote, written out: list price, discount, cost and margin."""

from collections.abc import Iterator

from q2c.commands.visible import padded, width
from q2c.core.money import Money, grouped
from q2c.core.quote import Inner, Priced, inner_lines, inner_of

HEADS = ("#", "list", "net", "off", "cost", "margin", "")
UNKNOWN = "not known"


def inside_told(quote: Priced, only: str = "") -> list[str]:
    """Write out list price, discount, cost and margin of each line, and of all that count.

    `only` is the id of the one line that is asked for.
    """
    counted = {line.id for line in quote.counted}
    known = {id_: one for id_, one in inner_lines(quote).items() if only in ("", id_)}
    rows = [
        HEADS,
        *((id_ if id_ in counted else f"[ ] {id_}", *_cells(one)) for id_, one in known.items()),
        *([] if only else [("all", *_cells(inner_of(quote)))]),
    ]
    sizes = [max(map(width, column)) for column in zip(*rows, strict=True)]
    table = [
        "  ".join(
            padded(cell, size, right=True) for cell, size in zip(row, sizes, strict=True)
        ).rstrip()
        for row in rows
    ]
    floors = [line for id_, one in known.items() for line in _floor(id_, one)]
    return ["  inside, not for the customer", *(f"  {line}" for line in (*table, *floors))]


def inside_row(quote: Priced) -> dict[str, object]:
    """Give the same by name, for programs."""
    lines = {id_: _fields(one) for id_, one in inner_lines(quote).items()}
    return {**_fields(inner_of(quote)), "lines": lines}


def _fields(one: Inner) -> dict[str, object]:
    own = {name: getattr(one, name) for name in one.__struct_fields__}
    return {**own, "below_floor": one.below_floor}


def _cells(one: Inner) -> tuple[str, ...]:
    percent = "" if one.margin_percent is None else f"{one.margin_percent} %"
    figures = _figure(one.listed), _figure(one.net), f"{one.discount_percent} %"
    return (*figures, _figure(one.cost), _figure(one.margin), percent)


def _figure(amount: Money | None) -> str:
    return UNKNOWN if amount is None else grouped(amount.amount)


def _floor(id_: str, one: Inner) -> Iterator[str]:
    if one.below_floor and one.floor:
        yield f"line {id_} is below its floor price of {one.floor}"
