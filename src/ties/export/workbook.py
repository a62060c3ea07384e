"""The tables as one XLSX workbook to be edited by hand and read again by ``ties.read``.

A column of text is formatted as text down to the last row, so Excel leaves ``1991-06`` alone in
rows that are still to be written. A column of codes has a drop-down list, a column that refers to
another table a list of what is there, and each heading says what its column means. The sheets
``dictionary`` and ``codes`` are for the reader; they are no tables of the record. ``rows`` has the
rows of the table that the record was made of, if it was, under their own headings. Every text is
written as text: a name that begins with ``=`` is never a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesError
from ties.io.description import RECORD_SHEET, ROWS
from ties.io.writing import describe
from ties.schema.tables import TABLES, Column, columns

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_MAX_ROWS: Final = 1_048_576
_MAX_TEXT: Final = 32_767
_MAX_MESSAGE: Final = 255
_CODES: Final = "codes"
_DICTIONARY: Final = "dictionary"
_WIDEST: Final = 60
_NUMBERS: Final = ("float64", "Int64")
# Control characters have no place in a workbook, nor has what programs read as an escape of one.
# The last two of the class as they are: older parsers of patterns know no \u.
_NOT_IN_XLSX: Final = r"[\x00-\x08\x0b-\x1f" "\ufffe\uffff" r"]|_x[0-9A-Fa-f]{4}_"


def write_workbook(dataset: Dataset, path: Path) -> None:
    """Write a record as an XLSX workbook.

    Raises
    ------
    TiesError
        If a table or a text is larger than a workbook can hold, or a text holds a control
        character. Nothing is cut short.
    """
    from xlsxwriter import Workbook

    for name, table in {**dataset.tables, ROWS: dataset.rows}.items():
        check_fits(name, table)
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        # Without a date of its own the file would bear that of the day it was made.
        book.set_properties({"title": dataset.title, "created": dataset.as_of.to_pydatetime()})
        lists = _Sheets(book, dataset)
        for name in TABLES:
            lists.write_table(name)
        if len(dataset.rows):
            lists.write_rows()
        lists.write_record(describe(dataset))
        lists.write_dictionary()
        lists.write_codes()


def check_fits(name: str, table: pd.DataFrame) -> None:
    """Refuse what a sheet would cut short, alter or not hold.

    Raises
    ------
    TiesError
        If the table has too many rows, or a text is too long or holds a control character.
    """
    if len(table) >= _MAX_ROWS:
        raise TiesError(
            f"{name} has {len(table):,} rows and a sheet holds {_MAX_ROWS - 1:,}; "
            "export it as parquet"
        )
    for column in table.columns[[str(kind) == "str" for kind in table.dtypes]]:
        text = table[column].dropna()
        bad = text[(text.str.len() > _MAX_TEXT) | text.str.contains(_NOT_IN_XLSX)]
        if len(bad):
            row = int(np.flatnonzero(table.index == bad.index[0])[0]) + 1
            raise TiesError(
                f"{name}, column {column}, row {row}: "
                f"{bad.iloc[0][:40]!r} is too long for a cell, or holds a control character; "
                "mend it, or export as parquet"
            )


class _Sheets:
    """The sheets of one workbook, with the formats that they share."""

    def __init__(self, book: Workbook, dataset: Dataset) -> None:
        self.book = book
        self.dataset = dataset
        self.text = book.add_format({"num_format": "@", "valign": "top"})
        self.number = book.add_format({"valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self.codes = _codes()

    def write_table(self, name: str) -> None:
        """Write one table of the record."""
        frame = self.dataset.table(name)
        sheet = self._sheet(name, list(frame.columns))
        for place, (column, field) in enumerate(columns(name).items()):
            is_number = field.dtype in _NUMBERS
            form = self.number if is_number else self.text
            sheet.set_column(place, place, _width(frame[column]), form)
            self._write_column(sheet, place, frame[column], is_number)
            self._guide(sheet, place, column, field)

    def _write_column(
        self, sheet: Worksheet, place: int, values: pd.Series, is_number: bool
    ) -> None:
        write = sheet.write_number if is_number else sheet.write_string
        form = self.number if is_number else self.text
        for row, value in enumerate(values.tolist(), start=1):
            if not pd.isna(value):
                write(row, place, value, form)

    def _guide(self, sheet: Worksheet, place: int, column: str, field: Column) -> None:
        """Write under the heading what a column means; offer what may stand in it."""
        sheet.write_comment(0, place, field.description, {"x_scale": 2})
        source = self._choices(field)
        if source:
            rule = {
                "validate": "list",
                "source": source,
                "error_title": column,
                "error_message": field.description[:_MAX_MESSAGE],
                # A code that is not in the list is wrong; a reference may be to a row yet to come.
                "error_type": "stop" if field.codes else "warning",
            }
            sheet.data_validation(1, place, _MAX_ROWS - 1, place, rule)

    def _choices(self, field: Column) -> str | None:
        """The range that a column's values are taken from, if there is one."""
        if field.codes:
            letter = _letter([*self.codes].index(field.codes))
            return f"={_CODES}!${letter}$2:${letter}${len(field.codes) + 1}"
        if not field.references:
            return None
        table, key = field.references.split(".")
        letter = _letter([*columns(table)].index(key))
        return f"={table}!${letter}$2:${letter}${_MAX_ROWS}"

    def write_rows(self) -> None:
        """Write the source's own rows, with the tie that each became."""
        sheet = self._sheet(ROWS, [*self.dataset.rows])
        for place, (_, values) in enumerate(self.dataset.rows.items()):
            sheet.set_column(place, place, _width(values), self.text)
            self._write_column(sheet, place, values, is_number=False)

    def write_record(self, about: dict[str, Any]) -> None:
        """Write what the record says of itself."""
        sheet = self._sheet(RECORD_SHEET, ["key", "value"])
        sheet.set_column(0, 1, 24, self.text)
        for row, (key, value) in enumerate(about.items(), start=1):
            sheet.write_string(row, 0, key, self.text)
            said = " ".join(value) if isinstance(value, list) else value
            sheet.write_string(row, 1, said, self.text)

    def write_dictionary(self) -> None:
        """Write what every column means."""
        sheet = self._sheet(_DICTIONARY, ["table", "column", "may be missing", "meaning"])
        sheet.set_column(0, 2, 16, self.text)
        sheet.set_column(3, 3, _WIDEST * 1.5, self.text)
        rows = [
            (table, column, "yes" if field.nullable else "no", field.description)
            for table in TABLES
            for column, field in columns(table).items()
        ]
        for row, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell, self.text)

    def write_codes(self) -> None:
        """Write the codes that the drop-down lists offer."""
        sheet = self._sheet(_CODES, [*self.codes.values()])
        sheet.set_column(0, len(self.codes), 24, self.text)
        for place, words in enumerate(self.codes):
            for row, word in enumerate(words, start=1):
                sheet.write_string(row, place, word, self.text)

    def _sheet(self, name: str, headings: Sequence[str]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, self.head)
        return sheet


def _codes() -> dict[tuple[str, ...], str]:
    """The lists of codes there are, and where each is first used."""
    found: dict[tuple[str, ...], str] = {}
    for table in TABLES:
        for column, field in columns(table).items():
            if field.codes:
                found.setdefault(field.codes, f"{table}.{column}")
    return found


def _letter(place: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    letter: str = xl_col_to_name(place)
    return letter


def _width(values: pd.Series) -> int:
    longest = values.astype("str").str.len().max()
    own = 0 if pd.isna(longest) else int(longest)
    return min(max(own, len(str(values.name))) + 2, _WIDEST)
