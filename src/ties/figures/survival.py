"""What share of ties still stands, as curves with the numbers at risk of each below.

The layout is that of Morris et al., *BMJ Open* 9, 2019 (KMunicate): a curve says little where few
are at risk, so the table is part of the figure.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ties.figures.incidence import draw_risk_table
from ties.figures.style import (
    BAR,
    INK,
    STATUS_COLOURS,
    Layout,
    count,
    empty_frame,
    house_style,
    prepare,
    set_title,
    spread,
)

# Apart for people with any of the three kinds of colour blindness; the dashes tell them in grey.
_COLOURS: Final = (STATUS_COLOURS["active"], STATUS_COLOURS["suspended"], BAR, "#7A9A01")
_DASHES: Final = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (6, 1.5, 1.5, 1.5)))


def layout(n_groups: int) -> Layout:
    """Make room for the tables of so many groups."""
    return Layout(height=3.6 + 0.7 * n_groups, left=1.35, bottom=1.4 + 0.7 * n_groups, right=0.9)


@house_style()
def draw_survival(
    curves: pd.DataFrame,
    risk: pd.DataFrame,
    ax: Axes | None = None,
    *,
    time: str = "",
    finding: str = "",
) -> Axes:
    """Draw the share that still stands, a curve a group, with a risk table a group.

    Parameters
    ----------
    curves
        Index ``group`` and a time; ``lower`` and ``upper``, between which each curve lies, and
        ``survival``, if there is a line to draw between them.
    risk
        Index ``group`` and a time, the columns of `ties.stats.survival.risk_table`: what to write
        below the axes. A curve ends with the last time of its group.
    ax
        Where to draw; new axes if not given.
    time
        What the axis of time is called.
    finding
        The title; where each curve ends, if not given.
    """
    groups = [*risk.index.unique(level=0)] if len(risk) else []
    ax = prepare(ax, layout(len(groups)))
    if not groups:
        return empty_frame(ax, finding or "Too few ties are followed to draw a curve")
    ends = [_draw_curve(ax, curves.loc[name], risk.loc[name], i) for i, name in enumerate(groups)]
    times = risk.index.get_level_values(1)
    ax.set_xlim(times.min(), times.max())
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.set_ylabel("Share not suspended or ended")
    ax.set_xlabel(time)
    if len(groups) > 1:
        at = spread([height for _, height in ends], gap=0.06, low=0.02, high=0.98)
        for i, (name, (end, _), height) in enumerate(zip(groups, ends, at, strict=True)):
            ax.annotate(
                str(name), (end, height), xytext=(5, 0), textcoords="offset points", va="center",
                fontsize=8.5, color=_COLOURS[i % len(_COLOURS)], annotation_clip=False,
            )  # fmt: skip
    n_rows = 0
    for i, name in enumerate(groups):
        colour = _COLOURS[i % len(_COLOURS)] if len(groups) > 1 else INK
        of = str(name) if len(groups) > 1 else ""
        n_rows += draw_risk_table(ax, risk.loc[name], of=of, colour=colour, row=n_rows)
    set_title(ax, finding or _finding(curves, risk))
    return ax


def _draw_curve(
    ax: Axes, curve: pd.DataFrame, risk: pd.DataFrame, number: int
) -> tuple[float, float]:
    """Draw one curve up to its last time, and return where it ends."""
    colour, dashes = (kind[number % len(_COLOURS)] for kind in (_COLOURS, _DASHES))
    last = float(risk.index.max())
    curve = curve[curve.index <= last]
    full = pd.concat([curve, curve.iloc[[-1]].set_axis([last])])
    low, high = (full[name].fillna(1.0) for name in ("lower", "upper"))
    times = full.index.to_numpy("float64")
    ax.fill_between(times, low, high, step="post", color=colour, alpha=0.18, linewidth=0)
    lines = ["survival"] if "survival" in full else ["lower", "upper"]
    for name in lines:
        ax.step(times, full[name], where="post", color=colour, linewidth=1.5, linestyle=dashes)
    return last, float(np.mean(full[lines].iloc[-1]))


def _finding(curves: pd.DataFrame, risk: pd.DataFrame) -> str:
    """Where each curve ends, with its interval."""
    said = []
    for name in risk.index.unique(level=0):
        years, end = risk.loc[name].index, curves.loc[name].iloc[-1]
        wide = "" if np.isnan(end["lower"]) else f" ({end['lower']:.0%} to {end['upper']:.0%})"
        said.append(
            f"{end['survival']:.0%}{wide} of the {name}, from {years[0]:.0f} to {years[-1]:.0f}"
        )
    return f"Neither suspended nor ended: {'; '.join(said)} years"


def finding_of_stops(table: pd.DataFrame, since: str) -> str:
    """Of a table of `ties.stats.stops.stops`: how many stopped, and how soon half of them."""
    gone = table[table["event"] != "censored"]
    ties = f"Of {count(len(table), 'tie')} that may have been in force on {since}"
    if not len(gone):
        return f"{ties}, none is known to have been suspended or ended"
    least, n = int(gone["is_since"].sum()), len(gone)
    first, last = (gone[name].median() for name in ("days_earliest", "days_latest"))
    half = f"{first:.0f} to {last:.0f}" if first < last else f"{last:.0f}"
    known = f"{n}" if least == n else f"{least} to {n}"
    return (
        f"{ties}, {known} are known to have been suspended or ended since, half of the {n} within "
        f"{half} days"
    )
