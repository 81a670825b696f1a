"""Drafting: a quote as it was asked for, by flags or by answers."""

import re
import shlex
from collections.abc import Iterator, Sequence

import typer
from msgspec import Struct
from msgspec.structs import replace

from q2c.commands.quotes.linewords import AskedLine, asked_line, discount_word, draft_line
from q2c.commands.words import length, read_day, read_number
from q2c.core.catalog import Catalog
from q2c.core.fault import Fault, Invalid
from q2c.core.party import Company
from q2c.core.period import Day, Every
from q2c.core.pipeline import Opportunity
from q2c.core.quote import (
    Clause,
    Discount,
    Draft,
    DraftLine,
    Payment,
    StatedRate,
    valid_until,
)

_PAYMENT = re.compile(
    r"(rest|([0-9.]+)(%?))@([a-z]+|[0-9-]{10})(?:\+([0-9]{1,4}))?(?::(.+))?", re.DOTALL
)
_RATE = re.compile(r"([0-9.]+)@([0-9-]+):(.+)")
MOMENTS = ("acceptance", "start", "delivery")


class Asked(Struct, frozen=True, kw_only=True):
    """A quote as it was asked for, by flags or by answers."""

    customer: str = ""
    opportunity: str = ""
    lines: tuple[AskedLine, ...] = ()
    choices: dict[str, str] = {}
    discounts: tuple[Discount, ...] = ()
    promotions: tuple[str, ...] = ()
    term: str = ""
    every: Every | None = None
    starts: Day | None = None
    ends: Day | None = None
    ends_with: str = ""
    until: Day | None = None
    currency: str = ""
    exchange: StatedRate | None = None
    prices_include_vat: bool = False
    cost_centre: str = ""
    due_days: int | None = None
    payments: tuple[Payment, ...] = ()
    clauses: tuple[Clause, ...] = ()
    attachments: tuple[str, ...] = ()
    title: str = ""
    intro: str = ""
    note: str = ""


def draft_of(asked: Asked, company: Company, catalog: Catalog, day: Day) -> Draft:
    """Make the draft that was asked for; an id that is no product's may be a bundle's."""
    return Draft(
        customer=asked.customer,
        opportunity=asked.opportunity or None,
        title=asked.title or None,
        date=day,
        valid_until=asked.until or valid_until(day, company.terms.quote_valid_days),
        starts=asked.starts,
        term=length(asked.term) if asked.term else None,
        currency=asked.currency or None,
        exchange=asked.exchange,
        intro=asked.intro,
        lines=tuple(_line(line, asked, catalog) for line in asked.lines),
        choices=asked.choices,
        promotions=asked.promotions,
        discounts=asked.discounts,
        prices_include_vat=asked.prices_include_vat,
        cost_centre=asked.cost_centre or None,
        due_days=asked.due_days,
        payments=asked.payments,
        clauses=asked.clauses,
        attachments=asked.attachments,
        note=asked.note,
    )


def _line(asked: AskedLine, whole: Asked, catalog: Catalog) -> DraftLine:
    """Make a line; how often it is billed, and its end, are said for all that recur at once."""
    line = draft_line(asked, catalog)
    product = catalog.products.get(line.product or "")
    if product is not None and product.every is None:
        return line
    if not line.every:
        line = replace(line, every=whole.every)
    if line.term or line.ends or line.ends_with:
        return line
    return replace(line, ends=whole.ends, ends_with=whole.ends_with or None)


def asked_of(draft: Draft, company: Company) -> Asked:
    """Say what has to be asked for to get a draft: the way back from `draft_of`."""
    usual = valid_until(draft.date, company.terms.quote_valid_days)
    return Asked(
        customer=draft.customer,
        opportunity=draft.opportunity or "",
        lines=tuple(map(asked_line, draft.lines)),
        choices=draft.choices,
        discounts=draft.discounts,
        promotions=draft.promotions,
        term=draft.term or "",
        starts=draft.starts,
        until=None if draft.valid_until == usual else draft.valid_until,
        currency=draft.currency or "",
        exchange=draft.exchange,
        prices_include_vat=draft.prices_include_vat,
        cost_centre=draft.cost_centre or "",
        due_days=draft.due_days,
        payments=draft.payments,
        clauses=draft.clauses,
        attachments=draft.attachments,
        title=draft.title or "",
        intro=draft.intro,
        note=draft.note,
    )


def for_opportunity(asked: Asked, opportunity: Opportunity) -> Asked:
    """Take from an opportunity what was not asked for: customer, title and lines.

    Refuses another customer than that of the opportunity.
    """
    if asked.customer not in ("", opportunity.customer):
        message = f"{opportunity.id} is an opportunity of {opportunity.customer}."
        remedy = f"Leave {asked.customer} out, or name one of its own."
        raise Invalid(Fault("other-customer", message, remedy=remedy))
    lines = asked.lines or tuple(map(asked_line, opportunity.lines))
    title = asked.title or opportunity.title
    return replace(asked, customer=opportunity.customer, lines=lines, title=title)


def read_payment(word: str) -> Payment:
    """Read a payment: `30%@acceptance:Deposit`, `5000@2027-03-01`, `rest@delivery+30`."""
    match = _PAYMENT.fullmatch(word)
    if match is None or not (match[4] in MOMENTS or "-" in match[4]):
        raise typer.BadParameter(f"'{word}' is not a payment; write 30%@acceptance, rest@delivery.")
    figure = read_number(match[2]) if match[2] else None
    moment, day = (match[4], None) if match[4] in MOMENTS else (None, read_day(match[4]))
    return Payment(
        name=match[6],
        percent=figure if match[3] else None,
        amount=None if match[3] else figure,
        on=moment,  # type: ignore[arg-type]  # it is one of the moments
        days=int(match[5] or 0),
        date=day,
    )


def payment_word(one: Payment) -> str:
    """Write a payment as it is read."""
    figure = "rest"
    if one.percent is not None:
        figure = f"{one.percent:f}%"
    elif one.amount is not None:
        figure = f"{one.amount:f}"
    days = f"+{one.days}" if one.days else ""
    return f"{figure}@{one.on or one.date}{days}{f':{one.name}' if one.name else ''}"


def read_deposit(word: str) -> Payment:
    """Read a part that is paid on acceptance: `30%` or `5000`."""
    return read_payment(f"{word}@acceptance")


def read_rate(word: str) -> StatedRate:
    """Read a stated exchange rate: `11.42@2026-11-20:Riksbanken`."""
    match = _RATE.fullmatch(word)
    if match is None:
        raise typer.BadParameter(f"'{word}' is not a rate; write 11.42@2026-11-20:Riksbanken.")
    return StatedRate(rate=read_number(match[1]), date=read_day(match[2]), source=match[3].strip())


def read_clause(word: str) -> Clause:
    """Read a clause that the contract gets besides its template's: `source-code=The code is …`."""
    id_, _, text = word.partition("=")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", id_) or not text.strip():
        raise typer.BadParameter(f"'{word}' is not a clause; write a name for it, =, its words.")
    return Clause(id=id_, text=text.strip())


def same_words(asked: Asked) -> str:
    """Write the command that drafts the same quote without a question."""
    flags = [word for flag, value in _flags(asked) if value for word in (flag, value)]
    return shlex.join(["q2c", "quote", "new", asked.customer, *flags, "--no-input"])


def _flags(asked: Asked) -> Iterator[tuple[str, str]]:
    """Give every flag with what it says; nothing where it is not said."""
    yield "--opportunity", asked.opportunity
    yield from (("--line", str(line)) for line in asked.lines)
    yield from (("--choose", f"{group}={one}") for group, one in asked.choices.items())
    yield from (("--discount", discount_word(one)) for one in asked.discounts)
    yield from (("--promo", code) for code in asked.promotions)
    yield "--term", re.sub(" months?", "m", asked.term)
    yield "--every", asked.every or ""
    yield "--starts", str(asked.starts or "")
    yield "--ends", str(asked.ends or "")
    yield "--ends-with", asked.ends_with
    yield "--valid-until", str(asked.until or "")
    yield "--currency", asked.currency
    if rate := asked.exchange:
        yield "--exchange", f"{rate.rate:f}@{rate.date}:{rate.source}"
    yield "--prices", "with-vat" if asked.prices_include_vat else ""
    yield "--cost-centre", asked.cost_centre
    yield "--due-days", "" if asked.due_days is None else str(asked.due_days)
    yield from (("--payment", payment_word(one)) for one in asked.payments)
    yield from (("--clause", f"{one.id}={one.text}") for one in asked.clauses)
    yield from (("--attach", name) for name in asked.attachments)
    yield "--title", asked.title
    yield "--intro", asked.intro
    yield "--note", asked.note


def with_rest(deposit: Payment | None, payments: Sequence[Payment]) -> tuple[Payment, ...]:
    """Give the schedule of payments: a deposit alone leaves the rest to the delivery."""
    if deposit is None:
        return tuple(payments)
    return (deposit, *(payments or (Payment(on="delivery"),)))
