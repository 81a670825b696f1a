"""A rule of an e-invoice: its name, what breaks it, and what to do about that."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from q2c.core.einvoice.group import Group
from q2c.core.einvoice.saying import groups, text
from q2c.core.fault import Fault

# What breaks a rule, for the gap in its sentence; one that has none gives an empty text.
Breaks: TypeAlias = Callable[[Group], Iterable[str]]
About: TypeAlias = Literal["company", "customer", "invoice"]


class Rule(Struct, frozen=True, kw_only=True):
    """What must hold of the terms, by its id in the rules of EN 16931, Peppol or a country.

    `about` says whose file can mend it, `field` where in that file.
    """

    id: str
    breaks: Breaks
    say: str
    remedy: str
    about: About = "invoice"
    field: str = ""

    def faults(self, terms: Group) -> Iterator[Fault]:
        """Say what of the terms breaks the rule."""
        customer = text(terms, "BT-46") or "…"
        for what in self.breaks(terms):
            message = f"{self.id}: {self.say.format(what=what)}"
            yield Fault(
                "einvoice-rule", message, remedy=self.remedy.format(customer=customer, what=what)
            )


# What to do about a rule that nothing in a file can mend.
ANEW = "This is a fault of q2c: tell its makers what the invoice says."


def lacks(*terms: str) -> Breaks:
    """Find whether none of the terms is there."""
    return lambda found: () if any(term in found for term in terms) else ("",)


def unless(holds: Callable[[Group], bool]) -> Breaks:
    """Find whether something does not hold."""
    return lambda found: () if holds(found) else ("",)


def where(applies: Callable[[Group], bool], breaks: Breaks) -> Breaks:
    """Ask only where a rule applies."""
    return lambda found: breaks(found) if applies(found) else ()


def each_line(broken: Callable[[Group, Group], bool]) -> Breaks:
    """Find the lines of which something is true, by their numbers."""
    return lambda found: [text(line, "BT-126") for line in lines(found) if broken(found, line)]


def each_account(broken: Callable[[str, str], bool]) -> Breaks:
    """Find the accounts of which something is true, told their bank and number."""

    def find(found: Group) -> Iterator[str]:
        for account in groups(found, "BG-17"):
            bank, number = text(account, "BT-86"), text(account, "BT-84")
            if broken(bank, number):
                yield number

    return find


def lines(terms: Group) -> tuple[Group, ...]:
    """Give the lines of an invoice."""
    return groups(terms, "BG-25")


def amount(terms: Group, term: str) -> Decimal:
    """Give a number; what is not there is nothing."""
    found = terms.get(term)
    return found if isinstance(found, Decimal) else Decimal(0)


def day(terms: Group, term: str) -> date | None:
    """Give a day, if it is there."""
    found = terms.get(term)
    return found if isinstance(found, date) else None


def added(found: Iterable[Group], term: str) -> Decimal:
    """Add a term of groups."""
    return sum((amount(one, term) for one in found), Decimal(0))


def taxed_as(*categories: str) -> Callable[[Group], bool]:
    """Ask whether VAT of one of these categories is in the breakdown."""
    return lambda found: any(text(row, "BT-118") in categories for row in groups(found, "BG-23"))
