"""Chained lines: every change of a byte, and every line out of its place, is named."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place
from q2c.store.chain import NO_HASH, checked, continues, replay, sealed


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A fact."""

    by: str
    text: str = ""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """The fact in its chain."""

    by: str
    text: str
    seq: int
    prev: str
    hash: str


def chain(*texts: str) -> list[bytes]:
    """Write one line for each text."""
    lines: list[bytes] = []
    prev = NO_HASH
    for seq, text in enumerate(texts):
        record, line = sealed(Said("eva", text), Line, seq, prev)
        prev = record.hash
        lines.append(line)
    return lines


def faults(lines: list[bytes]) -> list[Fault]:
    return checked(b"".join(lines), Line, "events.jsonl", code="events-broken")[1]


def told(lines: list[bytes]) -> list[tuple[int, str]]:
    """Give line and reason of each fault."""
    return [
        (fault.place.line, fault.message.removeprefix("This line ").partition(";")[0])
        for fault in faults(lines)
        if fault.place
    ]


def test_the_hash_of_a_line_is_that_of_the_line_without_its_hash() -> None:
    line = chain("one")[0].decode().rstrip("\n")
    stated = json.loads(line)["hash"]
    without = line.replace(f',"hash":"{stated}"', "")
    assert without == '{"by":"eva","prev":"' + "0" * 64 + '","seq":0,"text":"one"}'
    assert sha256(without.encode()).hexdigest() == stated


def test_each_line_names_the_hash_of_the_line_before() -> None:
    first, second = (json.loads(line) for line in chain("one", "two"))
    assert (first["prev"], second["prev"], second["seq"]) == (NO_HASH, first["hash"], 1)


@given(st.lists(st.text(), max_size=5))
def test_what_was_written_is_read_again(texts: list[str]) -> None:
    records = replay(b"".join(chain(*texts)), Line, "x", code="events-broken")
    assert [record.text for record in records] == texts


def test_a_text_may_look_like_a_hash() -> None:
    text = f',"hash":"{NO_HASH}"'
    assert faults(chain("one", text, "three")) == []


def test_an_edited_line_is_named_once() -> None:
    lines = chain("100", "200", "300")
    lines[1] = lines[1].replace(b"200", b"900")
    assert told(lines) == [(2, "was changed after it was written")]


def test_a_line_taken_out_shows_at_the_next() -> None:
    first, _, third = chain("1", "2", "3")
    assert told([first, third]) == [(2, "does not follow from the line before")]


def test_lines_that_changed_places_are_named() -> None:
    first, second, third = chain("1", "2", "3")
    assert [line for line, _ in told([first, third, second])] == [2, 3]


def test_a_line_that_stands_twice_is_named() -> None:
    first, second = chain("1", "2")
    assert told([first, second, second]) == [(3, "does not follow from the line before")]


def test_a_torn_end_is_named() -> None:
    lines = chain("1", "2")
    lines[1] = lines[1][:-1]
    assert told(lines) == [(2, "ends in the middle")]


@pytest.mark.parametrize(
    "other",
    [
        lambda line: line.replace(b',"', b', "'),
        lambda line: line.replace(b"\n", b"\r\n"),
        lambda line: b"\xef\xbb\xbf" + line,
        lambda line: line.replace(b'{"by"', b'{"by":"x","by"'),
        lambda line: line.replace(b"1", b"\\u0031"),
        lambda line: line.replace(b'"seq":0', b'"seq":0.0'),
        lambda line: line.replace(b"}", b',"z":NaN}'),
        lambda line: line.replace(b"1", b"\xff"),
        lambda line: b"\n" + line,
    ],
)
def test_another_form_of_the_same_is_refused(
    other: Callable[[bytes], bytes],
) -> None:
    lines = chain("1", "2")
    lines[0] = other(lines[0])
    found = faults(lines)
    assert (found[0].code, found[0].place) == ("events-broken", Place("events.jsonl", 1))


@given(st.data())
def test_any_other_byte_anywhere_is_named_by_its_line(data: st.DataObject) -> None:
    raw = bytearray(b"".join(chain("one", "two", "three")))
    at = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[at]))
    line = raw.count(b"\n", 0, at) + 1
    raw[at] = byte
    assert faults([bytes(raw)])[0].place == Place("events.jsonl", line)


def test_replay_refuses_with_every_fault() -> None:
    lines = chain("1", "2", "3")
    lines[0], lines[2] = (line.replace(b"eva", b"bob") for line in (lines[0], lines[2]))
    with pytest.raises(Invalid) as refused:
        replay(b"".join(lines), Line, "events.jsonl", code="events-broken")
    assert [str(fault.place) for fault in refused.value.faults] == [
        "events.jsonl:1:1",
        "events.jsonl:3:1",
    ]


def test_new_lines_continue_only_from_the_last_one() -> None:
    first, second, third = chain("1", "2", "3")
    assert continues(b"", first)
    assert continues(first, second + third)
    assert continues(first[9:] + second, third)
    assert not continues(first, third)
    assert not continues(first + second, second)
