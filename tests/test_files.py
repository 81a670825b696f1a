"""The reference of the files: each key that a person may write is named in it."""

import re
from pathlib import Path

import msgspec
import pytest

from q2c.core.catalog import (
    Adjust,
    Band,
    Bundle,
    BundleItem,
    CatalogFile,
    Choice,
    ListTier,
    OptionGroup,
    Policy,
    PriceList,
    Product,
    Promotion,
    Rule,
    Schedule,
    Scope,
    Tier,
    Validity,
    When,
)
from q2c.core.catalog.faults.products import SHAPES
from q2c.core.party import LANGUAGES, OwnPrice
from q2c.core.trace import Sourced
from q2c.exchange.pricesheet import COLUMNS

PAGE = (Path(__file__).parent.parent / "docs/files.md").read_text("utf-8")
# Which part of the page is about which kinds of record.
KINDS: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "A catalogue file": (CatalogFile,),
    "A product": (Product, Tier, OptionGroup, Choice),
    "A bundle": (Bundle, BundleItem),
    "A rule": (Rule, When),
    "A discount schedule": (Schedule, Band, Scope, Validity),
    "A promotion": (Promotion,),
    "The policy": (Policy,),
    "A price list": (PriceList, ListTier, Adjust),
    "A customer's own prices": (OwnPrice,),
}


def part(heading: str) -> str:
    """Give what stands below a heading, to the next of its rank."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def words(text: str) -> set[str]:
    """Give what is written as code, and the keys in it."""
    return {
        word
        for code in re.findall(r"`([^`]+)`", text)
        for word in re.findall(r"[a-z][a-z_-]*", code)
    }


@pytest.mark.parametrize("heading", KINDS)
def test_every_key_that_can_be_written_is_explained(heading: str) -> None:
    keys = {
        field.encode_name
        for kind in KINDS[heading]
        for field in msgspec.structs.fields(kind)
        if field.name not in Sourced.__struct_fields__
    }
    assert keys - words(part(heading)) == set()


def test_every_charge_model_is_explained_with_what_it_needs() -> None:
    table = part("A product").partition("### Charge models")[2].partition("| key of")[0]
    lines = re.finditer(r"^\| `([a-z-]+)` \|.*$", table, re.MULTILINE)
    rows = {line[1]: line[0] for line in lines}
    for model, shape in SHAPES.items():
        assert {*shape.needs, *shape.may, *shape.tier_needs} <= words(rows[model]), model


def test_every_column_of_a_price_sheet_is_explained() -> None:
    told = words(part("Price sheets"))
    told |= {f"{name}_{code}" for name in ("name", "description", "unit") for code in LANGUAGES}
    assert set(COLUMNS) - told == set()
