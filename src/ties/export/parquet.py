"""The tables as Parquet, with what each column means inside the file.

Arrow and R read the description of a column from its field. DuckDB reads only what belongs to the
whole file, so all of it stands there too, under the keys ``description`` and ``columns`` (JSON).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ties.build import arrow_table
from ties.dataset import Dataset
from ties.io.writing import write_description
from ties.schema.tables import TABLES, columns

if TYPE_CHECKING:
    import pyarrow as pa


def write_parquet(dataset: Dataset, folder: Path) -> None:
    """Write a Parquet file a table, and ``record.toml``; ``ties.read`` takes the folder back."""
    import pyarrow.parquet as pq

    for name in TABLES:
        described = _described(dataset.table(name), name, dataset.licence)
        pq.write_table(described, folder / f"{name}.parquet", compression="zstd")
    write_description(dataset, folder)


def _described(frame: pd.DataFrame, table: str, licence: str) -> pa.Table:
    """A table whose columns and file say what they mean."""
    fields = columns(table)
    notes = {
        name: {"description": field.description, **field.notes} for name, field in fields.items()
    }
    found = arrow_table(frame)
    schema = found.schema
    for place, name in enumerate(schema.names):
        schema = schema.set(place, schema.field(place).with_metadata(notes[name]))
    about = {
        "description": TABLES[table].description,
        "columns": json.dumps(notes, ensure_ascii=False),
        "licence": licence,
    }
    return found.cast(schema.with_metadata({**(found.schema.metadata or {}), **about}))
