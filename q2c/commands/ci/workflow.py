"""q2c ci init: a workflow that checks merge requests and invoices a month when it is tagged."""

import re
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from q2c import __version__
from q2c.commands.call import call
from q2c.commands.desk import save
from q2c.commands.output import following, hint, say
from q2c.commands.prompt import confirm, may_ask
from q2c.core.fault import Fault, Misused, Place, Stale, Unknown
from q2c.resources import resource

# Where each host looks for its workflow, from the top of the repository.
HOSTS = {"github": ".github/workflows/q2c.yml", "gitlab": ".gitlab-ci.yml"}
MONTH = "[0-9]{4}-(0[1-9]|1[0-2])"
_WORD = r"[A-Za-z0-9._/-]*"  # what needs no quoting in YAML, in a shell or in a pattern of tags
Host = Annotated[str, typer.Argument(metavar="|".join(HOSTS), help="Where the repository is.")]
Folder = Annotated[
    Path | None,
    typer.Option("--dir", metavar="DIR", help="The top of the repository.  [of this one]"),
]
Pattern = Annotated[
    str, typer.Option("--pattern", metavar="TAG", help="The tags; * is the month, as 2026-11.")
]
Branch = Annotated[
    str, typer.Option("--branch", metavar="NAME", help="Where invoices go.  [as checked out]")
]
Shards = Annotated[
    int,
    typer.Option(
        "--shards", min=1, max=200, metavar="N", help="Draw the documents of a plan in N jobs."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Write over a workflow that is there.")]


class Asked(Struct, frozen=True, kw_only=True):
    """What a workflow is written for; `folder` is the workspace inside the repository.

    With several `shards` the documents are drawn by so many jobs, and issued by one.
    """

    host: str
    pattern: str
    branch: str
    folder: str = ""
    shards: int = 1


def init_ci(
    host: Host,
    *,
    folder: Folder = None,
    pattern: Pattern = "bill/*",
    branch: Branch = "",
    shards: Shards = 1,
    force: Force = False,
) -> int:
    """Write a workflow that checks merge requests and invoices a month when it is tagged.

    Example: q2c ci init github
    """
    from q2c.store.git import top
    from q2c.store.remote import checked_out

    root = call().root
    whole = (folder or top(root)).resolve()
    inside = root.resolve().relative_to(whole) if root.resolve().is_relative_to(whole) else Path()
    asked = Asked(
        host=host,
        pattern=pattern,
        branch=branch or checked_out(root) or "main",
        folder="" if inside == Path() else inside.as_posix(),
        shards=shards,
    )
    text = workflow(asked)
    if not _may_write(whole, host, text.encode(), force=force):
        hint("Nothing was written.")
        return 1
    save(whole / HOSTS[host], text.encode())
    say({"file": HOSTS[host], "branch": asked.branch, "pattern": pattern}, f"Wrote {HOSTS[host]}")
    hint(f"Let nobody change {asked.branch} by force there, nor move a tag {pattern}.")
    following(f"git add {HOSTS[host]}")
    return 0


def workflow(asked: Asked) -> str:
    """Write the workflow of a host."""
    if asked.host not in HOSTS:
        message = f"There is no workflow for '{asked.host}'."
        raise Unknown(Fault("no-such-host", message, remedy=f"There are: {', '.join(HOSTS)}."))
    _refuse_odd(asked)
    before, _, after = asked.pattern.partition("*")
    regex = "^" + re.escape(before) + MONTH + re.escape(after) + "$"
    filled = {
        "@VERSION@": __version__,
        "@PATTERN@": asked.pattern,
        "@REGEX@": regex.replace("/", r"\/"),
        "@EXAMPLE@": asked.pattern.replace("*", "2026-11"),
        "@BRANCH@": asked.branch,
        "@FOLDER@": asked.folder,
        "@SHARDS@": str(asked.shards),
        "@LIST@": ", ".join(map(str, range(1, asked.shards + 1))),
        "@SLASHED@": f"{asked.folder}/" if asked.folder else "",
    }
    blocks = {"folder"} if asked.folder else set[str]()
    blocks.add("shards" if asked.shards > 1 else "whole")
    template = resource("data", "ci", f"{asked.host}.yml").read_text("utf-8")
    text = _blocks(template, frozenset(blocks))
    for mark, word in filled.items():
        text = text.replace(mark, word)
    return text


def _blocks(text: str, wanted: frozenset[str]) -> str:
    """Keep the blocks of a template, from `#? name` to `#?`, whose name is wanted."""
    kept, inside = list[str](), ""
    for line in text.split("\n"):
        if line.startswith("#?"):
            inside = line.removeprefix("#?").strip()
        elif not inside or inside in wanted:
            kept.append(line)
    return "\n".join(kept)


def _refuse_odd(asked: Asked) -> None:
    """Refuse words that a shell or YAML would read as more than a name."""
    pattern = re.fullmatch(rf"{_WORD}\*{_WORD}", asked.pattern)
    if not pattern or asked.pattern.startswith(("-", "/")):
        message = f"'{asked.pattern}' is no pattern of tags."
        raise Misused(Fault("usage", message, remedy="Write one with one * in it: bill/*"))
    for what, word in (("branch", asked.branch), ("folder", asked.folder)):
        if not re.fullmatch(_WORD, word):
            message = f"The {what} '{word}' has characters that a workflow cannot name."
            raise Misused(Fault("usage", message, remedy="Use letters, digits and . _ / -"))


def _may_write(whole: Path, host: str, data: bytes, *, force: bool) -> bool:
    """Say whether a workflow may be written: none is there, or the same, or a person agrees."""
    name = HOSTS[host]
    if force or not (whole / name).exists() or (whole / name).read_bytes() == data:
        return True
    message = f"{name} is there already, with other content."
    if not (call().yes or may_ask()):
        remedy = "Compare the two, or write over it: --force"
        raise Stale(Fault("file-exists", message, Place(name), remedy))
    return confirm(f"{message} Write over it?")
