"""The lines of an invoice as its table shows them: cells, headings and small print."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from operator import add
from typing import Final

from msgspec.structs import replace

from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money, decimals
from q2c.core.period import Period
from q2c.documents.language import Language, amount, number, percent, period, unit
from q2c.documents.look import Look
from q2c.documents.parts import average, several_untaxed, vat_rate
from q2c.documents.sheet import Column, Row, Table

_RIGHT: Final = {"quantity", "unit_price", "vat", "net"}


def with_vat(invoice: Invoice) -> bool:
    """Say whether all prices include VAT, so that its lines are shown with it."""
    return all(line.with_vat is not None for line in invoice.lines)


def lines_table(invoice: Invoice, look: Look) -> Table:
    """Write the lines of an invoice."""
    lang, names = look.language, look.theme.columns
    several = several_untaxed(invoice.vat)
    inclusive = with_vat(invoice)
    cells = {**_CELLS, "net": _with_vat_cell} if inclusive else _CELLS
    running = accumulate((shown(line, inclusive=inclusive) for line in invoice.lines), add)
    rows, before = list[Row](), ""
    said = None if "period" in names else invoice.supplied
    for agreed, sum_ in zip(invoice.lines, running, strict=True):
        line = agreed if inclusive else _without_vat(agreed)
        order = line.source.partition("/")[0]
        rows += _heading(lang, invoice, order if order != before else "", names)
        before = order
        row = Row(
            cells=tuple(cells[name](lang, line, several) for name in names),
            notes=(*_small_print(lang, line, said), *_as_agreed(lang, agreed, line)),
            running=amount(lang, sum_),
        )
        rows.append(row)
    keys = ("with_vat" if inclusive and name == "net" else name for name in names)
    titles = (lang.say(f"column_{key}").format(currency=invoice.currency) for key in keys)
    return Table(
        columns=tuple(
            Column(title, right=name in _RIGHT, gives_way=name == "name")
            for name, title in zip(names, titles, strict=True)
        ),
        rows=tuple(rows),
        carried=lang.say("carried"),
        brought=lang.say("brought"),
    )


def shown(line: InvoiceLine, *, inclusive: bool) -> Money:
    """Give the amount of a line as it is shown: with VAT where all prices include it."""
    return line.with_vat if inclusive and line.with_vat is not None else line.net


def _without_vat(line: InvoiceLine) -> InvoiceLine:
    """Give a line as it is shown beside others whose prices do not include VAT: as they are."""
    if line.with_vat is None:
        return line
    return replace(line, unit_price=None, gross=None, with_vat=None)


def _as_agreed(lang: Language, line: InvoiceLine, shown_: InvoiceLine) -> Iterator[str]:
    """Say what a line costs with VAT, if that was agreed and is not what is shown of it."""
    if line.with_vat is not None and shown_.with_vat is None:
        word = lang.say("column_with_vat", currency=line.net.currency)
        yield f"{word}: {amount(lang, line.with_vat)}"


def _with_vat_cell(lang: Language, line: InvoiceLine, _several: bool) -> str:  # noqa: FBT001 - as _CELLS has it
    return amount(lang, shown(line, inclusive=True))


def _heading(lang: Language, invoice: Invoice, begins: str, names: Sequence[str]) -> Iterator[Row]:
    """Head the first line of an order where there are several, with what is said of it."""
    section = next((one for one in invoice.sections if one.order == begins), None)
    if section is None:
        return
    told = (
        ("our_order", section.order),
        ("your_order", "" if section.po == invoice.po else section.po),
        ("cost_centre", "" if section.cost_centre == invoice.cost_centre else section.cost_centre),
    )
    said = [f"{lang.say(key)} {word}" for key, word in told if word]
    head = " · ".join([*said, *([section.title] if section.title else [])])
    yield Row(
        cells=tuple(head if name == "name" else "" for name in names), heading=True, keeps=True
    )


def quantity(lang: Language, line: InvoiceLine) -> str:
    """Write a quantity; of a percentage it is an amount and written as one."""
    if line.percent is not None:
        return amount(lang, Money.of(line.quantity, line.net.currency))
    return number(lang, line.quantity)


def unit_price(lang: Language, line: InvoiceLine) -> str:
    """Write the price of a unit before discounts; where tiers made it, the average if exact."""
    places = decimals(line.net.currency)
    if line.percent is not None:
        return percent(lang, line.percent)
    if line.unit_price is not None:
        return number(lang, line.unit_price, places)
    exact, price = _average(line)
    return number(lang, price, places) if exact and price is not None else ""


def _average(line: InvoiceLine) -> tuple[bool, Decimal | None]:
    """Give the average price of a unit; none where nothing is left to pay of the units."""
    if not line.quantity:
        return True, None
    return average(line.gross or shown(line, inclusive=True), line.quantity)


_CELLS: Final[dict[str, Callable[[Language, InvoiceLine, bool], str]]] = {
    "position": lambda _, line, __: line.id,
    "product": lambda _, line, __: line.product,
    "name": lambda _, line, __: line.name,
    "period": lambda lang, line, _: period(lang, line.service or line.supplied),
    "quantity": lambda lang, line, _: quantity(lang, line),
    "unit": lambda lang, line, _: unit(lang, line.unit, line.quantity),
    "unit_price": lambda lang, line, _: unit_price(lang, line),
    "vat": lambda lang, line, several: vat_rate(lang, line.treatment, several=several),
    "net": lambda lang, line, _: amount(lang, line.net),
}


def _small_print(lang: Language, line: InvoiceLine, said: Period | None) -> Iterator[str]:
    """Say below a line what it is, when it was supplied, and its average price if need be.

    `said` is the period that stands above for the whole invoice; nothing if lines have a
    column for theirs.
    """
    if line.text:
        yield line.text
    if said and (line.service or line.supplied != said):
        yield period(lang, line.service or line.supplied)
    agreed = shown(line, inclusive=True)
    if line.unit_price is None and line.percent is None:
        exact, price = _average(line)
        if price is not None and not exact:
            yield lang.say("average", price=number(lang, price, decimals(line.net.currency)))
    if line.gross is not None:
        yield _discount(lang, line.gross, agreed)


def _discount(lang: Language, gross: Money, net: Money) -> str:
    """Say what comes off the price of the units, or is added to it."""
    if net.minor > gross.minor:
        return lang.say(
            "plus_surcharge", gross=amount(lang, gross), amount=amount(lang, net - gross)
        )
    return lang.say("less_discount", gross=amount(lang, gross), amount=amount(lang, gross - net))
