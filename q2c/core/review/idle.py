"""What is written and does nothing: discounts for nobody, options that cannot be chosen."""

from collections.abc import Iterable, Iterator

from q2c.core.catalog import Bundle, Catalog, Product, Promotion, Rule, Schedule
from q2c.core.review.finding import Finding, Wares, error, named, warning


def idle_findings(wares: Wares) -> Iterator[Finding]:
    """Say what in the catalogue and the lists can never come into play."""
    segments = {one.segment for one in wares.customers.values() if one.segment}
    discounts: list[Schedule | Promotion] = [*wares.catalog.schedules, *wares.catalog.promotions]
    for discount in discounts:
        if why := _why_idle(discount, segments, wares):
            message = f"'{discount.id}' can never apply: {why}."
            remedy = "Put it right, or take it away."
            yield warning(discount.fault("discount-idle", message, "", remedy))
    yield from _lists_for_nobody(wares, segments)
    sold: list[Product | Bundle] = [*wares.catalog.products.values()]
    sold += wares.catalog.bundles.values()
    for one in sold:
        if one.active:
            yield from _option_findings(one, wares.catalog)
    yield from _not_sold(wares.catalog)


def _why_idle(discount: Schedule | Promotion, segments: set[str], wares: Wares) -> str:
    """Say why a discount never applies; nothing where it may."""
    scope, products = discount.scope, wares.catalog.products.values()
    if discount.valid and discount.valid.last and discount.valid.last < wares.day:
        return f"it ended on {discount.valid.last}"
    if discount.segments and not segments & set(discount.segments):
        return f"no customer is of the segment {' or '.join(discount.segments)}"
    if not any(one.active and scope.covers(one.id, one.family or "") for one in products):
        return "nothing in its scope is sold any longer"
    if isinstance(discount, Promotion) and discount.amount:
        used = {wares.home, *map(wares.currency_of, wares.customers.values())}
        if not used & discount.amount.keys():
            return f"nobody buys in {named(list(discount.amount))}"
    return ""


def _lists_for_nobody(wares: Wares, segments: set[str]) -> Iterator[Finding]:
    used = {one.price_list for one in wares.customers.values()}
    used |= {prices.base for prices in wares.lists.values()}
    for prices in wares.lists.values():
        reached = prices.everyone or prices.customers or segments & set(prices.segments)
        if not reached and prices.id not in used:
            message = f"No customer buys by '{prices.id}'."
            remedy = "Name it as a customer's price_list, or write customers, segments or everyone."
            yield warning(prices.fault("list-idle", message, "", remedy))


def _option_findings(record: Product | Bundle, catalog: Catalog) -> Iterator[Finding]:
    """Say which options of something that is sold nobody can ever choose."""
    barred = _barred(record, catalog.rules) if record.options else {}
    for number, group in enumerate(record.options):
        for place, choice in enumerate(group.choices):
            product = catalog.products[choice.product]
            path = f"options.{number}.choices.{place}.product"
            rule = barred.get(product.id) or barred.get(product.family or "")
            if not product.active:
                message = f"'{product.id}' is an option here and no longer sold."
            elif rule:
                message = f"'{product.id}' is an option here, and the rule '{rule}' excludes it."
            else:
                continue
            remedy = "Take the option away, or put the other right."
            yield warning(record.fault("option-unreachable", message, path, remedy))


def _barred(record: Product | Bundle, rules: Iterable[Rule]) -> dict[str, str]:
    """Name what rules exclude wherever this is on a quote, and the rule that does."""
    own = {record.id, record.family or record.id}
    return {
        id_: rule.id
        for rule in rules
        if rule.exclude and _always(rule, own)
        for id_ in rule.exclude
        if id_ not in own
    }


def _always(rule: Rule, present: set[str]) -> bool:
    """Say whether a rule holds wherever these are on a quote."""
    when = rule.when
    bounded = when.lacks or when.at_least or when.at_most or when.segments
    looked_for = set(when.has) <= present and (not when.any or present & set(when.any))
    return bool(looked_for and not bounded)


def _not_sold(catalog: Catalog) -> Iterator[Finding]:
    """Say which bundles and rules need what is no longer sold."""
    gone = {one.id for one in catalog.products.values() if not one.active}
    gone |= {one.id for one in catalog.bundles.values() if not one.active}
    for bundle in catalog.bundles.values() if gone else ():
        for number, item in enumerate(bundle.items):
            part = item.product or item.bundle or ""
            if bundle.active and part in gone:
                message = f"'{part}' is a part of '{bundle.id}' and no longer sold."
                remedy = "Take the part out, or write 'active: false' at the bundle too."
                yield error(bundle.fault("not-active", message, f"items.{number}", remedy))
    for rule in catalog.rules if gone else ():
        wanted = [*((f"require.{n}", id_) for n, id_ in enumerate(rule.require))]
        wanted += [(f"add.{n}", one.product) for n, one in enumerate(rule.add)]
        for path, id_ in wanted:
            if id_ in gone:
                message = f"'{id_}' is wanted by the rule '{rule.id}' and no longer sold."
                remedy = "Take it out of the rule."
                yield error(rule.fault("not-active", message, path, remedy))
