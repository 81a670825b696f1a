"""Credit notes: of parts, units, per cent and days; what was charged goes back exactly."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Billed, CreditPart, Due, credit_claims
from q2c.core.entry import Role
from q2c.core.fault import Invalid
from q2c.core.invoice import Crediting, Invoice, Issue, credited, faults_of
from q2c.core.money import Money, total
from q2c.core.posting import after_credits, balances_of, credit_entry
from tests.firm import Firm
from tests.office import Office, opened
from tests.values import day, days, goods, kr, order, recurring

YEAR = days("2026-01-01", "2026-12-31")
LATER = day("2026-07-01")
REF = "O-2026-0001/1"
KEY = f"{REF}:2026-01-01..2026-12-31"


def prepaid(net: str = "36500") -> tuple[Firm, Invoice]:
    """Give a year that was invoiced on its first day."""
    firm = Firm(order(recurring(net, YEAR, 1, every="year")))
    (invoice,) = firm.bill("2026-01-01")
    return firm, invoice


def given_back(invoice: Invoice, before: list[Invoice], *parts: CreditPart) -> Invoice:
    what = Crediting(parts=parts, issued_on=LATER, reason="Ended early")
    return credited(invoice, before, what, Issue(number=f"K-2026-000{len(before) + 1}", look=""))


def owed_back(
    net: str, *, first: str = "2026-07-01", reduces: str = KEY, mark: str = "@0>1"
) -> Due:
    service = days(first, "2026-12-31")
    return Due(
        keys=(f"{KEY}{mark}",),
        quantity=Decimal(1),
        net=-kr(net),
        supplied=service,
        service=service,
        reduces=reduces,
        text=f"Ended on {first}",
    )


def billed(left: str, number: str = "F-2026-0001", line: str = "1") -> Billed:
    return Billed(
        number=number,
        line=line,
        source=REF,
        customer="fjord-foods",
        language="en",
        left=kr(left),
    )


def test_what_ended_early_gives_back_its_days() -> None:
    """184 of 365 days of 36 500.00 a year, from 1 July on, are 18 400.00."""
    firm, invoice = prepaid()
    (claim,) = credit_claims([owed_back("18400")], lambda _: billed("36500"))
    note = given_back(invoice, [], *claim.parts)
    (line,) = note.lines
    assert (note.net, note.tax) == (kr("18400"), kr("4600"))
    assert (line.service, line.text) == (days("2026-07-01", "2026-12-31"), "Ended on 2026-07-01")
    assert not list(faults_of(note))
    entry = firm.add(credit_entry(note, (), balances_of(firm.entries)))
    assert (entry.keys, entry.released) == ((f"{KEY}@0>1",), ())


def test_what_goes_back_of_one_invoice_is_one_credit_note() -> None:
    dues = [owed_back("100"), owed_back("50", reduces="other", mark="@0>2")]
    lines = {KEY: billed("1000"), "other": billed("1000", line="2")}
    (claim,) = credit_claims(dues, lines.get)
    assert [(part.line, part.amount) for part in claim.parts] == [
        ("1", kr("100")),
        ("2", kr("50")),
    ]
    assert claim.net == kr("150")


def test_what_goes_back_of_two_invoices_are_two_credit_notes() -> None:
    dues = [owed_back("100"), owed_back("50", reduces="other", mark="@0>2")]
    lines = {KEY: billed("1000", "F-2026-0002"), "other": billed("1000", "F-2026-0001")}
    claims = credit_claims(dues, lines.get)
    assert [claim.original for claim in claims] == ["F-2026-0001", "F-2026-0002"]


def test_no_more_goes_back_than_is_left_of_a_line() -> None:
    dues = [owed_back("70"), owed_back("70", mark="@1>2"), owed_back("70", mark="@2>3")]
    (claim,) = credit_claims(dues, lambda _: billed("100"))
    assert [part.amount for part in claim.parts] == [kr("70"), kr("30")]
    assert credit_claims(dues, lambda _: billed("0")) == ()
    assert credit_claims(dues, lambda _: None) == ()


def test_an_invoice_with_a_change_taken_back_can_be_billed_again_with_both_keys() -> None:
    firm, invoice = prepaid()
    part = CreditPart(line="1", amount=kr("18400"), keys=(f"{KEY}@0>1",))
    note = given_back(invoice, [], part)
    firm.notes[invoice.number].append(note)
    firm.add(credit_entry(note, (), balances_of(firm.entries)))
    firm.credit(invoice.number, "2026-07-02", rebill=True)
    assert firm.entries[-1].released == (KEY, f"{KEY}@0>1")
    assert not firm.keys
    assert firm.amount("receivable") == firm.amount("contract-liability") == 0


def test_what_was_credited_in_part_by_hand_cannot_be_billed_again() -> None:
    firm, invoice = prepaid()
    firm.credit(invoice.number, "2026-07-01", {"1": kr("1")})
    with pytest.raises(Invalid) as refused:
        firm.credit(invoice.number, "2026-07-02", rebill=True)
    assert [fault.code for fault in refused.value.faults] == ["rebill-whole"]


def test_a_second_credit_note_of_a_run_finds_what_the_first_left_of_the_liability() -> None:
    """80.00 are not earned; of two credit notes of 60.00 the first takes 60.00 and the next 20."""
    firm, _ = prepaid("80")
    balances = balances_of(firm.entries)
    part = CreditPart(line="1", source=REF, amount=kr("60"))
    left = after_credits(balances, [part])
    assert left["contract-liability", REF].amount == -2000
    assert after_credits(balances, [part, part])["contract-liability", REF].amount == 0


SHARES = st.lists(st.integers(1, 1000), min_size=1, max_size=5)


@given(st.integers(1, 10**6), st.integers(1, 10**6), SHARES)
def test_any_number_of_parts_gives_back_net_and_vat_to_the_oere(
    one: int, other: int, shares: list[int]
) -> None:
    nets = [str(Money(minor, "SEK").amount) for minor in (one, other)]
    lines = (goods("1", net, id=str(n), bill="on-order") for n, net in enumerate(nets, start=1))
    firm = Firm(order(*lines))
    (invoice,) = firm.bill("2026-01-31")
    for id_, minor in (("1", one), ("2", other)):
        done = 0
        for number in range(1, len(shares) + 1):
            through = minor * sum(shares[:number]) // sum(shares)
            if through > done:
                firm.credit(invoice.number, "2026-07-01", {id_: Money(through - done, "SEK")})
            done = through
    notes = firm.notes[invoice.number]
    assert total((note.net for note in notes), "SEK") == invoice.net
    assert total((note.tax for note in notes), "SEK") == invoice.tax
    assert all(note.tax.minor >= 0 for note in notes)
    roles: tuple[Role, ...] = (
        "receivable",
        "output-vat",
        "contract-liability",
        "contract-asset",
        "revenue",
    )
    assert [firm.amount(role) for role in roles] == [0] * len(roles)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = opened(tmp_path / "nordlys", monkeypatch)
    office.today("2026-11-23")
    office.must("invoice", "run", "--through", "2026-11-23", "--yes")
    return office


def words(number: str, *more: str) -> tuple[str, ...]:
    return ("invoice", "credit", number, "--reason", "Too many", "--yes", *more)


def said(office: Office, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    capsys.readouterr()
    assert office.does(*command) == 0, command
    return capsys.readouterr().out


def test_units_go_back_at_their_price(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """1.5 of 6 hours at 1 290.00 are 1 935.00, with VAT 2 418.75."""
    told = said(office, capsys, *words("F-2026-0002", "--line", "1", "--qty", "1.5"))
    assert "credits 2 418.75 SEK of F-2026-0002" in told
    told = said(office, capsys, *words("F-2026-0002", "--line", "1", "--qty", "4.5"))
    assert "credits 7 256.25 SEK of F-2026-0002" in told


def test_more_units_than_were_invoiced_do_not_go_back(office: Office) -> None:
    assert office.does(*words("F-2026-0002", "--line", "1", "--qty", "6.5")) == 3
    assert office.does(*words("F-2026-0002", "--qty", "1")) == 2


def test_per_cent_go_back_of_every_line(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(office, capsys, *words("F-2026-0001", "--percent", "10"))
    assert "credits 3 493.24 SEK of F-2026-0001" in told


def test_the_same_words_on_the_same_day_credit_once(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = words("F-2026-0002", "--line", "1:1000")
    said(office, capsys, *asked)
    before = office.ledger()
    assert "credited already by K-2026-0001" in said(office, capsys, *asked)
    assert office.ledger() == before
    assert "K-2026-0002 credits" in said(office, capsys, *asked, "--again")


def test_a_whole_credit_that_is_typed_again_is_known(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    said(office, capsys, *words("F-2026-0003"))
    assert "credited already" in said(office, capsys, *words("F-2026-0003"))
    office.today("2026-11-24")
    assert office.does(*words("F-2026-0003")) == 3


def test_what_a_line_has_too_little_for_goes_off_the_lines_billed_before() -> None:
    due = replace(owed_back("20", reduces="late", mark="@2>3"), before=("first", "later"))
    lines = {
        "first": billed("50"),
        "later": billed("6", "F-2026-0002"),
        "late": billed("2", "F-2026-0003"),
    }
    claims = credit_claims([due], lines.get)
    assert [(one.original, str(one.net), one.parts[0].keys) for one in claims] == [
        ("F-2026-0001", "12.00 SEK", (f"{KEY}@2>3/3",)),
        ("F-2026-0002", "6.00 SEK", (f"{KEY}@2>3/2",)),
        ("F-2026-0003", "2.00 SEK", (f"{KEY}@2>3",)),
    ]
