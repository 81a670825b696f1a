"""The key to sign with: a PKCS#12 file or a token, as the settings or a flag name it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from q2c.commands.config import value_of, workspace
from q2c.commands.contracts.standing import read_path
from q2c.commands.prompt import may_ask
from q2c.core.fault import Fault, Misused

if TYPE_CHECKING:
    from q2c.exchange.pades.keys import Key

_NAME_ONE = "Give --p12 FILE, or set sign.p12 or sign.pkcs11_module."


def chosen_key(p12: Path | None) -> "Key":
    """Give the key that a flag names, else the one of the settings; ask for its passphrase."""
    from q2c.exchange.pades.keys import key_in_file, key_on_token

    module = "" if p12 else value_of("sign.pkcs11_module")
    path = p12 or Path(value_of("sign.p12")).expanduser()
    if module:
        slot, label = int(value_of("sign.pkcs11_slot")), value_of("sign.pkcs11_label")
        pin = _passphrase(label, "PIN of the token")
        return key_on_token(module, slot if slot >= 0 else None, label, pin)
    if path == Path():
        raise Misused(Fault("no-key", "No key is named that could sign.", remedy=_NAME_ONE))
    data = read_path(path)
    return key_in_file(data, _passphrase(path.name, f"Passphrase of {path.name}"), str(path))


def _passphrase(user: str, question: str) -> str:
    """Give the passphrase from where the settings say, else from the person at the terminal.

    Where neither is there, none is tried: a key may have none.
    """
    from q2c.store.secrets import SIGNING, secret
    from q2c.store.settings import every

    settings = {one.key: str(one.value) for one in every(workspace(), os.environ)}
    if found := secret(SIGNING, user, settings, os.environ):
        return found.reveal()
    if not may_ask():
        return ""
    from getpass import getpass

    return getpass(f"{question}: ")
