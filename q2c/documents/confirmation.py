"""Order confirmations: what was agreed, as the seller has taken it into its books."""

from collections.abc import Iterator

from q2c.core.contract import Contract
from q2c.core.money import total
from q2c.core.order import Order
from q2c.core.quote.figures import due_parts
from q2c.documents.contract import contract_sums
from q2c.documents.draw import drawn
from q2c.documents.language import Language, day, period
from q2c.documents.look import Look
from q2c.documents.offered import offered_table
from q2c.documents.ondemand import OnDemand, delivered_to, sheet_of
from q2c.documents.parts import several_untaxed
from q2c.documents.payments import payment_plan, recurring_plan
from q2c.documents.sheet import Fact, Sheet, Table


class Confirmation(OnDemand, frozen=True, kw_only=True):
    """What an order confirmation says; prices and VAT are those of the contract."""

    order: Order
    contract: Contract
    po: str = ""


def confirmation_pdf(confirmation: Confirmation, look: Look) -> bytes:
    """Draw an order confirmation."""
    return drawn(confirmation_sheet(confirmation, look), look)


def confirmation_sheet(confirmation: Confirmation, look: Look) -> Sheet:
    """Write out everything that an order confirmation says."""
    lang, agreed = look.language, confirmation.contract
    several = several_untaxed(agreed.vat)
    return sheet_of(
        confirmation,
        look,
        "order_confirmation",
        title=lang.say("order_confirmation"),
        number=confirmation.order.number,
        told=_facts(lang, confirmation),
        text=lang.say("confirm_text"),
        notes=_notes(lang, confirmation),
        others=delivered_to(confirmation, look),
        subject=confirmation.order.title,
        table=offered_table(lang, agreed.lines, agreed.currency, several=several),
        sums=contract_sums(lang, agreed),
        blocks=tuple(_blocks(lang, agreed)),
    )


def _facts(lang: Language, confirmation: Confirmation) -> Iterator[tuple[str, str]]:
    agreed = confirmation.contract
    yield "document_date", day(lang, confirmation.made_on)
    yield "agreed_on", day(lang, agreed.agreed_on)
    yield "term", period(lang, agreed.term) if agreed.term else ""
    yield "customer_number", confirmation.customer
    yield "your_order", confirmation.po
    yield "your_reference", confirmation.buyer.reference
    yield "your_vat", confirmation.buyer.vat_id
    yield "our_reference", confirmation.seller.reference
    yield "our_quote", agreed.source
    yield "our_contract", agreed.number


def _blocks(lang: Language, agreed: Contract) -> Iterator[Table]:
    """Write what recurs and when it is paid."""
    whole = agreed.net + total((row.vat for row in agreed.vat), agreed.currency)
    yield from recurring_plan(lang, agreed.lines, agreed.currency)
    parts = due_parts(agreed.payments, whole)
    yield from payment_plan(lang, agreed.payments, parts, agreed.currency)


def _notes(lang: Language, confirmation: Confirmation) -> Iterator[Fact]:
    days = confirmation.order.due_days
    due = lang.say("terms_days", days=str(days)) if days else lang.say("terms_at_once")
    if not confirmation.contract.payments:
        yield Fact(lang.say("terms"), due)
    if confirmation.contract.note:
        yield Fact(lang.say("note"), confirmation.contract.note)
