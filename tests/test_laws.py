"""Laws of quotes: what holds for every draft, whatever is in it."""

from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise
from random import Random

from hypothesis import assume, given, reject
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Catalog, Policy
from q2c.core.fault import Invalid
from q2c.core.money import Money, total
from q2c.core.quote import (
    Discount,
    Draft,
    Line,
    Offer,
    Priced,
    choose,
    contract_years,
    dues,
    priced,
    stretches,
)
from q2c.store.papers import frozen, thawed
from tests.drafts import BUNDLES, attempted, drafts, offer, quotes, reordered

Found = tuple[Draft, Offer, Priced]


def owed(lines: tuple[Line, ...], currency: str) -> Money:
    """Add up what lines cost before what comes off the whole quote."""
    return total((line.own for line in lines if line.counts), currency)


@given(quotes())
def test_the_steps_of_a_line_begin_with_nothing_chain_and_end_in_its_net(found: Found) -> None:
    _, _, quote = found
    for line in quote.lines:
        assert line.steps[0].before == 0
        assert all(one.after == other.before for one, other in pairwise(line.steps))
        assert line.steps[-1].after == line.net.amount


@given(quotes())
def test_a_total_is_the_sum_of_its_lines_and_their_vat(found: Found) -> None:
    _, _, quote = found
    assert quote.net == total((line.net for line in quote.counted), quote.currency)
    assert quote.net == total((row.base for row in quote.vat), quote.currency)
    assert quote.total == quote.net + quote.tax


@given(quotes())
def test_nothing_costs_less_than_nothing(found: Found) -> None:
    _, _, quote = found
    assert all(line.net.minor >= 0 and line.own.minor >= 0 for line in quote.lines)


@given(quotes())
def test_what_comes_off_the_whole_quote_comes_off_its_lines_to_the_last_oere(
    found: Found,
) -> None:
    """One after another: a percentage of the lines in its scope, or an amount, at most theirs."""
    _, _, quote = found
    nets = {line.id: line.own.minor for line in quote.counted}
    for number, one in enumerate(quote.reduced):
        inside = [
            line.id
            for line in quote.counted
            if one.scope is None or one.scope.covers(line.product, line.family)
        ]
        before = sum(nets[id_] for id_ in inside)
        if one.amount is None:
            first = owed_before_added(quote) if one.added else before
            wanted = Money(first, quote.currency).share(one.percent / 100).minor
            off = min(wanted, before)
        else:
            off = min(one.amount.minor, before) if inside else 0
        some = replace(quote, reduced=quote.reduced[: number + 1])
        nets = {line.id: line.net.minor for line in choose(some).lines}
        assert before - sum(nets[id_] for id_ in inside) == off
    assert nets == {line.id: line.net.minor for line in quote.counted}


def owed_before_added(quote: Priced) -> int:
    """Say what the lines came to before the first of the percentages that are added up."""
    number = next(n for n, one in enumerate(quote.reduced) if one.added)
    return choose(replace(quote, reduced=quote.reduced[:number])).net.minor


@given(quotes())
def test_the_parts_of_a_bundle_add_up_to_its_price(found: Found) -> None:
    draft, _, quote = found
    prices = {bundle.id: bundle.price for bundle in BUNDLES}
    for part, asked in enumerate(draft.lines):
        parts = [line for line in quote.lines if line.part == part and line.bundle]
        if not asked.bundle or not prices[asked.bundle] or any(one.reductions for one in parts):
            continue
        times = parts[0].times if asked.bundle == "monthly" else 1
        each = Fraction(prices[asked.bundle][quote.currency])
        whole = Money.of(each * Fraction(asked.quantity) * times, quote.currency)
        assert total((line.own for line in parts), quote.currency) == whole


@given(quotes(), st.randoms(use_true_random=False))
def test_a_quote_priced_twice_is_the_same_bytes_whatever_order_things_are_kept_in(
    found: Found, random: Random
) -> None:
    draft, shelf, quote = found
    catalog = shelf.catalog
    products, bundles = list(catalog.products.items()), list(catalog.bundles.items())
    random.shuffle(products)
    random.shuffle(bundles)
    shuffled = Catalog(
        dict(products),
        dict(bundles),
        catalog.rules,
        catalog.schedules,
        catalog.promotions,
        catalog.policy,
    )
    lines = []
    for line in draft.lines:
        options, quantities = list(line.options or ()), list(line.quantities.items())
        random.shuffle(options)
        random.shuffle(quantities)
        chosen = None if line.options is None else tuple(options)
        lines.append(replace(line, options=chosen, quantities=dict(quantities)))
    again = priced(
        quote.number, replace(draft, lines=tuple(lines)), replace(shelf, catalog=shuffled)
    )
    assert frozen(again) == frozen(quote)


@given(quotes())
def test_a_frozen_quote_is_read_back_as_it_was(found: Found) -> None:
    _, _, quote = found
    assert thawed(frozen(quote), Priced, "v1.json") == quote


@given(quotes())
def test_choosing_nothing_changes_no_figure_also_the_second_time(found: Found) -> None:
    _, _, quote = found
    once = choose(quote)
    assert (once.net, once.vat, once.total) == (quote.net, quote.vat, quote.total)
    assert {line.id: line.net for line in once.lines} == {
        line.id: line.net for line in quote.counted
    }
    assert choose(once) == once


@given(quotes(), st.data())
def test_what_was_chosen_stands_when_nothing_more_is_chosen(
    found: Found, data: st.DataObject
) -> None:
    _, _, quote = found
    optional = [line.id for line in quote.lines if line.optional and not line.parent]
    groups = {line.group: line.choice for line in quote.lines if line.group}
    taken = data.draw(st.sets(st.sampled_from(optional))) if optional else ()
    try:
        once = choose(quote, groups, taken)
    except Invalid:  # a rule adds something to what was chosen that the offer does not have
        reject()
    assert choose(once) == once
    assert once.total == total((line.net for line in once.lines), quote.currency) + once.tax


@given(quotes())
def test_recurring_values_add_up_to_what_recurs(found: Found) -> None:
    _, _, quote = found
    recurring = total((line.net for line in quote.counted if line.service), quote.currency)
    parts = stretches(quote.lines, quote.currency)
    years = contract_years(quote.lines, quote.currency)
    assert total((part.net for part in parts), quote.currency) == recurring
    assert total((worth for _, worth in years), quote.currency) == recurring


@given(quotes())
def test_dues_add_up_to_the_total(found: Found) -> None:
    _, _, quote = found
    parts = dues(quote)
    assert total((one.amount for one in parts), quote.currency) == quote.total or not parts


@given(quotes())
def test_a_discount_of_nothing_changes_nothing(found: Found) -> None:
    draft, shelf, quote = found
    nothing = Discount(percent=Decimal(0))
    lines = tuple(
        replace(
            line,
            discounts=(*line.discounts, nothing),
            ramp=tuple(
                replace(one, discounts=(*one.discounts, nothing)) if one.discounts else one
                for one in line.ramp
            ),
        )
        for line in draft.lines
    )
    more = replace(draft, lines=lines, discounts=(nothing, *draft.discounts))
    again = attempted(more, shelf)
    assert again is not None
    assert [line.net for line in again.lines] == [line.net for line in quote.lines]
    assert again.total == quote.total


@given(drafts())
def test_all_discounts_together_leave_no_more_than_the_best_of_them(draft: Draft) -> None:
    every, best = (
        attempted(draft, offer(Policy(stacking=stacking))) for stacking in ("all", "best")
    )
    assume(every is not None and best is not None)
    assert every is not None
    assert best is not None
    assert owed(every.lines, "SEK").minor <= owed(best.lines, "SEK").minor


@given(quotes(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(found: Found, random: Random) -> None:
    draft, shelf, quote = found
    order = list(range(len(draft.lines)))
    random.shuffle(order)
    again = priced(quote.number, reordered(draft, order), shelf)
    assert (again.net, again.promotions and True) == (quote.net, quote.promotions and True)
    assert sorted(line.own.minor for line in again.lines) == sorted(
        line.own.minor for line in quote.lines
    )


@given(quotes())
def test_line_ids_count_from_one_and_options_name_their_line(found: Found) -> None:
    _, _, quote = found
    assert [line.id for line in quote.lines] == [str(n + 1) for n in range(len(quote.lines))]
    for _, group in groupby(quote.lines, lambda line: line.part):
        first, *_ = some = list(group)
        assert all(line.parent in {"", first.id} for line in some)
