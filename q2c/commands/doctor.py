"""q2c doctor: whether the machine and the workspace are as q2c needs them."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from q2c import __version__
from q2c.commands.config import workspace
from q2c.commands.output import hint, table
from q2c.core.fault import Refused

State = Literal["ok", "warn", "fail"]
FAILED = 1
OLDEST = (3, 11)
# Programs that q2c never needs; with them its exports and PDFs can be looked at.
OUTSIDE = {
    "hledger": "reads exported ledgers",
    "bean-check": "checks exported ledgers",
    "pdftoppm": "shows PDF pages as pictures",
}


class Check(Struct, frozen=True):
    """One thing that was looked at, how it is, and what to do about it."""

    check: str
    state: State
    finding: str
    remedy: str = ""


def doctor() -> int:
    """Check the machine and the workspace.

    Example: q2c doctor
    """
    checks = [found for check in CHECKS for found in check()]
    table(checks, ("check", "state", "finding"))
    for found in checks:
        if found.remedy:
            hint(f"{found.check}: {found.remedy}")
    return FAILED if any(found.state == "fail" for found in checks) else 0


def _program() -> Iterator[Check]:
    yield Check("q2c", "ok", __version__)
    number = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < OLDEST
    remedy = "Install Python 3.11 or later." if old else ""
    yield Check("python", "fail" if old else "ok", number, remedy)


def _yaml() -> Iterator[Check]:
    import yaml

    if yaml.__with_libyaml__:
        yield Check("libyaml", "ok", f"PyYAML {yaml.__version__} with its C parser")
    else:
        remedy = "Install PyYAML from a wheel: pip install --force-reinstall pyyaml"
        yield Check("libyaml", "fail", "PyYAML without its C parser", remedy)


def _git() -> Iterator[Check]:
    if shutil.which("git") is None:
        yield Check("git", "fail", "not found", "Install git.")
        return
    yield Check("git", "ok", _git_says("--version").removeprefix("git version "))
    name, address = _git_says("config", "user.name"), _git_says("config", "user.email")
    if name and address:
        yield Check("identity", "ok", f"{name} <{address}>")
    else:
        remedy = 'git config --global user.name "…" and user.email "…"'
        yield Check("identity", "warn", "git does not know who you are", remedy)


def _git_says(*words: str) -> str:
    import subprocess

    run = subprocess.run(  # noqa: S603 - fixed words
        ["git", *words],  # noqa: S607 - the git that the user has
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return run.stdout.strip()


def _fonts() -> Iterator[Check]:
    from q2c import documents

    count = len(list((Path(documents.__path__[0]) / "fonts").glob("*.font")))
    if count:
        yield Check("fonts", "ok", f"Noto Sans, {count} parts")
    else:
        yield Check("fonts", "fail", "missing from the installation", "Install q2c again.")


def _clock() -> Iterator[Check]:
    from time import tzname
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo("Europe/Stockholm")
        yield Check("time zones", "ok", f"known; this machine is in {tzname[0]}")
    except ZoneInfoNotFoundError:
        yield Check("time zones", "fail", "not found", "pip install tzdata")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        remedy = "Unset SOURCE_DATE_EPOCH to use the real time."
        yield Check("clock", "warn", f"stands still at {epoch}", remedy)


def _workspace() -> Iterator[Check]:
    root = workspace()
    if root is None:
        yield Check("workspace", "warn", "none here", "Make one: q2c init DIR")
        return
    yield Check("workspace", "ok", str(root))
    yield from _settings(root)
    yield _lock(root)
    if shutil.which("git"):
        yield _merging(root)
    if (root / ".q2c" / "intents" / "intent").exists():
        remedy = "The next command that writes finishes it."
        yield Check("last run", "warn", "was stopped while it wrote", remedy)


def _settings(root: Path) -> Iterator[Check]:
    from q2c.store.settings import every

    try:
        every(root, os.environ)
        yield Check("settings", "ok", "as they should be")
    except Refused as refused:
        for fault in refused.faults:
            place = f"{fault.place}: " if fault.place else ""
            yield Check("settings", "fail", f"{place}{fault.message}", fault.remedy)


def _merging(root: Path) -> Check:
    """Say whether git merges drafts of quotes with q2c, as the workspace and this clone have it."""
    draft = root / "quotes" / "Q" / "quote.yaml"
    told = _git_says("-C", str(root), "check-attr", "merge", "--", str(draft))
    if not told.endswith(" q2c-quote"):
        remedy = "Add to .gitattributes: quotes/*/quote.yaml merge=q2c-quote"
        return Check("merging", "warn", "git merges drafts as text", remedy)
    if not _git_says("-C", str(root), "config", "merge.q2c-quote.driver"):
        driver = "q2c quote merge %O %A %B --path %P"
        remedy = f"git config merge.q2c-quote.driver '{driver}'"
        return Check("merging", "warn", "this clone merges drafts as text", remedy)
    return Check("merging", "ok", "drafts line by line")


def _lock(root: Path) -> Check:
    from q2c.store.lock import locked

    path = root / ".q2c" / "lock"
    if not path.exists():
        return Check("lock", "ok", "free")
    try:
        with locked(str(path), wait=0):
            return Check("lock", "ok", "free")
    except Refused as refused:
        fault = refused.faults[0]
        return Check("lock", "warn", fault.message, fault.remedy)
    except OSError as error:
        return Check("lock", "warn", f"cannot be looked at: {error.strerror}")


def _outside() -> Iterator[Check]:
    for name, use in OUTSIDE.items():
        state = "there" if shutil.which(name) else "not installed"
        yield Check(name, "ok", f"{state} ({use}; optional)")


CHECKS: tuple[Callable[[], Iterator[Check]], ...] = (
    _program,
    _yaml,
    _git,
    _fonts,
    _clock,
    _workspace,
    _outside,
)
