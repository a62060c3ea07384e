"""The committed tables in data/processed are what the records build to, byte for byte."""

import subprocess
import sys
from pathlib import Path

import pytest

import ties

RECORDS = [*ties.records().index]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module", params=RECORDS)
def built(
    request: pytest.FixtureRequest, checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    out = tmp_path_factory.mktemp("processed") / request.param
    command = [Path(sys.executable).with_name("ties"), "build", "--data", request.param]
    done = subprocess.run(
        [*command, "--out", out], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return files(out), files(checkout / "data" / "processed" / request.param)


def test_every_record_is_built(checkout: Path):
    assert sorted(path.name for path in (checkout / "data" / "processed").iterdir()) == RECORDS


def test_a_rebuild_makes_the_same_files(built: tuple[dict[str, bytes], dict[str, bytes]]):
    rebuilt, committed = built
    assert rebuilt
    assert rebuilt.keys() == committed.keys()


def test_a_rebuild_makes_the_same_bytes(built: tuple[dict[str, bytes], dict[str, bytes]]):
    rebuilt, committed = built
    assert [name for name in rebuilt if rebuilt[name] != committed.get(name)] == []
