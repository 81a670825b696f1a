"""The table of a quote's lines: sections, bundles, options, ramps, and what does not count."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from q2c.commands.recurs import terms_told, times_told
from q2c.commands.steps import figure
from q2c.commands.visible import WIDE, padded, visible, width, wrapped
from q2c.core.catalog import PERCENTAGES
from q2c.core.money import Money, decimals, grouped, total
from q2c.core.period import Period
from q2c.core.pricing import Reduction
from q2c.core.quote import Line, Priced
from q2c.core.quote.otherwise import differences
from q2c.core.trace import mixed

GAP = "  "
NARROWEST = 14  # a name is broken into lines no narrower than this
RIGHT = (True, False, True, True, True)
Cells = tuple[str, str, str, str, str]  # number, product, quantity, price, net


class Note(Struct, frozen=True):
    """A line of words between the rows: a heading at the edge, or what is said below a row."""

    text: str
    heading: bool = False


Row = Cells | Note


def table_told(quote: Priced, wide: int = WIDE) -> list[str]:
    """Write the lines of a quote as a table; names are broken, and nothing is cut."""
    return _laid_out(list(_rows(quote)), wide)


def _rows(quote: Priced) -> Iterator[Row]:
    yield ("#", "product", "quantity", "price", "amount" if quote.reduced else "net")
    otherwise = differences(quote)
    whole = _whole(quote.lines)
    group = ""
    sections: dict[str, list[Line]] = {}
    for one in quote.lines:
        sections.setdefault(one.section, []).append(one)
    for section, lines in sections.items():
        if section:
            yield Note(section, heading=True)
        for number, line in enumerate(lines):
            if line.group and line.group != group:
                yield Note(f"one of these ({line.group}):", heading=True)
            group = line.group
            if line.bundle and _begins(lines, number):
                yield from _bundle(lines, number)
            yield (line.id, _named(line), _amount(line), _price(line), grouped(line.own.amount))
            yield from map(Note, _notes(line, otherwise, whole))
        if section:
            sums = total((line.own for line in lines if line.counts), quote.currency)
            yield ("", f"{section} in all", "", "", grouped(sums.amount))


def _begins(lines: Sequence[Line], number: int) -> bool:
    line, before = lines[number], lines[number - 1] if number else None
    return before is None or (before.part, before.bundle) != (line.part, line.bundle)


def _bundle(lines: Sequence[Line], number: int) -> Iterator[Row]:
    """Head the parts of a bundle with its name, its price, and what comes off it."""
    first = lines[number]
    parts = [one for one in lines if (one.part, one.bundle) == (first.part, first.bundle)]
    before = [step.after for one in parts for step in one.steps if step.stage == "bundle"]
    name = f"{_mark(first)}{first.bundle_name}"
    yield ("", name, "", grouped(sum(before, Decimal(0))), "")
    if first.reductions:
        yield Note(_less(first.reductions, first.paid))


def _named(line: Line) -> str:
    inner = "  " if line.bundle or line.parent else ""
    label = f"{line.label}: " if line.label and line.label != line.name else ""
    return f"{inner}{'' if line.bundle else _mark(line)}{label}{line.name}"


def _mark(line: Line) -> str:
    if line.counts:
        return "[x] " if line.group else ""
    return "[ ] "


def _amount(line: Line) -> str:
    times = times_told(line)
    if line.percent_of:
        return f"of {grouped(Money.of(line.quantity, line.net.currency).amount)}{times}"
    return f"{grouped(line.quantity)} {line.unit}{times}"


def _price(line: Line) -> str:
    rate = line.rate
    if line.bundle:
        return "in bundle"
    if rate.tiers:
        return "by tier"
    if rate.model in PERCENTAGES:
        return f"{(rate.unit_price * 100).normalize():f} %"
    shown = max(decimals(rate.currency), -int(rate.unit_price.as_tuple().exponent))
    package = f" / {rate.package_size:f}" if rate.package_size else ""
    return f"{grouped(round(rate.unit_price, shown))}{package}"


def _whole(lines: Iterable[Line]) -> Period | None:
    """Give the days from the first to the last of all that recurs."""
    services = [line.service for line in lines if line.service]
    if not services:
        return None
    return Period(min(one.first for one in services), max(one.last for one in services))


def _notes(line: Line, otherwise: Mapping[str, Money], whole: Period | None) -> Iterator[str]:
    """Say below a line what its figures do not: its days, what came off, what it would change."""
    if line.service and line.service != whole:
        segment = f", segment {line.segment}" if line.segment else ""
        yield f"{line.service}{segment}"
    yield from terms_told(line)
    if line.reductions and not line.bundle:
        yield f"{grouped(line.gross.amount)} {_less(line.reductions, line.paid)}"
    if line.added_by:
        yield f"added by the rule {line.added_by}"
    if line.delivery:
        yield f"delivery: {line.delivery}"
    if line.milestone:
        yield f"due: {line.milestone}"
    if line.id in otherwise:
        how = "taken as well" if line.optional else "taken instead"
        change = otherwise[line.id].amount
        yield f"not in the total; {how}: {'+' if change > 0 else ''}{grouped(change)}"


def _less(reductions: Sequence[Reduction], times: Fraction) -> str:
    return ", ".join(_reduction(one, times) for one in reductions)


def _reduction(one: Reduction, times: Fraction) -> str:
    if one.slices:
        what = " and ".join(f"{percent:f} % of {units:f}" for units, percent in one.slices)
        return f"less {what} {one.name}".rstrip()
    periods = f" × {mixed(times)}" if times != 1 else ""
    each = " a unit" if one.per_unit else ""
    value = one.percent or one.amount
    what = f"{abs(value):f} %" if one.percent else f"{figure(abs(value))}{each}{periods}"
    return f"{'less' if value > 0 else 'plus'} {what} {one.name}".rstrip()


def _laid_out(rows: Sequence[Row], wide: int) -> list[str]:
    """Set rows in columns, names broken where the room ends, and notes below them."""
    cells = [tuple(map(visible, row)) for row in rows if not isinstance(row, Note)]
    sizes = [max(map(width, column)) for column in zip(*cells, strict=True)]
    room = wide - sum(sizes) + sizes[1] - len(GAP) * (len(sizes) - 1)
    sizes[1] = min(sizes[1], max(room, NARROWEST))
    margin = sizes[0] + len(GAP)
    lines: list[str] = []
    for row in rows:
        if isinstance(row, Note):
            inner = 0 if row.heading else margin + 2
            lines += [f"{' ' * inner}{part}" for part in wrapped(row.text, wide - inner)]
        else:
            lines += _broken(tuple(map(visible, row)), sizes)
    return lines


def _broken(row: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    """Set a row; the rest of a name that is too long stands below its beginning."""
    name = row[1].lstrip(" ")
    inner = " " * (len(row[1]) - len(name))
    first, *rest = wrapped(name, sizes[1] - len(inner))
    cells = (row[0], f"{inner}{first}", *row[2:])
    yield GAP.join(
        padded(cell, size, right=right)
        for cell, size, right in zip(cells, sizes, RIGHT, strict=True)
    ).rstrip()
    for more in rest:
        yield f"{' ' * (sizes[0] + len(GAP))}{inner}{more}"
