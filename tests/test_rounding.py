"""Rounding: VAT by category, line or document, ties, and what is to be paid in steps of cash."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.billing import Facts, claim
from q2c.core.entry import balanced
from q2c.core.invoice import Crediting, Invoice, Issue, credited, faults_of, issued, parts_of
from q2c.core.money import Money, total
from q2c.core.party import Billing
from q2c.core.posting import credit_entry, invoice_entry
from q2c.core.tax import Rounding, Treatment, to_steps, vat_totals
from tests.values import COMPANY, day, goods, kr, order, placing

LATER = day("2026-02-10")


def at(rate: str) -> Treatment:
    return Treatment(category="S", rate=Decimal(rate))


def vat(rate: str, *nets: str, **rounding: object) -> str:
    how = Rounding(**rounding)  # type: ignore[arg-type]  # a test names its fields
    rows = vat_totals(((at(rate), kr(net)) for net in nets), "SEK", how)
    return f"{total((row.vat for row in rows), 'SEK').amount}"


@pytest.mark.parametrize(
    ("rate", "nets", "by_category", "by_line"),
    [
        ("23", ("55.55", "11.11"), "15.33", "15.34"),
        ("5.5", ("3.60",) * 10, "1.98", "2.00"),
        ("25", ("0.01", "0.01", "0.01"), "0.01", "0.00"),
    ],
)
def test_systems_that_round_by_line_come_to_other_vat_than_those_that_round_once(
    rate: str, nets: tuple[str, ...], by_category: str, by_line: str
) -> None:
    """Figures of odoo/odoo#36675 and odoo/odoo#155833; the last is worked by hand."""
    assert vat(rate, *nets) == by_category
    assert vat(rate, *nets, vat="line") == by_line


def test_a_document_is_rounded_once_over_its_rates() -> None:
    """0.10 at 25 %, 12 % and 6 %: 0.025 + 0.012 + 0.006 = 0.043, which is 0.04 in all."""
    rows = [(at(rate), kr("0.10")) for rate in ("25", "12", "6")]
    once = vat_totals(rows, "SEK", Rounding(vat="document"))
    assert [str(row.vat.amount) for row in vat_totals(rows, "SEK")] == ["0.03", "0.01", "0.01"]
    assert [str(row.vat.amount) for row in once] == ["0.02", "0.01", "0.01"]


@pytest.mark.parametrize(
    ("net", "away", "even"), [("0.02", "0.01", "0.00"), ("0.06", "0.02", "0.02")]
)
def test_half_an_oere_goes_away_from_zero_or_to_the_even_one(
    net: str, away: str, even: str
) -> None:
    """0.02 and 0.06 at 25 % are 0.005 and 0.015."""
    assert vat("25", net) == away
    assert vat("25", net, ties="even") == even


@pytest.mark.parametrize(
    ("amount", "step", "added"),
    [
        ("100.49", "1", "-0.49"),
        ("100.50", "1", "0.50"),
        ("100.00", "1", "0.00"),
        ("99.93", "0.05", "0.02"),
        ("0.49", "1", "-0.49"),
    ],
)
def test_what_is_to_be_paid_comes_in_steps_of_cash(amount: str, step: str, added: str) -> None:
    assert to_steps(kr(amount), Rounding(cash=Decimal(step))) == kr(added)


def invoice_of(*nets: str, billing: Billing | None = None) -> Invoice:
    company = replace(COMPANY, billing=billing or Billing())
    lines = (goods("1", net, id=str(n), bill="on-order") for n, net in enumerate(nets, start=1))
    found = claim(order(*lines), Facts(), (), replace(placing("2026-01-31"), company=company))
    assert found
    return issued(found, Issue(number="F-2026-0001", look=""), ())


def note_of(invoice: Invoice, before: list[Invoice], **amounts: str) -> Invoice:
    given = {id_.strip("_"): kr(amount) for id_, amount in amounts.items()}
    what = Crediting(parts=parts_of(given), issued_on=LATER, reason="Agreed")
    return credited(invoice, before, what, Issue(number=f"K-2026-000{len(before) + 1}", look=""))


def test_an_invoice_keeps_how_it_was_rounded_and_is_checked_by_that() -> None:
    usual = invoice_of("55.55", "11.11")
    by_line = invoice_of("55.55", "11.11", billing=Billing(vat_rounding="line"))
    assert (usual.rounding, by_line.rounding) == (None, Rounding(vat="line"))
    assert (usual.tax, by_line.tax) == (kr("16.67"), kr("16.67"))
    by_line = invoice_of("0.02", "0.02", billing=Billing(vat_rounding="line"))
    assert by_line.tax == kr("0.02")
    assert not list(faults_of(by_line))
    assert [fault.code for fault in faults_of(replace(by_line, rounding=None))] == [
        "does-not-add-up"
    ]


def test_rounding_for_cash_is_a_row_of_its_own_and_no_part_of_vat() -> None:
    """80.39 and VAT 20.10 are 100.49: 100.00 is to be paid, and 0.49 is lost on rounding."""
    made = invoice_of("80.39", billing=Billing(cash_rounding=Decimal(1)))
    assert (made.total, made.rounded, made.payable) == (kr("100.49"), kr("-0.49"), kr("100"))
    assert not list(faults_of(made))
    entry = invoice_entry(made, (), {})
    assert balanced(entry.postings, "SEK")
    posted = {posting.role: posting.amount for posting in entry.postings}
    assert (posted["receivable"], posted["output-vat"], posted["rounding"]) == (10000, -2010, 49)


def test_a_rounded_invoice_that_does_not_fit_its_step_is_told() -> None:
    made = invoice_of("80.39", billing=Billing(cash_rounding=Decimal(1)))
    assert list(faults_of(replace(made, rounded=kr("0.51"))))
    assert list(faults_of(replace(made, rounded=None)))


def test_only_the_whole_of_a_rounded_invoice_gives_its_rounding_back() -> None:
    made = invoice_of("80.39", billing=Billing(cash_rounding=Decimal(1)))
    part = note_of(made, [], _1="40.00")
    rest = note_of(made, [part], _1="40.39")
    assert (part.rounded, rest.rounded) == (None, kr("-0.49"))
    assert part.payable + rest.payable == made.payable
    entries = [invoice_entry(made, (), {}), credit_entry(part, (), {}), credit_entry(rest, (), {})]
    owed = [p.amount for entry in entries for p in entry.postings if p.role == "receivable"]
    assert (owed[0], sum(owed)) == (10000, 0)


NETS = st.lists(st.integers(1, 10**6), min_size=1, max_size=6)


@given(
    NETS,
    st.sampled_from(["category", "line", "document"]),
    st.sampled_from(["away", "even"]),
    st.sampled_from([None, "0.05", "0.50", "1"]),
    st.data(),
)
def test_credits_in_any_parts_give_back_an_invoice_however_it_was_rounded(
    nets: list[int], by: str, ties: str, step: str | None, data: st.DataObject
) -> None:
    billing = Billing(
        vat_rounding=by,  # type: ignore[arg-type]  # drawn from what it may be
        ties=ties,  # type: ignore[arg-type]
        cash_rounding=Decimal(step) if step else None,
    )
    made = invoice_of(*(str(Money(net, "SEK").amount) for net in nets), billing=billing)
    assert not list(faults_of(made))
    notes: list[Invoice] = []
    for line in made.lines:
        cut = data.draw(st.integers(0, line.net.minor - 1))
        for minor in filter(None, (cut, line.net.minor - cut)):
            amount = {f"_{line.id}": str(Money(minor, "SEK").amount)}
            notes.append(note_of(made, notes, **amount))
    assert total((note.net for note in notes), "SEK") == made.net
    assert total((note.tax for note in notes), "SEK") == made.tax
    assert total((note.payable for note in notes), "SEK") == made.payable
