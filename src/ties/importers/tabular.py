"""Any flat table as rows of text, each with the place where it stood.

CSV in its kinds, workbooks, Parquet, JSON and the attributes of shapefiles come out alike: columns
by their place (a heading may be blank or stand twice), a row a row of the input, and a locator that
leads back to it. A row that does not fit its table is kept aside with the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from ties.errors import ERROR, WARNING, UnreadableError, describe, join
from ties.importers.date_words import fold
from ties.importers.heading_words import readings
from ties.importers.mapping import TableMapping
from ties.importers.statements import MAX_BYTES, read_limited
from ties.io.csv_reader import StructureError, cell_limit, records
from ties.io.parquet import frame_table, read_parquet
from ties.io.table import Table, table_of

MAX_CELLS: Final = 50_000_000
_DELIMITERS: Final = ",;\t|"
_N_TRIED: Final = 50
_OTHER_ENCODINGS: Final = "cp1252 (Western), cp1250 (Central European) or cp1251 (Cyrillic)"


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
        return _accepted(frame_table(source, "statements", "the frame"))
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
    rows: Sequence[tuple[int, Sequence[str]]], mapping: TableMapping, file: str, unit: str = "line"
) -> Table:
    """Return a table of rows of which one is the header, unless the mapping says otherwise.

    A row that is all blank is no row. A row longer or shorter than the header is broken. Titles
    above the header and remarks below the last row are no rows either, and are told.
    """
    first_line = mapping.header_line or 0
    rows = [(line, row) for line, row in rows if line >= first_line and any(row)]
    if not rows:
        raise UnreadableError(f"{file} is empty; there is nothing to import")
    titles: Sequence[tuple[int, Sequence[str]]] = []
    headings = list(mapping.names)
    if mapping.header:
        start = 0 if mapping.header_line else find_header([row for _, row in rows], mapping)
        titles, (_, header), rows = rows[:start], rows[start], rows[start + 1 :]
        headings = [cell.strip() for cell in header]
    n_rows = _end_of_rows([row for _, row in rows], len(headings))
    table = table_of("statements", file, headings, rows[:n_rows], reason=_RAGGED, unit=unit)
    table.add(_left_out(table, titles, _TITLE), _left_out(table, rows[n_rows:], _FOOTER))
    return table


_RAGGED: Final = "a cell with the delimiter in it needs quotes round it"
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


_TITLE: Final = (
    "title",
    "stands above the header and is no row; if it is the header, write header_line = {line} in the "
    "options of the mapping",
)
_FOOTER: Final = (
    "footer",
    "stands alone below the last row and was taken for a remark; if it is a tie, fill its other "
    "cells",
)


def _left_out(
    table: Table, rows: Sequence[tuple[int, Sequence[str]]], about: tuple[str, str]
) -> pd.DataFrame:
    """Which lines were taken for titles above the header or remarks below the rows."""
    rule, message = about
    return join(
        table.problem(
            rule,
            message.format(line=line),
            line=line,
            value=" ".join(cell for cell in row if cell)[:200],
            severity=WARNING,
        )
        for line, row in rows
    )


@cell_limit()
def _read_text(path: Path, mapping: TableMapping) -> Table:
    text = decode(read_limited(path, MAX_BYTES), path, mapping.encoding)
    if "\0" in text:
        raise UnreadableError(
            f"{path} holds a NUL character: it is damaged, no text, or UTF-16 without its mark; "
            'for the last, write encoding = "utf-16-le" in the options of the mapping'
        )
    delimiter = mapping.delimiter or _delimiter(text, mapping)
    lines = io.StringIO(text, newline="")
    try:
        rows = list(records(lines, delimiter, quotes=mapping.quotes))
    except StructureError as error:
        raise UnreadableError(
            f"{path}, line {error.line}: {error.message}, or write quotes = false in the options "
            "of the mapping"
        ) from error
    return with_header(rows, mapping, path.name)


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
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if mapping.quotes else csv.QUOTE_NONE
        try:
            rows = [row for row in csv.reader(lines, delimiter=delimiter, quoting=quoting) if row]
        except csv.Error:
            return False, 0.0, 0
        widths = [len(row) for row in rows[find_header(rows, mapping) :]]
        n_cells = widths[0] if widths else 0
        return n_cells > 1, widths.count(n_cells) / max(len(widths), 1), n_cells

    return max(_DELIMITERS, key=fit)


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
    return _accepted(read_parquet(path, "statements"))


def _accepted(table: Table) -> Table:
    """Return a table of which nothing need stop anybody, or refuse it."""
    if not table.is_readable:
        raise UnreadableError(describe(table.problems), table.problems)
    # A column of nested values is left out, and said; the others are read.
    table.problems["severity"] = table.problems["severity"].replace(ERROR, WARNING)
    table.cells = table.cells.fillna("")
    return table
