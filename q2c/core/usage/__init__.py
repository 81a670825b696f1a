"""What was used of an order: working time, and what a meter counts."""

from q2c.core.usage.staff import Person, Project, Projects, Staff
from q2c.core.usage.time import TimeRow, Yard, as_deliveries, keyed

__all__ = [
    "Person",
    "Project",
    "Projects",
    "Staff",
    "TimeRow",
    "Yard",
    "as_deliveries",
    "keyed",
]
