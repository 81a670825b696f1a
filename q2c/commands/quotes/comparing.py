"""q2c quote diff: what differs in money and terms between versions, branches or files."""

import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import call
from q2c.commands.desk import frozen_look, save, work_tree
from q2c.commands.output import say, table
from q2c.commands.plain import fields_of
from q2c.commands.quotes.diffwords import value_told
from q2c.commands.quotes.quoting import drafted
from q2c.core.fault import Fault, Misused, Stale, Unknown
from q2c.core.money import Money
from q2c.core.negotiation.compare import compared
from q2c.core.negotiation.difference import Change, Difference, LineChange, for_customer
from q2c.core.period import Day
from q2c.core.quote import Draft, Priced
from q2c.core.quote.figures import percent
from q2c.store.papers import thawed
from q2c.store.quotes import known_quote, read_quote, read_version, versions
from q2c.store.records import read_record
from q2c.store.shop import Shop, quoted, read_shop
from q2c.store.tree import LIMIT, CommitTree, Tree, WorkTree, refuse_large
from q2c.store.workspace import find_root

WHAT = "a quote (its draft), a version Q-…/v1, Q-…@REV, or a file"
# REV:Q-2026-0001/v1 or Q-2026-0001/v1@REV; the version and the revision may be left out.
_SIDE = re.compile(
    r"(?:(?P<rev>[^:@]+):)?(?P<number>[^:/@]+?)(?:/v(?P<version>[1-9][0-9]{0,8}))?(?:@(?P<at>.+))?"
)
COLUMNS = ("kind", "line", "how", "what", "before", "after", "effect")
Before = Annotated[str, typer.Argument(metavar="BEFORE", help=f"From: {WHAT}.")]
After = Annotated[str, typer.Argument(metavar="AFTER", help="To: the same.  [the draft]")]
Markdown = Annotated[bool, typer.Option("--md", help="Write Markdown, for a merge request.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="End with 1 where they differ.")]
Customer = Annotated[
    bool, typer.Option("--customer", help="Leave out what is for our eyes only: cost, margin.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="With --customer: draw it as a PDF."),
]


class Seen(Struct, frozen=True):
    """One side of a comparison: what it is called, the quote, and the files it was read from."""

    name: str
    quote: Priced


def diff_quotes(
    before: Before,
    after: After = "",
    *,
    customer: Customer = False,
    out: Out = None,
    markdown: Markdown = False,
    exit_code: ExitCode = False,
) -> int:
    """Say what differs between two quotes in money and terms.

    The order of their lines is no difference.

    A quote by its number alone is its draft, as it is priced now; one argument compares the last
    version that was sent with the draft. A draft of another revision is priced with the
    catalogue of that revision, one of another workspace with that workspace's.

    Example: q2c quote diff Q-2026-0001/v1 Q-2026-0001
    """
    if out and not customer:
        message = "A PDF of what differs is made for the customer only."
        raise Misused(Fault("usage", message, remedy="Add --customer, or leave out --out."))
    one, other = _sides(before, after)
    found = compared(one.quote, other.quote, (one.name, other.name))
    found = for_customer(found) if customer else found
    if out:
        say(
            {"before": one.name, "after": other.name, "file": str(out)},
            _drawn(found, other.quote, out),
        )
    else:
        _tell(found, other.quote, markdown=markdown)
    return int(exit_code and bool(found))


def _sides(before: str, after: str) -> tuple[Seen, Seen]:
    """Read both sides; where one is named, the last version sent is compared with the draft."""
    read = cache(lambda rev: CommitTree(call().root, rev) if rev else work_tree())
    shop = cache(read_shop)

    def seen(word: str) -> Seen:
        path = Path(word)
        return _filed(path) if path.is_file() else _named(word, read, shop)

    if after:
        return seen(before), seen(after)
    parts = _SIDE.fullmatch(before)
    if Path(before).is_file() or parts is None:
        raise Misused(Fault("usage", "A file is compared with another one.", remedy="Name two."))
    if parts["version"] or parts["rev"] or parts["at"]:
        return seen(before), seen(parts["number"])
    number = known_quote(read(""), parts["number"])
    sent = versions(read(""), number)
    if not sent:
        message = f"{number} was not sent yet, so there is no version to compare its draft with."
        remedy = (
            f"Name what to compare it with, such as a branch: q2c quote diff main:{number} {number}"
        )
        raise Stale(Fault("not-sent", message, remedy=remedy))
    return seen(f"{number}/v{sent[-1]}"), seen(number)


def _named(word: str, read: Callable[[str], Tree], shop: Callable[[Tree], Shop]) -> Seen:
    """Read a quote by its number, as the files or a revision have it: a version, or the draft."""
    parts = _SIDE.fullmatch(word)
    if parts is None or (parts["rev"] and parts["at"]) or Path(word).suffix in (".json", ".yaml"):
        message = f"There is no quote and no file '{word}'."
        remedy = "Name one as Q-2026-0001, Q-2026-0001/v1 or Q-2026-0001@BRANCH, or a file."
        raise Unknown(Fault("unknown-quote", message, remedy=remedy))
    files = read(parts["rev"] or parts["at"] or "")
    number = known_quote(files, parts["number"])
    if parts["version"]:
        return Seen(word, _version(files, number, int(parts["version"])))
    quote = quoted(shop(files), number, drafted(read_quote(files, number)))
    return Seen(f"{word} (draft)", quote)


def _version(files: Tree, number: str, version: int) -> Priced:
    known = versions(files, number)
    if version not in known:
        message = f"{number} was not sent as version {version}."
        there = ", ".join(f"{number}/v{one}" for one in known) or "no versions"
        raise Unknown(Fault("no-such-version", message, remedy=f"There are: {there}."))
    return read_version(files, number, version)


def _filed(path: Path) -> Seen:
    """Read a quote from a file: a version as it was sent, or a draft, priced where it lies."""
    if (size := path.stat().st_size) > LIMIT:
        refuse_large(str(path), size)
    data, name = path.read_bytes(), str(path)
    if path.suffix == ".json":
        return Seen(name, thawed(data, Priced, name))
    draft = read_record(data, name, Draft)
    return Seen(name, quoted(read_shop(_around(path)), path.absolute().parent.name, draft))


def _around(path: Path) -> Tree:
    """Give the workspace that a file lies in; outside of any, the one we are in."""
    try:
        root = find_root(path.absolute().parent)
    except Unknown:
        return work_tree()
    if root == call().root:
        return work_tree()
    other = WorkTree(root)
    other.cache = None  # it is the folder of somebody else
    return other


def _tell(found: Difference, quote: Priced, *, markdown: bool) -> None:
    if markdown:
        from q2c.commands.quotes.diffmarkdown import markdown_of

        sys.stdout.write(markdown_of(found))
    elif call().mode == "csv":
        table(list(_rows(found)), COLUMNS)
    else:
        from q2c.commands.quotes.difftold import difference_told

        buyer = quote.buyer.name
        say(_row(found), difference_told(found, parts=[buyer] if found.lines else []))


def _row(found: Difference) -> dict[str, object]:
    """Give everything that differs by name."""
    return {
        "before": found.before,
        "after": found.after,
        "different": bool(found),
        "effect": found.effect,
        "lines": [_line_row(one) for one in found.lines],
        "discounts": list(found.discounts),
        "terms": list(found.terms),
        "texts": list(found.texts),
        "totals": list(found.totals),
        **({"inside": list(found.inside)} if found.inside else {}),
    }


def _line_row(row: LineChange) -> dict[str, object]:
    """Give all of a line that differs, with its effect in per cent of what it cost."""
    ratio = percent(row.effect, row.before) if row.effect and row.before else None
    return {**fields_of(row), "percent": ratio}


def _rows(found: Difference) -> Iterator[dict[str, object]]:
    """Give everything that differs as rows: a line and, below it, each of its changes."""
    for line in found.lines:
        head = {"kind": "line", "line": line.key or line.item, "how": line.how}
        amounts = {"before": line.before, "after": line.after, "effect": line.effect}
        yield {**head, "what": "amount", **amounts}
        yield from ({**head, **_cells(change)} for change in line.changes)
    for kind in ("discounts", "terms", "texts", "totals", "inside"):
        for change in getattr(found, kind):
            yield {"kind": kind.removesuffix("s"), "how": "changed", **_cells(change)}


def _cells(change: Change) -> dict[str, object]:
    """Write the values of a change for a program: figures as they are, the rest in words."""
    values = (
        one
        if one is None or isinstance(one, Money | Decimal | Day)
        else value_told(change.what, one)
        for one in (change.before, change.after)
    )
    before, after = values
    what = f"{change.what} {change.name}".rstrip()
    return {"what": what, "before": before, "after": after, "effect": change.effect}


def _drawn(found: Difference, quote: Priced, out: Path) -> str:
    """Draw what differs for the customer, in the words and look of today."""
    from q2c.documents.redline import redline_pdf

    look = frozen_look(work_tree(), quote.language).look
    return save(out, redline_pdf(found, quote, look))
