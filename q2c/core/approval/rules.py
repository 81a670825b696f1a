"""Approvals: who must agree before an offer goes out, as a company has it in `approvals.yaml`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from q2c.core.approval.conditions import LONGEST, Condition, comparisons, read_condition
from q2c.core.approval.watched import FIGURES, NUMBERS, WORDS
from q2c.core.fault import Fault, Refused, nearest
from q2c.core.party import Id, Name, Note
from q2c.core.trace import Sourced

FLOOR = "below-floor"  # the rule that there always is
Email = Annotated[
    str,
    Meta(
        pattern=r"^[^\s@,*?!\"'#]{1,64}@[^\s@,*?!\"'#]{1,180}$",
        extra_json_schema={
            "x-fault": "bad-email",
            "x-say": "A mail address is a name, @ and a domain",
            "x-remedy": "Write the one that git has: git config user.email",
        },
    ),
]
SshKey = Annotated[
    str,
    Meta(
        pattern=r"^(ssh|ecdsa|sk)-[a-z0-9@.-]{3,50} [A-Za-z0-9+/]{16,4000}=*( [^\n]{0,200})?$",
        extra_json_schema={
            "x-fault": "bad-ssh-key",
            "x-say": "A public key is one line: its kind, the key, and a comment",
            "x-remedy": "Copy the line of a .pub file: cat ~/.ssh/id_ed25519.pub",
        },
    ),
]
Count = Annotated[int, Meta(ge=1, le=50)]


class Approver(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A person who may approve: known by the mail address that git has.

    With an `ssh_key`, the public one, only what is signed with it counts.
    """

    id: Id
    name: Name
    email: Email
    ssh_key: SshKey = ""


class ApprovalRule(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """When an approval is needed, by whom, and what to say of it.

    `by` are groups and people; `need` says whether any, all or so many of them approve. It waits
    for the rules it comes `after`. `watch` are figures besides those of `when` that may not get
    worse. Unless `not_author` is false, nobody approves what they wrote.
    """

    id: Id
    when: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    by: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=50)]
    need: Literal["any", "all"] | Count = "any"
    after: tuple[Id, ...] = ()
    watch: tuple[Id, ...] = ()
    say: Note = ""
    not_author: bool | None = None


class Approvals(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Rules, groups and people: `approvals.yaml`.

    `clauses` are the usual ones, by id with their words: any other clause is a non-standard one.
    """

    people: tuple[Approver, ...] = ()
    groups: dict[Id, tuple[Id, ...]] = {}
    rules: tuple[ApprovalRule, ...] = ()
    clauses: dict[Id, Note] = {}

    def members(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give the people that groups and people come to, each once."""
        found = (id_ for name in names for id_ in self.groups.get(name, (name,)))
        return tuple(dict.fromkeys(found))

    def person(self, email: str) -> Approver | None:
        """Find who has a mail address."""
        wanted = email.casefold()
        return next((one for one in self.people if one.email.casefold() == wanted), None)


def condition_of(rule: ApprovalRule) -> Condition:
    """Read the condition of a rule; refuse one that cannot be read."""
    return read_condition(rule.when, NUMBERS, WORDS)


def watched_by(rule: ApprovalRule) -> dict[str, str]:
    """Name the figures that may not get worse once a rule is approved, with the sign asked by.

    One that is asked about in both directions, as what is too short or too long, may not change.
    """
    named: dict[str, str] = {}
    for one in comparisons(condition_of(rule)):
        before = named.setdefault(one.figure, one.sign)
        if before[0] != one.sign[0]:
            named[one.figure] = "="
    for name in rule.watch:
        named.setdefault(name, "=")
    for figure in [*named]:
        for name in FIGURES[figure].also:
            named.setdefault(name, "")
    return named


def approvals_faults(approvals: Approvals) -> Iterator[Fault]:
    """Say everything that does not fit together in the rules of approval."""
    yield from _double(approvals)
    people = {one.id: one for one in approvals.people}
    for group, members in approvals.groups.items():
        if group in people:
            message = f"'{group}' is a group and a person."
            yield approvals.fault("double-id", message, f"groups.{group}", "Rename the group.")
        if not members:
            message, remedy = f"Nobody is in the group '{group}'.", "Write ids of people in it."
            yield approvals.fault("empty-group", message, f"groups.{group}", remedy)
        yield from _unknown(approvals, f"groups.{group}", members, people, "person")
    for place, rule in enumerate(approvals.rules):
        yield from _rule(approvals, rule, f"rules.{place}")
    yield from _circles(approvals)


Ids: TypeAlias = Mapping[str, object] | Iterable[str]


def _double(approvals: Approvals) -> Iterator[Fault]:
    seen: set[str] = {FLOOR}
    for kind, values in (
        ("rules", [(n, "id", one.id) for n, one in enumerate(approvals.rules)]),
        ("people", [(n, "id", one.id) for n, one in enumerate(approvals.people)]),
        ("people", [(n, "email", one.email.casefold()) for n, one in enumerate(approvals.people)]),
    ):
        for place, key, value in values:
            if value in seen:
                reserved = value == FLOOR and kind == "rules"
                why = "is a rule that q2c brings" if reserved else "stands here twice"
                path = f"{kind}.{place}.{key}"
                yield approvals.fault("double-id", f"'{value}' {why}.", path, "Take another.")
            seen.add(value)
        seen = set()


def _unknown(
    approvals: Approvals, path: str, names: Iterable[str], known: Iterable[str], what: str
) -> Iterator[Fault]:
    there = list(known)
    for place, name in enumerate(names):
        if name not in there:
            message = f"There is no {what} '{name}'."
            code = "unknown-approver" if "person" in what else "unknown-rule"
            yield approvals.fault(code, message, f"{path}.{place}", nearest(name, there))


def _rule(approvals: Approvals, rule: ApprovalRule, path: str) -> Iterator[Fault]:
    people = [one.id for one in approvals.people]
    known = [*people, *approvals.groups]
    yield from _unknown(approvals, f"{path}.by", rule.by, known, "person or group")
    others = [one.id for one in approvals.rules if one.id != rule.id]
    yield from _unknown(approvals, f"{path}.after", rule.after, others, "other rule")
    members = len(approvals.members(rule.by))
    if isinstance(rule.need, int) and rule.need > members:
        message = f"'{rule.id}' needs {rule.need} of {members}."
        remedy = "Name more people in by, or ask for fewer."
        yield approvals.fault("too-few-approvers", message, f"{path}.need", remedy)
    for place, name in enumerate(rule.watch):
        if name not in NUMBERS:
            message = f"There is no figure '{name}'."
            at = f"{path}.watch.{place}"
            yield approvals.fault("bad-condition", message, at, nearest(name, NUMBERS))
    try:
        condition_of(rule)
    except Refused as refused:
        for fault in refused.faults:
            yield approvals.fault(fault.code, fault.message, f"{path}.when", fault.remedy)


def _circles(approvals: Approvals) -> Iterator[Fault]:
    """Tell of rules that wait for themselves."""
    after = {rule.id: rule.after for rule in approvals.rules}
    for place, rule in enumerate(approvals.rules):
        reached, ahead = set[str](), list(rule.after)
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += after.get(name, ())
        if rule.id in reached:
            message = f"'{rule.id}' comes after itself, so nobody could begin."
            at = f"rules.{place}.after"
            yield approvals.fault("approval-circle", message, at, "Take one of the rules away.")
