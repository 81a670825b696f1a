"""Issuing: what is left of a plan becomes documents, written group by group with their entries."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from msgspec import Struct

from q2c.commands.books import Books, Journal, added
from q2c.commands.call import on_stop
from q2c.commands.desk import Desk, Stamp, frozen_look, stamp
from q2c.commands.invoices.arriving import Arrivals
from q2c.commands.invoices.billing import refuse_changed, refuse_dated_back, refuse_moved
from q2c.commands.invoices.drawing import Drawn, Job, Press, Printed, Result, Row, Shelf
from q2c.commands.invoices.ordered import crew, numbers, results
from q2c.commands.progress import progress
from q2c.core.billing import Claim, Plan
from q2c.core.fault import Fault
from q2c.core.invoice import Invoice
from q2c.core.money import Money, total
from q2c.core.posting import balances_of
from q2c.store.invoices import credit_notes, read_invoice
from q2c.store.master import read_customers, read_exchange_rates
from q2c.store.orders import order_faults
from q2c.store.planfile import Claims, InMemory
from q2c.store.tree import Tree
from q2c.store.writing import Change

# Documents that are written at once. Each write waits three times for the disk, so a large
# run takes more of them together: it waits at most once for every hundred.
GROUP, LARGE_GROUP, LARGE = 100, 300, 1000


class Manner(Struct, frozen=True, kw_only=True):
    """How a run is done: by how many processes, whether it goes on behind what fails.

    `tell` hears of every group once it is written; `shelf` has what need not be drawn.
    """

    workers: int | None = None
    fail_fast: bool = False
    tell: Callable[[Sequence[Row]], object] = len  # which says nothing
    shelf: Shelf | None = None


class Failure(Struct, frozen=True):
    """What of a plan could not be issued, and why."""

    orders: tuple[str, ...]
    customer: str
    faults: tuple[Fault, ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a run: what was issued now, what stood already, what failed.

    `left` is what was not tried, since something before it failed.
    """

    issued: tuple[Row, ...] = ()
    already: int = 0
    failed: tuple[Failure, ...] = ()
    left: int = 0
    written: tuple[str, ...] = ()
    head: str = ""

    @property
    def status(self) -> int:
        """The exit status that tells of it."""
        return 1 if self.failed else 0


AS_USUAL = Manner()


def unissued(plan: Plan | Claims, books: Books) -> Iterator[Claim]:
    """Yield the claims of a plan that are not invoices yet."""
    claims = InMemory(plan) if isinstance(plan, Plan) else plan
    return (claims.claim(place) for place in _places(claims, books))


def _places(claims: Claims, books: Books) -> list[int]:
    """Give the places of the claims that are not invoices yet."""
    by_key, plan = books.ledger.by_key, claims.plan.id
    return [
        place
        for place, brief in enumerate(claims.briefs)
        if (record := by_key.get(brief.key)) is None or record.plan != plan
    ]


def unissued_notes(plan: Plan, books: Books) -> list[int]:
    """Give the places of the credit notes that are not issued yet."""
    by_key = books.ledger.by_key
    return [
        place
        for place, claim in enumerate(plan.credits)
        if (record := by_key.get(claim.parts[0].keys[0])) is None or record.plan != plan.id
    ]


def issue(
    work: Desk,
    books: Books,
    plan: Plan | Claims,
    inputs: Tree,
    file: str = "",
    manner: Manner = AS_USUAL,
) -> Outcome:
    """Issue what is left of a plan, group by group, each written whole with its entries.

    Refuses a plan that the ledger or the files have left behind; leaves out what cannot be
    issued, and says why. `file` is the plan's own, if it stands in the workspace; it is
    committed with what it led to.
    """
    claims = InMemory(plan) if isinstance(plan, Plan) else plan
    ready = prepared(work, books, claims, inputs, manner.shelf)
    already = len(claims.briefs) + len(claims.plan.credits) - ready.asked
    if ready.press is None:
        return Outcome(already=already, head=books.ledger.head)
    rows, told, failed = list[Row](), list[str](), [*ready.failed]
    journal = Journal(books, ready.press.mark)
    arrivals = Arrivals(claims.plan, work.tree, ready.press.mark)
    for group in _groups(ready.jobs, ready.press, manner, failed):
        entries = [one.entry for one in group]
        lines = journal.add(entries) | arrivals.lines(entries)
        told.append(_put(work, group, lines, ready.press, (file,) if file else ()))
        rows += [one.row for one in group]
        _promise(len(rows) + already, ready.asked - len(rows) - len(failed))
        manner.tell(rows[-len(group) :])
    return Outcome(
        issued=tuple(rows),
        already=already,
        failed=tuple(failed),
        left=ready.asked - len(rows) - len(failed),
        written=tuple(told),
        head=journal.head,
    )


class Ready(Struct, frozen=True, kw_only=True):
    """What is left of a plan, to be drawn in this order, and what of it cannot be issued.

    Where nothing is left there is no press.
    """

    jobs: tuple[Job, ...] = ()
    failed: tuple[Failure, ...] = ()
    press: Press | None = None

    @property
    def asked(self) -> int:
        """How many documents the plan still asks for."""
        return len(self.jobs) + len(self.failed)


def prepared(
    work: Desk, books: Books, claims: Claims, inputs: Tree, shelf: Shelf | None = None
) -> Ready:
    """Look through what is left of a plan; refuse one that ledger or files have left behind."""
    places, notes = _places(claims, books), unissued_notes(claims.plan, books)
    if not places and not notes:
        return Ready()
    refuse_moved(claims.plan, books)
    refuse_changed(claims.plan, inputs)
    for pattern, some in (
        (books.company.series.invoice, places),
        (books.company.series.credit, notes),
    ):
        if some:
            refuse_dated_back(books, pattern, claims.plan.issue_on)
    jobs, failed = _jobs(claims, places, inputs)
    # A credit note takes what is not earned of its line: what a new invoice adds to that is none
    # of its business, so the credit notes come first.
    return Ready(
        jobs=(*(Job("credit-note", place) for place in notes), *jobs),
        failed=tuple(failed),
        press=press(work, claims, books, inputs, shelf),
    )


def _jobs(claims: Claims, places: Sequence[int], inputs: Tree) -> tuple[list[Job], list[Failure]]:
    """Say what is to be drawn; what is of orders that nobody accepted as they are has failed."""
    orders = sorted({order for place in places for order in claims.briefs[place].orders})
    forged = order_faults(inputs, orders)
    jobs, failed = list[Job](), list[Failure]()
    for place in places:
        faults = [forged[order] for order in claims.briefs[place].orders if order in forged]
        if faults:
            failed.append(_failure(claims, place, faults))
        else:
            jobs.append(Job("invoice", place))
    return jobs, failed


def _failure(claims: Claims, place: int, faults: Sequence[Fault]) -> Failure:
    brief = claims.briefs[place]
    return Failure(brief.orders, brief.customer, tuple(faults))


def failure_of(claims: Claims, job: Job, faults: Sequence[Fault]) -> Failure:
    """Say whose document failed."""
    if job.kind == "invoice":
        return _failure(claims, job.place, faults)
    claim = claims.plan.credits[job.place]
    return Failure(claim.orders, claim.customer, tuple(faults))


def press(
    work: Desk, claims: Claims, books: Books, inputs: Tree, shelf: Shelf | None = None
) -> Press:
    """Gather what drawing needs: how documents look in each language, balances, rates."""
    notes = claims.plan.credits
    spoken = {brief.language for brief in claims.briefs} | {one.language for one in notes}
    return Press(
        claims=claims,
        books=books,
        balances=balances_of(books.records),
        looks={language: frozen_look(inputs, language) for language in sorted(spoken)},
        rates=read_exchange_rates(inputs),
        mark=stamp(work.root, work.tree.commit),
        enclosed=_enclosed(claims, inputs),
        shelf=shelf,
        originals={one.original: _original(work.tree, books, one.original) for one in notes},
        notes=unissued_notes(claims.plan, books),
    )


def _enclosed(claims: Claims, inputs: Tree) -> dict[str, bytes]:
    """Read the files that go into e-invoices, each once for all who get it."""
    customers = read_customers(inputs)
    asked = (customers[id_].invoicing for id_ in {brief.customer for brief in claims.briefs})
    names = {name for one in asked if one.einvoice != "none" for name in one.attachments}
    return {name: inputs.read(name) for name in sorted(names)}


def _original(files: Tree, books: Books, number: str) -> tuple[Invoice, ...]:
    """Read an invoice that is credited, and the credit notes that it has."""
    invoice = read_invoice(files, books.records, number)
    return (invoice, *credit_notes(files, books.records, number))


def _groups(
    jobs: Sequence[Job], ready: Press, manner: Manner, failed: list[Failure]
) -> Iterator[list[Printed]]:
    """Draw documents, and yield them in the groups that are written at once."""
    size = LARGE_GROUP if len(jobs) >= LARGE else GROUP
    free = numbers(jobs, ready.books, ready.claims.plan.issue_on.year)
    with closing(results(jobs, free, ready, crew(len(jobs), manner.workers))) as made:
        good = _good(progress("Issuing", made, len(jobs)), ready.claims, manner, failed)
        while group := list(islice(good, size)):
            yield group


def _good(
    made: Iterator[tuple[Job, Result]], claims: Claims, manner: Manner, failed: list[Failure]
) -> Iterator[Printed]:
    """Yield what can be written, and note what cannot; the first such ends it if asked."""
    for job, result in made:
        if isinstance(result, Printed):
            yield result
            continue
        failed.append(failure_of(claims, job, result.faults))
        if manner.fail_fast:
            return


def _put(
    work: Desk,
    group: Sequence[Printed],
    lines: dict[str, bytes],
    ready: Press,
    also: Sequence[str],
) -> str:
    """Write the documents of a run with the lines that follow, all or none; say what was done."""
    looks = {name: data for look in ready.looks.values() for name, data in look.created.items()}
    files = {name: data for one in group for name, data in one.files.items()}
    files |= {name: looks[name] for one in group for name in one.looks}
    numbers = [one.row.number for one in group]
    return _write(work, Change(created=files, appended=lines), numbers, also)


def write(
    work: Desk, books: Books, group: Sequence[Drawn], mark: Stamp, also: Sequence[str] = ()
) -> tuple[Books, str]:
    """Write documents with their entries, all or none; give the books after, and what was done."""
    after, lines = added(books, [document.entry for document in group], mark)
    files = {path: data for document in group for path, data in document.files.items()}
    numbers = [document.invoice.number for document in group]
    return after, _write(work, Change(created=files, appended=lines), numbers, also)


def _write(work: Desk, change: Change, numbers: Sequence[str], also: Sequence[str]) -> str:
    first, last = numbers[0], numbers[-1]
    subject = f"Issue {first}" if first == last else f"Issue {first} to {last}"
    with unbroken():
        return work.write(change, subject, also)


@contextmanager
def unbroken() -> Iterator[None]:
    """Let Ctrl-C wait until what is begun is written."""
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt


def _promise(issued: int, left: int) -> None:
    on_stop(f"{issued} issued, {left} to go. Run the same command to go on.")


def sums(amounts: Sequence[Money]) -> str:
    """Add up amounts in each of their currencies: `1 250.00 SEK + 100.00 EUR`."""
    currencies = dict.fromkeys(amount.currency for amount in amounts)
    parts = (total((a for a in amounts if a.currency == c), c) for c in currencies)
    return " + ".join(str(part) for part in parts) or "0.00"


def inside(root: Path, file: Path) -> str:
    """Name a file as the workspace does, or nothing where it lies outside."""
    whole = file.absolute()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else ""
