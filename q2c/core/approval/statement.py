"""Statements: what a person signs who approves - which quote, by which rule, at which figures."""

import msgspec

from q2c.core.quote.course import Event


def statement_of(number: str, event: Event) -> bytes:
    """Write down what an approval says, in one form; it fits no other quote, rule or content."""
    said = {
        "quote": number,
        "kind": event.kind,
        "rule": event.rule,
        "by": event.by,
        "date": event.date,
        "content": event.content,
        "figures": {name: f"{value:f}" for name, value in event.figures.items()},
        "facts": event.facts,
        "reason": event.reason,
    }
    return msgspec.json.encode(said, order="sorted") + b"\n"
