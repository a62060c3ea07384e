"""A table as a file holds it: cells of text, each row with the place where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ties.errors import ERROR, join, make_problems

# Small, or the garbage collector goes over many rows again and again.
_CHUNK: Final = 5_000


class Broken(NamedTuple):
    """A row that does not fit its table: the rule, the reason, and its cells or its text."""

    rule: str
    reason: str
    cells: list[str] | str


@dataclass
class Table:
    """The text of one table, before anybody asked what it means.

    Parameters
    ----------
    name
        Which table of a record it is, or ``statements``.
    file
        What to call the file in a message: ``events.csv`` or ``book.xlsx[events]``.
    headings
        As written, in order; they may be blank or stand twice.
    cells
        Text, a row a row of the file; columns numbered as `headings`. A blank is "".
    lines
        Line of the file, or row of the sheet, on which each row starts; -1 where there is none.
    broken
        Rows that do not fit, by their number. In `cells` such a row is blank, so that it keeps
        its place and its number.
    problems
        What reading found.
    header_line
        Line of the header, where the file has lines.
    is_readable
        False if the file is absent or could not be understood; nothing follows from it then.
    unit
        What is counted in `lines`: ``line``, ``row``, ``record``; or a JSON path, such as ``$``,
        to the list of the rows, which have no lines.
    """

    name: str
    file: str
    headings: list[str] = field(default_factory=list)
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    lines: np.ndarray = field(default_factory=lambda: np.array([], dtype="int64"))
    broken: dict[int, Broken] = field(default_factory=dict)
    problems: pd.DataFrame = field(default_factory=lambda: join([]))
    header_line: int | None = None
    is_readable: bool = True
    unit: str = "line"

    @property
    def locators(self) -> pd.Series:
        """Where each row stands, in words: ``line 14``, ``row 14``, ``$[3]``."""
        if self.unit.startswith("$"):
            return self.unit + "[" + pd.Series(range(len(self.cells))).astype("str") + "]"
        return f"{self.unit} " + pd.Series(self.lines, dtype="int64").astype("str")

    @property
    def known_codes(self) -> set[str]:
        """Words on broken rows, any of which may be a code that other tables refer to."""
        rows = [row.cells for row in self.broken.values() if not isinstance(row.cells, str)]
        return {cell.strip() for row in rows for cell in row}

    def named(self) -> pd.DataFrame:
        """Return the cells under their headings, of which one may stand twice."""
        return self.cells.set_axis(self.headings, axis="columns")

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
        """Return a problem of the whole file."""
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
        """Return one problem for each of these rows."""
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

    def as_json(self, rows: Sequence[int] | np.ndarray) -> list[str]:
        """Return rows as they were read: an object by heading, or a list if they fit none."""
        # A column named twice would fall out of an object, so its place is added.
        names = [
            f"{name} (column {place})" if name in self.headings[: place - 1] else name
            for place, name in enumerate(self.headings, start=1)
        ]
        cells = self.cells.iloc[list(rows)].set_axis(names, axis="columns").fillna("")
        found = zip(rows, cells.to_dict("records"), strict=True)
        read = [self.broken[row].cells if row in self.broken else cells for row, cells in found]
        return [
            cells if isinstance(cells, str) else json.dumps(cells, ensure_ascii=False)
            for cells in read
        ]


def table_of(
    name: str,
    file: str,
    headings: list[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    *,
    reason: str,
    header_line: int | None = None,
    unit: str = "line",
) -> Table:
    """Return a table of rows, each with its line; one of another width is broken.

    Parameters
    ----------
    reason
        What to do about a row that is broken: the end of a sentence on how many cells it has.
    """
    width, broken = len(headings), {}
    blank, n_rows = [""] * width, 0
    lines, chunks = [np.array([], dtype="int64")], [_frame([], width)]
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        for number, (_, row) in enumerate(chunk, start=n_rows):
            if len(row) != width:
                message = f"has {len(row)} cells where the header has {width}; {reason}"
                broken[number] = Broken("ragged", message, list(row))
        chunks.append(_frame([row if len(row) == width else blank for _, row in chunk], width))
        lines.append(np.array([line for line, _ in chunk], dtype="int64"))
        n_rows += len(chunk)
    cells = pd.concat(chunks, ignore_index=True)
    return Table(
        name, file, headings, cells, np.concatenate(lines), broken, join([]), header_line, unit=unit
    )


def _frame(rows: list[Sequence[str]], width: int) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=range(width), dtype="str")


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


def unreadable(name: str, file: str, rule: str, message: str, line: int | None = None) -> Table:
    """Return a table of which nothing can be read, with the reason."""
    table = Table(name, file, is_readable=False)
    table.add(table.problem(rule, message, line=line))
    return table
