"""A table as a file holds it: cells of text, each row with the line that it starts on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ties.errors import ERROR, join, make_problems


@dataclass
class RawTable:
    """The text of one table, before anybody asked what it means.

    Parameters
    ----------
    name
        Which table of the record it is.
    file
        What to call the file in a message: ``events.csv`` or ``book.xlsx[events]``.
    cells
        Text, a row a row of the file; columns as the header names them, perhaps twice.
    lines
        Line of the file on which each row starts.
    broken
        Rows that do not fit the header, by their number: their cells as they were read. In
        `cells` such a row is empty, so that it keeps its place and its number.
    problems
        What reading found.
    header_line
        Line of the header, where the file has lines.
    is_readable
        False if the file is absent or could not be understood; nothing follows from it then.
    """

    name: str
    file: str
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: np.ndarray = field(default_factory=lambda: np.array([], dtype="int64"))
    broken: dict[int, list[str]] = field(default_factory=dict)
    problems: pd.DataFrame = field(default_factory=lambda: join([]))
    header_line: int | None = None
    is_readable: bool = True

    @property
    def known_codes(self) -> set[str]:
        """Words on broken rows, any of which may be a code that other tables refer to."""
        return {cell.strip() for row in self.broken.values() for cell in row}

    def problem(
        self,
        rule: str,
        message: str,
        *,
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        severity: str = ERROR,
    ) -> pd.DataFrame:
        """A problem of the whole file."""
        return make_problems(
            [message],
            table=self.name,
            file=self.file,
            rule=rule,
            column=column,
            lines=pd.NA if line is None else line,
            values=value,
            severity=severity,
        )

    def row_problems(
        self,
        rows: np.ndarray,
        rule: str,
        messages: Sequence[str] | pd.Series,
        *,
        column: str | None = None,
        values: object = None,
        severity: str = ERROR,
    ) -> pd.DataFrame:
        """One problem for each of these rows."""
        return make_problems(
            messages,
            table=self.name,
            file=self.file,
            rule=rule,
            column=column,
            lines=self.lines[rows],
            values=values,
            rows=rows,
            severity=severity,
        )

    def add(self, *problems: pd.DataFrame) -> None:
        """Note problems that were found later."""
        self.problems = join([self.problems, *problems])

    def as_json(self, rows: np.ndarray) -> list[str]:
        """Rows as they were read: an object by column, or a list if they fit none."""
        # A column named twice would fall out of an object, so its place is added.
        is_second = self.cells.columns.duplicated()
        names = [
            f"{name} (column {place + 1})" if again else str(name)
            for place, (name, again) in enumerate(zip(self.cells.columns, is_second, strict=True))
        ]
        cells = self.cells.iloc[rows].set_axis(names, axis="columns").fillna("")
        found = dict(zip(rows.tolist(), cells.to_dict("records"), strict=True))
        return [json.dumps(self.broken.get(row, found[row]), ensure_ascii=False) for row in found]


def cell_text(value: object) -> str:
    """Return a value of another program as the text of a cell: a whole number without a point.

    Examples
    --------
    >>> [cell_text(value) for value in (None, 1991.0, 61.5, "Bonn")]
    ['', '1991', '61.5', 'Bonn']
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def unreadable(name: str, file: str, rule: str, message: str, line: int | None = None) -> RawTable:
    """A table of which nothing can be read, with the reason."""
    table = RawTable(name, file, is_readable=False)
    table.add(table.problem(rule, message, line=line))
    return table
