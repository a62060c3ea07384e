"""A workbook given back with what is wrong marked in it, and nothing else changed.

Each cell that a problem names is coloured and bears a comment; a sheet at the end lists all
problems. openpyxl carries the rest over, but for what it does not know: those parts are named.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ties.errors import ERROR, TiesError
from ties.io.atomic import whole_file
from ties.io.escape import plain

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_SHEET: Final = "ties problems"
_MARK: Final = "ties check: "
_COLOURS: Final = {ERROR: "FFF4B6A8", "warning": "FFFFE699"}
_COLUMNS: Final = ("severity", "cell", "column", "value", "message")
_HEADINGS: Final = ("", "Cell", "Column", "Value", "What is wrong, and what to do")
_WIDTHS: Final = (10, 10, 18, 28, 90)
# openpyxl writes these parts anew, under names of its own.
_REWRITTEN: Final = ("", "_rels", "docProps", "xl", "xl/_rels", "xl/worksheets/_rels", "xl/theme")


def mark_workbook(source: str | Path, problems: pd.DataFrame, out: str | Path) -> list[str]:
    """Write a workbook again with its problems marked.

    Parameters
    ----------
    source
        An .xlsx workbook, as `ties.check` read it.
    problems
        What `ties.check` found: of a row with a ``cell`` the cell is marked.
    out
        The workbook to write, another file than `source`.

    Returns
    -------
    list of str
        What of the workbook could not be kept, in words; empty if all was.

    Raises
    ------
    TiesError
        If `source` is no .xlsx workbook, or `out` is none or is `source` itself.
    """
    path, target = Path(source), Path(out)
    if path.suffix.lower() != ".xlsx" or target.suffix.lower() != ".xlsx":
        raise TiesError("marks need an .xlsx workbook, read and written; ties check prints them")
    if target.exists() and target.samefile(path):
        raise TiesError(f"{target} is the workbook itself; name another file")
    from openpyxl import load_workbook

    with warnings.catch_warnings(record=True) as caught:  # of extensions that are left out
        warnings.simplefilter("always", UserWarning)
        book = load_workbook(path, rich_text=True)
    n_formulas = _n_formulas(book)
    _mark_cells(book, problems)
    _list_problems(book, problems)
    with whole_file(target) as part:
        book.save(part)
        lost = _lost_parts(path, part)
    if n_formulas:
        lost.append(f"the results of {n_formulas:,} formulas, until a spreadsheet saves it again")
    return [*lost, *dict.fromkeys(plain(warning.message) for warning in caught)]


def _mark_cells(book: Workbook, problems: pd.DataFrame) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    # What is wrong with a whole row is said in its first cell.
    first = ("A" + problems["line"].astype("str")).where(problems["file"].str.endswith("]"))
    marked = problems.assign(cell=problems["cell"].fillna(first))
    of_cells = marked[marked["cell"].notna()]
    for key, found in of_cells.groupby(["file", "cell"], sort=False):
        file, where = map(str, key)
        sheet: Any = book[re.sub(r"^.*?\[(.*)\]$", r"\1", file)]
        cell: Any = sheet[_first_of_merged(sheet, where)]
        worst = ERROR if found["severity"].eq(ERROR).any() else "warning"
        cell.fill = PatternFill("solid", fgColor=_COLOURS[worst])
        marks = [_MARK + plain(message) for message in found["message"]]
        # What an earlier run wrote below somebody's own comment is replaced.
        own = "" if cell.comment is None else cell.comment.text.partition(_MARK)[0].rstrip()
        cell.comment = Comment("\n".join([*filter(None, [own]), *marks]), "ties", 120, 320)


def _first_of_merged(sheet: Any, where: str) -> str:
    """The cell that shows what is written at a place: the first of a merged area."""
    from openpyxl.utils.cell import coordinate_to_tuple

    row, column = coordinate_to_tuple(where)
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return str(sheet.cell(area.min_row, area.min_col).coordinate)
    return where


def _list_problems(book: Workbook, problems: pd.DataFrame) -> None:
    from openpyxl.styles import Alignment, Font

    if _SHEET in book.sheetnames:  # of an earlier run
        del book[_SHEET]
    sheet = book.create_sheet(_SHEET)
    shown = problems.assign(cell=problems["cell"].fillna(problems["line"].astype("str")))
    rows = shown[[*_COLUMNS]].astype("object").fillna("").to_numpy().tolist()
    for number, row in enumerate([[*_HEADINGS], *rows], start=1):
        for place, value in enumerate(row, start=1):
            cell: Any = sheet.cell(number, place, plain(value) or None)
            if cell.value is not None:
                cell.data_type = "s"  # never a formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _n_formulas(book: Workbook) -> int:
    cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return sum(cell.data_type == "f" for cell in cells)


def _lost_parts(before: Path, after: Path) -> list[str]:
    """Name the kinds of parts of which the new workbook has fewer."""
    old, new = (_parts(path) for path in (before, after))
    return [
        f"{n - new[kind]} of {n} parts of the kind {kind}"
        for kind, n in old.items()
        if n > new[kind]
    ]


def _parts(path: Path) -> Counter[str]:
    """Count the parts of a workbook by their kinds: "chart", "image", "pivotTable"."""
    with zipfile.ZipFile(path) as archive:
        names: Iterable[str] = [
            name
            for name in archive.namelist()
            if name.rpartition("/")[0] not in _REWRITTEN and not name.endswith((".rels", "/"))
        ]
    return Counter(
        re.sub(r"\d*\.\w+$", "", name.rpartition("/")[2]) for name in names if "omment" not in name
    )
