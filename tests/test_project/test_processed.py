"""The committed tables in data/processed are what the record builds to, byte for byte."""

import subprocess
import sys
from pathlib import Path

import pytest


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def rebuilt(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("processed") / "us-russia"
    command = [Path(sys.executable).with_name("ties"), "build", "--out", out]
    built = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return files(out)


def test_a_rebuild_makes_the_same_files(checkout: Path, rebuilt: dict[str, bytes]):
    assert rebuilt
    assert rebuilt.keys() == files(checkout / "data" / "processed" / "us-russia").keys()


def test_a_rebuild_makes_the_same_bytes(checkout: Path, rebuilt: dict[str, bytes]):
    committed = files(checkout / "data" / "processed" / "us-russia")
    assert [name for name in rebuilt if rebuilt[name] != committed.get(name)] == []
