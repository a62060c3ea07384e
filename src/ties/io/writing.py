"""A record written as a folder of tables, as `ties.read` takes it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ties.dataset import Dataset
from ties.io.description import RECORD_FILE, ROWS
from ties.io.escape import escape_formulas
from ties.schema.tables import TABLES


def write_record(dataset: Dataset, folder: str | Path) -> Path:
    """Write a record into a folder: a CSV file a table, and ``record.toml``.

    Reading it back gives the same tables. Nothing of the data is altered: a name that a
    spreadsheet would take for a formula stays that name.

    Parameters
    ----------
    dataset
        A record.
    folder
        A folder that is made if need be; files of these names in it are replaced.

    Examples
    --------
    >>> import tempfile, ties
    >>> record = ties.load("us-russia")
    >>> with tempfile.TemporaryDirectory() as home:
    ...     again = ties.read(write_record(record, Path(home) / "copy"))
    >>> again.events.equals(record.events)
    True
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        write_csv(dataset.table(name), target / f"{name}.csv")
    if len(dataset.rows):
        write_csv(dataset.rows, target / f"{ROWS}.csv")
    write_description(dataset, target)
    return target


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table that people open in a spreadsheet: no text of it is a formula there."""
    escape_formulas(table).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_description(dataset: Dataset, folder: Path) -> None:
    """Write what a record says of itself, as ``record.toml``."""
    about = {key: value for key, value in describe(dataset).items() if value or key != "licence"}
    (folder / RECORD_FILE).write_text(as_toml(about), encoding="utf-8", newline="\n")


def as_toml(values: Mapping[str, object]) -> str:
    """Render keys with plain values as TOML, a line each.

    Examples
    --------
    >>> print(as_toml({"name": "ours", "bytes": 3}))
    name = "ours"
    bytes = 3
    <BLANKLINE>
    """
    # A JSON text without control characters is a TOML text too.
    return "".join(f"{key} = {json.dumps(v, ensure_ascii=False)}\n" for key, v in values.items())


def describe(dataset: Dataset) -> dict[str, str | list[str]]:
    """What a record says of itself as plain values."""
    return {
        "name": dataset.name,
        "title": dataset.title,
        "as_of": str(dataset.as_of.date()),
        "countries": list(dataset.countries),
        "licence": dataset.licence,
    }
