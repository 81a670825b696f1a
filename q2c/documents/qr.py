"""QR codes as rows of light and dark modules, by ISO/IEC 18004.

Of the standard's many forms one is used: byte mode with UTF-8, error correction M, and the
smallest version that holds the text. All eight masks are valid, and trying which looks best
takes longest of all, so the mask is always the same. A text thus has one code, for ever.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, cycle, islice, product, zip_longest

FORMAT = 0b101111001111100  # error correction M, mask 2: every third column is turned over
MASKED = 3
BYTE_MODE = 0b0100
PADDING = (0xEC, 0x11)
LONG_COUNT = 10  # from this version on the length takes two bytes
MARKED = 7  # from this version on a code says which it is
# For versions 1 to 25: all codewords, those for correction in each block, and the blocks.
VERSIONS = (
    *((26, 10, 1), (44, 16, 1), (70, 26, 1), (100, 18, 2), (134, 24, 2), (172, 16, 4)),
    *((196, 18, 4), (242, 22, 4), (292, 22, 5), (346, 26, 5), (404, 30, 5), (466, 22, 8)),
    *((532, 22, 9), (581, 24, 9), (655, 24, 10), (733, 28, 10), (815, 28, 11), (901, 26, 13)),
    *((991, 26, 14), (1085, 26, 16), (1156, 26, 17), (1258, 28, 17), (1364, 28, 18)),
    *((1474, 28, 20), (1588, 28, 21)),
)
LONGEST = 997  # bytes of UTF-8 that the last of them holds
# What each ring around the middle of a pattern is, from the middle out.
FINDER = (1, 1, 0, 1, 0)
ALIGNMENT = (1, 0, 1)
OPEN = 2  # a module that no pattern takes


def matrix(payload: str, least: int = 1) -> tuple[bytes, ...]:
    """Make a QR code of a text: a row of bytes for each row of modules, 1 where it is dark.

    It is of the `least` version that it may have, or of a higher one.
    """
    data = payload.encode()
    assert len(data) <= LONGEST, payload
    version = next(n for n in range(least, len(VERSIONS) + 1) if _room(n) >= len(data))
    size = _size(version)
    patterns, places, mask = _blank(version)
    modules = bytearray(patterns)
    words = _codewords(version, data)
    bits = int.from_bytes(words, "big") << len(places) - 8 * len(words) ^ mask
    for place, bit in zip(places, f"{bits:0{len(places)}b}", strict=True):
        modules[place] = bit == "1"
    return tuple(bytes(modules[start : start + size]) for start in range(0, len(modules), size))


def _size(version: int) -> int:
    return 17 + 4 * version


def _capacity(version: int) -> int:
    """Give the codewords of a version that hold data."""
    every, correcting, blocks = VERSIONS[version - 1]
    return every - correcting * blocks


def _room(version: int) -> int:
    """Give the bytes of text that a version holds, besides its mode, their count and an end."""
    return _capacity(version) - (3 if version >= LONG_COUNT else 2)


# What the code says.


def _codewords(version: int, data: bytes) -> bytes:
    """Write the text as codewords, each block with its correction, one of every block in turn."""
    blocks = list(_blocks(version, _message(version, data)))
    correcting = VERSIONS[version - 1][1]
    corrections = [_correction(block, correcting) for block in blocks]
    turns = chain(zip_longest(*blocks), zip(*corrections, strict=True))
    return bytes(word for turn in turns for word in turn if word is not None)


def _message(version: int, data: bytes) -> bytes:
    """Write mode, length, text and the four bits that end it, filled up to what is there.

    Readers stop at the end. The byte of nothing behind it is no part of the standard, but of
    every code that was ever drawn, and those are drawn again to the byte.
    """
    counted = 16 if version >= LONG_COUNT else 8
    head = BYTE_MODE << counted | len(data)
    bits = (head << 8 * len(data) | int.from_bytes(data, "big")) << 4
    text = bits.to_bytes(counted // 8 + 1 + len(data), "big")
    return bytes(islice(chain(text, [0], cycle(PADDING)), _capacity(version)))


def _blocks(version: int, message: bytes) -> Iterator[bytes]:
    """Part a message into blocks as long as each other, or the last ones longer by one."""
    every, correcting, blocks = VERSIONS[version - 1]
    start = 0
    for n in range(blocks):
        end = start + every // blocks - correcting + (n >= blocks - every % blocks)
        yield message[start:end]
        start = end


# Reed-Solomon: bytes as numbers of the field of 256, which are added by XOR and multiplied
# by adding their logarithms.


def _powers() -> Iterator[int]:
    power = 1
    while True:
        yield power
        power = power << 1 ^ (0x11D if power & 0x80 else 0)


POWERS = tuple(islice(_powers(), 2 * 255))
LOGARITHMS = {power: n for n, power in enumerate(POWERS[:255])}


def _correction(block: bytes, count: int) -> bytes:
    """Divide a block by the generator of a length; what remains corrects it."""
    generator = _generator(count)
    rest = bytes(count)
    for word in block:
        lead, rest = word ^ rest[0], rest[1:] + b"\0"
        if lead:
            log = LOGARITHMS[lead]
            rest = bytes([r ^ POWERS[log + g] for r, g in zip(rest, generator, strict=True)])
    return rest


@cache
def _generator(count: int) -> tuple[int, ...]:
    """Give the logarithms of (x + 1)(x + 2)(x + 4)…, without that of its first term."""
    terms = [1]
    for n in range(count):
        scaled = [POWERS[LOGARITHMS[term] + n] for term in terms]
        terms = [a ^ b for a, b in zip([*terms, 0], [0, *scaled], strict=True)]
    return tuple(LOGARITHMS[term] for term in terms[1:])


# What all codes of a version look like.


@cache
def _blank(version: int) -> tuple[bytes, tuple[int, ...], int]:
    """Give the patterns of a version, the places left open in the order of their bits, the mask."""
    size = _size(version)
    modules = bytearray([OPEN]) * (size * size)
    for n in range(size):
        modules[6 * size + n] = modules[n * size + 6] = n % 2 == 0
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        _rings(modules, size, (row, column), FINDER)
    for middle in _alignments(version):
        _rings(modules, size, middle, ALIGNMENT)
    for (row, column), dark in chain(_format(size), _version(version)):
        modules[row * size + column] = dark
    walk = [row * size + column for row, column in _winding(size)]
    places = tuple(place for place in walk if modules[place] == OPEN)
    mask = "".join("01"[place % size % MASKED == 0] for place in places)
    return bytes(modules), places, int(mask, 2)


def _rings(modules: bytearray, size: int, middle: tuple[int, int], rings: tuple[int, ...]) -> None:
    reach = range(1 - len(rings), len(rings))
    for down, right in product(reach, reach):
        row, column = middle[0] + down, middle[1] + right
        if 0 <= row < size and 0 <= column < size:
            modules[row * size + column] = rings[max(abs(down), abs(right))]


def _alignments(version: int) -> Iterable[tuple[int, int]]:
    """Find the middles of the small squares, which keep clear of the three large ones."""
    last, count = 4 * version + 10, version // 7 + 2
    step = (4 * version + 2 * count + 1) // (2 * count - 2) * 2
    lines = (6, *(last - n * step for n in range(count - 2, -1, -1)))
    taken = {(6, 6), (6, last), (last, 6)}
    return [middle for middle in product(lines, lines) if middle not in taken and version > 1]


def _format(size: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Place the bits that tell correction and mask twice, and the module that is always dark.

    Both times they run along the eighth row or column, and pass over the sixth.
    """
    last = size - 1
    down = (*range(6), 7, 8, *range(last - 6, size))
    along = (*range(last, last - 8, -1), 7, *range(5, -1, -1))
    for n, (row, column) in enumerate(zip(down, along, strict=True)):
        yield (row, 8), FORMAT >> n & 1
        yield (8, column), FORMAT >> n & 1
    yield (last - 7, 8), 1


def _version(version: int) -> Iterator[tuple[tuple[int, int], int]]:
    """Place the bits that tell a version twice, six of its own and twelve that check them."""
    if version < MARKED:
        return
    check = version << 12
    for n in range(17, 11, -1):
        check ^= (0x1F25 << n - 12) * (check >> n & 1)
    for n in range(18):
        dark = (version << 12 | check) >> n & 1
        near, far = n // 3, _size(version) - 11 + n % 3
        yield (near, far), dark
        yield (far, near), dark


def _winding(size: int) -> Iterator[tuple[int, int]]:
    """Walk two columns at a time, up and down from the right; the sixth is passed over."""
    rows = range(size)
    for n, right in enumerate((*range(size - 1, 6, -2), *range(5, 0, -2))):
        for row in rows if n % 2 else reversed(rows):
            yield row, right
            yield row, right - 1
