"""Where a password or passphrase comes from: a file, a command, the keyring."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from q2c.core.fault import Fault, Invalid, Misused
from q2c.core.sending import Secret

PATIENCE: Final = 60.0  # seconds that a password manager may ask its person
LARGEST: Final = 4096


class Source(Struct, frozen=True, kw_only=True):
    """A secret that settings say the place of: `NAME_file`, `NAME_command` or `NAME_keyring`.

    `variable` holds it where a build server is at work; `code` is the fault where it cannot be had.
    """

    name: str
    what: str
    variable: str
    code: str

    def refusal(self, message: str, remedy: str) -> Fault:
        """Make the fault for a secret that cannot be had."""
        return Fault(self.code, message, remedy=remedy)


MAIL: Final = Source(
    name="mail.password", what="password", variable="Q2C_MAIL_PASSWORD", code="no-mail-password"
)
SIGNING: Final = Source(
    name="sign.passphrase",
    what="passphrase",
    variable="Q2C_SIGN_PASSPHRASE",
    code="no-passphrase",
)


def password(settings: Mapping[str, str], environment: Mapping[str, str]) -> Secret | None:
    """Get the password of the mail server from the one place that the settings name, if any."""
    return secret(MAIL, settings["mail.user"], settings, environment)


def secret(
    source: Source, user: str, settings: Mapping[str, str], environment: Mapping[str, str]
) -> Secret | None:
    """Get a secret from the one place that the settings name, if any.

    The environment may hold it only where a build server is at work (`CI`), which keeps it there
    for us; anywhere else every program that a person starts could read it.
    """
    places = {"file": _of_file, "command": _of_command, "keyring": _of_keyring}
    named = [name for name in places if settings[f"{source.name}_{name}"]]
    said = environment.get(source.variable, "")
    if said and environment.get("CI", "").lower() not in ("1", "true"):
        message = f"{source.variable} is read only where CI is set."
        raise Misused(source.refusal(message, "Unset it; name a file, a command or the keyring."))
    if len(named) + bool(said) > 1:
        message = f"The {source.what} comes from more than one place."
        known = f", {source.name}_".join(named)
        raise Misused(source.refusal(message, f"Keep one of {source.name}_{known}."))
    if said:
        return Secret(said)
    if not named:
        return None
    found = places[named[0]](source, settings[f"{source.name}_{named[0]}"], user)
    if not found or not found.isprintable():
        message = f"What {source.name}_{named[0]} names gives no {source.what}."
        remedy = f"Its first line has to be the {source.what}, and nothing else."
        raise Misused(source.refusal(message, remedy))
    return Secret(found)


def _of_file(source: Source, name: str, _user: str) -> str:
    """Read the first line of a file that nobody but its owner may read."""
    path = Path(name).expanduser()
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        message = f"{source.name}_file cannot be read: {error.strerror}."
        raise Misused(source.refusal(message, "Write the file, or name another.")) from None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        open_to_all = stat.S_IMODE(found.st_mode) & 0o077
        if not stat.S_ISREG(found.st_mode) or open_to_all or found.st_uid != os.getuid():
            message = f"{path} may be read by others, or is somebody else's."
            raise Invalid(source.refusal(message, f"Keep it to yourself: chmod 600 {path}"))
        lines = file.read(LARGEST).decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""


def _of_command(source: Source, words: str, _user: str) -> str:
    """Run a command, and take the first line it says; what else it says is for the person."""
    import shlex
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - words from the person's own settings; no shell
            shlex.split(words),
            stdout=subprocess.PIPE,
            check=False,
            timeout=PATIENCE,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", "") or type(error).__name__
        message = f"{source.name}_command did not run ({why})."
        raise Misused(source.refusal(message, "Try it by hand.")) from None
    if done.returncode:
        message = f"{source.name}_command ended with status {done.returncode}."
        raise Misused(source.refusal(message, "Try it by hand."))
    lines = done.stdout[:LARGEST].decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""


def _of_keyring(source: Source, service: str, user: str) -> str:
    """Ask the system's keyring, by service and user."""
    try:
        import keyring
    except ImportError:
        message = "The keyring is asked by the package keyring, which is not installed."
        remedy = "pip install 'q2c[keyring]'"
        raise Misused(Fault("needs-extra", message, remedy=remedy)) from None
    try:
        return keyring.get_password(service, user) or ""
    except keyring.errors.KeyringError as error:
        message = f"The keyring does not answer ({type(error).__name__})."
        raise Misused(source.refusal(message, "Unlock it, or name a file or a command.")) from None
