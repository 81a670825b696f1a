"""Rules of configuration: what must, must not and shall come together, whatever is chosen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Bundle, BundleItem, Catalog, Choice, Product, Rule, When
from q2c.core.fault import Invalid
from q2c.core.quote import DraftLine, Offer, Priced, Segment, Shelf, choose, offered, priced
from tests.drafts import draft
from tests.values import COMPANY, TODAY, VAT_RATES, customer, day

NAMES = ("server", "backup", "rack", "legacy", "care", "plan")
PRODUCTS = {
    id_: Product(id=id_, name=id_, family="hardware" if id_ in {"server", "rack"} else None,
                 price={"SEK": Decimal(100)})
    for id_ in NAMES
}  # fmt: skip
PRODUCTS["plan"] = replace(PRODUCTS["plan"], charge="recurring", every="month")
KIT = Bundle(
    id="kit",
    name="Kit",
    family="suites",
    items=(BundleItem(product="server", quantity=Decimal(3)),),
    discount=Decimal(0),
)
SUITE = Bundle(id="suite", name="Suite", items=(BundleItem(bundle="kit"),), discount=Decimal(0))


def rule(id_: str, when: When, **more: object) -> Rule:
    said = {"id": id_, "when": when, "say": f"Because of {id_}."}
    return Rule(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def add(product: str, quantity: str = "1", **more: object) -> Choice:
    return replace(Choice(product=product, quantity=Decimal(quantity)), **more)


def offer(*rules: Rule, segment: str | None = None) -> Offer:
    catalog = Catalog(PRODUCTS, {"kit": KIT, "suite": SUITE}, rules)
    who = replace(customer(), segment=segment)
    return offered(COMPANY, who, Shelf(catalog, {}, VAT_RATES), TODAY)


def line(id_: str, quantity: str = "1", **more: object) -> DraftLine:
    kind = {"bundle": id_} if id_ in {"kit", "suite"} else {"product": id_}
    said = {**kind, "quantity": Decimal(quantity), **more}
    return DraftLine(**said)  # type: ignore[arg-type]  # a test names its fields


def quoted(found: Offer, *lines: DraftLine, **more: object) -> Priced:
    return priced("Q-1", draft(*lines, **more), found)


NEEDS = rule("power", When(has=("server",)), require=("backup",))
EITHER = rule("either", When(has=("hardware",)), require_any=("care", "backup"))
NEVER = rule("never", When(has=("server",)), exclude=("legacy",))
MANY = rule("many", When(at_least={"server": Decimal(5)}), require=("rack",))
PUBLIC = rule("public", When(has=("server",), segments=("public",)), require=("care",))


@pytest.mark.parametrize(
    ("rules", "lines", "told"),
    [
        ((NEEDS,), ["server"], ["rule-requires Add backup (rule power)."]),
        ((NEEDS,), ["server", "backup"], []),
        ((NEEDS,), ["rack"], []),
        ((EITHER,), ["rack"], ["rule-requires Add care or backup (rule either)."]),
        ((EITHER,), ["rack", "care"], []),
        ((NEVER,), ["legacy", "server"], ["rule-excludes Take legacy away (rule never)."]),
        ((PUBLIC,), ["server"], []),
        ((NEEDS,), ["kit"], ["rule-requires Add backup (rule power)."]),
        ((NEEDS,), ["suite"], ["rule-requires Add backup (rule power)."]),
        (
            (NEEDS, NEVER),
            ["server", "legacy"],
            [
                "rule-requires Add backup (rule power).",
                "rule-excludes Take legacy away (rule never).",
            ],
        ),
        (
            (rule("inner", When(has=("kit",)), require=("care",)),),
            ["suite"],
            ["rule-requires Add care (rule inner)."],
        ),
        (
            (rule("suites", When(has=("suites",)), require=("care",)),),
            ["kit"],
            ["rule-requires Add care (rule suites)."],
        ),
        ((rule("lack", When(has=("rack",), lacks=("server",)), require=("care",)),), ["rack"],
         ["rule-requires Add care (rule lack)."]),
        ((rule("few", When(at_most={"server": Decimal(0)}), require=("care",)),), ["rack"],
         ["rule-requires Add care (rule few)."]),
    ],
)  # fmt: skip
def test_every_broken_rule_is_told_at_once_with_what_would_mend_it(
    rules: tuple[Rule, ...], lines: list[str], told: list[str]
) -> None:
    found: list[str] = []
    try:
        quoted(offer(*rules), *map(line, lines))
    except Invalid as refused:
        found = [f"{one.code} {one.remedy}" for one in refused.faults]
    assert found == told


def test_a_rule_for_a_segment_is_for_its_customers_alone() -> None:
    with pytest.raises(Invalid, match="Because of public"):
        quoted(offer(PUBLIC, segment="public"), line("server"))


def test_quantities_are_added_up_over_lines_and_bundles() -> None:
    """Two servers and a kit of three are five."""
    with pytest.raises(Invalid, match="Because of many"):
        quoted(offer(MANY), line("server", "2"), line("kit"))
    assert quoted(offer(MANY), line("server"), line("kit")).net.amount == 400


def test_a_ramp_counts_by_its_largest_segment() -> None:
    many = rule("plans", When(at_least={"plan": Decimal(20)}), require=("care",))
    ramp = tuple(
        Segment(first=day(first), quantity=Decimal(units))
        for first, units in (("2026-03-01", "10"), ("2026-09-01", "15"))
    )
    quote = quoted(offer(many), line("plan", ramp=ramp))
    assert choose(quote).net == quote.net  # 10 and then 15 are never 25
    more = (ramp[0], replace(ramp[1], quantity=Decimal(20)))
    with pytest.raises(Invalid, match="Because of plans"):
        quoted(offer(many), line("plan", ramp=more))


def test_lines_are_added_once_for_each_unit_or_once_for_all() -> None:
    rules = (
        rule("backup", When(has=("server",)), add=(add("backup", "2"),)),
        rule("care", When(has=("server",)), add=(add("care", scales=False),)),
    )
    quote = quoted(offer(*rules), line("server", "3"))
    assert [(one.product, one.quantity, one.added_by) for one in quote.lines] == [
        ("server", Decimal(3), ""),
        ("backup", Decimal(6), "backup"),
        ("care", Decimal(1), "care"),
    ]
    again = quoted(offer(*rules), line("server", "3"), line("care", "2"))
    assert [one.quantity for one in again.lines] == [3, 2, 6]  # care was there already


def test_what_grows_with_nothing_is_added_as_it_is_written() -> None:
    without = rule("without", When(lacks=("care",)), add=(add("care", "2"),))
    quote = quoted(offer(without), line("server", "3"))
    assert [one.quantity for one in quote.lines] == [3, 2]


@pytest.mark.parametrize("count", [2, 3, 5])
def test_rules_that_go_round_add_each_product_once(count: int) -> None:
    names = NAMES[:count]
    rules = [
        rule(f"r-{id_}", When(has=(id_,)), add=(add(names[(n + 1) % count]),))
        for n, id_ in enumerate(names)
    ]
    quote = quoted(offer(*rules), line(names[0], "7"))
    assert [one.product for one in quote.lines] == list(names)


def test_a_rule_that_adds_what_another_forbids_is_told() -> None:
    rules = (NEVER, rule("odd", When(has=("server",)), add=(add("legacy"),)))
    with pytest.raises(Invalid, match="Because of never"):
        quoted(offer(*rules), line("server"))


def test_a_rule_that_only_speaks_refuses_nothing() -> None:
    hint = rule("hint", When(has=("server",)))
    quote = quoted(offer(hint), line("server"))
    assert [(one.rule, one.say) for one in quote.alerts] == [("hint", "Because of hint.")]
    assert not quoted(offer(hint), line("rack")).alerts


def test_what_a_customer_could_choose_must_keep_the_rules_as_well() -> None:
    """An optional legacy line beside the server would break the rule when it is taken."""
    with pytest.raises(Invalid, match="Because of never"):
        quoted(offer(NEVER), line("server"), line("legacy", optional=True))
    apart = (
        line("server", group="way", choice="new"),
        line("legacy", group="way", choice="old"),
    )
    assert quoted(offer(NEVER), *apart).net.amount == 100


def test_two_optional_lines_that_exclude_one_another_are_refused_when_both_are_taken() -> None:
    quote = quoted(
        offer(NEVER), line("rack"), line("server", optional=True), line("legacy", optional=True)
    )
    assert choose(quote, optional=("2",)).net.amount == 200
    with pytest.raises(Invalid, match="Because of never"):
        choose(quote, optional=("2", "3"))


def test_an_inner_bundle_that_a_rule_asks_for_is_found_when_the_customer_chooses() -> None:
    needs = rule("suite", When(has=("rack",)), require=("kit",))
    quote = quoted(offer(needs), line("rack"), line("suite", "2"))
    assert choose(quote).net == quote.net
    twice = rule("kits", When(at_least={"kit": Decimal(3)}), require=("care",))
    counted = quoted(offer(twice), line("suite", "2"))
    assert choose(counted).net == counted.net  # two kits of three servers each


def test_what_a_rule_adds_to_an_optional_line_is_taken_with_it() -> None:
    more = rule("more", When(has=("server",)), add=(add("care"),))
    quote = quoted(offer(more), line("rack"), line("server", optional=True))
    assert [(one.product, one.optional) for one in quote.lines[1:]] == [
        ("server", True),
        ("care", True),
    ]
    assert [one.product for one in choose(quote).lines] == ["rack"]
    taken = choose(quote, optional=("2",))
    assert [one.product for one in taken.lines] == ["rack", "server", "care"]


def test_what_a_rule_adds_to_one_choice_is_a_part_of_that_choice() -> None:
    """Only the server needs care; whoever takes the rack instead is rid of it."""
    more = rule("more", When(has=("server",)), add=(add("care"),))
    lines = (
        line("server", group="kind", choice="own"),
        line("rack", group="kind", choice="shared"),
    )
    quote = quoted(offer(more), *lines)
    assert [one.product for one in quote.counted] == ["server", "care"]
    shared = choose(quote, {"kind": "shared"})
    assert [one.product for one in shared.lines] == ["rack"]
    other = quoted(offer(more), *lines, choices={"kind": "shared"})
    assert [one.product for one in other.counted] == ["rack"]
    assert [one.product for one in choose(other, {"kind": "own"}).lines] == ["server", "care"]


SOME = st.lists(st.sampled_from(NAMES[:5]), min_size=1, max_size=5, unique=True)


@given(SOME, st.permutations([NEEDS, EITHER, NEVER, MANY]))
def test_what_the_rules_accept_they_accept_in_every_order(
    ids: list[str], rules: list[Rule]
) -> None:
    answers = set[object]()
    for order in (ids, ids[::-1]):
        for some in ((NEEDS, EITHER, NEVER, MANY), tuple(rules)):
            try:
                answers.add(quoted(offer(*some), *map(line, order)).net)
            except Invalid as refused:
                answers.add(frozenset(refused.faults))
    assert len(answers) == 1
