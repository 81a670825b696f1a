"""q2c theme check: every kind of document, drawn with the most that it may have to hold."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from q2c.commands.call import At
from q2c.commands.desk import frozen_look, read_theme, save, tree
from q2c.commands.looks.papers import PAPERS
from q2c.commands.looks.samples import SAMPLES, Sample
from q2c.commands.output import hint, table
from q2c.commands.progress import progress
from q2c.core.fault import Fault, Invalid, Misused, Refused, nearest
from q2c.core.party import LANGUAGES, seller_of
from q2c.documents.contrast import LEAST, contrast
from q2c.documents.fitting import misfits
from q2c.documents.look import Kind, Look, Theme
from q2c.store.master import read_company
from q2c.store.tree import Tree

DRAWERS = {**SAMPLES, **PAPERS}
# So many lines make several pages; a short one shows whether little looks well, too.
MANY, FEW = 60, 3
COLUMNS = ("kind", "language", "content", "result")


class Tried(Struct, frozen=True):
    """What came of drawing one document: its bytes, or why there are none; what does not fit."""

    kind: Kind
    language: str
    content: str
    data: bytes
    faults: tuple[Fault, ...]

    @property
    def row(self) -> dict[str, object]:
        """What is told of it."""
        result = self.faults[0].message if self.faults else "fits"
        size = f"{len(self.data) / 1000:.0f} kB" if self.data else ""
        told = {"kind": self.kind.replace("_", " "), "language": self.language}
        return {**told, "content": self.content, "size": size, "result": result}


def check_theme(
    *,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", metavar="CODE", help="Only in these languages.  [all]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write the documents.")
    ] = None,
    at: At = "",
) -> None:
    """Draw every kind of document with the most that it may have to hold, and tell what fails.

    Told are texts that leave the margins or are written over each other, letters that the fonts
    lack, colours that cannot be read on white, and a logo or letterhead that cannot be printed.

    Example: q2c theme check --language sv --out drawn
    """
    files = tree(at)
    theme = read_theme(files)
    codes = _codes(language or list(LANGUAGES))
    tried = list(_tried(files, theme, codes))
    if out:
        for one in tried:
            if one.data:
                save(out / f"{one.kind}.{one.language}.{one.content}.pdf", one.data)
        hint(f"Wrote {sum(bool(one.data) for one in tried)} documents into {out}.")
    odd = [one for one in tried if one.faults]
    table([one.row for one in odd] or list(_together(tried, codes)), COLUMNS)
    faults = [*_pale(theme), *_unfit_in_all(theme, odd)]
    hint(f"{len(tried) - len(odd)} of {len(tried)} documents fit.")
    if faults:
        raise Invalid(*faults)


def _together(tried: Sequence[Tried], codes: Sequence[str]) -> Iterator[dict[str, object]]:
    """Tell documents that fit in all languages once, with the size of the largest."""
    spoken = codes[0] if len(codes) == 1 else f"all {len(codes)}"
    for at in range(0, len(tried), len(codes)):
        largest = max(tried[at : at + len(codes)], key=lambda one: len(one.data))
        yield {**largest.row, "language": spoken}


def _codes(asked: Sequence[str]) -> Sequence[str]:
    for code in asked:
        if code not in LANGUAGES:
            message = f"'{code}' is no language of documents."
            raise Misused(Fault("usage", message, remedy=nearest(code, LANGUAGES)))
    return asked


def _tried(files: Tree, theme: Theme, codes: Sequence[str]) -> Iterator[Tried]:
    """Draw all kinds in all languages, each with much and with little in it."""
    seller = seller_of(read_company(files))
    looks = {code: frozen_look(files, code).look for code in codes}
    jobs = [(kind, code, lines) for kind in DRAWERS for lines in (MANY, FEW) for code in codes]
    shown = progress("Drawing", jobs, len(jobs)) if codes[1:] else jobs
    for kind, code, lines in shown:
        sample = Sample(seller=seller, look=looks[code], lines=lines, extreme=lines == MANY)
        yield _one(kind, sample, theme, looks[code])


def _one(kind: Kind, sample: Sample, theme: Theme, look: Look) -> Tried:
    content, code = ("much" if sample.extreme else "little"), look.language.code
    try:
        data = DRAWERS[kind](sample)
    except Refused as refused:
        return Tried(kind, code, content, b"", refused.faults)
    return Tried(kind, code, content, data, tuple(_unfit(data, theme)))


def _unfit(data: bytes, theme: Theme) -> Iterator[Fault]:
    """Tell the first text of a document that does not fit, and how many there are."""
    found = list(misfits(data, theme))
    if found:
        box, how = found[0]
        more = f", and {len(found) - 1} more" if found[1:] else ""
        told = " ".join(box.text.split())[:30]
        message = f"page {box.page}: '{told}' {how}{more}"
        yield theme.fault("does-not-fit", message, "", _FEWER)


def _unfit_in_all(theme: Theme, odd: Sequence[Tried]) -> Iterator[Fault]:
    """Tell once that documents do not fit; what cannot be drawn is told each time."""
    unfit = [one for one in odd if one.data]
    yield from (fault for one in odd if not one.data for fault in one.faults)
    if unfit:
        message = f"{len(unfit)} documents have texts that do not fit, as listed above."
        yield theme.fault("does-not-fit", message, "", _FEWER)


def _pale(theme: Theme) -> Iterator[Fault]:
    """Tell colours of text that cannot be read on white (WCAG 2.2, 1.4.3)."""
    for name in ("text", "muted", "accent"):
        found = contrast(getattr(theme, name))
        if found < LEAST:
            message = f"On white, {name} has a contrast of {found:.1f}, less than {LEAST}."
            yield theme.fault("too-pale", message, name, "Choose a darker colour.")


_FEWER = "Make margins smaller, columns fewer, or the logo lower."
