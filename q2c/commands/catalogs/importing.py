"""q2c catalog import and export: products and prices from and to price sheets."""

import os
import sys
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from q2c.commands.call import At, Commit, DryRun, Message, call
from q2c.commands.catalogs.diff import COLUMNS, as_text
from q2c.commands.desk import Desk, desk, tree
from q2c.commands.output import as_csv, following, hint, table
from q2c.commands.received import MapOption, columns_stated, received
from q2c.commands.visible import visible
from q2c.core.catalog import (
    Catalog,
    CatalogFile,
    PriceList,
    catalog_faults,
    file_faults,
    gathered,
    list_faults,
)
from q2c.core.fault import Fault, Invalid, Misused, Place, Unknown, nearest
from q2c.core.party import Company
from q2c.core.period import Day
from q2c.core.review import Change, Wares, changes, view
from q2c.store.master import (
    CATALOG,
    read_catalog,
    read_catalog_files,
    read_company,
    read_shelf,
)
from q2c.store.tree import Tree

if TYPE_CHECKING:
    from q2c.exchange.pricesheet import PriceRow
    from q2c.store.dialect import Document

Rows = Mapping[str, Sequence["PriceRow"]]
Files = dict[str, bytes]
ListOption = Annotated[str, typer.Option("--list", metavar="ID", help="A price list in prices/.")]
MODELINE = "# yaml-language-server: $schema=.q2c/schema/catalog.json\n"


def import_prices(  # noqa: PLR0913 - a flag for each way a sheet may be
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A price sheet: CSV or XLSX.")],
    *,
    list_: ListOption = "",
    columns: MapOption = None,
    decimal: Annotated[
        str, typer.Option("--decimal", metavar="SIGN", help="What decimals begin with.  [.]")
    ] = ".",
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Create and update products, or the prices of a list, from a price sheet.

    A row has the id of a product, and a price in a currency: of a tier up to its up_to, of a
    billing period by its frequency. The columns are those of q2c catalog export. What no row
    says stays as it is, and so does every comment.

    Example: q2c catalog import prices.csv --dry-run
    """
    stated = columns_stated(columns or (), 'price="List price"')
    if decimal not in (".", ","):
        remedy = "Write --decimal . or --decimal ,"
        raise Misused(Fault("usage", f"'{decimal}' begins no decimals.", remedy=remedy))
    data = received(file)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        name = os.path.relpath(file.absolute(), at.root)
        rows = _read(data, name, stated, decimal)
        company, shelf = read_company(at.tree), read_shelf(at.tree)
        catalog, lists = shelf.catalog, shelf.lists
        if list_:
            files, after = _into_list(at.tree, list_, rows, catalog, lists)
            found = _changes((catalog, lists), (catalog, {**lists, list_: after}))
        else:
            files, sold = _into_catalog(at.tree, rows, company)
            found = _changes((catalog, lists), (sold, lists))
        told = _written(at, files, f"Import prices from {file.name}")
    if call().mode == "text":
        sys.stdout.write("".join(f"{visible(line)}\n" for line in as_text(found)))
    else:
        table(found, COLUMNS)
    hint(f"{len(rows)} products in {name}. {told}")
    if files and not dry_run:
        following("q2c catalog check")


def _read(data: bytes, name: str, stated: Mapping[str, str], decimal: str) -> Rows:
    """Read a sheet by product; refuse with everything that is wrong in its rows."""
    from q2c.exchange.pricesheet import by_product, differing, price_rows
    from q2c.exchange.sheet import read_sheet

    rows, unread = price_rows(read_sheet(data, name), stated, decimal)
    if unread:
        hint(f"Columns not read: {', '.join(unread)}.")
    found = by_product(rows)
    if faults := [fault for some in found.values() for fault in differing(some)]:
        raise Invalid(*faults)
    return found


def _into_catalog(files: Tree, rows: Rows, company: Company) -> tuple[Files, Catalog]:
    """Give the files of the catalogue as the rows have it, and the catalogue they make."""
    from q2c.exchange.pricetree import product_tree
    from q2c.store.bringing import brought
    from q2c.store.dialect import parse
    from q2c.store.edit import emit, reworked

    names = list(read_catalog_files(files))
    documents = {name: parse(files.read(name), name) for name in names}
    homes = dict(_homes(documents))
    edits: dict[str, list[tuple[Any, Any]]] = {name: [] for name in names}
    fresh: list[Any] = []
    faults: list[Fault] = []
    for id_, some in rows.items():
        name, number = homes.get(id_, ("", 0))
        known = documents[name].value["products"][number] if name else {}
        wanted = product_tree(some, known, company.currency, company.language)
        if not name:
            fresh.append(wanted)
            continue
        try:
            edits[name] += brought(documents[name], ("products", number), wanted)
        except Invalid as refused:
            faults.append(_lost(refused.faults[0], id_, some[0].place))
    if faults:
        raise Invalid(*faults)
    home = names[-1] if names else CATALOG
    if fresh and names:
        edits[home] += _additions(documents[home].value, fresh)
    made = {name: reworked(files.read(name), edits[name], name) for name in names if edits[name]}
    if fresh and not names:
        made[CATALOG] = f"{MODELINE}{emit({'products': fresh})}".encode()
    return made, _checked(files, names, made, rows)


def _lost(fault: Fault, id_: str, row: Place) -> Fault:
    """Say that a product would lose something that only an editor can take away."""
    message = f"'{id_}' would lose what {fault.place} says of it."
    remedy = "Give all tiers in all currencies, or take away in an editor what is to go."
    return Fault("cannot-edit", message, row, remedy)


def _homes(documents: Mapping[str, "Document"]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Say of each product in which file it stands, and as which of its products."""
    for name, document in documents.items():
        for number, product in enumerate(document.value.get("products", ())):
            yield product["id"], (name, number)


def _additions(value: Any, fresh: list[Any]) -> list[tuple[Any, Any]]:  # noqa: ANN401 - a tree
    """Add products behind the last one, or all of them where there is none."""
    known = value.get("products", ())
    if not known:
        return [(("products",), fresh)]
    return [(("products", len(known) + number), one) for number, one in enumerate(fresh)]


def _checked(files: Tree, names: Sequence[str], made: Files, rows: Rows) -> Catalog:
    """Read the catalogue that would be; refuse with the faults of all rows, each at its row."""
    from q2c.store.records import read_record

    every = dict.fromkeys([*names, *made])
    read: dict[str, CatalogFile] = {}
    faults: list[Fault] = []
    for name in every:
        data = made.get(name) or files.read(name)
        try:
            read[name] = read_record(data, name, CatalogFile)
        except Invalid as refused:
            faults += refused.faults
    catalog = gathered(read.values())
    faults = faults or [*file_faults(read), *catalog_faults(catalog)]
    if faults:
        raise Invalid(*_at_rows(faults, made, ("products",), rows))
    return catalog


def _at_rows(
    faults: Sequence[Fault], made: Files, path: tuple[str, ...], rows: Rows
) -> Iterator[Fault]:
    """Place faults of what would be written at the rows that they came from."""
    from q2c.store.dialect import parse

    starts = {name: sorted(_starts(parse(data, name), path)) for name, data in made.items()}
    for fault in faults:
        spot = fault.place
        known = starts.get(spot.file, []) if spot else []
        number = bisect_right(known, ((spot.line, spot.column), "\uffff")) if spot else 0
        some = rows.get(known[number - 1][1]) if number else None
        place = some[0].place if some else Place(spot.file) if spot else None
        yield Fault(fault.code, fault.message, place, fault.remedy)


def _starts(document: "Document", path: tuple[str, ...]) -> Iterator[tuple[tuple[int, int], str]]:
    """Say where the values of each product begin."""
    for section in path:
        known = document.value.get(section, ())
        for key in range(len(known)) if isinstance(known, list) else known:
            id_ = known[key]["id"] if isinstance(known, list) else str(key)
            line, column, _, _ = document.places[section, key]
            yield (line, column), id_


def _into_list(
    files: Tree, id_: str, rows: Rows, catalog: Catalog, lists: Mapping[str, PriceList]
) -> tuple[Files, PriceList]:
    """Give the file of a price list as the rows have it, and the list that it makes."""
    from q2c.exchange.pricetree import list_faults_of, list_tree
    from q2c.store.bringing import brought
    from q2c.store.dialect import parse
    from q2c.store.edit import reworked
    from q2c.store.records import read_record

    if id_ not in lists:
        message, remedy = f"There is no price list '{id_}'.", nearest(id_, lists)
        raise Unknown(Fault("unknown-price-list", message, remedy=remedy))
    if faults := list(list_faults_of(rows, catalog, lists[id_].currency)):
        raise Invalid(*faults)
    name = f"prices/{id_}.yaml"
    data = files.read(name)
    document = parse(data, name)
    edits = brought(document, (), list_tree(document.value, rows, catalog))
    after = reworked(data, edits, name) if edits else data
    made = {name: after} if edits else {}
    try:
        prices = read_record(after, name, PriceList)
        faults = list(list_faults(prices, catalog))
    except Invalid as refused:
        faults = list(refused.faults)
    if faults:
        sections = ("prices", "tiers", "frequencies")
        raise Invalid(*_at_rows(faults, {name: after}, sections, rows))
    return made, prices


def _changes(
    before: tuple[Catalog, Mapping[str, PriceList]], after: tuple[Catalog, Mapping[str, PriceList]]
) -> list[Change]:
    """Say what becomes otherwise in terms of prices."""
    one, other = (
        view(Wares(catalog=catalog, lists=lists, customers={}, home="", day=Day.max))
        for catalog, lists in (before, after)
    )
    return changes(one, other)


def _written(at: Desk, files: Files, subject: str) -> str:
    from q2c.store.writing import Change as Writing

    if not files:
        return "Nothing was written."
    there = {name: data for name, data in files.items() if at.tree.exists(name)}
    new = {name: data for name, data in files.items() if name not in there}
    return at.write(Writing(created=new, replaced=there), subject)


def export_prices(at: At = "") -> None:
    """Write the products as a price sheet that q2c catalog import reads.

    Options, attributes and rules have no columns; importing leaves them as they are.

    Example: q2c catalog export > prices.csv
    """
    from q2c.exchange.pricesheet import COLUMNS as SHEET
    from q2c.exchange.pricetree import product_rows

    products = read_catalog(tree(at)).products.values()
    rows = [row for product in products for row in product_rows(product)]
    used = {field for row in rows for field in row}
    sys.stdout.write(as_csv(rows, [column for column in SHEET if column in used]))
