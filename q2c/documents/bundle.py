"""Bundles of evidence: a zip that is the same bytes whenever it is made of the same files."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from io import BytesIO
from string import Template
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from q2c.resources import resource

SUMS, GUIDE, CHECK = "SHA256SUMS", "README.txt", "check.sh"


def bundle(files: Mapping[str, bytes], gaps: Mapping[str, str], language: str, on: date) -> bytes:
    """Zip files with a list of their SHA-256, a text that says how to check them, and a script.

    Nothing is packed smaller, so that no other version of a library makes other bytes.
    """
    text = Template(_template(f"{_spoken(language)}.txt")).substitute(gaps)
    script = Template(_template(CHECK)).substitute(gaps)
    whole = {**files, GUIDE: text.encode(), CHECK: script.encode()}
    whole[SUMS] = _sums(whole)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, data in sorted(whole.items()):
            archive.writestr(_entry(name, on), data)
    return out.getvalue()


def _spoken(language: str) -> str:
    return language if language == "sv" else "en"


def _template(name: str) -> str:
    return resource("templates", "bundles", name).read_text("utf-8")


def _sums(files: Mapping[str, bytes]) -> bytes:
    lines = (f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "".join(lines).encode()


def _entry(name: str, on: date) -> ZipInfo:
    """Describe a file of the zip: of that day, readable by all, made on a Unix."""
    entry = ZipInfo(name, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = (0o100755 if name == CHECK else 0o100644) << 16
    return entry
