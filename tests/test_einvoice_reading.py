"""Reading e-invoices as other makers write them: prefixes, versions, extensions, odd values.

The files here are invented, in the shapes of published ones: the examples of CEN, Peppol BIS
Billing 3, the XRechnung test suite and ZUGFeRD 1.0.
"""

from datetime import date
from decimal import Decimal

import pytest

from q2c.core.einvoice.figures import disagreements, figures, unsaid
from q2c.documents.einvoice import Syntax, einvoice_xml
from q2c.exchange.einvoice import Read, read
from tests.eterms import EVERYTHING

BASIC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CII = "urn:un:unece:uncefact:data:standard"


def ubl(inside: str, root: str = "Invoice") -> Read:
    """Read a UBL document with other prefixes than ours."""
    space = f"urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
    spaces = f'xmlns:u="{space}" xmlns:a="{AGGREGATE}" xmlns:b="{BASIC}"'
    return read(f"<u:{root} {spaces}>{inside}</u:{root}>".encode())


def cii(inside: str) -> Read:
    """Read what stands in the transaction of a CII document."""
    spaces = " ".join(
        f'xmlns:{prefix}="{CII}:{name}:100"'
        for prefix, name in (
            ("rsm", "CrossIndustryInvoice"),
            ("ram", "ReusableAggregateBusinessInformationEntity"),
            ("udt", "UnqualifiedDataType"),
        )
    )
    transaction = f"<rsm:SupplyChainTradeTransaction>{inside}</rsm:SupplyChainTradeTransaction>"
    root = "rsm:CrossIndustryInvoice"
    return read(f"<{root} {spaces}>{transaction}</{root}>".encode())


def test_prefixes_blanks_comments_and_a_byte_order_mark_change_nothing() -> None:
    found = ubl("<!-- one --><b:ID>\n  F-1<!-- two -->\n</b:ID><b:Note/><?pi x?>")
    assert (found.terms, found.skipped) == ({"BT-1": "F-1"}, 0)
    assert read(b"\xef\xbb\xbf" + found.xml).terms == found.terms
    assert read(b"\n " + found.xml).terms == found.terms


def test_an_encoding_that_is_declared_is_obeyed() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    text += (
        f'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:b="{BASIC}"'
    )
    assert read(f"{text}><b:ID>Å-1</b:ID></Invoice>".encode("latin-1")).terms == {"BT-1": "Å-1"}


def test_extensions_are_skipped_and_counted() -> None:
    inside = "<b:UBLVersionID>2.1</b:UBLVersionID><b:ID>1</b:ID><x:ID xmlns:x='urn:other'>2</x:ID>"
    found = ubl(f"{inside}<a:PrepaidPayment><b:ID>3</b:ID></a:PrepaidPayment>")
    assert (found.terms, found.skipped) == ({"BT-1": "1"}, 3)


def test_lines_below_lines_are_not_lines_of_the_invoice() -> None:
    """XRechnung, extension: the parts of a line, whose sum the line has already."""
    line = "<a:{0}><b:ID>{1}</b:ID>{2}</a:{0}>"
    below = line.format("SubInvoiceLine", "1.1", "")
    found = ubl(line.format("InvoiceLine", "1", below))
    assert found.terms["BG-25"] == ({"BT-126": "1"},)


def test_the_vat_of_the_document_is_that_in_its_currency() -> None:
    """Whichever of the totals comes first."""
    heads = "<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>"
    heads += "<b:TaxCurrencyCode>SEK</b:TaxCurrencyCode>"
    total = '<a:TaxTotal><b:TaxAmount currencyID="{}">{}</b:TaxAmount></a:TaxTotal>'
    for order in ([("EUR", 1), ("SEK", 11)], [("SEK", 11), ("EUR", 1)]):
        found = ubl(heads + "".join(total.format(*one) for one in order)).terms
        assert (found["BT-110"], found["BT-111"]) == (Decimal(1), Decimal(11))


def test_a_tax_currency_that_is_the_same_makes_no_second_total() -> None:
    heads = "<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>"
    heads += "<b:TaxCurrencyCode>EUR</b:TaxCurrencyCode>"
    found = ubl(f'{heads}<a:TaxTotal><b:TaxAmount currencyID="EUR">5</b:TaxAmount></a:TaxTotal>')
    assert found.terms["BT-110"] == 5
    assert "BT-111" not in found.terms


def test_a_day_of_payment_is_found_where_either_kind_of_document_has_it() -> None:
    means = "<a:PaymentMeans><b:PaymentMeansCode>30</b:PaymentMeansCode>{}</a:PaymentMeans>"
    due = "<b:PaymentDueDate>2026-12-01</b:PaymentDueDate>"
    for root in ("Invoice", "CreditNote"):
        assert ubl(means.format(due), root).terms["BT-9"] == date(2026, 12, 1)
        assert ubl("<b:DueDate>2026-12-01Z</b:DueDate>", root).terms["BT-9"] == date(2026, 12, 1)


@pytest.mark.parametrize(
    "written", ["20261201", "2026-12-01", "2026-12-01T00:00:00+01:00", " 20261201 ", "202612011530"]
)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    when = f"<ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>{{}}{written}{{}}"
    when += "</ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>"
    for name in ("udt:DateTimeString", "udt:DateTime"):
        inside = when.format(f"<{name}>", f"</{name}>")
        found = cii(
            f"<ram:ApplicableHeaderTradeDelivery>{inside}</ram:ApplicableHeaderTradeDelivery>"
        )
        assert found.terms == {"BT-72": date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("element", "told"),
    [
        ("<b:IssueDate>2026-02-30</b:IssueDate>", "'2026-02-30' is not a day, so BT-2 is left out"),
        ("<b:DueDate>soon</b:DueDate>", "'soon' is not a day, so BT-9 is left out"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_with_its_line(element: str, told: str) -> None:
    found = ubl(f"\n{element}<b:ID>1</b:ID>")
    assert found.remarks == (f"line 2: {told}",)
    assert found.terms == {"BT-1": "1"}


@pytest.mark.parametrize("number", ["1e9", "NaN", "Infinity", "1,5", "9" * 99, "٣"])
def test_what_is_no_number_of_xml_is_not_an_amount(number: str) -> None:
    total = (
        f"<a:LegalMonetaryTotal><b:PayableAmount>{number}</b:PayableAmount></a:LegalMonetaryTotal>"
    )
    found = ubl(total)
    assert found.terms == {}
    assert len(found.remarks) == 1


def test_identifiers_in_cii_have_schemes_in_either_element() -> None:
    """XRechnung's samples for health applications give a scheme to ram:ID."""
    party = '<ram:ID>A</ram:ID><ram:ID schemeID="XR03">9</ram:ID>'
    party += '<ram:GlobalID schemeID="0088">7</ram:GlobalID>'
    found = cii(
        "<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>"
        f"{party}</ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>"
    )
    assert found.terms["BT-29"] == (
        {"BT-29": "A"},
        {"BT-29": "9", "BT-29-1": "XR03"},
        {"BT-29": "7", "BT-29-1": "0088"},
    )


def test_the_base_quantity_is_that_of_the_net_price() -> None:
    """CEN's fifth example of CII has another one at the gross price."""
    price = (
        "<ram:{0}PriceProductTradePrice><ram:ChargeAmount>{1}</ram:ChargeAmount>"
        "<ram:BasisQuantity>{2}</ram:BasisQuantity></ram:{0}PriceProductTradePrice>"
    )
    inside = price.format("Gross", "1.1", "1.1") + price.format("Net", "1", "1")
    line = f"<ram:SpecifiedLineTradeAgreement>{inside}</ram:SpecifiedLineTradeAgreement>"
    found = cii(
        f"<ram:IncludedSupplyChainTradeLineItem>{line}</ram:IncludedSupplyChainTradeLineItem>"
    )
    assert found.terms["BG-25"] == (
        {"BT-146": Decimal(1), "BT-148": Decimal("1.1"), "BT-149": Decimal(1)},
    )


ZUGFERD_1 = """<r:CrossIndustryDocument xmlns:r="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:m="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
 xmlns:t="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
<r:HeaderExchangedDocument><m:ID>47</m:ID><m:TypeCode>380</m:TypeCode><m:IssueDateTime>
<t:DateTimeString format="102">20130305</t:DateTimeString></m:IssueDateTime>
</r:HeaderExchangedDocument>
<r:SpecifiedSupplyChainTradeTransaction><m:ApplicableSupplyChainTradeAgreement>
<m:BuyerOrderReferencedDocument><m:ID>B-1</m:ID></m:BuyerOrderReferencedDocument>
</m:ApplicableSupplyChainTradeAgreement><m:ApplicableSupplyChainTradeSettlement>
<m:PaymentReference>47-2013</m:PaymentReference>
<m:ApplicableTradeTax><m:CategoryCode>S</m:CategoryCode><m:ApplicablePercent>19</m:ApplicablePercent>
</m:ApplicableTradeTax><m:SpecifiedTradeSettlementMonetarySummation>
<m:GrandTotalAmount currencyID="EUR">235.62</m:GrandTotalAmount>
</m:SpecifiedTradeSettlementMonetarySummation></m:ApplicableSupplyChainTradeSettlement>
<m:IncludedSupplyChainTradeLineItem><m:SpecifiedSupplyChainTradeSettlement>
<m:SpecifiedTradeSettlementMonetarySummation><m:LineTotalAmount>198.00</m:LineTotalAmount>
</m:SpecifiedTradeSettlementMonetarySummation></m:SpecifiedSupplyChainTradeSettlement>
</m:IncludedSupplyChainTradeLineItem></r:SpecifiedSupplyChainTradeTransaction>
</r:CrossIndustryDocument>"""


def test_zugferd_1_is_read_by_the_names_it_has() -> None:
    assert read(ZUGFERD_1.encode()).terms == {
        "BT-1": "47",
        "BT-2": date(2013, 3, 5),
        "BT-3": "380",
        "BT-13": "B-1",
        "BT-83": "47-2013",
        "BG-23": ({"BT-118": "S", "BT-119": Decimal(19)},),
        "BT-112": Decimal("235.62"),
        "BG-25": ({"BT-131": Decimal("198.00")},),
    }


def test_an_envelope_for_peppol_is_opened() -> None:
    inside = einvoice_xml({"BT-1": "F-1"}, "ubl").split(b"\n", 1)[1]
    space = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    head = f'<StandardBusinessDocument xmlns="{space}"><StandardBusinessDocumentHeader/>'.encode()
    assert read(head + inside + b"</StandardBusinessDocument>").terms == {"BT-1": "F-1"}


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_main_figures_have_plain_names(syntax: Syntax) -> None:
    told = figures(read(einvoice_xml(EVERYTHING, syntax)).terms)
    assert (told.number, told.issued_on, told.due_on) == (
        "F-2026-0001",
        date(2026, 1, 31),
        date(2026, 3, 2),
    )
    assert (told.net, told.vat, told.total) == (Decimal(700), Decimal(175), Decimal(875))
    assert (told.prepaid, told.payable) == (Decimal(100), Decimal("775.50"))
    assert (told.payment_reference, told.iban) == ("RF3120260001", "SE4550000000058398257466")
    assert (told.seller.name, told.buyer.name) == ("Nordlys Konsult AB", "Fjord Foods AS")


def test_an_iban_loses_its_blanks_and_a_giro_is_none() -> None:
    accounts = ({"BT-84": "50501055"}, {"BT-84": "SE45 5000 0000 0583 9825 7466"})
    told = figures({"BG-17": accounts})
    assert (told.iban, told.account) == ("SE4550000000058398257466", "50501055")


def test_a_trading_name_stands_for_one_that_is_not_said() -> None:
    assert figures({"BT-28": "Nordlys", "BT-45": "Fjord"}).seller.name == "Nordlys"


def test_sums_that_agree_are_not_spoken_of() -> None:
    assert [*disagreements(EVERYTHING)] == []
    assert [*disagreements({"BT-115": Decimal(5)})] == []


def test_what_every_invoice_says_is_told_where_it_is_not_there() -> None:
    assert [*unsaid(EVERYTHING)] == []
    assert [*unsaid({"BT-1": "7", "BT-44": "Fjord", "BG-25": ()})] == [
        "there is no seller's name (BT-27)"
    ]
    assert [*unsaid({"BT-1": "7"})] == [
        "there is no seller's name (BT-27), no buyer's name (BT-44), no line (BG-25)"
    ]


def test_sums_that_do_not_agree_are_told() -> None:
    wrong = {**EVERYTHING, "BT-106": Decimal("700.01")}
    assert [*disagreements(wrong)] == [
        "the lines come to 700.00, and 700.01 is stated (BT-106)",
        "lines, charges and allowances come to 700.01, and 700.00 is stated (BT-109)",
    ]
