"""Making a signature: an addition to a PDF, which keeps every byte that is there."""

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct

from q2c.core.fault import Fault, Held, Invalid, Unreachable
from q2c.exchange.pades.fields import add_fields
from q2c.exchange.pades.keys import Key
from q2c.exchange.pades.places import Box
from q2c.exchange.pades.trust import Trust, certificates, revocations


class Wish(Struct, frozen=True, kw_only=True):
    """How to sign: in which field and whose name, for which reason and where, at which time.

    `picture` is a PDF page that is shown at the place of the field; fields that wait have their
    `places`, too. Without a place nothing is shown. `authority` is
    the address of one that stamps times (RFC 3161). A signature that is to hold for `long` carries
    what shows that its certificate was not revoked: from `trust`, or looked up where one may.
    """

    field: str
    name: str = ""
    when: datetime
    reason: str = ""
    place: str = ""
    picture: bytes = b""
    places: Mapping[str, Box] = {}
    authority: str = ""
    long: bool = False
    look_up: bool = False
    trust: Trust = Trust()


def signed(pdf: bytes, key: Key, wish: Wish) -> bytes:
    """Sign a PDF by PAdES, in a new field, as an addition to its bytes.

    It is of level B-B; with an authority's time of B-T; with proof that nothing was revoked B-LT
    (ETSI EN 319 142-1, 6.1).
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError
    from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

    try:
        with TemporaryDirectory(prefix="q2c-") as folder:
            maker = _maker(key, wish, Path(folder))
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            add_fields(writer, wish.places)
            made = maker.sign_pdf(writer)
            data: bytes = made.getvalue()
    except TimestampRequestError as error:
        raise _no_time(wish, error) from None
    except (PathBuildingError, ValidationError) as error:
        raise _no_proof(error) from None
    except (PdfError, SigningError) as error:
        if wish.long and isinstance(error.__cause__, (PathBuildingError, ValidationError)):
            raise _no_proof(error.__cause__) from None
        message = f"This PDF cannot be signed: {str(error).rstrip('.')}."
        remedy = "Is it as it was made? See q2c check."
        raise Invalid(Fault("pdf-unsignable", message, remedy=remedy)) from None
    assert data.startswith(pdf), "a signature adds to what is there"
    return data


def _maker(key: Key, wish: Wish, folder: Path) -> Any:  # noqa: ANN401 - a signer of pyHanko
    """Make what signs; the time that it claims is the one of the wish."""
    from pyhanko.sign.signers import PdfSigner
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession

    class Clocked(PdfSigner):
        """A signer for whom it is the time of the wish."""

        def init_signing_session(
            self,
            pdf_out: Any,  # noqa: ANN401 - as in pyHanko
            existing_fields_only: bool = False,  # noqa: FBT001, FBT002 - as in pyHanko
        ) -> PdfSigningSession:
            session = super().init_signing_session(pdf_out, existing_fields_only)
            session.system_time = wish.when
            return session

    return Clocked(
        _meaning(wish),
        key.signer,
        timestamper=_stamper(wish.authority) if wish.authority else None,
        stamp_style=_style(wish.picture, folder) if wish.picture else None,
    )


def _meaning(wish: Wish) -> Any:  # noqa: ANN401 - of pyHanko
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata

    return PdfSignatureMetadata(
        field_name=wish.field,
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        name=wish.name or None,
        reason=wish.reason or None,
        location=wish.place or None,
        embed_validation_info=wish.long,
        validation_context=_proof(wish) if wish.long else None,
        signer_key_usage={"digital_signature", "non_repudiation"},
    )


def _proof(wish: Wish) -> Any:  # noqa: ANN401 - of pyHanko
    """Give what shows that no certificate was revoked; the lists at hand, or what is looked up."""
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=certificates(wish.trust.roots),
        crls=revocations(wish.trust.revoked),
        allow_fetching=wish.look_up,
        moment=None if wish.look_up else wish.when,
        revocation_mode="require",
    )


def _style(picture: bytes, folder: Path) -> Any:  # noqa: ANN401 - of pyHanko
    """Show a page as it is drawn: its letters are embedded already, as PDF/A wants them."""
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
    from pyhanko.stamp import StaticStampStyle

    path = folder / "picture.pdf"
    path.write_bytes(picture)
    corner = AxisAlignment.ALIGN_MIN
    layout = SimpleBoxLayoutRule(corner, corner, margins=Margins(0, 0, 0, 0))
    return StaticStampStyle.from_pdf_file(str(path), border_width=0, background_layout=layout)


def _stamper(address: str) -> Any:  # noqa: ANN401 - of pyHanko
    from q2c.exchange.pades.authority import stamper

    return stamper(address)


def _no_time(wish: Wish, error: Exception) -> Unreachable:
    message = f"{wish.authority} gave no time: {str(error).rstrip('.')}."
    remedy = "Try again, or sign without: q2c config set sign.tsa ''"
    return Unreachable(Fault("no-timestamp", message, remedy=remedy))


def _no_proof(error: Exception) -> Held:
    message = f"What shows that no certificate was revoked is not at hand: {error}".rstrip(".")
    remedy = "Put the roots and their lists of revoked certificates into trust/ as .pem and .crl."
    return Held(Fault("no-revocation-list", f"{message}.", remedy=remedy))
