"""What an earlier report wrote, by its manifest: only that may be replaced by a new one."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Final

from ties.io.atomic import files_in

MANIFEST: Final = "manifest.json"


def not_of_a_report(out: Path) -> list[str]:
    """The files of a folder that are no part of a report."""
    present = files_in(out)
    return sorted(set(present) - _written(out)) if present else []


def sha256(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(out: Path) -> set[str]:
    """The files that the report in a folder says it wrote."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *manifest["outputs"].keys()}
    return set()
