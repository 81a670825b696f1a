"""A group of terms: what an e-invoice says, keyed by the numbers of EN 16931-1."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

# By "BT-1", or "BG-25" for a group that may be there several times. The scheme of an identifier
# has a key of its own, as in the standard: "BT-30" and "BT-30-1". What may be said several times
# with a scheme is a group each: {"BT-29": ({"BT-29": "7300010000001", "BT-29-1": "0088"},)}.
Value: TypeAlias = str | Decimal | date | bytes
Group: TypeAlias = Mapping[str, "Value | tuple[Group, ...]"]
