"""The desk: how commands choose what to read, and how they stamp, write and commit it."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from msgspec.structs import replace

from q2c import __version__
from q2c.commands.call import call, recorded
from q2c.commands.output import hint
from q2c.core.fault import Fault, Invalid, Stale, Unknown
from q2c.core.party import LanguageCode
from q2c.core.trace import Step
from q2c.store.tree import CommitTree, Tree, WorkTree

if TYPE_CHECKING:  # what only some commands need is imported when they need it
    from q2c.documents.form import Form
    from q2c.documents.image import Picture
    from q2c.documents.language import Language
    from q2c.documents.look import Look, Theme
    from q2c.store.writing import Change, Writer

THEME = "theme.yaml"
# What q2c reads or keeps in a workspace: no output goes over a file in it.
OWN = frozenset(
    (
        *("catalog", "catalog.yaml", "company.yaml", "customers", "prices", "q2c.toml", "rates"),
        *("activities", "approvals.yaml", "opportunities", "pipeline.yaml", "price-changes"),
        *("contracts", "invoices", "ledger", "looks", "orders", "quotes", "time", THEME),
        *("receipts", "statements"),
        *("allowed_signers", "meters.yaml", "projects.yaml", "staff.yaml", "trust", "usage"),
        *(".git", ".gitattributes", ".gitignore", ".q2c"),
    )
)


class Stamp(Struct, frozen=True):
    """Who did something, when (UTC), on which commit and with which version of q2c."""

    by: str
    recorded: str
    commit: str
    program: str


class Frozen(Struct, frozen=True):
    """A look that a document is drawn with, its SHA-256, and the file it is kept in."""

    look: "Look"
    sha256: str
    created: dict[str, bytes]


class Desk(Struct, frozen=True):
    """Where a command decides and writes: the files as they are, and the right to change them.

    On a dry run nobody may write.
    """

    root: Path
    tree: Tree
    writer: "Writer | None"
    commits: bool
    message: str

    def write(self, change: "Change", subject: str, also: Sequence[str] = ()) -> str:
        """Write a change, commit it with that subject if asked; say in words what was done.

        `also` are files that belong into the commit and were written before, by a person.
        """
        names = [*change.created, *change.replaced, *change.appended]
        if self.writer is None:
            return f"Would write {listed(names)}; nothing was written."
        self.writer.write(change)
        if not self.commits:
            return f"Wrote {listed(names)}"
        from q2c.store.commit import commit

        made = commit(self.root, sorted({*names, *also}), self.message or subject)
        return f"Wrote {listed(names)} in commit {made[:12]}"


def tree(at: str = "") -> Tree:
    """Give the files to read: as they are, or as a revision has them, which is then told."""
    if not at:
        return work_tree()
    chosen = CommitTree(call().root, at)
    hint(f"Read at commit {chosen.commit[:12]}.")
    return chosen


def work_tree() -> WorkTree:
    """Give the files as they are, once what a stopped command had begun to write is finished."""
    from q2c.store.intent import FILE

    root = call().root
    if (root / FILE).exists():
        from q2c.store.writing import finish

        finish(root)
    return WorkTree(root)


@contextmanager
def desk(*, dry_run: bool = False, commit: bool | None = None, message: str = "") -> Iterator[Desk]:
    """Take the lock of the workspace, to read, decide and write inside; a dry run takes none."""
    root = call().root
    commits = not dry_run and _commits(asked=commit)
    if commits:
        from q2c.store.commit import refuse_stranger

        refuse_stranger(root)
    if dry_run:
        yield Desk(root, work_tree(), None, commits, message)
        return
    from q2c.store.writing import writing

    with writing(root) as writer:
        yield Desk(root, WorkTree(root), writer, commits, message)


def _commits(*, asked: bool | None) -> bool:
    from q2c.commands.config import value_of

    return value_of("commit.auto") == "true" if asked is None else asked


def stamp(root: Path, commit: str = "") -> Stamp:
    """Say who works here, and on which commit: the one named, or that which is checked out."""
    from q2c.commands.config import value_of
    from q2c.store import git

    by = value_of("user.name") or git.identity(root)
    return Stamp(by, recorded(), commit or _head(root), __version__)


def _head(root: Path) -> str:
    from q2c.store import git

    try:
        return git.head(root)
    except Unknown:
        return ""


def commits_of(files: Tree, sources: Iterable[str]) -> dict[str, str]:
    """Give for each source (`file:line`) the commit in which its file stands as it was read."""
    names = {source: source.rpartition(":")[0] for source in sources if source}
    if files.commit or not names:
        return dict.fromkeys(names, files.commit)
    from q2c.store import git

    root = call().root
    if not _head(root):
        return {}
    known = git.committed(root, sorted(set(names.values())))
    return {source: known[name] for source, name in names.items()}


def origin(files: Tree, names: Iterable[str]) -> str:
    """Give the commit that all of these files stand in as they were read, or nothing."""
    commits = set(commits_of(files, (f"{name}:" for name in names)).values())
    return commits.pop() if len(commits) == 1 else ""


def sources(steps: Iterable[Step]) -> set[str]:
    """Name where steps stand in the workspace."""
    return {step.source for step in steps if step.source}


def stamped(steps: Sequence[Step], commits: Mapping[str, str]) -> tuple[Step, ...]:
    """Write into steps the commits their files stood in; a step that names one keeps it."""
    return tuple(
        replace(step, commit=commits[step.source])
        if not step.commit and commits.get(step.source)
        else step
        for step in steps
    )


def frozen_look(files: Tree, language: str) -> Frozen:
    """Freeze theme, logo and words of the workspace as documents in a language use them."""
    from q2c.documents.look import frozen, look_bytes
    from q2c.store.invoices import look_path

    theme, code = read_theme(files), cast("LanguageCode", language)
    forms, words = read_letterhead(files, theme), read_words(files, code)
    look = frozen(theme, read_logo(files, theme), code, forms, words)
    data = look_bytes(look)
    digest = sha256(data).hexdigest()
    return Frozen(look, digest, {look_path(digest): data})


def read_theme(files: Tree) -> "Theme":
    """Read how documents of the workspace look."""
    from q2c.documents.look import Theme
    from q2c.store.records import read_file

    return read_file(files, THEME, Theme) if files.exists(THEME) else Theme()


def read_logo(files: Tree, theme: "Theme") -> "Picture | Form | None":
    """Read the logo that a theme names, ready for documents."""
    from q2c.documents.look import Logo, prepared_logo
    from q2c.store.cache import made_of

    if not theme.logo:
        return None
    make = partial(prepared_logo, theme)
    made = made_of(_named(files, theme, theme.logo, "logo"), Logo, make, files.cache, "logo")
    return made.drawing or made.picture


def read_letterhead(files: Tree, theme: "Theme") -> "tuple[Form, ...]":
    """Read the letterhead that a theme names, ready to lie below documents."""
    if not theme.letterhead:
        return ()
    from q2c.documents.letterhead import Pages, prepared_letterhead
    from q2c.store.cache import made_of

    make = partial(prepared_letterhead, theme)
    data = _named(files, theme, theme.letterhead.file, "letterhead.file")
    return made_of(data, Pages, make, files.cache, "letterhead").forms


def _named(files: Tree, theme: "Theme", name: str, key: str) -> bytes:
    """Read a file that a theme names; one that is not in the workspace is told at its line."""
    outside = name.startswith("/") or ".." in name.split("/")
    if outside or not files.exists(name):
        message = f"There is no file {name} in the workspace."
        remedy = "Put it into the workspace, and name it by its path there."
        raise Invalid(theme.fault("no-such-file", message, key, remedy))
    return files.read(name)


def words_name(code: str) -> str:
    """Name the file of a workspace that has words of its own in a language."""
    return f"templates/languages/{code}.toml"


def read_words(files: Tree, code: LanguageCode) -> "Language":
    """Read the words of a language, those of the workspace before those that q2c brings."""
    from q2c.documents.language import language
    from q2c.documents.rewording import reworded

    name = words_name(code)
    brought = language(code)
    return reworded(brought, files.read(name), name) if files.exists(name) else brought


@lru_cache(maxsize=8)
def read_look(files: Tree, digest: str) -> "Look":
    """Read the look that a document was drawn with."""
    from q2c.documents.look import Look
    from q2c.store.invoices import look_path
    from q2c.store.papers import thawed

    name = look_path(digest)
    return thawed(files.read(name), Look, name)


def save(out: Path, data: bytes) -> str:
    """Write a document where a person wants it, but not over what q2c reads or keeps."""
    refuse_own(out, data)
    out.parent.mkdir(parents=True, exist_ok=True)
    passing = out.with_name(f".{out.name}.q2c")
    passing.write_bytes(data)
    os.replace(passing, out)  # noqa: PTH105 - replaces a file that is there, whole or not at all
    return f"Wrote {out}"


def refuse_own(out: Path, data: bytes = b"") -> None:
    """Refuse an output over a file of the workspace itself, unless it says the same."""
    root, whole = call().root.resolve(), out.resolve()
    if not (whole.is_relative_to(root) and whole.is_file()):
        return
    if whole.relative_to(root).parts[0] in OWN and whole.read_bytes() != data:
        message = f"{out} is a file that q2c keeps, so nothing is written over it."
        raise Stale(Fault("file-exists", message, remedy="Give --out another name."))


def listed(names: Sequence[str]) -> str:
    """Name some files, the first of them where there are many."""
    if len(names) > 4:  # noqa: PLR2004 - what fits on a line
        return f"{', '.join(names[:3])} and {len(names) - 3} more files"
    return ", ".join(names)
