"""Records larger than memory: many small records, one life cycle over all of them.

What happens to a tie hangs on its own events alone, so a record can be cut between ties. Each
*partition* is a record of its own in Parquet, with the places and sources that its rows name, and
every function of this package works on it. Dask runs the work, on one machine or many, and starts
again what was lost with a worker.

What no partition can see for itself is checked across them: a code or a pair that stands in two,
a place or source that two partitions tell differently, and a row whose tie, event, place or source
stands in another partition. The codes of all partitions are more than one memory holds, so they
are written down in buckets by a hash, and each bucket is looked through by itself. The hash only
says which bucket; codes are compared as they are, so that two of one hash are never taken for one.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesError, UnreadableError, empty_problems
from ties.export.catalogue import export
from ties.io.atomic import whole_file
from ties.io.folder import read_record
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.rule import StatusRule
from ties.validate.references import references

if TYPE_CHECKING:
    from distributed import Client

_PART: Final = "part-{:05d}"
_OWN: Final = {"ties": "tie_id", "events": "event_id"}
_SHARED: Final = {"places": "place_id", "sources": "source_id"}
_BUCKETS: Final = 64
# Buckets are looked through together up to about so many codes.
_TOGETHER: Final = 2_000_000
# What a partition writes down for the others: a row is a code that it has, or that it looks for.
_KEYS: Final = {"table": "str", "key": "str", "told": "str", "is_wanted": "bool"}
_ELSEWHERE: Final = ["part", "table", "value", "found"]


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
    """The partitions in a folder, in order.

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
    """The life cycle of every partition: partitioned Parquet in, partitioned Parquet out.

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


def check_parts(
    folder: str | Path, *, client: Client | None = None, scratch: str | Path | None = None
) -> pd.DataFrame:
    """Check every partition, and what only all of them together can show.

    Parameters
    ----------
    folder, client
        As for `lifecycle_of_parts`.
    scratch
        A folder that every worker sees and can write to, for codes on their way from one check
        to the other; `folder` itself if not given. Nothing is left in it.

    Returns
    -------
    DataFrame
        As `ties.check` gives it, with ``part``, the name of the partition. Rules of its own:
        ``in_two_parts`` (a code or pair), ``told_otherwise`` (a place or source),
        ``in_another_part`` (what a row refers to; `ties.check` of the partition alone calls it
        an ``unknown_reference``).

    Raises
    ------
    UnreadableError
        If a partition holds nothing to check.
    """
    paths = parts(folder)
    with tempfile.TemporaryDirectory(prefix=".keys-", dir=scratch or folder) as home:
        keys = [Path(home) / f"{path.name}.parquet" for path in paths]
        within = _run([(_check_part, *one) for one in zip(paths, keys, strict=True)], client)
        step = max(1, _BUCKETS * _TOGETHER // max(1, sum(n for _, n in within)))
        some = [(_check_buckets, keys, first, first + step) for first in range(0, _BUCKETS, step)]
        across = _run(some, client)
    problems = pd.concat([own for own, _ in within], ignore_index=True)
    elsewhere = pd.concat([lost for _, lost in across], ignore_index=True)
    found: pd.DataFrame = pd.concat(
        [_say_where(problems, elsewhere), *(own for own, _ in across)], ignore_index=True
    )
    return found


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
    episodes = lifecycle(read_record(path), rule, as_of, known_by)
    with whole_file(out) as made:
        episodes.to_parquet(made, index=False)
    return str(out)


def _check_part(path: Path, out: Path) -> tuple[pd.DataFrame, int]:
    """The problems of a partition; its codes, and those not found in it, are written down.

    The number is that of the codes.
    """
    try:
        dataset = read_record(path, on_invalid="reject")
    except UnreadableError as error:
        if error.problems.empty:
            raise
        problems, codes = error.problems, []
    else:
        problems, codes = dataset.problems, _codes(dataset)
    keys = pd.concat([_keys("", [], is_wanted=False), *codes, *_wanted(problems)])
    bucket = _bucket(keys["key"])
    keys = keys.assign(bucket=bucket).sort_values("bucket", kind="stable")
    with whole_file(out) as made:
        # A row group is about a bucket, so that a bucket is read without the others.
        keys.to_parquet(made, index=False, row_group_size=len(keys) // _BUCKETS + 1)
    return problems.assign(part=path.name), len(keys)


def _codes(dataset: Dataset) -> list[pd.DataFrame]:
    own = [_keys(name, dataset.table(name)[column]) for name, column in _OWN.items()]
    pair = dataset.ties["place_a"] + " – " + dataset.ties["place_b"]
    shared = [
        _keys(name, dataset.table(name)[column], _as_told(dataset.table(name)))
        for name, column in _SHARED.items()
    ]
    return [*own, _keys("pairs", pair), *shared]


def _as_told(rows: pd.DataFrame) -> pd.Series:
    """Write each row as one text."""
    texts = rows.astype("object").fillna("").astype("str")
    told: pd.Series = reduce(
        lambda left, right: left + "\x1f" + right, [texts[name] for name in texts]
    )
    return told


def _wanted(problems: pd.DataFrame) -> list[pd.DataFrame]:
    lost = problems[problems["rule"] == "unknown_reference"]
    return [
        _keys(str(table), rows["value"].drop_duplicates(), is_wanted=True)
        for table, rows in lost.groupby(_targets(lost))
    ]


def _targets(problems: pd.DataFrame) -> pd.Series:
    """The table that each unknown code was looked for in."""
    target = {f"{one.table} {one.column}": one.target for one in references()}
    return (problems["table"] + " " + problems["column"]).map(target).astype("str")


def _keys(
    table: str,
    key: pd.Series | list[str],
    told: pd.Series | str = "",
    *,
    is_wanted: bool = False,
) -> pd.DataFrame:
    keys = pd.DataFrame({"table": table, "key": key, "told": told, "is_wanted": is_wanted})
    return keys.astype(_KEYS)


def _bucket(keys: pd.Series) -> np.ndarray:
    hashed: np.ndarray = pd.util.hash_array(keys.to_numpy(object))
    return (hashed % _BUCKETS).astype("int64")


def _check_buckets(paths: list[Path], first: int, stop: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is wrong across partitions among the codes of some buckets.

    Beside it, in which partition those codes are that another one looks for.
    """
    some = [("bucket", ">=", first), ("bucket", "<", stop)]
    own = [pd.read_parquet(path, filters=some) for path in paths]
    keys = pd.concat([rows.assign(part=place) for place, rows in enumerate(own)], ignore_index=True)
    names = np.array([path.stem for path in paths], object)
    keys["part"] = pd.Categorical.from_codes(keys["part"], categories=pd.Index(names))
    has = keys[~keys["is_wanted"]]
    problems = pd.concat([_in_two_parts(has), _told_otherwise(has)], ignore_index=True)
    holders = has.drop_duplicates(["table", "key"])[["table", "key", "part"]]
    lost = keys[keys["is_wanted"]].merge(
        holders, on=["table", "key"], suffixes=("", "_found"), validate="many_to_one"
    )
    lost = lost.rename(columns={"key": "value", "part_found": "found"})
    return problems, lost[_ELSEWHERE].astype("str")


def _in_two_parts(keys: pd.DataFrame) -> pd.DataFrame:
    own = keys[~keys["table"].isin(list(_SHARED))]
    twice = own[own.duplicated(["table", "key"])]
    return _problems(twice, "in_two_parts", "{} stands in another partition too; keep one")


def _told_otherwise(keys: pd.DataFrame) -> pd.DataFrame:
    shared = keys[keys["table"].isin(list(_SHARED))].drop_duplicates(["table", "key", "told"])
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
            "part": rows["part"].astype("str"),
        }
    )
    columns = [*empty_problems().columns, "part"]
    return told.reindex(columns=columns)


def _say_where(problems: pd.DataFrame, elsewhere: pd.DataFrame) -> pd.DataFrame:
    """Name the partition that holds a code which a row of another one refers to."""
    if elsewhere.empty:
        return problems
    found = elsewhere.set_index(["part", "table", "value"])["found"]
    asked = [problems["part"], _targets(problems), problems["value"]]
    where = pd.Series(found.reindex(pd.MultiIndex.from_arrays(asked)).array, index=problems.index)
    is_there = where.notna() & (problems["rule"] == "unknown_reference")
    message = (
        problems["value"].map(repr)
        + " stands in "
        + where
        + "; a partition has all rows of its ties, and the places and sources that they name"
    )
    return problems.assign(
        rule=problems["rule"].mask(is_there, "in_another_part"),
        message=problems["message"].mask(is_there, message),
    )
