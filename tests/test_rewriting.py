"""Rewriting: another state of a file is written over it, and comments stay where they were."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from q2c.store.dialect import Tree, parse
from q2c.store.edit import same
from q2c.store.emit import emit
from q2c.store.rewriting import rewritten

DRAFT = """# What Fjord asked for
customer: fjord-foods
date: 2026-11-02
lines:
  # Their own people help.
  - product: advisory   # by the hour
    quantity: 40
    discounts: [{percent: 10}]   # agreed by phone
  - {product: support-gold}
  - product: workshop-day
    text: |
      One day
      in Oslo
note: Until spring   # they asked for it
"""


def value() -> Tree:
    return deepcopy(parse(DRAFT.encode(), "").value)


def written(tree: Tree, text: str = DRAFT) -> str:
    data, kept = rewritten(text.encode(), tree)
    assert kept
    assert same(parse(data, "").value, tree)
    return data.decode()


def test_a_value_is_replaced_where_it_stands() -> None:
    tree = value()
    tree["lines"][0]["quantity"] = 60
    tree["lines"][0]["discounts"] = [{"percent": 12}]
    assert written(tree) == DRAFT.replace("40", "60").replace("percent: 10", "percent: 12")


def test_a_line_is_added_where_it_belongs_as_those_beside_it_are_written() -> None:
    tree = value()
    tree["lines"].insert(1, {"product": "licence", "quantity": 5})
    tree["due_days"] = 14
    assert (
        written(tree)
        == DRAFT.replace("phone\n", "phone\n  - product: licence\n    quantity: 5\n")
        + "due_days: 14\n"
    )


def test_a_line_goes_with_all_its_lines_and_the_comment_above_another_stays() -> None:
    tree = value()
    del tree["lines"][2]
    assert written(tree) == DRAFT.replace(
        "  - product: workshop-day\n    text: |\n      One day\n      in Oslo\n", ""
    )


def test_a_text_of_several_lines_is_replaced_whole() -> None:
    tree = value()
    tree["lines"][2]["text"] = "Two days\nin Bergen\n"
    tree["note"] = "Until\nsummer\n"
    told = written(tree)
    assert "      Two days\n      in Bergen\n" in told
    assert told.endswith("note: |   # they asked for it\n  Until\n  summer\n")


def test_a_field_in_braces_is_added_in_braces() -> None:
    tree = value()
    tree["lines"][1]["quantity"] = 2
    assert written(tree) == DRAFT.replace("support-gold}", "support-gold, quantity: 2}")


def test_line_ends_of_another_system_are_kept() -> None:
    tree = value()
    tree["lines"].append({"product": "licence"})
    told = written(tree, DRAFT.replace("\n", "\r\n"))
    assert "\n" not in told.replace("\r\n", "")


def test_a_file_that_cannot_be_changed_in_pieces_is_written_anew_below_its_head() -> None:
    data, kept = rewritten(b"# head\na: {b: 1,\n  c: 2} # gone\n", {"a": {"c": 2}, "d": 1})
    assert kept or data.startswith(b"# head\n")
    assert parse(data, "").value == {"a": {"c": 2}, "d": 1}


SCALARS = st.sampled_from([1, True, None, "x", "a: b", "two\nlines\n", "#"])
TREES = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "product", "x"]), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    min_size=1,
)


@given(TREES, TREES)
def test_any_state_can_be_written_over_any_other(old: Tree, new: Tree) -> None:
    data, _ = rewritten(emit(old).encode(), new)
    assert same(parse(data, "").value, new)


def test_the_same_state_changes_not_a_byte() -> None:
    assert rewritten(DRAFT.encode(), value()) == (DRAFT.encode(), True)
