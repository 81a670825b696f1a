"""How fast files that were read before are read again, against PyYAML's C loader."""

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import yaml

from bench.measure import Row, warm
from q2c.core.catalog import CatalogFile
from q2c.store.master import catalog_files, read_customers
from q2c.store.records import read_file
from q2c.store.tree import WorkTree

COUNT = 10_000
CUSTOMER = """\
id: customer-{n}
name: Customer {n} AB
vat_id: FI28159013
address: {{street: Storgatan {n}, postal_code: 111 23, city: Stockholm, country: FI}}
language: sv
currency: SEK
terms: {{due_days: 30}}
contacts:
  - {{name: Person {n}, email: person{n}@example.com, roles: [orders, billing]}}
"""
PRODUCT = """\
  - id: product-{n}
    name: {{en: Product {n}, sv: Produkt {n}}}
    unit: {{en: hour, sv: timme}}
    charge: hourly
    price: {{SEK: {n}.50, EUR: 130}}
    revenue: {{method: output}}
"""


def rows() -> list[Row]:
    """Give the rows on reading."""
    folder = Path(mkdtemp(prefix="q2c-bench-"))
    (folder / "customers").mkdir()
    for n in range(COUNT):
        (folder / f"customers/customer-{n}.yaml").write_text(CUSTOMER.format(n=n), "utf-8")
    items = "".join(PRODUCT.format(n=n) for n in range(COUNT))
    (folder / "catalog.yaml").write_text(f"products:\n{items}", "utf-8")
    tree = WorkTree(folder)
    return [
        _row("10,000 customers, warm", lambda: read_customers(tree), folder, "customers/*.yaml"),
        _row(
            "catalogue of 10,000 items, warm",
            lambda: [read_file(tree, name, CatalogFile) for name in catalog_files(tree)],
            folder,
            "catalog.yaml",
        ),
    ]


def _row(name: str, read: Callable[[], object], folder: Path, pattern: str) -> Row:
    files = sorted(folder.glob(pattern))
    loader = yaml.CSafeLoader
    return Row(
        name,
        warm(read),
        warm(lambda: [yaml.load(path.read_bytes(), loader) for path in files]),  # noqa: S506 - it is a safe loader
        "yaml CSafeLoader, same files",
        10,
        "at least",
    )
