"""When what is paid: the parts of a schedule of payments, and what recurs by its dated parts."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from q2c.core.money import Money, exchange
from q2c.core.period import interval
from q2c.core.quote import Due, Line, Payment, StatedRate, Stretch, stretches
from q2c.documents.language import Language, amount, day, how_often, number, percent, period, unit
from q2c.documents.sheet import Column, Row, Table

# A table with no more rows than this is not broken by the end of a page.
MOST_TOGETHER: Final = 12


def payment_plan(
    lang: Language, payments: Sequence[Payment], parts: Sequence[Due], currency: str
) -> Iterator[Table]:
    """Write a schedule of payments: what each is called, when it is due, its amount with VAT."""
    if not payments:
        return
    rows = (
        Row(cells=(_name(lang, number, payment), _due(lang, part), amount(lang, part.amount)))
        for number, (payment, part) in enumerate(zip(payments, parts, strict=True), start=1)
    )
    columns = (
        Column(lang.say("column_payment"), gives_way=True),
        Column(lang.say("column_due"), right=True),
        Column(lang.say("column_with_vat", currency=currency), right=True),
    )
    yield Table(columns=columns, rows=_together(rows), title=lang.say("payment_plan"))


def _name(lang: Language, at: int, payment: Payment) -> str:
    name = payment.name or lang.say("payment", number=str(at))
    return name if payment.percent is None else f"{name}, {percent(lang, payment.percent)}"


def _due(lang: Language, part: Due) -> str:
    if part.date:
        return day(lang, part.date)
    event = lang.say(f"event_{part.on}")
    if not part.days:
        return lang.say("due_at", event=event)
    days = f"{part.days}\u00a0{unit(lang, 'day', Decimal(part.days))}"
    return lang.say("due_after", days=days, event=event)


def recurring_plan(lang: Language, lines: Sequence[Line], currency: str) -> Iterator[Table]:
    """Write what recurs as one sum a period, where several lines or dated parts make it up."""
    recurring = [line for line in lines if line.every and line.net.minor]
    parts = [part for part in stretches(lines, currency) if part.net.minor]
    if len(recurring) < 2:  # noqa: PLR2004 - one line tells it all
        return
    every = _every(recurring)
    rows = (
        Row(
            cells=(
                period(lang, part.days),
                amount(lang, _once(part, every)),
                amount(lang, part.net),
            )
        )
        for part in parts
    )
    columns = (
        Column(lang.say("column_period"), gives_way=True),
        Column(f"{how_often(lang, every)[0]} {currency}", right=True),
        Column(lang.say("column_term", currency=currency), right=True),
    )
    mixed = any(line.every != every for line in recurring)
    text = lang.say("recurring_mixed" if mixed else "recurring_text")
    yield Table(columns=columns, rows=_together(rows), title=lang.say("recurring"), text=text)


def _together(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Keep a short table on one page."""
    found = tuple(rows)
    if len(found) > MOST_TOGETHER:
        return found
    return (*(replace(row, keeps=True) for row in found[:-1]), *found[-1:])


def _every(lines: Iterable[Line]) -> str:
    """Give the period that all lines have; a month where they differ."""
    found = {line.every for line in lines if line.every}
    return found.pop() if len(found) == 1 else "month"


def _once(part: Stretch, every: str) -> Money:
    if every == "month":
        return part.monthly
    return part.yearly.share(interval(every).in_months / 12)


def rate_remarks(
    lang: Language, stated: StatedRate | None, whole: Money, home: str
) -> tuple[str, ...]:
    """Say what the total is in the seller's currency, and at which rate."""
    if stated is None or whole.currency == home:
        return ()
    at_home = exchange(whole, stated.rate, home)
    return (
        lang.say("home_total", home=home, amount=amount(lang, at_home)),
        lang.say(
            "home_rate",
            rate=number(lang, stated.rate),
            home=home,
            currency=whole.currency,
            date=day(lang, stated.date),
            source=stated.source,
        ),
    )
