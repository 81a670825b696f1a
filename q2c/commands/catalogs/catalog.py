"""q2c catalog list and show: what is sold, and everything that is known by an id."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import typer

from q2c.commands.call import At, call
from q2c.commands.catalogs.telling import Record, model_told, record_told
from q2c.commands.desk import tree
from q2c.commands.output import say, table
from q2c.core.catalog import PERCENTAGES, Bundle, Catalog, PriceList, Product
from q2c.core.fault import Fault, Unknown, nearest
from q2c.core.party import spoken
from q2c.core.period import Day
from q2c.core.pricing import Market, headline, rate_of
from q2c.store.master import read_catalog, read_company, read_price_lists

Item = Annotated[str, typer.Argument(metavar="PRODUCT", help="The id of a product or bundle.")]
Named = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="Of a product, bundle, rule, schedule, promotion or price list."
    ),
]
CurrencyOption = Annotated[
    str, typer.Option("--currency", metavar="CODE", help="The currency: SEK, EUR.")
]
FamilyOption = Annotated[str, typer.Option("--family", metavar="ID", help="Only of one family.")]
ONE = Decimal(1)


def list_catalog(currency: CurrencyOption = "", family: FamilyOption = "", at: At = "") -> None:
    """List what is sold.

    The price is that of one unit, of the first tier or block, or a percentage.

    Example: q2c catalog list
    """
    files = tree(at)
    company, catalog = read_company(files), read_catalog(files)
    money, language = currency or company.currency, call().language or company.language
    rows = [_product_row(product, money, language) for product in catalog.products.values()]
    rows += [_bundle_row(bundle, money, language) for bundle in catalog.bundles.values()]
    rows = [row for row in rows if family in ("", row["family"])]
    table(rows, ("id", "name", "charge", "model", "unit", "price"))


def _product_row(product: Product, currency: str, language: str) -> dict[str, object]:
    return {
        "id": product.id,
        "name": spoken(product.name, language),
        "family": product.family,
        "charge": product.charge,
        "model": model_told(product.model),
        "unit": spoken(product.unit, language),
        "price": _price(product, currency),
        "currency": currency,
        "every": product.every,
        "bill": product.billed,
        "revenue": product.recognised,
        "vat": product.vat,
        "active": product.active,
    }


def _price(product: Product, currency: str) -> Decimal | str | None:
    """Give the price that a list shows first."""
    if product.model in PERCENTAGES:
        percent = product.percent if product.model == "percentage" else product.tiers[0].percent
        return f"{percent:f} %"
    if currency not in product.currencies():
        return None
    if product.model == "block":
        return product.tiers[0].flat[currency]
    if product.tiers:
        return product.tiers[0].unit_price[currency]
    if product.model == "cost-plus":
        market = Market(customer=None, lists=(), currency=currency, day=Day.max)
        return headline(rate_of(product, market), ONE)
    return product.price[currency]


def _bundle_row(bundle: Bundle, currency: str, language: str) -> dict[str, object]:
    return {
        "id": bundle.id,
        "name": spoken(bundle.name, language),
        "family": bundle.family,
        "charge": "bundle",
        "model": "fixed" if bundle.price else "sum",
        "price": bundle.price.get(currency),
        "currency": currency,
        "every": bundle.every,
        "active": bundle.active,
    }


def show_item(id_: Named, at: At = "") -> None:
    """Show a product, bundle, rule, schedule, promotion or price list.

    Example: q2c catalog show prepaid-hours
    """
    files = tree(at)
    found = _found(read_catalog(files), read_price_lists(files), id_)
    language = call().language or read_company(files).language
    say(found, record_told(found, language))


def _found(catalog: Catalog, lists: Mapping[str, PriceList], id_: str) -> Record:
    """Find what has an id, a promotion also by its code; refuse an id that nothing has."""
    others: tuple[Record, ...] = (*catalog.rules, *catalog.schedules, *catalog.promotions)
    known: dict[str, Record] = {one.id: one for one in others}
    known |= {one.code: one for one in catalog.promotions if one.code}
    known |= {**lists, **catalog.bundles, **catalog.products}
    if id_ not in known:
        message = f"There is nothing called '{id_}' in the catalogue."
        raise Unknown(Fault("unknown-product", message, remedy=nearest(id_, known)))
    return known[id_]


def item(catalog: Catalog, id_: str) -> Product | Bundle:
    """Find a product or bundle; refuse an id that nothing has, naming one that is alike."""
    found = catalog.products.get(id_) or catalog.bundles.get(id_)
    if found is None:
        near = nearest(id_, [*catalog.products, *catalog.bundles])
        raise Unknown(Fault("unknown-product", f"There is no product '{id_}'.", remedy=near))
    return found
