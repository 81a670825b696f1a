"""QR codes as rows of light and dark modules."""

# All eight masks are valid; trying which looks best takes most of the time of making a code.
_MASK = 2


def matrix(payload: str) -> tuple[bytes, ...]:
    """Make a QR code of a text: a row of bytes for each row of modules, 1 where it is dark.

    The standard leaves nothing open but the mask, so the same text always gives the same
    code: byte mode, UTF-8, error correction M, the smallest version that holds it.
    """
    import segno

    code = segno.make(
        payload,
        error="m",
        mode="byte",
        encoding="utf-8",
        mask=_MASK,
        boost_error=False,
        micro=False,
    )
    return tuple(bytes(row) for row in code.matrix)
