"""Running forward: every month on what the one before left, and nothing is written."""

from collections import Counter
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from q2c.commands.books import Books
from q2c.commands.desk import Stamp
from q2c.commands.forward import Step, forward, months_until
from q2c.commands.invoices.outstanding import World
from q2c.core.billing import Facts
from q2c.core.book import Book
from q2c.core.catalog import Catalog
from q2c.core.order import Order, OrderLine
from q2c.core.period import Period, term_of
from q2c.store.ledger import Ledger
from q2c.store.tree import WorkTree
from tests.values import (
    COMPANY,
    VAT_RATES,
    customer,
    day,
    flat_rate,
    goods,
    order,
    published,
    recurring,
)

MARK = Stamp("Sara", "2026-01-01T00:00:00Z", "", "0")
FILES = WorkTree(Path("nowhere"))
NOTHING = Books(COMPANY, Ledger())


def world(*orders: Order) -> World:
    book = Book(
        company=COMPANY,
        customers={"fjord-foods": customer()},
        catalog=Catalog(products={}),
        lists={},
        vat_rates=VAT_RATES,
        exchange_rates=(published("2026-01-05", "11.40"), published("2026-01-20", "11.50")),
    )
    return World(book=book, orders=orders, facts={one.number: Facts() for one in orders})


def run(what: World, months: list[Period]) -> list[Step]:
    return list(forward(what, NOTHING, months, MARK, FILES))


def charged(steps: list[Step]) -> Counter[tuple[tuple[str, ...], int]]:
    lines = (line for step in steps for invoice in step.documents for line in invoice.lines)
    return Counter((line.keys, line.net.minor) for line in lines)


def test_months_are_counted_from_the_first_day_through_the_last() -> None:
    found = months_until(day("2026-11-24"), day("2027-02-28"))
    assert [str(month.first) for month in found] == [
        "2026-11-01",
        "2026-12-01",
        "2027-01-01",
        "2027-02-01",
    ]


def test_each_month_is_invoiced_on_its_last_day_under_the_next_number() -> None:
    line = recurring("300", term_of(day("2026-01-31"), 3), 3)
    steps = run(world(order(line)), months_until(day("2026-01-01"), day("2026-04-30")))
    assert [[str(one.issued_on) for one in step.documents] for step in steps] == [
        ["2026-01-31"],
        ["2026-02-28"],
        ["2026-03-31"],
        [],
    ]
    numbers = [one.number for step in steps for one in step.documents]
    assert numbers == ["F-2026-0001", "F-2026-0002", "F-2026-0003"]


def test_a_foreign_currency_keeps_the_latest_rate_that_is_known() -> None:
    line = goods("1", "100", bill="on-order", net="100", rate=flat_rate("100", "EUR"))
    abroad = order(line, currency="EUR", agreed="2028-06-01")
    (step,) = run(world(abroad), [months_until(day("2028-06-01"), day("2028-06-30"))[0]])
    (invoice,) = step.documents
    assert invoice.home
    assert f"{invoice.home.rate}" == "11.50"


LENGTHS = st.integers(1, 30)
STARTS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def lines(draw: st.DrawFn) -> OrderLine:
    months, every = draw(st.sampled_from([(12, "month"), (24, "quarter"), (36, "year")]))
    service = term_of(draw(STARTS), months)
    times = months // {"month": 1, "quarter": 3, "year": 12}[every]
    bill = draw(st.sampled_from(["in-advance", "in-arrears"]))
    align = draw(st.sampled_from(["anniversary", "calendar"]))
    net = str(draw(st.integers(1, 100_000)))
    return recurring(net, service, times, every=every, bill=bill, align=align)


@given(lines())
def test_thirty_six_months_one_by_one_are_one_jump_of_thirty_six(line: OrderLine) -> None:
    """The jump is one run after the last month: it catches up on all that was skipped."""
    months = months_until(day("2026-01-01"), day("2029-12-31"))
    what = world(order(line))
    assert charged(run(what, months)) == charged(run(what, months[-1:]))
