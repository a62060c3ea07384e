"""Commands from a standing start, and what an import leaves to be done."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BIN = Path(sys.executable).parent
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
# Commands above this many seconds are timed once.
LONG = 4.0


def cold() -> dict[str, float]:
    """Time each command on a small task, from the start of its process to its end."""
    # Some images forbid Python to keep what it compiles, which most users let it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="ties-cold-") as scratch:
        return _commands(Path(scratch)) | _in_memory() | _report(Path(scratch))


def _commands(home: Path) -> dict[str, float]:
    """Time all but `fetch`, which needs the network, and `lab`, which does not end."""
    import ties
    from ties.io.folder import record_folder

    table = ties.tie_table(ties.load())
    told = table[["name_a", "country_a", "name_b", "country_b"]]
    for snapshot, rows in {"old": told.head(40), "new": told.iloc[5:50]}.items():
        rows.to_csv(home / f"{snapshot}.csv", index=False)
    imports = {name: home / "raw" / name / "2026-02-08" for name in ("old", "new")}
    tasks = {
        "--help": [],
        "status": [],
        "show": ["Duluth"],
        "claims": ["--claim", "most-in-the-1990s"],
        "check": [str(record_folder())],
        "build": ["--out", str(home / "built")],
        "figure": ["stock", "-o", str(home / "stock.svg")],
        "explore": ["-o", str(home / "explore.html")],
        "export": ["xlsx", "-o", str(home / "record.xlsx")],
        "import": [str(home / "old.csv"), "--retrieved", "2026-02-08", "-o", str(home / "raw")],
        "merge": ["us-russia", str(imports["old"]), "--out", str(home / "merged")],
        "apart": [str(home / "merged"), str(table["tie_id"].iloc[10])],
        "conflicts": [],
        "compare": [str(imports["old"]), str(imports["new"])],
    }
    found = {}
    for name, words in tasks.items():
        if name == "compare":
            _timed("import", [str(home / "new.csv"), *tasks["import"][1:]])
        found[f"ties {name}"] = _best(name, words)
    return found


def _best(name: str, words: list[str]) -> float:
    first = _timed(name, words)
    return first if first > LONG else min(first, *(_timed(name, words) for _ in range(4)))


def _timed(name: str, words: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        [str(BIN / "ties"), name, *words], check=False, capture_output=True, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(f"ties {name} ended with {done.returncode}: {done.stderr[-500:]}")
    return seconds


def _in_memory() -> dict[str, float]:
    import ties
    from ties.merge.conflicts import find_conflicts

    record = ties.load("us-russia")
    tasks: dict[str, Callable[[], object]] = {
        "tie_table of the bundled record": lambda: ties.tie_table(record),
        "lifecycle of the bundled record": lambda: ties.lifecycle(record),
        "conflicts of the bundled record": lambda: find_conflicts(record),
    }
    found = {}
    for name, run in tasks.items():
        run()
        times = []
        for _ in range(10):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        found[name] = min(times)
    return found


def _report(home: Path) -> dict[str, float]:
    """Time the report and each of its steps, and its notebooks made HTML by nbconvert alone."""
    start = time.perf_counter()
    command = [str(BIN / "ties"), "report", "-o", str(home / "report")]
    steps, notebooks, said = {}, [], []
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        for line in running.stderr or []:
            said.append(line)
            what = line.strip().partition("] ")[2]
            if what.startswith("ran "):
                notebooks.append(NOTEBOOKS / f"{Path(what.removeprefix('ran ')).stem}.ipynb")
            elif what and what != "done":
                steps[what] = time.perf_counter()
    end = time.perf_counter()
    if running.returncode:
        raise SystemExit(f"ties report ended with {running.returncode}: {''.join(said[-20:])}")
    ends = [*list(steps.values())[1:], end]
    parts = zip(steps, steps.values(), ends, strict=True)
    return {
        "ties report": end - start,
        **{f"ties report, {what}": until - begun for what, begun, until in parts},
        "nbconvert, the same notebooks to HTML alone": _nbconvert(notebooks, home),
    }


def _nbconvert(notebooks: list[Path], home: Path) -> float:
    start = time.perf_counter()
    command = [str(BIN / "jupyter"), "nbconvert", "--to", "html", "--execute"]
    command += ["--output-dir", str(home / "nbconvert"), *map(str, sorted(notebooks))]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start
