"""Rules of e-invoices: for each an invoice that passes it, and one that does not."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from q2c.core.einvoice import FORMS, Form, Group, Value, faults_of, foreseen, lacking, stated
from q2c.core.einvoice.rules import rules_of
from q2c.core.einvoice.rules.german import NAMES
from q2c.core.einvoice.rules.numbers import (
    belgian,
    gln,
    luxembourgish,
    norwegian,
    swedish,
)
from q2c.core.einvoice.saying import groups
from q2c.core.money import Money
from q2c.core.party import Address, Bank, Company, Customer
from q2c.core.tax import Treatment
from q2c.core.trace import noted
from q2c.documents.einvoice import einvoice_xml, syntax_of
from tests.einvoices import (
    ADLER,
    BUYERS,
    EXEMPT,
    NORDLYS,
    STERN,
    charged,
    claimed,
    invoiced,
    untaxed,
)
from tests.einvoicing import findings

Changes = Mapping[str, "Value | tuple[Group, ...] | None"]
ACCOUNT = {"BT-84": "9912346", "BT-86": "SE:BANKGIRO"}
EARLY, LATE = date(2026, 1, 1), date(2027, 1, 1)


def stated_well(form: Form, category: str = "S") -> Group:
    """State an invoice that passes: at home, or to a customer whose VAT is of another category."""
    if category == "S":
        return stated(invoiced(charged(), charged("50", source="O-2026-0001/2")), form)
    if category == "DE":
        line = charged(how=Treatment(category="S", rate=Decimal(19)))
        euro = msgspec.structs.replace(line, net=Money(10000, "EUR"))
        return stated(invoiced(euro, seller=STERN, buyer=ADLER), form)
    how = {"AE": untaxed("reverse-charge"), "K": untaxed("intra-community")}
    how |= {"G": untaxed("export-service"), "E": EXEMPT}
    how |= {"Z": Treatment(category="S")}
    buyer = BUYERS["world"][0] if category == "G" else ADLER
    return stated(invoiced(charged(how=how[category]), buyer=buyer), form)


def changed(terms: Group, changes: Changes) -> Group:
    """Change terms; those that are nothing go, and a dotted one is of the first of its group."""
    found = dict(terms)
    for term, value in changes.items():
        group, _, inner = term.partition(".")
        if inner:
            first, *rest = groups(found, group)
            found[group] = (changed(first, {inner: value}), *rest)
        elif value is None:
            found.pop(term, None)
        else:
            found[term] = value
    return found


CASES: list[tuple[str, Form, str, Changes]] = [
    ("BR-02", "ubl", "S", {"BT-1": None}),
    ("BR-CO-26", "ubl", "S", {"BT-30": None, "BT-31": None}),
    ("BR-CO-09", "ubl", "S", {"BT-31": "559999123801"}),
    ("BR-CO-09", "ubl", "S", {"BT-48": "556016068001"}),
    ("BR-CL-14", "ubl", "S", {"BT-40": "UK"}),
    ("BR-CL-14", "ubl", "S", {"BT-55": "UK"}),
    ("BR-CL-25", "ubl", "S", {"BT-34-1": "0001"}),
    ("BR-CL-25", "ubl", "S", {"BT-49-1": "0001"}),
    ("BR-S-02", "ubl", "S", {"BT-31": None, "BT-32": None}),
    ("BR-Z-02", "ubl", "Z", {"BT-31": None, "BT-32": None}),
    ("BR-E-02", "ubl", "E", {"BT-31": None, "BT-32": None}),
    ("BR-AE-02", "ubl", "AE", {"BT-31": None, "BT-32": None}),
    ("BR-AE-02", "ubl", "AE", {"BT-48": None}),
    ("BR-IC-02", "ubl", "K", {"BT-31": None}),
    ("BR-IC-02", "ubl", "K", {"BT-48": None}),
    ("BR-G-02", "ubl", "G", {"BT-31": None}),
    ("BR-IC-11", "ubl", "K", {"BT-72": None, "BT-73": None, "BT-74": None}),
    ("BR-IC-12", "ubl", "K", {"BT-80": None}),
    ("BR-E-10", "ubl", "E", {"BG-23.BT-120": None}),
    ("BR-AE-10", "ubl", "AE", {"BG-23.BT-120": None, "BG-23.BT-121": None}),
    ("BR-IC-10", "ubl", "K", {"BG-23.BT-120": None, "BG-23.BT-121": None}),
    ("BR-G-10", "ubl", "G", {"BG-23.BT-120": None, "BG-23.BT-121": None}),
    ("BR-CL-04", "ubl", "S", {"BT-5": "BGN"}),
    ("BR-DEC-23", "ubl", "S", {"BG-25.BT-131": Decimal("100.001")}),
    ("BR-27", "ubl", "S", {"BG-25.BT-146": Decimal(-100)}),
    ("BR-29", "ubl", "S", {"BT-74": EARLY}),
    ("BR-30", "ubl", "S", {"BG-25.BT-135": EARLY}),
    ("BR-53", "ubl", "S", {"BT-6": "EUR"}),
    ("BR-61", "ubl", "S", {"BG-17": None}),
    ("BR-CL-24", "ubl", "S", {"BG-24": ({"BT-122": "a", "BT-125": b"a", "BT-125-1": "a/b"},)}),
    ("BR-CO-10", "ubl", "S", {"BT-106": Decimal(149)}),
    ("BR-CO-13", "ubl", "S", {"BT-109": Decimal(149)}),
    ("BR-CO-14", "ubl", "S", {"BT-110": Decimal(37)}),
    ("BR-CO-15", "ubl", "S", {"BT-112": Decimal(187)}),
    ("BR-CO-16", "ubl", "S", {"BT-113": Decimal(10)}),
    ("BR-CO-17", "ubl", "S", {"BG-23.BT-117": Decimal("38.50"), "BT-110": Decimal("38.50")}),
    ("BR-S-08", "ubl", "S", {"BG-23.BT-116": Decimal(100)}),
    ("BR-CO-25", "ubl", "S", {"BT-9": None, "BT-20": None}),
    ("PEPPOL-EN16931-R002", "peppol", "S", {"BG-1": ({"BT-22": "a"}, {"BT-22": "b"})}),
    ("PEPPOL-EN16931-R003", "peppol", "S", {"BT-10": None, "BT-13": None}),
    ("PEPPOL-EN16931-R005", "peppol", "S", {"BT-6": "SEK"}),
    ("PEPPOL-EN16931-R010", "peppol", "S", {"BT-49": None}),
    ("PEPPOL-EN16931-R020", "peppol", "S", {"BT-34": None}),
    ("PEPPOL-EN16931-R110", "peppol", "S", {"BG-25.BT-134": EARLY}),
    ("PEPPOL-EN16931-R111", "peppol", "S", {"BG-25.BT-135": LATE}),
    ("PEPPOL-EN16931-R120", "peppol", "S", {"BG-25.BT-129": Decimal(2)}),
    ("PEPPOL-EN16931-R121", "peppol", "S", {"BG-25.BT-149": Decimal(-1)}),
    (
        "PEPPOL-EN16931-R040",
        "peppol",
        "S",
        {"BG-25.BG-27": ({"BT-136": Decimal(9), "BT-137": Decimal(100), "BT-138": Decimal(10)},)},
    ),
    ("PEPPOL-EN16931-CL008", "peppol", "S", {"BT-34-1": "EM"}),
    ("PEPPOL-EN16931-CL008", "peppol", "S", {"BT-49-1": "EM"}),
    ("PEPPOL-EN16931-P0100", "peppol", "S", {"BT-3": "325"}),
    ("PEPPOL-EN16931-P0112", "peppol", "S", {"BT-3": "326"}),
    ("PEPPOL-EN16931-P0104", "peppol", "E", {"BG-23.BT-121": "VATEX-EU-G"}),
    ("PEPPOL-EN16931-P0105", "peppol", "E", {"BG-23.BT-121": "VATEX-EU-O"}),
    ("PEPPOL-EN16931-P0106", "peppol", "E", {"BG-23.BT-121": "VATEX-EU-IC"}),
    ("PEPPOL-EN16931-P0107", "peppol", "E", {"BG-23.BT-121": "VATEX-EU-AE"}),
    ("PEPPOL-COMMON-R040", "peppol", "S", {"BT-49": "7300010000002", "BT-49-1": "0088"}),
    ("PEPPOL-COMMON-R041", "peppol", "S", {"BT-49": "974760674", "BT-49-1": "0192"}),
    ("PEPPOL-COMMON-R042", "peppol", "S", {"BT-49": "12345678", "BT-49-1": "0184"}),
    ("PEPPOL-COMMON-R043", "peppol", "S", {"BT-49": "0123456789", "BT-49-1": "0208"}),
    ("PEPPOL-COMMON-R049", "peppol", "S", {"BT-34": "5599991239", "BT-34-1": "0007"}),
    ("PEPPOL-COMMON-R052", "peppol", "S", {"BT-49": "DK12345678", "BT-49-1": "0096"}),
    ("PEPPOL-COMMON-R053", "peppol", "S", {"BT-49": "12345678", "BT-49-1": "0198"}),
    ("PEPPOL-COMMON-R054", "peppol", "S", {"BT-47": "1234567", "BT-47-1": "0106"}),
    ("PEPPOL-COMMON-R055", "peppol", "S", {"BT-49": "1234567890", "BT-49-1": "0190"}),
    ("PEPPOL-COMMON-R056-1", "peppol", "S", {"BT-49": "NL123456789", "BT-49-1": "9944"}),
    ("PEPPOL-COMMON-R056-2", "peppol", "S", {"BT-48": "NL123456789"}),
    ("PEPPOL-COMMON-R058", "peppol", "S", {"BT-48": "LU12345614"}),
    ("PEPPOL-COMMON-R062", "peppol", "S", {"BT-48": "BE0403170702"}),
    ("SE-R-001", "peppol", "S", {"BT-31": "SE5599991238"}),
    ("SE-R-002", "peppol", "S", {"BT-31": "SE5599991238AB"}),
    ("SE-R-003", "peppol", "S", {"BT-30": "559999-123"}),
    ("SE-R-004", "peppol", "S", {"BT-30": "55999912"}),
    ("SE-R-005", "peppol", "S", {"BT-32": "Approved for F-tax"}),
    ("SE-R-006", "peppol", "S", {"BG-23.BT-119": Decimal(24)}),
    (
        "SE-R-007",
        "peppol",
        "S",
        {"BG-17": ({**ACCOUNT, "BT-84": "9020-3", "BT-86": "SE:PLUSGIRO"},)},
    ),
    ("SE-R-008", "peppol", "S", {"BG-17": ({**ACCOUNT, "BT-84": "991-2346"},)}),
    ("SE-R-009", "peppol", "S", {"BG-17": ({**ACCOUNT, "BT-84": "99123"},)}),
    ("SE-R-010", "peppol", "S", {"BG-17": ({"BT-84": "902003333", "BT-86": "SE:PLUSGIRO"},)}),
    ("SE-R-011", "peppol", "S", {"BT-81": "50"}),
    ("SE-R-012", "peppol", "S", {"BT-81": "31"}),
    ("SE-R-013", "peppol", "S", {"BT-30": "5599991239"}),
    ("BR-DE-1", "xrechnung", "S", {"BT-81": None, "BG-17": None}),
    ("BR-DE-2", "xrechnung", "S", {"BT-41": None, "BT-42": None, "BT-43": None}),
    ("BR-DE-3", "xrechnung", "S", {"BT-37": None}),
    ("BR-DE-4", "xrechnung", "S", {"BT-38": None}),
    ("BR-DE-5", "xrechnung", "S", {"BT-41": None}),
    ("BR-DE-6", "xrechnung", "S", {"BT-42": None}),
    ("BR-DE-7", "xrechnung", "S", {"BT-43": None}),
    ("BR-DE-8", "xrechnung", "S", {"BT-52": None}),
    ("BR-DE-9", "xrechnung", "S", {"BT-53": None}),
    ("BR-DE-10", "xrechnung", "K", {"BT-77": None}),
    ("BR-DE-11", "xrechnung", "K", {"BT-78": None}),
    ("BR-DE-14", "xrechnung", "S", {"BG-23.BT-119": None}),
    ("BR-DE-15", "xrechnung", "S", {"BT-10": None}),
    ("BR-DE-16", "xrechnung", "S", {"BT-31": None, "BT-32": None}),
    ("BR-DE-17", "xrechnung", "S", {"BT-3": "386"}),
    ("BR-DE-18", "xrechnung", "S", {"BT-20": "Tack\n#SKONTO#TAGE=7#"}),
    (
        "BR-DE-19",
        "xrechnung",
        "S",
        {"BT-81": "58", "BG-17": ({"BT-84": "DE75512108001245126198"},)},
    ),
    ("BR-DE-21", "xrechnung", "S", {"BT-24": "urn:cen.eu:en16931:2017"}),
    (
        "BR-DE-22",
        "xrechnung",
        "S",
        {
            "BG-24": tuple(
                {
                    "BT-122": name,
                    "BT-125": b"%PDF-1.7",
                    "BT-125-1": "application/pdf",
                    "BT-125-2": "same.pdf",
                }
                for name in ("a", "b")
            )
        },
    ),
    ("BR-DE-23-a", "xrechnung", "S", {"BG-17": None}),
    ("BR-DE-27", "xrechnung", "S", {"BT-42": "extension 7"}),
    ("BR-DE-28", "xrechnung", "S", {"BT-43": "faktura@nordlys"}),
]
# The same between two German parties in Peppol.
DELIVERED: Changes = {"BT-77": "Berlin", "BT-78": "10115", "BT-80": "DE"}
CASES += [
    (NAMES[rule], "peppol", "DE", {**(DELIVERED if category == "K" else {}), **changes})
    for rule, _, category, changes in CASES
    if rule in NAMES
]
# Rules of Peppol that no package ships, what has no form without the term, and a rule of the
# standard that its official releases leave out.
UNASKED = (
    "DE-R",
    "SE-R",
    "PEPPOL-COMMON",
    "PEPPOL-EN16931-CL",
    "PEPPOL-EN16931-P",
    "PEPPOL-EN16931-R002",
    "PEPPOL-EN16931-R003",
    "BR-02",
    "BR-CO-25",
)
ASKED = [case for case in CASES if not case[0].startswith(UNASKED)]


def ids(terms: Group, form: Form) -> list[str]:
    """Name the rules that terms break."""
    return [fault.message.partition(":")[0] for fault in faults_of(terms, form)]


@pytest.mark.parametrize(("rule", "form", "category", "changes"), CASES)
def test_a_rule_is_kept_by_a_good_invoice_and_broken_by_a_bad_one(
    rule: str, form: Form, category: str, changes: Changes
) -> None:
    good = stated_well(form, category)
    assert not ids(good, form)
    faults = [*faults_of(changed(good, changes), form)]
    mine = [fault for fault in faults if fault.message.startswith(f"{rule}: ")]
    assert mine, ids(changed(good, changes), form)
    assert {fault.code for fault in mine} == {"einvoice-rule"}
    assert all(fault.message.endswith(".") and fault.remedy for fault in mine)


def test_every_rule_has_a_case() -> None:
    rules = {rule.id for form in FORMS for rule in rules_of(form)}
    assert rules == {rule for rule, *_ in CASES}


@pytest.mark.parametrize(("rule", "form", "category", "changes"), ASKED)
def test_what_breaks_a_rule_here_breaks_it_in_the_official_rules(
    rule: str, form: Form, category: str, changes: Changes
) -> None:
    terms = changed(stated_well(form, category), changes)
    found = findings(einvoice_xml(terms, syntax_of(form)), form)
    assert any(one.startswith(f"{rule} ") for one in found), found


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("category", ["S", "Z", "AE", "K", "G", "E"])
def test_an_invoice_that_is_well_passes_in_every_format(form: Form, category: str) -> None:
    terms = stated_well(form, category)
    assert not ids(terms, form)
    assert not findings(einvoice_xml(terms, syntax_of(form)), form)


@pytest.mark.parametrize(
    ("valid", "good", "bad"),
    [
        (gln, "7300010000001", "7300010000002"),
        (norwegian, "974760673", "974760674"),  # the Brønnøysund registers' own number
        (luxembourgish, "15027442", "15027443"),
        (belgian, "0403170701", "0403170702"),
        (swedish, "5560360793", "5560360794"),
    ],
)
def test_numbers_have_check_digits(valid: object, good: str, bad: str) -> None:
    assert callable(valid)
    assert (valid(good), valid(bad), valid("")) == (True, False, False)


COMPANY = Company(
    id="nordlys",
    name="Nordlys Konsult AB",
    org_number="559999-1238",
    vat_id="SE559999123801",
    address=Address(street="Storgatan 1", postal_code="111 23", city="Stockholm", country="SE"),
    email="faktura@nordlys.example",
    bank=Bank(bankgiro="991-2346", iban="SE4550000000058398257466"),
    currency="SEK",
    file="company.yaml",
    places=noted({"": (1, 1), "email": (9, 8)}),
)
NORRBY = Customer(
    id="norrby",
    name="Norrby",
    address=Address(street="Torget 1", postal_code="930 10", city="Norrby", country="SE"),
    file="customers/norrby.yaml",
    places=noted({"": (1, 1)}),
)


def test_what_the_parties_lack_is_told_at_its_place_before_there_is_an_invoice() -> None:
    told = [(str(f.place), f.message.partition(":")[0]) for f in lacking(COMPANY, NORRBY, "peppol")]
    assert told == [
        ("customers/norrby.yaml:1:1", "PEPPOL-EN16931-R003"),
        ("customers/norrby.yaml:1:1", "PEPPOL-EN16931-R010"),
    ]
    remedies = [fault.remedy for fault in lacking(COMPANY, NORRBY, "peppol")]
    assert all("customers/norrby.yaml" in remedy for remedy in remedies)


def test_a_fault_stands_at_the_value_that_is_wrong() -> None:
    wrong = msgspec.structs.replace(COMPANY, email="nobody", phone="+46 8 555", contact="Maja Lind")
    well = msgspec.structs.replace(NORRBY, reference="4711", electronic_address="0007:5599991238")
    (fault,) = lacking(wrong, well, "xrechnung")
    assert (str(fault.place), fault.message) == (
        "company.yaml:9:8",
        "BR-DE-28: nobody is no mail address.",
    )


def test_a_customer_with_order_numbers_needs_no_reference() -> None:
    known = {"require_po": True, "electronic_address": "0007:5599991238"}
    assert not [*lacking(COMPANY, msgspec.structs.replace(NORRBY, **known), "peppol")]


def test_nothing_is_lacking_for_plain_ubl() -> None:
    assert not [*lacking(COMPANY, NORRBY, "ubl")]


def test_the_invoice_of_a_claim_is_held_against_the_rules_before_it_has_a_number() -> None:
    claim = claimed(charged(), buyer=msgspec.structs.replace(BUYERS["home"][0], reference=""))
    assert ids(foreseen(claim, "peppol"), "peppol") == ["PEPPOL-EN16931-R003"]
    assert not ids(foreseen(claim, "ubl"), "ubl")


def test_amounts_in_a_currency_of_three_decimals_cannot_be_sent() -> None:
    dinar = charged(net="0", unit_price=None)
    line = msgspec.structs.replace(dinar, net=Money(1_234_567, "KWD"))
    seller = msgspec.structs.replace(NORDLYS, currency="KWD")
    terms = stated(invoiced(line, seller=seller), "ubl")
    assert ids(terms, "ubl") == ["BR-DEC-23"]
