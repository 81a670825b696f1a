"""q2c sign and q2c ledger sign: detached signatures by the SSH key that git signs with."""

from collections.abc import Sequence
from typing import Annotated

import typer

from q2c.commands.call import Commit, DryRun, Message
from q2c.commands.desk import Desk, desk
from q2c.commands.output import hint, say
from q2c.commands.verify import chosen, issued
from q2c.core.fault import Fault, Unknown
from q2c.core.trace import Paper
from q2c.store.detached import free_name, head_of, signatures
from q2c.store.ledger import read_ledger
from q2c.store.papers import refuse_changed
from q2c.store.signatures import DOCUMENT, HEAD, signed
from q2c.store.tags import SIGNERS
from q2c.store.writing import Change


def sign(
    numbers: Annotated[
        list[str],
        typer.Argument(metavar="NUMBER...", help="Invoices, credit notes, quotes, contracts."),
    ],
    *,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Sign the files of issued documents with your SSH key, each in a file beside it.

    The key is the one that git signs with (user.signingkey). `q2c verify` and everybody who has
    `ssh-keygen -Y verify -n q2c-document` can check the signature.

    Example: q2c sign F-2026-0001
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        papers = _papers(work, numbers)
        refuse_changed(work.tree, papers)
        created = {
            free_name(work.tree, one.path): signed(work.root, work.tree.read(one.path), DOCUMENT)
            for one in papers
        }
        told = work.write(Change(created=created), f"Sign {', '.join(numbers)}")
    say({"files": [{"path": one.path, "sha256": one.sha256} for one in papers]}, told)
    _tell_unknown(work, [one.path for one in papers], DOCUMENT)


def _papers(work: Desk, numbers: Sequence[str]) -> list[Paper]:
    """Give the files of documents, each once."""
    found = chosen(list(issued(work.tree, everything=True)), list(numbers))
    papers = [one for document in found for one in (document.data, document.pdf) if one]
    return list({one.path: one for one in papers}.values())


def sign_ledger(*, dry_run: DryRun = False, commit: Commit = None, message: Message = "") -> None:
    """Sign where the ledger stands: whoever rewrites it afterwards is found out.

    What is signed is the position and the hash of its last line, kept in ledger/heads.
    `q2c ledger verify` holds every signed head against the ledger.

    Example: q2c ledger sign
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        ledger = read_ledger(work.tree)
        if not ledger.records:
            fault = Fault("no-ledger", "There is no ledger yet.", remedy="Begin one: q2c init")
            raise Unknown(fault)
        head = head_of(ledger)
        name = free_name(work.tree, head.path)
        created = {head.path: head.data, name: signed(work.root, head.data, HEAD)}
        told = work.write(Change(created=created), f"Sign the ledger at line {head.seq}")
    say(head, f"Signed the ledger at line {head.seq}, {head.sha256[:12]}.\n{told}")
    _tell_unknown(work, [head.path], HEAD)


def _tell_unknown(work: Desk, paths: Sequence[str], namespace: str) -> None:
    """Say whose key has to be made known before others can check what was signed."""
    if work.writer is None:
        return
    if any(not one.by for path in paths for one in signatures(work.tree, path, namespace)):
        hint(f"Your key is not in {SIGNERS}, so nobody can check this yet. Add a line to it:")
        hint("  you@firm.example ssh-ed25519 AAAA…")
