"""Why a quote costs what it does: its lines with their waterfall, and its totals."""

from collections.abc import Iterator

from msgspec.structs import replace

from q2c.commands.invoices.labels import label_of
from q2c.commands.links import Link
from q2c.commands.quotes.quoting import drafted
from q2c.commands.recurs import times_told
from q2c.core.fault import Fault, Unknown
from q2c.core.money import Money
from q2c.core.order import Order, OrderLine
from q2c.core.quote import Line, Priced
from q2c.core.quote.waterfall import over_all_steps, own_sum
from q2c.core.quote.whole import own_steps, within
from q2c.core.tax import VatTotal
from q2c.core.trace import Step
from q2c.store import quotes
from q2c.store.shop import quoted as priced_now
from q2c.store.shop import read_shop
from q2c.store.tree import Tree


def quote_links(quote: Priced, path: str, id_: str) -> Iterator[Link]:
    """Give a line of a quote with what it rests on, or all lines and what they add up to."""
    chosen = [line for line in quote.lines if id_ in ("", line.id)]
    if not chosen:
        ids = ", ".join(line.id for line in quote.lines)
        message = f"{quote.number} has no line '{id_}'."
        raise Unknown(Fault("no-such-line", message, remedy=f"It has the lines {ids}."))
    for line in chosen:
        yield quoted(quote, line, path)
    if id_:
        yield from based_on(quote, chosen[0], path)
    else:
        yield from _totals(quote)


def quote_of(files: Tree, number: str, version: str) -> tuple[Priced, str]:
    """Read a version of a quote, or price the draft of one that was not sent."""
    known = quotes.versions(files, number)
    if not version and not known:
        shop = read_shop(files)
        draft = drafted(quotes.read_quote(files, number))
        return priced_now(shop, number, draft), quotes.path_of(number, "quote.yaml")
    chosen = int(version[1:]) if version[1:].isdecimal() else known[-1]
    if chosen not in known:
        message = f"{number} has no version {version}."
        there = ", ".join(f"v{one}" for one in known) or "none was sent"
        raise Unknown(Fault("no-such-version", message, remedy=f"There are: {there}."))
    return quotes.read_version(files, number, chosen), quotes.path_of(number, f"v{chosen}.json")


def quoted(quote: Priced, line: Line, path: str, what: str = "") -> Link:
    """Say at what a line was quoted, by the steps of its waterfall."""
    times = times_told(line)
    days = f", {line.service}" if line.segment and line.service else ""
    aside = "" if line.counts else ", not in the total"
    units = f"{line.name} {line.quantity:f} {line.unit}".rstrip()
    if line.percent_of:
        units = f"{line.name} of {Money.of(line.quantity, line.net.currency).amount:f}"
    return Link(
        ref=_ref(quote, line.id),
        what=what or f"quoted on {quote.date}",
        text=f"{units}{times}{days}{aside}{from_commit(quote.commit)}",
        amount=line.net,
        path=path,
        steps=line.steps,
    )


def based_on(quote: Priced, line: Line, path: str) -> Iterator[Link]:
    """Give the lines that a percentage is taken of; nothing for any other line."""
    if line.percent_of:
        for one in within(line.percent_of, quote.lines):
            link = quoted(quote, one, path, f"{line.name} is a percentage of it")
            yield replace(link, amount=one.own, steps=own_steps(one))


def sold_as(quote: Priced, order: Order) -> Priced:
    """Give a quote with the lines that were ordered as those that count."""
    ids = {line.source.rpartition("/")[2] for line in order.lines}
    return replace(quote, lines=tuple(replace(line, counts=line.id in ids) for line in quote.lines))


def chosen_steps(line: OrderLine, offered: Line) -> tuple[Step, ...]:
    """Give the steps of an order line that costs what it does by what the customer chose.

    Nothing where it is as it was offered. The commits are those that the quote names.
    """
    if [(s.rule, s.after) for s in line.steps] == [(s.rule, s.after) for s in offered.steps]:
        return ()
    commits = {step.source: step.commit for step in offered.steps}
    return tuple(
        replace(step, commit=step.commit or commits.get(step.source, "")) for step in line.steps
    )


def _totals(quote: Priced) -> Iterator[Link]:
    ref = _ref(quote, "")
    if quote.reduced:
        text = f"the lines that count come to {own_sum(quote.lines, quote.currency)}"
        steps = tuple(over_all_steps(quote.lines, quote.reduced, quote.currency))
        yield Link(ref=ref, what="net", text=text, amount=quote.net, steps=steps)
    for row in quote.vat:
        yield vat_link(ref, row)
    said = f"{quote.net} + VAT {quote.tax}"
    yield Link(ref=ref, what="total", text=said, amount=quote.total)


def vat_link(ref: str, row: VatTotal) -> Link:
    """Say how the VAT of a category and rate comes about."""
    step = Step(f"{row.rate:f} % of {row.base}, rounded once", "", row.base.amount, row.vat.amount)
    label = label_of(row.category, row.rate)
    return Link(ref=ref, what="VAT", text=label, amount=row.vat, steps=(step,))


def _ref(quote: Priced, id_: str) -> str:
    whole = quote.ref if quote.version else quote.number
    return f"{whole}/{id_}" if id_ else whole


def from_commit(commit: str) -> str:
    """Say of which commit the files were that something was made from."""
    return f", from the files of {commit[:12]}" if commit else ""
