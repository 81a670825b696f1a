"""The frame of the program: what holds for every command, whatever it does."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from q2c.commands.call import At, DateOption, call, on_stop, recorded, today
from q2c.commands.frame import Tree, Verb
from q2c.commands.invoices.plan import PENDING
from q2c.commands.output import following, hint, laid_out, say, table, warn
from q2c.commands.progress import progress
from q2c.commands.prompt import confirm, may_ask, typed_back
from q2c.commands.running import run
from q2c.commands.visible import cut, visible, width
from q2c.commands.words import read_amount, read_day, read_month_word, read_number, read_quantity
from q2c.core import fault
from q2c.core.fault import Fault, Invalid, Place
from q2c.core.money import Money
from tests.player import SET, Screen, Terminal

INVOICES = [
    {"number": "F-1", "customer": "Åkerman & Söner", "total": Money(145_000, "SEK")},
    {"number": "F-2", "customer": "=1+1", "total": Money(-1_234_567, "EUR")},
]
ONE_ERROR = "1 error in 1 file. Nothing was written.   More about a code: q2c explain odd"
ACTED: list[Callable[[], object]] = []


def acting(at: At = "", on: DateOption = None) -> int:
    """Do what the test wants to be done."""
    assert at in ("", "main")
    assert on is None or on == date(2026, 11, 30)
    result = ACTED[-1]()
    return result if isinstance(result, int) else 0


def tree() -> Tree:
    """Make a program with one command, `q2c do`."""
    return Tree("q2c", "A program.", {"do": Verb("do", f"{__name__}:acting", "Do.")}, short="Do!")


class Ran:
    """What came of running a command."""

    def __init__(self, act: Callable[[], object], words: str, *, tty: bool, answer: str) -> None:
        out, err = Screen(), Screen()
        ACTED.append(act)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", Terminal(out, tty=tty))
            patch.setattr(sys, "stderr", Terminal(err, tty=tty))
            patch.setattr(sys, "stdin", Terminal(Screen(answer.encode()), tty=tty))
            self.status = run(tree, words.split())
        self.out, self.err = out.getvalue().decode(), err.getvalue().decode()


def ran(
    act: Callable[[], object], words: str = "do", *, tty: bool = False, answer: str = ""
) -> Ran:
    """Run `q2c do` and let it act."""
    return Ran(act, words, tty=tty, answer=answer)


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "SOURCE_DATE_EPOCH", "Q2C_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in SET.items():
        monkeypatch.setenv(name, value)


def list_invoices() -> None:
    table(INVOICES, ("number", "customer", "total"), "Invoices")


def test_a_terminal_shows_a_table_with_numbers_at_the_right() -> None:
    assert ran(list_invoices, tty=True).out.splitlines() == [
        "Invoices",
        "number  customer                  total",
        "F-1     Åkerman & Söner    1 450.00 SEK",
        "F-2     =1+1             -12 345.67 EUR",
    ]


def test_off_the_terminal_a_list_is_tab_separated_with_plain_numbers() -> None:
    assert ran(list_invoices).out.splitlines() == [
        "number\tcustomer\ttotal",
        "F-1\tÅkerman & Söner\t1450.00 SEK",
        "F-2\t=1+1\t-12345.67 EUR",
    ]


def test_an_amount_in_the_currency_of_its_row_does_not_repeat_it() -> None:
    row = {"net": Money(100, "SEK"), "fee": Money(100, "EUR"), "currency": "SEK"}
    assert ran(lambda: table([row], tuple(row))).out.splitlines()[1] == "1.00\t1.00 EUR\tSEK"


def test_json_holds_amounts_as_text_with_their_currency() -> None:
    document = json.loads(ran(list_invoices, "--json do").out)
    assert document["schema"] == "q2c/1"
    assert document["data"][0]["total"] == {"amount": "1450.00", "currency": "SEK"}
    assert document["warnings"] == []


def test_a_spreadsheet_gets_no_formula_from_a_text_and_every_number_as_it_is() -> None:
    wide = "\N{FULLWIDTH EQUALS SIGN}1"
    row = {"a": "=1+1", "b": "@x", "c": wide, "d": "-5", "e": Decimal(-5), "f": Money(-500, "SEK")}
    seen = ran(lambda: table([row | {"currency": "SEK"}], tuple(row)), "do --csv").out
    assert seen.splitlines()[1] == f"'=1+1,'@x,'{wide},'-5,-5,-5.00"


def test_csv_quotes_what_would_end_a_cell() -> None:
    row = {"a": 'say "hi", twice', "b": "two\nlines"}
    assert ran(lambda: table([row], ("a", "b")), "do --csv").out == (
        'a,b\n"say ""hi"", twice","two\nlines"\n'
    )


def test_fields_choose_in_every_form() -> None:
    assert ran(list_invoices, "do --fields total,number").out.startswith("total\tnumber\n")
    assert ran(list_invoices, "do --csv --fields number").out == "number\nF-1\nF-2\n"
    assert ran(list_invoices, "do --jsonl --fields number").out == (
        '{"number":"F-1"}\n{"number":"F-2"}\n'
    )


def test_a_field_that_is_not_there_is_refused_and_the_valid_ones_named() -> None:
    seen = ran(list_invoices, "do --fields amount --json")
    assert (seen.status, seen.out) == (2, "")
    assert json.loads(seen.err)["error"]["hint"] == "Choose from: number, customer, total."


def test_a_table_is_cut_to_the_terminal_but_never_its_numbers() -> None:
    row = {"text": "x" * 200, "more": "y" * 60, "total": Money(10**12, "SEK")}
    lines = ran(lambda: table([row], tuple(row)), tty=True).out.splitlines()
    assert all(width(line) <= 80 for line in lines)
    assert lines[1].endswith("…  10 000 000 000.00 SEK")
    assert "x" * 200 in ran(lambda: table([row], tuple(row))).out


def test_accents_and_wide_characters_keep_columns_straight() -> None:
    rows = [["Zoe\u0308"], ["東京"], ["Ænnsə"]]
    lines = laid_out(["name", "n"], [[*row, "1"] for row in rows], [False, True], 80)
    assert {width(line) for line in lines} == {8}
    assert cut("東京都庁", 5) == "東京…"


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\rb", "\x9b2J", "\u202eabc", "\x07", "a\u2028b"])
def test_a_name_never_commands_the_terminal(text: str) -> None:
    row = {"name": text}
    for words in ("do", "do --json", "do --jsonl", "do --csv"):
        seen = ran(lambda: table([row], ("name",)), words, tty=True).out
        assert all(character == "\n" or character.isprintable() for character in seen)
    assert text not in ran(lambda: say(row, f"Hello {text}"), tty=True).out
    assert text not in ran(lambda: hint(text), tty=True).err


def test_json_on_a_terminal_stays_json() -> None:
    seen = ran(lambda: say({"name": "\x9b\u202e\x1b"}), "do --json", tty=True).out
    assert json.loads(seen)["data"] == {"name": "\x9b\u202e\x1b"}


def test_markup_is_printed_as_it_stands() -> None:
    assert "[/x] <b>" in ran(lambda: say({"name": "[/x] <b>"}), tty=True).out


def test_hints_and_warnings_keep_out_of_the_result() -> None:
    def act() -> None:
        warn("The price list ends tomorrow.")
        say({"id": "Q-1"}, "Made Q-1.")
        following("q2c quote send Q-1")

    seen = ran(act)
    assert seen.out == "Made Q-1.\n"
    assert seen.err == "warning: The price list ends tomorrow.\nnext: q2c quote send Q-1\n"
    assert ran(act, "-q do").err == ""
    document = ran(act, "do --json")
    assert json.loads(document.out)["warnings"] == ["The price list ends tomorrow."]
    assert document.err == ""


@pytest.mark.parametrize(
    ("words", "environment", "colored"),
    [
        ("do", {}, True),
        ("do", {"NO_COLOR": "1"}, False),
        ("do", {"NO_COLOR": ""}, True),
        ("do", {"TERM": "dumb"}, False),
        ("do", {"Q2C_COLOR": "never"}, False),
        ("do --color never", {"FORCE_COLOR": "1"}, False),
        ("do --color always", {"NO_COLOR": "1"}, True),
        ("do | cat", {}, False),
        ("do | cat", {"FORCE_COLOR": "1"}, True),
        ("do | cat", {"GITHUB_ACTIONS": "true"}, False),
        ("do --color always | cat", {}, True),
    ],
)
def test_colour_follows_flag_then_environment_then_terminal(
    words: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, colored: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    seen = ran(_refuse, words.removesuffix(" | cat"), tty=not words.endswith("| cat"))
    assert ("\x1b[" in seen.err) is colored


def _refuse() -> None:
    raise Invalid(Fault("odd", "This is odd."))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("Refused", 1),
        ("Misused", 2),
        ("Invalid", 3),
        ("Held", 4),
        ("Stale", 5),
        ("Unknown", 6),
        ("Unreachable", 7),
    ],
)
def test_a_refusal_ends_with_the_status_of_its_kind(kind: str, status: int) -> None:
    def act() -> None:
        raise getattr(fault, kind)(Fault("odd", "This is odd.", remedy="Change it."))

    seen = ran(act)
    assert (seen.status, seen.out) == (status, "")
    assert seen.err.startswith("error[odd]: This is odd.\n  Change it.\n")


def test_help_tells_every_exit_status_and_fits_a_terminal() -> None:
    told = ran(lambda: None, "--help").out
    kinds = fault.Refused.__subclasses__()
    statuses = {0, fault.Refused.status, *(kind.status for kind in kinds), PENDING, 130}
    rows = told.partition("Exit status:\n")[2].splitlines()
    assert {int(row.split()[0]) for row in rows} == statuses
    assert max(map(len, told.splitlines())) <= 80


def test_a_fault_shows_its_line_with_a_caret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q2c.toml").touch()
    Path("catalog.yaml").write_text("a: 1\n\tprice: 東京 \x1b 1 450 kr\n", "utf-8")
    (tmp_path / "prices").mkdir()

    def act() -> None:
        raise Invalid(Fault("odd", "Odd.", Place("catalog.yaml", 2, 14, 5)))

    assert ran(act).err.splitlines() == [
        "catalog.yaml:2:14: error[odd]: Odd.",
        "  2 |  price: 東京 · 1 450 kr",
        "    |                ^^^^^",
        ONE_ERROR,
    ]
    assert ran(act, "-C prices do").err.startswith("../catalog.yaml:2:14: error[odd]")
    # The file of another revision may say something else on that line.
    assert len(ran(act, "do --at main").err.splitlines()) == 2


def test_a_place_that_cannot_be_read_is_told_without_its_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("nothing", "pipe", ".", "a\x00b"):

        def act(name: str = name) -> None:
            raise Invalid(Fault("odd", "Odd.", Place(name, 3, 99)))

        seen = ran(act, f"-C {tmp_path} do")
        assert seen.err.splitlines()[1:] == [ONE_ERROR]


def test_twenty_faults_are_told_and_the_rest_counted() -> None:
    def act() -> None:
        raise Invalid(*(Fault("odd", f"Odd {n}.", Place("a.yaml", n)) for n in range(1, 24)))

    *_, twentieth, rest, summary = ran(act).err.splitlines()
    assert twentieth == "a.yaml:20:1: error[odd]: Odd 20."
    assert rest == "… and 3 more."
    assert summary.startswith("23 errors in 1 file. Nothing was written.")


def test_json_faults_name_the_first_and_hold_all_of_several() -> None:
    def act() -> None:
        raise Invalid(
            Fault("odd", "Odd.", Place("a.yaml", 2, 3), "Change it."), Fault("even", "Even.")
        )

    seen = json.loads(ran(act, "do --json").err)
    assert seen["error"] == {
        "code": "odd",
        "message": "Odd.",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "hint": "Change it.",
    }
    assert [one["code"] for one in seen["errors"]] == ["odd", "even"]


def test_a_person_can_stop_and_is_told_what_was_done() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    def stop_later() -> None:
        on_stop("2 of 3 were issued.")
        raise KeyboardInterrupt

    assert (ran(stop).status, ran(stop).err) == (130, "Stopped. Nothing was written.\n")
    assert ran(stop_later).err == "Stopped. 2 of 3 were issued.\n"
    assert ran(stop).err == "Stopped. Nothing was written.\n"
    assert json.loads(ran(stop, "do --json").err)["error"]["code"] == "interrupted"


def _stumble() -> None:
    raise KeyError("x")


def test_a_fault_of_ours_shows_no_traceback_unless_asked() -> None:
    seen = ran(_stumble)
    assert seen.status == 1
    assert seen.err.startswith("error[bug]: KeyError: 'x'\n  This is a fault in q2c,")
    assert "Traceback" not in seen.err
    assert "Traceback" in ran(_stumble, "do --debug").err


def test_what_the_system_refuses_is_told_in_its_words() -> None:
    seen = ran(lambda: Path("/nowhere/at/all").read_bytes())
    assert seen.status == 1
    assert seen.err == "error[system]: No such file or directory: /nowhere/at/all\n"


def test_a_reader_that_goes_away_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "q2c", "explain"]
    done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_is_told() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        words = [sys.executable, "-m", "q2c", "explain"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"error[system]: No space left on device.\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_fault(closed: str) -> None:
    words = ["sh", "-c", f'"$0" -m q2c explain {closed}', sys.executable]
    done = subprocess.run(words, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_words_that_are_not_text_are_told_as_they_are() -> None:
    for form in ("--quiet", "--json"):
        words = [sys.executable, "-m", "q2c", form, "explain", b"\xff\x1b"]
        done = subprocess.run(words, capture_output=True, check=False)
        assert done.returncode == 6
        assert rb"\udcff" in done.stderr
        assert b"\x1b" not in done.stderr


def test_every_form_is_utf_8_in_any_locale() -> None:
    words = [sys.executable, "-m", "q2c", "-C", "å", "explain"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(words, env=environment, capture_output=True, check=False)
    assert "'å'".encode() in done.stderr


@pytest.mark.parametrize(
    ("words", "mode"),
    [("--json do", "json"), ("do --json", "json"), ("--csv do --jsonl", None), ("do", "tsv")],
)
def test_common_options_stand_before_the_command_or_behind_it(words: str, mode: str | None) -> None:
    seen: list[str] = []
    status = ran(lambda: seen.append(call().mode), words).status
    assert (seen, status) == (([mode], 0) if mode else ([], 2))


def test_an_option_nearer_the_command_counts_more_and_the_environment_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    monkeypatch.setenv("Q2C_LANG", "en")
    for words in ("do", "--lang sv do", "--lang en do --lang sv"):
        ran(lambda: seen.append(call().language), words)
    assert seen == ["en", "sv", "sv"]


def test_one_call_knows_nothing_of_the_call_before() -> None:
    seen: list[bool] = []
    for words in ("do --yes", "do"):
        ran(lambda: seen.append(call().yes), words)
    assert seen == [True, False]


def test_the_clock_is_read_once_and_may_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795476600")  # 2026-11-23 23:30 UTC
    seen: list[object] = []

    def act() -> None:
        seen.extend((recorded(), today("UTC"), today("Europe/Stockholm")))
        seen.append(today("UTC", date(2026, 1, 2)))

    ran(act)
    days = [date(2026, 11, 23), date(2026, 11, 24), date(2026, 1, 2)]
    assert seen == ["2026-11-23T23:30:00Z", *days]


@pytest.mark.parametrize("epoch", ["soon", "-1", "1e9", "١٢", "9" * 30])
def test_a_clock_set_to_nonsense_is_refused(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    seen = ran(recorded)
    assert seen.status == 2
    assert seen.err.startswith("error[bad-clock]")


def test_nobody_is_asked_who_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    for words, tty in (("do", True), ("do", False), ("do --no-input", True), ("do --json", True)):
        ran(lambda: asked.append(may_ask()), words, tty=tty)
    monkeypatch.setenv("CI", "true")
    ran(lambda: asked.append(may_ask()), tty=True)
    assert asked == [True, False, False, False, False]
    seen = ran(lambda: confirm("Issue it?"), tty=True)
    assert seen.status == 2
    assert "error[nobody-to-ask]: --yes must be given" in seen.err


@pytest.mark.parametrize(
    ("words", "answer", "agreed"),
    [("do", "y\n", True), ("do", "\n", False), ("do", "", False), ("do --yes", "", True)],
)
def test_a_confirmation_is_a_clear_yes(words: str, answer: str, *, agreed: bool) -> None:
    seen: list[bool] = []
    told = ran(lambda: seen.append(confirm("Issue it?")), words, tty=True, answer=answer)
    assert (seen, told.out) == ([agreed], "")


@pytest.mark.parametrize(("answer", "agreed"), [("F-1\n", True), ("f-1\n", False), ("y\n", False)])
def test_what_cannot_be_undone_wants_the_number_typed(answer: str, *, agreed: bool) -> None:
    seen: list[bool] = []
    ran(lambda: seen.append(typed_back("Credit it?", "F-1")), tty=True, answer=answer)
    assert seen == [agreed]


def test_progress_is_silent_when_it_is_quick_and_sparse_in_a_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ran(lambda: list(progress("Issuing", range(50), 50)) and None).err == ""
    monkeypatch.setattr("q2c.commands.progress.PATIENCE", 0)
    lines = ran(lambda: list(progress("Issuing", range(50), 50)) and None).err.splitlines()
    assert lines == [f"Issuing {done}/50" for done in range(5, 51, 5)]


def test_words_are_read_by_one_strict_pattern() -> None:
    assert read_day("2026-02-28") == date(2026, 2, 28)
    assert str(read_month_word("2026-11")) == "2026-11-01 to 2026-11-30"
    assert read_quantity("7.50") == Decimal("7.5")
    assert read_amount("1450", "SEK") == read_amount("1450.00 SEK", "EUR") == Money(145_000, "SEK")


@pytest.mark.parametrize(
    ("read", "word"),
    [
        *((read_day, word) for word in ("2026-02-30", "26-01-01", "20260101", "٢٠٢٦-01-01", "")),
        *((read_month_word, word) for word in ("2026-13", "2026", "2026-1")),
        *((read_number, word) for word in ("1e3", "NaN", "1 450", "1,5", "+5", "٣", "9" * 20)),
        *((read_quantity, word) for word in ("0", "-1")),
    ],
)
def test_a_word_of_another_form_is_refused(read: Callable[[str], object], word: str) -> None:
    with pytest.raises(typer.BadParameter):
        read(word)


@pytest.mark.parametrize("word", ["1.005", "10 XXX", "1 450", "SEK", "1.5 JPY"])
def test_an_amount_fits_its_currency(word: str) -> None:
    with pytest.raises(typer.BadParameter):
        read_amount(word, "SEK")


def test_visible_text_is_left_alone() -> None:
    assert visible("Åkerman, Łódź, Ω, 東京\u00a0!") == "Åkerman, Łódź, Ω, 東京\u00a0!"
