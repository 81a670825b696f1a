"""Adding: the lines that rules put on a quote, and the choice that each of them belongs to."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec.structs import replace

from q2c.core.quote.configure import Wanted, refuse_quantity, sold
from q2c.core.quote.draft import Draft, DraftLine
from q2c.core.quote.offer import Offer
from q2c.core.quote.ruling import Added, Present, additions, counted
from q2c.core.quote.selection import Selection, groups_in

_Key = tuple[str, str, Decimal]  # the rule, the product, how much of it


def there(wanted: Iterable[Wanted], chosen: Selection) -> dict[str, Decimal]:
    """Count what is there under a selection: bundles by how many, products by their units."""
    things, bundles = [], set()
    for one in wanted:
        if not chosen.counts(one.asked, one.part):
            continue
        things.append(Present((one.product.id, one.product.family or ""), one.quantity))
        bundles |= {(one.part, bundle.id, bundle.family or "", n) for bundle, n in one.within}
    things += [Present((id_, family), count) for _, id_, family, count in sorted(bundles)]
    return counted(things)


def added(draft: Draft, wanted: list[Wanted], offer: Offer, chosen: Selection) -> list[Wanted]:
    """Give the lines that rules add, whatever the customer chooses.

    What only some choices of a group need is a part of these choices, and what an optional line
    needs is taken with it; what all need stands by itself.
    """
    rules = [rule for rule in offer.catalog.rules if rule.add]
    if not rules:
        return []
    segment = offer.customer.segment or ""

    def needed(selection: Selection) -> dict[_Key, Added]:
        found = additions(rules, there(wanted, selection), segment)
        return {(one.rule.id, one.choice.product, one.quantity): one for one in found}

    found, owned = needed(chosen), dict[_Key, list[tuple[str, str]]]()
    for group, choices in groups_in(draft).items():
        by_choice = {of: needed(chosen.having(group, of)) for of in choices}
        for key, one in {k: o for some in by_choice.values() for k, o in some.items()}.items():
            having = [(group, of) for of in choices if key in by_choice[of]]
            found.setdefault(key, one)
            if len(having) < len(choices):
                owned.setdefault(key, having)
    lines = [
        _wanted(draft, one, offer, len(draft.lines) + number, DraftLine(group=group, choice=of))
        for number, (one, group, of) in enumerate(
            (one, *where) for key, one in found.items() for where in owned.get(key, [(None, None)])
        )
    ]
    for part, line in enumerate(draft.lines):
        if line.optional:
            taken = needed(chosen.with_optional(line, part))
            fresh = [one for key, one in taken.items() if key not in found]
            lines += [_wanted(draft, one, offer, part, DraftLine(optional=True)) for one in fresh]
    return lines


def _wanted(draft: Draft, one: Added, offer: Offer, part: int, where: DraftLine) -> Wanted:
    product = sold(draft, one.choice.product, offer.catalog.products, "lines")
    refuse_quantity(draft, one.quantity, "lines", product)
    return Wanted(
        part=part,
        asked=replace(where, product=product.id, quantity=one.quantity),
        product=product,
        quantity=one.quantity,
        trial=where.trial or product.trial,
        added_by=one.rule.id,
    )
