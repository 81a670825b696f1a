"""Changes: the difference of two views in terms of prices, whatever the order of the files."""

from collections.abc import Collection, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from msgspec import Struct

from q2c.core.money import EXACT, grouped
from q2c.core.review.view import NAMED, USUAL, Fact, View

How = Literal["added", "removed", "renamed", "changed"]
KINDS = ("product", "bundle", "list", "customer", "schedule", "promotion", "rule", "policy")
# Of these each price is told when the whole is new or gone; of the others one row says it all.
IN_FULL = frozenset({"list", "customer", "policy"})
HUNDREDTH = Decimal("0.01")
SHOWN = 4
OURS = frozenset({"cost", "floor"})  # what is not a price


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that is otherwise: what of which record, by how much in money and per cent."""

    kind: str
    id: str
    what: str = ""
    how: How
    before: Decimal | str | None = None
    after: Decimal | str | None = None
    currency: str = ""
    difference: Decimal | None = None
    percent: Decimal | None = None
    source: str = ""


def changes(before: View, after: View) -> list[Change]:
    """Say what is otherwise in the second view; nothing where both say the same."""
    old, new = _by_record(before), _by_record(after)
    _fill(old, new)
    _fill(new, old)
    renamed = _renamed(old, new)
    told: list[Change] = [
        Change(
            kind=kind, id=id_, how="renamed", before=was, after=id_, source=_source(new[kind, id_])
        )
        for (kind, id_), was in renamed.items()
    ]
    gone = {(kind, was) for (kind, _), was in renamed.items()}
    for record in dict.fromkeys((*new, *old)):
        if record not in renamed and record not in gone and record[0] != USUAL:
            told += _of_record(record, old.get(record), new.get(record))
    return sorted(told, key=lambda one: (KINDS.index(one.kind), one.id))


Record = tuple[str, str]
Facts = Mapping[str, Fact]


def _by_record(view: View) -> dict[Record, dict[str, Fact]]:
    found: dict[Record, dict[str, Fact]] = {}
    for (kind, id_, what), fact in view.items():
        found.setdefault((kind, id_), {})[what] = fact
    return found


def _fill(old: dict[Record, dict[str, Fact]], new: dict[Record, dict[str, Fact]]) -> None:
    """Where only the second view has a price in a list, give the first the one that held then."""
    usual = {id_: facts for (kind, id_), facts in old.items() if kind == USUAL}
    for (kind, id_), facts in new.items():
        if kind == "list" and usual and not id_.startswith(NAMED):
            held = old.setdefault((kind, id_), {})
            for what, fact in facts.items():
                if what not in held and what in usual.get(fact.currency, {}):
                    held[what] = usual[fact.currency][what]


def _renamed(old: Mapping[Record, Facts], new: Mapping[Record, Facts]) -> dict[Record, str]:
    """Find products and the like that have another id and are the same in everything else."""
    gone = {
        (kind, _content(facts)): id_
        for (kind, id_), facts in old.items()
        if (kind, id_) not in new and kind not in IN_FULL
    }
    found = {}
    for (kind, id_), facts in new.items():
        if (kind, id_) not in old and (was := gone.pop((kind, _content(facts)), None)):
            found[kind, id_] = was
    return found


def _content(facts: Facts) -> frozenset[tuple[str, Decimal | str]]:
    return frozenset((what, fact.value) for what, fact in facts.items())


def _source(facts: Facts) -> str:
    return next((fact.source for fact in facts.values() if fact.source), "")


def _of_record(record: Record, old: Facts | None, new: Facts | None) -> Iterator[Change]:
    kind, id_ = record
    if (old is None or new is None) and kind not in IN_FULL:
        facts = new or old or {}
        how: How = "removed" if new is None else "added"
        said = _summary(facts)
        yield Change(
            kind=kind,
            id=id_,
            how=how,
            before=said if new is None else None,
            after=said if old is None else None,
            source=_source(facts),
        )
        return
    old, new = old or {}, new or {}
    all_told = {**old, **new}
    wholes = {what for what, fact in all_told.items() if _is_whole(what, fact, old, new)}
    for what in all_told:
        one, other = old.get(what), new.get(what)
        if what in wholes:
            yield _whole(record, what, all_told, gone=other is None)
        elif not _inside(what, wholes) and (one and one.value) != (other and other.value):
            yield _changed(record, what, one, other)


def _is_whole(what: str, fact: Fact, old: Facts, new: Facts) -> bool:
    """Say whether something that has values of its own is in one of the two only."""
    return bool(what) and fact.value == "" and (what in old) != (what in new)


def _inside(what: str, wholes: Collection[str]) -> bool:
    words = what.split(" ")
    return any(" ".join(words[:count]) in wholes for count in range(1, len(words)))


def _whole(record: Record, what: str, facts: Facts, *, gone: bool) -> Change:
    """Say in one row that something with values of its own is new or gone, with its figures."""
    figures = [
        f"{inner.removeprefix(what).strip()} {grouped(fact.value)}"
        for inner, fact in facts.items()
        if inner.startswith(f"{what} ") and isinstance(fact.value, Decimal)
    ]
    said = ", ".join(figures)
    return Change(
        kind=record[0],
        id=record[1],
        what=what,
        how="removed" if gone else "added",
        before=said if gone else None,
        after=None if gone else said,
        source=facts[what].source,
    )


def _changed(record: Record, what: str, one: Fact | None, other: Fact | None) -> Change:
    fact = other or one
    assert fact, "a fact is in one of the views"
    before, after = (one.value if one else None), (other.value if other else None)
    difference = percent = None
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        difference = EXACT.subtract(after, before)
        if fact.currency and before:
            ratio = EXACT.divide(EXACT.multiply(difference, 100), before)
            percent = ratio.quantize(HUNDREDTH, ROUND_HALF_UP, EXACT)
    how: How = "changed" if one and other else "added" if other else "removed"
    return Change(
        kind=record[0],
        id=record[1],
        what=what,
        how=how,
        before=before,
        after=after,
        currency=fact.currency,
        difference=difference,
        percent=percent,
        source=fact.source,
    )


def _summary(facts: Facts) -> str:
    """Say in a few words what was added or removed: its name and its prices."""
    name = next((f.value for what, f in facts.items() if what.split(" ")[0] == "name"), "")
    prices = [
        f"{grouped(fact.value)} {fact.currency}"
        for what, fact in facts.items()
        if fact.currency and isinstance(fact.value, Decimal)
        if what.split(" ")[0] not in OURS
    ]
    more = " …" if len(prices) > SHOWN else ""
    parts = [str(name), ", ".join(prices[:SHOWN]) + more]
    return ": ".join(part for part in parts if part)
