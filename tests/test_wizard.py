"""The wizard: a person at a real terminal drafts a quote by questions."""

import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pexpect
import pyte
import pytest
from hypothesis import given
from msgspec.structs import replace

from q2c.commands.quotes.drafting import asked_of, draft_of, same_words
from q2c.commands.wizard.asking import Back, in_turn
from q2c.commands.wizard.searching import Choice, found, scattered
from q2c.commands.wizard.told import band_told, tier_told
from q2c.core.quote import Draft
from q2c.core.quote.steps_ahead import NextBand, NextTier
from tests.drafts import drafts, offer
from tests.player import SET, example
from tests.values import COMPANY

ENTER, DOWN, ESC, CTRL_C = "\r", "\x1b[B", "\x1b", "\x03"
ERASE = "\x7f"
PATIENCE = 20
WIDE, HIGH = 100, 40
SMALL = (80, 24)
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
            ["-m", "q2c", *shlex.split(words)],
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

    def answers(self, *pairs: tuple[str, str]) -> None:
        """Wait for each question, and type its answer and Enter."""
        for question, answer in pairs:
            self.sees(question)
            self.types(f"{answer}{ENTER}")

    def chooses(self, name: str) -> None:
        """Go to a name in a menu, and choose it."""
        self.sees("»")
        end = time.monotonic() + PATIENCE
        while not (below := [n for n, row in enumerate(self._menu()) if row.startswith(name)]):
            self._look()
            assert time.monotonic() < end, f"{name!r} is not there:\n{self.sight}"
        self.types(DOWN * below[0])
        self.sees(f"» {name}")
        self.turns(ENTER)

    def _menu(self) -> list[str]:
        """Give what stands in a menu, from where its pointer is."""
        _, pointer, rows = self.sight.partition("» ")
        return [row.strip() for row in rows.split("\n")] if pointer else []

    def turns(self, key: str) -> None:
        """Press a key, and wait until another screen stands still."""
        before, shown = self.sight, ""
        self.types(key)
        end = time.monotonic() + PATIENCE
        while self.sight in (before, "") or self.sight != shown:
            shown = self.sight
            self._look()
            assert time.monotonic() < end, f"nothing happens:\n{self.sight}"

    def leaves(self) -> int:
        """Wait for the program to end; give its exit status."""
        end = time.monotonic() + PATIENCE
        while self._look():
            assert time.monotonic() < end, self.sight
        self.child.close()
        return int(self.child.exitstatus)

    def _look(self) -> bool:
        try:
            self.stream.feed(self.child.read_nonblocking(65536, timeout=0.03))
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            return False
        return True


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("company") / "nordlys")


@pytest.fixture
def workspace(company: Path, tmp_path: Path) -> Path:
    return shutil.copytree(company, tmp_path / "nordlys")


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


def test_letters_far_apart_may_mean_somebody_else() -> None:
    assert not scattered("supgo", CHOICES[1])
    assert scattered("pd", Choice("support-gold", "Support Gold"))


def test_questions_are_asked_in_turn_and_esc_goes_one_back() -> None:
    asked: list[str] = []

    def ask(name: str, words: str) -> str:
        asked.append(name)
        if asked == ["one", "three"]:
            raise Back
        return f"{words}{name[0]}"

    def silent(_: str) -> None:
        asked.append("two") if "two" in asked else None

    questions: list[Callable[[str], str | None]]
    questions = [partial(ask, "one"), silent, partial(ask, "three")]
    assert in_turn("", questions) == "oot"  # the first answer was kept, then given again
    assert asked == ["one", "three", "one", "three"]
    assert in_turn("x", questions, answered=2) == "xt"
    with pytest.raises(Back):
        in_turn("", [_refuse, *questions])


def _refuse(_: str) -> str:
    raise Back


@pytest.mark.parametrize(
    ("model", "unit_price", "flat", "told"),
    [
        ("volume", "1350", "0", "1 350.00 each above 40"),
        ("graduated", "0.905", "25", "0.905 for each above 40 and 25.00 once"),
        ("graduated-percentage", "0.012", "0", "1.2 % of what is above 40"),
        ("block", "2.5", "1490", "1 490.00 above 40 and 2.50 for each unit beyond"),
        ("package", "0", "490", "490.00 more above 40"),
    ],
)
def test_the_next_tier_is_told_as_its_model_means_it(
    model: str, unit_price: str, flat: str, told: str
) -> None:
    price, fee = Decimal(unit_price), Decimal(flat)
    tier = NextTier(above=Decimal(40), model=model, unit_price=price, flat=fee)  # type: ignore[arg-type]
    assert tier_told(tier, "SEK") == told


def test_the_next_discount_is_told_by_what_it_goes_by() -> None:
    band = NextBand(name="Frame", by="quantity", least=Decimal(80), percent=Decimal(8))
    assert band_told(band, "h", "SEK") == "8 % from 80 h (Frame)"
    long = replace(band, by="term", least=Decimal(36))
    assert band_told(long, "h", "SEK") == "8 % from 36 months (Frame)"
    whole = replace(band, by="amount", least=Decimal(100000), together=True)
    assert band_told(whole, "h", "SEK") == "8 % from 100 000.00 SEK in all (Frame)"
    slices = replace(band, percent=Decimal(0), amount=Decimal(20), slices=True)
    assert band_told(slices, "h", "SEK") == "20.00 off each of what is above 80 h (Frame)"


@given(drafts())
def test_a_draft_can_be_asked_for_in_words(draft: Draft) -> None:
    plain = replace(draft, file="", places="")
    asked = asked_of(plain, COMPANY)
    assert draft_of(asked, COMPANY, offer().catalog, plain.date) == plain
    assert same_words(asked).startswith("q2c quote new fjord-foods --line ")


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
    draft = (workspace / "quotes/Q-2026-0010/quote.yaml").read_text("utf-8")
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
    assert not (workspace / "quotes/Q-2026-0010").exists()


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
    assert not (workspace / "quotes/Q-2026-0010").exists()


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
    assert "product: handbook" in (workspace / "quotes/Q-2026-0010/quote.yaml").read_text("utf-8")


def test_options_periods_and_rules_are_asked_and_totals_follow_on_a_small_screen(
    workspace: Path,
) -> None:
    """Five teams by the quarter: 5 × 4 × (5 400 less 5 % + 710 + 1 280) is 142 400."""
    person = Person("quote new fjord-foods --date 2026-11-23", workspace, SMALL)
    person.answers(("Product", "moln"))
    person.sees("by the year     20 400.00 SEK   1 700.00 a month   -10.5 %")
    person.chooses("by the quarter")
    person.sees("Var data ligger")
    person.chooses("Data i Sverige")
    person.sees("up to 2 (space ticks, Enter goes on)")
    person.types(f" {ENTER}")
    person.sees("next: 5 % from 5 team in all (Många team)")
    person.types("5")
    person.sees("Många team from 5: 5 % off (-5 400.00)")
    person.sees("= 142 400.00 SEK")
    person.sees("next: 10 % from 20 team in all (Många team)")
    person.types(ENTER)
    person.answers(("Term [12 months]", ""))
    person.sees("+ Införande av Insight, 2 dag: Fem team behöver två dagars införande.")
    person.answers(("1 line   net 167 400.00", "jour"), ("Jour finns bara till Support Guld.", ""))
    person.sees("What now?")
    person.chooses("Add Support Guld as well")
    person.answers(("3 lines   net 363 000.00", "senior"), ("Quantity (timme)", "200"))
    person.sees("! Fråga planeraren först om en senior är ledig.")
    assert max(len(row) for row in person.sight.split("\n")) <= SMALL[0]
    person.answers(("Product (Enter when done, ? for more)", ""), ("Save as a draft?", ""))
    assert person.leaves() == 0
    draft = (workspace / "quotes/Q-2026-0010/quote.yaml").read_text("utf-8")
    assert "    every: quarter\n" in draft
    assert "    options:\n      - region-sweden\n      - insight-forecast\n" in draft


def test_esc_goes_one_question_back_and_leaves_at_the_first(workspace: Path) -> None:
    person = begun(workspace)
    person.types(ESC)
    person.sees("0 lines\n Product")
    person.types(ESC)
    person.answers(("Customer\n", "adler"), ("0 lines", "senior"), ("Quantity", "3"))
    person.sees("1 line ")
    person.types(ESC)
    person.answers(("Quantity (timme) [3]", "4"))
    person.sees("net 660.00")
    person.types(ESC)
    person.sees("Quantity (timme) [4]")
    person.types(ESC)
    assert person.leaves() == 130
    person = Person("quote new", workspace)
    person.sees("Go on with the quote to adler-gmbh (senior-advisory)? [y/N]")


def test_a_customer_is_written_on_the_way_and_gone_on_with_after_a_break(workspace: Path) -> None:
    person = Person("quote new --date 2026-11-23", workspace, SMALL)
    person.answers(("Customer", "Kuusi Ympäristö Oy"))
    person.sees("Enter once more makes a new customer of that name.")
    person.types(ENTER)
    person.answers(
        ("Name of the new customer [Kuusi Ympäristö Oy]", ""),
        ("Country (SE, FI, DE …) [SE]", "FI"),
        ("Organisation number", ""),
        ("VAT number", "FI2815901"),
    )
    person.sees("'FI2815901' is no VAT number")
    person.answers((" FI2815901", "3"), ("E-mail for quotes", ""))
    person.sees("may be the same: both have the VAT number\n FI28159013.")
    person.chooses("Another one")
    person.answers(("Street", "Katu 2"))
    person.sees("Postal code")
    person.types(CTRL_C)
    assert person.leaves() == 130
    assert not (workspace / "customers/kuusi-ymparisto-oy.yaml").exists()
    person = Person("quote new --date 2026-11-23", workspace, SMALL)
    person.answers(("Go on with the quote to Kuusi Ympäristö Oy, who is new", "y"))
    person.sees("Who is it?")
    person.chooses("Another one")
    person.answers(("Postal code", "00100"), ("City", "Helsinki"), ("Language", ""))
    person.answers(("Currency [EUR]", ""), ("Is this right?", ""))
    person.sees("Wrote customers/kuusi-ymparisto-oy.yaml")
    person.answers(("0 lines", "handb"), ("Quantity", "2"), ("total 76.00 EUR", ""))
    person.answers(("Save as a draft?", ""))
    assert person.leaves() == 0
    assert "customer: kuusi-ymparisto-oy" in (
        workspace / "quotes/Q-2026-0010/quote.yaml"
    ).read_text("utf-8")
    assert not (workspace / ".q2c/cache/wizard.json").exists()


def test_a_dry_run_writes_no_customer(workspace: Path) -> None:
    person = Person("quote new --dry-run", workspace)
    person.sees("Customer")
    person.types(DOWN)
    person.sees("Źródło Danych Łódź")  # the last of all
    person.types(f"{ERASE * 20}Nobody Ever{ENTER}")
    person.sees("Nothing is called so.")
    assert "new customer" not in person.sight
    assert not (workspace / ".q2c/cache/wizard.json").exists()


def changed(workspace: Path) -> Person:
    """Draft a quote with two alternatives, discounts, a code, a deposit and a title."""
    person = Person("quote new norrby-kommun --date 2026-11-23", workspace, SMALL)
    person.answers(("0 lines", "advis"), ("next: 5 % from 40 timme (Ramavtal)", "100"))
    person.answers(("1 line ", "workshopd"), ("Quantity", "2"), ("2 lines ", "handb"))
    person.answers(("Quantity", ""), ("3 lines ", "?"))
    person.chooses("3. Datahandboken")
    person.chooses("Take the line away")
    person.sees("2 lines ")
    person.chooses("1. Rådgivning")
    person.chooses("Discount")
    person.sees("Discount on Rådgivning")
    person.types("25%")
    person.sees("needs approval by Olle Ås or Eva Ek (rule big-discount)")
    person.types(ENTER)
    person.sees("Keep 25 % and ask Olle Ås or Eva Ek")
    person.chooses("Use ")
    person.chooses("Section")
    person.answers(("Section\n", "Del 1"))
    person.chooses("Go on")
    person.chooses("2. Workshopdag")
    person.chooses("Alternative")
    person.chooses("Instead of 1. Rådgivning")
    person.chooses("Text")
    person.answers(("Text of the line", "På plats, med lunch"))
    person.chooses("Go on")
    return person


def test_anything_else_is_in_a_menu_and_can_be_said_in_words_as_well(workspace: Path) -> None:
    person = changed(workspace)
    person.chooses("Promotion code")
    person.answers(("Code\n", "WINTER"))
    person.sees("Did you mean 'WINTER26'?")
    person.answers((" WINTER", f"{ERASE * 6}welcome"))
    person.chooses("Deposit")
    person.answers(("Deposit, with VAT", "30 %"))
    person.chooses("The rest on delivery")
    person.chooses("Which alternative counts")
    person.chooses("Workshopdag")
    person.chooses("Valid until")
    person.answers(("[2026-12-23]", "2026-11-01"))
    person.sees("before it is made on 2026-11-23")
    person.answers((" 2026-11-01", f"{ERASE * 5}12-31"))
    person.chooses("Title")
    person.answers(("Title\n", "Data i Norrby"))
    person.types(CTRL_C)
    assert person.leaves() == 130
    person = Person("quote new --date 2026-11-23", workspace, (100, 40))
    person.answers(("Go on with the quote to norrby-kommun (advisory, workshop-day)?", "y"))
    person.answers(("2 lines   net 45 500.00", ""), ("Save as a draft?", ""))
    assert person.leaves() == 0
    path = workspace / "quotes/Q-2026-0010/quote.yaml"
    draft = path.read_text("utf-8")
    for said in ("title: Data i Norrby", "valid_until: 2026-12-31", "  - WELCOME"):
        assert said in draft
    _, _, words = person.sight.partition("without questions:\n")
    words = words.partition("--no-input")[0].replace("\n", "")
    again = Person(f"{words.strip().removeprefix('q2c ')} --date 2026-11-23 --no-input", workspace)
    assert again.leaves() == 0, again.sight
    assert (workspace / "quotes/Q-2026-0011/quote.yaml").read_text("utf-8") == draft


def test_a_narrow_screen_without_colour_says_all_of_it(workspace: Path) -> None:
    person = Person("quote new fjord-foods --date 2026-11-23", workspace, (50, 20), NO_COLOR="1")
    person.answers(("Product", "moln"))
    person.sees("» by the month")
    person.types(ENTER)
    person.sees("» Data inom EU")
    person.types(f"{ENTER}{ENTER}")
    person.sees("1 line   net 22 800.00   VAT 5 700.00\n total 28 500.00 SEK")
    person.sees("next: 5 % from 5 team in all (Många team)\n Quantity (team) [1]")
    colours = {cell.fg for row in person.screen.buffer.values() for cell in row.values()}
    assert colours == {"default"}


def test_off_the_terminal_nothing_is_asked(workspace: Path) -> None:
    person = Person("quote new --no-input", workspace)
    assert person.leaves() == 2
    assert "CUSTOMER and --line must be given" in person.sight
