"""Faults: each that no session can show is brought about here, and says what to do."""

import re
from pathlib import Path

import pytest

from q2c.core.fault import Fault, Refused
from tests.triggers import TRIGGERS


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
