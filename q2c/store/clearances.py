"""Clearances: which versions went out without an approval, and which approvals are none."""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from q2c.core.approval.content import content_hash
from q2c.core.approval.judging import needs
from q2c.core.approval.watched import Context
from q2c.core.fault import Fault, Invalid, Place, Refused
from q2c.core.quote import Event, Priced
from q2c.store.approvals import Rules, judged_alike, read_approvals, rules_at, rules_in_force
from q2c.store.clearing import case_of, lacking_fault, unheard
from q2c.store.quotes import (
    Folder,
    QuoteEvent,
    path_of,
    quote_numbers,
    read_events,
    read_version,
    versions,
)
from q2c.store.tree import CommitTree, Tree

FLOORED = b'"floor":'  # stands in a version of which something has a floor price
RESTORE = "Bring it back from git, where it stands as q2c wrote it."


def refuse_uncleared(tree: Tree, base: str = "") -> None:
    """Refuse a workspace in which versions lack approvals, or approvals are none.

    What a revision `base` has not yet is held against its rules.
    """
    if faults := [*clearance_faults(tree, base)]:
        raise Invalid(*faults)


def clearance_faults(tree: Tree, base: str = "") -> Iterator[Fault]:
    """Say which versions lack an approval that they needed, and which approvals do not count.

    Each is held against the rules of the commit that it was recorded on, where that is here,
    else against those of the files. Quotes that cannot be read are told of where they are read.
    """
    read_approvals(tree)
    before = _Before(tree, base) if base else None
    folders = [*_folders(tree)]
    commits = {event.commit for folder in folders for event in folder.events}
    known = rules_at(tree, sorted(commits))
    for folder in folders:
        sent = {event.version for event in folder.events if event.kind == "sent"}
        for version in versions(tree, folder.number):
            if version not in sent:
                yield _unrecorded(folder.number, version)
        for version in sorted(sent):
            rules = before.over(known, folder, version) if before else known
            yield from _version_faults(tree, folder, version, rules)
        yield from _answer_faults(tree, folder, known)


class _Before:
    """The files and the rules of a revision that a change is to be merged into."""

    def __init__(self, tree: Tree, base: str) -> None:
        self._tree, self._files = tree, CommitTree(tree.root, base)
        self._rules = rules_at(tree, [self._files.commit]).get(self._files.commit)

    def over(self, known: Mapping[str, Rules], folder: Folder, version: int) -> Mapping[str, Rules]:
        """Give the rules of commits; those of the revision for a version that it has not yet."""
        sent = sending(folder, version)
        if self._rules is None or sent.seq < self._shared(folder.number):
            return known
        return {**known, sent.commit: self._rules}

    def _shared(self, number: str) -> int:
        """Count the events of a quote that stand in the revision as they do here.

        A version whose sending was written anew is a new one, whatever it says of itself.
        """
        name = path_of(number, "events.jsonl")
        if not self._files.exists(name):
            return 0
        lines = (files.read(name).splitlines() for files in (self._tree, self._files))
        same = takewhile(lambda pair: pair[0] == pair[1], zip(*lines, strict=False))
        return sum(1 for _ in same)


def _folders(tree: Tree) -> Iterator[Folder]:
    """Read what happened to each quote; not its draft, nor its versions."""
    for number in quote_numbers(tree):
        try:
            events = read_events(tree, number)
        except Refused:
            continue
        yield Folder(number=number, draft=None, sent=None, events=events)


def _unrecorded(number: str, version: int) -> Fault:
    name = path_of(number, f"v{version}.json")
    message = f"{name} was never sent: no event of the quote speaks of it."
    return Fault("version-unrecorded", message, Place(name), "Take it away; q2c writes versions.")


def _version_faults(
    tree: Tree, folder: Folder, version: int, known: Mapping[str, Rules]
) -> Iterator[Fault]:
    """Say which approvals a version lacks, by the rules of its day."""
    name = path_of(folder.number, f"v{version}.json")
    if not tree.exists(name):
        return
    sent = sending(folder, version)
    rules = known.get(sent.commit) or rules_in_force(tree)
    if not rules.approvals.rules and FLOORED not in tree.read(name):
        return
    try:
        case = case_of(tree, folder, read_version(tree, folder.number, version), known=known)
    except Refused:  # a version that cannot be read is told of elsewhere
        return
    for one in case.lacking:
        fault = lacking_fault(case, one, code="approval-missing")
        yield Fault(fault.code, fault.message, Place(name), fault.remedy)


def _answer_faults(tree: Tree, folder: Folder, known: Mapping[str, Rules]) -> Iterator[Fault]:
    """Say which approvals are of nobody who may give one, not signed, or not of what they say."""
    name = path_of(folder.number, "events.jsonl")
    contents = _contents(tree, folder)
    for line, event in enumerate(folder.events, start=1):
        if event.kind not in ("approved", "rejected"):
            continue
        rules = known.get(event.commit) or rules_in_force(tree)
        people = {one.id: one for one in rules.approvals.people}
        why = unheard(tree, folder.number, event, people.get(event.by))
        why = why or _misfit(tree, folder, event, contents, rules)
        if why:
            message = f"The answer of {event.by} to rule {event.rule} does not count: {why}."
            yield Fault("approval-broken", message, Place(name, line), RESTORE)


def sending(folder: Folder, version: int) -> QuoteEvent:
    """Give the event by which a version was sent."""
    return next(e for e in folder.events if e.kind == "sent" and e.version == version)


def _contents(tree: Tree, folder: Folder) -> dict[str, Priced]:
    """Give the versions of a quote with answers, by the SHA-256 of their content."""
    if not any(event.kind in ("approved", "rejected") for event in folder.events):
        return {}
    found = {}
    sent = {event.version for event in folder.events if event.kind == "sent"}
    for version in sorted(sent.intersection(versions(tree, folder.number))):
        try:
            quote = read_version(tree, folder.number, version)
        except Refused:
            continue
        found[content_hash(quote)] = quote
    return found


def _misfit(
    tree: Tree, folder: Folder, event: Event, contents: Mapping[str, Priced], rules: Rules
) -> str:
    """Say how the figures of an approval are not those of the content that it names."""
    quote = contents.get(event.content)
    if quote is None:
        of = {one.version for one in contents.values()}
        return "it is of other content than its version" if event.version in of else ""
    context = Context(clauses=rules.approvals.clauses)
    found = needs(quote, rules.approvals, context)
    figures = next((need.figures for need in found if need.rule == event.rule), {})
    odd = [name for name, value in figures.items() if event.figures.get(name) != value]
    if not odd or _repriced(tree, folder, event, quote):
        return ""
    return f"{odd[0]} is not the figure of what it names"


def _repriced(tree: Tree, folder: Folder, event: Event, quote: Priced) -> bool:
    """Say whether prices, floors or costs were changed after an approval and before the sending.

    The same offer has other figures then, and the version was judged by those.
    """
    commits = (event.commit, sending(folder, quote.version).commit)
    return commits[0] != commits[1] and not judged_alike(tree, *commits, quote.buyer.id)
