"""q2c invoice duplicate: the lines of an invoice as the draft of a new quote."""

from decimal import Decimal

from msgspec.structs import replace

from q2c.commands.books import read_books
from q2c.commands.call import Commit, DateOption, DryRun, Message, today
from q2c.commands.desk import desk
from q2c.commands.invoices.invoice import Number
from q2c.commands.output import check_fields, following, hint, say
from q2c.commands.quotes.offering import rate_of
from q2c.commands.quotes.offertold import quote_told
from q2c.commands.quotes.quoting import as_row
from q2c.core.catalog import Catalog
from q2c.core.fault import Fault, Invalid
from q2c.core.invoice import Invoice, InvoiceLine
from q2c.core.money import Money
from q2c.core.period import Day, interval
from q2c.core.quote import Draft, DraftLine, valid_until
from q2c.store.draftfile import draft_file
from q2c.store.invoices import read_invoice
from q2c.store.orders import read_order
from q2c.store.quotes import path_of, quote_numbers
from q2c.store.series import following as next_numbers
from q2c.store.shop import quoted, read_shop
from q2c.store.tree import Tree
from q2c.store.writing import Change

PLACES = 6  # decimals that a price of a unit may have


def duplicate_invoice(
    number: Number,
    *,
    day: DateOption = None,
    dry_run: DryRun = False,
    commit: Commit = None,
    message: Message = "",
) -> None:
    """Draft a quote with the lines of an invoice, at the prices that were invoiced.

    What is invoiced follows from what was agreed, so the same again is agreed first.

    Example: q2c invoice duplicate F-2026-0004
    """
    with desk(dry_run=dry_run, commit=commit, message=message) as work:
        shop, books = read_shop(work.tree), read_books(work.tree)
        on = today(shop.company.time_zone, day)
        source = read_invoice(work.tree, books.records, number)
        _refuse_deposit(source, work.tree)
        until = valid_until(on, shop.company.terms.quote_valid_days)
        draft = _draft(source, shop.shelf.catalog, on, until)
        draft = replace(draft, exchange=rate_of(shop, source.currency, on))
        numbers = next_numbers(quote_numbers(work.tree), shop.company.series.quote, on.year)
        made = next(numbers)
        quote = quoted(shop, made, draft)
        check_fields(as_row(quote, (), on))
        change = Change(created={path_of(made, "quote.yaml"): draft_file(draft)})
        told = work.write(change, f"Draft {made} after {number}")
    say(as_row(quote, (), on), f"{quote_told(quote, 'draft')}\n{told}")
    by_list = [line.id for line in source.lines if _price(line) is None]
    if by_list:
        hint(f"At the price of today, since no price of a unit gives theirs: {', '.join(by_list)}.")
    if not dry_run:
        following(f"q2c quote send {made}   (or edit the file first)")


def _refuse_deposit(source: Invoice, files: Tree) -> None:
    """Refuse a deposit invoice, whose lines are of no product."""
    if source.scheduled == "deposit":
        message = f"{source.number} asks for a deposit of {source.order}, and sells nothing itself."
        quote = read_order(files, source.order).source.partition("/")[0]
        remedy = f"Draft what it is a deposit of anew: q2c quote duplicate {quote}"
        raise Invalid(Fault("deposit-duplicated", message, remedy=remedy))


def _draft(source: Invoice, catalog: Catalog, on: Day, until: Day) -> Draft:
    inclusive = all(line.with_vat is not None for line in source.lines)
    return Draft(
        customer=source.customer,
        date=on,
        valid_until=until,
        currency=source.currency,
        title=source.title or None,
        prices_include_vat=inclusive,
        cost_centre=source.cost_centre or None,
        due_days=(source.due_on - source.issued_on).days,
        lines=tuple(_line(line, catalog) for line in source.lines),
    )


def _line(line: InvoiceLine, catalog: Catalog) -> DraftLine:
    """Make a line of a draft; of what recurs it is one period."""
    product = catalog.products.get(line.product)
    term = str(interval(product.every)) if product and product.every else None
    return DraftLine(product=line.product, quantity=line.quantity, price=_price(line), term=term)


def _price(line: InvoiceLine) -> Decimal | None:
    """Give the price of a unit that makes the amount of a line again, or nothing."""
    amount = line.net if line.with_vat is None else line.with_vat
    if not line.quantity or line.percent is not None:
        return None
    if line.service:
        return line.unit_price  # a part of a period costs less
    price = round(amount.amount / line.quantity, PLACES).normalize()
    same = Money.of(price * line.quantity, amount.currency) == amount
    return Decimal(f"{price:f}") if same else None
