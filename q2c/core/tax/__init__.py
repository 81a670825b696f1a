"""VAT: which is owed on what, and what it comes to."""

from q2c.core.tax.totals import EN_16931, Rounding, VatTotal, to_steps, vat_totals
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
    "Treatment",
    "VatRate",
    "VatRates",
    "VatTotal",
    "to_steps",
    "treatment",
    "vat_faults",
    "vat_totals",
]
