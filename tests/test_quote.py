"""Quotes: drafts that become priced lines, with every fault of every line told at once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Bundle, BundleItem, Catalog, PriceList, Validity
from q2c.core.fault import Held, Invalid
from q2c.core.money import total
from q2c.core.party import OwnPrice
from q2c.core.quote import (
    Draft,
    DraftLine,
    Event,
    Offer,
    Shelf,
    offered,
    priced,
    state,
    valid_until,
)
from q2c.core.trace import noted
from tests.values import (
    ADVISORY,
    COMPANY,
    SUPPORT,
    TODAY,
    WORKSHOP,
    customer,
    day,
    days,
    kr,
    offer,
    shelf,
)

START = Bundle(
    id="start",
    name={"en": "Good start", "sv": "En bra början"},
    items=(
        BundleItem(product="advisory", quantity=Decimal(10)),
        BundleItem(product="workshop", quantity=Decimal(1)),
    ),
    price={"SEK": Decimal(20000)},
    file="catalog.yaml",
)


def line(product: str, quantity: str = "1", **more: object) -> DraftLine:
    said: dict[str, object] = {"product": product, "quantity": Decimal(quantity)}
    return DraftLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def bundled(quantity: str = "1", id_: str = "start") -> DraftLine:
    return DraftLine(bundle=id_, quantity=Decimal(quantity))


def draft(*lines: DraftLine, **more: object) -> Draft:
    said: dict[str, object] = {
        "customer": "fjord-foods",
        "date": TODAY,
        "valid_until": day("2026-02-14"),
        "starts": day("2026-12-01"),
        "lines": lines,
        "file": "quotes/Q-2026-0001/quote.yaml",
        "places": noted({f"lines.{n}": (10 + n, 5) for n in range(len(lines))}),
    }
    return Draft(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def stocked() -> Offer:
    whole = offer()
    return replace(whole, catalog=Catalog(whole.catalog.products, {"start": START}))


def test_a_quote_adds_up_as_on_the_first_five_minutes() -> None:
    """40 hours and a year of support: 58,000 + 78,000, VAT 25 %."""
    lines = (line("advisory", "40"), line("support", term="12 months"))
    quote = priced("Q-2026-0001", draft(*lines), offer())
    assert [one.net for one in quote.lines] == [kr("58000"), kr("78000")]
    assert (quote.net, quote.tax, quote.total) == (kr("136000"), kr("34000"), kr("170000"))
    assert quote.lines[1].service == days("2026-12-01", "2027-11-30")
    assert (quote.lines[1].times, quote.ref) == (12, "Q-2026-0001/v0")


def test_a_bundle_becomes_lines_that_share_its_price() -> None:
    quote = priced("Q-1", draft(line("workshop"), bundled("2")), stocked())
    shared = quote.lines[1:]
    assert [one.id for one in quote.lines] == ["1", "2", "3"]
    assert [one.net for one in shared] == [kr("24680.85"), kr("15319.15")]
    assert {one.bundle for one in shared} == {"start"}
    assert shared[0].steps[-1].rule == (
        "bundle start: its part of 20000 each, by the stand-alone price 29 000.00 SEK"
    )


def test_words_come_in_the_language_of_the_customer() -> None:
    swedish = replace(stocked(), language="sv")
    quote = priced("Q-1", draft(bundled(), line("advisory", text="Egna ord")), swedish)
    first, _, last = quote.lines
    assert (first.name, first.unit, first.bundle_name) == ("Rådgivning", "tim", "En bra början")
    assert last.text == "Egna ord"


def test_what_is_said_of_a_bundle_stands_with_its_first_part() -> None:
    said = replace(bundled(), text="For the whole team")
    quote = priced("Q-1", draft(said), stocked())
    assert [one.text for one in quote.lines] == ["For the whole team", ""]


def test_a_part_that_is_no_longer_sold_is_told_at_the_line_of_its_bundle() -> None:
    stale = replace(START, items=(BundleItem(product="old", quantity=Decimal(1)),))
    products = {"old": replace(ADVISORY, id="old", active=False)}
    offered_ = replace(stocked(), catalog=Catalog(products, {"start": stale}))
    with pytest.raises(Invalid) as told:
        priced("Q-1", draft(line("old"), bundled()), offered_)
    assert [str(fault.place) for fault in told.value.faults] == [
        "quotes/Q-2026-0001/quote.yaml:10:5",
        "quotes/Q-2026-0001/quote.yaml:11:5",
    ]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (draft(line("advisry")), "unknown-product"),
        (draft(bundled(id_="star")), "unknown-bundle"),
        (draft(DraftLine()), "line-what"),
        (draft(line("advisory", bundle="start")), "line-what"),
        (draft(line("workshop", "0")), "bad-quantity"),
        (draft(line("advisory", "1000000000")), "bad-quantity"),
        (draft(bundled("100000000")), "bad-quantity"),  # ten hours in each of them
        (draft(line("support")), "term-needed"),
        (draft(line("yearly", term="18 months")), "term-periods"),
        (draft(line("old")), "not-active"),
        (draft(line("advisory"), valid_until=day("2026-01-14")), "bad-period"),
        (draft(line("kroner")), "no-price"),
        (draft(line("support", term="12m"), starts=day("9999-12-01")), "bad-date"),
    ],
)
def test_a_draft_that_cannot_be_priced_is_refused(found: Draft, code: str) -> None:
    more = (
        replace(SUPPORT, id="yearly", every="year"),
        replace(ADVISORY, id="old", active=False),
        replace(ADVISORY, id="kroner", price={"NOK": Decimal(1)}),
    )
    products = {**stocked().catalog.products, **{product.id: product for product in more}}
    whole = replace(stocked(), catalog=Catalog(products, {"start": START}))
    with pytest.raises(Invalid) as told:
        priced("Q-1", found, whole)
    assert [fault.code for fault in told.value.faults] == [code]


def test_an_offer_that_ends_too_early_is_told_beside_the_faults_of_its_lines() -> None:
    found = draft(line("advisry"), line("support"), valid_until=day("2026-01-14"))
    with pytest.raises(Invalid) as told:
        priced("Q-1", found, stocked())
    codes = [fault.code for fault in told.value.faults]
    assert codes == ["bad-period", "unknown-product", "term-needed"]


def test_prices_that_cannot_be_are_refused_before_anything_is_offered_on_them() -> None:
    own = OwnPrice(product="advisory", price={"SEK": Decimal(-1)})
    cheap = replace(customer(), prices=(own,))
    with pytest.raises(Invalid, match="A price is from 0"):
        offered(COMPANY, cheap, shelf(), TODAY)
    wrong = PriceList(
        id="low", currency="SEK", valid=Validity(TODAY), prices={"advisory": Decimal(-1)}
    )
    on_sale = Shelf(shelf().catalog, {"low": wrong}, ())
    with pytest.raises(Invalid, match="A price is from 0"):
        offered(COMPANY, replace(customer(), price_list="low"), on_sale, TODAY)


def test_a_bundle_without_a_price_in_the_currency_is_refused() -> None:
    products = shelf(ADVISORY, replace(WORKSHOP, price={"EUR": Decimal(900)})).catalog.products
    abroad = replace(stocked(), catalog=Catalog(products, {"start": START}), currency="EUR")
    with pytest.raises(Invalid, match="'start' has no price in EUR"):
        priced("Q-1", draft(bundled()), abroad)


def test_every_fault_of_every_line_is_told_at_its_place() -> None:
    with pytest.raises(Invalid) as told:
        priced("Q-1", draft(line("advisry"), line("advisory"), line("support")), offer())
    assert [(str(fault.place), fault.code) for fault in told.value.faults] == [
        ("quotes/Q-2026-0001/quote.yaml:10:5", "unknown-product"),
        ("quotes/Q-2026-0001/quote.yaml:12:5", "term-needed"),
    ]


def test_a_customer_without_a_vat_number_holds_the_quote() -> None:
    with pytest.raises(Held) as told:
        priced("Q-1", draft(line("advisory")), offer(customer("FI")))
    assert [fault.code for fault in told.value.faults] == ["vat-id-needed"]


SPRING = PriceList(
    id="spring", currency="SEK", valid=Validity(day("2026-01-01"), day("2026-01-14"))
)


@pytest.mark.parametrize(
    ("more", "currency", "code"),
    [
        ({"price_list": "spring"}, None, "price-list-expired"),
        ({"price_list": "sprong"}, None, "unknown-price-list"),
        ({}, "KRO", "no-such-currency"),
    ],
)
def test_an_offer_on_nothing_is_refused(
    more: dict[str, str], currency: str | None, code: str
) -> None:
    whole = Shelf(shelf().catalog, {"spring": SPRING}, ())
    buyer = replace(customer(), **more)
    with pytest.raises(Invalid) as told:
        offered(COMPANY, buyer, whole, TODAY, currency)
    assert [fault.code for fault in told.value.faults] == [code]


def test_the_customers_terms_come_before_the_companys() -> None:
    buyer = replace(customer(), currency="EUR", language="sv")
    found = offered(COMPANY, buyer, shelf(), TODAY)
    assert (found.currency, found.language, found.due_days) == ("EUR", "sv", 30)


def event(kind: str) -> Event:
    return Event(kind=kind, date=TODAY, version=1)  # type: ignore[arg-type]  # kinds there are


@pytest.mark.parametrize(
    ("kinds", "today", "expected"),
    [
        ("", "2026-01-15", "draft"),
        ("sent", "2026-02-14", "sent"),
        ("sent", "2026-02-15", "expired"),
        ("sent declined", "2026-02-15", "declined"),
        ("sent accepted", "2026-02-15", "accepted"),
    ],
)
def test_how_a_quote_stands_is_asked_and_not_stored(kinds: str, today: str, expected: str) -> None:
    events = [event(kind) for kind in kinds.split()]
    assert state(events, day("2026-02-14"), day(today)) == expected


def test_an_offer_holds_for_a_number_of_days() -> None:
    assert valid_until(TODAY, 30) == day("2026-02-14")


@given(st.decimals("0.001", 10_000, places=3), st.integers(1, 9))
def test_a_quote_is_its_lines_and_their_vat(quantity: Decimal, bundles: int) -> None:
    lines = (line("advisory", str(quantity)), bundled(str(bundles)), line("licence", "12"))
    quote = priced("Q-1", draft(*lines), stocked())
    assert quote.total == quote.net + quote.tax
    assert quote.net == total((row.base for row in quote.vat), "SEK")
    of_bundle = total((one.net for one in quote.lines if one.bundle), "SEK")
    assert of_bundle == kr(str(20_000 * bundles))
    assert all(one.steps[-1].after == one.net.amount for one in quote.lines)
