"""Statements of account: balances that follow from the ledger, ages, and how they are drawn."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from q2c.core.claim import DuePart
from q2c.core.entry import Entry, Posting
from q2c.core.money import Money, total, zero
from q2c.core.period import Period
from q2c.core.receivable import Account, Dues, Payment, open_items, payment_entry, settle
from q2c.core.receivable.statement import statement_of
from q2c.documents.look import Theme, frozen
from q2c.documents.statement import Statement, statement_pdf
from tests.made import FJORD, SELLER
from tests.reading import text_of

START = date(2026, 1, 1)
EN = frozen(Theme(), None, "en")


def day(number: int) -> date:
    return START + timedelta(days=number)


def issued(number: str, amount: int, on: int) -> Entry:
    owed = Posting(role="receivable", amount=amount, currency="SEK", item=number)
    sold = Posting(role="revenue", amount=-amount, currency="SEK")
    return Entry(
        id=number,
        kind="invoice-issued",
        date=day(on),
        period="",
        party="fjord-foods",
        number=number,
        postings=(owed, sold),
    )


def paid(entries: list[Entry], number: str, amount: int, on: int, note: str = "") -> Entry:
    payment = Payment(date=day(on), amount=Money(amount, "SEK"), numbers=(number,), reference=note)
    return payment_entry(
        payment, settle(payment, open_items(entries)), "fjord-foods", entries, "SEK"
    )


def credited(number: str, of: str, amount: int, on: int) -> Entry:
    entry = issued(of, -amount, on)
    return Entry(
        id=number,
        kind="credit-note-issued",
        date=entry.date,
        period="",
        party="fjord-foods",
        number=number,
        postings=entry.postings,
    )


def account(entries: list[Entry], first: int, last: int, dues: int = 30) -> Account:
    known = {entry.number: Dues(due_on=entry.date + timedelta(days=dues)) for entry in entries}
    days = Period(day(first), day(last))
    return statement_of("fjord-foods", entries, known, days)[0]


def busy() -> list[Entry]:
    """Two invoices, one paid in part, one credited in part, and a payment of more than is owed."""
    entries = [issued("F-1", 100_000, 0), issued("F-2", 50_000, 20)]
    entries.append(paid(entries, "F-1", 60_000, 25, "BG 55"))
    entries.append(credited("K-1", "F-2", 20_000, 40))
    entries.append(paid(entries, "F-2", 35_000, 45))
    return entries


def test_balances_lead_from_the_opening_to_the_closing_one() -> None:
    found = account(busy(), 21, 60)
    assert found.opening == Money(150_000, "SEK")
    moved = [(one.kind, one.number, one.items, one.balance.minor) for one in found.movements]
    assert moved == [
        ("payment", "", ("F-1",), 90_000),
        ("credit-note", "K-1", ("F-2",), 70_000),
        ("payment", "", ("F-2",), 35_000),
    ]
    assert found.closing == Money(35_000, "SEK")


def test_what_is_open_has_its_age_and_what_is_over_counts_against_it() -> None:
    found = account(busy(), 0, 61)
    assert [(one.number, one.days, one.open.minor) for one in found.items] == [("F-1", 31, 40_000)]
    assert found.advance == Money(5_000, "SEK")
    assert [one.minor for one in found.ages] == [0, 0, 40_000, 0, 0]


def test_ages_end_at_30_60_and_90_days() -> None:
    for late, age in ((0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)):
        (item,) = account([issued("F-1", 100, 0)], 0, 30 + late).items
        assert (item.days, item.age) == (late, age)


def test_an_instalment_has_its_own_age() -> None:
    entries = [issued("F-1", 100_000, 0)]
    entries.append(paid(entries, "F-1", 60_000, 5))
    halves = tuple(DuePart(due_on=day(on), amount=Money(50_000, "SEK")) for on in (10, 40))
    dues = {"F-1": Dues(due_on=day(10), instalments=halves)}
    (found,) = statement_of("fjord-foods", entries, dues, Period(START, day(50)))
    assert [(one.due_on, one.open.minor) for one in found.items] == [(day(40), 40_000)]


def test_a_statement_of_a_day_before_knows_nothing_of_what_came_after() -> None:
    assert account(busy(), 0, 24).closing == Money(150_000, "SEK")


AMOUNTS = st.lists(
    st.tuples(st.integers(1, 10**7), st.integers(1, 2 * 10**7)), min_size=1, max_size=6
)


@given(AMOUNTS, st.integers(0, 60), st.integers(0, 60))
def test_what_is_open_less_what_is_over_is_the_closing_balance(
    amounts: list[tuple[int, int]], one: int, other: int
) -> None:
    entries: list[Entry] = []
    for at, (owed, came) in enumerate(amounts):
        entries.append(issued(f"F-{at}", owed, at * 5))
        entries.append(paid(entries, f"F-{at}", came, at * 5 + 3))
    found = statement_of(
        "fjord-foods",
        entries,
        {entry.number: Dues(due_on=entry.date) for entry in entries},
        Period(day(min(one, other)), day(max(one, other))),
    )[0]
    assert total((item.open for item in found.items), "SEK") - found.advance == found.closing
    assert total((item.amount for item in found.movements), "SEK") == found.closing - found.opening
    balances = [found.opening, *(item.balance for item in found.movements)]
    moved = [item.amount for item in found.movements]
    assert [after - before for before, after in pairwise(balances)] == moved
    assert total(found.ages, "SEK") - found.advance == found.closing


def drawn(*accounts: Account) -> str:
    statement = Statement(
        made_on=day(61),
        customer="fjord-foods",
        seller=SELLER,
        buyer=FJORD,
        days=Period(START, day(61)),
        accounts=accounts,
    )
    return text_of(statement_pdf(statement, EN))


def test_a_statement_says_what_moved_and_what_is_open() -> None:
    text = drawn(account(busy(), 0, 61))
    for said in (
        *("Statement of account", "Opening balance", "Invoice F-2", "Payment of F-1", "BG 55"),
        *("Credit note K-1, of F-2", "Closing balance", "350.00", "31–60 days", "Paid on account"),
    ):
        assert said in text, said


def test_a_customer_without_an_account_gets_an_empty_one() -> None:
    nothing = zero("SEK")
    empty = Account(
        currency="SEK", opening=nothing, movements=(), closing=nothing, items=(), advance=nothing
    )
    assert "Nothing was invoiced or paid" in drawn(empty)
