"""The look of documents: the theme a person writes, and all of it frozen for one document."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid
from q2c.core.party import LanguageCode, LongText, spoken
from q2c.core.trace import Sourced
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
# What the law wants on an invoice stays on it, in whichever order.
NEEDED_COLUMNS: Final = ("name", "quantity", "unit", "unit_price", "vat", "net")
NEEDED_FIELDS: Final = ("name", "address", "org_number", "vat_id", "f_tax", "seat")


class Margins(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How much of the paper stays white, in millimetres."""

    left: Millimetres = 20
    right: Millimetres = 20
    top: Millimetres = 16
    bottom: Millimetres = 12


class Letter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What the seller wants said on every document of a kind, by language."""

    invoice: LongText = ""
    credit_note: LongText = ""
    quote: LongText = ""
    contract: LongText = ""


class Theme(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """How documents look: `theme.yaml`. `logo` is a PNG or JPEG file in the workspace."""

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


class Look(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A theme, a logo and a language as they were: all that a document is drawn with.

    A document names the SHA-256 of its look, so that it can be drawn again without the
    theme, the picture and the language file of a later day.
    """

    theme: Theme
    language: Language
    logo: Picture | None = None

    def letter(self, kind: Literal["invoice", "credit_note", "quote", "contract"]) -> str:
        """Give what the seller wants said on a kind of document."""
        return spoken(getattr(self.theme.letter, kind), self.language.code)


def frozen(theme: Theme, logo: Picture | None, code: LanguageCode) -> Look:
    """Freeze how documents in a language look now; `logo` is the picture that the theme names.

    Refuses a theme that leaves out what an invoice must say.
    """
    if faults := list(theme_faults(theme)):
        raise Invalid(*faults)
    bare = replace(theme, file="", places="")
    return Look(theme=bare, language=language(code), logo=logo)


def prepared_logo(theme: Theme, data: bytes) -> Picture:
    """Prepare the logo; what is wrong with it is told where the theme names it."""
    try:
        return prepared(data)
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
    if lacking := [field for field in NEEDED_FIELDS if field not in fields]:
        yield _lacking(theme, "theme-footer", "footer", lacking)


def _lacking(theme: Theme, code: str, path: str, names: list[str]) -> Fault:
    message = f"An invoice must also show {', '.join(names)}."
    return theme.fault(code, message, path, f"Add them to {path}.")


def look_bytes(look: Look) -> bytes:
    """Write a look in its only form: sorted keys, two spaces a level, a newline at the end."""
    return msgspec.json.format(msgspec.json.encode(look, order="sorted"), indent=2) + b"\n"
