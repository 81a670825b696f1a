"""q2c order confirm: the confirmation that a customer gets of an order."""

from datetime import date

from q2c.commands.call import At, DateOption
from q2c.commands.desk import frozen_look, tree
from q2c.commands.ondemand import Out, common, put
from q2c.commands.orders.named import Number
from q2c.commands.output import say
from q2c.core.billing import po_of
from q2c.core.money import total
from q2c.documents.confirmation import Confirmation, confirmation_pdf
from q2c.store.master import read_customer
from q2c.store.orders import read_contract, read_order
from q2c.store.tree import Tree


def confirm_order(number: Number, *, day: DateOption = None, out: Out = None, at: At = "") -> None:
    """Draw the confirmation of an order: lines, terms, payments and totals as they were agreed.

    Nothing is recorded by it.

    Example: q2c order confirm O-2026-0001 --out confirmation.pdf
    """
    files = tree(at)
    made = confirmation_of(files, number, day)
    look = frozen_look(files, made.order.language).look
    place, told = put(out, f"{number}.confirmation", confirmation_pdf(made, look))
    agreed = made.contract
    vat = total((row.vat for row in agreed.vat), agreed.currency)
    sums = {"net": agreed.net, "vat": vat, "total": agreed.net + vat}
    row = {"order": number, "customer": made.customer, "date": made.made_on, "po": made.po}
    say({**row, **sums, **place}, told)


def confirmation_of(files: Tree, number: str, day: date | None = None) -> Confirmation:
    """Gather what the confirmation of an order says."""
    order = read_order(files, number)
    customer = read_customer(files, order.customer)
    return Confirmation(
        **common(files, customer, day, invoice=False),
        order=order,
        contract=read_contract(files, order.contract),
        po=po_of(order, customer),
    )
