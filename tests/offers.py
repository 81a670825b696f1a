"""An offer with everything on it, of made-up products whose inner figures nobody may see."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from q2c.core import contract as contracts
from q2c.core import order as orders
from q2c.core.billing import Facts, Placing, claim
from q2c.core.catalog import (
    Band,
    Bundle,
    BundleItem,
    Catalog,
    Choice,
    OptionGroup,
    Product,
    Promotion,
    Rule,
    Schedule,
    Scope,
    Tier,
    When,
)
from q2c.core.contract import Contract
from q2c.core.invoice import Invoice, Issue, issued
from q2c.core.order import Delivery, Order
from q2c.core.quote import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Event,
    Offer,
    Payment,
    Priced,
    Segment,
    StatedRate,
    choose,
    offered,
    priced,
)
from q2c.core.quote import Shelf as QuoteShelf
from q2c.core.trace import Paper
from q2c.documents.words import clauses, template
from tests.values import COMPANY, VAT_RATES, customer, day


def sek(amount: str) -> dict[str, Decimal]:
    return {"SEK": Decimal(amount)}


def _product(id_: str, name: str, **said: object) -> Product:
    return Product(id=id_, name=name, **said)  # type: ignore[arg-type]  # a product's own fields


def _tier(up_to: str | None, unit: str = "0", flat: str = "0", **said: object) -> Tier:
    end = None if up_to is None else Decimal(up_to)
    return Tier(up_to=end, unit_price=sek(unit), flat=sek(flat), **said)  # type: ignore[arg-type]  # a tier's own fields


# What nobody but the seller may see is unlike any other figure: 913.37, 1 002.71, 41.7 % …
PRODUCTS = (
    _product(
        "advice",
        "Rådgivning",
        charge="hourly",
        unit="timme",
        price=sek("1450"),
        cost=sek("913.37"),
        floor=sek("1002.71"),
    ),
    _product(
        "platform",
        "Plattform",
        family="platform",
        charge="recurring",
        every="month",
        unit="plats",
        price=sek("200"),
        cost=sek("77.13"),
        options=(
            OptionGroup(
                id="region",
                name="Region",
                choices=(
                    Choice(product="eu", default=True),
                    Choice(product="backup", default=True),
                ),
            ),
        ),
    ),
    _product("eu", "Data i EU", charge="recurring", every="month", unit="plats", price=sek("0")),
    _product("backup", "Kopior", charge="recurring", every="month", unit="plats", price=sek("30")),
    _product(
        "care",
        "Omsorg",
        charge="recurring",
        every="year",
        unit="plan",
        model="percentage",
        percent=Decimal(18),
        percent_of=Scope(families=("platform",)),
    ),
    _product("sensor", "Givare", model="cost-plus", cost=sek("517.43"), markup=Decimal("23.7")),
    _product("workshop", "Workshop", bill="on-delivery", price=sek("9000"), cost=sek("4411.19")),
    _product("silver", "Silver", charge="recurring", every="month", price=sek("3000")),
    _product("gold", "Guld", charge="recurring", every="month", price=sek("6500")),
    _product(
        "calls",
        "Anrop",
        charge="usage",
        meter="calls",
        unit="anrop",
        model="package",
        package_size=Decimal(1000),
        free_units=Decimal(10000),
        price=sek("40"),
    ),
    _product(
        "cards",
        "Korthantering",
        charge="usage",
        meter="cards",
        unit="omsättning",
        model="percentage",
        percent=Decimal("1.4"),
        fixed=sek("150"),
        minimum=sek("400"),
        maximum=sek("9000"),
    ),
    _product(
        "archive",
        "Arkiv",
        charge="recurring",
        every="month",
        unit="GB",
        model="block",
        tiers=(_tier("100", flat="490"), _tier("500", flat="1490"), _tier(None, "2.50", "1490")),
    ),
    _product(
        "advance",
        "Förmedling",
        unit="omsättning",
        model="graduated-percentage",
        tiers=(_tier("10000", percent=Decimal(2)), _tier(None, percent=Decimal("1.5"))),
    ),
    _product("start", "Uppstart", model="flat", price=sek("5000")),
)
BUNDLES = (
    Bundle(
        id="kit",
        name="Startpaket",
        items=(
            BundleItem(product="workshop"),
            BundleItem(product="advice", quantity=Decimal(8)),
        ),
        price=sek("18000"),
    ),
)
CATALOG = Catalog(
    products={product.id: product for product in PRODUCTS},
    bundles={bundle.id: bundle for bundle in BUNDLES},
    rules=(
        Rule(id="busy", when=When(has=("advice",)), say="Fråga planeraren innan du lovar timmar."),
    ),
    schedules=(
        Schedule(
            id="frame",
            name="Ramavtal",
            scope=Scope(products=("advice",)),
            bands=(Band(least=Decimal(40), percent=Decimal(8)),),
        ),
    ),
    promotions=(
        Promotion(id="welcome", name="Välkommen", code="HEJ", amount=sek("2500")),
        Promotion(
            id="launch",
            name="Premiär",
            code="NYTT",
            percent=Decimal(50),
            scope=Scope(products=("silver", "gold")),
            duration="periods",
            periods=3,
        ),
    ),
)


def shop(language: str = "sv") -> Offer:
    """Give what a Swedish customer is offered on, in a language."""
    shelf = QuoteShelf(CATALOG, {}, VAT_RATES)
    made = offered(COMPANY, customer(), shelf, day("2026-11-02"), None)
    return replace(made, language=language)


def asked(product: str, quantity: str = "1", **said: object) -> DraftLine:
    """Ask for a product."""
    return DraftLine(product=product, quantity=Decimal(quantity), **said)  # type: ignore[arg-type]  # a line's own fields


def off(percent: str = "", amount: str = "", reason: str | None = None) -> Discount:
    """Take something off by hand."""
    return Discount(
        percent=Decimal(percent) if percent else None,
        amount=Decimal(amount) if amount else None,
        reason=reason,
    )


def drafted(*lines: DraftLine, **said: object) -> Draft:
    """Make a draft of lines, from 1 January 2027 for a year."""
    usual: dict[str, object] = {
        "customer": "fjord-foods",
        "date": day("2026-11-02"),
        "valid_until": day("2026-12-02"),
        "starts": day("2027-01-01"),
        "term": "12 months",
        "lines": lines,
    }
    return Draft(**{**usual, **said})  # type: ignore[arg-type]  # a test names its fields


def made(*lines: DraftLine, language: str = "sv", **said: object) -> Priced:
    """Price a draft of lines as a version that was sent."""
    quote = priced("Q-2026-0001", drafted(*lines, **said), shop(language))
    return replace(quote, version=1)


def ramp() -> DraftLine:
    """Ask for a platform that grows in two steps."""
    return asked(
        "platform",
        "10",
        section="Plattform",
        ramp=(
            Segment(first=day("2027-01-01")),
            Segment(
                first=day("2027-07-01"), quantity=Decimal(20), discounts=(off("5", reason="Växer"),)
            ),
        ),
    )


def everything(language: str = "sv", **said: object) -> Priced:
    """Make an offer with every kind of line, discount, choice and term."""
    quote = made(
        ramp(),
        asked("care", section="Plattform"),
        asked("advice", "40", section="Arbete", discounts=(off("10", reason="Trohet"),)),
        DraftLine(bundle="kit", section="Arbete", discounts=(off(amount="1000"),)),
        asked("sensor", "4", section="Arbete", delivery="Fritt Göteborg."),
        asked("silver", group="support", choice="silver", label="Bas"),
        asked("gold", group="support", choice="gold", label="Guld"),
        asked("gold", group="support", choice="max", label="Guld med workshop"),
        asked("workshop", "2", group="support", choice="max", label="Guld med workshop"),
        asked("calls", "250000"),
        asked("cards", "50000"),
        asked("archive", "620"),
        asked("advance", "30000"),
        asked("start", "3"),
        asked("workshop", optional=True),
        language=language,
        promotions=("HEJ", "NYTT"),
        discounts=(off("3", reason="Tidigt beslut"),),
        payments=(
            Payment(name="Handpenning", percent=Decimal(30), on="acceptance"),
            Payment(on="start", days=30),
        ),
        clauses=(Clause(id="exit", text="Data lämnas ut (CSV) * inom 30 dagar."),),
        intro="Tack för mötet.",
        note="Resor ingår.",
        exchange=StatedRate(rate=Decimal("0.0891"), date=day("2026-10-30"), source="Riksbanken"),
        **said,
    )
    return replace(quote, attachments=(Paper("files/krav.pdf", "ab" * 32),))


ACCEPTED = Event(kind="accepted", date=day("2026-11-20"), version=1, by="Ida Berg", po="PO-4711")


def agreed(quote: Priced) -> Contract:
    """Make the contract of an offer as it stands, with the words of our own template."""
    sold = choose(quote)
    found = contracts.from_quote(sold, ACCEPTED, "C-2026-0001", "O-2026-0001")
    words = clauses(template(found.language).decode(), found, "own.md")
    return replace(found, words=words)


def ordered(quote: Priced) -> Order:
    """Make the order of an offer as it stands, without its schedule of payments."""
    found = orders.from_quote(choose(quote), ACCEPTED, "O-2026-0001", "C-2026-0001")
    return replace(found, payments=())


def billed(quote: Priced, through: date) -> Invoice:
    """Invoice all that is due of an offer through a day, with everything delivered."""
    order = ordered(quote)
    deliveries = [
        Delivery(date=day("2026-12-10"), line=line.id, quantity=line.quantity)
        for line in order.lines
        if line.bill == "on-delivery"
    ]
    at = Placing(
        company=COMPANY,
        customer=customer(),
        vat_rates=VAT_RATES,
        through=through,
        issue_on=through,
    )
    found = claim(order, Facts(deliveries=tuple(deliveries)), set(), at)
    assert found is not None, order
    return issued(found, Issue(number="F-2027-0001", look=""), ())
