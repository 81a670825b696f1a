"""The JSON Schema for editors: it describes what a person writes, as the reader takes it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft7Validator

from q2c.core.catalog import CatalogFile, PriceList
from q2c.core.party import Company, Customer
from q2c.store.dialect import Tree, parse
from q2c.store.schema import exported, schema_of

ROOT = Path(__file__).parent.parent
KINDS = {"company": Company, "customer": Customer, "catalog": CatalogFile, "prices": PriceList}
FILES = {
    "company": ["company.yaml"],
    "catalog": ["catalog.yaml"],
    "customer": [f"customers/{path.name}" for path in (ROOT / "examples/customers").iterdir()],
    "prices": [f"prices/{path.name}" for path in (ROOT / "examples/prices").iterdir()],
}


def as_an_editor_sees(tree: Tree) -> Tree:
    """Give a tree with the types that JSON has: an editor knows days as text."""
    if isinstance(tree, dict):
        return {key: as_an_editor_sees(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [as_an_editor_sees(value) for value in tree]
    if isinstance(tree, Decimal):
        return float(tree)
    return str(tree) if isinstance(tree, date) else tree


@pytest.mark.parametrize("name", KINDS)
def test_a_schema_is_one_of_draft_7(name: str) -> None:
    Draft7Validator.check_schema(schema_of(KINDS[name]))


@pytest.mark.parametrize("name", KINDS)
def test_every_file_of_the_example_fits_its_schema(name: str) -> None:
    validator = Draft7Validator(schema_of(KINDS[name]))
    for file in FILES[name]:
        tree = parse((ROOT / "examples" / file).read_bytes(), file).value
        assert [error.message for error in validator.iter_errors(as_an_editor_sees(tree))] == []


@pytest.mark.parametrize(
    "text",
    [
        "id: X\nname: A\naddress: {street: a, postal_code: b, city: c, country: SE}",
        "id: x\nnmae: A",
        "id: x\nname: A\nfile: a.yaml",
        "id: x\nname: A\nplaces: ''",
        "id: x\nname: A\nkind: private",
        "id: x\nname: A\nprices: {hour: {SEK: '5'}}",
    ],
)
def test_what_the_reader_refuses_an_editor_marks(text: str) -> None:
    tree = parse(text.encode(), "x").value
    assert [*Draft7Validator(schema_of(Customer)).iter_errors(tree)]


def test_a_number_is_described_as_a_number() -> None:
    parts = schema_of(CatalogFile)["definitions"]
    assert parts["BundleItem"]["properties"]["quantity"]["type"] == "number"
    assert "file" not in parts["Product"]["properties"]
    assert parts["Product"]["description"].startswith("Something that can be quoted, with")


def test_a_form_is_described_in_the_words_of_its_fault() -> None:
    properties = schema_of(Customer)["definitions"]["Customer"]["properties"]
    assert properties["id"]["description"].startswith("An id has only small letters")
    assert not [key for key in properties["id"] if key.startswith("x-")]


def test_the_same_types_give_the_same_bytes() -> None:
    first = exported(KINDS)
    assert first == exported(KINDS)
    assert first["customer"].endswith(b"}\n")
    assert msgspec.json.decode(first["company"])["$ref"] == "#/definitions/Company"
