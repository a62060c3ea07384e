"""Text to values: numbers, codes, dates and words, with a problem for each cell that is none.

Text is taken without the spaces round it and in the composed form of Unicode (NFC), so that
two ways to write ``й`` are one word. An empty cell is missing. Nothing else means missing:
``NA`` is Namibia, and ``n/a`` in a column of numbers is a problem.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ties.errors import join, shorten
from ties.io.table import Table
from ties.schema import tables

# A whole number may come with a zero fraction, as pandas and Excel write it beside gaps.
_WHOLE: Final = r"[+-]?[0-9]{1,15}(\.0*)?"
_NUMBER: Final = r"[+-]?[0-9]{1,15}(\.[0-9]*)?([eE][+-]?[0-9]{1,2})?"
_INVISIBLE: Final = "\ufeff\u200b"


def clean_text(text: pd.Series) -> pd.Series:
    """Strip and compose text; what is empty then is missing.

    Examples
    --------
    >>> clean_text(pd.Series([" Omsk ", "", "и\u0306"], dtype="str")).tolist()
    ['Omsk', nan, 'й']
    """
    # By Arrow itself, which holds the text: pandas calls the same, and takes longer to get there.
    cells = pa.array(text.array, type=pa.large_string(), from_pandas=True)
    cells = pc.utf8_trim(pc.utf8_trim_whitespace(cells), _INVISIBLE)
    cells = pc.utf8_trim_whitespace(cells)
    is_wide = pc.invert(pc.string_is_ascii(cells)).fill_null(False).to_numpy(zero_copy_only=False)
    cells = pc.if_else(pc.equal(cells, ""), None, cells)
    clean = pd.Series(pd.array(cells, dtype="str"), text.index, name=text.name)
    if is_wide.any():
        # Not by Arrow, whose older versions leave such text as it is.
        clean = clean.mask(is_wide, clean[is_wide].str.normalize("NFC"))
    return clean


def type_cells(raw: Table, cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with its columns in their types.

    Parameters
    ----------
    raw
        The file that the cells come from.
    cells
        Text under the columns of the table.

    Returns
    -------
    typed
        The same rows; missing where a cell is empty or has no value of the type. Codes are
        categories as they occur, not yet as the vocabulary has them.
    problems
        A row for each cell without a value of its type.
    """
    typed, problems = {}, []
    for name, column in tables.columns(raw.name).items():
        text = clean_text(cells[name])
        kind = column.dtype
        if kind in ("Int64", "float64"):
            is_number = text.str.fullmatch(_WHOLE if kind == "Int64" else _NUMBER).fillna(False)
            problems.append(_untyped(raw, text[text.notna() & ~is_number.astype(bool)], kind))
            typed[name] = _numbers(text.where(is_number.astype(bool)), kind)
        else:
            typed[name] = text.astype("category") if kind == "category" else text
    return pd.DataFrame(typed), join(problems)


def to_vocabulary(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of codes as categories, in the order of their vocabulary."""
    codes = {
        name: pd.CategoricalDtype([*column.codes])
        for name, column in tables.columns(table).items()
        if column.codes
    }
    return frame.astype(codes)


def _numbers(text: pd.Series, kind: str) -> pd.Series:
    # By way of Python's float, which rounds right to the last digit; pandas' parser may not.
    values = np.full(len(text), np.nan)
    is_given = text.notna().to_numpy()
    values[is_given] = text[is_given].to_numpy(dtype=object).astype("float64")
    number: pd.Series = pd.Series(values, index=text.index).astype(pd.api.types.pandas_dtype(kind))
    return number


def _untyped(raw: Table, text: pd.Series, kind: str) -> pd.DataFrame:
    noun = {"Int64": "a whole number", "float64": "a number"}[kind]
    advice = "write it in digits, with a point for decimals" if kind == "float64" else "use digits"
    messages = [f"{shorten(value)} is not {noun}; {advice}, or leave it empty" for value in text]
    rows = text.index.to_numpy()
    return raw.row_problems(rows, "type", messages, column=str(text.name), values=text.tolist())
