"""Merging drafts: what two people changed comes together, and what both changed is told."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from q2c.core.negotiation.merge import (
    GONE,
    Tree,
    clashes,
    doubles,
    merged,
    our_way,
    resolved,
    their_way,
)
from q2c.core.quote import DraftLine
from tests.test_compare import quoted

ADVICE = {"product": "advisory", "quantity": 40}
DAY = {"product": "workshop", "quantity": 1}
CARE = {"product": "support", "quantity": 1}
BASE = {"customer": "fjord-foods", "term": "12 months", "lines": [ADVICE, DAY]}


def with_lines(*lines: Tree, **more: Tree) -> Tree:
    return {**BASE, "lines": [*lines], **more}


def both(ours: Tree, theirs: Tree, base: Tree = BASE) -> Tree:
    found = merged(base, ours, theirs)
    assert not [*clashes(found)]
    return found


def test_each_side_changes_a_line_of_its_own() -> None:
    ours = with_lines({**ADVICE, "quantity": 60}, DAY)
    theirs = with_lines(ADVICE, {**DAY, "discounts": [{"percent": 10}]})
    assert both(ours, theirs) == with_lines(ours["lines"][0], theirs["lines"][1])


def test_each_side_changes_a_field_of_its_own() -> None:
    ours = with_lines({**ADVICE, "quantity": 60}, DAY, term="24 months")
    theirs = with_lines({**ADVICE, "text": "On site"}, DAY, due_days=14)
    line = {"product": "advisory", "quantity": 60, "text": "On site"}
    assert both(ours, theirs) == with_lines(line, DAY, term="24 months", due_days=14)


def test_lines_that_both_sides_add_are_all_there_each_behind_its_own() -> None:
    ours = with_lines(ADVICE, CARE, DAY)
    theirs = with_lines({"product": "licence"}, ADVICE, DAY, {"product": "care"})
    assert [line["product"] for line in both(ours, theirs)["lines"]] == [
        *("licence", "advisory", "support", "workshop", "care"),
    ]


def test_what_both_sides_added_alike_is_there_once() -> None:
    assert both(with_lines(ADVICE, DAY, CARE), with_lines(ADVICE, CARE, DAY)) == with_lines(
        ADVICE, DAY, CARE
    )


def test_what_both_sides_added_in_their_own_way_is_told() -> None:
    ours = with_lines(ADVICE, DAY, CARE)
    theirs = with_lines(ADVICE, DAY, {**CARE, "quantity": 2})
    found = both(ours, theirs)
    assert len(found["lines"]) == 4
    assert doubles(ours, theirs, found) == ["support"]


def test_a_line_that_one_side_took_away_is_gone() -> None:
    assert both(with_lines(ADVICE), with_lines({**ADVICE, "quantity": 8}, DAY)) == with_lines(
        {**ADVICE, "quantity": 8}
    )


def test_a_moved_line_is_still_that_line() -> None:
    ours = with_lines(DAY, ADVICE)
    theirs = with_lines({**ADVICE, "quantity": 60}, DAY)
    assert both(ours, theirs) == with_lines(DAY, theirs["lines"][0])


def test_codes_and_attachments_are_added_and_taken_away_one_by_one() -> None:
    base = {"promotions": ["SPRING", "WINTER26"]}
    found = both({"promotions": ["SPRING", "NEW"]}, {"promotions": ["MORE", "WINTER26"]}, base)
    assert found == {"promotions": ["NEW", "MORE"]}


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ({"quantity": 60}, {"quantity": 50}, [("quantity", 60, 50)]),
        ({"price": 1300}, {"price": 1300}, []),
        (
            {"price": 1300},
            {"discounts": [{"percent": 5}]},
            [("price", 1300, GONE), ("discounts", GONE, [{"percent": 5}])],
        ),
        (
            {"product": "senior", "id": "a"},
            {"price": 900, "id": "a"},
            [("product", "senior", "advisory"), ("price", GONE, 900)],
        ),
        (
            {"ramp": [{"from": "a"}]},
            {"discounts": []},
            [("ramp", [{"from": "a"}], GONE), ("discounts", GONE, [])],
        ),
    ],
)
def test_what_both_sides_changed_in_a_line_is_a_clash(
    ours: Tree, theirs: Tree, told: list[Tree]
) -> None:
    base = with_lines({**ADVICE, **({"id": "a"} if "id" in ours else {})}, DAY)
    found = merged(base, with_lines({**ADVICE, **ours}, DAY), with_lines({**ADVICE, **theirs}, DAY))
    rows = [*clashes(found)]
    assert [(one.what, one.either.ours, one.either.theirs) for one in rows] == told
    item = ours.get("product", "advisory")
    assert all(one.where[:2] == ("lines", 0) and one.line["product"] == item for one in rows)


@pytest.mark.parametrize("turned", [False, True])
def test_an_amount_does_not_come_into_another_currency(turned: bool) -> None:  # noqa: FBT001 - both ways
    """900 that was meant in kronor is not 900 euro."""
    sides = [with_lines(ADVICE, DAY, currency="EUR"), with_lines({**ADVICE, "price": 900}, DAY)]
    [clash] = clashes(merged(BASE, *(reversed(sides) if turned else sides)))
    assert (clash.what, {clash.either.ours, clash.either.theirs}) == ("currency", {"EUR", GONE})
    both(with_lines(ADVICE, DAY, currency="EUR"), with_lines(ADVICE, DAY, term="36 months"))


def test_a_line_that_one_side_took_away_and_the_other_changed_is_a_clash() -> None:
    theirs = with_lines({**ADVICE, "quantity": 60}, DAY)
    found = merged(BASE, with_lines(DAY), theirs)
    [clash] = clashes(found)
    assert (clash.what, clash.either.ours, clash.either.theirs["quantity"]) == ("", GONE, 60)
    assert resolved(found, our_way) == with_lines(DAY)
    assert resolved(found, their_way) == theirs


def test_payments_without_names_are_one_thing_and_named_ones_several() -> None:
    def paid(percent: int, **name: str) -> Tree:
        return {"payments": [{**name, "percent": percent}]}

    assert len([*clashes(merged(paid(30), paid(20), paid(40)))]) == 1
    found = merged(
        {"payments": [{"name": "a", "percent": 30}, {"name": "b"}]},
        {"payments": [{"name": "a", "percent": 20}, {"name": "b"}]},
        {"payments": [{"name": "a", "percent": 30}, {"name": "b", "days": 30}]},
    )
    assert found == {"payments": [{"name": "a", "percent": 20}, {"name": "b", "days": 30}]}


VALUES = st.sampled_from([1, 2, Decimal("2.5"), "x"])
LINE = st.fixed_dictionaries(
    {"product": st.sampled_from("abc")},
    optional={
        "id": st.sampled_from(["one", "two"]),
        "quantity": VALUES,
        "price": VALUES,
        "discounts": st.lists(VALUES, max_size=2),
        "section": st.sampled_from("st"),
    },
)
DRAFT = st.fixed_dictionaries(
    {"lines": st.lists(LINE, max_size=4)},
    optional={"term": VALUES, "choices": st.dictionaries(st.sampled_from("gh"), VALUES)},
)


@given(DRAFT, DRAFT)
def test_what_one_side_alone_changed_is_the_result(base: Tree, changed: Tree) -> None:
    assert merged(base, changed, base) == merged(base, base, changed) == changed
    assert merged(base, changed, changed) == changed


def unordered(tree: Tree) -> Any:  # noqa: ANN401 - a tree has any form
    lines = sorted(repr(sorted(line.items())) for line in tree["lines"])
    return {**tree, "lines": lines}


@given(DRAFT, DRAFT, DRAFT)
def test_the_sides_can_be_exchanged_but_for_order(base: Tree, one: Tree, other: Tree) -> None:
    there, back = merged(base, one, other), merged(base, other, one)
    assert unordered(resolved(there, our_way)) == unordered(resolved(back, their_way))
    assert len([*clashes(there)]) == len([*clashes(back)])


EDITS: list[Callable[[Tree], Tree]] = [
    lambda tree: {**tree, "term": "36 months"},
    lambda tree: {**tree, "lines": [*tree["lines"], {"product": "new"}]},
    lambda tree: {**tree, "lines": [{**tree["lines"][0], "quantity": 99}, *tree["lines"][1:]]},
    lambda tree: {**tree, "lines": tree["lines"][:1]},
]


@pytest.mark.parametrize("one", EDITS)
@pytest.mark.parametrize("other", EDITS)
def test_edits_of_different_things_merge_in_either_order(
    one: Callable[[Tree], Tree], other: Callable[[Tree], Tree]
) -> None:
    if one is not other:
        assert unordered(both(one(BASE), other(BASE))) == unordered(both(other(BASE), one(BASE)))
        if {one, other} != {EDITS[1], EDITS[3]}:  # cutting off the end takes what was added there
            assert both(one(BASE), other(BASE)) == other(one(BASE))


def test_edits_of_different_things_come_to_the_same_price_in_either_order() -> None:
    def net(tree: Tree) -> str:
        lines = tuple(convert(one, DraftLine) for one in tree["lines"])
        return str(quoted(*lines, term=tree["term"]).net)

    one = with_lines({**ADVICE, "quantity": Decimal(60)}, DAY, CARE)
    other = with_lines({**ADVICE, "section": "Help"}, DAY, {"product": "licence"}, term="24 months")
    there, back = both(one, other), both(other, one)
    assert net(there) == net(back) == "252 100.00 SEK"  # 87 000 + 9 000 + 156 000 + 100
