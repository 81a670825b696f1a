"""The wizard: a person at a real terminal drafts a quote by questions."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

from q2c.commands.searching import Choice, found
from tests.player import SET, example

ENTER, DOWN, ESC = "\r", "\x1b[B", "\x1b"
PATIENCE = 20
WIDE, HIGH = 100, 40
PERSONS: list["Person"] = []
CHOICES = [
    Choice("support-silver", "Support Silver", ""),
    Choice("support-gold", "Support Gold", ""),
    Choice("gold-workshop", "Gold workshop", ""),
]


class Terminal(pyte.Screen):
    """A screen that says where its cursor stands when it is asked."""

    def __init__(self, send: Callable[[str], object], wide: int, high: int) -> None:
        super().__init__(wide, high)
        self.send = send

    def write_process_input(self, data: str) -> None:
        """Answer the program."""
        self.send(data)


class Person:
    """Somebody who reads the screen and types."""

    def __init__(
        self, words: str, folder: Path, size: tuple[int, int] = (WIDE, HIGH), **environment: str
    ) -> None:
        self.screen = Terminal(self.types, *size)
        self.stream = pyte.ByteStream(self.screen)
        own = {k: v for k, v in os.environ.items() if k not in ("CI", "EDITOR", "VISUAL")}
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "q2c", *words.split()],
            cwd=str(folder),
            env={**own, **SET, "TERM": "xterm", "HOME": str(folder.parent), **environment},
            dimensions=size[::-1],
        )
        PERSONS.append(self)

    @property
    def sight(self) -> str:
        """What stands on the screen."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    def sees(self, text: str) -> None:
        """Wait until a text stands on the screen."""
        end = time.monotonic() + PATIENCE
        while text not in self.sight:
            self._look()
            assert time.monotonic() < end, f"{text!r} does not appear:\n{self.sight}"

    def types(self, text: str) -> None:
        """Press some keys."""
        self.child.send(text)

    def leaves(self) -> int:
        """Wait for the program to end; give its exit status."""
        end = time.monotonic() + PATIENCE
        while self._look():
            assert time.monotonic() < end, self.sight
        self.child.close()
        return int(self.child.exitstatus)

    def _look(self) -> bool:
        try:
            self.stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            return False
        return True


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return example(tmp_path / "nordlys")


@pytest.fixture(autouse=True)
def _nobody_stays() -> Iterator[None]:
    yield
    while PERSONS:
        PERSONS.pop().child.close(force=True)


def test_letters_in_their_order_find_the_closest_first() -> None:
    assert [one.id for one in found("supgo", CHOICES)] == ["support-gold"]
    assert found("xyz", CHOICES) == []


def test_what_begins_with_the_letters_comes_before_what_has_them_later() -> None:
    assert [one.id for one in found("gold", CHOICES)] == ["gold-workshop", "support-gold"]


def test_a_quote_is_drafted_by_questions(workspace: Path) -> None:
    person = Person("quote new --date 2026-11-23", workspace)
    person.sees("Customer")
    person.types("fjo")
    person.sees("net 30, SEK, SE")
    person.types(ENTER)
    person.sees("0 lines")
    person.types(f"advis{ENTER}")
    person.sees("Quantity (timme) [1]")
    person.types(f"40{ENTER}")
    person.sees("1 line   net 58 000.00   VAT 14 500.00   total 72 500.00 SEK")
    person.types(f"supgul{ENTER}")
    person.sees("Quantity (plan) [1]")
    person.types(ENTER)
    person.sees("Term [12 months]")
    person.types(ENTER)
    person.sees("2 lines   net 136 000.00   VAT 34 000.00   total 170 000.00 SEK")
    person.types(ENTER)
    person.sees("Throw away")
    person.types(ENTER)
    assert person.leaves() == 0
    words = "--line advisory:40 --line support-gold --term 12m --no-input"
    assert f"q2c quote new fjord-foods {words}" in person.sight
    draft = (workspace / "quotes/Q-2026-0009/quote.yaml").read_text("utf-8")
    assert draft.endswith(
        "lines:\n  - product: advisory\n    quantity: 40\n  - product: support-gold\n"
    )


def begun(workspace: Path) -> Person:
    """Choose a customer and a product, and stop at its quantity."""
    person = Person("quote new --date 2026-11-23", workspace)
    person.sees("Customer")
    person.types(f"polar{ENTER}")
    person.sees("0 lines")
    person.types(f"senior{ENTER}")
    person.sees("Quantity")
    return person


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_breaking_off_writes_no_quote(workspace: Path, key: str) -> None:
    person = begun(workspace)
    person.types(key)
    assert person.leaves() == 130
    assert "your answers are offered next time" in person.sight
    assert not (workspace / "quotes/Q-2026-0009").exists()


def test_answers_are_offered_again_after_a_break(workspace: Path) -> None:
    person = begun(workspace)
    person.types("\x03")
    assert person.leaves() == 130
    person = Person("quote new", workspace)
    person.sees("Go on with the quote to polar-oy (no lines yet)? [y/N]")
    person.types("y\r")
    person.sees("0 lines")
    person.types(ENTER)
    person.sees("Type a part of the name; the down arrow shows all.")
    person.types(f"handb{ENTER}")
    person.sees("Quantity")
    person.types(f"three{ENTER}")
    person.sees("is not a number")


def test_who_names_lines_is_not_asked_about_another_quote(workspace: Path) -> None:
    person = begun(workspace)
    person.types("\x03")
    assert person.leaves() == 130
    person = Person("quote new --line handbook:2", workspace)
    person.sees("Customer")
    assert "Go on with" not in person.sight


def test_a_customer_whose_prices_have_expired_is_asked_nothing(workspace: Path) -> None:
    person = Person("quote new fjord-foods --date 2027-02-01", workspace)
    assert person.leaves() == 3
    assert "Price list 2026-sek does not hold on 2027-02-01" in person.sight


def test_what_is_thrown_away_is_not_written(workspace: Path) -> None:
    person = begun(workspace)
    person.types(f"8{ENTER}")
    person.sees("total 1 320.00 EUR")
    person.types(ENTER)
    person.sees("Throw away")
    assert "editor" not in person.sight  # there is none
    person.types(f"{DOWN}{DOWN}{ENTER}")
    assert person.leaves() == 0
    assert "Thrown away; no quote was written." in person.sight
    assert not (workspace / "quotes/Q-2026-0009").exists()


def test_the_draft_is_opened_in_an_editor_if_asked(workspace: Path) -> None:
    person = Person(
        "quote new adler-gmbh --date 2026-11-23", workspace, EDITOR="sed -i s/advisory/handbook/"
    )
    person.sees("0 lines")
    person.types(f"advisory{ENTER}")
    person.sees("Quantity")
    person.types(f"2{ENTER}")
    person.sees("total 243.00 EUR")
    person.types(ENTER)
    person.sees("Save and open editor")
    person.types(f"{DOWN}{ENTER}")
    assert person.leaves() == 0
    assert "product: handbook" in (workspace / "quotes/Q-2026-0009/quote.yaml").read_text("utf-8")


def test_off_the_terminal_nothing_is_asked(workspace: Path) -> None:
    person = Person("quote new --no-input", workspace)
    assert person.leaves() == 2
    assert "CUSTOMER and --line must be given" in person.sight
