"""Write the sRGB colour profile that PDFs carry, ICC version 4: `make_srgb.py`."""

import struct
from pathlib import Path

OUT = Path(__file__).parent.parent / "q2c/documents/srgb.icc"
D50 = (0.9642, 1.0, 0.8249)
# IEC 61966-2-1 primaries and the matrix from D65, adapted to D50 with the Bradford method.
PRIMARIES = {
    b"rXYZ": (0.436066, 0.222488, 0.013916),
    b"gXYZ": (0.385147, 0.716873, 0.097076),
    b"bXYZ": (0.143066, 0.060608, 0.714096),
}
BRADFORD = (
    1.047882,
    0.022918,
    -0.050217,
    0.029587,
    0.990479,
    -0.017059,
    -0.009247,
    0.015076,
    0.751678,
)
# (a X + b) ** g above d, c X below.
CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(*numbers: float) -> bytes:
    """Write numbers as signed 16.16."""
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def words(text: str) -> bytes:
    """Write a text in English."""
    code = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(code), 28) + code


def profile() -> bytes:
    """Give the whole profile."""
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + fixed(*CURVE)
    tags = {
        b"desc": words("sRGB"),
        b"cprt": words("CC0"),
        b"wtpt": b"XYZ " + bytes(4) + fixed(*D50),
        b"chad": b"sf32" + bytes(4) + fixed(*BRADFORD),
        **{name: b"XYZ " + bytes(4) + fixed(*value) for name, value in PRIMARIES.items()},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    start = 128 + 4 + 12 * len(tags)
    table, data, places = struct.pack(">I", len(tags)), b"", {}
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(data)
            data += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    return header(start + len(data)) + table + data


def header(size: int) -> bytes:
    """Give the 128 bytes that say what kind of profile this is."""
    parts = (
        struct.pack(">II", size, 0),
        struct.pack(">I", 0x04200000) + b"mntrRGB XYZ ",
        struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp",
        bytes(28) + fixed(*D50),
    )
    return b"".join(parts).ljust(128, b"\0")


if __name__ == "__main__":
    OUT.write_bytes(profile())
    print(f"{OUT.name} {OUT.stat().st_size} bytes")
