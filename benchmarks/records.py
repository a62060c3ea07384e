"""Records for the benchmarks: simulated piece by piece, and read back by each run.

A large record is simulated in pieces of so many ties, each with a seed of its own, and the codes of
a piece say which it is: no more than two pieces are in memory at a time, and any size can be made.
Of each piece what the contestants start from is written too, so that no measurement prepares it.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from ties.dataset import Dataset

sys.path.append(str(Path(__file__).parents[1]))  # for `validation`, which is no part of the wheel

PIECE = 100_000
AS_OF = "2026-11-23"
# Rows with a fault of each kind, for the checks to find.
FAULTS = 20


def piece(number: int, n_ties: int) -> Dataset:
    """Simulate one piece of a record; its codes are not those of any other piece.

    Sources are the same in all pieces, since each is a year of one kind of source.
    """
    from validation.simulate import simulate

    made = simulate("plain", n_ties=n_ties, seed=number + 1, as_of=AS_OF).dataset
    own = {
        "places": {"place_id": 2},
        "ties": {"tie_id": 0, "place_a": 2, "place_b": 2},
        "events": {"event_id": 0, "tie_id": 0},
        "attestations": {"event_id": 0},
        "searches": {"tie_id": 0},
    }
    tables = {
        name: made.table(name).assign(
            **{column: _numbered(made.table(name)[column], at, number) for column, at in of.items()}
        )
        for name, of in own.items()
    }
    return replace(made, **tables)


def _numbered(codes: pd.Series, at: int, number: int) -> pd.Series:
    """Put the number of the piece after the letters of a code: t017 is t3-017, ru-5 is ru-3-5."""
    return codes.str[: at + 1] + f"{number}-" + codes.str[at + 1 :]


def in_pieces(work: partial[None], n_ties: int, size: int = PIECE) -> None:
    """Do some work for every piece of a record, two at a time: `work(number, n_ties)`."""
    pieces = [min(size, n_ties - start) for start in range(0, n_ties, size)]
    if len(pieces) == 1:
        work(0, n_ties)
        return
    # One piece a process, so that what a piece held is given back.
    cores = min(2, len(os.sched_getaffinity(0)))
    with ProcessPoolExecutor(cores, get_context("spawn"), max_tasks_per_child=1) as pool:
        list(pool.map(work, range(len(pieces)), pieces))


def make(n_ties: int, folder: Path, with_tables: bool) -> dict[str, int]:
    """Make a record, and what the measurements start from; give its numbers of rows.

    Without the tables only what follows from them is written: episodes and spells.
    """
    for name in ("tables", "plain", "episodes", "spells"):
        (folder / name).mkdir(parents=True)
    in_pieces(partial(_write_piece, folder, with_tables), n_ties)
    if with_tables:
        _write_pairs(folder)
    sizes = [pd.read_json(path, typ="series") for path in sorted(folder.glob("*.json"))]
    return {str(name): int(n) for name, n in pd.concat(sizes, axis=1).sum(axis=1).items()}


def _write_piece(folder: Path, with_tables: bool, number: int, n_ties: int) -> None:
    import ties
    from ties.stats.spells import durations, lifetimes

    record, file = piece(number, n_ties), f"{number:03d}.parquet"
    episodes = ties.lifecycle(record)
    episodes[_EPISODE].to_parquet(folder / "episodes" / file, index=False)
    spells = durations(lifetimes(record)).table[["entry", "exit", "event"]]
    spells.astype({"event": "str"}).to_parquet(folder / "spells" / file, index=False)
    if with_tables:
        for name, table in tables_of(record).items():
            (folder / "tables" / name).mkdir(exist_ok=True)
            table.to_parquet(folder / "tables" / name / file, index=False)
        write_plain(record, folder / "plain", file)
    sizes = {"n_events": len(record.events), "n_episodes": len(episodes)}
    pd.Series(sizes).to_json(folder / f"{number:03d}.json")


_EPISODE = ["axis", "state", "start_latest", "end_latest"]


def tables_of(record: Dataset) -> dict[str, pd.DataFrame]:
    """The tables of a record by name."""
    from ties.schema.tables import TABLES

    return {name: record.table(name) for name in TABLES}


def write_plain(record: Dataset, folder: Path, file: str) -> None:
    """Write what the other contestants start from: events with their days, and searches.

    Dates are parsed and cut off at the record's own date, which is half of reading a record.
    """
    from ties.dates import date_bounds

    bounds = date_bounds(record.events["date"])
    latest = bounds["latest"].fillna(record.as_of).clip(upper=record.as_of)
    earliest = bounds["earliest"].where(~(bounds["earliest"] > latest), latest)
    days = {"earliest": earliest, "latest": latest}
    events = record.events[["tie_id", "kind"]].astype("str").assign(**days)
    searches = pd.DataFrame(
        {
            "tie_id": record.searches["tie_id"],
            "searched_on": date_bounds(record.searches["searched_on"])["latest"],
        }
    )
    for name, table in {"events": events, "searches": searches}.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        is_day = list(table.select_dtypes("datetime"))
        as_days = {column: table[column].dt.date for column in is_day}
        table.assign(**as_days).to_parquet(folder / name / file, index=False)


def _write_pairs(folder: Path) -> None:
    """Write twice as many statements as there are ties: half of them turned round."""
    ties = read_pieces(folder / "tables" / "ties")
    rng = np.random.default_rng(1)
    pairs = ties[["place_a", "place_b"]].sample(frac=2, replace=True, random_state=1)
    turned = rng.random(len(pairs)) < 0.5
    a, b = (pairs[name].reset_index(drop=True) for name in ("place_a", "place_b"))
    told = pd.DataFrame({"a": a.mask(turned, b), "b": b.mask(turned, a)})
    told.to_parquet(folder / "pairs.parquet", index=False)


def read_pieces(folder: Path) -> pd.DataFrame:
    """Read a table that was written in pieces."""
    frame = pd.concat(
        [pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))], ignore_index=True
    )
    # Parquet knows no whole seconds.
    days = {name: "datetime64[s]" for name in frame.select_dtypes("datetime")}
    return frame.astype(days)


def read_record(folder: Path) -> Dataset:
    """A record that `make` wrote, without a check."""
    from ties.dataset import Dataset
    from ties.schema.tables import TABLES

    tables = {name: read_pieces(folder / "tables" / name) for name in TABLES}
    tables["sources"] = tables["sources"].drop_duplicates("source_id", ignore_index=True)
    return Dataset(
        **tables, as_of=pd.Timestamp(AS_OF).as_unit("s"), name="simulated", countries=("US", "RU")
    )


def write_to_check(folder: Path) -> None:
    """Write the record as CSV without a fault, and as Parquet with some of every kind."""
    from ties.io.writing import write_description, write_record

    record = read_record(folder)
    write_record(record, folder / "record")
    events = record.events
    lost = events.iloc[:FAULTS].assign(
        event_id="lost-" + events["event_id"].iloc[:FAULTS], tie_id="no-such-tie"
    )
    kinds = events["kind"].astype("str")
    kinds.iloc[-FAULTS:] = "vsit"
    again = events.iloc[FAULTS : 2 * FAULTS]
    events = events.assign(kind=kinds.astype("category"))
    faulty = pd.concat([events, lost, again], ignore_index=True)
    faulty["kind"] = faulty["kind"].astype("category")
    home = folder / "faulty"
    home.mkdir()
    for name, table in tables_of(replace(record, events=faulty)).items():
        table.to_parquet(home / f"{name}.parquet", index=False)
    write_description(record, home)
