"""Sharing: an agreed price over the parts that it is for."""

from collections.abc import Sequence

from q2c.core.money import Money, allocate


def split(whole: Money, stand_alone: Sequence[Money]) -> tuple[Money, ...]:
    """Split an agreed price over parts by their stand-alone prices (IFRS 15.76).

    Lost minor units go to the largest remainders; parts that are all free share equally.
    """
    weights = [part.minor for part in stand_alone]
    return allocate(whole, weights if any(weights) else [1] * len(weights))
