"""Answering: what a person may say to the rules that ask for an approval, and in which order."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from q2c.core.approval.judging import Judged, Need, Verdict, facts_of, judged
from q2c.core.approval.rules import Approver
from q2c.core.fault import Fault, Held, Stale, Unknown, nearest
from q2c.store.approvals import FILE
from q2c.store.clearing import Case, email_of, whom


class Answer(Struct, frozen=True):
    """What a person says: yes or no, to which rules, and why."""

    granted: bool
    rules: tuple[str, ...]
    reason: str


def approver_of(case: Case, identity: str) -> Approver:
    """Give the person at work, as git knows them; refuse one who is not listed."""
    person = case.rules.approvals.person(email_of(identity))
    if person is None:
        message = f"{identity or 'The person at work'} is not one of the people in {FILE}."
        remedy = "Approve as yourself: git config user.email, and the same address in the file."
        raise Held(Fault("not-an-approver", message, remedy=remedy))
    return person


def answered(case: Case, who: Approver, answer: Answer) -> tuple[tuple[Judged, ...], list[Need]]:
    """Let a person answer all rules that wait for them, one after another; say how it stands then.

    Refuses where there is nothing that they could answer, and says why of each rule.
    """
    _refuse_unknown(case, answer.rules)
    needed = [one.need for one in case.judged]
    facts, verdicts, found = facts_of(case.quote), list(case.verdicts), case.judged
    said: list[Need] = []
    while ready := [one for one in found if one.need not in said and _open(one, who, answer)]:
        need = ready[0].need
        said.append(need)
        verdicts.append(
            Verdict(
                rule=need.rule,
                person=who.id,
                granted=answer.granted,
                figures=need.figures,
                facts=facts,
            )
        )
        found = judged(needed, verdicts, facts)
    if not said:
        _refuse_idle(case, who, answer)
    return found, said


def _refuse_unknown(case: Case, rules: Iterable[str]) -> None:
    known = [one.need.rule for one in case.judged]
    for rule in rules:
        if rule not in known:
            message = f"{case.quote.number} needs no approval by a rule '{rule}'."
            remedy = nearest(rule, known) or "It needs none."
            raise Unknown(Fault("unknown-rule", message, remedy=remedy))


def _open(one: Judged, who: Approver, answer: Answer) -> bool:
    """Say whether a person may answer a rule now, and has not said so already."""
    if answer.rules and one.need.rule not in answer.rules:
        return False
    if not answer.granted:
        return who.id in one.need.by and not (one.state == "rejected" and who.id in one.by)
    given = one.state != "rejected" and (one.state == "granted" or who.id in one.by)
    return who.id in one.need.by and not one.late and not given


def _refuse_idle(case: Case, who: Approver, answer: Answer) -> None:
    """Say of each rule why this person cannot answer it."""
    asked = [one for one in case.judged if not answer.rules or one.need.rule in answer.rules]
    faults = [*_barred(case, who, asked)]
    if faults:
        raise Held(*faults)
    what = "has what it needs from" if asked else "needs no approval of"
    message = f"{case.quote.number} {what} {who.name}."
    remedy = f"See how it stands: q2c quote approvals {case.quote.number}"
    raise Stale(Fault("nothing-to-approve", message, remedy=remedy))


def _barred(case: Case, who: Approver, asked: Iterable[Judged]) -> Iterator[Fault]:
    for one in asked:
        need = one.need
        if who.id in need.authors:
            message = f"{who.name} wrote this draft, so somebody else approves it ({need.rule})."
            yield Fault("own-draft", message, remedy=f"Ask {whom(case, need)}.")
        elif who.id not in need.by:
            message = f"Rule {need.rule} does not ask {who.name}."
            yield Fault("not-asked", message, remedy=f"Ask {whom(case, need)}.")
        elif one.late and one.state != "rejected":
            message = f"Rule {need.rule} comes after {', '.join(one.late)}."
            remedy = "Wait until that is approved."
            yield Fault("approval-order", message, remedy=remedy)
