"""Cut the Noto faces into the blocks that documents embed: `cut_fonts.py FOLDER_OF_TTF_FILES`.

Needs NotoSans-Regular.ttf, NotoSans-Bold.ttf, NotoSansMath-Regular.ttf and
NotoSansSymbols2-Regular.ttf, as Debian's fonts-noto-core has them. Documents that were issued
name the bytes this makes, so it is run for new blocks, never to refresh old ones.
"""

import sys
import zlib
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import msgspec
from fontTools import subset
from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from q2c.documents.fonts import BLOCKS, EVERYWHERE, FOLDER, Block, Face, codes, keyed

FACES: dict[Face, str] = {"regular": "NotoSans-Regular", "bold": "NotoSans-Bold"}
STEMS = {"regular": 88, "bold": 152}  # width of an upright stroke
SYMBOLS = ("NotoSansMath-Regular", "NotoSansSymbols2-Regular")
EPOCH = 3_786_912_000  # 2024-01-01 in seconds since 1904; a font needs some date
KEPT = {"glyf", "head", "hhea", "hmtx", "loca", "maxp"}  # what a PDF wants of a TrueType font


def main(folder: Path) -> None:
    """Write every block of every face."""
    taken: set[int] = set()
    for name in BLOCKS:
        wanted = codes(name) - taken
        taken |= wanted
        if name == "symbols":
            write(name, cut(symbols(folder, wanted), wanted, name, STEMS["regular"]))
            continue
        for face, file in FACES.items():
            held = wanted | set(map(ord, EVERYWHERE))
            key = keyed(face, name)
            font = reduced(opened(folder / f"{file}.ttf"), held)
            write(key, cut(font, held, key, STEMS[face]))


def write(key: str, made: Block) -> None:
    """Keep a block and say how large it is."""
    (FOLDER / f"{key}.font").write_bytes(msgspec.msgpack.encode(made))
    print(f"{key:20} {len(made.characters):4} characters {len(made.program):6} bytes")


def opened(path: Path) -> TTFont:
    """Open a face and give it the minus sign that Noto Sans lacks: the bar of its plus."""
    font = TTFont(path, recalcTimestamp=False)
    points = font["glyf"]["plus"].coordinates
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = sorted({y for x, y in points if x == left})
    pen = TTGlyphPen(None)
    corners = [(left, low), (left, high), (right, high), (right, low)]
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    font.setGlyphOrder([*font.getGlyphOrder(), "minus"])
    font["glyf"]["minus"] = pen.glyph()
    font["hmtx"]["minus"] = (font["hmtx"]["plus"][0], left)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0x2212] = "minus"
    return font


def symbols(folder: Path, wanted: frozenset[int]) -> TTFont:
    """Bring arrows, signs of mathematics, boxes and ticks together in one font."""
    parts, left = [], wanted
    for file in SYMBOLS:
        font = TTFont(folder / f"{file}.ttf", recalcTimestamp=False)
        here = left & font.getBestCmap().keys()
        left = left - here
        part = BytesIO()
        reduced(font, here).save(part)
        part.seek(0)
        parts.append(part)
    return Merger().merge(parts)


def reduced(font: TTFont, held: frozenset[int]) -> TTFont:
    """Keep the glyphs of some code points, without hints and layout tables."""
    options = subset.Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        recalc_bounds=True,
        drop_tables=["GSUB", "GPOS", "GDEF", "MATH", "DSIG", "STAT", "gasp", "meta"],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=held & set(font.getBestCmap()))
    cutter.subset(font)
    return font


def cut(font: TTFont, held: frozenset[int], key: str, stem: int) -> Block:
    """Make one block of a reduced font: its program and all that a PDF says about it."""
    cmap = font.getBestCmap()
    points = sorted(held & set(cmap))
    advance = [font["hmtx"][cmap[code]][0] for code in points]
    glyph = {code: font.getGlyphID(cmap[code]) for code in points}
    box = [getattr(font["head"], side) for side in ("xMin", "yMin", "xMax", "yMax")]
    program = programmed(font)
    name = f"{tag(program)}+NotoSans-{key.title()}"
    return Block(
        name=name,
        descriptor=(
            f"/FontName/{name}/Flags 4/FontBBox[{' '.join(map(str, box))}]/ItalicAngle 0"
            f"/Ascent 1069/Descent -293/CapHeight 714/XHeight 536/StemV {stem}"
        ),
        widths=" ".join(
            f"{points[start]}[{' '.join(map(str, advance[start:stop]))}]"
            for start, stop in stretches(points)
        ),
        characters="".join(map(chr, points)),
        advances=tuple(advance),
        program_length=len(program),
        program=zlib.compress(program, 9),
        glyphs=zlib.compress(mapped(glyph), 9),
        unicode=zlib.compress(to_unicode(points), 9),
    )


def programmed(font: TTFont) -> bytes:
    """Write the font with the tables a PDF wants and no others."""
    for table in set(font.keys()) - KEPT - {"GlyphOrder"}:
        del font[table]
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = EPOCH
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def tag(program: bytes) -> str:
    """Give a subset its six letters, which differ where the program differs."""
    return "".join(chr(ord("A") + byte % 26) for byte in sha256(program).digest()[:6])


def stretches(points: list[int]) -> list[tuple[int, int]]:
    """Find the slices of code points that follow each other without a gap."""
    breaks = [index for index, (one, two) in enumerate(pairwise(points), 1) if two != one + 1]
    return list(pairwise([0, *breaks, len(points)]))


def mapped(glyph: dict[int, int]) -> bytes:
    """Write the glyph of every code up to the last, two bytes each."""
    return b"".join(glyph.get(code, 0).to_bytes(2, "big") for code in range(max(glyph) + 1))


def to_unicode(points: list[int]) -> bytes:
    """Write the table by which a reader finds the text again: each code is its character."""
    rows = []
    for start, stop in stretches(points):
        for page in range(points[start] >> 8, (points[stop - 1] >> 8) + 1):
            first, last = max(points[start], page << 8), min(points[stop - 1], page << 8 | 0xFF)
            rows.append(f"<{first:04X}><{last:04X}><{first:04X}>")
    sections = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "".join(
        f"{len(some)} beginbfrange\n{chr(10).join(some)}\nendbfrange\n" for some in sections
    )
    return (
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n{body}"
        "endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
