"""The files that q2c brings along: starter workspace, templates, examples."""

from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent
LEFT_BEHIND = frozenset({".q2c", "__pycache__"})


def resource(*names: str) -> Path:
    """Give the path of a file or folder that comes with the program.

    A wheel carries `templates/` and `examples/` inside the package; in a clone they stand
    beside it.
    """
    inside = PACKAGE.joinpath(*names)
    return inside if inside.exists() else PACKAGE.parent.joinpath(*names)


def files_below(*names: str) -> Iterator[tuple[str, bytes]]:
    """Yield every file below such a folder, by its relative path, in order.

    What a run left behind in the folder is not part of it.
    """
    folder = resource(*names)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not LEFT_BEHIND.intersection(path.relative_to(folder).parts):
            yield path.relative_to(folder).as_posix(), path.read_bytes()
