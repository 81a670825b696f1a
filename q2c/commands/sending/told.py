"""What came of sending, told: a row for each document and recipient."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from q2c.commands.call import call
from q2c.commands.output import hint, table
from q2c.commands.sending.posting import Result
from q2c.commands.sending.ways import Errand
from q2c.core.sending import LATER, Known

if TYPE_CHECKING:
    from q2c.exchange.eml import Mail

COLUMNS = ("number", "to", "way", "state", "said")
FAILED = frozenset({"refused", "deferred", "failed", "unknown"})
_STANDS: dict[Known, str] = {"new": "ready", "sent": "before", "unknown": "unknown"}
_WORDS = {
    "ready": "to send",
    "sent": "sent",
    "before": "sent before",
    "deferred": "to try later",
    "refused": "refused",
    "failed": "failed",
    "unknown": "not known",
}


class Row(Struct, frozen=True, kw_only=True):
    """What came of a document for one recipient."""

    number: str
    kind: str
    customer: str
    way: str
    to: str
    state: str
    said: str = ""


def rows_of(errand: Errand, *, again: bool) -> list[Row]:
    """Say how a document stands for each of its recipients before anything is sent."""
    return [
        _row(errand, to, "ready" if again else _STANDS[known]) for to, known in errand.known.items()
    ]


def rows_after(results: Iterable[Result]) -> list[Row]:
    """Say what came of documents in the end, after all tries."""
    rows: dict[tuple[str, str], Row] = {}
    for result in results:
        for to in result.errand.left:
            rows[result.errand.parcel.path, to] = _after(result, to)
    return list(rows.values())


def _after(result: Result, to: str) -> Row:
    said = next((answer for answer in result.answers if answer.to == to), None)
    if said is None:
        return _row(result.errand, to, result.kind, result.reason or result.place)
    state = "sent" if said.taken else "deferred" if said.code in LATER else "refused"
    return _row(result.errand, to, state, f"{said.code} {said.said}".strip())


def _row(errand: Errand, to: str, state: str, said: str = "") -> Row:
    return Row(
        number=errand.parcel.number,
        kind=errand.parcel.kind,
        customer=errand.parcel.customer.id,
        way=errand.channel,
        to=to,
        state=state,
        said=said,
    )


def tell_rows(rows: Sequence[Row]) -> None:
    """Say what came of documents, and how many came to what."""
    table(rows, COLUMNS)
    counts = Counter(row.state for row in rows)
    told = [f"{word} {counts[state]}" for state, word in _WORDS.items() if counts[state]]
    hint("   ".join(told) or "There is nothing to send.")


def tell_mail(mail: "Mail") -> None:
    """Show a mail as its reader will see it; for a dry run."""
    if call().machine or call().quiet:
        return
    heads = [
        ("From", str(mail.sender)),
        ("To", ", ".join(map(str, mail.to))),
        ("Cc", ", ".join(map(str, mail.copies))),
        ("Bcc", ", ".join(map(str, mail.hidden))),
        ("Reply-To", str(mail.reply_to or "")),
        ("Subject", mail.subject),
        ("Message-ID", mail.message_id),
        *(("File", f"{name}, {len(data):,} bytes") for name, data in mail.files.items()),
    ]
    lines = [f"{head}: {text}" for head, text in heads if text]
    hint("\n".join(["", *lines, "", mail.text.rstrip()]))
