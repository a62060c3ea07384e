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
    except KeyboardInterrupt as stopped:
        sys.exit(exit_code(stopped))
    except ImportError:
        # A library in C that was just being loaded says that it could not be, and not why.
        if not _received:
            raise
        sys.exit(128 + _received[0])
    finally:
        # All is done or undone: what comes now ends the program at once, and without a word.
        for number in heeded:
            signal.signal(number, signal.SIG_DFL)


def exit_code(stopped: KeyboardInterrupt) -> int:
    """Give the exit code of a run that was stopped.

    Examples
    --------
    >>> exit_code(KeyboardInterrupt()), exit_code(KeyboardInterrupt(signal.SIGTERM))
    (130, 143)
    """
    number: int = stopped.args[0] if stopped.args else signal.SIGINT
    return 128 + number


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    _received.append(number)
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    main()
