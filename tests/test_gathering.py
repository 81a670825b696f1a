"""Claims made one invoice as their customer wants it, and what waits because it is too little."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Claim, CreditPart, Facts, claim, gathered, set_aside
from q2c.core.invoice import Crediting, Issue, credited, faults_of, issued
from q2c.core.money import Money, total
from q2c.core.order import Order
from q2c.core.party import Billing, Customer, GroupBy, Invoicing
from q2c.documents.invoice import invoice_sheet
from q2c.documents.look import Theme, frozen
from tests.values import COMPANY, customer, delivered, eur, flat_rate, goods, kr, order, placing

MONTH_END = "2026-01-31"


def buyer(**invoicing: object) -> Customer:
    return replace(customer(), invoicing=Invoicing(**invoicing))  # type: ignore[arg-type]


def agreed(number: int, net: str = "1000", **other: object) -> Order:
    """Give an order of goods that are invoiced when it is agreed."""
    line = goods("1", net, bill="on-order")
    made = replace(order(line), number=f"O-2026-{number:04}", contract=f"C-2026-{number:04}")
    return replace(made, **other)


def claims_of(*orders: Order, who: Customer | None = None) -> list[Claim]:
    found = (claim(one, Facts(), (), placing(MONTH_END, who)) for one in orders)
    return [one for one in found if one]


def gather(*orders: Order, **invoicing: object) -> list[tuple[str, ...]]:
    """Say which orders come on which invoice."""
    who = buyer(**invoicing)
    found = gathered(claims_of(*orders, who=who), {who.id: who})
    return [one.orders for one in found]


def test_an_order_has_an_invoice_of_its_own_if_nothing_else_is_said() -> None:
    assert gather(agreed(1), agreed(2)) == [("O-2026-0001",), ("O-2026-0002",)]


@pytest.mark.parametrize(
    ("group_by", "orders"),
    [
        ("customer", [(1, 2, 3, 4)]),
        ("contract", [(1, 3), (2,), (4,)]),
        ("po", [(1, 2), (3,), (4,)]),
        ("cost-centre", [(1,), (2, 4), (3,)]),
    ],
)
def test_a_customer_says_what_comes_on_one_invoice(
    group_by: GroupBy, orders: list[tuple[int, ...]]
) -> None:
    made = (
        agreed(1, po="PO-7"),
        agreed(2, po="PO-7", cost_centre="4100"),
        agreed(3, contract="C-2026-0001"),
        agreed(4, cost_centre="4100"),
    )
    expected = [tuple(f"O-2026-{number:04}" for number in some) for some in orders]
    assert gather(*made, group_by=group_by) == expected


def test_currencies_and_languages_stay_apart() -> None:
    euros = goods("1", "100", bill="on-order", rate=flat_rate("100", "EUR"), net="100")
    other = replace(agreed(2), currency="EUR", lines=(euros,))
    swedish = agreed(3, language="sv")
    found = gather(agreed(1), other, swedish, agreed(4), group_by="customer")
    assert found == [("O-2026-0001", "O-2026-0004"), ("O-2026-0002",), ("O-2026-0003",)]


def test_an_invoice_of_several_orders_says_what_each_is_and_is_due_with_the_first() -> None:
    who = buyer(group_by="customer")
    one, other = agreed(1, po="PO-7", title="Sensors"), agreed(2, po="PO-8", due_days=10)
    (found,) = gathered(claims_of(one, other, who=who), {who.id: who})
    assert (found.order, found.po, found.contract, found.due_days) == ("", "", "", 10)
    assert [(part.order, part.po) for part in found.sections] == [
        ("O-2026-0001", "PO-7"),
        ("O-2026-0002", "PO-8"),
    ]
    assert found.sections[0].title == "Sensors"


def test_vat_is_rounded_once_for_the_gathered_invoice() -> None:
    """0.02 and 0.02 at 25 % are 0.01 each and 0.01 together: a half öre rounds up once."""
    who = buyer(group_by="customer")
    claims = claims_of(agreed(1, "0.02"), agreed(2, "0.02"), who=who)
    (found,) = gathered(claims, {who.id: who})
    assert [one.tax for one in claims] == [kr("0.01"), kr("0.01")]
    assert found.tax == kr("0.01")
    assert not list(faults_of(issued(found, Issue(number="F-2026-0001", look=""), ())))


def aside(
    *orders: Order, billing: Billing | None = None, over: bool = False, **invoicing: object
) -> tuple[list[tuple[str, ...]], list[tuple[str, Money]]]:
    """Say which orders are invoiced, and what is skipped and why."""
    who, company = buyer(**invoicing), replace(COMPANY, billing=billing or Billing())
    at = replace(placing(MONTH_END, who), company=company)
    found = [one for order in orders if (one := claim(order, Facts(), (), at))]
    kept, skipped = set_aside(found, company, {who.id: who}, lambda _: over)
    return [one.orders for one in kept], [(one.code, one.amount) for one in skipped]


def test_less_than_the_minimum_waits_and_is_listed_with_its_sum() -> None:
    kept, skipped = aside(agreed(1, "499.99"), agreed(2, "500"), minimum=Decimal(500))
    assert kept == [("O-2026-0002",)]
    assert skipped == [("under-minimum", kr("499.99"))]


def test_the_last_claim_of_an_order_that_has_ended_does_not_wait() -> None:
    kept, skipped = aside(agreed(1, "1"), over=True, minimum=Decimal(500))
    assert (kept, skipped) == ([("O-2026-0001",)], [])


def test_a_minimum_in_kronor_says_nothing_about_euros() -> None:
    line = goods("1", "1", bill="on-order", rate=flat_rate("1", "EUR"), net="1")
    euros = replace(agreed(1), currency="EUR", lines=(line,))
    kept, skipped = aside(euros, minimum=Decimal(500))
    assert (kept, skipped) == ([("O-2026-0001",)], [])
    assert claims_of(euros)[0].net == eur("1.00")


def test_what_comes_to_nothing_waits_for_the_next_invoice_unless_it_is_to_be_issued() -> None:
    free = agreed(1, "0")
    assert aside(free) == ([], [("zero", kr("0"))])
    assert aside(free, billing=Billing(zero="issue")) == ([("O-2026-0001",)], [])


def test_a_free_line_goes_along_with_one_that_costs() -> None:
    lines = (goods("1", "0", bill="on-order"), goods("1", "10", bill="on-order", id="2"))
    (found,) = claims_of(order(*lines))
    assert [charge.net for charge in found.charges] == [kr("0"), kr("10")]


NETS = st.lists(st.integers(0, 10**6), min_size=1, max_size=8)


@given(NETS, st.sampled_from(["order", "contract", "customer", "po", "cost-centre"]), st.data())
def test_gathering_neither_loses_nor_adds_anything(
    nets: list[int], group_by: GroupBy, data: st.DataObject
) -> None:
    names = st.sampled_from(["", "A", "B"])
    orders = [
        agreed(
            number,
            str(Decimal(net) / 100),
            po=data.draw(names),
            cost_centre=data.draw(names),
            language=data.draw(st.sampled_from(["sv", "en"])),
        )
        for number, net in enumerate(nets, start=1)
    ]
    who = buyer(group_by=group_by)
    claims = claims_of(*orders, who=who)
    found = gathered(claims, {who.id: who})
    assert sorted(n for one in found for n in one.orders) == [one.number for one in orders]
    assert total((one.net for one in found), "SEK").minor == sum(nets)
    keys = [key for one in found for charge in one.charges for key in charge.keys]
    assert sorted(keys) == sorted(k for one in claims for c in one.charges for k in c.keys)


def test_a_delivery_makes_no_difference_to_gathering() -> None:
    line = goods("2", "10", bill="on-delivery")
    what = order(line)
    found = claim(what, Facts(deliveries=(delivered("2", MONTH_END),)), (), placing(MONTH_END))
    assert found
    assert gathered([found], {"fjord-foods": customer()}) == (found,)


def test_each_order_is_headed_on_paper_also_where_only_the_second_is_credited() -> None:
    who = buyer(group_by="customer")
    one, other = agreed(1, po="PO-7", title="Sensors"), agreed(2, po="PO-8", cost_centre="4100")
    (found,) = gathered(claims_of(one, other, who=who), {who.id: who})
    invoice = issued(found, Issue(number="F-2026-0001", look=""), ())
    part = CreditPart(line="2", amount=kr("1000"))
    what = Crediting(parts=(part,), issued_on=invoice.issued_on, reason="Agreed")
    note = credited(invoice, [], what, Issue(number="K-2026-0001", look=""))
    heads = ["Our order O-2026-0001 · Your order no. PO-7 · Sensors"]
    heads.append("Our order O-2026-0002 · Your order no. PO-8 · Cost centre 4100")
    look = frozen(Theme(), None, "en")
    for document, said in ((invoice, heads), (note, heads[1:])):
        table = invoice_sheet(document, look).table
        assert table
        assert [next(filter(None, row.cells)) for row in table.rows if row.heading] == said


def test_beside_prices_without_vat_one_that_includes_it_is_shown_without_and_told() -> None:
    """2 at 500.13 with VAT are 1 000.26, of which 800.21 is without: 400.105 each."""
    who = buyer(group_by="customer")
    plain = agreed(1)
    inclusive = goods("2", "400.10", bill="on-order", net="800.21", with_vat=kr("1000.26"))
    inclusive = replace(inclusive, rate_with_vat=flat_rate("500.13"))
    other = replace(agreed(2), lines=(inclusive,))
    look = frozen(Theme(), None, "en")

    def rows(*orders: Order) -> list[tuple[str, str, tuple[str, ...]]]:
        (found,) = gathered(claims_of(*orders, who=who), {who.id: who})
        table = invoice_sheet(issued(found, Issue(number="F-2026-0001", look=""), ()), look).table
        assert table
        return [(r.cells[3], r.cells[-1], r.notes) for r in table.rows if not r.heading]

    assert rows(other) == [("500.13", "1,000.26", ())]
    _, mixed = rows(plain, other)
    assert mixed == ("400.105", "800.21", ("Including VAT SEK: 1,000.26",))
