"""How products, bundles, rules, discounts and price lists are told on a terminal."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from q2c.core.catalog import (
    Band,
    Bundle,
    Choice,
    ListTier,
    OptionGroup,
    PriceList,
    Product,
    Promotion,
    Rule,
    Schedule,
    Scope,
    Tier,
    Validity,
)
from q2c.core.money import grouped
from q2c.core.party import spoken
from q2c.core.period import by_every

Record = Product | Bundle | Rule | Schedule | Promotion | PriceList
Rows = Iterator[tuple[str, str]]
SHORT = {"graduated-percentage": "grad. %", "percentage": "%"}


def record_told(record: Record, language: str) -> str:
    """Write all that is known of a record, a line a fact."""
    rows = [(label, text) for label, text in _rows(record, language) if text]
    wide = max((len(label) for label, _ in rows), default=0)
    head = spoken(record.say if isinstance(record, Rule) else record.name, language) or record.id
    tail = spoken(record.description, language) if isinstance(record, Product | Bundle) else ""
    lines = [head, *(f"  {label:{wide}}  {text}" for label, text in rows), tail]
    return "\n".join(line for line in lines if line)


def model_told(model: str) -> str:
    """Name a charge model in a column."""
    return SHORT.get(model, model)


def _rows(record: Record, language: str) -> Rows:
    if isinstance(record, Product):
        yield from _product_rows(record, language)
    elif isinstance(record, Bundle):
        yield from _bundle_rows(record, language)
    elif isinstance(record, Rule):
        yield from _rule_rows(record)
    elif isinstance(record, Schedule):
        yield from _schedule_rows(record)
    elif isinstance(record, Promotion):
        yield from _promotion_rows(record)
    else:
        yield from _list_rows(record)


def _product_rows(product: Product, language: str) -> Rows:
    every = f", {by_every(product.every)}" if product.every else ""
    yield "charge", f"{product.charge}, {product.model}{every}"
    yield "family", product.family or ""
    yield "attributes", ", ".join(f"{key}: {said}" for key, said in product.attributes.items())
    yield "meter", _meter(product)
    yield "unit", spoken(product.unit, language)
    yield "billed", product.billed
    yield "revenue", product.recognised
    yield "VAT", product.vat
    yield "price", prices_told(product.price)
    for period, prices in product.frequencies.items():
        yield by_every(period), prices_told(prices)
    yield "package", _package(product)
    yield "percent", _percent(product)
    for tier in product.tiers:
        yield "tier", _tier(tier)
    for label in ("fixed", "minimum", "maximum"):
        yield label, prices_told(getattr(product, label))
    yield from _metered_rows(product)
    yield "cost", prices_told(product.cost)
    yield "markup", "" if product.markup is None else f"{product.markup:f} %"
    yield "floor", prices_told(product.floor)
    yield from _option_rows(product.options, language)
    yield "sold", "" if product.active else "no longer"


def _meter(product: Product) -> str:
    if product.metered is None:
        return product.meter or ""
    over = product.metered.accumulate
    window = "" if over == "period" else f", tiers over the {over}"
    return f"{product.meter}, counted {by_every(product.metered.every)}{window}"


def _metered_rows(product: Product) -> Rows:
    """Tell prices by group, a commitment, and the credits that are granted."""
    for group in product.metered.by_group if product.metered else ():
        price = prices_told(group.price)
        if group.percent is not None:
            price = f"{group.percent:f} %"
        tiers = "; ".join(map(_tier, group.tiers))
        match = ", ".join(f"{name} {value}" for name, value in group.match.items())
        yield f"for {match}", price or tiers
    if product.metered and (least := product.metered.commitment):
        yield "commitment", f"{prices_told(least.amount)} each {least.per}"
    if granted := product.grants:
        unit = granted.meter or "of the currency"
        lasts = f", for {granted.expires}" if granted.expires else ""
        moves = f", {grouped(granted.rollover)} move on" if granted.rollover else ""
        yield "grants", f"{grouped(granted.quantity)} {unit}{lasts}{moves}"


def _package(product: Product) -> str:
    if product.package_size is None:
        return ""
    free = f", the first {grouped(product.free_units)} free" if product.free_units else ""
    return f"{grouped(product.package_size)}{free}"


def _percent(product: Product) -> str:
    if product.percent is None:
        return ""
    of = "the amount" if product.percent_of is None else scope_told(product.percent_of)
    return f"{product.percent:f} % of {of}"


def _option_rows(groups: Iterable[OptionGroup], language: str) -> Rows:
    for group in groups:
        most = len(group.choices) if group.max is None else group.max
        count = f"{group.min}" if group.min == most else f"{group.min} to {most}"
        yield "options", f"{spoken(group.name, language)}, {count} of:"
        for choice in group.choices:
            yield "", _choice(choice)


def _choice(choice: Choice) -> str:
    usual = " (unless another is chosen)" if choice.default else ""
    return f"{_part(choice.product, choice.quantity, scales=choice.scales)}{usual}"


def _part(name: str, quantity: Decimal, *, scales: bool) -> str:
    times = f"{grouped(quantity)} × " if quantity != 1 else ""
    return f"{times}{name}{'' if scales else ', once'}"


def _bundle_rows(bundle: Bundle, language: str) -> Rows:
    every = f" {by_every(bundle.every)}" if bundle.every else ""
    price = f"{prices_told(bundle.price)}{every}"
    if bundle.discount is not None:
        price = f"the sum of its parts less {bundle.discount:f} %"
    yield "price", price
    yield "family", bundle.family or ""
    for item in bundle.items:
        name = item.product or f"bundle {item.bundle}"
        yield "part", _part(name, item.quantity, scales=item.scales)
    yield from _option_rows(bundle.options, language)
    yield "sold", "" if bundle.active else "no longer"


def _rule_rows(rule: Rule) -> Rows:
    when = rule.when
    yield "when", _and(when.has)
    yield "any of", ", ".join(when.any)
    yield "without", ", ".join(when.lacks)
    yield "at least", ", ".join(f"{grouped(n)} {id_}" for id_, n in when.at_least.items())
    yield "at most", ", ".join(f"{grouped(n)} {id_}" for id_, n in when.at_most.items())
    yield "for", ", ".join(when.segments)
    yield "requires", _and(rule.require)
    yield "requires one of", ", ".join(rule.require_any)
    yield "excludes", ", ".join(rule.exclude)
    for choice in rule.add:
        yield "adds", _choice(choice)
    yield "alerts", "and refuses nothing" if rule.alerts else ""


def _and(ids: Iterable[str]) -> str:
    return " and ".join(ids)


def _schedule_rows(schedule: Schedule) -> Rows:
    over = "all lines together" if schedule.across == "quote" else "each line by itself"
    yield "by", f"{schedule.by}, of {over}"
    yield "on", scope_told(schedule.scope)
    yield "for", ", ".join(schedule.segments)
    yield "valid", valid_told(schedule.valid)
    for band in schedule.bands:
        yield "band", _band(band, sliced=schedule.apply == "slices")


def _band(band: Band, *, sliced: bool) -> str:
    off = f"{prices_told(band.amount)} a unit" if band.percent is None else f"{band.percent:f} %"
    return f"from {grouped(band.least)}: {off} off{' what is above it' if sliced else ''}"


def _promotion_rows(promotion: Promotion) -> Rows:
    yield "code", promotion.code or ""
    amount = prices_told(promotion.amount)
    yield "off", amount if promotion.percent is None else f"{promotion.percent:f} %"
    yield "on", scope_told(promotion.scope)
    yield "for", ", ".join(promotion.segments)
    yield "valid", valid_told(promotion.valid)
    lasting = {"once": "once", "forever": "the whole term", "periods": ""}[promotion.lasts]
    yield "lasts", lasting or f"{promotion.periods} billing periods"
    limits = [
        f"{promotion.max_redemptions} times" if promotion.max_redemptions else "",
        f"{promotion.per_customer} a customer" if promotion.per_customer else "",
        "first order only" if promotion.first_order_only else "",
        "stands alone" if promotion.exclusive else "",
    ]
    yield "limits", ", ".join(filter(None, limits))


def _list_rows(prices: PriceList) -> Rows:
    yield "currency", prices.currency
    yield "valid", valid_told(prices.valid)
    whom = [*prices.customers, *(f"segment {one}" for one in prices.segments)]
    yield "for", ", ".join([*whom, *(["everyone"] if prices.everyone else [])])
    yield "base", _base(prices)
    for id_, price in prices.prices.items():
        yield id_, grouped(price)
    for id_, by_period in prices.frequencies.items():
        for every, price in by_period.items():
            yield id_, f"{by_every(every)}: {grouped(price)}"
    for id_, tiers in prices.tiers.items():
        for tier in tiers:
            yield id_, _tier(tier)


def _base(prices: PriceList) -> str:
    if prices.base is None or prices.adjust is None:
        return prices.base or ""
    step = f", in steps of {grouped(prices.adjust.round_to)}" if prices.adjust.round_to else ""
    return f"{prices.base} {prices.adjust.percent:+f} %{step}"


def _tier(tier: Tier | ListTier) -> str:
    """Say up to where a tier reaches and what it costs."""
    reach = "beyond" if tier.up_to is None else f"up to {grouped(tier.up_to)}"
    each, once = _amount(tier.unit_price), _amount(tier.flat)
    price = each if tier.percent is None else f"{tier.percent:f} %"
    flat = f"{once} flat" if once else ""
    unit = f"{price} a unit" if flat and each else price
    return f"{reach}: {' and '.join(filter(None, (flat, unit)))}"


def _amount(price: Mapping[str, Decimal] | Decimal | None) -> str:
    if isinstance(price, Mapping):
        return prices_told(price)
    return grouped(price) if price else ""


def prices_told(prices: Mapping[str, Decimal]) -> str:
    """Write a price in each of its currencies."""
    return ", ".join(f"{grouped(amount)} {currency}" for currency, amount in prices.items())


def scope_told(scope: Scope) -> str:
    """Say which lines something is about."""
    families = [f"family {id_}" for id_ in scope.families]
    return ", ".join([*scope.products, *families]) or "all lines"


def valid_told(valid: Validity | None) -> str:
    """Say on which days something holds."""
    if valid is None:
        return ""
    return f"from {valid.first}" + (f" to {valid.last}" if valid.last else "")
