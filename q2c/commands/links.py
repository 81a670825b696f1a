"""Links: the stages that an amount came through, one leading back to the next."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.desk import commits_of, stamped
from q2c.commands.moved import moved_on
from q2c.commands.steps import steps_told
from q2c.commands.visible import WIDE, wrapped
from q2c.core.money import Money
from q2c.core.trace import Step
from q2c.store.tree import Tree

COLUMNS = ("ref", "what", "stage", "rule", "before", "after", "source", "commit")


class Link(Struct, frozen=True, kw_only=True):
    """A stage of an amount: what it is called there, how much, where it stands, by which steps.

    `moved` are the places of its steps that read otherwise by now.
    """

    ref: str
    what: str
    text: str
    amount: Money | None = None
    path: str = ""
    commit: str = ""
    steps: tuple[Step, ...] = ()
    moved: tuple[str, ...] = ()


def with_commits(files: Tree, links: Sequence[Link]) -> list[Link]:
    """Write in which commit each file and each step stands, and what has moved on since."""
    moved = moved_on(files, (step for link in links for step in link.steps))
    bare = {step.source for link in links for step in link.steps if not step.commit} - {""}
    own = {f"{link.path}:" for link in links if link.path and not link.commit}
    commits = commits_of(files, [*sorted(bare), *sorted(own)])
    return [
        replace(
            link,
            commit=link.commit or commits.get(f"{link.path}:", ""),
            steps=stamped(link.steps, commits),
            moved=_places(
                step.source for step in link.steps if (step.source, step.commit) in moved
            ),
        )
        for link in links
    ]


def _places(sources: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sources))


def told(link: Link) -> Iterator[str]:
    """Write a link out: what it is, where it stands, its steps."""
    amount = f"   {link.amount}" if link.amount else ""
    first, *rest = wrapped(f"{link.ref}  {link.what}: {link.text}{amount}", WIDE, 4)
    yield first
    yield from (f"    {line}" for line in rest)
    if link.path:
        commit = f" @ {link.commit[:12]}" if link.commit else ""
        yield f"    {link.path}{commit}"
    yield from steps_told(link.steps, "    ", link.moved)


def rows(link: Link) -> Iterator[dict[str, object]]:
    """Give a link and each of its steps by name."""
    first = Step(link.text, link.path, Decimal(0), Decimal(0), link.commit)
    yield _row(link, first) | {"before": None, "after": link.amount.amount if link.amount else None}
    for step in link.steps:
        yield _row(link, step)


def _row(link: Link, step: Step) -> dict[str, object]:
    return {
        "ref": link.ref,
        "what": link.what,
        "stage": step.stage,
        "rule": step.rule,
        "before": step.before,
        "after": step.after,
        "source": step.source,
        "commit": step.commit[:12],
        "moved": step.source in link.moved,
    }
