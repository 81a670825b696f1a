"""Receivables: what is open, and how money that comes in is used."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.fault import Invalid, Refused, Unknown
from q2c.core.money import Money, total
from q2c.core.receivable import OpenItem, Payment, open_items, payment_entry, payment_id, settle
from tests.firm import Firm
from tests.values import customer, day, eur, flat_rate, goods, kr, order, published


def item(number: str, open_: str, party: str = "fjord-foods") -> OpenItem:
    return OpenItem(
        number=number,
        party=party,
        issued_on=day("2026-01-31"),
        invoiced=kr("1000"),
        open=kr(open_),
    )


ITEMS = {"F-1": item("F-1", "400"), "F-2": item("F-2", "600"), "F-3": item("F-3", "-50")}


def paid(amount: str, *numbers: str, on: str = "2026-02-10") -> Payment:
    return Payment(date=day(on), amount=kr(amount), numbers=numbers)


@pytest.mark.parametrize(
    ("payment", "parts", "over"),
    [
        (paid("100", "F-1"), {"F-1": "100"}, "0"),
        (paid("400", "F-1"), {"F-1": "400"}, "0"),
        (paid("450", "F-1"), {"F-1": "400"}, "50"),
        (paid("700", "F-1", "F-2"), {"F-1": "400", "F-2": "300"}, "0"),
        (paid("700", "F-2", "F-1"), {"F-2": "600", "F-1": "100"}, "0"),
        (paid("500", "F-1", "F-1"), {"F-1": "400"}, "100"),
        (paid("10", "F-3"), {}, "10"),
        (paid("10"), {}, "10"),
    ],
    ids=["part", "full", "over", "several", "in order", "named twice", "owed to them", "for none"],
)
def test_a_payment_settles_its_invoices_one_after_the_other(
    payment: Payment, parts: dict[str, str], over: str
) -> None:
    settled = settle(payment, ITEMS)
    assert dict(settled.parts) == {number: kr(amount) for number, amount in parts.items()}
    assert settled.over == kr(over)


@pytest.mark.parametrize(
    ("payment", "code", "kind"),
    [
        (paid("0", "F-1"), "bad-amount", Invalid),
        (paid("-5", "F-1"), "bad-amount", Invalid),
        (paid("5", "F-9"), "no-such-invoice", Unknown),
        (replace(paid("5", "F-1"), amount=eur("5")), "other-currency", Invalid),
        (paid("5", "F-1", "X-1"), "several-customers", Invalid),
        (paid("5", "F-1", on="2026-01-30"), "paid-before", Invalid),
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    payment: Payment, code: str, kind: type[Refused]
) -> None:
    items = {**ITEMS, "X-1": item("X-1", "10", party="solkraft")}
    with pytest.raises(kind) as refused:
        settle(payment, items)
    assert [fault.code for fault in refused.value.faults] == [code]


def firm(*prices: str) -> Firm:
    """Give a firm that has invoiced goods at these prices, each on an invoice of its own."""
    lines = [goods("1", price, id=str(n)) for n, price in enumerate(prices, start=1)]
    made = Firm(order(*lines))
    for line in lines:
        made.deliver(f"O-2026-0001/{line.id}", "1", "2026-01-10")
        made.bill("2026-01-31")
    return made


def open_of(made: Firm) -> list[str]:
    return [str(found.open.amount) for found in open_items(made.entries).values()]


def test_what_is_open_follows_from_invoices_payments_and_credits() -> None:
    made = firm("800", "400")
    assert open_of(made) == ["1000.00", "500.00"]
    made.pay(kr("300"), "2026-02-10", "F-2026-0001")
    made.credit("F-2026-0002", "2026-02-11", {"1": kr("400")})
    assert open_of(made) == ["700.00", "0.00"]
    assert [found.settled for found in open_items(made.entries).values()] == [False, True]


def test_what_is_paid_too_much_is_the_customers_advance() -> None:
    made = firm("800")
    entry = made.pay(kr("1500"), "2026-02-10", "F-2026-0001")
    assert [(posting.role, posting.amount) for posting in entry.postings] == [
        ("cash", 150_000),
        ("receivable", -100_000),
        ("customer-advance", -50_000),
    ]
    assert (entry.party, entry.period) == ("fjord-foods", "2026-02")


def test_a_credit_after_payment_is_owed_to_the_customer() -> None:
    made = firm("800")
    made.pay(kr("1000"), "2026-02-10", "F-2026-0001")
    made.credit("F-2026-0001", "2026-02-11")
    assert open_of(made) == ["-1000.00"]


RATES = (published("2026-01-30", "10.80"),)


def euro() -> Firm:
    """Give a firm with 2,500 EUR invoiced at 10.80, which is 27,000 SEK."""
    line = goods("1", "2500", rate=flat_rate("2500", "EUR"))
    made = Firm(order(line, currency="EUR"), buyer=customer("NO"), rates=RATES)
    made.deliver("O-2026-0001/1", "1", "2026-01-10")
    made.bill("2026-01-31")
    return made


def test_a_foreign_payment_leaves_an_exchange_difference() -> None:
    """2,500 EUR booked at 10.80 and paid at 11.20: a gain of 1,000 SEK."""
    made = euro()
    entry = made.pay(eur("2500"), "2026-02-27", "F-2026-0001", rate="11.20")
    assert [(posting.role, posting.amount, posting.book) for posting in entry.postings] == [
        ("cash", 250_000, 2_800_000),
        ("receivable", -250_000, -2_700_000),
        ("exchange-gain", 0, -100_000),
    ]


def test_foreign_payments_in_parts_leave_no_receivable_behind() -> None:
    made = euro()
    for amount, rate in (("833.33", "10.70"), ("833.33", "10.80"), ("833.34", "11.01")):
        made.pay(eur(amount), "2026-02-27", "F-2026-0001", rate=rate)
    assert made.amount("receivable") == made.book("receivable") == 0
    assert made.book("exchange-loss") > 0 > made.book("exchange-gain")


def test_a_foreign_payment_too_large_is_an_advance_at_its_own_rate() -> None:
    made = euro()
    made.pay(eur("2600"), "2026-02-27", "F-2026-0001", rate="11.20")
    assert (made.amount("customer-advance"), made.book("customer-advance")) == (-10_000, -112_000)
    assert made.book("exchange-gain") == -100_000


def test_a_foreign_payment_without_a_rate_is_our_mistake() -> None:
    payment = Payment(date=day("2026-02-10"), amount=eur("5"), numbers=())
    with pytest.raises(AssertionError):
        payment_entry(payment, settle(payment, {}), "fjord-foods", [], "SEK")


def test_the_same_payment_has_the_same_name_and_another_reference_makes_another() -> None:
    one = paid("100", "F-1")
    assert payment_id(one) == payment_id(paid("100", "F-1"))
    assert payment_id(one) != payment_id(replace(one, reference="BG 12"))


@given(st.integers(1, 10**6), st.lists(st.integers(-1000, 10**5), min_size=1, max_size=6))
def test_a_payment_is_used_to_the_last_oere_and_never_more_than_is_open(
    minor: int, opens: list[int]
) -> None:
    items = {
        str(n): replace(item(str(n), "0"), open=Money(open_, "SEK"))
        for n, open_ in enumerate(opens)
    }
    settled = settle(replace(paid("1", *items), amount=Money(minor, "SEK")), items)
    used = total((part for _, part in settled.parts), "SEK")
    assert used + settled.over == Money(minor, "SEK")
    assert all(0 < part.minor <= items[number].open.minor for number, part in settled.parts)
    assert not settled.over.minor or all(
        dict(settled.parts).get(number, kr("0")).minor == max(0, found.open.minor)
        for number, found in items.items()
    )


def test_rates_of_a_payment_are_exact() -> None:
    made = euro()
    entry = made.pay(eur("0.05"), "2026-02-27", "F-2026-0001", rate="10.50")
    assert entry.postings[0].book == 53
    assert Decimal(entry.postings[1].booked) == -54
