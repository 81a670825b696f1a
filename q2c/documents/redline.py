"""Redlines as PDF: what is struck out of an offer, and what is new in it."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from q2c.core.money import Money
from q2c.core.negotiation.difference import Change, Difference, LineChange, Side
from q2c.core.negotiation.wording import Piece
from q2c.core.quote import Priced
from q2c.documents.draw import begun
from q2c.documents.flow import wrapped
from q2c.documents.fonts import Face
from q2c.documents.language import Language, amount, day
from q2c.documents.look import Look
from q2c.documents.marked import draw_marked, draw_marked_right, lines_of
from q2c.documents.parts import block, facts, footer, info
from q2c.documents.pen import LEADING, SMALL, TEXT, Pen
from q2c.documents.redline_words import label, pieces
from q2c.documents.sheet import Sheet

FIGURE: Final = 76.0
LABELS: Final = 104.0
NEAR_LABELS: Final = 76.0
HEAD: Final = 7.5
TITLE: Final = 10.5
PAD: Final = 4.5
INDENT: Final = 12.0
BLOCK_GAP: Final = 18.0


class Entry(Struct, frozen=True, kw_only=True):
    """One thing that differs: its name, what differs in it, and its figures, if it has some."""

    name: str
    details: tuple[tuple[str, tuple[Piece, ...]], ...] = ()
    figures: tuple[Piece, ...] = ()
    strong: bool = True


class Block(Struct, frozen=True):
    """Things that differ, below a title and the heads of their figures."""

    title: str
    entries: tuple[Entry, ...]
    heads: tuple[str, ...] = ()


def redline_pdf(found: Difference, quote: Priced, look: Look) -> bytes:
    """Draw what differs for the customer; `quote` is how it is offered now."""
    lang = look.language
    pen = begun(_sheet(found, quote, look), look)
    for part in _blocks(lang, found, quote.currency):
        if part.entries:
            _draw_block(pen, part)
    return pen.finish()


def _sheet(found: Difference, quote: Priced, look: Look) -> Sheet:
    lang = look.language
    title = lang.say("differs")
    told = (
        ("differs_before", _named(lang, found.before)),
        ("differs_after", _named(lang, found.after)),
        ("quote_date", day(lang, quote.date)),
        ("valid_until", day(lang, quote.valid_until)),
        ("our_reference", quote.seller.reference),
    )
    return Sheet(
        info=info(look, f"{title} {quote.number}", quote.date, quote),
        title=title,
        number=quote.number,
        sender=quote.seller.name,
        facts=facts(lang, told),
        parties=(block(lang, quote.buyer, quote.seller.address.country),),
        subject=quote.title,
        text=lang.say("differs_how" if found else "differs_nothing"),
        footer=footer(look, quote.seller, quote.buyer),
        page=lang.say("page"),
        mark="" if quote.version else lang.say("draft"),
    )


def _named(lang: Language, side: Side) -> str:
    """Name an offer by its version; one that was not sent is a draft."""
    return f"{side.number}/v{side.version}" if side.version else lang.say("draft")


def _blocks(lang: Language, found: Difference, currency: str) -> Iterator[Block]:
    heads = tuple(lang.say(key) for key in ("differs_before", "differs_after", "column_difference"))
    lines = tuple(_line(lang, row, currency) for row in found.lines)
    whole = tuple(_whole(lang, one, currency) for one in found.discounts)
    yield Block(lang.say("differs_lines"), (*lines, *whole), heads)
    if found:
        yield Block(lang.say("differs_totals"), tuple(_totals(lang, found)), heads)
    terms = (one for one in found.terms if one.what != "choice" or one.name)
    yield Block(lang.say("conditions"), tuple(_terms(lang, terms, currency)))
    yield Block(lang.say("differs_texts"), tuple(_terms(lang, found.texts, currency)))


def _line(lang: Language, row: LineChange, currency: str) -> Entry:
    how = () if row.how == "changed" else ((lang.say(f"differs_{row.how}"), ()),)
    changed = ((label(lang, one), pieces(lang, one, currency)) for one in row.changes)
    figures = _figures(lang, row.before, row.after, row.effect)
    return Entry(name=row.name, details=(*how, *changed), figures=figures)


def _whole(lang: Language, one: Change, currency: str) -> Entry:
    difference = _signed(lang, one.effect)
    figures = (Piece("kept", ""), Piece("kept", ""), Piece("kept", difference))
    details = ((label(lang, one), pieces(lang, one, currency)),)
    return Entry(name=lang.say("differs_whole"), details=details, figures=figures)


def _totals(lang: Language, found: Difference) -> Iterator[Entry]:
    rows = (("net_total", "net"), ("vat_total", "tax"), ("total", "total"))
    for key, name in rows:
        before, after = _amounts(found.before, found.after, name)
        effect = after - before if after.currency == before.currency else None
        figures = _figures(lang, before, after, effect)
        yield Entry(name=lang.say(key), figures=figures, strong=name == "total")


def _amounts(before: Side, after: Side, name: str) -> tuple[Money, Money]:
    return getattr(before, name), getattr(after, name)


def _figures(
    lang: Language, before: Money | None, after: Money | None, effect: Money | None
) -> tuple[Piece, ...]:
    """Write what it cost, what it costs and the difference; what did not change is not struck."""
    same = before == after
    return (
        Piece("kept" if same else "old", amount(lang, before) if before else ""),
        Piece("kept" if same else "new", amount(lang, after) if after else ""),
        Piece("kept", _signed(lang, effect)),
    )


def _signed(lang: Language, effect: Money | None) -> str:
    if effect is None:
        return ""
    return f"{'+' if effect.minor > 0 else ''}{amount(lang, effect)}"


def _terms(lang: Language, changes: Iterable[Change], currency: str) -> Iterator[Entry]:
    for one in changes:
        yield Entry(name="", details=((label(lang, one), pieces(lang, one, currency)),))


def _draw_block(pen: Pen, part: Block) -> None:
    """Draw a block: its title on the page where its first entry stands."""
    first = _height(part.entries[0], _room(pen, part))
    pen.keep(TITLE * LEADING + HEAD * LEADING + 12 + min(first, pen.room))
    pen.y = pen.lines(pen.left, pen.y, [part.title], TITLE, face="bold", color=pen.ink.accent) + 6
    _draw_heads(pen, part)
    for entry in part.entries:
        page, room = pen.page, _room(pen, part)
        pen.keep(min(_height(entry, room), pen.bottom - pen.top - 60))
        if part.heads and pen.page is not page:
            pen.y += HEAD * LEADING
            _draw_heads(pen, part)
        _draw_entry(pen, entry, room)
    pen.skip(BLOCK_GAP)


def _draw_heads(pen: Pen, part: Block) -> None:
    """Draw the heads of the figures, and the rule below them."""
    for at, head in enumerate(part.heads):
        x = pen.right - FIGURE * (len(part.heads) - 1 - at)
        pen.right_line(x, pen.y - HEAD * LEADING - 4, head, HEAD, "bold", pen.ink.accent)
    pen.rule(pen.y, pen.ink.accent, 1)


def _room(pen: Pen, part: Block) -> float:
    """Say how wide words may be beside the figures."""
    return pen.width - FIGURE * len(part.heads) - (INDENT if part.heads else 0)


def _height(entry: Entry, room: float) -> float:
    name = len(wrapped(entry.name, "bold", TEXT, room)) if entry.name else 0
    below = sum(len(_detail_lines(entry, told, room)) for _, told in entry.details)
    return name * TEXT * LEADING + below * SMALL * LEADING + 2 * PAD


def _detail_lines(entry: Entry, told: tuple[Piece, ...], room: float) -> list[list[Piece]]:
    return lines_of(told, SMALL, room - _told_from(entry)) or [[]]


def _told_from(entry: Entry) -> float:
    """Say where values begin: behind their labels, which stand closer where there are figures."""
    return INDENT + NEAR_LABELS if entry.name else LABELS


def _draw_entry(pen: Pen, entry: Entry, room: float) -> None:
    """Draw an entry: its name and figures, and below them what differs."""
    pen.y += PAD
    for at, piece in enumerate(entry.figures):
        x = pen.right - FIGURE * (len(entry.figures) - 1 - at)
        draw_marked_right(pen, x, pen.y, piece)
    if entry.name:
        face: Face = "bold" if entry.strong else "regular"
        name = wrapped(entry.name, "bold", TEXT, room)
        pen.y = pen.lines(pen.left, pen.y, name, face=face)
    x = pen.left + (INDENT if entry.name else 0.0)
    for words, told in entry.details:
        _draw_detail(
            pen, (x, pen.left + _told_from(entry)), words, _detail_lines(entry, told, room)
        )
    pen.y += PAD
    pen.fresh = False
    pen.rule(pen.y, pen.ink.line)


def _draw_detail(
    pen: Pen, places: tuple[float, float], words: str, lines: list[list[Piece]]
) -> None:
    """Draw what differs behind its label, line by line, so that it may go on on the next page."""
    left, behind = places
    labels = wrapped(words, "regular", SMALL, behind - left - 8)
    for at in range(max(len(labels), len(lines))):
        pen.keep(SMALL * LEADING)
        pen.lines(left, pen.y, labels[at : at + 1], SMALL, color=pen.ink.muted)
        draw_marked(pen, behind, pen.y, lines[at : at + 1], SMALL)
        pen.y += SMALL * LEADING
