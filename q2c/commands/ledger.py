"""q2c ledger: what happened, whether the record of it is whole, and what it adds up to."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from q2c.commands.call import At, call
from q2c.commands.desk import save, tree
from q2c.commands.output import hint, say, table
from q2c.core.fault import Fault, Invalid, Misused
from q2c.core.money import Money

if TYPE_CHECKING:
    from q2c.core.entry import Entry
    from q2c.store.tree import Tree

SHOWN = ("seq", "date", "kind", "number", "party", "amount", "currency", "note")
BALANCE = ("role", "balance", "currency")
FORMATS = ("hledger", "beancount", "csv", "json")


def show_ledger(
    *,
    number: Annotated[
        str, typer.Option("--number", metavar="NUMBER", help="Only of this invoice.")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="WORD", help="Only of this kind.")] = "",
    party: Annotated[
        str, typer.Option("--party", metavar="ID", help="Only of this customer.")
    ] = "",
    at: At = "",
) -> None:
    """Show the entries of the ledger.

    Example: q2c ledger show --number F-2026-0001
    """
    from q2c.store.ledger import read_ledger

    table(
        [
            {"seq": record.seq, **_row(record), "hash": record.hash}
            for record in read_ledger(tree(at)).records
            if kind in ("", record.kind)
            and party in ("", record.party)
            and (not number or _is_of(record, number))
        ],
        SHOWN,
    )


def _is_of(entry: "Entry", number: str) -> bool:
    return entry.number == number or any(posting.item == number for posting in entry.postings)


def _row(entry: "Entry") -> dict[str, object]:
    """Give the facts of an entry; its amount is the sum of what it debits."""
    currency = entry.postings[0].currency if entry.postings else ""
    debit = sum(max(0, posting.amount) for posting in entry.postings)
    return {
        "date": entry.date,
        "kind": entry.kind,
        "number": entry.number,
        "party": entry.party,
        "amount": Money(debit, currency) if currency else None,
        "currency": currency,
        "note": entry.note,
        "id": entry.id,
        "period": entry.period,
        "postings": entry.postings,
        "documents": entry.documents,
        "keys": entry.keys,
        "recorded": entry.recorded,
        "by": entry.by,
        "commit": entry.commit,
        "program": entry.program,
    }


def verify_ledger(*, at: At = "") -> None:
    """Check that nothing in the ledger was changed, and that it adds up.

    Looked at are the chain of its lines, every balance, the files that entries rest on, the
    numbers of each series, that every invoice is what its entry says, and heads that were signed.

    Example: q2c ledger verify
    """
    from q2c.commands.auditing import Anchor, anchor, everything, signed_heads

    files = tree(at)
    count, faults = everything(files)
    held = Anchor("") if at else anchor(call().root, files)
    signed = Anchor("") if faults else signed_heads(files)
    if faults or held.faults or signed.faults:
        raise Invalid(*faults, *held.faults, *signed.faults)
    told = "1 entry, whole" if count == 1 else f"{count} entries, each whole"
    facts = {"entries": count, "anchor": held.told, "signed": signed.told}
    say(facts, f"{told} and in its place.")
    for words in filter(None, (held.told, signed.told)):
        hint(words)


def balance(*, at: At = "") -> None:
    """Add up every role and currency, checking the chain on the way.

    Example: q2c ledger balance
    """
    from q2c.store.tally import tally

    files = tree(at)
    head, sums = tally(files)
    home = _home(files) if any(not currency for _, currency in sums) else ""
    rows = [
        {"role": role, "balance": Money(amount, currency or home), "currency": currency or home}
        for (role, currency), amount in sorted(sums.items())
    ]
    table(rows, BALANCE)
    hint(f"ledger head {head[:12]}")


def _home(files: "Tree") -> str:
    """Give the company's currency, which only exchange differences need."""
    from q2c.store.master import read_company

    return read_company(files).currency


def export(
    *,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(FORMATS), help="For which program.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.  [the screen]")
    ] = None,
    at: At = "",
) -> None:
    """Write the ledger for another program.

    Example: q2c ledger export --format hledger --out journal.ledger
    """
    from q2c.commands.exporting import exported

    if form not in FORMATS:
        message = f"'{form}' is not a format of an export."
        raise Misused(Fault("no-such-format", message, remedy=f"Choose: {', '.join(FORMATS)}."))
    text = exported(tree(at), form)
    if out:
        hint(save(out, text.encode()))
    else:
        typer.echo(text, nl=False)
