"""Notebooks of the user's own, and JupyterLab over them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ties.cli import output
from ties.cli.options import RECORD
from ties.io.atomic import whole_file
from ties.io.folder import locate
from ties.report.errors import MissingExtraError
from ties.report.run import bundled_notebooks, with_record

FOLDER = "ties-notebooks"
LAB_MODULES = ("jupyterlab", "ipykernel")


def prepare(data: str, folder: Path | None) -> Path:
    """A folder with the notebooks, ready to be changed.

    In a checkout that is the checkout's own, unless another record or folder is asked for.
    Elsewhere the notebooks are copied; one that has been changed since stays as it is.

    Raises
    ------
    MissingExtraError
        If JupyterLab is not installed.
    TiesError
        If there is no such record.
    """
    missing = [name for name in LAB_MODULES if find_spec(name) is None]
    if missing:
        raise MissingExtraError("lab", missing)
    record = locate(data)
    notebooks = bundled_notebooks()
    home = notebooks[0].parent
    is_packaged = home.is_relative_to(Path(__file__).resolve().parents[1])
    if folder is None and data == RECORD and not is_packaged:
        return home
    target = folder or Path(FOLDER)
    target.mkdir(parents=True, exist_ok=True)
    for notebook in notebooks:
        text = notebook.read_text(encoding="utf-8")
        if data != RECORD:
            text = with_record(text, data if not record.exists() else str(record.resolve()))
        _copy(text, target / notebook.name)
    return target


def _copy(text: str, target: Path) -> None:
    """Write a notebook that is not there yet; say so if one that differs is kept."""
    if not target.exists():
        # One that was left half would be kept for ever, as one that you changed.
        with whole_file(target) as made:
            made.write_text(text, encoding="utf-8", newline="\n")
        output.say(f"wrote {target}")
    elif target.read_text(encoding="utf-8") != text:
        output.note(f"kept your {target}; remove it to have it written anew")


def open_lab(folder: Path, options: Sequence[str]) -> int:
    """Run JupyterLab until it ends, and give its exit code."""
    command = [sys.executable, "-m", "jupyterlab", str(folder), *options]
    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # JupyterLab asks the user what it means
            continue
