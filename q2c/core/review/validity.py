"""Validity: lists that overlap, lists that end with nothing after them, prices that are missing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from q2c.core.catalog import PriceList, Validity
from q2c.core.party import Customer, OwnPrice
from q2c.core.period import Day
from q2c.core.review.finding import Finding, Wares, error, lines_of, named, warning

ONE_DAY = timedelta(days=1)
SOON = timedelta(days=400)  # what ends later is still to be written
Reach = tuple[str, ...]


def validity_findings(wares: Wares) -> Iterator[Finding]:
    """Say where two prices hold at once, and where there is none."""
    groups = _by_reach(wares.lists)
    overlaps = (found for group in groups.values() for found in _overlaps(group))
    yield from dict.fromkeys(overlaps)
    ends = (found for group in groups.values() for found in _ends(group, wares.day))
    yield from dict.fromkeys(ends)
    yield from _named_findings(wares)
    for customer in wares.customers.values():
        yield from _own_overlaps(customer)
    yield from _unpriced(wares)


def _by_reach(lists: Mapping[str, PriceList]) -> dict[Reach, list[PriceList]]:
    """Gather the lists that one customer could buy by at the same rank, the earliest first."""
    groups: dict[Reach, list[PriceList]] = defaultdict(list)
    for prices in sorted(lists.values(), key=lambda one: (one.valid.first, one.id)):
        for id_ in prices.customers:
            groups[prices.currency, "customer", id_].append(prices)
        for segment in prices.segments:
            groups[prices.currency, "segment", segment].append(prices)
        if prices.everyone:
            groups[prices.currency, "everyone"].append(prices)
    return groups


def _overlaps(group: Sequence[PriceList]) -> Iterator[Finding]:
    for number, earlier in enumerate(group):
        for later in group[number + 1 :]:
            if earlier.valid.last and later.valid.first > earlier.valid.last:
                break  # those after it begin later still
            if shared := lines_of(earlier) & lines_of(later):
                yield _overlap(earlier, later, shared)


def _overlap(earlier: PriceList, later: PriceList, shared: set[str]) -> Finding:
    both = f"'{earlier.id}' and '{later.id}' both price {named(shared)} from {later.valid.first}"
    if earlier.valid.first == later.valid.first:
        message = f"{both}, and neither begins later, so nobody can say which holds."
        remedy = "Let one begin later, or end the other."
        return error(later.fault("lists-overlap", message, "valid", remedy))
    message = f"{both}; '{later.id}' holds, since it begins later."
    remedy = f"End '{earlier.id}' on {later.valid.first - ONE_DAY}, if that is meant."
    return warning(later.fault("lists-overlap", message, "valid", remedy))


def _ends(group: Sequence[PriceList], today: Day) -> Iterator[Finding]:
    """Say what has no price of a list behind the last day of one, where an other goes on."""
    for number, ending in enumerate(group):
        last = ending.valid.last
        if last is None or last.toordinal() == Day.max.toordinal():
            continue
        after = last + ONE_DAY
        following = [one for one in group if after in one.valid]
        later = next((one for one in group[number + 1 :] if one.valid.first > after), None)
        if following:
            yield from _dropped(ending, following, today)
        elif later and later.valid.first > today:
            message = (
                f"From {after} to {later.valid.first - ONE_DAY}, between '{ending.id}' and "
                f"'{later.id}', no list holds; the catalogue's prices do."
            )
            remedy = f"Lengthen '{ending.id}', or let '{later.id}' begin earlier."
            yield warning(ending.fault("list-gap", message, "valid.to", remedy))
        elif later is None and today <= last <= today + SOON:
            message = f"'{ending.id}' ends on {last}, and no list follows it."
            remedy = "Write the next one; without it the catalogue's prices hold."
            yield warning(ending.fault("list-ends", message, "valid.to", remedy))


def _dropped(ending: PriceList, following: Sequence[PriceList], today: Day) -> Iterator[Finding]:
    missing = lines_of(ending).difference(*map(lines_of, following))
    last = ending.valid.last
    if not missing or any(one.base for one in following) or last is None or last < today:
        return
    message = (
        f"'{following[-1].id}' follows on '{ending.id}' and has no price for {named(missing)}; "
        "the catalogue's hold then."
    )
    remedy = f"Write them in '{following[-1].id}', or 'base: {ending.id}'."
    yield warning(following[-1].fault("list-drops", message, "", remedy))


def _named_findings(wares: Wares) -> Iterator[Finding]:
    """Say which customers name a list that ends: nothing can be offered to them afterwards."""
    buyers: dict[str, list[str]] = defaultdict(list)
    for customer in wares.customers.values():
        prices = wares.lists.get(customer.price_list or "")
        if prices and prices.valid.last and prices.currency == wares.currency_of(customer):
            buyers[prices.id].append(customer.id)
    for id_, customers in buyers.items():
        prices = wares.lists[id_]
        last = prices.valid.last
        assert last, "only lists that end are gathered"
        if last > wares.day + SOON:
            continue
        over = last < wares.day
        verb = "ended" if over else "ends"
        whose = f"{named(customers)} {'buys' if len(customers) == 1 else 'buy'} by"
        message = f"{whose} '{id_}', which {verb} on {last}; nothing can be offered after that."
        remedy = "Give them the next list as price_list, or lengthen this one."
        fault = prices.fault("list-ends", message, "valid.to", remedy)
        yield error(fault) if over else warning(fault)


def _own_overlaps(customer: Customer) -> Iterator[Finding]:
    """Say which of a customer's own prices hold on the same days: the first one counts."""
    known: dict[tuple[str, str, str], list[Validity]] = defaultdict(list)
    for number, own in enumerate(customer.prices):
        days = _days(own)
        for code in own.price:
            held = known[own.product, own.every or "", code]
            if any(_meet(days, other) for other in held):
                message = f"{customer.id} has two prices for {own.product} in {code} at once."
                remedy = "Give the earlier one a valid_to; until then the first one written holds."
                path = f"prices.{number}"
                yield warning(customer.fault("prices-overlap", message, path, remedy))
            held.append(days)


def _days(own: OwnPrice) -> Validity:
    return Validity(own.valid_from or Day.min, own.valid_to)


def _meet(one: Validity, other: Validity) -> bool:
    first = max(one.first, other.first)
    return first in one and first in other


def _unpriced(wares: Wares) -> Iterator[Finding]:
    """Say what has no price in a currency that customers buy in, at the first such customer."""
    first: dict[str, Customer] = {}
    for customer in wares.customers.values():
        first.setdefault(wares.currency_of(customer), customer)
    for currency, customer in first.items():
        listed = [
            prices
            for prices in wares.lists.values()
            if prices.currency == currency
            and (prices.valid.last is None or prices.valid.last >= wares.day)
        ]
        priced = {id_ for prices in listed for id_ in lines_of(prices)}
        missing = {
            product.id
            for product in wares.catalog.products.values()
            if product.active and currency not in product.currencies() and product.id not in priced
        }
        missing |= {
            bundle.id
            for bundle in wares.catalog.bundles.values()
            if bundle.active and bundle.price and currency not in bundle.price
        }
        if missing:
            message = f"{customer.id} buys in {currency}, in which {named(missing)} has no price."
            remedy = f"Write one in {currency} where it is sold so."
            yield warning(customer.fault("currency-unpriced", message, "currency", remedy))
