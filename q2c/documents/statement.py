"""Statements of account: what moved a customer's account, what is open of it, and how old."""

from collections.abc import Iterator

from q2c.core.money import Money
from q2c.core.period import Period
from q2c.core.receivable import AGES, Account, Movement
from q2c.documents.draw import drawn
from q2c.documents.language import Language, amount, day, money, period
from q2c.documents.look import Look
from q2c.documents.ondemand import OnDemand, sheet_of
from q2c.documents.sheet import Column, Row, Sheet, Table


class Statement(OnDemand, frozen=True, kw_only=True):
    """What a statement of account says: one account for each currency.

    Where it is not `since` a day it begins with the first movement, and so with nothing.
    """

    days: Period
    since: bool = True
    accounts: tuple[Account, ...]


def statement_pdf(statement: Statement, look: Look) -> bytes:
    """Draw a statement of account."""
    return drawn(statement_sheet(statement, look), look)


def statement_sheet(statement: Statement, look: Look) -> Sheet:
    """Write out everything that a statement of account says."""
    lang = look.language
    tables = [
        table for account in statement.accounts for table in _account(lang, statement, account)
    ]
    return sheet_of(
        statement,
        look,
        "statement",
        title=lang.say("statement"),
        number=day(lang, statement.days.last),
        told=_facts(lang, statement),
        table=tables[0],
        blocks=tuple(tables[1:]),
    )


def _facts(lang: Language, statement: Statement) -> Iterator[tuple[str, str]]:
    yield "document_date", day(lang, statement.made_on)
    if statement.since:
        yield "statement_period", period(lang, statement.days)
    yield "customer_number", statement.customer
    yield "your_reference", statement.buyer.reference
    yield "our_reference", statement.seller.reference
    for account in statement.accounts:
        yield "closing_balance", money(lang, account.closing)


def _account(lang: Language, statement: Statement, account: Account) -> Iterator[Table]:
    yield _movements(lang, statement, account)
    if account.items or account.advance.minor:
        yield _items(lang, statement, account)
    if any(age.minor for age in account.ages):
        yield _ages(lang, account)


def _movements(lang: Language, statement: Statement, account: Account) -> Table:
    """Write what moved the account between its opening and its closing balance."""
    begun = day(lang, statement.days.first)
    opening = _balance(lang, begun, "opening_balance", account.opening)
    closing = _balance(lang, day(lang, statement.days.last), "closing_balance", account.closing)
    heads = ("date", "what", "charged", "settled", "balance")
    still = () if account.movements else (lang.say("no_movements"),)
    return Table(
        columns=tuple(
            Column(
                lang.say(f"column_{head}"),
                right=head in {"charged", "settled", "balance"},
                gives_way=head == "what",
            )
            for head in heads
        ),
        rows=(
            *([opening] if statement.since else []),
            *(_moved(lang, one) for one in account.movements),
            closing,
        ),
        title=lang.say("account_in", currency=account.currency),
        text=" ".join(still),
    )


def _balance(lang: Language, when: str, word: str, balance: Money) -> Row:
    return Row(cells=(when, lang.say(word), "", "", amount(lang, balance)), strong=True)


def _moved(lang: Language, movement: Movement) -> Row:
    more = movement.amount.minor >= 0
    figure = amount(lang, movement.amount if more else -movement.amount)
    return Row(
        cells=(
            day(lang, movement.date),
            _name(lang, movement),
            figure if more else "",
            "" if more else figure,
            amount(lang, movement.balance),
        ),
        notes=(movement.note,) if movement.note else (),
    )


def _name(lang: Language, movement: Movement) -> str:
    items = ", ".join(movement.items)
    if movement.kind == "invoice":
        return lang.say("moved_invoice", number=movement.number)
    if movement.kind == "credit-note":
        return lang.say("moved_credit", number=movement.number, items=items)
    return lang.say("moved_payment_of", items=items) if items else lang.say("moved_payment")


def _items(lang: Language, statement: Statement, account: Account) -> Table:
    """Write what is open, and what was paid on account and counts against it."""
    on = day(lang, statement.days.last)
    rows = [
        Row(
            cells=(
                item.number,
                day(lang, item.issued_on),
                day(lang, item.due_on),
                str(item.days) if item.days else "",
                amount(lang, item.open),
            )
        )
        for item in account.items
    ]
    if account.advance.minor:
        told = (lang.say("on_account"), "", "", "", amount(lang, -account.advance))
        rows.append(Row(cells=told))
    whole = amount(lang, account.closing)
    rows.append(Row(cells=(lang.say("sum"), "", "", "", whole), strong=True))
    return Table(
        columns=(
            Column(lang.say("column_invoice"), gives_way=True),
            Column(lang.say("column_issued")),
            Column(lang.say("column_due")),
            Column(lang.say("column_late"), right=True),
            Column(lang.say("column_open", currency=account.currency), right=True),
        ),
        rows=tuple(rows),
        title=lang.say("open_items", date=on, currency=account.currency),
    )


def _ages(lang: Language, account: Account) -> Table:
    columns = (
        Column(lang.say(f"age_{age}"), right=True, gives_way=age == 0)
        for age in range(len(AGES) + 1)
    )
    row = Row(cells=tuple(amount(lang, one) for one in account.ages))
    title = lang.say("ages", currency=account.currency)
    return Table(columns=tuple(columns), rows=(row,), title=title)
