"""Running text drawn from Markdown: headings, paragraphs, lists, on as many pages as it takes."""

from collections.abc import Sequence
from typing import Final

from q2c.documents.clauses import glance
from q2c.documents.flow import Block, Run, blocks, wrapped_runs
from q2c.documents.fonts import ASCENT, width
from q2c.documents.pen import HAIR, Pen, baseline

SIZE: Final = 9.5
LEAD: Final = SIZE * 1.45
MEASURE: Final = 430.0
HEADINGS: Final = {1: 14.0, 2: 11.0}
INDENT: Final = 16.0
GAP: Final = 6.0
ABOVE_HEADING: Final = 11.0
# Of a paragraph at least so many lines stand together at a turn of the page.
TOGETHER: Final = 2


def draw_prose(pen: Pen, markdown: str) -> None:
    """Draw a text; a heading stays with what follows it."""
    text = glance(markdown)
    if text is None:
        text = blocks(markdown)
    for number, block in enumerate(text):
        if block.kind == "heading":
            _draw_heading(pen, block, text[number + 1 :])
        elif block.kind == "rule":
            pen.keep(2 * GAP)
            pen.rule(pen.y + GAP / 2, pen.ink.line, HAIR)
            pen.y += 2 * GAP
        else:
            _draw_block(pen, block)


def _draw_heading(pen: Pen, block: Block, rest: Sequence[Block]) -> None:
    size = HEADINGS.get(block.level, SIZE)
    lines = wrapped_runs([Run(run.text, "bold") for run in block.runs], size, MEASURE)
    pen.skip(ABOVE_HEADING)
    pen.keep(len(lines) * size * 1.4 + (TOGETHER * LEAD + GAP if rest else 0))
    color = pen.ink.accent if block.level in HEADINGS else pen.ink.text
    for line in lines:
        _draw_line(pen, pen.left, line, size, color)
        pen.y += size * 1.4
    pen.y += 2


def _draw_block(pen: Pen, block: Block) -> None:
    """Draw a paragraph or an item so that no line of it stands alone."""
    depth = block.level * INDENT + (INDENT if block.kind in {"quote", "code"} else 0)
    x = pen.left + depth
    lines = wrapped_runs(block.runs, SIZE, MEASURE - depth) if block.runs else [[]]
    color = pen.ink.muted if block.kind == "quote" else pen.ink.text
    for number, line in enumerate(lines):
        pen.keep(_together(number, len(lines) - number) * LEAD)
        if number == 0 and block.marker:
            marker = x - 5 - width(block.marker, "regular", SIZE)
            pen.lines(marker, pen.y, [block.marker], SIZE)
        _draw_line(pen, x, line, SIZE, color)
        pen.y += LEAD
    pen.y += GAP / 2 if block.kind == "item" else GAP


def _together(number: int, rest: int) -> int:
    """Say how many lines must find room from here on: none stands alone at a turn of the page."""
    if number == 0:
        return rest if rest <= TOGETHER + 1 else TOGETHER
    return TOGETHER if rest == TOGETHER else 1


def _draw_line(pen: Pen, x: float, line: Sequence[Run], size: float, color: str) -> None:
    for run in line:
        wide = width(run.text, run.face, size)
        ink = pen.ink.accent if run.link else color
        pen.page.text(x, pen.y + baseline(size), run.text, run.face, size, ink)
        if run.link.isascii() and run.link:
            pen.page.link(x, pen.y, wide, size * ASCENT, run.link)
        x += wide
    pen.fresh = False
