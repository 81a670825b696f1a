"""QR codes: a reader finds the text that was put in."""

import subprocess
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from q2c.documents.pdf import Info, Pdf
from q2c.documents.qr import LONGEST, matrix
from tests.outside import needs

# The EPC code of a made-up company, and a Swish code with a Swedish message.
EPC = "BCD\n002\n1\nSCT\n\nExempelbolaget AB\nSE4550000000058398257466\nEUR375.00\n\n\nF-2026-0001"
SWISH = "C1231181189;1250,00;F-2026-0001;0"


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=LONGEST).filter(
    lambda text: len(text.encode()) <= LONGEST
)


def of_segno(payload: str) -> tuple[bytes, ...]:
    """Have another library make the code, by the same choices."""
    code = segno.make(
        payload,
        error="m",
        mode="byte",
        encoding="utf-8",
        mask=2,
        boost_error=False,
        micro=False,
    )
    return tuple(bytes(row) for row in code.matrix)


def read(payload: str, folder: Path) -> str:
    """Draw a code as on an invoice, make a picture of the page and read it."""
    pdf = Pdf(Info("QR", "q2c", date(2026, 2, 10)))
    pdf.page().matrix(60, 60, 80, matrix(payload))
    (folder / "qr.pdf").write_bytes(pdf.finish())
    draw = [needs("pdftoppm"), "-r", "150", "-png", "-singlefile", "qr.pdf", "qr"]
    subprocess.run(draw, cwd=folder, check=True)
    seen = subprocess.run(
        [needs("zbarimg"), "-q", "--raw", "--oneshot", "qr.png"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return seen.stdout.decode().removesuffix("\n")


@pytest.mark.parametrize("payload", [SWISH, EPC, "Åsa Öberg & Söner; 1 €"])
def test_a_drawn_code_is_read_as_what_was_put_in(payload: str, tmp_path: Path) -> None:
    assert read(payload, tmp_path) == payload


def test_a_code_is_square_and_holds_nothing_but_light_and_dark() -> None:
    rows = matrix(EPC)
    assert {len(row) for row in rows} == {len(rows)}
    assert set(b"".join(rows)) == {0, 1}


@pytest.mark.parametrize("size", [*range(1, 332), *range(332, LONGEST, 35), LONGEST])
def test_a_text_of_any_length_gives_the_code_that_segno_gives(size: int) -> None:
    text = (SWISH * 40)[:size]
    assert matrix(text) == of_segno(text)


@given(texts)
def test_any_text_gives_the_code_that_segno_gives(text: str) -> None:
    assert matrix(text) == of_segno(text)


def test_a_text_gives_the_same_code_for_ever() -> None:
    # Pinned: every document that was issued with a code is rebuilt through this.
    assert sha256(b"\n".join(matrix(SWISH))).hexdigest()[:16] == "05c8d9e0cfd6f56b"
