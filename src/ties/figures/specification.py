"""One number under every combination of choices: how much hangs on what we chose.

A specification curve (Simonsohn, Simmons & Nelson, *Nature Human Behaviour* 4, 2020): the value
under each combination, sorted, above a chart of the choices behind it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ties.figures.style import (
    BAR,
    FAINT,
    INK,
    Layout,
    empty_frame,
    house_style,
    prepare,
    set_title,
)

LAYOUT: Final = Layout(height=6.0, left=1.55, bottom=3.2)
_ROW: Final = 0.17  # inches
_HIGHLIGHT: Final = "#C8442C"


@house_style()
def draw_specification(
    grid: pd.DataFrame,
    choices: list[str],
    label: str,
    *,
    is_share: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the specification curve of one number.

    Parameters
    ----------
    grid
        A row a combination: ``value`` (missing where there is nothing to divide by), ``lower``,
        ``upper``, ``is_default`` and a column for each of the choices, as
        `ties.stats.sensitivity.sensitivity_grid` gives it for one number.
    choices
        The columns that hold choices.
    label
        What the number is.
    is_share
        Whether it is a share, and shown in per cent.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on. Bars are worst-case bounds, the marked point the usual choices.
    """
    ax = prepare(ax, LAYOUT)
    known = grid.dropna(subset=["value"]).sort_values("value", kind="stable", ignore_index=True)
    if known.empty:
        return empty_frame(ax, f"{label}: nothing to divide by under any choice")
    x = np.arange(len(known))
    ax.vlines(x, known["lower"], known["upper"], color=BAR, alpha=0.25, linewidth=_width(len(x)))
    ax.plot(x, known["value"], ".", color=BAR, markersize=2.5)
    usual = np.flatnonzero(known["is_default"])
    ax.plot(usual, known["value"].iloc[usual], "o", color=_HIGHLIGHT, markersize=5)
    if is_share:
        ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.set_ylabel(label)
    ax.set_xticks([])
    ax.set_xlim(-0.5, len(x) - 0.5)
    _draw_choices(ax, known, choices)
    set_title(ax, _finding(known, label, is_share))
    return ax


def _width(n: int) -> float:
    return float(np.clip(250 / n, 0.4, 4))


def _draw_choices(ax: Axes, known: pd.DataFrame, choices: list[str]) -> None:
    """Mark below the curve which choices stand behind each combination."""
    height = ax.get_window_extent().height / ax.get_figure(root=True).dpi  # type: ignore[union-attr]
    across, row = ax.get_xaxis_transform(), 1
    for choice in choices:
        options = list(dict.fromkeys(sorted(known[choice].dropna().unique(), key=str)))
        if choice == "dormant_after":
            options = sorted(options)
        for option in options:
            at = np.flatnonzero(known[choice] == option)
            y = -row * _ROW / height
            ax.plot(
                at, np.full(len(at), y), "|", transform=across, color=BAR, markersize=4,
                markeredgewidth=_width(len(known)), clip_on=False,
            )  # fmt: skip
            ax.text(
                -0.012, y, str(option).replace("_", " "), transform=ax.transAxes, ha="right",
                va="center", fontsize=7.5, color=INK, clip_on=False,
            )  # fmt: skip
            row += 1
        ax.text(
            1.0, -(row - 0.15) * _ROW / height, choice.replace("_", " "), transform=ax.transAxes,
            ha="right", va="center", fontsize=7.5, color=FAINT, style="italic", clip_on=False,
        )  # fmt: skip
        row += 1


def _finding(known: pd.DataFrame, label: str, is_share: bool) -> str:
    def say(value: float) -> str:
        return f"{value:.0%}" if is_share else f"{value:,.4g}"

    low, high = known["value"].min(), known["value"].max()
    text = f"{label}: {say(low)} to {say(high)} over {len(known)} combinations of choices"
    usual = known.loc[known["is_default"], "value"]
    return text + (f", {say(usual.iloc[0])} under the usual ones" if len(usual) else "")
