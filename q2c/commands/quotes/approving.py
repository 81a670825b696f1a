"""q2c quote approve and approvals: who must agree before an offer goes out, and who has."""

from collections.abc import Sequence
from typing import Annotated

import typer
from msgspec.structs import replace

from q2c.commands.call import At, Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Desk, desk, stamp, tree
from q2c.commands.output import check_fields, following, hint, say, table, warn
from q2c.commands.quotes.answering import Answer, answered, approver_of
from q2c.commands.quotes.quote import Number
from q2c.commands.quotes.quoting import course_of, drafted
from q2c.commands.quotes.recording import event_of, resting_on
from q2c.core.approval.content import content_hash
from q2c.core.approval.judging import Judged, Need, approval_of, facts_of
from q2c.core.approval.rules import Approver
from q2c.core.approval.statement import statement_of
from q2c.core.fault import Fault, Held, Misused, Stale
from q2c.core.period import Day
from q2c.core.quote import Event, Happened, Priced
from q2c.core.quote.moves import refuse_before, refuse_final
from q2c.store import git
from q2c.store.approvals import FILE, refuse_unsettled
from q2c.store.clearing import Case, case_of, event_lines, whom
from q2c.store.quotes import Folder, path_of, read_quote
from q2c.store.shop import Shop, quoted, read_shop
from q2c.store.signatures import fits, signed
from q2c.store.tree import Tree
from q2c.store.writing import Change

SentOption = Annotated[
    bool, typer.Option("--sent", help="The version that was sent last, not the draft.")
]


def approve_quote(  # noqa: PLR0913 - a flag for each thing that is recorded
    number: Number,
    *,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", metavar="RULE", help="Only by this rule.")
    ] = None,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="A word to it.")] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Refuse it; --reason says why.")] = False,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why it is refused.")
    ] = "",
    sent: SentOption = False,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Approve a quote or refuse it, as the person whom git knows.

    What is approved is what it offers now: once the terms get worse, the approval counts no longer.

    Example: q2c quote approve Q-2026-0002
    """
    if reject != bool(reason):
        told = "A refusal has a reason, and only a refusal."
        raise Misused(Fault("usage", told, remedy="Write --reject --reason TEXT."))
    answer = Answer(not reject, tuple(rule or ()), reason or comment)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        shop = read_shop(at.tree)
        on = today(shop.company.time_zone, day)
        folder = read_quote(at.tree, number)
        case = _case(shop, folder, on, sent=sent)
        who = approver_of(case, git.identity(at.root))
        found, said = answered(case, who, answer)
        events, files = _recorded(at, case, who, answer, on, said)
        row = _row(case, who, answer, said, found)
        check_fields(row)
        lines = {path_of(number, "events.jsonl"): event_lines(folder.events, events)}
        subject = f"{'Approve' if answer.granted else 'Refuse'} {number}"
        told = at.write(Change(created=files, appended=lines), subject)
    say(row, f"{_told(case, who, answer, said)}\n{told}")
    _go_on(number, found, answer, dry_run=dry_run)


def _case(shop: Shop, folder: Folder, on: Day, *, sent: bool) -> Case:
    """Judge what is to be approved: the draft as it is, or the version that was sent last."""
    course = course_of(folder)
    refuse_final(course)
    refuse_before(course, on)
    case = case_of(shop.files, folder, _quote(shop, folder, sent=sent))
    if not sent:
        refuse_unsettled(shop.files, case.quote.buyer.id)
    return case


def _quote(shop: Shop, folder: Folder, *, sent: bool) -> Priced:
    if not sent:
        return quoted(shop, folder.number, drafted(folder))
    if folder.sent is None:
        message = f"{folder.number} is a draft; no version of it was sent."
        raise Stale(Fault("not-sent", message, remedy="Leave --sent away."))
    return folder.sent


def _recorded(
    at: Desk, case: Case, who: Approver, answer: Answer, on: Day, said: Sequence[Need]
) -> tuple[list[Event], dict[str, bytes]]:
    """Make the events of an answer, and the signatures that they rest on."""
    events, files = list[Event](), dict[str, bytes]()
    mark, content = stamp(at.root), content_hash(case.quote)
    for need in said:
        kind: Happened = "approved" if answer.granted else "rejected"
        event = replace(
            event_of(kind, case.quote.version if case.sent else 0, on, mark),
            by=who.id,
            rule=need.rule,
            content=content,
            figures=need.figures,
            facts=facts_of(case.quote),
            reason=answer.reason,
        )
        if answer.granted and who.ssh_key and at.writer:
            path = _free(at.tree, case.quote.number, f"{content[:12]}-{need.rule}-{who.id}")
            files[path] = _signature(at, case.quote.number, event, who)
            event = replace(resting_on(event, {path: files[path]}), signature=path)
        events.append(event)
    return events, files


def _signature(at: Desk, number: str, event: Event, who: Approver) -> bytes:
    statement = statement_of(number, event)
    made = signed(at.root, statement)
    if not fits(statement, made, who.email, who.ssh_key):
        message = f"git signs with a key that is not the one of {who.name} in {FILE}."
        remedy = "Name that key: git config user.signingkey ~/.ssh/id_ed25519.pub"
        raise Held(Fault("other-key", message, remedy=remedy))
    return made


def _free(files: Tree, number: str, stem: str) -> str:
    """Name a signature's file: who approves again what they refused has a second one."""
    names = (f"{stem}{end}.sig" for end in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(
        path for name in names if not files.exists(path := path_of(number, f"approvals/{name}"))
    )


def _row(
    case: Case, who: Approver, answer: Answer, said: Sequence[Need], found: Sequence[Judged]
) -> dict[str, object]:
    return {
        "number": case.quote.number,
        "by": who.id,
        "granted": answer.granted,
        "rules": [need.rule for need in said],
        "content": content_hash(case.quote),
        "approval": approval_of(found),
        "lacking": [one.need.rule for one in found if one.state != "granted"],
    }


def _told(case: Case, who: Approver, answer: Answer, said: Sequence[Need]) -> str:
    word = "Approved" if answer.granted else "Refused"
    rules = ", ".join(need.rule for need in said)
    return f"{word} {case.quote.number} as {who.name}: {rules}"


def _go_on(number: str, found: Sequence[Judged], answer: Answer, *, dry_run: bool) -> None:
    if dry_run:
        return
    lacking = [one.need.rule for one in found if one.state != "granted"]
    if lacking and answer.granted:
        hint(f"Still needed: {', '.join(lacking)}.")
    following(f"q2c quote {'approvals' if lacking else 'send'} {number}")


def list_approvals(number: Number, *, sent: SentOption = False, at: At = "") -> None:
    """Show which approvals a quote needs, from whom, and how each stands.

    Example: q2c quote approvals Q-2026-0002
    """
    shop = read_shop(tree(at))
    folder = read_quote(shop.files, number)
    case = case_of(shop.files, folder, _quote(shop, folder, sent=sent))
    for event, why in case.odd:
        warn(f"The answer of {event.by} to {event.rule} on {event.date} does not count: {why}.")
    columns = ("rule", "state", "whom", "by", "why")
    table([_need_row(case, one) for one in case.judged], columns)


def _need_row(case: Case, one: Judged) -> dict[str, object]:
    return {
        "rule": one.need.rule,
        "state": one.state,
        "whom": whom(case, one.need),
        "by": ", ".join(case.named(one.by)),
        "why": one.why,
        "asks": one.need.say or one.need.when,
        "figures": one.need.figures,
    }
