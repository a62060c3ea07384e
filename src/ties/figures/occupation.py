"""In which state ties are at each age, as bands that add up to all of them.

What nobody looked at is a band of its own between those known to be alive and those known to be
silent or stopped. So the share that is alive lies between the two edges of that band, and two
dashed lines add what chance does to each edge: below the lower, above the upper.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ties.figures.incidence import draw_risk_table
from ties.figures.style import (
    FAINT,
    HATCHES,
    INK,
    STATUS_COLOURS,
    STATUS_ORDER,
    Layout,
    empty_frame,
    house_style,
    names_of,
    prepare,
    set_title,
    spread,
)
from ties.schema.vocabulary import STATUSES

LAYOUT: Final = Layout(height=5.0, left=1.0, bottom=1.4, right=1.5)

_ALIVE: Final = [code for code, term in STATUSES.items() if term.group == "alive"]
_ORDER: Final = [*STATUS_ORDER]


@house_style()
def draw_occupation(curves: pd.DataFrame, risk: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the shares of ties in each status by age, with a table of those followed.

    Parameters
    ----------
    curves
        As `ties.stats.occupation.occupation` gives them.
    risk
        Index years, to be shown below the axes; the column ``at_risk``. The bands end with its
        last year: choose it while enough ties are followed.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on. The dashed lines are pointwise: the lower limit of the share that is
        alive for certain, and the upper limit of that which may be.
    """
    ax = prepare(ax, LAYOUT)
    if curves.empty:
        return empty_frame(ax, "No tie was followed, so there is nothing to draw")
    first, last = float(risk.index.min()), float(risk.index.max())
    shares = curves["share"].unstack("status")[_ORDER]
    shares = shares[shares.index <= last]
    times = np.append(shares.index.to_numpy(), last)
    bands = np.vstack([shares.to_numpy(), shares.to_numpy()[-1:]])
    tops = bands.cumsum(axis=1)
    for place, code in enumerate(_ORDER):
        ax.fill_between(
            times, tops[:, place] - bands[:, place], tops[:, place], step="post",
            facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code), edgecolor="white",
            linewidth=0, label=code,
        )  # fmt: skip
    _draw_limits(ax, curves, times, tops)
    ax.set_xlim(first, last)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.set_ylabel("Share of ties")
    ax.set_xlabel("Years since the founding")
    _label_bands(ax, bands[-1], tops[-1])
    draw_risk_table(ax, risk)
    set_title(ax, _finding(shares.iloc[-1], last))
    return ax


def _draw_limits(ax: Axes, curves: pd.DataFrame, times: np.ndarray, tops: np.ndarray) -> None:
    """Draw how low the share alive may be, and how high that which may be alive."""
    from scipy.stats import norm

    width = norm.ppf(0.5 + curves.attrs.get("confidence", 0.95) / 2)
    n_alive = len(_ALIVE)
    spread_of = curves.attrs["spread"].reindex(times, method="ffill")
    for edge, name, side in ((n_alive - 1, "alive", -1), (n_alive, "may_be_alive", 1)):
        limit = np.clip(tops[:, edge] + side * width * spread_of[name].to_numpy(), 0, 1)
        ax.step(times, limit, where="post", color=INK, linewidth=0.9, linestyle=(0, (4, 2)))


def _label_bands(ax: Axes, last: np.ndarray, tops: np.ndarray) -> None:
    """Name each band beside its end."""
    shown = [place for place, share in enumerate(last) if share >= 0.005]
    labels = names_of(STATUSES, [_ORDER[place] for place in shown])
    middles = [float(tops[place] - last[place] / 2) for place in shown]
    at = spread(middles, gap=0.06, low=0.03, high=0.97)
    for place, middle, height in zip(shown, middles, at, strict=True):
        code = _ORDER[place]
        ax.annotate(
            "", xy=(1.005, middle), xytext=(1.045, height), xycoords="axes fraction",
            textcoords="axes fraction",
            arrowprops={"arrowstyle": "-", "color": FAINT, "lw": 0.6, "shrinkA": 0},
        )  # fmt: skip
        ax.text(
            1.055, height, f"{labels[code]} {last[place]:.0%}", transform=ax.transAxes,
            va="center", fontsize=8, color=INK, clip_on=False,
        )  # fmt: skip


def _finding(last: pd.Series, age: float) -> str:
    alive = float(last[_ALIVE].sum())
    unknown = float(last["no_information"])
    return (
        f"At the age of {age:.0f}, {alive:.0%} to {alive + unknown:.0%} of ties are alive: of "
        f"{unknown:.0%} nothing is known"
    )
