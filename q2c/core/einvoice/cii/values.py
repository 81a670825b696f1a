"""How CII says days, periods and codes that other syntaxes say otherwise."""

from q2c.core.einvoice.table import Leaf, Part, also, within

# VAT is due by a date that is named with UNTDID 2005 in EN 16931-1 and in UBL, with 2475 in CII.
VAT_DATES = {"3": "5", "35": "29", "432": "72"}


def day(path: str, term: str) -> Part:
    """Place a day, which is digits in an element of its own; others write it with dashes."""
    return within(
        path,
        Leaf(name="udt:DateTimeString", term=term, form="day"),
        also("udt:DateTime", term, "day"),
    )


def period(starts: str, ends: str) -> Part:
    """Place a period."""
    return within(
        "ram:BillingSpecifiedPeriod",
        day("ram:StartDateTime", starts),
        day("ram:EndDateTime", ends),
    )
