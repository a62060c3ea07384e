"""Every tie as a line of calendar time by age, in the colour of its status.

What happened to all ties in one year stands on a vertical, what happens at one age on a horizontal,
so that the eye tells a shock from ageing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from ties.figures.style import (
    INK,
    STATUS_COLOURS,
    Layout,
    count,
    empty_frame,
    house_style,
    names_of,
    prepare,
    set_title,
    whole_numbers,
)
from ties.schema.vocabulary import STATUSES

LAYOUT: Final = Layout(height=4.6, right=1.3)
_STOPPED: Final = [code for code, term in STATUSES.items() if term.group == "stopped"]
_YEAR_DAYS: Final = 365.25


@house_style()
def draw_lexis(segments: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the lives of ties in calendar time and age.

    Parameters
    ----------
    segments
        As `ties.stats.lexis.lexis` gives them. Ties whose founding has no earliest day are
        drawn by the age that they have for certain, with a thinner line.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on. A point marks where a tie was suspended or ended.
    """
    ax = prepare(ax, LAYOUT)
    if segments.empty:
        return empty_frame(ax, "No ties to draw")
    lines, widths, colours = _lines(segments)
    ax.add_collection(LineCollection(lines, linewidths=widths, colors=colours))
    stops = first_stops(segments)
    ax.scatter(
        _years(stops["start"]), stops["age_start"], s=9, zorder=3, linewidths=0,
        color=[STATUS_COLOURS[code] for code in stops["status"]],
    )  # fmt: skip
    ends = np.array(lines)[:, :, 0]
    ax.set_xlim(ends.min() - 0.5, ends.max() + 0.5)
    ax.set_ylim(0, max(float(segments["age_end"].max()) * 1.03, 1.0))
    whole_numbers(ax.xaxis, ax.yaxis)
    ax.set_xlabel("Year")
    ax.set_ylabel("Age of the tie (years since its founding)")
    _key(ax, segments)
    set_title(ax, _finding(segments, stops))
    return ax


def first_stops(segments: pd.DataFrame) -> pd.DataFrame:
    """The first suspension or end of each tie that had one, a row a tie."""
    stopped = segments[segments["status"].isin(_STOPPED)]
    return stopped.sort_values("start", kind="stable").drop_duplicates("tie_id")


def _lines(segments: pd.DataFrame) -> tuple[list[np.ndarray], np.ndarray, list[str]]:
    start, end = _years(segments["start"]), _years(segments["end"])
    lows, highs = segments["age_start"].to_numpy(), segments["age_end"].to_numpy()
    ends = np.stack([np.column_stack([start, lows]), np.column_stack([end, highs])], axis=1)
    lines = [*ends]
    widths = np.where(segments["age_spare"].isna(), 0.6, 1.3)
    return lines, widths, [STATUS_COLOURS[code] for code in segments["status"]]


def _years(days: pd.Series) -> np.ndarray:
    since = (days - pd.Timestamp("1970-01-01")).dt.days.to_numpy("float64")
    years: np.ndarray = 1970 + since / _YEAR_DAYS
    return years


def _key(ax: Axes, segments: pd.DataFrame) -> None:
    """Name the colours beside the axes."""
    labels = names_of(STATUSES, [code for code in STATUSES if (segments["status"] == code).any()])
    for row, (code, label) in enumerate(labels.items()):
        height = 0.97 - 0.065 * row
        ax.text(
            1.02, height, "■", transform=ax.transAxes, va="center", fontsize=9,
            color=STATUS_COLOURS[code], clip_on=False,
        )  # fmt: skip
        ax.text(
            1.06, height, label, transform=ax.transAxes, va="center", fontsize=8, color=INK,
            clip_on=False,
        )  # fmt: skip


def _finding(segments: pd.DataFrame, stops: pd.DataFrame) -> str:
    n_ties = segments["tie_id"].nunique()
    if stops.empty:
        return f"None of {count(n_ties, 'tie')} is known to have been suspended or ended"
    year = stops["start"].dt.year
    most, n_most = int(year.value_counts().index[0]), int(year.value_counts().iloc[0])
    ages = stops.loc[year == most, "age_start"]
    n_stops = count(len(stops), "suspension or end", "suspensions and ends")
    text = f"{n_most} of {n_stops} fell in {most}"
    if n_most > 1:
        text += f", at ages from {int(ages.min())} to {int(ages.max())} years"
    return text
