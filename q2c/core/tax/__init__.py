"""VAT: which is owed on what, and what it comes to."""

from q2c.core.tax.totals import (
    EN_16931,
    Rounding,
    Taxable,
    VatTotal,
    kind_of,
    to_steps,
    vat_inside,
    vat_of,
    vat_totals,
    without_vat,
)
from q2c.core.tax.treating import (
    EU,
    REASONS,
    Category,
    Supplied,
    Supply,
    Treatment,
    VatRate,
    VatRates,
    treatment,
    vat_faults,
)

__all__ = [
    "EN_16931",
    "EU",
    "REASONS",
    "Category",
    "Rounding",
    "Supplied",
    "Supply",
    "Taxable",
    "Treatment",
    "VatRate",
    "VatRates",
    "VatTotal",
    "kind_of",
    "to_steps",
    "treatment",
    "vat_faults",
    "vat_inside",
    "vat_of",
    "vat_totals",
    "without_vat",
]
