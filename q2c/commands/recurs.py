"""What recurs, told on a terminal: how many billing periods, and which days cost nothing."""

from collections.abc import Iterator

from q2c.core.order import OrderLine
from q2c.core.period import part_of
from q2c.core.quote import Line
from q2c.core.quote.periods import free_days, part_periods
from q2c.core.trace import mixed


def times_told(line: Line | OrderLine) -> str:
    """Say how many billing periods a line costs: ` × 12 months`; nothing of what is paid once."""
    if not line.every:
        return ""
    count = mixed(line.paid)
    if " " in line.every:
        return f" × {count} × {line.every}"
    return f" × {count} {line.every}{'' if line.paid == 1 else 's'}"


def terms_told(line: Line | OrderLine) -> Iterator[str]:
    """Say which days of a line cost nothing, and which billing periods it covers in part."""
    if line.parent:
        return  # an option runs with its line, which says so
    if line.trial:
        yield f"free trial: {line.trial}"
    for days in free_days(line):
        yield f"free of charge: {days}"
    for whole, days in part_periods(line):
        share = mixed(part_of(whole, days, line.proration))
        if line.proration == "days":
            yield f"{days}: {days.days} of {whole.days} days of a period"
        else:
            yield f"{days}: {share} of a period, by '{line.proration}'"
