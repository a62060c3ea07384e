"""A folder written whole or not at all.

The result grows in a hidden folder beside the place where it will stand, and takes that place by
a rename once it is complete. A report that fails, or is stopped, leaves the earlier one as
it was. A folder that holds anything but an earlier report is never replaced.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ties.report.errors import ReportError

MANIFEST: Final = "manifest.json"
_ATTEMPTS: Final = 20
_N_NAMED: Final = 3


@contextmanager
def whole_or_nothing(out: Path) -> Iterator[Path]:
    """Give an empty folder to fill; on success it takes the place of `out`.

    Raises
    ------
    ReportError
        If `out` holds files that no earlier report wrote, or cannot be written.
    """
    out = out.resolve()
    check_replaceable(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise ReportError(f"cannot write to {out.parent}: {error.strerror}") from error
    try:
        made.chmod(0o755)  # mkdtemp makes it for the owner only
        yield made
        check_replaceable(out)
        _take_place(made, out)
    except OSError as error:
        raise ReportError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def check_replaceable(out: Path) -> None:
    """Refuse a place that holds anything but an earlier report.

    Raises
    ------
    ReportError
        If `out` is a file, or a folder with files that its manifest does not list.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise ReportError(f"{out} is a file; name a folder for the report")
    present = set(files_in(out))
    foreign = sorted(present - _written(out)) if present else []
    if foreign:
        named = ", ".join(foreign[:_N_NAMED]) + (", ..." if len(foreign) > _N_NAMED else "")
        raise ReportError(
            f"{out} holds files that no report wrote ({named}); "
            "move them elsewhere or name another folder"
        )


def files_in(folder: Path) -> list[str]:
    """Give the files of a folder and those below it, by their names relative to it."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(out: Path) -> set[str]:
    """Give the files that the report in a folder says it wrote."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *manifest["outputs"].keys()}
    return set()


def _take_place(made: Path, out: Path) -> None:
    """Rename into place; whoever comes last among several runs wins, with a whole report."""
    aside = made.with_name(f"{made.name}.old")
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError):
            out.rename(aside)
        try:
            made.rename(out)
        except OSError:
            # Another run stood its report there a moment ago, or nothing can be put there:
            # give back what was taken, and try again with what is there now.
            if aside.exists() and not out.exists():
                aside.rename(out)
            shutil.rmtree(aside, ignore_errors=True)
            continue
        shutil.rmtree(aside, ignore_errors=True)
        return
    raise ReportError(f"cannot put the report at {out}; is another program using that folder?")
