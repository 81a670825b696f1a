"""The nouns of what falls due: where it is asked from, what happened, and what is owed of it."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from q2c.core.claim.parts import Deducted
from q2c.core.fault import Fault
from q2c.core.money import Money
from q2c.core.order import Delivery, OrderLine
from q2c.core.party import Company, Customer
from q2c.core.period import Period
from q2c.core.plural import Units
from q2c.core.subscription import Change
from q2c.core.tax import VatRate
from q2c.core.trace import Step
from q2c.core.usage.metering import Reading
from q2c.core.usage.worked import Worked


class Placing(Struct, frozen=True, kw_only=True):
    """All that a claim needs besides its order: the parties, the rates, the days."""

    company: Company
    customer: Customer
    vat_rates: tuple[VatRate, ...]
    through: date
    issue_on: date


class Facts(Struct, frozen=True, kw_only=True):
    """What happened of an order: what was delivered, and what was changed of what recurs.

    The last `ahead` of the `deliveries` nobody recorded: they are by a day or a tag. `deposits`
    are those that were invoiced, and still stand; `unclear` is what has to be seen to first.
    `units` are the words for units of the order's language.
    """

    deliveries: tuple[Delivery, ...] = ()
    ahead: int = 0
    changes: tuple[Change, ...] = ()
    deposits: tuple[Deducted, ...] = ()
    readings: tuple[Reading, ...] = ()
    unclear: tuple[Fault, ...] = ()
    units: Units = Units()


class Due(Struct, frozen=True, kw_only=True):
    """What is claimed of an order line, before tax; `gross` is without discounts, if it has any.

    `with_vat` is what it is with VAT, where its price includes that; then `gross` does, too.

    Below zero it goes back to the customer: then `reduces` is the key of the charge that billed
    it, and `service` the days that it is for; what that charge has too little for goes off those
    `before` it, the last first. `text` is said below the text of its line, and `line` is the order
    line as it stands by then, where it was changed. `worked` are its hours.
    """

    keys: tuple[str, ...]
    quantity: Decimal
    net: Money
    gross: Money | None = None
    with_vat: Money | None = None
    supplied: Period
    service: Period | None = None
    reduces: str = ""
    before: tuple[str, ...] = ()
    text: str = ""
    line: OrderLine | None = None
    worked: tuple[Worked, ...] = ()
    steps: tuple[Step, ...] = ()
