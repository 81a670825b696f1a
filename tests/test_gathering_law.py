"""A law of runs: whatever goes on one invoice or waits, everything is billed once and no more."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.commands.invoices.outstanding import Asked, World, due_in
from q2c.core.billing import Claim, Facts
from q2c.core.book import Book
from q2c.core.catalog import Catalog
from q2c.core.order import Order
from q2c.core.party import Billing, GroupBy, Invoicing
from tests.values import (
    COMPANY,
    VAT_RATES,
    customer,
    day,
    days,
    delivered,
    goods,
    hourly,
    kr,
    order,
    recurring,
)

YEAR = days("2026-01-01", "2026-12-31")
GROUPS: tuple[GroupBy, ...] = ("order", "contract", "customer", "po", "cost-centre")
ORDERS = (
    replace(order(recurring("1200", YEAR, 12)), po="A"),
    replace(order(goods("1", "90", bill="on-order")), number="O-2026-0002", po="A"),
    replace(order(hourly("10", "10")), number="O-2026-0003", cost_centre="4100"),
    replace(order(goods("1", "0", bill="on-order")), number="O-2026-0004", po="B"),
)
FACTS = {one.number: Facts() for one in ORDERS} | {
    "O-2026-0003": Facts(
        deliveries=(delivered("4", "2026-02-10"), delivered("6", "2026-05-05")),
    )
}
RUNS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(GROUPS),
        st.sampled_from([None, Decimal(50), Decimal(500), Decimal(5000)]),
        st.sampled_from(["skip", "issue"]),
    ),
    max_size=8,
)


def world(
    group_by: GroupBy, minimum: Decimal | None, zero: str, orders: tuple[Order, ...] = ORDERS
) -> World:
    who = replace(customer(), invoicing=Invoicing(group_by=group_by, minimum=minimum))
    billing = Billing(zero=zero)  # type: ignore[arg-type]  # drawn from what it may be
    book = Book(
        company=replace(COMPANY, billing=billing),
        customers={who.id: who},
        catalog=Catalog({}, {}),
        lists={},
        vat_rates=VAT_RATES,
        exchange_rates=(),
    )
    return World(book=book, orders=orders, facts=FACTS)


def run(at: World, month: int, billed: dict[str, int]) -> tuple[Claim, ...]:
    """Issue what a run through a month claims; the same run again has nothing left."""
    on = day(f"2026-{month:02}-28")
    found = due_in(at, billed, Asked(through=on, issue_on=on))
    for claim in found.claims:
        for charge in claim.charges:
            for key in charge.keys:
                assert key not in billed
                billed[key] = 0
            billed[charge.keys[0]] = charge.net.minor
    again = due_in(at, billed, Asked(through=on, issue_on=on))
    assert not again.claims
    assert [skip.amount for skip in again.skipped] == [skip.amount for skip in found.skipped]
    return found.claims


@given(RUNS)
@settings(max_examples=60)
def test_runs_with_any_policies_bill_everything_once(
    runs: list[tuple[int, GroupBy, Decimal | None, str]],
) -> None:
    billed: dict[str, int] = {}
    for month, group_by, minimum, zero in sorted(runs, key=lambda one: one[0]):
        run(world(group_by, minimum, zero), month, billed)
    run(world("customer", None, "issue"), 12, billed)
    assert sum(billed.values()) == kr("1390").minor  # 1 200.00, 90.00 and ten hours


def test_what_is_too_little_grows_until_it_is_enough() -> None:
    """100.00 a month wait until they are 500.00, and what is free goes along with them."""
    only = (ORDERS[0], ORDERS[3])
    billed: dict[str, int] = {}
    at = world("customer", Decimal(500), "skip", only)
    sums = [sum(claim.net.minor for claim in run(at, month, billed)) for month in range(1, 11)]
    assert sums == [0, 0, 0, 0, 50000, 0, 0, 0, 0, 50000]
