"""Merging: what two people changed in one draft, brought together as plain values.

A draft is taken as it is written: mappings, lists and single values. Where both sides changed
the same thing to something else, the result has both, for a person to decide.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from q2c.core.negotiation.matching import Key, known_by, paired

Tree = Any  # a single value, a list of trees, or a mapping of text to trees
Where = tuple[str | int, ...]
Placed = tuple[int, Tree]  # an item and where it stands


class Gone(Struct, frozen=True):
    """What stands where there is nothing."""


class Either(Struct, frozen=True):
    """What both sides say of one thing; a person decides."""

    base: Tree
    ours: Tree
    theirs: Tree


class Clash(Struct, frozen=True):
    """One thing that both sides changed: where it stands, in which line, and what each says.

    `line` is the line, or the clause or payment, that it belongs to; `what` is its field, nothing
    where it is the line itself.
    """

    where: Where
    line: Tree
    what: str
    either: Either


GONE: Final = Gone()
# Lists whose items are known again, by the field that names them.
NAMED: Final = {"lines": "id", "clauses": "id", "payments": "name", "ramp": "from"}
SETS: Final = frozenset(("promotions", "attachments"))
WHOLE: Final = frozenset(("exchange",))
# Fields that mean something together: each side changing one of them is a clash, too.
BOUND: Final = (
    ("product", "bundle", "price", "discounts", "ramp"),
    ("product", "bundle", "options"),
    ("group", "choice"),
    ("currency", "exchange"),
)
AMOUNTS: Final = ("lines", "discounts", "payments")  # where amounts stand that are in the currency


def merged(base: Tree, ours: Tree, theirs: Tree, name: str = "") -> Tree:
    """Merge two states of a draft that come of one; what cannot be decided is an `Either`.

    `name` is the key that the value stands at. The order is that of ours; what is new in theirs
    stands behind what it stands behind there.
    """
    if theirs in (ours, base):
        return ours
    if base == ours:
        return theirs
    kinds = {type(ours), type(theirs)}
    if kinds == {dict} and name not in WHOLE:
        return _fields(base if isinstance(base, dict) else {}, ours, theirs)
    if kinds == {list} and name in NAMED and _told_apart(name, base, ours, theirs):
        return _items(base if isinstance(base, list) else [], ours, theirs, NAMED[name])
    if kinds == {list} and name in SETS:
        return _set(base if isinstance(base, list) else [], ours, theirs)
    return Either(base, ours, theirs)


def resolved(tree: Tree, choose: Callable[[Either], Tree]) -> Tree:
    """Decide everything that is undecided; what is then gone is left out."""
    if isinstance(tree, Either):
        return choose(tree)
    if isinstance(tree, dict):
        fields = {key: resolved(value, choose) for key, value in tree.items()}
        return {key: value for key, value in fields.items() if value is not GONE}
    if isinstance(tree, list):
        return [item for item in (resolved(one, choose) for one in tree) if item is not GONE]
    return tree


def our_way(either: Either) -> Tree:
    """Decide for ours."""
    return either.ours


def their_way(either: Either) -> Tree:
    """Decide for theirs."""
    return either.theirs


def clashes(tree: Tree, where: Where = (), line: Tree = None) -> Iterator[Clash]:
    """Find what is undecided, in its order; places are those of our way."""
    if isinstance(tree, Either):
        what = where[-1] if where else ""
        yield Clash(where, line, what if isinstance(what, str) else "", tree)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from clashes(value, (*where, key), line)
    elif isinstance(tree, list):
        place = 0
        for item in tree:
            known = line is not None or where[-1] not in NAMED
            yield from clashes(item, (*where, place), line if known else _shown(item))
            place += not (isinstance(item, Either) and item.ours is GONE)


def doubles(ours: Tree, theirs: Tree, result: Tree) -> list[str]:
    """Name what both sides added as lines of their own, so that it is there more often now."""
    before = [_counted(side) for side in (ours, theirs)]
    return [
        item
        for item, count in _counted(result).items()
        if all(0 < side[item] < count for side in before)
    ]


def _counted(tree: Tree) -> Counter[str]:
    lines = tree.get("lines") if isinstance(tree, dict) else None
    return Counter(_item(line) for line in lines or () if isinstance(line, dict))


def _item(line: Mapping[str, Tree]) -> str:
    return str(line.get("product") or line.get("bundle") or "")


def _shown(item: Tree) -> Tree:
    """Give a line as it can be named: ours, or theirs where ours is gone."""
    if isinstance(item, Either):
        return item.theirs if item.ours is GONE else item.ours
    return resolved(item, our_way)


def _fields(base: dict[str, Tree], ours: dict[str, Tree], theirs: dict[str, Tree]) -> Tree:
    """Merge two mappings key by key."""
    torn = {key for group in BOUND for key in _torn(group, base, ours, theirs)}
    if _recounted(base, ours, theirs) or _recounted(base, theirs, ours):
        torn.add("currency")
    result = {}
    for key in dict.fromkeys((*ours, *theirs)):
        before, one, other = (side.get(key, GONE) for side in (base, ours, theirs))
        value = Either(before, one, other) if key in torn else merged(before, one, other, key)
        if value is not GONE:
            result[key] = value
    return result


def _torn(
    group: Iterable[str], base: dict[str, Tree], ours: dict[str, Tree], theirs: dict[str, Tree]
) -> set[str]:
    """Name the fields of a group that mean something else if both sides change one each."""
    one, other = (
        {key for key in group if side.get(key, GONE) != base.get(key, GONE)}
        for side in (ours, theirs)
    )
    differs = {key for key in one | other if ours.get(key, GONE) != theirs.get(key, GONE)}
    return differs if one and other and one != other else set()


def _recounted(base: dict[str, Tree], one: dict[str, Tree], other: dict[str, Tree]) -> bool:
    """Say whether a side wrote amounts while the other went over to another currency."""
    currencies = [side.get("currency", GONE) for side in (base, one, other)]
    written = any(base.get(key, GONE) != other.get(key, GONE) for key in AMOUNTS)
    return written and currencies[1] not in (currencies[0], currencies[2])


def _told_apart(name: str, *sides: Tree) -> bool:
    """Say whether the items of a list can be known again: lines always, others by their names."""
    if name == "lines":
        return True
    for side in sides:
        items = side if isinstance(side, list) else []
        names = [repr(_field(item, NAMED[name])) for item in items]
        if len(set(names)) < len(names) or repr(None) in names:
            return False
    return True


def _field(item: Tree, name: str) -> Tree:
    return item.get(name) if isinstance(item, dict) else None


def _set(base: list[Tree], ours: list[Tree], theirs: list[Tree]) -> list[Tree]:
    kept = [one for one in ours if one in theirs or one not in base]
    return [*kept, *(one for one in theirs if one not in base and one not in ours)]


def _items(base: list[Tree], ours: list[Tree], theirs: list[Tree], name: str) -> list[Tree]:
    """Merge two lists item by item; each item is known again by its name, else by what it is."""
    mine, other = _origins(base, ours, name), _origins(base, theirs, name)
    there = {origin: place for place, origin in other.items()}
    new = _origins(
        [item if place not in mine else GONE for place, item in enumerate(ours)],
        [item if place not in other else GONE for place, item in enumerate(theirs)],
        name,
        alike=False,
    )
    partner = {place: there[origin] for place, origin in mine.items() if origin in there}
    partner |= {one: place for place, one in new.items()}
    nodes = [
        merged(
            base[mine[place]] if place in mine else GONE,
            item,
            theirs[partner[place]] if place in partner else GONE,
        )
        for place, item in enumerate(ours)
    ]
    # What is only in theirs: new there, or taken away by us.
    known = {place: at for at, place in partner.items()}
    gone = {place: base[origin] for place, origin in other.items() if place not in known}
    return _woven(nodes, theirs, known, gone)


def _woven(
    nodes: list[Tree], theirs: Sequence[Tree], known: Mapping[int, int], gone: Mapping[int, Tree]
) -> list[Tree]:
    """Put what is only in theirs behind what it stands behind there."""
    behind: dict[int, list[Tree]] = {}
    last = -1
    for place, item in enumerate(theirs):
        last = known.get(place, last)
        if place not in known:
            behind.setdefault(last, []).append(merged(gone.get(place, GONE), GONE, item))
    woven = [*behind.get(-1, [])]
    for at, node in enumerate(nodes):
        woven += [node, *behind.get(at, [])]
    return [node for node in woven if node is not GONE]


def _origins(
    base: Sequence[Tree], side: Sequence[Tree], name: str, *, alike: bool = True
) -> dict[int, int]:
    """Say for the items of a side where in the base each stood.

    Without `alike` only those that are the same, or have the same name, belong together.
    """
    pairs = paired([*enumerate(base)], [*enumerate(side)], _keys(name, alike=alike), _place)
    return {new[0]: old[0] for old, new in pairs if old and new}


def _place(one: Placed) -> int:
    return one[0]


def _keys(name: str, *, alike: bool) -> Iterable[Key[Placed]]:
    def named(one: Placed) -> Hashable:
        known = _field(one[1], name)
        return None if known is None else repr(known)

    def same(one: Placed) -> Hashable:
        return None if one[1] is GONE else repr(one[1])

    def kind(one: Placed) -> Hashable:
        return _kind(one[1], "product", "bundle", "section", "group", "choice")

    def item(one: Placed) -> Hashable:
        return _kind(one[1], "product", "bundle")

    return known_by(same, *((kind, item) if alike else ()), name=named)


def _kind(item: Tree, *fields: str) -> Hashable:
    if not isinstance(item, dict) or not _item(item):
        return None
    return tuple(repr(item.get(field)) for field in fields)
