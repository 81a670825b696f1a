"""Letterheads: a PDF of somebody else below our documents, without anything that runs."""

import io
from collections.abc import Callable
from datetime import date

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from q2c.core.fault import Invalid
from q2c.documents.invoice import invoice_pdf
from q2c.documents.letterhead import prepared_letterhead
from q2c.documents.look import Letterhead, Look, Theme, frozen
from q2c.documents.metadata import Info
from q2c.documents.pdf import Pdf as Ours
from tests.made import invoice
from tests.reading import text_of

THEME = Theme(letterhead=Letterhead(file="paper.pdf"), file="theme.yaml")


def paper(*words: str) -> bytes:
    """Make a letterhead with a page for each of some words, our own fonts in it."""
    made = Ours(Info(title="Paper", author="Nordlys", created=date(2026, 1, 1)))
    for word in words:
        made.page().text(100, 40, word)
    return made.finish()


def changed(change: Callable[[Pdf], object], **saving: object) -> bytes:
    """Change a letterhead as a hostile or careless maker might."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper("Nordlys Huset"))) as pdf:
        change(pdf)
        pdf.save(out, **saving)  # type: ignore[arg-type]  # as each case gives them
    return out.getvalue()


def look_of(data: bytes, **more: object) -> Look:
    head = Letterhead(file="paper.pdf", **more)  # type: ignore[arg-type]  # as each test gives them
    theme = Theme(letterhead=head, file="theme.yaml")
    return frozen(theme, None, "sv", prepared_letterhead(theme, data).forms)


def test_a_letterhead_lies_below_every_page() -> None:
    made = invoice_pdf(invoice(60), look_of(paper("Nordlys Huset")))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert len(pdf.pages) > 1
        for page in pdf.pages:
            assert any(str(x.get("/Subtype")) == "/Form" for x in page.Resources.XObject.values())
    assert text_of(made).count("Nordlys Huset") == len(pikepdf.open(io.BytesIO(made)).pages)


def test_the_second_page_of_a_letterhead_lies_below_the_pages_that_follow() -> None:
    made = text_of(invoice_pdf(invoice(60), look_of(paper("Framsidan", "Baksidan"))))
    assert made.count("Framsidan") == 1
    assert made.count("Baksidan") >= 1


def test_one_for_the_first_page_alone_stands_on_no_other() -> None:
    look = look_of(paper("Nordlys Huset"), first_page_only=True)
    assert text_of(invoice_pdf(invoice(60), look)).count("Nordlys Huset") == 1


def test_a_document_keeps_its_letterhead_to_the_byte() -> None:
    look = look_of(paper("Nordlys Huset"))
    assert invoice_pdf(invoice(1), look) == invoice_pdf(invoice(1), look_of(paper("Nordlys Huset")))


def _script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F="calc.exe"))
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.URI, URI="x:y")
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])


def test_what_runs_or_leads_elsewhere_is_not_taken_along() -> None:
    made = invoice_pdf(invoice(1), look_of(changed(_script)))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        told = repr([pdf.Root, *pdf.objects])
    for word in ("JavaScript", "Launch", "calc.exe", "x:y", "OpenAction"):
        assert word not in told


def _plain_font(pdf: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources.Font = Dictionary(F1=font)
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf (x) Tj ET")


BAD: dict[str, Callable[[], bytes]] = {
    "no PDF": lambda: b"a letter",
    "half a PDF": lambda: paper("Nordlys")[:2000],
    "nothing": lambda: b"",
    "a password": lambda: changed(
        lambda _: None, encryption=pikepdf.Encryption(owner="a", user="b")
    ),
    "a font that is not in it": lambda: changed(_plain_font),
    "too large a file": lambda: b"%PDF-1.7" + bytes(11_000_000),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_printed_on_is_refused_where_the_theme_names_it(what: str) -> None:
    with pytest.raises(Invalid) as refused:
        prepared_letterhead(THEME, BAD[what]())
    assert {fault.code for fault in refused.value.faults} == {"bad-letterhead"}
    assert all(fault.remedy for fault in refused.value.faults)
