"""A record written as a folder of tables, as `ties.read` takes it back."""

from __future__ import annotations

import json
from pathlib import Path

from ties.dataset import Dataset
from ties.io.description import RECORD_FILE
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
        path = target / f"{name}.csv"
        # People open these in a spreadsheet, and an import is made of what strangers wrote.
        table = escape_formulas(dataset.table(name))
        table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    write_description(dataset, target)
    return target


def write_description(dataset: Dataset, folder: Path) -> None:
    """Write what a record says of itself, as ``record.toml``."""
    # A JSON text without control characters is a TOML text too.
    about = {key: value for key, value in describe(dataset).items() if value or key != "licence"}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in about.items()]
    (folder / RECORD_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def describe(dataset: Dataset) -> dict[str, str | list[str]]:
    """Give what a record says of itself as plain values."""
    return {
        "name": dataset.name,
        "title": dataset.title,
        "as_of": str(dataset.as_of.date()),
        "countries": list(dataset.countries),
        "licence": dataset.licence,
    }
