"""Time sheets as programs write them: which program wrote one, and its rows."""

from q2c.exchange.timesheet.cells import Reading
from q2c.exchange.timesheet.kinds import KINDS, kind_of, read_rows

__all__ = ["KINDS", "Reading", "kind_of", "read_rows"]
