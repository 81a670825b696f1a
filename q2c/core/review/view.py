"""Views: everything that a catalogue, its lists and its customers say of prices, fact by fact."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec
from msgspec import Struct

from q2c.core.catalog import PERCENTAGES, Catalog, PriceList, Product, Validity
from q2c.core.money import CURRENCIES
from q2c.core.party import Customer, OwnPrice
from q2c.core.period import Day, by_every
from q2c.core.review.finding import Wares, lines_of, list_rate
from q2c.core.trace import Sourced

Key = tuple[str, str, str]  # the kind of a record, its id, and what is said of it
# How an item of a list is called; one that has none of these is called by all it says.
NAMES = ("id", "product", "bundle", "up_to", "from")

USUAL = "usual"  # the kind of what holds where no list has a price
NAMED = "who names "


class Fact(Struct, frozen=True):
    """Something that is said: a figure or a text, the currency of a price, and where it stands."""

    value: Decimal | str
    currency: str = ""
    source: str = ""


View = Mapping[Key, Fact]


def view(wares: Wares, day: Day | None = None) -> View:
    """Take apart all that is said of prices; with a day, as it holds on that day.

    On a day a price list is told by whom it is for, so that this year's list and next year's
    can be compared, and what does not hold then is left out.
    """
    found: dict[Key, Fact] = {}
    for kind, id_, record in _records(wares.catalog, day):
        for what, fact in _told(record):
            found[kind, id_, what] = fact
    if day:
        found.update(_usual(wares))
    lists = _by_reach(wares, day) if day else _each_list(wares)
    for id_, facts in lists:
        found.update({("list", id_, what): fact for what, fact in facts.items()})
    for customer in wares.customers.values():
        facts = dict(_customer_facts(customer, day))
        found.update({("customer", customer.id, what): fact for what, fact in facts.items()})
    return found


def _records(catalog: Catalog, day: Day | None) -> Iterator[tuple[str, str, Struct]]:
    yield from (("product", id_, one) for id_, one in catalog.products.items())
    yield from (("bundle", id_, one) for id_, one in catalog.bundles.items())
    yield from (("rule", one.id, one) for one in catalog.rules)
    for kind, discounts in (("schedule", catalog.schedules), ("promotion", catalog.promotions)):
        for one in discounts:
            if day is None or one.valid is None or day in one.valid:
                yield kind, one.id, one
    yield "policy", "policy", catalog.policy


def _told(record: Struct) -> Iterator[tuple[str, Fact]]:
    """Yield what a record says: that it is there, and each of its values."""
    placed = record if isinstance(record, Sourced) else Sourced()
    yield "", Fact("", source=placed.source())
    for path, value in _flat(record, ()):
        if path != ("id",):
            currency = path[-1] if path[-1] in CURRENCIES else ""
            source = placed.source(".".join(path))
            yield " ".join(path).replace("_", " "), Fact(value, currency, source)


def _flat(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Decimal | str]]:
    """Yield each single value with its path; lists go by the names of what is in them.

    That something named is there is a value by itself, the empty one.
    """
    if isinstance(value, Struct):
        for field in msgspec.structs.fields(value):
            said = getattr(value, field.name)
            if field.name not in Sourced.__struct_fields__ and said is not None:
                yield from _flat(said, (*path, field.encode_name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, (*path, str(key)))
    elif isinstance(value, tuple) and value and isinstance(value[0], Struct):
        for name, item in _called(value):
            yield (*path, name), ""
            inner = _flat(item, (*path, name))
            yield from (fact for fact in inner if fact[0][-1] not in NAMES)
    elif value not in {"", ()}:
        yield path, value if isinstance(value, Decimal) else _word(value)


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _called(items: Sequence[Struct]) -> Iterator[tuple[str, Struct]]:
    """Name the items of a list, whatever their order; the second of a name gets a number."""
    seen: Counter[str] = Counter()
    for item in sorted(items, key=lambda one: (_bound(one), _name(one), repr(one))):
        name = _name(item)
        seen[name] += 1
        yield (name if seen[name] == 1 else f"{name} #{seen[name]}"), item


def _bound(item: Struct) -> Decimal:
    """Give the figure that tiers and bands are in the order of; an open end comes last."""
    end: Decimal | None = getattr(item, "up_to", getattr(item, "least", Decimal(0)))
    return Decimal("Infinity") if end is None else end


def _name(item: Struct) -> str:
    for field in NAMES[:3]:
        if said := getattr(item, field, None):
            return str(said)
    if hasattr(item, "up_to"):
        return "beyond" if item.up_to is None else f"up to {item.up_to:f}"
    least: Decimal = getattr(item, "least", Decimal(0))
    return f"from {least:f}"


def _each_list(wares: Wares) -> Iterator[tuple[str, dict[str, Fact]]]:
    for prices in wares.lists.values():
        said = ("name", "currency", "valid", "customers", "segments", "everyone", "base", "adjust")
        about = {
            " ".join(path).replace("_", " "): Fact(value, source=prices.source())
            for name in said
            if getattr(prices, name)
            for path, value in _flat(getattr(prices, name), (name,))
        }
        yield prices.id, {"": Fact("", source=prices.source()), **about, **_lines(prices, wares)}


def _by_reach(wares: Wares, day: Day) -> Iterator[tuple[str, dict[str, Fact]]]:
    """Give the prices of lists that hold on a day, by whom they are for; the later begun wins."""
    reached: dict[str, dict[str, Fact]] = defaultdict(dict)
    for prices in sorted(wares.lists.values(), key=lambda one: (one.valid.first, one.id)):
        if day in prices.valid:
            for reach in _reaches(prices):
                reached[reach].update(_lines(prices, wares))
    yield from reached.items()


def _usual(wares: Wares) -> Iterator[tuple[Key, Fact]]:
    """Give the catalogue's prices as a list would have them: they hold where none has one."""
    for currency in {prices.currency for prices in wares.lists.values()}:
        plain = PriceList(id=currency, currency=currency, valid=Validity(Day.min), base="catalog")
        for what, fact in _lines(plain, wares).items():
            yield (USUAL, currency, what), Fact(fact.value, currency)


def _reaches(prices: PriceList) -> Iterator[str]:
    whom = [f"customer {id_}" for id_ in prices.customers]
    whom += [f"segment {segment}" for segment in prices.segments]
    whom += ["everyone"] if prices.everyone else []
    yield from (f"{reach} in {prices.currency}" for reach in whom or [f"{NAMED}{prices.id}"])


def _lines(prices: PriceList, wares: Wares) -> dict[str, Fact]:
    """Give every price that a list has, also those that it makes from its base."""
    own = lines_of(prices)
    found: dict[str, Fact] = {}
    for id_, price in prices.prices.items():
        found[id_] = Fact(price, prices.currency, prices.source(f"prices.{id_}"))
    for id_, by_period in prices.frequencies.items():
        for every, price in by_period.items():
            source = prices.source(f"frequencies.{id_}.{every}")
            found[f"{id_} {by_every(every)}"] = Fact(price, prices.currency, source)
    for id_, tiers in prices.tiers.items():
        for path, value in _flat(tiers, (id_,)):
            found[" ".join(path).replace("_", " ")] = Fact(
                value, _tier_currency(path[-1], prices), prices.source(f"tiers.{id_}")
            )
    if prices.base:
        made = (one for id_, one in wares.catalog.products.items() if id_ not in own)
        for product in made:
            found.update(_made(product, prices, wares))
    return found


def _tier_currency(field: str, prices: PriceList) -> str:
    return prices.currency if field in {"unit_price", "flat"} else ""


def _made(product: Product, prices: PriceList, wares: Wares) -> Iterator[tuple[str, Fact]]:
    """Give the prices of a product that a list makes from its base."""
    rate = None if product.model in PERCENTAGES else list_rate(product, prices, wares)
    if rate is None:
        return
    source = prices.source("base")
    if not rate.tiers:
        yield product.id, Fact(rate.unit_price, prices.currency, source)
    for tier in rate.tiers:
        name = f"{product.id} {_name(tier)}"
        yield f"{name} unit price", Fact(tier.unit_price, prices.currency, source)
        if tier.flat:
            yield f"{name} flat", Fact(tier.flat, prices.currency, source)


def _customer_facts(customer: Customer, day: Day | None) -> Iterator[tuple[str, Fact]]:
    for name in ("price_list", "segment", "currency"):
        if said := getattr(customer, name):
            yield name.replace("_", " "), Fact(said, source=customer.source(name))
    for number, own in enumerate(customer.prices):
        if day is None or own.holds(day):
            for code, price in own.price.items():
                source = customer.source(f"prices.{number}.price.{code}")
                yield _own_name(own, code, day), Fact(price, code, source)


def _own_name(own: OwnPrice, currency: str, day: Day | None) -> str:
    by = f" {by_every(own.every)}" if own.every else ""
    since = f" from {own.valid_from}" if own.valid_from and day is None else ""
    until = f" to {own.valid_to}" if own.valid_to and day is None else ""
    return f"{own.product} {currency}{by}{since}{until}"
