"""The waterfall: of every order line what was invoiced and earned, and what stands between."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.entry import Entry, Posting, Role, balances
from q2c.core.fault import Fault, Invalid
from q2c.core.money import Money

ROLES: tuple[Role, Role] = ("contract-liability", "contract-asset")
DOCUMENTS = ("invoice-issued", "credit-note-issued")


class Fall(Struct, frozen=True, kw_only=True):
    """An order line over some months, in minor units: opening + invoiced - recognised = closing.

    Opening and closing are what is invoiced and not earned; below zero, earned and not
    invoiced. At the end the first is the contract liability, the second the contract asset.
    """

    line: str
    currency: str
    opening: int = 0
    invoiced: int = 0
    recognised: int = 0
    liability: int = 0
    asset: int = 0

    @property
    def closing(self) -> int:
        """What is left at the end."""
        return self.opening + self.invoiced - self.recognised

    def after(self, entry: Entry, posting: Posting, first: str) -> "Fall":
        """Give the row with one more posting in it."""
        amount = posting.amount
        held = amount if posting.role in ROLES else 0
        if entry.period < first:
            return replace(self, opening=self.opening - held, **_kept(self, posting))
        earned = amount if posting.role == "revenue" else 0
        billed = held + earned if entry.kind in DOCUMENTS else 0
        return replace(
            self,
            invoiced=self.invoiced - billed,
            recognised=self.recognised - earned,
            **_kept(self, posting),
        )


def _kept(row: Fall, posting: Posting) -> dict[str, int]:
    """Keep liability and asset apart; neither is ever set off against the other."""
    liability, asset = ROLES
    return {
        "liability": row.liability - (posting.amount if posting.role == liability else 0),
        "asset": row.asset + (posting.amount if posting.role == asset else 0),
    }


def falls(entries: Sequence[Entry], first: str, last: str) -> list[Fall]:
    """Give a row for every order line that stands open or moved in these months.

    Refuses rows that do not tie to the ledger.
    """
    rows: dict[str, Fall] = {}
    through = [entry for entry in entries if entry.period <= last]
    for entry in through:
        for posting in entry.postings:
            if posting.line:
                row = rows.get(posting.line) or Fall(line=posting.line, currency=posting.currency)
                rows[posting.line] = row.after(entry, posting, first)
    faults = list(_loose(rows.values(), through))
    if faults:
        raise Invalid(*faults)
    return [row for _, row in sorted(rows.items()) if row.opening or row.invoiced or row.recognised]


def _loose(rows: Iterable[Fall], entries: Sequence[Entry]) -> Iterator[Fault]:
    """Say where rows and ledger differ, in one line or in the sum of all."""
    sums: dict[tuple[Role, str], int] = {}
    for row in rows:
        if row.closing != row.liability - row.asset:
            message = f"{row.line} comes to {row.closing} but holds {row.liability - row.asset}."
            yield Fault("waterfall-loose", message, remedy="See: q2c ledger verify")
        for role, amount in zip(ROLES, (-row.liability, row.asset), strict=True):
            sums[role, row.currency] = sums.get((role, row.currency), 0) + amount
    for (role, currency), amount in balances(entries).items():
        if role in ROLES and amount != sums.get((role, currency), 0):
            mine = Money(sums.get((role, currency), 0), currency)
            there = Money(amount, currency)
            message = f"The {role} of all order lines is {mine}, that of the ledger {there}."
            yield Fault("waterfall-loose", message, remedy="See: q2c ledger verify")
