"""Customers of other programs: columns known, companies brought together, nothing overwritten."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.fault import Invalid, Place, Refused
from q2c.core.party import Address, Contact, Customer
from q2c.exchange.contacts import Outcome, outcomes
from q2c.exchange.countries import country_code
from q2c.exchange.layouts import FIELDS, LAYOUTS, laid
from q2c.exchange.sheet import Row, read_sheet
from q2c.exchange.vcard import read_cards
from tests.office import Office, opened
from tests.test_sheet import workbook

HOME = {"street": "Kaj 1", "postal_code": "211 20", "city": "Malmö", "country": "SE"}
EK = Customer(
    id="ek",
    name="Ek AB",
    org_number="559999-4562",
    address=Address(**HOME),
    contacts=(Contact(name="Bo Ek", email="bo@ek.example"),),
)
SJO = {"name": "Sjö AB", **HOME}
CARD = "BEGIN:VCARD\r\nVERSION:4.0\r\n{}\r\nEND:VCARD\r\n"


def rows(*cells: dict[str, str]) -> list[Row]:
    return [Row(Place("list.csv", line), one) for line, one in enumerate(cells, start=2)]


def found(*cells: dict[str, str]) -> list[Outcome]:
    """Decide what becomes of rows in a workspace that knows Ek; there are no faults."""
    made, faults = outcomes(rows(*cells), {"ek": EK})
    assert not faults
    return made


def fields(text: str, **stated: str) -> tuple[str, list[dict[str, str]]]:
    """Read a sheet by its layout."""
    layout, read, _ = laid(read_sheet(text.encode(), "list.csv"), stated)
    return layout, [dict(row.cells) for row in read]


@pytest.mark.parametrize(
    ("head", "layout", "name", "street"),
    [
        ("Company name,Street Address,City", "HubSpot", "a", "b"),
        ("First Name,Street Address,Associated Company", "HubSpot", "c", "b"),
        ("Account Name,Billing Street,Mailing Street", "Salesforce", "a", "b"),
        ("Name,BillingStreet,BillingCity", "Salesforce", "a", "b"),
        (
            "Organization - Name*,Organization - Street/road name of Address,x",
            "Pipedrive",
            "a",
            "b",
        ),
        (
            "Name,Street/road name of Address,Country of Address",
            "Pipedrive organizations",
            "a",
            "b",
        ),
        ("Organization,Name,Email", "Pipedrive people", "a", ""),
        ("name,street,org number", "q2c", "a", "b"),
        ("NAME,  Street ,org_number", "q2c", "a", "b"),
    ],
)
def test_the_columns_of_a_program_are_known(head: str, layout: str, name: str, street: str) -> None:
    known, [row] = fields(f"{head}\na,b,c\n")
    assert (known, row.get("name"), row.get("street", "")) == (layout, name, street)


def test_what_is_said_of_a_column_counts_before_the_layout() -> None:
    _, [row] = fields(
        "Name,Company,Email\nBo,Ek AB,bo@ek.example\n", name="Company", contact="Name"
    )
    assert row == {"name": "Ek AB", "contact": "Bo", "email": "bo@ek.example"}


def test_every_layout_speaks_of_our_fields_in_small_letters() -> None:
    for layout in LAYOUTS.values():
        assert set(layout) <= set(FIELDS)
        headers = [header for known in layout.values() for header in known]
        assert [header.lower() for header in headers] == headers
        assert len({*headers}) == len(headers)


def test_people_of_one_company_come_together_and_nobody_twice() -> None:
    [sjo] = found(
        {**SJO, "contact": "My Al", "email": "my@sjo.example"},
        {"name": "SJÖ  ab", "first_name": "Bo", "last_name": "Ek", "title": "VD"},
        {"contact": "Al, My", "email": "MY@sjo.example"},
        {"contact": "Eva Ny", "email": "eva@sjo.example; eva@home.example"},
    )
    assert (sjo.id, sjo.state) == ("sjo-ab", "new")
    assert [(one.name, one.email) for one in sjo.people] == [
        ("My Al", "my@sjo.example"),
        ("Bo Ek", ""),
        ("Eva Ny", "eva@sjo.example"),
    ]


def test_another_number_is_another_company_of_the_same_name() -> None:
    one, other = found({**SJO, "org_number": "1"}, {**SJO, "org_number": "2"})
    assert (one.id, other.id) == ("sjo-ab", "sjo-ab-2")
    [ek] = found({**SJO, "name": "Ek AB", "org_number": "559900-0014"})
    assert (ek.id, ek.state) == ("ek-ab", "new")


def test_an_id_of_the_list_is_not_given_to_another() -> None:
    ids = [one.id for one in found(SJO, {**SJO, "id": "sjo-ab", "name": "Another"})]
    assert sorted(ids) == ["sjo-ab", "sjo-ab-2"]


def test_an_address_is_taken_whole() -> None:
    [sjo] = found(
        {"name": "Sjö AB", "city": "Lund", "country": "SE"},
        {**SJO, "line2": "Box 2"},
        {**SJO, "street": "Kaj 9", "region": "Skåne"},
    )
    assert sjo.record["address"] == {**HOME, "line2": "Box 2"}


@pytest.mark.parametrize(
    "row",
    [
        {"id": "ek", "name": "Another name"},
        {"name": "Another name", "org_number": "5599994562"},
        {"name": "EK ab"},
    ],
)
def test_who_is_there_is_found_and_not_changed(row: dict[str, str]) -> None:
    [ek] = found({**row, "street": "Kaj 1", "contact": "My Al"})
    assert (ek.id, ek.record, [one.name for one in ek.people]) == ("ek", {}, ["My Al"])
    assert ek.state == ("there" if row["name"] == "EK ab" else "differs")


def test_what_differs_is_told_in_both_words() -> None:
    [ek] = found({"name": "Ek AB", "city": "Lund", "country": "Sverige", "vat_id": "SE1"})
    assert ek.differences == (
        "vat id: none here, SE1 in the file",
        "city: Malmö here, Lund in the file",
    )


def test_a_person_finds_the_company_by_the_domain_of_the_mail_address() -> None:
    [ek] = found({"contact": "My Al", "email": "my@EK.example"})
    assert (ek.id, ek.state, len(ek.people)) == ("ek", "there", 1)
    _, faults = outcomes(rows({"contact": "My Al", "email": "my@gmail.com"}), {"ek": EK})
    assert [(fault.code, fault.place) for fault in faults] == [("no-company", Place("list.csv", 2))]


def test_a_new_company_without_its_address_is_told_with_all_it_lacks() -> None:
    _, faults = outcomes(rows({"name": "Sjö AB", "city": "Malmö"}, {"name": "Al AB"}), {})
    assert [fault.message for fault in faults] == [
        "Sjö AB has no street, postal code, country.",
        "Al AB has no street, postal code, city, country.",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sweden", "SE"),
        (" sverige ", "SE"),
        ("SE", "SE"),
        ("se", "SE"),
        ("USA", "US"),
        ("Narnia", "Narnia"),
    ],
)
def test_a_country_is_known_by_its_names(name: str, code: str) -> None:
    assert country_code(name) == code


NAMES = st.sampled_from(["Ek AB", "Sjö AB", "Al AB", "ek ab"])
NUMBERS = st.sampled_from(["", "1", "2", "559999-4562"])
SHEETS = st.lists(
    st.builds(lambda name, org: {**SJO, "name": name, "org_number": org}, NAMES, NUMBERS)
)


@given(SHEETS)
def test_ids_are_given_once_and_every_row_comes_to_somebody(sheet: list[dict[str, str]]) -> None:
    made = found(*sheet)
    new = [one.id for one in made if one.state == "new"]
    assert len({*new}) == len(new)
    assert "ek" not in new
    assert bool(made) == bool(sheet)


@given(SHEETS)
def test_a_list_that_was_imported_brings_nothing_new(sheet: list[dict[str, str]]) -> None:
    kept = {"ek": EK}
    for one in found(*sheet):
        if one.state == "new":
            number = str(one.record.get("org_number", ""))
            kept[one.id] = replace(EK, id=one.id, name=one.name, org_number=number, contacts=())
    again, faults = outcomes(rows(*sheet), kept)
    assert not faults
    assert not [one.id for one in again if one.state == "new"]


def test_a_card_is_unfolded_and_its_escapes_are_taken_out() -> None:
    lines = "ORG:Ek\\, Al\\; Co;Inköp\r\nitem1.TEL;TYPE=voice;PREF=1:tel:+46-1\r\n"
    lines += "FN:Bo\r\n  Ek\r\nNOTE:a\\nb"
    [row] = read_cards(CARD.format(lines).encode(), "cards.vcf")
    assert dict(row.cells) == {
        "name": "Ek, Al; Co",
        "contact": "Bo Ek",
        "phone": "+46-1",
        "note": "a\nb",
    }
    assert str(row.place) == "cards.vcf:1:1"


@pytest.mark.parametrize(
    ("lines", "name", "contact"),
    [
        ("KIND:org\nFN:Ek AB", "Ek AB", ""),
        ("FN:Ek AB\nORG:Ek AB", "Ek AB", ""),
        ("N:Ek;Bo;;;\nORG:Ek AB", "Ek AB", "Bo Ek"),
        ("FN:Bo Ek", "", "Bo Ek"),
    ],
)
def test_a_card_is_of_a_company_or_of_a_person_there(lines: str, name: str, contact: str) -> None:
    [row] = read_cards(CARD.format(lines).encode(), "cards.vcf")
    assert (row["name"], row["contact"]) == (name, contact)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["empty-sheet"]),
        ("BEGIN:VCARD\nFN:Bo\nEND:VCARD", ["vcard-version"]),
        ("BEGIN:VCARD\nVERSION:3.0\nFN;QUOTED-PRINTABLE:=C3\nEND:VCARD", ["vcard-version"]),
        ("BEGIN:VCARD\nVERSION:3.0\nFN:\x1b\nEND:VCARD", ["bad-cell"]),
        ("BEGIN:VCARD\nVERSION:3.0\nFN", ["bad-vcard", "bad-vcard"]),
    ],
)
def test_a_card_that_cannot_be_read_is_told(text: str, codes: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read_cards(text.encode(), "cards.vcf")
    assert [fault.code for fault in refused.value.faults] == codes


@given(st.binary(max_size=80))
def test_cards_of_any_bytes_are_read_or_refused(noise: bytes) -> None:
    for data in (noise, CARD.encode().replace(b"{}", noise)):
        with suppress(Refused):
            outcomes(read_cards(data, "cards.vcf"), {"ek": EK})


def test_a_spreadsheet_is_imported_and_a_second_time_brings_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office: Office = opened(tmp_path / "office", monkeypatch)
    sheet = workbook(
        ("name", "street", "postal_code", "city", "country", "due_days", "contact"),
        ("Sjö AB", "Kaj 1", 21120, "Malmö", "Sweden", 20, "My Al"),
    )
    (office.root / "list.xlsx").write_bytes(sheet)
    office.must("customer", "import", str(office.root / "list.xlsx"))
    before = office.files()
    assert b"due_days: 20" in before["customers/sjo-ab.yaml"]
    assert b"postal_code: '21120'" in before["customers/sjo-ab.yaml"]
    capsys.readouterr()
    office.must("customer", "import", str(office.root / "list.xlsx"), "--csv")
    assert capsys.readouterr().out.splitlines()[1] == "sjo-ab,Sjö AB,there,0,"
    assert office.files() == before
