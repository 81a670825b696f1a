"""q2c catalog diff: what changed in terms of prices, between days, revisions, files or folders."""

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import call, today
from q2c.commands.desk import work_tree
from q2c.commands.output import hint, table
from q2c.commands.visible import padded, visible
from q2c.core.catalog import CatalogFile, PriceList, base_faults, gathered
from q2c.core.fault import Fault, Invalid, Unknown
from q2c.core.money import grouped
from q2c.core.period import Day
from q2c.core.review import Change, View, Wares, changes, view
from q2c.store.master import read_catalog_files, read_company, read_customers, read_price_lists
from q2c.store.tree import CommitTree, Tree, WorkTree

COLUMNS = (
    *("kind", "id", "what", "how", "before", "after"),
    *("currency", "difference", "percent", "source"),
)
CATALOGUE = frozenset({"product", "bundle", "rule", "schedule", "promotion", "policy"})
WIDEST = 40
ALL = "a day, a revision, a file or a folder"
Before = Annotated[str, typer.Argument(metavar="BEFORE", help=f"From: {ALL}.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help=f"To: {ALL}.  [the files as they are]")]
Markdown = Annotated[bool, typer.Option("--md", help="Write Markdown, for a merge request.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="End with 1 where they differ.")]


def diff_catalogs(
    before: Before = "HEAD",
    after: After = "",
    *,
    markdown: Markdown = False,
    exit_code: ExitCode = False,
) -> int:
    """Say what changed in prices.

    A day such as 2027-01-01 means the files as they are, and what of them holds on that day.
    A folder is another workspace; a file is one of the catalogue, or a price list.

    Example: q2c catalog diff HEAD
    """
    found = changes(*_views(_side(before), _side(after)))
    if markdown:
        sys.stdout.write(as_markdown(found))
    elif call().mode == "text":
        sys.stdout.write("".join(f"{visible(line)}\n" for line in as_text(found)))
    else:
        table(found, COLUMNS)
    if not found:
        hint("No price differs.")
    return int(exit_code and bool(found))


class _Side(Struct, frozen=True):
    """What is compared: all that prices are in, a day it is seen on, or one file alone."""

    wares: Wares
    day: Day | None = None
    kinds: frozenset[str] = frozenset()
    only: str = ""


def _side(word: str) -> _Side:
    """Read what a word means: nothing the files as they are, else a day, a path, a revision."""
    if not word:
        return _Side(_wares(work_tree()))
    if day := _day(word):
        return _Side(_wares(work_tree()), day)
    path = Path(word)
    if path.is_dir():
        other = WorkTree(path.absolute())
        other.cache = None  # it is the folder of somebody else
        return _Side(_wares(other))
    if path.is_file():
        return _file(path)
    return _Side(_wares(CommitTree(call().root, word)))


def _day(word: str) -> Day | None:
    try:
        return Day.fromisoformat(word) if len(word) == len("2026-01-31") else None
    except ValueError:
        return None


def _wares(files: Tree) -> Wares:
    """Read prices as they are written: what was a fault of theirs is no matter here."""
    lists = read_price_lists(files)
    if faults := list(base_faults(lists)):
        raise Invalid(*faults)
    catalog = gathered(read_catalog_files(files).values())
    return Wares(
        catalog=catalog, lists=lists, customers=read_customers(files), home="", day=Day.max
    )


def _file(path: Path) -> _Side:
    """Read one file: a price list where it has a currency, else one of a catalogue."""
    from q2c.store.dialect import scan
    from q2c.store.records import read_record

    data, name = path.read_bytes(), str(path)
    value = scan(data, name).value
    if not isinstance(value, dict) or "currency" not in value:
        catalog = gathered([read_record(data, name, CatalogFile)])
        wares = Wares(catalog=catalog, lists={}, customers={}, home="", day=Day.max)
        return _Side(wares, kinds=CATALOGUE)
    prices = read_record(data, name, PriceList)
    here = _wares(work_tree())
    wares = Wares(
        catalog=here.catalog,
        lists={**here.lists, prices.id: prices},
        customers={},
        home="",
        day=Day.max,
    )
    return _Side(wares, kinds=frozenset({"list"}), only=prices.id)


def _views(one: _Side, other: _Side) -> tuple[View, View]:
    """View two sides alike: where one is of a day, the other is as it holds today."""
    now = today(read_company(work_tree()).time_zone) if one.day or other.day else None
    if one.kinds and other.kinds and one.kinds != other.kinds:
        message = "A price list and a file of the catalogue have nothing in common."
        raise Unknown(Fault("nothing-common", message, remedy="Name two files of one kind."))
    kinds = one.kinds or other.kinds
    only = one.only or other.only
    seen = [
        {
            key: fact
            for key, fact in view(side.wares, side.day or now).items()
            if (not kinds or key[0] in kinds) and only in ("", key[1])
        }
        for side in (one, other)
    ]
    return seen[0], seen[1]


def as_text(found: Sequence[Change]) -> Iterator[str]:
    """Write changes for people, those of one record below it."""
    for (kind, id_), group in groupby(found, key=lambda one: (one.kind, one.id)):
        rows = list(group)
        if rows[0].what or rows[0].how == "changed":
            yield _headed(kind, id_)
        else:
            yield f"{_headed(kind, id_)} {_whole_told(rows.pop(0))}"
        wide = min(max((len(row.what) for row in rows), default=0), WIDEST)
        yield from (f"  {padded_name(row, wide)}  {_moved(row)}" for row in rows)


def _headed(kind: str, id_: str) -> str:
    return kind if kind == id_ else f"{kind} {id_}"


def _whole_told(row: Change) -> str:
    if row.how == "renamed":
        return f"renamed, it was {row.before}"
    said = row.after if row.how == "added" else row.before
    return f"{row.how}: {said}" if said else row.how


def padded_name(row: Change, wide: int) -> str:
    """Write what changed in a column."""
    return padded(row.what, max(wide, len(row.what)))


def _moved(row: Change) -> str:
    """Write what something was and is, and by how much it moved."""
    if row.how != "changed":
        said = _figure(row.after if row.how == "added" else row.before, row.currency)
        return f"{row.how} {said}".rstrip()
    told = f"{_figure(row.before, '')} → {_figure(row.after, row.currency)}"
    if row.difference is None:
        return told
    percent = "" if row.percent is None else f", {row.percent:+f} %"
    return f"{told}  ({_signed(row.difference)}{percent})"


def _figure(value: Decimal | str | None, currency: str) -> str:
    text = grouped(value) if isinstance(value, Decimal) else value or "nothing"
    return f"{text} {currency}".rstrip()


def _signed(number: Decimal) -> str:
    return f"{'+' if number > 0 else ''}{grouped(number)}"


def as_markdown(found: Sequence[Change]) -> str:
    """Write changes as a table for a merge request."""
    if not found:
        return "No price differs.\n"
    lines = ["what | before | after | change", "--- | ---: | ---: | ---:"]
    for row in found:
        name = f"{_headed(row.kind, row.id)} {row.what}".rstrip()
        cells = (name, *(_cell(value, row.currency) for value in (row.before, row.after)))
        lines.append(" | ".join(map(_escaped, (*cells, _marked(row)))).rstrip())
    return "".join(f"{visible(line)}\n" for line in lines)


def _marked(row: Change) -> str:
    """Say in a cell how something changed, and by how much."""
    if row.difference is None:
        return "" if row.how == "changed" else row.how
    percent = "" if row.percent is None else f" ({row.percent:+f} %)"
    return f"{_signed(row.difference)}{percent}"


def _cell(value: Decimal | str | None, currency: str) -> str:
    return "" if value in {None, ""} else _figure(value, currency)


def _escaped(text: str) -> str:
    """Keep a text in its cell: what Markdown would read as a sign is written out."""
    return "".join(f"\\{c}" if c in "\\|*_`<[" else c for c in text)
