"""Who works and on what: people with their roles by day, and projects with the lines they are."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from q2c.core.fault import Fault
from q2c.core.party import CurrencyCode, Id, Name
from q2c.core.period import Day
from q2c.core.trace import Sourced


class Role(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"first": "from"}):
    """What a person is from a day on."""

    first: Day
    role: Id


class Cost(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"first": "from"}):
    """What an hour of a person costs us from a day on; no customer sees it."""

    first: Day
    cost: dict[CurrencyCode, Decimal]


class Person(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Somebody who works: `also` are other names and addresses that programs write."""

    id: Id
    name: Name
    also: tuple[Name, ...] = ()
    roles: tuple[Role, ...] = ()
    costs: tuple[Cost, ...] = ()

    def role_on(self, day: date) -> str:
        """Say what the person is on a day, or nothing."""
        held = [one for one in self.roles if one.first <= day]
        return max(held, key=lambda one: one.first).role if held else ""

    def cost_on(self, day: date, currency: str) -> Decimal | None:
        """Say what an hour of the person costs us on a day, if that is known."""
        held = [one for one in self.costs if one.first <= day]
        return max(held, key=lambda one: one.first).cost.get(currency) if held else None


class Staff(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """The people: `staff.yaml`."""

    people: tuple[Person, ...] = ()

    @property
    def by_name(self) -> dict[str, Person]:
        """Every person by every name that programs write, letters in one case."""
        return {folded(name): one for one in self.people for name in (one.id, one.name, *one.also)}


class Project(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is worked on, as programs write it, and the order that it is worked for.

    All that it names must be so of a row. The hours go to `line`, or by the role of the person
    to one of `roles`; else to the only hourly line of the order.
    """

    client: Name | None = None
    project: Name | None = None
    task: Name | None = None
    order: Annotated[str, Meta(min_length=1, max_length=40)]
    line: Annotated[str, Meta(max_length=20)] = ""
    roles: dict[Id, Annotated[str, Meta(max_length=20)]] = {}

    @property
    def name(self) -> str:
        """What it is called where a row does not say so."""
        return self.project or self.task or self.client or ""

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """What it is known by: of what, and which."""
        known = (("client", self.client), ("project", self.project), ("task", self.task))
        return tuple((key, folded(name)) for key, name in known if name)


class Projects(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is worked on, for which order lines: `projects.yaml`."""

    projects: tuple[Project, ...] = ()

    def of(self, client: str, project: str, task: str, tags: Sequence[str]) -> list[Project]:
        """Give the projects that a row is of, those that say most about it."""
        said = {"client": folded(client), "project": folded(project), "task": folded(task)}
        free = {folded(tag) for tag in tags}
        fit = [
            one
            for one in self.projects
            if one.named and all(said[key] == name or name in free for key, name in one.named)
        ]
        most = max((len(one.named) for one in fit), default=0)
        return [one for one in fit if len(one.named) == most]


def folded(name: str) -> str:
    """Bring a name into one form: letters in one case, one space between words."""
    return " ".join(name.casefold().split())


def staff_faults(staff: Staff) -> Iterator[Fault]:
    """Say which people cannot be told apart, and which costs are none."""
    seen: dict[str, str] = {}
    for number, one in enumerate(staff.people):
        for name in dict.fromkeys(map(folded, (one.id, one.name, *one.also))):
            if seen.setdefault(name, one.id) != one.id or _twice(one.id, staff.people[:number]):
                message = f"'{name}' is {seen[name]} and {one.id}."
                remedy = "Keep it at one of them."
                yield staff.fault("double-person", message, f"people.{number}", remedy)
        for at, cost in enumerate(one.costs):
            if any(amount < 0 for amount in cost.cost.values()):
                path = f"people.{number}.costs.{at}.cost"
                message = "An hour does not cost less than nothing."
                yield staff.fault("bad-price", message, path, "Write what an hour costs us.")


def _twice(id_: str, before: Iterable[Person]) -> bool:
    return any(one.id == id_ for one in before)


def project_faults(projects: Projects) -> Iterator[Fault]:
    """Say which projects say nothing, or the same as another."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for number, one in enumerate(projects.projects):
        if not one.named:
            message = f"Nothing says which rows are for {one.order}."
            remedy = "Name the client, project or task as the program writes it."
            yield projects.fault("no-project", message, f"projects.{number}", remedy)
        elif one.named in seen:
            message = f"{', '.join(name for _, name in one.named)} is there twice."
            yield projects.fault("double-project", message, f"projects.{number}", "Keep one.")
        seen.add(one.named)
