"""Keys to sign with: from a PKCS#12 file, or on a card or token that speaks PKCS#11."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from q2c.core.fault import Fault, Held, Invalid, Misused

_TRY_IT = "Try it: openssl pkcs12 -info -noout -in FILE"
_NAME_ONE = "Run it on a terminal, or: q2c config set sign.passphrase_file FILE"
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
        why = "the passphrase is wrong" if passphrase else "no passphrase was given"
        message = f"{name} gives no key: {why}, or it is no PKCS#12 file."
        remedy = _TRY_IT if passphrase else _NAME_ONE
        raise Invalid(Fault("bad-signing-key", message, remedy=remedy)) from None
    return found


def key_on_token(module: str, slot: int | None, label: str, pin: str) -> Key:
    """Open a card or token by its PKCS#11 module, and take the key of this label.

    Without a `slot`, counted from 0, it is the token that shows a certificate of the label. No
    other is given the PIN, since a card locks itself after a few wrong ones.
    """
    refuse_without("pkcs11")
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.sign.general import SigningError

    try:
        return _key(_signer(_token(module, slot, label), label, pin))
    except (SigningError, OSError, RuntimeError, PKCS11Error) as error:
        message = f"The token gives no key '{label}': {error or type(error).__name__}."
        remedy = "Look at it: pkcs11-tool --module MODULE --list-slots --list-objects"
        raise Held(Fault("bad-signing-key", message, remedy=remedy)) from None


def _token(module: str, slot: int | None, label: str) -> Any:  # noqa: ANN401 - a token of pkcs11
    """Find the token in a slot, else the one there is, else the one that has the certificate."""
    import pkcs11
    from pkcs11.exceptions import PKCS11Error

    slots = pkcs11.lib(module).get_slots()
    if slot is not None and slot >= len(slots):
        message = f"there is no slot {slot}, the last is {len(slots) - 1}"
        raise PKCS11Error(message)
    taken = slots if slot is None else [slots[slot]]
    filled = [one.get_token() for one in taken if pkcs11.SlotFlag.TOKEN_PRESENT in one.flags]
    ready = [one for one in filled if pkcs11.TokenFlag.TOKEN_INITIALIZED in one.flags]
    found = ready if len(ready) <= 1 else [one for one in ready if _shows(one, label)]
    if len(found) != 1:
        message = f"{len(found)} tokens have it, of {len(ready)}; name one by sign.pkcs11_slot"
        raise PKCS11Error(message)
    return found[0]


def _shows(token: Any, label: str) -> bool:  # noqa: ANN401 - a token of pkcs11
    """Say whether a token shows a certificate of a label to whoever asks."""
    from pkcs11 import Attribute, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}
    with token.open() as session:
        return any(True for _ in session.get_objects(wanted))


def _signer(token: Any, label: str, pin: str) -> Any:  # noqa: ANN401 - a signer of pyHanko
    """Take the key of a label; the token hashes what is signed, or q2c where it cannot."""
    from pkcs11 import Mechanism
    from pkcs11.exceptions import PKCS11Error
    from pyhanko.sign.pkcs11 import PKCS11Signer

    class Card(PKCS11Signer):
        """A token that says in words why it does not sign."""

        async def async_sign_raw(self, *words: Any, **wishes: Any) -> Any:  # noqa: ANN401 - as it is called
            try:
                return await super().async_sign_raw(*words, **wishes)
            except PKCS11Error as error:
                message = f"The token does not sign with '{label}': {type(error).__name__}."
                remedy = "May the key sign? pkcs11-tool --module MODULE --login --list-objects"
                raise Held(Fault("bad-signing-key", message, remedy=remedy)) from None

    signer = Card(_opened(token, pin), cert_label=label, key_label=label)
    elliptic = signer.signing_cert.public_key.algorithm == "ec"
    hashing = Mechanism.ECDSA_SHA256 if elliptic else Mechanism.SHA256_RSA_PKCS
    signer.use_raw_mechanism = hashing not in token.slot.get_mechanisms()
    return signer


def _opened(token: Any, pin: str) -> Any:  # noqa: ANN401 - a session of pkcs11
    """Log in to a token, by its own keys where it has some and no PIN was given."""
    from pkcs11 import PROTECTED_AUTH, TokenFlag

    if not pin and TokenFlag.PROTECTED_AUTHENTICATION_PATH in token.flags:
        return token.open(user_pin=PROTECTED_AUTH)
    return token.open(user_pin=pin) if pin else token.open()


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
