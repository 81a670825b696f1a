"""Whether a line can be changed as it is asked, from the day that is asked."""

from collections.abc import Sequence
from typing import NoReturn

from q2c.core.fault import Fault, Invalid
from q2c.core.order import Order, OrderLine
from q2c.core.period import Period, common
from q2c.core.subscription.changes import Change
from q2c.core.subscription.state import at
from q2c.core.subscription.stretches import Stretch, stretches


def checked(order: Order, earlier: Sequence[Change], new: Change) -> Change:
    """Give a change back if it can be made of a line; refuse what does not recur or is over.

    `earlier` are the changes of that line. A day before one that was changed, or billed, already
    is none too late: what was billed is then put right.
    """
    line = order.line(new.line)
    ref = order.ref(line)
    if line.charge == "hourly" and new.kind == "price" and new.quantity is None:
        return _checked_hours(order, ref, new)
    if line.charge != "recurring" or line.service is None or line.every is None:
        _refuse("not-recurring", f"{ref} {line.name} does not recur.", _NOT_RECURRING)
    service, cut = line.service, stretches(line, earlier)
    if new.date > service.last or (new.date < service.first and new.kind != "cancel"):
        message = f"{ref} runs from {service}; {new.date} lies outside."
        _refuse("change-outside", message, "Give a day of its service with --from.")
    _refuse_state(ref, at(cut, new.date), cut, new)
    if new.kind == "cancel":
        _refuse_resumed(ref, cut, earlier, new)
    _refuse_same(line, at(cut, new.date), new)
    return new


def _checked_hours(order: Order, ref: str, new: Change) -> Change:
    """Give a new price of hours back; it holds for hours that are worked from its day on."""
    if new.date < order.agreed_on:
        message = f"{ref} was agreed on {order.agreed_on}; {new.date} lies before."
        _refuse("change-outside", message, f"Give {order.agreed_on} or a later day with --from.")
    return new


def _refuse_state(ref: str, now: Stretch, cut: Sequence[Stretch], new: Change) -> None:
    """Refuse what does not go with how a line stands on the day."""
    if new.kind == "resume":
        if now.state == "running":
            message = f"{ref} runs on {new.date}; there is nothing to resume."
            _refuse("not-paused", message, "See how it stands: q2c order changes")
    elif now.state == "cancelled":
        message = f"{ref} is cancelled by {new.date}."
        remedy = "Resume it from a day first: q2c order resume, or quote it anew."
        _refuse("line-cancelled", message, remedy)
    elif new.kind == "pause":
        _refuse_paused(ref, cut, new)
    elif now.state == "paused" and new.kind != "cancel" and not new.key:
        message = f"{ref} is paused on {new.date}."
        _refuse("line-paused", message, "Change it from the day on which it is resumed.")


def _refuse_resumed(
    ref: str, cut: Sequence[Stretch], earlier: Sequence[Change], new: Change
) -> None:
    """Refuse to cancel before a day on which the line is resumed, for there it would go on."""
    for one in earlier:
        if one.kind == "resume" and one.date > new.date and at(cut, one.date).state == "running":
            message = f"{ref} is resumed on {one.date}, so it would end for a time only."
            remedy = f"Cancel it from {one.date} first, and then from {new.date}."
            _refuse("resumed-later", message, remedy)


def _refuse_paused(ref: str, cut: Sequence[Stretch], new: Change) -> None:
    last = new.until or cut[-1].period.last
    if last < new.date:
        message = f"A pause from {new.date} to {last} ends before it begins."
        _refuse("change-outside", message, "Let --to be the last day without service.")
    days = Period(new.date, last)
    for one in cut:
        if one.state == "paused" and common(one.period, days):
            message = f"{ref} is paused already, from {one.period.first} to {one.period.last}."
            _refuse("line-paused", message, "Pause it before or after, or resume it first.")


def _refuse_same(line: OrderLine, now: Stretch, new: Change) -> None:
    if new.kind not in {"quantity", "price", "plan"}:
        return
    there = now.line
    same = (
        new.quantity in (None, there.quantity)
        and new.rate in (None, there.rate)
        and new.product in ("", there.product)
    )
    if same:
        message = f"Line {line.id} has that on {new.date} already; nothing changes."
        _refuse("change-nothing", message, "Give another quantity, price or product.")


def _refuse(code: str, message: str, remedy: str) -> NoReturn:
    raise Invalid(Fault(code, message, remedy=remedy))


_NOT_RECURRING = "Only what recurs is changed, paused or cancelled; give back the rest by a credit."
