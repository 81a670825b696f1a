"""Contracts at a glance: what is read without the library is what the library reads."""

import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from q2c.documents.clauses import glance
from q2c.documents.flow import Block, Run, blocks, escaped

TIMES = 60_000 if os.environ.get("Q2C_HAMMER") else 1500
PLAIN = ["**", "a", "b ", ". ", " ", "\\.", "\n", "å,", "- a", "## ", "(", "**b**", "\\\n", "1"]
SIGNS = [
    *PLAIN,
    *("# ", "\n\n", "\\", "1.", "*", "_", "`", "[", "]", ")", "<", ">", "&amp;", "!", "~", "="),
    *("-", "+", "#", ":", "|", "---", "\t", "\r", "\u00a0", "\u2028", "\x85", "\x0c", "\ufeff"),
    *("http://x.example", "x@y.example", "“", "€", "\\*", "\\\\", "²"),
]
texts = st.one_of(
    st.lists(st.sampled_from(PLAIN), max_size=14).map("".join),
    st.lists(st.sampled_from(SIGNS) | st.characters(codec="utf-8"), max_size=12).map("".join),
)


def test_headings_paragraphs_items_and_bold_words_are_read() -> None:
    text = "## 1. Parter\n\nMellan **Fjäll AB**, Lund\noch\\\nBerg \\& Co\\.\n\n- Råd;\n- Stöd."
    assert glance(text) == (
        Block("heading", 2, (Run("1. Parter"),)),
        Block(
            "paragraph",
            0,
            (Run("Mellan "), Run("Fjäll AB", "bold"), Run(", Lund och\nBerg & Co.")),
        ),
        Block("item", 1, (Run("Råd;"),), "•"),
        Block("item", 1, (Run("Stöd."),), "•"),
    )


@pytest.mark.parametrize(
    "text", ["1. Pris", "- a\nb", "*ja*", "[Vi](https://example.com)", "a\n---", "a  \nb", "&amp;"]
)
def test_what_might_mean_more_is_left_to_the_library(text: str) -> None:
    assert glance(text) is None


@given(texts)
@settings(max_examples=TIMES, deadline=None)
def test_a_glance_sees_what_the_library_reads(text: str) -> None:
    seen = glance(text)
    assert seen is None or seen == blocks(text)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_value_is_read_as_the_library_reads_it(value: str) -> None:
    text = f"Köpare: {escaped(value)}."
    assert glance(text) in (None, blocks(text))


def test_a_text_without_end_is_read_in_its_time() -> None:
    # Patterns that try every way of parting a text would not come to an end.
    assert glance("a" * 100_000 + "\\") is None
    assert glance("**" + "a\\." * 50_000) is None


def test_a_plain_contract_loads_no_library() -> None:
    program = (
        "import sys; from q2c.documents.clauses import glance;"
        "assert glance('## 1. Parter'); print('markdown_it' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"False\n"
