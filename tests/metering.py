"""Metered lines and readings, for tests."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from q2c.core.billing import Due
from q2c.core.billing.metered import due_of_use
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.period import Period
from q2c.core.pricing import Rate
from q2c.core.quote.metering import Metering
from q2c.core.usage.metering import Reading
from tests.values import day


def rate(**said: Any) -> Rate:  # noqa: ANN401 - a rate's own fields
    """Make a rate in kronor."""
    return Rate(model=said.pop("model", "per-unit"), currency="SEK", **said)


def metered_line(rate_: Rate, id_: str = "1", **said: Any) -> OrderLine:  # noqa: ANN401 - terms
    """Make an order line whose use is counted from 1 November on."""
    terms = Metering(meter="calls", first=said.pop("first", day("2026-11-01")), **said)
    return OrderLine(
        id=id_,
        source="Q-2026-0001/v1/1",
        product="calls",
        name="Calls",
        quantity=Decimal(0),
        unit="call",
        charge="usage",
        bill="on-delivery",
        rate=rate_,
        metering=terms,
        net=Money(0, "SEK"),
        revenue="output",
    )


def order_of(*lines: OrderLine) -> Order:
    """Make an order of lines."""
    return Order(
        number="O-2026-0001",
        source="Q-2026-0001/v1",
        contract="C-2026-0001",
        agreed_on=day("2026-11-01"),
        customer="fjord-foods",
        currency="SEK",
        language="en",
        due_days=30,
        lines=lines,
    )


def month(name: str) -> Period:
    """Give a month by its name."""
    from q2c.core.period import read_month

    found = read_month(name)
    assert found is not None, name
    return found


def reading(period: Period | str, quantity: str, papers: int = 1, **said: Any) -> Reading:  # noqa: ANN401 - its own fields
    """Make a reading of so much."""
    days = month(period) if isinstance(period, str) else period
    return Reading(
        line="1",
        period=days,
        aggregation="sum",
        unit="calls",
        quantity=Decimal(quantity),
        events=said.pop("events", 3),
        papers=tuple(f"{n}.csv" for n in range(1, papers + 1)),
        through=days.last,
        **said,
    )


def due(
    line: OrderLine, readings: Sequence[Reading], billed: Sequence[str] = (), on: str = "2027-12-31"
) -> list[Due]:
    """Give what is due of a line through a day."""
    return list(due_of_use(order_of(line), line, readings, billed, day(on)))


def amounts(dues: Sequence[Due]) -> list[str]:
    """Give the amounts that are due."""
    return [str(one.net) for one in dues]
