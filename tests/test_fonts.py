"""Letters: what can be printed, how wide it is, and from which block of a face it comes."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from q2c.core.fault import Invalid
from q2c.documents import fonts
from q2c.documents.fonts import FOLDER, Face, advances, block, missing, runs, width

KEYS = sorted(path.stem for path in FOLDER.glob("*.font"))
PRINTABLE = "".join(block(f"regular-{name}").characters for name in ("latin", "greek", "cyrillic"))


def test_a_width_is_the_sum_of_the_advances_of_noto_sans() -> None:
    # Noto Sans Regular: k 534, r 413, space 260, each in 1/1000 of the size.
    assert advances("kr ", "regular") == [534, 413, 260]
    assert width("kr ", "regular", 10) == pytest.approx(12.07)


@pytest.mark.parametrize("face", ["regular", "bold"])
def test_digits_minus_and_plus_stand_below_each_other(face: Face) -> None:
    assert set(advances("0123456789−+", face)) == {572}


@pytest.mark.parametrize(
    "char", "åäöÅÄÖéüßøæłŁőşčğñ–—•…“”„€№™§½ΩλЖщґ→✓☐≤₽ \u00a0\u2009\u202f\u2212"
)
def test_what_business_papers_hold_can_be_printed(char: str) -> None:
    assert missing(char, "regular") == missing(char, "bold") == []


def test_latin_text_needs_one_block_only() -> None:
    assert runs("Rådgivning 12 h à 1 250,00 €", "bold") == (
        ("bold-latin", "Rådgivning 12 h à 1 250,00 €"),
    )


def test_a_greek_name_with_spaces_is_one_piece() -> None:
    assert runs("Αθήνα, Ελλάς", "regular") == (("regular-greek", "Αθήνα, Ελλάς"),)


def test_symbols_look_the_same_in_both_faces() -> None:
    assert [key for key, _ in runs("a→b", "bold")] == ["bold-latin", "symbols", "bold-latin"]


@pytest.mark.parametrize("ask", [width, runs, advances])
def test_a_character_without_a_glyph_is_refused_by_its_code_point(
    ask: Callable[[str], object],
) -> None:
    with pytest.raises(Invalid) as refused:
        ask("Nordan \U00010000 AB")
    (fault,) = refused.value.faults
    assert fault.code == "no-glyph"
    assert "U+10000 LINEAR B SYLLABLE B008 A" in fault.message


@pytest.mark.parametrize("char", "\n\t\x1b\u200b\u202e\u00ad中א")
def test_control_and_foreign_characters_are_missing(char: str) -> None:
    assert missing(f"a{char}b{char}") == [char]


@given(st.text(PRINTABLE, max_size=60), st.sampled_from(["regular", "bold"]))
def test_pieces_put_together_are_the_text_and_as_wide(text: str, face: Face) -> None:
    pieces = runs(text, face)
    assert "".join(piece for _, piece in pieces) == text
    assert sum(advances(text, face)) == sum(sum(advances(piece, face)) for _, piece in pieces)
    assert all(set(piece) <= set(block(key).characters) for key, piece in pieces)


@pytest.mark.parametrize("key", KEYS)
def test_a_block_holds_a_font_whose_widths_are_those_it_tells(key: str) -> None:
    font = block(key)
    program = TTFont(BytesIO(zlib.decompress(font.program)))
    glyphs = zlib.decompress(font.glyphs)
    for char, advance in zip(font.characters, font.advances, strict=True):
        glyph = int.from_bytes(glyphs[2 * ord(char) : 2 * ord(char) + 2], "big")
        assert glyph, f"U+{ord(char):04X} has no glyph"
        assert program["hmtx"][program.getGlyphName(glyph)][0] == advance


def test_every_block_of_the_table_was_cut() -> None:
    wanted = {fonts.keyed(face, name) for face in ("regular", "bold") for name in fonts.BLOCKS}
    assert wanted == set(KEYS)
