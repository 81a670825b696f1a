"""q2c quote accept and decline: what became of an offer."""

import shlex
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Stamp, desk, read_look, stamp
from q2c.commands.output import check_fields, following, say
from q2c.commands.plain import fields_of
from q2c.commands.quote import Number
from q2c.commands.quoting import as_row, kept, refuse_closed, refuse_earlier
from q2c.commands.words import read_name
from q2c.core import contract as contracts
from q2c.core import order as orders
from q2c.core.contract import Contract
from q2c.core.fault import Fault, Held, Invalid, Stale, Unknown
from q2c.core.order import Order
from q2c.core.party import Company
from q2c.core.period import Day
from q2c.core.quote import Event, Happened, Priced
from q2c.store.master import customer_ids, read_company, read_customer
from q2c.store.opportunities import opportunity_of
from q2c.store.orders import contract_path, numbers, order_path
from q2c.store.papers import frozen, paper
from q2c.store.plaintext import plain
from q2c.store.quotes import Folder, event_line, path_of, read_quote
from q2c.store.series import following as next_numbers
from q2c.store.tree import Tree
from q2c.store.writing import Change

LARGEST = 50_000_000
ByOption = Annotated[
    str, typer.Option("--by", parser=read_name, metavar="NAME", help="The customer's person.")
]


class Agreed(Struct, frozen=True):
    """What an acceptance makes: the contract and the order, as values and as files."""

    contract: Contract
    order: Order
    files: dict[str, bytes]


def accept_quote(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    by: ByOption,
    *,
    po: Annotated[
        str, typer.Option("--po", metavar="NUMBER", help="The customer's order number.")
    ] = "",
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="FILE", help="What shows it: a mail, a signed PDF."),
    ] = None,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that a quote was accepted; this makes the contract and the order.

    What was agreed is the version that was sent last, whatever was edited since.

    Example: q2c quote accept Q-2026-0001 --by "Sara Niia"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        company = read_company(at.tree)
        on = today(company.time_zone, day)
        folder = read_quote(at.tree, number)
        sent = _acceptable(folder, on)
        _refuse_without_po(at.tree, sent, po)
        shown = _evidence(number, evidence)
        event = _event("accepted", sent.version, on, stamp(at.root), files=shown, by=by, po=po)
        agreed = _agreed(at.tree, company, sent, event)
        files = {**shown, **agreed.files}
        event = replace(
            event, contract=agreed.contract.number, order=agreed.order.number, files=_papers(files)
        )
        lines = {path_of(number, "events.jsonl"): event_line(folder.events, event)}
        row = as_row(sent, (*folder.events, event), on)
        check_fields(row)
        change = Change(created=files, appended=lines)
        told = at.write(change, f"Accept {number}", kept(at.tree, folder))
    say(row, f"{_told(sent, agreed)}\n{told}")
    if not dry_run:
        following(f"q2c order show {agreed.order.number}")


def _acceptable(folder: Folder, on: Day) -> Priced:
    """Give the version that can be accepted on a day."""
    refuse_closed(folder)
    refuse_earlier(folder, on)
    if folder.sent is None:
        message = f"{folder.number} is a draft; what was not sent cannot be accepted."
        remedy = f"Send it first: q2c quote send {folder.number}"
        raise Stale(Fault("not-sent", message, remedy=remedy))
    if on > folder.sent.valid_until:
        message = f"{folder.number} was valid until {folder.sent.valid_until}."
        remedy = "Put valid_until in quote.yaml on a later day and send it again."
        raise Stale(Fault("quote-expired", message, remedy=remedy))
    return folder.sent


def _refuse_without_po(files: Tree, sent: Priced, po: str) -> None:
    """Ask for the order number now: an order without it could never be invoiced."""
    id_ = sent.buyer.id
    if not po and id_ in customer_ids(files) and read_customer(files, id_).require_po:
        message = f"{id_} requires a purchase order number, and none is given."
        raise Held(Fault("po-needed", message, remedy="Give it with --po."))


def _evidence(number: str, file: Path | None) -> dict[str, bytes]:
    """Read what shows the acceptance, under the name it is kept by."""
    if file is None:
        return {}
    ending = file.suffix.lower()
    kept = ending if ending[1:].isalnum() and ending.isascii() else ".bin"
    try:
        if file.stat().st_size > LARGEST:
            message = f"{file} has more than {LARGEST:,} bytes."
            remedy = "Keep it elsewhere, and give a smaller copy as evidence."
            raise Invalid(Fault("file-too-large", message, remedy=remedy))
        return {path_of(number, f"evidence-1{kept}"): file.read_bytes()}
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise Unknown(Fault("no-evidence", message, remedy="Look at the path.")) from None


def _event(  # noqa: PLR0913 - the fields of an event
    kind: Happened,
    version: int,
    on: Day,
    mark: Stamp,
    *,
    files: dict[str, bytes],
    by: str = "",
    po: str = "",
    reason: str = "",
) -> Event:
    return Event(
        kind=kind,
        date=on,
        version=version,
        by=by,
        po=po,
        reason=reason,
        files=_papers(files),
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )


def _papers(files: dict[str, bytes]) -> tuple[tuple[str, str], ...]:
    papers = (paper(path, data) for path, data in files.items())
    return tuple((one.path, one.sha256) for one in papers)


def _agreed(files: Tree, company: Company, sent: Priced, event: Event) -> Agreed:
    """Make the contract with its words and its PDF, and the order."""
    from q2c.documents.contract import contract_pdf

    series, year = company.series, event.date.year
    contract_number = next(next_numbers(numbers(files, "contracts"), series.contract, year))
    order_number = next(next_numbers(numbers(files, "orders"), series.order, year))
    contract = _worded(files, contracts.from_quote(sent, event, contract_number, order_number))
    order = orders.from_quote(sent, event, order_number, contract_number)
    name = contract_path(contract_number)
    made = {
        f"{name}.json": frozen(contract),
        f"{name}.pdf": contract_pdf(contract, read_look(files, contract.look)),
        order_path(order_number): frozen(order),
    }
    return Agreed(contract, order, made)


def _worded(files: Tree, contract: Contract) -> Contract:
    """Write the clauses: from the workspace's template, else from the one that q2c brings."""
    from q2c.documents.words import clauses, template

    name = f"templates/contracts/{contract.language}.md"
    data = files.read(name) if files.exists(name) else template(contract.language)
    return replace(
        contract,
        words=clauses(plain(data, name), contract, name),
        template=name,
        template_sha256=sha256(data).hexdigest(),
    )


def _told(sent: Priced, agreed: Agreed) -> str:
    term = f" ({agreed.contract.term})" if agreed.contract.term else ""
    made = f"Contract {agreed.contract.number}{term}, order {agreed.order.number}."
    return f"Accepted {sent.number} version {sent.version}.  {made}"


def decline_quote(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    reason: Annotated[str, typer.Option("--reason", parser=read_name, metavar="TEXT", help="Why.")],
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="The customer's person.")] = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that a quote was declined, and why.

    Example: q2c quote decline Q-2026-0008 --reason "Chose a date in spring"
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        on = today(read_company(at.tree).time_zone, day)
        folder = read_quote(at.tree, number)
        refuse_closed(folder)
        refuse_earlier(folder, on)
        version = folder.sent.version if folder.sent else 0
        event = _event("declined", version, on, stamp(at.root), files={}, by=by, reason=reason)
        lines = {path_of(number, "events.jsonl"): event_line(folder.events, event)}
        row = {"number": number, **fields_of(event)}
        check_fields(row)
        told = at.write(Change(appended=lines), f"Decline {number}", kept(at.tree, folder))
    say(row, f"Declined {number}: {reason}\n{told}")
    opportunity = opportunity_of(at.tree, number)
    if opportunity and not dry_run:
        following(f"q2c opportunity lost {opportunity} --reason … --note {shlex.quote(reason)}")
