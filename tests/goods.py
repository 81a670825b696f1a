"""Catalogues made up by hypothesis: every charge model, with rules, discounts and price lists."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import (
    Band,
    Bundle,
    BundleItem,
    Catalog,
    Choice,
    Model,
    OptionGroup,
    PriceList,
    Product,
    Promotion,
    Rule,
    Schedule,
    Scope,
    Tier,
    Validity,
    When,
)
from q2c.core.review import Wares
from tests.values import day

FAMILIES = (None, "advice", "support")
PRICES = st.decimals(0, 100_000, places=2)
NAMES = st.text("abcdefgh ", min_size=1, max_size=12).map(lambda text: text.strip() or "a")


@st.composite
def tiers(draw: st.DrawFn, model: Model) -> tuple[Tier, ...]:
    """Give tiers that climb, as a model has them."""
    bounds = sorted(draw(st.sets(st.integers(1, 1000), max_size=3)))
    ends = [*map(Decimal, bounds), None]
    if model == "block":
        return tuple(Tier(up_to=end, flat={"SEK": draw(PRICES)}) for end in ends)
    if model == "graduated-percentage":
        return tuple(Tier(up_to=end, percent=Decimal(draw(st.integers(0, 99)))) for end in ends)
    return tuple(Tier(up_to=end, unit_price={"SEK": draw(PRICES)}) for end in ends)


@st.composite
def products(draw: st.DrawFn, id_: str) -> Product:
    """Give a product without fault, of any charge model."""
    model: Model = draw(st.sampled_from(MODELS))
    said: dict[str, Any] = {}
    if model in {"per-unit", "flat", "package"}:
        said["price"] = {"SEK": draw(PRICES), "EUR": draw(PRICES)}
    elif model == "percentage":
        said["percent"] = Decimal(draw(st.integers(0, 100)))
    elif model == "cost-plus":
        said |= {"cost": {"SEK": draw(PRICES)}, "markup": Decimal(draw(st.integers(0, 200)))}
    else:
        said["tiers"] = draw(tiers(model))
    if model == "package":
        said["package_size"] = Decimal(draw(st.integers(1, 1000)))
    if draw(st.booleans()):
        said |= {"charge": "recurring", "every": "month"}
    family = draw(st.sampled_from(FAMILIES))
    return Product(id=id_, name=draw(NAMES), family=family, model=model, **said)


MODELS: tuple[Model, ...] = (
    *("per-unit", "flat", "package", "graduated", "volume", "block"),
    *("percentage", "graduated-percentage", "cost-plus"),
)


@st.composite
def wares(draw: st.DrawFn) -> Wares:
    """Give a small shop without fault."""
    found = [draw(products(f"p{number}")) for number in range(draw(st.integers(2, 5)))]
    group = OptionGroup(id="extras", name="Extras", choices=(Choice(product=found[1].id),))
    found[0] = replace(found[0], options=(group,))
    ids = tuple(product.id for product in found)
    bundle = Bundle(
        id="all",
        name="All",
        items=tuple(BundleItem(product=id_) for id_ in ids),
        discount=Decimal(draw(st.integers(0, 50))),
    )
    rule = Rule(id="r", when=When(has=ids[:1]), require=ids[1:], say="All of them.")
    bands = (
        Band(least=Decimal(5), percent=Decimal(5)),
        Band(least=Decimal(9), amount={"SEK": ONE}),
    )
    schedule = Schedule(id="s", scope=Scope(products=ids), bands=bands)
    promotion = Promotion(id="o", code="O", percent=Decimal(10), scope=Scope(products=ids[:2]))
    single = [one for one in found if one.model in {"per-unit", "flat", "package", "cost-plus"}]
    prices = PriceList(
        id="list",
        currency="SEK",
        valid=Validity(day("2026-01-01")),
        everyone=True,
        base="catalog",
        prices={one.id: draw(PRICES) for one in single[:2]},
    )
    catalog = Catalog(
        products={one.id: one for one in found},
        bundles={"all": bundle},
        rules=(rule,),
        schedules=(schedule,),
        promotions=(promotion,),
    )
    return Wares(
        catalog=catalog, lists={"list": prices}, customers={}, home="SEK", day=day("2026-06-01")
    )


ONE = Decimal(1)
