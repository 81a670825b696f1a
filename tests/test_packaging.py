"""Packaging: what is handed to users carries everything, and runs by itself."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CARRIED = (
    "data/faults.md",
    "data/starter/company.yaml",
    "documents/fonts/OFL.txt",
    "documents/srgb.icc",
    "examples/catalog.yaml",
    "examples/logo.svg",
    "templates/contracts/sv.md",
    "templates/languages/en.toml",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return folder


def test_a_wheel_carries_texts_fonts_and_the_example(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert not {f"q2c/{name}" for name in CARRIED} - names
    assert not [name for name in names if "/.q2c/" in name or "__pycache__" in name]


def test_a_wheel_runs_without_the_repository(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")  # noqa: S202 - we have just built it
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}
    for words in (["init", "firm", "--example", "consultancy"], ["-C", "firm", "check"]):
        command = [sys.executable, "-m", "q2c", *words]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert (tmp_path / "firm" / "ledger").is_dir()


def test_a_source_archive_can_be_built_again(built: Path, tmp_path: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        source.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    (again,) = (folder / "dist").glob("*.whl")
    (wheel,) = built.glob("*.whl")
    names = (sorted(zipfile.ZipFile(path).namelist()) for path in (wheel, again))
    assert next(names) == next(names)
