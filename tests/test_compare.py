"""Comparing quotes: what differs in money and terms, and what is no difference at all."""

from collections.abc import Callable
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Bundle, BundleItem, Catalog, Choice, OptionGroup, Product, Scope
from q2c.core.money import Money
from q2c.core.negotiation.compare import compared
from q2c.core.negotiation.difference import Change, Difference, LineChange, for_customer
from q2c.core.negotiation.terms import Off
from q2c.core.negotiation.wording import Piece, worded
from q2c.core.quote import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Offer,
    Payment,
    Priced,
    Segment,
    priced,
)
from q2c.store.papers import frozen, thawed
from tests.values import ADVISORY, LICENCE, SUPPORT, TODAY, WORKSHOP, day, days, kr, offer

START = Bundle(
    id="start",
    name="Good start",
    items=(
        BundleItem(product="advisory", quantity=Decimal(10)),
        BundleItem(product="workshop", quantity=Decimal(1)),
    ),
    price={"SEK": Decimal(20000)},
)
CARE = Product(
    id="care",
    name="Care",
    model="percentage",
    percent=Decimal(18),
    percent_of=Scope(products=("advisory", "workshop")),
)
PLAN = replace(
    SUPPORT,
    id="plan",
    options=(
        OptionGroup(
            id="extra",
            name="Extra",
            choices=(Choice(product="workshop"), Choice(product="licence")),
        ),
    ),
)
COST = {"SEK": Decimal("91.37")}
PRODUCTS = (
    *(replace(one, cost=COST) for one in (ADVISORY, SUPPORT, LICENCE, WORKSHOP)),
    *(CARE, PLAN),
)


def stocked(currency: str = "SEK") -> Offer:
    catalog = Catalog({product.id: product for product in PRODUCTS}, {"start": START})
    return replace(offer(currency=currency), catalog=catalog)


def line(product: str = "advisory", quantity: str = "40", **more: object) -> DraftLine:
    said: dict[str, object] = {"product": product, "quantity": Decimal(quantity)}
    return DraftLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def off(percent: str) -> tuple[Discount, ...]:
    return (Discount(percent=Decimal(percent)),)


def draft(*lines: DraftLine, **more: object) -> Draft:
    said: dict[str, object] = {
        "customer": "fjord-foods",
        "date": TODAY,
        "valid_until": day("2026-02-14"),
        "term": "12 months",
        "lines": lines,
    }
    return Draft(**{**said, **more})  # type: ignore[arg-type]  # as above


def quoted(*lines: DraftLine, **more: object) -> Priced:
    return priced("Q-1", draft(*lines, **more), stocked())


def effects(found: Difference) -> Money:
    rows: list[LineChange | Change] = [*found.lines, *found.discounts]
    return Money(sum(one.effect.minor for one in rows if one.effect), "SEK")


def test_a_discount_of_12_instead_of_10_per_cent_is_one_row_with_its_money() -> None:
    """40 hours at 1 450 are 58 000; two per cent more off them are 1 160."""
    before, after = (quoted(line(discounts=off(percent))) for percent in ("10", "12"))
    found = compared(before, after)
    [row] = found.lines
    assert (row.before, row.after, row.effect) == (kr("52200"), kr("51040"), kr("-1160"))
    [change] = row.changes
    assert change.what == "discount"
    assert (change.before, change.after) == (
        (Off(percent=Decimal(10)),),
        (Off(percent=Decimal(12)),),
    )
    assert (found.discounts, found.terms, found.texts) == ((), (), ())


def test_a_discount_on_the_whole_quote_is_one_row_and_no_line_differs() -> None:
    """58 000 and 9 000 are 67 000; 12 instead of 10 per cent off them are 1 340 more."""
    lines = (line(), line("workshop", "1"))
    found = compared(quoted(*lines, discounts=off("10")), quoted(*lines, discounts=off("12")))
    assert not found.lines
    assert [(one.what, one.effect) for one in found.discounts] == [("discount", kr("-1340"))]


def test_what_comes_off_the_whole_follows_its_lines() -> None:
    """Ten hours more are 14 500, and 10 per cent of them come off with the rest."""
    one, other = (quoted(line(quantity=hours), discounts=off("10")) for hours in ("40", "50"))
    found = compared(one, other)
    assert [row.effect for row in found.lines] == [kr("14500")]
    [discount] = found.discounts
    assert discount.before == discount.after
    assert discount.effect == kr("-1450")
    assert found.effect == kr("13050")


def test_a_percentage_of_other_lines_differs_with_them() -> None:
    one, other = (quoted(line(quantity=hours), line("care", "1")) for hours in ("40", "50"))
    hours, care = compared(one, other).lines
    assert (hours.effect, care.effect) == (kr("14500"), kr("2610"))
    assert care.changes == (Change(what="base", before=kr("58000"), after=kr("72500")),)


def test_a_moved_line_is_no_change_and_a_changed_one_is_known_again() -> None:
    lines = (line(), line("workshop", "1"), line(quantity="8"), line("support", "1"))
    moved = (lines[3], replace(lines[2], quantity=Decimal(9)), lines[0], lines[1])
    found = compared(quoted(*lines), quoted(*moved))
    assert [(one.item, one.how, one.effect) for one in found.lines] == [
        ("advisory", "changed", kr("1450"))
    ]


def test_an_id_says_which_line_it_is_also_when_its_product_is_another() -> None:
    before = quoted(line(id="help"), line("workshop", "1", id="day"))
    after = quoted(line("workshop", "2", id="day"), line("licence", "40", id="help"))
    rows = {row.key: row for row in compared(before, after).lines}
    assert rows["help"].how == rows["day"].how == "changed"
    assert Change(what="name", before="Advisory", after="Licence") in rows["help"].changes
    assert rows["day"].changes == (Change(what="quantity", before=Decimal(1), after=Decimal(2)),)
    renamed = compared(quoted(line(id="one")), quoted(line(id="two")))
    assert [row.how for row in renamed.lines] == ["removed", "added"] or [
        row.how for row in renamed.lines
    ] == ["added", "removed"]


def test_lines_that_come_and_go_have_their_whole_amount_as_effect() -> None:
    found = compared(quoted(line(), line("licence", "5")), quoted(line(), line("workshop", "1")))
    assert {(row.item, row.how, row.effect) for row in found.lines} == {
        ("licence", "removed", kr("-500")),
        ("workshop", "added", kr("9000")),
    }


def test_another_quantity_of_a_bundle_is_one_row() -> None:
    one, other = (
        quoted(DraftLine(bundle="start", quantity=Decimal(count))) for count in ("1", "2")
    )
    [row] = compared(one, other).lines
    assert (row.item, row.name, row.effect) == ("start", "Good start", kr("20000"))
    assert [(one.what, one.name) for one in row.changes] == [
        ("quantity", "Advisory"),
        ("quantity", "Workshop"),
    ]


def test_a_ramp_is_one_row_that_says_which_days_differ() -> None:
    def ramped(second: str) -> Priced:
        ramp = (
            Segment(first=TODAY, quantity=Decimal(1)),
            Segment(first=day("2026-07-15"), quantity=Decimal(second)),
        )
        return quoted(line("support", "1", ramp=ramp))

    found = compared(ramped("2"), ramped("3"))
    [row] = found.lines
    later = str(days("2026-07-15", "2027-01-14"))
    assert (row.effect, [(one.what, one.name) for one in row.changes]) == (
        kr("39000"),
        [("quantity", later)],
    )
    assert [one for one in found.totals if one.what == "recurring"] == [
        Change(what="recurring", name=later, before=kr("13000"), after=kr("19500"))
    ]


def test_an_option_that_is_added_is_a_line_of_its_own() -> None:
    one = quoted(line("plan", "1", options=("workshop",)))
    other = quoted(line("plan", "1", options=("workshop", "licence")))
    [row] = compared(one, other).lines
    assert (row.how, row.item, row.effect) == ("added", "licence", kr("100"))


def test_what_does_not_count_has_amounts_and_no_effect() -> None:
    one, other = (quoted(line(), line("workshop", n, optional=True)) for n in ("1", "2"))
    [row] = compared(one, other).lines
    assert (row.before, row.after, row.effect) == (kr("9000"), kr("18000"), kr("0"))
    taken = compared(other, quoted(line(), line("workshop", "2"))).lines[0]
    assert {change.what for change in taken.changes} == {"optional", "counts"}
    assert taken.effect == kr("18000")


def test_another_choice_of_a_group_is_a_term_with_its_money_on_the_lines() -> None:
    lines = (
        line("workshop", "1", group="size", choice="one"),
        line("workshop", "2", group="size", choice="two"),
    )
    found = compared(quoted(*lines), quoted(*lines, choices={"size": "two"}))
    assert found.terms == (Change(what="choice", name="size", before="one", after="two"),)
    assert (effects(found), found.effect) == (kr("9000"), kr("9000"))


def test_terms_differ_one_by_one() -> None:
    def paid(percent: str) -> tuple[Payment, ...]:
        deposit = Payment(name="Deposit", percent=Decimal(percent), on="start")
        return deposit, Payment(on="delivery")

    before = quoted(line(), payments=paid("30"))
    after = quoted(
        line(),
        valid_until=day("2026-03-01"),
        due_days=14,
        clauses=(Clause(id="liability", text="At most the fees of a year."),),
        payments=paid("20"),
    )
    found = compared(before, after)
    assert [(one.what, one.name) for one in found.terms] == [
        ("valid_until", ""),
        ("due_days", ""),
        ("payment", "Deposit"),
    ]
    assert [(one.what, one.name, one.before) for one in found.texts] == [
        ("clause", "liability", None)
    ]
    assert not found.lines


def test_currencies_that_differ_leave_the_amounts_and_tell_no_effect() -> None:
    other = priced("Q-1", draft(line(), currency="EUR"), stocked("EUR"))
    found = compared(quoted(line()), other)
    assert found.effect is None
    assert [(str(row.before), str(row.after), row.effect) for row in found.lines] == [
        ("58 000.00 SEK", "5 200.00 EUR", None)
    ]


def test_margin_is_inside_only() -> None:
    found = compared(quoted(line()), quoted(line(discounts=off("10"))))
    assert {one.what for one in found.inside} == {"discount_percent", "margin", "margin_percent"}
    assert for_customer(found).inside == ()


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("twelve months", "six months", "[-twelve][+six]months"),
        ("", "at once", "[+at once]"),
        ("a b c", "a c", "a [-b]c"),
        ("same", "same", "same"),
    ],
)
def test_texts_are_compared_word_by_word(before: str, after: str, pieces: str) -> None:
    signs = {"kept": "", "old": "-", "new": "+"}
    told = "".join(
        one.text if one.kind == "kept" else f"[{signs[one.kind]}{one.text}]"
        for one in worded(before, after)
    )
    assert told.replace(" ]", "]").rstrip() == pieces


TEXTS = st.text("ab \n", max_size=20)


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_comparison_are_both_texts(before: str, after: str) -> None:
    found = worded(before, after)
    for kind, text in (("old", before), ("new", after)):
        kept = "".join(one.text for one in found if one.kind in ("kept", kind))
        assert kept.split() == text.split()
    swapped = {"old": "new", "new": "old", "kept": "kept"}
    turned = [Piece(swapped[one.kind], one.text) for one in worded(after, before)]  # type: ignore[arg-type]  # the same kinds
    assert sorted(map(repr, turned)) == sorted(map(repr, found))


def _shortest(act: Callable[[], object]) -> float:
    times = []
    for _ in range(7):
        start = perf_counter()
        act()
        times.append(perf_counter() - start)
    return min(times)


def test_comparing_long_versions_takes_at_most_three_times_as_long_as_loading_them() -> None:
    lines = [
        line(
            "advisory" if n % 3 else "support", str(n + 1), discounts=off("5"), section=f"S{n % 7}"
        )
        for n in range(500)
    ]
    other = [
        replace(one, quantity=one.quantity + 1) if n % 9 else one for n, one in enumerate(lines)
    ]
    before = quoted(*lines, discounts=off("10"))
    after = quoted(*reversed(other), discounts=(*off("12"), Discount(amount=Decimal(500))))
    files = frozen(before), frozen(after)
    loading = _shortest(lambda: [thawed(data, Priced, "") for data in files])
    assert _shortest(lambda: compared(before, after)) <= 3 * loading


PERCENTS = st.sampled_from(["0", "5", "10", "12.5"])
LINES = st.builds(
    lambda product, quantity, percent, key, optional: line(
        product, str(quantity), discounts=off(percent), id=key, optional=optional
    ),
    st.sampled_from(["advisory", "support", "licence", "workshop", "care"]),
    st.integers(1, 3),
    PERCENTS,
    st.none(),
    st.booleans(),
)
DRAFTS = st.builds(
    lambda lines, percent, keyed, amount: draft(
        *(replace(one, id=f"line-{n}") if n in keyed else one for n, one in enumerate(lines)),
        discounts=(*off(percent), Discount(amount=Decimal(amount))) if amount else off(percent),
    ),
    st.lists(LINES, max_size=5).map(lambda lines: [line("workshop", "9"), *lines]),
    PERCENTS,
    st.sets(st.integers(0, 5)),
    st.sampled_from([0, 777]),
)


@given(DRAFTS, st.randoms())
def test_a_quote_does_not_differ_from_itself_in_any_order(found: Draft, random: object) -> None:
    lines = [*found.lines]
    random.shuffle(lines)  # type: ignore[attr-defined]  # hypothesis has its own kind
    one = priced("Q-1", found, stocked())
    assert not compared(one, one)
    other = compared(one, priced("Q-1", replace(found, lines=tuple(lines)), stocked()))
    assert not [row for row in other.lines if row.changes]


@given(DRAFTS, DRAFTS)
def test_the_effects_of_all_rows_are_the_difference_of_the_nets(one: Draft, other: Draft) -> None:
    before, after = (priced("Q-1", found, stocked()) for found in (one, other))
    assert effects(compared(before, after)) == after.net - before.net


@given(DRAFTS, DRAFTS)
def test_the_other_way_round_it_is_the_mirror_image(one: Draft, other: Draft) -> None:
    before, after = (priced("Q-1", found, stocked()) for found in (one, other))
    there, back = compared(before, after), compared(after, before)
    assert sorted(map(_turned, there.lines)) == sorted(map(_said, back.lines))
    assert [_turned_change(row) for row in there.terms] == [_change(row) for row in back.terms]


def _said(row: LineChange) -> str:
    minor = row.effect.minor if row.effect else None
    changes = sorted(_change(one) for one in row.changes)
    return repr((row.how, row.key, row.before, row.after, minor, changes))


def _turned(row: LineChange) -> str:
    how = {"added": "removed", "removed": "added"}.get(row.how, row.how)
    minor = -row.effect.minor if row.effect else None
    changes = sorted(_turned_change(one) for one in row.changes)
    return repr((how, row.key, row.after, row.before, minor, changes))


def _change(one: Change) -> str:
    return repr((one.what, one.before, one.after))


def _turned_change(one: Change) -> str:
    return repr((one.what, one.after, one.before))
