"""Tables in JSON: a list of objects, columns by name, columns and rows apart, an object a line.

===============================================  ==================================
form                                             written by
===============================================  ==================================
``[{"a": 1}, {"a": 2}]``, ``{"data": [...]}``    most programs; pandas ``records``
``{"a": [1, 2]}``, ``{"a": {"0": 1, "1": 2}}``   R; pandas ``columns``
``{"columns": [...], "data": [[...], [...]]}``   pandas ``split``
one object a line                                JSON Lines
===============================================  ==================================

A nested value becomes its JSON text. Only numbers, texts and truths are cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ties.errors import WARNING, UnreadableError, join, shorten
from ties.importers.statements import MAX_BYTES, read_limited
from ties.importers.tabular import decode
from ties.io.json_text import whole_characters
from ties.io.table import Broken, Table, cell_text

# Where a list of rows lies in an object that wraps it.
_WRAPPERS: Final = ("data", "rows", "items", "records", "results", "ties")


class _TwiceError(ValueError):
    """An object names a key twice, so that one of its values would be lost."""


def read(path: Path) -> Table:
    """Read a table from one JSON document; a locator is a JSON path."""
    text = decode(read_limited(path, MAX_BYTES), path, None)
    try:
        found = _loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{path} {_why(error)}") from error
    where, rows = _rows(found, path)
    return _table(path.name, rows, np.full(len(rows), -1), where)


def read_lines(path: Path) -> Table:
    """Read a table with one JSON object a line; a line that is none is kept aside."""
    text = decode(read_limited(path, MAX_BYTES), path, None)
    # Not splitlines: a text may hold other line ends of Unicode.
    numbered = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    rows: list[object] = []
    for _, line in numbered:
        try:
            rows.append(_loads(line))
        except (ValueError, RecursionError) as error:
            rows.append(Broken("not_json", _why(error), line[:1_000]))
    return _table(path.name, rows, np.array([n for n, _ in numbered], dtype="int64"), "line")


def _loads(text: str) -> Any:
    # NaN and Infinity are no JSON; where a program writes them, the cell is blank.
    whole = whole_characters(text)
    return json.loads(whole, object_pairs_hook=_object, parse_constant=lambda _: None)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(next(key for key, _ in pairs if [k for k, _ in pairs].count(key) > 1))
    return found


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, _TwiceError):
        return f"names {shorten(str(error))} twice in one object; keep one of them"
    if isinstance(error, RecursionError):
        return "is nested too deeply for a table"
    if isinstance(error, json.JSONDecodeError):
        place = f"line {error.lineno}, column {error.colno}"
        return f"is not JSON ({error.msg} at {place}); write it again"
    return "holds a number of too many digits; write it as text"


def _rows(found: object, path: Path) -> tuple[str, list[Any]]:
    """Find the rows of a document, with the JSON path to their list."""
    if isinstance(found, list):
        return "$", found
    if isinstance(found, dict):
        headings, data = found.get("columns"), found.get("data")
        if isinstance(headings, list) and isinstance(data, list):
            return "$.data", [_named(headings, row) for row in data]
        for key in _WRAPPERS:
            if isinstance(found.get(key), list) and any(isinstance(i, dict) for i in found[key]):
                return f"$.{key}", found[key]
        if found and all(isinstance(value, list | dict) for value in found.values()):
            return "$", _of_columns(found, path)
    raise UnreadableError(f'{path} is no table; write a list of objects, as [{{"city": "Bonn"}}]')


def _named(headings: list[Any], row: object) -> object:
    if not isinstance(row, list) or len(row) != len(headings):
        return row if not isinstance(row, dict) else json.dumps(row, ensure_ascii=False)
    return dict(zip(map(str, headings), row, strict=True))


def _of_columns(found: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    columns = {
        name: dict(enumerate(column)) if isinstance(column, list) else column
        for name, column in found.items()
    }
    keys = next(iter(columns.values())).keys()
    for name, column in columns.items():
        if column.keys() != keys:
            raise UnreadableError(
                f"{path} has {len(column)} values under {shorten(name)} where the first column has "
                f"{len(keys)}; columns have a value for every row"
            )
    return [{name: columns[name][key] for name in columns} for key in keys]


def _table(file: str, rows: list[Any], lines: np.ndarray, unit: str) -> Table:
    broken = {n: _broken(row) for n, row in enumerate(rows) if not isinstance(row, dict)}
    objects: list[Mapping[str, Any]] = [row if isinstance(row, dict) else {} for row in rows]
    headings = list(dict.fromkeys(key for row in objects for key in row))
    if not headings:
        raise UnreadableError(f"{file} is empty; there is nothing to import")
    cells = {
        place: pd.Series([_text(row.get(heading)) for row in objects], dtype="str")
        for place, heading in enumerate(headings)
    }
    table = Table("statements", file, headings, pd.DataFrame(cells), lines, broken, unit=unit)
    table.add(*(_nested(table, heading, objects) for heading in headings))
    return table


def _broken(row: object) -> Broken:
    if isinstance(row, Broken):
        return row
    text = json.dumps(row, ensure_ascii=False)[:1_000]
    reason = "is no object with a value for each column; write it as one"
    return Broken("not_an_object", reason, text)


def _text(value: object) -> str:
    if value is None or isinstance(value, str | float):
        return cell_text(value)
    return json.dumps(value, ensure_ascii=False)


def _nested(table: Table, heading: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    n_nested = sum(isinstance(row.get(heading), list | dict) for row in rows)
    message = f"holds nested values in {n_nested} rows, which were read as their JSON text"
    found = table.problem("nested_value", message, column=heading, severity=WARNING)
    return found if n_nested else join([])
