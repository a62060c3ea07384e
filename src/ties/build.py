"""From the record to tables ready for use: one row a tie, episodes, a yearly panel, the stock.

The built folder is a Frictionless data package: each table as CSV and as Parquet, and a
``datapackage.json`` that says what every column means and holds a checksum of every file. It
knows no clock, so the same record under the same rule gives the same bytes; and it is written
whole or not at all, so that nobody reads half of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ties.dataset import Dataset
from ties.io.atomic import check_replaceable, whole_folder
from ties.io.escape import escape_formulas
from ties.lifecycle.engine import AXES
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.panel import RISKS, panel
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.schema.vocabulary import ACTIVITY_STATES, BASES, FORMAL_STATES, STATUSES, TIE_KINDS
from ties.stats.decline import stock_by_status

if TYPE_CHECKING:
    import pyarrow as pa

PACKAGE: Final = "datapackage.json"
FORMATS: Final = ("csv", "parquet")
_MEDIA: Final = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_VERSIONS: Final = ("creator", "pandas_version")
_BOUND: Final = "missing if that is not known"
_BASIS: Final = "What says so: an event (recorded), a source (reported), or the rule (inferred)."
_OWN: Final = "As the rows of the source have it, in its own words."


@dataclass(frozen=True)
class Built:
    """What one built table holds: a sentence, its key, and what each column means."""

    description: str
    key: tuple[str, ...]
    columns: Mapping[str, str]


def _side(side: str) -> dict[str, str]:
    return {
        f"name_{side}": f"Current English name of `place_{side}`.",
        f"country_{side}": f"Country of `place_{side}` (ISO 3166-1 alpha-2).",
        f"region_{side}": f"Region of `place_{side}` (ISO 3166-2).",
        f"latitude_{side}": f"Latitude of `place_{side}`, degrees (WGS 84), north positive.",
        f"longitude_{side}": f"Longitude of `place_{side}`, degrees (WGS 84), east positive.",
    }


TABLES: Final[dict[str, Built]] = {
    "tie_table": Built(
        "A row is a tie, with its founding and its state on the day looked from.",
        ("tie_id",),
        {
            "tie_id": "Code of the tie.",
            "place_a": "Code of the place that sorts first.",
            "place_b": "Code of the place that sorts second.",
            "kind": "Form of the tie; missing if no source states it.",
            **_side("a"),
            **_side("b"),
            "is_disputed": "Whether another country claims one of the places.",
            "founded_earliest": f"First day on which the tie can have been founded; {_BOUND}.",
            "founded_latest": f"Last day on which it can have been founded; {_BOUND}.",
            "founding_decade": "First year of the decade of founding; missing unless certain.",
            "formal": "What the governments had decided, on the day looked from.",
            "activity": "Whether there were signs of life, on the day looked from.",
            "status": "The one status that follows; missing if the tie did not stand yet.",
            "status_since": "Day from which that status certainly held.",
            "basis": _BASIS,
            "last_activity": "Last day of the last sign of life.",
            "n_events": "Events known that had happened by the day looked from.",
            "n_sources": "Sources that attest them.",
        },
    ),
    "episodes": Built(
        "A row is a stretch of a tie's life in one state on one axis.",
        ("tie_id", "axis", "start_latest"),
        {
            "tie_id": "Code of the tie.",
            "axis": "formal, activity, or the status that follows from both.",
            "state": "The state on that axis.",
            "start_earliest": f"First day on which it can have begun; {_BOUND}.",
            "start_latest": "Day by which it had certainly begun: where episodes meet.",
            "end_earliest": f"First day on which it can have ended; {_BOUND}.",
            "end_latest": "Day by which it had certainly ended; missing while it holds.",
            "event_id": "Event that began it; missing if inferred.",
            "basis": _BASIS,
        },
    ),
    "panel": Built(
        "A row is a tie in a year: its state on 31 December, in the last year on the day looked "
        "from. A tie has no row for a year at whose end it did not stand yet, and none after the "
        "year in which it ended for good.",
        ("tie_id", "year"),
        {
            "tie_id": "Code of the tie.",
            "year": "Calendar year.",
            **{
                f"{name}_{side}": text
                for name in ("name", "country", "region")
                for side in "ab"
                for text in [_side(side)[f"{name}_{side}"]]
            },
            "is_disputed": "Whether another country claims one of the places.",
            "founding_decade": "First year of the decade of founding; missing unless certain.",
            "age": "Calendar years since that of the founding; missing unless its year is certain.",
            "formal": "What the governments had decided.",
            "activity": "Whether there were signs of life.",
            "status": "The one status that follows.",
            "basis": _BASIS,
            **{
                f"at_risk_{risk}": f"Whether {risk} was possible as the tie stood when the year "
                "began; never in its first year."
                for risk in RISKS
            },
            **{
                f"event_{risk}": f"Whether it was at risk and {risk} had come by the year's end."
                for risk in RISKS
            },
        },
    ),
    "stock": Built(
        "A row is a year: how many ties were in each status on 31 December, in the last year on "
        "the day looked from. A tie that only a search found silent counts as without information.",
        ("year",),
        {
            "year": "Calendar year.",
            **{code: f"Ties. {term.definition}" for code, term in STATUSES.items()},
            "total": "Ties that stood or had stood.",
        },
    ),
}
_CODES: Final[dict[str, list[str]]] = {
    "kind": [*TIE_KINDS],
    "formal": [*FORMAL_STATES],
    "activity": [*ACTIVITY_STATES],
    "status": [*STATUSES],
    "basis": [*BASES],
    "axis": [*AXES],
}


def build(
    dataset: Dataset,
    out: str | Path,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> Path:
    """Write the built tables of a record into a folder.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.
    out
        Folder to write. One that holds an earlier build is replaced; one that holds anything
        else is refused.

    Returns
    -------
    Path
        The folder: `TABLES` as CSV and Parquet, and ``datapackage.json``.

    Raises
    ------
    OutputError
        If the folder holds other files, or cannot be written. What stood there still stands.

    Examples
    --------
    >>> import tempfile, ties
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = build(ties.load("us-russia"), Path(folder) / "out")
    ...     sorted(path.name for path in made.glob("*.csv"))
    ['episodes.csv', 'panel.csv', 'stock.csv', 'tie_table.csv']
    """
    check_replaceable(Path(out), _not_of_a_build)
    tables = build_tables(dataset, rule, as_of, known_by)
    with whole_folder(Path(out), _not_of_a_build) as folder:
        _write(tables, folder, dataset)
    return Path(out)


def build_tables(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> dict[str, pd.DataFrame]:
    """The built tables of a record by name, as `TABLES` describes them.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.

    Examples
    --------
    >>> import ties
    >>> list(build_tables(ties.load("us-russia")))
    ['tie_table', 'episodes', 'panel', 'stock']
    """
    return {
        "tie_table": tie_table(dataset, rule, as_of, known_by),
        "episodes": lifecycle(dataset, rule, as_of, known_by),
        "panel": panel(dataset, rule=rule, as_of=as_of, known_by=known_by),
        # Totals leave disputed ties out; the rows of the other tables say which they are.
        "stock": stock_by_status(
            lifecycle(dataset.without_disputed(), rule, as_of, known_by)
        ).reset_index(),
    }


def _write(tables: Mapping[str, pd.DataFrame], folder: Path, dataset: Dataset) -> None:
    resources = []
    for name, table in tables.items():
        _write_csv(table, folder / f"{name}.csv")
        _write_parquet(table, folder / f"{name}.parquet")
        resources += [_resource(name, table, folder / f"{name}.{kind}") for kind in FORMATS]
    about = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": folder_name(dataset.name) or "record",
        "title": dataset.title or dataset.name,
        "description": "Built from a record of dated, sourced events; see `rule` and `as_of`.",
        **tables["tie_table"].attrs,
        "resources": resources,
    }
    text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    escape_formulas(table).to_csv(
        path, index=False, lineterminator="\n", encoding="utf-8", date_format="%Y-%m-%d"
    )


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(arrow_table(table), path, compression="zstd")


def arrow_table(table: pd.DataFrame) -> pa.Table:
    """A table for Parquet: what pandas notes keeps its types and `attrs`.

    The versions in that note would change the bytes of a file, and are left out.
    """
    import pyarrow as pa

    columns = pa.Table.from_pandas(table, preserve_index=False)
    note = json.loads(columns.schema.metadata[b"pandas"])
    kept = {key: value for key, value in note.items() if key not in _VERSIONS}
    return columns.replace_schema_metadata({b"pandas": json.dumps(kept).encode()})


def _resource(name: str, table: pd.DataFrame, path: Path) -> dict[str, Any]:
    """Describe one file for the data package."""
    kind, content, built = path.suffix[1:], path.read_bytes(), TABLES[name]
    return {
        "name": name if kind == "csv" else f"{name}.{kind}",
        "path": path.name,
        "type": "table",
        "description": built.description,
        "format": kind,
        "mediatype": _MEDIA[kind],
        **({"encoding": "utf-8"} if kind == "csv" else {}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [
                _field(c, table[c], built.columns.get(c, _OWN)) for c in map(str, table.columns)
            ],
            "primaryKey": [*built.key],
        },
    }


def _field(name: str, values: pd.Series, description: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": _field_type(values), "description": description}
    if name in _CODES:
        field["constraints"] = {"enum": _CODES[name]}
    return field


def _field_type(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(values) else "string"


def folder_name(name: str) -> str:
    """A record's name as one that a folder can safely bear; empty if nothing is left.

    Examples
    --------
    >>> folder_name("us-russia"), folder_name("../Our Cities")
    ('us-russia', 'our-cities')
    """
    return re.sub(r"[^\w.-]+", "-", name.casefold()).strip("-._")


def _not_of_a_build(out: Path) -> list[str]:
    """The files of a folder that no build writes."""
    ours = {PACKAGE, *(f"{name}.{kind}" for name in TABLES for kind in FORMATS)}
    return sorted(path.name for path in out.iterdir() if path.name not in ours)
