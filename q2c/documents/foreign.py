"""Values of another PDF written anew: names, numbers, colours and how marks are put on."""

from decimal import Decimal
from string import ascii_letters, digits
from typing import Any, Final, NoReturn

import pikepdf
from pikepdf import Dictionary, Name, Object, Stream, String

_PLAIN_SIGNS: Final = frozenset(f"{ascii_letters}{digits}+-_.".encode())
_STATE: Final = frozenset("LW LC LJ ML CA ca AIS".split())
_BLENDS: Final = frozenset("Normal Multiply Screen Overlay Darken Lighten".split())
_SPACES: Final = {
    "/DeviceRGB": "/DeviceRGB",
    "/CalRGB": "/DeviceRGB",
    "/DeviceGray": "/DeviceGray",
    "/CalGray": "/DeviceGray",
}


class Unusable(Exception):  # noqa: N818 - it ends as a fault in words
    """Says in words why a page cannot be used."""


def space(source: Object) -> str:
    """Name a colour space as documents know them: three colours, grey, or a list of such."""
    kind = str(source if isinstance(source, Name) else source[0])
    if kind in _SPACES:
        return _SPACES[kind]
    if kind == "/ICCBased" and source[1].N in (1, 3):
        return "/DeviceRGB" if source[1].N == 3 else "/DeviceGray"  # noqa: PLR2004 - red, green, blue
    if kind == "/Indexed":
        listed = source[3]
        colors = bytes_of(listed) if isinstance(listed, Stream) else bytes(listed)
        return f"[/Indexed{space(source[1])} {int(source[2])}<{colors.hex()}>]"
    return unusable("its colours are those of a press (CMYK or spot colours)")


def state(source: Object) -> str:
    """Write how marks are put on, as far as archives allow it."""
    if isinstance(source.get(Name.SMask), Dictionary):
        unusable("a soft mask is in it")
    said = "".join(f"{key} {simple(val)}" for key, val in source.items() if key[1:] in _STATE)
    blend = str(source.get(Name.BM, "/Normal"))[1:]
    return f"/Type/ExtGState{said}/BM/{blend if blend in _BLENDS else 'Normal'}"


def bytes_of(source: Object) -> bytes:
    """Unpack a stream."""
    try:
        return source.read_bytes()
    except pikepdf.PdfError:
        return unusable("a picture of it is packed in a way that archives do not know")


def simple(source: Any) -> str:  # noqa: ANN401 - as the file has it
    """Write a name, a text, a number or a truth."""
    if isinstance(source, Name):
        return name_of(str(source))
    if isinstance(source, String):
        return f"<{bytes(source).hex()}>"
    if isinstance(source, bool):
        return "true" if source else "false"
    if isinstance(source, int | Decimal | float):
        return plain(source)
    return "null"


def name_of(name: str) -> str:
    """Write a name, each sign that means something else by its number."""
    encoded = name[1:].encode("utf-8", "surrogateescape")
    return "/" + "".join(chr(byte) if byte in _PLAIN_SIGNS else f"#{byte:02x}" for byte in encoded)


def plain(value: Any) -> str:  # noqa: ANN401 - any number
    """Write a number as it is, without an exponent."""
    text = f"{Decimal(str(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unusable(why: str) -> NoReturn:
    """Say why a letterhead cannot be used."""
    raise Unusable(why)
