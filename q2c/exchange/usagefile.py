"""Files of usage events: CSV, JSON lines and Parquet, row by row, whoever wrote them."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO, TextIOWrapper

import msgspec

from q2c.core.fault import Fault, Invalid, Place
from q2c.core.money import EXACT
from q2c.core.usage.metering import EPOCH, MICROSECOND, Days, Event, digests, quantity_of

LARGEST = 250_000_000  # bytes of a file, which are held in memory
LONGEST = 200
MOST_FAULTS = 1000  # more than anybody reads, and a file with so many is another file
OWN = ("id", "time", "customer", "order", "meter", "quantity")
OTHER_NAMES = {
    "event id": "id",
    "event_id": "id",
    "transaction_id": "id",
    "timestamp": "time",
    "subject": "customer",
    "external_customer_id": "customer",
    "code": "meter",
    "value": "quantity",
}
_TIME = re.compile(
    r"(19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?"
    r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
)
_TIMED = _TIME.fullmatch
ONE = Decimal(1)
Said = Mapping[str, str]


class Faults:
    """What is wrong in the rows of a file, in their order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Fault] = []

    def add(self, line: int, code: str, message: str, remedy: str) -> None:
        """Note what is wrong in a row."""
        self.found.append(Fault(code, message, Place(self.name, line), remedy))

    @property
    def many(self) -> bool:
        """Say whether nobody would read more of them."""
        return len(self.found) >= MOST_FAULTS

    def refuse(self) -> None:
        """Refuse the file, if anything is wrong in it."""
        if self.found:
            raise Invalid(*self.found)


def read_events(
    data: bytes, name: str, days: Days, faults: Faults, owners: Said | None = None
) -> Iterator[Event]:
    """Yield the events of a file row by row, and note what is wrong in the others.

    `owners` are the customers of orders, for rows that name an order alone.

    Refuses a file that cannot be read at all.
    """
    if len(data) > LARGEST:
        message = f"The file has {len(data):,} bytes; at most {LARGEST:,} are read."
        raise Invalid(Fault("too-large", message, Place(name), "Divide it into several files."))
    if data.startswith(b"PAR1"):
        from q2c.exchange.parquet import parquet_rows

        rows = parquet_rows(data, name)
    elif data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        rows = _json_rows(data, faults)
    else:
        rows = _csv_rows(data, name, faults)
    for line, said in rows:
        event = _event(said, line, days, faults, owners or {})
        if event is not None:
            yield event
        elif faults.many:
            return


def _csv_rows(data: bytes, name: str, faults: Faults) -> Iterator[tuple[int, Said]]:
    """Yield the rows of a CSV file by the names of its columns."""
    first = data[:65536].partition(b"\n")[0]
    mark = max(b",;\t", key=first.count)
    text = TextIOWrapper(BytesIO(data), encoding="utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=chr(mark), strict=True)
    before = 0
    try:
        head = columns_of([cell.strip() for cell in next(reader, [])], name)
        count, before = len(head), reader.line_num
        for cells in reader:
            if len(cells) == count:
                yield before + 1, dict(zip(head, cells, strict=True))
            elif cells:
                message = f"The row has {len(cells)} cells; the first line names {count} columns."
                remedy = "Put a text that has a comma in quotation marks."
                faults.add(before + 1, "row-length", message, remedy)
                if faults.many:
                    return
            before = reader.line_num
    except csv.Error as error:
        message = f"The row cannot be read: {error}."
        remedy = "Look for a quotation mark that is not closed."
        faults.add(before + 1, "bad-csv", message, remedy)
    except UnicodeDecodeError:
        faults.add(before + 1, "bad-encoding", "The file is not UTF-8.", "Save it as UTF-8.")


def columns_of(columns: Sequence[str], name: str) -> list[str]:
    """Give the columns by the names that we know them by; refuse a head that lacks one."""
    head = [_known(column) for column in columns]
    place = Place(name)
    found = [
        Fault("double-column", f"The column '{column}' is there twice.", place, "Keep one.")
        for column in sorted({column for column in head if head.count(column) > 1})
    ]
    found += [
        Fault("missing-column", f"The column '{column}' is missing.", place, _HEAD)
        for column in ("time", "meter")
        if column not in head
    ]
    if "customer" not in head and "order" not in head:
        message = "The column 'customer' is missing, and so is 'order'."
        found.append(Fault("missing-column", message, place, _HEAD))
    if found:
        raise Invalid(*found)
    return head


_HEAD = f"The first line names the columns: {','.join(OWN)}, and those of properties."


def _known(name: str) -> str:
    return OTHER_NAMES.get(name.lower(), name.lower() if name.lower() in OWN else name)


def _json_rows(data: bytes, faults: Faults) -> Iterator[tuple[int, Said]]:
    """Yield the rows of a file that has an object on every line."""
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
    for number, line in enumerate(BytesIO(data.removeprefix(b"\xef\xbb\xbf")), start=1):
        if not line.strip():
            continue
        try:
            said = _flat(decode(line), decode)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
            message = f"The line cannot be read: {error}."
            remedy = "Write one object on a line, of texts and numbers."
            faults.add(number, "bad-json-line", message, remedy)
            if faults.many:
                return
        else:
            yield number, said


def _flat(row: dict[str, msgspec.Raw], decode: Callable[[bytes], dict[str, msgspec.Raw]]) -> Said:
    """Give the values of an object as texts; those of `properties` stand beside the others."""
    said: dict[str, str] = {}
    for name, raw in row.items():
        value = bytes(raw)
        if value[:1] == b"{" and name in ("properties", "data"):
            said |= _flat(decode(value), decode)
        elif value[:1] in (b"{", b"["):
            message = f"'{name}' is not a text or a number"
            raise ValueError(message)
        elif value != b"null":
            text = msgspec.json.decode(value, type=str) if value[:1] == b'"' else value.decode()
            said[_known(name)] = text
    return said


def _event(said: Said, line: int, days: Days, faults: Faults, owners: Said) -> Event | None:
    """Make an event of a row; nothing of one that something is wrong in."""
    get = said.get
    time, customer, order = get("time", ""), get("customer", "").strip(), get("order", "").strip()
    meter, amount = get("meter", "").strip(), get("quantity", "").strip()
    at = instant(time.strip())
    quantity = quantity_of(amount) if amount else ONE
    told = "".join(said.values())
    if at is None or quantity is None or not meter or not (customer or order):
        _tell(said, line, faults)
        return None
    long = len(told) > LONGEST and max(map(len, said.values())) > LONGEST
    if long or not told.isprintable():
        message = f"A cell is longer than {LONGEST} signs, or has some that do not show."
        faults.add(line, "bad-cell", message, "Write it anew, in fewer words.")
        return None
    properties = {name: value for name, value in said.items() if name not in OWN and value}
    content = [customer, order, meter, str(at), _plain(quantity)]
    content += [f"{name}\x1f{properties[name]}" for name in sorted(properties)]
    key, digest = digests(get("id", "").strip(), "\x1e".join(content))
    return Event(
        key=key,
        content=digest,
        at=at,
        day=days.of(at),
        customer=customer or owners.get(order.partition("/")[0], ""),
        order=order,
        meter=meter,
        quantity=quantity,
        properties=properties,
        line=line,
    )


def instant(text: str) -> int | None:
    """Read a time with its zone as microseconds since 1970; anything else is nothing."""
    if not _TIMED(text):
        return None
    try:
        return (datetime.fromisoformat(text) - EPOCH) // MICROSECOND
    except ValueError:
        return None


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize(EXACT):f}" if quantity else "0"


def _tell(said: Said, line: int, faults: Faults) -> None:
    """Say everything that is wrong with a row."""
    time, amount = said.get("time", "").strip(), said.get("quantity", "").strip()
    for name, there in (
        ("time", time),
        ("meter", said.get("meter", "").strip()),
        ("customer", said.get("customer", "").strip() or said.get("order", "").strip()),
    ):
        if not there:
            faults.add(line, "empty-cell", f"The row has no {name}.", "Fill the cell.")
    if time and instant(time) is None:
        message = f"'{time[:40]}' is not a time with its zone."
        remedy = "Write one such as 2026-11-30T14:05:00Z or 2026-11-30T15:05:00+01:00."
        faults.add(line, "bad-time", message, remedy)
    if amount and quantity_of(amount) is None:
        message = f"'{amount[:40]}' is not a quantity."
        remedy = "Write at most 12 digits and 9 decimals, with a point: 12.5."
        faults.add(line, "bad-quantity", message, remedy)
