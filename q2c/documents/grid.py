"""The table of lines: columns as wide as they must be, rows that break over pages, sums carried."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from q2c.documents.flow import wrapped
from q2c.documents.fonts import Face, width
from q2c.documents.pen import LEADING, SMALL, TEXT, Pen
from q2c.documents.sheet import Column, Row, Table
from q2c.documents.tags import COLUMN_HEAD, Element

GAP: Final = 12.0
PAD: Final = 4.5
NOTE_GAP: Final = 1.5
INDENT: Final = 12.0
WIDEST_WORDS: Final = 80.0
NARROWEST_NAME: Final = 150.0
WIDEST_SMALL: Final = 330.0
SIZES: Final = (TEXT, 8.0, 7.0, 6.5)
SMALLEST: Final = 6.0
HEAD: Final = 7.5
HEAD_HEIGHT: Final = HEAD * LEADING + 4
# A row with more lines than this is cut, so that it never outgrows a page.
MOST_LINES: Final = 24


class Piece(Struct, frozen=True, kw_only=True):
    """A row, or a part of one too long for a page, laid out and ready to be drawn."""

    row: Row
    cells: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    height: float
    begins: bool
    ends: bool
    ruled: bool


class Grid(Struct, frozen=True, kw_only=True):
    """A table laid out: from where to where the text of a column goes, in which size.

    `words` is the column that gives way, which also has the small print.
    """

    table: Table
    spans: tuple[tuple[float, float], ...]
    words: int
    size: float
    pieces: tuple[Piece, ...]


def laid(table: Table, room: float) -> Grid:
    """Lay a table out, in smaller letters where large figures leave no room for words."""
    words = next(at for at, column in enumerate(table.columns) if column.gives_way)
    size = SIZES[-1]
    for size in SIZES:
        widths = _widths(table, room, size)
        if widths[words] >= NARROWEST_NAME:
            break
    ends = accumulate(widths)
    spans = tuple(
        (end - wide + (GAP if at else 0), end)
        for at, (end, wide) in enumerate(zip(ends, widths, strict=True))
    )
    bare = Grid(table=table, spans=spans, words=words, size=size, pieces=())
    after = (*(row.part for row in table.rows[1:]), 0)
    pieces = (
        piece
        for row, part in zip(table.rows, after, strict=True)
        for piece in _pieces(row, bare, ruled=not part)
    )
    return replace(bare, pieces=tuple(pieces))


def _widths(table: Table, room: float, size: float) -> list[float]:
    """Measure the columns, gaps and all; the one that gives way takes what the others leave."""
    widths = [
        0.0 if column.gives_way else _natural(table, at, column, size)
        for at, column in enumerate(table.columns)
    ]
    rest = max(room - sum(widths), NARROWEST_NAME / 2)
    return [wide or rest for wide in widths]


def _natural(table: Table, at: int, column: Column, size: float) -> float:
    cells = max((width(row.cells[at], _face(row), size) for row in table.rows), default=0.0)
    widest = max(cells, width(column.title, "bold", HEAD))
    return (widest if column.right else min(widest, WIDEST_WORDS)) + (GAP if at else 0)


def _face(row: Row) -> Face:
    return "bold" if row.strong or row.heading else "regular"


def _pieces(row: Row, grid: Grid, *, ruled: bool) -> Iterator[Piece]:
    """Lay a row out, in as many pieces as its lines need; a rule comes after the last."""
    size, indent = grid.size, INDENT * row.part
    cells = [
        wrapped(cell, _face(row), size, room - (indent if at == grid.words else 0))
        for at, (cell, room) in enumerate(zip(row.cells, _rooms(row, grid), strict=True))
    ]
    left, right = _small_span(grid)
    notes = [
        ln
        for note in row.notes
        for ln in wrapped(note, "regular", _small(size), right - left - indent)
    ]
    deep = max(map(len, cells))
    lines = deep + len(notes)
    for start in range(0, lines, MOST_LINES):
        stop = start + MOST_LINES
        piece = Piece(
            row=row,
            cells=tuple(tuple(cell[start:stop]) for cell in cells),
            notes=tuple(notes[max(start - deep, 0) : max(stop - deep, 0)]),
            height=0,
            begins=start == 0,
            ends=stop >= lines,
            ruled=ruled and stop >= lines,
        )
        yield replace(piece, height=_height(piece, size))


def _rooms(row: Row, grid: Grid) -> list[float]:
    """Say how wide the text of each cell may be; a heading has the whole table to itself."""
    if row.heading:
        return [grid.spans[-1][1]] * len(grid.spans)
    return [right - left for left, right in grid.spans]


def _small_span(grid: Grid) -> tuple[float, float]:
    """Say from where to where the small print goes: below its words, or on below the figures."""
    left, right = grid.spans[grid.words]
    if not grid.table.wide:
        return left, right
    last = grid.spans[-1][0] - GAP
    return left, max(right, min(last, left + WIDEST_SMALL))


def _small(size: float) -> float:
    """Give the size of small print below letters of a size."""
    return max(size - 1, SMALLEST)


def _height(piece: Piece, size: float) -> float:
    words = max(map(len, piece.cells)) * size * LEADING
    small = len(piece.notes) * _small(size) * LEADING + (NOTE_GAP if piece.notes else 0)
    return words + small + PAD * (piece.begins + piece.ends)


def draw_grid(pen: Pen, grid: Grid, after: float) -> None:
    """Draw a table; its last row stands on the page of what follows it, `after` points high."""
    carry = _carry(grid)
    pen.keep(first_height(grid, after))
    with pen.tags.into("Table"):
        _draw_head(pen, grid)
        running, cells = "", list[Element]()
        for number, piece in enumerate(grid.pieces):
            if pen.room < _needed(grid, number, after, carry) and not pen.fresh:
                with pen.tags.decoration():  # all of it stands before
                    _turned(pen, grid, running, carry)
                    _draw_context(pen, grid, number)
            cells = _cells(pen, piece.row) if piece.begins else cells
            _draw_piece(pen, grid, piece, cells)
            running = piece.row.running or running


def _cells(pen: Pen, row: Row) -> list[Element]:
    """Begin a row of a table; what is a heading for it all is one cell."""
    with pen.tags.into("TR"):
        if not row.heading:
            return [pen.tags.part("TD") for _ in row.cells]
        about = f"/A<</O/Table/Scope/Row/ColSpan {len(row.cells)}>>"
        return [pen.tags.part("TH", about)] * len(row.cells)


def first_height(grid: Grid, after: float) -> float:
    """Say how high the head of a table is with its first row and what that keeps with."""
    return HEAD_HEIGHT + _needed(grid, 0, after, _carry(grid))


def _carry(grid: Grid) -> float:
    """Say how high the line is that carries the sum over to the next page."""
    return SMALL * LEADING + 2 * PAD if grid.table.carried else 0.0


def _needed(grid: Grid, number: int, after: float, carry: float) -> float:
    """Say how much must be free for a piece and for what may not be parted from it.

    The sums stand below two rows at least, and a row with the next where it keeps with it.
    """
    last = len(grid.pieces) - 1
    high, at = grid.pieces[number].height, number
    while at < last and (_keeps(grid.pieces[at]) or (at == last - 1 and number > 0)):
        at += 1
        high += grid.pieces[at].height
    return high + (after if at == last else carry)


def _keeps(piece: Piece) -> bool:
    return piece.ends and piece.row.keeps


def _turned(pen: Pen, grid: Grid, running: str, carry: float) -> None:
    """Turn the page: the sum so far at its foot, head and sum again on the next."""
    if running and carry:
        pen.rule(pen.y, pen.ink.line)
        _draw_carry(pen, grid.table.carried, running)
    pen.turn()
    _draw_head(pen, grid)
    if running and carry:
        _draw_carry(pen, grid.table.brought, running)
        pen.rule(pen.y, pen.ink.line)
    pen.fresh = True


def _draw_context(pen: Pen, grid: Grid, number: int) -> None:
    """Name again what a row is part of, where that stands on the page before."""
    names: list[str] = []
    part = grid.pieces[number].row.part
    for piece in reversed(grid.pieces[:number] if part else ()):
        if piece.row.part < part and piece.begins:
            names.append(piece.row.cells[grid.words])
            part = piece.row.part
            if not part:
                break
    if names:
        line = wrapped(" – ".join(reversed(names)), "bold", SMALL, pen.width)[0]
        pen.lines(pen.left, pen.y + PAD, [line], SMALL, face="bold", color=pen.ink.muted)
        pen.y += SMALL * LEADING + PAD
        pen.fresh = True


def _draw_carry(pen: Pen, label: str, amount: str) -> None:
    pen.lines(pen.left, pen.y + PAD, [label], SMALL, color=pen.ink.muted)
    pen.right_line(pen.right, pen.y + PAD, amount, SMALL, "bold", pen.ink.muted)
    pen.y += SMALL * LEADING + 2 * PAD


def _draw_head(pen: Pen, grid: Grid) -> None:
    with pen.tags.into("TR"):
        for span, column in zip(grid.spans, grid.table.columns, strict=True):
            with pen.tags.into("TH", COLUMN_HEAD):
                _draw_title(pen, column, span)
    pen.y += HEAD_HEIGHT
    pen.rule(pen.y, pen.ink.accent, 1)
    pen.fresh = True


def _draw_title(pen: Pen, column: Column, span: tuple[float, float]) -> None:
    left, right = span
    if column.right:
        pen.right_line(pen.left + right, pen.y, column.title, HEAD, "bold", pen.ink.accent)
    else:
        titles = [column.title]
        pen.lines(pen.left + left, pen.y, titles, HEAD, face="bold", color=pen.ink.accent)


def _draw_piece(pen: Pen, grid: Grid, piece: Piece, parts: Sequence[Element]) -> None:
    top = pen.y + (PAD if piece.begins else 0)
    indent = INDENT * piece.row.part
    color = pen.ink.accent if piece.row.heading else pen.ink.text
    for at, (lines, (left, right)) in enumerate(zip(piece.cells, grid.spans, strict=True)):
        with pen.tags.back_in(parts[at]):
            if grid.table.columns[at].right:
                for row, line in enumerate(lines):
                    y = top + row * grid.size * LEADING
                    pen.right_line(pen.left + right, y, line, grid.size, _face(piece.row))
            else:
                x = pen.left + left + (indent if at == grid.words else 0)
                pen.lines(x, top, lines, grid.size, face=_face(piece.row), color=color)
    lower = top + max(map(len, piece.cells)) * grid.size * LEADING
    x = pen.left + grid.spans[grid.words][0] + indent
    with pen.tags.back_in(parts[grid.words]):
        pen.lines(x, lower + NOTE_GAP, piece.notes, _small(grid.size), color=pen.ink.muted)
    pen.y += piece.height
    pen.fresh = False
    if piece.ruled:
        pen.rule(pen.y, pen.ink.line)
