"""Put what the benchmarks measured into the tables of docs/performance.md, and draw its chart.

    python benchmarks/bench_page.py

The prose of the page is written by hand, and no number of it is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))  # for `validation`, which is no part of the wheel

from validation.pages import fill  # noqa: E402

PAGE = HERE.parent / "docs" / "performance.md"
LARGE = 1_000_000
AIMED_AT = 10_000_000  # events, or episodes
_PARTS = {"check": "`check_parts`", "life cycle": "`lifecycle_of_parts`", "DuckDB": "DuckDB"}


def write_page() -> None:
    """Write the tables and the chart, and print what was aimed at."""
    told = json.loads((HERE / "results" / "bench.json").read_text("utf-8"))
    in_parts = HERE / "results" / "partitions.json"
    parts = json.loads(in_parts.read_text("utf-8")) if in_parts.exists() else []
    rows = pd.DataFrame(told["rows"])
    best = _ratios(rows)
    blocks = {
        "measured": _measured(told, rows),
        "work": _work(rows, best),
        "large": _large(best).to_markdown(index=False, intfmt=",", floatfmt=".2f"),
        "partitions": _parts(parts),
        "cold": _lines(
            ["what", "seconds"], [[f"`{k}`", f"{v:.3f}"] for k, v in told["cold"].items()]
        ),
        "aims": _aims(told["cold"], rows, best, parts),
    }
    PAGE.write_text(fill(PAGE.read_text("utf-8"), blocks), "utf-8")
    _chart(rows, PAGE.parent / "images" / "performance.svg")
    print(blocks["aims"])


def _measured(told: dict[str, Any], rows: pd.DataFrame) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in told["versions"].items())
    low, middle, high = rows["pace"].quantile([0, 0.5, 1])
    return (
        f"Measured on {' and '.join(sorted({*rows['measured_on']}))}, "
        f"with Python {told['python']} on {told['cores']} cores; {versions}. "
        "A million additions in a plain Python loop took "
        f"{middle:.2f} s in the middle, from {low:.2f} to {high:.2f} s."
    )


def _ratios(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each task and size our row, with the best other contestant and the ratio."""
    is_ours = rows["by"].str.startswith("ties")
    others = rows[~is_ours].sort_values("seconds").drop_duplicates(["task", "n_ties"])
    others = others[["task", "n_ties", "by", "seconds"]]
    both = rows[is_ours].merge(others, "left", ["task", "n_ties"], suffixes=("", "_best"))
    return both.assign(ratio=both["seconds_best"] / both["seconds"])


def _work(rows: pd.DataFrame, best: pd.DataFrame) -> str:
    ratios = best.set_index(["task", "by", "n_ties"])["ratio"]
    lines = []
    for (task, by), each in rows.groupby(["task", "by"], sort=False):
        for row in each.to_dict("records"):
            ratio = ratios.get((task, by, row["n_ties"]), np.nan)
            growth = _growth(each, "n_ties") if row["n_ties"] == each["n_ties"].max() else ""
            seconds = f"{row['seconds']:.4f}" if row["seconds"] < 1 else f"{row['seconds']:.2f}"
            numbers = [f"{row[name]:,}" for name in ("n_ties", "n_events")]
            cells = [
                *numbers,
                seconds,
                f"{row['peak_mb']:,}",
                "" if np.isnan(ratio) else f"{ratio:.2f}",
            ]
            lines.append([str(task), str(by), *cells, growth])
    header = ["work", "by", "ties", "events", "seconds", "peak, MB", "ratio", "growth"]
    return _lines(header, lines, n_text=2)


def _growth(each: pd.DataFrame, of: str) -> str:
    """Return the exponent of the seconds in the size, from the two largest sizes of one day."""
    n_sizes = each.groupby("measured_on")[of].transform("size")
    # Between two days the code may have changed.
    last = each[n_sizes > 1].sort_values(["measured_on", of]).tail(2)
    if last.empty:
        return ""
    times, sizes = np.log(last["seconds"]), np.log(last[of].astype(float))
    return f"{float(np.diff(times)[0] / np.diff(sizes)[0]):.2f}"


def _large(best: pd.DataFrame) -> pd.DataFrame:
    large = best[(best["n_ties"] >= LARGE) & best["ratio"].notna()]
    columns = {"task": "work", "n_ties": "ties", "by_best": "best of the others"}
    return large.rename(columns=columns)[[*columns.values(), "ratio"]]


def _parts(parts: list[dict[str, Any]]) -> str:
    lines = [
        [
            name,
            *(f"{row[key]:,}" for key in ("n_ties", "n_events", "n_parts", "n_workers")),
            f"{row[what]['seconds']:,.0f}",
            f"{row[what]['peak_mb']:,}",
            row["measured_on"],
        ]
        for row in parts
        for what, name in _PARTS.items()
        if what in row
    ]
    sizes = ["ties", "events", "partitions", "workers"]
    return _lines(["what", *sizes, "seconds", "peak, MB", "measured on"], lines)


def _aims(
    cold: dict[str, float], rows: pd.DataFrame, best: pd.DataFrame, parts: list[dict[str, Any]]
) -> str:
    """Return what was measured against what was aimed at; another number of rows is scaled."""
    ours = rows[rows["by"] == "ties"]
    life, stock = (ours[ours["task"] == task] for task in ("life cycle", "yearly stock"))
    large = _large(best)
    found: list[tuple[str, float, float]] = [
        ("life cycle of ten million events, seconds", 10, _scaled(life, "n_events", "seconds")),
        ("life cycle of ten million events, MB", 3_000, _scaled(life, "n_events", "peak_mb")),
        (
            "yearly stock of ten million episodes, seconds",
            0.5,
            _scaled(stock, "n_episodes", "seconds"),
        ),
        (
            "`tie_table` of the bundled record, seconds",
            0.05,
            cold["tie_table of the bundled record"],
        ),
        ("`ties --help`, seconds", 0.3, cold["ties --help"]),
        ("`ties status`, seconds", 0.9, cold["ties status"]),
        ("`ties claims`, seconds", 4, cold["ties claims"]),
        ("`ties report`, seconds", 20, cold["ties report"]),
        (
            "works slower than the best other, at a million ties and more",
            0,
            (large["ratio"] < 1).sum(),
        ),
    ]
    for row in parts[-1:]:
        peak = max(row[what]["peak_mb"] for what in ("check", "life cycle"))
        found.append(
            (f"{row['n_events']:,} events in partitions, MB of all processes", 4_000, peak)
        )
    lines = [
        [what, f"{aim:,g}", f"{value:,.4g}", "yes" if value <= aim else "no"]
        for what, aim, value in found
    ]
    return _lines(["what", "at most", "measured", "reached"], lines)


def _scaled(own: pd.DataFrame, of: str, measure: str) -> float:
    row = own.loc[np.log(own[of].astype(float) / AIMED_AT).abs().idxmin()]
    return float(row[measure] / row[of] * AIMED_AT)


def _lines(header: list[str], rows: list[list[str]], n_text: int = 1) -> str:
    rule = ["---"] * n_text + ["---:"] * (len(header) - n_text)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


def _chart(rows: pd.DataFrame, path: Path) -> None:
    """Draw seconds by size, a panel a task, both axes in powers of ten."""
    from matplotlib.figure import Figure

    from ties.figures.style import house_style, save

    with house_style():
        tasks = list(rows["task"].unique())
        figure = Figure(figsize=(7.2, 8.6))
        panels = figure.subplots(4, 2, sharex=True).ravel()
        figure.subplots_adjust(0.09, 0.06, 0.98, 0.97, 0.2, 0.22)
        for ax, task in zip(panels, tasks, strict=False):
            _panel(ax, task, rows[rows["task"] == task])
        for ax in panels[len(tasks) :]:
            ax.set_visible(False)
        for ax in panels[-2:]:
            ax.set_xlabel("Ties", fontsize=8.5)
        for ax in panels[::2]:
            ax.set_ylabel("Seconds", fontsize=8.5)
        save(figure, path)


def _panel(ax: Any, task: str, own: pd.DataFrame) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    from ties.figures.style import BAR, FAINT, INK

    colours = [BAR, "#C2571A", "#2A8C82", "#8C6BB1"]
    for colour, (by, each) in zip(colours, own.groupby("by", sort=False), strict=False):
        is_ours = str(by).startswith("ties")
        ax.plot(
            each["n_ties"], each["seconds"], marker="o", ms=3, color=colour, label=str(by),
            lw=2 if is_ours else 1.2, zorder=3 if is_ours else 2,
        )  # fmt: skip
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.xaxis.set_major_formatter(lambda n, _: _short(n))
    ax.yaxis.set_major_locator(LogLocator(numticks=6))
    ax.yaxis.set_major_formatter(lambda seconds, _: f"{seconds:g}")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_formatter(NullFormatter())
    ax.set_title(task, fontsize=9, color=INK, loc="left")
    ax.tick_params(labelsize=7.5, color=FAINT)
    ax.legend(fontsize=7, frameon=False, loc="upper left", labelcolor="linecolor", handlelength=1.2)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * (high / low) ** 0.35)  # room for the names above the lines


def _short(n: float) -> str:
    """Write a power of ten as people do: 10k, 1M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if n >= size:
            return f"{n / size:g}{unit}"
    return f"{n:g}"


if __name__ == "__main__":
    write_page()
