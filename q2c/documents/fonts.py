"""The letters that documents are set in: Noto Sans in two faces, cut into blocks of characters."""

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec import Struct, msgpack

from q2c.core.fault import Fault, Invalid

Face: TypeAlias = Literal["regular", "bold"]
FOLDER: Final = Path(__file__).parent / "fonts"

# Heights in parts of the size, the same in both faces.
ASCENT: Final = 1.069
CAP_HEIGHT: Final = 0.714

# A document carries only the blocks that its text needs, so what is common stands in the
# first and what is rare apart; a character belongs to the first block that names it.
# `tools/cut_fonts.py` cuts the faces by this table of Unicode ranges.
BLOCKS: Final = {
    "latin": "20-7E A0-A1 A3 A5 A7 A9 AB AE B0-B5 B7 BB BD BF-FF 152-153 2007 2009 2011 2013-2014 "
    "2018-201A 201C-201E 2022 2026 202F 2039-203A 20AC 2212",
    "latin-ext": "A2-AC AE-BF 100-151 154-17F 18F 192 1CD-1DC 1E6-1E7 1FA-1FF 218-21B 259 "
    "1E80-1E85 1E9E 1EF2-1EF3 2116 2122",
    "vietnamese": "1A0-1A1 1AF-1B0 1EA0-1EF1 1EF4-1EF9",
    "latin-more": "180-2FF 300-36F 1E00-1EFF",
    "greek": "370-3FF",
    "greek-ext": "1F00-1FFF",
    "cyrillic": "400-45F 490-491",
    "cyrillic-ext": "460-48F 492-52F",
    "signs": "2000-200A 2010-2027 2030-205E 2070-209F 20A0-20CF 2100-2189",
    "symbols": "2190-2195 21D0-21D4 2202 2206 2211 221A 221E 2248 2260 2264-2265 25A0-25A1 "
    "25AA-25AB 25B2-25B3 25B6-25B7 25BC-25BD 25C6-25C7 25CB 25CF 25E6 2605-2606 2610-2612 "
    "2713-2714 2717-2718",
}
MARKS: Final = frozenset(map(chr, range(0x300, 0x370)))  # accents that combine with a letter
# Stands in every block of letters: a Greek name with spaces and dots is one piece of text.
EVERYWHERE: Final = " \u00a0-.,"


class Block(Struct, frozen=True):
    """One block of one face, ready to be put into a PDF.

    A character's code in the PDF is its Unicode code point; `glyphs` leads from there to the
    glyph and `unicode` back to text. `program`, `glyphs` and `unicode` are zlib streams made
    when the font was cut, so that no compressor of a later day can change a document.
    """

    name: str
    descriptor: str
    widths: str
    characters: str
    advances: tuple[int, ...]
    program_length: int
    program: bytes
    glyphs: bytes
    unicode: bytes


@cache
def block(key: str) -> Block:
    """Read a block by its key, such as `bold-greek`."""
    return msgpack.decode((FOLDER / f"{key}.font").read_bytes(), type=Block)


@cache
def _characters(key: str) -> frozenset[str]:
    return frozenset(block(key).characters)


@cache
def codes(name: str) -> frozenset[int]:
    """Give the code points that a block is made for, not all of which have a glyph."""
    ends = [part.partition("-")[::2] for part in BLOCKS[name].split()]
    return frozenset(
        code for low, high in ends for code in range(int(low, 16), int(high or low, 16) + 1)
    )


def _home(char: str, face: Face) -> str:
    """Find the key of the block that has a character; a KeyError says that none has."""
    for name in BLOCKS:
        if ord(char) in codes(name) and char in _characters(key := keyed(face, name)):
            return key
    raise KeyError(char)


def keyed(face: Face, name: str) -> str:
    """Name a block of a face; symbols look the same in both."""
    return name if name == "symbols" else f"{face}-{name}"


class _Advances(dict[str, int]):
    """How far each character moves the pen, in thousandths of the size; read when first asked."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, char: str) -> int:
        found = block(_home(char, self.face))
        self.update(zip(found.characters, found.advances, strict=True))
        return self[char]


_ADVANCES: Final[dict[Face, _Advances]] = {
    "regular": _Advances("regular"),
    "bold": _Advances("bold"),
}


def advances(text: str, face: Face = "regular") -> list[int]:
    """Measure each character, in thousandths of the size; refuse one that cannot be printed."""
    try:
        return list(map(_ADVANCES[face].__getitem__, text))
    except KeyError as missing:
        raise _no_glyph(missing.args[0], text) from None


@lru_cache(maxsize=8192)
def measured(text: str, face: Face) -> int:
    """Measure a text, in thousandths of the size."""
    return sum(advances(text, face))


def width(text: str, face: Face = "regular", size: float = 1) -> float:
    """Measure a text in points."""
    return measured(text, face) * size / 1000


@lru_cache(maxsize=8192)
def runs(text: str, face: Face = "regular") -> tuple[tuple[str, str], ...]:
    """Cut a text into pieces of one block each: (key, piece).

    A piece goes on as long as its block has the characters, so a space does not end it.
    """
    latin = f"{face}-latin"
    if _characters(latin).issuperset(text):
        return ((latin, text),) if text else ()
    keys: list[str] = []
    for char in text:
        try:
            stays = keys and char in _characters(keys[-1])
            keys.append(keys[-1] if stays else _home(char, face))
        except KeyError:
            raise _no_glyph(char, text) from None
    pairs = groupby(zip(keys, text, strict=True), key=lambda pair: pair[0])
    return tuple((key, "".join(char for _, char in group)) for key, group in pairs)


def missing(text: Iterable[str], face: Face = "regular") -> list[str]:
    """List the characters of a text that cannot be printed, each once, in their order."""
    absent = []
    for char in dict.fromkeys(text):
        try:
            _ADVANCES[face][char]
        except KeyError:
            absent.append(char)
    return absent


def _no_glyph(char: str, text: str) -> Invalid:
    import unicodedata

    code = f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()
    shown = text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - fits a line
    message = f"{code} in {shown!r} is not among the characters that documents can print."
    remedy = "Write it in Latin, Greek or Cyrillic letters or take it out."
    return Invalid(Fault("no-glyph", message, remedy=remedy))
