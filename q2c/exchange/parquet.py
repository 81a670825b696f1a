"""Rows of Parquet files as text, read by DuckDB."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from q2c.core.fault import Fault, Invalid, Misused, Place

MANY = 20_000
_NO_EXTRA = 'Install it with:  pip install "q2c[parquet]"  or save the file as CSV.'


def parquet_rows(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a Parquet file by the names of its columns; what is null is not there."""
    try:
        import duckdb
    except ImportError:
        message = f"{name} is a Parquet file, and the part of q2c that reads those is missing."
        raise Misused(Fault("needs-extra", message, remedy=_NO_EXTRA)) from None
    from q2c.exchange.usagefile import columns_of

    with TemporaryDirectory() as folder, duckdb.connect() as engine:
        path = Path(folder, "events.parquet")
        path.write_bytes(data)
        try:
            engine.execute("SET TimeZone = 'UTC'")
            engine.execute("SET threads = 1")
            engine.execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)", [str(path)])
            head = columns_of([column[0] for column in engine.description or ()], name)
            batches = iter(lambda: engine.fetchmany(MANY), [])
            for line, row in enumerate(chain.from_iterable(batches), start=1):
                cells = zip(head, row, strict=True)
                yield line, {column: cell for column, cell in cells if cell is not None}
        except duckdb.Error as error:
            why = str(error).splitlines()[0].replace(str(path), name)
            message = f"The Parquet file cannot be read: {why.rstrip('.')}."
            fault = Fault("bad-parquet", message, Place(name), "Write it anew, or save it as CSV.")
            raise Invalid(fault) from None
