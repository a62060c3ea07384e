"""Write docs/performance.md and its chart from what the benchmarks measured.

    python benchmarks/bench_page.py

No number on the page is written by hand; what says why is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
LARGE = 1_000_000
MEMORY_LIFE = 3_000
MEMORY_PARTS = 4_000
AIMED_AT = 10_000_000  # events, or episodes
# Each task with the rows by which its aim is told.
_EVENTS, _EPISODES = ("life cycle", "n_events"), ("yearly stock", "n_episodes")
_BUNDLED = "tie_table of the bundled record"

TEMPLATE = """\
# Performance

Measured on {measured_on}, with Python {python} on {cores} cores; {versions}. Every measurement is
a process of its own, which held nothing but its data: the best of two runs or more, or the one run
if it took more than a minute. The peak is what the process held at most while it worked, its data
included. What the contestants gave was compared, and was the same, before any time counted.
Records are made by `validation.simulate`. `make bench` writes this page, and `python
benchmarks/partitions.py` the part on records larger than memory.

{pace}

![Seconds by size](images/performance.svg)

## Beside what else one could pick

The ratio is the time of the best other contestant over ours: above 1 we are faster. The growth is
the exponent of the seconds in the number of ties, from the two largest sizes that were measured
on one day: 1 is linear.

{table}

What each did:

- **Read**: CSV files into tables. With pandera: the same schemas, and every reference looked up.
  Ours also checks dates and how they fit, and could name the line of every fault.
- **Validate**: Parquet files with some faults of three kinds, which all contestants count: codes
  that stand twice, that refer to nothing, that are none. DuckDB does these three and no more;
  pandera checks every column; ours checks that, and dates, pairs, order in time and evidence too,
  and says of each fault where it is and what to do.
- **Life cycle** and **tie table**: all episodes on three axes, and how each tie stands. The
  others start from dates parsed for them, know only the kinds of event and the rule that
  simulated records need, and leave out which event began an episode and how exactly that is
  dated. Compared are tie, axis, state, beginning and end of every episode. The table of the
  others has the status, the decade of founding and the number of events; ours has {n_columns}
  columns.
- **Yearly stock**, **survival**: from the same episodes, on all axes, and from the same spells.
  `lifelines` runs in an environment of its own, since it asks for an older pandas.
- **De-duplication**: pandas and DuckDB count the distinct pairs. Ours also says of every row
  which tie it went into, why, and whether it was repeated, mirrored or respelled.
- **Resolve**: names that one place of their country bears, half of them in capitals. A merge or
  the nearest name answers no more than that; ours weighs namesakes, states, dates and distance,
  and gives a reason.

{left_out}

## Where we are slower

Of the work above, at a million ties and more:

{verdicts}

{why}

## Larger than memory

{parts}

## From a standing start

{cold}

Measured on {cold_measured_on}{cold_pace}. Commands are timed from the start of the process
to its end, the best of five if they take less than four seconds. `ties fetch` needs the network
and `ties lab` does not end: both are left out. `jupyter nbconvert` makes HTML of the notebooks that
the report runs, without the PDF, the page to explore, the figures and the tables.

## The aims

{aims}

An aim for a number of rows that was not measured is set against the nearest, scaled; it says so.

{bounds}
"""

WHY = {
    "read": "The difference is what the checks cost: pandas that checks nothing is the fastest.",
    "validate": "DuckDB looks for three kinds of fault and says how many there are. Ours goes "
    "through every rule of a record, one after another on one core, and keeps where each fault is.",
    "life cycle": "DuckDB and Polars begin after the dates are parsed; ours begins with text, "
    "and says of each episode which event began it and how exactly.",
    "tie table": "It is the life cycle and what is counted on top of it; the same holds.",
    "yearly stock": "One pass on one core, against two.",
    "survival": "Spells that are alike are put together first, and the curve is statsmodels'.",
    "de-duplication": "Distinct pairs are a set. A log of where each row went, and why, is as many "
    "rows as there were, each with text.",
    "resolve": "Each distinct name is taken apart, looked up under several readings, and judged; "
    "a merge looks up one.",
}


def write_page() -> None:
    """Write the page and the chart, and print what was measured and what was aimed at."""
    told = json.loads((HERE / "results" / "bench.json").read_text("utf-8"))
    in_parts = HERE / "results" / "partitions.json"
    parts = json.loads(in_parts.read_text("utf-8")) if in_parts.exists() else []
    rows = pd.DataFrame(told["rows"])
    best = _ratios(rows)
    table, aims = _table(rows, best), _aims(told["cold"], rows, best, parts)
    page = TEMPLATE.format(
        measured_on=_days(rows),
        python=told["python"],
        cores=told["cores"],
        versions=", ".join(f"{name} {number}" for name, number in told["versions"].items()),
        table=table,
        n_columns=_n_columns(),
        pace=_pace(rows),
        left_out=_left_out(rows),
        verdicts=_verdicts(best),
        why=_why(best),
        parts=_parts(parts),
        cold=_cold(told["cold"]),
        cold_pace=f", at a pace of {told['cold_pace']:.2f} s" if "cold_pace" in told else "",
        cold_measured_on=told.get("cold_measured_on", told.get("measured_on", "")),
        bounds=_bounds(rows),
        aims=aims,
    )
    (DOCS / "performance.md").write_text(page, "utf-8")
    _chart(rows, DOCS / "images" / "performance.svg")
    print(table, aims, sep="\n\n")


def _days(rows: pd.DataFrame) -> str:
    """Say on which days rows were measured; what differs from the rest by its task."""
    by_task = rows.groupby("task", sort=False)["measured_on"].agg(lambda own: sorted(set(own)))
    usual = rows["measured_on"].mode().iloc[0]
    others = [
        f"{task} on {' and '.join(days)}" for task, days in by_task.items() if days != [usual]
    ]
    return usual + (f" ({'; '.join(others)})" if others else "")


def _pace(rows: pd.DataFrame) -> str:
    """Say how fast the machine itself was while it measured."""
    low, middle, high = rows["pace"].quantile([0, 0.5, 1])
    return (
        "A machine that others share is not always as fast. Before each measurement a million "
        f"additions in a plain Python loop were timed: {middle:.2f} s in the middle, from "
        f"{low:.2f} to {high:.2f} s. Seconds are to be read beside that; ratios less so."
    )


def _n_columns() -> int:
    import ties

    return ties.tie_table(ties.load()).shape[1]


def _is_ours(by: pd.Series) -> pd.Series:
    return by.str.startswith("ties")


def _ratios(rows: pd.DataFrame) -> pd.DataFrame:
    """Give for each task and size our row, with the best other contestant and the ratio."""
    others = rows[~_is_ours(rows["by"])].sort_values("seconds")
    others = others.drop_duplicates(["task", "n_ties"])[["task", "n_ties", "by", "seconds"]]
    ours = rows[_is_ours(rows["by"])]
    both = ours.merge(others, "left", ["task", "n_ties"], suffixes=("", "_best"))
    return both.assign(ratio=both["seconds_best"] / both["seconds"])


def _table(rows: pd.DataFrame, best: pd.DataFrame) -> str:
    ratios = best.set_index(["task", "by", "n_ties"])["ratio"]
    lines = []
    for (task, by), each in rows.groupby(["task", "by"], sort=False):
        for _, row in each.iterrows():
            ratio = ratios.get((task, by, row["n_ties"]), np.nan)
            is_last = row["n_ties"] == each["n_ties"].max()
            lines.append(
                [
                    str(task),
                    str(by),
                    f"{row['n_ties']:,}",
                    f"{row['n_events']:,}",
                    f"{row['seconds']:.4f}" if row["seconds"] < 1 else f"{row['seconds']:.2f}",
                    f"{row['peak_mb']:,}",
                    "" if np.isnan(ratio) else f"{ratio:.2f}",
                    _growth(each) if is_last else "",
                ]
            )
    header = ["work", "by", "ties", "events", "seconds", "peak, MB", "ratio", "growth"]
    return _lines(header, lines, n_text=2)


def _growth(each: pd.DataFrame) -> str:
    n_sizes = each.groupby("measured_on")["n_ties"].transform("size")
    # Between two days the code may have changed.
    last = each[n_sizes > 1].sort_values(["measured_on", "n_ties"]).tail(2)
    if last.empty:
        return ""
    times, sizes = np.log(last["seconds"]), np.log(last["n_ties"].astype(float))
    return f"{float(np.diff(times)[0] / np.diff(sizes)[0]):.2f}"


def _left_out(rows: pd.DataFrame) -> str:
    """Say which contestants were not given the sizes that others of their task were."""
    found = []
    for task, own in rows.groupby("task", sort=False):
        most = own.groupby("by", sort=False)["n_ties"].max()
        found += [f"{by} ({task}, {n:,})" for by, n in most.items() if n < own["n_ties"].max()]
    if not found:
        return ""
    return (
        "Not given larger sizes than these, where they would take minutes or many gigabytes: "
        f"{'; '.join(found)}."
    )


def _large(best: pd.DataFrame) -> pd.DataFrame:
    return best[(best["n_ties"] >= LARGE) & best["ratio"].notna()]


def _verdicts(best: pd.DataFrame) -> str:
    lines = [
        [
            str(row["task"]),
            f"{row['n_ties']:,}",
            str(row["by_best"]),
            f"{row['ratio']:.2f}",
            "no" if row["ratio"] >= 1 else "yes",
        ]
        for _, row in _large(best).iterrows()
    ]
    return _lines(["work", "ties", "best of the others", "ratio", "slower"], lines)


def _why(best: pd.DataFrame) -> str:
    slow = _large(best).query("ratio < 1").groupby("task", sort=False)["ratio"].min()
    return "\n".join(
        f"- **{str(task).capitalize()}**, {1 / ratio:,.1f} times the time of the best. {WHY[task]}"
        for task, ratio in slow.items()
    )


def _parts(parts: list[dict[str, Any]]) -> str:
    if not parts:
        return "Not measured yet."
    lines = []
    for row in parts:
        for what in ("check", "life cycle", "DuckDB"):
            if what not in row:
                continue
            done = row[what]
            name = {"check": "`check_parts`", "life cycle": "`lifecycle_of_parts`"}.get(
                what, "DuckDB, the life cycle alone"
            )
            cells = [f"{row[key]:,}" for key in ("n_ties", "n_events", "n_parts")]
            lines.append(
                [
                    name,
                    *cells,
                    f"{done['seconds']:,.0f}",
                    f"{done['peak_mb']:,}",
                    row["measured_on"],
                ]
            )
    header = ["what", "ties", "events", "partitions", "seconds", "peak, MB", "measured on"]
    return (
        f"Partitions of Parquet on a Dask cluster of {parts[-1]['n_workers']} workers, simulated a "
        "partition at a time. The peak is the sum over all processes: workers, their nannies, and "
        "the one that schedules them. Both functions read every partition with every check. DuckDB "
        "starts from dates parsed for it and checks nothing; where it has a row, its life cycle "
        "was compared with ours episode by episode before any time counted.\n\n"
        + _lines(header, lines)
    )


def _cold(cold: dict[str, float]) -> str:
    return _lines(["what", "seconds"], [[f"`{k}`", f"{v:.3f}"] for k, v in cold.items()])


def _aims(
    cold: dict[str, float], rows: pd.DataFrame, best: pd.DataFrame, parts: list[dict[str, Any]]
) -> str:
    """Set what was measured against what was aimed at."""
    lines = [
        _scaled(rows, _EVENTS, "life cycle of ten million events, seconds", 10, "seconds"),
        _scaled(rows, _EVENTS, "life cycle of ten million events, MB", MEMORY_LIFE, "peak_mb"),
        ["life cycle, growth in events", "1", _events_growth(rows), ""],
        _scaled(rows, _EPISODES, "yearly stock of ten million episodes, seconds", 0.5, "seconds"),
        _aim("`tie_table` of the bundled record, seconds", 0.05, cold, _BUNDLED),
        _aim("`ties --help`, seconds", 0.3, cold, "ties --help"),
        _aim("`ties status`, seconds", 2, cold, "ties status"),
        _aim("`ties report`, seconds", 90, cold, "ties report"),
    ]
    for row in parts[-1:]:
        peak = max(row[what]["peak_mb"] for what in ("check", "life cycle"))
        what = f"{row['n_events']:,} events in partitions, MB of all processes"
        lines.append([what, f"{MEMORY_PARTS:,}", f"{peak:,}", _yes(peak <= MEMORY_PARTS)])
    large = _large(best)
    n_fast = int((large["ratio"] >= 1).sum())
    lines.append(
        [
            "never slower than the best other, at a million ties and more",
            f"{len(large)} of {len(large)}",
            f"{n_fast} of {len(large)}",
            _yes(n_fast == len(large)),
        ]
    )
    return _lines(["what", "aim", "measured", "reached"], lines)


def _bounds(rows: pd.DataFrame) -> str:
    """Say of what the memory of the largest life cycle is made."""
    own = rows[(rows["task"] == "life cycle") & (rows["by"] == "ties")]
    largest = own.sort_values("n_events").iloc[-1]
    return (
        f"Before the life cycle of {largest['n_events']:,} events begins, the process holds "
        f"{largest['held_mb']:,} MB: the record, whose codes and summaries are text. The rest is "
        "the answer, a row an episode with two codes as text and four days, and what makes it. "
        "What would make it less is to give codes as categories, which no longer are plain text to "
        "who reads the answer, or to take the record in partitions, which is what they are for."
    )


def _yes(is_reached: bool) -> str:
    return "yes" if is_reached else "no"


def _aim(what: str, aim: float, cold: dict[str, float], key: str) -> list[str]:
    return [what, f"{aim:g}", f"{cold[key]:.2f}", _yes(cold[key] <= aim)]


def _scaled(
    rows: pd.DataFrame, aimed: tuple[str, str], what: str, aim: float, measure: str
) -> list[str]:
    """Give what we would take for the rows aimed at, by what the size nearest to it took."""
    task, of = aimed
    own = rows[(rows["task"] == task) & (rows["by"] == "ties")]
    row = own.loc[np.log(own[of].astype(float) / AIMED_AT).abs().idxmin()]
    form = ",.0f" if measure == "peak_mb" else ".2f"
    found = row[measure] / row[of] * AIMED_AT
    note = "" if abs(row[of] / AIMED_AT - 1) < 0.05 else f", scaled from {row[of]:,}"
    return [what + note, f"{aim:,g}", f"{found:{form}}", _yes(found <= aim)]


def _events_growth(rows: pd.DataFrame) -> str:
    own = rows[(rows["task"] == "life cycle") & (rows["by"] == "ties")]
    own = own[own["n_ties"] >= LARGE // 10]
    if len(own) < 2:
        return ""
    slope = np.polyfit(np.log(own["n_events"].astype(float)), np.log(own["seconds"]), 1)[0]
    return f"{slope:.2f}"


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
