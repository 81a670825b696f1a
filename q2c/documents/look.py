"""The look of documents: the theme a person writes, and all of it frozen for one document."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid
from q2c.core.party import LanguageCode, LongText, spoken
from q2c.core.trace import Sourced
from q2c.documents.form import Form
from q2c.documents.image import Picture, prepared
from q2c.documents.language import Language, language

Color: TypeAlias = Annotated[
    str,
    Meta(
        pattern=r"^#[0-9a-fA-F]{6}$",
        extra_json_schema={
            "x-fault": "bad-color",
            "x-say": "A colour is # and six hexadecimal digits",
            "x-remedy": 'Write it in quotes, such as "#1d4e5f".',
        },
    ),
]
Millimetres: TypeAlias = Annotated[int, Meta(ge=10, le=40)]
# A letterhead may need more of the page above and below.
Depth: TypeAlias = Annotated[int, Meta(ge=10, le=80)]
ColumnName: TypeAlias = Literal[
    "position", "product", "name", "period", "quantity", "unit", "unit_price", "vat", "net"
]
FooterField: TypeAlias = Literal[
    "name",
    "address",
    "phone",
    "email",
    "web",
    "org_number",
    "vat_id",
    "f_tax",
    "seat",
    "bankgiro",
    "plusgiro",
    "iban",
    "bic",
    "swish",
]
# Every kind of document that is drawn; a theme may have texts for each.
Kind: TypeAlias = Literal[
    "quote",
    "contract",
    "order_confirmation",
    "delivery_note",
    "invoice",
    "credit_note",
    "deposit",
    "final_invoice",
    "reminder",
    "statement",
    "receipt",
    "time_report",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# What is said on these, where nothing is said for them, is said for the other.
_LIKE: Final[dict[str, Kind]] = {"deposit": "invoice", "final_invoice": "invoice"}
# What the law wants on an invoice stays on it, in whichever order.
NEEDED_COLUMNS: Final = ("name", "quantity", "unit", "unit_price", "vat", "net")
NEEDED_FIELDS: Final = ("name", "address", "org_number", "vat_id", "f_tax", "seat")


class Margins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How much of the paper stays white, in millimetres."""

    left: Millimetres = 20
    right: Millimetres = 20
    top: Depth = 16
    bottom: Depth = 12


class Letter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What the seller wants said on every document of a kind, by language."""

    invoice: LongText = ""
    credit_note: LongText = ""
    quote: LongText = ""
    contract: LongText = ""
    order_confirmation: LongText = ""
    delivery_note: LongText = ""
    deposit: LongText = ""
    final_invoice: LongText = ""
    reminder: LongText = ""
    statement: LongText = ""
    receipt: LongText = ""
    time_report: LongText = ""


class Letterhead(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A PDF of the workspace below every document: page 1, and page 2 of those that follow.

    It may stand `instead_of` the logo, and of the footer where it says itself what the law
    wants there.
    """

    file: Annotated[str, Meta(min_length=1, max_length=200)]
    first_page_only: bool = False
    instead_of: tuple[Literal["logo", "footer"], ...] = ()


class Theme(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How documents look: `theme.yaml`. `logo` is an SVG, PNG or JPEG file in the workspace.

    `intro` is said above the lines of a document, `letter` below them; a `cover` is put before
    quotes that do not say otherwise.
    """

    accent: Color = "#1d4e5f"
    text: Color = "#1c2126"
    muted: Color = "#68727d"
    logo: Annotated[str, Meta(max_length=200)] = ""
    logo_height: Annotated[int, Meta(ge=5, le=30)] = 14
    margins: Margins = Margins()
    columns: tuple[ColumnName, ...] = ("name", "quantity", "unit", "unit_price", "vat", "net")
    footer: Annotated[tuple[tuple[FooterField, ...], ...], Meta(min_length=1, max_length=5)] = (
        ("name", "address"),
        ("phone", "email", "web"),
        ("org_number", "vat_id", "seat", "f_tax"),
        ("bankgiro", "plusgiro", "iban", "bic", "swish"),
    )
    letter: Letter = Letter()
    intro: Letter = Letter()
    letterhead: Letterhead | None = None
    cover: bool = False


class Look(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A theme, its pictures and a language as they were: all that a document is drawn with.

    A document names the SHA-256 of its look, so that it can be drawn again without the
    theme, the pictures and the language file of a later day. A logo is a picture or a
    `drawing`; the `letterhead` has a form for the first page and may have one for the others.
    """

    theme: Theme
    language: Language
    logo: Picture | None = None
    drawing: Form | None = None
    letterhead: tuple[Form, ...] = ()

    @property
    def emblem(self) -> Picture | Form | None:
        """Give the logo that is drawn, which a letterhead may stand in the place of."""
        return None if self.omits("logo") else self.drawing or self.logo

    def omits(self, part: Literal["logo", "footer"]) -> bool:
        """Say whether the letterhead stands in the place of a part of the page."""
        return bool(self.theme.letterhead and part in self.theme.letterhead.instead_of)

    def below(self, page: int) -> Form | None:
        """Give what lies below a page: the first, or one of those that follow."""
        head = self.theme.letterhead
        if not self.letterhead or (head and head.first_page_only and page > 1):
            return None
        return self.letterhead[0 if page == 1 else -1]

    def letter(self, kind: Kind) -> str:
        """Give what the seller wants said at the end of a kind of document."""
        return self._said(self.theme.letter, kind)

    def intro(self, kind: Kind) -> str:
        """Give what the seller wants said at the beginning of a kind of document."""
        return self._said(self.theme.intro, kind)

    def _said(self, texts: Letter, kind: Kind) -> str:
        said = getattr(texts, kind) or getattr(texts, _LIKE.get(kind, kind))
        return spoken(said, self.language.code)


class Logo(Struct, frozen=True, omit_defaults=True):
    """A logo made ready: as a picture, or as a drawing."""

    picture: Picture | None = None
    drawing: Form | None = None


def frozen(
    theme: Theme,
    logo: Picture | Form | None,
    code: LanguageCode,
    letterhead: Sequence[Form] = (),
    words: Language | None = None,
) -> Look:
    """Freeze how documents in a language look now, with what the theme names made ready.

    `words` are those of the workspace. Refuses a theme that leaves out what an invoice must say.
    """
    if faults := list(theme_faults(theme)):
        raise Invalid(*faults)
    return Look(
        theme=replace(theme, file="", places=""),
        language=words or language(code),
        logo=logo if isinstance(logo, Picture) else None,
        drawing=logo if isinstance(logo, Form) else None,
        letterhead=tuple(letterhead),
    )


def prepared_logo(theme: Theme, data: bytes) -> Logo:
    """Make the logo ready; what is wrong with it is told where the theme names it."""
    try:
        if data.lstrip(b"\xef\xbb\xbf\t\r\n ").startswith(b"<"):
            from q2c.documents.svgdraw import form_of

            return Logo(drawing=form_of(data))
        return Logo(picture=prepared(data))
    except Invalid as refused:
        raise Invalid(*(replace(f, place=theme.place("logo")) for f in refused.faults)) from None


def theme_faults(theme: Theme) -> Iterator[Fault]:
    """Say what a theme leaves out that an invoice must say."""
    fields = [field for column in theme.footer for field in column]
    if lacking := [column for column in NEEDED_COLUMNS if column not in theme.columns]:
        yield _lacking(theme, "theme-columns", "columns", lacking)
    if double := sorted({column for column in theme.columns if theme.columns.count(column) > 1}):
        message = f"A column stands once; {', '.join(double)} stands more often."
        yield theme.fault("theme-columns", message, "columns", "Take the second away.")
    elsewhere = theme.letterhead and "footer" in theme.letterhead.instead_of
    lacking = [field for field in NEEDED_FIELDS if field not in fields]
    if lacking and not elsewhere:
        yield _lacking(theme, "theme-footer", "footer", lacking)


def _lacking(theme: Theme, code: str, path: str, names: list[str]) -> Fault:
    message = f"An invoice must also show {', '.join(names)}."
    return theme.fault(code, message, path, f"Add them to {path}.")


def look_bytes(look: Look) -> bytes:
    """Write a look in its only form: sorted keys, two spaces a level, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(look, order="sorted"), indent=2) + b"\n"
