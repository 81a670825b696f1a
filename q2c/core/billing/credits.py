"""What goes back of invoiced charges because what was agreed has changed: credit notes to be."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from q2c.core.billing.owing import Due
from q2c.core.billing.plan import CreditClaim, CreditPart
from q2c.core.money import Money


class Billed(Struct, frozen=True, kw_only=True):
    """The line of an invoice that billed a charge, and what is not credited of it."""

    number: str
    line: str
    source: str
    customer: str
    language: str
    left: Money


def credit_claims(
    dues: Iterable[Due], billed: Callable[[str], Billed | None]
) -> tuple[CreditClaim, ...]:
    """Make one credit note to be for each invoice of which something goes back.

    Never more than is left of a line: where all of it is credited nothing goes back.
    """
    found: dict[str, list[CreditPart]] = {}
    whose: dict[str, Billed] = {}
    given: dict[tuple[str, str], int] = {}
    for due in dues:
        one = billed(due.reduces)
        if one is None:
            continue
        name = (one.number, one.line)
        back = min(-due.net.minor, one.left.minor - given.get(name, 0))
        if back > 0:
            given[name] = given.get(name, 0) + back
            whose.setdefault(one.number, one)
            found.setdefault(one.number, []).append(_part(due, one, back))
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


def _part(due: Due, billed: Billed, minor: int) -> CreditPart:
    return CreditPart(
        line=billed.line,
        source=billed.source,
        amount=Money(minor, due.net.currency),
        keys=due.keys,
        service=due.service,
        text=due.text or (due.steps[-1].rule if due.steps else ""),
        steps=due.steps,
    )
