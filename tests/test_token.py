"""Signing by a card or a token: PKCS#11, with SoftHSM in the place of the card."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.keys import Authority, Person
from tests.office import Office, opened
from tests.outside import needs

NUMBER = "C-2026-0001"
PIN = "271828"
MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open an office with contracts, a root in trust/ and a token that has Ida's key."""
    office = opened(tmp_path / "firm", monkeypatch)
    office.today("2026-11-23")
    authority = Authority()
    (office.root / "trust").mkdir()
    (office.root / "trust/authority.pem").write_bytes(authority.pem())
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n", "utf-8")
    secret = tmp_path / "pin"
    secret.write_text(PIN, "utf-8")
    secret.chmod(0o600)
    for name, value in {
        "XDG_CONFIG_HOME": str(tmp_path),
        "SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf"),
        "Q2C_SIGN_PKCS11_MODULE": _module(),
        "Q2C_SIGN_PKCS11_LABEL": "ida",
        "Q2C_SIGN_PASSPHRASE_FILE": str(secret),
    }.items():
        monkeypatch.setenv(name, value)
    _issued(tmp_path, authority.person("Ida Berg"), "ida")
    # RSA, as the cards of most trust services have.
    _issued(tmp_path, authority.person("Sara Niia", stamps=True), "sara")
    return office


def _module() -> str:
    needs("softhsm2-util")
    return next(path for path in MODULES if Path(path).exists())


def _issued(folder: Path, person: Person, name: str) -> None:
    """Make a token of its own with the key and the certificate of somebody."""
    util, tool = needs("softhsm2-util"), needs("pkcs11-tool")
    key, certificate = folder / f"{name}.pem", folder / f"{name}.der"
    key.write_bytes(person.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(person.certificate.public_bytes(Encoding.DER))
    pins = ["--pin", PIN, "--so-pin", "31415926"]
    _run(util, "--init-token", "--free", "--label", f"{name}'s", *pins)
    named = ["--label", name, "--id", "01", "--pin", PIN]
    _run(util, "--import", str(key), "--token", f"{name}'s", *named)
    token = ["--module", _module(), "--token-label", f"{name}'s"]
    _run(tool, *token, "--write-object", str(certificate), "--type", "cert", *named)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=60)


def q2c(office: Office, *words: str) -> subprocess.CompletedProcess[str]:
    """Run q2c in a process of its own, since a module of a token stays as it was first loaded."""
    command = [sys.executable, "-m", "q2c", *words]
    return subprocess.run(
        command, cwd=office.root, capture_output=True, text=True, check=False, timeout=60
    )


def test_keys_on_tokens_sign_as_those_in_files_do(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = q2c(office, "contract", "sign", NUMBER, "--by", "Ida Berg")
    told = signed.stdout.splitlines()[:1]
    assert (signed.returncode, told) == (0, [f"Signed {NUMBER} for the seller: Ida Berg (B-B)"])
    monkeypatch.setenv("Q2C_SIGN_PKCS11_LABEL", "sara")
    assert q2c(office, "contract", "sign", NUMBER, "--role", "buyer").returncode == 0
    verified = q2c(office, "contract", "verify", NUMBER)
    assert (verified.returncode, verified.stdout.count("leads to a root that we trust")) == (0, 2)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ((), "not the one that the certificate of Sara Niia is for"),
        (("--allowed-mechanisms", "RSA-PKCS-OAEP"), "does not sign with 'box'"),
    ],
    ids=["another's", "not for signing"],
)
def test_a_key_that_does_not_sign_for_its_certificate_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], told: str
) -> None:
    token = ["--module", _module(), "--token-label", "ida's", "--pin", PIN, "--label", "box"]
    pair = ["--keypairgen", "--key-type", "rsa:2048", "--id", "02", *more]
    _run(needs("pkcs11-tool"), *token, *pair)
    certificate = ["--write-object", str(office.root.parent / "sara.der"), "--type", "cert"]
    _run(needs("pkcs11-tool"), *token, *certificate, "--id", "02")
    monkeypatch.setenv("Q2C_SIGN_PKCS11_LABEL", "box")
    refused = q2c(office, "contract", "sign", NUMBER)
    assert (refused.returncode, told in refused.stderr) == (4, True)
    assert not (office.root / f"contracts/{NUMBER}/signed.pdf").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Q2C_SIGN_PKCS11_LABEL", "nobody"),
        ("Q2C_SIGN_PKCS11_SLOT", "9"),
        ("Q2C_SIGN_PKCS11_MODULE", "/nowhere/module.so"),
        ("Q2C_SIGN_PASSPHRASE_FILE", "wrong"),
    ],
)
def test_a_token_that_gives_no_key_is_told_and_nothing_is_written(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    wrong = office.root.parent / "wrong"
    wrong.write_text("000000", "utf-8")
    wrong.chmod(0o600)
    monkeypatch.setenv(name, str(wrong) if value == "wrong" else value)
    refused = q2c(office, "contract", "sign", NUMBER)
    assert (refused.returncode, "error[bad-signing-key]" in refused.stderr) == (4, True)
    assert PIN not in refused.stderr + refused.stdout
    assert not (office.root / f"contracts/{NUMBER}/signed.pdf").exists()
