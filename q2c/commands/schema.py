"""q2c schema: descriptions of the files, for editors that complete and check as one types."""

from typing import Annotated

import typer

from q2c.commands.output import say

FOLDER = ".q2c/schema"


def export(
    folder: Annotated[
        str, typer.Option("--dir", metavar="DIR", help="Where in the workspace to put them.")
    ] = FOLDER,
) -> None:
    """Write a JSON Schema of every kind of file.

    Editors that know JSON Schema find them by the first line of each file.

    Example: q2c schema export
    """
    from q2c.commands.call import call
    from q2c.store.writing import Change, writing

    files = schemas(folder)
    with writing(call().root) as writer:
        writer.write(Change(replaced=files))
    names = [name.rpartition("/")[2] for name in files]
    say({"folder": folder, "files": names}, f"Wrote {len(names)} schemas to {folder}/.")


def schemas(folder: str = FOLDER) -> dict[str, bytes]:
    """Give the schema file of every kind of file, by its path."""
    from q2c.core.approval.rules import Approvals
    from q2c.core.catalog import CatalogFile, PriceList
    from q2c.core.party import Company, Customer
    from q2c.core.pipeline import Opportunity, Pipeline
    from q2c.core.quote import Draft
    from q2c.core.rates import ExchangeRates
    from q2c.core.receivable import ReferenceRates
    from q2c.core.subscription.repricing import PriceChange
    from q2c.core.tax import VatRates
    from q2c.core.usage.metering import Meters
    from q2c.core.usage.staff import Projects, Staff
    from q2c.documents.look import Theme
    from q2c.store.schema import exported

    kinds = {
        "approvals": Approvals,
        "catalog": CatalogFile,
        "company": Company,
        "customer": Customer,
        "exchange-rates": ExchangeRates,
        "meters": Meters,
        "opportunity": Opportunity,
        "pipeline": Pipeline,
        "price-change": PriceChange,
        "price-list": PriceList,
        "projects": Projects,
        "quote": Draft,
        "reference-rates": ReferenceRates,
        "staff": Staff,
        "theme": Theme,
        "vat-rates": VatRates,
    }
    return {f"{folder}/{name}.json": data for name, data in exported(kinds).items()}
