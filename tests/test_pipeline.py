"""The pipeline: stages by their moves, days at each, what an amount counts for."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from q2c.core.catalog import Catalog
from q2c.core.fault import Invalid, Stale, Unknown
from q2c.core.money import Money
from q2c.core.pipeline import (
    Activity,
    Loss,
    Move,
    Opportunity,
    Pipeline,
    Reason,
    Stage,
    Won,
    closed_on,
    given_up,
    moved,
    opportunity_faults,
    pipeline_faults,
    probability,
    stage_of,
    standing,
    stays,
    weighted,
)
from q2c.core.quote import DraftLine
from q2c.store.activities import activity_line, read_activities
from q2c.store.opportunities import read_opportunities, read_pipeline
from q2c.store.tree import WorkTree

ROOT = Path(__file__).parent.parent
PIPELINE = Pipeline(
    stages=(
        Stage(id="new", name="New", probability=10),
        Stage(id="quoted", name="Quoted", probability=50),
    ),
    lost_reasons=(Reason(id="price", name="Too expensive"),),
)
FIRST = date(2026, 9, 14)
DEAL = Opportunity(
    id="deal",
    customer="ek",
    title="A deal",
    amount={"SEK": Decimal(222_000)},
    moves=(Move(date=FIRST, stage="new"), Move(date=date(2026, 10, 6), stage="quoted")),
    lines=(DraftLine(product="advisory", quantity=Decimal(40)),),
)
ORDER = Won("O-2026-0001", date(2026, 11, 5), Money(100, "SEK"))
LOST = replace(DEAL, lost=Loss(date=date(2026, 10, 26), reason="price"))
DAYS = st.lists(st.dates(FIRST, date(2027, 12, 31)), min_size=1, max_size=9).map(sorted)


def test_the_stage_is_that_of_the_last_move() -> None:
    assert (DEAL.stage, stage_of(DEAL, PIPELINE).probability) == ("quoted", 50)


def test_each_stage_lasts_until_the_next_and_the_last_until_today() -> None:
    one, other = stays(DEAL, None, date(2026, 11, 23))
    assert (one.stage, one.days, one.until) == ("new", 22, date(2026, 10, 6))
    assert (other.stage, other.days, other.until) == ("quoted", 48, None)


def test_the_last_stage_of_a_closed_one_ends_with_the_close() -> None:
    last = stays(LOST, closed_on(LOST, ()), date(2026, 11, 23))[-1]
    assert (last.days, last.until) == (20, date(2026, 10, 26))


def test_an_order_wins_whatever_was_thought_before() -> None:
    assert [standing(DEAL, ()), standing(LOST, ()), standing(LOST, (ORDER,))] == [
        "open",
        "lost",
        "won",
    ]
    later = Won("O-2026-0002", date(2026, 12, 1), Money(100, "SEK"))
    assert closed_on(LOST, (later, ORDER)) == ORDER.agreed_on


def test_a_stage_that_an_order_came_before_lasted_no_days() -> None:
    assert stays(DEAL, date(2026, 10, 1), date(2026, 11, 23))[-1].days == 0


def test_an_amount_counts_by_the_probability_of_its_stage() -> None:
    amount, stage = Money(33_333, "SEK"), Stage(id="x", name="X", probability=25)
    assert weighted(amount, stage, "open") == Money(8_333, "SEK")  # 8 333.25
    assert weighted(Money(2, "SEK"), stage, "open") == Money(1, "SEK")  # half goes up
    assert weighted(amount, stage, "won") == amount
    assert weighted(amount, stage, "lost") == Money(0, "SEK")
    assert [probability(stage, state) for state in ("open", "won", "lost")] == [25, 100, 0]


@pytest.mark.parametrize(
    ("deal", "move", "won", "code"),
    [
        (DEAL, Move(date=date(2026, 10, 5), stage="new"), (), "move-before"),
        (DEAL, Move(date=date(2026, 10, 6), stage="quoted"), (), "same-stage"),
        (LOST, Move(date=date(2026, 11, 6), stage="new"), (), "opportunity-closed"),
        (DEAL, Move(date=date(2026, 11, 6), stage="new"), (ORDER,), "opportunity-closed"),
    ],
)
def test_a_move_that_cannot_be_is_refused(
    deal: Opportunity, move: Move, won: tuple[Won, ...], code: str
) -> None:
    with pytest.raises(Stale) as refused:
        moved(deal, move, PIPELINE, won)
    assert refused.value.faults[0].code == code


def test_a_move_back_is_a_move() -> None:
    back = Move(date=date(2026, 10, 6), stage="new")
    assert moved(DEAL, back, PIPELINE, ()) == back


def test_a_loss_has_a_reason_of_the_list_and_comes_after_the_last_move() -> None:
    loss = Loss(date=date(2026, 10, 6), reason="price")
    assert given_up(DEAL, loss, PIPELINE, ()) == loss
    with pytest.raises(Unknown, match="no lost reason"):
        given_up(DEAL, replace(loss, reason="expensive"), PIPELINE, ())
    with pytest.raises(Stale, match="is before"):
        given_up(DEAL, replace(loss, date=FIRST), PIPELINE, ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customer": "al"}, "unknown-customer"),
        ({"amount": {"SEQ": Decimal(1)}}, "no-such-currency"),
        ({"amount": {"SEK": Decimal(-1)}}, "bad-amount"),
        ({"amount": {"JPY": Decimal("0.5")}}, "bad-amount"),
        ({"moves": DEAL.moves[::-1]}, "move-before"),
        ({"moves": (Move(date=FIRST, stage="sold"),)}, "unknown-stage"),
        ({"lost": Loss(date=FIRST, reason="price")}, "move-before"),
        ({"lost": Loss(date=date(2027, 1, 1), reason="dear")}, "unknown-reason"),
        ({"lines": (DraftLine(product="advice"),)}, "unknown-product"),
        ({"lines": (DraftLine(bundle="start"),)}, "unknown-bundle"),
        ({"lines": (DraftLine(),)}, "line-what"),
    ],
)
def test_a_file_that_cannot_be_is_told(change: dict[str, object], code: str) -> None:
    deal = replace(DEAL, lines=())
    assert not list(opportunity_faults(deal, PIPELINE, {"ek": 1}, Catalog({}, {})))
    faults = opportunity_faults(replace(deal, **change), PIPELINE, {"ek": 1}, Catalog({}, {}))
    assert [fault.code for fault in faults] == [code]


def test_a_stage_that_was_taken_away_is_told_at_its_place() -> None:
    gone = replace(DEAL, file="a.yaml", moves=(Move(date=FIRST, stage="gone"),))
    with pytest.raises(Invalid, match="no stage 'gone'"):
        stage_of(gone, PIPELINE)


def test_ids_of_stages_and_reasons_are_used_once() -> None:
    twice = replace(PIPELINE, stages=PIPELINE.stages * 2)
    assert [fault.code for fault in pipeline_faults(twice)] == ["double-id"] * 2


@given(DAYS, st.integers(0, 400))
def test_the_stays_add_up_to_the_time_from_the_first_move(days: list[date], more: int) -> None:
    deal = replace(DEAL, moves=tuple(Move(date=day, stage="new") for day in days))
    today = days[-1] + timedelta(more)
    assert sum(stay.days for stay in stays(deal, None, today)) == (today - days[0]).days


@given(st.integers(0, 10**12), st.integers(0, 100))
def test_what_counts_is_never_more_than_the_amount(minor: int, percent: int) -> None:
    stage = Stage(id="x", name="X", probability=percent)
    assert 0 <= weighted(Money(minor, "SEK"), stage, "open").minor <= minor


def test_a_workspace_without_stages_has_the_usual_ones(tmp_path: Path) -> None:
    usual = read_pipeline(WorkTree(tmp_path))
    assert [stage.id for stage in usual.stages] == ["new", "qualified", "quoted", "negotiation"]
    known = read_opportunities(WorkTree(ROOT / "examples"))
    assert known["fjord-data-platform"].stage == "quoted"


def test_an_activity_that_was_changed_afterwards_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    note = Activity(date=FIRST, kind="call", text="They ask for a quote.")
    first = activity_line((), note)
    path = tmp_path / "activities/ek.jsonl"
    path.write_bytes(first)
    known = read_activities(WorkTree(tmp_path), "ek")
    path.write_bytes(first + activity_line(known, note))
    assert [one.seq for one in read_activities(WorkTree(tmp_path), "ek")] == [0, 1]
    path.write_bytes(path.read_bytes().replace(b"ask", b"beg"))
    with pytest.raises(Invalid, match="was changed"):
        read_activities(WorkTree(tmp_path), "ek")
