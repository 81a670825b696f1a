"""Measures: what the figures of a month say beside those of another."""

from q2c.core.measure.movement import Billed, Known, Movement, billed_of, movements

__all__ = ["Billed", "Known", "Movement", "billed_of", "movements"]
