"""Whether a colour can be read on white paper."""

from typing import Final

# What text of an ordinary size has to have at least (WCAG 2.2, success criterion 1.4.3).
LEAST: Final = 4.5


def contrast(color: str) -> float:
    """Give the contrast of a colour such as #1d4e5f to white: 1 to 21 (WCAG 2.2, 1.4.3)."""
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
