"""What can go wrong with a report, in the reader's terms."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from ties.errors import TiesError

# What `pip install "twin-ties[report]"` brings, by the names under which it is imported.
REPORT_MODULES: Final = ("pypandoc", "typst")


class ReportError(TiesError):
    """A report could not be made; nothing was written, and an earlier report still stands."""


class MissingExtraError(TiesError):
    """A library is missing that only some of the package needs.

    Parameters
    ----------
    extra
        The extra that brings it.
    modules
        What was looked for in vain.

    Examples
    --------
    >>> print(MissingExtraError("report", ["typst"]))
    this needs typst, which is not installed; run: pip install "twin-ties[report]"
    """

    def __init__(self, extra: str, modules: Sequence[str]) -> None:
        verb = "is" if len(modules) == 1 else "are"
        super().__init__(
            f"this needs {', '.join(modules)}, which {verb} not installed; "
            f'run: pip install "twin-ties[{extra}]"'
        )
        self.extra = extra
        self.modules = tuple(modules)

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, tuple[str, ...]]]:
        """Let the error travel between processes."""
        return type(self), (self.extra, self.modules)


def require_report_extra() -> None:
    """Refuse to begin a report that could not be finished for want of a library."""
    missing = [name for name in REPORT_MODULES if find_spec(name) is None]
    if missing:
        raise MissingExtraError("report", missing)
