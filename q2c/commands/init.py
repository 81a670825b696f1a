"""q2c init: a new workspace."""

from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import DateOption, recorded, today
from q2c.commands.output import following, hint, say

ZONE = "Europe/Stockholm"  # of both companies that a workspace can begin with
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make it in.")]
Example = Annotated[
    str, typer.Option("--example", metavar="NAME", help="Begin with an example: consultancy.")
]


def init(folder: Folder = Path(), example: Example = "", day: DateOption = None) -> None:
    """Make a workspace.

    It is a folder kept in git: your company, catalogue, customers, rates and a sealed ledger. In
    a repository that leaves the folder out it becomes one of its own.

    Example: q2c init nordlys --example consultancy
    """
    from q2c.commands.schema import schemas
    from q2c.store import git, starter
    from q2c.store.commit import commit
    from q2c.store.writing import Change, writing

    files = starter.first_files(example)
    files |= starter.first_ledger(files, today(ZONE, day), recorded()) | schemas()
    starter.refuse_taken(folder, files)
    folder.mkdir(parents=True, exist_ok=True)
    if not git.is_repository(folder) or git.is_ignored(folder):
        git.init(folder)
    elif git.head(folder):
        hint("It is kept in the git repository that it lies in, and committed there.")
    git.drive_merges(folder)
    with writing(folder) as writer:
        writer.write(Change(created=files))
    if git.identity(folder):
        commit(folder, sorted(files), "Begin the workspace")
    else:
        hint("git does not know who you are, so nothing is committed yet: git config user.name …")
    say({"folder": str(folder), "files": len(files)}, _told(folder, len(files)))
    following(f"{_entered(folder)}q2c check")


def _told(folder: Path, count: int) -> str:
    rows = (
        ("company.yaml", "your name, numbers and bank: edit this first"),
        ("catalog.yaml", "what you sell"),
        ("prices/", "price lists"),
        ("customers/", "one file a customer"),
        ("pipeline.yaml", "the stages of a sale, and why it may be lost"),
        ("rates/", "VAT and exchange rates, by day"),
        ("ledger/", "sealed; only q2c writes here"),
    )
    lines = [f"  {name:14} {meaning}" for name, meaning in rows]
    return "\n".join([f"Created {folder}/ ({count} files)", *lines])


def _entered(folder: Path) -> str:
    return "" if folder == Path() else f"cd {folder} && "
