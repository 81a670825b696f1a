"""Packing that stays: DEFLATE by codes of our own, the same bytes from every library and machine.

zlib and its kin may pack the same words into other bytes in another version, and a document is
rebuilt to the byte years later. What is packed comes in pieces, such as the lines of a page: a
piece that stood before is told by its place, any other letter by letter, in one of two Huffman
codes that were cut once for what documents hold (RFC 1951).
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, Literal, TypeAlias
from zlib import adler32

from msgspec import Struct

from q2c.documents.codes import CODES

Name: TypeAlias = Literal["marks", "words"]
_ZLIB: Final = b"\x78\xda"
_END: Final = 256
_LETTERS: Final = 286
_LONGEST: Final = 258
_FARTHEST: Final = 32_768
# Shorter than this, letters cost no more bits than a place.
LEAST: Final = 6
# How many bits say more closely which length a symbol means (RFC 1951, 3.2.5).
_LENGTH_BITS: Final = (*(0,) * 8, *(bits for bits in range(1, 6) for _ in range(4)))


class Code(Struct, frozen=True):
    """The bits, as a text of 0 and 1, for letters, lengths, pieces and distances.

    `head` tells the code itself.
    """

    head: str
    letters: tuple[str, ...]
    lengths: tuple[str, ...]
    spelled: Callable[[str], str]
    far: Callable[[int], str]


def packed(pieces: Sequence[str], name: Name) -> bytes:
    """Pack pieces whose characters stand for one byte each, as a zlib stream (RFC 1950)."""
    known = code(name)
    told = [
        known.spelled(one) if isinstance(one, str) else known.lengths[one[0]] + known.far(one[1])
        for one in sighted(pieces)
    ]
    stream = "".join([known.head, *told, known.letters[_END]])
    size = (len(stream) + 7) // 8
    whole = int(stream[::-1], 2).to_bytes(size, "little")
    check = adler32("".join(pieces).encode("latin-1"))
    return b"%b%b%b" % (_ZLIB, whole, check.to_bytes(4, "big"))


def sighted(pieces: Sequence[str]) -> Iterator[str | tuple[int, int]]:
    """Give pieces as they are, or the length and distance of those that stood before."""
    last: dict[str, int] = {}
    place = 0
    for piece in pieces:
        long = len(piece)
        if LEAST <= long <= _LONGEST:
            before = last.get(piece, -_FARTHEST - 1)
            last[piece] = place
            yield (long, place - before) if place - before <= _FARTHEST else piece
        else:
            yield piece
        place += long


def placed(distance: int) -> tuple[int, int, int]:
    """Give the symbol of a distance, what it leaves, and in how many bits that is told."""
    if distance <= 2:  # noqa: PLR2004 - the two distances that have a symbol and no bits
        return distance - 1, 0, 0
    bits = (distance - 1).bit_length() - 2
    half, rest = divmod(distance - 1 - (2 << bits), 1 << bits)
    return 2 * (bits + 1) + half, rest, bits


@cache
def lengths() -> tuple[tuple[int, int, int], ...]:
    """Give for each length its symbol, what it leaves, and in how many bits that is told."""
    found = [(0, 0, 0)] * 3
    for symbol, bits in enumerate(_LENGTH_BITS, start=_END + 1):
        found += [(symbol, rest, bits) for rest in range(1 << bits)]
    return (*found[:_LONGEST], (_LETTERS - 1, 0, 0))


@cache
def code(name: Name) -> Code:
    """Make a code of the number of bits that each symbol has."""
    sizes = [int(digit, 16) for digit in CODES[name]]
    letters, distances = _canonical(sizes[:_LETTERS]), _canonical(sizes[_LETTERS:])

    def spelled(piece: str) -> str:
        return "".join([letters[byte] for byte in piece.encode("latin-1")])

    def far(distance: int) -> str:
        symbol, rest, bits = placed(distance)
        return distances[symbol] + _lowest_first(rest, bits)

    return Code(
        head=_head(sizes),
        letters=letters,
        lengths=tuple(letters[symbol] + _lowest_first(*more) for symbol, *more in lengths()),
        spelled=lru_cache(maxsize=16_384)(spelled),
        far=lru_cache(maxsize=16_384)(far),
    )


def _canonical(sizes: Sequence[int]) -> tuple[str, ...]:
    """Give each symbol of a code its number, short ones first (RFC 1951, 3.2.2)."""
    found, number, before = [""] * len(sizes), 0, 0
    for size, symbol in sorted((size, symbol) for symbol, size in enumerate(sizes) if size):
        number <<= size - before
        found[symbol] = f"{number:0{size}b}"
        number, before = number + 1, size
    return tuple(found)


def _head(sizes: Sequence[int]) -> str:
    """Tell the one block there is and its code, four bits a symbol (RFC 1951, 3.2.7)."""
    counts = ((_LETTERS - 257, 5), (len(sizes) - _LETTERS - 1, 5), (19 - 4, 4))
    # Of the sizes of sizes the first three are for repetitions, which are not used here.
    sizes_of_sizes = "000" * 3 + "001" * 16
    told = "".join(f"{size:04b}" for size in sizes)
    head = "".join(_lowest_first(count, bits) for count, bits in counts)
    return f"101{head}{sizes_of_sizes}{told}"


def _lowest_first(number: int, bits: int) -> str:
    return f"{number:0{bits}b}"[::-1] if bits else ""
