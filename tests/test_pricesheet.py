"""Price sheets: what a row says is what the catalogue has, and the other way round."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from msgspec import to_builtins
from msgspec.structs import replace

from q2c.commands.output import as_csv
from q2c.commands.plain import plain
from q2c.core.catalog import CatalogFile, Product
from q2c.core.fault import Invalid
from q2c.core.review import Wares
from q2c.exchange.pricesheet import COLUMNS, PriceRow, by_product, differing, price_rows
from q2c.exchange.pricetree import product_rows, product_tree
from q2c.exchange.sheet import read_sheet
from q2c.store.edit import emit
from q2c.store.records import read_record
from tests.goods import wares


def rows_of(text: str, decimal: str = ".", **stated: str) -> list[PriceRow]:
    return price_rows(read_sheet(text.encode(), "prices.csv"), stated, decimal)[0]


def tree_of(text: str, known: dict[str, Any] | None = None) -> dict[str, Any]:
    return product_tree(rows_of(text), known or {}, "SEK", "sv")


def test_a_row_makes_a_product() -> None:
    made = tree_of("id,name,currency,price,cost\nday,Workshop day,EUR,2150,1200\n")
    assert made == {
        "id": "day",
        "name": "Workshop day",
        "price": {"EUR": 2150},
        "cost": {"EUR": 1200},
    }


def test_rows_make_tiers_by_their_bounds_and_currencies() -> None:
    made = tree_of("id,model,currency,up_to,price\nh,volume,SEK,,13\nh,,SEK,40,14\nh,,EUR,40,1\n")
    assert made["tiers"] == [
        {"up_to": 40, "unit_price": {"SEK": 14, "EUR": 1}},
        {"unit_price": {"SEK": 13}},
    ]


def test_tiers_with_other_bounds_take_the_place_of_those_that_are_known() -> None:
    known = {
        "model": "volume",
        "tiers": [{"up_to": 40, "unit_price": {"EUR": 9}}, {"unit_price": {"SEK": 13, "EUR": 8}}],
    }
    same = tree_of("id,up_to,price\nh,40,14\nh,,12\n", known)["tiers"]
    assert same[0]["unit_price"] == {"EUR": 9, "SEK": 14}
    other = tree_of("id,up_to,price\nh,50,14\nh,,12\n", known)["tiers"]
    assert other == [{"up_to": 50, "unit_price": {"SEK": 14}}, {"unit_price": {"SEK": 12}}]


def test_a_price_of_a_block_is_that_of_the_block() -> None:
    made = tree_of("id,model,up_to,price,flat\na,block,100,490,\na,,,2.5,490\n")
    assert made["tiers"] == [
        {"up_to": 100, "flat": {"SEK": 490}},
        {"flat": {"SEK": 490}, "unit_price": {"SEK": Decimal("2.5")}},
    ]


def test_what_no_row_says_stays() -> None:
    known = {"name": {"en": "Advice", "sv": "Råd"}, "price": {"SEK": 1, "EUR": 2}, "vat": "low"}
    made = tree_of("id,name,price\na,Rådgivning,3\n", known)
    assert made == {
        "id": "a",
        "name": {"en": "Advice", "sv": "Rådgivning"},
        "price": {"SEK": 3, "EUR": 2},
        "vat": "low",
    }


@pytest.mark.parametrize(
    ("written", "decimal", "number"),
    [
        ("1450", ".", "1450"),
        ("1450.50", ".", "1450.50"),
        ("-5", ".", "-5"),
        ("1450,50", ",", "1450.50"),
        ("1 450,00", ",", "1450.00"),
        ("1\u00a0234\u00a0567", ",", "1234567"),
    ],
)
def test_a_number_is_read_with_the_sign_that_its_decimals_have(
    written: str, decimal: str, number: str
) -> None:
    [row] = rows_of(f'id;price\na;"{written}"\n', decimal)
    assert row.number("price") == Decimal(number)


@pytest.mark.parametrize(
    ("written", "decimal"),
    [
        ("1 450,00", "."),
        ("1450,00", "."),
        ("1,450.00", "."),
        ("1.450,00", ","),
        ("1 45", ","),
        ("½", "."),
    ],
)
def test_a_number_that_could_be_another_is_refused(written: str, decimal: str) -> None:
    with pytest.raises(Invalid) as refused:
        rows_of(f'id;price\na;"{written}"\n', decimal)
    assert refused.value.faults[0].code == "not-a-number"


def test_rows_of_a_product_agree_on_what_is_its_own() -> None:
    found = by_product(rows_of("id,family,price\na,x,1\na,,2\na,y,3\n"))
    assert [fault.place.line for fault in differing(found["a"]) if fault.place] == [4]


def test_a_spreadsheet_is_read_as_text_is() -> None:
    import xlsxwriter

    kept = BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate([["Product", "Unit price"], ["a", 1450.5], ["b", 20]]):
        page.write_row(number, 0, row)
    book.close()
    rows, unread = price_rows(read_sheet(kept.getvalue(), "prices.xlsx"), {})
    assert [(row.id, row.number("price")) for row in rows] == [("a", Decimal("1450.5")), ("b", 20)]
    assert unread == []


def read_back(product: Product, known: dict[str, Any]) -> dict[str, Any]:
    """Write a product as rows, read them, and give what they make of what is known."""
    said = list(product_rows(product))
    used = [column for column in COLUMNS if any(column in row for row in said)]
    return product_tree(rows_of(as_csv(said, used)), known, "SEK", "en")


@given(wares())
def test_what_is_exported_and_imported_is_the_same_catalogue(goods: Wares) -> None:
    plainer = [replace(one, options=()) for one in goods.catalog.products.values()]
    made = [read_back(product, {}) for product in plainer]
    file = read_record(emit({"products": made}).encode(), "", CatalogFile)
    assert [replace(one, file="", places="") for one in file.products] == plainer


@given(wares())
def test_what_is_exported_changes_nothing_where_it_came_from(goods: Wares) -> None:
    for product in goods.catalog.products.values():
        known = {key: said for key, said in to_builtins(product).items() if key != "id"}
        numbers = plain(read_back(product, known))
        assert numbers == plain({"id": product.id, **known})
