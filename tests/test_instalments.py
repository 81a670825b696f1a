"""Instalments: one invoice that is due on several days."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import DuePart, Facts, claim
from q2c.core.invoice import Invoice, faults_of
from q2c.core.money import Money, total
from q2c.core.party import LanguageCode
from q2c.core.quote import Payment
from q2c.core.receivable import Dues, OpenItem, next_due, open_items, overdue
from q2c.documents.invoice import invoice_sheet
from q2c.documents.look import Theme, frozen
from q2c.documents.payment_codes import payment_code
from tests.firm import Firm
from tests.test_deposits import HALVES, REF, agreed, milestone, pay
from tests.values import customer, day, delivered, flat_rate, kr, placing

PARTS = (
    DuePart(due_on=day("2026-03-01"), amount=kr("500")),
    DuePart(due_on=day("2026-04-01"), amount=kr("300")),
    DuePart(due_on=day("2026-05-01"), amount=kr("200")),
)
DUES = Dues(due_on=day("2026-03-01"), instalments=PARTS)


def item(open_: str) -> OpenItem:
    """Give an invoice of 1 000 of which so much is open."""
    return OpenItem(
        number="F-2026-0001",
        party="fjord-foods",
        issued_on=day("2026-02-01"),
        invoiced=kr("1000"),
        open=kr(open_),
    )


def in_three() -> Invoice:
    """Issue an invoice of 1 250 that is paid in three parts."""
    third = (
        Payment(percent=Decimal(50), on="delivery", days=30),
        pay("30", on="delivery", days=60),
    )
    firm = Firm(agreed(milestone("1000"), payments=(*third, pay(on="delivery", days=90))))
    firm.deliver(f"{REF}/1", "1", "2026-01-10")
    (invoice,) = firm.bill("2026-01-15")
    return invoice


@pytest.mark.parametrize(
    ("open_", "on", "late", "then"),
    [
        ("1000", "2026-03-01", "0", "2026-03-01"),  # on its day it is not late
        ("1000", "2026-03-02", "500", "2026-03-01"),
        ("600", "2026-03-02", "100", "2026-03-01"),
        ("500", "2026-03-02", "0", "2026-04-01"),
        ("500", "2026-04-15", "300", "2026-04-01"),
        ("200", "2026-06-01", "200", "2026-05-01"),
        ("0", "2026-06-01", "0", "2026-05-01"),
        ("-10", "2026-06-01", "0", "2026-05-01"),
    ],
)
def test_what_is_paid_counts_for_the_part_that_is_due_first(
    open_: str, on: str, late: str, then: str
) -> None:
    assert overdue(item(open_), DUES, day(on)) == kr(late)
    assert next_due(item(open_), DUES) == day(then)


def test_an_invoice_without_instalments_is_due_at_once() -> None:
    plain = Dues(due_on=day("2026-03-01"))
    assert overdue(item("400"), plain, day("2026-03-01")) == kr("0")
    assert overdue(item("400"), plain, day("2026-03-02")) == kr("400")
    assert next_due(item("400"), plain) == day("2026-03-01")


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.data())
def test_what_is_overdue_grows_with_the_days_and_never_beyond_what_is_open(
    minors: list[int], data: st.DataObject
) -> None:
    parts = tuple(
        DuePart(due_on=day(f"2026-{month:02}-01"), amount=Money(minor, "SEK"))
        for month, minor in enumerate(minors, start=1)
    )
    whole = total((part.amount for part in parts), "SEK")
    open_ = Money(data.draw(st.integers(0, whole.minor)), "SEK")
    owed = replace(item("0"), invoiced=whole, open=open_)
    dues = Dues(due_on=parts[0].due_on, instalments=parts)
    late = [overdue(owed, dues, day(f"2026-{month:02}-02")).minor for month in range(1, 9)]
    assert late == sorted(late)
    assert late[-1] == open_.minor


def test_parts_after_the_delivery_are_instalments_of_one_invoice() -> None:
    invoice = in_three()
    assert [(str(part.due_on), part.amount) for part in invoice.instalments] == [
        ("2026-02-09", kr("625")),
        ("2026-03-11", kr("375")),
        ("2026-04-10", kr("250")),
    ]
    assert (str(invoice.due_on), invoice.payable) == ("2026-02-09", kr("1250"))


def test_parts_of_one_day_are_one_instalment() -> None:
    what = agreed(milestone("1000"), payments=(pay("50", on="delivery"), pay(on="delivery")))
    made = claim(what, Facts(deliveries=(delivered("1", "2026-01-10"),)), (), placing("2026-01-10"))
    assert made
    assert [one.amount for one in made.instalments] == [kr("1250")]


def test_instalments_that_do_not_make_the_invoice_are_a_fault() -> None:
    invoice = in_three()
    assert not list(faults_of(invoice))
    (fault,) = faults_of(replace(invoice, instalments=invoice.instalments[:2]))
    assert fault.code == "does-not-add-up"


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("en", "Invoice", "By the instalments above."),
        ("sv", "Faktura", "Enligt delbetalningarna ovan."),
    ],
)
def test_the_paper_says_what_is_due_when_and_asks_for_the_first_part(
    code: LanguageCode, kind: str, words: str
) -> None:
    sheet = invoice_sheet(in_three(), frozen(Theme(), None, code))
    (table,) = sheet.blocks
    assert (sheet.title, len(table.rows)) == (kind, 3)
    assert words in sheet.notes[0].text
    assert sheet.slip
    assert "625" in sheet.slip.amount


def test_the_code_to_scan_asks_for_the_first_part() -> None:
    line = milestone("1000", rate=flat_rate("1000", "EUR"))
    parts = (pay("40", on="delivery", days=30), pay(on="delivery", days=60))
    what = agreed(line, payments=parts, currency="EUR")
    firm = Firm(what, buyer=customer("FI", "FI20774740"), rates=())
    firm.deliver(f"{REF}/1", "1", "2026-01-10")
    made = claim(
        what,
        Facts(deliveries=tuple(firm.deliveries[REF])),
        (),
        placing("2026-01-15", customer("FI", "FI20774740")),
    )
    assert made
    assert [str(one.amount) for one in made.instalments] == ["400.00 EUR", "600.00 EUR"]
    euro = replace(in_three(), currency="EUR", instalments=made.instalments)
    code = payment_code(euro)
    assert code
    assert "EUR400.00" in code.payload


@pytest.mark.parametrize(
    ("code", "deposit", "final", "less"),
    [
        ("en", "Deposit invoice", "Final invoice", "Less deposit F-2026-0001"),
        ("sv", "Förskottsfaktura", "Slutfaktura", "Avgår förskott F-2026-0001"),
    ],
)
def test_the_papers_of_deposit_and_final_invoice_say_what_they_are(
    code: LanguageCode, deposit: str, final: str, less: str
) -> None:
    look = frozen(Theme(), None, code)
    firm = Firm(HALVES)
    (first,) = firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    (last,) = firm.bill("2026-02-28")
    asked, settled = invoice_sheet(first, look), invoice_sheet(last, look)
    assert (asked.title, settled.title) == (deposit, final)
    assert len(asked.facts) == len(settled.facts) - 1  # nothing is supplied yet
    assert settled.sums
    assert settled.sums.totals[-2].label == less
    (table,) = settled.blocks
    assert [len(row.cells) for row in table.rows] == [6, 6]


def test_a_final_invoice_is_an_open_item_of_the_rest() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    firm.bill("2026-02-28")
    items = open_items(firm.entries)
    assert [one.open for one in items.values()] == [kr("37500"), kr("87500")]
