"""From rows of a price sheet to products and price lists as our files have them, and back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec.structs import fields

from q2c.core.catalog import PERCENTAGES, TIERED, Catalog, Product
from q2c.core.fault import Fault
from q2c.core.party import LANGUAGES, Text
from q2c.exchange.pricesheet import FIGURES, WORDS, PriceRow

Tree = dict[str, Any]  # what a file has: texts, numbers, mappings and lists of them
SPOKEN = ("name", "description", "unit")
APART = frozenset({"frequency", "revenue"})
PLAIN = (
    "family",
    "meter",
    "vat_exemption",
    "active",
    "every",
    *(word for word in WORDS if word not in APART),
)
BY_CURRENCY = ("fixed", "minimum", "maximum", "cost", "floor")
USUAL = {field.name: field.default for field in fields(Product)}


def product_tree(
    rows: Sequence[PriceRow], known: Mapping[str, Any], currency: str, language: str
) -> Tree:
    """Give a product as the catalogue has it: what is known of it, and what its rows say.

    A price without a currency is in `currency`, a text without a language in `language` where
    the product has its texts by language. What no row says stays.
    """
    tree: Tree = {"id": rows[0].id, **known}
    for row in rows:
        for field in SPOKEN:
            _speak(tree, field, row, language)
        tree |= {field: row.cells[field] for field in (*PLAIN, *FIGURES) if field in row.cells}
        if "revenue" in row.cells:
            tree["revenue"] = {"method": row.cells["revenue"]}
    tiers: dict[Decimal | None, Tree] = {}
    for row in rows:
        _price(tree, tiers, row, row.text("currency") or currency)
    if tiers:
        tree["tiers"] = _together(tree.get("tiers", ()), tiers)
    return {
        field: said for field, said in tree.items() if field in known or not _usual(field, said)
    }


def _usual(field: str, value: object) -> bool:
    """Say whether a product is so where nobody says it."""
    return field in USUAL and USUAL[field] == value


def _price(tree: Tree, tiers: dict[Decimal | None, Tree], row: PriceRow, currency: str) -> None:
    """Write the prices of a row in a currency: of a billing period, of a tier, or the price."""
    for field in BY_CURRENCY:
        _put(tree, field, currency, row.number(field))
    if row.text("frequency"):
        by_period = tree["frequencies"] = {**tree.get("frequencies", {})}
        _put(by_period, row.text("frequency"), currency, row.number("price"))
    elif tree.get("model") in TIERED:
        _tier(tiers, row, currency, block=tree.get("model") == "block")
    else:
        _put(tree, "price", currency, row.number("price"))


def _speak(tree: Tree, field: str, row: PriceRow, language: str) -> None:
    """Write a text: as it is, or in a language where it is known or given by language."""
    said = {code: row.text(f"{field}_{code}") for code in LANGUAGES}
    said = {code: text for code, text in said.items() if text}
    before = tree.get(field)
    if row.text(field) and isinstance(before, dict):
        said = {language: row.text(field), **said}
    elif row.text(field):
        tree[field] = row.text(field)
    if said:
        tree[field] = {**(before if isinstance(before, dict) else {}), **said}


def _put(tree: Tree, field: str, key: str, value: Decimal | None) -> None:
    if value is not None:
        tree[field] = {**tree.get(field, {}), key: value}


def _tier(tiers: dict[Decimal | None, Tree], row: PriceRow, currency: str, *, block: bool) -> None:
    """Add what a row says of the tier up to its bound; without a bound it is the last one."""
    if not row.cells.keys() & {"price", "flat", "tier_percent"}:
        return
    tier = tiers.setdefault(row.number("up_to"), {})
    unit = "flat" if block and "flat" not in row.cells else "unit_price"
    _put(tier, unit, currency, row.number("price"))
    _put(tier, "flat", currency, row.number("flat"))
    if "tier_percent" in row.cells:
        tier["percent"] = row.cells["tier_percent"]


def _together(known: Iterable[Tree], found: Mapping[Decimal | None, Tree]) -> list[Tree]:
    """Give tiers in the order of their bounds; where the bounds are the known ones, both say."""
    before = {tier.get("up_to"): tier for tier in known}
    if before.keys() != found.keys():
        before = {}
    return [
        _merged(before.get(end, {} if end is None else {"up_to": end}), found[end])
        for end in sorted(found, key=lambda end: Decimal("Infinity") if end is None else end)
    ]


def _merged(before: Tree, after: Tree) -> Tree:
    return {
        **before,
        **{
            field: {**before.get(field, {}), **value} if isinstance(value, dict) else value
            for field, value in after.items()
        },
    }


def list_tree(
    known: Mapping[str, Any], rows: Mapping[str, Sequence[PriceRow]], catalog: Catalog
) -> Tree:
    """Give a price list as its file has it, with the prices that the rows say."""
    tree: Tree = {**known}
    for id_, some in rows.items():
        model = catalog.products[id_].model
        tiers: dict[Decimal | None, Tree] = {}
        for row in some:
            price = row.number("price")
            if row.text("frequency"):
                by_period = tree["frequencies"] = {**tree.get("frequencies", {})}
                _put(by_period, id_, row.text("frequency"), price)
            elif model in TIERED:
                _tier(tiers, row, "", block=model == "block")
            else:
                _put(tree, "prices", id_, price)
        if tiers:
            flat = {end: _single(tier) for end, tier in tiers.items()}
            before = tree.get("tiers", {})
            tree["tiers"] = {**before, id_: _together(before.get(id_, ()), flat)}
    return tree


def _single(tier: Tree) -> Tree:
    """Give a tier in the one currency that a list has."""
    return {field: value[""] if isinstance(value, dict) else value for field, value in tier.items()}


def list_faults_of(
    rows: Mapping[str, Sequence[PriceRow]], catalog: Catalog, currency: str
) -> Iterator[Fault]:
    """Say which rows have no place in a price list: of no product, or in another currency."""
    for id_, some in rows.items():
        if id_ not in catalog.products:
            message = f"There is no product '{id_}'."
            remedy = "Import the products first, without --list."
            yield Fault("unknown-product", message, some[0].place, remedy)
        for row in some:
            if row.text("currency") not in ("", currency):
                message = f"The price is in {row.text('currency')}, and the list in {currency}."
                remedy = "Import it into a list of its currency."
                yield Fault("list-currency", message, row.place, remedy)


def product_rows(product: Product) -> Iterator[Tree]:
    """Give a product as rows of a price sheet: one for each currency, tier and billing period."""
    head: Tree = {
        "id": product.id,
        **_texts("name", product.name),
        **_texts("description", product.description),
        **_texts("unit", product.unit),
        **{field: getattr(product, field) for field in (*PLAIN, *FIGURES)},
        "revenue": product.revenue.method if product.revenue else None,
    }
    head = {field: said for field, said in head.items() if not _usual(field, said)}
    if isinstance(head.get("vat_exemption"), dict):
        head["vat_exemption"] = None  # in several languages it has no column
    rows = list(_price_rows(product)) or [{}]
    for number, row in enumerate(rows):
        said = {**(head if number == 0 else {"id": product.id}), **row}
        yield {field: value for field, value in said.items() if value not in (None, "")}


def _texts(field: str, text: Text | str) -> Tree:
    if isinstance(text, str):
        return {field: text}
    return {f"{field}_{code}": said for code, said in text.items()}


def _price_rows(product: Product) -> Iterator[Tree]:
    for currency in sorted(_currencies(product)):
        money: Tree = {"currency": currency}
        for field in BY_CURRENCY:
            money[field] = getattr(product, field).get(currency)
        tiers = [] if product.model in PERCENTAGES else list(product.tiers)
        for number, tier in enumerate(tiers):
            yield {
                **(money if number == 0 else {"currency": currency}),
                "up_to": tier.up_to,
                "price": tier.unit_price.get(currency),
                "flat": tier.flat.get(currency),
            }
        if not tiers:
            yield {**money, "price": product.price.get(currency)}
        for every, prices in product.frequencies.items():
            if currency in prices:
                yield {"currency": currency, "frequency": every, "price": prices[currency]}
    if product.model == "graduated-percentage":
        for tier in product.tiers:
            yield {"up_to": tier.up_to, "tier_percent": tier.percent}
            for currency, amount in tier.flat.items():
                yield {"up_to": tier.up_to, "currency": currency, "flat": amount}


def _currencies(product: Product) -> set[str]:
    money = [getattr(product, field) for field in ("price", *BY_CURRENCY)]
    money += [prices for tier in product.tiers for prices in (tier.unit_price, tier.flat)]
    money += product.frequencies.values()
    return {currency for prices in money for currency in prices}
