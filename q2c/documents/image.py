"""Pictures, such as a logo, made ready for documents once and kept with them."""

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import Struct

from q2c.core.fault import Fault, Invalid

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 10_000_000
MOST_PIXELS = 4_000_000
# On paper a logo is at most some 10 cm wide; this is 300 dots an inch there.
LONGEST_SIDE = 1200


class Picture(Struct, frozen=True):
    """A picture as PDFs take it: red, green, blue and, where it is not opaque, alpha.

    `color` and `alpha` are zlib streams of bytes; `color` is a JPEG file if `jpeg` says so.
    They are made once: a later library might pack the same picture into other bytes.
    """

    width: int
    height: int
    color: bytes
    alpha: bytes = b""
    jpeg: bool = False


def prepared(data: bytes) -> Picture:
    """Make a PNG or JPEG file ready for documents."""
    image, jpeg = _opened(data)
    image = image.convert("RGB" if jpeg else "RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if jpeg:
        return Picture(image.width, image.height, _as_jpeg(image), jpeg=True)
    alpha = image.getchannel("A")
    return Picture(
        image.width,
        image.height,
        zlib.compress(image.convert("RGB").tobytes(), 9),
        b"" if alpha.getextrema() == (255, 255) else zlib.compress(alpha.tobytes(), 9),
    )


def _opened(data: bytes) -> "tuple[Image, bool]":
    """Read a picture the right way up, if it is of a known kind and a sensible size."""
    import warnings

    from PIL import Image, ImageOps

    if len(data) > MOST_BYTES:
        raise _bad_logo(f"The picture has {len(data):,} bytes, more than {MOST_BYTES:,}.")
    try:
        with warnings.catch_warnings(action="ignore"):
            image = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
            small = image.width * image.height <= MOST_PIXELS
            upright = ImageOps.exif_transpose(image) if small else image
    except Exception as error:  # a broken picture can fail in any way
        raise _bad_logo("The file is not a whole PNG, JPEG or SVG picture.") from error
    if not small:
        size = f"{image.width:,} x {image.height:,}"
        raise _bad_logo(f"The picture has {size} dots, more than {MOST_PIXELS:,} in all.")
    if upright.mode == "I;16":  # grey in 16 bits, which Pillow would cut off at 255
        upright = upright.point(lambda level: level / 256).convert("L")
    return upright, image.format == "JPEG"


def _as_jpeg(image: "Image") -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def _bad_logo(message: str) -> Invalid:
    remedy = "Save it as an SVG, or as a PNG or JPEG of at most 2,000 x 2,000 dots."
    return Invalid(Fault("bad-logo", message, remedy=remedy))
