"""Lists that are imported: their bytes, and which of their columns was said to have which field."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from q2c.core.fault import Fault, Misused, Unknown

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Which column has a field."),
]


def received(file: Path) -> bytes:
    """Read a list; refuse one that cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}."
        raise Unknown(Fault("no-list", message, remedy="Look at the path.")) from None


def columns_stated(words: Sequence[str], example: str) -> dict[str, str]:
    """Give the column that was said to have each field; refuse words that do not say it."""
    pairs = [word.partition("=") for word in words]
    for field, equals, column in pairs:
        if not (field and equals and column):
            message = f"'{field}{equals}{column}' does not say which column has which field."
            raise Misused(Fault("usage", message, remedy=f"Write: --map {example}"))
    return {field: column for field, _, column in pairs}
