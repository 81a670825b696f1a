"""Signatures: made and checked by `ssh-keygen -Y`, with the key that git signs with."""

from pathlib import Path
from typing import TYPE_CHECKING

from q2c.core.fault import Fault, Held
from q2c.store.git import tried

if TYPE_CHECKING:
    import subprocess

# What is signed for: a signature of anything else is none of an approval, and so on.
NAMESPACE = "q2c-approval"
DOCUMENT, HEAD = "q2c-document", "q2c-ledger-head"
LITERAL = "key::"


def signed(root: Path, data: bytes, namespace: str = NAMESPACE) -> bytes:
    """Sign with the key that git has for the person at work; refuse where it has none."""
    from tempfile import TemporaryDirectory

    key = tried(root, "config", "--type=path", "user.signingkey").stdout.decode().strip()
    with TemporaryDirectory(prefix="q2c-") as folder:
        if key.startswith((LITERAL, "ssh-")):  # the public key itself; an agent has the other half
            path = Path(folder, "key.pub")
            path.write_text(f"{key.removeprefix(LITERAL)}\n", "utf-8")
            key = str(path)
        if not key or not (root / key).is_file():
            message = "This needs a signature, and git names no SSH key that could make it."
            raise Held(Fault("no-signing-key", message, remedy=_NAME_KEY))
        done = _keygen("-Y", "sign", "-n", namespace, "-f", str(root / key), data=data)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        message = f"ssh-keygen did not sign: {said[-1].rstrip('.') if said else 'no reason given'}."
        raise Held(Fault("not-signed", message, remedy="Try it: ssh-keygen -Y sign --help"))
    return done.stdout


def fits(data: bytes, signature: bytes, email: str, key: str) -> bool:
    """Say whether a signature is of this data, by the key of this person."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="q2c-") as folder:
        allowed, file = Path(folder, "allowed"), Path(folder, "signature")
        allowed.write_text(f'{email} namespaces="{NAMESPACE}" {key}\n', "utf-8")
        file.write_bytes(signature)
        words = ("-Y", "verify", "-n", NAMESPACE, "-I", email, "-f", str(allowed), "-s", str(file))
        return not _keygen(*words, data=data).returncode


def signer(data: bytes, signature: bytes, allowed: bytes, namespace: str) -> str:
    """Name who signed data, of those in a file of allowed signers, or nobody."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="q2c-") as folder:
        known, file = Path(folder, "allowed"), Path(folder, "signature")
        known.write_bytes(allowed)
        file.write_bytes(signature)
        by = ("-f", str(known), "-s", str(file))
        found = _keygen("-Y", "find-principals", *by, data=b"").stdout.decode("utf-8", "replace")
        for name in found.splitlines():
            if not _keygen("-Y", "verify", "-n", namespace, "-I", name, *by, data=data).returncode:
                return name
    return ""


def _keygen(*words: str, data: bytes) -> "subprocess.CompletedProcess[bytes]":
    import subprocess

    try:
        return subprocess.run(  # noqa: S603 - a list of words that no shell reads
            ["ssh-keygen", *words],  # noqa: S607 - found on the path, as git is
            input=data,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        message, remedy = "ssh-keygen is not installed.", "Install OpenSSH."
        raise Held(Fault("ssh-keygen-missing", message, remedy=remedy)) from error


_NAME_KEY = "git config user.signingkey ~/.ssh/id_ed25519.pub"
