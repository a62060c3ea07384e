"""The wheel carries all that it needs: used from a fresh environment, away from the checkout.

Only the core dependencies go in, at their locked versions and checked by hash; so this also shows
that nothing at the core leans on an extra.
"""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import ties

pytestmark = pytest.mark.slow

TABLES = [
    "places",
    "place_names",
    "ties",
    "events",
    "attestations",
    "sources",
    "searches",
    "counts",
]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # The caller's PYTHONPATH must not lead back into the checkout.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def succeed(*command: str | Path, cwd: Path) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and the wheel from it, as whoever packages the project would."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, checkout]
    succeed(*build, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(checkout: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment of the locked core and the wheel; return its folder of programs."""
    folder = tmp_path_factory.mktemp("fresh") / "env"
    # This environment's pip fills the new one: Debian's Python brings no ensurepip of its own.
    venv.create(folder, with_pip=False)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet"]
    lock = checkout / "requirements-core.lock"
    # Compiling all of it takes longer than compiling what is used, when it is used.
    succeed(*pip, "--no-compile", "--require-hashes", "-r", lock, cwd=folder)
    succeed(*pip, "--no-deps", "--no-index", wheel, cwd=folder)
    return programs


def test_the_wheel_carries_the_record_and_the_notebooks(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for record in ties.records().index:
        home = f"ties/records/{record}"
        assert f"{home}/record.toml" in names
        assert [table for table in TABLES if f"{home}/{table}.csv" not in names] == []
    wanted = ["ties/records/RULES.md", "ties/py.typed"]
    wanted += [
        f"ties/notebooks/{name}.ipynb"
        for name in ("01-formation", "02-decline", "03-revival", "04-claims")
    ]
    assert [name for name in wanted if name not in names] == []


def test_the_wheel_carries_every_file_of_the_package_and_no_leftovers(wheel: Path, checkout: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    package = checkout / "src" / "ties"
    ours = {
        f"ties/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours - names == set()
    assert [name for name in names if "__pycache__" in name or ".ipynb_checkpoints" in name] == []


def test_the_command_runs_outside_the_checkout(fresh: Path, tmp_path: Path):
    assert "Usage" in succeed(fresh / "ties", "--help", cwd=tmp_path)


@pytest.mark.parametrize("record", ties.records().index)
def test_a_packaged_record_is_found_and_clean(record: str, fresh: Path, tmp_path: Path):
    find = f"from ties.io.folder import record_folder; print(record_folder({record!r}))"
    folder = succeed(fresh / "python", "-c", find, cwd=tmp_path).strip()
    assert Path(folder).is_relative_to(fresh.parent)
    succeed(fresh / "ties", "check", folder, cwd=tmp_path)


def test_the_packaged_records_are_those_of_the_checkout(fresh: Path, tmp_path: Path):
    listed = succeed(fresh / "ties", "records", "--format", "csv", cwd=tmp_path)
    assert listed == ties.records().reset_index().to_csv(index=False, lineterminator="\n")


def test_a_command_without_its_extra_says_which_to_install(fresh: Path, tmp_path: Path):
    done = run(fresh / "ties", "report", cwd=tmp_path)
    assert done.returncode != 0
    assert "twin-ties[report]" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
