"""Signatures in PDFs: made by PAdES, read back, and told when anything is wrong with them."""

import io
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from q2c.core.fault import Held, Invalid, Refused, Unreachable
from q2c.documents.evidencepage import openssl
from q2c.documents.pdf import Info, Pdf
from q2c.exchange.pades.keys import Key, key_in_file, refuse_outside
from q2c.exchange.pades.making import Wish, signed
from q2c.exchange.pades.places import Box, signing_places
from q2c.exchange.pades.reading import Reading, read_signatures, signatures_in
from q2c.exchange.pades.trust import Trust, certificates, revocations, trust_of
from tests.keys import BEGINS, ENDS, PASSPHRASE, Authority, Person, stamping
from tests.outside import needs

HAMMER = os.environ.get("Q2C_HAMMER") == "1"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)
BOX = Box(0, 60, 300, 260, 320)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def ida(authority: Authority) -> Person:
    return authority.person("Ida Berg")


@pytest.fixture(scope="module")
def stamper(authority: Authority) -> Person:
    return authority.person("Nordic Test Time", stamps=True)


@pytest.fixture(scope="module")
def trust(authority: Authority) -> Trust:
    return trust_of({"trust/authority.pem": authority.pem()})


def agreement(words: str = "We agree on 1 000.00 SEK.", wide: float = 595.28) -> bytes:
    pdf = Pdf(Info("Agreement", "Nordlys", date(2026, 11, 23)), (wide, 841.89))
    pdf.page().text(60, 100, words)
    return pdf.finish()


def key(person: Person) -> Key:
    return key_in_file(person.p12(), PASSPHRASE, "key.p12")


def by(person: Person, pdf: bytes, field: str = "Seller", **wishes: Any) -> bytes:  # noqa: ANN401 - of a wish
    return signed(pdf, key(person), replace(Wish(field=field, when=NOON), **wishes))


def read(pdf: bytes, trust: Trust, base: bytes = b"", now: datetime = NOON) -> Reading:
    return signatures_in(pdf, trust, now, base)


def passes(pdf: bytes, trust: Trust) -> bool:
    """Say whether a PDF is taken for sound; one that cannot be read is not."""
    try:
        return read(pdf, trust).sound
    except Exception:  # noqa: BLE001 - as the process that reads the files of others has it
        return False


def with_marks(pdf: bytes, page: int = 0) -> bytes:
    """Draw a black box on a page, as an addition to the file."""
    from pyhanko.pdf_utils.generic import StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
    made = io.BytesIO()
    marks = StreamObject(stream_data=b"0 0 300 300 re f")
    writer.add_stream_to_page(page, writer.add_object(marks))
    writer.write(made)
    return made.getvalue()


def test_a_signature_adds_to_the_file_and_says_whose_it_is(ida: Person, trust: Trust) -> None:
    base = agreement()
    data = by(ida, base, reason="Agreed", place="Umeå")
    found = read(data, trust, base).signatures[0]
    assert data.startswith(base)
    assert (found.holder, found.issuer) == ("Ida Berg", "Nordic Test Authority")
    assert (found.claimed, found.stamped, found.level) == (NOON, None, "B-B")
    assert (found.reason, found.place, found.trust) == ("Agreed", "Umeå", "trusted")
    assert read(data, trust, base).sound


def test_a_counter_signature_leaves_the_first_as_it_is(ida: Person, trust: Trust) -> None:
    base = agreement()
    both = by(ida, by(ida, base), "Buyer")
    first, second = read(both, trust, base).signatures
    assert (first.field, first.whole, first.kept) == ("Seller", False, True)
    assert (second.field, second.whole, second.kept) == ("Buyer", True, True)
    assert read(both, trust, base).sound


def test_one_flipped_bit_is_told(ida: Person, trust: Trust) -> None:
    data = by(ida, agreement())
    _, first, second, rest = read(data, trust).signatures[0].covers
    covered = [*range(first), *range(second, second + rest)]
    for place in covered[:: 1 if HAMMER else len(covered) // 20]:
        changed = bytearray(data)
        changed[place] ^= 1
        assert not passes(bytes(changed), trust), place


def test_what_is_changed_after_a_signature_is_told(ida: Person, trust: Trust) -> None:
    base = agreement()
    found = read(with_marks(by(ida, base)), trust, base)
    assert found.signatures[0].wrong == ("after it the file was changed by more than signatures",)


def test_what_was_slipped_in_before_the_first_signature_is_told(ida: Person, trust: Trust) -> None:
    base = agreement()
    data = by(ida, with_marks(base))
    assert read(data, trust).sound  # nobody can know without the document as it was made
    assert data.startswith(base)
    (told,) = read(data, trust, base).wrong
    assert told.startswith("before it was signed, object ")


def test_a_signature_of_another_document_is_not_ours(ida: Person, trust: Trust) -> None:
    found = read(by(ida, agreement("We agree on 9 000.00 SEK.")), trust, agreement())
    assert (found.ours, found.wordless, found.lacks) == (False, False, ("1",))


def test_a_picture_that_hides_words_is_told(ida: Person, trust: Trust) -> None:
    base, cover = agreement(), Box(0, 50, 700, 300, 800)
    data = by(ida, base, picture=agreement("Signed", 250), places={"Seller": cover})
    assert read(data, trust, base).wrong == (
        "the picture of Seller hides 'We agree on 1 000.00 SEK.'",
    )
    assert read(
        by(ida, base, picture=agreement("Signed"), places={"Seller": BOX}), trust, base
    ).sound


def test_bytes_that_are_wrapped_around_a_signature_are_told(ida: Person, trust: Trust) -> None:
    base = agreement()
    data = by(ida, base)
    start = data.index(b"/ByteRange")
    edges = data[start : data.index(b"]", start)].split(b"[")[1].split()
    moved = data.replace(edges[2], b"%d" % (int(edges[2]) + 2), 1)
    assert not passes(moved, trust)


def test_a_root_decides_whom_a_certificate_is_of(ida: Person) -> None:
    data = by(ida, agreement())
    other = trust_of({"trust/other.pem": Authority("Somebody else").pem()})
    assert read(data, Trust()).signatures[0].trust == "unknown"
    assert read(data, other).signatures[0].trust == "untrusted"
    assert not read(data, other).sound


def test_a_revoked_certificate_is_told(authority: Authority, ida: Person) -> None:
    data = by(ida, agreement())
    files = {"trust/a.pem": authority.pem(), "trust/a.crl": authority.revoked(ida)}
    (found,) = read(data, trust_of(files)).signatures
    assert (found.trust, found.wrong) == ("revoked", ("the certificate was revoked",))


def test_a_time_that_was_stamped_outlives_the_certificate(
    authority: Authority, stamper: Person, trust: Trust
) -> None:
    soon = authority.person("Ida Berg", ends=datetime(2027, 1, 1, tzinfo=UTC))
    bare = by(soon, agreement())
    with stamping(stamper, NOON) as address:
        data = by(soon, agreement(), authority=address)
    (found,) = read(data, trust, now=LATER).signatures
    assert (found.level, found.stamped, found.trust) == ("B-T", NOON, "trusted")
    assert found.stamped_by == "Nordic Test Time"
    assert read(bare, trust, now=LATER).signatures[0].trust == "expired"


def test_a_time_by_nobody_we_trust_is_told(ida: Person, trust: Trust) -> None:
    stranger = Authority("Somebody else").person("Stranger", stamps=True)
    with stamping(stranger, NOON) as address:
        data = by(ida, agreement(), authority=address)
    (found,) = read(data, trust).signatures
    assert found.wrong == ("the time is of Stranger, who leads to none of the roots",)


def test_a_signature_for_long_carries_what_shows_that_nothing_was_revoked(
    authority: Authority, ida: Person, stamper: Person
) -> None:
    files = {"trust/a.pem": authority.pem(), "trust/a.crl": authority.revoked()}
    with stamping(stamper, NOON) as address:
        base = agreement()
        data = by(ida, base, authority=address, long=True, trust=trust_of(files))
    found = read(data, trust_of({"trust/a.pem": authority.pem()}), base)
    assert (found.signatures[0].level, found.sound) == ("B-LT", True)
    with pytest.raises(Held) as refused:
        by(ida, agreement(), long=True, trust=trust_of({"a.pem": authority.pem()}))
    assert refused.value.faults[0].code == "no-revocation-list"


def test_an_authority_that_does_not_answer_is_told(ida: Person) -> None:
    with pytest.raises(Unreachable) as refused:
        by(ida, agreement(), authority="http://127.0.0.1:9/")
    assert refused.value.faults[0].code == "no-timestamp"


@pytest.mark.parametrize(
    ("data", "passphrase"), [(None, "wrong"), (None, ""), (b"rubbish", ""), (b"", "")]
)
def test_a_wrong_passphrase_gives_no_key(data: bytes | None, passphrase: str, ida: Person) -> None:
    with pytest.raises(Invalid) as refused:
        key_in_file(ida.p12() if data is None else data, passphrase, "key.p12")
    assert refused.value.faults[0].code == "bad-signing-key"


def test_a_passphrase_that_nobody_gave_is_not_called_wrong(ida: Person) -> None:
    with pytest.raises(Invalid, match="no passphrase was given"):
        key_in_file(ida.p12(), "", "key.p12")


def test_nobody_signs_by_a_certificate_that_does_not_hold(ida: Person) -> None:
    refuse_outside(key(ida), NOON)
    for when in (BEGINS.replace(year=2019), ENDS.replace(year=2041)):
        with pytest.raises(Held, match="worth nothing"):
            refuse_outside(key(ida), when)


@pytest.mark.parametrize("data", [b"", b"-----BEGIN CERTIFICATE-----\nAA\n", b"rubbish"])
def test_what_holds_no_certificate_is_refused(data: bytes) -> None:
    for reader in (certificates, revocations):
        with pytest.raises(Invalid, match="does not hold"):
            reader({"trust/a.pem": data})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        b"%PDF-1.7\nxref\n0 1\ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"<<" * 20_000,
        b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF",
    ],
)
def test_a_broken_file_is_refused_and_not_followed(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_signatures(data, "evil.pdf", Trust(), NOON, b"")
    assert refused.value.faults[0].code == "bad-pdf"


def test_openssl_verifies_what_we_sign(ida: Person, authority: Authority, tmp_path: Path) -> None:
    needs("openssl")
    needs("xxd")
    data = by(ida, by(ida, agreement()), "Buyer")
    (tmp_path / "signed.pdf").write_bytes(data)
    (tmp_path / "roots.pem").write_bytes(authority.pem())
    for one in read(data, Trust()).signatures:
        lines = openssl("signed.pdf", one.covers)
        subprocess.run(["sh", "-ec", "\n".join(lines)], cwd=tmp_path, check=True, timeout=30)


def test_the_lines_to_sign_on_are_found_from_left_to_right() -> None:
    pdf = Pdf(Info("Agreement", "Nordlys", date(2026, 11, 23)))
    page = pdf.page()
    page.text(60, 300, "Signature")  # of an earlier row
    page.text(310, 500, "Signature")
    page.text(60, 500, "Signature")
    page.text(60, 400, "Signature of a sentence")
    left, right = signing_places(pdf.finish(), "Signature", 200)
    assert [round(box.left) for box in (left, right)] == [60, 310]
    assert left.bottom == right.bottom
    assert signing_places(agreement(), "Signature", 200) == ()
