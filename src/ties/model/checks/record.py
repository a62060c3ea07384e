"""The tables of a record side by side, as the checks between them see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ties.model.dates import date_bounds
from ties.model.problems import ERROR, join
from ties.model.raw import RawTable

FAR_PAST = np.datetime64("0001-01-01", "s")
FAR_FUTURE = np.datetime64("9999-12-31", "s")


@dataclass
class Record:
    """All tables of a record with their types, bad cells missing.

    Parameters
    ----------
    raw
        The files, by table.
    frames
        Their rows, by table; a cell with a problem is missing.
    absent
        Required columns that a file has not, by table.
    as_of
        The record's own date.
    is_dated
        Whether somebody stated that date; otherwise it was taken from the sources.
    """

    raw: Mapping[str, RawTable]
    frames: Mapping[str, pd.DataFrame]
    absent: Mapping[str, frozenset[str]]
    as_of: pd.Timestamp | None = None
    is_dated: bool = False
    _bounds: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict)

    def bounds(self, table: str, column: str = "date") -> pd.DataFrame:
        """Give the days that each date of a column admits; missing where it says nothing.

        An open end is as far away as can be, so that days can be compared.
        """
        if (table, column) not in self._bounds:
            found = date_bounds(self.frames[table][column])
            is_dated = found["precision"].notna()
            found["earliest"] = found["earliest"].fillna(pd.Timestamp(FAR_PAST)).where(is_dated)
            found["latest"] = found["latest"].fillna(pd.Timestamp(FAR_FUTURE)).where(is_dated)
            self._bounds[table, column] = found[["earliest", "latest"]]
        return self._bounds[table, column]

    def lookup(self, table: str, column: str) -> pd.Series:
        """Give a column by the code of its row, the first row of a code that stands twice."""
        frame = self.frames[table]
        key = str(frame.columns[0])
        first = frame[frame[key].notna() & ~frame[key].duplicated()]
        return first.set_index(key)[column]

    def by_code(self, table: str, values: pd.Series) -> pd.Series:
        """Give values of a table's rows by the code of the row, as `lookup` does."""
        codes = self.frames[table].iloc[:, 0]
        is_first = codes.notna() & ~codes.duplicated()
        return values[is_first].set_axis(codes[is_first])

    def can_follow(self, table: str) -> bool:
        """Tell whether references to a table can be followed at all."""
        return self.raw[table].is_readable and not self.absent[table] & {
            str(self.frames[table].columns[0])
        }

    def problems(
        self,
        table: str,
        is_wrong: pd.Series,
        rule: str,
        template: str,
        *,
        column: str,
        severity: str = ERROR,
        **extra: pd.Series,
    ) -> pd.DataFrame:
        """Give a problem for each row of a table that is wrong.

        `template` is a message with ``{value}`` for the cell and a name for each of `extra`.
        """
        rows = np.flatnonzero(is_wrong.to_numpy(dtype=bool))
        if not len(rows):
            return join([])
        values = self.frames[table][column].iloc[rows].astype("str")
        fields = {"value": values} | {name: part.iloc[rows] for name, part in extra.items()}
        messages = [
            template.format(**dict(zip(fields, given, strict=True)))
            for given in zip(*fields.values(), strict=True)
        ]
        return self.raw[table].row_problems(
            rows, rule, messages, column=column, values=values.tolist(), severity=severity
        )


def follow(codes: pd.Series, found: pd.Series) -> pd.Series:
    """Give for each code what was found of it, missing where nothing was.

    Unlike `Series.map` it keeps the type where nothing at all was found.
    """
    return found.reindex(codes).set_axis(codes.index)


def is_among(codes: pd.Series, known: pd.Series) -> pd.Series:
    """Tell which codes are among those known; a missing one is not.

    As `Series.isin` does, but fifteen times as fast where a million are known.
    """
    known_codes = pa.array(known, type=pa.large_string())
    given = pa.array(codes, type=pa.large_string())
    found = pc.is_in(given, value_set=known_codes, skip_nulls=True)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=codes.index, dtype=bool)
