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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from ties.errors import TiesError

_N_NAMED: Final = 3
# Of renameat2 in Linux: paths from the folder we are in; let the two change places.
_AT_CWD, _EXCHANGE = -100, 2

Foreign: TypeAlias = Callable[[Path], list[str]]


class OutputError(TiesError):
    """A result could not be written; what stood there before still stands."""


@contextmanager
def whole_folder(out: Path, foreign: Foreign) -> Iterator[Path]:
    """An empty folder to fill; on success it takes the place of `out`.

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
        made = scratch / "new"
        made.mkdir()
        yield made
        check_replaceable(out, foreign)
        _take_place(made, out, aside=scratch / "old")


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A path to write a file at; on success it takes the place of `out`.

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
    if out.is_symlink() or out.is_file():
        kind = "link" if out.is_symlink() else "file"
        raise OutputError(f"{out} is a {kind}; name a folder, or a new one")
    others = foreign(out) if out.exists() else []
    if others:
        named = ", ".join(others[:_N_NAMED]) + (", ..." if len(others) > _N_NAMED else "")
        raise OutputError(
            f"{out} holds files that were not written by this command ({named}); "
            "move them elsewhere or name another folder"
        )


def files_in(folder: Path) -> list[str]:
    """The files of a folder and those below it, by their names relative to it."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


@contextmanager
def _scratch_beside(out: Path) -> Iterator[Path]:
    """A hidden folder beside a result, ours as long as we live, and gone afterwards.

    The file beside it is locked as long as its run lives, however that ends.
    """
    from filelock import FileLock  # not at the top: most commands write nothing

    scratch = out.parent / f".{out.name}.making-{secrets.token_hex(8)}"
    lock = FileLock(f"{scratch}.lock")
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            _tidy_up(out)
            lock.acquire()
            scratch.mkdir(mode=0o700)
        except OSError as error:
            raise OutputError(f"cannot write to {out.parent}: {error.strerror}") from error
        yield scratch
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        try:
            _remove(scratch)
        except KeyboardInterrupt:  # in the midst of clearing up
            _remove(scratch)
            raise
        finally:
            lock.release()


def _tidy_up(out: Path) -> None:
    """Put right what a run left that was killed: its scratch, and a result it had set aside."""
    from filelock import FileLock

    for locked in out.parent.glob(f".{glob.escape(out.name)}.making-*.lock"):
        scratch = locked.with_suffix("")
        # One that cannot be locked belongs to a run that lives.
        with suppress(OSError), FileLock(locked, blocking=False):
            if not out.exists() and (scratch / "old").is_dir():
                (scratch / "old").rename(out)
            _remove(scratch)


def _remove(scratch: Path) -> None:
    shutil.rmtree(scratch, ignore_errors=True)
    with suppress(OSError):
        Path(f"{scratch}.lock").unlink(missing_ok=True)


def _take_place(made: Path, out: Path, aside: Path) -> None:
    """Put a new folder in place of an old one, in one step where the system can."""
    with suppress(OSError):  # it is refused where an earlier result stands
        made.rename(out)
        return
    if _exchange(made, out):
        return
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
