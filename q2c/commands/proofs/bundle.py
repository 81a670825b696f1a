"""q2c bundle: a zip that proves what was issued, to whoever has sha256sum and git."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import At, today
from q2c.commands.desk import save, tree
from q2c.commands.output import hint, say
from q2c.commands.proofs.belonging import Belonging, belonging
from q2c.core.fault import Fault, Invalid
from q2c.core.party import Company
from q2c.store import git
from q2c.store.chain import canonical
from q2c.store.ledger import Ledger, read_ledger
from q2c.store.master import read_company
from q2c.store.proof import pack, refuse_uncommitted
from q2c.store.tags import SIGNERS
from q2c.store.tree import CommitTree, Tree
from q2c.store.volumes import volumes


def bundle(
    asked: Annotated[
        str,
        typer.Argument(metavar="NUMBER|CUSTOMER|MONTH", help="An invoice, a customer, a month."),
    ],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the zip goes.")
    ] = None,
    at: At = "",
) -> None:
    """Bundle what proves an invoice, a customer's invoices or a month: files, ledger, git.

    In the zip are the documents with all that they came from, their lines of the ledger, the git
    objects that show in which commit they stood, and a text and a script that check it with
    sha256sum and git alone. The folders among these objects name other files, without content.

    Example: q2c bundle F-2026-0001 --out F-2026-0001.zip
    """
    from q2c.documents.bundle import bundle as zipped

    work = tree(at)
    ledger, company = read_ledger(work), read_company(work)
    found = belonging(work, ledger, asked)
    files = work if work.commit else _committed(work, found)
    on = _made_on(files)
    gaps = _gaps(files, found, ledger, company, (asked, today(company.time_zone)))
    data = zipped(_content(files, found), gaps, company.language, on)
    file = out or Path(f"{asked}.zip")
    told = save(file, data)
    documents, lines = len(found.documents), len(found.records)
    say({"file": str(file), "commit": files.commit, "documents": found.documents}, told)
    counted = (_count(documents, "document"), _count(len(found.names), "file"))
    hint(f"{', '.join(counted)}, {_count(lines, 'line')} of the ledger.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _committed(work: Tree, found: Belonging) -> CommitTree:
    """Give the files of the last commit, once what is to be proved stands in it as it is now."""
    if not git.head(work.root):
        message = "Nothing is committed yet, so git proves nothing."
        raise Invalid(Fault("nothing-committed", message, remedy="Commit: git add, git commit."))
    files = CommitTree(work.root, "HEAD")
    refuse_uncommitted(work.root, files.commit, [*found.names, *volumes(work)])
    return files


def _made_on(files: Tree) -> date:
    """Give the day of the commit, so that a bundle of it always has the same bytes."""
    said = git.git(files.root, "show", "-s", "--format=%cs", files.commit)
    return date.fromisoformat(said.decode().strip())


def _content(files: Tree, found: Belonging) -> dict[str, bytes]:
    """Give the files under their names in the repository, and the proofs."""
    where = git.prefix(files.root)
    content = {f"files/{where}{name}": data for name, data in files.read_all(found.names)}
    listed = "".join(f"{where}{name}\n" for name in found.names)
    lines = b"".join(canonical(record) + b"\n" for record in found.records)
    return content | {
        "proof/files.txt": listed.encode(),
        "proof/ledger.jsonl": lines,
        "proof/objects.pack": pack(files.root, files.commit, found.names),
    }


def _gaps(
    files: Tree, found: Belonging, ledger: Ledger, company: Company, about: tuple[str, date]
) -> Mapping[str, str]:
    """Fill the text that goes with a bundle."""
    where, swedish = git.prefix(files.root), company.language == "sv"
    asked, created = about
    title = f"{'Underlag' if swedish else 'Evidence'}: {asked}"
    count = len(found.records)
    one, many = ("rad", "rader") if swedish else ("line", "lines")
    last = ledger.records[-1]
    return {
        "title": title,
        "rule": "=" * len(title),
        "company": company.name,
        "created": str(created),
        "commit": files.commit,
        "committed": str(_made_on(files)),
        "example": f"{where}{found.names[0]}",
        "signers": f"{where}{SIGNERS}",
        "lines": f"{count} {one if count == 1 else many}",
        "whole": _WHOLE[swedish, found.whole],
        "seq": str(last.seq),
        "head": last.hash,
        "content": "\n".join(f"  {where}{name}" for name in found.names),
    }


_WHOLE = {
    (False, True): 'It is the whole ledger: each line\'s "prev" is the hash of the line before.',
    (False, False): (
        "Lines between them are of others and are left out, so each line proves itself; that they\n"
        '   follow from each other shows where their numbers ("seq") do, or in the whole ledger.'
    ),
    (True, True): 'Det är hela grundboken: varje rads "prev" är föregående rads kontrollsumma.',
    (True, False): (
        "Rader emellan rör andra och är utelämnade, så varje rad bevisar sig själv; att de följer\n"
        '   på varandra syns där deras nummer ("seq") gör det, eller i hela grundboken.'
    ),
}
