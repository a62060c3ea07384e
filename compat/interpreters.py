"""Interpreters of Python that are on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# From the oldest that pyproject.toml admits to the newest of which there is a release.
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")


def find(version: str) -> Path | None:
    """Give an interpreter of a version of Python, if one is on this machine."""
    return next((path for path in _candidates(version) if _is(path, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield Path(sys.executable)
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(home.glob(f"versions/{version}.*/bin/python"))
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)


def _is(path: Path, version: str) -> bool:
    """Ask it: a file of the right name may be a stand-in for a Python that is not there."""
    if not path.exists():
        return False
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == version
