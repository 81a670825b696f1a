"""Text that flows: nothing is lost at the end of a line, and nothing of a user's is markup."""

import os
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.documents.flow import Block, Run, blocks, escaped, joined, wrapped, wrapped_runs
from q2c.documents.fonts import width

LETTERS = st.text("abcäöÅ l.-ŁΩЖ", max_size=120)
# Whatever Markdown could take for its own.
SIGNS = st.text("ab1 *_`#>+-=~|\\[]()<>!&;:./\"'{}\nåΩ", max_size=60)


def lines_of(block: Block) -> str:
    return "".join(run.text for run in block.runs)


def test_lines_break_at_spaces() -> None:
    # 'Rådgivning' is 47.6 points wide at size 9, 'Rådgivning och' 65.3.
    assert wrapped("Rådgivning och utveckling", "regular", 9, 65.3) == [
        "Rådgivning och",
        "utveckling",
    ]
    assert wrapped("Rådgivning och utveckling", "regular", 9, 60) == [
        "Rådgivning",
        "och",
        "utveckling",
    ]


def test_a_text_as_wide_as_its_column_stays_in_one_line() -> None:
    for text in ("Summa att betala", "1 250,00 kr", "Łódź"):
        assert wrapped(text, "bold", 8.3, width(text, "bold", 8.3)) == [text]


def test_line_breaks_of_the_writer_are_kept() -> None:
    assert wrapped("Box 12\n\n111 22 Ort", "regular", 9, 200) == ["Box 12", "", "111 22 Ort"]
    assert wrapped("", "regular", 9, 200) == [""]


def test_a_word_that_is_too_long_is_broken_where_it_must_be() -> None:
    lines = wrapped("kort mycketlångtordutanslut", "regular", 10, 50)
    assert lines[0] == "kort"
    assert "".join(lines[1:]) == "mycketlångtordutanslut"
    assert all(width(line, "regular", 10) <= 50 for line in lines)


def test_a_column_narrower_than_a_letter_takes_a_letter_a_line() -> None:
    assert wrapped("abc", "regular", 10, 1) == ["a", "b", "c"]


def test_an_accent_stays_with_its_letter() -> None:
    assert (
        wrapped("x\u0301" * 4, "regular", 10, width("xx", "regular", 10)) == ["x\u0301x\u0301"] * 2
    )


def test_a_word_of_a_hundred_pages_costs_no_more_than_its_length() -> None:
    size = 2_000_000 if os.environ.get("Q2C_HAMMER") else 20_000

    def cost(length: int) -> float:
        start = time.process_time()
        wrapped("x" * length, "regular", 9, 200)
        return time.process_time() - start

    small = min(cost(size + step) for step in range(5))
    assert min(cost(10 * size + step) for step in range(3)) < 30 * small + 0.01


@given(LETTERS, st.floats(5, 200))
def test_no_letter_is_lost_and_no_line_is_too_wide(text: str, column: float) -> None:
    lines = wrapped(text, "regular", 9, column)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, "regular", 9) <= column + 0.01 or len(line) == 1 for line in lines)


@given(LETTERS, st.integers(0, 120), st.floats(20, 200))
def test_runs_break_where_the_whole_text_would(text: str, cut: int, column: float) -> None:
    parts = [Run(text[:cut]), Run(text[cut:])]
    lines = wrapped_runs(parts, 9, column)
    assert ["".join(run.text for run in line) for line in lines] == wrapped(
        text, "regular", 9, column
    )


def test_a_word_in_two_faces_is_not_torn() -> None:
    lines = wrapped_runs([Run("ett ord"), Run("lek", "bold"), Run(" till")], 10, 45)
    assert lines == [[Run("ett")], [Run("ord"), Run("lek", "bold")], [Run("till")]]


def test_a_contract_reads_as_its_blocks() -> None:
    text = "## Uppdrag\n\n1. Avser **tjänsten** i\n   Bilaga A.\n   - Del ett\n\n     Mer.\n2. Pris"
    assert blocks(f"{text}\n\n---\n") == (
        Block("heading", 2, (Run("Uppdrag"),)),
        Block("item", 1, (Run("Avser "), Run("tjänsten", "bold"), Run(" i Bilaga A.")), "1."),
        Block("item", 2, (Run("Del ett"),), "–"),
        Block("paragraph", 2, (Run("Mer."),)),
        Block("item", 1, (Run("Pris"),), "2."),
        Block("rule"),
    )


def test_a_line_break_a_quotation_and_code_are_kept() -> None:
    assert blocks("Lund\\\n*2026*\n\n> sagt\n\n```\nx  y\n\nz\n```") == (
        Block("paragraph", 0, (Run("Lund\n"), Run("2026", "bold"))),
        Block("quote", 0, (Run("sagt"),)),
        Block("code", 0, (Run("x  y\n\nz"),)),
    )


def test_an_item_without_words_keeps_its_place() -> None:
    assert [(block.marker, block.level) for block in blocks("- - a\n-\n- b")] == [
        ("•", 1),
        ("–", 2),
        ("•", 1),
        ("•", 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=/etc/passwd>",
        "[pay](javascript:x)",
        "![logo](logo.png)",
        "[a](file:///etc/x)",
        "Berg <Sons> & Co",
        "Lund [/red] AB",
        "<script>x</script>",
    ],
)
def test_what_is_no_text_is_printed_as_it_stands(text: str) -> None:
    (block,) = blocks(text)
    assert block.runs == (Run(text),)


def test_a_link_leads_to_the_web_or_to_a_mail_address() -> None:
    (block,) = blocks("[Vi](https://example.com/a) och <eva@example.com>")
    assert block.runs == (
        Run("Vi", link="https://example.com/a"),
        Run(" och "),
        Run("eva@example.com", link="mailto:eva@example.com"),
    )


@given(SIGNS)
def test_a_value_put_into_a_template_is_never_markup(value: str) -> None:
    read = blocks(f"Köpare: {escaped(value)}.")
    assert [block.kind for block in read] == ["paragraph"]
    plain = "\n".join(line.strip(" ") for line in value.strip(" \n").split("\n"))
    assert read[0].runs == joined([Run(f"Köpare: {plain}.")])


@given(SIGNS.filter(lambda text: text.strip()))
def test_a_value_that_begins_a_paragraph_is_never_markup(value: str) -> None:
    read = blocks(escaped(value))
    assert {block.kind for block in read} == {"paragraph"}
    shown = "".join(lines_of(block) for block in read)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", value)
