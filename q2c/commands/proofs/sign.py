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
from q2c.store.detached import free_name, head_of, signature_names, signatures
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
        created: dict[str, bytes] = {}
        for one in papers:
            created |= _signature(work, one.path, work.tree.read(one.path), DOCUMENT)
        told = _written(work, created, f"Sign {', '.join(numbers)}")
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
        made = _signature(work, head.path, head.data, HEAD)
        created = {head.path: head.data, **made} if made else {}
        told = _written(work, created, f"Sign {head.count} entries of the ledger")
    count = f"Signed {head.count} entries of the ledger, the last {head.sha256[:12]}."
    say(head, f"{count}\n{told}" if made else told)
    _tell_unknown(work, [head.path], HEAD)


def _signature(work: Desk, path: str, data: bytes, namespace: str) -> dict[str, bytes]:
    """Sign a file: the signature by its name, or nothing where it stands there already."""
    made = signed(work.root, data, namespace)
    known = (work.tree.read(name) for name in signature_names(work.tree, path))
    return {} if made in known else {free_name(work.tree, path): made}


def _written(work: Desk, created: dict[str, bytes], subject: str) -> str:
    if not created:
        return "All of it was signed by this key before."
    return work.write(Change(created=created), subject)


def _tell_unknown(work: Desk, paths: Sequence[str], namespace: str) -> None:
    """Say whose key has to be made known before others can check what was signed."""
    if work.writer is None:
        return
    if any(not one.by for path in paths for one in signatures(work.tree, path, namespace)):
        hint(f"Your key is not in {SIGNERS}, so nobody can check this yet. Add a line to it:")
        hint("  you@firm.example ssh-ed25519 AAAA…")
