"""Packing: any inflater gives back what was packed, and the bytes are those of last year."""

import zlib
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.documents.packed import LEAST, Name, code, lengths, packed, placed, searched

PIECES = (
    "a",
    "BT 40 801.89 Td\n",
    "(\0F\0a\0k) Tj\nET\n",
    "x" * 257,
    "y" * 258,
    "z" * 300,
    "\xff\0",
)


@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("name", ["marks", "words"])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_what_was_packed_is_unpacked_by_zlib(pieces: list[str], name: Name, short: bool) -> None:  # noqa: FBT001 - a case, not a switch
    assert zlib.decompress(packed(pieces, name, short=short)) == "".join(pieces).encode("latin-1")


@given(pieces=st.lists(st.text(st.characters(max_codepoint=255)), max_size=20))
def test_any_bytes_can_be_packed(pieces: list[str]) -> None:
    whole = "".join(pieces).encode("latin-1")
    assert zlib.decompress(packed(pieces, "words")) == whole
    assert zlib.decompress(packed(pieces, "marks", short=True)) == whole


@pytest.mark.parametrize("short", [True, False])
def test_what_stood_too_far_away_is_told_again(short: bool) -> None:  # noqa: FBT001 - a case
    pieces = ["first of all\n", *(f"{number:08}\n" for number in range(6_000)), "first of all\n"]
    whole = "".join(pieces).encode()
    assert zlib.decompress(packed(pieces, "words", short=short)) == whole


def test_what_comes_again_takes_next_to_nothing() -> None:
    assert len(packed(["BT 40 801.89 Td\n"] * 1_000, "marks", short=True)) < 450


def test_lengths_and_distances_are_told_as_the_standard_has_them() -> None:
    # RFC 1951, 3.2.5: the tables of lengths and distances.
    assert [lengths()[n] for n in (3, 10, 11, 12, 257, 258)] == [
        *((257, 0, 0), (264, 0, 0), (265, 0, 1), (265, 1, 1), (284, 30, 5), (285, 0, 0))
    ]
    assert [placed(n) for n in (1, 4, 5, 6, 7, 24_577, 32_768)] == [
        *((0, 0, 0), (3, 0, 0), (4, 0, 1), (4, 1, 1), (5, 0, 1), (29, 0, 13), (29, 8_191, 13))
    ]


@pytest.mark.parametrize("name", ["marks", "words"])
def test_every_letter_has_a_code_and_the_codes_fill_the_tree(name: Name) -> None:
    # Kraft's equality: no bit is wasted, and every inflater takes the code.
    letters = code(name).letters
    assert sum(2.0 ** -len(bits) for bits in letters) == 1
    assert max(map(len, letters)) <= 15


def test_a_text_is_told_as_what_is_new_and_where_the_rest_stood() -> None:
    assert list(searched(b"abcdef-abcdef")) == [b"abcdef-", (LEAST, 7)]
    assert list(searched(b"aaaaaaaaaaaaa")) == [b"a", (12, 1)]


def test_the_bytes_are_those_of_last_year() -> None:
    # Pinned: a change here makes every document that was issued before impossible to rebuild.
    made = b"".join(
        packed(PIECES * 3, name, short=short)
        for name in ("marks", "words")
        for short in (True, False)
    )
    assert sha256(made).hexdigest()[:16] == "0c03f6e776a77423"
