"""Postings: what each document does to receivables, VAT and contract balances."""

from q2c.core.entry import Entry
from q2c.core.posting import Balance, item_balances, line_balances, month_key
from tests.firm import Firm
from tests.values import (
    customer,
    day,
    days,
    delivered,
    eur,
    flat_rate,
    goods,
    hourly,
    kr,
    order,
    published,
    recurring,
)

QUARTER = days("2026-01-01", "2026-03-31")
PREPAID = order(hourly("40", "1450", net="55100", bill="on-order"))
LINE = "O-2026-0001/1"


def told(entry: Entry) -> list[tuple[str, int]]:
    return [(posting.role, posting.amount) for posting in entry.postings]


def test_an_invoice_in_advance_is_a_contract_liability() -> None:
    """IFRS 15.106: paid or due before it is delivered."""
    firm = Firm(PREPAID)
    firm.bill("2026-01-31")
    (entry,) = firm.entries
    assert told(entry) == [
        ("receivable", 6_887_500),
        ("output-vat", -1_377_500),
        ("contract-liability", -5_510_000),
    ]
    assert (entry.id, entry.period, entry.keys) == (
        "invoice:F-2026-0001",
        "2026-01",
        ("O-2026-0001/1:order",),
    )
    assert {posting.item for posting in entry.postings} == {"F-2026-0001", ""}


def test_what_was_earned_before_it_is_invoiced_relieves_the_contract_asset() -> None:
    firm = Firm(order(hourly()))
    firm.deliver(LINE, "10", "2026-01-10")
    firm.recognise("2026-01")
    assert (firm.amount("contract-asset"), firm.amount("revenue")) == (1_450_000, -1_450_000)
    firm.deliver(LINE, "2", "2026-02-10")
    firm.bill("2026-02-28")
    assert told(firm.entries[-1])[2:] == [
        ("contract-asset", -1_450_000),
        ("contract-liability", -290_000),
    ]
    firm.recognise("2026-02")
    assert firm.amount("contract-asset") == firm.amount("contract-liability") == 0


def test_lines_of_one_order_line_relieve_its_contract_asset_once() -> None:
    """Only January is earned when three months in arrears are invoiced together."""
    firm = Firm(order(recurring("300", QUARTER, 3, bill="in-arrears")))
    firm.recognise("2026-01")
    earned = firm.amount("contract-asset")
    firm.bill("2026-03-31")
    assert (firm.amount("contract-asset"), firm.amount("contract-liability")) == (
        0,
        earned - 30_000,
    )


def test_a_credit_takes_what_is_not_earned_first_and_then_revenue() -> None:
    firm = Firm(PREPAID)
    firm.bill("2026-01-31")
    firm.deliver(LINE, "25", "2026-01-31")
    firm.recognise("2026-01")
    firm.credit("F-2026-0001", "2026-02-10", {"1": kr("30000")})
    assert told(firm.entries[-1]) == [
        ("receivable", -3_750_000),
        ("output-vat", 750_000),
        ("contract-liability", 2_066_250),
        ("revenue", 933_750),
    ]
    assert firm.entries[-1].postings[0].item == "F-2026-0001"
    assert firm.entries[-1].note == "Agreed"


def test_a_full_credit_before_revenue_returns_every_balance_to_nothing() -> None:
    firm = Firm(PREPAID)
    firm.bill("2026-01-31")
    firm.credit("F-2026-0001", "2026-02-10")
    for role in ("receivable", "output-vat", "contract-liability", "revenue"):
        assert firm.amount(role) == 0


def test_lines_of_one_order_line_give_back_its_liability_once() -> None:
    firm = Firm(order(recurring("300", QUARTER, 3)))
    firm.bill("2026-03-31")
    firm.recognise("2026-02")
    firm.credit("F-2026-0001", "2026-03-31")
    assert (firm.amount("contract-liability"), firm.amount("revenue")) == (0, 0)


def test_a_free_line_still_leaves_its_trace() -> None:
    firm = Firm(order(goods("1", "0", bill="on-order")))
    firm.bill("2026-01-31")
    assert told(firm.entries[0]) == [("receivable", 0), ("contract-liability", 0)]


RATES = (
    published("2026-01-30", "10.80"),
    published("2026-02-27", "11.20"),
    published("2026-03-31", "11.00"),
)
EURO = flat_rate("100", "EUR")


def abroad(*, taxed: bool = False) -> Firm:
    """Give a firm with 10 hours at 100 EUR."""
    buyer = customer() if taxed else customer("FI", "FI20774740")
    return Firm(order(hourly("10", "100", rate=EURO), currency="EUR"), buyer=buyer, rates=RATES)


def test_a_contract_asset_leaves_at_its_own_rate_and_the_rest_is_a_difference() -> None:
    """1,000 EUR earned at 10.80 and invoiced at 11.20: an exchange gain of 400 SEK."""
    firm = abroad()
    firm.deliver(LINE, "10", "2026-01-10")
    firm.recognise("2026-01")
    firm.bill("2026-02-28")
    assert (firm.book("receivable"), firm.book("contract-asset")) == (1_120_000, 0)
    assert (firm.book("revenue"), firm.book("exchange-gain")) == (-1_080_000, -40_000)


def test_a_credit_leaves_nothing_behind_in_either_currency() -> None:
    firm = abroad()
    firm.deliver(LINE, "10", "2026-01-10")
    firm.recognise("2026-01")
    firm.bill("2026-02-28")
    firm.credit("F-2026-0001", "2026-03-31")
    assert firm.book("receivable") == firm.amount("receivable") == 0
    assert firm.book("revenue") == firm.amount("revenue") == 0
    assert firm.book("exchange-gain") + firm.book("exchange-loss") == 0


def test_vat_in_kronor_is_booked_as_the_invoice_says() -> None:
    firm = abroad(taxed=True)
    firm.deliver(LINE, "3.33", "2026-01-10")
    (invoice,) = firm.bill("2026-01-31")
    assert invoice.home is not None
    assert firm.book("output-vat") == -invoice.home.vat.minor == -89_910
    assert firm.amount("output-vat") == -8_325


def test_balances_are_kept_by_order_line_and_by_invoice() -> None:
    firm = Firm(order(hourly(), goods("4", "250", id="2")))
    firm.deliver(LINE, "1", "2026-01-10")
    firm.deliver("O-2026-0001/2", "2", "2026-01-10")
    firm.bill("2026-01-31")
    assert line_balances(firm.entries)[("contract-liability", "O-2026-0001/2")].amount == -50_000
    assert item_balances(firm.entries) == {("receivable", "F-2026-0001"): Balance(243_750, 243_750)}


def test_a_part_of_a_balance_has_the_rate_of_the_whole() -> None:
    assert Balance(-1000, -10_805).part(-400) == -4322
    assert Balance(-1000, -10_805).part(-1000) == -10_805
    assert Balance(300, 3001).part(100) == 1000


def test_a_month_is_named_by_its_year_and_number() -> None:
    assert month_key(day("2026-01-31")) == "2026-01"
    assert delivered("1", "2026-01-31").date == day("2026-01-31")


def test_a_credit_of_a_paid_invoice_is_owed_to_the_customer() -> None:
    firm = abroad(taxed=True)
    firm.deliver(LINE, "10", "2026-01-10")
    (invoice,) = firm.bill("2026-01-31")
    firm.pay(invoice.total, "2026-02-27", "F-2026-0001", rate="11.20")
    firm.credit("F-2026-0001", "2026-03-31", {"1": eur("500")})
    assert firm.amount("receivable") == -62_500
    assert firm.book("receivable") == -675_000  # at the invoice's 10.80
