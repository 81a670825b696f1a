"""The master data: company, catalogue, price lists, customers and rates, from their files."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec.structs import replace

from q2c.core.book import Book, book_faults
from q2c.core.catalog import (
    UNIT,
    Catalog,
    CatalogFile,
    PriceList,
    base_faults,
    catalog_faults,
    file_faults,
    gathered,
)
from q2c.core.fault import Fault, Invalid, Place, Refused, Unknown, nearest
from q2c.core.party import Company, Customer, account_faults, billing_faults
from q2c.core.quote import Shelf
from q2c.core.rates import ExchangeRate, ExchangeRates, exchange_faults
from q2c.core.tax import VatRate, VatRates, vat_faults
from q2c.store.identifiers import company_number_faults, customer_number_faults
from q2c.store.records import read_file, read_folder
from q2c.store.tree import Tree

COMPANY = "company.yaml"
CATALOG = "catalog.yaml"
VAT = "rates/vat.yaml"
EXCHANGE = "rates/exchange.yaml"

T = TypeVar("T")


def read_company(tree: Tree) -> Company:
    """Read the seller."""
    return read_file(tree, COMPANY, Company, _company_faults)


def catalog_files(tree: Tree) -> list[str]:
    """Name the files of the catalogue: `catalog.yaml`, or those in `catalog/`."""
    return [CATALOG] if tree.exists(CATALOG) else tree.names("catalog", ".yaml")


def read_catalog(tree: Tree) -> Catalog:
    """Read everything that is sold; refuse with all that is wrong in it."""
    files = read_catalog_files(tree)
    catalog = gathered(files.values())
    _refuse([*file_faults(files), *catalog_faults(catalog)])
    return _with_units(tree, catalog)


def _with_units(tree: Tree, catalog: Catalog) -> Catalog:
    """Count what is metered in the unit of its meter where the product does not say one."""
    silent = [one for one in catalog.products.values() if one.metered and one.unit == UNIT]
    if not silent:
        return catalog
    from q2c.store.usage.meters import read_meters

    try:
        units = {meter.id: meter.unit for meter in read_meters(tree)}
    except Refused:  # told where meters are checked
        return catalog
    found = {one.id: replace(one, unit=units.get(one.meter or "") or UNIT) for one in silent}
    return replace(catalog, products={**catalog.products, **found})


def read_catalog_files(tree: Tree) -> dict[str, CatalogFile]:
    """Read the files of the catalogue as they are written, by their names."""
    return {name: read_file(tree, name, CatalogFile) for name in catalog_files(tree)}


def read_price_lists(tree: Tree) -> Mapping[str, PriceList]:
    """Read every price list, by id."""
    return ById("prices", read_folder(tree, "prices", PriceList, _name_faults))


def read_customers(tree: Tree) -> Mapping[str, Customer]:
    """Read every customer, by id."""
    return ById("customers", read_folder(tree, "customers", Customer, _customer_faults))


def customer_ids(tree: Tree) -> list[str]:
    """Name every customer without reading one."""
    return [_stem(name) for name in tree.names("customers", ".yaml")]


def read_customer(tree: Tree, id_: str) -> Customer:
    """Read one customer; refuse an id that nobody has, naming one that is alike."""
    known = customer_ids(tree)
    if id_ not in known:
        raise Unknown(
            Fault("unknown-customer", f"There is no customer '{id_}'.", remedy=nearest(id_, known))
        )
    return read_file(tree, f"customers/{id_}.yaml", Customer, _customer_faults)


def read_vat_rates(tree: Tree) -> tuple[VatRate, ...]:
    """Read the VAT rates of all countries and times; refuse what cannot be."""
    rates = _vat_rates(tree)
    _refuse(vat_faults(rates))
    return rates


def _vat_rates(tree: Tree) -> tuple[VatRate, ...]:
    return read_file(tree, VAT, VatRates).rates if tree.exists(VAT) else ()


def read_exchange_rates(tree: Tree) -> tuple[ExchangeRate, ...]:
    """Read the exchange rates of all days; refuse what cannot be."""
    rates = _exchange_rates(tree)
    _refuse(exchange_faults(rates))
    return rates


def _exchange_rates(tree: Tree) -> tuple[ExchangeRate, ...]:
    return read_file(tree, EXCHANGE, ExchangeRates).rates if tree.exists(EXCHANGE) else ()


def read_shelf(tree: Tree) -> Shelf:
    """Read all that is for sale; refuse lists that are made from each other in a circle."""
    catalog, lists, rates = read_catalog(tree), read_price_lists(tree), read_vat_rates(tree)
    _refuse(base_faults(lists))
    return Shelf(catalog, lists, rates)


def read_book(tree: Tree) -> Book:
    """Read all master data; refuse with the faults of all files at once."""
    book, faults = inspected_book(tree)
    _refuse(faults)
    assert book, "what cannot be read has faults"
    return book


def sound_book(tree: Tree) -> tuple[Book, dict[str, Fault]]:
    """Read all master data but customers whose files are wrong; say what, by their ids.

    Refuses whatever else is wrong, as `read_book` does.
    """
    book, faults = inspected_book(tree)
    broken = {one.place.file: one for one in reversed(faults) if one.place}
    if book is None and all(_of_customer(fault) for fault in faults):
        book, faults = inspected_book(_Without(tree, broken))
        _refuse(faults)
        assert book, "what cannot be read has faults"
        return book, {_stem(name): fault for name, fault in broken.items()}
    _refuse(faults)
    assert book, "what cannot be read has faults"
    return book, {}


def _of_customer(fault: Fault) -> bool:
    return fault.place is not None and fault.place.file.startswith("customers/")


class _Without:
    """A tree of files in which some are not there."""

    def __init__(self, tree: Tree, hidden: Collection[str]) -> None:
        self._tree, self._hidden = tree, hidden
        self.root, self.commit, self.cache = tree.root, tree.commit, tree.cache

    def names(self, folder: str, suffix: str = "") -> list[str]:
        return [name for name in self._tree.names(folder, suffix) if name not in self._hidden]

    def walk(self, folder: str) -> list[str]:
        return [name for name in self._tree.walk(folder) if name not in self._hidden]

    def folders(self, folder: str) -> list[str]:
        return self._tree.folders(folder)

    def exists(self, name: str) -> bool:
        return name not in self._hidden and self._tree.exists(name)

    def read(self, name: str) -> bytes:
        return self._tree.read(name)

    def read_all(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return self._tree.read_all(names)


def inspected_book(tree: Tree) -> tuple[Book | None, list[Fault]]:
    """Read all master data as far as it goes, and say everything that is wrong with it."""
    faults: list[Fault] = []
    company = _gathered(lambda: read_company(tree), faults)
    catalog = _gathered(lambda: read_catalog(tree), faults)
    lists = _gathered(lambda: read_price_lists(tree), faults)
    customers = _gathered(lambda: read_customers(tree), faults)
    vat = _gathered(lambda: _vat_rates(tree), faults)
    exchange = _gathered(lambda: _exchange_rates(tree), faults)
    if faults:
        return None, faults
    assert company and catalog and lists is not None and customers is not None  # noqa: PT018 - else refused
    book = Book(
        company=company,
        customers=customers,
        catalog=catalog,
        lists=lists,
        vat_rates=vat or (),
        exchange_rates=exchange or (),
    )
    # With lists that are made from each other in a circle nothing can be priced.
    return None if [*base_faults(lists)] else book, [*book_faults(book)]


def _gathered(read: Callable[[], T], faults: list[Fault]) -> T | None:
    """Read something, or keep what is wrong with it and go on."""
    try:
        return read()
    except Refused as refused:
        faults += refused.faults
        return None


class ById(Mapping[str, T]):
    """Records of a folder by their id, which is the name of their file."""

    def __init__(self, folder: str, records: Mapping[str, T]) -> None:
        self._folder = folder
        self._records = records

    def __getitem__(self, id_: str) -> T:
        return self._records[f"{self._folder}/{id_}.yaml"]

    def __iter__(self) -> Iterator[str]:
        return (_stem(name) for name in self._records)

    def __len__(self) -> int:
        return len(self._records)


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".yaml")


def _name_faults(record: PriceList | Customer) -> Iterator[Fault]:
    """Say where a file is not named by the id in it."""
    if _stem(record.file) != record.id:
        home = f"{record.file.rpartition('/')[0]}/{record.id}.yaml"
        message = f"The id is '{record.id}', so this file belongs in {home}."
        remedy = "Rename the file or change the id."
        yield record.fault("id-is-not-name", message, "id", remedy)


def _company_faults(company: Company) -> Iterator[Fault]:
    yield from company_number_faults(company)
    yield from account_faults(company)
    yield from billing_faults(company)


def _customer_faults(customer: Customer) -> Iterator[Fault]:
    yield from _name_faults(customer)
    yield from customer_number_faults(customer)
    if customer.sending.to or customer.sending.cc:
        from q2c.core.sending import sending_faults  # few customers need it read

        yield from sending_faults(customer)


def _refuse(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise Invalid(*sorted(found, key=lambda fault: fault.place or Place("")))
