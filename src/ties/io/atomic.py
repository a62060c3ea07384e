"""A folder or a file written whole or not at all.

The result grows in a hidden folder beside the place where it will stand, and takes that place by
a rename once it is complete. A run that fails, or is stopped, leaves the earlier result as
it was. A folder that holds anything but an earlier result is never replaced.
"""

from __future__ import annotations

import ctypes
import glob
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from ties.errors import TiesError

if sys.platform != "win32":
    import fcntl

_NEW, _OLD = "new", "old"
_N_NAMED: Final = 3
# Of renameat2 in Linux: paths from the folder we are in; let the two change places.
_AT_CWD, _EXCHANGE = -100, 2

Foreign: TypeAlias = Callable[[Path], list[str]]


class OutputError(TiesError):
    """A result could not be written; what stood there before still stands."""


@contextmanager
def whole_folder(out: Path, foreign: Foreign) -> Iterator[Path]:
    """Give an empty folder to fill; on success it takes the place of `out`.

    Parameters
    ----------
    out
        Where the result shall stand. Folders above it are made.
    foreign
        Tells which files of a folder no earlier result wrote: these are never replaced.

    Raises
    ------
    OutputError
        If `out` holds files of others, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with whole_folder(Path(home) / "result", foreign=files_in) as folder:
    ...         _ = (folder / "answer.txt").write_text("42")
    ...     files_in(Path(home))
    ['result/answer.txt']
    """
    out = Path.cwd() / out  # not resolve(): a link is refused, never followed
    with _scratch_beside(out) as scratch:
        check_replaceable(out, foreign)
        made = scratch / _NEW
        made.mkdir()
        yield made
        with _one_at_a_time(out.parent):
            check_replaceable(out, foreign)
            _take_place(made, out, aside=scratch / _OLD)


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """Give a path to write a file at; on success it takes the place of `out`.

    Raises
    ------
    OutputError
        If `out` is a folder or a link, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with whole_file(Path(home) / "answer.txt") as path:
    ...         _ = path.write_text("42")
    ...     files_in(Path(home))
    ['answer.txt']
    """
    out = Path.cwd() / out
    if out.is_dir() or out.is_symlink():
        raise OutputError(f"{out} is a {'link' if out.is_symlink() else 'folder'}; name a file")
    with _scratch_beside(out) as scratch:
        made = scratch / out.name
        yield made
        made.replace(out)


def check_replaceable(out: Path, foreign: Foreign) -> None:
    """Refuse a place that holds anything but an earlier result.

    Raises
    ------
    OutputError
        If `out` is a file or a link, or a folder with files of others.
    """
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir() or out.is_symlink():
        kind = "link" if out.is_symlink() else "file"
        raise OutputError(f"{out} is a {kind}; name a folder, or a new one")
    others = foreign(out)
    if others:
        named = ", ".join(others[:_N_NAMED]) + (", ..." if len(others) > _N_NAMED else "")
        raise OutputError(
            f"{out} holds files that were not written by this command ({named}); "
            "move them elsewhere or name another folder"
        )


def files_in(folder: Path) -> list[str]:
    """Give the files of a folder and those below it, by their names relative to it."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


@contextmanager
def _scratch_beside(out: Path) -> Iterator[Path]:
    """Give a hidden folder beside a result, ours as long as we live, and gone afterwards."""
    scratch = out.parent / f"{_prefix(out)}{secrets.token_hex(8)}"
    claim = None
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with _one_at_a_time(out.parent):
                _tidy_up(out)
                scratch.mkdir(mode=0o700)
                claim = _claim(scratch)
        except OSError as error:
            raise OutputError(f"cannot write to {out.parent}: {error.strerror}") from error
        yield scratch
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        try:
            shutil.rmtree(scratch, ignore_errors=True)
        except KeyboardInterrupt:  # in the midst of clearing up
            shutil.rmtree(scratch, ignore_errors=True)
            raise
        finally:
            _release(claim)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one run at a time change what stands in a folder; the lock ends with the process."""
    claim = _claim(folder)
    try:
        yield
    finally:
        _release(claim)


def _claim(folder: Path, *, wait: bool = True) -> int | None:
    """Lock a folder; nothing if another holds it and we do not wait, or if it knows no locks."""
    if sys.platform == "win32":  # it has no such lock: two runs must not write one place at once
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _release(claim: int | None) -> None:
    if claim is not None:
        os.close(claim)


def _tidy_up(out: Path) -> None:
    """Put right what a run left that was killed: its scratch, and a result it had set aside.

    A run holds a lock on its scratch folder as long as it lives, so one that can be
    locked belongs to nobody.
    """
    for scratch in out.parent.glob(f"{glob.escape(_prefix(out))}*/"):
        claim = _claim(scratch, wait=False)
        if claim is None:
            continue
        if (scratch / _OLD).is_dir() and not out.exists():
            (scratch / _OLD).rename(out)
        shutil.rmtree(scratch, ignore_errors=True)
        _release(claim)


def _prefix(out: Path) -> str:
    return f".{out.name}.making-"


def _take_place(made: Path, out: Path, aside: Path) -> None:
    """Put a new folder in place of an old one, in one step where the system can."""
    if not out.exists():
        made.rename(out)
    elif not _exchange(made, out):
        # A run that is killed between the two is put right by the next one.
        out.rename(aside)
        try:
            made.rename(out)
        except OSError:
            aside.rename(out)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; false if the system or its disk cannot.

    Only Linux has a call for it that Python does not offer.
    """
    if sys.platform != "linux":
        return False
    exchange = getattr(ctypes.CDLL(None), "renameat2", None)
    if exchange is None:
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    return bool(exchange(_AT_CWD, paths[0], _AT_CWD, paths[1], _EXCHANGE) == 0)
