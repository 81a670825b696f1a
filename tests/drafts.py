"""Invented catalogues and random drafts with everything in them, for laws about whole quotes."""

from decimal import Decimal

from hypothesis import assume
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import (
    Band,
    Bundle,
    BundleItem,
    Catalog,
    Choice,
    OptionGroup,
    Policy,
    Product,
    Promotion,
    Rule,
    Schedule,
    Scope,
    Tier,
    When,
)
from q2c.core.fault import Refused
from q2c.core.quote import (
    Discount,
    Draft,
    DraftLine,
    Offer,
    Payment,
    Priced,
    Segment,
    Shelf,
    offered,
    priced,
)
from q2c.core.trace import noted
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day

STARTS = day("2026-03-01")
FILE = "quotes/Q-2026-0001/quote.yaml"


def each(amount: str) -> dict[str, Decimal]:
    """Give the same figure in currencies of two, no and three decimals."""
    return dict.fromkeys(("SEK", "JPY", "BHD"), Decimal(amount))


ADDON = Product(
    id="addon", name="Add-on", family="software", charge="recurring", every="month",
    price=each("12.345"),
)  # fmt: skip
TRAINING = Product(id="training", name="Training", family="work", price=each("900"))
SEAT = Product(
    id="seat",
    name="Seat",
    family="software",
    charge="recurring",
    every="month",
    unit="seats",
    price=each("190.5"),
    frequencies={"year": each("2000"), "quarter": each("560.55")},
    cost=each("60"),
    floor=each("120"),
    options=(
        OptionGroup(
            id="extras",
            name="Extras",
            max=2,
            choices=(
                Choice(product="addon"),
                Choice(product="training", scales=False),
                Choice(product="sensor", quantity=Decimal("0.5")),
            ),
        ),
    ),
)
SUPPORT = Product(
    id="support",
    name="Support",
    charge="recurring",
    every="month",
    model="percentage",
    percent=Decimal(18),
    percent_of=Scope(families=("software",)),
    minimum=each("25"),
)
ADVISORY = Product(
    id="advisory", name="Advisory", family="work", charge="hourly", unit="h",
    price=each("1450"), cost=each("700"),
)  # fmt: skip
SENSOR = Product(
    id="sensor", name="Sensor", family="goods", supply="goods", vat="reduced", model="package",
    package_size=Decimal(10), free_units=Decimal(3), price=each("99.99"),
)  # fmt: skip
LICENCE = Product(
    id="licence",
    name="Licence",
    family="software",
    model="graduated",
    tiers=(
        Tier(up_to=Decimal(10), unit_price=each("100"), flat=each("50")),
        Tier(up_to=Decimal("20.5"), unit_price=each("80.333"), flat=each("0")),
        Tier(unit_price=each("60"), flat=each("10")),
    ),
)
SCANS = Product(
    id="scans",
    name="Scans",
    charge="usage",
    meter="scans",
    model="volume",
    tiers=(
        Tier(up_to=Decimal(1000), unit_price=each("0.01")),
        Tier(unit_price=each("0.005")),
    ),
)
SETUP = Product(id="setup", name="Set-up", family="work", model="flat", price=each("4999.5"))
INSURANCE = Product(
    id="insurance", name="Insurance", model="graduated-percentage", charge="one-off",
    percent_of=Scope(families=("goods", "work")),
    tiers=(Tier(up_to=Decimal(1000), percent=Decimal("2.5")), Tier(percent=Decimal("1.25"))),
)  # fmt: skip
PRODUCTS = (*(ADDON, TRAINING, SEAT, SUPPORT, ADVISORY, SENSOR, LICENCE, SCANS, SETUP, INSURANCE),)
START = Bundle(
    id="start",
    name="Good start",
    items=(
        BundleItem(product="advisory", quantity=Decimal(10)),
        BundleItem(product="training", scales=False),
        BundleItem(product="sensor", quantity=Decimal("2.5")),
    ),
    price=each("9999.99"),
)
HALF = Bundle(
    id="half",
    name="Half price",
    items=(BundleItem(product="setup"), BundleItem(product="licence", quantity=Decimal(7))),
    discount=Decimal("12.5"),
)
NEST = Bundle(
    id="nest",
    name="Everything",
    family="suites",
    items=(
        BundleItem(bundle="half", quantity=Decimal(2)),
        BundleItem(product="training"),
        BundleItem(bundle="start", scales=False),
    ),
    discount=Decimal(5),
)
MONTHLY = Bundle(
    id="monthly",
    name="Monthly",
    items=(BundleItem(product="seat", quantity=Decimal(3)), BundleItem(product="addon")),
    price=each("500"),
    every="month",
)
BUNDLES = (START, HALF, NEST, MONTHLY)
SCHEDULES = (
    Schedule(
        id="volume",
        across="quote",
        scope=Scope(families=("software",)),
        bands=(
            Band(least=Decimal(5), percent=Decimal(5)),
            Band(least=Decimal(20), percent=Decimal(10)),
        ),
    ),
    Schedule(
        id="long",
        by="term",
        bands=(Band(least=Decimal(24), percent=Decimal("7.5")),),
    ),
    Schedule(
        id="big",
        by="amount",
        scope=Scope(products=("licence", "advisory")),
        bands=(Band(least=Decimal(1000), amount=each("1.111")),),
    ),
    Schedule(
        id="sliced",
        apply="slices",
        scope=Scope(families=("work",)),
        bands=(
            Band(percent=Decimal(0)),
            Band(least=Decimal(3), percent=Decimal(10)),
            Band(least=Decimal(7), percent=Decimal(30)),
        ),
    ),
)
PROMOTIONS = (
    Promotion(id="autumn", percent=Decimal(3), scope=Scope(families=("software", "suites"))),
    Promotion(id="first", code="FIRST", percent=Decimal(50), duration="once"),
    Promotion(id="three", code="THREE", amount=each("20"), duration="periods", periods=3),
    Promotion(id="gift", code="GIFT", amount=each("100.01")),
    Promotion(id="gift-work", code="WORK", amount=each("77"), scope=Scope(families=("work",))),
    Promotion(id="alone", code="ALONE", percent=Decimal(15), exclusive=True),
)
RULES = (
    Rule(
        id="big-needs-training",
        when=When(has=("seat",), at_least={"seat": Decimal(30)}),
        add=(Choice(product="training", scales=False),),
        say="Large teams are trained.",
    ),
    Rule(id="hint", when=When(has=("half",)), say="Half price is for new customers."),
)
POLICIES = st.builds(
    Policy,
    stacking=st.sampled_from(["all", "best"]),
    order=st.sampled_from(["amounts-first", "percentages-first", "as-written"]),
    percentages=st.sampled_from(["compound", "sum"]),
    at_zero=st.sampled_from(["nothing", "fees"]),
)


def offer(policy: Policy | None = None, currency: str = "SEK") -> Offer:
    """Gather what the invented catalogue is offered on."""
    catalog = Catalog(
        products={one.id: one for one in PRODUCTS},
        bundles={one.id: one for one in BUNDLES},
        rules=RULES,
        schedules=SCHEDULES,
        promotions=PROMOTIONS,
        policy=policy or Policy(),
    )
    return offered(COMPANY, customer(), Shelf(catalog, {}, VAT_RATES), TODAY, currency)


def draft(*lines: DraftLine, **more: object) -> Draft:
    """Give a draft whose values stand in a file, each line on a row of its own."""
    said: dict[str, object] = {
        "customer": "fjord-foods",
        "date": TODAY,
        "valid_until": day("2026-02-14"),
        "starts": STARTS,
        "term": "12 months",
        "lines": lines,
        "file": FILE,
        "places": noted({f"lines.{n}": (10 + n, 5) for n in range(len(lines))}),
    }
    return Draft(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


QUANTITIES = st.one_of(
    st.integers(1, 40).map(Decimal), st.decimals("0.001", 30, places=3), st.just(Decimal(1))
)
PERCENT = st.builds(Discount, percent=st.decimals(-20, 100, places=2))
AMOUNT = st.builds(Discount, amount=st.decimals(-5, 1, places=3))
DISCOUNTS = st.lists(st.one_of(PERCENT, AMOUNT), max_size=3).map(tuple)
RAMPS = st.sampled_from(
    [
        (),
        (("2026-03-01", "3"), ("2026-09-01", "7.5")),
        (("2026-03-01", "30"), ("2026-06-01", "31"), ("2026-12-01", "2")),
    ]
)


@st.composite
def lines(draw: st.DrawFn) -> DraftLine:
    """Draw a line of a product or a bundle, with whatever may be said of it."""
    id_ = draw(st.sampled_from([one.id for one in (*PRODUCTS, *BUNDLES)]))
    said: dict[str, object] = {"quantity": draw(QUANTITIES), "discounts": draw(DISCOUNTS)}
    if id_ in {one.id for one in BUNDLES}:
        said["bundle"] = id_
    else:
        said["product"] = id_
        said["price"] = draw(st.sampled_from([None, None, None, Decimal("77.777"), Decimal(0)]))
    if id_ == "seat":
        chosen = st.lists(st.sampled_from(["addon", "training", "sensor"]), max_size=2, unique=True)
        said["options"] = tuple(draw(chosen))
        said["quantities"] = draw(
            st.dictionaries(st.sampled_from(["addon", "training"]), QUANTITIES, max_size=2)
        )
    if id_ in {"addon", "seat", "support"}:
        said["term"] = draw(st.sampled_from([None, None, "24 months", "36 months"]))
        said["ramp"] = tuple(
            Segment(first=day(first), quantity=Decimal(units)) for first, units in draw(RAMPS)
        )
        said["starts"] = None if said["ramp"] else draw(st.sampled_from([None, day("2026-05-15")]))
    where = draw(st.sampled_from(["", "", "", "optional", "good", "better"]))
    said["optional"] = where == "optional"
    if where in {"good", "better"}:
        said |= {"group": "level", "choice": where}
    return DraftLine(**said)  # type: ignore[arg-type]  # the names are those of the fields


CODES = st.lists(
    st.sampled_from(["FIRST", "THREE", "GIFT", "WORK", "ALONE"]), unique=True, max_size=3
).map(tuple)
OVERALL = st.lists(
    st.one_of(
        st.builds(Discount, percent=st.decimals(-10, 60, places=2)),
        st.builds(Discount, amount=st.decimals(-9, 9, places=2)),
    ),
    max_size=2,
).map(tuple)
PAYMENTS = st.sampled_from(
    [
        (),
        (
            Payment(percent=Decimal(30), on="acceptance"),
            Payment(percent=Decimal(30), on="start"),
            Payment(percent=Decimal(40), on="delivery", days=10),
        ),
        (Payment(percent=Decimal("33.333"), on="acceptance"), Payment(on="start")),
    ]
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Draw a draft of up to six lines with everything in it."""
    some = draw(st.lists(lines(), min_size=1, max_size=6))
    choices = sorted({one.choice for one in some if one.choice})
    return draft(
        *some,
        choices={"level": draw(st.sampled_from(choices))} if choices else {},
        promotions=draw(CODES),
        discounts=draw(OVERALL),
        payments=draw(PAYMENTS),
    )


CURRENCIES = st.sampled_from(["SEK", "SEK", "JPY", "BHD"])


@st.composite
def quotes(draw: st.DrawFn) -> tuple[Draft, Offer, Priced]:
    """Draw a draft that can be priced, with its offer and its price."""
    found, shelf = draw(drafts()), offer(draw(POLICIES), draw(CURRENCIES))
    quote = attempted(found, shelf)
    assume(quote is not None)
    assert quote is not None
    return found, shelf, quote


def attempted(found: Draft, shelf: Offer) -> Priced | None:
    """Price a draft, or give nothing where it is refused."""
    try:
        return priced("Q-2026-0001", found, shelf)
    except Refused:
        return None


def reordered(found: Draft, order: list[int]) -> Draft:
    """Give a draft with its lines in another order."""
    return replace(found, lines=tuple(found.lines[n] for n in order))
