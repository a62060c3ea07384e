"""A user's mistake, said in one message; nothing else is caught."""

from __future__ import annotations

import errno
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from ties.__main__ import exit_code
from ties.cli import output

CANNOT = 2


class Commands(TyperGroup):
    """The commands, in the order of their making; what a user can mend ends without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            message = _message(error)
            if message is None:
                raise
            output.complain(message)
            raise typer.Exit(CANNOT) from error
        except KeyboardInterrupt as error:
            output.complain("stopped", label="")
            raise typer.Exit(exit_code()) from error

    def list_commands(self, ctx: Any) -> list[str]:
        """List the commands as they were added: what one begins with comes first."""
        return list(self.commands)


def _message(error: Exception) -> str | None:
    """What to tell the user; nothing if the error is none of theirs."""
    # Loading the package's errors loads pandas; unless that happened, none was raised.
    problems: Any = sys.modules.get("ties.errors")
    if problems is not None and isinstance(error, problems.TiesError):
        is_invalid = isinstance(error, problems.InvalidTableError)
        return f"{error}\nties check shows every problem" if is_invalid else str(error)
    if isinstance(error, OSError) and error.errno != errno.EPIPE:
        reason = error.strerror or str(error)
        return f"{error.filename}: {reason}" if error.filename else reason
    return None
