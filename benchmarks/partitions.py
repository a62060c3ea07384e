"""Check a record larger than memory, and compute its life cycle, in partitions on two workers.

    python benchmarks/partitions.py --measured-on 2026-11-28
    python benchmarks/partitions.py --events 5000000

The record is simulated piece by piece, each piece a partition, and never whole in memory. The peak
is the sum over the workers, their nannies, and the process that schedules them, sampled all the
while. DuckDB then gives the same life cycle in SQL, from dates that were parsed for it, and within
the same memory; the two are compared episode by episode. Writes benchmarks/results/partitions.json
and docs/performance.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import life
import psutil
import pyarrow.parquet as pq
import records
from bench import peak_mb

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "partitions.json"
WORKERS = 2
# The events of a tie that `validation.simulate` makes, on average; and the events of a partition.
EVENTS_A_TIE = 6.82
EVENTS_A_PART = 500_000
MEMORY_MB = 4_000


def make(n_events: int, home: Path) -> None:
    """Write a record of about so many events in partitions, and beside it what DuckDB reads."""
    n_ties = round(n_events / EVENTS_A_TIE)
    records.in_pieces(
        partial(_write_part, home), n_ties, min(n_ties, round(EVENTS_A_PART / EVENTS_A_TIE))
    )


def _write_part(home: Path, number: int, n_ties: int) -> None:
    from ties.export.catalogue import export

    part = records.piece(number, n_ties)
    export(part, "parquet", home / "parts" / f"part-{number:05d}")
    records.write_plain(part, home / "plain", f"{number:05d}.parquet")


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Time what runs within, and sample the memory of this process and all that it started."""
    found = {"seconds": 0.0, "peak_mb": 0.0}
    is_over, began = threading.Event(), time.perf_counter()

    def sample() -> None:
        own = psutil.Process()
        while not is_over.wait(0.1):
            found["peak_mb"] = max(found["peak_mb"], _memory([own, *own.children(recursive=True)]))

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        is_over.set()
        watcher.join()
        found["seconds"] = time.perf_counter() - began
        found["peak_mb"] = round(found["peak_mb"])


def _memory(processes: Iterable[psutil.Process]) -> float:
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.Error:  # ended meanwhile
            continue
    return total / 1024**2


def run(home: Path) -> dict[str, Any]:
    """Check the partitions and compute their life cycle, on a cluster of two workers."""
    from distributed import Client, LocalCluster

    from ties.partitions import check_parts, lifecycle_of_parts

    cluster = LocalCluster(
        n_workers=WORKERS,
        threads_per_worker=1,
        dashboard_address=None,
        memory_limit=None,
        local_directory=str(home),
    )
    with cluster, Client(cluster) as client:
        client.wait_for_workers(WORKERS)
        with watched() as check:
            problems = check_parts(home / "parts", client=client)
        with watched() as cycle:
            made = lifecycle_of_parts(home / "parts", home / "episodes", client=client)
    return {
        "n_parts": len(made),
        "n_problems": int((problems["severity"] == "error").sum()),
        "check": check,
        "life cycle": cycle,
    }


def in_duckdb(home: Path) -> dict[str, Any]:
    """The same life cycle in SQL, within the same memory."""
    import duckdb

    rows = duckdb.connect(str(home / "duckdb.db"))
    rows.execute(f"set threads = 2; set memory_limit = '{MEMORY_MB * 3 // 4}MB'")
    rows.execute(f"set temp_directory = '{home / 'spilled'}'")
    began = time.perf_counter()
    for name in ("events", "searches"):
        path = home / "plain" / name / "*.parquet"
        rows.execute(f"create view {name} as select * from read_parquet('{path}')")
    rows.execute(f"copy ({life.LIFE}) to '{home / 'duckdb.parquet'}' (format parquet)")
    return {"seconds": time.perf_counter() - began, "peak_mb": peak_mb()}


def tell(paths: Iterable[Path]) -> list[Any]:
    """Of a life cycle in files what `life.tell_life` says of one in memory."""
    n: Counter[str] = Counter()
    total = 0
    for path in paths:
        for batch in pq.ParquetFile(path).iter_batches(500_000):
            own, hashed = life.tell_life(batch.to_pandas())
            n.update(own)
            total += int(hashed, 16)
    return [dict(sorted(n.items())), f"{total % 2**64:016x}"]


def measure(n_events: int, measured_on: str, home: Path) -> dict[str, Any]:
    """Make a record and do all of it."""
    began = time.perf_counter()
    make(n_events, home)
    print(f"made in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    events = (home / "parts").glob("*/events.parquet")
    ties = (home / "parts").glob("*/ties.parquet")
    found = {
        "measured_on": measured_on,
        "n_events": sum(pq.read_metadata(path).num_rows for path in events),
        "n_ties": sum(pq.read_metadata(path).num_rows for path in ties),
        "n_workers": WORKERS,
        **run(home),
    }
    print(json.dumps(found), file=sys.stderr, flush=True)
    command = [sys.executable, __file__, "--duckdb", str(home)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found["DuckDB"] = json.loads(done.stdout.splitlines()[-1])
    ours, theirs = tell(sorted((home / "episodes").iterdir())), tell([home / "duckdb.parquet"])
    if ours != theirs:
        raise SystemExit(f"the life cycles differ\n{ours}\n{theirs}")
    return found | {"n_episodes": sum(ours[0].values())}


def main() -> None:
    """Measure, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=50_000_000)
    parser.add_argument("--measured-on", default=dt.date.today().isoformat())
    parser.add_argument("--duckdb", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.duckdb:
        print(json.dumps(in_duckdb(asked.duckdb)))
        return
    build = HERE.parent / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="parts-", dir=build) as home:
        found = measure(asked.events, asked.measured_on, Path(home))
    told = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    # Of about the same size the newer one counts.
    told = [row for row in told if abs(row["n_events"] / found["n_events"] - 1) > 0.05]
    told = sorted([*told, found], key=lambda row: int(row["n_events"]))
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    from bench_page import write_page

    write_page()


if __name__ == "__main__":
    main()
