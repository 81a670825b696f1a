"""Hostile e-invoices: refused in words, with little time and memory, whatever they hold."""

import time
import zlib
from pathlib import Path

import pytest

from q2c.commands.einvoices.attachments import plain_name, save_attachments
from q2c.core.einvoice import Group
from q2c.core.fault import Invalid
from q2c.exchange.contained import Contained, contained
from q2c.exchange.einvoice import read

UBL = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">'
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(20)
)


def refusal(data: bytes) -> str:
    """Give the code of what is wrong with a file."""
    with pytest.raises(Invalid) as refused:
        read(data, "it.xml")
    return refused.value.faults[0].code


@pytest.mark.parametrize(
    "data",
    [
        BOMB + b"]><x>&u;</x>",
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><x/>',
        b'<?xml version="1.0"?><!-- quiet --><!DOCTYPE Invoice>' + UBL + b"</Invoice>",
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
        b" " * 200_000 + b"<!DOCTYPE x><x/>",
    ],
    ids=["bomb", "fetched", "file", "parameter", "bare", "utf-16", "late"],
)
def test_a_doctype_is_refused_before_it_is_read(data: bytes) -> None:
    assert refusal(data) == "xml-doctype"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"<a>" * 100_000,
        UBL + b"<a>" * 1000 + b"</a>" * 1000 + b"</Invoice>",
        UBL + b"&nbsp;</Invoice>",
        UBL + b"\x01</Invoice>",
        UBL + b"</Invoice><Invoice/>",
        b"<" + b"a" * 200_000,
    ],
    ids=["empty", "zeros", "open", "deep", "entity", "control", "two", "name"],
)
def test_broken_xml_is_refused(data: bytes) -> None:
    assert refusal(data) == "xml-broken"


@pytest.mark.parametrize("data", [b"<html/>", b"<Invoice/>", b"<x:Invoice xmlns:x='urn:x'/>"])
def test_xml_of_another_vocabulary_is_no_einvoice(data: bytes) -> None:
    assert refusal(data) == "no-einvoice"


@pytest.mark.parametrize("data", [b"hello", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"PK\x03\x04"])
def test_what_is_neither_xml_nor_a_pdf_file_is_no_einvoice(data: bytes) -> None:
    with pytest.raises(Invalid, match="neither XML nor a PDF file") as refused:
        read(data, "it.xml")
    assert refused.value.faults[0].code == "no-einvoice"


def test_depth_is_told_without_words_of_the_parser() -> None:
    with pytest.raises(Invalid, match="elements lie more than 256 deep"):
        read(b"<a>" * 1000, "it.xml")


def test_thousands_of_attributes_and_elements_are_read_in_no_time() -> None:
    attributes = b" ".join(b'a%d="1"' % number for number in range(10_000))
    started = time.process_time()
    found = read(UBL[:-1] + b" " + attributes + b">" + b"<x/>" * 100_000 + b"</Invoice>")
    assert found.skipped == 100_000
    assert time.process_time() - started < 5


def pdf(content: bytes, more: bytes = b"") -> bytes:
    """Make a PDF file by hand, which encloses factur-x.xml with this content."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(f)4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile/Length %d%s>>stream\n%s\nendstream" % (len(content), more, content),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


ID = (
    b'<b:ID xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">1</b:ID>'
)


def test_what_a_pdf_file_encloses_is_read() -> None:
    found = read(pdf(UBL + ID + b"</Invoice>"))
    assert (found.terms, found.embedded) == ({"BT-1": "1"}, "factur-x.xml")


def test_what_a_pdf_file_encloses_may_be_as_hostile_as_any_file() -> None:
    assert refusal(pdf(b"<!DOCTYPE x><x/>")) == "xml-doctype"


def test_a_file_that_grows_too_large_is_refused() -> None:
    """A hundred megabytes of blanks, packed twice into some kilobytes."""
    packer = zlib.compressobj(9)
    blanks = b" " * (1 << 20)
    once = b"".join(packer.compress(blanks) for _ in range(100)) + packer.flush()
    twice = zlib.compress(once, 9)
    assert len(twice) < 10_000
    assert refusal(pdf(twice, b"/Filter[/FlateDecode/FlateDecode]")) == "pdf-unreadable"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"%PDF-1.7\n" + b"\xff" * 1000, b"%PDF-1.4\n" + b"1 0 obj[" * 50_000],
    ids=["bare", "noise", "deep"],
)
def test_a_broken_pdf_file_is_refused(data: bytes) -> None:
    assert refusal(data) == "pdf-unreadable"


def test_a_pdf_file_without_xml_is_no_einvoice() -> None:
    assert refusal(pdf(b"x").replace(b"factur-x.xml", b"factur-x.txt")) == "no-einvoice"


def test_work_that_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(Contained, match="not done after 1 second"):
        contained(f"{__name__}:hangs", b"", seconds=1)
    assert time.monotonic() - started < 5


def test_work_that_fills_memory_is_ended() -> None:
    with pytest.raises(Contained, match="too much memory"):
        contained(f"{__name__}:fills", b"")


def test_work_in_a_limited_process_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Contained):
        contained(f"{__name__}:writes", str(tmp_path / "out").encode())
    assert not [one for one in tmp_path.iterdir() if one.stat().st_size]


def hangs(_data: bytes) -> bytes:
    """Never end."""
    while True:
        time.sleep(1)


def fills(_data: bytes) -> bytes:
    """Ask for four gigabytes."""
    return bytes(4 << 30)


def writes(data: bytes) -> bytes:
    """Write a file."""
    Path(data.decode()).write_bytes(b"x" * 100)
    return b""


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\System32\\a.dll", "a.dll"),
        (".bashrc", "bashrc"),
        ("..", "attachment"),
        ("/", "attachment"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("räkning 1.pdf", "räkning 1.pdf"),
        ("NUL.txt", "_NUL.txt"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("\u202efdp.exe", "_fdp.exe"),
    ],
)
def test_a_name_of_an_attachment_is_made_plain(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_an_attachment_is_not_written_through_a_link_or_over_a_file(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "outside"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    held: Group = {"BG-24": ({"BT-122": "1", "BT-125": b"new", "BT-125-2": "a.txt"},)}
    assert [*save_attachments(held, folder, "f")] == [f"Wrote {folder / 'a-2.txt'}"]
    assert not outside.exists()
