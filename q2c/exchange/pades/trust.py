"""Trust: the certificates that signatures must lead to, and what was revoked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Place

CERTIFICATES = (".pem", ".crt", ".cer")
REVOKED = ".crl"


class Trust(Struct, frozen=True):
    """Roots by the bytes of their files, and lists of revoked certificates (RFC 5280, 5)."""

    roots: Mapping[str, bytes] = {}
    revoked: Mapping[str, bytes] = {}


def trust_of(files: Mapping[str, bytes]) -> Trust:
    """Sort files by their names: certificates, and lists of what was revoked."""
    roots = {name: data for name, data in files.items() if name.lower().endswith(CERTIFICATES)}
    revoked = {name: data for name, data in files.items() if name.lower().endswith(REVOKED)}
    return Trust(roots, revoked)


def certificates(files: Mapping[str, bytes]) -> list[Any]:
    """Read the certificates in PEM or DER files; refuse a file that holds none."""
    from asn1crypto import x509

    return [x509.Certificate.load(der) for name, data in files.items() for der in _ders(data, name)]


def revocations(files: Mapping[str, bytes]) -> list[Any]:
    """Read lists of revoked certificates in PEM or DER files."""
    from asn1crypto import crl

    found = []
    for name, data in files.items():
        for der in _unarmoured(data, name):
            try:
                one = crl.CertificateList.load(der, strict=True)
                one.issuer  # noqa: B018 - reading it shows whether it is one
                found.append(one)
            except (TypeError, ValueError):
                raise _bad(name, "a list of revoked certificates") from None
    return found


def revoked_by(files: Mapping[str, bytes], certificate: Any, moment: datetime) -> bool:  # noqa: ANN401 - of asn1crypto
    """Say whether lists that a person put there name a certificate as revoked by a time.

    They count for certificates that name no list themselves, too.
    """
    lists = (one for one in revocations(files) if one.issuer == certificate.issuer)
    entries = (entry for one in lists for entry in one["tbs_cert_list"]["revoked_certificates"])
    return any(
        entry["user_certificate"].native == certificate.serial_number
        and entry["revocation_date"].native <= moment
        for entry in entries
    )


def _ders(data: bytes, name: str) -> list[bytes]:
    from asn1crypto import x509

    found = _unarmoured(data, name)
    try:
        for der in found:
            x509.Certificate.load(der, strict=True).not_valid_after  # noqa: B018 - as above
    except (TypeError, ValueError):
        raise _bad(name, "a certificate") from None
    return found


def _unarmoured(data: bytes, name: str) -> list[bytes]:
    from asn1crypto import pem

    if not pem.detect(data):
        return [data]
    try:
        return [der for _, _, der in pem.unarmor(data, multiple=True)]
    except (TypeError, ValueError):
        raise _bad(name, "PEM") from None


def _bad(name: str, what: str) -> Invalid:
    message = f"This file does not hold {what}."
    remedy = "Roots are PEM files such as trust/authority.pem, revocations trust/authority.crl."
    return Invalid(Fault("bad-certificate", message, Place(name), remedy))
