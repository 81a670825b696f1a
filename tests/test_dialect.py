"""The dialect: what is read as what, where it stands, and what is said of mistakes."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from q2c.core.fault import Fault, Invalid, Place
from q2c.store.dialect import Tree, parse, scan, typed
from q2c.store.plaintext import shown, unseen


def read(text: str) -> Tree:
    return parse(text.encode(), "it.yaml").value


def faults(data: bytes) -> tuple[Fault, ...]:
    try:
        parse(data, "it.yaml")
    except Invalid as refused:
        return refused.faults
    return ()


# The table of what other readers make of these is in the YAML section of our design notes.
@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("010", "010"),
        ("0701234567", "0701234567"),
        ("1_000", "1_000"),
        ("+46", "+46"),
        ("1e3", "1e3"),
        ("1.0e+3", "1.0e+3"),
        (".nan", ".nan"),
        ("~", "~"),
        ("=", "="),
        ("True", "True"),
        ("-0", "-0"),
        ("1.", "1."),
        (".5", ".5"),
        ("\u0667\u0665", "\u0667\u0665"),
        ("1234567890123456", "1234567890123456"),
        ("2026-1-1", "2026-1-1"),
        ("2026-01-01 10:00", "2026-01-01 10:00"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("123456789012345", 123456789012345),
        ("1.10", Decimal("1.10")),
        ("-0.5", Decimal("-0.5")),
        ("2026-02-28", date(2026, 2, 28)),
    ],
)
def test_only_plain_numbers_dates_true_false_and_null_are_typed(
    written: str, value: object
) -> None:
    got = read(f"a: {written}\n")["a"]
    assert (type(got), str(got)) == (type(value), str(value))


def test_keys_are_always_text() -> None:
    assert read("on: 1\nNO: 2\n010: 3\n2026-01-01: 4\n") == {
        "on": 1,
        "NO": 2,
        "010": 3,
        "2026-01-01": 4,
    }


def test_text_is_composed_as_it_is_read() -> None:
    apart = unicodedata.normalize("NFD", "Åkerström")
    assert read(f"name: {apart}\n") == {"name": "Åkerström"}


def test_line_ends_of_another_system_change_nothing() -> None:
    assert read("a: |\r\n  x\r\n  y\r\nb: 1\r\n") == {"a": "x\ny\n", "b": 1}


def test_joiners_stay_in_a_text() -> None:
    assert read("name: \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n")


def test_an_empty_file_is_nothing() -> None:
    assert read("") is None
    assert read("# only words\n") is None


def test_every_value_and_every_key_has_its_place() -> None:
    document = parse("å: 1\nlist:\n  - id: x\n    price: {SEK: 1.50}\n".encode(), "f")
    assert document.place(("å",)) == Place("f", 1, 4, 1)
    assert document.key_place(("list",)) == Place("f", 2, 1, 4)
    assert document.place(("list", 0)) == Place("f", 3, 5, 5)
    assert document.place(("list", 0, "price", "SEK")) == Place("f", 4, 18, 4)
    assert document.key_place(("list", 0, "price", "SEK")) == Place("f", 4, 13, 3)
    assert document.place(("list", 0, "price")) == Place("f", 4, 12, 11)


def test_what_is_not_there_has_the_place_of_what_it_would_be_in() -> None:
    document = parse(b"a: {b: 1}\n", "f")
    assert document.place(("a", "x", "y")) == Place("f", 1, 4, 6)


def test_what_was_written_is_kept_beside_what_was_read() -> None:
    document = parse(b"a: 1.10\nb: 2026-01-01\nc: '5'\n", "f")
    assert document.words == {("a",): "1.10", ("b",): "2026-01-01"}


def test_faults_that_leave_the_tree_whole_are_told_together() -> None:
    text = "a: &x 1\nb: *x\nc: !t 2\nd: 2026-02-30\nd: 3\n<<: {}\n'': 1\ne: \"\\a\"\n"
    assert [fault.code for fault in faults(text.encode())] == [
        "named-value",
        "named-value",
        "type-tag",
        "bad-date",
        "duplicate-key",
        "merge-key",
        "bad-key",
        "bad-character",
    ]


def test_a_scan_gives_the_tree_beside_its_faults() -> None:
    document = scan(b"a: 1\nb: 2026-13-01\n", "f")
    assert [fault.code for fault in document.faults] == ["bad-date"]
    assert document.value == {"a": 1, "b": "2026-13-01"}


def test_a_duplicate_key_names_both_lines() -> None:
    with pytest.raises(Invalid, match='"price" stands here and on line 1') as refused:
        read("price: 900\nname: x\nprice: 9\n")
    assert refused.value.faults[0].place == Place("it.yaml", 3, 1, 5)


def test_a_larger_limit_may_be_given() -> None:
    data = b"#" * 50 + b"\n"
    with pytest.raises(Invalid, match="at most 40"):
        parse(data, "f", largest=40)
    assert parse(data, "f", largest=60).value is None


# A missing colon is found on the line above the one at which the parser stops.
@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a:\n\t- x\n", "tab-indent", 2),
        ("a 1\nb: 2\n", "missing-colon", 1),
        ("a:b\nc: 1\n", "missing-colon", 1),
        ("a: 1\nfoo\n", "missing-colon", 2),
        ("a: 'x\nb: 2\n", "unclosed-quote", 1),
        ("a: [1, 2\nb: 3\n", "unclosed-bracket", 1),
        ("x: 1\na: {x: 1\n\n\n", "unclosed-bracket", 2),
        ("a: x: y\n", "stray-colon", 1),
        ("a: 1\n  b: 2\n", "bad-indent", 2),
        ("a:\n    x: 1\n  y: 2\n", "bad-indent", 3),
        ("- a\nb: 1\n", "bad-indent", 2),
        ("a: - b\n", "bad-indent", 1),
        ("a: 'it's'\n", "stray-quote", 1),
        ('a: "\\q"\n', "bad-escape", 1),
        ("a: %x\n", "needs-quotes", 1),
        ("a: }\n", "needs-quotes", 1),
        ("a: | x\n  y\n", "bad-syntax", 1),
    ],
)
def test_a_mistake_in_the_grammar_is_told_in_our_words(text: str, code: str, line: int) -> None:
    with pytest.raises(Invalid) as refused:
        read(text)
    [fault] = refused.value.faults
    assert fault.place is not None
    assert (fault.code, fault.place.line) == (code, line)
    assert fault.remedy


def test_the_parser_written_in_c_is_used() -> None:
    assert yaml.__with_libyaml__


@example("[")  # the parser stands on a line behind the last
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    for fault in faults(text.encode()):
        assert fault.place is not None
        assert 1 <= fault.place.line <= text.count("\n") + 1
        assert fault.message.isprintable()


@given(st.text("ab:-[]{}'\"#&*!|>%@`,? \n\t01", max_size=30))
def test_any_signs_of_the_grammar_are_read_or_refused(text: str) -> None:
    assert all(fault.place for fault in faults(text.encode()))


@given(st.decimals(-(10**12), 10**12, places=4))
def test_a_decimal_keeps_every_digit(number: Decimal) -> None:
    if number:
        assert str(typed(f"{number:f}")) == f"{number:f}"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert all(fault.place for fault in faults(data))


def test_a_message_shows_what_does_not_show() -> None:
    assert shown("a\x1bb\n") == "a\\u001bb\\u000a"
    assert shown("x" * 100) == "x" * 59 + "…"
    assert unseen("abc\u202e") == 3
