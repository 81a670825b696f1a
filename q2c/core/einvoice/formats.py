"""The formats that an e-invoice comes in, and by which rules each is judged."""

from typing import Final, Literal, TypeAlias

# What a customer asks for, and what the PDF of every invoice holds.
Form: TypeAlias = Literal["ubl", "peppol", "xrechnung", "cii", "xrechnung-cii", "factur-x"]

FORMS: Final[tuple[Form, ...]] = ("ubl", "peppol", "xrechnung", "cii", "xrechnung-cii", "factur-x")
XRECHNUNG: Final = frozenset({"xrechnung", "xrechnung-cii"})
CII: Final = frozenset({"cii", "xrechnung-cii", "factur-x"})
PEPPOL: Final = frozenset({"peppol"})

_CORE = "urn:cen.eu:en16931:2017"
_GERMAN = f"{_CORE}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
# BT-24, the specification that is followed.
SPECIFICATIONS: Final[dict[Form, str]] = {
    "ubl": _CORE,
    "peppol": f"{_CORE}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "xrechnung": _GERMAN,
    "cii": _CORE,
    "xrechnung-cii": _GERMAN,
    "factur-x": _CORE,
}
# BT-23, the business process, where the specification asks for one.
BILLING: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
PROCESSES: Final[dict[Form, str]] = dict.fromkeys(("peppol", "xrechnung", "xrechnung-cii"), BILLING)
