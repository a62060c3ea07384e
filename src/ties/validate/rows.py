"""Each table by itself: pandera's checks of its columns, and what may not stand twice.

pandera reports in its own words and by column; here its failure cases become problems of
rows, in the reader's words. Uniqueness is ours, since of two rows alike the first may stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ties.dates import is_edtf
from ties.errors import InternalError, hint, join, shorten
from ties.io.table import Table
from ties.schema import tables

if TYPE_CHECKING:
    import pandera.pandas as pa

_NOUNS: Final = {
    ("places", "level"): "a level of place",
    ("ties", "kind"): "a kind of tie",
    ("events", "kind"): "an event kind",
    ("events", "side"): "a side",
    ("events", "reported_status"): "a reported status",
    ("sources", "kind"): "a kind of source",
    ("counts", "population"): "a population of a total",
    ("counts", "claims"): "a claim of a total",
}
_DATE_REWRITES: Final = (
    (r"(?:c\.?|ca\.?|circa|about|approx\.?|around)\s*(\d{4})", r"\1~"),
    (r"(\d{3})0['’]?s", r"\1X"),
    (r"(\d{4})\.0+", r"\1"),
    (r"(\d{4})\s*[-–—]\s*(\d{4})", r"\1/\2"),
    (r"(\d{4})[-/](\d)", r"\1-0\2"),
    (r"(\d{4})[./](\d\d)", r"\1-\2"),
    (r"(\d{4})[./](\d\d)[./](\d\d)", r"\1-\2-\3"),
    (r"(\d\d)\.(\d\d)\.(\d{4})", r"\3-\2-\1"),
    (r"(\d{4}-\d\d-\d\d)[T ]00:00(:00)?(\.0+)?", r"\1"),
)


def check_rows(raw: Table, typed: pd.DataFrame) -> pd.DataFrame:
    """The problems of a table that show without the other tables.

    Parameters
    ----------
    raw
        The file that the rows come from.
    typed
        Its rows with their types, see `ties.validate.cells.type_cells`.
    """
    return join([_column_problems(raw, typed), _twice(raw, typed)])


@cache
def model(table: str) -> pa.DataFrameSchema:
    """The pandera schema of a table; types and repeats are left to us.

    pandera is loaded here, since it takes as long as all else that a small record needs.
    """
    import pandera.pandas as pa

    def checks(column: tables.Column) -> list[pa.Check]:
        wanted: list[tuple[Any, Any]] = [
            (pa.Check.isin, [*column.codes] or None),
            (pa.Check.str_matches, column.pattern or None),
            (pa.Check.ge, column.least),
            (pa.Check.le, column.most),
        ]
        found = [check(given) for check, given in wanted if given is not None]
        return [*found, pa.Check(is_edtf, name="edtf")] if column.format == "edtf" else found

    described = tables.columns(table)
    return pa.DataFrameSchema(
        {name: pa.Column(None, checks(c), nullable=c.nullable) for name, c in described.items()},
        strict=True,
    )


def _column_problems(raw: Table, typed: pd.DataFrame) -> pd.DataFrame:
    import pandera.errors

    try:
        model(raw.name).validate(typed, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return join([])
    if cases["index"].isna().any():
        raise InternalError(f"{raw.name}: pandera refuses the form of the table, {cases!r}")
    groups = cases.groupby(["column", "check"], sort=False)
    return join(
        _failures(raw, typed, str(column), str(check), part["index"].to_numpy("int64"))
        for (column, check), part in groups
    )


def _failures(
    raw: Table, typed: pd.DataFrame, column: str, check: str, rows: np.ndarray
) -> pd.DataFrame:
    rule = check.partition("(")[0]
    if rule == "not_nullable":
        return _missing(raw, column, rows)
    code, explain = _EXPLAINERS[rule]
    values = typed[column].iloc[rows].astype("str")
    messages = {value: explain(raw.name, column, value) for value in values.unique()}
    return raw.row_problems(rows, code, values.map(messages), column=column, values=values.tolist())


def _missing(raw: Table, column: str, rows: np.ndarray) -> pd.DataFrame:
    description = tables.columns(raw.name)[column].description
    message = f"is missing; fill it in ({description})"
    return raw.row_problems(rows, "missing", [message] * len(rows), column=column)


def _explain_code(table: str, column: str, value: str) -> str:
    codes = tables.columns(table)[column].codes
    way_out = hint(value, codes) or f"; write one of {', '.join(codes)}"
    return f"{shorten(value)} is not {_NOUNS[table, column]}{way_out}"


def _explain_pattern(table: str, column: str, value: str) -> str:
    form = tables.columns(table)[column].format
    if column == "wikidata_id":
        return f"{shorten(value)} is not an id of Wikidata; write it as Q123"
    if not form:
        slug = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        meant = f"; did you mean {slug!r}?" if slug and len(slug) <= 60 else ""
        return f"{shorten(value)} is not a code of lower-case letters, digits and hyphens{meant}"
    example = {"country": "US", "claimed_by": "US", "region": "US-AK", "language": "en"}[column]
    return f"{shorten(value)} is not a code of {form}; write it as {example}"


def _explain_range(table: str, column: str, value: str) -> str:
    low, high = tables.columns(table)[column].least, tables.columns(table)[column].most
    if high is None:
        return f"{value} is less than {low}, the least it can be"
    swapped = ""
    if column == "latitude" and abs(float(value)) <= 180:
        swapped = "; are latitude and longitude swapped?"
    return f"{value} lies outside {low} to {high}{swapped}"


def _explain_date(_table: str, _column: str, value: str) -> str:
    meant = nearest_date(value)
    way_out = "write 1991, 1991-06, 1991-06-26, 199X, 1991~ or 1989/1991"
    if meant is not None:
        way_out = f"did you mean {meant!r}?"
    return f"{shorten(value)} is not an EDTF date; {way_out}"


def nearest_date(value: str) -> str | None:
    """The EDTF date that a text was probably meant to be, if it can be told.

    Examples
    --------
    >>> nearest_date("c. 1970"), nearest_date("1990s"), nearest_date("long ago")
    ('1970~', '199X', None)
    """
    for pattern, rewrite in _DATE_REWRITES:
        if match := re.fullmatch(pattern, value, flags=re.IGNORECASE | re.ASCII):
            meant = match.expand(rewrite)
            return meant if is_edtf(pd.Series([meant])).all() else None
    return None


_EXPLAINERS: Final[dict[str, tuple[str, Callable[[str, str, str], str]]]] = {
    "isin": ("code", _explain_code),
    "str_matches": ("pattern", _explain_pattern),
    "greater_than_or_equal_to": ("range", _explain_range),
    "less_than_or_equal_to": ("range", _explain_range),
    "edtf": ("date", _explain_date),
}


def _twice(raw: Table, typed: pd.DataFrame) -> pd.DataFrame:
    """Refuse a row whose key stands on an earlier row."""
    key = list(tables.KEYS[raw.name])
    is_whole = typed[key[0]].notna()
    keys = typed.loc[is_whole, key]
    again = keys[keys.duplicated()]
    if not len(again):
        return join([])
    # Of a large table few rows stand twice, and only these are put together.
    alike = keys[keys[key[0]].isin(again[key[0]])]
    first = alike.groupby(key, sort=False, dropna=False).ngroup()
    first_row = first.index.to_series().groupby(first).transform("min").loc[again.index]
    lines = raw.lines[first_row.to_numpy()]
    what = again[key[0]] if len(key) == 1 else pd.Series("the same row", index=again.index)
    messages = [
        f"{value if len(key) > 1 else shorten(value)} is already on line {line}; remove one"
        for value, line in zip(what, lines, strict=True)
    ]
    return raw.row_problems(
        again.index.to_numpy(),
        "duplicate_key",
        messages,
        column=key[0],
        values=again[key[0]].tolist(),
    )
