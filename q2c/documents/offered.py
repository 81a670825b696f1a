"""The table of what is offered or agreed: quote lines, bundles as groups, prices by period."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from q2c.core.money import Money, decimals, total
from q2c.core.pricing import Rate, RateTier
from q2c.core.quote import Line
from q2c.documents.language import Language, amount, number, period, unit
from q2c.documents.parts import average, vat_rate
from q2c.documents.sheet import Column, Row, Table

_BILLED: Final = {
    "on-order": "on_order",
    "on-delivery": "on_delivery",
    "in-advance": "in_advance",
    "in-arrears": "in_arrears",
}


def offered_table(
    lang: Language, lines: Sequence[Line], currency: str, *, several: bool, title: str = ""
) -> Table:
    """Write quote lines as a table; one column tells the periods if anything recurs."""
    recurs = any(line.every for line in lines)
    names = ["name", "quantity", "unit", "unit_price", "vat", "net"]
    if recurs:
        names.insert(4, "times")
    titles = (lang.say(f"column_{name}").format(currency=currency) for name in names)
    columns = tuple(
        Column(title, right=name not in {"name", "unit"}, gives_way=name == "name")
        for name, title in zip(names, titles, strict=True)
    )
    rows = tuple(_rows(lang, lines, recurs=recurs, several=several))
    return Table(
        columns=columns,
        rows=rows,
        title=title,
        carried=lang.say("carried"),
        brought=lang.say("brought"),
    )


def _rows(lang: Language, lines: Sequence[Line], *, recurs: bool, several: bool) -> Iterator[Row]:
    """Write lines one by one, and those of a bundle below the bundle and its price."""
    running = Money(0, lines[0].net.currency)
    for bundle, group in groupby(lines, key=lambda line: line.bundle):
        parts = list(group)
        if bundle:
            whole = total((line.net for line in parts), running.currency)
            running += whole
            blank = ("",) * (5 if recurs else 4)
            cells = (parts[0].bundle_name, *blank, amount(lang, whole))
            yield Row(cells=cells, running=amount(lang, running), strong=True)
        for line in parts:
            if not bundle:
                running += line.net
            yield Row(
                cells=_cells(lang, line, recurs=recurs, several=several),
                notes=tuple(_small_print(lang, line)),
                running=amount(lang, running),
                part=bool(bundle),
            )


def _cells(lang: Language, line: Line, *, recurs: bool, several: bool) -> tuple[str, ...]:
    times = f"{line.times}\u00a0{lang.every[line.every][1]}" if line.every else ""
    return (
        line.name,
        number(lang, line.quantity),
        unit(lang, line.unit, line.quantity),
        "" if line.bundle else _price(lang, line),
        *([times] if recurs else []),
        vat_rate(lang, line.treatment, several=several),
        "" if line.bundle else amount(lang, line.net),
    )


def _price(lang: Language, line: Line) -> str:
    """Write the price of a unit; where tiers or packages made it, the average if that is exact."""
    places = decimals(line.net.currency)
    if line.rate.model in {"per-unit", "cost-plus"}:
        return number(lang, line.rate.unit_price, places)
    exact, shown = average(line.net, line.quantity * line.times)
    return number(lang, shown, places) if exact else ""


def _small_print(lang: Language, line: Line) -> Iterator[str]:
    """Say below a line what it is, how it is priced and when it is invoiced."""
    if line.text:
        yield line.text
    if line.rate.tiers and not line.bundle:
        tiers = "; ".join(_tiers(lang, line.rate))
        yield lang.say(line.rate.model, tiers=tiers)
    if line.rate.package_size and not line.bundle:
        price = number(lang, line.rate.unit_price, decimals(line.net.currency))
        yield lang.say("package", price=price, size=number(lang, line.rate.package_size))
    billed = lang.say(_BILLED[line.bill])
    if line.every and line.service:
        yield f"{lang.every[line.every][0]}, {billed}, {period(lang, line.service)}"
    elif not line.bundle:
        yield billed


def _tiers(lang: Language, rate: Rate) -> Iterator[str]:
    for tier in rate.tiers:
        price = _tier_price(lang, tier, rate.currency)
        if tier.up_to is None:
            yield lang.say("tier_rest", price=price)
        else:
            yield lang.say("tier_to", up_to=number(lang, tier.up_to), price=price)


def _tier_price(lang: Language, tier: RateTier, currency: str) -> str:
    price = number(lang, tier.unit_price, decimals(currency))
    if not tier.flat:
        return price
    return lang.say("tier_fee", price=price, fee=number(lang, tier.flat, decimals(currency)))
