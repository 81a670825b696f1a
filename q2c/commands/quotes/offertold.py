"""A quote written out for a terminal: who and when, its lines, its totals, its terms."""

from collections.abc import Iterable, Iterator, Sequence

from q2c.commands.quotes.offertable import table_told
from q2c.commands.visible import WIDE, padded, width, wrapped
from q2c.core.money import grouped
from q2c.core.quote import Due, Priced, Stretch, contract_years, dues, stretches
from q2c.core.quote.waterfall import over_all_steps, own_sum

UNTAXED = {"AE": "reverse charge", "K": "intra-community", "G": "export", "E": "exempt"}
GAP = "   "


def quote_told(quote: Priced, state: str) -> str:
    """Write a quote out: its head, its lines, what comes off them all, its totals, its terms."""
    below = (
        *table_told(quote, WIDE - 2),
        *_over_all(quote),
        *_joined(_totals(quote)),
        *_recurring(quote),
        *_block("payments", map(_due, dues(quote))),
        *(line for term in _terms(quote) for line in wrapped(term, WIDE - 2)),
    )
    return "\n".join([*head_told(quote, state), *(f"  {line}" for line in below)])


def head_told(quote: Priced, state: str) -> list[str]:
    """Say which quote it is, how it stands, whose it is, until when, and what it is about."""
    version = f", version {quote.version}" if quote.version else ""
    head = f"{quote.number} ({state}{version})  {quote.buyer.name}"
    until = f"valid until {quote.valid_until}"
    return [
        *([f"{head}  {until}"] if width(f"{head}  {until}") <= WIDE else [head, f"  {until}"]),
        *(wrapped(quote.title, WIDE) if quote.title else []),
    ]


def _over_all(quote: Priced) -> Iterator[str]:
    """Say what comes off the whole quote, from the sum of its lines on."""
    if quote.reduced:
        rows = [("sum", grouped(own_sum(quote.lines, quote.currency).amount))]
        steps = over_all_steps(quote.lines, quote.reduced, quote.currency)
        rows += [(step.rule, grouped(step.after - step.before)) for step in steps]
        yield from _columns(rows)


def _totals(quote: Priced) -> Iterator[str]:
    yield f"net {grouped(quote.net.amount)}"
    for row in quote.vat:
        if row.category == "S":
            yield f"VAT {row.rate:f} % {grouped(row.vat.amount)}"
        else:
            yield f"VAT 0.00 ({UNTAXED[row.category]})"
    yield f"total {quote.total}"
    if quote.prices_include_vat:
        yield "prices include VAT"


def _joined(parts: Iterable[str]) -> Iterator[str]:
    """Put parts beside each other, as many as a line holds."""
    line = ""
    for part in parts:
        longer = f"{line}{GAP}{part}" if line else part
        if line and width(longer) > WIDE - 2:
            yield line
            longer = part
        line = longer
    yield line


def _recurring(quote: Priced) -> Iterator[str]:
    """Say what recurs in a month and a year; of a ramp or more than a year, what each is worth."""
    found = stretches(quote.lines, quote.currency)
    years = contract_years(quote.lines, quote.currency)
    if len(found) == 1 and len(years) == 1:
        yield from wrapped(f"recurring: {'   '.join(_stretch(found[0]))}", WIDE - 2)
    elif found:
        yield from _block("recurring (MRR, ARR)", map(_stretch, found))
        rows = [(str(days), grouped(net.amount)) for days, net in years]
        yield from _block("contract years (ACV)", rows)
        yield f"contract value (TCV) {quote.net}"


def _stretch(one: Stretch) -> tuple[str, str, str]:
    month, year = grouped(one.monthly.amount), grouped(one.yearly.amount)
    return str(one.days), f"{month} a month", f"{year} a year"


def _due(one: Due) -> tuple[str, str]:
    events = {"acceptance": "on acceptance", "start": "on the start", "delivery": "on delivery"}
    when = f"on {one.date}" if one.date else events.get(one.on, "")
    if one.days:
        when = f"{one.days} days after {one.on}"
    return ", ".join(filter(None, (one.name, when))), grouped(one.amount.amount)


def _terms(quote: Priced) -> Iterator[str]:
    if stated := quote.exchange:
        worth = f"{stated.rate:f} {quote.seller.currency}"
        yield f"1 {quote.currency} is {worth}, as of {stated.date} by {stated.source}"
    for clause in quote.clauses:
        own = "" if clause.standard else " (not a standard one)"
        yield f"clause {clause.id}{own}: {clause.text}"
    for paper in quote.attachments:
        yield f"with it goes {paper.path}"
    for alert in quote.alerts:
        whose = f" (rule {alert.rule})" if alert.rule else ""
        yield f"note{whose}: {alert.say}"


def _block(title: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Set rows below a title; nothing where there are none."""
    if known := list(rows):
        yield title
        for line in _columns(known):
            yield f"  {line}"


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Set words at the left and figures at the right of their columns."""
    sizes = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, sizes, strict=True)
        yield GAP.join(padded(cell, size, right=n > 0) for n, (cell, size) in enumerate(cells))
