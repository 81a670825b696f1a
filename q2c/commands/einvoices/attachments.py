"""What is enclosed in an e-invoice, written to a folder under plain names."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from q2c.core.einvoice.group import Group

LONGEST = 100  # characters of a name
_ODD = re.compile(r"[^\w .()+-]")
# Windows takes these for devices, whatever comes after the dot.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def save_attachments(terms: Group, folder: Path, source: str) -> Iterator[str]:
    """Write each file that is enclosed, and say where; nothing that is there is written over."""
    held = [one for one in _groups(terms) if isinstance(one.get("BT-125"), bytes)]
    if not held:
        yield f"{source} encloses no file."
        return
    folder.mkdir(parents=True, exist_ok=True)
    for one in held:
        data = one["BT-125"]
        assert isinstance(data, bytes), "asked for above"
        name = plain_name(str(one.get("BT-125-2") or one.get("BT-122") or "attachment"))
        yield f"Wrote {_written(folder, name, data)}"


def _groups(terms: Group) -> tuple[Group, ...]:
    found = terms.get("BG-24", ())
    return found if isinstance(found, tuple) else ()


def plain_name(name: str) -> str:
    """Make a name of a file plain: no folders, no dot before it, no odd characters, not long."""
    last = re.split(r"[/\\:]", name)[-1]
    plain = _ODD.sub("_", last).strip(" .")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    stem, dot, suffix = plain.rpartition(".")
    short = f"{stem[: LONGEST - len(suffix) - 1]}{dot}{suffix}" if stem else plain
    return short[:LONGEST] or "attachment"


def _written(folder: Path, name: str, data: bytes) -> Path:
    """Write a file under its name, or the first of name-2, name-3 … that is free."""
    stem, suffix = Path(name).stem, Path(name).suffix
    for number in count(1):
        path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return path
    raise AssertionError("numbers do not end")
