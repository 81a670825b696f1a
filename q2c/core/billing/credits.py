"""What goes back of invoiced charges because what was agreed has changed: credit notes to be."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from q2c.core.billing.owing import Due
from q2c.core.billing.phrases import LESS
from q2c.core.claim.plan import CreditClaim, CreditPart
from q2c.core.money import Money
from q2c.core.party import spoken


class Billed(Struct, frozen=True, kw_only=True):
    """The line of an invoice that billed a charge, and what is not credited of it.

    Where its price includes VAT, its net is that of its invoice, and may be off from what was
    agreed by some minor units: as much goes back in `slack`.
    """

    number: str
    line: str
    source: str
    customer: str
    language: str
    left: Money
    slack: int = 0


def credit_claims(
    dues: Iterable[Due], billed: Callable[[str], Billed | None]
) -> tuple[CreditClaim, ...]:
    """Make one credit note to be for each invoice of which something goes back.

    Never more than is left of a line: then the rest goes off what was billed before it, and where
    all of that is credited nothing goes back.
    """
    found: dict[str, list[CreditPart]] = {}
    whose: dict[str, Billed] = {}
    given: dict[tuple[str, str], int] = {}
    for due in dues:
        for keys, one, back in _taken(due, billed, given):
            whose.setdefault(one.number, one)
            found.setdefault(one.number, []).append(_part(due, keys, one, back))
    return tuple(
        CreditClaim(
            original=number,
            customer=whose[number].customer,
            currency=parts[0].amount.currency,
            language=whose[number].language,
            reason="; ".join(dict.fromkeys(part.text for part in parts if part.text)),
            parts=tuple(parts),
        )
        for number, parts in sorted(found.items())
    )


def _taken(
    due: Due, billed: Callable[[str], Billed | None], given: dict[tuple[str, str], int]
) -> Iterator[tuple[tuple[str, ...], Billed, int]]:
    """Take what goes back off the lines that billed it, and name each part of it."""
    rest, number = -due.net.minor, 0
    for key in (due.reduces, *reversed(due.before)):
        one = billed(key)
        if one is None:
            continue
        name = (one.number, one.line)
        left = one.left.minor - given.get(name, 0)
        if left and abs(rest - left) <= one.slack:
            rest = left
        back = min(rest, left)
        if back > 0:
            given[name] = given.get(name, 0) + back
            rest, number = rest - back, number + 1
            yield (due.keys if number == 1 else (f"{due.keys[-1]}/{number}",)), one, back


def _part(due: Due, keys: tuple[str, ...], billed: Billed, minor: int) -> CreditPart:
    return CreditPart(
        line=billed.line,
        source=billed.source,
        amount=Money(minor, due.net.currency),
        keys=keys,
        service=due.service,
        text=due.text or spoken(LESS, billed.language),
        steps=due.steps,
    )
