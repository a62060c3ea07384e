"""What share of ties has been suspended or ended by each age, with those at risk below.

Each way out is a curve of its own (cumulative incidence), since one minus the share that stands
would blame both on each. The table below the axes is part of the figure: a curve says little
where few were at risk.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ties.figures.style import (
    INK,
    STATUS_COLOURS,
    Layout,
    empty_frame,
    house_style,
    prepare,
    set_title,
)
from ties.schema.vocabulary import STATUSES

_TABLE_TOP: Final = 44.0  # points below the axis
_TABLE_ROW: Final = 12.0
LAYOUT: Final = Layout(height=4.8, left=1.0, bottom=2.0, right=1.1)


@house_style()
def draw_incidence(curves: pd.DataFrame, risk: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw cumulative incidence with its risk table.

    Parameters
    ----------
    curves
        As `ties.stats.incidence.cumulative_incidence` gives them, of exits that are statuses.
    risk
        As `ties.stats.survival.risk_table` gives it, at the years to be shown. The curves end
        with its last year: choose it while enough ties are at risk.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on. Bands are pointwise intervals; they are left out where nobody has
        left so far.
    """
    ax = prepare(ax, LAYOUT)
    exits = list(curves.index.get_level_values("exit").unique()) if len(curves) else []
    last = float(risk.index.max())
    curves = curves[curves.index.get_level_values("time") <= last]
    if not exits or not curves["n_events"].sum():
        return empty_frame(ax, "No tie left, so there is nothing to draw")
    for name in exits:
        own = curves[curves.index.get_level_values("exit") == name].droplevel("exit")
        _draw_curve(ax, own, str(name), last)
    ax.set_xlim(float(risk.index.min()), last)
    top = float(np.nanmax(curves[["incidence", "upper"]].to_numpy()))
    ax.set_ylim(0, min(1.0, top * 1.05))
    ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.set_ylabel("Share of ties that left so")
    ax.set_xlabel("Years since the founding")
    draw_risk_table(ax, risk)
    set_title(ax, _finding(curves, exits, float(risk.index.min()), last))
    return ax


def _draw_curve(ax: Axes, curve: pd.DataFrame, code: str, last: float) -> None:
    times = [*curve.index, last]
    colour = STATUS_COLOURS.get(code, INK)
    ends = curve.iloc[[-1]]
    full = pd.concat([curve, ends])
    ax.step(times, full["incidence"], where="post", color=colour, linewidth=1.6)
    known = full["lower"].notna().to_numpy()
    ax.fill_between(
        times, full["lower"], full["upper"], where=known.tolist(), step="post", color=colour,
        alpha=0.18, linewidth=0,
    )  # fmt: skip
    label = STATUSES[code].label if code in STATUSES else code
    ax.annotate(
        label, (last, float(full["incidence"].iloc[-1])), xytext=(5, 0), color=colour,
        textcoords="offset points", va="center", fontsize=8.5, annotation_clip=False,
    )  # fmt: skip


def draw_risk_table(
    ax: Axes, risk: pd.DataFrame, *, of: str = "", colour: str = INK, row: int = 0
) -> int:
    """Write under the axes how many were at risk, lost to sight, and gone by each year.

    Several groups stand below one another: `of` names each, `row` is where it begins, and what
    comes back is how many rows it took.
    """
    labels = {"at_risk": "At risk", "censored": "Lost to sight"} | {
        code: STATUSES[code].label for code in risk.columns if code in STATUSES
    }
    shown = [name for name in labels if name in risk]
    # Placed in points below the axis, so that it keeps its place when the axes are fitted.
    for place, name in enumerate(shown, row):
        below = _TABLE_TOP + _TABLE_ROW * place
        label = f"{of}: {labels[name].lower()}" if of and place == row else labels[name]
        ax.annotate(
            label, (0, 0), xytext=(-14, -below), xycoords="axes fraction",
            textcoords="offset points", ha="right", va="center", fontsize=7.5,
            color=colour if of else STATUS_COLOURS.get(name, INK), annotation_clip=False,
        )  # fmt: skip
        for year, number in risk[name].items():
            ax.annotate(
                f"{int(number)}", (float(str(year)), 0), xytext=(0, -below),
                xycoords=("data", "axes fraction"), textcoords="offset points", ha="center",
                va="center", fontsize=7.5, color=colour, annotation_clip=False,
            )  # fmt: skip
    return len(shown)


def _finding(curves: pd.DataFrame, exits: list[str], first: float, last: float) -> str:
    wide = curves["incidence"].unstack("exit").ffill().fillna(0.0)
    parts = [f"{wide[name].iloc[-1]:.0%} were {STATUSES[name].label.lower()}" for name in exits]
    among = f" that reached {first:.0f} years" if first else ""
    return f"Of ties{among}, {' and '.join(parts)} by the age of {last:.0f}"
