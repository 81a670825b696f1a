"""Marked text: what was taken out is struck through, what was put in is underlined."""

from collections.abc import Iterable, Sequence

from q2c.core.negotiation.wording import Piece
from q2c.documents.fonts import width
from q2c.documents.pen import LEADING, TEXT, Pen, baseline

STRIKE, UNDERLINE, THICK = 0.30, 0.12, 0.6  # in parts of the size, and in points


def lines_of(pieces: Iterable[Piece], size: float, room: float) -> list[list[Piece]]:
    """Break pieces of a text into lines that fit a width; a line break of the text stays one."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for piece in pieces:
        for row, text in enumerate(piece.text.strip(" ").split("\n")):
            if row:
                lines.append([])
                used = 0.0
            for word in _fitting(text.split(" "), size, room):
                wide = width(word, "regular", size)
                gap = width(" ", "regular", size) if used else 0.0
                if used and used + gap + wide > room:
                    lines.append([])
                    used = gap = 0.0
                lines[-1].append(Piece(piece.kind, word))
                used += gap + wide
    return [_joined(line) for line in lines]


def _fitting(words: Iterable[str], size: float, room: float) -> Iterable[str]:
    """Break words that are wider than a line."""
    for word in filter(None, words):
        rest = word
        while width(rest, "regular", size) > room and len(rest) > 1:
            fits = max(
                n for n in range(1, len(rest)) if n == 1 or width(rest[:n], "regular", size) <= room
            )
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _joined(words: Sequence[Piece]) -> list[Piece]:
    """Join neighbours of one kind, so that a line through them is not broken between words."""
    joined: list[Piece] = []
    for word in words:
        if joined and joined[-1].kind == word.kind:
            joined[-1] = Piece(word.kind, f"{joined[-1].text} {word.text}")
        else:
            joined.append(word)
    return joined


def draw_marked(
    pen: Pen, x: float, y: float, lines: Iterable[Sequence[Piece]], size: float = TEXT
) -> float:
    """Draw lines of pieces below an upper edge; give their lower edge."""
    for line in lines:
        at = x
        for piece in line:
            at = _draw_piece(pen, at, y, piece, size) + width(" ", "regular", size)
        y += size * LEADING
    return y


def _draw_piece(pen: Pen, x: float, y: float, piece: Piece, size: float) -> float:
    color = {"kept": pen.ink.text, "old": pen.ink.muted, "new": pen.ink.accent}[piece.kind]
    wide = width(piece.text, "regular", size)
    pen.lines(x, y, [piece.text], size, color=color)
    foot = y + baseline(size)
    if piece.kind == "old":
        pen.page.line(x, foot - size * STRIKE, x + wide, foot - size * STRIKE, THICK, color)
    elif piece.kind == "new":
        pen.page.line(x, foot + size * UNDERLINE, x + wide, foot + size * UNDERLINE, THICK, color)
    return x + wide


def draw_marked_right(pen: Pen, x: float, y: float, piece: Piece, size: float = TEXT) -> None:
    """Draw a short piece that ends at x; a figure that was taken out is struck through."""
    _draw_piece(pen, x - width(piece.text, "regular", size), y, piece, size)
