"""What a command says: its result on standard output, everything else on standard error."""

import shutil
import sys
from collections.abc import Iterable, Sequence

import msgspec

from q2c.commands.call import call, warnings
from q2c.commands.plain import Row, cell, fields_of, is_number, plain
from q2c.commands.visible import cut, padded, visible, width
from q2c.core.fault import Fault, Misused

SCHEMA = "q2c/1"
GAP = "  "
NARROWEST = 8  # a column of words is not cut below this
# A spreadsheet reads a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide ones, too


def table(rows: Iterable[Row | msgspec.Struct], columns: Sequence[str], title: str = "") -> None:
    """Say a list: a table on a terminal, tab-separated elsewhere, or as was asked.

    JSON holds every field of the rows, the others the columns; --fields chooses in all.
    """
    known = [fields_of(row) for row in rows]
    names = _chosen(columns, known)
    mode = call().mode
    if mode in ("json", "jsonl"):
        chosen = [_picked(row) for row in known]
        _write(_document(chosen) if mode == "json" else "".join(map(_line, chosen)))
    elif mode == "csv":
        _write(as_csv(known, names))
    elif mode == "tsv":
        _write(_tsv(known, names))
    else:
        _write_table(known, names, title)


def say(value: Row | msgspec.Struct, text: str = "") -> None:
    """Say one thing: in these words, or by its fields where a program or --fields asks."""
    row = fields_of(value)
    names = _chosen(tuple(row), [row])
    mode = call().mode
    if mode in ("json", "jsonl"):
        picked = _picked(row)
        _write(_document(picked) if mode == "json" else _line(picked))
    elif mode == "csv":
        _write(as_csv([row], names))
    elif text and not call().fields:
        _write(visible(text.rstrip("\n"), keep="\n") + "\n")
    elif mode == "tsv":
        _write("".join(f"{name}\t{_escaped(row, name)}\n" for name in names))
    else:
        _write(_block(row, names))


def check_fields(value: Row | msgspec.Struct) -> None:
    """Refuse --fields that what will be said has not, before anything is written."""
    row = fields_of(value)
    _chosen(tuple(row), [row])


def warn(sentence: str) -> None:
    """Tell what is not wrong yet; JSON carries it in the document."""
    warnings().append(sentence)
    _aside(f"warning: {sentence}")


def hint(sentence: str) -> None:
    """Tell a person something that is not the result."""
    _aside(sentence)


def following(command: str) -> None:
    """Tell the command that usually comes next."""
    _aside(f"next: {command}")


def _aside(sentence: str) -> None:
    if not (call().quiet or call().machine):
        sys.stderr.write(visible(sentence, keep="\n") + "\n")


def _chosen(columns: Sequence[str], rows: Sequence[Row]) -> tuple[str, ...]:
    """Give the columns to show; refuse a field that is not there."""
    valid = dict.fromkeys((*columns, *(name for row in rows for name in row)))
    for name in call().fields:
        if name not in valid:
            remedy = f"Choose from: {', '.join(valid)}."
            raise Misused(Fault("unknown-field", f"There is no field '{name}'.", remedy=remedy))
    return call().fields or tuple(columns)


def _picked(row: Row) -> object:
    return plain({name: row.get(name) for name in call().fields} if call().fields else row)


def _document(data: object) -> str:
    document = {"schema": SCHEMA, "data": data, "warnings": warnings()}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _line(value: object) -> str:
    return msgspec.json.encode(value).decode() + "\n"


def as_csv(rows: Sequence[Row], names: Sequence[str]) -> str:
    """Write rows as comma-separated values; no text is read as a formula."""
    lines = [",".join(map(_quoted, names))]
    lines += [
        ",".join(_quoted(_harmless(row.get(name), cell(row, name, pretty=False))) for name in names)
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _harmless(value: object, text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) and not is_number(value) else text


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _tsv(rows: Sequence[Row], names: Sequence[str]) -> str:
    lines = ["\t".join(names)]
    lines += ["\t".join(_escaped(row, name) for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def _escaped(row: Row, name: str) -> str:
    return visible(cell(row, name, pretty=False))


def _block(row: Row, names: Sequence[str]) -> str:
    heads = [_head(name) for name in names]
    wide = max(map(width, heads), default=0)
    return "".join(
        f"{padded(head, wide)}{GAP}{visible(cell(row, name, pretty=True))}".rstrip() + "\n"
        for head, name in zip(heads, names, strict=True)
    )


def _head(name: str) -> str:
    return name.replace("_", " ")


def _write_table(rows: Sequence[Row], names: Sequence[str], title: str) -> None:
    if not rows:
        _aside("There are none.")
        return
    cells = [[visible(cell(row, name, pretty=True)) for name in names] for row in rows]
    right = [any(is_number(row.get(name)) for row in rows) for name in names]
    lines = laid_out([_head(name) for name in names], cells, right, _columns())
    from q2c.commands.color import bold, colored

    lines[0] = bold(lines[0], color=colored(sys.stdout))
    if title:
        lines.insert(0, visible(title))
    _write("\n".join(lines) + "\n")


def _columns() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def laid_out(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], columns: int
) -> list[str]:
    """Set a table; where it is too wide, the widest columns of words are cut."""
    wide = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    room = columns - len(GAP) * (len(wide) - 1)
    words = [place for place, number in enumerate(right) if not number]
    texts = [place for place in words if any(" " in row[place] for row in rows)]
    for chosen in (texts, words):  # a name that is cut can still be used, unlike a number
        while sum(wide) > room and any(wide[place] > NARROWEST for place in chosen):
            wide[max(chosen, key=lambda place: wide[place])] -= 1
    return [
        GAP.join(
            padded(cut(text, size), size, right=number)
            for text, size, number in zip(row, wide, right, strict=True)
        ).rstrip()
        for row in (heads, *rows)
    ]


def _write(text: str) -> None:
    """Write the result; what a terminal would obey is written out, as JSON writes it."""
    if sys.stdout.isatty() and call().mode in ("json", "jsonl", "csv"):
        text = visible(text, keep="\n")
    sys.stdout.write(text)
