"""What commands share that draw a document on demand: its parties and day, and where it goes."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from q2c.commands.call import today
from q2c.commands.desk import save, stamp
from q2c.core.party import Company, Customer, Party, Seller, buyer_of, seller_of
from q2c.store.master import read_company, read_customer
from q2c.store.tree import Tree

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where the PDF goes.  [named by the document]"),
]


class Common(TypedDict):
    """What every document has that is drawn on demand."""

    made_on: date
    customer: str
    seller: Seller
    buyer: Party
    commit: str
    program: str


def common(files: Tree, customer: Customer, day: date | None, *, invoice: bool) -> Common:
    """Say who writes to whom, and on which day; about money to the invoice address."""
    company, mark = read_company(files), stamp(files.root, files.commit)
    return Common(
        made_on=today(company.time_zone, day),
        customer=customer.id,
        seller=seller_of(company),
        buyer=buyer_of(customer, invoice=invoice),
        commit=mark.commit,
        program=mark.program,
    )


def language_of(company: Company, customer: Customer) -> str:
    """Give the language that a customer is written to in."""
    return customer.language or company.language


def spoken_to(files: Tree, customer: str) -> tuple[Customer, str]:
    """Read a customer, and the language that it is written to in."""
    found = read_customer(files, customer)
    return found, language_of(read_company(files), found)


def put(out: Path | None, name: str, data: bytes) -> tuple[dict[str, object], str]:
    """Write a document where it was asked to go, or under a name; give its place and SHA-256."""
    to = out or Path(f"{name}.pdf")
    told = save(to, data)
    return {"file": str(to), "sha256": sha256(data).hexdigest()}, told
