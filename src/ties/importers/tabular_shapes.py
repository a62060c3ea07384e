"""Attributes of a shapefile: a row a record of its ``.dbf``, its line as a column ``geometry``."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.errors import UnreadableError
from ties.importers.mapping import GEOMETRY, TableMapping
from ties.importers.statements import read_limited
from ties.importers.tabular import MAX_CELLS
from ties.io.table import Table, cell_text, table_of

_POLYLINES: Final = (3, 13, 23)


def read(path: Path, mapping: TableMapping) -> Table:
    """Read the records of a ``.dbf``; of a ``.shp``, also its lines as WKT.

    The encoding is the mapping's, else that of a ``.cpg`` beside it, else UTF-8.
    """
    try:
        import shapefile  # type: ignore[import-untyped]
    except ImportError as error:
        raise UnreadableError(
            f"{path}: shapefiles need pyshp; install ties with the extra 'import'"
        ) from error
    read_limited(path)
    parts = {suffix: path.with_suffix(suffix) for suffix in (".dbf", ".shp")}
    if not parts[".dbf"].is_file():
        raise UnreadableError(f"{path} has no {parts['.dbf'].name} beside it; copy it there")
    encoding = mapping.encoding or _stated_encoding(path) or "utf-8"
    try:
        with parts[".dbf"].open("rb") as dbf:
            reader = shapefile.Reader(dbf=dbf, encoding=encoding, encodingErrors="strict")
            table = _table(path.name, reader)
        if path.suffix.lower() == ".shp":
            with path.open("rb") as shp:
                _add_lines(table, shapefile.Reader(shp=shp))
    except (shapefile.ShapefileException, struct.error, ValueError, LookupError, OSError) as error:
        # pyshp 3.1 wraps the error of decoding in one of its own, earlier ones let it through.
        if isinstance(error, UnicodeDecodeError) or "decode" in str(error):
            raise UnreadableError(
                f"{path} is not in {encoding}; name its encoding in the options of the mapping, "
                'as encoding = "cp1252"'
            ) from error
        raise UnreadableError(
            f"{path} is damaged or no shapefile ({type(error).__name__}); export it again"
        ) from error
    return table


def _stated_encoding(path: Path) -> str | None:
    stated = path.with_suffix(".cpg")
    if not stated.is_file():
        return None
    return read_limited(stated, 1_000).decode("ascii", errors="replace").strip() or None


def _table(file: str, reader: Any) -> Table:
    headings = [str(field[0]) for field in reader.fields if field[0] != "DeletionFlag"]
    n_rows = reader.numRecords or 0
    if n_rows * max(len(headings), 1) > MAX_CELLS:
        raise UnreadableError(f"{file} says that it has {n_rows:,} records; import it in parts")
    rows = [[cell_text(value).strip() for value in record] for record in reader.iterRecords()]
    if not rows or not headings:
        raise UnreadableError(f"{file} is empty; there is nothing to import")
    numbered = enumerate(rows, start=1)
    return table_of("statements", file, headings, numbered, reason="", unit="record")


def _add_lines(table: Table, reader: Any) -> None:
    lines = list(_lines(reader))
    if len(lines) != len(table.cells):
        raise UnreadableError(
            f"{table.file} has {len(lines)} shapes and {len(table.cells)} records; import its .dbf"
        )
    if any(lines):
        table.cells[len(table.headings)] = pd.Series(lines, dtype="str")
        table.headings.append(GEOMETRY)


def _lines(reader: Any) -> Iterator[str]:
    for shape in reader.iterShapes():
        is_line = shape.shapeType in _POLYLINES and len(shape.points) >= 2
        ends = (shape.points[0], shape.points[-1]) if is_line else ()
        text = ", ".join(f"{point[0]:.10g} {point[1]:.10g}" for point in ends)
        yield f"LINESTRING ({text})" if text else ""
