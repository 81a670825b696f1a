"""Files that travel inside a PDF: the XML of an invoice, papers that belong to it."""

import re
from collections.abc import Iterable
from datetime import date
from hashlib import md5
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from q2c.documents.body import Body
from q2c.documents.metadata import moment, text

XML: Final = "text/xml"
# Tags that follow each other are one piece: they come again together.
_TAGS: Final = re.compile(r"(?:<[^>]*+>\s*+)++|<?[^<]++|<")
Relation: TypeAlias = Literal["Alternative", "Supplement", "Data", "Source", "Unspecified"]


class Attached(Struct, frozen=True):
    """A file in a PDF: its name, what kind of file it is, and how it is related to the pages.

    An `Alternative` says the same as the pages, a `Supplement` more (ISO 32000-2, 14.13).
    """

    name: str
    media_type: str
    data: bytes
    description: str = ""
    relation: Relation = "Supplement"


def attachments(body: Body, attached: Iterable[Attached], day: date) -> str:
    """Write files into a PDF; give what its catalogue says of them.

    Each is listed by name, for people, and as belonging to the document, for programs
    (ISO 19005-3, 6.8). The clock is not asked: a file changed when the document was made.
    """
    files = {one.name: _file(body, one, day) for one in sorted(attached, key=_key)}
    if not files:
        return ""
    names = "".join(f"{text(name)} {number} 0 R" for name, number in files.items())
    all_of_them = " ".join(f"{number} 0 R" for number in files.values())
    return f"/AF[{all_of_them}]/Names<</EmbeddedFiles<</Names[{names}]>>>>"


def _key(one: Attached) -> bytes:
    """Order names as readers search for them: by the bytes that stand in the file."""
    return one.name.encode("utf-16-be")


def _file(body: Body, one: Attached, day: date) -> int:
    sign = md5(one.data, usedforsecurity=False).hexdigest()  # as ISO 32000-1, 7.11.4 wants it
    about = (
        f"/Type/EmbeddedFile/Subtype/{one.media_type.replace('/', '#2F')}"
        f"/Params<</ModDate{moment(day)}/Size {len(one.data)}/CheckSum<{sign}>>>"
    )
    if one.media_type == XML:
        stream = body.pack(about, _TAGS.findall(one.data.decode("latin-1")), "words")
    else:  # mostly packed already
        stream = body.stream(about, one.data)
    name = text(one.name)
    return body.put(
        f"<</Type/Filespec/F {name}/UF {name}/Desc {text(one.description or one.name)}"
        f"/AFRelationship/{one.relation}/EF<</F {stream} 0 R/UF {stream} 0 R>>>>"
    )
