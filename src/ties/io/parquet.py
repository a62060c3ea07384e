"""One Parquet file as rows of text: typed columns go through the same checks as typed words.

A number becomes its shortest text, a date a day, so that one set of rules serves every
format. A line is the number of the row, counted from 1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ties.errors import TiesError
from ties.io.table import Table, unreadable


def read_parquet(path: Path, name: str) -> Table:
    """Read one Parquet file as text.

    Parameters
    ----------
    path
        A Parquet file whose columns hold text, numbers, categories or dates.
    name
        Which table it holds.

    Returns
    -------
    Table
        Its rows; what is wrong is in its `problems`.
    """
    try:
        if not path.is_file():
            return unreadable(name, path.name, "unreadable", "is not a regular file; remove it")
        found = pq.ParquetFile(path).read()
        # A damaged file can hold text that is none; nothing else looks at its bytes.
        found.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        reason = f"cannot be read as Parquet ({_first_line(error)}); write it again"
        return unreadable(name, path.name, "unreadable", reason)
    return table_of(found, name, path.name)


def table_of(found: pa.Table, name: str, file: str) -> Table:
    """Text of an Arrow table, as if it had been read from a file of this name."""
    lines = np.arange(1, found.num_rows + 1, dtype="int64")
    headings = [heading.strip() for heading in found.column_names]
    table = Table(name, file, headings, lines=lines, unit="row")
    columns = [_as_text(column) for column in found.columns]
    for heading, values in zip(found.column_names, columns, strict=True):
        if values is None:
            message = "holds nested values, or bytes that are not text; write it as text or numbers"
            table.add(table.problem("column_type", message, column=heading))
    texts = [_empty(found.num_rows) if values is None else values for values in columns]
    frame = pd.concat(texts, axis=1) if texts else pd.DataFrame(index=range(found.num_rows))
    table.cells = frame.set_axis(range(len(headings)), axis="columns")
    return table


def frame_table(frame: pd.DataFrame, name: str, file: str) -> Table:
    """Text of a frame, read as a Parquet file of it would be; its index counts for nothing.

    Raises
    ------
    TiesError
        If a column mixes values that have no one type.

    Examples
    --------
    >>> frame = pd.DataFrame({"city": ["Bonn"], "since": [1954.0]})
    >>> frame_table(frame, "ties", "frame").cells.iloc[0].tolist()
    ['Bonn', '1954']
    """
    plain = frame.set_axis([str(name) for name in frame.columns], axis="columns")
    mixed = [str(name) for name, kind in plain.dtypes.items() if kind == "object"]
    texts = {name: plain[name].map(str, na_action="ignore").astype("str") for name in mixed}
    try:
        return table_of(
            pa.Table.from_pandas(plain.assign(**texts), preserve_index=False), name, file
        )
    except (pa.ArrowException, ValueError) as error:
        raise TiesError(f"{file}: {_first_line(error)}; make the column text") from error


def _as_text(column: pa.ChunkedArray) -> pd.Series | None:
    """A column as text, or nothing if its values have no plain text."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        # pandas stores whole numbers with a gap as 1991.0; they are 1991.
        column = _as_whole(column)
    if pa.types.is_timestamp(column.type):
        column = _as_days(column)
    try:
        texts = column.cast(pa.string())
        texts.validate(full=True)
    except pa.ArrowException:
        return None
    return pd.Series(texts.to_pandas(), dtype="str").reset_index(drop=True)


def _as_whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    column = pc.if_else(pc.is_nan(column), None, column)
    is_whole = pc.all(pc.equal(column, pc.floor(column))).as_py()
    try:
        return column.cast(pa.int64()) if is_whole else column
    except pa.ArrowInvalid:  # beyond the integers that a float can hold
        return column


def _as_days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Drop the time of day where every moment is a midnight."""
    is_midnight = pc.all(pc.equal(column, pc.floor_temporal(column, unit="day"))).as_py()
    return column.cast(pa.date32()) if is_midnight is not False else column


def _empty(n_rows: int) -> pd.Series:
    return pd.Series([""] * n_rows, dtype="str")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
