"""Running text drawn from Markdown: headings, paragraphs, lists, on as many pages as it takes."""

from collections.abc import Sequence
from typing import Final

from q2c.documents.clauses import glance
from q2c.documents.flow import Block, Run, blocks, wrapped_runs
from q2c.documents.fonts import ASCENT, width
from q2c.documents.pen import HAIR, Pen, baseline
from q2c.documents.tags import Element, Tags

SIZE: Final = 9.5
LEAD: Final = SIZE * 1.45
MEASURE: Final = 430.0
HEADINGS: Final = {1: 14.0, 2: 11.0}
INDENT: Final = 16.0
GAP: Final = 6.0
ABOVE_HEADING: Final = 11.0
# Of a paragraph at least so many lines stand together at a turn of the page.
TOGETHER: Final = 2


class Lists:
    """The lists that a text is in while its blocks go by, the outermost first."""

    def __init__(self, tags: Tags) -> None:
        self._tags = tags
        self._open: list[tuple[Element, Element]] = []

    def place(self, block: Block) -> tuple[Element, Element]:
        """Give the part that a block is, and before it the one for its bullet or number."""
        tags, depth = self._tags, block.level
        del self._open[depth:]
        if not block.marker:
            return tags.here, self._open[-1][1] if self._open else tags.part("P")
        with tags.back_in(self._open[depth - 2][1] if depth > 1 else tags.here):
            made = self._open.pop()[0] if len(self._open) == depth else tags.part("L")
        with tags.back_in(made), tags.into("LI"):
            label, body = tags.part("Lbl"), tags.part("LBody")
        self._open.append((made, body))
        return label, body


def draw_prose(pen: Pen, markdown: str) -> None:
    """Draw a text; a heading stays with what follows it."""
    text = glance(markdown)
    if text is None:
        text = blocks(markdown)
    lists = Lists(pen.tags)
    highest = min((block.level for block in text if block.kind == "heading"), default=1)
    for number, block in enumerate(text):
        if block.kind == "heading":
            rank = block.level - highest + 2  # the title of the document is of the first
            _draw_heading(pen, block, rank, text[number + 1 :])
        elif block.kind == "rule":
            pen.keep(2 * GAP)
            pen.rule(pen.y + GAP / 2, pen.ink.line, HAIR)
            pen.y += 2 * GAP
        else:
            _draw_block(pen, block, lists)


def _draw_heading(pen: Pen, block: Block, rank: int, rest: Sequence[Block]) -> None:
    size = HEADINGS.get(block.level, SIZE)
    lines = wrapped_runs([Run(run.text, "bold") for run in block.runs], size, MEASURE)
    pen.skip(ABOVE_HEADING)
    pen.keep(len(lines) * size * 1.4 + (TOGETHER * LEAD + GAP if rest else 0))
    color = pen.ink.accent if block.level in HEADINGS else pen.ink.text
    with pen.heading(rank, "".join(run.text for run in block.runs)):
        for line in lines:
            _draw_line(pen, pen.left, line, size, color)
            pen.y += size * 1.4
    pen.y += 2


def _draw_block(pen: Pen, block: Block, lists: Lists) -> None:
    """Draw a paragraph or an item so that no line of it stands alone."""
    depth = block.level * INDENT + (INDENT if block.kind in {"quote", "code"} else 0)
    x = pen.left + depth
    lines = wrapped_runs(block.runs, SIZE, MEASURE - depth) if block.runs else [[]]
    color = pen.ink.muted if block.kind == "quote" else pen.ink.text
    label, part = lists.place(block)
    for number, line in enumerate(lines):
        pen.keep(_together(number, len(lines) - number) * LEAD)
        if number == 0 and block.marker:
            marker = x - 5 - width(block.marker, "regular", SIZE)
            with pen.tags.back_in(label):
                pen.lines(marker, pen.y, [block.marker], SIZE)
        with pen.tags.back_in(part):
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
        if run.link.isascii() and run.link:
            with pen.tags.into("Link"):
                pen.page.text(x, pen.y + baseline(size), run.text, run.face, size, pen.ink.accent)
                pen.page.link(x, pen.y, wide, size * ASCENT, run.link)
        else:
            ink = pen.ink.accent if run.link else color
            pen.page.text(x, pen.y + baseline(size), run.text, run.face, size, ink)
        x += wide
    pen.fresh = False
