"""What is owed: open items and payments, a customer's account, interest on what is late."""

from q2c.core.receivable.interest import (
    Interest,
    Late,
    ReferenceRate,
    ReferenceRates,
    interest_on,
    late_of,
    reference_faults,
)
from q2c.core.receivable.items import (
    Dues,
    OpenItem,
    Payment,
    Settlement,
    next_due,
    open_items,
    overdue,
    owed_by,
    payment_entry,
    payment_id,
    settle,
)
from q2c.core.receivable.statement import (
    AGES,
    Account,
    Aged,
    Movement,
    aged_of,
    statement_of,
)

__all__ = [
    "AGES",
    "Account",
    "Aged",
    "Dues",
    "Interest",
    "Late",
    "Movement",
    "OpenItem",
    "Payment",
    "ReferenceRate",
    "ReferenceRates",
    "Settlement",
    "aged_of",
    "interest_on",
    "late_of",
    "next_due",
    "open_items",
    "overdue",
    "owed_by",
    "payment_entry",
    "payment_id",
    "reference_faults",
    "settle",
    "statement_of",
]
