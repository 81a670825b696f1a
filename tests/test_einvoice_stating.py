"""What an invoice says in the terms of EN 16931: cases worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.claim import Charge, Deducted, DuePart, Section
from q2c.core.einvoice import Form, Group, stated
from q2c.core.einvoice.parties import legal_id
from q2c.core.einvoice.saying import groups
from q2c.core.einvoice.units import unit_code
from q2c.core.invoice import Crediting, Invoice, Issue, credited, parts_of, uncredited
from q2c.core.money import Money
from q2c.core.party import Party
from q2c.core.period import Period
from q2c.core.tax import Rounding, Treatment, vat_of
from tests.einvoices import (
    ADLER,
    BANK,
    BUYERS,
    EXEMPT,
    FILES,
    NORDLYS,
    PAPERS,
    address,
    charged,
    invoiced,
    untaxed,
)

SEK = "SEK"


def kr(amount: str) -> Money:
    """Give kronor."""
    return Money.of(Decimal(amount), SEK)


def line_of(charge: Charge, form: Form = "ubl") -> Group:
    """State the only line of an invoice."""
    (line,) = groups(stated(invoiced(charge), form), "BG-25")
    return line


def of(terms: Group, *names: str) -> tuple[object, ...]:
    """Give some of the terms."""
    return tuple(terms.get(name) for name in names)


def comes_to(line: Group) -> Decimal:
    """Work a line out from what it says (PEPPOL-EN16931-R120)."""
    numbers = [line.get(term, Decimal(1)) for term in ("BT-129", "BT-146", "BT-149")]
    quantity, price, base = (one for one in numbers if isinstance(one, Decimal))
    off = sum(one["BT-136"] for one in groups(line, "BG-27"))  # type: ignore[misc]  # amounts
    on = sum(one["BT-141"] for one in groups(line, "BG-28"))  # type: ignore[misc]  # amounts
    return round(quantity * price / base, 2) + on - off


def note_of(invoice: Invoice, *, whole: bool = True) -> Invoice:
    """Credit an invoice, or half of its first line."""
    left = uncredited(invoice, ())
    sums = left if whole else {"1": left["1"].share(Decimal("0.5"))}
    what = Crediting(parts=parts_of(sums), issued_on=date(2026, 12, 1), reason="Agreed")
    return credited(invoice, (), what, Issue(number="K-2026-0001", look=""))


@pytest.mark.parametrize(
    ("form", "process", "specification"),
    [
        ("ubl", None, "urn:cen.eu:en16931:2017"),
        ("factur-x", None, "urn:cen.eu:en16931:2017"),
        (
            "peppol",
            "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
            "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        ),
        (
            "xrechnung-cii",
            "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
            "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
        ),
    ],
)
def test_each_format_names_its_specification(
    form: Form, process: str | None, specification: str
) -> None:
    terms = stated(invoiced(charged()), form)
    assert of(terms, "BT-23", "BT-24") == (process, specification)


def test_a_swedish_seller_is_named_by_its_numbers() -> None:
    """Peppol BIS Billing 3.0, SE-R-001 to SE-R-005: ten digits in 0007, SE…01, F-tax in Swedish."""
    terms = stated(invoiced(charged()), "peppol")
    expected = {
        "BT-30": "5599991238",
        "BT-30-1": "0007",
        "BT-31": "SE559999123801",
        "BT-32": "Godkänd för F-skatt",
        "BT-33": "Registered seat: Stockholm",
        "BT-34": "5599991238",
        "BT-34-1": "0007",
        "BT-41": "Maja Lind",
    }
    assert {term: terms[term] for term in expected} == expected


@pytest.mark.parametrize(
    ("country", "number", "register", "told"),
    [
        ("SE", "559999-1238", "0007", "5599991238"),
        ("NO", "974 760 673", "0192", "974760673"),
        ("DK", "12345678", "0184", "DK12345678"),
        ("NL", "12345678", "0106", "12345678"),
        ("CH", "CHE-123.456.788", "0183", "CHE123456788"),
        ("DE", "HRB 12345", "", "HRB12345"),
        ("SE", "unknown", "", "UNKNOWN"),
    ],
)
def test_organisation_numbers_stand_in_the_register_of_their_country(
    country: str, number: str, register: str, told: str
) -> None:
    party = Party(id="one", name="One", org_number=number, address=address(country))
    assert legal_id(party) == (register, told)


def test_who_has_no_electronic_address_is_reached_by_mail_but_not_in_peppol() -> None:
    buyer = replace(ADLER, electronic_address="")
    invoice = invoiced(charged(how=untaxed("reverse-charge")), buyer=buyer)
    terms = stated(invoice, "xrechnung")
    assert of(terms, "BT-49-1", "BT-49") == ("EM", "einkauf@adler.example")
    assert "BT-49" not in stated(invoice, "peppol")


def test_bankgiro_and_plusgiro_are_paid_with_the_ocr_reference() -> None:
    """Peppol BIS Billing 3.0, SE-R-007 to SE-R-011: code 30, digits only, the giro as bank."""
    terms = stated(invoiced(charged()), "peppol")
    assert of(terms, "BT-81", "BT-83") == ("30", "2026004206")
    accounts = [of(one, "BT-84", "BT-86") for one in groups(terms, "BG-17")]
    assert accounts == [("9912346", "SE:BANKGIRO"), ("9020033", "SE:PLUSGIRO")]


def test_a_buyer_abroad_pays_kronor_to_the_iban_as_well() -> None:
    invoice = invoiced(charged(how=untaxed("reverse-charge")), buyer=ADLER)
    accounts = [one["BT-84"] for one in groups(stated(invoice, "ubl"), "BG-17")]
    assert accounts == ["9912346", "9020033", "SE4550000000058398257466"]


@pytest.mark.parametrize(("currency", "means"), [("EUR", "58"), ("USD", "30")])
def test_other_currencies_are_paid_to_the_iban_with_the_rf_reference(
    currency: str, means: str
) -> None:
    lines = [replace(charged(), net=Money(10000, currency))]
    invoice = invoiced(*lines, seller=NORDLYS)
    terms = stated(invoice, "ubl")
    (account,) = groups(terms, "BG-17")
    assert of(terms, "BT-81", "BT-83") == (means, invoice.rf)
    assert of(account, "BT-84", "BT-86") == ("SE4550000000058398257466", "ESSESESS")


def test_nothing_is_said_of_paying_where_there_is_no_account() -> None:
    terms = stated(
        invoiced(
            charged(),
            seller=replace(NORDLYS, bank=replace(BANK, iban="", bankgiro="", plusgiro="")),
        ),
        "ubl",
    )
    assert not {"BT-81", "BT-83", "BG-17"} & terms.keys()
    assert terms["BT-9"] == date(2026, 12, 20)


def test_an_invoice_of_nothing_is_settled_and_has_no_terms() -> None:
    terms = stated(invoiced(charged("0")), "xrechnung")
    assert terms["BT-81"] == "97"
    assert not {"BT-9", "BT-20", "BG-17"} & terms.keys()


def test_terms_of_payment_are_in_the_language_of_the_invoice() -> None:
    terms = stated(invoiced(charged(), language="sv"), "ubl")
    assert terms["BT-20"] == (
        "30 dagar netto.\nDröjsmålsränta: gällande referensränta plus 8 procentenheter."
    )


def test_instalments_are_due_on_the_first_day_and_told_in_the_terms() -> None:
    parts = (
        DuePart(due_on=date(2026, 12, 1), amount=kr("25")),
        DuePart(due_on=date(2027, 1, 1), amount=kr("100")),
    )
    terms = stated(invoiced(charged(), instalments=parts), "ubl")
    assert terms["BT-9"] == date(2026, 12, 1)
    assert str(terms["BT-20"]).splitlines()[:2] == [
        "25.00 SEK by 2026-12-01",
        "100.00 SEK by 2027-01-01",
    ]


def test_a_discount_is_an_allowance_with_its_reason_and_percentage() -> None:
    """UNTDID 5189 code 95: 16 at 348.35 less 4 % are 5 350.66 (odoo/odoo#37896)."""
    line = line_of(
        charged("5350.66", quantity=Decimal(16), unit_price=Decimal("348.35"), gross=kr("5573.60"))
    )
    (off,) = groups(line, "BG-27")
    assert off == {
        "BT-136": Decimal("222.94"),
        "BT-137": Decimal("5573.60"),
        "BT-138": Decimal("4.00"),
        "BT-139": "Discount",
        "BT-140": "95",
    }
    assert (*of(line, "BT-146"), comes_to(line)) == (Decimal("348.35"), Decimal("5350.66"))


def test_a_surcharge_is_a_charge() -> None:
    line = line_of(charged("110", unit_price=Decimal(100), gross=kr("100")))
    (on,) = groups(line, "BG-28")
    assert of(on, "BT-141", "BT-144") == (Decimal("10.00"), "Surcharge")
    assert comes_to(line) == 110


def test_tiers_have_an_average_price_where_it_adds_up() -> None:
    """Ten at 100 and two at 80: 1 160 for twelve; 96.67 each makes 1 160.04, 96.6667 is near."""
    line = line_of(charged("1160", quantity=Decimal(12), unit="licence"))
    assert (*of(line, "BT-129", "BT-146"), comes_to(line)) == (12, Decimal("96.6667"), 1160)
    assert groups(line, "BG-32") == ({"BT-160": "Unit", "BT-161": "licence"},)


def test_what_no_average_adds_up_to_is_priced_for_all_units_at_once() -> None:
    """1 234.56 for 7 391.3 units: 0.16703 each, so no price of four decimals comes to it."""
    line = line_of(charged("1234.56", quantity=Decimal("7391.3"), unit="GB"))
    assert of(line, "BT-146", "BT-149", "BT-150") == (
        Decimal("1234.56"),
        Decimal("7391.3"),
        "E34",
    )
    assert comes_to(line) == Decimal("1234.56")


def test_a_percentage_is_a_price_for_each_hundred() -> None:
    line = line_of(charged("1500", quantity=Decimal(10000), unit=SEK, percent=Decimal(15)))
    assert of(line, "BT-129", "BT-146", "BT-149") == (10000, 15, 100)
    assert comes_to(line) == 1500


def test_what_goes_back_has_a_negative_quantity_and_never_a_negative_price() -> None:
    line = line_of(charged("-250"))
    assert of(line, "BT-129", "BT-146", "BT-131") == (-1, 250, Decimal("-250.00"))


def test_an_amount_for_no_units_is_one_with_the_quantity_as_an_attribute() -> None:
    line = line_of(charged("250", quantity=Decimal(0)))
    assert of(line, "BT-129", "BT-130", "BT-146") == (1, "C62", 250)
    assert groups(line, "BG-32") == ({"BT-160": "Quantity", "BT-161": "0"},)


def test_a_price_with_vat_is_told_without() -> None:
    """500.00 with 25 % is 400.00 without (InvoiceShelf/InvoiceShelf#380)."""
    charge = charged("400", unit_price=Decimal(500), with_vat=kr("500"))
    line = line_of(charge)
    assert (*of(line, "BT-146", "BT-131"), comes_to(line)) == (400, 400, 400)


def test_a_line_names_its_order_line_its_item_and_its_days() -> None:
    line = line_of(charged(text="Workshop\r\nand notes "))
    assert of(line, "BT-128", "BT-155") == ("O-2026-0001/1", "advisory")
    assert of(line, "BT-153", "BT-154") == ("Rådgivning", "Workshop\nand notes")
    assert of(line, "BT-134", "BT-135") == (date(2026, 11, 2), date(2026, 11, 6))


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("h", "HUR"),
        ("Timme", "HUR"),
        ("dagar", "DAY"),
        ("mån.", "MON"),
        ("år", "ANN"),
        ("vecka", "WEE"),
        ("st", "H87"),
        ("GB", "E34"),
        ("team", "C62"),
        ("", "C62"),
    ],
)
def test_units_have_codes(word: str, code: str) -> None:
    """UN/ECE Recommendation 20."""
    assert unit_code(word) == code


def test_days_of_supply_are_a_period_and_the_day_that_it_was_done() -> None:
    terms = stated(invoiced(charged()), "ubl")
    days = (date(2026, 11, 2), date(2026, 11, 6))
    assert of(terms, "BT-73", "BT-74", "BT-72") == (*days, days[1])


def test_what_is_billed_in_advance_has_no_day_of_delivery_but_a_place() -> None:
    year = Period(date(2026, 11, 1), date(2027, 10, 31))
    terms = stated(invoiced(charged(service=year, supplied=year)), "ubl")
    assert of(terms, "BT-74", "BT-80") == (date(2027, 10, 31), "SE")
    assert "BT-72" not in terms


def test_goods_to_another_member_state_say_where_they_went() -> None:
    """BR-IC-11 and BR-IC-12 of EN 16931."""
    buyer = BUYERS["union"][1]
    terms = stated(invoiced(charged(how=untaxed("intra-community")), buyer=buyer), "ubl")
    assert of(terms, "BT-77", "BT-80") == ("Oulu", "FI")
    (row,) = groups(terms, "BG-23")
    assert of(row, "BT-118", "BT-121", "BT-119") == ("K", "VATEX-EU-IC", 0)


def test_vat_stands_once_for_each_category_and_rate_with_its_reasons() -> None:
    """BR-E-01 of EN 16931: exempt for two reasons is one row, with both."""
    other = Treatment(category="E", reason="Undantag, 10 kap. 20 § ML")
    terms = stated(invoiced(charged(how=EXEMPT), charged("50", how=other), charged("10")), "ubl")
    rows = [of(row, "BT-118", "BT-116", "BT-117") for row in groups(terms, "BG-23")]
    assert rows == [("S", 10, Decimal("2.50")), ("E", 150, 0)]
    reasons = groups(terms, "BG-23")[1]["BT-120"]
    assert reasons == f"{EXEMPT.reason}\n{other.reason}"


def test_a_rate_of_nothing_is_zero_rated() -> None:
    (row,) = groups(stated(invoiced(charged(how=Treatment(category="S"))), "ubl"), "BG-23")
    assert (row["BT-118"], "BT-120" in row) == ("Z", False)


def test_a_foreign_currency_says_its_vat_in_kronor_and_the_rate() -> None:
    """Directive 2006/112/EC art. 230: 25.00 EUR at 11.2345 are 280.86 SEK."""
    terms = stated(invoiced(replace(charged(), net=Money(10000, "EUR"))), "ubl")
    assert of(terms, "BT-5", "BT-6", "BT-111") == ("EUR", SEK, Decimal("280.86"))
    (note,) = groups(terms, "BG-1")
    assert note["BT-22"] == "1 EUR = 11.2345 SEK on 2026-11-18 (Riksbanken)"


def test_deposits_are_paid_already_and_named() -> None:
    """100 with 25 % is 125; a deposit of 40 and 10 leaves 75, and all the VAT stands there."""
    rows = vat_of([charged("40")], SEK)
    deposit = Deducted(number="F-2026-0001", issued_on=date(2026, 3, 1), vat=rows)
    terms = stated(invoiced(charged(), scheduled="final", deposits=(deposit,)), "ubl")
    totals = [terms[term] for term in ("BT-110", "BT-112", "BT-113", "BT-115")]
    assert totals == [25, 125, 50, 75]
    assert groups(terms, "BG-3") == ({"BT-25": "F-2026-0001", "BT-26": date(2026, 3, 1)},)


def test_vat_in_kronor_of_a_final_invoice_is_that_of_all_as_it_was_booked() -> None:
    euro = replace(charged(), net=Money(10000, "EUR"))
    rows = vat_of([replace(euro, net=Money(4000, "EUR"))], "EUR")
    deposit = Deducted(
        number="F-2026-0001", issued_on=date(2026, 3, 1), vat=rows, home=kr("110.00")
    )
    terms = stated(invoiced(euro, scheduled="final", deposits=(deposit,)), "ubl")
    assert terms["BT-111"] == Decimal("278.52")  # 15.00 EUR at 11.2345 are 168.52, and 110.00


@pytest.mark.parametrize(("form", "code"), [("peppol", "386"), ("xrechnung", "326")])
def test_a_deposit_is_a_prepayment_invoice_or_for_xrechnung_a_partial_one(
    form: Form, code: str
) -> None:
    """UNTDID 1001; BR-DE-17 knows no 386."""
    terms = stated(invoiced(charged(), scheduled="deposit"), form)
    assert terms["BT-3"] == code
    assert not {"BT-72", "BT-73"} & terms.keys()


def test_what_is_rounded_for_cash_is_told() -> None:
    lines = (charged("100.10"),)
    terms = stated(invoiced(*lines, rounding=Rounding(cash=Decimal(1))), "ubl")
    assert of(terms, "BT-112", "BT-114", "BT-115") == (
        Decimal("125.13"),
        Decimal("-0.13"),
        125,
    )


def test_a_credit_note_is_positive_names_its_invoice_and_is_set_off() -> None:
    terms = stated(note_of(invoiced(charged())), "peppol")
    assert of(terms, "BT-3", "BT-115", "BT-81") == ("381", 125, "97")
    assert groups(terms, "BG-3") == ({"BT-25": "F-2026-0042", "BT-26": date(2026, 11, 20)},)
    (note,) = groups(terms, "BG-1")
    assert note["BT-22"] == "Agreed"
    assert not {"BT-9", "BT-83", "BG-17"} & terms.keys()


def test_a_part_that_is_credited_is_one_at_what_goes_back() -> None:
    (line,) = groups(stated(note_of(invoiced(charged()), whole=False), "ubl"), "BG-25")
    assert of(line, "BT-129", "BT-146", "BT-131") == (1, 50, 50)


def test_an_invoice_of_several_orders_says_which_line_is_of_which() -> None:
    sections = (
        Section(order="O-2026-0001", po="45-1", title="Drift"),
        Section(order="O-2026-0002", cost_centre="K200"),
    )
    lines = (charged(), charged(source="O-2026-0002/1"))
    terms = stated(invoiced(*lines, order="", sections=sections), "ubl")
    first, second = groups(terms, "BG-25")
    assert (first["BT-127"], second["BT-127"]) == ("O-2026-0001 · 45-1\nDrift", "O-2026-0002")
    assert second["BT-133"] == "K200"
    assert "BT-14" not in terms


def test_attachments_go_along_if_they_are_of_a_kind_that_can() -> None:
    """BR-CL-24 knows PDF, PNG, JPEG, CSV, XLSX and ODS; CII takes one (CII-SR-476)."""
    invoice = invoiced(charged(), attachments=PAPERS)
    found = groups(stated(invoice, "ubl", FILES), "BG-24")
    assert [of(one, "BT-122", "BT-125-1") for one in found] == [
        ("report.pdf", "application/pdf"),
        ("hours.csv", "text/csv"),
        ("plan.dwg", None),
    ]
    inside = ["BT-125" in one for one in groups(stated(invoice, "cii", FILES), "BG-24")]
    assert inside == [True, False, False]


def test_two_attachments_of_one_name_have_two() -> None:
    papers = (PAPERS[0], replace(PAPERS[0], path="other/report.pdf"))
    found = groups(stated(invoiced(charged(), attachments=papers), "ubl"), "BG-24")
    assert [one["BT-122"] for one in found] == ["report.pdf", "_report.pdf"]


def test_the_report_of_hours_goes_along() -> None:
    invoice = invoiced(charged(), time_report="csv")
    files = {"invoices/2026/F-2026-0042.time.csv": b"day,hours\n"}
    (one,) = groups(stated(invoice, "ubl", files), "BG-24")
    assert of(one, "BT-122", "BT-125") == ("F-2026-0042.time.csv", b"day,hours\n")
