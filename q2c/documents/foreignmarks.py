"""The marks on a page of another PDF: those that draw are kept, those that act are refused."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pikepdf
from pikepdf import Name, Object

from q2c.documents.foreign import unusable

# Operators that draw, and those that only say what the marks mean to a reader.
_DRAWING: Final = frozenset(
    "q Q cm w J j M d i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts "
    "Td TD Tm T* Tj TJ ' \" CS cs SC SCN sc scn G g RG rg Do".split()
)
_SAYING: Final = frozenset("BMC EMC MP DP BX EX ri".split())
_UNDRAWN: Final = {
    "k": "its colours are those of a press (CMYK)",
    "K": "its colours are those of a press (CMYK)",
    "sh": "a run of colours is in it",
    "INLINE IMAGE": "a picture stands in the middle of its marks",
}


def marks_of(source: Object) -> Iterator[Any]:
    """Yield the operators that draw; refuse those that would not look the same in an archive."""
    for one in pikepdf.parse_content_stream(source):
        sign = str(one.operator)
        if sign in _DRAWING:
            if sign in {"cs", "CS"}:
                _known_space(str(one.operands[0]))
            if sign in {"scn", "SCN"} and one.operands and isinstance(one.operands[-1], Name):
                unusable("a pattern is in it")
            yield one
        elif sign == "BDC":
            if str(one.operands[0]) == "/OC":
                unusable("it has layers")
        elif sign not in _SAYING:
            unusable(_UNDRAWN.get(sign, f"it holds a mark that is not known ({sign[:10]})"))


def fonts_of(marks: Iterable[Any]) -> set[str]:
    """Name the fonts that letters are written in; programs also name some that they never use."""
    written, font, kept = set(), "", []
    for one in marks:
        sign = str(one.operator)
        if sign == "q":
            kept.append(font)
        elif sign == "Q" and kept:
            font = kept.pop()
        elif sign == "Tf":
            font = str(one.operands[0])
        elif sign in {"Tj", "TJ", "'", '"'}:
            written.add(font)
    return written


def _known_space(name: str) -> None:
    """Refuse a colour space whose colours would be another thing on paper than on screen."""
    if name in {"/DeviceCMYK", "/Pattern"}:
        unusable("its colours are those of a press (CMYK)" if "K" in name else "a pattern is in it")
