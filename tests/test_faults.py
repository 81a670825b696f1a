"""Faults: each that no session can show is brought about here, and says what to do."""

import re
import shlex
from pathlib import Path

import pytest

from q2c.commands.call import begin
from q2c.commands.explain import explanations, first_sentence
from q2c.commands.frame import Verb
from q2c.commands.names import COMMANDS
from q2c.core.fault import Fault, Refused
from tests.triggers import TRIGGERS

LINES = 6  # of an explanation, before its example


@pytest.mark.parametrize("code", TRIGGERS)
def test_a_fault_that_no_session_shows_is_told(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    faults: tuple[Fault, ...] = ()
    try:
        TRIGGERS[code](tmp_path, monkeypatch)
    except Refused as refused:
        faults = refused.faults
    said = capsys.readouterr().err
    told = re.findall(r'error\[([a-z-]+)\]|"code":"([a-z-]+)"', said)
    assert code in {fault.code for fault in faults} | {word for pair in told for word in pair}
    assert all(fault.message.endswith(".") for fault in faults)


def commands_in(text: str) -> list[list[str]]:
    """Find the q2c commands of an explanation, in words; what is said of them is left out."""
    lines = re.findall(r"^ {4}\$ (.+?)(?: {7}\(.+\))?$", text, flags=re.MULTILINE)
    parts = [part.strip() for line in lines for part in line.partition(" > ")[0].split("&&")]
    plain = [re.sub(r"^([A-Z_0-9]+=\S* )+", "", part) for part in parts]
    return [shlex.split(part)[1:] for part in plain if part.startswith("q2c ")]


@pytest.mark.parametrize("code", explanations())
def test_an_explanation_is_short_and_its_commands_are_such_as_there_are(code: str) -> None:
    text = explanations()[code]
    prose, *examples = text.split("\n\n")
    assert first_sentence(text).endswith(".")
    assert prose.count("\n") < LINES
    assert all(line.startswith("    ") for line in "\n".join(examples).splitlines() if line)
    for words in commands_in(text) if code != "usage" else ():
        verb = next(verb for verb in COMMANDS if words[: verb[0].count(" ") + 1] == verb[0].split())
        rest = words[verb[0].count(" ") + 1 :]
        Verb(*verb[:3]).make_context(f"q2c {verb[0]}", rest)
    begin()


def test_no_session_shows_a_fault_of_ours() -> None:
    sessions = Path(__file__).parent.glob("sessions/*.txt")
    assert [path.name for path in sessions if "error[bug]" in path.read_text("utf-8")] == []
