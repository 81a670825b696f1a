"""q2c catalog: what is sold, and what it costs."""

from decimal import Decimal
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import At, DateOption, Quantity, call, today
from q2c.commands.desk import commits_of, sources, stamped, tree
from q2c.commands.output import say, table
from q2c.commands.prompt import missing
from q2c.commands.steps import steps_told
from q2c.core.catalog import Bundle, Catalog, PriceList, Product, Tier
from q2c.core.fault import Fault, Invalid, Misused, Unknown, nearest
from q2c.core.money import Money, grouped
from q2c.core.party import Company, Customer, spoken
from q2c.core.period import MONTHS, Day, read_months
from q2c.core.pricing import price, rate_of
from q2c.core.quote import Shelf, offered
from q2c.core.trace import Step, Traced
from q2c.store.master import read_catalog, read_company, read_customer, read_shelf
from q2c.store.tree import Tree

Item = Annotated[str, typer.Argument(metavar="PRODUCT", help="The id of a product or bundle.")]
CustomerOption = Annotated[
    str, typer.Option("--customer", metavar="ID", help="The customer who asks.")
]
CurrencyOption = Annotated[
    str, typer.Option("--currency", metavar="CODE", help="The currency: SEK, EUR.")
]
TermOption = Annotated[
    str, typer.Option("--term", metavar="LENGTH", help="For how long: 12m, 1 year.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="Show each step, with file, line and commit.")
]


class Priced(Struct, frozen=True, kw_only=True):
    """What a quantity costs, and how that came about."""

    product: str
    name: str
    quantity: Decimal
    unit: str
    periods: int
    day: Day
    customer: str
    currency: str
    net: Money
    steps: tuple[Step, ...]


def list_catalog(currency: CurrencyOption = "", at: At = "") -> None:
    """List what is sold.

    Example: q2c catalog list
    """
    files = tree(at)
    company, catalog = read_company(files), read_catalog(files)
    money, language = currency or company.currency, call().language or company.language
    rows = [_product_row(product, money, language) for product in catalog.products.values()]
    rows += [_bundle_row(bundle, money, language) for bundle in catalog.bundles.values()]
    table(rows, ("id", "name", "charge", "model", "unit", "price"))


def _product_row(product: Product, currency: str, language: str) -> dict[str, object]:
    tiers = [tier.unit_price[currency] for tier in product.tiers if currency in tier.unit_price]
    return {
        "id": product.id,
        "name": spoken(product.name, language),
        "charge": product.charge,
        "model": product.model,
        "unit": spoken(product.unit, language),
        "price": tiers[0] if tiers else product.price.get(currency),
        "currency": currency,
        "every": product.every,
        "bill": product.billed,
        "revenue": product.recognised,
        "vat": product.vat,
        "active": product.active,
    }


def _bundle_row(bundle: Bundle, currency: str, language: str) -> dict[str, object]:
    return {
        "id": bundle.id,
        "name": spoken(bundle.name, language),
        "charge": "bundle",
        "model": "flat",
        "price": bundle.price.get(currency),
        "currency": currency,
        "active": bundle.active,
    }


def show_product(product: Item, at: At = "") -> None:
    """Show one product or bundle.

    Example: q2c catalog show prepaid-hours
    """
    files = tree(at)
    catalog, company = read_catalog(files), read_company(files)
    found = item(catalog, product)
    language = call().language or company.language
    lines = _product_told(found) if isinstance(found, Product) else _bundle_told(found)
    text = [spoken(found.name, language), *lines, spoken(found.description, language)]
    say(found, "\n".join(line for line in text if line))


def item(catalog: Catalog, id_: str) -> Product | Bundle:
    """Find a product or bundle; refuse an id that nothing has, naming one that is alike."""
    found = catalog.products.get(id_) or catalog.bundles.get(id_)
    if found is None:
        near = nearest(id_, [*catalog.products, *catalog.bundles])
        raise Unknown(Fault("unknown-product", f"There is no product '{id_}'.", remedy=near))
    return found


def _product_told(product: Product) -> list[str]:
    rows = [
        ("charge", f"{product.charge}, {product.model}"),
        ("every", product.every or ""),
        ("billed", product.billed),
        ("revenue", product.recognised),
        ("VAT", product.vat),
        ("price", _prices(product.price)),
        ("package", "" if product.package_size is None else f"{product.package_size:f}"),
        *(("tier", _tier(tier)) for tier in product.tiers),
        ("sold", "" if product.active else "no longer"),
    ]
    return [f"  {label:8} {value}" for label, value in rows if value]


def _bundle_told(bundle: Bundle) -> list[str]:
    parts = [f"  part     {part.quantity:f} × {part.product}" for part in bundle.items]
    return [f"  price    {_prices(bundle.price)}", *parts]


def _tier(tier: Tier) -> str:
    reach = "beyond" if tier.up_to is None else f"up to {grouped(tier.up_to)}"
    once = f", and {_prices(tier.flat)} once" if tier.flat else ""
    return f"{reach}: {_prices(tier.unit_price)}{once}"


def _prices(prices: dict[str, Decimal]) -> str:
    return ", ".join(f"{grouped(amount)} {currency}" for currency, amount in prices.items())


def price_product(  # noqa: PLR0913 - a flag for each thing that a price hangs on
    product: Item,
    quantity: Quantity = None,
    *,
    customer: CustomerOption = "",
    currency: CurrencyOption = "",
    term: TermOption = "",
    day: DateOption = None,
    explain: Explain = False,
    at: At = "",
) -> None:
    """Say what a quantity costs.

    With --customer at that customer's prices, else at those of the catalogue.

    Example: q2c catalog price advisory --qty 40 --customer fjord-foods --explain
    """
    if quantity is None:
        raise missing("--qty")
    files = tree(at)
    company = read_company(files)
    buyer = read_customer(files, customer) if customer else None
    asked = _Asked(product, quantity, currency, term, today(company.time_zone, day))
    priced = _stamped(files, _priced(company, buyer, read_shelf(files), asked))
    steps = steps_told(priced.steps) if explain else []
    say(priced, "\n".join([_told(priced), *steps]))


class _Asked(Struct, frozen=True):
    product: str
    quantity: Decimal
    currency: str
    term: str
    day: Day


def _priced(company: Company, buyer: Customer | None, shelf: Shelf, asked: _Asked) -> Priced:
    found = item(shelf.catalog, asked.product)
    currency, lists = asked.currency or company.currency, tuple[PriceList, ...]()
    if buyer:
        offer = offered(company, buyer, shelf, asked.day, asked.currency or None)
        currency, lists = offer.currency, offer.lists
    if isinstance(found, Bundle):
        cost, periods, unit = _bundle_price(found, currency, asked.quantity), 1, ""
    else:
        rate = rate_of(found, buyer, lists, currency, asked.day)
        periods, unit = _periods(found, asked.term), spoken(found.unit, _language(company))
        cost = price(rate, asked.quantity, periods)
    return Priced(
        product=found.id,
        name=spoken(found.name, _language(company)),
        quantity=asked.quantity,
        unit=unit,
        periods=periods,
        day=asked.day,
        customer=buyer.id if buyer else "",
        currency=currency,
        net=cost.amount,
        steps=cost.steps,
    )


def _language(company: Company) -> str:
    return call().language or company.language


def _periods(product: Product, term: str) -> int:
    """Count the billing periods in a term; without a term, price one of them."""
    if product.every is None or not term:
        return 1
    months = read_months(term)
    if months is None:
        remedy = "Write 12m, 12 months or 1 year."
        raise Misused(Fault("bad-term", f"'{term}' is not a length of time.", remedy=remedy))
    times, rest = divmod(months, MONTHS[product.every])
    if rest:
        message = f"{term} is not a whole number of times a {product.every}."
        raise Misused(Fault("term-periods", message, remedy="Choose a term that is."))
    return times


def _bundle_price(bundle: Bundle, currency: str, quantity: Decimal) -> Traced:
    if currency not in bundle.price:
        message = f"'{bundle.id}' has no price in {currency}."
        remedy = f"Write one below price, as {currency}: …."
        raise Invalid(bundle.fault("no-price", message, "price", remedy))
    amount = Money.of(bundle.price[currency] * quantity, currency)
    rule = f"price of bundle {bundle.id}: {quantity:f} × {bundle.price[currency]:f}"
    source = bundle.source(f"price.{currency}")
    return Traced(amount, (Step(rule, source, Decimal(0), amount.amount),))


def _stamped(files: Tree, priced: Priced) -> Priced:
    commits = commits_of(files, sources(priced.steps))
    return replace(priced, steps=stamped(priced.steps, commits))


def _told(priced: Priced) -> str:
    times = f" × {priced.periods} periods" if priced.periods != 1 else ""
    amount = f"{grouped(priced.quantity)} {priced.unit}".rstrip()
    return f"{priced.name}, {amount}{times}: {priced.net}"
