"""The forms that text must have in the files of parties, and what is said where it has not."""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from msgspec import Meta


def _form(pattern: str, code: str, say: str, remedy: str = "") -> Meta:
    """Describe a form that text must have, and what to say where it has not."""
    told = {"x-fault": code, "x-say": say, "x-remedy": remedy}
    return Meta(pattern=pattern, extra_json_schema=told)


Id = Annotated[
    str,
    _form(
        r"^[a-z0-9][a-z0-9_-]{0,63}$",
        "bad-id",
        "An id has only small letters a-z, digits, - and _, and at most 64 of them",
        "Write one such as fjord-foods.",
    ),
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Note = Annotated[str, Meta(max_length=10_000)]
CountryCode = Annotated[
    str,
    _form(
        r"^[A-Z]{2}$",
        "bad-country",
        "A country is two capital letters (ISO 3166)",
        "Write SE, FI, DE and the like.",
    ),
]
CurrencyCode = Annotated[
    str,
    _form(
        r"^[A-Z]{3}$",
        "bad-currency",
        "A currency is three capital letters (ISO 4217)",
        "Write SEK, EUR and the like.",
    ),
]
# What documents can be written in: `templates/languages/<code>.toml` has the words of each.
LanguageCode = Literal["sv", "en", "de", "fr", "fi", "nb", "da", "es", "nl", "pl"]
LANGUAGES: tuple[str, ...] = get_args(LanguageCode)
ElectronicAddress = Annotated[
    str,
    _form(
        r"^[0-9A-Z]{2,4}:[^\s:][^\s]{0,60}$",
        "bad-electronic-address",
        "An electronic address is the code of its scheme (EAS), a colon and the address",
        "Write 0007:5599991238, 0088:7300010000001 or EM:faktura@firm.example.",
    ),
]
# What is written beside the PDF of an invoice, and by which rules; the PDF itself holds Factur-X.
EInvoiceFormat = Literal["none", "ubl", "peppol", "xrechnung", "cii", "xrechnung-cii"]
Text = Name | dict[LanguageCode, Name]
LongText = Note | dict[LanguageCode, Note]
Days = Annotated[int, Meta(ge=0, le=365)]
SeriesPattern = Annotated[
    str,
    _form(
        r"^[A-Z0-9-]{0,12}(\{year\}-?)?\{n(:0[1-9])?\}$",
        "bad-series",
        "A number series is capitals, digits and dashes, then {year} and {n:04}",
        'Write one such as "F-{year}-{n:04}".',
    ),
]


def spoken(text: Text | LongText, language: str) -> str:
    """Give a text in a language, else in English, else in the first one there is."""
    if isinstance(text, str):
        return text
    named: Mapping[str, str] = {str(key): said for key, said in text.items()}
    return named.get(language) or named.get("en") or next(iter(named.values()), "")
