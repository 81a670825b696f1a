"""How this run of the program was called: common options, the clock, shared parameters."""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from msgspec import Struct

from q2c.commands.words import read_day, read_last_day, read_month_word, read_quantity
from q2c.core.fault import Fault, Misused
from q2c.core.period import Period

Mode = Literal["text", "tsv", "json", "jsonl", "csv"]

# Parameters that several commands share; a command takes those that make sense for it.
DateOption = Annotated[
    date | None,
    typer.Option("--date", parser=read_day, metavar="DAY", help="The business date.  [today]"),
]
MonthOption = Annotated[
    Period,
    typer.Option("--period", parser=read_month_word, metavar="MONTH", help="A month: 2026-11."),
]
Through = Annotated[
    date | None,
    typer.Option(
        "--through",
        parser=read_last_day,
        metavar="DAY",
        help="The last day, or a month to its end.  [today]",
    ),
]
Quantity = Annotated[
    Decimal | None,
    typer.Option("--qty", parser=read_quantity, metavar="NUMBER", help="How many: 40 or 7.5."),
]
At = Annotated[
    str,
    typer.Option(
        "--at",
        metavar="REV",
        help="Read the files as of a tag, branch or commit.",
        callback=lambda revision: give("at", revision) or revision,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")]
Commit = Annotated[
    bool | None,
    typer.Option("--commit/--no-commit", help="Commit what is written.  [commit.auto]"),
]
Message = Annotated[str, typer.Option("--message", metavar="TEXT", help="The commit's message.")]


class Call(Struct, frozen=True):
    """The common options of this call, as they stand after flags and environment."""

    mode: Mode = "text"
    fields: tuple[str, ...] = ()
    color: str = ""
    language: str = ""
    yes: bool = False
    no_input: bool = False
    quiet: bool = False
    verbose: bool = False
    debug: bool = False

    @property
    def root(self) -> Path:
        """The workspace that the current folder lies in."""
        from q2c.store.workspace import find_root

        return find_root(Path.cwd())

    @property
    def machine(self) -> bool:
        """Whether a program reads the result."""
        return self.mode in ("json", "jsonl")


# The one place that changes: what the options of this call said, and when it began.
_given: dict[str, Any] = {}
STOPPED = "Nothing was written."


def begin() -> None:
    """Forget the call before this one."""
    _given.clear()


def give(name: str, value: object) -> None:
    """Note what a common option said; a later one, nearer the verb, counts."""
    _given[name] = value


def call() -> Call:
    """Give the settings of this call."""
    return Call(
        mode=_mode(),
        fields=tuple(name for name in _given.get("fields", "").split(",") if name),
        color=_given.get("color", ""),
        language=_given.get("lang", ""),
        **{name: name in _given for name in ("yes", "no_input", "quiet", "verbose", "debug")},
    )


def _mode() -> Mode:
    modes: tuple[Mode, ...] = ("json", "jsonl", "csv")
    asked = [mode for mode in modes if mode in _given]
    if asked:
        return asked[0]
    return "text" if sys.stdout.isatty() else "tsv"


def check_call() -> None:
    """Refuse common options that do not go together."""
    asked = [f"--{mode}" for mode in ("json", "jsonl", "csv") if mode in _given]
    if len(asked) > 1:
        message = f"{' and '.join(asked)} do not go together."
        raise Misused(Fault("usage", message, remedy="Choose one of them."))


def revision() -> str:
    """Give the revision that --at names, if it does."""
    return str(_given.get("at", ""))


def on_stop(sentence: str) -> None:
    """Say what Ctrl-C is to tell from here on; until then nothing was written."""
    _given["stopped"] = sentence


def stopped() -> str:
    """Give the sentence for a run that was interrupted."""
    return str(_given.get("stopped", STOPPED))


def warnings() -> list[str]:
    """Give the warnings of this call, to be added to."""
    known: list[str] = _given.setdefault("warnings", [])
    return known


def today(time_zone: str, stated: date | None = None) -> date:
    """Give the business date: the one stated, else today in the company's time zone."""
    if stated is not None:
        return stated
    from zoneinfo import ZoneInfo

    return _now().astimezone(ZoneInfo(time_zone)).date()


def recorded() -> str:
    """Give the time of this call as an entry records it: UTC, in seconds."""
    return _now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> datetime:
    """Read the clock the first time; the same time ever after in this call."""
    if "now" not in _given:
        _given["now"] = _clock(os.environ)
    now: datetime = _given["now"]
    return now


def _clock(environment: Mapping[str, str]) -> datetime:
    epoch = environment.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC)
    if not (epoch.isascii() and epoch.isdigit() and len(epoch) < 12):  # noqa: PLR2004 - 11 digits reach the year 5138
        message = f"SOURCE_DATE_EPOCH is '{epoch}', not a number of seconds."
        raise Misused(Fault("bad-clock", message, remedy="Unset it, or take `date +%s`."))
    return datetime.fromtimestamp(int(epoch), UTC)
