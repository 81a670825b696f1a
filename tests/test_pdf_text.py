"""The text of a PDF is the text that was given, to the letter: asked of poppler and of PDFium."""

import subprocess
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeAlias

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from q2c.documents.contract import contract_pdf
from q2c.documents.fonts import block
from q2c.documents.look import Theme, frozen
from tests.made import contract
from tests.outside import needs
from tests.test_pdf import drawn

Form: TypeAlias = Literal["NFC", "NFD"]
BLOCKS = ("latin", "latin-ext", "latin-more", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
LETTERS = [
    char for name in BLOCKS for char in block(f"regular-{name}").characters if char.isalpha()
]
MARKS = [char for char in block("regular-latin-more").characters if unicodedata.combining(char)]
FORMS: tuple[Form, ...] = ("NFC", "NFD")
SAID = {
    "Latin": "Åsa Öberg, Łódź, İstanbul, Þórður, Škoda & Söner",
    "Greek": "Ελληνική Δημοκρατία, ΐ ΰ Ώ, Ὀδυσσεύς",
    "Cyrillic": "Українська їжа, Йошкар-Ола, Ђорђе",
    "marks": "x\u0302y\u0323 n\u0303 Ж\u0301 q\u0307\u0323",
    "figures": "−1 250,00 € (25 %) № 7 § 3 ½",
}


def by_poppler(pdf: bytes, folder: Path) -> list[str]:
    (folder / "a.pdf").write_bytes(pdf)
    command = [needs("pdftotext"), "-raw", "a.pdf", "-"]
    told = subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout.decode()
    return told.rstrip("\n\f").split("\n")


def by_pdfium(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as read:
        return str(read[0].get_textpage().get_text_bounded()).split("\r\n")


def normal(form: Form, text: str) -> str:
    return unicodedata.normalize(form, text)


@st.composite
def words(draw: st.DrawFn) -> str:
    """Make a word of letters of all scripts with marks on them, none twice on one letter."""
    pieces = st.tuples(
        st.sampled_from(LETTERS), st.lists(st.sampled_from(MARKS), max_size=2, unique=True)
    )
    # A line of one letter above another of the same is taken for its shadow by PDFium.
    letters = draw(st.lists(pieces, min_size=3, max_size=12))
    word = "".join(letter + "".join(marks) for letter, marks in letters)
    whole = draw(st.sampled_from([word, *(normal(form, word) for form in FORMS)]))
    # PDFium takes the same mark on the same spot for one that was drawn bold by drawing it twice.
    doubled = any(one == two and unicodedata.combining(one) for one, two in pairwise(whole))
    return word if doubled else whole


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("script", SAID)
def test_what_was_said_is_read_by_both(script: str, form: Form, tmp_path: Path) -> None:
    line = normal(form, SAID[script])
    pdf = drawn([line])
    assert by_pdfium(pdf) == [line]
    assert by_poppler(pdf, tmp_path) == [line]


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(words(), min_size=1, max_size=30))
def test_any_words_are_read_by_both(
    lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    pdf = drawn(lines)
    assert by_pdfium(pdf) == lines
    assert by_poppler(pdf, tmp_path_factory.mktemp("words")) == lines


def test_a_text_is_copied_in_the_order_in_which_it_is_read(tmp_path: Path) -> None:
    sentence = " ".join(f"Ord{number}" for number in range(60))
    pdf = contract_pdf(contract(words=f"## Klausul\n\n{sentence}"), frozen(Theme(), None, "sv"))
    assert sentence in " ".join(by_poppler(pdf, tmp_path))
