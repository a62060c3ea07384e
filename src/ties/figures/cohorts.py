"""How the ties of each founding decade stand: shares, counts, and what is not known of each.

A bar is a decade, with the number of its ties below; a bar of few ties says little, however tall
its parts. What nobody looked at is a band of its own between the living and the others. Ties that
no one decade holds stand apart at the right.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ties.figures.style import (
    HATCHES,
    INK,
    MIN_TEXT,
    STATUS_COLOURS,
    STATUS_ORDER,
    Layout,
    count,
    empty_frame,
    house_style,
    names_of,
    prepare,
    set_title,
)
from ties.schema.vocabulary import STATUSES

LAYOUT: Final = Layout(height=4.4, bottom=1.3, right=1.35)
_GAP: Final = 0.5  # bars between the decades and the rest
_MIN_SHARE: Final = 0.05  # of a part that has room for its number
_DARK: Final = ("active", "suspended", "terminated")


@house_style()
def draw_cohorts(table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    r"""Draw the shares of each status by founding decade, the counts in them, and n below.

    Parameters
    ----------
    table
        As `ties.bounds.cohorts` returns it for one record.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on. A line beside a bar spans the share that may be alive. A bar leaves out
        ties that may not have stood.

    Examples
    --------
    >>> import ties
    >>> table = ties.cohorts(ties.load("us-russia"), "2018-11-28")
    >>> draw_cohorts(table).get_title(loc="left").split(",")[0].replace("\n", " ")
    'Of 62 ties certainly founded in the 1990s'
    """
    ax = prepare(ax, LAYOUT)
    codes = [code for code in STATUS_ORDER if code in table]
    numbers = table[codes].to_numpy("float64")
    n_standing = numbers.sum(axis=1)
    if not n_standing.sum():
        return empty_frame(ax, "No ties to draw")
    decades = table.index.to_series().astype("float64") / 10
    rest = 0 if decades.isna().all() else float(decades.max()) + 1 + _GAP
    places = decades.fillna(rest).to_numpy()
    shares = numbers / np.maximum(n_standing, 1)[:, None]
    tops = shares.cumsum(axis=1)
    for part, code in enumerate(codes):
        ax.bar(
            places, shares[:, part], bottom=tops[:, part] - shares[:, part], width=0.7,
            facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code), hatchcolor="white",
            linewidth=0, label=code,
        )  # fmt: skip
        own = np.stack([places, shares[:, part], tops[:, part], numbers[:, part]], axis=1)
        for place, share, top, n in own.tolist():
            if share >= _MIN_SHARE:
                ax.text(
                    place, top - share / 2, f"{n:.0f}", ha="center", va="center",
                    fontsize=MIN_TEXT, color="white" if code in _DARK else INK,
                )  # fmt: skip
    _draw_bounds(ax, places, table, n_standing)
    _label_bars(ax, places, table)
    ax.set_xlim(places[0] - 0.6, places[-1] + 0.6)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    ax.set_ylabel("Share of the decade's ties")
    _draw_key(ax, codes, numbers.sum(axis=0))
    set_title(ax, _finding(table[table.index.notna()]))
    return ax


def _draw_bounds(ax: Axes, places: np.ndarray, table: pd.DataFrame, n: np.ndarray) -> None:
    """Span beside each bar how large a share of it is alive at least and at most."""
    ends = table[["alive_lower", "alive_upper"]].to_numpy("float64") / np.maximum(n, 1)[:, None]
    is_open = (ends[:, 0] < ends[:, 1]) & (n > 0)
    low, high = ends[is_open].clip(0, 1).T
    ax.vlines(places[is_open] + 0.42, low, high, color=INK, linewidth=1.2, label="may be alive")
    for end in (low, high):
        ax.plot(places[is_open] + 0.42, end, "_", color=INK, markersize=5, clip_on=False)


def _label_bars(ax: Axes, places: np.ndarray, table: pd.DataFrame) -> None:
    labels = []
    for decade, n, possible in zip(table.index, table["n"], table["n_possible"], strict=True):
        name = "not one\ndecade" if pd.isna(decade) else f"{decade}s"
        labels.append(f"{name}\nn = {n}" + (f"\nto {possible}" if possible > n else ""))
    ax.set_xticks(places, labels)
    ax.set_xlabel("Decade of founding; n: ties certainly, and at most, founded in it")


def _draw_key(ax: Axes, codes: list[str], totals: np.ndarray) -> None:
    shown = [code for code, n in zip(codes, totals, strict=True) if n]
    labels = names_of(STATUSES, shown)
    handles = {bar.get_label(): bar for bar in ax.containers}
    spans = [line for line in ax.collections if line.get_label() == "may be alive"]
    ax.legend(
        [*(handles[code] for code in reversed(shown)), *spans],
        [*(labels[code] for code in reversed(shown)), "alive: at least\nand at most"],
        loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=8, handlelength=1,
        handleheight=1, borderaxespad=0.3,
    )  # fmt: skip


def _finding(table: pd.DataFrame) -> str:
    """Of the fullest decade: how many of its ties are stopped and alive, at least.

    At most is not said: what is silent is known from searches, whose day says nothing of the ties.
    """
    if not table["n"].sum():
        return "No tie is certainly of one decade"
    fullest = int(table["n"].to_numpy().argmax())
    decade, row = table.index[fullest], table.iloc[fullest]
    n, stopped, alive = (int(row[name]) for name in ("n", "stopped_lower", "alive_lower"))
    was = "was" if stopped == 1 else "were"
    return (
        f"Of {count(n, 'tie')} certainly founded in the {decade}s, at least {stopped} {was} "
        f"suspended or ended, and {f'at least {alive}' if alive else 'none is known to be'} alive"
    )
