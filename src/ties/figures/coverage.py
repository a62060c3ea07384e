"""How much evidence there is of each year, so that nobody takes more news for more life.

A row a kind of source, all rows on one scale. The bars count the events of a year that such a
source attests: an event that two kinds attest stands in both rows, which is why the rows are not
stacked. The last two years are marked, since much of what will be written of them is not out.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from ties.figures.style import (
    BAR,
    FAINT,
    MIN_TEXT,
    Layout,
    count,
    empty_frame,
    house_style,
    names_of,
    prepare,
    set_title,
    whole_numbers,
)
from ties.schema.vocabulary import SOURCE_KINDS

LAYOUT: Final = Layout(height=5.0, left=1.75, top=0.9)
N_INCOMPLETE: Final = 2
# In parts of the tallest bar: the least height of a row, and the room for a number above it.
_LOWEST: Final = 0.05
_LABEL: Final = 0.11
_OTHER_NAMES: Final = {"not_stated": "Kind not stated"}


@house_style()
def draw_coverage(coverage: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw the events of each year that sources attest, a row a kind of source.

    Parameters
    ----------
    coverage
        As `ties.stats.revival.coverage` gives it: index year; a column a kind of source, with
        the number of events of that year that it attests. ``attrs["as_of"]``, if there, says
        which years are the last two; else they are those of the table.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on. The bars of a row add up to the column.

    Examples
    --------
    >>> coverage = pd.DataFrame({"news": [1, 4], "paper": [0, 1]}, index=[2001, 2002])
    >>> " ".join(draw_coverage(coverage).get_title(loc="left").split())
    'Most evidence comes from news (5 events), and most is about 2002'
    """
    ax = prepare(ax, LAYOUT)
    totals = coverage.sum()
    kinds = [str(kind) for kind in totals.sort_values(kind="stable").index if totals[kind] > 0]
    if not kinds:
        return empty_frame(ax, "No events to draw")
    numbers = coverage[kinds].astype("float64")
    # Each row is as high as its fullest year, so that all have one scale, and none is too low
    # for its label.
    tallest = numbers.to_numpy().max()
    heights = numbers.max().clip(lower=_LOWEST * tallest) + _LABEL * tallest
    bases = heights.cumsum() - heights
    for kind in kinds:
        _draw_row(ax, numbers[kind], float(bases[kind]))
    ax.set_ylim(0, float(heights.sum()))
    _mark_incomplete(ax, coverage)
    labels = names_of(SOURCE_KINDS, kinds) | {k: v for k, v in _OTHER_NAMES.items() if k in kinds}
    ax.set_yticks([float(bases[kind]) for kind in kinds])
    ax.set_yticklabels(
        [f"{labels[kind]} ({int(totals[kind])})" for kind in kinds], va="bottom", parse_math=False
    )
    ax.tick_params(axis="y", length=0)
    whole_numbers(ax.xaxis)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel("Year of the event")
    ax.set_ylabel("Events attested in the year")
    set_title(ax, _finding(numbers), from_left=LAYOUT.left - 0.15, above=0.28)
    return ax


def _draw_row(ax: Axes, numbers: pd.Series, base: float) -> None:
    ax.bar(
        numbers.index.to_numpy("float64"), numbers, bottom=base, width=0.8,
        color=BAR, linewidth=0, label=str(numbers.name),
    )  # fmt: skip
    ax.axhline(base, color="#CCCCCC", linewidth=0.5, zorder=0.5)
    peak, height = float(str(numbers.idxmax())), float(numbers.max())
    ax.annotate(
        f"{int(height)}", (peak, base + height), (0, 1.5),
        textcoords="offset points", ha="center", va="bottom", fontsize=MIN_TEXT, color=FAINT,
    )  # fmt: skip


def _mark_incomplete(ax: Axes, coverage: pd.DataFrame) -> None:
    as_of = coverage.attrs.get("as_of")
    last = pd.Timestamp(as_of).year if as_of else int(coverage.index.max())
    first = float(coverage.index.min())
    ax.set_xlim(first - 1, max(last, int(coverage.index.max())) + 0.5)
    ax.axvspan(
        last - N_INCOMPLETE + 0.5, last + 0.5, facecolor="#F0F0F0", edgecolor="#C4C4C4",
        hatch="////", linewidth=0, zorder=0, label="incomplete",
    )  # fmt: skip
    ax.text(
        last + 0.5, 1.0, "incomplete", transform=ax.get_xaxis_transform(),
        ha="right", va="bottom", fontsize=MIN_TEXT, color=FAINT,
    )  # fmt: skip


def _finding(numbers: pd.DataFrame) -> str:
    by_kind, by_year = numbers.sum(), numbers.sum(axis=1)
    kinds = names_of(SOURCE_KINDS, [str(k) for k in by_kind.index[by_kind == by_kind.max()]])
    source = " and ".join(label.lower() for label in kinds.values())
    each = " each" if len(kinds) > 1 else ""
    attested = count(by_kind.max(), "event")
    years = [str(year) for year in by_year.index[by_year == by_year.max()]]
    when = " and ".join(years) if len(years) < 4 else f"{len(years)} years alike"
    return f"Most evidence comes from {source} ({attested}{each}), and most is about {when}"
