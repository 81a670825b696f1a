"""q2c customer import: customers and contacts from lists of other programs."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from q2c.commands.call import Commit, DryRun, Message, call
from q2c.commands.customers.customer import customer_file, customer_path
from q2c.commands.customers.likeness import warn_of_likeness
from q2c.commands.desk import desk
from q2c.commands.output import following, hint, table
from q2c.commands.received import MapOption, columns_stated, received
from q2c.core.book import Book, customer_faults
from q2c.core.fault import Fault, Invalid, Place, Refused
from q2c.core.party import Customer
from q2c.store.master import read_book
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.exchange.contacts import Outcome
    from q2c.exchange.sheet import Row

LIST = ("id", "name", "state", "contacts", "differences")
SHORT = LIST[:-1]  # on a terminal differences have lines of their own


def import_customers(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list: CSV, XLSX or vCard (.vcf).")
    ],
    *,
    columns: MapOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Write the files of new customers from a list, with their contacts.

    The columns of HubSpot, Salesforce and Pipedrive are known, and our own field names. Who
    is there already, by number, id or name, is not changed: new contacts are added, and what
    differs is told.

    Example: q2c customer import customers.csv
    """
    stated = columns_stated(columns or (), 'name="Company name"')
    data = received(file)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        from q2c.exchange.contacts import outcomes
        from q2c.store.writing import Change

        rows = _rows(data, os.path.relpath(file.absolute(), at.root), stated)
        book = read_book(at.tree)
        found, faults = outcomes(rows, book.customers)
        created, fresh = _created(found, book, faults)
        replaced = _replaced(found, at.tree)
        told = "Nothing was written."
        if created or replaced:
            change = Change(created=created, replaced=replaced)
            told = at.write(change, f"Import customers from {file.name}")
    warn_of_likeness(fresh, book.customers.values())
    table(list(map(_row, found)), SHORT if call().mode == "text" else LIST)
    for one in found:
        for difference in one.differences:
            hint(f"{one.id} differs in {one.place.file}:{one.place.line}: {difference}")
    hint(_summary(len(rows), found))
    hint(told)
    if not dry_run and (created or replaced):
        following("q2c check")


def _rows(data: bytes, name: str, stated: Mapping[str, str]) -> Sequence["Row"]:
    """Read the rows of a list by our fields, and say what of it is not read."""
    from q2c.exchange.layouts import laid
    from q2c.exchange.sheet import read_sheet
    from q2c.exchange.vcard import read_cards

    if data.lstrip()[:11].upper() == b"BEGIN:VCARD" or name.lower().endswith(".vcf"):
        return read_cards(data, name)
    layout, rows, unread = laid(read_sheet(data, name), stated)
    hint(f"Read with the columns of {layout}.")
    if unread:
        hint(f"Columns not read: {', '.join(unread)}.")
    return rows


def _created(
    found: Sequence["Outcome"], book: Book, faults: list[Fault]
) -> tuple[dict[str, bytes], list[Customer]]:
    """Make the files of new customers, each read as it will be; refuse with all faults."""
    files: dict[str, bytes] = {}
    fresh: list[Customer] = []
    for one in found:
        if one.state == "new":
            data = customer_file(one.record)
            try:
                fresh.append(_checked(data, one, book))
            except Refused as refused:
                faults += (Fault(f.code, f.message, one.place, f.remedy) for f in refused.faults)
            files[customer_path(one.id)] = data
    if faults:
        raise Invalid(*sorted(faults, key=lambda fault: fault.place or Place("")))
    return files, fresh


def _checked(data: bytes, one: "Outcome", book: Book) -> Customer:
    from q2c.store.identifiers import customer_number_faults
    from q2c.store.records import read_record

    customer = read_record(data, customer_path(one.id), Customer, customer_number_faults)
    faults = list(customer_faults(customer, book))
    if faults:
        raise Invalid(*faults)
    return customer


def _replaced(found: Sequence["Outcome"], files: Tree) -> dict[str, bytes]:
    """Add contacts to the files of customers that are there, and change nothing else in them."""
    changed: dict[str, bytes] = {}
    for one in found:
        if one.state != "new" and one.people:
            name = customer_path(one.id)
            changed[name] = _with_people(one, name, changed.get(name) or files.read(name))
    return changed


def _with_people(one: "Outcome", name: str, data: bytes) -> bytes:
    from q2c.exchange.contacts import contact_fields
    from q2c.store.dialect import parse
    from q2c.store.edit import appended, inserted
    from q2c.store.records import read_record

    people = [contact_fields(person) for person in one.people]
    if "contacts" not in parse(data, name).value:
        data = inserted(data, ("contacts",), people, name)
    else:
        for person in people:
            data = appended(data, ("contacts",), person, name)
    try:
        read_record(data, name, Customer)
    except Refused as refused:
        raise Invalid(
            *(Fault(f.code, f.message, one.place, f.remedy) for f in refused.faults)
        ) from None
    return data


def _row(one: "Outcome") -> dict[str, object]:
    return {
        "line": one.place.line,
        "id": one.id,
        "name": one.name,
        "state": one.state,
        "contacts": len(one.people),
        "differences": "; ".join(one.differences),
    }


def _summary(rows: int, found: Sequence["Outcome"]) -> str:
    def counted() -> Iterator[str]:
        for state, words in (("new", "new"), ("there", "there already"), ("differs", "different")):
            yield f"{sum(one.state == state for one in found)} {words}"

    people = sum(len(one.people) for one in found)
    return f"{rows} rows: {', '.join(counted())}. Contacts added: {people}."
