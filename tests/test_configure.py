"""Configuration: options and their groups, quantities, and every fault of them at once."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Catalog, Choice, OptionGroup, Product
from q2c.core.fault import Invalid
from q2c.core.quote import Discount, DraftLine, Offer, Priced, Shelf, offered, priced
from q2c.store.papers import frozen
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer


def product(id_: str, price: str = "10", **more: object) -> Product:
    said = {"id": id_, "name": id_.title(), "price": {"SEK": Decimal(price)}}
    return Product(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


COLOUR = OptionGroup(
    id="colour",
    name="Colour",
    min=1,
    max=1,
    choices=(Choice(product="red", default=True), Choice(product="blue")),
)
EXTRAS = OptionGroup(
    id="extras",
    name="Extras",
    max=2,
    choices=(
        Choice(product="lamp", quantity=Decimal(2)),
        Choice(product="manual", scales=False),
        Choice(product="box", quantity=Decimal("0.5")),
    ),
)
DESK = product("desk", "1000", options=(COLOUR, EXTRAS))
PRODUCTS = (DESK, *(product(id_) for id_ in ("red", "blue", "lamp", "manual", "box")))


def offer(*products: Product) -> Offer:
    catalog = Catalog({one.id: one for one in products or PRODUCTS})
    return offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY)


def desk(*options: str, quantity: str = "4", **quantities: str) -> DraftLine:
    return DraftLine(
        product="desk",
        quantity=Decimal(quantity),
        options=options,
        quantities={id_: Decimal(units) for id_, units in quantities.items()},
    )


def quoted(*lines: DraftLine) -> Priced:
    return priced("Q-1", draft(*lines), offer())


def test_options_stand_below_their_line_and_grow_with_it_or_not() -> None:
    """Four desks: 4 of a colour, 2 lamps each, one manual for all, half a box each."""
    quote = quoted(desk("red", "lamp", "manual"), desk("red", "box", quantity="3"))
    assert [(one.id, one.parent, one.product, one.quantity) for one in quote.lines] == [
        ("1", "", "desk", Decimal(4)),
        ("2", "1", "red", Decimal(4)),
        ("3", "1", "lamp", Decimal(8)),
        ("4", "1", "manual", Decimal(1)),
        ("5", "", "desk", Decimal(3)),
        ("6", "5", "red", Decimal(3)),
        ("7", "5", "box", Decimal("1.5")),
    ]


def test_defaults_are_taken_where_nobody_chose_and_not_where_somebody_did() -> None:
    silent = DraftLine(product="desk")
    assert [one.product for one in quoted(silent).lines] == ["desk", "red"]
    assert [one.product for one in quoted(desk("blue")).lines] == ["desk", "blue"]


def test_a_seller_may_say_how_much_of_an_option() -> None:
    quote = quoted(desk("red", "lamp", "manual", lamp="0.25", manual="3"))
    assert [one.quantity for one in quote.lines] == [4, 4, 1, 3]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        (desk(), ["option-count"]),
        (desk("red", "blue"), ["option-count"]),
        (desk("red", "lamp", "manual", "box"), ["option-count"]),
        (desk("red", "lmap"), ["unknown-option"]),
        (desk("blue", lmap="2"), ["unknown-option"]),
        (desk("lmap", "lamp", "manual", "box"), ["unknown-option", "option-count", "option-count"]),
        (desk("red", "lamp", lamp="0"), ["bad-quantity"]),
        (desk("red", "lamp", quantity="999999999"), ["bad-quantity"]),
        (DraftLine(product="red", options=("lamp",)), ["unknown-option"]),
    ],
)
def test_options_that_cannot_be_are_told_all_at_once(line: DraftLine, codes: list[str]) -> None:
    with pytest.raises(Invalid) as told:
        quoted(line)
    assert [fault.code for fault in told.value.faults] == codes


def test_faults_of_several_lines_are_told_together_with_those_of_prices_and_terms() -> None:
    more = (*PRODUCTS, product("plan", charge="recurring", every="month"))
    with pytest.raises(Invalid) as told:
        priced(
            "Q-1", draft(desk(), desk("red"), DraftLine(product="plan"), term=None), offer(*more)
        )
    assert [(fault.code, str(fault.place)) for fault in told.value.faults] == [
        ("option-count", "quotes/Q-2026-0001/quote.yaml:10:5"),
        ("term-needed", "quotes/Q-2026-0001/quote.yaml:12:5"),
    ]


def test_a_configuration_is_the_same_in_every_order_of_its_options() -> None:
    chosen = ("red", "lamp", "box")
    found = {frozen(quoted(desk(*order))) for order in permutations(chosen)}
    assert len(found) == 1


@given(st.sets(st.sampled_from(["red", "blue", "lamp", "manual", "box"])))
def test_what_the_groups_accept_they_accept_in_every_order(ids: set[str]) -> None:
    colours = len(ids & {"red", "blue"})
    accepted = colours == 1 and len(ids - {"red", "blue"}) <= 2
    for order in (sorted(ids), sorted(ids, reverse=True)):
        try:
            quoted(desk(*order))
        except Invalid:
            assert not accepted
        else:
            assert accepted


def test_what_is_billed_with_the_order_has_a_quantity_whatever_its_charge() -> None:
    found = offer(product("work", "1450", charge="hourly"))
    asked = DraftLine(product="work", quantity=Decimal(0), bill="on-order")
    with pytest.raises(Invalid, match="A quantity is above 0"):
        priced("Q-1", draft(asked), found)


@pytest.mark.parametrize(
    ("charge", "bill", "accepted"),
    [
        ("hourly", None, True),
        ("usage", None, True),
        ("hourly", "on-order", False),
        ("one-off", None, False),
        ("milestone", None, False),
    ],
)
def test_only_what_is_open_ended_may_be_offered_without_a_quantity(
    charge: str,
    bill: str | None,
    accepted: bool,  # noqa: FBT001 - the case itself
) -> None:
    meter = {"meter": "scans"} if charge == "usage" else {}
    found = offer(product("work", "1450", charge=charge, bill=bill, **meter))
    asked = draft(DraftLine(product="work", quantity=Decimal(0)))
    if accepted:
        assert priced("Q-1", asked, found).net.minor == 0
        return
    with pytest.raises(Invalid, match="A quantity is above 0"):
        priced("Q-1", asked, found)


def test_an_offer_without_a_quantity_keeps_its_percentages_in_the_rate() -> None:
    """1 450 an hour less 10 % is 1 305 for every hour that will be delivered."""
    work = product(
        "work", "1450", charge="hourly", minimum={"SEK": Decimal(100)}, fixed={"SEK": Decimal(20)}
    )
    off = (Discount(percent=Decimal(10)),)
    asked = DraftLine(product="work", quantity=Decimal(0), discounts=off)
    (line,) = priced("Q-1", draft(asked), offer(work)).lines
    rate = line.rate
    assert [rate.unit_price, rate.fixed, rate.minimum] == [1305, 18, 90]
    agreed = replace(asked, quantity=Decimal(1))
    (one,) = priced("Q-1", draft(agreed), offer(work)).lines
    assert [one.rate.unit_price, one.net.amount] == [1450, 1323]
