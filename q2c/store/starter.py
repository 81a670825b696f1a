"""A new workspace: its first files, made before anything is written."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from q2c import __version__
from q2c.core.fault import Fault, Invalid, Unknown
from q2c.resources import files_below
from q2c.store import chain
from q2c.store.dialect import parse
from q2c.store.ledger import Record, genesis

EXAMPLES = {"consultancy": ("examples",)}
SETTINGS = b'# Settings of the program; q2c config list names them all.\n[output]\ncolor = "auto"\n'


def first_files(example: str) -> dict[str, bytes]:
    """Give the files of a starter workspace, or of an example, by their path."""
    if example and example not in EXAMPLES:
        message = f"There is no example '{example}'."
        names = ", ".join(EXAMPLES)
        raise Unknown(Fault("no-such-example", message, remedy=f"There is: {names}."))
    starter = dict(files_below("data", "starter"))
    marks = {f".{name}": starter.pop(name) for name in ("gitattributes", "gitignore")}
    vat = {"rates/vat.yaml": dict(files_below("examples", "rates"))["vat.yaml"]}
    files = dict(files_below(*EXAMPLES[example])) if example else starter | vat
    return {**files, **marks, "q2c.toml": SETTINGS}


def first_ledger(files: Mapping[str, bytes], day: date, recorded: str) -> dict[str, bytes]:
    """Make the ledger of a new workspace: one line that names the company, by its path."""
    company = parse(files["company.yaml"], "company.yaml").value
    assert isinstance(company, dict), company
    entry = genesis(str(company["id"]), day, recorded=recorded, program=__version__)
    return {f"ledger/{day.year}.jsonl": chain.sealed(entry, Record, 0, chain.NO_HASH)[1]}


def refuse_taken(folder: Path, files: Mapping[str, bytes]) -> None:
    """Refuse a folder in which one of the files stands already."""
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        message = f"{folder} has {taken[0]} already."
        remedy = "Choose an empty folder, or work in the workspace that is there."
        raise Invalid(Fault("workspace-exists", message, remedy=remedy))
