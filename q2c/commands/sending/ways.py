"""By which way a document goes, to whom, and what is known of it already."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from q2c.core.einvoice.parties import electronic
from q2c.core.fault import Fault, Held, Misused
from q2c.core.sending import (
    MAILED,
    Addressed,
    Attempt,
    Channel,
    Known,
    Parcel,
    addressed,
    known_of,
    times_sent,
    way_taken,
)
from q2c.store.attempts import read_sent
from q2c.store.tree import Tree

CHANNELS: tuple[Channel, ...] = ("folder", "eml", "smtp", "outbox")
# Where files go that wait for somebody to take them, below the workspace.
FOLDERS: dict[Channel, str] = {
    "folder": "outgoing/files",
    "eml": "outgoing/mail",
    "outbox": "outgoing/peppol",
}


class Errand(Struct, frozen=True, kw_only=True):
    """A document, its way, whom it goes to, and what is known of each of them.

    `left` are those who get it now; `turn` tells a mail that is sent again on purpose from the
    one before.
    """

    parcel: Parcel
    channel: Channel
    whom: Addressed
    known: dict[str, Known]
    left: tuple[str, ...]
    turn: int = 0

    @property
    def everyone(self) -> tuple[str, ...]:
        """All whom it is for."""
        return tuple(self.known)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Those of whom nobody knows whether they got it."""
        return tuple(to for to, known in self.known.items() if known == "unknown")


def errand(
    files: Tree,
    parcel: Parcel,
    asked: Channel | None,
    settings: Mapping[str, str],
    *,
    hidden: Sequence[str] = (),
    again: bool = False,
) -> Errand:
    """Say how a document goes; refuse one that has nobody to go to, or no way.

    What went already by whatever way goes by no other, unless that one is named.
    """
    attempts = read_sent(files, parcel.path)
    taken = None if again else way_taken(attempts, parcel.papers)
    channel = asked or taken or _channel(parcel, settings)
    whom = Addressed()
    names: tuple[str, ...]
    if channel in MAILED:
        whom = addressed(parcel.customer, parcel.kind)
        if not whom.to:
            raise Held(_nobody(parcel))
        names = tuple(dict.fromkeys((*whom.everyone, *hidden)))
    elif channel == "outbox":
        names = (_participant(parcel),)
    else:
        names = (parcel.customer.id,)
    found = known_of(attempts, parcel.papers, channel)
    known: dict[str, Known] = {to: found.get(to, "new") for to in names}
    left = tuple(to for to in names if again or known[to] == "new")
    return Errand(
        parcel=parcel,
        channel=channel,
        whom=whom,
        known=known,
        left=left,
        turn=_turn(attempts, parcel) if again and "unknown" not in known.values() else 0,
    )


def _turn(attempts: Sequence[Attempt], parcel: Parcel) -> int:
    return times_sent(attempts, parcel.papers)


def _channel(parcel: Parcel, settings: Mapping[str, str]) -> Channel:
    """Choose the way that the customer wishes."""
    by = parcel.customer.sending.by
    if by in ("folder", "letter"):
        return "folder"
    if by == "peppol" and parcel.kind in ("invoice", "credit-note"):
        return "outbox"
    if settings["mail.host"]:
        return "smtp"
    message = f"{parcel.number} goes by mail, and no mail server is set up."
    remedy = "Name it, q2c config set mail.host HOST, or write the mail to a file: --to eml"
    raise Held(Fault("mail-not-set-up", message, remedy=remedy))


def _nobody(parcel: Parcel) -> Fault:
    customer = parcel.customer
    message = f"{customer.name} has no mail address that {parcel.number} could go to."
    remedy = "Write it into the customer's file: sending: {to: [faktura@firm.example]}"
    return customer.fault("nobody-to-send-to", message, "contacts", remedy)


def _participant(parcel: Parcel) -> str:
    """Name the receiver of an e-invoice in Peppol."""
    scheme, address = electronic(parcel.buyer, "peppol")
    if parcel.xml and address:
        return f"{scheme}:{address}"
    message = f"{parcel.number} was not issued as an e-invoice for Peppol."
    remedy = (
        "Send it another way (--to eml). For those to come, write electronic_address: and "
        "invoicing: {einvoice: peppol} into the customer's file."
    )
    raise Held(parcel.customer.fault("not-for-peppol", message, "sending.by", remedy))


def read_channel(word: str) -> Channel | None:
    """Read the way that a command names; none is what the customer wishes."""
    found = next((one for one in CHANNELS if one == word), None)
    if word and found is None:
        remedy = f"Choose from: {', '.join(CHANNELS)}."
        raise Misused(Fault("usage", f"--to is not '{word}'.", remedy=remedy))
    return found


def folder_of(channel: Channel, out: Path | None, root: Path) -> Path:
    """Name the folder that files of a way go to."""
    return out or root / FOLDERS[channel]
