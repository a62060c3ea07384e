"""One line a tie: from its founding to the day looked from, coloured by what it was.

Rows stand in groups by their last status, and by founding within a group, so that a reader sees
the cohorts. Where the founding is known only within bounds, a dashed lead-in spans them. Dark
ticks are events that changed the tie or showed it alive, and a dark line is a run of them; light
ticks only mention the tie.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch

from ties.dates import date_bounds
from ties.figures.style import (
    FAINT,
    HATCHES,
    INK,
    MIN_TEXT,
    STATUS_COLOURS,
    Layout,
    count,
    empty_frame,
    figure_of,
    house_style,
    prepare,
    set_title,
    text_width,
    year_of,
)
from ties.schema.vocabulary import EVENT_KINDS, STATUSES

_ROW: Final = 0.135  # inches
_HEADING: Final = 1.6  # rows
_UNKNOWN_START: Final = 2.0  # years of dotted lead-in where the founding has no known beginning
_MENTIONS: Final = ("none", "evidence")
_ORDER: Final = [*STATUSES]


def layout(tie_table: pd.DataFrame) -> Layout:
    """The room that the life lines of these ties need: a row each, and their names."""
    standing = tie_table[tie_table["status"].notna()]
    height = _ROW * (len(standing) + _HEADING * standing["status"].nunique()) + 2.2
    return Layout(height=max(height, 2.8), left=_label_room(_labels(standing)), top=1.2)


def story_order(tie_table: pd.DataFrame) -> pd.DataFrame:
    """Order ties for the eye: by status, then by founding, the undated last in their group.

    Ties that do not yet stand (no status) are left out.
    """
    standing = tie_table[tie_table["status"].notna()]
    rank = standing["status"].astype("str").map({code: i for i, code in enumerate(_ORDER)})
    return (
        standing.assign(rank=rank)
        .sort_values(["rank", "founded_latest", "tie_id"], na_position="last", ignore_index=True)
        .drop(columns="rank")
    )


@house_style()
def draw_lifelines(
    episodes: pd.DataFrame,
    events: pd.DataFrame,
    tie_table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    first: int | None = None,
    only: Iterable[str] | None = None,
) -> Axes:
    """Draw one row a tie, from its founding to the day looked from, coloured by status.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them; only the status axis is drawn.
    events
        Events of the record: ``tie_id``, ``kind`` and ``date`` (EDTF) or ``latest`` (day). An event
        stands on the last day of its date, as in the life cycle; one without is not drawn. With
        ``run_end`` (day), a line joins an event to the end of its run.
    tie_table
        As `ties.tie_table` gives it.
    ax
        Where to draw; new axes, as tall as the rows need, if not given.
    first
        Draw only so many ties, from the top of the story.
    only
        Draw only the ties with these ids.

    Returns
    -------
    Axes
        The axes drawn on. Each tie that stands has one row.
    """
    ordered = story_order(tie_table)
    n_all = len(ordered)
    if only is not None:
        ordered = ordered[ordered["tie_id"].isin(list(only))]
    ordered = ordered.head(first) if first is not None else ordered
    ax = prepare(ax, layout(ordered))
    if ordered.empty:
        return empty_frame(ax, "No ties to draw")
    rows = _rows(ordered)
    end = _last_day(episodes)
    lives = _lives(episodes, rows, end)
    ax.set_xlim(_first_year(lives), float(year_of(end)) + 0.5)
    _draw_lead_ins(ax, lives)
    _draw_states(ax, lives)
    _draw_ticks(ax, events, rows, end)
    _draw_names(ax, ordered, rows)
    _draw_headings(ax, ordered, rows)
    ax.set_xlabel("Year")
    ax.tick_params(axis="x", top=True, labeltop=True)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.spines["left"].set_visible(False)
    title_room = _label_room(_labels(ordered)) - 0.15
    _draw_key(ax, lives, title_room)
    set_title(ax, _finding(ordered, lives, end, n_all), from_left=title_room, above=0.55)
    return ax


def _labels(tie_table: pd.DataFrame) -> list[str]:
    return [f"{a} – {b}" for a, b in zip(tie_table["name_a"], tie_table["name_b"], strict=True)]


def _label_room(labels: list[str]) -> float:
    font = FontProperties(family="DejaVu Sans", size=MIN_TEXT)
    return min(max((text_width(label, font) for label in labels), default=0.5) + 0.25, 3.4)


def _rows(ordered: pd.DataFrame) -> pd.Series:
    """Each tie its height, with room for a heading above each group."""
    is_new = ordered["status"].astype("str").ne(ordered["status"].astype("str").shift())
    rows = np.arange(len(ordered)) + _HEADING * is_new.cumsum().to_numpy()
    return pd.Series(rows, index=ordered["tie_id"])


def _last_day(episodes: pd.DataFrame) -> np.datetime64:
    """The day looked from, else the last day that the episodes name."""
    if "as_of" in episodes.attrs:
        return np.datetime64(episodes.attrs["as_of"], "D")
    days = episodes[["start_latest", "end_latest"]].to_numpy("M8[D]")
    return np.datetime64(np.nanmax(days), "D")


def _lives(episodes: pd.DataFrame, rows: pd.Series, end: np.datetime64) -> pd.DataFrame:
    lives = episodes[(episodes["axis"] == "status") & episodes["tie_id"].isin(rows.index)]
    return pd.DataFrame(
        {
            "tie_id": lives["tie_id"].to_numpy(),
            "state": lives["state"].astype("str").to_numpy(),
            "row": lives["tie_id"].map(rows).to_numpy(),
            "earliest": year_of(lives["start_earliest"]),
            "start": year_of(lives["start_latest"]),
            "end": year_of(lives["end_latest"].fillna(pd.Timestamp(end))),
            "is_first": ~lives["tie_id"].duplicated().to_numpy(),
        }
    )


def _first_year(lives: pd.DataFrame) -> float:
    """Begin the axis shortly before the first founding; wider bounds run off its edge."""
    return float(np.floor(lives["start"].min())) - 3


def _draw_lead_ins(ax: Axes, lives: pd.DataFrame) -> None:
    """Span the bounds of each founding: dashed, or dotted and short where one is missing."""
    begun = lives[lives["is_first"]]
    known = begun[begun["earliest"].notna() & (begun["earliest"] < begun["start"])]
    ax.hlines(
        known["row"], known["earliest"], known["start"],
        colors=FAINT, linestyles=(0, (2.5, 1.5)), linewidth=0.9, label="bounded start",
    )  # fmt: skip
    open_start = begun[begun["earliest"].isna()]
    ax.hlines(
        open_start["row"], open_start["start"] - _UNKNOWN_START, open_start["start"],
        colors=FAINT, linestyles=(0, (0.8, 1.2)), linewidth=1.2, label="open start",
    )  # fmt: skip


def _draw_states(ax: Axes, lives: pd.DataFrame) -> None:
    for code in STATUSES:
        of_code = lives[lives["state"] == code]
        ax.barh(
            of_code["row"], of_code["end"] - of_code["start"], left=of_code["start"],
            height=0.62, facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code),
            hatchcolor="white", linewidth=0, label=code,
        )  # fmt: skip


def _draw_ticks(ax: Axes, events: pd.DataFrame, rows: pd.Series, end: np.datetime64) -> None:
    latest = events["latest"] if "latest" in events else date_bounds(events["date"])["latest"]
    shown = events["tie_id"].isin(rows.index) & latest.notna() & (latest <= pd.Timestamp(end))
    group = events["kind"].astype("str").map({c: term.group for c, term in EVENT_KINDS.items()})
    is_mention = group.isin(_MENTIONS)
    for mask, colour, reach in (
        (shown & is_mention, "#9A9A9A", 0.2),
        (shown & ~is_mention, INK, 0.42),
    ):
        year, row = year_of(latest[mask]), events.loc[mask, "tie_id"].map(rows).to_numpy("float64")
        ax.vlines(year, row - reach, row + reach, colors=colour, linewidth=0.6, zorder=3)
    if "run_end" in events:
        runs = events[shown & (events["run_end"] > latest)]
        end_of_run = np.minimum(year_of(runs["run_end"]), year_of(end))
        row = runs["tie_id"].map(rows).to_numpy("float64")
        ax.hlines(row, year_of(runs["latest"]), end_of_run, colors=INK, linewidth=0.8, zorder=3)


def _draw_names(ax: Axes, ordered: pd.DataFrame, rows: pd.Series) -> None:
    ax.set_yticks(rows.to_numpy())
    ax.set_yticklabels(_labels(ordered), fontsize=MIN_TEXT, parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=MIN_TEXT)
    ax.set_ylim(float(rows.max()) + 0.8, float(rows.min()) - _HEADING)


def _draw_headings(ax: Axes, ordered: pd.DataFrame, rows: pd.Series) -> None:
    status = ordered["status"].astype("str").to_numpy()
    for code in STATUSES:
        of_code = rows.to_numpy()[status == code]
        if len(of_code):
            ax.text(
                -0.012, of_code[0] - 1.05, f"{STATUSES[code].label}: {len(of_code)}",
                transform=ax.get_yaxis_transform(), ha="right", va="center",
                fontsize=8, fontweight="bold",
            )  # fmt: skip
            ax.text(
                0.0, of_code[0] - 1.05, "■", transform=ax.get_yaxis_transform(),
                ha="left", va="center", fontsize=9, color=STATUS_COLOURS[code],
            )  # fmt: skip


def _draw_key(ax: Axes, lives: pd.DataFrame, from_left: float) -> None:
    used = set(lives["state"])
    handles = [
        Patch(
            facecolor=STATUS_COLOURS[code], hatch=HATCHES.get(code), hatchcolor="white",
            linewidth=0, label=term.label,
        )
        for code, term in STATUSES.items() if code in used
    ]  # fmt: skip
    inches = ax.get_window_extent().transformed(figure_of(ax).dpi_scale_trans.inverted())
    ax.legend(
        handles=handles, loc="lower left", ncols=len(handles), frameon=False, fontsize=8,
        bbox_to_anchor=(-from_left / inches.width, 1 + 0.28 / inches.height), borderpad=0,
        borderaxespad=0, handlelength=1, handleheight=0.8, columnspacing=1.2,
    )  # fmt: skip


def _finding(ordered: pd.DataFrame, lives: pd.DataFrame, end: np.datetime64, n_all: int) -> str:
    n_ties = len(ordered)
    of = f"{n_ties} of the {count(n_all, 'tie')}" if n_ties < n_all else count(n_ties, "tie")
    is_alive = ordered["status"].isin([c for c, t in STATUSES.items() if t.group == "alive"])
    n_alive = int(is_alive.sum())
    n_back = int(lives.loc[lives["state"] == "revived", "tie_id"].nunique())
    is_or_are = "is" if n_alive < 2 else "are"
    text = f"Of {of}, {n_alive or 'none'} {is_or_are} known to be alive on {end}"
    if not n_back:
        return f"{text}; no return to life is on record"
    return f"{text}; {n_back} {'has' if n_back == 1 else 'have'} come back to life at some time"
