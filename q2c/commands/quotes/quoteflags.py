"""The flags of a new quote: what each may say, and how it is read."""

from typing import Annotated, Literal

import typer

from q2c.commands.quotes.drafting import read_clause, read_deposit, read_payment, read_rate
from q2c.commands.quotes.linewords import AskedLine, read_discount, read_line
from q2c.commands.words import Pick, read_day, read_every, read_note, read_pick
from q2c.core.period import Day
from q2c.core.quote import Clause, Discount, Payment, StatedRate

LONGEST_WAIT = 3650

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="A customer's id.")]
Lines = Annotated[
    list[AskedLine] | None,
    typer.Option(
        "--line", parser=read_line, metavar="PRODUCT[:QTY][,KEY=VALUE]", help="What is offered."
    ),
]
Of = Annotated[
    str, typer.Option("--opportunity", metavar="ID", help="Its customer, title and lines.")
]
Choose = Annotated[
    list[Pick] | None,
    typer.Option(
        "--choose", parser=read_pick, metavar="GROUP=CHOICE", help="Which alternative counts."
    ),
]
Discounts = Annotated[
    list[Discount] | None,
    typer.Option(
        "--discount", parser=read_discount, metavar="10%[:WHY]", help="Off the whole quote."
    ),
]
Codes = Annotated[
    list[str] | None, typer.Option("--promo", metavar="CODE", help="A promotion's code.")
]
Term = Annotated[str, typer.Option("--term", metavar="LENGTH", help="Of what recurs: 12m, 1 year.")]
Every = Annotated[
    str | None,
    typer.Option(
        "--every", parser=read_every, metavar="PERIOD", help="How often what recurs is billed."
    ),
]
Starts = Annotated[
    Day | None,
    typer.Option("--starts", parser=read_day, metavar="DAY", help="First day of what recurs."),
]
Ends = Annotated[
    Day | None,
    typer.Option("--ends", parser=read_day, metavar="DAY", help="Last day of what recurs."),
]
EndsWith = Annotated[
    str,
    typer.Option("--ends-with", metavar="LINE", help="Ends with an order line: O-2026-0001/1."),
]
Until = Annotated[
    Day | None,
    typer.Option("--valid-until", parser=read_day, metavar="DAY", help="Last day of the offer."),
]
Currency = Annotated[
    str, typer.Option("--currency", metavar="CODE", help="Not the customer's usual one.")
]
Exchange = Annotated[
    StatedRate | None,
    typer.Option(
        "--exchange", parser=read_rate, metavar="RATE@DAY:SOURCE", help="A rate that is stated."
    ),
]
Prices = Annotated[
    Literal["with-vat", "without-vat"],
    typer.Option("--prices", help="Whether the prices include VAT."),
]
CostCentre = Annotated[
    str, typer.Option("--cost-centre", metavar="TEXT", help="The customer's, for its invoices.")
]
DueDays = Annotated[
    int | None,
    typer.Option(
        "--due-days", min=0, max=LONGEST_WAIT, metavar="N", help="Days to pay an invoice."
    ),
]
Deposit = Annotated[
    Payment | None,
    typer.Option("--deposit", parser=read_deposit, metavar="30%", help="Due on acceptance."),
]
Payments = Annotated[
    list[Payment] | None,
    typer.Option(
        "--payment", parser=read_payment, metavar="30%@acceptance", help="A part, and when."
    ),
]
Clauses = Annotated[
    list[Clause] | None,
    typer.Option("--clause", parser=read_clause, metavar="NAME=TEXT", help="Of the contract."),
]
Attachments = Annotated[
    list[str] | None, typer.Option("--attach", metavar="PATH", help="A file that goes along.")
]
Title = Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is about.")]
Intro = Annotated[
    str, typer.Option("--intro", parser=read_note, metavar="TEXT", help="Said above the lines.")
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Said below the lines.")]
