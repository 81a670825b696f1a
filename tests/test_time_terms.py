"""Terms of work: as the product and the draft have them, frozen in the line and its order."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.approval.content import content_hash
from q2c.core.catalog import Product, product_faults
from q2c.core.catalog.working import Prepaid, Rounding
from q2c.core.fault import Invalid
from q2c.core.quote import Draft, DraftLine, Line, Offer, offered, priced
from q2c.core.quote.working import Allowance, Working
from tests.values import COMPANY, SUPPORT, TODAY, WORKSHOP, customer, kr, shelf

QUARTERS = Rounding(step=Decimal("0.25"))
TEAM = Product(
    id="team",
    name="Team",
    charge="hourly",
    unit="h",
    price={"SEK": Decimal(1400), "EUR": Decimal(125)},
    rates={"senior": {"SEK": Decimal(1850)}, "junior": {"SEK": Decimal(1050)}},
    rounding=QUARTERS,
)
RETAINER = replace(
    SUPPORT,
    id="retainer",
    prepaid=Prepaid(hours=Decimal(10), rollover=Decimal(5), overage={"SEK": Decimal(1500)}),
)
HOURS = Product(
    id="hours",
    name="Hours",
    charge="hourly",
    bill="on-order",
    unit="h",
    price={"SEK": Decimal(1400)},
    prepaid=Prepaid(expires="12 months"),
)


def offer(currency: str | None = None) -> Offer:
    goods = shelf(TEAM, RETAINER, HOURS, WORKSHOP, SUPPORT)
    return offered(COMPANY, customer(), goods, TODAY, currency)


def draft(*lines: DraftLine) -> Draft:
    said = {"customer": "fjord-foods", "date": TODAY, "valid_until": TODAY, "term": "12 months"}
    return Draft(lines=lines, **said)  # type: ignore[arg-type]  # named above


def quoted(line: DraftLine, currency: str | None = None) -> Line:
    return priced("Q-2026-0001", draft(line), offer(currency)).lines[0]


def test_a_line_has_the_terms_of_its_product_with_what_the_draft_says_otherwise() -> None:
    asked = DraftLine(product="team", rates={"senior": Decimal(1700)}, cap=Decimal(90000))
    assert quoted(asked).working == Working(
        rates={"junior": Decimal(1050), "senior": Decimal(1700)},
        rounding=QUARTERS,
        cap=kr("90000"),
    )


def test_prepaid_hours_cost_their_own_price_beyond_unless_another_is_said() -> None:
    hours = Allowance(expires="12 months", overage=Decimal(1400))
    month = Allowance(hours=Decimal(10), rollover=Decimal(5), overage=Decimal(1500))
    assert quoted(DraftLine(product="hours")).working == Working(prepaid=hours)
    assert quoted(DraftLine(product="retainer")).working == Working(prepaid=month)


@pytest.mark.parametrize(
    ("line", "currency", "code"),
    [
        (DraftLine(product="workshop", cap=Decimal(9)), None, "not-hourly"),
        (DraftLine(product="workshop", rates={"senior": Decimal(9)}), None, "not-hourly"),
        (DraftLine(product="support", rounding=QUARTERS), None, "not-hourly"),
        (DraftLine(product="team", rounding=Rounding(step=Decimal(0))), None, "bad-step"),
        (DraftLine(product="team", rates={"senior": Decimal(-1)}), None, "bad-price"),
        (DraftLine(product="team", cap=Decimal(0)), None, "bad-price"),
        (DraftLine(product="team"), "EUR", "no-price"),
        (DraftLine(product="retainer"), "EUR", "no-price"),
    ],
)
def test_terms_that_cannot_be_are_refused(line: DraftLine, currency: str | None, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        quoted(line, currency)
    assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize(
    ("product", "code"),
    [
        (replace(WORKSHOP, rounding=QUARTERS), "not-hourly"),
        (replace(TEAM, rounding=Rounding(step=Decimal(25))), "bad-step"),
        (replace(TEAM, prepaid=Prepaid()), "not-prepaid"),
        (replace(HOURS, prepaid=Prepaid(hours=Decimal(3))), "not-prepaid"),
        (replace(HOURS, prepaid=Prepaid(rollover=Decimal(3))), "not-prepaid"),
        (replace(RETAINER, price={"SEK": Decimal(1), "EUR": Decimal(1)}), "no-price"),
        (replace(RETAINER, price={"SEK": Decimal(1)}, prepaid=Prepaid()), "not-prepaid"),
    ],
)
def test_a_product_whose_terms_do_not_fit_is_told(product: Product, code: str) -> None:
    assert code in {fault.code for fault in product_faults(product)}


def test_better_terms_are_other_content_so_an_approval_of_the_old_ones_does_not_hold() -> None:
    plain, capped = (
        content_hash(priced("Q-1", draft(DraftLine(product="team", cap=cap)), offer()))
        for cap in (None, Decimal(50000))
    )
    assert plain != capped
