"""One XLSX workbook as tables of text, a sheet a table; a line is the number of the row.

Excel changes what people type: `1991-06` becomes a date, and a formula shows a value that is
not there. Where the workbook may say otherwise than its author meant, the cell is refused
with a way out; nothing is guessed. Numbers are taken as their shortest text, so a year typed
as 1991 is the date `1991`.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ties.errors import UnreadableError, join
from ties.io.table import Table, cell_text, table_of, unreadable

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# A workbook is held in memory whole, at about fifty times the size of its cells.
MAX_UNPACKED: Final = 100_000_000
MAX_CELLS: Final = 5_000_000

_OLE2: Final = bytes.fromhex("d0cf11e0a1b11ae1")

# What openpyxl and zipfile were seen to raise on damaged or foreign archives.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # broken XML
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,  # a compression unknown to zipfile
    RuntimeError,  # a zip archive with a password
)

_CELL_FAULTS: Final = {
    "formula": "holds a formula; paste its value",
    "excel_error": "holds an error of Excel; type the value",
    "excel_date": "was turned into a date by Excel; format the column as text and type it again, "
    "as 1991, 1991-06 or 1991-06-26",
    "truth_value": "is a truth value; format the column as text and type it again",
}


def open_workbook(path: Path) -> Workbook:
    """Open a workbook after seeing that it is one, and of a size that memory can bear.

    Raises
    ------
    UnreadableError
        If it is protected by a password, damaged, too large or not a workbook.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_archive(path)
    try:
        # openpyxl warns of every extension of Excel that it leaves out; none holds a cell.
        # Given a path, it would leave the file of a damaged workbook open.
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(stream, rich_text=False)
    except (*_DAMAGED, InvalidFileException) as error:
        raise UnreadableError(
            f"{path.name} is damaged or not an Excel workbook ({type(error).__name__}); "
            "open it in Excel and save it again as .xlsx"
        ) from error


def _check_archive(path: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(len(_OLE2))
    if start == _OLE2:
        raise UnreadableError(
            f"{path.name} is protected by a password, or is an old .xls file; "
            "save it as .xlsx without a password"
        )
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except _DAMAGED as error:
        raise UnreadableError(
            f"{path.name} is not an Excel workbook; save it as .xlsx, or give a folder of CSV files"
        ) from error
    if unpacked > MAX_UNPACKED:
        raise UnreadableError(
            f"{path.name} unpacks to {unpacked // 1_000_000} MB, more than the "
            f"{MAX_UNPACKED // 1_000_000} MB that a workbook may hold; save its sheets as CSV files"
        )


def sheets(workbook: Workbook) -> dict[str, Worksheet]:
    """The sheets of cells by their names, without spaces round them."""
    return {sheet.title.strip(): sheet for sheet in workbook.worksheets}


def read_sheet(sheet: Worksheet, name: str, book: str) -> Table:
    """Read one sheet as text.

    Parameters
    ----------
    sheet
        A sheet whose first row with anything in it is the header.
    name
        Which table it holds.
    book
        Name of the workbook's file.

    Returns
    -------
    Table
        Its rows but those that are all empty; what is wrong is in its `problems`.
    """
    file = f"{book}[{sheet.title}]"
    n_cells = sheet.max_row * sheet.max_column
    if n_cells > MAX_CELLS:
        message = (
            f"reaches down to row {sheet.max_row:,} and column {sheet.max_column:,}; "
            "delete the empty rows and columns, or save it as CSV"
        )
        return unreadable(name, file, "sheet_size", message)
    rows = list(_filled_rows(sheet))
    if not rows:
        return unreadable(name, file, "empty_file", "is empty; write the header, or remove it")
    table = _table(rows, name, file)
    if table.is_readable:
        table.add(_fault_problems(table, rows[1:]), _merged_problems(table, sheet))
    return table


def _filled_rows(sheet: Worksheet) -> Iterator[tuple[Cell, ...]]:
    for row in sheet.iter_rows():
        if any(_text(cell.value).strip() for cell in row):
            yield row  # type: ignore[misc]


def _table(rows: list[tuple[Cell, ...]], name: str, file: str) -> Table:
    """Make a table of the rows, without the columns on the right that hold nothing."""
    texts = [[_text(cell.value) for cell in row] for row in rows]
    width = max(place for row in texts for place, text in enumerate(row, start=1) if text.strip())
    header = [text.strip() for text in texts[0][:width]]
    if any(_fault(cell) for cell in rows[0][:width]):
        message = "the header holds a formula, a date or an error; type the names of the columns"
        return unreadable(name, file, "header", message, rows[0][0].row)
    numbered = [(row[0].row, text[:width]) for row, text in zip(rows, texts, strict=True)]
    (line, _), *below = numbered
    return table_of(name, file, header, below, reason="", header_line=line, unit="row")


def _text(value: object) -> str:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return cell_text(value)


def _fault(cell: Cell) -> str | None:
    """Name what makes a cell say otherwise than it seems, if anything does."""
    if cell.data_type == "f":
        return "formula"
    if cell.data_type == "e":
        return "excel_error"
    if isinstance(cell.value, dt.date | dt.time | dt.timedelta):
        return "excel_date"
    return "truth_value" if isinstance(cell.value, bool) else None


def _fault_problems(table: Table, rows: list[tuple[Cell, ...]]) -> pd.DataFrame:
    found: dict[tuple[str, int], list[int]] = {}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row[: len(table.headings)]):
            fault = _fault(cell)
            if fault is not None:
                found.setdefault((fault, place), []).append(number)
    return join(_one_fault(table, *key, numbers) for key, numbers in found.items())


def _one_fault(table: Table, fault: str, place: int, numbers: list[int]) -> pd.DataFrame:
    values = table.cells.iloc[numbers, place].tolist()
    messages = [f"{value!r} {_CELL_FAULTS[fault]}" for value in values]
    column = table.headings[place]
    return table.row_problems(np.array(numbers), fault, messages, column=column, values=values)


def _merged_problems(table: Table, sheet: Worksheet) -> pd.DataFrame:
    """Refuse every row that a merged cell touches: its value stands in one of them only."""
    merged: Iterable[tuple[str, int, int]] = [
        (cells.coord, cells.min_row, cells.max_row) for cells in sheet.merged_cells.ranges
    ]
    problems = []
    for where, first, last in merged:
        message = f"the cells {where} are merged; unmerge them and fill each"
        rows = np.flatnonzero((table.lines >= first) & (table.lines <= last))
        if not len(table.lines) or first < table.lines[0]:
            problems.append(table.problem("merged_cells", message, line=first))
        elif len(rows):
            problems.append(table.row_problems(rows, "merged_cells", [message] * len(rows)))
    return join(problems)
