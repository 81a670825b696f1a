"""Content: the same offer is the same bytes, another one is not; and what a customer owes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.approval.content import content_hash
from q2c.core.approval.judging import Need, needs, worsened
from q2c.core.approval.rules import ApprovalRule, Approvals, Approver
from q2c.core.approval.statement import statement_of
from q2c.core.approval.watched import FIGURES, Context, Credit, figures_of, offered_figures
from q2c.core.contract import Contract
from q2c.core.entry import Entry, Posting
from q2c.core.quote import Clause, Discount, Draft, DraftLine, Event, Payment, priced
from q2c.core.receivable import owed_by
from tests.firm import Firm
from tests.test_deposits import HALVES
from tests.values import TODAY, day, kr, offer

ADVISORY = DraftLine(product="advisory", quantity=Decimal(40))
OPTION = DraftLine(product="workshop", quantity=Decimal(1), optional=True)
DRAFT = Draft(
    customer="fjord-foods", date=TODAY, valid_until=day("2026-02-14"), lines=(ADVISORY, OPTION)
)
QUOTE = priced("Q-2026-0001", DRAFT, offer())


def content(draft: Draft) -> str:
    return content_hash(priced("Q-1", draft, offer()))


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, title="Another name for it"),
        replace(DRAFT, intro="Dear Sara,"),
        replace(DRAFT, lines=(replace(ADVISORY, quantity=Decimal("40.000")), OPTION)),
        replace(DRAFT, lines=(replace(ADVISORY, section="Advice"), OPTION)),
        replace(DRAFT, opportunity="fjord-platform"),
    ],
    ids=["title", "intro", "zeros", "section", "opportunity"],
)
def test_what_is_not_commercial_leaves_the_content_as_it_is(other: Draft) -> None:
    assert content(other) == content(DRAFT)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, lines=(replace(ADVISORY, quantity=Decimal("40.001")), OPTION)),
        replace(DRAFT, lines=(replace(ADVISORY, price=Decimal(1400)), OPTION)),
        replace(DRAFT, lines=(replace(ADVISORY, bill="on-order"), OPTION)),
        replace(DRAFT, lines=(replace(ADVISORY, text="With a guarantee"), OPTION)),
        replace(DRAFT, lines=(ADVISORY, replace(OPTION, optional=False))),
        replace(DRAFT, lines=(ADVISORY,)),
        replace(DRAFT, discounts=(Discount(percent=Decimal(1)),)),
        replace(DRAFT, due_days=60),
        replace(DRAFT, valid_until=day("2026-03-14")),
        replace(DRAFT, starts=day("2026-03-14")),
        replace(DRAFT, payments=(Payment(on="acceptance"),)),
        replace(DRAFT, clauses=(Clause(id="ip", text="It is all yours."),)),
        replace(DRAFT, note="Travel is included."),
    ],
)
def test_whatever_is_commercial_changes_the_content(other: Draft) -> None:
    assert content(other) != content(DRAFT)


def test_the_same_discount_on_a_line_and_on_the_whole_are_two_contents() -> None:
    ten = (Discount(percent=Decimal(10)),)
    on_line = replace(DRAFT, lines=(replace(ADVISORY, discounts=ten),))
    assert content(on_line) != content(replace(DRAFT, lines=(ADVISORY,), discounts=ten))


def test_a_statement_fits_one_quote_rule_person_and_content() -> None:
    event = Event(kind="approved", date=TODAY, version=0, by="eva", rule="big", content="0" * 64)
    others = (
        statement_of("Q-2", event),
        statement_of("Q-1", replace(event, rule="small")),
        statement_of("Q-1", replace(event, by="olle")),
        statement_of("Q-1", replace(event, content="1" * 64)),
        statement_of("Q-1", replace(event, figures={"net": Decimal(1)})),
        statement_of("Q-1", replace(event, facts={"customer": "fjord-foods"})),
        statement_of("Q-1", replace(event, kind="rejected")),
    )
    assert statement_of("Q-1", event) not in others
    assert len(set(others)) == len(others)


def test_figures_are_those_worked_by_hand() -> None:
    """40 × 1,450 less 10 % is 52,200; the workshop at 9,000 is an option."""
    ten = replace(ADVISORY, discounts=(Discount(percent=Decimal(10)),))
    draft = replace(DRAFT, lines=(ten, OPTION), due_days=45)
    bare, *_, taken = offered_figures(priced("Q-1", draft, offer()), Context())
    assert [bare[name] for name in ("net", "discount", "list_value", "discount_percent")] == [
        *map(Decimal, ("52200", "5800", "58000", "10"))
    ]
    assert [bare["due_days"], bare["valid_days"]] == [Decimal(45), Decimal(30)]
    assert [taken["net"], taken["discount_percent"]] == [Decimal(61200), Decimal("8.7")]


def test_every_figure_has_a_value() -> None:
    figures = figures_of(QUOTE, Context(credit=Credit()))
    assert set(FIGURES) <= set(figures)


def test_exposure_is_what_is_owed_and_this_quote() -> None:
    """58,000 with 25 % VAT is 72,500; 30,000 are owed, and the limit is 100,000."""
    credit = Credit(owed=Decimal(30000), limit=Decimal(100000))
    figures = figures_of(QUOTE, Context(credit=credit))
    assert figures["credit_exposure"] == Decimal(102500)
    assert figures["over_credit_limit"] == Decimal(2500)
    none = figures_of(QUOTE, Context(credit=Credit(owed=Decimal(10**9))))
    assert none["over_credit_limit"] == Decimal(0)


BIG = Approvals(
    people=(Approver(id="eva", name="Eva Ek", email="eva@nordlys.example"),),
    rules=(ApprovalRule(id="big", when="discount_percent > 0 and net > 0", by=("eva",)),),
)


def big(percent: int, quantity: int = 40) -> Need:
    line = replace(
        ADVISORY, quantity=Decimal(quantity), discounts=(Discount(percent=Decimal(percent)),)
    )
    quote = priced("Q-1", replace(DRAFT, lines=(line,)), offer())
    [found] = needs(quote, BIG, Context())
    return found


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_lower_discount_is_never_worse_and_a_higher_one_always_is(one: int, other: int) -> None:
    assert bool(worsened(big(other), big(one).figures)) == (other > one)


@given(st.integers(1, 99), st.integers(1, 500), st.integers(1, 500))
def test_another_quantity_at_a_discount_is_another_matter(
    percent: int, one: int, other: int
) -> None:
    """More of it gives more away; less of it may be what the discount was given for."""
    assert bool(worsened(big(percent, other), big(percent, one).figures)) == (one != other)


def invoiced(amount: int, line: str) -> Entry:
    """Invoice so much of an order line, in öre, with 25 % VAT."""
    gross, vat = amount * 5 // 4, amount // 4
    postings = (
        Posting(role="receivable", amount=gross, currency="SEK", item="F-1"),
        Posting(role="output-vat", amount=-vat, currency="SEK"),
        Posting(role="contract-liability", amount=-amount, currency="SEK", line=line),
    )
    return Entry(
        id="invoice:F-1",
        kind="invoice-issued",
        date=TODAY,
        period="2026-01",
        postings=postings,
        party="fjord-foods",
        number="F-1",
    )


AGREED = Contract(
    number="C-1",
    source="Q-1/v1",
    agreed_on=TODAY,
    order="O-1",
    seller=QUOTE.seller,
    buyer=QUOTE.buyer,
    accepted_by="Sara Niia",
    currency="SEK",
    language="en",
    due_days=30,
    lines=QUOTE.counted,
)


def test_what_is_invoiced_and_what_will_be_are_owed_once() -> None:
    """58,000 agreed, 20,000 of it invoiced: with VAT it is 72,500 both before and after."""
    assert owed_by("fjord-foods", [], [AGREED]) == {"SEK": kr("72500")}
    assert owed_by("fjord-foods", [invoiced(2_000_000, "O-1/1")], [AGREED]) == {"SEK": kr("72500")}
    assert owed_by("other", [invoiced(2_000_000, "O-1/1")], [AGREED]) == {}


def test_a_deposit_is_of_what_will_be_owed_and_not_on_top_of_it() -> None:
    """72,500 agreed with VAT, 37,500 of it asked for ahead: it is 72,500 both before and after."""
    firm = Firm(HALVES)
    firm.bill("2026-01-01")
    contract = replace(AGREED, order="O-2026-0001")
    assert owed_by("fjord-foods", firm.entries, [contract]) == {"SEK": kr("72500")}
