"""Usage on disk: meters, the record of imports, and an index of events that can be lost."""

from q2c.store.usage.imports import (
    FOLDER,
    IMPORTS,
    Import,
    Imported,
    Moved,
    import_line,
    kept_name,
    read_imports,
)
from q2c.store.usage.meters import METERS, metered_faults, read_meters

__all__ = [
    "FOLDER",
    "IMPORTS",
    "METERS",
    "Import",
    "Imported",
    "Moved",
    "import_line",
    "kept_name",
    "metered_faults",
    "read_imports",
    "read_meters",
]
