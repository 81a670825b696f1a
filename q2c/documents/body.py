"""The objects of a PDF file: numbered, written one after the other, found again by a table."""

from hashlib import sha256
from typing import Final

# The four bytes above 127 tell programs that carry files that this is no text.
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Body:
    """The numbered objects of a file, written one after the other."""

    def __init__(self) -> None:
        self._parts = [_HEADER]
        self._size = len(_HEADER)
        self._places: list[int] = []

    def reserved(self) -> int:
        """Give a number to an object that will be written later."""
        self._places.append(0)
        return len(self._places)

    def put(self, content: str | bytes, at: int = 0) -> int:
        """Write an object and give its number."""
        at = at or self.reserved()
        self._places[at - 1] = self._size
        whole = content.encode("ascii") if isinstance(content, str) else content
        self._add(b"%d 0 obj\n%b\nendobj\n" % (at, whole))
        return at

    def stream(self, about: str, data: bytes, at: int = 0) -> int:
        """Write bytes with a few words about them."""
        head = f"<<{about}/Length {len(data)}>>\nstream\n"
        return self.put(b"%b%b\nendstream" % (head.encode("ascii"), data), at)

    def closed(self, root: int, info: int) -> bytes:
        """Write the table of objects; the file's name is made of its own content."""
        content = b"".join(self._parts)
        name = sha256(content).hexdigest()[:32]
        rows = "".join(f"{place:010} 00000 n \n" for place in self._places)
        count = len(self._places) + 1
        tail = (
            f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
            f"trailer\n<</Size {count}/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]>>\n"
            f"startxref\n{self._size}\n%%EOF\n"
        )
        return content + tail.encode("ascii")

    def _add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
