"""Tags: what is on the pages of a document is told in the order in which it is read."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from q2c.documents.contract import contract_pdf
from q2c.documents.invoice import invoice_pdf
from q2c.documents.look import Theme, frozen
from q2c.documents.pdf import Attached, Info, Pdf
from q2c.documents.prose import Lists
from q2c.documents.tags import Tags
from tests.made import contract, invoice
from tests.test_archive import CLAUSES

FACTURX_SPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
SV = frozen(Theme(), None, "sv")


@cache
def opened(which: str) -> pikepdf.Pdf:
    """Draw a document and read it."""
    drawn = {
        "invoice": lambda: invoice_pdf(invoice(40), SV),
        "contract": lambda: contract_pdf(contract(words=CLAUSES), SV),
    }
    return pikepdf.open(BytesIO(drawn[which]()))


def parts(element: Any) -> Iterator[Any]:  # noqa: ANN401 - the library says no types
    """Give a part of a document and all that is in it, in their order."""
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from parts(kid)


def whole(pdf: pikepdf.Pdf) -> list[Any]:
    return list(parts(pdf.Root.StructTreeRoot.K))


def stretches(pdf: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """Give the text codes of each marked stretch: by page and its number there."""
    found: dict[tuple[int, int], str] = {}
    for at, page in enumerate(pdf.pages):
        number = -1
        for mark in pikepdf.parse_content_stream(page):
            operands = list(mark.operands)
            match str(mark.operator):
                case "BDC":
                    number = int(operands[1].MCID)
                    found[at, number] = ""
                case "EMC":
                    number = -1
                case "Tj" if number >= 0:
                    found[at, number] += bytes(operands[0]).decode("utf-16-be")
    return found


def words(pdf: pikepdf.Pdf, part: Any) -> str:  # noqa: ANN401 - the library says no types
    """Give what a part says by itself."""
    pages = [page.objgen for page in pdf.pages]
    told, said = [], stretches(pdf)
    for kid in part.get("/K", []):
        if isinstance(kid, int):
            told.append(said[pages.index(part.Pg.objgen), kid])
        elif "/MCID" in kid:
            told.append(said[pages.index(kid.Pg.objgen), int(kid.MCID)])
    return " ".join(told)


def named(pdf: pikepdf.Pdf, kind: str) -> list[str]:
    return [words(pdf, part) for part in whole(pdf) if kind == part.S]


@pytest.mark.parametrize("which", ["invoice", "contract"])
def test_every_stretch_belongs_to_one_part_and_leads_back_to_it(which: str) -> None:
    pdf = opened(which)
    rows = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for at, page in enumerate(pdf.pages):
        assert page.StructParents == at
        for number, part in enumerate(rows[at]):
            mine = [k if isinstance(k, int) else int(k.get("/MCID", -1)) for k in part.K]
            assert number in mine
    assert {number for at, number in stretches(pdf) if at == 0} == set(range(len(rows[0])))


def test_an_invoice_is_read_from_its_head_to_its_foot() -> None:
    pdf = opened("invoice")
    kinds = [str(part.S) for part in whole(pdf)]
    assert kinds[:3] == ["/Document", "/P", "/H1"]
    assert named(pdf, "/H1") == ["FakturaF-2026-0001"]
    told = [words(pdf, part) for part in whole(pdf)]
    order = ["Fakturadatum2026-11-30", "Rådgivning", "Att betala senast"]
    places = [next(at for at, text in enumerate(told) if text.startswith(one)) for one in order]
    assert places == sorted(places)


def test_a_table_over_pages_is_one_table_with_one_head() -> None:
    pdf = opened("invoice")
    table = next(part for part in whole(pdf) if part.S == "/Table")
    head, *rows = list(table.K)
    assert [str(cell.A.Scope) for cell in head.K] == ["/Column"] * 6
    assert len(rows) == 40
    assert {len(row.K) for row in rows} == {6}
    assert named(pdf, "/TH").count("Beskrivning") == 1


def test_what_repeats_on_each_page_is_read_once() -> None:
    pdf = opened("invoice")
    said = " ".join(words(pdf, part) for part in whole(pdf))
    assert len(pdf.pages) > 1
    assert said.count("Momsreg.nr") == 1
    assert "Sida" not in said
    assert "Transport" not in said


def test_clauses_have_headings_lists_and_links() -> None:
    pdf = opened("contract")
    assert named(pdf, "/H2")[-1] == "Avtal"
    assert named(pdf, "/H3") == ["Bilaga"]
    assert named(pdf, "/H4") == ["Djupt"]  # which is of the fifth rank there, but none is skipped
    assert named(pdf, "/Lbl") == ["1.", "2.", "–", "•", "•", "•"]
    assert named(pdf, "/Link") == ["länk", "mejl"]


def test_a_link_says_where_it_leads_and_belongs_to_its_words() -> None:
    pdf = opened("contract")
    link = next(part for part in whole(pdf) if part.S == "/Link")
    note = next(kid.Obj for kid in link.K if not isinstance(kid, int))
    assert (str(note.Contents), str(note.A.URI)) == ("https://example.com/a",) * 2
    rows = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    assert rows[int(note.StructParent)].objgen == link.objgen


def test_long_documents_have_bookmarks_at_their_headings() -> None:
    with opened("contract").open_outline() as outline:
        (title,) = outline.root
        assert title.title == "Avtal C-2026-0001"
        *_, prices, clauses = title.children
        assert (prices.title, clauses.title) == ("Avtalade tjänster och priser", "Avtal")
        assert [one.title for one in clauses.children] == ["Bilaga"]
    assert "/Outlines" not in pikepdf.open(BytesIO(invoice_pdf(invoice(1), SV))).Root


def test_a_part_of_a_list_stands_in_the_item_that_it_belongs_to() -> None:
    from q2c.documents.flow import Block, Run

    tags, one = Tags(), (Run("x"),)
    lists = Lists(tags)
    _, first = lists.place(Block("item", 1, one, "•"))
    _, inner = lists.place(Block("item", 2, one, "–"))
    assert lists.place(Block("paragraph", 2, one))[1] is inner
    assert lists.place(Block("paragraph", 1, one))[1] is first
    lists.place(Block("item", 1, one, "•"))
    assert lists.place(Block("paragraph", 0, one))[1].kind == "P"
    assert [kid.kind for kid in tags.whole.kids if hasattr(kid, "kind")] == ["L", "P"]


def test_files_in_a_document_are_found_by_name_and_are_what_was_put_in() -> None:
    xml = b"<a>" + b"<b>1</b>\n" * 900 + "<c>åäö €</c></a>".encode()
    pdf = Pdf(Info("Faktura", "Nordlys", date(2026, 11, 30)))
    pdf.page()
    pdf.attach(Attached("factur-x.xml", "text/xml", xml, "Invoice", "Alternative"))
    pdf.attach(Attached("Öl (1).pdf", "application/pdf", b"%PDF", "Paper"))
    made = pdf.finish()
    read = pikepdf.open(BytesIO(made))
    assert {name: one.get_file().read_bytes() for name, one in read.attachments.items()} == {
        "factur-x.xml": xml,
        "Öl (1).pdf": b"%PDF",
    }
    first, second = read.Root.AF
    assert (str(first.AFRelationship), str(second.AFRelationship)) == (
        "/Alternative",
        "/Supplement",
    )
    about = first.EF.F
    assert (str(about.Subtype), int(about.Params.Size)) == ("/text/xml", len(xml))
    assert str(about.Params.ModDate) == "D:20261130000000Z"
    assert len(made) < 7_000  # nine hundred times the same is packed
    with read.open_metadata(set_pikepdf_as_editor=False) as told:
        assert told[f"{{{FACTURX_SPACE}}}ConformanceLevel"] == "EN 16931"
        assert told[f"{{{FACTURX_SPACE}}}DocumentFileName"] == "factur-x.xml"


def test_a_document_without_the_xml_is_no_hybrid() -> None:
    assert b"factur-x" not in invoice_pdf(invoice(1), SV)
