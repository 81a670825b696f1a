"""Starting quickly is a promise: what each command may load, counted, not timed."""

import subprocess
import sys

import pytest

HEAVY = {
    *("typer", "msgspec", "yaml", "rich", "jinja2", "jsonschema", "reportlab", "segno"),
    *("questionary", "filelock", "markdown_it", "stdnum", "PIL", "babel", "subprocess"),
}
# Typer loads subprocess itself, and records are msgspec's.
READING = HEAVY - {"typer", "msgspec", "subprocess"}


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


def test_nothing_brings_pydantic() -> None:
    assert "pydantic" not in loaded("config", "get", "output.color")
