"""How what is taxed, or not, is called on a screen."""

from decimal import Decimal

CATEGORIES = {
    "AE": "reverse charge",
    "K": "intra-community",
    "G": "export",
    "E": "exempt",
}


def label_of(category: str, rate: Decimal) -> str:
    """Say in words how something is taxed."""
    return CATEGORIES.get(category, f"at {rate:f} %")
