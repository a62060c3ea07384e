"""Time the package beside what a user would pick instead, on the same work in the same run.

    python benchmarks/bench.py --measured-on 2026-11-24
    python benchmarks/bench.py --sizes 1000 10000 --tasks "life cycle" survival

Records are simulated. Every measurement is a process of its own, so that its peak
memory is its own, and the best of several runs in it; what the contestants give is compared before
any time counts. Writes benchmarks/results/bench.json, docs/performance.md and its chart. What is
not measured this time stays as it was, with the day on which it was.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import checks
import counts
import life
import names

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "bench.json"
# lifelines asks for an older pandas; `make bench` puts it here.
LIFELINES = HERE.parent / "build" / "lifelines" / "bin" / "python"
# The last but one has ten million events, the last ten million ties.
EVENTS_1E7 = 1_465_000
SIZES = (1_000, 10_000, 100_000, 1_000_000, EVENTS_1E7, 10_000_000)
PACKAGES = ("pandas", "numpy", "duckdb", "polars", "statsmodels", "pandera", "rapidfuzz")

Contestant = Callable[[Path], Callable[[], Any]]


@dataclass(frozen=True)
class Task:
    """What is measured: who does it, how an answer is told, and at which sizes above a million."""

    by: dict[str, Contestant]
    tell: Callable[[Any], Any] = lambda answer: answer
    above_million: tuple[int, ...] = ()


TASKS = {
    "read": Task(
        {
            "ties, with every check": checks.read_ties,
            "pandas and pandera": checks.read_pandera,
            "pandas, no checks": checks.read_pandas,
        }
    ),
    "validate": Task(
        {
            "ties": checks.validate_ties,
            "pandera and isin": checks.validate_pandera,
            "DuckDB": checks.validate_duckdb,
        }
    ),
    "life cycle": Task(
        {
            "ties": life.life_ties,
            "pandas, group and apply": life.life_pandas,
            "DuckDB": life.life_duckdb,
            "Polars": life.life_polars,
        },
        life.tell_life,
        (EVENTS_1E7,),
    ),
    "tie table": Task(
        {
            "ties": life.table_ties,
            "pandas, group and apply": life.table_pandas,
            "DuckDB": life.table_duckdb,
            "Polars": life.table_polars,
        },
        life.tell_table,
        (EVENTS_1E7,),
    ),
    "yearly stock": Task(
        {
            "ties": counts.stock_ties,
            "pandas, exploded": counts.stock_pandas,
            "DuckDB": counts.stock_duckdb,
            "Polars": counts.stock_polars,
        },
        counts.tell_stock,
        (10_000_000,),
    ),
    "survival": Task(
        {
            "ties": counts.survival_ties,
            "statsmodels": counts.survival_statsmodels,
            "lifelines": counts.survival_lifelines,
        },
        counts.tell_survival,
        (10_000_000,),
    ),
    "de-duplication": Task(
        {
            "ties, with a log": counts.pairs_ties,
            "pandas": counts.pairs_pandas,
            "DuckDB": counts.pairs_duckdb,
        }
    ),
    "resolve": Task(
        {
            "ties, with a reason": names.names_ties,
            "pandas, merge": names.names_pandas,
            "rapidfuzz, row by row": names.names_rapidfuzz,
        },
        names.tell_names,
    ),
}
COLD = "cold start"

# The largest size that a contestant is given, where more would take minutes or many gigabytes.
LIMIT = {
    ("life cycle", "pandas, group and apply"): 10_000,
    ("tie table", "pandas, group and apply"): 10_000,
    ("read", "pandas and pandera"): 100_000,
    ("validate", "pandera and isin"): 100_000,
    ("yearly stock", "pandas, exploded"): 100_000,
    ("yearly stock", "Polars"): 1_000_000,
    ("resolve", "rapidfuzz, row by row"): 10_000,
}


def measure(task: str, contestant: str, folder: Path) -> dict[str, Any]:
    """Run one contestant until two seconds have passed, twice at least, and take the best.

    The first run also waits for the memory that the system gives the process; where a contestant
    ran once and another twice, that alone would set them apart. One run of a minute counts.
    """
    run = TASKS[task].by[contestant](folder)
    own_pace, held = pace(), memory_mb("VmRSS")
    forget_peak()
    best, began = float("inf"), time.perf_counter()
    for number in range(20):
        answer = None  # else the peak would be that of two answers
        start = time.perf_counter()
        answer = run()
        seconds = time.perf_counter() - start
        best = min(best, seconds)
        is_first_of_short = number == 0 and seconds < 60
        if time.perf_counter() - began > 2 and not is_first_of_short:
            break
    peak = peak_mb()
    told = TASKS[task].tell(answer)
    found = {"seconds": best, "peak_mb": peak, "held_mb": held, "pace": own_pace}
    return found | {"answer": told}


def pace() -> float:
    """Time a million additions in a plain loop: how fast the machine is at this moment."""
    best = float("inf")
    for _ in range(3):
        start, total = time.perf_counter(), 0
        for number in range(1_000_000):
            total += number
        best = min(best, time.perf_counter() - start)
    return best


def peak_mb() -> int:
    """The most memory that this process ever held; `getrusage` counts its parent's too."""
    return memory_mb("VmHWM")


def memory_mb(what: str) -> int:
    """What the system says of this process's memory: VmRSS now, VmHWM at most."""
    status = Path("/proc/self/status").read_text("utf-8")
    return round(int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) / 1024)


def forget_peak() -> None:
    """Let the peak be that of the work on the data, and not that of reading them."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")


def run_all(sizes: list[int], tasks: list[str], measured_on: str) -> Iterator[list[dict[str, Any]]]:
    """Measure tasks at every size, and give the rows of each when they are done."""
    with tempfile.TemporaryDirectory(prefix="ties-bench-") as scratch:
        for n in sizes:
            wanted = [name for name in tasks if n <= 1_000_000 or n in TASKS[name].above_million]
            if not wanted:
                continue
            folder = Path(scratch) / str(n)
            about = _child(["--make", *wanted, "--sizes", str(n), "--folder", str(folder)])
            for name in wanted:
                found = {by: row for by in TASKS[name].by if (row := _one(name, by, n, folder))}
                answers = {by: json.dumps(row.pop("answer")) for by, row in found.items()}
                if len(set(answers.values())) > 1:
                    raise SystemExit(f"{name} at {n}: the contestants disagree\n{answers}")
                own = {"task": name, "n_ties": n, **about, "measured_on": measured_on}
                yield [{**own, "by": by, **row} for by, row in found.items()]
            subprocess.run(["rm", "-r", str(folder)], check=True)


def _one(task: str, by: str, n: int, folder: Path) -> dict[str, Any] | None:
    if n > LIMIT.get((task, by), n):
        return None
    python = sys.executable
    if by == "lifelines":
        python = str(LIFELINES)
        if not LIFELINES.exists():
            print("lifelines is not installed in build/lifelines; left out", file=sys.stderr)
            return None
    found = _child(["--one", task, by, "--folder", str(folder)], python)
    print(f"{n:>9,}  {task}, {by}: {found['seconds']:.4f} s", file=sys.stderr, flush=True)
    return found


def _child(arguments: list[str], python: str = sys.executable) -> dict[str, Any]:
    command = [python, __file__, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def make(n_ties: int, tasks: list[str], folder: Path) -> dict[str, int]:
    """Make what some tasks start from."""
    import records

    if set(tasks) == {"resolve"}:
        folder.mkdir(parents=True)
        about = {"n_events": 0, "n_episodes": 0}
    else:
        needs_tables = not set(tasks) <= {"yearly stock", "survival"}
        about = records.make(n_ties, folder, needs_tables)
    if {"read", "validate"} & set(tasks):
        records.write_to_check(folder)
    if "resolve" in tasks:
        names.make_mentions(n_ties, folder)
    return about


def merged(told: dict[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put new rows in the place of old ones; of a task and size measured anew all are replaced."""
    again = {(row["task"], row["n_ties"]) for row in rows}
    old = [row for row in told.get("rows", []) if "measured_on" in row]
    kept = [row for row in old if (row["task"], row["n_ties"]) not in again]
    order = {name: place for place, name in enumerate(TASKS)}
    both = [row for row in [*kept, *rows] if row["task"] in order]

    def place(row: dict[str, Any]) -> tuple[int, int, int]:
        by = list(TASKS[row["task"]].by)
        return order[row["task"]], by.index(row["by"]), row["n_ties"]

    return sorted((row for row in both if row["by"] in TASKS[row["task"]].by), key=place)


def main() -> None:
    """Measure one contestant, or all and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--one", nargs=2, metavar=("TASK", "BY"), help=argparse.SUPPRESS)
    parser.add_argument("--make", nargs="+", metavar="TASK", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", type=int, nargs="+", default=[*SIZES])
    parser.add_argument("--tasks", nargs="+", choices=[*TASKS, COLD], default=[*TASKS, COLD])
    parser.add_argument("--measured-on", default=dt.date.today().isoformat())
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(*asked.one, asked.folder)))
    elif asked.make:
        print(json.dumps(make(asked.sizes[0], asked.make, asked.folder)))
    else:
        run(asked.sizes, asked.tasks, asked.measured_on)


def run(sizes: list[int], tasks: list[str], measured_on: str) -> None:
    """Measure, and write the results and the page."""
    told = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    told |= {
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "versions": {name: version(name) for name in PACKAGES} | _lifelines(),
    }
    if COLD in tasks:
        from cold import cold

        told |= {"cold": cold(), "cold_measured_on": measured_on, "cold_pace": pace()}
        RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    # What a task gave is written before the next one begins: the largest take many minutes.
    for rows in run_all(sizes, [name for name in tasks if name != COLD], measured_on):
        told["rows"] = merged(told, rows)
        RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    if {"life cycle", "yearly stock"} <= {row["task"] for row in told["rows"]}:
        from bench_page import write_page

        write_page()
    else:
        print("the page waits for the life cycle and the yearly stock", file=sys.stderr)


def _lifelines() -> dict[str, str]:
    if not LIFELINES.exists():
        return {}
    asked = "from importlib.metadata import version as v; print(v('lifelines'), v('pandas'))"
    done = subprocess.run(
        [str(LIFELINES), "-c", asked], check=True, stdout=subprocess.PIPE, text=True
    )
    number, pandas = done.stdout.split()
    return {"lifelines": f"{number} (with pandas {pandas})"}


if __name__ == "__main__":
    main()
