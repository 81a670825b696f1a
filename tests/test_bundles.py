"""Bundles: one price or the sum less a discount, bundles in bundles, and how they are split."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from q2c.core.catalog import (
    Bundle,
    BundleItem,
    Catalog,
    Choice,
    OptionGroup,
    Policy,
    Product,
    Promotion,
    Scope,
)
from q2c.core.fault import Invalid
from q2c.core.money import total
from q2c.core.quote import Discount, DraftLine, Offer, Priced, Shelf, choose, offered, priced
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, kr

A = Product(id="a", name="A", price={"SEK": Decimal(60)})
B = Product(id="b", name="B", price={"SEK": Decimal(50)})
C = Product(id="c", name="C", price={"SEK": Decimal(40)})
FREE = Product(id="free", name="Free", price={"SEK": Decimal(0)})
SEAT = Product(
    id="seat", name="Seat", charge="recurring", every="month", price={"SEK": Decimal(10)}
)
PRODUCTS = (A, B, C, FREE, SEAT)


def item(id_: str, quantity: str = "1", **more: object) -> BundleItem:
    kind = "product" if id_ in {one.id for one in PRODUCTS} else "bundle"
    said = {kind: id_, "quantity": Decimal(quantity), **more}
    return BundleItem(**said)  # type: ignore[arg-type]  # a test names its fields


def bundle(id_: str, *items: BundleItem, **more: object) -> Bundle:
    return Bundle(id=id_, name=id_.title(), items=items, **more)  # type: ignore[arg-type]  # as above


def offer(*bundles: Bundle, promotions: tuple[Promotion, ...] = ()) -> Offer:
    catalog = Catalog(
        {one.id: one for one in PRODUCTS},
        {one.id: one for one in bundles},
        promotions=promotions,
        policy=Policy(),
    )
    return offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)


def asked(id_: str, quantity: str = "1", **more: object) -> DraftLine:
    said = {"bundle": id_, "quantity": Decimal(quantity), **more}
    return DraftLine(**said)  # type: ignore[arg-type]  # a test names its fields


def quoted(found: Offer, *lines: DraftLine, **more: object) -> Priced:
    return priced("Q-1", draft(*lines, **more), found)


def shares(quote: Priced) -> list[str]:
    return [str(line.own.amount) for line in quote.lines]


THREE = bundle("three", item("a"), item("b"), item("c"), price={"SEK": Decimal(120)})


def test_a_fixed_price_is_split_by_what_the_parts_cost_alone() -> None:
    """120 over 60, 50 and 40 is 48, 40 and 32, for two of them twice that."""
    assert shares(quoted(offer(THREE), asked("three"))) == ["48.00", "40.00", "32.00"]
    assert shares(quoted(offer(THREE), asked("three", "2"))) == ["96.00", "80.00", "64.00"]


def test_a_sum_less_a_discount_takes_the_same_share_off_every_part() -> None:
    less = replace(THREE, price={}, discount=Decimal(10))
    assert shares(quoted(offer(less), asked("three"))) == ["54.00", "45.00", "36.00"]


def test_parts_grow_with_the_bundle_or_not() -> None:
    found = offer(bundle("kit", item("a", "3"), item("b", scales=False), discount=Decimal(0)))
    quote = quoted(found, asked("kit", "4"))
    assert [(one.product, one.quantity) for one in quote.lines] == [
        ("a", Decimal(12)),
        ("b", Decimal(1)),
    ]


def test_parts_that_are_all_free_share_the_price_evenly() -> None:
    found = offer(bundle("gift", item("free"), item("free", "5"), price={"SEK": Decimal("0.03")}))
    assert shares(quoted(found, asked("gift"))) == ["0.02", "0.01"]


def test_a_bundle_in_a_bundle_is_priced_first() -> None:
    """Three at 120 and one more for 60 are 180; less 5 % they are 171."""
    outer = bundle("outer", item("three"), item("a"), discount=Decimal(5))
    quote = quoted(offer(THREE, outer), asked("outer"))
    assert shares(quote) == ["45.60", "38.00", "30.40", "57.00"]
    assert {one.bundle for one in quote.lines} == {"outer"}
    assert [one.bundle for one in quote.lines[0].within] == ["outer", "three"]


def test_ten_bundles_in_one_another_lose_no_oere() -> None:
    bundles = [bundle("n0", item("a"), item("b"), price={"SEK": Decimal("99.99")})]
    bundles += [
        bundle(f"n{n}", item(f"n{n - 1}"), item("c"), discount=Decimal("3.33"))
        for n in range(1, 10)
    ]
    quote = quoted(offer(*bundles), asked("n9", "7"))
    expected = 7 * Decimal("99.99")
    for _ in range(9):
        expected = round((expected + 7 * 40) * (1 - Decimal("0.0333")), 2)
    assert abs(quote.net.amount - expected) <= Decimal("0.05")
    assert total((one.own for one in quote.lines), "SEK") == quote.net
    assert len(quote.lines[0].within) == 10


def test_a_price_by_hand_is_for_one_bundle_and_takes_the_place_of_promotions() -> None:
    gift = Promotion(id="gift", percent=Decimal(50))
    quote = quoted(offer(THREE, promotions=(gift,)), asked("three", "2", price=Decimal(75)))
    assert quote.net == kr("150")


def test_a_recurring_bundle_costs_its_price_each_period_and_a_plain_one_once_a_term() -> None:
    monthly = bundle("monthly", item("seat", "2"), price={"SEK": Decimal(15)}, every="month")
    term = replace(monthly, id="term", every=None)
    assert quoted(offer(monthly), asked("monthly")).net == kr("180")
    assert quoted(offer(term), asked("term")).net == kr("15")


def test_a_part_may_run_for_a_term_of_its_own_however_long_the_quote_is() -> None:
    """A year of a seat at 10 a month is 120 in a quote for three years; half off leaves 60."""
    year = bundle("year", item("seat", term="12 months"), discount=Decimal(50))
    (line,) = quoted(offer(year), asked("year"), term="36 months").lines
    assert (line.times, line.net) == (12, kr("60"))


def test_discounts_come_off_the_bundle_and_are_split_like_it() -> None:
    """120 less 20 is 100, less 10 % is 90."""
    off = (Discount(percent=Decimal(10)), Discount(amount=Decimal(20)))
    quote = quoted(offer(THREE), asked("three", discounts=off))
    assert shares(quote) == ["36.00", "30.00", "24.00"]
    assert [step.stage for step in quote.lines[0].steps] == ["list", "bundle", "manual", "manual"]


def test_an_amount_off_that_is_more_than_the_bundle_is_refused_at_its_line() -> None:
    off = (Discount(percent=Decimal(50)), Discount(amount=Decimal(121)))
    with pytest.raises(Invalid, match="more than the bundle costs") as told:
        quoted(offer(THREE), asked("three", discounts=off))
    assert str(told.value.faults[0].place) == "quotes/Q-2026-0001/quote.yaml:10:5"


def test_promotions_come_off_bundles_of_their_family_and_not_off_their_parts() -> None:
    kit = replace(THREE, family="kits")
    found = [
        Promotion(id="kits", percent=Decimal(10), scope=Scope(families=("kits",))),
        Promotion(id="part", percent=Decimal(50), scope=Scope(products=("a",))),
        Promotion(id="once", percent=Decimal(50), duration="once", scope=Scope(families=("kits",))),
    ]
    assert quoted(offer(kit, promotions=(found[0],)), asked("three")).net == kr("108")
    assert quoted(offer(kit, promotions=(found[1],)), asked("three")).net == kr("120")
    assert quoted(offer(kit, promotions=(found[2],)), asked("three")).net == kr("60")


def test_a_promotion_for_some_periods_is_not_for_a_bundle_that_recurs() -> None:
    plan = bundle("plan", item("seat"), discount=Decimal(0))
    first = Promotion(id="first", percent=Decimal(100), duration="once")
    quote = quoted(offer(plan, promotions=(first,)), asked("plan"))
    assert [(one.times, one.net) for one in quote.lines] == [(12, kr("120"))]
    assert quote.promotions == ()


def test_options_of_a_bundle_come_on_top_at_their_own_price() -> None:
    group = OptionGroup(id="more", name="More", choices=(Choice(product="c", quantity=Decimal(2)),))
    kit = bundle("kit", item("a"), price={"SEK": Decimal(50)}, options=(group,))
    quote = quoted(offer(kit), asked("kit", "3", options=("c",)))
    assert [(one.product, one.bundle, one.parent, one.own) for one in quote.lines] == [
        ("a", "kit", "", kr("150")),
        ("c", "", "1", kr("240")),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (asked("thre"), "unknown-bundle"),
        (asked("three", "0"), "bad-quantity"),
        (asked("three", price=Decimal(-1)), "bad-price"),
        (asked("off"), "unknown-bundle"),
    ],
)
def test_a_bundle_that_cannot_be_sold_is_refused(line: DraftLine, code: str) -> None:
    with pytest.raises(Invalid) as told:
        quoted(offer(THREE, replace(THREE, id="off", active=False)), line)
    assert [fault.code for fault in told.value.faults] == [code]


def test_the_parts_of_a_bundle_are_accepted_together() -> None:
    quote = quoted(offer(THREE), asked("three"), DraftLine(product="c"))
    assert choose(quote, only=("2",)).net == kr("120")
    assert choose(quote, only=("4",)).net == kr("40")
