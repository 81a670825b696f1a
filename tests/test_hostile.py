"""Hostile and mistaken files: each is refused at its place, quickly, and nothing breaks.

A file below `hostile/` names in its first line what it is refused for, and where.
"""

import re
import time
from pathlib import Path

import pytest

from q2c.core.catalog import CatalogFile
from q2c.core.fault import Refused
from q2c.core.party import Customer
from q2c.store.records import read_record

CORPUS = sorted((Path(__file__).parent / "hostile").glob("*/*.yaml"))
KINDS = {"customer": Customer, "catalog": CatalogFile}
SECONDS = 2.0
MANY = 7_900_000


def refusal(data: bytes, kind: type) -> list[str]:
    """Read what must be refused, in time; give each place and code."""
    start = time.process_time()
    with pytest.raises(Refused) as refused:
        read_record(data, "it.yaml", kind)
    assert time.process_time() - start < SECONDS
    places = [(fault.place, fault.code) for fault in refused.value.faults]
    assert all(fault.message.isprintable() for fault in refused.value.faults)
    return [f"{place.line}:{place.column} {code}" for place, code in places if place]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_hostile_file_is_refused_for_what_its_first_line_says(path: Path) -> None:
    data = path.read_bytes()
    expected = re.findall(r"\d+:\d+ [a-z-]+", data.decode().split("\n", 1)[0])
    assert refusal(data, KINDS[path.parent.name]) == expected


BINARY = {
    "byte order mark": (b"\xef\xbb\xbfid: a\n", "1:1 bad-encoding"),
    "UTF-16": ("id: a\n".encode("utf-16"), "1:1 bad-encoding"),
    "Latin-1": ("id: a\nname: \xc5\n".encode("latin-1"), "2:7 bad-encoding"),
    "surrogates": (b"name: \xed\xa0\x80\n", "1:7 bad-encoding"),
    "NUL": (b"name: a\0b\n", "1:8 bad-character"),
    "escape": (b"name: \x1b[2J\n", "1:7 bad-character"),
    "lone carriage return": (b"name: a\rnote: b\n", "1:8 bad-character"),
    "delete": (b"name: a\x7f\n", "1:8 bad-character"),
}


@pytest.mark.parametrize("name", BINARY)
def test_bytes_that_are_no_text_are_refused(name: str) -> None:
    data, expected = BINARY[name]
    assert refusal(data, Customer) == [expected]


LARGE = {
    "ten megabytes in one text": (b"name: " + b"x" * 10_000_000, "1:1 too-large"),
    "nearly eight megabytes in one text": (b"note: " + b"x" * MANY, "1:7 too-long"),
    "a long key": (b"x" * 2_000 + b": 1\n", "1:2001 bad-key"),
    "millions of items": (b"- \n" * (MANY // 3), "300000:2 too-large"),
    "millions of empty lists": (b"[" + b"[]," * (MANY // 3), "1:899999 too-large"),
    "millions of keys": (b"".join(b"k%d:\n" % n for n in range(800_000)), "300000:9 too-large"),
    "twenty thousand brackets": (b"[" * 20_000, "1:33 too-deep"),
    "millions of tabs": (b"\t" * MANY, "1:1 needs-quotes"),
    "millions of quotes": (b"'" * (MANY - 1), "1:1 unclosed-quote"),
    "a text over millions of lines": (b"note: a\n" + b" b\n" * (MANY // 3), "1:7 too-long"),
    "nothing but line ends": (b"\n" * MANY, "1:1 not-a-mapping"),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_refused_in_time(name: str) -> None:
    data, expected = LARGE[name]
    assert expected in refusal(data, Customer)


def test_an_alias_bomb_is_refused_before_it_is_built() -> None:
    levels = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    levels += [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    ]
    refused = refusal("\n".join(levels).encode(), Customer)
    assert {line.split()[1] for line in refused if "named-value" not in line} == {
        "unknown-key",
        "missing-key",
    }
    assert "8:4 named-value" in refused


def test_of_thousands_of_mistakes_a_hundred_are_told() -> None:
    assert len(refusal(b"note: 1\n" * 100_000, Customer)) == 100
    assert len(refusal(b"".join(b"k%d: 1\n" % n for n in range(100_000)), Customer)) == 100
