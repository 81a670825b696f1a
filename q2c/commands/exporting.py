"""The ledger as text for another program."""

import msgspec

from q2c.commands.books import Books, read_books
from q2c.commands.output import as_csv
from q2c.commands.plain import record
from q2c.exchange.journal import Source
from q2c.store.master import read_customers
from q2c.store.tree import Tree


def exported(files: Tree, form: str) -> str:
    """Write the ledger in a form: hledger, beancount, csv or json."""
    books = read_books(files)
    if form == "json":
        return _json(books)
    names = {} if form == "csv" else _names(files)
    source = Source(company=books.company, entries=books.records, names=names)
    if form == "csv":
        from q2c.exchange.rows import COLUMNS, rows

        return as_csv(list(rows(source)), COLUMNS)
    if form == "hledger":
        from q2c.exchange.hledger import hledger

        return hledger(source)
    from q2c.exchange.beancount import beancount

    return beancount(source)


def _names(files: Tree) -> dict[str, str]:
    return {id_: customer.name for id_, customer in read_customers(files).items()}


def _json(books: Books) -> str:
    """Write whole records; amounts stay in minor units, as the ledger has them."""
    document = {
        "schema": "q2c/1",
        "company": books.company.id,
        "currency": books.home,
        "head": books.ledger.head,
        "entries": [record(entry) for entry in books.records],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
