"""How many ties were alive in each year: at least so many, and at most so many.

The band between the two is what nobody knows. It narrows where somebody looked, and a fall that is
only the day of a search is marked as one.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from ties.figures.style import (
    FAINT,
    INK,
    STATUS_COLOURS,
    Layout,
    count,
    empty_frame,
    house_style,
    prepare,
    set_title,
    spread,
    whole_numbers,
)

LAYOUT: Final = Layout(height=3.6, right=1.6)
_ALIVE: Final = STATUS_COLOURS["active"]
_STOPPED: Final = STATUS_COLOURS["suspended"]


@house_style()
def draw_alive(
    by_year: pd.DataFrame, ax: Axes | None = None, *, searched: pd.Series | None = None
) -> Axes:
    r"""Draw the bounds of the ties alive at the end of each year, and the least that were stopped.

    Parameters
    ----------
    by_year
        As `ties.bounds.by_year` gives it.
    ax
        Where to draw; new axes if not given.
    searched
        Ties of which a search found no sign of life, by the year of the search: those are marked.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"alive_lower": [3, 1], "alive_upper": [4, 2], "stopped_lower": [0, 1]},
    ...     index=[1999, 2000],
    ... )
    >>> draw_alive(table).get_title(loc="left").replace("\n", " ")
    'At least 3 ties were alive in 1999, and at most 2 in 2000'
    """
    ax = prepare(ax, LAYOUT)
    if by_year.empty or not by_year["alive_upper"].max():
        return empty_frame(ax, "No tie is known to have been alive")
    years = by_year.index.to_numpy("float64")
    least, most, stopped = (
        by_year[name].to_numpy("float64")
        for name in ("alive_lower", "alive_upper", "stopped_lower")
    )
    ax.fill_between(years, least, most, color=_ALIVE, alpha=0.16, linewidth=0)
    ax.plot(years, most, color=_ALIVE, linewidth=1, linestyle=(0, (4, 2)))
    ax.plot(years, least, color=_ALIVE, linewidth=1.8)
    ax.plot(years, stopped, color=_STOPPED, linewidth=1.8)
    ax.set_xlim(years.min(), years.max())
    ax.set_ylim(0, 1.08 * most.max())
    whole_numbers(ax.xaxis, ax.yaxis)
    ax.set_xlabel("Year")
    ax.set_ylabel("Ties")
    _label(
        ax,
        {"alive at most": most[-1], "alive at least": least[-1], "stopped at least": stopped[-1]},
    )
    if searched is not None and searched.sum():
        _mark_searches(ax, searched[searched > 0], float(years.max()))
    set_title(ax, _finding(by_year, searched))
    return ax


def _label(ax: Axes, ends: dict[str, float]) -> None:
    """Name each line at its end, with its number."""
    height = ax.get_ylim()[1]
    places = spread([*ends.values()], gap=0.075 * height, low=0.03 * height, high=0.97 * height)
    for (name, end), place in zip(ends.items(), places, strict=True):
        colour = _STOPPED if name.startswith("stopped") else _ALIVE
        ax.text(
            1.03, place, f"{name} {end:.0f}", transform=ax.get_yaxis_transform(),
            va="center", fontsize=8, color=colour, clip_on=False,
        )  # fmt: skip


def _mark_searches(ax: Axes, searched: pd.Series, last: float) -> None:
    ax.plot(
        searched.index, [0] * len(searched), "^",
        color=INK, markersize=5, linestyle="none", clip_on=False, zorder=4,
    )  # fmt: skip
    ax.text(
        0.01, 0.98, "▴ a search found no sign of life: what falls there may have ended long before",
        transform=ax.transAxes, va="top", fontsize=7.5, color=FAINT,
    )  # fmt: skip


def _finding(by_year: pd.DataFrame, searched: pd.Series | None) -> str:
    """Name the most that were alive, and the last year that no search made fall."""
    least, most = by_year["alive_lower"], by_year["alive_upper"]
    if searched is not None and searched.sum():
        before = most[most.index < searched[searched > 0].index.min()]
        most = before if len(before) else most
    last, peak = int(most.index[-1]), int(least.max())
    now = f"at most {int(most.iloc[-1])} in {last}"
    if not peak:
        return f"No tie is known to have been alive; {now} may be"
    was = "was" if peak == 1 else "were"
    year = int(by_year.index[int(least.argmax())])
    return f"At least {count(peak, 'tie')} {was} alive in {year}, and {now}"
