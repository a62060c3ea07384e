"""Records larger than memory: many small records, one life cycle over all of them.

What happens to a tie hangs on its own events alone, so a record can be cut between ties. Each
*partition* is a record of its own in Parquet, with the places and sources that its rows name, and
every function of this package works on it. Dask runs the work, on one machine or many, and starts
again what was lost with a worker.

What no partition can see for itself is checked across them: a code or a pair that stands in two,
and a place or source that two partitions tell differently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ties.export.catalogue import export
from ties.lifecycle import lifecycle
from ties.model.dataset import Dataset
from ties.model.problems import TiesError, empty_problems
from ties.rule import StatusRule
from ties.sources.folder import check, read
from ties.whole import whole_file

if TYPE_CHECKING:
    from distributed import Client

_PART: Final = "part-{:05d}"
_OWN: Final = {"ties": ["tie_id"], "events": ["event_id"]}
_SHARED: Final = {"places": "place_id", "sources": "source_id"}


def split(dataset: Dataset, folder: str | Path, n: int) -> list[Path]:
    """Cut a record into partitions, by a hash of the tie that is the same everywhere.

    Parameters
    ----------
    dataset
        A record.
    folder
        Where its partitions are written; each whole or not at all.
    n
        How many. A partition ought to fit into a worker's memory ten times over.

    Returns
    -------
    list of Path
        The folders of the partitions that hold a tie.
    """
    if n < 1:
        raise ValueError(f"n is {n}; a record has at least one partition")
    part = pd.util.hash_array(dataset.ties["tie_id"].to_numpy(object)) % n
    made = []
    for number in np.unique(part):
        own = dataset.keep_ties(dataset.ties["tie_id"][part == number])
        path = Path(folder) / _PART.format(number)
        made.append(export(_with_its_own(own), "parquet", path))
    return made


def _with_its_own(dataset: Dataset) -> Dataset:
    """Keep the places and sources that a partition's rows name, with their names."""
    ends = pd.concat([dataset.ties["place_a"], dataset.ties["place_b"]])
    wanted = set(ends)
    within = dataset.places.set_index("place_id")["part_of"].dropna()
    while more := set(within.reindex(list(wanted)).dropna()) - wanted:
        wanted |= more
    is_told = dataset.sources["source_id"].isin(dataset.attestations["source_id"])
    return replace(
        dataset,
        places=dataset.places[dataset.places["place_id"].isin(wanted)],
        place_names=dataset.place_names[dataset.place_names["place_id"].isin(wanted)],
        sources=dataset.sources[is_told],
        counts=dataset.counts.iloc[:0],
    )


def parts(folder: str | Path) -> list[Path]:
    """Give the partitions in a folder, in order.

    Raises
    ------
    TiesError
        If there is none.
    """
    found = sorted(path for path in Path(folder).glob("part-*") if path.is_dir())
    if not found:
        raise TiesError(f"{folder} holds no partition; ties.partitions.split makes them")
    return found


def lifecycle_of_parts(
    folder: str | Path,
    out: str | Path,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    client: Client | None = None,
) -> list[Path]:
    """Give the life cycle of every partition: partitioned Parquet in, partitioned Parquet out.

    Parameters
    ----------
    folder
        Partitions, as `split` writes them. Each is checked as it is read.
    out
        A file a partition, of the same name; each whole or not at all. Their rows together are
        those that `ties.lifecycle` gives of the whole record.
    rule, as_of, known_by
        As for `ties.lifecycle`.
    client
        Of a Dask cluster, whose workers see both folders. Else threads of this process.

    Raises
    ------
    InvalidTableError
        If a partition breaks the rules of a record.
    """
    home = Path(out)
    home.mkdir(parents=True, exist_ok=True)
    work = [
        (_lifecycle_of_part, path, home / f"{path.name}.parquet", rule, as_of, known_by)
        for path in parts(folder)
    ]
    return [Path(made) for made in _run(work, client)]


def check_parts(folder: str | Path, *, client: Client | None = None) -> pd.DataFrame:
    """Check every partition, and what only all of them together can show.

    Parameters
    ----------
    folder, client
        As for `lifecycle_of_parts`.

    Returns
    -------
    DataFrame
        As `ties.check` gives it, with ``part``, the name of the partition. Rules of its own:
        ``in_two_parts`` (a code or pair), ``told_otherwise`` (a place or source).
    """
    found = _run([(_check_part, path) for path in parts(folder)], client)
    keys = pd.concat([keys for _, keys in found], ignore_index=True)
    across = [_in_two_parts(keys), _told_otherwise(keys)]
    problems: pd.DataFrame = pd.concat([*(own for own, _ in found), *across], ignore_index=True)
    return problems


def _run(work: list[tuple[Any, ...]], client: Client | None) -> list[Any]:
    from dask.base import compute
    from dask.delayed import delayed

    tasks = [delayed(function)(*given) for function, *given in work]
    if client is None:
        return list(compute(*tasks, scheduler="threads", num_workers=1))
    return list(client.gather(client.compute(tasks)))


def _lifecycle_of_part(
    path: Path,
    out: Path,
    rule: StatusRule | None,
    as_of: str | dt.date | None,
    known_by: str | dt.date | None,
) -> str:
    episodes = lifecycle(read(path), rule, as_of, known_by)
    with whole_file(out) as made:
        episodes.to_parquet(made, index=False)
    return str(out)


def _check_part(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a partition's problems, and the keys that must be told apart from others'."""
    problems = check(path).assign(part=path.name)
    dataset = read(path, on_invalid="reject")
    keys = [
        pd.DataFrame({"table": table, "key": dataset.table(table)[column], "row": 0})
        for table, columns in _OWN.items()
        for column in columns
    ]
    pair = dataset.ties["place_a"] + " – " + dataset.ties["place_b"]
    keys.append(pd.DataFrame({"table": "pairs", "key": pair, "row": 0}))
    for table, column in _SHARED.items():
        rows = dataset.table(table).astype("object").fillna("").astype("str")
        told = pd.util.hash_pandas_object(rows, index=False)
        keys.append(pd.DataFrame({"table": table, "key": rows[column], "row": told}))
    return problems, pd.concat(keys, ignore_index=True).assign(part=path.name)


def _in_two_parts(keys: pd.DataFrame) -> pd.DataFrame:
    own = keys[~keys["table"].isin(list(_SHARED))]
    twice = own[own.duplicated(["table", "key"])]
    return _problems(twice, "in_two_parts", "{} stands in another partition too; keep one")


def _told_otherwise(keys: pd.DataFrame) -> pd.DataFrame:
    shared = keys[keys["table"].isin(list(_SHARED))].drop_duplicates(["table", "key", "row"])
    twice = shared[shared.duplicated(["table", "key"])]
    return _problems(twice, "told_otherwise", "{} is told otherwise in another partition")


def _problems(rows: pd.DataFrame, rule: str, message: str) -> pd.DataFrame:
    say: Callable[[str], str] = message.format
    told = pd.DataFrame(
        {
            "severity": "error",
            "table": rows["table"].replace("pairs", "ties"),
            "value": rows["key"],
            "rule": rule,
            "message": [say(repr(key)) for key in rows["key"]],
            "part": rows["part"],
        }
    )
    columns = [*empty_problems().columns, "part"]
    return told.reindex(columns=[name for name in columns if name != "row"])
