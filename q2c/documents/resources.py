"""What all pages of a PDF share: fonts, pictures, forms and what colours mean."""

from functools import cache
from pathlib import Path

from q2c.documents.body import Body
from q2c.documents.fonts import block
from q2c.documents.form import Form, numbered
from q2c.documents.image import Picture


def font(body: Body, key: str) -> int:
    """Write a block of a face as a font whose codes are Unicode code points."""
    cut = block(key)
    packed = "/Filter/FlateDecode"
    program = body.stream(f"{packed}/Length1 {cut.program_length}", cut.program)
    glyphs = body.stream(packed, cut.glyphs)
    unicode = body.stream(packed, cut.unicode)
    about = body.put(f"<</Type/FontDescriptor{cut.descriptor}/FontFile2 {program} 0 R>>")
    letters = body.put(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{cut.name}"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {about} 0 R/CIDToGIDMap {glyphs} 0 R/W[{cut.widths}]>>"
    )
    return body.put(
        f"<</Type/Font/Subtype/Type0/BaseFont/{cut.name}/Encoding/Identity-H"
        f"/DescendantFonts[{letters} 0 R]/ToUnicode {unicode} 0 R>>"
    )


def picture(body: Body, drawn: Picture | Form) -> int:
    """Write a picture, or a form as the parts it has."""
    return _form(body, drawn) if isinstance(drawn, Form) else _picture(body, drawn)


def _form(body: Body, form: Form) -> int:
    """Write the parts of a form; the first of them draws it."""
    numbers = [body.reserved() for _ in form.parts]
    for part, at in zip(form.parts, numbers, strict=True):
        about = numbered(part, numbers)
        if part.data is None:
            body.put(about, at=at)
        else:
            body.stream(about, part.data, at)
    return numbers[0]


def _picture(body: Body, drawn: Picture) -> int:
    about = (
        f"/Type/XObject/Subtype/Image/Width {drawn.width}/Height {drawn.height}/BitsPerComponent 8"
    )
    mask = ""
    if drawn.alpha:
        gray = body.stream(f"{about}/ColorSpace/DeviceGray/Filter/FlateDecode", drawn.alpha)
        mask = f"/SMask {gray} 0 R"
    packing = "DCTDecode" if drawn.jpeg else "FlateDecode"
    return body.stream(f"{about}/ColorSpace/DeviceRGB/Filter/{packing}{mask}", drawn.color)


def intent(body: Body) -> int:
    """Write what the colours mean: sRGB."""
    profile = body.stream("/N 3", _colors())
    return body.put(
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)"
        f"/Info(sRGB IEC61966-2.1)/DestOutputProfile {profile} 0 R>>"
    )


@cache
def _colors() -> bytes:
    return (Path(__file__).parent / "srgb.icc").read_bytes()
