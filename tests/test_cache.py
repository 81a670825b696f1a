"""The cache: the same bytes are parsed once, and nothing but time depends on it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from msgspec import Struct

from q2c.core.catalog import CatalogFile
from q2c.core.party import Customer
from q2c.store import cache, records
from q2c.store.records import read_file, read_folder
from q2c.store.tree import WorkTree

CUSTOMER = """id: {id}
name: Kund {id} AB
org_number: 559999-4562
address:
  street: Storgatan {number}
  postal_code: 111 23
  city: Göteborg
  country: SE
language: sv
terms: {{due_days: 30}}
contacts: [{{name: Ida Berg, email: ida@example.com, roles: [billing]}}]
"""
ITEM = """  - id: item-{number}
    name: {{en: Advice {number}, sv: Råd {number}}}
    unit: hour
    charge: hourly
    price: {{SEK: {number}.50, EUR: 130}}
    revenue: {{method: output}}
"""


class Note(Struct, frozen=True):
    """Something that is made of bytes."""

    text: str


@pytest.fixture
def root(tmp_path: Path) -> Path:
    customers(tmp_path, 3)
    return tmp_path


def customers(root: Path, count: int) -> None:
    folder = root / "customers"
    folder.mkdir()
    for number in range(count):
        text = CUSTOMER.format(id=f"kund-{number}", number=number)
        (folder / f"kund-{number}.yaml").write_text(text, "utf-8")


def read(root: Path) -> Mapping[str, Customer]:
    return read_folder(WorkTree(root), "customers", Customer)


def parsed(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Read the customers; name the files that had to be parsed."""
    names: list[str] = []
    plain = records.read_record

    def counting(data: bytes, name: str, *rest: object) -> object:
        names.append(name)
        return plain(data, name, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(records, "read_record", counting)
        read(root)
    return names


def kept(root: Path) -> Path:
    [path] = (root / ".q2c/cache").iterdir()
    return path


def test_what_comes_from_the_cache_is_what_was_read(root: Path) -> None:
    first = read(root)
    assert read(root) == first
    assert first["customers/kund-1.yaml"].place("name") is not None


def test_only_changed_files_are_parsed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(parsed(root, monkeypatch)) == 3
    assert parsed(root, monkeypatch) == []
    path = root / "customers/kund-1.yaml"
    path.write_text(path.read_text("utf-8") + "note: new\n", "utf-8")
    assert parsed(root, monkeypatch) == ["customers/kund-1.yaml"]
    assert read(root)["customers/kund-1.yaml"].note == "new"


def test_a_change_is_noticed_though_size_and_time_are_as_before(root: Path) -> None:
    path = root / "customers/kund-1.yaml"
    read(root)
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("Göteborg", "Malmöhus"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert read(root)["customers/kund-1.yaml"].address.city == "Malmöhus"


def test_a_file_that_is_gone_is_forgotten(root: Path) -> None:
    read(root)
    (root / "customers/kund-0.yaml").unlink()
    assert [*read(root)] == ["customers/kund-1.yaml", "customers/kund-2.yaml"]


def test_every_flipped_byte_of_a_cache_is_noticed(root: Path) -> None:
    first = read(root)
    path = kept(root)
    good = path.read_bytes()
    for at in range(0, len(good), 37):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert read(root) == first
    path.write_bytes(good[: len(good) // 2])
    assert read(root) == first


def test_a_changed_program_does_not_use_what_another_left(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(root)
    cache._program.cache_clear()  # noqa: SLF001 - it is looked at once in a process
    monkeypatch.setattr(cache, "__version__", "9.9")
    assert len(parsed(root, monkeypatch)) == 3
    cache._program.cache_clear()  # noqa: SLF001 - so that the next test looks again


def test_what_is_made_of_some_bytes_is_made_once_and_again_of_others(tmp_path: Path) -> None:
    made: list[bytes] = []

    def note(data: bytes) -> Note:
        made.append(data)
        return Note(data.decode())

    def told(data: bytes) -> str:
        return cache.made_of(data, Note, note, tmp_path / "cache", "note").text

    assert [told(data) for data in (b"a", b"a", b"b", b"b", b"a")] == [*"aabba"]
    assert made == [b"a", b"b", b"a"]


def test_a_workspace_that_cannot_be_written_is_read(root: Path) -> None:
    (root / ".q2c").write_text("a file where a folder belongs")
    assert len(read(root)) == 3


def test_nothing_is_kept_behind_a_link_out_of_the_workspace(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / ".q2c").symlink_to(elsewhere)
    read(root)
    assert not [*elsewhere.iterdir()]


def test_a_tree_without_a_cache_keeps_nothing(root: Path) -> None:
    tree = WorkTree(root)
    tree.cache = None
    assert len(read_folder(tree, "customers", Customer)) == 3
    assert not (root / ".q2c").exists()


def test_a_warm_read_loads_no_parser(root: Path) -> None:
    read(root)
    program = (
        "import sys; from pathlib import Path; from q2c.core.party import Customer;"
        "from q2c.store.records import read_folder; from q2c.store.tree import WorkTree;"
        "read_folder(WorkTree(Path(sys.argv[1])), 'customers', Customer);"
        "print(sorted({'yaml', 'jsonschema', 'unicodedata'} & {*sys.modules}))"
    )
    words = [sys.executable, "-c", program, str(root)]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout == "[]\n"


def seconds(work: Callable[[], object]) -> float:
    """Give the least processor time of three runs."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def yardstick(paths: list[Path]) -> None:
    for path in paths:
        yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


# Small sizes and a wide margin here; `make bench` measures 10,000 of each.
def test_many_files_are_read_many_times_faster_than_the_parser_does(tmp_path: Path) -> None:
    customers(tmp_path, 400)
    read(tmp_path)
    paths = [*(tmp_path / "customers").iterdir()]
    assert seconds(lambda: yardstick(paths)) > 5 * seconds(lambda: read(tmp_path))


def test_a_large_file_is_read_ten_times_faster_than_the_parser_does(tmp_path: Path) -> None:
    path = tmp_path / "catalog.yaml"
    items = (ITEM.format(number=number) for number in range(1, 1000))
    path.write_text("products:\n" + "".join(items), "utf-8")
    read_file(WorkTree(tmp_path), "catalog.yaml", CatalogFile)
    warm = seconds(lambda: read_file(WorkTree(tmp_path), "catalog.yaml", CatalogFile))
    assert seconds(lambda: yardstick([path])) > 10 * warm
