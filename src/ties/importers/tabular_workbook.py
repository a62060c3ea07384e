"""One sheet of a workbook as a table; a line is the number of the row.

A formula counts by the value that was last worked out. A real date cell counts as far as it is
shown: where the format of the cell shows a month and a year, the first of the month that
the workbook keeps behind it is nobody's statement, and the cell is read as the month.

XLSX is read with openpyxl, cell by cell. (calamine, several times as fast, makes room for every
cell up to the last one, so that one cell far out ends the process; it also leaves out how a date
is shown.) ODS and XLS are read with calamine; there a first of the month is read as the month.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.errors import WARNING, UnreadableError, hint, join, make_problems
from ties.importers.mapping import TableMapping
from ties.importers.statements import MAX_BYTES, read_limited
from ties.importers.tabular import with_header
from ties.io.table import Table, cell_text
from ties.io.workbook import _DAMAGED, MAX_CELLS, MAX_UNPACKED, _check_archive

_EXCEL_ERROR: Final = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!)")
# Quoted words, colours and locales in a number format are no part of the date.
_DECORATION: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def read(path: Path, mapping: TableMapping, sheet: str | None = None) -> Table:
    """Read one sheet, the first unless it is named."""
    read_limited(path, MAX_BYTES)
    is_xlsx = path.suffix.lower() in (".xlsx", ".xlsm")
    title, rows, n_months = (_read_xlsx if is_xlsx else _read_other)(path, sheet)
    n_merged = sum(_repeat_down(rows, area) for area in _merged_areas(path, title, is_xlsx))
    file = f"{path.name}[{title}]"
    width = max((n for row in rows for n, cell in enumerate(row, 1) if cell), default=0)
    if len(rows) * width > MAX_CELLS:  # made even, one cell far out would fill the memory
        raise _too_large(path)
    # A row ends with its last cell; blanks to the right of it belong to it all the same.
    even = [[*row, *[""] * (width - len(row))][:width] for row in rows]
    table = with_header([*enumerate(even, start=1)], mapping, file, "row")
    table.add(_errors(table), _months(table, n_months), _merged_cells(table, n_merged))
    return table


def _read_xlsx(path: Path, sheet: str | None) -> tuple[str, list[list[str]], int]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _check_archive(path)
    try:
        with warnings.catch_warnings():  # of extensions of Excel that hold no cell
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(path, read_only=True, data_only=True)
            titles = {one.title: one for one in book.worksheets}
            found = titles[_chosen(list(titles), sheet, path)]
            # The size that a file states may be wrong, and rows beyond it would be lost.
            found.reset_dimensions()
            rows = _texts(found.iter_rows(), _cell_text, path)
            book.close()
    except (*_DAMAGED, InvalidFileException) as error:
        raise _damaged(path, error) from error
    return found.title, rows, 0


_AREA: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")


def _merged_areas(path: Path, title: str, is_xlsx: bool) -> list[str]:
    """Return the merged cells of a sheet of an XLSX workbook, such as A5:A9."""
    if not is_xlsx:
        return []
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    with zipfile.ZipFile(path) as archive:
        content = archive.read(book[title]._worksheet_path)  # type: ignore[attr-defined]
    book.close()
    found = re.findall(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:$]{1,30})"', content)
    return [area.decode("ascii") for area in found]


def _repeat_down(rows: list[list[str]], area: str) -> int:
    """The cells of a merged one its value, where it spans several rows; return how many."""
    from openpyxl.utils import column_index_from_string

    found = _AREA.fullmatch(area)
    if found is None:
        return 0
    column = column_index_from_string(found[1]) - 1
    first, last = int(found[2]) - 1, min(int(found[4]), len(rows))
    if first >= len(rows) or column >= len(rows[first]) or not rows[first][column]:
        return 0
    for row in rows[first + 1 : last]:
        row.extend([""] * (column + 1 - len(row)))
        row[column] = rows[first][column]
    return max(last - first - 1, 0)


def _merged_cells(table: Table, n_merged: int) -> pd.DataFrame:
    message = f"{n_merged} cells are merged with the one above and were given its value"
    return make_problems(
        [message] if n_merged else [],
        table="statements",
        file=table.file,
        rule="merged_cells",
        severity=WARNING,
    )


def _read_other(path: Path, sheet: str | None) -> tuple[str, list[list[str]], int]:
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise UnreadableError(
            f"{path}: {path.suffix} workbooks need python-calamine; install ties with the extra "
            "'import', or save it as .xlsx"
        ) from error
    if path.suffix.lower() == ".ods":
        _check_archive(path)
    try:
        if path.suffix.lower() == ".ods":
            _check_repeats(path)
        book = calamine.CalamineWorkbook.from_path(str(path))
        title = _chosen(book.sheet_names, sheet, path)
        found = book.get_sheet_by_name(title)
        if found.total_height * found.total_width > MAX_CELLS:
            raise _too_large(path)
        values = found.to_python(skip_empty_area=False)
    except (calamine.CalamineError, calamine.PasswordError, ValueError, OSError) as error:
        raise _damaged(path, error) from error
    days = [value for row in values for value in row if isinstance(value, dt.date)]
    return title, _texts(values, _bare_text, path), sum(day.day == 1 for day in days)


def _check_repeats(path: Path) -> None:
    """Refuse an ODS in which a cell, said to be repeated, would fill the memory.

    calamine makes every repetition; a file of a hundred bytes can ask for a hundred gigabytes.
    """
    from defusedxml.ElementTree import iterparse

    n_characters = 0
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        for _, row in iterparse(content):
            if not row.tag.endswith("}table-row"):
                continue
            texts = [("".join(cell.itertext()), _repeated(cell, "columns")) for cell in row]
            in_row = sum((1 + len(text)) * times for text, times in texts if text)
            n_characters += in_row * _repeated(row, "rows")
            if n_characters > MAX_UNPACKED:
                raise _too_large(path)
            row.clear()


def _repeated(element: Any, what: str) -> int:
    times = (v for name, v in element.attrib.items() if name.endswith(f"}}number-{what}-repeated"))
    return int(next(times, 1))


def _chosen(titles: list[str], sheet: str | None, path: Path) -> str:
    if not titles:
        raise UnreadableError(f"{path} has no sheet with cells")
    if sheet is None:
        return titles[0]
    if sheet not in titles:
        way_out = hint(sheet, titles) or f"; it has {', '.join(titles[:10])}"
        raise UnreadableError(f"{path} has no sheet {sheet!r}{way_out}")
    return sheet


def _texts(
    rows: Iterable[Iterable[Any]], text: Callable[[Any], str], path: Path
) -> list[list[str]]:
    texts, n_cells = [], 0
    for row in rows:
        cells = [text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        n_cells += len(cells) + 1
        if n_cells > MAX_CELLS:
            raise _too_large(path)
        texts.append(cells)
    return texts


def _cell_text(cell: Any) -> str:
    """A cell of openpyxl as text, a date no more exactly than it is shown."""
    value = cell.value
    if isinstance(value, dt.datetime | dt.date):
        shown = _DECORATION.sub("", cell.number_format or "").lower()
        if "d" not in shown and "y" in shown:
            return f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}"
    return _plain_text(value)


def _bare_text(value: object) -> str:
    """A value of calamine as text; how a date is shown is not known."""
    if isinstance(value, dt.date) and value.day == 1:
        return f"{value:%Y-%m}"
    return _plain_text(value)


def _plain_text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return cell_text(value)


def _errors(table: Table) -> pd.DataFrame:
    """Blank the cells that hold an error of the spreadsheet, and say so."""
    is_error = table.cells.apply(lambda column: column.str.fullmatch(_EXCEL_ERROR))
    problems = []
    for place in table.cells.columns[is_error.any()]:
        rows = is_error[place].to_numpy(bool)
        problems.append(
            make_problems(
                ["holds an error of the spreadsheet and was left blank; type the value"]
                * int(rows.sum()),
                table="statements",
                file=table.file,
                rule="excel_error",
                column=table.headings[place],
                lines=table.lines[rows],
                values=table.cells.loc[rows, place].tolist(),
                severity=WARNING,
            )
        )
    table.cells = table.cells.mask(is_error, "")
    return join(problems)


def _months(table: Table, n_months: int) -> pd.DataFrame:
    message = (
        f"{n_months} date cells hold a first of the month, which may stand for the month alone; "
        "they were read as the month (save it as .xlsx to keep how they are shown)"
    )
    return make_problems(
        [message] if n_months else [],
        table="statements",
        file=table.file,
        rule="date_cell",
        severity=WARNING,
    )


def _damaged(path: Path, error: Exception) -> UnreadableError:
    return UnreadableError(
        f"{path} is damaged, locked by a password, or not what its name says "
        f"({type(error).__name__}); open it and save it again as .xlsx without a password"
    )


def _too_large(path: Path) -> UnreadableError:
    return UnreadableError(
        f"{path} reaches over more than {MAX_CELLS:,} cells; delete the empty rows and columns, "
        "or save the sheet as CSV"
    )
