"""Tables as plain values, for formats that know text, numbers and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def as_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain values: days as text, what is missing as nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> as_records(pd.DataFrame({"n": pd.array([1, None], "Int64"), "day": pd.Timestamp("2018")}))
    [{'n': 1, 'day': '2018-01-01'}, {'n': None, 'day': '2018-01-01'}]
    """
    import pandas as pd

    plain = table.astype("object").where(table.notna(), None)
    for name in table.columns:
        if pd.api.types.is_datetime64_any_dtype(table[name]):
            days = table[name].dt.strftime("%Y-%m-%d").astype("object")
            plain[name] = days.where(table[name].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def write_json(document: Any, path: Path, *, indent: int | None = 2) -> None:
    """Write a document as UTF-8 JSON; a number that JSON does not know is refused."""
    text = json.dumps(document, indent=indent, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
