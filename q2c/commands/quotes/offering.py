"""q2c quote new: a draft from flags, from an opportunity, or from answers."""

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import Desk, desk, tree
from q2c.commands.output import check_fields, following, say
from q2c.commands.prompt import may_ask, missing
from q2c.commands.quotes import quoteflags as flags
from q2c.commands.quotes.drafting import Asked, draft_of, for_opportunity, with_rest
from q2c.commands.quotes.offertold import quote_told
from q2c.commands.quotes.quoting import as_row
from q2c.commands.words import picked
from q2c.core.fault import Fault, Invalid, Refused
from q2c.core.period import Day
from q2c.core.quote import Draft, Priced, StatedRate
from q2c.core.rates import rate_on
from q2c.store.draftfile import draft_file
from q2c.store.master import read_exchange_rates
from q2c.store.opportunities import read_opportunity
from q2c.store.quotes import path_of, quote_numbers
from q2c.store.records import read_record
from q2c.store.series import following as next_numbers
from q2c.store.shop import Shop, quoted, read_shop

if TYPE_CHECKING:
    from q2c.commands.wizard.interview import Answers


def new_quote(  # noqa: PLR0913 - a flag for each field
    customer: flags.Customer = "",
    *,
    line: flags.Lines = None,
    opportunity: flags.Of = "",
    choose: flags.Choose = None,
    discount: flags.Discounts = None,
    promo: flags.Codes = None,
    term: flags.Term = "",
    every: flags.Every = None,
    starts: flags.Starts = None,
    ends: flags.Ends = None,
    ends_with: flags.EndsWith = "",
    until: flags.Until = None,
    currency: flags.Currency = "",
    exchange: flags.Exchange = None,
    prices: flags.Prices = "without-vat",
    cost_centre: flags.CostCentre = "",
    due_days: flags.DueDays = None,
    deposit: flags.Deposit = None,
    payment: flags.Payments = None,
    clause: flags.Clauses = None,
    attach: flags.Attachments = None,
    title: flags.Title = "",
    intro: flags.Intro = "",
    note: flags.Note = "",
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Draft a quote.

    On a terminal, without --line, it asks for the customer and the lines one by one. Behind
    its quantity a line may say more, with commas between: price=1400, discount=10% or
    discount=500:Why, section=Delivery, text="On site, with lunch", options=sso+training:2,
    optional, group=edition, choice=best, label=Best, every=year, starts=2027-01-01, term=24m,
    ends=2027-06-30 or ends-with=O-2026-0001/1, trial=14d, free=2, proration=full, bill=on-order,
    delivery="In May", id=support, of hours cap=30000, rates=senior:1850+junior:1050 and
    rounding=up:0.25, and a ramp by from=2027-01-01:20@900;5% for each segment.

    Example: q2c quote new fjord-foods --line advisory:40 --line support-gold --term 12m
    """
    asked = Asked(customer=customer, opportunity=opportunity, lines=tuple(line or ()))
    asked = replace(asked, choices=picked(choose or ()), discounts=tuple(discount or ()))
    asked = replace(asked, promotions=tuple(promo or ()), clauses=tuple(clause or ()))
    asked = replace(asked, term=term, every=every, starts=starts, until=until, ends=ends)
    asked = replace(asked, ends_with=ends_with, currency=currency, exchange=exchange)
    asked = replace(asked, prices_include_vat=prices == "with-vat", cost_centre=cost_centre)
    asked = replace(asked, due_days=due_days, payments=with_rest(deposit, payment or ()))
    asked = replace(asked, title=title, intro=intro, note=note, attachments=tuple(attach or ()))
    asked, answers = _completed(asked, day, dry_run=dry_run, commit=commit)
    with desk(dry_run=dry_run, commit=commit, message=message) as at:
        number, quote, on, told = _written(at, asked, day)
    say(as_row(quote, (), on), f"{quote_told(quote, 'draft')}\n{told}")
    if not dry_run:
        _go_on(number, answers, commit, message)


def _go_on(number: str, answers: "Answers | None", commit: bool | None, message: str) -> None:  # noqa: FBT001 - as the flag is
    """Forget the answers, and let the draft be edited if that was asked for."""
    if answers:
        answers.forget()
    if answers and answers.edits:
        from q2c.commands.quotes.editing import edit_quote

        edit_quote(number, commit, message)
    else:
        following(f"q2c quote send {number}   (or edit the file first)")


def _completed(
    asked: Asked, day: Day | None, *, dry_run: bool, commit: bool | None
) -> tuple[Asked, "Answers | None"]:
    """Take the rest from the opportunity, or ask for it; where nobody can be asked, name it."""
    if asked.opportunity:
        asked = for_opportunity(asked, read_opportunity(tree(), asked.opportunity))
    if asked.customer and asked.lines:
        return asked, None
    if not may_ask():
        flags = (("CUSTOMER", asked.customer), ("--line", asked.lines))
        raise missing(*(flag for flag, said in flags if not said))
    from q2c.commands.wizard.interview import interview

    answers = interview(asked, day, dry_run=dry_run, commit=commit)
    return answers.asked, answers


def _written(at: Desk, asked: Asked, day: Day | None) -> tuple[str, Priced, Day, str]:
    """Draft what was asked for and write its file, unless it could not be read again."""
    from q2c.store.writing import Change

    shop = read_shop(at.tree)
    on = today(shop.company.time_zone, day)
    number = next(next_numbers(quote_numbers(at.tree), shop.company.series.quote, on.year))
    draft = draft_of(_stated(asked, shop, on), shop.company, shop.shelf.catalog, on)
    quote = quoted(shop, number, draft)
    data, name = draft_file(draft), path_of(number, "quote.yaml")
    refuse_unreadable(data, name)
    check_fields(as_row(quote, (), on))
    return number, quote, on, at.write(Change(created={name: data}), f"Draft {number}")


def refuse_unreadable(data: bytes, name: str) -> None:
    """Refuse what was said in words if it could not stand in the file."""
    try:
        read_record(data, name, Draft)
    except Refused as refused:
        faults = (Fault(one.code, one.message, None, one.remedy) for one in refused.faults)
        raise Invalid(*faults) from None


def _stated(asked: Asked, shop: Shop, on: Day) -> Asked:
    """State the exchange rate of the day, where another currency was asked for."""
    return replace(asked, exchange=asked.exchange or rate_of(shop, asked.currency, on))


def rate_of(shop: Shop, currency: str, on: Day) -> StatedRate | None:
    """Give the exchange rate of a currency on a day, where it is another and there is one."""
    home = shop.company.currency
    if currency in ("", home):
        return None
    with suppress(Refused):
        found = rate_on(currency, home, on, read_exchange_rates(shop.files))
        return StatedRate(rate=found.rate, date=found.on, source=found.published_by)
    return None
