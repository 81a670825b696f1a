"""Invoices and credit notes: complete in themselves, and they add up to the öre."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Claim, Facts, claim
from q2c.core.fault import Invalid
from q2c.core.identifier import digits
from q2c.core.invoice import (
    Crediting,
    Invoice,
    Issue,
    Original,
    credited,
    faults_of,
    issued,
    parts_of,
    uncredited,
)
from q2c.core.money import Money, total
from q2c.core.order import OrderLine
from q2c.core.rates import ExchangeRate, exchange_faults, rate_on
from tests.values import (
    customer,
    day,
    days,
    eur,
    flat_rate,
    goods,
    hourly,
    kr,
    order,
    placing,
    published,
    recurring,
)

RATES = (published("2026-01-30", "11.25"), published("2026-01-02", "11.50"))
NOTE = Issue(number="K-2026-0001", look="")


def claimed(*lines: OrderLine, currency: str = "SEK", through: str = "2026-01-31") -> Claim:
    found = claim(order(*lines, currency=currency), Facts(), (), placing(through))
    assert found
    return found


def invoiced(*nets: str, currency: str = "SEK") -> Invoice:
    """Give an invoice with lines of these amounts at 25 %."""
    lines = [
        hourly("1", net=net, id=str(n), rate=flat_rate(net, currency), bill="on-order")
        for n, net in enumerate(nets, start=1)
    ]
    given_ = Issue(number="F-2026-0001", look="")
    return issued(claimed(*lines, currency=currency), given_, RATES)


def crediting(amounts: dict[str, Money], on: str = "2026-02-10") -> Crediting:
    return Crediting(parts=parts_of(amounts), issued_on=day(on), reason="Agreed")


def test_an_invoice_has_its_due_day_its_references_and_its_source() -> None:
    invoice = invoiced("100")
    assert (invoice.issued_on, invoice.due_on) == (day("2026-01-31"), day("2026-03-02"))
    assert (invoice.ocr, invoice.rf) == ("2026000105", "RF3120260001")
    assert (invoice.lines[0].source, invoice.path) == (
        "O-2026-0001/1",
        "invoices/2026/F-2026-0001",
    )
    assert invoice.home is None


def test_an_invoice_names_the_days_of_supply_of_all_its_lines() -> None:
    support = recurring("1200", days("2026-01-01", "2026-12-31"), 12, id="2")
    found = claimed(hourly("1", bill="on-order"), support, through="2026-02-28")
    invoice = issued(found, Issue(number="F-2026-0001", look=""), ())
    assert invoice.supplied == days("2026-01-01", "2026-02-28")


def test_a_reference_may_go_without_its_length_digit() -> None:
    given_ = Issue(number="F-2026-0001", look="", length_digit=False)
    assert issued(claimed(hourly("1", bill="on-order")), given_, ()).ocr == "202600011"
    assert digits("F-2026-0001") == "20260001"


def test_vat_of_an_invoice_in_euro_is_told_in_kronor_too() -> None:
    """Directive 2006/112/EC art. 230, at the latest rate before the day of issue."""
    invoice = invoiced("100.01", currency="EUR")
    assert (invoice.tax, invoice.total) == (eur("25.00"), eur("125.01"))
    assert invoice.home is not None
    assert (invoice.home.vat, invoice.home.rate_on) == (kr("281.25"), day("2026-01-30"))


@pytest.mark.parametrize("on", ["2026-03-03", "2026-01-01"])
def test_a_rate_that_is_too_old_or_comes_after_the_day_is_not_used(on: str) -> None:
    with pytest.raises(Invalid, match=f"no rate from EUR to SEK on {on}") as refused:
        rate_on("EUR", "SEK", day(on), RATES)
    assert refused.value.faults[0].code == "no-exchange-rate"


def test_a_rate_is_good_for_31_days() -> None:
    assert rate_on("EUR", "SEK", day("2026-03-02"), RATES).rate == Decimal("11.25")
    assert rate_on("EUR", "SEK", day("2026-01-29"), RATES).rate == Decimal("11.50")


@pytest.mark.parametrize(
    ("rates", "codes"),
    [
        ((published("2026-01-02", "0"),), ["bad-rate"]),
        ((published("2026-01-02", "11", "EUX"),), ["no-such-currency"]),
        ((published("2026-01-02", "11.1"), published("2026-01-02", "11.2")), ["rates-overlap"]),
        ((published("2026-01-02", "11.1"), published("2026-01-02", "11.10")), []),
    ],
)
def test_exchange_rates_that_cannot_be_are_told(
    rates: tuple[ExchangeRate, ...], codes: list[str]
) -> None:
    assert [fault.code for fault in exchange_faults(rates)] == codes


def test_a_full_credit_gives_back_exactly_what_was_charged() -> None:
    invoice = invoiced("55.55", "11.11")
    note = credited(invoice, (), crediting(uncredited(invoice, ())), NOTE)
    assert (note.net, note.tax, note.total) == (invoice.net, invoice.tax, invoice.total)
    assert (note.kind, note.number) == ("credit-note", "K-2026-0001")
    assert note.original == Original("F-2026-0001", day("2026-01-31"))
    assert [line.credits for line in note.lines] == ["F-2026-0001/1", "F-2026-0001/2"]
    assert note.lines[0].keys == ()


def test_credits_line_by_line_give_back_all_vat_to_the_oere() -> None:
    """0.02, 0.04 and 0.06 at 25 % are 0.005, 0.01 and 0.015: 0.01, 0.01 and 0.02 in all."""
    invoice = invoiced("0.02", "0.02", "0.02")
    notes: list[Invoice] = []
    for id_ in ("1", "2", "3"):
        notes.append(credited(invoice, notes, crediting({id_: kr("0.02")}), NOTE))
    assert [note.tax for note in notes] == [kr("0.01"), kr("0.00"), kr("0.01")]
    assert total((note.total for note in notes), "SEK") == invoice.total


def test_a_free_line_keeps_the_row_of_its_vat_rate_when_all_is_credited() -> None:
    """EN 16931 BR-S-01: a rate that a line has is a rate of the totals."""
    free = hourly("1", "0", bill="on-order", vat="reduced")
    paid = hourly("1", "100", bill="on-order", id="2")
    invoice = issued(claimed(free, paid), Issue(number="F-2026-0001", look=""), ())
    note = credited(invoice, (), crediting(uncredited(invoice, ())), NOTE)
    assert [row.rate for row in note.vat] == [25, 12]
    assert not list(faults_of(note))


def test_part_of_a_line_is_credited_as_one_sum() -> None:
    invoice = invoiced("100")
    note = credited(invoice, (), crediting({"1": kr("20")}), NOTE)
    (line,) = note.lines
    assert (line.net, note.tax, line.unit) == (kr("20"), kr("5"), "")
    assert line.steps[-1].rule == "credited of F-2026-0001/1"
    assert uncredited(invoice, [note]) == {"1": kr("80")}


@pytest.mark.parametrize(
    ("amounts", "on", "code"),
    [
        ({"1": kr("100.01")}, "2026-02-10", "credit-too-much"),
        ({"1": kr("-1")}, "2026-02-10", "credit-too-much"),
        ({"2": kr("1")}, "2026-02-10", "no-such-line"),
        ({"1": kr("0")}, "2026-02-10", "nothing-to-credit"),
        ({}, "2026-02-10", "nothing-to-credit"),
        ({"1": kr("1")}, "2026-01-30", "credit-before"),
    ],
)
def test_a_credit_that_cannot_be_is_refused(amounts: dict[str, Money], on: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        credited(invoiced("100"), (), crediting(amounts, on), NOTE)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_no_more_is_credited_than_earlier_notes_left() -> None:
    invoice = invoiced("100")
    first = credited(invoice, (), crediting({"1": kr("60")}), NOTE)
    with pytest.raises(Invalid, match=r"40.00 SEK is left to credit"):
        credited(invoice, [first], crediting({"1": kr("40.01")}), NOTE)


def test_credits_in_euro_give_back_the_vat_in_kronor_to_the_oere() -> None:
    invoice = invoiced("33.33", "33.33", "33.35", currency="EUR")
    notes: list[Invoice] = []
    for line in invoice.lines:
        notes.append(credited(invoice, notes, crediting({line.id: line.net}), NOTE))
    assert invoice.home is not None
    assert sum(note.home.vat.minor for note in notes if note.home) == invoice.home.vat.minor


def test_a_document_that_does_not_add_up_is_told() -> None:
    invoice = invoiced("100")
    (row,) = invoice.vat
    assert not list(faults_of(invoice))
    for wrong in (replace(row, vat=kr("24.99")), replace(row, base=kr("99")), None):
        found = list(faults_of(replace(invoice, vat=(wrong,) if wrong else ())))
        assert [fault.code for fault in found] == ["does-not-add-up"]
    extra = replace(row, rate=Decimal(12))
    assert len(list(faults_of(replace(invoice, vat=(row, extra))))) == 1


NETS = st.lists(st.integers(1, 10**7), min_size=1, max_size=6)


@given(NETS)
def test_an_invoice_is_its_lines_and_their_vat(nets: list[int]) -> None:
    invoice = invoiced(*(str(Money(net, "SEK").amount) for net in nets))
    assert invoice.net.minor == sum(nets) == sum(row.base.minor for row in invoice.vat)
    assert invoice.total == invoice.net + invoice.tax


@given(NETS, st.lists(st.tuples(st.integers(0, 5), st.integers(1, 100)), max_size=8))
def test_credits_in_any_pieces_come_to_the_whole_invoice(
    nets: list[int], pieces: list[tuple[int, int]]
) -> None:
    invoice = invoiced(*(str(Money(net, "SEK").amount) for net in nets))
    notes: list[Invoice] = []
    for place, percent in pieces:
        id_ = str(place % len(nets) + 1)
        amount = uncredited(invoice, notes)[id_].share(Decimal(percent) / 100)
        if amount.minor:
            notes.append(credited(invoice, notes, crediting({id_: amount}), NOTE))
    if any(left.minor for left in uncredited(invoice, notes).values()):
        notes.append(credited(invoice, notes, crediting(uncredited(invoice, notes)), NOTE))
    assert total((note.total for note in notes), "SEK") == invoice.total
    assert total((note.tax for note in notes), "SEK") == invoice.tax


def test_goods_abroad_show_no_vat_and_why() -> None:
    buyer = customer("FI", "FI20774740")
    found = claim(
        order(goods("1", "250", bill="on-order")), Facts(), (), placing("2026-01-31", buyer)
    )
    assert found
    invoice = issued(found, Issue(number="F-2026-0001", look=""), ())
    (row,) = invoice.vat
    assert (row.category, row.code, invoice.tax) == ("K", "VATEX-EU-IC", kr("0"))
    assert invoice.buyer.vat_id == "FI20774740"
