"""How many ties stood in each year, and how: alive, silent, stopped, or not known.

The bars stack the statuses on 31 December of each year, so their top is the number of ties ever
founded. What nobody looked at is a band of its own, hatched and light, never part of the dormant.

A step that is only the day of an observation must not look like an event: a list that names many
ties for the first time, or a search that was made on one day. Such years are marked.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ties.bounds import Bounds
from ties.figures.style import (
    FAINT,
    HATCHES,
    INK,
    STATUS_COLOURS,
    Layout,
    count,
    empty_frame,
    house_style,
    names_of,
    prepare,
    set_title,
    spread,
    whole_numbers,
)
from ties.schema.vocabulary import STATUSES

LAYOUT: Final = Layout(height=4.2, right=1.5)
# A list is marked if it names at least this share of the ties of the last year for the first time.
_A_STEP: Final = 0.03
ALIVE: Final = [code for code, term in STATUSES.items() if term.group == "alive"]


@house_style()
def draw_stock(
    stock: pd.DataFrame,
    ax: Axes | None = None,
    *,
    observed: pd.DataFrame | None = None,
    alive: Bounds | None = None,
) -> Axes:
    r"""Draw the ties that stood at the end of each year, by status.

    Parameters
    ----------
    stock
        As `ties.stock` returns it: index year, a column of ties a
        status.
        The last year is as of the day looked from, which may lie before its end.
    ax
        Where to draw; new axes if not given.
    observed
        As `ties.stats.decline.observation` gives it: the years to be marked.
    alive
        As `ties.bounds.n_alive` gives it for the last day: then the title has its numbers.

    Returns
    -------
    Axes
        The axes drawn on. The bars of a year add up to the ties founded until then.

    Examples
    --------
    >>> stock = pd.DataFrame({"active": [1, 2], "dormant": [0, 1]}, index=[2001, 2002])
    >>> draw_stock(stock).get_title(loc="left").replace("\n", " ")
    'Of 3 ties, 2 were known to be alive in 2002'
    """
    ax = prepare(ax, LAYOUT)
    columns = [code for code in STATUSES if code in stock.columns]
    numbers = stock[columns].astype("float64")
    if numbers.to_numpy().sum() == 0:
        return empty_frame(ax, "No ties to draw")
    years = numbers.index.to_numpy("float64")
    tops = numbers.cumsum(axis=1)
    for code in columns:
        is_alive = code in ALIVE
        ax.bar(
            years, numbers[code], bottom=tops[code] - numbers[code], width=1.0,
            facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code), hatchcolor="white",
            linewidth=0, label=code, zorder=2 if is_alive else 1,
        )  # fmt: skip
    ax.set_xlim(years.min() - 0.5, years.max() + 0.5)
    ax.set_ylim(0, float(tops.iloc[:, -1].max()) * 1.02)
    whole_numbers(ax.xaxis, ax.yaxis)
    _label_last_year(ax, numbers, tops)
    if observed is not None:
        _mark_observation(ax, observed, tops.iloc[:, -1])
    ax.set_xlabel("Year")
    ax.set_ylabel("Ties known to have been founded")
    set_title(ax, _finding(numbers) if alive is None else _finding_of_bounds(numbers, alive))
    return ax


def _label_last_year(ax: Axes, numbers: pd.DataFrame, tops: pd.DataFrame) -> None:
    """Name each band beside its last bar, with its number, so that no legend is needed."""
    last = numbers.iloc[-1]
    shown = [code for code in numbers.columns if numbers[code].sum() > 0]
    if not shown:
        return
    middles = [float(tops[code].iloc[-1] - last[code] / 2) for code in shown]
    height = ax.get_ylim()[1]
    places = spread(middles, gap=0.075 * height, low=0.03 * height, high=0.97 * height)
    edge = float(numbers.index[-1]) + 0.5
    labels = names_of(STATUSES, shown)
    across = ax.get_yaxis_transform()
    for code, middle, place in zip(shown, middles, places, strict=True):
        if last[code]:
            ax.annotate(
                "", xy=(1.005, middle), xytext=(1.045, place), xycoords=across, textcoords=across,
                arrowprops={"arrowstyle": "-", "color": FAINT, "lw": 0.6, "shrinkA": 0},
            )  # fmt: skip
        ax.text(
            1.055, place, "■", transform=across, va="center", fontsize=9,
            color=STATUS_COLOURS[code], clip_on=False,
        )  # fmt: skip
        ax.text(
            1.095, place, f"{labels[code]} {int(last[code])}", transform=across,
            va="center", fontsize=8, color=INK, clip_on=False,
        )  # fmt: skip
    ax.axvline(edge, color=FAINT, linewidth=0.5)


def _mark_observation(ax: Axes, observed: pd.DataFrame, tops: pd.Series) -> None:
    """Mark the years whose steps are only days of observation, and say what the marks mean."""
    observed = observed[observed.index.isin(tops.index)]
    named = observed["named"][observed["named"] >= max(3, _A_STEP * tops.max())]
    searched = observed["searched"][observed["searched"] > 0]
    height = ax.get_ylim()[1]
    notes = []
    if len(named):
        notes.append("▾ a list or report first names so many ties, which may be older")
        for year, n in named.items():
            ax.annotate(
                f"{n}", xy=(year, tops[year]), xytext=(0, 7), textcoords="offset points",
                ha="center", fontsize=7.5, color=FAINT,
            )  # fmt: skip
        ax.plot(
            named.index, tops[named.index] + 0.015 * height, "v",
            color=FAINT, markersize=4, linestyle="none", zorder=3,
        )  # fmt: skip
    if len(searched):
        years, n = _span([int(year) for year in searched.index]), int(searched.sum())
        notes.append(f"▴ searches of {years} found no sign of life of {count(n, 'tie')}, not drawn")
        ax.plot(
            searched.index, [0] * len(searched), "^",
            color=INK, markersize=5, linestyle="none", clip_on=False, zorder=4,
        )  # fmt: skip
    ax.set_ylim(0, 1.06 * height)
    ax.text(
        0.01, 0.98, "\n".join(notes), transform=ax.transAxes, va="top", fontsize=7.5, color=FAINT
    )


def _finding(numbers: pd.DataFrame) -> str:
    """What is known of the last year: no trend, for the last years are known least."""
    alive = numbers[[code for code in ALIVE if code in numbers]].sum(axis=1)
    n_ties, now, year = int(numbers.iloc[-1].sum()), int(alive.iloc[-1]), int(numbers.index[-1])
    text = f"Of {count(n_ties, 'tie')}, {now} {'was' if now == 1 else 'were'} known to be alive"
    if not now:
        text = f"Of {count(n_ties, 'tie')}, no sign of life was known"
    unknown = int(numbers["no_information"].iloc[-1]) if "no_information" in numbers else 0
    return f"{text} in {year}" + (f"; of {unknown} there is no information" if unknown else "")


def _finding_of_bounds(numbers: pd.DataFrame, alive: Bounds) -> str:
    """How many were alive for certain, of the ties that stood and those that may have.

    At most as many were as neither silence nor a stop is known of; but what is silent is known from
    searches, whose day says nothing of the ties.
    """
    n, year, least = int(numbers.iloc[-1].sum()), int(numbers.index[-1]), int(alive.lower)
    ties = count(n, "tie") if alive.n == n else f"{n} to {count(alive.n, 'tie')}"
    if not least:
        return f"Of {ties}, no sign of life was known in {year}"
    return f"Of {ties}, at least {least} {'was' if least == 1 else 'were'} alive in {year}"


def _span(years: list[int]) -> str:
    """Which years: one, a run, or the first and last of several."""
    if len(years) == 1:
        return f"{years[0]}"
    if len(years) == 2:
        return f"{years[0]} and {years[1]}"
    if np.all(np.diff(years) == 1):
        return f"{years[0]} to {years[-1]}"
    return f"{len(years)} years between {years[0]} and {years[-1]}"
