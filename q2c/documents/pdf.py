"""PDF files, PDF/A-3b: pages with their fonts, pictures and files made into bytes that stay."""

from itertools import count
from typing import Final

from q2c.documents.attached import Attached, attachments
from q2c.documents.body import Body
from q2c.documents.bookmarks import Bookmark, bookmarks
from q2c.documents.form import Form
from q2c.documents.image import Picture
from q2c.documents.metadata import FACTURX, Info, about, packet, text
from q2c.documents.page import Link, Page, number
from q2c.documents.resources import font, intent, picture
from q2c.documents.tags import PageParts, Tags, structure

__all__ = ["A4", "Attached", "Info", "Pdf"]
A4: Final = (595.28, 841.89)


class Pdf:
    """A document whose pages stay open, for 'page 1 of 3', until it is finished."""

    def __init__(self, info: Info, paper: tuple[float, float] = A4) -> None:
        self.info = info
        self.paper = paper
        self.pages: list[Page] = []
        self.tags = Tags()
        self._attached: list[Attached] = []
        self._bookmarks: list[Bookmark] = []
        self._pictures: dict[Picture | Form, str] = {}

    def page(self) -> Page:
        """Add a page."""
        self.pages.append(Page(self.paper, self._pictures, self.tags, len(self.pages)))
        return self.pages[-1]

    def attach(self, attached: Attached) -> None:
        """Put a file into the document, which has none of that name yet.

        `factur-x.xml` makes it a hybrid invoice, which its metadata then says.
        """
        assert attached.name not in {one.name for one in self._attached}, attached.name
        self._attached.append(attached)

    def bookmark(self, title: str, rank: int, y: float) -> None:
        """Let a bookmark lead to a heading on the page at hand, so far below its upper edge."""
        place = len(self.pages) - 1
        self._bookmarks.append(Bookmark(title, rank, place, self.paper[1] - y))

    def finish(self) -> bytes:
        """Give the bytes of the file."""
        body = Body(short=len(self.pages) == 1)
        tree = body.reserved()
        pages = self._pages(body, tree)
        kids = " ".join(f"{page.number} 0 R" for page in pages)
        box = " ".join(map(number, self.paper))
        body.put(f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 {box}]>>", at=tree)
        hybrid = any(one.name == FACTURX for one in self._attached)
        metadata = body.stream("/Type/Metadata/Subtype/XML", packet(self.info, hybrid=hybrid))
        more = attachments(body, self._attached, self.info.created)
        if len(pages) > 1 and self._bookmarks:
            more += bookmarks(body, self._bookmarks, [page.number for page in pages])
        root = body.put(
            f"<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata} 0 R/MarkInfo<</Marked true>>"
            f"/StructTreeRoot {structure(body, self.tags.whole, pages)} 0 R"
            f"/Lang {text(self.info.language)}/ViewerPreferences<</DisplayDocTitle true>>"
            f"/OutputIntents[{intent(body)} 0 R]{more}>>"
        )
        return body.closed(root, body.put(about(self.info)))

    def _pages(self, body: Body, tree: int) -> list[PageParts]:
        """Write the pages; their links are numbered behind them in the parts of the document."""
        resources, key = self._resources(body), count(len(self.pages))
        written = []
        for place, page in enumerate(self.pages):
            content = body.pack("", page.content(), "marks")
            links = tuple(_link(body, page, link, next(key)) for link in page.links)
            annotated = " ".join(f"{link} 0 R" for link in links)
            at = body.put(
                f"<</Type/Page/Parent {tree} 0 R/Resources {resources} 0 R/Contents {content} 0 R"
                f"/StructParents {place}/Tabs/S/Annots[{annotated}]>>"
            )
            written.append(PageParts(at, page.stretches, links))
        return written

    def _resources(self, body: Body) -> int:
        """Write fonts and pictures, which all pages share."""
        used = sorted({key for page in self.pages for key in page.fonts})
        fonts = "".join(f"/{key} {font(body, key)} 0 R" for key in used)
        pictures = "".join(
            f"/{name} {picture(body, drawn)} 0 R" for drawn, name in self._pictures.items()
        )
        return body.put(f"<</Font<<{fonts}>>/XObject<<{pictures}>>>>")


def _link(body: Body, page: Page, link: Link, key: int) -> int:
    *box, address = link
    return body.put(
        f"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{page.corners(*box)}]"
        f"/StructParent {key}/Contents {text(address)}"
        f"/A<</S/URI/URI <{address.encode('ascii').hex()}>>>>>"
    )
