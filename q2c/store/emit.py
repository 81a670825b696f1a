"""Writing values in our dialect of YAML: whole files, and what goes into a file that is there."""

import re
from datetime import date
from decimal import Decimal

from q2c.store.dialect import Scalar, Tree, typed

# What may stand without quotes anywhere, also inside brackets: it begins with a letter or
# digit and has no sign with a meaning in YAML.
_SAFE = re.compile(r"[^\W_](?:[\w ./()+%§&=@-]*[\w./()+%§&=@-])?")
_STEP = "  "


def emit(value: Tree) -> str:
    """Write a new file of our dialect: what is read from it is the value again."""
    if isinstance(value, dict | list) and value:
        return "".join(f"{line}\n" for line in _block(value))
    return f"{_inline(value)}\n"


def scalar(value: Scalar) -> str:
    """Write one value so that it is read as itself, in quotes where it must."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | date):
        return str(value)
    return value if _bare(value) else _quoted(value)


def flow(value: Tree) -> str:
    """Write a value on one line, lists and mappings in brackets."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def entry_lines(key: str, value: Tree) -> list[str]:
    """Write a key, which has its colon already, with its value."""
    if isinstance(value, dict | list) and value:
        return [key, *_indented(_block(value))]
    if isinstance(value, str) and _literal(value):
        lines = value.removesuffix("\n").split("\n")
        head = f"{key} |" if value.endswith("\n") else f"{key} |-"
        return [head, *_indented(lines)]
    return [f"{key} {_inline(value)}"]


def item_lines(value: Tree) -> list[str]:
    """Write an item of a list behind its dash."""
    if isinstance(value, dict | list) and value:
        first, *rest = _block(value)
        return [f"- {first}", *_indented(rest)]
    return [f"- {_inline(value)}"]


def _bare(text: str) -> bool:
    """Say whether a text stands without quotes and is still read as that text."""
    try:
        return bool(_SAFE.fullmatch(text)) and typed(text) is text
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """Put a text in quotes; line breaks need the double ones."""
    if "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _block(value: Tree) -> list[str]:
    """Write a list or mapping that is not empty, one item or key to a line."""
    if isinstance(value, dict):
        return [
            line for key, item in value.items() for line in entry_lines(f"{scalar(key)}:", item)
        ]
    return [line for item in value for line in item_lines(item)]


def _literal(text: str) -> bool:
    """Say whether a text of several lines may stand as they are: no blank first or last one."""
    body = text.removesuffix("\n")
    return "\n" in text and body[:1] not in {"", " ", "\n"} and not body.endswith("\n")


def _indented(lines: list[str]) -> list[str]:
    return [f"{_STEP}{line}" if line else "" for line in lines]


def _inline(value: Tree) -> str:
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return scalar(value)
