"""An import in the making: entries come one by one and are accepted or set aside, never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ties.errors import WARNING, join, make_problems, public
from ties.importers.statements import Reading, make_rejected, make_statements
from ties.importers.status_words import reports_in

# Enough of an entry to find it again.
MAX_TEXT: Final = 2_000


@dataclass
class Collector:
    """Entries of one input, in the order in which they were read.

    Parameters
    ----------
    file
        What to call the input in messages; where it has several files, the one being read.
    """

    file: str = ""
    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def accept(self, row: int, locator: str, file: str | None = None, **cells: Any) -> None:
        """Take an entry as a statement; blanks say nothing."""
        stripped = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in cells.items()
        }
        kept = {name: value for name, value in stripped.items() if value not in ("", None)}
        self.accepted.append({"row": row, "file": file or self.file, "locator": locator, **kept})

    def reject(
        self, row: int, locator: str, rule: str, reason: str, text: str, file: str | None = None
    ) -> None:
        """Set an entry aside, with its reason and as much of its text as a reader needs."""
        where = {"row": row, "file": file or self.file, "locator": locator}
        shown = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
        self.rejected.append(where | {"rule": rule, "reason": reason, "text": shown})

    def warn(
        self,
        rule: str,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        file: str | None = None,
    ) -> None:
        """Note what deserves a look, though the entry was accepted."""
        about = {"file": file or self.file, "rule": rule, "column": column}
        self.warnings.append(about | {"message": message, "line": line, "value": value})

    def reading(
        self,
        n_rows: int,
        look: Callable[[pd.DataFrame], Iterable[pd.DataFrame]] = lambda statements: (),
    ) -> Reading:
        """What was read, by the row of the input, with the warnings.

        Parameters
        ----------
        n_rows
            Rows of the input.
        look
            Gives further problems of all statements together.
        """
        statements = reports_in(make_statements(sorted(self.accepted, key=_row)))
        further = [*look(statements)]
        rejected = make_rejected(sorted(self.rejected, key=_row))
        return Reading(statements, rejected, n_rows, public(join([*self._problems(), *further])))

    def _problems(self) -> Iterable[pd.DataFrame]:
        parts: dict[tuple[str, str, str | None], list[dict[str, Any]]] = {}
        for warning in self.warnings:
            key = (warning["file"], warning["rule"], warning["column"])
            parts.setdefault(key, []).append(warning)
        for (file, rule, column), part in parts.items():
            yield make_problems(
                [warning["message"] for warning in part],
                table="statements",
                file=file,
                rule=rule,
                column=column,
                lines=[warning["line"] for warning in part],
                values=[warning["value"] for warning in part],
                severity=WARNING,
            )


def _row(entry: Mapping[str, Any]) -> int:
    return int(entry["row"])
