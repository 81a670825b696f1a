"""The reference of quotes: each key of a draft, each state, and examples that can be read."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from q2c.core.order import OrderState
from q2c.core.quote import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Form,
    Payment,
    Segment,
    State,
    StatedRate,
    VersionState,
)
from q2c.core.quote.course import Voiding
from q2c.core.trace import Sourced
from q2c.store.records import read_record
from tests.test_files import words

PAGE = (Path(__file__).parent.parent / "docs/quotes.md").read_text("utf-8")
KINDS: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "A draft": (Draft, StatedRate, Clause),
    "A line": (DraftLine, Discount, Segment, Payment),
}
WHO = "customer: fjord-foods\ndate: 2026-11-02\nvalid_until: 2026-12-02\n"
LINES = "lines: [{product: advisory}]\n"


def part(heading: str) -> str:
    """Give what stands below a heading, to the next of its rank."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("heading", KINDS)
def test_every_key_of_a_draft_is_explained(heading: str) -> None:
    keys = {
        field.encode_name
        for kind in KINDS[heading]
        for field in msgspec.structs.fields(kind)
        if field.name not in Sourced.__struct_fields__
    }
    assert keys - words(part(heading)) == set()


def test_every_state_is_explained() -> None:
    named = set(re.findall(r"`([^`]+)`", part("How a quote stands")))
    for states in (State, VersionState, Voiding, Form, OrderState):
        assert {*get_args(states)} - {""} <= named


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL))
def test_every_example_can_be_read(example: str) -> None:
    who = "" if "customer:" in example else WHO
    lines = "" if "lines:" in example else LINES
    read_record(f"{who}{example}{lines}".encode(), "quotes/Q-1/quote.yaml", Draft)
