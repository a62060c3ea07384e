"""A reading in the making: entries come one by one and are accepted or set aside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ties.errors import WARNING, join, make_problems, public
from ties.importers.statements import Reading, make_rejected, make_statements

# Enough of an entry to find it again.
MAX_TEXT = 500


@dataclass
class Collector:
    """Entries of one input, in the order in which they were read.

    Parameters
    ----------
    file
        What to call the input: the name of the file.
    """

    file: str
    accepted: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def accept(self, row: int, locator: str, **said: Any) -> None:
        """Take an entry as a statement; blanks say nothing."""
        stripped = {
            name: value.strip() if isinstance(value, str) else value for name, value in said.items()
        }
        kept = {name: value for name, value in stripped.items() if value not in ("", None)}
        self.accepted.append({"row": row, "file": self.file, "locator": locator, **kept})

    def reject(self, row: int, locator: str, rule: str, reason: str, text: str) -> None:
        """Set an entry aside, with its reason and as much of its text as a reader needs."""
        shown = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
        found = {"rule": rule, "reason": reason, "text": shown}
        self.rejected.append({"row": row, "file": self.file, "locator": locator, **found})

    def warn(
        self,
        rule: str,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Note what deserves a look, though the entry was accepted."""
        found = {"rule": rule, "message": message, "line": line, "column": column, "value": value}
        self.warnings.append(found)

    def reading(self, n_rows: int, problems: Iterable[pd.DataFrame] = ()) -> Reading:
        """Give what was read, with the warnings and further problems of the whole input."""
        return Reading(
            make_statements(self.accepted),
            make_rejected(self.rejected),
            n_rows,
            public(join([*self._warnings(), *problems])),
        )

    def statements(self) -> pd.DataFrame:
        """Give the statements so far, for checks on all of them."""
        return make_statements(self.accepted)

    def _warnings(self) -> Iterable[pd.DataFrame]:
        parts: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
        for warning in self.warnings:
            parts.setdefault((warning["rule"], warning["column"]), []).append(warning)
        for (rule, column), part in parts.items():
            yield make_problems(
                [warning["message"] for warning in part],
                table="statements",
                file=self.file,
                rule=rule,
                column=column,
                lines=[warning["line"] for warning in part],
                values=[warning["value"] for warning in part],
                severity=WARNING,
            )
