"""Time the package beside what a user would pick instead, on the same work in the same run.

    python benchmarks/bench.py --measured-on 2026-11-24
    python benchmarks/bench.py --sizes 1000 10000

Records are made by `ties.simulate`. Every measurement is a process of its own, so that its peak
memory is its own, and the best of several runs in it; what the contestants give is compared before
any time counts. Writes benchmarks/results/bench.json, docs/performance.md and its chart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "bench.json"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
# Plain pandas with a row for every tie and year is left out where it would take minutes.
SLOW = {("yearly stock", "pandas, exploded"): 100_000}
DAY = "2026-11-23"


def make(n_ties: int, folder: Path) -> None:
    """Write a record of so many ties, and what follows from it, for every measurement to read."""
    import ties
    from ties.analysis.spells import durations, lifetimes
    from ties.simulate import simulate
    from ties.sources.writing import write_record

    record = simulate("plain", n_ties=n_ties, seed=1).dataset
    folder.mkdir(parents=True)
    pd.to_pickle(record, folder / "record.pickle")
    if n_ties <= 100_000:
        write_record(record, folder / "record")
    episodes = ties.lifecycle(record)
    pd.to_pickle(episodes, folder / "episodes.pickle")
    status = episodes[episodes["axis"] == "status"]
    plain = status[["tie_id", "state", "start_latest", "end_latest"]].astype({"state": "str"})
    plain.to_parquet(folder / "episodes.parquet", index=False)
    spells = durations(lifetimes(record)).table
    spells[["entry", "exit", "event"]].to_parquet(folder / "spells.parquet", index=False)
    rng = np.random.default_rng(1)
    pairs = record.ties[["place_a", "place_b"]].sample(frac=2, replace=True, random_state=1)
    turned = rng.random(len(pairs)) < 0.5
    a, b = pairs["place_a"].to_numpy(object), pairs["place_b"].to_numpy(object)
    told = pd.DataFrame({"a": np.where(turned, b, a), "b": np.where(turned, a, b)})
    told.astype("str").to_parquet(folder / "pairs.parquet", index=False)


def life_cycle(folder: Path) -> Callable[[], Any]:
    """Give the life cycle."""
    import ties

    record = pd.read_pickle(folder / "record.pickle")
    return lambda: len(ties.lifecycle(record))


def tie_table(folder: Path) -> Callable[[], Any]:
    """Give the tie table."""
    import ties

    record = pd.read_pickle(folder / "record.pickle")
    return lambda: len(ties.tie_table(record))


def read_checked(folder: Path) -> Callable[[], Any]:
    """Read a record, with every check."""
    import ties

    return lambda: len(ties.read(folder / "record").events)


def read_plain(folder: Path) -> Callable[[], Any]:
    """Read its files as text, and check nothing."""

    def run() -> int:
        tables = [pd.read_csv(path, dtype="str") for path in (folder / "record").glob("*.csv")]
        return max(len(t) for t in tables if {"tie_id", "kind", "date"} <= set(t))

    return run


def stock_ties(folder: Path) -> Callable[[], Any]:
    """Count the stock as the package does."""
    from ties.analysis.decline import stock_by_status

    episodes = pd.read_pickle(folder / "episodes.pickle")
    return lambda: _stock(stock_by_status(episodes).drop(columns="total").stack())


def stock_pandas(folder: Path) -> Callable[[], Any]:
    """Count it with a row for every tie and year."""
    rows = pd.read_parquet(folder / "episodes.parquet")

    def run() -> Any:
        last = int(DAY[:4])
        first = rows["start_latest"].dt.year
        until = rows["end_latest"].dt.year.fillna(last + 1).astype("int64")
        years = [range(a, b) for a, b in zip(first, until, strict=True)]
        long = rows.assign(year=years).explode("year")
        return _stock(long.groupby(["year", "state"]).size())

    return run


def stock_duckdb(folder: Path) -> Callable[[], Any]:
    """Count it in SQL."""
    import duckdb

    rows = duckdb.connect()
    rows.execute("set threads = 2")
    path = folder / "episodes.parquet"
    rows.execute(f"create table e as select * from read_parquet('{path}')")

    def run() -> Any:
        found = rows.sql(
            """
            select y.year, e.state, count(*) as n
            from (select unnest(range(1800, 2027)) as year) y
            join e on year(e.start_latest) <= y.year
                and (e.end_latest is null or year(e.end_latest) > y.year)
            group by all
            """
        ).df()
        return _stock(found.set_index(["year", "state"])["n"])

    return run


def stock_polars(folder: Path) -> Callable[[], Any]:
    """Count it with Polars."""
    import polars as pl

    rows = pl.read_parquet(folder / "episodes.parquet")

    def run() -> Any:
        until = pl.col("end_latest").dt.year().fill_null(int(DAY[:4]) + 1)
        long = rows.select(
            "state", year=pl.int_ranges(pl.col("start_latest").dt.year(), until)
        ).explode("year")
        found = long.drop_nulls().group_by("year", "state").len()
        frame = pd.DataFrame(found.to_dict(as_series=False))
        return _stock(frame.set_index(["year", "state"])["len"])

    return run


def _stock(counts: pd.Series) -> Any:
    """Give a stock in one form: the numbers above none, sorted."""
    counts = counts[counts > 0]
    told = [[int(year), str(state), int(n)] for (year, state), n in counts.items()]
    return sorted(told)


def survival_ties(folder: Path) -> Callable[[], Any]:
    """Estimate survival as the package does."""
    from ties.analysis.survival import kaplan_meier, survival_at

    spells = pd.read_parquet(folder / "spells.parquet")
    return lambda: round(float(survival_at(kaplan_meier(spells), [20.0])["survival"].iloc[0]), 9)


def survival_statsmodels(folder: Path) -> Callable[[], Any]:
    """Estimate it with statsmodels."""
    from statsmodels.duration.survfunc import SurvfuncRight

    spells = pd.read_parquet(folder / "spells.parquet")

    def run() -> float:
        status = (spells["event"] != "censored").astype(int)
        found = SurvfuncRight(spells["exit"] / 365.25, status, entry=spells["entry"] / 365.25)
        place = np.searchsorted(found.surv_times, 20.0 + 1e-9, side="right") - 1
        return round(float(found.surv_prob[place]), 9)

    return run


def pairs_ties(folder: Path) -> Callable[[], Any]:
    """Merge pairs as the package does."""
    from ties.merging.pairs import merge

    told = pd.read_parquet(folder / "pairs.parquet")
    ids = pd.RangeIndex(len(told)).astype("str")
    rows = pd.DataFrame({"statement_id": ids, "source_id": "one"})
    for side in "ab":
        rows[f"place_key_{side}"] = told[side].to_numpy()
        rows[f"name_{side}"] = told[side].to_numpy()
        rows[f"name_key_{side}"] = told[side].to_numpy()
        for name in ("level", "place_level", "country_code", "reasons", "place_name"):
            rows[f"{name}_{side}"] = pd.Series(None, index=rows.index, dtype="str")
    return lambda: len(merge(rows).pairs)


def pairs_pandas(folder: Path) -> Callable[[], Any]:
    """Count distinct pairs."""
    told = pd.read_parquet(folder / "pairs.parquet")

    def run() -> int:
        low = told["a"].where(told["a"] < told["b"], told["b"])
        high = told["b"].where(told["a"] < told["b"], told["a"])
        return len(pd.DataFrame({"low": low, "high": high}).drop_duplicates())

    return run


def pairs_duckdb(folder: Path) -> Callable[[], Any]:
    """Count distinct pairs in SQL."""
    import duckdb

    rows = duckdb.connect()
    rows.execute("set threads = 2")
    rows.execute(f"create table t as select * from read_parquet('{folder / 'pairs.parquet'}')")
    asked = "select count(*) from (select distinct least(a, b), greatest(a, b) from t)"
    return lambda: rows.sql(asked).fetchall()[0][0]


TASKS: dict[str, dict[str, Callable[[Path], Callable[[], Any]]]] = {
    "life cycle": {"ties": life_cycle},
    "tie table": {"ties": tie_table},
    "read": {"ties, with every check": read_checked, "pandas, without any": read_plain},
    "yearly stock": {
        "ties": stock_ties,
        "pandas, exploded": stock_pandas,
        "DuckDB": stock_duckdb,
        "Polars": stock_polars,
    },
    "survival": {"ties": survival_ties, "statsmodels": survival_statsmodels},
    "de-duplication": {
        "ties, with a log": pairs_ties,
        "pandas": pairs_pandas,
        "DuckDB": pairs_duckdb,
    },
}


def measure(task: str, contestant: str, folder: Path) -> dict[str, Any]:
    """Run one contestant: once to warm up, then for a second at least, and take the best."""
    run = TASKS[task][contestant](folder)
    answer = run()
    best, began = float("inf"), time.perf_counter()
    for _ in range(20):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() - began > 2:
            break
    return {"seconds": best, "peak_mb": peak_mb(), "answer": answer}


def peak_mb() -> int:
    """Give the most memory that this process ever held; `getrusage` counts its parent's too."""
    status = Path("/proc/self/status").read_text("utf-8")
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)


def cold() -> dict[str, float]:
    """Time commands from nothing, and the bundled record's tie table after import."""
    import ties
    from ties.merging.conflicts import find_conflicts

    exe = Path(sys.executable).with_name("ties")
    found = {}
    for words in ("--help", "status", "show Duluth", "check us-russia", "conflicts"):
        given = [str(exe), *words.split(" ", 1)]
        given = [w if w != "us-russia" else str(_bundled()) for w in given]
        found[f"ties {words}"] = min(_timed(given) for _ in range(5))
    record = ties.load("us-russia")
    for name, run in {
        "tie_table of the bundled record": lambda: ties.tie_table(record),
        "lifecycle of the bundled record": lambda: ties.lifecycle(record),
        "conflicts of the bundled record": lambda: find_conflicts(record),
    }.items():
        run()
        times = []
        for _ in range(10):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        found[name] = min(times)
    with tempfile.TemporaryDirectory() as out:
        found["ties report"] = _timed([str(exe), "report", "-o", f"{out}/report"])
    return found


def _bundled() -> Path:
    from ties.sources.folder import record_folder

    return record_folder("us-russia")


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - start


def run_all(sizes: list[int]) -> list[dict[str, Any]]:
    """Measure everything at every size."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="ties-bench-") as scratch:
        for n in sizes:
            folder = Path(scratch) / str(n)
            make(n, folder)
            n_events = len(pd.read_pickle(folder / "record.pickle").events)
            n_episodes = len(pd.read_pickle(folder / "episodes.pickle"))
            for task, contestants in TASKS.items():
                if task == "read" and not (folder / "record").exists():
                    continue
                answers = {}
                for name in contestants:
                    if n > SLOW.get((task, name), n):
                        continue
                    found = _child(["--one", task, name, "--folder", str(folder)])
                    answers[name] = found.pop("answer")
                    row = {"task": task, "by": name, "n_ties": n, "n_events": n_events, **found}
                    row["n_episodes"] = n_episodes
                    rows.append(row)
                    print(row, file=sys.stderr, flush=True)
                if len({json.dumps(answer) for answer in answers.values()}) != 1:
                    raise SystemExit(f"{task} at {n}: the contestants disagree")
    return rows


def _child(arguments: list[str]) -> dict[str, Any]:
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure one contestant, or all and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one", nargs=2, metavar=("TASK", "BY"))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[*SIZES])
    parser.add_argument("--measured-on", default="")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(*asked.one, asked.folder)))
        return
    told = {
        "measured_on": asked.measured_on,
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "versions": {n: version(n) for n in ("pandas", "numpy", "duckdb", "polars", "statsmodels")},
        "cold": cold(),
        "rows": run_all(asked.sizes),
    }
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    from bench_page import write_page

    write_page(told)


if __name__ == "__main__":
    main()
