"""Sending from its beginning to its end: every mail is written first, then they go one by one."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from q2c.commands.books import Books, read_books
from q2c.commands.call import call, on_stop
from q2c.commands.desk import desk, stamp, tree
from q2c.commands.output import check_fields, hint
from q2c.commands.progress import progress
from q2c.commands.prompt import confirm
from q2c.commands.sending.delivering import delivered
from q2c.commands.sending.finding import parcel_of
from q2c.commands.sending.mailing import mail_of
from q2c.commands.sending.posting import Letter, Pace, Result, post_all
from q2c.commands.sending.recording import Recorder, recorder
from q2c.commands.sending.setup import Setup, server_of, settings_of_mail, setup_of
from q2c.commands.sending.told import (
    COLUMNS,
    FAILED,
    Row,
    rows_after,
    rows_of,
    tell_mail,
    tell_rows,
)
from q2c.commands.sending.ways import Errand, errand, folder_of
from q2c.commands.telling import tell
from q2c.core.fault import Fault, Held, Misused, Place, Refused, Unreachable
from q2c.core.sending import MAILED, Channel, Kind
from q2c.store.ledger import ISSUED
from q2c.store.sent import sent_path
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.exchange.eml import Mail

NOT_CONFIRMED = 1


class Asked(Struct, frozen=True, kw_only=True):
    """What a command asks for; `kinds` are those that it takes, or all."""

    numbers: tuple[str, ...]
    plan: Path | None
    to: Channel | None
    out: Path | None
    again: bool
    kinds: tuple[Kind, ...] = ()


class Ready(Struct, frozen=True, kw_only=True):
    """An errand with its mail, if it goes in one, and the bytes of that."""

    errand: Errand
    mail: "Mail | None" = None
    data: bytes = b""


class Round(Struct, frozen=True, kw_only=True):
    """What is to go, what stays and how it stands, and what could not be made ready."""

    setup: Setup | None
    going: list[Ready]
    passed: list[Row]
    refused: list[Refused]


def carried(asked: Asked, *, dry_run: bool, commit: bool | None, message: str) -> int:
    """Send what is asked for, and say what came of it; gives the exit status."""
    check_fields(dict.fromkeys((*COLUMNS, "kind", "customer")))
    files = tree()
    books = read_books(files)
    now = _round(files, books, asked, settings_of_mail())
    if dry_run:
        ready = [row for one in now.going for row in rows_of(one.errand, again=asked.again)]
        tell_rows([*now.passed, *ready])
        for one in now.going if len(now.going) == 1 or call().verbose else ():
            if one.mail:
                tell_mail(one.mail)
        return _status(now, ())
    if not _agreed(now.going):
        return NOT_CONFIRMED
    with desk(commit=commit, message=message) as at:  # refuses whoever could not commit, in time
        commits = at.commits
    results, stop = _all_sent(now, asked, books)
    rows = rows_after(results)
    if rows or now.passed or not stop:
        tell_rows([*now.passed, *rows])
    if commits and results:
        hint(_committed(results, message))
    if stop:
        raise stop
    return _status(now, rows)


def _numbers(books: Books, asked: Asked) -> list[str]:
    """Name the documents that are asked for; those of a plan in the order of the ledger."""
    if asked.plan is None:
        return list(asked.numbers)
    from q2c.commands.invoices.issuing import unissued
    from q2c.commands.invoices.plan import load

    plan = load(asked.plan, None)
    if left := len(list(unissued(plan, books))):
        hint(f"{left} of this plan {'is' if left == 1 else 'are'} not issued yet.")
    issued = (one for one in books.records if one.plan == plan.id and one.kind in ISSUED)
    return [one.number for one in issued]


def _round(files: Tree, books: Books, asked: Asked, settings: Mapping[str, str]) -> Round:
    """Make every errand and write its mail. What cannot go is told, and lets the others go."""
    going: list[Ready] = []
    passed: list[Row] = []
    refused: list[Refused] = []
    setup = None
    for number in _numbers(books, asked):
        try:
            setup = setup or setup_of(books.company, settings)
            one = _errand(files, books, number, asked, setup)
            if one.left:
                going.append(_written(files, one, setup))
            else:
                passed += rows_of(one, again=False)
            if one.doubtful and not asked.again:
                refused.append(Held(_doubt(one)))
        except Refused as told:
            refused.append(told)
    if refused and not (going or passed):
        raise type(refused[0])(*(fault for one in refused for fault in one.faults))
    return Round(setup=setup, going=going, passed=passed, refused=refused)


def _errand(files: Tree, books: Books, number: str, asked: Asked, setup: Setup) -> Errand:
    parcel = parcel_of(files, books, number)
    if asked.kinds and parcel.kind not in asked.kinds:
        message = f"{number} is a {parcel.kind}, which this command does not send."
        raise Misused(Fault("usage", message, remedy=f"q2c send {number}"))
    hidden = [one.address for one in setup.hidden]
    return errand(files, parcel, asked.to, setup.settings, hidden=hidden, again=asked.again)


def _written(files: Tree, one: Errand, setup: Setup) -> Ready:
    """Write the mail of an errand that goes in one."""
    if one.channel not in MAILED:
        return Ready(errand=one)
    from q2c.exchange.eml import eml

    mail = mail_of(files, one, setup)
    return Ready(errand=one, mail=mail, data=eml(mail))


def _doubt(one: Errand) -> Fault:
    """Say that nobody knows whether a document went."""
    number, to = one.parcel.number, ", ".join(one.doubtful)
    message = f"Nobody knows whether {number} went to {to}: sending it was cut off."
    remedy = f"Ask there, or send it whether or not it went: q2c send {number} --again"
    return Fault("sending-unknown", message, Place(sent_path(one.parcel.path)), remedy)


def _agreed(going: Sequence[Ready]) -> bool:
    """Ask before mails go, which nobody brings back."""
    mails = [one.errand for one in going if one.errand.channel == "smtp"]
    if not mails:
        return True
    people = len({to for one in mails for to in one.left})
    what = mails[0].parcel.number if len(mails) == 1 else f"{len(mails)} documents"
    whom = ", ".join(mails[0].left) if people == 1 else f"{people} addresses"
    return confirm(f"Send {what} to {whom}?")


def _all_sent(now: Round, asked: Asked, books: Books) -> tuple[list[Result], Refused | None]:
    """Send everything; where something ends it for all, give what was done until then."""
    results: list[Result] = []
    done = _Done()
    try:
        with closing(_sent(now, asked, books)) as sending:
            for result in progress("Sending", sending, len(now.going)):
                results.append(result)
                done.tell(results)
    except Refused as refused:
        return results, refused
    return results, None


class _Done:
    """What Ctrl-C tells: how many went, and that the rest is recorded as it is."""

    def tell(self, results: Sequence[Result]) -> None:
        """Say it anew."""
        count = sum(result.kind == "sent" for result in results)
        on_stop(f"{count} sent; how each stands is recorded beside it.")


def _sent(now: Round, asked: Asked, books: Books) -> Generator[Result, None, None]:
    """Send file by file what waits in folders, then all mails over one connection."""
    root = call().root
    keep = recorder(stamp(root), books.company.time_zone)
    mails = [one for one in now.going if one.errand.channel == "smtp"]
    for one in now.going:
        if one.errand.channel != "smtp":
            folder = folder_of(one.errand.channel, asked.out, root)
            yield delivered(one.errand, folder, keep, one.data, _id(one))
    if mails and now.setup:
        letters = [Letter(errand=m.errand, data=m.data, message_id=_id(m)) for m in mails]
        yield from _mailed(letters, now.setup, keep)


def _id(one: Ready) -> str:
    return one.mail.message_id if one.mail else ""


def _mailed(letters: Sequence[Letter], setup: Setup, keep: Recorder) -> Iterator[Result]:
    from q2c.exchange.smtp import line_to

    pace = Pace(retries=setup.retries, rate=setup.rate, wait=_waited)
    with line_to(server_of(setup.settings)) as line:
        yield from post_all(line, setup.sender.address, letters, keep, pace)


def _waited(seconds: float) -> None:
    """Wait, and say so where it takes long."""
    from time import sleep

    if seconds >= 10:  # noqa: PLR2004 - less is not worth a word
        hint(f"Waiting {seconds:.0f} seconds before the server is asked again.")
    sleep(seconds)


def _committed(results: Sequence[Result], message: str) -> str:
    from q2c.store.commit import commit

    names = sorted({sent_path(result.errand.parcel.path) for result in results})
    numbers = sorted({result.errand.parcel.number for result in results})
    what = numbers[0] if len(numbers) == 1 else f"{len(numbers)} documents"
    return f"Recorded in commit {commit(call().root, names, message or f'Send {what}')[:12]}"


def _status(now: Round, rows: Sequence[Row]) -> int:
    """Tell what could not go, and give the exit status: that of the server counts most."""
    faults = [fault for one in now.refused for fault in one.faults]
    if faults:
        tell(faults)
    if any(row.state in FAILED for row in rows):
        return Unreachable.status
    return now.refused[0].status if now.refused else 0
