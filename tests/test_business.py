"""Laws of the whole business: they hold after any course of orders, invoices and payments."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from q2c.core.billing import final_key
from q2c.core.catalog import Model
from q2c.core.fault import Refused
from q2c.core.order import Order, OrderLine
from q2c.core.party import Customer
from q2c.core.period import term_of
from q2c.core.pricing import Rate
from q2c.core.quote import Payment
from q2c.core.receivable import open_items
from tests.firm import Firm, another
from tests.values import customer, flat_rate, goods, hourly, order, published, recurring, tiers

BEGIN = date(2026, 1, 1)
BUYERS = (
    customer("SE"),
    customer("FI", "FI20774740"),
    customer("NO"),
    customer("DE", kind="consumer"),
)
SCHEDULES: tuple[tuple[Payment, ...], ...] = (
    (),
    (),
    (Payment(percent=Decimal(30), on="acceptance"), Payment(on="delivery")),
    (
        Payment(percent=Decimal(20), on="acceptance", days=10),
        Payment(percent=Decimal(20), date=date(2026, 3, 1)),
        Payment(on="delivery", days=30),
    ),
)
TIERED: tuple[Model, ...] = ("graduated", "volume")
PRICES = st.integers(0, 10**6).map(lambda minor: str(Decimal(minor) / 100))
QUANTITIES = st.integers(1, 5000).map(lambda n: Decimal(n) / 100)


class Step(Struct, frozen=True):
    """Something that happens, so many days after the last: its word and two numbers."""

    word: str
    days: int
    which: int
    how_much: int


@st.composite
def lines(draw: st.DrawFn, id_: str, currency: str) -> OrderLine:
    """Draw a line of any kind."""
    price, quantity = draw(PRICES), str(draw(QUANTITIES))
    rate = flat_rate(price, currency)
    if draw(st.booleans()):
        model = draw(st.sampled_from(TIERED))
        steps = tiers(("10", price, "0"), (None, draw(PRICES), "0"))
        rate = Rate(model=model, currency=currency, tiers=steps)
    vat = draw(st.sampled_from(["standard", "reduced", "low"]))
    match draw(st.sampled_from(["hours", "prepaid", "goods", "ahead", "behind"])):
        case "hours":
            return hourly(quantity, price, id=id_, rate=rate, vat=vat)
        case "prepaid":
            return hourly(quantity, price, id=id_, rate=rate, bill="on-order", vat=vat)
        case "goods":
            return goods(quantity, price, id=id_, rate=rate, vat=vat)
        case when:
            start = BEGIN + timedelta(draw(st.integers(-40, 90)))
            months = draw(st.integers(1, 6))
            return recurring(
                price,
                term_of(start, months),
                months,
                id=id_,
                bill="in-advance" if when == "ahead" else "in-arrears",
                align=draw(st.sampled_from(["calendar", "anniversary"])),
                rate=flat_rate(price, currency),
            )


@st.composite
def firms(draw: st.DrawFn) -> Firm:
    """Draw a firm with an order or two, at home or in euro, with a new rate every ten days."""
    buyer: Customer = draw(st.sampled_from(BUYERS))
    currency = draw(st.sampled_from(["SEK", "EUR"]))
    orders: list[Order] = []
    for number in range(draw(st.integers(1, 2))):
        found = [draw(lines(str(n), currency)) for n in range(1, draw(st.integers(2, 4)) + 1)]
        made = another(order(*found, currency=currency), f"O-2026-000{number + 1}")
        orders.append(replace(made, payments=draw(st.sampled_from(SCHEDULES))))
    rates = [
        published(str(BEGIN + timedelta(10 * n)), str(draw(st.integers(10_000, 12_000)) / 1000))
        for n in range(20)
    ]
    firm = Firm(*orders, buyer=buyer, rates=rates if currency == "EUR" else ())
    firm.patient = True
    return firm


WORDS = "deliver deliver deliver take bill bill bill credit credit pay recognise recognise".split()
STEPS = st.lists(
    st.builds(
        Step,
        word=st.sampled_from(WORDS),
        days=st.integers(0, 25),
        which=st.integers(0, 9),
        how_much=st.integers(1, 100),
    ),
    min_size=8,
    max_size=24,
)


def _line(firm: Firm, which: int) -> str:
    """Choose a line that is delivered by hand, where there is one."""
    pairs = [(what, line) for what in firm.orders.values() for line in what.lines]
    by_hand = [pair for pair in pairs if pair[1].charge != "recurring"] or pairs
    what, line = by_hand[which % len(by_hand)]
    return what.ref(line)


def _deliver(firm: Firm, step: Step, on: date) -> None:
    quantity = Decimal(step.how_much) / (-50 if step.word == "take" else 20)
    recorded_late = max(BEGIN, on - timedelta(step.which * 3))
    firm.deliver(_line(firm, step.which), quantity, str(recorded_late))


def _credit(firm: Firm, step: Step, on: date) -> None:
    if firm.invoices:
        invoice = list(firm.invoices.values())[step.which % len(firm.invoices)]
        line = invoice.lines[step.how_much % len(invoice.lines)]
        part = line.net.share(Decimal(step.how_much) / 100)
        firm.credit(invoice.number, str(on), {line.id: part} if step.which % 3 else None)


def _pay(firm: Firm, step: Step, on: date) -> None:
    if firm.invoices:
        invoice = list(firm.invoices.values())[step.which % len(firm.invoices)]
        amount = invoice.total.share(Decimal(step.how_much) / 80)
        rate = "" if invoice.currency == "SEK" else f"11.{step.how_much:03}"
        firm.pay(amount, str(on), invoice.number, rate=rate)


DOES: dict[str, Callable[[Firm, Step, date], object]] = {
    "deliver": _deliver,
    "take": _deliver,
    "bill": lambda firm, _, on: firm.bill(str(on)),
    "credit": _credit,
    "pay": _pay,
    "recognise": lambda firm, _, on: firm.recognise(f"{on:%Y-%m}"),
}


def happens(firm: Firm, step: Step, on: date) -> None:
    """Let a step happen; one that is refused leaves the ledger as it was."""
    before = list(firm.entries)
    try:
        DOES[step.word](firm, step, on)
    except Refused:
        assert firm.entries[: len(before)] == before


def check(firm: Firm) -> None:
    """Check what holds on every day; that each entry balances is checked when it is added."""
    for what in firm.orders.values():
        for line in what.lines:
            check_line(firm, what.ref(line))
    for item in open_items(firm.entries).values():
        assert item.open.minor == firm.amount("receivable", item.number)
        assert item.open.minor or not firm.book("receivable", item.number)
    vat = sum(row.vat.minor for invoice in firm.invoices.values() for row in invoice.taxed)
    back = sum(row.vat.minor for notes in firm.notes.values() for n in notes for row in n.taxed)
    assert -firm.amount("output-vat") == vat - back


def check_line(firm: Firm, ref: str) -> None:
    """Check that invoiced = recognised + contract liability - contract asset."""
    revenue, liability = -firm.amount("revenue", ref), -firm.amount("contract-liability", ref)
    asset = firm.amount("contract-asset", ref)
    assert firm.invoiced(ref) == revenue + liability - asset
    assert revenue >= 0 <= liability
    assert asset >= 0
    assert not (liability and asset), "one order line is owed to, or it owes, never both"
    assert liability or not firm.book("contract-liability", ref)
    assert asset or not firm.book("contract-asset", ref)


@given(firms(), STEPS)
def test_the_laws_hold_after_any_course_of_business(firm: Firm, steps: list[Step]) -> None:
    today = BEGIN
    for step in steps:
        today = min(today + timedelta(step.days), date(2026, 6, 30))
        happens(firm, step, today)
        check(firm)


@given(firms(), STEPS)
def test_doing_it_again_adds_nothing(firm: Firm, steps: list[Step]) -> None:
    today = BEGIN
    for step in steps:
        today = min(today + timedelta(step.days), date(2026, 6, 30))
        happens(firm, step, today)
    firm.bill("2026-07-10")
    firm.recognise("2026-07")
    assert all(not what.revenue.minor for what in firm.earned("2026-07"))
    assert firm.recognise("2026-07") == []
    assert firm.bill("2026-07-10") == []
    check(firm)


def comes_out_even(line: OrderLine) -> bool:
    """Say whether all that is earned of a line is invoiced, and the other way round."""
    return line.charge == "recurring" or (line.open_ended and line.rate.model == "per-unit")


DELIVERIES = st.lists(st.tuples(QUANTITIES, st.integers(0, 9), st.integers(0, 150)), max_size=8)


@given(firms(), DELIVERIES)
def test_what_is_invoiced_is_earned_in_the_end_and_nothing_is_left(
    firm: Firm, deliveries: list[tuple[Decimal, int, int]]
) -> None:
    for quantity, which, offset in deliveries:
        try:
            firm.deliver(_line(firm, which), quantity, str(BEGIN + timedelta(offset)))
        except Refused:
            continue
    firm.rates = [*firm.rates, published("2026-08-31", "11"), published("2026-09-30", "10.5")]
    for month in ("2026-04", "2026-09"):
        firm.recognise(month)
        firm.bill(f"{month}-30")
    firm.recognise("2026-10")
    settled = [o for o in firm.orders.values() if not o.payments or final_key(o) in firm.keys]
    for what in settled:
        for line in filter(comes_out_even, what.lines):
            assert firm.amount("contract-liability", what.ref(line)) == 0
            assert firm.amount("contract-asset", what.ref(line)) == 0
