"""What a meter counts: events, aggregated to readings by order line and period."""

from q2c.core.usage.metering.admission import (
    Admission,
    Late,
    admitted,
    billed_periods,
)
from q2c.core.usage.metering.aggregation import Tally, levels_of, weighted
from q2c.core.usage.metering.days import EPOCH, MICROSECOND, Days
from q2c.core.usage.metering.events import Event, digests, quantity_of
from q2c.core.usage.metering.gathering import Asked, Kept, Levelled, readings
from q2c.core.usage.metering.meters import Meter, Meters, by_events, meter_faults
from q2c.core.usage.metering.readings import (
    Calendar,
    Group,
    Reading,
    Span,
    Spot,
    Spots,
    fitting,
    key_of,
    settled_of,
    spots_of,
    stem_of,
    unsettled,
)

__all__ = [
    "EPOCH",
    "MICROSECOND",
    "Admission",
    "Asked",
    "Calendar",
    "Days",
    "Event",
    "Group",
    "Kept",
    "Late",
    "Levelled",
    "Meter",
    "Meters",
    "Reading",
    "Span",
    "Spot",
    "Spots",
    "Tally",
    "admitted",
    "billed_periods",
    "by_events",
    "digests",
    "fitting",
    "key_of",
    "levels_of",
    "meter_faults",
    "quantity_of",
    "readings",
    "settled_of",
    "spots_of",
    "stem_of",
    "unsettled",
    "weighted",
]
