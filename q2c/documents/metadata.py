"""What a PDF says of itself: title, author and day, and which standards it keeps, as XMP."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from msgspec import Struct

PROGRAM: Final = "q2c"
_PACKET: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\n{}\n'
    '</rdf:Description>{}</rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
)
_SPECIAL: Final = re.compile(r"[\\()]")
# The name under which the XML of a hybrid invoice lies in its PDF (Factur-X 1.0, 6.2).
FACTURX: Final = "factur-x.xml"
_FACTURX_SPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_FACTURX_FIELDS: Final = {
    "DocumentType": "INVOICE",
    "DocumentFileName": FACTURX,
    "Version": "1.0",
    "ConformanceLevel": "EN 16931",
}


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


class Schema(Struct, frozen=True):
    """Words for metadata that PDF/A does not know and wants described: ISO 19005-3, 6.6.2.3."""

    name: str
    space: str
    prefix: str
    fields: dict[str, str]
    category: str = "external"
    value_type: str = "Text"


FACTURX_SCHEMA: Final = Schema(
    "Factur-X PDFA Extension Schema", _FACTURX_SPACE, "fx", _FACTURX_FIELDS
)
UA_SCHEMA: Final = Schema(
    "PDF/UA identification schema",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    {"part": "1"},
    category="internal",
    value_type="Integer",
)


def about(info: Info) -> str:
    """Write what a file says of itself as readers of before XMP look for it."""
    fields = {
        "Title": info.title,
        "Author": info.author,
        "Subject": info.subject,
        "Keywords": info.keywords,
        "Creator": PROGRAM,
        "Producer": PROGRAM,
    }
    told = "".join(f"/{name} {text(value)}" for name, value in fields.items() if value)
    when = moment(info.created)
    return f"<<{told}/CreationDate{when}/ModDate{when}>>"


def packet(info: Info, *, hybrid: bool) -> bytes:
    """Write the same once more as XMP, with the promises of PDF/A-3a and PDF/UA-1."""
    schemas = (UA_SCHEMA, FACTURX_SCHEMA) if hybrid else (UA_SCHEMA,)
    created = f"{_utc(info.created):%Y-%m-%dT%H:%M:%SZ}"
    fields = [
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
        "<dc:format>application/pdf</dc:format>",
        f"<dc:language><rdf:Bag><rdf:li>{_xml(info.language)}</rdf:li></rdf:Bag></dc:language>",
        f"<dc:title>{_alternative(info.title)}</dc:title>",
        f"<dc:creator><rdf:Seq><rdf:li>{_xml(info.author)}</rdf:li></rdf:Seq></dc:creator>",
        f"<dc:description>{_alternative(info.subject)}</dc:description>" if info.subject else "",
        f"<pdf:Keywords>{_xml(info.keywords)}</pdf:Keywords>" if info.keywords else "",
        f"<pdf:Producer>{PROGRAM}</pdf:Producer><xmp:CreatorTool>{PROGRAM}</xmp:CreatorTool>",
        f"<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate>",
    ]
    return _PACKET.format("\n".join(filter(None, fields)), _extended(schemas)).encode()


def _extended(schemas: Iterable[Schema]) -> str:
    """Write words of other schemas, and what these words are."""
    described = "".join(map(_described, schemas))
    return (
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas>'
        f"<rdf:Bag>{described}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
        + "".join(map(_filled, schemas))
    )


def _described(schema: Schema) -> str:
    properties = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{schema.value_type}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{schema.category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{name}</pdfaProperty:description></rdf:li>"
        for name in schema.fields
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{schema.name}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{schema.space}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{schema.prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _filled(schema: Schema) -> str:
    words = "".join(
        f"<{schema.prefix}:{name}>{value}</{schema.prefix}:{name}>"
        for name, value in schema.fields.items()
    )
    head = f'<rdf:Description rdf:about="" xmlns:{schema.prefix}="{schema.space}">'
    return f"\n{head}{words}</rdf:Description>"


def _alternative(string: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{_xml(string)}</rdf:li></rdf:Alt>'


def _xml(string: str) -> str:
    return string.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def text(string: str) -> str:
    """Write a text outside the pages."""
    if string.isascii() and string.isprintable():
        escaped = _SPECIAL.sub(r"\\\g<0>", string)
        return f"({escaped})"
    return f"<feff{string.encode('utf-16-be').hex()}>"


def moment(day: date) -> str:
    """Write a day as its first moment in UTC, or a moment as it is in UTC."""
    return f"(D:{_utc(day):%Y%m%d%H%M%S}Z)"


def _utc(day: date) -> datetime:
    if isinstance(day, datetime):
        assert day.tzinfo is not None, day
        return day.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
