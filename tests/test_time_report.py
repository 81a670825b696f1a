"""Time reports: every row on the page and in the rows, frozen with the invoice."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.billing import Facts, claim
from q2c.core.fault import Invalid
from q2c.core.invoice import Invoice, Issue, issued
from q2c.core.money import Money
from q2c.core.order import Delivery, OrderLine
from q2c.core.party import Customer, Invoicing
from q2c.core.trace import Paper
from q2c.core.usage import TimeRow, Yard, as_deliveries
from q2c.documents.language import language
from q2c.documents.look import Theme, frozen
from q2c.documents.timereport import report_csv, report_of, report_pdf, told
from tests.reading import text_of
from tests.values import customer, day, eur, hourly, kr, order, placing

WORK = (
    Delivery(
        date=day("2026-03-02"), line="1", quantity=Decimal("1.1"), person="Mia", note="Tables"
    ),
    Delivery(date=day("2026-03-03"), line="1", quantity=Decimal(2), person="Li", project="Data"),
)
SPENT = Delivery(
    date=day("2026-03-02"), line="2", quantity=Decimal("450.50"), person="Li", paid=kr("450.50")
)
EXPENSES = hourly("1", "1.05", id="2", charge="expense", unit="spent", name="Expenses")
EXPENSES = replace(EXPENSES, quantity=Decimal(0), net=kr("0"))
EN = frozen(Theme(), None, "en")


def wanting(report: str) -> Customer:
    return replace(customer(), invoicing=Invoicing(time_report=report))  # type: ignore[arg-type]  # a test names those there are


def invoice(report: str = "pdf", *deliveries: Delivery) -> Invoice:
    found = claim(
        order(hourly(), EXPENSES),
        Facts(deliveries=deliveries or (*WORK, SPENT)),
        (),
        placing("2026-03-31", wanting(report)),
    )
    assert found
    return issued(found, Issue(number="F-2026-0001", look=""), ())


def test_a_report_has_every_row_and_sums_by_person_and_project() -> None:
    seen = text_of(report_pdf(report_of(invoice()), EN))
    assert "Mia Tables 1.10" in seen
    assert "Sum 3.10" in seen
    assert "By person Person Hours Li 2.00 Mia 1.10 Sum 3.10" in seen
    assert "By project" in seen
    assert "SEK 450.50" in seen


def test_the_same_invoice_gives_the_same_bytes() -> None:
    one, other = (report_pdf(report_of(invoice()), EN) for _ in range(2))
    assert one == other


def test_rows_are_written_for_a_spreadsheet_and_none_is_a_formula() -> None:
    odd = replace(WORK[0], note="=1+1")
    told_ = report_csv(report_of(invoice("csv", odd, SPENT))).decode().splitlines()
    assert told_[1] == "2026-03-02,O-2026-0001/1,Mia,,,'=1+1,1.1,,"
    assert told_[2] == "2026-03-02,O-2026-0001/2,Li,,,,,450.50,SEK"


def test_who_wants_no_report_has_no_hours_in_the_invoice() -> None:
    plain = invoice("none")
    assert (plain.time_report, [line.worked for line in plain.lines]) == ("", [(), ()])


def test_what_a_clock_measured_is_written_as_a_clock_has_it() -> None:
    """6 h 10 min are no whole hundredths of an hour."""
    assert told(language("sv"), Decimal("6.166667"), clock=True) == "6:10"
    assert told(language("sv"), Decimal("7.5"), clock=False) == "7,50"
    assert told(language("en"), Decimal("0.002778"), clock=True) == "0:00:10"


def test_an_expense_is_invoiced_with_its_markup_and_exchanged_by_the_rate_of_its_day() -> None:
    """90 EUR at 11.20 are 1 008 SEK, with 5 per cent 1 058.40."""
    row = TimeRow(
        date=day("2026-03-02"),
        order="O-2026-0001",
        person="Li",
        paid=eur("90"),
        receipt="hotel.pdf",
    )
    hotel = Paper("time/2026-03/receipts/hotel.pdf", "0" * 64)
    yard = Yard(
        orders={"O-2026-0001": order(hourly(), EXPENSES)},
        exchanged=lambda paid, into, _: Money.of(paid.amount * Decimal("11.20"), into),
        receipts={"hotel.pdf": hotel},
    )
    [one] = as_deliveries([row], yard, {})["O-2026-0001"]
    assert (one.quantity, one.paid, one.receipt) == (Decimal("1008.00"), eur("90"), hotel)
    [line] = invoice("pdf", one).lines
    assert (line.net, line.unit_price) == (kr("1058.40"), Decimal("1.05"))


@pytest.mark.parametrize("lines", [(hourly(),), (hourly(), EXPENSES, replace(EXPENSES, id="3"))])
def test_an_expense_needs_exactly_one_line_unless_it_names_one(
    lines: tuple[OrderLine, ...],
) -> None:
    row = TimeRow(date=day("2026-03-02"), order="O-2026-0001", person="Li", paid=kr("90"))
    with pytest.raises(Invalid) as refused:
        as_deliveries([row], Yard(orders={"O-2026-0001": order(*lines)}), {})
    assert refused.value.faults[0].code == "which-line"
