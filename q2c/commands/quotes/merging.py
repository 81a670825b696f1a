"""q2c quote merge: two states of a draft brought together, by hand or for git."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import Commit, DryRun, Message
from q2c.commands.desk import Desk, desk
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.quotes.quoting import course_of
from q2c.core.fault import Fault, Held, Misused, Refused
from q2c.core.money import Money, grouped
from q2c.core.negotiation.merge import (
    GONE,
    Clash,
    Either,
    Tree,
    clashes,
    doubles,
    merged,
    our_way,
    resolved,
    their_way,
)
from q2c.core.quote import Draft
from q2c.core.quote.moves import refuse_final
from q2c.store import tree as trees
from q2c.store.quotes import known_quote, path_of, read_quote
from q2c.store.records import read_record
from q2c.store.shop import quoted, read_shop
from q2c.store.workspace import find_root
from q2c.store.writing import Change

MOST_WORDS = 60  # of a value that is told in a sentence
What = Annotated[
    str, typer.Argument(metavar="QUOTE", help="A quote, such as Q-2026-0001; for git, the base.")
]
File = Annotated[str, typer.Argument(metavar="[FILE]", help="For git: ours, and theirs.")]
From = Annotated[
    str, typer.Option("--from", metavar="BRANCH", help="Where the other draft comes from.")
]
AsPath = Annotated[
    str, typer.Option("--path", metavar="PATH", help="For git: which file it is about.")
]


class Merge(Struct, frozen=True, kw_only=True):
    """Two states of a draft brought together: the tree with what clashes, and both its texts."""

    tree: Tree
    ours: bytes
    theirs: bytes
    kept: bool
    doubled: tuple[str, ...]

    @property
    def clashes(self) -> list[Clash]:
        """What a person has to decide."""
        return [*clashes(self.tree)]


def merge_quotes(  # noqa: PLR0913 - what git gives, and what a person does
    what: What,
    ours: File = "",
    theirs: File = "",
    *,
    from_: From = "",
    path: AsPath = "",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Merge the draft of another branch into the one here, line by line and field by field.

    What both changed is told with its money, and then nothing is written. Git merges drafts so
    by itself: it gives the files of base, ours and theirs, takes the result from ours, and gets
    exit status 1 where both changed the same thing, which then stands there between markers.

    Example: q2c quote merge Q-2026-0002 --from counter-offer
    """
    if from_ and not (ours or theirs):
        _from_branch(what, from_, desk(dry_run=dry_run, commit=commit, message=message))
    elif ours and theirs and not from_:
        _for_git(Path(what), Path(ours), Path(theirs), path or ours)
    else:
        remedy = "See: q2c quote merge --help"
        raise Misused(Fault("usage", "Name a quote and --from BRANCH.", remedy=remedy))


def _for_git(base: Path, ours: Path, theirs: Path, path: str) -> None:
    """Merge three files as git's merge driver; the result goes where ours was."""
    found = _merge(base.read_bytes(), ours.read_bytes(), theirs.read_bytes(), path)
    _tell_aside(found, path)
    if not found.clashes:
        ours.write_bytes(found.ours)
        return
    from q2c.store.conflict import marked

    ours.write_bytes(marked(found.ours, found.theirs))
    remedy = f"Both stand in {path} between markers: keep one of them, then git add {path}"
    raise Refused(*_clash_faults(found, _pricing(path), ("in ours", "in theirs"), remedy))


def _from_branch(number: str, branch: str, where: AbstractContextManager[Desk]) -> None:
    """Merge the draft of a branch into the one of the work tree; a clash writes nothing."""
    from q2c.store import git

    with where as at:
        known_quote(at.tree, number)
        refuse_final(course_of(read_quote(at.tree, number)))
        name = path_of(number, "quote.yaml")
        other = trees.CommitTree(at.root, branch)
        start = git.common(at.root, "HEAD", other.commit)
        before = trees.CommitTree(at.root, start) if start else None
        base = before.read(name) if before and before.exists(name) else b""
        mine = at.tree.read(name)
        found = _merge(base, mine, other.read(name), name)
        price = _pricer(at.tree, number, name)
        if found.clashes:
            remedy = "Let one of the two drafts say what the other does, then merge again."
            raise Held(*_clash_faults(found, price, ("here", f"in {branch}"), remedy))
        row, told = _result(at, number, mine, found, branch)
        check_fields(row)
        if found.ours == mine:
            wrote = "Nothing was changed."
        else:
            wrote = at.write(Change(replaced={name: found.ours}), f"Merge {number} from {branch}")
    _tell_aside(found, name)
    say(row, f"{told}\n{wrote}")
    following(f"q2c quote show {number} --draft")


def _result(
    at: Desk, number: str, mine: bytes, found: Merge, branch: str
) -> tuple[dict[str, object], str]:
    """Price what was merged, and say what it does to the draft that was here."""
    from q2c.commands.quotes.difftold import difference_told
    from q2c.core.negotiation.compare import compared

    name, shop = path_of(number, "quote.yaml"), read_shop(at.tree)
    after = quoted(shop, number, read_record(found.ours, name, Draft))
    row = {"number": number, "from": branch, "changed": found.ours != mine, "net": after.net}
    try:
        before = quoted(shop, number, read_record(mine, name, Draft))
    except Refused:  # the draft here could not be priced; the merged one can
        return row, f"The net is {after.net}."
    names = (f"{number} (draft)", f"merged with {branch}")
    return row, difference_told(compared(before, after, names))


def _merge(base: bytes, ours: bytes, theirs: bytes, name: str) -> Merge:
    """Merge three states of a file, with the comments of ours."""
    from q2c.store.rewriting import rewritten

    before = _read(base, f"{name} (base)") if base.strip() else {}
    mine, other = _read(ours, name), _read(theirs, f"{name} (theirs)")
    tree = merged(before, mine, other)
    result, kept = rewritten(ours, resolved(tree, our_way), name)
    otherwise, _ = rewritten(ours, resolved(tree, their_way), name)
    return Merge(
        tree=tree,
        ours=result,
        theirs=otherwise,
        kept=kept,
        doubled=tuple(doubles(mine, other, resolved(tree, our_way))),
    )


def _read(data: bytes, name: str) -> Tree:
    """Read a draft as plain values; refuse what is no draft at all."""
    from q2c.store.dialect import parse

    value = parse(data, name).value
    return value if isinstance(value, dict) else read_record(data, name, Draft)


def _tell_aside(found: Merge, name: str) -> None:
    for item in found.doubled:
        hint(f"Both sides added {item}, each in its own way; both lines are kept.")
    if not found.kept:
        hint(f"{name} was written anew; comments between its lines are gone.")


Price = Callable[[Tree], Money | None]


def _pricing(path: str) -> Price:
    """Say how to price the draft that git is merging, with the files as they are."""
    whole = Path(path).absolute()
    try:
        root = find_root(whole.parent)
    except Refused:
        return lambda _tree: None
    return _pricer(trees.WorkTree(root), whole.parent.name, path)


def _pricer(files: trees.Tree, number: str, name: str) -> Price:
    """Say how to price a state of a draft; nothing of what cannot be priced."""
    from q2c.store.emit import emit

    def price(tree: Tree) -> Money | None:
        try:
            draft = read_record(emit(tree).encode(), name, Draft)
            return quoted(read_shop(files), number, draft).net
        except Refused:
            return None

    return price


def _clash_faults(
    found: Merge, price: Price, names: tuple[str, str], remedy: str
) -> Iterator[Fault]:
    """Tell each clash in words: who says what, and what that does to the net."""
    rows = found.clashes
    for clash in rows:
        same = [one.either for one in rows if one.where[:2] == clash.where[:2]]
        nets = (
            price(resolved(found.tree, our_way)),
            price(resolved(found.tree, partial(_flipped, theirs=same))),
        )
        yield Fault("merge-clash", f"{_words(clash, names)}{_net_words(nets)}", remedy=remedy)


def _flipped(either: Either, theirs: list[Either]) -> Tree:
    """Decide for theirs in one place, and for ours in all others."""
    return either.theirs if any(either is one for one in theirs) else either.ours


def _words(clash: Clash, names: tuple[str, str]) -> str:
    """Say what clashes: that the quantity of a line is 60 here and 50 there, and what it was."""
    either = clash.either
    if not clash.what:
        gone, changed = names if either.ours is GONE else names[::-1]
        return f"{_named(clash)} was taken away {gone} and changed {changed}."
    one, other = (
        f"{_value(value)} {name}"
        for value, name in zip((either.ours, either.theirs), names, strict=True)
    )
    was = "" if either.base is GONE else f"; it was {_value(either.base)}"
    what = clash.what.replace("_", " ")
    head = f"{_named(clash)}: {what}" if clash.line else what[:1].upper() + what[1:]
    return f"{head} is {one}, {other}{was}."


def _named(clash: Clash) -> str:
    line = clash.line if isinstance(clash.line, dict) else {}
    kind = {"lines": "Line", "clauses": "Clause", "payments": "Payment", "ramp": "Segment"}
    word = kind.get(str(clash.where[0]) if clash.where else "", "Line")
    known = (line.get(name) for name in ("product", "bundle", "id", "name", "from"))
    names = [str(one) for one in known if one is not None]
    key = f" ({line['id']})" if "id" in line and names[:1] != [str(line["id"])] else ""
    return f"{word} {names[0] if names else '?'}{key}"


def _value(value: Tree) -> str:
    from q2c.store.emit import flow
    from q2c.store.plaintext import shown

    return "nothing" if value is GONE else shown(flow(value), MOST_WORDS)


def _net_words(nets: tuple[Money | None, Money | None]) -> str:
    one, other = nets
    if one is None or other is None or one == other:
        return ""
    return f" The net would be {grouped(one.amount)} or {other}."
