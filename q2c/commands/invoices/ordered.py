"""The order of a run: numbers are given without a gap, whoever draws and whatever fails."""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import filterfalse, islice, takewhile

from q2c.commands.books import Books
from q2c.commands.invoices.drawing import (
    Job,
    Kind,
    Press,
    Printed,
    Result,
    printed,
    read_results,
    worked,
)
from q2c.commands.workers import may_copy, processors, spread
from q2c.store import series

SHEAF = 50  # jobs that a worker does before it hands over what it made
FEW = 100  # jobs that are done sooner than workers are made
Numbered = Sequence[tuple[Job, str]]


def crew(jobs: int, asked: int | None) -> int:
    """Say how many processes draw so many documents: as many as asked, or as the machine has."""
    if not may_copy():
        return 1
    return asked or (processors() if jobs >= FEW else 1)


def numbers(jobs: Sequence[Job], books: Books, year: int) -> dict[Kind, list[str]]:
    """Give the numbers that follow in each series, as many as there are jobs for it."""
    taken, named = books.ledger.by_number, books.company.series
    patterns: dict[Kind, str] = {"invoice": named.invoice, "credit-note": named.credit}
    count = Counter(job.kind for job in jobs)
    return {
        kind: list(islice(series.following(taken, pattern, year), count[kind]))
        for kind, pattern in patterns.items()
    }


def results(
    jobs: Sequence[Job], free: Mapping[Kind, Sequence[str]], press: Press, workers: int
) -> Generator[tuple[Job, Result], None, None]:
    """Do jobs in their order, each under the next number; one that fails leaves its to the next.

    Those that were drawn behind one that failed have got wrong numbers, and are drawn again.
    """
    left, used = list(jobs), Counter[Kind]()
    while left:
        again: list[Job] = []
        with closing(attempted(numbered(left, free, used), press, workers)) as attempts:
            for begun, made in attempts:
                done = list(zip(left[begun : begun + len(made)], made, strict=True))
                good = list(takewhile(_is_printed, done))
                used.update(job.kind for job, _ in good)
                yield from good
                if len(good) < len(done):
                    yield from filterfalse(_is_printed, done)
                    again = [job for job, _ in filter(_is_printed, done[len(good) :])]
                    again += left[begun + len(made) :]
                    break
        left = again


def _is_printed(pair: tuple[Job, Result]) -> bool:
    return isinstance(pair[1], Printed)


def numbered(
    jobs: Sequence[Job], free: Mapping[Kind, Sequence[str]], used: Mapping[Kind, int]
) -> Numbered:
    """Give each job the next number of its series, behind those that are used."""
    ahead = {kind: iter(islice(numbers, used[kind], None)) for kind, numbers in free.items()}
    return [(job, next(ahead[job.kind])) for job in jobs]


def attempted(
    jobs: Numbered, press: Press, workers: int
) -> Generator[tuple[int, Sequence[Result]], None, None]:
    """Do jobs, here or in workers; yield where some begin and what came of them."""
    if workers == 1:
        for place, (job, number) in enumerate(jobs):
            yield place, [printed(job, number, press)]
        return
    size = min(SHEAF, -(-len(jobs) // workers))
    sheaves = [jobs[start : start + size] for start in range(0, len(jobs), size)]
    made = spread(partial(worked, press=press), sheaves, workers)
    for place, data in enumerate(made):
        yield place * size, read_results(data)
