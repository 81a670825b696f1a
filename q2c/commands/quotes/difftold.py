"""A difference written out for a terminal, in eighty columns."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from q2c.commands.quotes.diffwords import (
    conclusion,
    details,
    effect_of,
    label,
    moved,
    share,
    signed,
    value_told,
)
from q2c.commands.visible import WIDE, padded, width, wrapped
from q2c.core.money import Money, grouped
from q2c.core.negotiation.difference import Change, Difference, LineChange
from q2c.core.negotiation.wording import Piece, worded

MARKS = {"added": "+", "removed": "-", "changed": "~"}
NAME, EFFECT, SHARE = 22, 14, 9
CONTEXT = 6  # so many words are shown on either side of what changed


def difference_told(found: Difference, *, parts: Iterable[str] = ()) -> str:
    """Write a difference out: lines, what comes off them all, terms, texts, totals, its sum."""
    lines = [*wrapped(f"{found.before.name} → {found.after.name}", WIDE), *parts]
    lines += _block("lines", (row for one in found.lines for row in _line(one)))
    lines += _block("on the whole quote", (row for one in found.discounts for row in _off(one)))
    lines += _block("terms", (row for one in found.terms for row in _row(one)))
    lines += _block("texts", (row for one in found.texts for row in _text(one)))
    lines += _block("totals", (row for one in found.totals for row in _row(one)))
    lines += _block("inside", (row for one in found.inside for row in _row(one)))
    return "\n".join([*lines, *wrapped(conclusion(found), WIDE)])


def _block(title: str, rows: Iterable[str]) -> list[str]:
    known = [f"  {row}".rstrip() for row in rows]
    return [title, *known] if known else []


def _line(row: LineChange) -> Iterator[str]:
    """Set a line that differs: its name, what differs in it, its effect."""
    words = [" ".join(pair) for pair in details(row)]
    if row.how == "changed":
        if row.before != row.after:
            amounts = (grouped(one.amount) for one in (row.before, row.after) if one)
            words.append(f"amount {' → '.join(amounts)}")
    elif not (row.effect and row.effect.minor):
        amount = row.after or row.before
        words.append(f"amount {grouped(amount.amount)}" if amount else "")
    yield from _columns(
        f"{MARKS[row.how]} {row.name}", words, signed(row.effect), share(row.before, row.effect)
    )


def _off(one: Change) -> Iterator[str]:
    yield from _columns(label(one), [moved(one)], signed(one.effect), "")


def _columns(name: str, words: Iterable[str], effect: str, ratio: str) -> Iterator[str]:
    """Set a row in four columns; what is too long for its column goes on below."""
    room = WIDE - 2 - NAME - 2 - EFFECT - SHARE
    left = wrapped(name, NAME)
    middle = [line for word in words for line in wrapped(word, room)] or [""]
    if width(left[0]) > NAME or any(width(line) > room for line in middle):
        yield f"{name}  {effect}  {ratio}".rstrip()
        yield from (f"  {line}" for word in words for line in wrapped(word, WIDE - 4))
        return
    for at in range(max(len(left), len(middle))):
        first = left[at] if at < len(left) else ""
        told = middle[at] if at < len(middle) else ""
        figures = (effect, ratio) if at == 0 else ("", "")
        start = f"{padded(first if at == 0 else f'  {first}', NAME)}  {padded(told, room)}"
        ends = (padded(part, size, right=True) for part, size in zip(figures, _SIZES, strict=True))
        yield f"{start}{''.join(ends)}".rstrip()


_SIZES = (EFFECT, SHARE)


def _row(one: Change) -> Iterator[str]:
    """Set a term or a total: what it is, what it was, what it is now."""
    effect = effect_of(one)
    before = one.before if isinstance(one.before, Money) else None
    # What recurs is told for some days, which are too long a name for a column.
    days = [one.name] if one.what == "recurring" else []
    name = label(replace(one, name="")) if days else label(one)
    yield from _columns(name, [moved(one), *days], signed(effect), share(before, effect))


def _text(one: Change) -> Iterator[str]:
    """Set a text word by word: what was taken out in [- -], what was put in in {+ +}."""
    if not (one.before and one.after):
        how, text = ("added", one.after) if one.after else ("removed", one.before)
        told = f"{how}: {value_told(one.what, text)}"
    else:
        told = " ".join(_shortened(worded(str(one.before), str(one.after))))
    flat = " ".join(told.split())
    yield from wrapped(f"{label(one)}: {flat}", WIDE - 2)


def _shortened(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Write pieces of a text, those that were kept cut down to the words around a change."""
    last = len(pieces) - 1
    for at, piece in enumerate(pieces):
        words = piece.text.split()
        if piece.kind == "old":
            yield f"[-{' '.join(words)}-]"
        elif piece.kind == "new":
            yield f"{{+{' '.join(words)}+}}"
        else:
            before = words[-CONTEXT:] if at < last else []
            after = words[:CONTEXT] if at > 0 else []
            cut = len(words) > len(before) + len(after)
            yield " ".join([*after, *(["…"] if cut else []), *before] if cut else words)
