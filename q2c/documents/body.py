"""The objects of a PDF file: numbered, written one after the other, found again by a table."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Final

from q2c.documents.packed import Name, packed

# The four bytes above 127 tell programs that carry files that this is no text.
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_FLATE: Final = "/Filter/FlateDecode"
# In each row of the table stand a kind, a place in four bytes and an index in two; what is
# packed is the difference to the row above, which is mostly the same.
_COLUMNS: Final = (1, 4, 2)
_UP: Final = "\2"  # of PNG's filters the one that tells that difference
_NEXT: Final = f"{_UP}\0\0\0\0\0\0\1"  # an object tucked away behind the one above
_AT_PLACE, _TUCKED = 1, 2


class Body:
    """The numbered objects of a file; all but streams are packed together at its end.

    A `short` file is packed as small as can be, a long one faster.
    """

    def __init__(self, *, short: bool) -> None:
        self._parts = [_HEADER]
        self._size = len(_HEADER)
        self._places: list[int] = []
        self._tucked: dict[int, Sequence[str]] = {}
        self._known: dict[tuple[str, bytes], int] = {}
        self._short = short

    def reserved(self) -> int:
        """Give a number to an object that will be written later."""
        self._places.append(0)
        return len(self._places)

    def put(self, *pieces: str, at: int = 0) -> int:
        """Keep an object, in pieces that may stand in others too, and give its number."""
        at = at or self.reserved()
        self._tucked[at] = pieces
        return at

    def stream(self, about: str, data: bytes, at: int = 0) -> int:
        """Write bytes with a few words about them, once where they are the same."""
        known = self._known.get((about, data))
        if known and not at:
            return known
        at = at or self.reserved()
        self._known[about, data] = at
        self._places[at - 1] = self._size
        head = f"{at} 0 obj\n<<{about}/Length {len(data)}>>\nstream\n"
        self._add(b"%b%b\nendstream\nendobj\n" % (head.encode("ascii"), data))
        return at

    def pack(self, about: str, pieces: Sequence[str], name: Name, at: int = 0) -> int:
        """Write a stream that is packed."""
        return self.stream(f"{about}{_FLATE}", packed(pieces, name, short=self._short), at)

    def closed(self, root: int, info: int) -> bytes:
        """Write the table of objects; the file's name is made of its own content."""
        store = self._stored()
        name = sha256(b"".join(self._parts)).hexdigest()[:32]
        table, start = self.reserved(), self._size
        self._places[table - 1] = start
        widths = " ".join(map(str, _COLUMNS))
        self.pack(
            f"/Type/XRef/DecodeParms<</Predictor 12/Columns {sum(_COLUMNS)}>>/W[{widths}]"
            f"/Size {table + 1}/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]",
            list(_told(self._rows(store))),
            "words",
            table,
        )
        self._add(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._parts)

    def _stored(self) -> int:
        """Write all that is no stream as one, by number (ISO 32000-1, 7.5.7)."""
        numbers = sorted(self._tucked)
        sizes = (sum(map(len, self._tucked[number])) for number in numbers)
        starts = accumulate(sizes, initial=0)
        head = "".join(f"{n} {start} " for n, start in zip(numbers, starts, strict=False))
        pieces = [head, *(piece for number in numbers for piece in self._tucked[number])]
        about = f"/Type/ObjStm/N {len(numbers)}/First {len(head)}"
        return self.pack(about, pieces, "words")

    def _rows(self, store: int) -> Iterator[tuple[int, int, int]]:
        """Tell where each object is: at a place, or which one it is of those tucked away."""
        indexes = {number: index for index, number in enumerate(sorted(self._tucked))}
        yield 0, 0, 0xFFFF
        for number, place in enumerate(self._places, start=1):
            tucked = number in indexes
            yield (_TUCKED, store, indexes[number]) if tucked else (_AT_PLACE, place, 0)

    def _add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)


def _told(rows: Iterable[tuple[int, int, int]]) -> Iterator[str]:
    """Write rows as the difference of each to the one above."""
    for above, row in pairwise([(0, 0, 0), *rows]):
        if row[0] == _TUCKED == above[0] and row[2] & 0xFF:
            yield _NEXT
            continue
        old, new = _bytes(above), _bytes(row)
        yield _UP + "".join(chr((to - by) & 0xFF) for by, to in zip(old, new, strict=True))


def _bytes(row: tuple[int, int, int]) -> bytes:
    return b"".join(part.to_bytes(wide, "big") for part, wide in zip(row, _COLUMNS, strict=True))
