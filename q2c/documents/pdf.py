"""PDF files, PDF/A-3b: pages with their fonts, pictures and files made into bytes that stay."""

from itertools import count
from typing import Final

from q2c.documents.attached import Attached, attachments
from q2c.documents.body import Body
from q2c.documents.bookmarks import Bookmark, bookmarks
from q2c.documents.form import Form
from q2c.documents.image import Picture
from q2c.documents.metadata import FACTURX, Info, about, packet, text
from q2c.documents.packed import packed
from q2c.documents.page import Link, Page, number
from q2c.documents.resources import font, intent, picture
from q2c.documents.tags import Tags, structure

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
        body = Body()
        tree = body.reserved()
        resources = self._resources(body)
        kids = [body.reserved() for _ in self.pages]
        links = self._links(body)
        for place, page in enumerate(self.pages):
            content = body.stream("/Filter/FlateDecode", packed(page.content(), "marks"))
            annotated = " ".join(f"{link} 0 R" for link in links[place])
            body.put(
                f"<</Type/Page/Parent {tree} 0 R/Resources {resources} 0 R/Contents {content} 0 R"
                f"/StructParents {place}/Tabs/S/Annots[{annotated}]>>",
                kids[place],
            )
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        box = " ".join(map(number, self.paper))
        body.put(
            f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]/MediaBox[0 0 {box}]>>",
            tree,
        )
        hybrid = any(one.name == FACTURX for one in self._attached)
        metadata = body.stream("/Type/Metadata/Subtype/XML", packet(self.info, hybrid=hybrid))
        files = attachments(body, self._attached, self.info.created)
        if len(kids) > 1 and self._bookmarks:
            files += bookmarks(body, self._bookmarks, kids)
        root = body.put(
            f"<</Type/Catalog/Pages {tree} 0 R/Metadata {metadata} 0 R/MarkInfo<</Marked true>>"
            f"/StructTreeRoot {structure(body, self.tags.whole, kids, links)} 0 R"
            f"/Lang {text(self.info.language)}/ViewerPreferences<</DisplayDocTitle true>>"
            f"/OutputIntents[{intent(body)} 0 R]{files}>>"
        )
        return body.closed(root, body.put(about(self.info)))

    def _resources(self, body: Body) -> int:
        """Write fonts and pictures, which all pages share."""
        used = sorted({key for page in self.pages for key in page.fonts})
        fonts = "".join(f"/{key} {font(body, key)} 0 R" for key in used)
        pictures = "".join(
            f"/{name} {picture(body, drawn)} 0 R" for drawn, name in self._pictures.items()
        )
        return body.put(f"<</Font<<{fonts}>>/XObject<<{pictures}>>>>")

    def _links(self, body: Body) -> list[list[int]]:
        """Write the links of each page; their parts are numbered behind those of the pages."""
        key = count(len(self.pages))
        return [[_link(body, page, link, next(key)) for link in page.links] for page in self.pages]


def _link(body: Body, page: Page, link: Link, key: int) -> int:
    *box, address = link
    return body.put(
        f"<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[{page.corners(*box)}]"
        f"/StructParent {key}/Contents {text(address)}"
        f"/A<</S/URI/URI <{address.encode('ascii').hex()}>>>>>"
    )
