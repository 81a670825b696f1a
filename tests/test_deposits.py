"""Deposits and the final invoice: worked by hand, as others publish them, then by law."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Claim, Deducted, Facts, claim, left_of
from q2c.core.deposit import deposits_of
from q2c.core.fault import Held, Invalid
from q2c.core.invoice import Invoice
from q2c.core.money import Money, total
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.quote import Payment
from q2c.core.receivable import open_items
from q2c.core.tax import VatRate, VatTotal
from tests.firm import Firm
from tests.values import (
    VAT_RATES,
    customer,
    day,
    days,
    delivered,
    flat_rate,
    goods,
    hourly,
    kr,
    order,
    placing,
    published,
    recurring,
)

REF = "O-2026-0001"


def milestone(net: str, id_: str = "1", **more: object) -> OrderLine:
    """Give a line that is delivered as a whole."""
    return hourly("1", net, **{"id": id_, "charge": "milestone", "unit": "pcs", **more})


def pay(percent: str | None = None, on: str | None = "acceptance", **more: object) -> Payment:
    """Give a part of a schedule; without a percentage it is the rest."""
    share = None if percent is None else Decimal(percent)
    return Payment(percent=share, on=on, **more)  # type: ignore[arg-type]  # a test names its fields


def agreed(*lines: OrderLine, payments: Sequence[Payment], currency: str = "SEK") -> Order:
    """Give an order with a schedule of payments."""
    return replace(order(*lines, currency=currency), payments=tuple(payments))


def rates(*pairs: tuple[str, str]) -> tuple[VatRate, ...]:
    """Give the usual rates with other figures."""
    known = {row.vat: row for row in VAT_RATES}
    return tuple(replace(known[vat], rate=Decimal(rate)) for vat, rate in pairs)  # type: ignore[index]


def rows(found: Claim | Invoice | Deducted) -> list[tuple[Decimal, Decimal]]:
    """Give net and VAT by rate."""
    return [(row.base.amount, row.vat.amount) for row in found.vat]


def of(found: Claim, number: str = "F-2026-0001") -> Deducted:
    """Give a deposit as it is deducted."""
    return Deducted(number=number, issued_on=found.issue_on, vat=found.vat)


HALVES = agreed(milestone("100000"), payments=(pay("30", name="Deposit"), pay(on="delivery")))


def test_a_deposit_has_its_vat_and_the_final_invoice_deducts_it() -> None:
    """125 000 with VAT: 30 % is 37 500, of which 7 500 is VAT; 87 500 are left."""
    firm = Firm(HALVES)
    (deposit,) = firm.bill("2026-01-01")
    assert (deposit.scheduled, deposit.net, deposit.tax) == ("deposit", kr("30000"), kr("7500"))
    assert deposit.lines[0].keys == (f"{REF}:deposit-1",)
    assert (deposit.lines[0].name, deposit.lines[0].text) == ("Deposit", "Deposit 1 of 2")
    assert (deposit.lines[0].percent, deposit.lines[0].quantity) == (Decimal(30), Decimal(100_000))
    assert firm.bill("2026-02-01") == []
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    (final,) = firm.bill("2026-02-28")
    assert (final.net, final.tax, final.payable) == (kr("100000"), kr("25000"), kr("87500"))
    assert [(one.number, one.net, one.tax) for one in final.deposits] == [
        ("F-2026-0001", kr("30000"), kr("7500"))
    ]
    assert final.lines[0].keys == (f"{REF}/1:delivery-0", f"{REF}:final")
    assert firm.bill("2026-12-31") == []


def test_a_deposit_is_a_liability_until_the_final_invoice_moves_it_to_its_lines() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    assert firm.amount("contract-liability", f"{REF}/deposit") == -3_000_000
    assert firm.amount("output-vat") == -750_000
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    firm.bill("2026-02-28")
    assert firm.amount("contract-liability", f"{REF}/deposit") == 0
    assert firm.amount("contract-liability", f"{REF}/1") == -10_000_000
    assert firm.amount("output-vat") == -2_500_000
    assert firm.amount("receivable", "F-2026-0002") == 8_750_000
    firm.recognise("2026-02")
    assert firm.amount("revenue", f"{REF}/1") == -10_000_000


def test_thirds_round_to_the_cent_and_the_last_takes_what_is_left() -> None:
    """10 000 at 19 %, 33.34 + 33.33 + 33.33 %: all paid ahead (tuttle-dev/tuttle#349)."""
    what = agreed(
        milestone("10000"), payments=(pay("33.34"), pay("33.33"), pay("33.33", on="delivery"))
    )
    german = rates(("standard", "19"))
    found = claim(what, Facts(), (), placing("2026-01-15", rates=german))
    assert found
    assert [charge.net for charge in found.charges] == [kr("3334"), kr("3333")]
    facts = Facts(deliveries=(delivered("1", "2026-06-30"),), deposits=(of(found),))
    billed = (f"{REF}:deposit-1", f"{REF}:deposit-2")
    final = claim(what, facts, billed, placing("2026-06-30", rates=german))
    assert final
    assert (final.total, final.payable) == (kr("11900"), kr("3966.27"))


def test_half_and_half_leaves_half_and_all_paid_ahead_leaves_nothing() -> None:
    """10 000 at 19 %: 5 000 + 950, then 11 900 less 5 950 (tuttle-dev/tuttle#326)."""
    german = rates(("standard", "19"))
    what = agreed(
        milestone("10000"), payments=(pay("50"), pay("50", date=day("2026-03-01"), on=None))
    )
    first = claim(what, Facts(), (), placing("2026-01-15", rates=german))
    assert first
    assert (first.net, first.tax, first.total) == (kr("5000"), kr("950"), kr("5950"))
    done = Facts(deliveries=(delivered("1", "2026-02-28"),), deposits=(of(first),))
    half = claim(what, done, (f"{REF}:deposit-1",), placing("2026-02-28", rates=german))
    assert half
    assert half.payable == kr("5950")
    both = replace(done, deposits=(of(first), of(first, "F-2026-0002")))
    keys = (f"{REF}:deposit-1", f"{REF}:deposit-2")
    whole = claim(what, both, keys, placing("2026-02-28", rates=german))
    assert whole
    assert (whole.total, whole.payable) == (kr("11900"), kr("0"))


@pytest.mark.parametrize(
    ("vat", "payment", "expected"),
    [
        # Odoo, sale/tests/test_sale_order_down_payment.py: four lines of 200 at 15 and 10 %.
        ("standard reduced reduced reduced", "222.50", [("50.00", "7.50"), ("150.00", "15.00")]),
        (
            "reduced reduced standard exempt",
            "50%",
            [("100.00", "15.00"), ("200.00", "20.00"), ("100.00", "0.00")],
        ),
    ],
)
def test_a_deposit_is_split_over_the_rates_as_odoo_does(
    vat: str, payment: str, expected: list[tuple[str, str]]
) -> None:
    lines = [
        goods("2", "100", id=str(n), vat=kind, vat_exemption="Exempt" if kind == "exempt" else "")
        for n, kind in enumerate(vat.split(), start=1)
    ]
    share = payment.endswith("%")
    first = pay(payment[:-1]) if share else Payment(amount=Decimal(payment), on="acceptance")
    what = agreed(*lines, payments=(first, pay(on="delivery")))
    found = claim(
        what, Facts(), (), placing("2026-01-15", rates=rates(("standard", "15"), ("reduced", "10")))
    )
    assert found
    assert rows(found) == [(Decimal(net), Decimal(tax)) for net, tax in expected]


def test_vat_is_that_of_the_whole_and_not_of_what_is_left() -> None:
    """535 + VAT 20 % is 642; a deposit of 500 leaves 142 (internetee/auction_center#1060)."""
    what = agreed(
        milestone("535"),
        payments=(Payment(amount=Decimal(500), on="acceptance"), pay(on="delivery")),
    )
    estonian = rates(("standard", "20"))
    first = claim(what, Facts(), (), placing("2026-01-15", rates=estonian))
    assert first
    done = Facts(deliveries=(delivered("1", "2026-02-28"),), deposits=(of(first),))
    final = claim(what, done, (f"{REF}:deposit-1",), placing("2026-02-28", rates=estonian))
    assert final
    assert (final.tax, final.total, final.payable) == (kr("107"), kr("642"), kr("142"))


def test_a_part_on_a_day_is_claimed_as_long_before_as_the_customer_has_to_pay() -> None:
    what = agreed(
        milestone("1000"), payments=(pay("40", on=None, date=day("2026-03-31")), pay(on="delivery"))
    )
    assert claim(what, Facts(), (), placing("2026-02-28")) is None
    found = claim(what, Facts(), (), placing("2026-03-01"))  # thirty days before
    assert found
    assert [(str(one.due_on), one.amount) for one in found.instalments] == [
        ("2026-03-31", kr("500"))
    ]


def test_what_is_late_is_due_at_once_and_what_names_no_day_by_the_usual_terms() -> None:
    what = agreed(
        milestone("1000"),
        payments=(pay("40", days=10), pay("20"), pay(on="delivery")),
    )
    found = claim(what, Facts(), (), placing("2026-02-01"))
    assert found
    assert [(str(one.due_on), one.amount) for one in found.instalments] == [
        ("2026-02-01", kr("500")),  # ten days after 1 January is over
        ("2026-03-03", kr("250")),
    ]


def test_hours_beyond_what_was_agreed_are_paid_with_the_last_part() -> None:
    what = agreed(hourly("40", "1000"), payments=(pay("50"), pay(on="delivery", days=30)))
    first = claim(what, Facts(), (), placing("2026-01-01"))
    assert first
    done = Facts(deliveries=(delivered("44", "2026-02-10"),), deposits=(of(first),))
    final = claim(what, done, (f"{REF}:deposit-1",), placing("2026-02-10"))
    assert final
    assert [(str(one.due_on), one.amount) for one in final.instalments] == [
        ("2026-03-12", kr("30000"))
    ]
    keys = tuple(key for charge in final.charges for key in charge.keys)
    more = replace(done, deliveries=(*done.deliveries, delivered("2", "2026-03-01")))
    later = claim(what, more, (*keys, f"{REF}:deposit-1"), placing("2026-03-31"))
    assert later
    assert (later.scheduled, later.net) == ("", kr("2000"))


def test_what_recurs_is_settled_when_its_last_period_falls_due() -> None:
    line = recurring("12000", days("2026-01-01", "2026-12-31"), 12)
    what = agreed(line, payments=(pay("50"), pay(on="delivery")))
    assert not (late := claim(what, Facts(), (f"{REF}:deposit-1",), placing("2026-11-30"))), late
    final = claim(what, Facts(), (f"{REF}:deposit-1",), placing("2026-12-01"))
    assert final
    assert (final.net, len(final.charges)) == (kr("12000"), 12)


def test_a_deposit_that_was_given_back_is_not_deducted() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    firm.credit("F-2026-0001", "2026-01-05")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    (final,) = firm.bill("2026-02-28")
    assert (final.deposits, final.payable) == ((), kr("125000"))


def test_of_a_deposit_that_was_given_back_in_part_the_rest_is_deducted() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    firm.credit("F-2026-0001", "2026-01-05", {"1": kr("10000")})
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    (final,) = firm.bill("2026-02-28")
    assert rows(final.deposits[0]) == [(Decimal("20000.00"), Decimal("5000.00"))]
    assert final.payable == kr("100000")


def test_a_deposit_that_was_wrong_falls_due_again() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    firm.credit("F-2026-0001", "2026-01-05", rebill=True)
    (again,) = firm.bill("2026-01-06")
    assert (again.lines[0].keys, again.total) == ((f"{REF}:deposit-1",), kr("37500"))


def test_a_final_invoice_credited_at_once_lets_its_deposits_stand_again() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    firm.bill("2026-02-28")
    assert deposits_of(firm.entries, "SEK")["F-2026-0001"].deducted_by == "F-2026-0002"
    note = firm.credit("F-2026-0002", "2026-03-01", rebill=True)
    assert (note.total, note.payable) == (kr("125000"), kr("87500"))
    assert not deposits_of(firm.entries, "SEK")["F-2026-0001"].deducted_by
    (again,) = firm.bill("2026-03-02")
    assert (again.payable, [one.number for one in again.deposits]) == (
        kr("87500"),
        ["F-2026-0001"],
    )


def test_a_final_invoice_is_billed_again_as_a_whole() -> None:
    what = agreed(milestone("100"), milestone("200", "2"), payments=(pay("50"), pay(on="delivery")))
    firm = Firm(what)
    firm.bill("2026-01-01")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    firm.deliver(f"{REF}/2", "1", "2026-02-10")
    firm.bill("2026-02-28")
    with pytest.raises(Invalid) as refused:
        firm.credit("F-2026-0002", "2026-03-01", {"1": kr("100")}, rebill=True)
    assert refused.value.faults[0].code == "rebill-whole"


def test_deposits_beyond_what_was_delivered_hold_the_order() -> None:
    what = agreed(
        hourly("0", "1000"), milestone("1000", "2"), payments=(pay("90"), pay(on="delivery"))
    )
    first = claim(what, Facts(), (), placing("2026-01-01"))
    assert first
    less = replace(first.vat[0], base=kr("2000"), vat=kr("500"))
    done = Facts(
        deliveries=(delivered("1", "2026-02-10", "2"),),
        deposits=(replace(of(first), vat=(less,)),),
    )
    with pytest.raises(Held) as refused:
        claim(what, done, (f"{REF}:deposit-1",), placing("2026-02-10"))
    assert refused.value.faults[0].code == "deposits-exceed"


def test_a_deposit_at_another_rate_than_the_delivery_holds_the_order() -> None:
    first = claim(HALVES, Facts(), (), placing("2026-01-01", rates=rates(("standard", "24"))))
    assert first
    done = Facts(deliveries=(delivered("1", "2026-02-10"),), deposits=(of(first),))
    with pytest.raises(Held) as refused:
        claim(HALVES, done, (f"{REF}:deposit-1",), placing("2026-02-10"))
    assert refused.value.faults[0].code == "deposit-rate"


def test_a_deposit_in_euro_keeps_the_rate_of_its_own_day() -> None:
    """1 000 + VAT 250 EUR: 500 at 11, and 500 at 12; the lines are worth 11 500 SEK."""
    line = milestone("1000", rate=flat_rate("1000", "EUR"))
    what = agreed(line, payments=(pay("50"), pay(on="delivery")), currency="EUR")
    firm = Firm(
        what,
        buyer=customer("SE"),
        rates=(published("2026-01-01", "11"), published("2026-02-28", "12")),
    )
    (deposit,) = firm.bill("2026-01-01")
    assert deposit.home
    assert deposit.home.vat == kr("1375")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    (final,) = firm.bill("2026-02-28")
    assert final.home
    assert (final.home.vat, final.deposits[0].home) == (kr("1500"), kr("1375"))
    assert firm.book("contract-liability", f"{REF}/deposit") == 0
    assert firm.book("contract-liability", f"{REF}/1") == -1_150_000
    assert firm.book("output-vat") == -287_500


SHARES = st.lists(st.integers(1, 99), min_size=1, max_size=4)
NETS = st.lists(st.integers(1, 10**7), min_size=1, max_size=3)
CLASSES = st.lists(st.sampled_from(["standard", "reduced", "low"]), min_size=3, max_size=3)
ORDERS = st.permutations(range(3))


@st.composite
def schedules(draw: st.DrawFn) -> Firm:
    """Draw a firm with one order of milestones, and a schedule of payments over two months."""
    nets, classes = draw(NETS), draw(CLASSES)
    lines = [
        milestone(str(Decimal(net) / 100), str(n), vat=vat)
        for n, (net, vat) in enumerate(zip(nets, classes, strict=False), start=1)
    ]
    parts = [Decimal(share) / 4 for share in draw(SHARES)]
    days_ = draw(st.lists(st.integers(0, 60), min_size=len(parts), max_size=len(parts)))
    payments = [pay(str(part), days=days) for part, days in zip(parts, days_, strict=True)]
    return Firm(agreed(*lines, payments=(*payments, pay(on="delivery"))))


@given(schedules(), ORDERS, st.sets(st.integers(1, 90), max_size=6))
def test_whatever_comes_first_the_documents_add_up_to_what_was_agreed(
    firm: Firm, sequence: list[int], run_on: set[int]
) -> None:
    (what,) = firm.orders.values()
    names = [str(n + 1) for n in sequence if n < len(what.lines)]
    for month in range(1, 4):
        for n in sorted(run_on):
            if (n - 1) // 30 + 1 == month:
                firm.bill(f"2026-{month:02}-{(n - 1) % 28 + 1:02}")
        for name in names[month - 1 : month] if month < 3 else names[2:]:
            firm.deliver(f"{REF}/{name}", "1", f"2026-{month:02}-28")
    firm.bill("2026-06-30")
    whole = claim(
        replace(what, payments=()), Facts(deliveries=_all(what)), (), placing("2026-06-30")
    )
    assert whole
    assert -firm.amount("output-vat") == whole.tax.minor
    assert firm.amount("receivable") == whole.total.minor
    assert firm.amount("contract-liability", f"{REF}/deposit") == 0
    for line in what.lines:
        assert -firm.amount("contract-liability", what.ref(line)) == line.net.minor


def _all(what: Order) -> tuple[Delivery, ...]:
    return tuple(delivered("1", "2026-03-28", line.id) for line in what.lines)


@given(schedules(), st.sampled_from(["earned", "unearned"]))
def test_crediting_everything_brings_every_balance_to_zero(firm: Firm, stands: str) -> None:
    (what,) = firm.orders.values()
    firm.bill("2026-01-01")
    firm.bill("2026-02-01")
    for line in what.lines:
        firm.deliver(what.ref(line), "1", "2026-03-28")
    if stands == "earned":
        firm.recognise("2026-03")
    firm.bill("2026-03-31")
    for number in reversed(list(firm.invoices)):  # the final invoice, then its deposits
        firm.credit(number, "2026-04-01")
    firm.recognise("2026-04")
    for role in ("receivable", "output-vat", "contract-liability", "contract-asset", "revenue"):
        assert firm.amount(role) == 0, role
    assert all(not item.open.minor for item in open_items(firm.entries).values())


def test_a_final_invoice_credited_in_parts_gives_back_its_price_with_its_deposits() -> None:
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    firm.pay(kr("37500"), "2026-01-20", "F-2026-0001")
    firm.deliver(f"{REF}/1", "1", "2026-02-10")
    firm.bill("2026-02-28")
    firm.credit("F-2026-0002", "2026-03-01", {"1": kr("60000")})
    last = firm.credit("F-2026-0002", "2026-03-02")
    assert (last.deposits, last.payable) == ((), kr("50000"))
    assert open_items(firm.entries)["F-2026-0002"].open == kr("-37500")  # what was paid ahead
    assert firm.amount("output-vat") == 0
    assert firm.amount("contract-liability") == 0


def test_a_claim_of_nothing_but_deposits_sums_to_its_parts() -> None:
    what = agreed(milestone("0.03"), payments=(pay("50"), pay(on="delivery")))
    found = claim(what, Facts(), (), placing("2026-01-01"))
    assert found
    assert found.total == total((one.amount for one in found.instalments), "SEK")
    assert isinstance(found.total, Money)


def test_of_prices_with_vat_a_deposit_is_a_share_of_just_these_prices() -> None:
    """500.00 with VAT at 25 % is 400.00 and 100.00; a third of it is 166.67."""
    line = milestone("400", with_vat=kr("500"), rate_with_vat=flat_rate("500"))
    third = Payment(amount=Decimal("166.67"), on="acceptance")
    what = agreed(line, payments=(third, pay(on="delivery")))
    found = claim(what, Facts(), (), placing("2026-01-01"))
    assert found
    assert (found.total, rows(found)) == (kr("166.67"), [(Decimal("133.34"), Decimal("33.33"))])
    done = Facts(deliveries=(delivered("1", "2026-02-28"),), deposits=(of(found),))
    final = claim(what, done, (f"{REF}:deposit-1",), placing("2026-02-28"))
    assert final
    assert (final.total, final.payable, final.claimed_tax) == (kr("500"), kr("333.33"), kr("66.67"))


def test_a_deposit_is_deducted_once_from_what_is_exempt_for_several_reasons() -> None:
    """A deposit of 30 on 60 that is exempt for one reason and 40 for another leaves 70."""
    rows = [
        VatTotal(category="E", reason=why, base=kr(base), vat=kr("0"))
        for why, base in (("Health", "60"), ("Schools", "40"))
    ]
    vat = (VatTotal(category="E", base=kr("30"), vat=kr("0")),)
    deposit = Deducted(number="F-2026-0001", issued_on=day("2026-01-01"), vat=vat)
    assert [row.base for row in left_of(rows, [deposit])] == [kr("42"), kr("28")]
