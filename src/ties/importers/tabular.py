"""Any flat table as rows of text, each with the place where it stood.

CSV in its kinds, workbooks, Parquet, JSON and the attributes of shapefiles come out alike: columns
by their place (a heading may be blank or stand twice), a row a row of the input, and a locator that
leads back to it. A row that does not fit its table is kept aside with the reason.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from ties.errors import ERROR, WARNING, UnreadableError, describe, join, make_problems
from ties.importers.date_words import fold
from ties.importers.heading_words import readings
from ties.importers.mapping import TableMapping
from ties.importers.statements import MAX_BYTES, read_limited
from ties.io.csv_reader import MAX_CELL, cell_limit
from ties.io.parquet import frame_table, read_parquet
from ties.validate.raw import RawTable

MAX_CELLS: Final = 50_000_000
_DELIMITERS: Final = ",;\t|"
_N_TRIED: Final = 50
_OTHER_ENCODINGS: Final = "cp1252 (Western), cp1250 (Central European) or cp1251 (Cyrillic)"


@dataclass
class Table:
    """Rows of text.

    Parameters
    ----------
    file
        Name of the file.
    headings
        As written, in order; they may be blank or the same.
    cells
        Text, a row a row of the input; columns numbered as `headings`. A blank is "".
    locators
        Where each row stood: ``line 14``, ``row 14``, ``$[3]``.
    lines
        The line or row as a number, where there is one.
    broken
        Rows that do not fit, by their number: rule, reason and text. Their cells are blank.
    problems
        What reading found and nobody need be stopped by.
    """

    file: str
    headings: list[str]
    cells: pd.DataFrame
    locators: pd.Series
    lines: np.ndarray
    broken: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    problems: pd.DataFrame = field(default_factory=lambda: join([]))

    def as_json(self, rows: Sequence[int]) -> list[str]:
        """Rows as they were read, each an object by heading."""
        names = [
            f"{heading} (column {place})" if self.headings.count(heading) > 1 else heading
            for place, heading in enumerate(self.headings, start=1)
        ]
        found = self.cells.iloc[list(rows)].set_axis(names, axis=1).to_dict("records")
        texts = [json.dumps(row, ensure_ascii=False) for row in found]
        return [
            self.broken[row][2] if row in self.broken else text
            for row, text in zip(rows, texts, strict=True)
        ]


def read_table(
    source: str | Path | pd.DataFrame, mapping: TableMapping, sheet: str | None = None
) -> Table:
    """Read a table in whatever format its file's name says, or a frame.

    Parameters
    ----------
    source
        ``.csv``, ``.tsv``, ``.tab``, ``.txt``; ``.xlsx``, ``.xlsm``, ``.ods``, ``.xls``;
        ``.parquet``; ``.json``, ``.jsonl``, ``.ndjson``; ``.dbf``, ``.shp``; ``.html``, ``.htm``;
        or a frame, whose index counts for nothing.
    mapping
        Its options count, not its columns.
    sheet
        Sheet of a workbook, or number of a table of a page, instead of that of the mapping.

    Raises
    ------
    UnreadableError
        If there is no such file, or it is no table of its format.
    """
    from ties.importers import tabular_html, tabular_json, tabular_shapes, tabular_workbook

    if isinstance(source, pd.DataFrame):
        return _of_raw(frame_table(source, "rows", "the frame"))
    path = Path(source)
    readers: dict[str, Callable[[], Table]] = {
        **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), lambda: _read_text(path, mapping)),
        **dict.fromkeys(
            (".xlsx", ".xlsm", ".ods", ".xls"),
            lambda: tabular_workbook.read(path, mapping, sheet or mapping.sheet),
        ),
        ".parquet": lambda: _read_parquet(path),
        ".json": lambda: tabular_json.read(path),
        **dict.fromkeys((".jsonl", ".ndjson"), lambda: tabular_json.read_lines(path)),
        **dict.fromkeys((".dbf", ".shp"), lambda: tabular_shapes.read(path, mapping)),
        **dict.fromkeys(
            (".html", ".htm"), lambda: tabular_html.read(path, mapping, sheet or mapping.sheet)
        ),
    }
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise UnreadableError(f"{path} is in no format that is read here: {', '.join(readers)}")
    return readers[suffix]()


def with_header(
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    mapping: TableMapping,
    file: str,
    word: str = "line",
) -> Table:
    """Make a table of rows of which one is the header, unless the mapping says otherwise.

    A row that is all blank is no row. A row longer or shorter than the header is broken. Titles
    above the header and remarks below the last row are no rows either, and are told.
    """
    filled = [place for place, row in enumerate(rows) if any(row)]
    if mapping.header_line is not None:
        filled = [place for place in filled if lines[place] >= mapping.header_line]
    if not filled:
        raise UnreadableError(f"{file} is empty; there is nothing to import")
    titles: list[int] = []
    if mapping.header:
        is_open = mapping.header_line is None
        start = find_header([rows[place] for place in filled], mapping) if is_open else 0
        titles, filled = filled[:start], filled[start:]
        headings = [cell.strip() for cell in rows[filled.pop(0)]]
    else:
        headings = list(mapping.names)
    n_rows = _end_of_rows([rows[place] for place in filled], len(headings))
    footers, filled = filled[n_rows:], filled[:n_rows]
    width, blank = len(headings), [""] * len(headings)
    broken = {
        number: _ragged(rows[place], width)
        for number, place in enumerate(filled)
        if len(rows[place]) != width
    }
    fitting = [blank if n in broken else rows[place] for n, place in enumerate(filled)]
    cells = pd.DataFrame(fitting, columns=range(width), dtype="str")
    numbers = np.array([lines[place] for place in filled], dtype="int64")
    locators = pd.Series(numbers, dtype="int64").astype("str")
    table = Table(file, headings, cells, f"{word} " + locators, numbers, broken)
    table.problems = _left_out(rows, lines, titles, footers, file)
    return table


_N_TITLES: Final = 30
_MIN_REMARK: Final = 13


def find_header(rows: Sequence[Sequence[str]], mapping: TableMapping) -> int:
    """Return which row is the header: the first with two different cells that are headings.

    A cell is a heading if it is one that is known, or that the mapping names. Without such a row
    the first is the header.

    Examples
    --------
    >>> rows = [["Our partners", ""], ["as of 2024", ""], ["City", "Twin town"], ["Bonn", "Opole"]]
    >>> find_header(rows, TableMapping())
    2
    """
    named = {fold(key.strip()) for key in mapping.columns}
    for place, row in enumerate(rows[:_N_TITLES]):
        texts = {text for cell in row if (text := cell.strip())}
        if sum(bool(readings(text)) or fold(text) in named for text in texts) >= 2:
            return place
    return 0


def _end_of_rows(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many rows come before the remarks at the end: a sentence in the first cell."""
    n_rows = len(rows)
    while n_rows and width > 2:
        first, *others = rows[n_rows - 1]
        if any(others) or len(first) < _MIN_REMARK or " " not in first.strip():
            break
        n_rows -= 1
    return n_rows


def _left_out(
    rows: Sequence[Sequence[str]],
    lines: Sequence[int],
    titles: Sequence[int],
    footers: Sequence[int],
    file: str,
) -> pd.DataFrame:
    """Which lines were taken for titles above the header or remarks below the rows."""
    about = {
        "title": (titles, "stands above the header and is no row; if it is the header, write "
                  "header_line = {line} in the options of the mapping"),
        "footer": (footers, "stands alone below the last row and was taken for a remark; if it is "
                   "a tie, fill its other cells"),
    }  # fmt: skip
    return join(
        make_problems(
            [message.format(line=lines[place])],
            table="statements",
            file=file,
            rule=rule,
            lines=[lines[place]],
            values=[" ".join(cell for cell in rows[place] if cell)[:200]],
            severity=WARNING,
        )
        for rule, (places, message) in about.items()
        for place in places
    )


def _ragged(row: Sequence[str], width: int) -> tuple[str, str, str]:
    reason = (
        f"has {len(row)} cells where the header has {width}; "
        "a cell with the delimiter in it needs quotes round it"
    )
    return "ragged", reason, json.dumps(list(row), ensure_ascii=False)


@cell_limit()
def _read_text(path: Path, mapping: TableMapping) -> Table:
    text = decode(read_limited(path, MAX_BYTES), path, mapping.encoding)
    if "\0" in text:
        raise UnreadableError(
            f"{path} holds a NUL character: it is damaged, no text, or UTF-16 without its mark; "
            'for the last, write encoding = "utf-16-le" in the options of the mapping'
        )
    delimiter = mapping.delimiter or _delimiter(text, mapping)
    rows, lines = _records(text, delimiter, mapping.quotes, path)
    return with_header(rows, lines, mapping, path.name)


def decode(raw: bytes, path: Path, encoding: str | None) -> str:
    """The bytes of a file as text: in UTF-8, in UTF-16 with its mark, or as told."""
    is_wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    used = encoding or ("utf-16" if is_wide else "utf-8-sig")
    try:
        return raw.decode(used).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        way_out = (
            "name another encoding"
            if encoding
            else f"save it as UTF-8, or name its encoding in the options of the mapping, as "
            f'encoding = "cp1252": {_OTHER_ENCODINGS}'
        )
        byte = f"byte 0x{raw[error.start]:02X} of line {line}"
        name = used.removesuffix("-sig").upper()
        raise UnreadableError(f"{path} is not {name}: {byte}; {way_out}") from error


def _delimiter(text: str, mapping: TableMapping) -> str:
    """Find the sign that parts the first rows into as many cells as the header has."""
    lines = io.StringIO(text[: _N_TRIED * 2_000], newline="").readlines()[:_N_TRIED]
    lines = [line for line in lines[(mapping.header_line or 1) - 1 :] if line.strip()]

    def fit(delimiter: str) -> tuple[bool, float, int]:
        reader = csv.reader(lines, delimiter=delimiter, quoting=_quoting(mapping.quotes))
        try:
            rows = [row for row in reader if row]
        except csv.Error:
            return False, 0.0, 0
        widths = [len(row) for row in rows[find_header(rows, mapping) :]]
        n_cells = widths[0] if widths else 0
        return n_cells > 1, widths.count(n_cells) / max(len(widths), 1), n_cells

    return max(_DELIMITERS, key=fit)


def _quoting(quotes: bool) -> Literal[0, 3]:
    return csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE


def _records(
    text: str, delimiter: str, quotes: bool, path: Path
) -> tuple[list[list[str]], list[int]]:
    """Each record, with the line that it starts on as an editor counts it."""
    rows, lines, start = [], [], 1
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, quoting=_quoting(quotes)
    )
    try:
        for record in reader:
            rows.append(record)
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        reason = str(error)
        if "field larger" in reason:
            reason = f"a cell goes on for more than {MAX_CELL:,} characters"
        raise UnreadableError(
            f"{path}, line {start}: a quote opened here is not closed properly ({reason}); close "
            "it, write a quote inside quotes twice, or write quotes = false in the options of the "
            "mapping"
        ) from error
    return rows, lines


def _read_parquet(path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about = pq.ParquetFile(path).metadata
        n_cells = about.num_rows * about.num_columns
    except (pa.ArrowException, OSError):
        n_cells = 0  # the reader below says what is wrong
    if n_cells > MAX_CELLS:
        raise UnreadableError(f"{path} has {n_cells:,} cells; import it in parts")
    return _of_raw(read_parquet(path, "statements"))


def _of_raw(raw: RawTable) -> Table:
    if not raw.is_readable:
        raise UnreadableError(describe(raw.problems), raw.problems)
    # A column of nested values is left out, and said; the others are read.
    problems = raw.problems.assign(severity=raw.problems["severity"].replace(ERROR, "warning"))
    headings = [str(heading) for heading in raw.cells.columns]
    cells = raw.cells.set_axis(range(len(headings)), axis=1).fillna("").reset_index(drop=True)
    locators = "row " + pd.Series(raw.lines, dtype="int64").astype("str")
    return Table(raw.file, headings, cells, locators, raw.lines, problems=problems)
