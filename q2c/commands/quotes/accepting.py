"""q2c quote accept: what a customer takes of an offer becomes the contract and the order."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk, read_look, stamp
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.quotes.quoting import as_row, course_of, kept
from q2c.commands.quotes.recording import event_of, resting_on
from q2c.commands.words import (
    Ids,
    Pick,
    picked,
    read_ids,
    read_name,
    read_pick,
    read_version_word,
)
from q2c.core import contract as contracts
from q2c.core import order as orders
from q2c.core.contract import Contract
from q2c.core.fault import Fault, Held, Invalid, Unknown
from q2c.core.money import Money, grouped
from q2c.core.order import Order
from q2c.core.party import Company
from q2c.core.period import Day
from q2c.core.quote import (
    Event,
    Priced,
    choose,
    chosen_in,
    history_of,
    looks_back,
    refuse_nothing,
    refuse_used_up,
)
from q2c.core.quote.moves import acceptable
from q2c.store.clearing import refuse_unapproved
from q2c.store.master import customer_ids, read_catalog, read_company, read_customer
from q2c.store.orders import contract_path, numbers, order_path, read_past
from q2c.store.papers import frozen, refuse_changed
from q2c.store.plaintext import plain
from q2c.store.quotes import Folder, event_line, path_of, read_quote, sent_papers
from q2c.store.series import following as next_numbers
from q2c.store.tree import Tree
from q2c.store.writing import Change

LARGEST = 50_000_000
Version = Annotated[
    str,
    typer.Argument(metavar="QUOTE", help="A quote, or a version of it: Q-2026-0001/v2."),
]
ByOption = Annotated[
    str, typer.Option("--by", parser=read_name, metavar="NAME", help="The customer's person.")
]


ChooseOption = Annotated[
    list[Pick] | None,
    typer.Option(
        "--choose", parser=read_pick, metavar="GROUP=CHOICE", help="Which alternative is taken."
    ),
]


PoOption = Annotated[
    str, typer.Option("--po", metavar="NUMBER", help="The customer's order number.")
]
WithOption = Annotated[
    Ids | None,
    typer.Option("--with", parser=read_ids, metavar="LINES", help="Optional lines taken: 4,5."),
]
OnlyOption = Annotated[
    Ids | None,
    typer.Option("--only", parser=read_ids, metavar="LINES", help="In part: these lines."),
]
EvidenceOption = Annotated[
    Path | None,
    typer.Option("--evidence", metavar="FILE", help="What shows it: a mail, a signed PDF."),
]


class Taking(Struct, frozen=True):
    """What a customer takes: choices by group, optional lines, or only these lines."""

    choices: dict[str, str] = {}
    optional: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class Agreed(Struct, frozen=True):
    """What an acceptance makes: the contract and the order, as values and as files."""

    contract: Contract
    order: Order
    files: dict[str, bytes]


def accept_quote(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Version,
    by: ByOption,
    *,
    po: PoOption = "",
    choose_: ChooseOption = None,
    with_: WithOption = None,
    only: OnlyOption = None,
    evidence: EvidenceOption = None,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Record that a quote was accepted; this makes the contract and the order.

    What was agreed is the version that was sent last, whatever was edited since. Of alternatives
    the one that is shown counts, unless --choose says another.

    Example: q2c quote accept Q-2026-0001 --by "Sara Niia"
    """
    taking = Taking(picked(choose_ or []), (with_ or Ids()).ids, (only or Ids()).ids)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        company = read_company(at.tree)
        on = today(company.time_zone, day)
        folder, sent = _acceptable(at.tree, number, on)
        sold = choose(sent, taking.choices, taking.optional, taking.only)
        refuse_nothing(sold, sent)
        refuse_unapproved(at.tree, folder, sold, chosen=True)
        _refuse_without_po(at.tree, sent, po)
        _refuse_used_up(at.tree, sold)
        shown = _evidence(sent.number, evidence)
        event = resting_on(event_of("accepted", sent.version, on, stamp(at.root)), shown)
        event = _said(event, sold, taking, by=by, po=po)
        agreed = _agreed(at.tree, company, sold, event)
        files = {**shown, **agreed.files}
        event = replace(
            resting_on(event, files), contract=agreed.contract.number, order=agreed.order.number
        )
        lines = {path_of(sent.number, "events.jsonl"): event_line(folder.events, event)}
        difference = sold.net - sent.net
        row = {**as_row(sold, (*folder.events, event), on), "difference": difference}
        check_fields(row)
        change = Change(created=files, appended=lines)
        told = at.write(change, f"Accept {sent.number}", kept(at.tree, folder))
    say(row, "\n".join([_told(sold, agreed), *_chosen_told(sent, sold, taking), told]))
    if taking.only and not dry_run:
        hint(f"What was not taken may be offered again: q2c quote duplicate {sent.number}")
    if not dry_run:
        following(f"q2c order show {agreed.order.number}")


def _acceptable(files: Tree, word: str, on: Day) -> tuple[Folder, Priced]:
    """Give a quote, and the version of it that can be accepted on a day.

    The word may name a version, as `Q-2026-0001/v2`. What is accepted is what was sent, to the
    byte.
    """
    number, version = read_version_word(word)
    folder = read_quote(files, number)
    acceptable(course_of(folder), on, version)
    assert folder.sent, "what can be accepted was sent"
    refuse_changed(files, sent_papers(folder))
    return folder, folder.sent


def _refuse_used_up(files: Tree, sold: Priced) -> None:
    """Refuse promotions that others, or other orders, have used up since they were offered."""
    if not sold.promotions:
        return
    catalog = read_catalog(files)
    if looks_back(catalog.promotions):
        refuse_used_up(sold.promotions, catalog, history_of(read_past(files), sold.buyer.id))


def _said(event: Event, sold: Priced, taking: Taking, *, by: str, po: str) -> Event:
    """Write into an event who accepted what, with the choice of every group."""
    choices = chosen_in(sold)
    return replace(event, by=by, po=po, choices=choices, taken=taking.optional, only=taking.only)


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


def _told(sold: Priced, agreed: Agreed) -> str:
    term = f" ({agreed.contract.term})" if agreed.contract.term else ""
    made = f"Contract {agreed.contract.number}{term}, order {agreed.order.number}."
    return f"Accepted {sold.number} version {sold.version}.  {made}"


def _chosen_told(sent: Priced, sold: Priced, taking: Taking) -> Iterator[str]:
    """Say what the customer chose, and what that makes of the sum that was shown."""
    if not (chosen_in(sent) or taking.optional or taking.only):
        return
    parts = [f"{group}: {choice}" for group, choice in chosen_in(sold).items()]
    if taking.optional:
        parts.append(f"with {', '.join(taking.optional)}")
    if taking.only:
        parts.append(f"only {', '.join(taking.only)}")
    change = signed(sold.net - sent.net)
    yield f"  {'; '.join(parts)}   net {grouped(sold.net.amount)} {sold.currency} ({change})"


def signed(difference: Money) -> str:
    """Write a difference with its sign: `+1 000.00`, `−500.00`."""
    sign = "+" if difference.minor > 0 else "−" if difference.minor else "±"
    return f"{sign}{grouped(abs(difference.amount))}"
