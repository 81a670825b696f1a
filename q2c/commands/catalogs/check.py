"""q2c catalog check: what is wrong and what is doubtful about prices."""

import sys
from typing import Annotated

import typer

from q2c.commands.call import At, DateOption, call, today
from q2c.commands.color import colored
from q2c.commands.desk import tree
from q2c.commands.output import hint, table
from q2c.commands.telling import fields, told
from q2c.core.fault import Fault, Invalid, Place
from q2c.core.period import Day
from q2c.core.review import Finding, Wares, catalog_findings
from q2c.store.master import catalog_files, inspected_book, read_company
from q2c.store.tree import Tree

Strict = Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")]
PRICED = ("prices/", "customers/")


def check_catalog(day: DateOption = None, *, strict: Strict = False, at: At = "") -> int:
    """Look for what is wrong or doubtful about prices.

    Beyond what q2c check tells: lists that overlap or end, tiers that nobody reaches, totals
    that fall, prices under cost. Warnings alone leave the exit status at 0.

    Example: q2c catalog check
    """
    files = tree(at)
    company = read_company(files)
    found = _findings(files, company.currency, today(company.time_zone, day))
    if call().mode == "text":
        _tell(found)
    else:
        rows = [{"severity": one.severity, **fields(one.fault)} for one in found]
        table(rows, ("severity", "code", "file", "line", "message"))
    errors = sum(one.severity == "error" for one in found)
    hint(_counted(errors, len(found) - errors))
    return Invalid.status if errors or (strict and found) else 0


def _findings(files: Tree, home: str, day: Day) -> list[Finding]:
    """Gather the faults of catalogue, lists and customers; without any, what is doubtful."""
    book, faults = inspected_book(files)
    names = catalog_files(files)
    wrong = [fault for fault in faults if _is_ours(fault, names)]
    if wrong:
        found = [Finding("error", fault) for fault in dict.fromkeys(wrong)]
    elif book is None:
        raise Invalid(*faults)
    else:
        catalog, lists, customers = book.catalog, book.lists, book.customers
        wares = Wares(catalog=catalog, lists=lists, customers=customers, home=home, day=day)
        found = list(catalog_findings(wares))
    return sorted(found, key=lambda one: (one.severity, one.fault.place or Place("")))


def _is_ours(fault: Fault, names: list[str]) -> bool:
    file = fault.place.file if fault.place else ""
    return file in names or file.startswith(PRICED)


def _tell(found: list[Finding]) -> None:
    base, color = call().root, colored(sys.stdout)
    for one in found:
        sys.stdout.write(told(one.fault, base, color=color, severity=one.severity) + "\n")


def _counted(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "No price is wrong or in doubt."
    many = [(errors, "error"), (warnings, "warning")]
    parts = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in many if n]
    return f"{' and '.join(parts)}."
