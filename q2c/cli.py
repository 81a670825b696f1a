"""The q2c program: its commands, what a refusal costs, and nothing that takes time to load."""

from __future__ import annotations

import gc
import os
import sys

from q2c import __version__

TYPE_CHECKING = False  # the name is what type checkers look for; `typing` takes time to load
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, NoReturn

# What a person types, where its function is, what it does, and a spelling that is also taken.
# The help of the tree is made from this table, so that showing it loads no command.
COMMANDS: tuple[tuple[str, str, str, str], ...] = (
    ("init", "q2c.commands.init:init", "Make a workspace.", ""),
    ("catalog list", "q2c.commands.catalog:list_catalog", "List what is sold.", ""),
    (
        "catalog show",
        "q2c.commands.catalog:show_item",
        "Show a product, bundle, rule, schedule, promotion or price list.",
        "",
    ),
    ("catalog price", "q2c.commands.catalog_price:price_item", "Say what a quantity costs.", ""),
    (
        "catalog check",
        "q2c.commands.catalog_check:check_catalog",
        "Look for what is wrong or doubtful about prices.",
        "",
    ),
    ("catalog diff", "q2c.commands.catalog_diff:diff_catalogs", "Say what changed in prices.", ""),
    (
        "catalog import",
        "q2c.commands.catalog_import:import_prices",
        "Create and update products, or the prices of a list, from a price sheet.",
        "",
    ),
    (
        "catalog export",
        "q2c.commands.catalog_import:export_prices",
        "Write the products as a price sheet that q2c catalog import reads.",
        "",
    ),
    ("check", "q2c.commands.check:check", "Check every file of the workspace.", ""),
    (
        "schema export",
        "q2c.commands.schema:export",
        "Write a JSON Schema of every kind of file.",
        "",
    ),
    ("config list", "q2c.commands.config:list_settings", "List every setting.", ""),
    ("config get", "q2c.commands.config:get_setting", "Show one setting.", ""),
    ("config set", "q2c.commands.config:set_setting", "Write one setting to q2c.toml.", ""),
    ("customer new", "q2c.commands.customer:new_customer", "Write the file of a new customer.", ""),
    ("customer list", "q2c.commands.customer:list_customers", "List the customers.", ""),
    (
        "customer show",
        "q2c.commands.customer:show_customer",
        "Show one customer, with everything that belongs to it in the order of days.",
        "",
    ),
    (
        "customer note",
        "q2c.commands.customer_note:note_customer",
        "Write down what was said or done with a customer.",
        "",
    ),
    (
        "customer import",
        "q2c.commands.customer_import:import_customers",
        "Write the files of new customers from a list, with their contacts.",
        "",
    ),
    (
        "customer duplicates",
        "q2c.commands.customer_likeness:list_duplicates",
        "List customers that may be the same one, and what they share.",
        "",
    ),
    (
        "opportunity new",
        "q2c.commands.pursuing:new_opportunity",
        "Write down what may be sold to a customer.",
        "",
    ),
    (
        "opportunity list",
        "q2c.commands.opportunity:list_opportunities",
        "List what may be sold, how far it is, and what it counts for.",
        "",
    ),
    (
        "opportunity show",
        "q2c.commands.opportunity:show_opportunity",
        "Show an opportunity: its stages and their days, its quotes and orders.",
        "",
    ),
    (
        "opportunity move",
        "q2c.commands.pursuing:move_opportunity",
        "Record that an opportunity came to another stage.",
        "",
    ),
    (
        "opportunity lost",
        "q2c.commands.pursuing:lose_opportunity",
        "Record that an opportunity was lost, and why.",
        "",
    ),
    ("quote new", "q2c.commands.offering:new_quote", "Draft a quote.", ""),
    (
        "quote list",
        "q2c.commands.quote:list_quotes",
        "List the quotes, and how each stands today.",
        "",
    ),
    (
        "quote show",
        "q2c.commands.showing:show_quote",
        "Show a quote: the version that was sent, or the draft as it is priced now.",
        "",
    ),
    (
        "quote edit",
        "q2c.commands.editing:edit_quote",
        "Edit a draft with $VISUAL or $EDITOR; it is checked before it takes the old one's place.",
        "",
    ),
    ("quote render", "q2c.commands.quote:render_quote", "Draw a quote as a PDF.", ""),
    (
        "quote merge",
        "q2c.commands.merging:merge_quotes",
        "Merge the draft of another branch into the one here, line by line and field by field.",
        "",
    ),
    (
        "quote diff",
        "q2c.commands.comparing:diff_quotes",
        "Say what differs between two quotes in money and terms; the order of lines is no "
        "difference.",
        "",
    ),
    (
        "quote approve",
        "q2c.commands.approving:approve_quote",
        "Approve a quote or refuse it, as the person whom git knows.",
        "",
    ),
    (
        "quote approvals",
        "q2c.commands.approving:list_approvals",
        "Show which approvals a quote needs, from whom, and how each stands.",
        "",
    ),
    (
        "quote send",
        "q2c.commands.sending:send_quote",
        "Issue a quote as a version that nothing changes, with its PDF.",
        "",
    ),
    (
        "quote accept",
        "q2c.commands.accepting:accept_quote",
        "Record that a quote was accepted; this makes the contract and the order.",
        "",
    ),
    (
        "quote decline",
        "q2c.commands.declining:decline_quote",
        "Record that a quote was declined, and why.",
        "",
    ),
    (
        "quote revise",
        "q2c.commands.revising:revise_quote",
        "Offer a quote anew: its draft gets today's date and prices, for its next version.",
        "",
    ),
    (
        "quote duplicate",
        "q2c.commands.revising:duplicate_quote",
        "Draft a new quote with the lines and terms of another.",
        "",
    ),
    (
        "quote void",
        "q2c.commands.declining:void_quote",
        "Make a quote void: nothing of it can be accepted, sent or revised any longer.",
        "",
    ),
    ("contract list", "q2c.commands.contract:list_contracts", "List the contracts.", ""),
    (
        "contract show",
        "q2c.commands.contract:show_contract",
        "Show a contract with its clauses.",
        "",
    ),
    ("contract render", "q2c.commands.contract:render_contract", "Draw a contract as a PDF.", ""),
    (
        "order list",
        "q2c.commands.order:list_orders",
        "List the orders, and whether they are executed.",
        "",
    ),
    (
        "order show",
        "q2c.commands.order:show_order",
        "Show an order: its lines, and what was delivered of them.",
        "",
    ),
    (
        "order deliver",
        "q2c.commands.order:deliver",
        "Record a delivery of goods, hours or milestones.",
        "",
    ),
    (
        "time import",
        "q2c.commands.time:import_time",
        "Record the hours of a time sheet as deliveries of their orders.",
        "",
    ),
    ("time show", "q2c.commands.time:show_time", "List the hours that are recorded.", ""),
    (
        "invoice plan",
        "q2c.commands.plan:plan_invoices",
        "Show what is due, and keep it as a plan; nothing is issued.",
        "",
    ),
    (
        "invoice run",
        "q2c.commands.invoice:run_invoices",
        "Show what is due, ask, and issue it.",
        "",
    ),
    (
        "invoice list",
        "q2c.commands.invoice:list_invoices",
        "List invoices and credit notes, with what is open on each.",
        "",
    ),
    ("invoice show", "q2c.commands.invoice:show_invoice", "Show an invoice or a credit note.", ""),
    (
        "invoice render",
        "q2c.commands.invoice:render_invoice",
        "Draw an issued invoice or credit note again, from what it was issued with.",
        "",
    ),
    (
        "invoice credit",
        "q2c.commands.invoice:credit_invoice",
        "Credit an invoice, whole or by line; the credit note names it.",
        "",
    ),
    ("plan show", "q2c.commands.plan:show_plan", "Show what a plan would issue.", ""),
    (
        "apply",
        "q2c.commands.apply:apply",
        "Issue the invoices of a plan, each once; after a stop it goes on.",
        "",
    ),
    (
        "payment record",
        "q2c.commands.payment:record_payment",
        "Record a payment of one invoice or of several, settled in the order given.",
        "",
    ),
    (
        "payment list",
        "q2c.commands.payment:list_payments",
        "List what was paid, by whom and for which invoices.",
        "",
    ),
    (
        "revenue recognise",
        "q2c.commands.revenue:recognise",
        "Post the revenue of a month; months that were skipped come first.",
        "recognize",
    ),
    (
        "revenue waterfall",
        "q2c.commands.revenue:waterfall",
        "Show by order line what was invoiced and earned, and what is left between.",
        "",
    ),
    ("ledger show", "q2c.commands.ledger:show_ledger", "Show the entries of the ledger.", ""),
    (
        "ledger verify",
        "q2c.commands.ledger:verify_ledger",
        "Check that nothing in the ledger was changed, and that it adds up.",
        "",
    ),
    (
        "ledger balance",
        "q2c.commands.ledger:balance",
        "Add up every role and currency, checking the chain on the way.",
        "",
    ),
    ("ledger export", "q2c.commands.ledger:export", "Write the ledger for another program.", ""),
    (
        "why",
        "q2c.commands.why:why",
        "Say how an amount came about, back to the price and the commit it stood in.",
        "",
    ),
    (
        "verify",
        "q2c.commands.verify:verify",
        "Draw issued documents again and compare every byte.",
        "",
    ),
    (
        "status",
        "q2c.commands.status:status",
        "Show what waits for somebody, and how the books stand.",
        "",
    ),
    ("doctor", "q2c.commands.doctor:doctor", "Check the machine and the workspace.", ""),
    ("explain", "q2c.commands.explain:explain", "Explain the code of a fault.", ""),
)
NOUNS: dict[str, tuple[str, str]] = {
    "invoice": ("What is due, issued, shown and credited.", ""),
    "ledger": ("What happened, and what it adds up to.", ""),
    "payment": ("Money that came in.", ""),
    "plan": ("What a run would issue.", ""),
    "revenue": ("What was earned, month by month.", ""),
    "schema": ("Descriptions of the files, for editors.", ""),
    "catalog": ("What is sold, and what it costs.", "catalogue"),
    "config": ("Settings of the program, in q2c.toml.", ""),
    "customer": ("Who buys.", ""),
    "opportunity": ("What may be sold, how far it has come, and why it was lost.", "lead"),
    "quote": ("Offers, from the draft to what became of them.", ""),
    "contract": ("What was agreed.", ""),
    "order": ("What is to be delivered, and what has been.", ""),
    "time": ("Working time from time sheets.", ""),
}
ABOUT = "Quote to cash over plain files: quotes, contracts, invoices and a ledger, kept in git."
SHORT = f"""{ABOUT}

  q2c init nordlys                      make a workspace
  q2c quote new fjord-foods             offer something
  q2c invoice run --through 2026-11-30  bill what is due

q2c --help lists every command; q2c COMMAND --help shows how it is used.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command that the words name; give the exit status."""
    if words is None:
        # A command lives for a moment: looking for garbage less often starts it sooner.
        gc.set_threshold(100_000, 50, 50)
        _leave(main(sys.argv[1:]))
    if list(words) == ["--version"]:  # before anything is loaded
        return _version()
    try:
        from q2c.commands.running import run

        return run(tree, list(words))
    except KeyboardInterrupt:  # while the program was still loading
        sys.stderr.write("Stopped. Nothing was written.\n")
        return 130


def _version() -> int:
    """Say which version this is; fail where that cannot be written."""
    try:
        sys.stdout.write(f"q2c {__version__}\n")
    except (AttributeError, OSError):  # the stream is closed, or its disk full
        return 1
    return 0


def _leave(status: int) -> NoReturn:
    """End the process, and leave it to the system to take everything back at once.

    Python would take its modules apart one by one, a tenth of the time of a short command.
    Nothing waits for that: files are closed where they are opened, and no thread runs.
    """
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError):  # it was told already, or there is nobody to tell
            status = status or 1
    os._exit(status)


def tree() -> Any:  # noqa: ANN401 - Typer keeps the type private
    """Make the tree of commands; their modules are imported when used."""
    from q2c.commands.frame import Tree

    top = Tree("q2c", ABOUT, {}, short=SHORT)
    for words, target, told, spelling in COMMANDS:
        noun, _, verb = words.rpartition(" ")
        for group in _groups(top, noun, Tree):
            _add(group, (verb, spelling), target, told)
    return top


def _groups(top: Any, noun: str, make: Callable[..., Any]) -> Iterable[Any]:  # noqa: ANN401 - as above
    """Find a noun's groups, its own and that of its other spelling; make them if need be."""
    if not noun:
        return [top]
    told, spelling = NOUNS[noun]
    for name in filter(None, (noun, spelling)):
        if name not in top.commands:
            top.add_command(make(name, told, {}, hidden=name == spelling))
    return [top.commands[name] for name in (noun, spelling) if name]


def _add(group: Any, names: tuple[str, str], target: str, told: str) -> None:  # noqa: ANN401 - as above
    from q2c.commands.frame import Verb

    name, spelling = names
    group.add_command(Verb(name, target, told))
    if spelling:
        group.add_command(Verb(spelling, target, told, hidden=True))
