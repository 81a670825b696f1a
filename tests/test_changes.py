"""Changes and the books: what is billed less what is given back is what is earned."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.invoice import uncredited
from q2c.core.money import Money
from q2c.core.order import OrderLine
from q2c.core.recognition import Obligation, credits_of, target
from q2c.core.subscription import Change, amount, begins, order_state, slots, stretches
from q2c.store.credit import credit_of
from q2c.store.quotes import read_version
from q2c.store.tree import WorkTree
from tests.changing import change
from tests.firm import Firm
from tests.office import Office
from tests.player import example
from tests.test_subscription import LINES, YEAR, changed, line, seats
from tests.values import day, days, kr, order

REF = "O-2026-0001/1"


def firm_of(line: OrderLine) -> Firm:
    return Firm(order(line))


def agree(firm: Firm, *changes: Change) -> None:
    firm.changes["O-2026-0001"] += changes


def settle(firm: Firm, through: str) -> None:
    """Bill and give back what is due; what waited for a charge that is billed again comes after."""
    firm.bill(through)
    firm.give_back(through)
    firm.give_back(through)


def test_a_cancelled_year_gives_back_its_days_and_earns_those_that_were_served() -> None:
    """A year of 36 500.00 that ends after 73 days: 29 200.00 goes back, 7 300.00 is earned."""
    line = replace(seats(), every="year", times=1, net=kr("36500"))
    firm = firm_of(line)
    firm.bill("2026-01-01")
    firm.recognise("2026-02")
    agree(firm, change("cancel", "2026-03-15"))
    (note,) = firm.give_back("2026-03-15")
    assert (note.net, str(note.lines[0].service)) == (kr("29200"), "2026-03-15 to 2026-12-31")
    assert not firm.give_back("2026-12-31")
    assert not firm.bill("2026-12-31")
    firm.recognise("2026-03")
    assert firm.amount("revenue") == -730_000
    assert firm.amount("contract-liability") == 0


def test_a_credit_that_a_change_brought_is_not_taken_off_twice() -> None:
    firm = firm_of(seats())
    firm.bill("2026-11-01")
    agree(firm, change("pause", "2026-11-16", until="2026-11-30"))
    firm.give_back("2026-11-16")
    assert credits_of(firm.entries, "2026-12") == {}
    firm.recognise("2026-12")
    assert -firm.amount("revenue") == 1_150_000


def test_seats_that_are_added_are_earned_from_their_day_on() -> None:
    """Prospectively (IFRS 15.21a): what was earned before stays."""
    firm = firm_of(replace(seats(), every="year", times=1, net=kr("36500")))
    firm.bill("2026-01-01")
    firm.recognise("2026-06")
    before = firm.amount("revenue")
    agree(firm, change("quantity", "2026-07-01", quantity="20"))
    assert not firm.recognise("2026-06")
    firm.recognise("2026-07")
    assert before - firm.amount("revenue") == 2 * 10_000 * 31


def test_what_was_earned_of_a_year_before_it_is_cancelled_stays_in_its_month() -> None:
    """78 000.00 over 365 days; 26 of the 30 days of its one period are charged: 5 633.33.

    In November 15 days of 213.70 are earned. The rest is earned in the month that it is cancelled,
    though no more than 11 of its days were served.
    """
    firm = firm_of(line("78000", days("2026-11-16", "2027-11-15"), 12))
    firm.recognise("2026-11")
    assert firm.amount("revenue") == -320_548
    agree(firm, change("cancel", "2026-12-12"))
    assert not firm.recognise("2026-11")
    firm.recognise("2026-12")
    assert firm.amount("revenue") == -563_333


def test_what_a_dearer_half_year_costs_is_spread_over_its_own_days() -> None:
    """12 000.00, by the month twice that from July: 5 950.68 stays, 12 049.32 is for 184 days."""
    firm = firm_of(seats())
    firm.recognise("2026-06")
    assert firm.amount("revenue") == -595_068
    agree(firm, change("quantity", "2026-07-01", quantity="20"))
    assert not firm.recognise("2026-06")
    firm.recognise("2026-07")
    assert firm.amount("revenue") == -(595_068 + 203_005)
    firm.recognise("2026-12")
    assert firm.amount("revenue") == -1_800_000


def test_what_is_paused_earns_nothing() -> None:
    firm = firm_of(seats())
    agree(firm, change("pause", "2026-03-01", until="2026-04-30"))
    firm.recognise("2026-02")
    at_pause = firm.amount("revenue")
    firm.recognise("2026-04")
    assert firm.amount("revenue") == at_pause


def test_an_order_is_cancelled_once_all_of_it_is() -> None:
    what, day_ = order(seats()), day("2026-06-30")
    gone = (change("cancel", "2026-07-01"),)
    assert order_state(what, (), gone, day_) == "created"
    assert order_state(what, (), gone, day_ + timedelta(1)) == "cancelled"
    assert order_state(what, (), (), YEAR.last) == "executed"


@settings(deadline=None, max_examples=60)
@given(st.data(), LINES)
def test_over_a_life_what_is_billed_less_what_goes_back_is_what_is_earned(
    data: st.DataObject, line: OrderLine
) -> None:
    """And nothing is left between, however the runs and the changes fall."""
    assert line.service is not None
    firm, first = firm_of(line), line.service.first
    firm.orders["O-2026-0001"] = replace(firm.orders["O-2026-0001"], agreed_on=first)
    known: list[Change] = []
    for ahead in sorted(data.draw(st.lists(st.integers(0, 200), max_size=4))):
        if data.draw(st.booleans()):
            known.append(data.draw(changed(line)))
            agree(firm, known[-1])
        through = str(first + timedelta(ahead))
        settle(firm, through)
        if data.draw(st.booleans()) and firm.invoices:
            number = data.draw(st.sampled_from(sorted(firm.invoices)))
            _rebill(firm, number, through)
        if data.draw(st.booleans()):
            firm.recognise(through[:7])
    settle(firm, "2030-01-01")
    settle(firm, "2030-01-01")
    firm.recognise("2030-01")
    cut = stretches(line, known)
    assert firm.invoiced(REF) == sum(amount(slot, cut) for slot in slots(line))
    assert -firm.amount("revenue") == firm.invoiced(REF)
    assert firm.amount("contract-liability") == firm.amount("contract-asset") == 0


@given(st.data(), LINES)
def test_what_was_earned_before_a_change_is_the_same_with_and_without_it(
    data: st.DataObject, line: OrderLine
) -> None:
    """Whatever else is changed before it or after, and in whatever order that was recorded."""
    assert line.service is not None
    others = data.draw(st.lists(changed(line), max_size=3))
    more = data.draw(changed(line))
    place = data.draw(st.integers(0, len(others)))
    known = [*others[:place], more, *others[place:]]
    ahead = (begins(line, more) - line.service.first).days
    through = line.service.first + timedelta(data.draw(st.integers(-1, ahead - 1)))
    assert _earned(line, known, through) == _earned(line, others, through)


def _earned(line: OrderLine, changes: Sequence[Change], through: date) -> Money:
    what = Obligation(order=order(line), line=line, deliveries=(), changes=tuple(changes))
    return target(what, (), through)[1].amount


def _rebill(firm: Firm, number: str, on: str) -> None:
    left = uncredited(firm.invoices[number], firm.notes[number])
    some = {id_: net for id_, net in left.items() if net.minor}
    if some:
        firm.credit(number, on, some, rebill=True)


# On disk.


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Give an office that has sold ten licences by the year, and invoiced them."""
    found = Office(example(tmp_path / "nordlys"), monkeypatch)
    words = ("--line", "insight-licence:10", "--term", "1y", "--starts", "2026-11-01")
    found.must("quote", "new", "kiruna-konst", *words)
    found.must("quote", "send", "Q-2026-0010")
    found.must("quote", "accept", "Q-2026-0010", "--by", "Sara Niia")
    found.must("invoice", "run", "--through", "2026-11-30", "--yes")
    return found


def more(office: Office, count: str = "13") -> None:
    """Agree on more licences from 1 December."""
    words = ("--line", "1", "--qty", count, "--from", "2026-12-01")
    office.must("order", "change", "O-2026-0001", *words)


def test_a_plan_that_did_not_know_of_a_change_is_stale(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.today("2026-12-02")
    more(office, "11")
    office.must("invoice", "plan", "--through", "2026-12-02", "--out", "plans/2026-12.json")
    more(office)
    capsys.readouterr()
    assert office.does("apply", "plans/2026-12.json", "--yes") == 5
    assert "changes.jsonl was changed" in capsys.readouterr().err


def test_a_first_change_makes_an_earlier_plan_stale(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--line", "workshop-day", "--date", "2026-11-02")
    office.must("quote", "new", "fjord-foods", *words)
    office.must("quote", "send", "Q-2026-0011")
    office.must("quote", "accept", "Q-2026-0011", "--by", "Eva Ek", "--po", "PO-1")
    office.must("order", "deliver", "O-2026-0002", "--line", "1", "--qty", "1")
    office.must("invoice", "plan", "--through", "2026-12-02", "--out", "plans/2026-12.json")
    more(office)
    capsys.readouterr()
    assert office.does("apply", "plans/2026-12.json", "--yes") == 5
    assert "changes.jsonl was added" in capsys.readouterr().err


def test_a_change_that_was_edited_by_hand_is_found(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    more(office)
    path = office.root / "orders/O-2026-0001/changes.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"13"', b'"30"'))
    capsys.readouterr()
    assert office.does("invoice", "plan", "--through", "2026-12-02") == 3
    assert office.does("check") == 3
    assert "changes.jsonl:1:1: error[events-broken]" in capsys.readouterr().err


def test_the_charges_of_changes_that_are_gone_are_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.today("2026-12-02")
    more(office)
    office.must("invoice", "run", "--through", "2026-12-02", "--yes")
    assert office.does("check", "--quiet") == 0
    (office.root / "orders/O-2026-0001/changes.jsonl").unlink()
    capsys.readouterr()
    assert office.does("check") == 3
    assert "error[changes-missing]" in capsys.readouterr().err


def test_a_dry_run_of_a_change_writes_nothing(office: Office) -> None:
    before = office.files()
    words = ("--line", "1", "--qty", "13", "--from", "2026-12-01", "--dry-run")
    assert office.does("order", "change", "O-2026-0001", *words) == 0
    assert office.files() == before


def test_what_is_cancelled_will_not_be_owed(office: Office) -> None:
    """A year of 171 000.00 is invoiced; 73 of its days are served, and VAT is 25 %."""
    office.must("order", "cancel", "O-2026-0001", "--from", "2027-01-13")
    office.must("invoice", "run", "--through", "2027-01-13", "--yes")
    files = WorkTree(office.root)
    assert credit_of(files, read_version(files, "Q-2026-0010", 1)).owed == Decimal("42750.00")
