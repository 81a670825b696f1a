"""Names: what a person types, where its function is, and what it does."""

from q2c.commands.names.billing import BILLING
from q2c.commands.names.looking import LOOKING
from q2c.commands.names.selling import SELLING

# What a person types, where its function is, what it does, and a spelling that is also taken.
# The help of the tree is made from this table, so that showing it loads no command.
COMMANDS = (*SELLING, *BILLING, *LOOKING)
NOUNS: dict[str, tuple[str, str]] = {
    "einvoice": ("E-invoices and orders that others send.", ""),
    "invoice": ("What is due, issued, shown and credited.", ""),
    "ledger": ("What happened, and what it adds up to.", ""),
    "payment": ("Money that came in.", ""),
    "plan": ("What a run would issue.", ""),
    "revenue": ("What was earned, month by month.", ""),
    "schema": ("Descriptions of the files, for editors.", ""),
    "catalog": ("What is sold, and what it costs.", "catalogue"),
    "ci": ("Invoices from a tag, issued by a runner.", ""),
    "config": ("Settings of the program, in q2c.toml.", ""),
    "customer": ("Who buys.", ""),
    "opportunity": ("What may be sold, how far it has come, and why it was lost.", "lead"),
    "quote": ("Offers, from the draft to what became of them.", ""),
    "contract": ("What was agreed.", ""),
    "order": ("What is to be delivered, what has been, and what is agreed otherwise.", ""),
    "usage": ("Events of meters, what they come to, and what that costs.", ""),
    "theme": ("What documents look like.", ""),
    "time": ("Working time, expenses and prepaid hours.", ""),
}
