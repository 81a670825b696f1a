"""Plays sessions: what a user types and sees, in one process, in a copy of the example."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from q2c.cli import main
from tests.keys import hand_out

NOON = "T12:00:00+00:00"
DAY = "2026-11-23"
OPENED = "2026-11-02"
ANYTHING = "[..]"
# One in three hundred short hashes has digits only, as an OCR number has.
HASH = re.compile(r"\b(?:(?=[0-9]*[a-f])[0-9a-f]{12,64}|(?<=commit )[0-9]{12})\b")
EMPTY = "~"  # stands for an empty line of output, since an empty line ends a passage
PERSON = {"NAME": "Ida Berg", "EMAIL": "ida@nordlys.example"}
SET = {
    "COLUMNS": "80",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "LANG": "C.UTF-8",
    "TERM": "dumb",  # no colour and no moving line of progress
    "TZ": "UTC",
    **{
        f"GIT_{role}_{key}": text
        for role in ("AUTHOR", "COMMITTER")
        for key, text in PERSON.items()
    },
}
UNSET = ("CI", "NO_COLOR", "FORCE_COLOR", "PAGER", "EDITOR", "VISUAL")


class Screen(io.BytesIO):
    """What was written, still there when the stream that wrote it is gone."""

    def close(self) -> None:
        """Stay open."""


class Terminal(io.TextIOWrapper):
    """A stream that says whether it is a terminal."""

    def __init__(self, raw: io.BytesIO, *, tty: bool) -> None:
        super().__init__(raw, encoding="utf-8", write_through=True)
        self.tty = tty

    def isatty(self) -> bool:
        """Say what the session wants to hear."""
        return self.tty


def example(folder: Path) -> Path:
    """Make the example a workspace as `q2c init` does, the same in every run."""
    stamp = f"{OPENED}{NOON}"
    dates = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    clock = {"SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(stamp).timestamp()))}
    words = [sys.executable, "-m", "q2c", "init", str(folder)]
    words += ["--example", "consultancy", "--date", OPENED, "--quiet"]
    environment = {**os.environ, **SET, **dates, **clock}
    subprocess.run(words, env=environment, check=True, capture_output=True)
    return folder


class Player:
    """A user at a terminal in a workspace."""

    def __init__(self, workspace: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        for name in [*UNSET, *(name for name in os.environ if name.startswith("Q2C_"))]:
            monkeypatch.delenv(name, raising=False)
        for name, value in {**SET, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}.items():
            monkeypatch.setenv(name, value)
        # Git starts q2c to merge quotes, as it is installed beside the Python at work.
        here = Path(sys.executable).parent
        monkeypatch.setenv("PATH", str(here), prepend=os.pathsep)
        monkeypatch.chdir(workspace)
        self.today(DAY)
        self.helpers: dict[str, Callable[..., str]] = {
            "cat": lambda name: Path(name).read_text("utf-8"),
            "cd": self.cd,
            "cp": lambda old, new: _nothing(shutil.copyfile, old, new),
            "edit": edit,
            "export": self.export,
            "git": git,
            "keys": lambda: _nothing(hand_out, Path.cwd()),
            "ln": lambda _s, target, name: _nothing(os.symlink, target, name),
            "ls": listed,
            "mkdir": lambda name: _nothing(os.makedirs, name),
            "mv": lambda old, new: _nothing(shutil.move, old, new),
            "rm": lambda name: _nothing(os.remove, name),
            "ssh-keygen": made_key,
            "sed": lambda _i, change, name: edit(name, change),
            "today": self.today,
        }

    def typed(self, line: str, block: str = "") -> str:
        """Type a line such as `q2c quote list | cat`; give what is then seen."""
        if line.startswith("q2c"):
            return self.q2c(line)
        program, *words = shlex.split(line)
        if program == "write":
            return write(words[0], block)
        return self.helpers[program](*words)

    def q2c(self, line: str) -> str:
        """Run q2c; `| cat` takes its output away from the terminal, `<<< text` answers it."""
        line, _, answer = line.partition(" <<< ")
        line, _, target = line.partition(" > ")
        piped = line.endswith(" | cat")
        words = shlex.split(line.removesuffix(" | cat"))[1:]
        seen, kept = Screen(), Screen()
        here = Path.cwd()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                sys, "stdout", Terminal(kept if target else seen, tty=not (piped or target))
            )
            patch.setattr(sys, "stderr", Terminal(seen, tty=True))
            text = "".join(f"{word}\n" for word in shlex.split(answer)).encode()
            patch.setattr(sys, "stdin", Terminal(io.BytesIO(text), tty=bool(answer)))
            status = main(words)
        os.chdir(here)
        if target:
            Path(target).write_bytes(kept.getvalue())
        return seen.getvalue().decode() + (f"[{status}]\n" if status else "")

    def today(self, day: str) -> str:
        """Let it be noon of a day."""
        epoch = int(datetime.fromisoformat(f"{day}{NOON}").timestamp())
        for name in ("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"):
            self.patch.setenv(name, f"{day}{NOON}")
        return self.export(f"SOURCE_DATE_EPOCH={epoch}")

    def export(self, assignment: str) -> str:
        """Set a variable, or take it away: `export NAME=`."""
        name, _, value = assignment.partition("=")
        if value:
            self.patch.setenv(name, value)
        else:
            self.patch.delenv(name, raising=False)
        return ""

    def cd(self, folder: str) -> str:
        """Go to another folder."""
        self.patch.chdir(folder)
        return ""


def made_key(name: str) -> str:
    """Make a pair of keys, and let git sign with it; give the half that others may know."""
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", name]
    subprocess.run(words, check=True, capture_output=True)
    git("config", "user.signingkey", f"{Path(name).absolute()}.pub")
    known = Path(f"{name}.pub").read_text("utf-8")
    Path("allowed_signers").write_text(f"maja@nordlys.example {known}", "utf-8")
    return ""


def _nothing(act: Callable[..., object], *words: str | Path) -> str:
    act(*words)
    return ""


def listed(folder: str = ".") -> str:
    """List a folder, a name a line."""
    return "".join(f"{path.name}\n" for path in sorted(Path(folder).iterdir()))


def write(name: str, text: str) -> str:
    """Write a file, and its folder if need be."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(text.encode())
    return ""


def edit(name: str, change: str) -> str:
    """Replace text in a file, as `s/old/new/`; it must be there once."""
    _, old, new, _ = re.split(r"(?<!\\)" + re.escape(change[1]), change)
    path = Path(name)
    text = path.read_text("utf-8")
    old, new = (
        part.replace("\\n", "\n").replace("\\" + change[1], change[1]) for part in (old, new)
    )
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
    path.write_bytes(text.replace(old, new).encode())
    return ""


def git(*words: str) -> str:
    """Run the real git."""
    run = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return run.stdout + run.stderr + (f"[{run.returncode}]\n" if run.returncode else "")


def passages(text: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield each passage of a session with its steps: line typed, block given, output kept."""
    for passage in text.strip("\n").split("\n\n"):
        steps: list[tuple[str, str, str]] = []
        if passage.startswith("$ "):
            for step in re.split(r"^\$ ", passage, flags=re.MULTILINE)[1:]:
                line, *rest = step.rstrip("\n").split("\n")
                block = [row.removeprefix("|").removeprefix(" ") for row in rest if row[:1] == "|"]
                kept = [row for row in rest if row[:1] != "|"]
                steps.append((line, "".join(f"{row}\n" for row in block), "\n".join(kept)))
        yield passage, steps


def kept_form(seen: str) -> str:
    """Write output as a session keeps it; the hash of a commit or a file is any hash."""
    seen = HASH.sub("[hash]", seen)
    return "\n".join(row.rstrip() or EMPTY for row in seen.rstrip("\n").split("\n")) if seen else ""


def merged(kept: str, seen: str) -> str:
    """Give what was seen, but a kept line that it matches; `[..]` matches anything in a line."""
    old, new = kept.split("\n"), seen.split("\n")
    if len(old) != len(new):
        return seen
    return "\n".join(a if same(a, b) else b for a, b in zip(old, new, strict=True))


def same(kept: str, seen: str) -> bool:
    """Compare a kept line with one that was seen."""
    pattern = re.escape(kept).replace(re.escape(ANYTHING), ".*")
    return re.fullmatch(pattern, seen) is not None


def replayed(text: str, player: Player) -> str:
    """Play a whole session; give its text with the output that was seen."""
    written = []
    for passage, steps in passages(text):
        if not steps:
            written.append(passage)
            continue
        rows = []
        for line, block, kept in steps:
            seen = kept_form(player.typed(line, block))
            shown = merged(kept, seen)
            given = "".join(f"| {row}".rstrip() + "\n" for row in block.splitlines())
            rows.append(f"$ {line}\n{given}{shown}".rstrip("\n"))
        written.append("\n".join(rows))
    return "\n\n".join(written) + "\n"
