"""How fast files that were read before are read again, against PyYAML's C loader."""

import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp

import yaml

from bench.measure import Row, warm
from q2c.core.catalog import CatalogFile
from q2c.store.master import catalog_files, read_customers
from q2c.store.records import read_file
from q2c.store.tree import WorkTree

COUNT = 10_000
EXAMPLES = Path(__file__).parent.parent / "examples" / "customers"
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
    known = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))]
    for n, text in zip(range(COUNT), cycle(known), strict=False):
        own = re.sub(r"^id: .*$", f"id: customer-{n}", text, flags=re.MULTILINE)
        (folder / f"customers/customer-{n}.yaml").write_text(own, "utf-8")
    items = "".join(PRODUCT.format(n=n) for n in range(COUNT))
    (folder / "catalog.yaml").write_text(f"products:\n{items}", "utf-8")
    tree = WorkTree(folder)
    return [
        _row("10,000 customers, warm", lambda: _billed(tree), folder, "customers/*.yaml"),
        _row(
            "catalogue of 10,000 items, warm",
            lambda: [read_file(tree, name, CatalogFile) for name in catalog_files(tree)],
            folder,
            "catalog.yaml",
        ),
    ]


def _billed(tree: WorkTree) -> object:
    """Load all customers, and use as many as a month end of 200 invoices does."""
    customers = read_customers(tree)
    return [customers[f"customer-{n}"] for n in range(0, COUNT, COUNT // 200)]


def _row(name: str, read: Callable[[], object], folder: Path, pattern: str) -> Row:
    files = sorted(folder.glob(pattern))
    against = "yaml CSafeLoader, same files"
    return Row(
        name, warm(read), warm(lambda: [_loaded(path) for path in files]), against, 10, "at least"
    )


def _loaded(path: Path) -> object:
    """Load a file as the documentation of PyYAML does."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)
