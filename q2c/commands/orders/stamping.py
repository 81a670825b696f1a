"""Who recorded a delivery, when and how."""

from msgspec.structs import replace

from q2c.commands.desk import Stamp
from q2c.core.order import Delivery


def stamped_delivery(delivery: Delivery, mark: Stamp) -> Delivery:
    """Write into a delivery who recorded it, when and how."""
    return replace(
        delivery,
        recorded=mark.recorded,
        recorded_by=mark.by,
        commit=mark.commit,
        program=mark.program,
    )
