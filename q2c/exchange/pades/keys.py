"""Keys to sign with: from a PKCS#12 file, or on a card or token that speaks PKCS#11."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from q2c.core.fault import Fault, Held, Invalid, Misused

_NO_EXTRA = 'Install it with:  pip install "q2c[{}]"'


class Key(Struct, frozen=True, kw_only=True):
    """A key and its certificate: whose it is, its SHA-256, and the time it is good for."""

    signer: Any
    holder: str
    fingerprint: str
    begins: datetime
    ends: datetime


def refuse_without(extra: str = "sign") -> None:
    """Refuse to go on where the part of q2c that signs is not installed."""
    try:
        import pyhanko.sign

        if extra == "pkcs11":
            import pyhanko.sign.pkcs11  # noqa: F401 - whether it is there is the question
    except ImportError:
        message = "The part of q2c that signs and reads signatures is missing."
        raise Misused(Fault("needs-extra", message, remedy=_NO_EXTRA.format(extra))) from None


def key_in_file(data: bytes, passphrase: str, name: str) -> Key:
    """Read a key from a PKCS#12 file (RFC 7292); refuse a wrong passphrase, or a file without."""
    refuse_without()
    from pyhanko.sign.signers import SimpleSigner

    try:
        signer = SimpleSigner.load_pkcs12_data(data, [], passphrase.encode() or None)
        found = _key(signer)
    except (AttributeError, TypeError, ValueError):
        message = f"{name} gives no key: the passphrase is wrong, or it is no PKCS#12 file."
        remedy = "Try it: openssl pkcs12 -info -noout -in FILE"
        raise Invalid(Fault("bad-signing-key", message, remedy=remedy)) from None
    return found


def key_on_token(module: str, slot: int | None, label: str, pin: str) -> Key:
    """Open a card or token by its PKCS#11 module, and take the key of this label."""
    refuse_without("pkcs11")
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    try:
        session = open_pkcs11_session(module, slot_no=slot, user_pin=pin or None)
        return _key(PKCS11Signer(session, cert_label=label, key_label=label))
    except (SigningError, OSError, RuntimeError, PKCS11Error) as error:
        message = f"The token gives no key '{label}': {error or type(error).__name__}."
        remedy = "Look at it: pkcs11-tool --module MODULE --list-objects"
        raise Held(Fault("bad-signing-key", message, remedy=remedy)) from None


def _key(signer: Any) -> Key:  # noqa: ANN401 - a signer of pyHanko
    certificate = signer.signing_cert
    return Key(
        signer=signer,
        holder=holder(certificate),
        fingerprint=certificate.sha256.hex(),
        begins=certificate.not_valid_before,
        ends=certificate.not_valid_after,
    )


def holder(certificate: Any) -> str:  # noqa: ANN401 - a certificate of asn1crypto
    """Name who holds a certificate: the common name, and the organisation where there is one."""
    return _named(certificate.subject.native)


def issuer(certificate: Any) -> str:  # noqa: ANN401 - a certificate of asn1crypto
    """Name who issued a certificate."""
    return _named(certificate.issuer.native)


def refuse_outside(key: Key, now: datetime) -> None:
    """Refuse to sign by a certificate that has expired, or does not hold yet."""
    if not key.begins <= now <= key.ends:
        message = f"The certificate of {key.holder} holds from {key.begins:%Y-%m-%d}"
        message += f" to {key.ends:%Y-%m-%d}; a signature of {now:%Y-%m-%d} would be worth nothing."
        raise Held(Fault("certificate-expired", message, remedy="Sign with one that holds."))


def _named(native: dict[str, Any]) -> str:
    parts = [native.get("common_name"), native.get("organization_name")]
    said = [part if isinstance(part, str) else part[0] for part in parts if part]
    return ", ".join(dict.fromkeys(said)) or "nobody named"
