"""The columns of a file against those of its table: missing, unknown or named twice.

A column that may be missing in a row may also be missing in the file.
"""

from __future__ import annotations

import pandas as pd

from ties.errors import hint
from ties.io.table import Table
from ties.schema import tables


def check_header(raw: Table) -> tuple[pd.DataFrame, frozenset[str]]:
    """Bring the cells of a file to the columns of its table.

    Returns
    -------
    cells
        Text under the columns of the table, in its order; missing where the file has none.
    absent
        Required columns that the file has not.
    """
    expected = tables.columns(raw.name)
    headings = raw.headings
    absent = [c for c, column in expected.items() if c not in headings and not column.nullable]
    unknown = [heading for heading in dict.fromkeys(headings) if heading not in expected]
    raw.add(
        *(_unknown_column(raw, heading) for heading in unknown),
        *(_twice(raw, heading) for heading in expected if headings.count(heading) > 1),
        *(_absent_column(raw, heading, unknown) for heading in absent),
    )
    named = raw.named()
    cells = named.loc[:, ~named.columns.duplicated()].reindex(columns=list(expected))
    return cells.astype("str"), frozenset(absent)


def check_filled(raw: Table) -> None:
    """Note that a table which a record cannot do without has no rows."""
    if raw.name in tables.REQUIRED and not len(raw.cells):
        raw.add(raw.problem("no_rows", "has a header but no rows; add them"))


def _unknown_column(raw: Table, heading: str) -> pd.DataFrame:
    expected = tables.columns(raw.name)
    if not heading:
        places = [str(i) for i, name in enumerate(raw.headings, start=1) if not name]
        message = f"column {', '.join(places)} has no name; name it or remove it"
        return raw.problem("unknown_column", message, line=raw.header_line)
    near = hint(heading, [name for name in expected if name not in raw.headings])
    way_out = near or f"; remove it, the columns are {', '.join(expected)}"
    message = f"{heading!r} is not a column of {raw.name}{way_out}"
    return raw.problem(
        "unknown_column", message, line=raw.header_line, column=heading, value=heading
    )


def _twice(raw: Table, heading: str) -> pd.DataFrame:
    message = f"{heading!r} is the name of more than one column; remove or rename the others"
    return raw.problem(
        "duplicate_column", message, line=raw.header_line, column=heading, value=heading
    )


def _absent_column(raw: Table, heading: str, unknown: list[str]) -> pd.DataFrame:
    description = tables.columns(raw.name)[heading].description
    near = hint(heading, unknown).replace("did you mean", "is it called")
    message = f"the column {heading!r} is missing{near or '; add it'} ({description})"
    return raw.problem("missing_column", message, line=raw.header_line, column=heading)
