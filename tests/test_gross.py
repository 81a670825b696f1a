"""Prices that include VAT: the amount with VAT is exact, and what is left adds up."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.quotes.drafting import asked_of, draft_of, same_words
from q2c.core.billing import Billed, Charge, Claim, CreditPart, Due, Facts, claim, credit_claims
from q2c.core.entry import balanced
from q2c.core.invoice import Crediting, Invoice, Issue, credited, faults_of, issued
from q2c.core.money import Money, total
from q2c.core.order import Order, from_quote
from q2c.core.posting import invoice_entry
from q2c.core.quote import Draft, DraftLine, Event, Priced, priced
from q2c.core.tax import Rounding, Treatment, nets_of, vat_inside, without_vat
from q2c.store.draftfile import draft_file
from tests.firm import Firm
from tests.values import (
    COMPANY,
    TODAY,
    VAT_RATES,
    WORKSHOP,
    days,
    delivered,
    hourly,
    kr,
    offer,
    order,
    placing,
    recurring,
    shelf,
)


class Row(Struct, frozen=True):
    """What is taxed of a line."""

    treatment: Treatment
    net: Money
    with_vat: Money | None


YEAR = days("2026-01-01", "2026-12-31")
UNTIL = days("2026-01-15", "2026-02-14").last


def at(rate: str) -> Treatment:
    return Treatment(category="S", rate=Decimal(rate))


@pytest.mark.parametrize(
    ("rate", "net", "vat"),
    [("25", "400.00", "100.00"), ("12", "446.43", "53.57"), ("6", "471.70", "28.30")],
)
def test_five_hundred_with_vat_can_be_invoiced(rate: str, net: str, vat: str) -> None:
    """InvoiceShelf/InvoiceShelf#380 asks for exactly 500.00 with VAT."""
    (row,) = vat_inside([(at(rate), kr("500"))], "SEK")
    assert (row.base, row.vat) == (kr(net), kr(vat))


def test_an_amount_that_no_price_without_vat_comes_to_can_be_invoiced() -> None:
    """80.01 and its VAT are 100.01, 80.02 and its VAT are 100.03; 100.02 is between them."""
    (row,) = vat_inside([(at("25"), kr("100.02"))], "SEK")
    assert (row.base, row.vat) == (kr("80.02"), kr("20.00"))


def test_three_lines_of_a_third_leave_what_all_of_them_leave() -> None:
    """3 x 33.33 with VAT are 99.99, of which 20.00 is VAT; each alone would have 6.67 of it."""
    assert without_vat([(at("25"), kr("33.33"))] * 3) == [kr("26.67"), kr("26.66"), kr("26.66")]


def quoted(*lines: DraftLine, inclusive: bool = True) -> Priced:
    draft = Draft(
        customer="fjord-foods",
        date=TODAY,
        valid_until=UNTIL,
        lines=lines,
        prices_include_vat=inclusive,
    )
    return priced("Q-2026-0001", draft, offer())


def accepted(quote: Priced) -> Order:
    sent = Event(kind="accepted", date=TODAY, version=1, by="Eva Ek")
    return from_quote(replace(quote, version=1), sent, "O-2026-0001", "C-2026-0001")


def workshop(price: str, quantity: str = "1") -> DraftLine:
    return DraftLine(product=WORKSHOP.id, quantity=Decimal(quantity), price=Decimal(price))


def test_a_quote_comes_to_exactly_what_its_prices_with_vat_come_to() -> None:
    quote = quoted(workshop("100.02"), workshop("33.33", "3"))
    assert (quote.total, quote.net, quote.tax) == (kr("200.01"), kr("160.01"), kr("40.00"))
    assert quoted(workshop("100.02"), inclusive=False).total == kr("125.03")


def claimed(what: Order, *rows: tuple[str, str, str], through: str = "2026-12-31") -> Claim:
    happened = tuple(delivered(quantity, on, line) for line, quantity, on in rows)
    found = claim(what, Facts(deliveries=happened), (), placing(through))
    assert found
    return found


def test_an_order_and_its_invoice_keep_the_price_with_vat() -> None:
    order_ = accepted(quoted(workshop("100.02"), workshop("33.33", "3")))
    found = claimed(order_, ("1", "1", "2026-02-01"), ("2", "3", "2026-02-01"))
    assert [charge.with_vat for charge in found.charges] == [kr("100.02"), kr("99.99")]
    assert [charge.unit_price for charge in found.charges] == [Decimal("100.02"), Decimal("33.33")]
    assert found.total == kr("200.01")


def made(found: Claim) -> Invoice:
    return issued(found, Issue(number="F-2026-0001", look=""), ())


def test_an_invoice_with_vat_in_its_prices_adds_up_and_balances() -> None:
    invoice = made(claimed(accepted(quoted(workshop("100.02"))), ("1", "1", "2026-02-01")))
    assert (invoice.net, invoice.tax, invoice.total) == (kr("80.02"), kr("20.00"), kr("100.02"))
    assert not list(faults_of(invoice))
    assert balanced(invoice_entry(invoice, (), {}).postings, "SEK")


def test_months_of_a_year_with_vat_are_the_year_with_vat_and_without() -> None:
    """1 000.00 with VAT a year is 800.00; a month is 83.33 or 83.34, and 66.66 or 66.67."""
    line = recurring("800", YEAR, 12, with_vat=kr("1000"))
    charges = claimed(order(line)).charges
    assert total((c.with_vat for c in charges if c.with_vat), "SEK") == kr("1000")
    assert total((c.net for c in charges), "SEK") == kr("800")
    assert charges[0].with_vat == kr("83.33")
    assert charges[0].net == kr("66.67")


def test_hours_beyond_what_was_agreed_cost_the_price_with_vat() -> None:
    """26 hours at 125.00 with VAT, of which 20 were agreed, are 3 250.00, and 2 600.00 without."""
    line = hourly("20", "100", with_vat=kr("2500"), rate_with_vat=hourly("20", "125").rate)
    (charge,) = claimed(order(line), ("1", "26", "2026-02-01")).charges
    assert (charge.with_vat, charge.net) == (kr("3250"), kr("2600"))
    assert charge.unit_price == Decimal(125)


def test_a_new_rate_of_vat_changes_what_is_left_and_not_what_is_paid() -> None:
    """Agreed at 12 %: 112.00 with VAT is 100.00. Supplied at 6 % it is 105.66 and 6.34."""
    line = hourly("1", "100", with_vat=kr("112"), rate_with_vat=hourly("1", "112").rate, vat="low")
    (charge,) = claimed(order(line), ("1", "1", "2026-05-01")).charges
    assert VAT_RATES[2].rate == charge.treatment.rate == 6
    assert (charge.with_vat, charge.net) == (kr("112"), kr("105.66"))


def parts(invoice: Invoice, *amounts: str) -> list[Invoice]:
    notes: list[Invoice] = []
    for number, amount in enumerate(amounts, start=1):
        what = Crediting(
            parts=(CreditPart(line="1", amount=kr(amount)),), issued_on=UNTIL, reason="Agreed"
        )
        notes.append(credited(invoice, notes, what, Issue(number=f"K-2026-000{number}", look="")))
    return notes


def test_three_credits_of_a_third_give_back_what_was_paid() -> None:
    """80.02 without VAT in 26.67 + 26.67 + 26.68: 100.02 in all goes back, and 20.00 of VAT."""
    found = claimed(accepted(quoted(workshop("100.02"))), ("1", "1", "2026-02-01"))
    notes = parts(replace(made(found), issued_on=TODAY), "26.67", "26.67", "26.68")
    assert [note.total for note in notes] == [kr("33.34"), kr("33.33"), kr("33.35")]
    assert total((note.tax for note in notes), "SEK") == kr("20.00")


PRICES = st.lists(st.integers(1, 10**6), min_size=1, max_size=12)


@given(PRICES, st.sampled_from(["25", "12", "6"]))
def test_any_prices_with_vat_come_to_their_sum(minors: list[int], rate: str) -> None:
    amounts = [(at(rate), Money(minor, "SEK")) for minor in minors]
    (row,) = vat_inside(amounts, "SEK")
    nets = without_vat(amounts)
    assert (row.base + row.vat).minor == sum(minors)
    assert total(nets, "SEK") == row.base
    assert all(0 <= net.minor <= one.minor for net, (_, one) in zip(nets, amounts, strict=True))


@given(PRICES)
def test_an_invoice_of_any_prices_with_vat_adds_up(minors: list[int]) -> None:
    quote = quoted(*(workshop(str(Money(minor, "SEK").amount)) for minor in minors))
    rows = [(str(n), "1", "2026-02-01") for n in range(1, len(minors) + 1)]
    invoice = made(claimed(accepted(quote), *rows))
    assert invoice.total.minor == quote.total.minor == sum(minors)
    assert not list(faults_of(invoice))


def test_vat_is_taken_out_of_each_invoice_and_not_out_of_parts_of_a_year() -> None:
    """1 734.01 a month at 25 %: 1 387.21 without VAT and 346.80 of it, on every invoice."""
    lines = (("1500.39", "1"), ("0.03", "2"), ("233.59", "3"))
    year = [recurring(net_of(one, 12), YEAR, 12, id=id_, **gross_of(one, 12)) for one, id_ in lines]
    what, billed = order(*year), set[str]()
    for number in range(1, 13):
        found = claim(what, Facts(), billed, placing(f"2026-{number:02}-15"))
        assert found
        assert (found.net, found.tax, found.total) == (kr("1387.21"), kr("346.80"), kr("1734.01"))
        billed |= {key for charge in found.charges for key in charge.keys}
        assert all(step.after == c.net.amount for c in found.charges for step in c.steps[-1:])
        assert not list(faults_of(made(found)))


def test_a_year_of_invoices_with_vat_in_their_prices_leaves_no_liability() -> None:
    """Twelve of 1 387.21 are 16 646.52, and 16 646.50 was agreed: two öre more are earned."""
    line = recurring(net_of("1734.01", 12), YEAR, 12, **gross_of("1734.01", 12))
    firm = Firm(order(line))
    for month in range(1, 13):
        firm.bill(f"2026-{month:02}-15")
    firm.recognise("2026-11")
    assert firm.amount("revenue", "O-2026-0001/1") == -1_523_269  # 334 of 365 days
    firm.recognise("2026-12")
    assert firm.amount("contract-liability", "O-2026-0001/1") == 0
    assert firm.amount("revenue", "O-2026-0001/1") == -1_664_652


def gross_of(price: str, times: int) -> dict[str, Money]:
    return {"with_vat": kr(str(Decimal(price) * times))}


def net_of(price: str, times: int) -> str:
    return str(kr(str(Decimal(price) * times)).share(Fraction(4, 5)).amount)


@given(
    PRICES, st.sampled_from(["category", "line", "document"]), st.sampled_from(["25", "12", "6"])
)
def test_the_vat_of_prices_with_it_is_rounded_once(
    minors: list[int], vat: Literal["category", "line", "document"], rate: str
) -> None:
    rows = [Row(at(rate), Money(n * 7 // 9, "SEK"), Money(n, "SEK")) for n in minors]
    nets = nets_of(rows, Rounding(vat=vat))
    parts = [[one] for one in minors] if vat == "line" else [minors]
    tax = sum(vat_inside([(at(rate), Money(sum(p), "SEK"))], "SEK")[0].vat.minor for p in parts)
    assert sum(minors) - total(nets, "SEK").minor == tax
    assert all(0 <= net.minor <= one for net, one in zip(nets, minors, strict=True))


def test_what_a_price_without_vat_costs_stays_as_it_is() -> None:
    rows = [Row(at("25"), kr("80.01"), None), Row(at("25"), kr("80.01"), kr("100.02"))]
    assert nets_of(rows) == [kr("80.01"), kr("80.02")]


def test_all_goes_back_of_a_line_whose_net_is_off_from_what_was_agreed() -> None:
    """1 387.20 was agreed for the month; its invoice has 1 387.21, and that is all given back."""
    said = {"line": "1", "source": "O-2026-0001/1", "customer": "fjord-foods", "language": "en"}
    line = Billed(number="F-2026-0001", left=kr("1387.21"), slack=2, **said)
    gone = charge_of(accepted(quoted(workshop("100.02"))))
    for net in ("-1387.20", "-1387.22"):
        due = Due(
            keys=("O-2026-0001/1:x@0>1",),
            quantity=Decimal(1),
            net=kr(net),
            supplied=gone.supplied,
            reduces="O-2026-0001/1:x",
            before=("O-2026-0001/1:w",),
        )
        (note,) = credit_claims([due], {"O-2026-0001/1:x": line}.get)
        assert note.net == kr("1387.21")


def charge_of(what: Order) -> Charge:
    (charge,) = claimed(what, ("1", "1", "2026-02-01")).charges
    return charge


def test_it_is_told_how_the_vat_was_taken_out() -> None:
    *_, step = charge_of(accepted(quoted(workshop("100.02")))).steps
    assert step.rule == "100.02 SEK with VAT at 25 %: what it is without"
    assert (step.before, step.after) == (Decimal("100.02"), Decimal("80.02"))


def test_prices_with_vat_are_asked_for_by_words_that_make_the_same_draft() -> None:
    draft = Draft(
        customer="fjord-foods",
        date=TODAY,
        valid_until=UNTIL,
        lines=(workshop("100.02"),),
        prices_include_vat=True,
        cost_centre="4100",
    )
    asked = asked_of(draft, COMPANY)
    assert "--prices with-vat --cost-centre 4100" in same_words(asked)
    assert draft_of(asked, COMPANY, shelf().catalog, TODAY) == draft
    assert b"prices_include_vat: true" in draft_file(draft)
