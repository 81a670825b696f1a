"""Signatures beside documents, signed heads of the ledger, and bundles that prove themselves."""

import io
import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from q2c.store.ledger import read_ledger
from q2c.store.tree import WorkTree
from tests.office import Office, opened
from tests.outside import needs

INVOICE = "invoices/2026/F-2026-0001"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Open an office with invoices, all of it in git, and somebody with a key."""
    needs("ssh-keygen")
    office = opened(tmp_path / "firm", monkeypatch)
    has_key(office, tmp_path / "key", "maja@nordlys.example")
    office.today("2026-11-30")
    office.must("invoice", "run", "--through", "2026-11-30", "--yes")
    office.commits("November")
    return office


def has_key(office: Office, key: Path, name: str) -> None:
    """Give somebody a key that git signs with and that others know."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    subprocess.run(
        ["git", "-C", str(office.root), "config", "user.signingkey", f"{key}.pub"], check=True
    )
    with (office.root / "allowed_signers").open("a", encoding="utf-8") as known:
        known.write(f"{name} {key.with_suffix('.pub').read_text('utf-8')}")


def _bundled(office: Office, asked: str, folder: Path) -> Path:
    """Bundle something and unpack the zip."""
    office.must("bundle", asked, "--out", str(folder / "proof.zip"))
    with ZipFile(folder / "proof.zip") as archive:
        archive.extractall(folder / "out")
    return folder / "out"


def _checked(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", str(folder / "check.sh")], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_signature_beside_an_invoice_is_one_that_ssh_keygen_itself_accepts(
    office: Office,
) -> None:
    office.must("sign", "F-2026-0001")
    for ending in ("json", "pdf"):
        path = office.root / f"{INVOICE}.{ending}"
        done = subprocess.run(
            [
                *("ssh-keygen", "-Y", "verify", "-n", "q2c-document", "-I", "maja@nordlys.example"),
                *("-f", str(office.root / "allowed_signers"), "-s", f"{path}.sig"),
            ],
            input=path.read_bytes(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_verify_tells_who_signed(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.must("sign", "F-2026-0001")
    capsys.readouterr()
    assert office.does("verify", "F-2026-0001") == 0
    assert "signed by maja@nordlys.example" in capsys.readouterr().err


def test_a_second_signature_stands_beside_the_first(office: Office, tmp_path: Path) -> None:
    office.must("sign", "F-2026-0001")
    has_key(office, tmp_path / "other", "ida@nordlys.example")
    office.must("sign", "F-2026-0001")
    assert (office.root / f"{INVOICE}.pdf.2.sig").exists()
    assert office.does("verify", "F-2026-0001", "--quiet") == 0


def test_who_signs_again_adds_nothing(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("sign", "F-2026-0001"), ("ledger", "sign")):
        office.must(*words)
        before = office.files()
        office.must(*words)
        assert "signed by this key before" in capsys.readouterr().out
        assert office.files() == before


def test_a_month_without_entries_proves_nothing(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.does("bundle", "2025-01") == 6
    assert "nothing-to-prove" in capsys.readouterr().err


def test_a_signature_of_another_file_is_none_of_this_one(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("sign", "F-2026-0001")
    other = (office.root / f"{INVOICE}.json.sig").read_bytes()
    (office.root / f"{INVOICE}.pdf.sig").write_bytes(other)
    assert office.does("verify", "F-2026-0001") == 3
    assert "signature-invalid" in capsys.readouterr().err


def test_a_ledger_made_anew_does_not_have_the_head_that_was_signed(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("ledger", "sign")
    assert office.does("ledger", "verify") == 0
    count = len(read_ledger(WorkTree(office.root)).records)
    assert f"The first {count} are signed by maja@nordlys.example." in capsys.readouterr().err
    head = next((office.root / "ledger/heads").glob("*.json"))
    told = json.loads(head.read_bytes())
    last = read_ledger(WorkTree(office.root)).records[-1]
    assert (told["seq"], told["sha256"]) == (last.seq, last.hash)
    lines = (office.root / "ledger/2026.jsonl").read_bytes().splitlines(keepends=True)
    (office.root / "ledger/2026.jsonl").write_bytes(b"".join(lines[:-1]))
    office.commits("One invoice less")
    assert office.does("ledger", "verify") == 3
    assert "ledger-rewritten" in capsys.readouterr().err


def test_a_head_that_was_forged_has_no_signature_that_counts(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.must("ledger", "sign")
    head = next((office.root / "ledger/heads").glob("*.json"))
    head.write_bytes(head.read_bytes().replace(b'"chain":"main"', b'"chain":"niam"'))
    assert office.does("ledger", "verify") == 3
    assert "signature-invalid" in capsys.readouterr().err


@pytest.mark.parametrize("asked", ["F-2026-0001", "2026-11", "kiruna-konst"])
def test_a_bundle_is_checked_by_sha256sum_and_git_alone(
    office: Office, asked: str, tmp_path: Path
) -> None:
    folder = _bundled(office, asked, tmp_path)
    done = _checked(folder)
    assert (done.returncode, done.stdout) == (0, "All of it is as it was.\n"), done


def test_every_file_of_a_bundle_is_missed_when_one_byte_differs(
    office: Office, tmp_path: Path
) -> None:
    folder = _bundled(office, "F-2026-0001", tmp_path)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("check.sh", "objects.pack"):
            whole = path.read_bytes()
            path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
            assert _checked(folder).returncode != 0, path
            path.write_bytes(whole)
    assert _checked(folder).returncode == 0


def test_sums_made_anew_hide_no_change_from_git_and_the_ledger(
    office: Office, tmp_path: Path
) -> None:
    folder = _bundled(office, "F-2026-0001", tmp_path)
    for name in (f"files/{INVOICE}.pdf", "proof/ledger.jsonl"):
        path = folder / name
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"2026", b"2025"))
        names = [str(p.relative_to(folder)) for p in sorted(folder.rglob("*")) if p.is_file()]
        names.remove("SHA256SUMS")
        sums = subprocess.run(["sha256sum", *names], cwd=folder, capture_output=True, check=True)
        (folder / "SHA256SUMS").write_bytes(sums.stdout)
        done = _checked(folder)
        assert done.returncode == 1, done
        assert "NOT SO" in done.stdout
        path.write_bytes(whole)


def test_a_bundle_of_one_customer_holds_nothing_of_another(office: Office, tmp_path: Path) -> None:
    folder = _bundled(office, "kiruna-konst", tmp_path)
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "objects.pack":
            assert b"polar-oy" not in path.read_bytes(), path


def test_a_bundle_of_one_commit_has_the_same_bytes_every_time(office: Office) -> None:
    made = []
    for name in ("one.zip", "two.zip"):
        file = office.root.parent / name
        office.must("bundle", "F-2026-0001", "--out", str(file))
        with ZipFile(io.BytesIO(file.read_bytes())) as archive:
            assert archive.testzip() is None
        made.append(file.read_bytes())
    assert made[0] == made[1]


def test_what_is_not_in_git_as_it_is_cannot_be_bundled(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    (office.root / f"{INVOICE}.pdf").write_bytes(b"%PDF")
    assert office.does("bundle", "F-2026-0001", "--out", str(office.root.parent / "x.zip")) == 3
    assert "not-committed" in capsys.readouterr().err
    assert not (office.root.parent / "x.zip").exists()
