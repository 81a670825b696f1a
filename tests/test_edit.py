"""Changing files: new ones read back as they were meant, in others one value changes alone."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Invalid
from q2c.store.dialect import Path, Scalar, Tree, parse
from q2c.store.edit import appended, emit, inserted, replaced, reworked, scalar
from q2c.store.plaintext import unseen

SAMPLE = """# Prices, looked after by hand
products:
  - id: advisory      # hours
    price: {SEK: 1450.00,   EUR: 130}
    name:   "Rådgivning"   # quoted
    note:
    text: |
      One
      two
"""


def change(path: Path, value: Scalar, text: str = SAMPLE) -> str:
    return replaced(text.encode(), path, value).decode()


def same(one: Tree, other: Tree) -> bool:
    """Compare by type as well, but a whole Decimal with the whole number it is written as."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [*one] == [*other] and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    numbers = {int, Decimal}
    return one == other and (type(one) is type(other) or {type(one), type(other)} == numbers)


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("products", 0, "price", "SEK"), Decimal("1500.50"), "SEK: 1450.00", "SEK: 1500.50"),
        (("products", 0, "price", "EUR"), 140, "EUR: 130", "EUR: 140"),
        (("products", 0, "name"), "Råd, dyra", '"Rådgivning"', "'Råd, dyra'"),
        (("products", 0, "name"), "5", '"Rådgivning"', "'5'"),
        (("products", 0, "note"), "new", "note:", "note: new"),
        (("products", 0, "id"), "advice", "id: advisory", "id: advice"),
    ],
)
def test_one_value_is_replaced_and_not_a_byte_besides(
    path: Path, value: Scalar, old: str, new: str
) -> None:
    assert change(path, value) == SAMPLE.replace(old, new)


@pytest.mark.parametrize(
    "path", [("products",), ("products", 0, "text"), ("products", 1), ("products", 0, "unit"), ()]
)
def test_what_is_not_one_value_on_one_line_is_left_to_an_editor(path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        change(path, "x")
    assert refused.value.faults[0].code == "cannot-edit"


def test_a_value_that_would_change_how_the_rest_is_read_is_refused() -> None:
    with pytest.raises(Invalid, match="cannot be changed by itself"):
        change(("a", "b"), "x", "a: {b}\n")


def test_line_ends_of_another_system_are_kept() -> None:
    assert change(("a",), 2, "a: 1\r\nb: å\r\n") == "a: 2\r\nb: å\r\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("12 months", "12 months"),
        ("12:30", "'12:30'"),
        ("010", "010"),
        ("5", "'5'"),
        ("1.10", "'1.10'"),
        ("true", "'true'"),
        ("null", "'null'"),
        ("", "''"),
        ("2026-02-30", "'2026-02-30'"),
        ("it's", "'it''s'"),
        ("[/x]", "'[/x]'"),
        ("a: b", "'a: b'"),
        ("# x", "'# x'"),
        ("a\nb", '"a\\nb"'),
        (Decimal("1.10"), "1.10"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 11, 23), "2026-11-23"),
        (None, "null"),
        (True, "true"),
        (0, "0"),
    ],
)
def test_a_value_is_quoted_only_where_it_would_be_read_as_another(
    value: Scalar, written: str
) -> None:
    assert scalar(value) == written


def test_a_new_file_is_pleasant_to_read() -> None:
    quote = {
        "customer": "fjord-foods",
        "date": date(2026, 11, 23),
        "lines": [{"product": "advisory", "quantity": 40}, {"bundle": "start", "text": "a\nb\n"}],
        "tags": [],
        "note": "Start on the first.\n\nThen go on.",
    }
    assert emit(quote) == (
        "customer: fjord-foods\n"
        "date: 2026-11-23\n"
        "lines:\n"
        "  - product: advisory\n"
        "    quantity: 40\n"
        "  - bundle: start\n"
        "    text: |\n"
        "      a\n"
        "      b\n"
        "tags: []\n"
        "note: |-\n"
        "  Start on the first.\n"
        "\n"
        "  Then go on.\n"
    )


def plain(text: str) -> bool:
    return all(unseen(line) < 0 for line in text.split("\n")) and unicodedata.is_normalized(
        "NFC", text
    )


TEXTS = st.text(max_size=30).filter(plain) | st.text("ab01 :-#'\"[]{}\\\n&*!.,å", max_size=12)
DECIMALS = st.decimals(Decimal("-1e12"), Decimal("1e12"), places=4).filter(
    lambda number: not (number.is_zero() and number.is_signed())
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | DECIMALS
    | st.dates()
    | TEXTS
)
KEYS = TEXTS.filter(lambda key: key not in {"", "<<"})
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
def test_what_is_written_is_read_again(value: Tree) -> None:
    assert same(parse(emit(value).encode(), "it.yaml").value, value)


@given(SCALARS, SCALARS, SCALARS)
def test_a_replaced_value_is_read_and_the_others_are_as_they_were(
    one: Scalar, other: Scalar, new: Scalar
) -> None:
    data = f"a: {{x: {scalar(one)}, y: {scalar(other)}}}\nb: [{scalar(other)}]\n".encode()
    after = parse(replaced(data, ("a", "x"), new), "it.yaml").value
    assert same(after, {"a": {"x": new, "y": other}, "b": [other]})


DEAL = """# Looked after by hand
id: deal
moves:   # the last one counts
  - date: 2026-11-02
    stage: new     # by phone
  - date: 2026-11-09
    stage: met

# What they said
note: |
  One
  two

tags: [a, 'b, c']
lines:
- {product: advisory, quantity: 40}   # hours
- {product: support}
"""
MOVE = {"date": date(2026, 11, 12), "stage": "sent", "note": "by mail: all"}


def test_an_item_is_added_below_the_last_as_the_others_are_written() -> None:
    new = "  - date: 2026-11-12\n    stage: sent\n    note: 'by mail: all'\n"
    assert appended(DEAL.encode(), ("moves",), MOVE).decode() == DEAL.replace(
        "    stage: met\n", f"    stage: met\n{new}"
    )
    line = {"product": "handbook", "quantity": Decimal("1.5")}
    assert appended(DEAL.encode(), ("lines",), line).decode() == (
        f"{DEAL}- {{product: handbook, quantity: 1.5}}\n"
    )


def test_an_item_goes_into_the_brackets_of_its_list() -> None:
    after = appended(DEAL.encode(), ("tags",), "d, e").decode()
    assert after == DEAL.replace("[a, 'b, c']", "[a, 'b, c', 'd, e']")
    assert appended(b"a: []\nb: 1\n", ("a",), {"x": [1, 2]}) == b"a: [{x: [1, 2]}]\nb: 1\n"


def test_a_key_is_added_at_the_end_of_its_mapping() -> None:
    lost = {"date": date(2026, 12, 1), "reason": "price", "note": "One\ntwo\n"}
    assert inserted(DEAL.encode(), ("lost",), lost).decode() == (
        f"{DEAL}lost:\n  date: 2026-12-01\n  reason: price\n  note: |\n    One\n    two\n"
    )
    after = inserted(DEAL.encode(), ("moves", 1, "by"), "Maja").decode()
    assert after == DEAL.replace("    stage: met\n", "    stage: met\n    by: Maja\n")
    after = inserted(DEAL.encode(), ("lines", 1, "quantity"), 2).decode()
    assert after == DEAL.replace("{product: support}", "{product: support, quantity: 2}")


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1\r\nb:\r\n- x\r\n", ("b",), "a: 1\r\nb:\r\n- x\r\n- new\r\n"),
        ("b:\n  - x", ("b",), "b:\n  - x\n  - new\n"),
        ("b:\n  - |\n    x\n\n\na: 1\n", ("b",), "b:\n  - |\n    x\n  - new\n\n\na: 1\n"),
        ("b:\n  - x  # why\n  # after\na: 1", ("b",), "b:\n  - x  # why\n  - new\n  # after\na: 1"),
        ("- x\n", (), "- x\n- new\n"),
        ("b: [x # y\n]\n", ("b",), "b: [x # y\n, new]\n"),
        ("b: [\n  x,\n  y\n]\n", ("b",), "b: [\n  x,\n  y\n, new]\n"),
    ],
)
def test_what_stands_round_an_addition_stays(text: str, path: Path, expected: str) -> None:
    assert appended(text.encode(), path, "new").decode() == expected


@pytest.mark.parametrize(
    ("text", "path"),
    [("a: 1\n", ("b",)), ("a: 1\n", ("a",)), ("b: [x,]\n", ("b",))],
)
def test_an_addition_that_cannot_be_made_so_is_left_to_an_editor(text: str, path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        appended(text.encode(), path, "new")
    assert refused.value.faults[0].code == "cannot-edit"


@pytest.mark.parametrize(
    ("text", "path"), [("a: 1\n", ("a",)), ("- a\n", ("b",)), ("a: {}\n", ("a", "b"))]
)
def test_a_key_that_is_there_or_has_no_mapping_is_left_to_an_editor(text: str, path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be changed"):
        inserted(text.encode(), path, "new")


LISTS = st.lists(TREES, min_size=1, max_size=4)


@given(LISTS, TREES, SCALARS)
def test_an_addition_is_read_and_all_the_rest_is_as_it_was(
    items: list[Tree], item: Tree, last: Scalar
) -> None:
    before = emit({"list": items, "last": last})
    after = parse(appended(before.encode(), ("list",), item), "it.yaml").value
    assert same(after, {"list": [*items, item], "last": last})
    after = parse(inserted(before.encode(), ("new",), item), "it.yaml").value
    assert same(after, {"list": items, "last": last, "new": item})


@given(LISTS, TREES)
def test_an_addition_takes_no_line_away(items: list[Tree], item: Tree) -> None:
    before = emit({"list": items})
    after = appended(before.encode(), ("list",), item).decode()
    rest = iter(after.splitlines())
    assert all(line in rest for line in before.splitlines())


def test_many_changes_are_made_at_once_and_not_a_byte_besides() -> None:
    changes: list[tuple[Path, Tree]] = [
        (("products", 0, "price", "EUR"), 140),
        (("products", 0, "price", "NOK"), 1500),
        (("products", 0, "unit"), "hour"),
        (("products", 1), {"id": "support", "price": {"SEK": 6500}}),
        (("products", 2), {"id": "hosting"}),
    ]
    after = reworked(SAMPLE.encode(), changes).decode()
    expected = SAMPLE.replace("EUR: 130}", "EUR: 140, NOK: 1500}") + (
        "    unit: hour\n  - id: support\n    price:\n      SEK: 6500\n  - id: hosting\n"
    )
    assert after == expected


@given(st.lists(st.tuples(SCALARS, TREES), min_size=1, max_size=4))
def test_many_changes_at_once_are_as_each_after_the_other(made: list[tuple[Scalar, Tree]]) -> None:
    before = emit({"list": [{"a": 1}], "last": {"b": 2}}).encode()
    changes: list[tuple[Path, Tree]] = []
    for number, (one, other) in enumerate(made):
        changes += [(("last", f"k{number}"), one), (("list", number + 1), other)]
    single = before
    for path, value in changes:
        add = inserted if isinstance(path[-1], str) else appended
        where = path if isinstance(path[-1], str) else path[:-1]
        single = add(single, where, value)
    assert parse(reworked(before, changes), "").value == parse(single, "").value
