"""The texts that q2c brings with it: languages, and clauses of contracts."""

from functools import cache
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent.parent
# In a wheel the templates stand inside the package, in the repository beside it.
_HOMES: Final = (_PACKAGE / "templates", _PACKAGE.parent / "templates")


@cache
def resource(*names: str) -> bytes:
    """Give the bytes of a template, such as `resource("contracts", "sv.md")`."""
    home = next((home for home in _HOMES if home.is_dir()), _HOMES[0])
    return home.joinpath(*names).read_bytes()
