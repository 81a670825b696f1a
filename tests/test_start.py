"""Starting quickly is a promise: what each command may load, counted, not timed."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("typer", "msgspec", "yaml", "rich", "jinja2", "jsonschema", "reportlab", "segno"),
    *("questionary", "filelock", "markdown_it", "stdnum", "PIL", "babel", "subprocess"),
}
# Typer loads subprocess itself, and records are msgspec's.
READING = HEAVY - {"typer", "msgspec", "subprocess"}
ASKING = [
    *("quote list", "quote show Q-2026-0001", "customer list", "catalog list", "contract list"),
    *("order list", "time show", "invoice list", "payment list", "revenue waterfall"),
    *("ledger balance", "status", "opportunity list", "opportunity show polar-insight"),
    *("customer show fjord-foods", "customer duplicates", "check"),
]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the example workspace; what it takes to read it is cached by the first look."""
    folder = tmp_path_factory.mktemp("example")
    loaded("init", str(folder / "q2c"), "--example", "consultancy")
    for words in ("status", "opportunity list", "opportunity show polar-insight", "check"):
        loaded("-C", str(folder / "q2c"), *words.split())
    return folder / "q2c"


def loaded(*words: str) -> set[str]:
    """Run q2c in a fresh interpreter; give the names of all modules it loaded."""
    program = (
        "import sys; from q2c.cli import main\n"
        "words = sys.argv[1:]\n"
        "status = main(words) if words else 0\n"
        "print(*sys.modules, file=sys.stderr)\n"
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def test_importing_the_program_loads_next_to_nothing() -> None:
    assert not loaded() & HEAVY
    assert not loaded() & {"typing", "re", "pathlib", "dataclasses", "q2c.commands.frame"}


def test_the_version_is_told_before_anything_is_loaded() -> None:
    assert not loaded("--version") & {*HEAVY, "q2c.commands"}


@pytest.mark.parametrize("words", [["--help"], ["config"], ["config", "list", "--help"]])
def test_help_loads_no_library_and_no_other_command(words: list[str]) -> None:
    modules = loaded(*words)
    assert not modules & READING
    assert "q2c.commands.doctor" not in modules


def test_a_list_of_many_shapes_loads_no_library() -> None:
    for form in ("--json", "--jsonl", "--csv", "--quiet"):
        assert not loaded("config", "list", form) & READING


@pytest.mark.parametrize("words", ASKING)
def test_asking_loads_no_library(words: str, example: Path) -> None:
    assert not loaded("-C", str(example), *words.split()) & READING


def test_a_quote_is_shown_without_what_comes_after_quotes(example: Path) -> None:
    modules = loaded("-C", str(example), "quote", "show", "Q-2026-0001")
    assert not modules & {"q2c.core.posting", "q2c.store.ledger", "q2c.documents", "yaml"}


def test_the_program_leaves_without_taking_itself_apart() -> None:
    program = (
        "import atexit, sys; atexit.register(print, 'apart'); sys.argv = ['q2c', '--version'];"
        "from q2c.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.startswith(b"q2c ")
    assert b"apart" not in done.stdout


def test_nothing_brings_pydantic() -> None:
    assert "pydantic" not in loaded("config", "get", "output.color")
