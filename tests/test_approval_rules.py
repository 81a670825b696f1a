"""Rules of approval: conditions, figures that get worse, who may approve, and in which order."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.approval.conditions import holds, read_condition
from q2c.core.approval.judging import Judged, Need, Verdict, improved, judged, worsened
from q2c.core.approval.rules import ApprovalRule, Approvals, Approver, approvals_faults, watched_by
from q2c.core.approval.watched import FIGURES
from q2c.core.fault import Invalid
from q2c.store.records import read_record

NUMBERS, WORDS = frozenset(("net", "discount_percent")), frozenset(("currency",))
FACTS = {"customer": "fjord-foods", "currency": "SEK"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("discount_percent > 10", True),
        ("discount_percent >= 12.5 and net > 100000", True),
        ("discount_percent > 12.5 or net < 100", False),
        ("net > 1 and net > 2 or net > 999999999", True),
        ("net > 999999999 or net > 1 and net > 2", True),
        ("net > 999999999 and (net > 1 or net > 2)", False),
        ("currency = EUR", False),
        ("currency != EUR and net == 120000.00", True),
        ("discount_percent > -5", True),
    ],
)
def test_a_condition_is_read_as_it_is_said(text: str, expected: bool) -> None:  # noqa: FBT001 - a table
    numbers = {"net": Decimal(120000), "discount_percent": Decimal("12.5")}
    assert holds(read_condition(text, NUMBERS, WORDS), {**numbers, **FACTS}) is expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("discount > 10", "no figure 'discount' (letter 1)"),
        ("net > 10 and", "The end stands where the name of a figure should"),
        ("net > ten", "'ten' at letter 7 stands where a number to compare net with should"),
        ("net 10", "'10' at letter 5"),
        ("currency > SEK", "= or != after currency"),
        ("currency = 7", "a word to compare"),
        ("(net > 1", "a closing bracket"),
        ("net > 1)", "and, or, or the end"),
        ("net > 1e5", "'1' at letter 7 cannot be read"),
        ("net > 1; import os", "';' at letter 8 cannot be read"),
        ("", "The end stands where"),
        ("net > \u0661", "cannot be read"),
    ],
)
def test_what_is_no_condition_is_told_at_its_letter(text: str, said: str) -> None:
    with pytest.raises(Invalid) as told:
        read_condition(text, NUMBERS, WORDS)
    assert said in told.value.faults[0].message


@given(st.text(alphabet="net ><=!()andor0123456789.-_", max_size=40))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    with suppress(Invalid):
        read_condition(text, NUMBERS, WORDS)


def test_brackets_may_be_as_deep_as_a_condition_is_long() -> None:
    deep = "(" * 140 + "net > 1" + ")" * 140
    assert holds(read_condition(deep, NUMBERS, WORDS), {"net": Decimal(2)})


def test_what_is_not_known_asks_for_the_approval() -> None:
    assert holds(read_condition("net < 0", NUMBERS, WORDS), {"net": None})


def need(*by: str, **more: object) -> Need:
    said: dict[str, object] = {
        "rule": "big",
        "say": "",
        "when": "discount_percent > 10",
        "by": by,
        "least": 1,
        "figures": {"discount_percent": Decimal(15)},
        "worse": {"discount_percent": "more"},
    }
    return Need(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def verdict(person: str, percent: str = "15", **more: object) -> Verdict:
    said: dict[str, object] = {
        "rule": "big",
        "person": person,
        "granted": True,
        "figures": {"discount_percent": Decimal(percent)},
        "facts": FACTS,
    }
    return Verdict(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


def only(needed: Need, *verdicts: Verdict) -> Judged:
    [found] = judged([needed], verdicts, FACTS)
    return found


def test_an_approval_counts_for_the_same_and_for_better_terms() -> None:
    assert only(need("eva"), verdict("eva")).state == "granted"
    assert only(need("eva"), verdict("eva", "20")).state == "granted"


def test_an_approval_is_void_once_the_terms_are_worse_and_says_why() -> None:
    found = only(need("eva"), verdict("eva", "12"))
    assert (found.state, found.why) == ("void", "discount_percent was 12, is 15")


def test_terms_that_are_worse_and_then_as_before_are_approved_again() -> None:
    said = verdict("eva", "15")
    worse = need("eva", figures={"discount_percent": Decimal(18)})
    assert only(worse, said).state == "void"
    assert only(need("eva"), said).state == "granted"


def test_an_approval_for_one_customer_or_currency_is_none_for_another() -> None:
    other = verdict("eva", facts={**FACTS, "currency": "EUR"})
    assert only(need("eva"), other).why == "currency was EUR, is SEK"


def test_nobody_approves_who_is_not_asked() -> None:
    assert only(need("eva"), verdict("olle")).state == "waiting"


def test_all_of_a_group_or_so_many_of_it_approve() -> None:
    two = need("eva", "olle", "pia", least=2)
    assert only(two, verdict("eva")).state == "waiting"
    assert only(two, verdict("eva"), verdict("eva")).state == "waiting"
    assert only(two, verdict("eva"), verdict("pia")).by == ("eva", "pia")


def test_a_refusal_stands_until_the_terms_are_better_or_the_person_changes_their_mind() -> None:
    refusal = verdict("eva", granted=False)
    assert only(need("eva"), verdict("eva"), refusal).state == "rejected"
    assert only(need("eva"), refusal, verdict("eva")).state == "granted"
    better = need("eva", figures={"discount_percent": Decimal(14)})
    assert only(better, refusal).state == "waiting"
    worse = need("eva", figures={"discount_percent": Decimal(16)})
    assert only(worse, refusal).state == "rejected"


def test_a_refusal_of_one_is_not_outdone_by_the_earlier_approval_of_another() -> None:
    both = need("eva", "olle")
    assert only(both, verdict("olle"), verdict("eva", granted=False)).state == "rejected"


def test_what_was_approved_before_a_refusal_does_not_come_back() -> None:
    said = (verdict("eva", "15"), verdict("eva", "18", granted=False))
    assert only(need("eva"), *said).state == "waiting"


def test_rules_in_a_chain_are_approved_in_their_order() -> None:
    first = need("eva")
    then = need("olle", rule="boss", after=("big",))
    early = verdict("olle", rule="boss")
    states = [one.state for one in judged([then, first], [early, verdict("eva")], FACTS)]
    assert states == ["void", "granted"]
    states = [one.state for one in judged([then, first], [verdict("eva"), early], FACTS)]
    assert states == ["granted", "granted"]
    [waits, _] = judged([then, first], [], FACTS)
    assert (waits.state, waits.why) == ("waiting", "after big")


def test_what_comes_after_an_approval_that_is_void_waits_again() -> None:
    first = need("eva", figures={"discount_percent": Decimal(18)})
    then = need("olle", rule="boss", after=("big",))
    said = [verdict("eva", "15"), verdict("olle", rule="boss")]
    assert [one.state for one in judged([first, then], said, FACTS)] == ["void", "waiting"]


def test_a_figure_that_is_no_longer_known_is_worse() -> None:
    blind = need("eva", figures={}, worse={"margin_percent": "less"})
    assert worsened(blind, {"margin_percent": Decimal(30)}) == [
        "margin_percent was 30, is not known"
    ]


@pytest.mark.parametrize(
    ("when", "sign"),
    [
        ("term_months > 36", ">"),
        ("term_months >= 36 and term_months > 12", ">="),
        ("term_months < 12 or term_months > 36", "="),
        ("term_months > 36 or net > 5 or term_months <= 12", "="),
    ],
)
def test_a_figure_that_is_asked_about_in_both_directions_may_not_change(
    when: str, sign: str
) -> None:
    """Who agreed to four years has not agreed to ten, nor who agreed to six months to one."""
    rule = ApprovalRule(id="term", when=when, by=("eva",))
    assert watched_by(rule)["term_months"] == sign


def test_a_part_that_was_not_there_was_nothing() -> None:
    parts = {"below_floor": Decimal(1), "below_floor.workshop": Decimal(100)}
    deeper = need("eva", figures=parts, worse={"below_floor": "more"})
    assert worsened(deeper, {"below_floor": Decimal(1), "below_floor.licence": Decimal(50)}) == [
        "below_floor.workshop was 0, is 100"
    ]


SOME = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.decimals(0, 100, places=1))


@given(SOME, SOME)
def test_terms_are_never_both_worse_and_better(
    then: dict[str, Decimal], now: dict[str, Decimal]
) -> None:
    watched = need("eva", figures=now, worse={"a": "more", "b": "less", "c": "other"})
    assert not (worsened(watched, then) and improved(watched, then))
    same = need("eva", figures=then, worse={"a": "more", "b": "less", "c": "other"})
    assert not worsened(same, then)
    assert not improved(same, then)


EVA = Approver(id="eva", name="Eva Ek", email="eva@nordlys.example")
OLLE = Approver(id="olle", name="Olle Ås", email="olle@nordlys.example")


def rule(**more: object) -> ApprovalRule:
    said: dict[str, object] = {"id": "big", "when": "net > 10", "by": ("finance",)}
    return ApprovalRule(**{**said, **more})  # type: ignore[arg-type]  # a test names its fields


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"people": (EVA, EVA)}, "double-id"),
        ({"people": (EVA, Approver(id="e", name="E", email="EVA@nordlys.example"))}, "double-id"),
        ({"rules": (rule(), rule())}, "double-id"),
        ({"rules": (rule(id="below-floor"),)}, "double-id"),
        ({"groups": {"eva": ("olle",), "finance": ("eva",)}}, "double-id"),
        ({"groups": {"finance": ()}}, "empty-group"),
        ({"groups": {"finance": ("evy",)}}, "unknown-approver"),
        ({"rules": (rule(by=("finence",)),)}, "unknown-approver"),
        ({"rules": (rule(after=("bigger",)),)}, "unknown-rule"),
        ({"rules": (rule(need=2),)}, "too-few-approvers"),
        ({"rules": (rule(watch=("profit",)),)}, "bad-condition"),
        ({"rules": (rule(when="net >"),)}, "bad-condition"),
        ({"rules": (rule(after=("b",)), rule(id="b", after=("big",)))}, "approval-circle"),
    ],
)
def test_rules_that_do_not_fit_together_are_told(wrong: dict[str, object], code: str) -> None:
    said: dict[str, object] = {
        "people": (EVA, OLLE),
        "groups": {"finance": ("eva",)},
        "rules": (rule(),),
    }
    assert not list(approvals_faults(Approvals(**said)))  # type: ignore[arg-type]  # as above
    faults = approvals_faults(Approvals(**{**said, **wrong}))  # type: ignore[arg-type]  # as above
    assert code in {fault.code for fault in faults}


def test_the_page_on_approvals_names_every_figure_and_every_key() -> None:
    page = (Path(__file__).parent.parent / "docs/approvals.md").read_text("utf-8")
    named = {*FIGURES, *ApprovalRule.__struct_fields__, *Approver.__struct_fields__}
    assert not [name for name in named if f"`{name}`" not in page and f"{name}:" not in page]
    example = page.split("```yaml\n")[1].split("```")[0]
    read = read_record(example.encode(), "approvals.yaml", Approvals, approvals_faults)
    assert [rule.id for rule in read.rules] == ["big-discount", "large-deal"]
