"""Reading signatures back: who signed what and when, what was added since, and with which trust."""

import io
import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Literal

from msgspec import Struct, msgpack
from msgspec.structs import replace

from q2c.core.fault import Fault, Invalid, Place
from q2c.exchange.contained import Contained, contained
from q2c.exchange.pades.keys import holder, issuer, refuse_without
from q2c.exchange.pades.places import Box, words_at, words_of
from q2c.exchange.pades.trust import Trust, certificates, revocations, revoked_by
from q2c.exchange.pades.unchanged import additions, pictures

Standing = Literal["trusted", "unknown", "untrusted", "revoked", "expired"]
WRONG: Final[dict[Standing, str]] = {
    "unknown": "nobody says whom the certificate is of: there is no root to check it by",
    "untrusted": "the certificate leads to none of the roots",
    "revoked": "the certificate was revoked",
    "expired": "the certificate does not hold at the time, and no trusted time says otherwise",
}


class Found(Struct, frozen=True, kw_only=True):
    """A signature in a PDF: whose it is, and what is wrong with it.

    `claimed` is the time that the signer's machine said, `stamped` the one of an authority. It
    `covers` bytes: from a place so many, and from another so many; `whole` says that nothing at
    all was added after it, `kept` that nothing but signatures was.
    """

    field: str
    holder: str
    issuer: str
    certificate: str
    begins: datetime
    ends: datetime
    claimed: datetime | None
    stamped: datetime | None
    stamped_by: str
    level: str
    reason: str
    place: str
    covers: tuple[int, ...]
    whole: bool
    kept: bool
    intact: bool
    trust: Standing
    wrong: tuple[str, ...]


class Reading(Struct, frozen=True, kw_only=True):
    """All signatures of a PDF in their order, and what is wrong with the file besides.

    It is `ours` where it begins with what was to be signed. Where it is another file, `lacks` are
    words of ours that it has not, and one without any words is `wordless`: a scan.
    """

    signatures: tuple[Found, ...] = ()
    wrong: tuple[str, ...] = ()
    ours: bool = False
    wordless: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with it or with any signature."""
        return not self.wrong and not any(one.wrong for one in self.signatures)


class Question(Struct, frozen=True, kw_only=True):
    """What a process of its own is asked: a PDF, what it should be, trust, and the time."""

    pdf: bytes
    base: bytes
    trust: Trust
    now: datetime


def read_signatures(pdf: bytes, name: str, trust: Trust, now: datetime, base: bytes) -> Reading:
    """Read the signatures of a PDF as they stand at a time; refuse what is none.

    `base` is what was to be signed, where that is known; then it must be all that is shown. The
    file is of others, so it is read by a process of its own.
    """
    refuse_without()
    certificates(trust.roots)  # what is wrong with them is told here
    revocations(trust.revoked)
    question = Question(pdf=pdf, base=base, trust=trust, now=now)
    try:
        found = contained(f"{__name__}:answered", msgpack.encode(question))
    except Contained as error:
        message = f"This PDF cannot be read: {str(error).rstrip('.')}."
        remedy = "Get it anew; some viewers repair a file when they save it, and break signatures."
        raise Invalid(Fault("bad-pdf", message, Place(name), remedy)) from None
    return msgpack.decode(found, type=Reading)


def answered(question: bytes) -> bytes:
    """Answer a question in a process of its own."""
    asked = msgpack.decode(question, type=Question)
    return msgpack.encode(signatures_in(asked.pdf, asked.trust, asked.now, asked.base))


def signatures_in(pdf: bytes, trust: Trust, now: datetime, base: bytes) -> Reading:
    """Read the signatures of a PDF that we made."""
    for logger in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)  # what is wrong is told as a result
    found = _read(pdf, trust, now, base)
    if not base or found.ours:
        return found
    said, ours = words_of(pdf).split(), words_of(base).split()
    lacks = Counter(ours) - Counter(said)
    return replace(found, wordless=not said, lacks=tuple(dict.fromkeys(lacks)))


def _read(pdf: bytes, trust: Trust, now: datetime, base: bytes) -> Reading:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    reader = PdfFileReader(io.BytesIO(pdf))
    filled = list(enumerate_sig_fields(reader, filled_status=True))
    known = reader.embedded_regular_signatures
    found = tuple(_found(one, reader, trust, now) for one in known)
    odd = len(filled) - len(known) - len(reader.embedded_timestamp_signatures)
    wrong = [f"{odd} signature is of a kind that cannot be checked"] if odd else []
    ours = bool(base) and pdf.startswith(base)
    if ours:
        first = known[0].signed_revision if known else reader.total_revisions - 1
        wrong += _beyond(base, reader, first)
    return Reading(signatures=found, wrong=tuple(wrong), ours=ours)


def _beyond(base: bytes, reader: Any, first: int) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say what else than what was to be signed is there, up to the first signature."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    last = PdfFileReader(io.BytesIO(base)).total_revisions - 1
    for told in additions(reader, last, first):
        yield f"before it was signed, {told}"
    for name, page, (left, bottom, right, top) in pictures(reader):
        if hidden := words_at(base, Box(page, left, bottom, right, top)):
            yield f"the picture of {name} hides '{hidden[:60]}'"


def _found(one: Any, reader: Any, trust: Trust, now: datetime) -> Found:  # noqa: ANN401 - of pyHanko
    """Check one signature: at the time that a trusted authority gave, else as of now."""
    status = _checked(one, reader, trust, now)
    stamp = status.timestamp_validity
    sure = bool(stamp and stamp.valid and stamp.intact and stamp.trusted)
    moment = stamp.timestamp if sure else now
    if sure:
        status = _checked(one, reader, trust, moment)
    certificate = one.signer_cert
    made = Found(
        field=str(one.field_name),
        holder=holder(certificate),
        issuer=issuer(certificate),
        certificate=certificate.sha256.hex(),
        begins=certificate.not_valid_before,
        ends=certificate.not_valid_after,
        claimed=status.signer_reported_dt,
        stamped=stamp.timestamp if stamp else None,
        stamped_by=holder(stamp.signing_cert) if stamp else "",
        level=_level(one, reader, stamped=bool(stamp)),
        reason=str(one.sig_object.get("/Reason", "")),
        place=str(one.sig_object.get("/Location", "")),
        covers=tuple(int(edge) for edge in one.sig_object["/ByteRange"]),
        whole=status.coverage.name == "ENTIRE_FILE",
        kept=bool(status.docmdp_ok),
        intact=bool(status.intact and status.valid),
        trust=_standing(status, certificate, trust, moment),
        wrong=(),
    )
    return replace(made, wrong=tuple(_wrong(made, status, stamp, sure=sure)))


def _checked(one: Any, reader: Any, trust: Trust, moment: datetime) -> Any:  # noqa: ANN401 - of pyHanko
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    use = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    signer, stamper = (_context(reader, trust, moment) for _ in range(2))
    return validate_pdf_signature(one, signer, stamper, key_usage_settings=use)


def _context(reader: Any, trust: Trust, moment: datetime) -> Any:  # noqa: ANN401 - of pyHanko
    """Give what certificates are checked by: roots, and lists from us and from the file itself."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext

    how: dict[str, Any] = {
        "trust_roots": certificates(trust.roots),
        "crls": revocations(trust.revoked),
        "allow_fetching": False,
        "moment": moment,
        "retroactive_revinfo": True,
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(how)
    except NoDSSFoundError:
        return ValidationContext(**how)


def _level(one: Any, reader: Any, *, stamped: bool) -> str:  # noqa: ANN401 - of pyHanko
    """Name the level of PAdES; other signatures are CMS."""
    if one.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return "CMS"
    if reader.embedded_timestamp_signatures:
        return "B-LTA"
    if "/DSS" in reader.root and stamped:
        return "B-LT"
    return "B-T" if stamped else "B-B"


def _standing(status: Any, certificate: Any, trust: Trust, moment: datetime) -> Standing:  # noqa: ANN401 - of pyHanko
    if status.revoked or revoked_by(trust.revoked, certificate, moment):
        return "revoked"
    if not certificate.not_valid_before <= moment <= certificate.not_valid_after:
        return "expired"
    if status.trusted:
        return "trusted"
    return "untrusted" if trust.roots else "unknown"


def _wrong(made: Found, status: Any, stamp: Any, *, sure: bool) -> Iterator[str]:  # noqa: ANN401 - of pyHanko
    """Say everything that is wrong with a signature."""
    if not made.intact:
        yield "what was signed is not what is here, or the key was another"
    if status.coverage.name not in ("ENTIRE_FILE", "ENTIRE_REVISION"):
        yield "it does not cover the whole file as it was then"
    elif not made.kept:
        yield "after it the file was changed by more than signatures"
    if stamp and not (stamp.valid and stamp.intact):
        yield "the time of the authority is not of this signature"
    elif stamp and made.trust != "unknown" and not sure:
        yield f"the time is of {made.stamped_by}, who leads to none of the roots"
    if made.intact and made.trust in WRONG:
        yield WRONG[made.trust]
