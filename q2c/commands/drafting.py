"""Drafting: a quote as it was asked for, and the file that becomes of it."""

import re
import shlex
from collections.abc import Sequence
from decimal import Decimal

import typer
from msgspec import Struct

from q2c.commands.words import read_quantity
from q2c.core.catalog import Catalog
from q2c.core.fault import Fault, Misused
from q2c.core.party import Company
from q2c.core.period import Day, read_months
from q2c.core.quote import Draft, DraftLine, valid_until

MODELINE = "# yaml-language-server: $schema=../../.q2c/schema/quote.json\n"
_LINE = re.compile(r"([a-z0-9][a-z0-9_-]*)(?::([^:]+))?")


class AskedLine(Struct, frozen=True):
    """A line as it was asked for: the id of a product or bundle, and how many."""

    item: str
    quantity: Decimal = Decimal(1)

    def __str__(self) -> str:
        return self.item if self.quantity == 1 else f"{self.item}:{self.quantity:f}"


class Asked(Struct, frozen=True, kw_only=True):
    """A quote as it was asked for, by flags or by answers."""

    customer: str = ""
    lines: tuple[AskedLine, ...] = ()
    term: str = ""
    starts: Day | None = None
    until: Day | None = None
    currency: str = ""
    title: str = ""
    note: str = ""


def read_line(word: str) -> AskedLine:
    """Read a line such as `advisory` or `advisory:40`."""
    match = _LINE.fullmatch(word)
    if match is None:
        raise typer.BadParameter(f"'{word}' is not a line; write one such as advisory:40.")
    return AskedLine(match[1], read_quantity(match[2]) if match[2] else Decimal(1))


def draft_of(asked: Asked, company: Company, catalog: Catalog, day: Day) -> Draft:
    """Make the draft that was asked for; an id that is no product's may be a bundle's."""
    return Draft(
        customer=asked.customer,
        title=asked.title or None,
        date=day,
        valid_until=asked.until or valid_until(day, company.terms.quote_valid_days),
        starts=asked.starts,
        term=length(asked.term) if asked.term else None,
        currency=asked.currency or None,
        lines=tuple(_line(line, catalog) for line in asked.lines),
        note=asked.note,
    )


def _line(line: AskedLine, catalog: Catalog) -> DraftLine:
    if line.item in catalog.bundles and line.item not in catalog.products:
        return DraftLine(bundle=line.item, quantity=line.quantity)
    return DraftLine(product=line.item, quantity=line.quantity)


def length(term: str) -> str:
    """Write a length of time such as `12m` or `1 year` as people read it: `12 months`."""
    months = read_months(term)
    if months is None:
        remedy = "Write 12m, 12 months or 1 year."
        raise Misused(Fault("bad-term", f"'{term}' is not a length of time.", remedy=remedy))
    return f"{months} month{'' if months == 1 else 's'}"


def draft_file(draft: Draft) -> bytes:
    """Write a draft as a person would: what is not said is left out."""
    from q2c.store.edit import emit

    fields = {
        "customer": draft.customer,
        "title": draft.title,
        "date": draft.date,
        "valid_until": draft.valid_until,
        "starts": draft.starts,
        "term": draft.term,
        "currency": draft.currency,
        "lines": [_line_fields(line) for line in draft.lines],
        "note": draft.note,
    }
    return f"{MODELINE}{emit({key: value for key, value in fields.items() if value})}".encode()


def _line_fields(line: DraftLine) -> dict[str, object]:
    item: dict[str, object] = {"product": line.product, "bundle": line.bundle}
    if line.quantity != 1:
        item["quantity"] = line.quantity
    return {key: value for key, value in item.items() if value}


def same_words(asked: Asked) -> str:
    """Write the command that drafts the same quote without a question."""
    words: Sequence[tuple[str, str]] = (
        *(("--line", str(line)) for line in asked.lines),
        ("--term", re.sub(" months?", "m", asked.term)),
        ("--starts", str(asked.starts or "")),
        ("--valid-until", str(asked.until or "")),
        ("--currency", asked.currency),
        ("--title", asked.title),
        ("--note", asked.note),
    )
    flags = [word for flag, value in words if value for word in (flag, value)]
    return shlex.join(["q2c", "quote", "new", asked.customer, *flags, "--no-input"])
