"""Write docs/performance.md and its chart from what benchmarks/bench.py measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"

TEMPLATE = """\
# Performance

Measured on {measured_on} with Python {python} on {cores} cores; {versions}. Every measurement is
the best of several runs in a process of its own, which held nothing but its data; contestants gave
the same answer before any time counted. Records are made by `ties.simulate`.
`python benchmarks/bench.py` writes this page.

![Seconds by size](images/performance.svg)

## Beside what else one could pick

The ratio is the time of the best other contestant over ours: above 1 we are faster.

{table}

- **Life cycle** and **tie table** have no other contestant: nothing else does that work. The growth
  is the exponent of the seconds in the number of ties, from the two largest sizes: 1 is linear.
- **Read** is set against reading the same CSV files as text and checking nothing. The difference
  is what the checks cost.
- **De-duplication** by DuckDB or pandas counts the distinct pairs. Ours also says of every row
  which tie it went into, why, and whether it was repeated, mirrored or respelled. That is the
  difference.
- `lifelines` is not among the contestants: its newest version asks for pandas below 3.

## From a standing start

{cold}

Commands are timed from the start of the process to its end, the best of five (`ties report`: once).

## The aims

{aims}

Where an aim is for more rows than were measured, the time of the largest size is scaled up. What
bounds the life cycle is text: codes and states are strings, and most of the time goes into
copying, sorting and numbering them.
"""


def write_page(told: dict[str, Any]) -> None:
    """Write the page and the chart."""
    rows = pd.DataFrame(told["rows"])
    versions = ", ".join(f"{name} {number}" for name, number in told["versions"].items())
    page = TEMPLATE.format(
        measured_on=told["measured_on"],
        python=told["python"],
        cores=told["cores"],
        versions=versions,
        table=_table(rows),
        aims=_aims(told["cold"], rows),
        cold=_lines(["what", "seconds"], [[f"`{k}`", f"{v:.3f}"] for k, v in told["cold"].items()]),
    )
    (DOCS / "performance.md").write_text(page, "utf-8")
    _chart(rows, DOCS / "images" / "performance.svg")


def _aims(cold: dict[str, float], rows: pd.DataFrame) -> str:
    """Set what was measured against what was aimed at."""
    ours = rows[rows["by"] == "ties"].sort_values("n_ties").groupby("task").last()
    life, stock = ours.loc["life cycle"], ours.loc["yearly stock"]
    found = {
        "life cycle of ten million events": (10, life["seconds"] / life["n_events"] * 1e7),
        "yearly stock of ten million episodes": (0.5, stock["seconds"] / stock["n_episodes"] * 1e7),
        "`tie_table` of the bundled record": (0.05, cold["tie_table of the bundled record"]),
        "`ties --help`": (0.3, cold["ties --help"]),
        "`ties status`": (2, cold["ties status"]),
        "`ties report`": (90, cold["ties report"]),
    }
    lines = [
        [what, f"{aim:g}", f"{seconds:.2f}", "yes" if seconds <= aim else "no"]
        for what, (aim, seconds) in found.items()
    ]
    return _lines(["what", "aim, seconds", "measured", "reached"], lines)


def _table(rows: pd.DataFrame) -> str:
    lines = []
    for task, own in rows.groupby("task", sort=False):
        for by, each in own.groupby("by", sort=False):
            growth = _growth(each)
            for _, row in each.iterrows():
                same = own[own["n_ties"] == row["n_ties"]]
                others = same.loc[~same["by"].str.startswith("ties"), "seconds"]
                is_ours = str(by).startswith("ties")
                ratio = f"{others.min() / row['seconds']:.2f}" if is_ours and len(others) else ""
                is_last = row["n_ties"] == each["n_ties"].max()
                lines.append(
                    [
                        str(task),
                        str(by),
                        f"{row['n_ties']:,}",
                        f"{row['n_events']:,}",
                        f"{row['seconds']:.4f}" if row["seconds"] < 1 else f"{row['seconds']:.2f}",
                        f"{row['peak_mb']:,}",
                        ratio,
                        growth if is_last else "",
                    ]
                )
    header = ["work", "by", "ties", "events", "seconds", "peak, MB", "ratio", "growth"]
    return _lines(header, lines, n_text=2)


def _growth(each: pd.DataFrame) -> str:
    last = each.sort_values("n_ties").tail(2)
    if len(last) < 2:
        return ""
    times, sizes = np.log(last["seconds"]), np.log(last["n_ties"].astype(float))
    return f"{float(np.diff(times)[0] / np.diff(sizes)[0]):.2f}"


def _lines(header: list[str], rows: list[list[str]], n_text: int = 1) -> str:
    rule = ["---"] * n_text + ["---:"] * (len(header) - n_text)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


def _chart(rows: pd.DataFrame, path: Path) -> None:
    """Draw seconds by size, a panel a task, both axes in powers of ten."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    from ties.figures.style import BAR, FAINT, INK, house_style, save

    colours = [BAR, "#C2571A", "#2A8C82", "#8C6BB1"]
    with house_style():
        tasks = list(rows["task"].unique())
        figure = Figure(figsize=(6.3, 5.0))
        panels = figure.subplots(2, 3, sharex=True).ravel()
        figure.subplots_adjust(0.1, 0.1, 0.98, 0.94, 0.34, 0.25)
        for ax, task in zip(panels, tasks, strict=False):
            own = rows[rows["task"] == task]
            for colour, (by, each) in zip(colours, own.groupby("by", sort=False), strict=False):
                ax.plot(each["n_ties"], each["seconds"], marker="o", ms=3, color=colour)
                end = each.iloc[-1]
                ax.annotate(
                    str(by).split(",")[0], (end["n_ties"], end["seconds"]), xytext=(-3, 5),
                    textcoords="offset points", ha="right", fontsize=7.5, color=colour,
                )  # fmt: skip
            ax.set_xscale("log")
            ax.set_yscale("log")
            ax.xaxis.set_major_formatter(lambda n, _: _short(n))
            ax.yaxis.set_major_formatter(lambda seconds, _: f"{seconds:g}")
            for axis in (ax.xaxis, ax.yaxis):
                axis.set_minor_formatter(NullFormatter())
            ax.set_title(task, fontsize=9, color=INK, loc="left")
            ax.tick_params(labelsize=7.5, color=FAINT)
        for ax in panels[3:]:
            ax.set_xlabel("Ties", fontsize=8.5)
        for ax in panels[::3]:
            ax.set_ylabel("Seconds", fontsize=8.5)
        save(figure, path)


def _short(n: float) -> str:
    """Write a power of ten as people do: 10k, 1M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if n >= size:
            return f"{n / size:g}{unit}"
    return f"{n:g}"


if __name__ == "__main__":
    write_page(json.loads((HERE / "results" / "bench.json").read_text("utf-8")))
