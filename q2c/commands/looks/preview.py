"""q2c preview: a document as a picture, or in the viewer of the system."""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from q2c.commands.call import At
from q2c.commands.desk import save, tree
from q2c.commands.output import say
from q2c.core.fault import Fault, Misused, Unknown, nearest
from q2c.store.tree import Tree

DPI = 150
_NUMBER = re.compile(r"[A-Z0-9-]+(/v[0-9]+)?")
What = Annotated[
    str, typer.Argument(metavar="NUMBER|FILE", help="A document, such as F-2026-0001, or a PDF.")
]
Png = Annotated[bool, typer.Option("--png", help="Make pictures of its pages.")]
PageOption = Annotated[
    str, typer.Option("--page", metavar="N|all", help="Which page, or all of them.")
]
Dpi = Annotated[int, typer.Option("--dpi", min=36, max=600, help="Dots per inch.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Where it goes.  [NUMBER.pdf or .png]")
]
Open = Annotated[bool, typer.Option("--open", help="Open it in the viewer of the system.")]


def preview(  # noqa: PLR0913 - a flag for each
    what: What,
    *,
    png: Png = False,
    page: PageOption = "1",
    dpi: Dpi = DPI,
    out: Out = None,
    opens: Open = False,
    at: At = "",
) -> None:
    """Show a document as a picture, or in the viewer of the system.

    An issued document is shown as it was issued, the draft of a quote as it would be today.

    Example: q2c preview Q-2026-0001 --png --page all
    """
    pages = _pages(page)
    name, data = _document(what, at)
    to = out or Path(f"{name}.png" if png else f"{name}.pdf")
    if png:
        from q2c.documents.raster import pngs

        made = {_numbered(to, one, page): shown for one, shown in pngs(data, pages, dpi)}
    else:
        made = {to: data}
    viewer = _viewer() if opens else ""
    told = [save(file, shown) for file, shown in made.items()]
    if viewer:
        _open(viewer, next(iter(made)))
    say({"document": what, "files": [str(file) for file in made]}, "\n".join(told))


def _pages(page: str) -> Sequence[int]:
    """Read which pages are asked for; none means all."""
    if page == "all":
        return ()
    if not re.fullmatch("[1-9][0-9]{0,5}", page):
        message = f"'{page}' is no page."
        raise Misused(Fault("usage", message, remedy="Give its number, or 'all'."))
    return (int(page),)


def _numbered(file: Path, number: int, page: str) -> Path:
    """Name the picture of a page; where all are made each has its number."""
    return file.with_stem(f"{file.stem}-{number}") if page == "all" else file


def _document(what: str, at: str) -> tuple[str, bytes]:
    """Give a name for a document's pictures, and its PDF."""
    path = Path(what)
    if path.suffix.lower() == ".pdf" and path.is_file():
        return path.stem, path.read_bytes()
    return what.replace("/", "-"), _drawn(tree(at), what)


def _drawn(files: Tree, number: str) -> bytes:
    """Give the PDF of a number: as it was issued, or of a draft as it would be today."""
    from q2c.store.quotes import quote_numbers

    if number in quote_numbers(files):
        from q2c.commands.quotes.quote import drawn
        from q2c.commands.quotes.quoting import live
        from q2c.store.quotes import read_quote
        from q2c.store.shop import read_shop

        shop = read_shop(files)
        folder = read_quote(files, number)
        issued = f"quotes/{folder.sent.ref}.pdf" if folder.sent else ""
        if not (issued and files.exists(issued)):
            return drawn(files, live(shop, folder))
        return files.read(issued)
    if issued := _issued(files, number):
        return files.read(issued)
    message = f"There is no document '{number}'."
    remedy = nearest(number, _known(files)) or "Name a number, or a PDF file that is there."
    raise Unknown(Fault("unknown-document", message, remedy=remedy))


def _issued(files: Tree, number: str) -> str:
    """Name the PDF that was issued under a number, if there is one."""
    if not _NUMBER.fullmatch(number):
        return ""
    kept = [
        f"quotes/{number}.pdf",
        *(f"contracts/{number}/{name}.pdf" for name in ("signed", "v1")),
        *(f"{folder}/{number}.pdf" for folder in files.folders("invoices")),
    ]
    return next((path for path in kept if files.exists(path)), "")


def _known(files: Tree) -> list[str]:
    folders = [*files.folders("quotes"), *files.folders("contracts")]
    invoices = (path for path in files.walk("invoices") if path.endswith(".json"))
    return [path.rpartition("/")[2].removesuffix(".json") for path in (*folders, *invoices)]


def _viewer() -> str:
    """Find the program that opens a file where there is a desktop."""
    name = "open" if sys.platform == "darwin" else "xdg-open"
    desktop = {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys() or sys.platform == "darwin"
    if desktop and (found := shutil.which(name)):
        return found
    message = "There is no desktop here to open a document on."
    raise Misused(Fault("no-desktop", message, remedy="Leave --open out, and copy the file."))


def _open(viewer: str, file: Path) -> None:
    """Hand a file to the viewer and go on."""
    import subprocess

    words, none = [viewer, str(file.resolve())], subprocess.DEVNULL
    subprocess.Popen(  # noqa: S603 - the system's own viewer, with one file
        words, stdin=none, stdout=none, stderr=none, start_new_session=True
    )
