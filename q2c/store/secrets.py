"""Where the password of the mail server comes from: a file, a command, the keyring."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from q2c.core.fault import Fault, Invalid, Misused
from q2c.core.sending import Secret

VARIABLE: Final = "Q2C_MAIL_PASSWORD"
PATIENCE: Final = 60.0  # seconds that a password manager may ask its person
LARGEST: Final = 4096


def password(settings: Mapping[str, str], environment: Mapping[str, str]) -> Secret | None:
    """Get the password of the mail server from the one place that the settings name, if any.

    The environment may hold it only where a build server is at work (`CI`), which keeps it there
    for us; anywhere else every program that a person starts could read it.
    """
    places = {"file": _of_file, "command": _of_command, "keyring": _of_keyring}
    named = [name for name in places if settings[f"mail.password_{name}"]]
    said = environment.get(VARIABLE, "")
    if said and environment.get("CI", "").lower() not in ("1", "true"):
        message = f"{VARIABLE} is read only where CI is set."
        raise Misused(_fault(message, "Unset it; name a file, a command or the keyring."))
    if len(named) + bool(said) > 1:
        message = "The password comes from more than one place."
        raise Misused(
            _fault(message, f"Keep one of mail.password_{', mail.password_'.join(named)}.")
        )
    if said:
        return Secret(said)
    if not named:
        return None
    found = places[named[0]](settings[f"mail.password_{named[0]}"], settings["mail.user"])
    if not found or not found.isprintable():
        message = f"What mail.password_{named[0]} names gives no password."
        raise Misused(_fault(message, "Its first line has to be the password, and nothing else."))
    return Secret(found)


def _of_file(name: str, _user: str) -> str:
    """Read the first line of a file that nobody but its owner may read."""
    path = Path(name).expanduser()
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        message = f"mail.password_file cannot be read: {error.strerror}."
        raise Misused(_fault(message, "Write the file, or name another.")) from None
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        open_to_all = stat.S_IMODE(found.st_mode) & 0o077
        if not stat.S_ISREG(found.st_mode) or open_to_all or found.st_uid != os.getuid():
            message = f"{path} may be read by others, or is somebody else's."
            raise Invalid(_fault(message, f"Keep it to yourself: chmod 600 {path}"))
        lines = file.read(LARGEST).decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""


def _of_command(words: str, _user: str) -> str:
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
        message = f"mail.password_command did not run ({why})."
        raise Misused(_fault(message, "Try it by hand.")) from None
    if done.returncode:
        message = f"mail.password_command ended with status {done.returncode}."
        raise Misused(_fault(message, "Try it by hand."))
    lines = done.stdout[:LARGEST].decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""


def _of_keyring(service: str, user: str) -> str:
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
        raise Misused(_fault(message, "Unlock it, or name a file or a command.")) from None


def _fault(message: str, remedy: str) -> Fault:
    return Fault("no-mail-password", message, remedy=remedy)
