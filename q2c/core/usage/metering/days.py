"""Days: on which day a time falls where the company is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND, QUARTER = 1_000_000, 900_000_000  # offsets change at quarters of an hour only
DAY_SECONDS, FIRST_DAY = 86_400, EPOCH.toordinal()


class Days:
    """The days of a time zone; times are microseconds since 1970 (UTC), days are ordinals."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._offsets: dict[int, int] = {}

    def of(self, at: int) -> int:
        """Give the day of a time."""
        quarter = at // QUARTER
        offset = self._offsets.get(quarter)
        if offset is None:
            local = (EPOCH + timedelta(microseconds=quarter * QUARTER)).astimezone(self._zone)
            gap = local.utcoffset()
            assert gap is not None, "a zone has an offset"
            offset = self._offsets[quarter] = int(gap.total_seconds())
        return FIRST_DAY + (at // SECOND + offset) // DAY_SECONDS

    def starts(self, day: int) -> int:
        """Give the time at which a day begins."""
        local = datetime.fromordinal(day).replace(tzinfo=self._zone)
        return (local - EPOCH) // MICROSECOND
