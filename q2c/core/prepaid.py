"""What was paid before it is used: grants, what is drawn of them, what expires or moves on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from q2c.core.period import ONE_DAY


class Grant(Struct, frozen=True):
    """So many units that may be used from a day through another, or for good.

    `id` is a key of its order line, such as `O-2026-0001/1:2026-11-01..2026-11-30`. Of what is
    left after the last day, at most `rollover` units move on into the line's next grant.
    """

    id: str
    unit: str
    quantity: Decimal
    first: date
    last: date | None = None
    rollover: Decimal | None = None

    @property
    def line(self) -> str:
        """The order line that it is of: what its id says before the colon."""
        return self.id.partition(":")[0]

    def covers(self, day: date) -> bool:
        """Say whether it may be used on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


class Draw(Struct, frozen=True):
    """So many units used on a day; below 0 takes back what was recorded in error."""

    day: date
    quantity: Decimal
    ref: str = ""


class Taken(Struct, frozen=True):
    """So many units that a draw took of a grant."""

    grant: Grant
    draw: Draw
    quantity: Decimal


class Drawdown(Struct, frozen=True):
    """What became of grants, by their ids, and what was drawn `over` them.

    Taken and over is all that was drawn; taken, left and expired is all that was granted.
    `rolled` moved on at the end of a grant, and is counted where it moved to.
    """

    rows: tuple[Taken, ...]
    over: tuple[Draw, ...]
    left: Mapping[str, Decimal]
    expired: Mapping[str, Decimal]
    rolled: Mapping[str, Decimal]


def drawn(grants: Iterable[Grant], draws: Iterable[Draw], through: date = date.max) -> Drawdown:
    """Draw from grants through a day: of the first to expire first, then of the first granted.

    A grant expires at the end of its last day; without a day, all that ever expires has.
    """
    pots = _Pots(grants, through)
    rows: list[Taken] = []
    over: list[Draw] = []
    for draw in netted(draw for draw in draws if draw.day <= through):
        pots.close(draw.day - ONE_DAY)
        found = list(pots.take(draw))
        rows += found
        if rest := draw.quantity - sum((one.quantity for one in found), Decimal(0)):
            over.append(replace(draw, quantity=rest))
    pots.close(through)
    return Drawdown(tuple(rows), tuple(over), pots.left, pots.expired, pots.rolled)


def netted(draws: Iterable[Draw]) -> list[Draw]:
    """Put draws in the order of their days; what is taken back goes off the last before it."""
    kept: list[Draw] = []
    for draw in sorted(draws, key=lambda one: one.day):
        rest = draw.quantity
        while kept and rest < 0:
            last = kept.pop()
            rest += last.quantity
            draw = last if rest > 0 else draw  # noqa: PLW2901 - what is left of the earlier one
        if rest:
            kept.append(replace(draw, quantity=rest))
    return kept


class _Pots:
    """What is left of each grant while draws go by in the order of their days."""

    def __init__(self, grants: Iterable[Grant], through: date) -> None:
        self.open = sorted(grants, key=lambda one: (one.last or date.max, one.first, one.id))
        self.expired: dict[str, Decimal] = {}
        self.rolled: dict[str, Decimal] = {}
        self.left = {one.id: one.quantity for one in self.open if one.first <= through}

    def take(self, draw: Draw) -> Iterator[Taken]:
        """Take a draw of the grants that its day lies in, as far as they go."""
        rest = draw.quantity
        for grant in self.open:
            part = min(rest, self.left.get(grant.id, Decimal(0)))
            if part > 0 and grant.first <= draw.day:
                self.left[grant.id] -= part
                rest -= part
                yield Taken(grant, draw, part)

    def close(self, day: date) -> None:
        """End the grants whose last day is over; what may moves on, the rest expires."""
        while self.open and self.open[0].last is not None and self.open[0].last <= day:
            grant = self.open.pop(0)
            rest = self.left.pop(grant.id, Decimal(0))
            after = self._after(grant)
            moved = min(rest, grant.rollover or Decimal(0)) if after else Decimal(0)
            if after and moved:
                self.left[after.id] = self.left.get(after.id, Decimal(0)) + moved
                self.rolled[grant.id] = moved
            if rest > moved:
                self.expired[grant.id] = rest - moved

    def _after(self, grant: Grant) -> Grant | None:
        later = (one for one in self.open if one.line == grant.line and one.first > grant.first)
        return min(later, key=lambda one: one.first, default=None)
