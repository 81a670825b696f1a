"""q2c check: everything that is wrong in the files, told at once."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Annotated, get_args

import msgspec
import typer

from q2c.commands.call import At, call
from q2c.commands.desk import read_letterhead, read_logo, read_theme, read_words, tree, words_name
from q2c.commands.looks.templates import template_faults
from q2c.commands.output import SCHEMA, hint
from q2c.commands.telling import fields, tell
from q2c.core.fault import Fault, Invalid, Misused, Place, Refused
from q2c.core.party import LanguageCode

if TYPE_CHECKING:
    from q2c.store.tree import Tree

FORMATS = ("text", "json", "github", "gitlab")
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME...]", help="Only faults of these files.")
]
Format = Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help="How to tell.")]
Base = Annotated[
    str, typer.Option("--rules", metavar="REV", help="Its approval rules, for what it lacks.")
]


def check(names: Names = None, form: Format = "text", at: At = "", rules: Base = "") -> int:
    """Check every file of the workspace.

    Silent when all is well; else every fault of every file is told, and the exit status is 3.
    In a merge request, --rules with the branch that it goes to holds what is new against the
    rules of approval that stand there, so that nobody changes rules and quotes in one go.

    Example: q2c check --format github
    """
    if form not in FORMATS:
        message = f"There is no format '{form}'."
        raise Misused(Fault("usage", message, remedy=f"Choose from: {', '.join(FORMATS)}."))
    from q2c.store import git
    from q2c.store.inspection import workspace_faults

    if call().machine and form == "text":
        form = "json"
    files = tree(at)
    base = git.resolved(files.root, rules) if rules else ""
    # What a customer's file says wrongly is met again in each of the customer's quotes.
    each = (workspace_faults(files, base), _look_faults(files))
    found = dict.fromkeys(chain.from_iterable(each))
    faults = sorted(found, key=lambda fault: fault.place or Place(""))
    told = [fault for fault in faults if not names or (fault.place and fault.place.file in names)]
    _tell(told, form)
    return Invalid.status if told else 0


def _look_faults(files: "Tree") -> Iterator[Fault]:
    """Say what is wrong with the theme of documents, what it names, and words of our own."""
    from q2c.documents.look import theme_faults

    try:
        theme = read_theme(files)
    except Refused as refused:
        yield from refused.faults
        return
    yield from theme_faults(theme)
    steps = [partial(read, files, theme) for read in (read_logo, read_letterhead)]
    own = [code for code in get_args(LanguageCode) if files.exists(words_name(code))]
    for step in (*steps, *(partial(read_words, files, code) for code in own)):
        try:
            step()
        except Refused as refused:
            yield from refused.faults
    yield from template_faults(files)


def _tell(faults: Sequence[Fault], form: str) -> None:
    if form == "github":
        sys.stdout.writelines(_annotation(fault) for fault in faults)
    elif form == "gitlab":
        sys.stdout.write(msgspec.json.encode([_quality(f) for f in faults]).decode() + "\n")
    elif form == "json":
        document = {"schema": SCHEMA, "data": [fields(f) for f in faults], "warnings": []}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    elif faults:
        tell(faults)
    else:
        hint("All files are well.")


def _annotation(fault: Fault) -> str:
    """Write a fault as a workflow command, which marks the line in a change under review."""
    place = fault.place or Place("")
    where = f"file={_property(place.file)},line={place.line},col={place.column},"
    text = f"{fault.message} {fault.remedy}".strip()
    return f"::error {where if fault.place else ''}title={fault.code}::{_data(text)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _quality(fault: Fault) -> dict[str, object]:
    """Write a fault as an issue of a code quality report."""
    place = fault.place or Place(".")
    said = f"{fault.code}|{place.file}|{fault.message}"
    return {
        "description": f"{fault.message} {fault.remedy}".strip(),
        "check_name": fault.code,
        "fingerprint": sha256(said.encode()).hexdigest(),
        "severity": "major",
        "location": {"path": place.file, "lines": {"begin": place.line}},
    }
