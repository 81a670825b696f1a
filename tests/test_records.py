"""Records: files as typed values that know their places, or all faults of all files at once."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from q2c.core.fault import Fault, Invalid, Place, Unknown
from q2c.core.trace import Sourced
from q2c.store.figures import instead, trouble
from q2c.store.records import read_file, read_folder, read_record
from q2c.store.tree import WorkTree

Amount = dict[str, Decimal]


class Rung(Struct, frozen=True, forbid_unknown_fields=True):
    """A tier, for these tests."""

    up_to: Decimal | None = None


class Flat(Struct, frozen=True, forbid_unknown_fields=True, tag_field="model", tag="flat"):
    """A model of charging, for these tests."""

    price: Decimal


class Hourly(Struct, frozen=True, forbid_unknown_fields=True, tag_field="model", tag="hourly"):
    """Another one."""

    rate: Decimal


class Thing(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is sold, for these tests."""

    id: Annotated[str, Meta(pattern="^[a-z]+$")]
    name: str | dict[Literal["en", "sv"], str] = ""
    price: Amount = {}
    rungs: tuple[Rung, ...] = ()
    rates: dict[date, Decimal] = {}
    charge: Flat | Hourly | None = None
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    day: date | None = None
    active: bool = True


class Things(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file of them."""

    title: str = ""
    things: Annotated[tuple[Thing, ...], Meta(max_length=3)] = ()

    def __post_init__(self) -> None:
        if self.title == "never":
            raise ValueError("A title is never that.")


def things(text: str) -> Things:
    return read_record(text.encode(), "things.yaml", Things)


def faults(text: str) -> list[Fault]:
    with pytest.raises(Invalid) as refused:
        things(text)
    return [*refused.value.faults]


FILE = """title: 2026-01-01
things:
  - id: hour
    name: 1.10
    price: {SEK: 1450, EUR: 130.50}
    rungs: [{up_to: 10}, {}]
    rates: {2026-01-01: 25}
    charge: {model: flat, price: 5}
"""


def test_a_number_or_date_in_a_field_of_text_is_taken_as_written() -> None:
    record = things(FILE)
    assert (record.title, record.things[0].name) == ("2026-01-01", "1.10")


def test_numbers_are_exact_decimals() -> None:
    thing = things(FILE).things[0]
    assert thing.price == {"SEK": Decimal(1450), "EUR": Decimal("130.50")}
    assert {type(value) for value in thing.price.values()} == {Decimal}
    assert thing.rungs == (Rung(Decimal(10)), Rung())


def test_a_day_may_be_a_key_and_a_tag_chooses_the_form() -> None:
    thing = things(FILE).things[0]
    assert thing.rates == {date(2026, 1, 1): Decimal(25)}
    assert thing.charge == Flat(Decimal(5))


def test_a_record_knows_its_file_and_the_places_of_its_values() -> None:
    thing = things(FILE).things[0]
    assert thing.place() == Place("things.yaml", 3, 5)
    assert thing.place("price.EUR") == Place("things.yaml", 5, 29)
    assert thing.place("rungs.0.up_to") == Place("things.yaml", 6, 21)
    assert thing.source("rates.2026-01-01") == "things.yaml:7"


def test_a_record_around_others_knows_where_they_begin_and_no_more() -> None:
    record = things(FILE)
    assert record.place("things.0") == Place("things.yaml", 3, 5)
    assert record.place("things.0.id") == record.place("things.0")


# The three mistakes of one file, and what a person is told of each.
def test_every_mistake_is_told_with_its_place_and_what_to_do() -> None:
    found = faults("things:\n  - id: hour\n    pirce: {}\n    price: {SEK: 1 450}\n  - name: x\n")
    told = [(str(fault.place), fault.code, fault.message, fault.remedy) for fault in found]
    assert told == [
        (
            "things.yaml:3:5",
            "unknown-key",
            'things.hour has no key "pirce".',
            'Did you mean "price"?',
        ),
        (
            "things.yaml:4:18",
            "not-a-number",
            'things.hour.price.SEK must be one number; "1 450" has a space in it.',
            "Write 1450.",
        ),
        ("things.yaml:5:5", "missing-key", 'things.#2 lacks the key "id".', "Add  id: …"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("title: [a]", "not-a-text", 8),
        ("things: a", "not-a-list", 9),
        ("things: {a: 1}", "not-a-list", 9),
        ("things: [a]", "not-a-mapping", 10),
        ("things: [{id: A}]", "bad-form", 15),
        ("things: [{id: a, id: b}]", "duplicate-key", 18),
        ("things: [{id: a, name: {de: x}}]", "not-one-of", 25),
        ("things: [{id: a, price: 5}]", "not-a-mapping", 25),
        ("things: [{id: a, price: {SEK: true}}]", "not-a-number", 31),
        ("things: [{id: a, rates: {soon: 5}}]", "bad-date", 26),
        ("things: [{id: a, charge: {model: hour, price: 5}}]", "not-one-of", 34),
        ("things: [{id: a, charge: {price: 5}}]", "missing-key", 26),
        ("things: [{id: a, count: 0}]", "out-of-range", 25),
        ("things: [{id: a, count: 1.5}]", "not-whole", 25),
        ("things: [{id: a, day: '2026-01-01'}]", "bad-date", 23),
        ("things: [{id: a, day: 2026-02-30}]", "bad-date", 23),
        ("things: [{id: a, active: yes}]", "not-true-or-false", 26),
        ("things: [{id: a, count: }]", "empty-value", 18),
        ("things: [{id: a}, {id: b}, {id: c}, {id: d}]", "too-many", 9),
        ("title: never", "bad-value", 1),
        ("file: x", "unknown-key", 1),
    ],
)
def test_a_mistake_has_its_code_and_its_column(text: str, code: str, column: int) -> None:
    found = faults(text)
    assert (found[0].code, found[0].place and found[0].place.column) == (code, column)


def test_what_is_bad_by_itself_is_told_once() -> None:
    found = faults("things: [{id: *a}]\ntitel: x\n")
    assert [fault.code for fault in found] == ["named-value", "unknown-key"]


# Each is what somebody types, what is wrong with it, and what it was meant to be.
@pytest.mark.parametrize(
    ("text", "why", "remedy"),
    [
        ("1 450", "space", "Write 1450."),
        ("1450,50", "comma", "Write 1450.50."),
        ("1,450.00", "comma", "Write 1450.00."),
        ("1,450", "comma", "Write digits"),
        ("1e3", "exponent", "Write 1000."),
        ("1e1000000", "exponent", "Write digits"),
        ("1_000", "underscore", "Write 1000."),
        ("+46", "plus", "Write 46."),
        ("0100", "zero", "Write 100."),
        ("-0.0", "minus", "Write digits"),
        ("\u0667\u0665", "script", "Write 75."),
        ("1450", "quotes", "Write 1450."),
        ("NaN", "finite", "Write digits"),
        ("9" * 16, "digits", "Write digits"),
        ("free", "text", "Write digits"),
        ("²", "script", "Write 2."),
    ],
)
def test_a_text_that_is_no_number_is_explained(text: str, why: str, remedy: str) -> None:
    assert why in trouble(text)
    assert instead(text).startswith(remedy)


def test_the_faults_of_all_files_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    for name, text in {"a": "x: 1\n", "b": "things: []\n", "c": "y: 1\n"}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    with pytest.raises(Invalid) as refused:
        read_folder(WorkTree(tmp_path), "", Things)
    assert [str(fault.place) for fault in refused.value.faults] == ["a.yaml:1:1", "c.yaml:1:1"]


def test_what_else_is_wrong_with_a_record_is_told_by_a_check(tmp_path: Path) -> None:
    def check(record: Things) -> Iterator[Fault]:
        if not record.title:
            yield record.fault("no-title", "It has no title.")

    (tmp_path / "x.yaml").write_text("things: []\n")
    with pytest.raises(Invalid, match="no title"):
        read_file(WorkTree(tmp_path), "x.yaml", Things, check)


def test_a_folder_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "things"
    folder.mkdir()
    (folder / "a.yaml").write_text("title: A\n")
    (folder / "note.txt").write_text("no record")
    records = read_folder(WorkTree(tmp_path), "things", Things)
    assert {name: record.title for name, record in records.items()} == {"things/a.yaml": "A"}
    assert records["things/a.yaml"].file == "things/a.yaml"


def test_a_file_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(Unknown):
        read_file(WorkTree(tmp_path), "none.yaml", Things)
