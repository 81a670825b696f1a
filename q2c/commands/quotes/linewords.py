"""Lines of a quote as words of the command line, read and written: `advisory:40,discount=10%`."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec
import typer
from msgspec import Struct, structs

from q2c.commands.quotes.workflags import WORK, read_rates, read_rounding, work_parts
from q2c.commands.words import (
    length,
    read_day,
    read_free_word,
    read_number,
    read_quantity,
    read_trial_word,
    read_units,
)
from q2c.core.catalog import Catalog
from q2c.core.quote import Discount, DraftLine, Segment

_ITEM = re.compile(r"([a-z0-9][a-z0-9_-]*)(?::([^:,]+))?(?:,|\Z)")
# A part behind the item: a key, and what it says; a comma in it needs quotes around all of it.
_PART = re.compile(r'([a-z]+(?:-[a-z]+)?)(?:=(?:"((?:[^"]|"")*)"|([^",][^,]*|)))?(?:,|\Z)')
_DISCOUNT = re.compile(r"(-?[0-9.]+)(%?)(?::(.+))?", re.DOTALL)
_SEGMENT = re.compile(r"([0-9-]+)(?::([^@;]+))?(?:@([^;]+))?((?:;[^;]+)*)", re.DOTALL)
_OPTION = re.compile(r"([a-z0-9][a-z0-9_-]*)(?::(.+))?")
TYPES = {field.encode_name: field.type for field in structs.fields(DraftLine)}
TEXTS = "id section text label group choice every term trial free proration bill".split()
TEXTS += "delivery ends-with".split()
DAYS = ("starts", "ends")
READ: dict[str, Callable[[str], object]] = {
    "price": read_number,
    "starts": read_day,
    "ends": read_day,
    "term": length,
    "trial": read_trial_word,
    "free": read_free_word,
    "cap": read_number,
    "rates": read_rates,
    "rounding": read_rounding,
}
KEYS = (*TEXTS, "price", *DAYS, *WORK, "optional", "discount", "options", "from")


class AskedLine(Struct, frozen=True):
    """A line as it was asked for: the id of a product or bundle, how many, and on which terms."""

    item: str
    quantity: Decimal = Decimal(1)
    more: DraftLine = DraftLine()

    def __str__(self) -> str:
        head = self.item if self.quantity == 1 else f"{self.item}:{self.quantity:f}"
        return ",".join([head, *_parts(self.more)])


def read_line(word: str) -> AskedLine:
    """Read a line such as `advisory`, `advisory:40` or `advisory:40,price=1400,optional`."""
    head = _ITEM.match(word)
    if head is None:
        raise typer.BadParameter(f"'{word}' is not a line; write one such as advisory:40.")
    quantity = read_units(head[2]) if head[2] else Decimal(1)
    more, at = DraftLine(), head.end()
    while at < len(word):
        part = _PART.match(word, at)
        if part is None:
            raise typer.BadParameter(_unreadable(word[at:]))
        said = part[2].replace('""', '"') if part[2] is not None else part[3]
        more = _with(more, part[1], said)
        at = part.end()
    return AskedLine(head[1], quantity, more)


def _unreadable(rest: str) -> str:
    return f"'{rest}' is not said as key=value; around a comma put quotes: text=\"One, two\"."


def _with(line: DraftLine, key: str, said: str | None) -> DraftLine:
    """Add what one part says to a line."""
    if key == "optional" and said is None:
        return structs.replace(line, optional=True)
    if key not in KEYS or said is None:
        raise typer.BadParameter(f"A line has no part '{key}'; it has {', '.join(KEYS)}.")
    if key == "discount":
        return structs.replace(line, discounts=(*line.discounts, read_discount(said)))
    if key == "from":
        return structs.replace(line, ramp=(*line.ramp, read_segment(said)))
    if key == "options":
        return _with_options(line, said)
    value, field = READ[key](said) if key in READ else said, key.replace("-", "_")
    try:
        return structs.replace(line, **{field: msgspec.convert(value, TYPES[field])})
    except msgspec.ValidationError:
        raise typer.BadParameter(f"'{said}' cannot be the {key} of a line.") from None


def _with_options(line: DraftLine, said: str) -> DraftLine:
    """Read options such as `sso+training:2`; nothing after the sign means none."""
    chosen: dict[str, Decimal | None] = {}
    for word in filter(None, said.split("+")):
        match = _OPTION.fullmatch(word)
        if match is None:
            raise typer.BadParameter(f"'{word}' is not an option; write them as sso+training:2.")
        chosen[match[1]] = read_number(match[2]) if match[2] else None
    quantities = {id_: quantity for id_, quantity in chosen.items() if quantity is not None}
    return structs.replace(line, options=tuple(chosen), quantities=quantities)


def read_discount(word: str) -> Discount:
    """Read a discount: `10%`, `500`, or with its reason, `10%:Early order`."""
    match = _DISCOUNT.fullmatch(word)
    if match is None:
        raise typer.BadParameter(f"'{word}' is not a discount; write 10%, 500 or 10%:Why.")
    figure, reason = read_number(match[1]), match[3]
    if match[2]:
        return Discount(percent=figure, reason=reason)
    return Discount(amount=figure, reason=reason)


def discount_word(one: Discount) -> str:
    """Write a discount as it is read."""
    figure = f"{one.percent:f}%" if one.percent is not None else f"{one.amount or 0:f}"
    return f"{figure}:{one.reason}" if one.reason else figure


def read_segment(word: str) -> Segment:
    """Read a segment of a ramp: `2027-01-01:20@900;10%` - day, quantity, price, discounts."""
    match = _SEGMENT.fullmatch(word)
    if match is None:
        raise typer.BadParameter(f"'{word}' is not a segment; write 2027-01-01:20@900;10%.")
    return Segment(
        first=read_day(match[1]),
        quantity=read_quantity(match[2]) if match[2] else None,
        price=read_number(match[3]) if match[3] else None,
        discounts=tuple(map(read_discount, filter(None, match[4].split(";")))),
    )


def _segment_word(one: Segment) -> str:
    quantity = "" if one.quantity is None else f":{one.quantity:f}"
    price = "" if one.price is None else f"@{one.price:f}"
    discounts = "".join(f";{discount_word(discount)}" for discount in one.discounts)
    return f"{one.first}{quantity}{price}{discounts}"


def _parts(more: DraftLine) -> Iterator[str]:
    """Write what a line says besides product and quantity."""
    for key in TEXTS:
        if said := getattr(more, key.replace("-", "_")):
            yield _part(key, said)
    if more.price is not None:
        yield f"price={more.price:f}"
    yield from (f"{key}={day}" for key in DAYS if (day := getattr(more, key)))
    yield from work_parts(more)
    if more.optional:
        yield "optional"
    yield from (_part("discount", discount_word(one)) for one in more.discounts)
    if more.options is not None:
        words = (_option_word(id_, more.quantities.get(id_)) for id_ in more.options)
        yield f"options={'+'.join(words)}"
    yield from (_part("from", _segment_word(one)) for one in more.ramp)


def _part(key: str, said: str) -> str:
    quoted = said.replace('"', '""')
    return f'{key}="{quoted}"' if "," in said or said.startswith('"') else f"{key}={said}"


def _option_word(id_: str, quantity: Decimal | None) -> str:
    return id_ if quantity is None else f"{id_}:{quantity:f}"


def draft_line(asked: AskedLine, catalog: Catalog) -> DraftLine:
    """Make the line of a draft; an id that is no product's may be a bundle's."""
    bundle = asked.item in catalog.bundles and asked.item not in catalog.products
    item = {"bundle" if bundle else "product": asked.item}
    return structs.replace(asked.more, **item, quantity=asked.quantity)


def asked_line(line: DraftLine) -> AskedLine:
    """Give a line of a draft as it would be asked for."""
    more = structs.replace(line, product=None, bundle=None, quantity=Decimal(1))
    return AskedLine(line.product or line.bundle or "", line.quantity, more)
