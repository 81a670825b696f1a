"""What a page of another PDF is drawn with, copied: fonts, pictures and drawings, nothing else."""

import zlib
from collections.abc import Collection, Iterator
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from q2c.documents.foreign import bytes_of, name_of, plain, simple, space, state, unusable
from q2c.documents.foreignmarks import fonts_of, marks_of
from q2c.documents.form import Part

MOST_KEPT: Final = 2_000_000
DEEPEST: Final = 12
_FONT: Final = frozenset(
    "Type Subtype BaseFont Encoding FirstChar LastChar Widths FontDescriptor ToUnicode "
    "DescendantFonts CIDSystemInfo Registry Ordering Supplement CIDToGIDMap W DW W2 DW2 "
    "BaseEncoding Differences CMapName WMode FontName Flags FontBBox ItalicAngle Ascent Descent "
    "CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth Leading FontWeight FontStretch "
    "FontFile FontFile2 FontFile3 Length1 Length2 Length3".split()
)
_IMAGE: Final = frozenset("Width Height BitsPerComponent Decode ImageMask Matte".split())


class Copy:
    """Copies what a page is drawn with into parts of a form."""

    def __init__(self) -> None:
        self.parts: list[Part] = [Part("")]
        self.known: dict[tuple[int, int], int] = {}
        self.size = 0

    def form(self, source: Object, resources: Object, about: str, depth: int) -> Part:
        """Make the marks of a page or a form a part, with what they name."""
        if depth > DEEPEST:
            unusable("its drawings stand too deep in each other")
        marks = list(marks_of(source))
        written = fonts_of(marks)
        kept = [
            one for one in marks if str(one.operator) != "Tf" or str(one.operands[0]) in written
        ]
        named = self.resources(resources, written, depth)
        data = pikepdf.unparse_content_stream(kept)
        return self.packed(f"/Type/XObject/Subtype/Form{about}/Resources<<{named}>>", data)

    def resources(self, resources: Object, written: Collection[str], depth: int) -> str:
        """Copy what the marks of a page name: colours, fonts it writes with, states, pictures."""
        spaces = "".join(f"{name_of(k)} {space(v)}" for k, v in _of(resources, "ColorSpace"))
        listed = ((k, v) for k, v in _of(resources, "Font") if k in written)
        fonts = "".join(f"{name_of(k)}{self.font(v)}" for k, v in listed)
        states = "".join(f"{name_of(k)}<<{state(v)}>>" for k, v in _of(resources, "ExtGState"))
        objects = "".join(
            f"{name_of(k)}{self.once(v, lambda one=v: self.drawing(one, resources, depth + 1))}"
            for k, v in _of(resources, "XObject")
        )
        kinds = {"ColorSpace": spaces, "Font": fonts, "ExtGState": states, "XObject": objects}
        return "".join(f"/{kind}<<{held}>>" for kind, held in kinds.items() if held)

    def once(self, source: Object, make: Any) -> str:  # noqa: ANN401 - gives a part
        """Copy an object the first time it is met; give what leads to it."""
        key = source.objgen
        if key == (0, 0) or key not in self.known:
            at = len(self.parts)
            self.parts.append(Part(""))
            self.known[key] = at
            self.parts[at] = make()
        return f" @{self.known[key]}"

    def drawing(self, source: Object, around: Object, depth: int) -> Part:
        """Copy a picture, or a drawing that may use what is named `around` it."""
        kind = source.get(Name.Subtype)
        if kind == Name.Image:
            return self.image(source)
        if kind != Name.Form:
            unusable("a part of it is neither a picture nor a drawing")
        box = " ".join(map(plain, source.BBox))
        matrix = " ".join(map(plain, source.get(Name.Matrix, [1, 0, 0, 1, 0, 0])))
        group = "/Group<</S/Transparency>>" if Name.Group in source else ""
        about = f"/BBox[{box}]/Matrix[{matrix}]{group}"
        return self.form(source, source.get(Name.Resources, around), about, depth)

    def image(self, source: Object) -> Part:
        """Copy a picture, its colours named anew; its JPEG stays as it is."""
        said = "".join(
            f"{key}{self.value(val)}" for key, val in source.items() if key[1:] in _IMAGE
        )
        if Name.ColorSpace in source:
            said += f"/ColorSpace {space(source.ColorSpace)}"
        if isinstance(source.get(Name.SMask), Stream):
            said += f"/SMask{self.once(source.SMask, lambda: self.image(source.SMask))}"
        if isinstance(source.get(Name.Mask), Stream):
            said += f"/Mask{self.once(source.Mask, lambda: self.image(source.Mask))}"
        about = f"/Type/XObject/Subtype/Image{said}"
        packing = source.get(Name.Filter)
        if packing in (Name.DCTDecode, [Name.DCTDecode]):
            return self.kept(f"{about}/Filter/DCTDecode", source.read_raw_bytes())
        return self.packed(about, bytes_of(source))

    def font(self, source: Object) -> str:
        """Copy a font with the letters that are embedded in it."""
        name = str(source.get(Name.BaseFont, "/?"))[1:].rpartition("+")[2]
        inner = source.DescendantFonts[0] if Name.DescendantFonts in source else source
        about = inner.get(Name.FontDescriptor, Dictionary())
        if not any(key in about for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            unusable(f"the font {name} is not embedded in it")
        if inner.get(Name.Subtype) == Name.CIDFontType2 and Name.CIDToGIDMap not in inner:
            inner[Name.CIDToGIDMap] = Name.Identity  # what is meant must be said in an archive
        return self.once(source, lambda: Part(self.value(source)))

    def value(self, source: Any, depth: int = 0) -> str:  # noqa: ANN401 - as the file has it
        """Write a value with what it leads to, as far as it belongs to a font."""
        if depth > DEEPEST:
            unusable("its fonts stand too deep in each other")
        if isinstance(source, Stream):
            return self.once(
                source, lambda: self.packed(self.entries(source, depth), bytes_of(source))
            )
        if isinstance(source, Dictionary):
            return f"<<{self.entries(source, depth)}>>"
        if isinstance(source, Array):
            return f"[{' '.join(self.value(one, depth + 1) for one in source)}]"
        return f" {simple(source)}"

    def entries(self, source: Object, depth: int) -> str:
        """Write what a dictionary says of a font."""
        return "".join(
            f"{name_of(key)}{self.value(value, depth + 1)}"
            for key, value in source.items()
            if key[1:] in _FONT
        )

    def packed(self, about: str, data: bytes) -> Part:
        """Pack a stream, once and for all documents."""
        return self.kept(f"{about}/Filter/FlateDecode", zlib.compress(data, 9))

    def kept(self, about: str, data: bytes) -> Part:
        """Keep a stream, as long as all of them are small enough to be kept with documents."""
        self.size += len(data)
        if self.size > MOST_KEPT:
            unusable(f"it takes more than {MOST_KEPT:,} bytes: make its pictures smaller")
        return Part(about, data)


def _of(resources: Object, kind: str) -> Iterator[tuple[str, Object]]:
    held = resources.get(f"/{kind}", Dictionary())
    yield from sorted(held.items())
