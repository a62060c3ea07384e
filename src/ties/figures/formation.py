"""When ties were founded: what is certain, what is possible, and what cannot be placed.

A source often knows a founding only to the decade, or not at all. So a year has two numbers:
the ties certainly founded in it, drawn solid, and those that may have been, drawn as an outline
above. Ties that no date places stand apart at the right, each with the same area as in the bars.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ties.bounds import Bounds
from ties.figures.style import (
    BAR,
    FAINT,
    INK,
    PALE,
    Layout,
    count,
    empty_frame,
    house_style,
    prepare,
    set_title,
    whole_numbers,
)

LAYOUT: Final = Layout(height=3.9)
_GAP: Final = 3  # years between the axis of time and the block of the undated


@house_style()
def draw_formation(
    per_year: pd.DataFrame,
    ax: Axes | None = None,
    *,
    share: Bounds | None = None,
    decade: int = 1990,
    open_year: int | None = None,
) -> Axes:
    """Draw the foundings of each year, with the decade that the title speaks of shaded.

    Parameters
    ----------
    per_year
        As `ties.bounds.founded_per_year` gives it: index year; ``n_certain`` and ``n_possible``
        ties, the latter with the former included; a row without a year, if there is one, counts
        the ties whose founding may lie in any.
    ax
        Where to draw; new axes if not given.
    share
        As `ties.bounds.share_of_decade` gives it, of which the title speaks. Without it the title
        speaks of years.
    decade
        The decade of `share`, which is shaded.
    open_year
        A year that is not over yet, drawn hatched.

    Returns
    -------
    Axes
        The axes drawn on. The solid bars add up to the ties placed in one year.

    Examples
    --------
    >>> per_year = pd.DataFrame({"n_certain": [2, 1], "n_possible": [3, 1]}, index=[1990, 1991])
    >>> draw_formation(per_year).get_title(loc="left").split()[:4]
    ['At', 'least', '2', 'ties']
    """
    ax = prepare(ax, LAYOUT)
    has_year = np.asarray(per_year.index.notna())
    n_open = int(per_year["n_possible"][~has_year].sum())
    numbers = per_year[["n_certain", "n_possible"]][has_year].astype("float64")
    numbers.index = numbers.index.astype("int64")
    if numbers["n_possible"].sum() == 0:
        return empty_frame(ax, _empty_finding(n_open))
    _draw_years(ax, numbers, open_year)
    _draw_open(ax, n_open, float(numbers.index.max()))
    _draw_key(ax, numbers)
    if share is not None:
        _shade(ax, decade)
    ax.set_xlabel("Year of founding")
    ax.set_ylabel("Ties founded in the year")
    finding = _finding_of_years(numbers) if share is None else _finding_of_decade(share, decade)
    set_title(ax, finding, above=0.3)
    return ax


def _shade(ax: Axes, decade: int) -> None:
    ax.axvspan(decade - 0.5, decade + 9.5, color=PALE, zorder=0, linewidth=0)
    ax.text(
        decade + 4.5, 0.99, f"{decade}s", transform=ax.get_xaxis_transform(),
        ha="center", va="top", fontsize=8, color=FAINT, clip_on=True,
    )  # fmt: skip


def _draw_years(ax: Axes, numbers: pd.DataFrame, open_year: int | None) -> None:
    years = numbers.index.to_numpy("float64")
    certain = numbers["n_certain"].to_numpy()
    ax.bar(years, certain, width=0.8, color=BAR, label="certain")
    ax.bar(
        years, numbers["n_possible"] - certain, bottom=certain, width=0.8,
        facecolor="white", edgecolor=BAR, linewidth=0.5, label="possible",
    )  # fmt: skip
    if open_year is not None:
        ax.axvspan(
            open_year - 0.5, open_year + 0.5,
            facecolor="none", edgecolor=FAINT, hatch="////", linewidth=0, zorder=0.5,
        )  # fmt: skip
        years = np.append(years, float(open_year))
    ax.set_xlim(years.min() - 1, years.max() + 1)
    ax.set_ylim(0, float(numbers["n_possible"].max()) * 1.12)
    whole_numbers(ax.xaxis, ax.yaxis)


def _draw_open(ax: Axes, n_open: int, last_year: float) -> None:
    """Draw the ties that no year can hold as a block of the same area a tie as the bars."""
    if not n_open:
        return
    tallest = 0.7 * ax.get_ylim()[1]
    width = max(6.0, n_open / tallest)
    left, height = ax.get_xlim()[1] + _GAP, n_open / width
    ax.add_patch(
        Rectangle(
            (left, 0), width, height, facecolor="white", edgecolor=BAR, hatch="....",
            linewidth=0.5, label="undated", clip_on=False,
        )
    )  # fmt: skip
    ax.text(
        left + width / 2, height + 0.02 * ax.get_ylim()[1], f"{count(n_open, 'tie')}\nundated",
        ha="center", va="bottom", fontsize=8,
    )  # fmt: skip
    ax.set_xlim(right=left + width + _GAP / 2)
    # No tick may suggest that the block stands in a year.
    ax.set_xticks([tick for tick in ax.get_xticks() if ax.get_xlim()[0] <= tick <= last_year + 1])


def _draw_key(ax: Axes, numbers: pd.DataFrame) -> None:
    handles = [Rectangle((0, 0), 1, 1, color=BAR)]
    labels = ["certainly founded in the year"]
    if (numbers["n_possible"] > numbers["n_certain"]).any():
        handles.append(Rectangle((0, 0), 1, 1, facecolor="white", edgecolor=BAR, linewidth=0.5))
        labels.append("possibly: the date spans several years")
    legend = ax.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0, 1), ncols=2,
        frameon=False, fontsize=8, handlelength=1, handleheight=1, borderaxespad=0, borderpad=0.3,
        columnspacing=1.5,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_color(INK)


def _empty_finding(n_open: int) -> str:
    if n_open:
        return f"None of {count(n_open, 'tie')} has a known date of founding"
    return "No ties to draw"


def _finding_of_years(numbers: pd.DataFrame) -> str:
    most = int(numbers["n_certain"].max())
    if not most:
        return "No tie can be dated to a single year"
    years = [int(year) for year in numbers.index[numbers["n_certain"] == most]]
    if len(years) > 3:
        return f"{len(years)} years have {count(most, 'certain founding')} each, and none has more"
    when = ", ".join(str(year) for year in years[:-1]) + (" and " if years[1:] else "")
    each = " each" if years[1:] else ""
    was = "was" if most == 1 else "were"
    return f"At least {count(most, 'tie')}{each} {was} founded in {when}{years[-1]}"


def _finding_of_decade(share: Bounds, decade: int) -> str:
    n, low = share.n, len(share.certain)
    high = low + len(share.possible)
    if low == high:
        was = "was" if low == 1 else "were"
        return f"Of {count(n, 'tie')}, {low} ({share.lower:.0%}) {was} founded in the {decade}s"
    percent = f"{share.lower:.0%} to {share.upper:.0%}"
    return f"Of {count(n, 'tie')}, {low} to {high} ({percent}) were founded in the {decade}s"
