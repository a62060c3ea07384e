"""The program `ties`: a signal stops it in order, from its first moment to its last.

Loading the commands takes a moment, in which somebody may press Ctrl-C as well; so this module
comes before them, and loads nothing itself. What runs is told by a `KeyboardInterrupt` whatever
the signal was, and clears up after itself.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn

# Ctrl-C, the wish of another program, and a terminal that was closed. Not every system has all.
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


_received: list[int] = []


def main() -> None:
    """Run the command line; a signal ends it with 128 and its number, as shells say it."""
    heeded = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, _stop)
    try:
        from ties.cli import main as run

        run()
    except BaseException as ended:
        # Outside of a command typer takes every signal for Ctrl-C, and a library in C that was
        # just being loaded fails in a way of its own: the signal ended the run, unless all is done.
        is_done = isinstance(ended, SystemExit) and not ended.code
        if is_done or not (_received or isinstance(ended, KeyboardInterrupt)):
            raise
        sys.exit(exit_code())
    finally:
        # All is done or undone: what comes now ends the program at once, and without a word.
        for number in heeded:
            signal.signal(number, signal.SIG_DFL)


def exit_code() -> int:
    """The exit code of a run that was stopped: by the first signal, or else by Ctrl-C.

    Examples
    --------
    >>> exit_code()
    130
    """
    return 128 + next(iter(_received), signal.SIGINT)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    _received.append(number)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
