"""A copy of the checkout that may be changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]


def copy_checkout(home: Path, parts: Iterable[str]) -> None:
    """Copy files and folders of the checkout to a folder, made anew."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for part in parts:
        source = CHECKOUT / part
        if source.is_dir():
            shutil.copytree(source, home / part, ignore=ignored)
        else:
            shutil.copy(source, home / part)
