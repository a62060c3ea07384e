"""The good rows apart from the bad ones, and from those that hang on bad ones.

A row with an error is refused. So is, until nothing changes any more, every row that refers
to a refused row, and every event of which no attestation is left. Of rows that stand twice
(a code, a pair, the founding of a tie) the first stays. Rows read are rows accepted plus rows
refused: that is counted on every read.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.dataset import empty_rejected
from ties.errors import ERROR, InternalError, join
from ties.validate.cells import to_vocabulary
from ties.validate.record import RecordTables, is_among
from ties.validate.references import Reference, references


def part(
    record: RecordTables, problems: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Part the rows of a record into good and refused ones.

    Parameters
    ----------
    record
        The tables, see `ties.validate.inspection.inspect_record`.
    problems
        What is wrong with them.

    Returns
    -------
    frames
        The good rows of each table; no code in them points to a row that is not there.
    rejected
        The other rows: ``table``, ``file``, ``line``, ``reason`` (every message on the row)
        and ``row``, the cells as they were read, as JSON.

    Raises
    ------
    InternalError
        If the rows accepted and refused are not the rows read.
    """
    refused = problems[(problems["severity"] == ERROR) & problems["row"].notna()]
    is_good = {name: np.ones(len(frame), dtype=bool) for name, frame in record.frames.items()}
    newest = refused
    while len(newest):
        _refuse(is_good, newest)
        newest = _dependants(record, is_good)
        refused = join([refused, newest])
    frames = {
        name: to_vocabulary(name, frame[is_good[name]].reset_index(drop=True))
        for name, frame in record.frames.items()
    }
    rejected = _rejected(record, refused)
    _account(record, frames, rejected)
    return frames, rejected


def _refuse(is_good: dict[str, np.ndarray], problems: pd.DataFrame) -> None:
    for table, part_of_table in problems.groupby("table"):
        is_good[str(table)][part_of_table["row"].to_numpy("int64")] = False


def _dependants(record: RecordTables, is_good: dict[str, np.ndarray]) -> pd.DataFrame:
    """Find rows still good that hang on rows that are not."""
    hanging = [_dangling(record, is_good, reference) for reference in references()]
    return join([*hanging, _bare_events(record, is_good)])


def _dangling(
    record: RecordTables, is_good: dict[str, np.ndarray], reference: Reference
) -> pd.DataFrame:
    table, column, target = reference
    values = record.frames[table][column]
    codes = record.frames[target].iloc[:, 0][is_good[target]]
    is_dangling = is_good[table] & values.notna().to_numpy() & ~is_among(values, codes).to_numpy()
    what = f"the {target.removesuffix('s')} {{value!r}} was rejected"
    return record.problems(
        table, pd.Series(is_dangling), "depends_on_rejected", what, column=column
    )


def _bare_events(record: RecordTables, is_good: dict[str, np.ndarray]) -> pd.DataFrame:
    event = record.frames["events"]["event_id"]
    attested = record.frames["attestations"]["event_id"][is_good["attestations"]]
    is_bare = is_good["events"] & ~is_among(event, attested).to_numpy()
    message = "every attestation of {value!r} was rejected"
    return record.problems(
        "events", pd.Series(is_bare), "depends_on_rejected", message, column="event_id"
    )


def _rejected(record: RecordTables, refused: pd.DataFrame) -> pd.DataFrame:
    """A row for each refused row, with all that was said of it."""
    parts = [empty_rejected()]
    for name, table in record.raw.items():
        said = refused[refused["table"] == name]
        if not len(said):
            continue
        reasons = _reason(said).groupby(said["row"].astype("int64")).agg("; ".join)
        rows = reasons.index.to_numpy()
        found = {
            "table": name,
            "file": table.file,
            "line": pd.array(table.lines[rows], dtype="Int64"),
            "reason": reasons.to_numpy(),
            "row": table.as_json(rows),
        }
        parts.append(pd.DataFrame(found).astype(parts[0].dtypes.to_dict()))
    return pd.concat(parts, ignore_index=True)


def _reason(problems: pd.DataFrame) -> pd.Series:
    column = problems["column"]
    return (column + ": ").fillna("") + problems["message"]


def _account(record: RecordTables, frames: dict[str, pd.DataFrame], rejected: pd.DataFrame) -> None:
    n_rejected = rejected["table"].value_counts()
    for name, table in record.raw.items():
        n_good, n_bad = len(frames[name]), int(n_rejected.get(name, 0))
        if len(table.cells) != n_good + n_bad:
            raise InternalError(
                f"{table.file}: {len(table.cells)} rows read, but {n_good} accepted and {n_bad} "
                "rejected; this is a fault of the package"
            )
