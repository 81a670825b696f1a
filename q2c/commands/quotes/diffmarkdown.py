"""A difference as Markdown, for a merge request: tables that GitHub and GitLab draw alike."""

from collections.abc import Sequence

from q2c.commands.markdown import plain, table
from q2c.commands.quotes.diffwords import (
    conclusion,
    details,
    effect_of,
    label,
    share,
    signed,
    value_told,
)
from q2c.core.money import Money
from q2c.core.negotiation.difference import Change, Difference, LineChange
from q2c.core.negotiation.wording import worded


def markdown_of(found: Difference) -> str:
    """Write a difference as Markdown."""
    parts = [
        f"### {plain(found.before.name)} → {plain(found.after.name)}",
        f"**{plain(conclusion(found))}**",
        *table(("Line", "Change", "Before", "After", "Effect"), map(_line, found.lines), right=3),
        *table(
            ("On the whole quote", "Before", "After", "Effect"), map(_off, found.discounts), right=1
        ),
        *table(("Term", "Before", "After"), map(_term, found.terms), right=0),
        *table(("Text", "Word by word"), map(_text, found.texts), right=0),
        *table(("Total", "Before", "After", "Effect"), map(_total, found.totals), right=3),
        *table(("Inside", "Before", "After", "Effect"), map(_total, found.inside), right=3),
    ]
    return "\n\n".join(parts) + "\n"


def _line(row: LineChange) -> Sequence[str]:
    how = "" if row.how == "changed" else f" *({row.how})*"
    told = "<br>".join(plain(" ".join(pair)) for pair in details(row))
    amounts = (value_told("", one) if one else "" for one in (row.before, row.after))
    return (f"{plain(row.name)}{how}", told, *amounts, _effect(row.before, row.effect))


def _off(one: Change) -> Sequence[str]:
    return (*_term(one), signed(one.effect))


def _term(one: Change) -> Sequence[str]:
    values = (plain(value_told(one.what, value)) for value in (one.before, one.after))
    return (plain(label(one)), *values)


def _text(one: Change) -> Sequence[str]:
    marks = {"kept": "", "old": "~~", "new": "**"}
    pieces = worded(str(one.before or ""), str(one.after or ""))
    told = (f"{marks[p.kind]}{plain(p.text)}{marks[p.kind]}" for p in pieces)
    return plain(label(one)), " ".join(told)


def _total(one: Change) -> Sequence[str]:
    before = one.before if isinstance(one.before, Money) else None
    return (*_term(one), _effect(before, effect_of(one)))


def _effect(before: Money | None, effect: Money | None) -> str:
    ratio = share(before, effect)
    return f"{signed(effect)} ({ratio})" if ratio else signed(effect)
