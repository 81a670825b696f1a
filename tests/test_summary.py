"""The page by which a month end is approved: one page, all of its figures, nothing unescaped."""

from decimal import Decimal
from typing import get_args

import pytest
from msgspec.structs import replace

from q2c.core.billing import Claim, CreditClaim, CreditPart, Deducted, Facts, Hold, Plan, claim
from q2c.core.measure import Movement
from q2c.core.measure.movement import Why
from q2c.core.party import seller_of
from q2c.core.tax import VatTotal
from q2c.documents.language import language
from q2c.documents.look import Look, Theme
from q2c.documents.summary import Summary, summary_pdf, summary_sheet, vat_rows
from q2c.documents.webpage import page_of
from tests.reading import pages_of
from tests.values import COMPANY, day, days, eur, goods, kr, order, placing

LOOK = Look(theme=Theme(), language=language("en"))


def claimed(count: int) -> tuple[Claim, ...]:
    found = claim(order(goods("1", "800", bill="on-order")), Facts(), (), placing("2026-11-30"))
    assert found
    return tuple(replace(found, order=f"O-2026-{n:04}") for n in range(1, count + 1))


def in_euros(one: Claim) -> Claim:
    base, vat = eur("80"), eur("0")
    row = VatTotal(category="AE", rate=Decimal(0), base=base, vat=vat)
    return replace(one, currency="EUR", vat=(row,))


def summary(claims: tuple[Claim, ...], name: str = "Seats", held: tuple[Hold, ...] = ()) -> Summary:
    plan = Plan(
        id="3f" * 32,
        through=day("2026-11-30"),
        issue_on=day("2026-11-30"),
        base="a1" * 32,
        inputs=(),
        claims=claims,
        held=held,
    )
    moved = tuple(
        Movement(
            source=f"O-1/{n}",
            customer="fjord-foods",
            name=name,
            before=kr("500"),
            now=kr("700"),
            why="quantity",
        )
        for n in range(40)
    )
    before = days("2026-10-01", "2026-10-31")
    return Summary(plan=plan, moved=moved, before=before, seller=seller_of(COMPANY))


def test_a_large_month_is_one_page_and_the_rest_is_summed() -> None:
    holds = tuple(Hold(f"O-{n}", "fjord-foods", "po-needed", "It has none.") for n in range(30))
    (page,) = pages_of(summary_pdf(summary(claimed(60), held=holds), LOOK))
    assert "60,000.00" in page  # 60 invoices of 800 and 200 VAT
    assert "36 smaller, SEK" in page
    assert "and 27 more" in page
    (page,) = pages_of(summary_pdf(summary(claimed(60)), LOOK))
    assert "56 smaller, SEK" in page


def test_the_totals_are_by_category_and_currency() -> None:
    (row,) = vat_rows(claimed(3))
    assert (row.category, row.rate, row.base, row.vat) == ("S", Decimal(25), kr("2400"), kr("600"))


def test_a_month_in_several_currencies_with_credit_notes_is_one_page_too() -> None:
    mixed = summary((*claimed(2), *map(in_euros, claimed(4))))
    given = CreditPart(line="1", source="O-1/1", amount=kr("866.67"))
    credit = CreditClaim(
        original="F-1", customer="c", currency="SEK", language="en", reason="r", parts=(given,)
    )
    what = replace(mixed, plan=replace(mixed.plan, credits=(credit,)))
    (page,) = pages_of(summary_pdf(what, LOOK))
    assert "1: 866.67 SEK without VAT" in page
    assert "All in EUR" in page


def test_a_deposit_is_taken_off_what_a_final_invoice_adds() -> None:
    (final,) = claimed(1)
    paid = VatTotal(category="S", rate=Decimal(25), base=kr("300"), vat=kr("75"))
    deposit = Deducted(number="F-1", issued_on=day("2026-11-01"), vat=(paid,))
    (row,) = vat_rows([replace(final, deposits=(deposit,))])
    assert (row.base, row.vat) == (kr("500"), kr("125"))


@pytest.mark.parametrize("why", get_args(Why))
@pytest.mark.parametrize("code", ["en", "sv"])
def test_every_reason_has_a_word(why: str, code: str) -> None:
    assert language(code).say(f"month_{why.replace('-', '_')}")


def test_a_page_for_a_browser_has_no_markup_but_its_own() -> None:
    what = summary(claimed(1), name="<script>alert(1)</script> & co")
    page = page_of(summary_sheet(what, LOOK), LOOK).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in page


def test_the_same_plan_gives_the_same_bytes() -> None:
    what = summary(claimed(2))
    assert summary_pdf(what, LOOK) == summary_pdf(what, LOOK)
