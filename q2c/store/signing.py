"""Contracts on their way to be signed: what happened to each, in a chain beside it."""

from collections.abc import Iterable, Iterator, Sequence

from q2c.core.contract import Contract
from q2c.core.signature import SigningEvent, state
from q2c.core.trace import Paper
from q2c.store import chain
from q2c.store.orders import numbers
from q2c.store.quotes import read_events
from q2c.store.tree import Tree

SIGNED = "signed.pdf"


class SignatureEvent(
    SigningEvent, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """An event in the chain of its contract."""

    seq: int
    prev: str
    hash: str


def contract_file(number: str, name: str) -> str:
    """Name a file of a contract."""
    return f"contracts/{number}/{name}"


def read_signing(tree: Tree, number: str) -> tuple[SignatureEvent, ...]:
    """Read what happened to a contract, in order."""
    name = contract_file(number, "events.jsonl")
    if not tree.exists(name):
        return ()
    return tuple(chain.replay(tree.read(name), SignatureEvent, name, code="events-broken"))


def signing_line(events: Sequence[SignatureEvent], event: SigningEvent) -> bytes:
    """Make the line that adds an event to those before."""
    prev = events[-1].hash if events else chain.NO_HASH
    return chain.sealed(event, SignatureEvent, len(events), prev)[1]


def signing_papers(events: Iterable[SigningEvent]) -> Iterator[Paper]:
    """Name the files that events rest on, as they are now: a later signature adds to its file."""
    found = {path: digest for event in events for path, digest in event.files}
    yield from (Paper(path, digest) for path, digest in found.items())


def contract_papers(tree: Tree, contract: Contract) -> Iterator[Paper]:
    """Name the files that the acceptance of its quote made a contract of."""
    home = contract_file(contract.number, "")
    for event in read_events(tree, contract.source.partition("/")[0]):
        if event.contract == contract.number:
            papers = (Paper(path, digest) for path, digest in event.files)
            yield from (one for one in papers if one.path.startswith(home))


def unsigned(tree: Tree, contracts: Iterable[str]) -> set[str]:
    """Say which contracts are not signed by both parties; one that is not there is not, either."""
    known = set(numbers(tree, "contracts"))
    return {
        number
        for number in contracts
        if number not in known or not _signed(read_signing(tree, number))
    }


def _signed(events: Sequence[SignatureEvent]) -> bool:
    return bool(events) and state(events, events[-1].date) == "signed"
