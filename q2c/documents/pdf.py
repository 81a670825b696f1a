"""PDF files, PDF/A-3b: page content, fonts and pictures made into bytes that never change."""

from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from q2c.documents.fonts import block
from q2c.documents.form import Form, numbered
from q2c.documents.image import Picture
from q2c.documents.page import Page, number

A4: Final = (595.28, 841.89)
PROGRAM: Final = "q2c"
# The four bytes above 127 tell programs that carry files that this is no text.
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PACKET: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\n{}\n'
    '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
)


class Info(Struct, frozen=True):
    """What a PDF says about itself; `created` is a day or a moment with its time zone.

    Texts hold no control characters: those are refused where they are read.
    """

    title: str
    author: str
    created: date
    subject: str = ""
    keywords: str = ""
    language: str = "en"


class Pdf:
    """A document whose pages stay open, for 'page 1 of 3', until it is finished."""

    def __init__(self, info: Info, paper: tuple[float, float] = A4) -> None:
        self.info = info
        self.paper = paper
        self.pages: list[Page] = []
        self._pictures: dict[Picture | Form, str] = {}

    def page(self) -> Page:
        """Add a page."""
        self.pages.append(Page(self.paper, self._pictures))
        return self.pages[-1]

    def finish(self) -> bytes:
        """Give the bytes of the file."""
        body = _Body()
        tree = body.reserved()
        resources = self._resources(body)
        kids = [_page(body, page, tree, resources) for page in self.pages]
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        box = " ".join(map(number, self.paper))
        body.put(
            f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]/MediaBox[0 0 {box}]>>",
            tree,
        )
        metadata = body.stream("/Type/Metadata/Subtype/XML", _packet(self.info))
        root = body.put(
            f"<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata} 0 R"
            f"/Lang {_text(self.info.language)}/ViewerPreferences<</DisplayDocTitle true>>"
            f"/OutputIntents[{_intent(body)} 0 R]>>"
        )
        return body.closed(root, body.put(_about(self.info)))

    def _resources(self, body: "_Body") -> int:
        """Write fonts and pictures, which all pages share."""
        used = sorted({key for page in self.pages for key in page.fonts})
        fonts = "".join(f"/{key} {_font(body, key)} 0 R" for key in used)
        pictures = "".join(
            f"/{name} {_object(body, picture)} 0 R" for picture, name in self._pictures.items()
        )
        return body.put(f"<</Font<<{fonts}>>/XObject<<{pictures}>>>>")


class _Body:
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


def _page(body: _Body, page: Page, tree: int, resources: int) -> int:
    content = body.stream("", page.content())
    links = "".join(
        f"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{page.corners(x, y, w, h)}]"
        f"/A<</S/URI/URI <{address.encode('ascii').hex()}>>>>>"
        for x, y, w, h, address in page.links
    )
    annotations = f"/Annots[{links}]" if links else ""
    return body.put(
        f"<</Type/Page/Parent {tree} 0 R/Resources {resources} 0 R"
        f"/Contents {content} 0 R{annotations}>>"
    )


def _font(body: _Body, key: str) -> int:
    """Write a block of a face as a font whose codes are Unicode code points."""
    font = block(key)
    packed = "/Filter/FlateDecode"
    program = body.stream(f"{packed}/Length1 {font.program_length}", font.program)
    glyphs = body.stream(packed, font.glyphs)
    unicode = body.stream(packed, font.unicode)
    about = body.put(f"<</Type/FontDescriptor{font.descriptor}/FontFile2 {program} 0 R>>")
    letters = body.put(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font.name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {about} 0 R/CIDToGIDMap {glyphs} 0 R/W[{font.widths}]>>"
    )
    return body.put(
        f"<</Type/Font/Subtype/Type0/BaseFont/{font.name}/Encoding/Identity-H"
        f"/DescendantFonts[{letters} 0 R]/ToUnicode {unicode} 0 R>>"
    )


def _object(body: _Body, picture: Picture | Form) -> int:
    return _form(body, picture) if isinstance(picture, Form) else _picture(body, picture)


def _form(body: _Body, form: Form) -> int:
    """Write the parts of a form; the first of them draws it."""
    numbers = [body.reserved() for _ in form.parts]
    for part, at in zip(form.parts, numbers, strict=True):
        about = numbered(part, numbers)
        if part.data is None:
            body.put(about, at)
        else:
            body.stream(about, part.data, at)
    return numbers[0]


def _picture(body: _Body, picture: Picture) -> int:
    about = (
        f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}"
        "/BitsPerComponent 8"
    )
    mask = ""
    if picture.alpha:
        gray = body.stream(f"{about}/ColorSpace/DeviceGray/Filter/FlateDecode", picture.alpha)
        mask = f"/SMask {gray} 0 R"
    packing = "DCTDecode" if picture.jpeg else "FlateDecode"
    return body.stream(f"{about}/ColorSpace/DeviceRGB/Filter/{packing}{mask}", picture.color)


def _intent(body: _Body) -> int:
    """Write what the colours mean: sRGB."""
    profile = body.stream("/N 3", _colors())
    return body.put(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        f"/Info(sRGB IEC61966-2.1)/DestOutputProfile {profile} 0 R>>"
    )


@cache
def _colors() -> bytes:
    return (Path(__file__).parent / "srgb.icc").read_bytes()


def _about(info: Info) -> str:
    fields = {
        "Title": info.title,
        "Author": info.author,
        "Subject": info.subject,
        "Keywords": info.keywords,
        "Creator": PROGRAM,
        "Producer": PROGRAM,
    }
    told = "".join(f"/{name} {_text(value)}" for name, value in fields.items() if value)
    created = _moment(info.created)
    return f"<<{told}/CreationDate(D:{created:%Y%m%d%H%M%S}Z)/ModDate(D:{created:%Y%m%d%H%M%S}Z)>>"


def _packet(info: Info) -> bytes:
    """Write the same once more as XMP, with the promise of PDF/A-3b."""
    created = f"{_moment(info.created):%Y-%m-%dT%H:%M:%SZ}"
    fields = [
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
        "<dc:format>application/pdf</dc:format>",
        f"<dc:language><rdf:Bag><rdf:li>{_xml(info.language)}</rdf:li></rdf:Bag></dc:language>",
        f"<dc:title>{_alternative(info.title)}</dc:title>",
        f"<dc:creator><rdf:Seq><rdf:li>{_xml(info.author)}</rdf:li></rdf:Seq></dc:creator>",
        f"<dc:description>{_alternative(info.subject)}</dc:description>" if info.subject else "",
        f"<pdf:Keywords>{_xml(info.keywords)}</pdf:Keywords>" if info.keywords else "",
        f"<pdf:Producer>{PROGRAM}</pdf:Producer><xmp:CreatorTool>{PROGRAM}</xmp:CreatorTool>",
        f"<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate>",
    ]
    return _PACKET.format("\n".join(filter(None, fields))).encode()


def _alternative(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{_xml(text)}</rdf:li></rdf:Alt>'


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(text: str) -> str:
    """Write a text outside the pages."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


def _moment(day: date) -> datetime:
    """Take a day as its first moment in UTC."""
    if isinstance(day, datetime):
        assert day.tzinfo is not None, day
        return day.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
