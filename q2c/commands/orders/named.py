"""Orders and their lines as parameters."""

from typing import Annotated

import typer

Number = Annotated[str, typer.Argument(metavar="ORDER", help="An order, such as O-2026-0001.")]
