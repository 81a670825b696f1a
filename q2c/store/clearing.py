"""Clearing: a quote before its judges, and the refusal of one that lacks an approval."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from q2c.core.approval.judging import (
    FLOOR_SAID,
    Judged,
    Need,
    Verdict,
    approval_of,
    facts_of,
    judged,
    needs,
    without_authors,
)
from q2c.core.approval.rules import Approvals, Approver, watched_by
from q2c.core.approval.statement import statement_of
from q2c.core.approval.watched import CREDIT, Context, Credit
from q2c.core.fault import Fault, Held
from q2c.core.quote import Approval, Event, Priced
from q2c.core.quote.clearance import Clearance, Grant
from q2c.store import chain, git
from q2c.store.approvals import FILE, Rules, head_of, refuse_unsettled, rules_at, rules_in_force
from q2c.store.quotes import Folder, QuoteEvent, path_of
from q2c.store.signatures import fits
from q2c.store.tree import Tree

Odd = tuple[Event, str]


class Case(Struct, frozen=True, kw_only=True):
    """A quote before its judges: the rules, how each approval stands, and what does not count."""

    quote: Priced
    sent: bool
    rules: Rules
    credit: Credit | None = None
    judged: tuple[Judged, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    odd: tuple[Odd, ...] = ()

    @property
    def lacking(self) -> tuple[Judged, ...]:
        """The approvals that are needed and not given."""
        return tuple(one for one in self.judged if one.state != "granted")

    @property
    def clearance(self) -> Clearance | None:
        """What a version keeps of this, once nothing is lacking."""
        if not self.judged and not self.rules.sha256:
            return None
        granted = tuple(Grant(one.need.rule, one.by) for one in self.judged)
        return Clearance(rules=self.rules.sha256, credit=_frozen(self.credit), granted=granted)

    def named(self, ids: tuple[str, ...]) -> list[str]:
        """Give the names of people."""
        names = {one.id: one.name for one in self.rules.approvals.people}
        return [names.get(id_, id_) for id_ in ids]


def refuse_unapproved(
    files: Tree, folder: Folder, quote: Priced, *, chosen: bool = False
) -> Clearance | None:
    """Refuse a quote that lacks an approval; give what a version keeps of those it has."""
    case = case_of(files, folder, quote, chosen=chosen)
    if not case.sent:
        refuse_unsettled(files, quote.buyer.id)
    if case.lacking:
        raise Held(*(lacking_fault(case, one, code="approval-needed") for one in case.lacking))
    return case.clearance


def case_of(
    files: Tree,
    folder: Folder,
    quote: Priced,
    *,
    chosen: bool = False,
    known: Mapping[str, Rules] | None = None,
    now: Rules | None = None,
) -> Case:
    """Judge a quote: a draft by the rules that hold, a version by those it was sent under.

    `chosen` says that the customer has chosen, so that it is looked at as it stands; `known` are
    the rules of commits, `now` those that hold, where they were read already.
    """
    sent = _sent(folder, quote.version)
    rules = _rules_then(files, sent, known) if sent else now or rules_in_force(files)
    credit = _credit(files, quote, rules.approvals)
    context = Context(credit=credit, clauses=rules.approvals.clauses)
    needed = needs(quote, rules.approvals, context, chosen=chosen)
    if not needed or _not_again(files, quote, sent, rules):
        return Case(quote=quote, sent=sent is not None, rules=rules, credit=credit)
    wrote = _authors(files, folder.number, rules.approvals, sent.commit if sent else "")
    needed = tuple(without_authors(need, wrote) for need in needed)
    verdicts, odd = heard(files, folder, rules.approvals)
    found = judged(needed, verdicts, facts_of(quote))
    return Case(
        quote=quote,
        sent=sent is not None,
        rules=rules,
        credit=credit,
        judged=found,
        verdicts=verdicts,
        odd=odd,
    )


def approval_state(files: Tree, folder: Folder, quote: Priced, now: Rules) -> Approval:
    """Say how the approvals of a draft stand: none needed, waiting, or all granted."""
    return approval_of(case_of(files, folder, quote, now=now).judged)


def event_lines(earlier: Sequence[QuoteEvent], new: Sequence[Event]) -> bytes:
    """Make the lines that add events to those before."""
    prev = earlier[-1].hash if earlier else chain.NO_HASH
    lines = []
    for seq, event in enumerate(new, start=len(earlier)):
        record, line = chain.sealed(event, QuoteEvent, seq, prev)
        prev = record.hash
        lines.append(line)
    return b"".join(lines)


def _sent(folder: Folder, version: int) -> Event | None:
    """Give the sending of a version; there is none of a draft, nor of what is being sent."""
    events = (e for e in folder.events if e.kind == "sent" and e.version == version)
    return next(events, None) if version else None


def _rules_then(files: Tree, sent: Event, known: Mapping[str, Rules] | None) -> Rules:
    """Give the rules that a version was sent under: those of its commit, else those of the files.

    Outside of git only the rules of today are there.
    """
    then = rules_at(files, [sent.commit]) if known is None else known
    return then[sent.commit] if sent.commit in then else rules_in_force(files)


def _not_again(files: Tree, quote: Priced, sent: Event | None, rules: Rules) -> bool:
    """Say whether a version is not judged again: outside of git, once the rules are others."""
    kept = quote.clearance.rules if quote.clearance else ""
    return sent is not None and kept != rules.sha256 and not head_of(files.root)


def _credit(files: Tree, quote: Priced, approvals: Approvals) -> Credit | None:
    """Find what the customer owes, where a rule asks for it; a version keeps what it was."""
    if quote.clearance and quote.clearance.credit:
        kept = quote.clearance.credit
        return Credit(owed=kept["owed"], limit=kept.get("limit"), rate=kept["rate"])
    if not CREDIT.intersection(name for rule in approvals.rules for name in watched_by(rule)):
        return None
    from q2c.store.credit import credit_of  # with the ledger, and what follows from it

    return credit_of(files, quote)


def _frozen(credit: Credit | None) -> dict[str, Decimal]:
    if credit is None:
        return {}
    limit = {} if credit.limit is None else {"limit": credit.limit}
    return {"owed": credit.owed, "rate": credit.rate, **limit}


def _authors(files: Tree, number: str, approvals: Approvals, commit: str) -> frozenset[str]:
    """Name the people who wrote a draft: by git up to a commit, and whoever changed it since.

    What is not committed was changed by the person at work.
    """
    root, name = files.root, path_of(number, "quote.yaml")
    at = head_of(root) and (commit or files.commit or head_of(root))
    emails = git.authors(root, name, at) if at in git.as_of(root, name, [at]) else frozenset[str]()
    if at and not (commit or files.commit or git.committed(root, [name])[name]):
        emails |= {email_of(git.identity(root))}
    return frozenset(one.id for email in emails if (one := approvals.person(email)))


def email_of(identity: str) -> str:
    """Give the mail address of `Name <address>`."""
    return identity.rpartition("<")[2].rstrip(">")


def heard(
    files: Tree, folder: Folder, approvals: Approvals
) -> tuple[tuple[Verdict, ...], tuple[Odd, ...]]:
    """Give what was said to the rules, in its order, and what does not count with the reason."""
    people = {one.id: one for one in approvals.people}
    verdicts, odd = list[Verdict](), list[Odd]()
    for event in folder.events:
        if event.kind not in ("approved", "rejected"):
            continue
        why = unheard(files, folder.number, event, people.get(event.by))
        if why:
            odd.append((event, why))
        else:
            verdicts.append(_verdict(event))
    return tuple(verdicts), tuple(odd)


def _verdict(event: Event) -> Verdict:
    return Verdict(
        rule=event.rule,
        person=event.by,
        granted=event.kind == "approved",
        figures=event.figures,
        facts=event.facts,
        reason=event.reason,
    )


def unheard(files: Tree, number: str, event: Event, person: Approver | None) -> str:
    """Say why what a person said does not count; nothing if it does."""
    if person is None:
        return f"{event.by} is not one of the people in {FILE}"
    if event.kind == "rejected" or not person.ssh_key:
        return ""
    if not event.signature or not files.exists(event.signature):
        return f"{person.name} has not signed it"
    said, signature = statement_of(number, event), files.read(event.signature)
    if not fits(said, signature, person.email, person.ssh_key):
        return f"its signature is not {person.name}'s, or is of something else"
    return ""


def lacking_fault(case: Case, one: Judged, *, code: str) -> Fault:
    """Say of an approval that is lacking why it is, who may give it, and how."""
    need, name = one.need, case.quote.ref if case.sent else case.quote.number
    asked = f"{need.rule}: {need.say or need.when}"
    if not need.by and not need.authors:
        message = f"{name} is {FLOOR_SAID}, and nobody is listed who could approve that."
        remedy = f"Raise the price, or list people in {FILE}."
    elif one.state == "rejected":
        message = f"{' and '.join(case.named(one.by))} refused {name} by rule {asked}."
        remedy = "Better the terms, and ask again."
    elif one.state == "void":
        message = f"An approval of {name} by rule {need.rule} no longer counts: {one.why}."
        remedy = _asked(case, need)
    else:
        message = f"{name} needs an approval by rule {asked}{_also(case, one)}."
        remedy = _asked(case, need)
    return Fault(code, message, remedy=remedy)


def _also(case: Case, one: Judged) -> str:
    """Say what an approval waits for, and of one that was given why it does not count."""
    said = [why for event, why in case.odd if event.rule == one.need.rule]
    return "".join(f"; {why}" for why in (one.why, *said[-1:]) if why)


def _asked(case: Case, need: Need) -> str:
    sent = " --sent" if case.sent else ""
    return f"{whom(case, need)}: q2c quote approve {case.quote.number} --rule {need.rule}{sent}"


def whom(case: Case, need: Need) -> str:
    """Name the people who may approve, and how many of them must."""
    names = case.named(need.by)
    if not names:
        return "Somebody who did not write it"
    if need.least == 1:
        return " or ".join(names)
    if need.least == len(names):
        return " and ".join(names)
    return f"{need.least} of {', '.join(names)}"
