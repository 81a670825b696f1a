"""Packing that stays: DEFLATE by codes of our own, the same bytes from every library and machine.

zlib and its kin may pack the same words into other bytes in another version, and a document is
rebuilt to the byte years later. What stood before is told by its place, all else letter by
letter, in one of two Huffman codes that were cut once for what documents hold (RFC 1951).
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
_STRIDE: Final = 24
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


def packed(pieces: Sequence[str], name: Name, *, short: bool = False) -> bytes:
    """Pack pieces whose characters stand for one byte each, as a zlib stream (RFC 1950).

    What is `short` is packed as small as can be, all else in a quarter of the time.
    """
    known = code(name)
    data = "".join(pieces).encode("latin-1")
    told = _closely(data, known) if short else _quickly(pieces, known)
    stream = "".join([known.head, *told, known.letters[_END]])
    size = (len(stream) + 7) // 8
    whole = int(stream[::-1], 2).to_bytes(size, "little")
    return b"%b%b%b" % (_ZLIB, whole, adler32(data).to_bytes(4, "big"))


def searched(data: bytes) -> Iterator[bytes | tuple[int, int]]:
    """Give what is new in some bytes, and length and distance of all that stood before.

    The nearest place is taken, not the one where most is the same.
    """
    last: dict[bytes, int] = {}
    at = told = 0
    end = len(data) - LEAST
    while at <= end:
        key = data[at : at + LEAST]
        before = last.get(key)
        last[key] = at
        if before is None or at - before > _FARTHEST:
            at += 1
            continue
        if told < at:
            yield data[told:at]
        long = _alike(data, before, at)
        yield long, at - before
        at = told = at + long
    if told < len(data):
        yield data[told:]


def _alike(data: bytes, before: int, at: int) -> int:
    """Say how long two stretches of bytes are the same, the first of which are.

    As numbers, the lowest bit in which they differ tells it at once.
    """
    long, most = LEAST, min(_LONGEST, len(data) - at)
    while long < most:
        stop = min(long + _STRIDE, most)
        one = int.from_bytes(data[before + long : before + stop], "little")
        two = int.from_bytes(data[at + long : at + stop], "little")
        if differ := one ^ two:
            return long + ((differ & -differ).bit_length() - 1) // 8
        long = stop
    return long


def _closely(data: bytes, known: Code) -> Iterator[str]:
    letter, lengths_, far = known.letters.__getitem__, known.lengths, known.far
    for one in searched(data):
        if isinstance(one, bytes):
            yield "".join(map(letter, one))
        else:
            yield lengths_[one[0]] + far(one[1])


def _quickly(pieces: Sequence[str], known: Code) -> list[str]:
    """Tell pieces letter by letter, and those that stood before by their place."""
    spelled, lengths_, far = known.spelled, known.lengths, known.far
    told: list[str] = []
    last: dict[str, int] = {}
    place = 0
    for piece in pieces:
        long = len(piece)
        if LEAST <= long <= _LONGEST:
            before = place - last.get(piece, -_FARTHEST - 1)
            last[piece] = place
            told.append(lengths_[long] + far(before) if before <= _FARTHEST else spelled(piece))
        else:
            told.append(spelled(piece))
        place += long
    return told


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
