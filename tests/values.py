"""Invented parties, products, orders and rates from which tests are built."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from q2c.core.billing import Placing
from q2c.core.catalog import Catalog, Product, Tier
from q2c.core.money import Money
from q2c.core.order import Delivery, Order, OrderLine
from q2c.core.party import Address, Bank, Company, Customer
from q2c.core.period import Period
from q2c.core.pricing import Rate, RateTier
from q2c.core.quote import Offer, offered
from q2c.core.quote import Shelf as QuoteShelf
from q2c.core.rates import ExchangeRate
from q2c.core.tax import VatRate

TODAY = date(2026, 1, 15)


def kr(amount: str) -> Money:
    """Give Swedish kronor."""
    return Money.of(Decimal(amount), "SEK")


def eur(amount: str) -> Money:
    """Give euros."""
    return Money.of(Decimal(amount), "EUR")


def day(text: str) -> date:
    """Read a day."""
    return date.fromisoformat(text)


def days(first: str, last: str) -> Period:
    """Give the days from the first to the last."""
    return Period(day(first), day(last))


def _vat(vat: str, rate: str, first: str, last: str = "") -> VatRate:
    return VatRate(
        country="SE",
        vat=vat,  # type: ignore[arg-type]  # the tests name classes there are
        rate=Decimal(rate),
        valid_from=day(first),
        valid_to=day(last) if last else None,
        law="Mervärdesskattelagen (2023:200)",
        file="rates/vat.yaml",
    )


VAT_RATES = (
    _vat("standard", "25", "1990-01-01"),
    _vat("reduced", "12", "1996-01-01"),
    _vat("low", "6", "1996-01-01"),
)
# Food alone: 12 %, but 6 % from 1 April 2026 to the end of 2027 (prop. 2025/26:55).
FOOD_RATES = (
    _vat("reduced", "12", "1996-01-01", "2026-03-31"),
    _vat("reduced", "6", "2026-04-01", "2027-12-31"),
    _vat("reduced", "12", "2028-01-01"),
)

COMPANY = Company(
    id="nordlys",
    name="Nordlys Konsult AB",
    org_number="556677-8899",
    vat_id="SE556677889901",
    address=Address(street="Storgatan 1", postal_code="111 22", city="Stockholm", country="SE"),
    bank=Bank(bankgiro="991-2346", iban="SE45 5000 0000 0583 9825 7466"),
    currency="SEK",
    f_tax=True,
)


def customer(country: str = "SE", vat_id: str = "", kind: str = "business") -> Customer:
    """Give a customer in a country."""
    return Customer(
        id="fjord-foods",
        name="Fjord Foods AB",
        kind=kind,  # type: ignore[arg-type]  # the tests name kinds there are
        vat_id=vat_id,
        address=Address(street="Hamnen 3", postal_code="411 10", city="Hamnstad", country=country),
    )


def tiers(*rows: tuple[str | None, str, str]) -> tuple[RateTier, ...]:
    """Give tiers of (upper end, unit price, flat fee)."""
    return tuple(
        RateTier(None if end is None else Decimal(end), Decimal(unit), Decimal(fee))
        for end, unit, fee in rows
    )


def flat_rate(unit_price: str, currency: str = "SEK") -> Rate:
    """Give the same price for every unit."""
    return Rate(model="per-unit", currency=currency, unit_price=Decimal(unit_price))


ADVISORY = Product(
    id="advisory",
    name={"en": "Advisory", "sv": "Rådgivning"},
    charge="hourly",
    unit={"en": "h", "sv": "tim"},
    price={"SEK": Decimal(1450), "EUR": Decimal(130)},
)
SUPPORT = Product(
    id="support",
    name="Support",
    charge="recurring",
    every="month",
    unit="mo",
    price={"SEK": Decimal(6500), "EUR": Decimal(600)},
)
LICENCE = Product(
    id="licence",
    name="Licence",
    model="graduated",
    tiers=(
        Tier(up_to=Decimal(10), unit_price={"SEK": Decimal(100)}),
        Tier(unit_price={"SEK": Decimal(80)}),
    ),
)
WORKSHOP = Product(id="workshop", name="Workshop", bill="on-delivery", price={"SEK": Decimal(9000)})


def shelf(*products: Product) -> QuoteShelf:
    """Put products on the shelf, or those of this module."""
    chosen = products or (ADVISORY, SUPPORT, LICENCE, WORKSHOP)
    return QuoteShelf(Catalog({product.id: product for product in chosen}, {}), {}, VAT_RATES)


def offer(buyer: Customer | None = None, currency: str | None = None) -> Offer:
    """Gather what a customer is offered on."""
    return offered(COMPANY, buyer or customer(), shelf(), TODAY, currency)


def hourly(quantity: str = "40", price: str = "1450", **more: object) -> OrderLine:
    """Give an order line of hours on account; `net` is quantity times price unless given."""
    agreed = Decimal(str(more.pop("net", Decimal(quantity) * Decimal(price))))
    rate = more.pop("rate", None) or flat_rate(price)
    assert isinstance(rate, Rate)
    said: dict[str, object] = {
        "id": "1",
        "source": "Q-2026-0001/v1/1",
        "product": "advisory",
        "name": "Advisory",
        "quantity": Decimal(quantity),
        "unit": "h",
        "charge": "hourly",
        "bill": "on-delivery",
        "rate": rate,
        "net": Money.of(agreed, rate.currency),
        "revenue": "output",
    }
    return OrderLine(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def recurring(net: str, service: Period, times: int, **more: object) -> OrderLine:
    """Give an order line of a monthly service."""
    price = str(Decimal(net) / times)
    said: dict[str, object] = {
        "product": "support",
        "name": "Support",
        "unit": "mo",
        "charge": "recurring",
        "bill": "in-advance",
        "service": service,
        "times": times,
        "every": "month",
        "revenue": "over-time",
    }
    return hourly("1", price, **{**said, "net": net, **more})


def goods(quantity: str, price: str, **more: object) -> OrderLine:
    """Give an order line of goods, earned and invoiced when they are delivered."""
    said: dict[str, object] = {
        "product": "sensor",
        "name": "Sensor",
        "unit": "pcs",
        "charge": "one-off",
        "supply": "goods",
        "revenue": "point-in-time",
    }
    return hourly(quantity, price, **{**said, **more})


def order(*lines: OrderLine, currency: str = "SEK", agreed: str = "2026-01-01") -> Order:
    """Give an order of lines."""
    return Order(
        number="O-2026-0001",
        source="Q-2026-0001/v1",
        contract="C-2026-0001",
        agreed_on=day(agreed),
        customer="fjord-foods",
        currency=currency,
        language="en",
        due_days=30,
        lines=lines,
    )


def delivered(quantity: str, on: str, line: str = "1") -> Delivery:
    """Give a delivery."""
    return Delivery(date=day(on), line=line, quantity=Decimal(quantity))


def placing(
    through: str, buyer: Customer | None = None, rates: Sequence[VatRate] = VAT_RATES
) -> Placing:
    """Say what is claimed through a day; the invoice is of the same day."""
    return Placing(
        company=COMPANY,
        customer=buyer or customer(),
        vat_rates=tuple(rates),
        through=day(through),
        issue_on=day(through),
    )


def published(on: str, rate: str, currency: str = "EUR") -> ExchangeRate:
    """Give a published rate into kronor."""
    return ExchangeRate(
        currency=currency, into="SEK", on=day(on), rate=Decimal(rate), published_by="Riksbanken"
    )
