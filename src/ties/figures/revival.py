"""Every return to life: how long the silence before it was, and what ended it.

A row a tie that came back. A bar spans the time for which the tie was down, in the colour of how
it was down; the point is the return. Where sources date the return only within bounds, a thin
line spans them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ties.figures.style import (
    FAINT,
    HATCHES,
    INK,
    MIN_TEXT,
    STATUS_COLOURS,
    Layout,
    count,
    empty_frame,
    house_style,
    prepare,
    set_title,
    text_width,
    whole_numbers,
    year_of,
)
from ties.schema.vocabulary import DOWN_STATUSES, EVENT_KINDS, STATUSES

_DOWN: Final = (*DOWN_STATUSES, "no_information")
_ROW: Final = 0.2  # inches


def layout(revivals: pd.DataFrame) -> Layout:
    """The room that these returns need: a row a tie, and its names."""
    labels = [label for label, _ in _rows(revivals)]
    font = FontProperties(family="DejaVu Sans", size=MIN_TEXT)
    left = min(max((text_width(label, font) for label in labels), default=0.35) + 0.25, 3.0)
    return Layout(height=max(2.9, _ROW * len(labels) + 2.2), left=left, right=0.9, top=0.85)


@house_style()
def draw_revivals(
    revivals: pd.DataFrame, ax: Axes | None = None, *, years: tuple[int, int] | None = None
) -> Axes:
    """Draw each return to life, after the time for which the tie was down.

    Parameters
    ----------
    revivals
        As `ties.stats.revival.revivals` gives it: ``tie_id``, ``name_a``, ``name_b``,
        ``start_earliest``, ``start_latest``, ``from_status``, ``kind``, and ``down_since``.
    ax
        Where to draw; new axes, as tall as the rows need, if not given.
    years
        First and last year of the time axis, so that time without a return shows too.

    Returns
    -------
    Axes
        The axes drawn on, with one point for each return.
    """
    ax = prepare(ax, layout(revivals))
    if revivals.empty:
        return empty_frame(ax, "No tie is on record as having come back to life")
    rows = _rows(revivals)
    row = revivals["tie_id"].map({tie: i for i, (_, tie) in enumerate(rows)}).to_numpy("float64")
    _draw_silences(ax, revivals, row)
    _draw_returns(ax, revivals, row)
    ax.set_yticks(range(len(rows)))
    ax.set_yticklabels([label for label, _ in rows], fontsize=MIN_TEXT, parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=MIN_TEXT)
    ax.set_ylim(len(rows) - 0.3, -0.7)
    if years is not None:
        ax.set_xlim(years[0], years[1] + 1)
    whole_numbers(ax.xaxis)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Year")
    set_title(ax, _finding(revivals), from_left=layout(revivals).left - 0.15, above=0.3)
    return ax


def _rows(revivals: pd.DataFrame) -> list[tuple[str, str]]:
    """A row a tie, by its first return, as its names and its id."""
    firsts = revivals.sort_values(["start_latest", "tie_id"]).drop_duplicates("tie_id")
    names = firsts["name_a"] + " – " + firsts["name_b"]
    return list(zip(names, firsts["tie_id"], strict=True))


def _draw_silences(ax: Axes, revivals: pd.DataFrame, row: np.ndarray) -> None:
    back = year_of(revivals["start_latest"])
    since = year_of(revivals["down_since"])
    status = revivals["from_status"].astype("str").to_numpy()
    for code in _DOWN:
        mine = status == code
        if not mine.any():
            continue
        ax.barh(
            row[mine], (back - since)[mine], left=since[mine], height=0.35,
            facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code),
            hatchcolor="white", linewidth=0, label=code,
        )  # fmt: skip
    _draw_key(ax, [code for code in _DOWN if (status == code).any()])


def _draw_key(ax: Axes, used: list[str]) -> None:
    handles: list[Artist] = [
        Patch(
            facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code), hatchcolor="white",
            linewidth=0, label=f"{STATUSES[code].label} before",
        )
        for code in used
    ]  # fmt: skip
    handles.append(
        Line2D([], [], linestyle="none", marker="o", markersize=5, markeredgewidth=0.6,
               color=STATUS_COLOURS["revived"], markeredgecolor=INK, label="Return")
    )  # fmt: skip
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False,
        fontsize=8, handlelength=1, handleheight=0.8, borderaxespad=0, borderpad=0.3,
        columnspacing=1.5,
    )  # fmt: skip


def _draw_returns(ax: Axes, revivals: pd.DataFrame, row: np.ndarray) -> None:
    back, earliest = year_of(revivals["start_latest"]), year_of(revivals["start_earliest"])
    ax.hlines(
        row, np.where(np.isnan(earliest), back, earliest), back,
        color=INK, linewidth=0.8, zorder=3,
    )  # fmt: skip
    ax.scatter(
        back, row, s=26, color=STATUS_COLOURS["revived"], edgecolor=INK, linewidth=0.6, zorder=4,
        label="returns",
    )  # fmt: skip
    kinds = revivals["kind"].astype("str").where(revivals["kind"].notna(), "")
    for x, y, kind in zip(back, row, kinds, strict=True):
        label = f"{_cause(kind)}, {int(x)}" if kind else f"{int(x)}"
        ax.annotate(
            label, (x, y), (5, 0), textcoords="offset points", va="center",
            fontsize=MIN_TEXT, color=FAINT, annotation_clip=False, parse_math=False, zorder=5,
        )  # fmt: skip


def _cause(kind: str) -> str:
    return EVENT_KINDS[kind].label.lower() if kind in EVENT_KINDS else kind


def _finding(revivals: pd.DataFrame) -> str:
    n, n_ties = len(revivals), revivals["tie_id"].nunique()
    kinds = revivals["kind"].dropna().astype("str").value_counts()
    of_ties = "" if n == n_ties else f" of {count(n_ties, 'tie')}"
    verb = "is" if n == 1 else "are"
    first, last = (int(y) for y in year_of(revivals["start_latest"].agg(["min", "max"])))
    when = f"in {first}" if first == last else f"between {first} and {last}"
    text = f"{count(n, 'return')} to life{of_ties} {verb} on record, {when}"
    if len(kinds) > 1 and kinds.iloc[0] > kinds.iloc[1]:
        text += f", {kinds.iloc[0]} of them by an event of kind “{_cause(str(kinds.index[0]))}”"
    return text
