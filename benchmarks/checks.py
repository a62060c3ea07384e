"""Reading and checking the tables of a record, as the package does and as others would.

The schemas that pandera checks for the others are the package's own. Beyond them the package
checks every date, whether what refers to each other fits in time, and says of each problem where
it is and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

KEYS = {"places": "place_id", "ties": "tie_id", "events": "event_id", "sources": "source_id"}
REFERENCES = (
    ("ties", "place_a", "places"),
    ("ties", "place_b", "places"),
    ("events", "tie_id", "ties"),
    ("attestations", "event_id", "events"),
    ("attestations", "source_id", "sources"),
    ("searches", "tie_id", "ties"),
)


def read_ties(folder: Path) -> Callable[[], Any]:
    """Read a record, with every check."""
    import ties

    ties.load()  # what is imported on the way is no part of the work
    return lambda: len(ties.read(folder / "record").events)


def read_pandera(folder: Path) -> Callable[[], Any]:
    """Read its files with their types, let pandera check them, and look up every reference."""
    import ties

    ties.load()

    def run() -> int:
        tables = dict(_typed(folder / "record"))
        if any(_problems(tables).values()):
            raise SystemExit("a record without a fault has problems")
        return len(tables["events"])

    return run


def read_pandas(folder: Path) -> Callable[[], Any]:
    """Read its files as text, and check nothing."""

    def run() -> int:
        tables = {
            path.stem: pd.read_csv(path, dtype="str") for path in (folder / "record").glob("*.csv")
        }
        return len(tables["events"])

    return run


def _typed(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    from ties.schema.tables import TABLES

    for name, model in TABLES.items():
        kinds = {key: str(one.dtype) for key, one in model.columns.items()}
        yield (
            name,
            pd.read_csv(folder / f"{name}.csv", dtype=kinds, keep_default_na=False, na_values=[""]),
        )


def validate_ties(folder: Path) -> Callable[[], Any]:
    """Find every problem of the tables of a record, with its row and what to do."""
    import ties

    ties.load()

    def run() -> dict[str, int]:
        found = ties.check(folder / "faulty")["rule"].value_counts()
        rules = {"unknown": "unknown_reference", "twice": "duplicate_key", "no code": "code"}
        return {name: int(found.get(rule, 0)) for name, rule in rules.items()}

    return run


def validate_pandera(folder: Path) -> Callable[[], Any]:
    """Let pandera check each table, and look up every reference with pandas."""
    import ties
    from ties.schema.tables import TABLES

    ties.load()

    def run() -> dict[str, int]:
        paths = {name: folder / "faulty" / f"{name}.parquet" for name in TABLES}
        return _problems({name: pd.read_parquet(path) for name, path in paths.items()})

    return run


def _problems(tables: dict[str, pd.DataFrame]) -> dict[str, int]:
    import pandera.pandas as pa

    from ties.schema.tables import columns
    from ties.validate.rows import model

    found = {"unknown": 0, "twice": 0, "no code": 0}
    for name, frame in tables.items():
        own = {key: {"unique": True} for key, column in columns(name).items() if column.unique}
        try:
            model(name).update_columns(own).validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            cases = errors.failure_cases
            twice = cases.loc[cases["check"] == "field_uniqueness", "failure_case"]
            found["twice"] += len(twice) - twice.nunique()
            found["no code"] += int(cases["check"].str.startswith("isin").sum())
    for table, column, target in REFERENCES:
        found["unknown"] += int((~tables[table][column].isin(tables[target][KEYS[target]])).sum())
    return found


def validate_duckdb(folder: Path) -> Callable[[], Any]:
    """Count in SQL what stands twice, refers to nothing, or is no code."""
    import duckdb

    from ties.schema.vocabulary import EVENT_KINDS

    def run() -> dict[str, int]:
        rows = duckdb.connect()
        rows.execute("set threads = 2")
        for name in (*KEYS, "attestations", "searches"):
            path = folder / "faulty" / f"{name}.parquet"
            rows.execute(f"create table {name} as select * from read_parquet('{path}')")

        def count(asked: str) -> int:
            return int(rows.sql(asked).fetchall()[0][0])

        lost = "select count(*) from {0} x anti join {2} y on x.{1} = y.{3}"
        kinds = ", ".join(repr(code) for code in EVENT_KINDS)
        return {
            "unknown": sum(count(lost.format(*one, KEYS[one[2]])) for one in REFERENCES),
            "twice": sum(
                count(f"select count({key}) - count(distinct {key}) from {table}")
                for table, key in KEYS.items()
            ),
            "no code": count(f"select count(*) from events where kind not in ({kinds})"),
        }

    return run
