"""The table of what is offered or agreed: sections, lines, bundles and ramps with their parts."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from operator import add
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.money import Money, total, zero
from q2c.core.period import Period
from q2c.core.quote import Line
from q2c.documents.discounts import bundle_discounts, line_discounts, signed
from q2c.documents.language import Language, amount, day, how_often, number, per, period, unit
from q2c.documents.outline import Choice, Item, items_of, sections_of
from q2c.documents.parts import vat_rate
from q2c.documents.schemes import scheme, unit_price
from q2c.documents.sheet import Column, Row, Table
from q2c.documents.terms import terms, times

_BILLED: Final = {
    "on-order": "on_order",
    "on-delivery": "on_delivery",
    "in-advance": "in_advance",
    "in-arrears": "in_arrears",
}
# A row, and what it adds to the sum of the table.
Added: TypeAlias = tuple[Row, Money]


class Style(Struct, frozen=True, kw_only=True):
    """How a table is written: its language, currency and columns, and how rates are told apart."""

    lang: Language
    currency: str
    columns: tuple[str, ...]
    several: bool

    def row(self, cells: dict[str, str], **other: object) -> Row:
        """Make a row of cells that are named; the others stay empty."""
        return Row(cells=tuple(cells.get(name, "") for name in self.columns), **other)  # type: ignore[arg-type]  # a row's own fields

    def titles(self) -> tuple[Column, ...]:
        """Give the columns with what stands above them."""
        return tuple(
            Column(
                self.lang.say(f"column_{name}").format(currency=self.currency),
                right=name not in {"name", "unit"},
                gives_way=name == "name",
            )
            for name in self.columns
        )


def style_of(
    lang: Language, lines: Iterable[Line], currency: str, *, several: bool, choosing: bool = False
) -> Style:
    """Choose the columns: one tells the periods if anything recurs, one what a choice changes."""
    periods = ["times"] if any(line.every for line in lines) else []
    last = ["difference", "net"] if choosing else ["vat", "net"]
    columns = ("name", "quantity", "unit", "unit_price", *periods, *last)
    return Style(lang=lang, currency=currency, columns=columns, several=several)


def offered_table(
    lang: Language, lines: Sequence[Line], currency: str, *, several: bool, title: str = ""
) -> Table:
    """Write the lines that count as a table, with the sum carried from page to page."""
    style = style_of(lang, lines, currency, several=several)
    added = [row for part in sections_of(items_of(lines)) for row in _section(style, *part)]
    sums = accumulate((net for _, net in added), add)
    return Table(
        columns=style.titles(),
        rows=tuple(
            replace(row, running=amount(lang, sum_))
            for (row, _), sum_ in zip(added, sums, strict=True)
        ),
        title=title,
        wide=True,
        carried=lang.say("carried"),
        brought=lang.say("brought"),
    )


def addable_table(style: Style, items: Iterable[Item]) -> Table:
    """Write what the customer may add, by its sections; no sum of the offer counts it."""
    return Table(
        columns=style.titles(),
        rows=tuple(row for part in sections_of(items) for row, _ in _section(style, *part)),
        title=style.lang.say("addable"),
        text=style.lang.say("addable_text"),
        wide=True,
    )


def choices_table(
    style: Style, choices: Sequence[Choice], changes: dict[str, Money], title: str
) -> Table:
    """Write the alternatives of a group: what each holds and costs, and what it would change."""
    return Table(
        columns=style.titles(),
        rows=tuple(row for one in choices for row in _choice(style, one, changes)),
        title=title,
        text=style.lang.say("alternatives_text"),
        wide=True,
    )


def _section(style: Style, name: str, items: Sequence[Item]) -> list[Added]:
    """Write what stands in a section, with its name above and its sum below."""
    rows = [row for item in items for row in item_rows(style, item)]
    if not name:
        return rows
    last, net = rows[-1]
    nothing = zero(style.currency)
    whole = total((item.own for item in items), style.currency)
    told = {"name": style.lang.say("subtotal", section=name), "net": amount(style.lang, whole)}
    return [
        (style.row({"name": name}, heading=True, keeps=True), nothing),
        *rows[:-1],
        (replace(last, keeps=True), net),
        (style.row(told, strong=True), nothing),
    ]


def _choice(style: Style, choice: Choice, changes: dict[str, Money]) -> Iterator[Row]:
    """Write one alternative: in one row if it is one line, else with its lines below it."""
    lang, items = style.lang, choice.items
    difference = lang.say("included") if choice.counts else signed(lang, changes[choice.id])
    own = {"name": choice.label, "difference": difference, "net": amount(lang, choice.own)}
    if len(choice.all) > 1:
        yield style.row(own, strong=True, keeps=True)
        for item in items:
            for row, _ in item_rows(style, item, 1):
                yield row
    else:
        line = items[0].first
        named = () if line.name == choice.label else (line.name,)
        notes = (*named, *small_print(lang, line))
        yield style.row({**line_cells(style, line), **own}, strong=True, notes=notes)


def item_rows(style: Style, item: Item, part: int = 0, above: Line | None = None) -> list[Added]:
    """Write what is sold in one piece, so many levels below its heading.

    An option does not repeat how the line `above` is invoiced, nor which alternative it is.
    """
    label = () if part else tuple(filter(None, (_labelled(style.lang, item),)))
    if above and item.free:
        rows = [_free(style, item, part)]
    elif item.first.bundle:
        rows = list(_bundle(style, item, part, label))
    elif item.ramp:
        rows = list(_ramp(style, item, part, label, above))
    else:
        notes = (*label, *small_print(style.lang, item.first, above))
        cells = line_cells(style, item.first)
        rows = [(style.row(cells, notes=notes, part=part), item.first.own)]
    told = None if item.first.bundle else item.first
    return rows + [row for one in item.options for row in item_rows(style, one, part + 1, told)]


def _free(style: Style, item: Item, part: int) -> Added:
    """Write an option that costs nothing in one row, whatever days it is for."""
    lang, first = style.lang, item.first
    notes = (first.text,) if first.text else ()
    cells = {"name": first.name, "net": lang.say("included")}
    return style.row(cells, notes=notes, part=part), zero(style.currency)


def _bundle(style: Style, item: Item, part: int, label: tuple[str, ...]) -> Iterator[Added]:
    """Write a bundle and its price, and below it its parts without theirs."""
    lang, first = style.lang, item.first
    whole = total((line.own for line in item.lines), style.currency)
    cells = {"name": first.bundle_name, "net": amount(lang, whole)}
    off = filter(None, (bundle_discounts(lang, item.lines),))
    yield style.row(cells, strong=True, keeps=True, part=part, notes=(*label, *off)), whole
    for line in item.lines:
        told = {**line_cells(style, line), "unit_price": "", "net": ""}
        notes = tuple(small_print(lang, line))
        yield style.row(told, notes=notes, part=part + 1), zero(style.currency)


def _ramp(
    style: Style, item: Item, part: int, label: tuple[str, ...], above: Line | None
) -> Iterator[Added]:
    """Write what changes with the days: a heading, and below it each segment with its days."""
    lang, first = style.lang, item.first
    alike = len({scheme(lang, line) for line in item.lines}) == 1
    each = f"{how_often(lang, first.every or 'month')[0]}, {lang.say(_BILLED[first.bill])}"
    told = above is not None and (above.every, above.bill) == (first.every, first.bill)
    words = (first.text, scheme(lang, first) if alike else "", "" if told else each)
    notes = (*label, *filter(None, words), *_delivery(lang, first))
    head = style.row({"name": first.name}, strong=True, keeps=True, notes=notes, part=part)
    yield head, zero(style.currency)
    for line in item.lines:
        assert line.service is not None, line
        cells = {**line_cells(style, line), "name": period(lang, line.service)}
        priced = "" if alike else scheme(lang, line)
        own = (priced, line_discounts(lang, line), _each(lang, line), *terms(lang, line))
        yield style.row(cells, notes=tuple(filter(None, own)), part=part + 1), line.own


def line_cells(style: Style, line: Line) -> dict[str, str]:
    """Write what a line has in each column; what is not counted yet has no quantity and no sum."""
    lang = style.lang
    counted = bool(line.quantity) and not line.percent_of
    return {
        "name": line.name,
        "quantity": number(lang, line.quantity) if counted else "",
        "unit": "" if line.percent_of else unit(lang, line.unit, line.quantity),
        "unit_price": unit_price(lang, line),
        "times": times(lang, line),
        "vat": vat_rate(lang, line.treatment, several=style.several),
        "net": amount(lang, line.own) if line.quantity or line.own.minor else "",
    }


def small_print(lang: Language, line: Line, above: Line | None = None) -> Iterator[str]:
    """Say below a line what it is, how it is priced, and when it is invoiced and delivered."""
    if line.text:
        yield line.text
    if not line.bundle:
        yield from filter(None, (scheme(lang, line), line_discounts(lang, line)))
    yield from _invoiced(lang, line, above)
    yield from _delivery(lang, line)


def _invoiced(lang: Language, line: Line, above: Line | None) -> Iterator[str]:
    """Say when a line is invoiced, unless it is as with the line above."""
    billed = lang.say("by_use" if line.charge == "usage" else _BILLED[line.bill])
    told = above is not None and _terms(above) == _terms(line)
    if line.every and line.service:
        each = _each(lang, line)
        if not told:
            often = each or how_often(lang, line.every)[0]
            yield f"{often}, {billed}, {period(lang, line.service)}"
        elif each:
            yield each
        said = tuple(terms(lang, above)) if above else ()
        yield from (words for words in terms(lang, line) if words not in said)
    elif not line.bundle and not told:
        yield billed


def _terms(line: Line) -> tuple[str, str, str, Period | None]:
    return line.charge, line.bill, line.every or "", line.service


def _labelled(lang: Language, item: Item) -> str:
    """Name the alternative that something belongs to, where its name does not say it."""
    label = item.first.label
    return lang.say("chosen", label=label) if label not in {"", item.name} else ""


def _each(lang: Language, line: Line) -> str:
    """Say what a line costs in each of its periods, where its unit price does not show it."""
    plain = line.quantity == 1 and not line.reductions and line.rate.model == "per-unit"
    once = Fraction(line.own.minor) / (line.paid or 1)
    uneven = once.denominator > 1 or line.paid == 1
    if not line.every or not line.own.minor or plain or line.bundle or uneven:
        return ""
    return f"{amount(lang, Money(once.numerator, line.own.currency))} {per(lang, line.every)}"


def _delivery(lang: Language, line: Line) -> list[str]:
    told = [lang.say("delivery", terms=line.delivery)] if line.delivery else []
    if line.milestone and line.milestone.due_on:
        told.append(lang.say("due_on_day", date=day(lang, line.milestone.due_on)))
    if line.milestone and line.milestone.tag:
        told.append(lang.say("due_by_tag", pattern=line.milestone.tag.pattern))
    return told
