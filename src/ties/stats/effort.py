"""Is there more contact than before, or only more written about it? Activity at constant effort.

Later years have more newspapers on the web, and more people who look. Signs of life per tie-year
then rise although nothing happened: that is the naive count, and it stands here only beside the
other. Effort is held constant in three ways.

1. *The panel*: only kinds of source (or sources, or publishers) that wrote about the ties both
   before and after.
2. *The lag*: only what was published soon after it happened. Else a year long past has been written
   about for longer than last year.
3. *The offset*: signs of life are set against the other reports by the same panel in the same
   years, such as statements, letters and petitions, which show how much it wrote at all.
   If it wrote twice as much of everything, twice the visits mean nothing new.

The offset is itself doubtful: a war or a scandal brings petitions and statements although the
panel attends no more to visits than before. So the attention of the panel is taken to lie
*between* two bounds: it stayed as it was, or it grew as the other reports did. What is given spans
both, and says "more" or "less" only where both do. See `ties.stats.ratio` for the
intervals of each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.rule import StatusRule
from ties.stats.observed import Observed, count_unplaced
from ties.stats.ratio import UNKNOWN, Ratio, ratio_of_rates, ratio_to_offset

PANELS: Final = ("kinds", "publishers", "sources", "everything")
OFFSETS: Final = ("between", "reports", "sources", "none")
MIN_SEEN: Final = 5
N_INCOMPLETE: Final = 2
_PANEL_COLUMN: Final = {"kinds": "kind", "publishers": "publisher", "sources": "source_id"}


@dataclass(frozen=True)
class Effort:
    """How the effort of observation is held constant.

    Parameters
    ----------
    panel
        What must have written both before and after: ``kinds`` of source, ``publishers``,
        ``sources``, or ``everything``, which asks for nothing.
    lag
        Years within which a report must have been published after the event; with nothing,
        later and undated sources count as well.
    offset
        What stands for the attention of the panel: it lies ``between`` staying as it was and
        growing as the other reports did; it grew as the other ``reports``, or as the number of
        ``sources`` of the panel that wrote of the window at all (taken as free of error); or it
        stayed as it was (``none``).

    Examples
    --------
    >>> Effort().offset
    'between'
    """

    panel: str = "kinds"
    lag: int | None = 1
    offset: str = "between"

    def __post_init__(self) -> None:
        """Refuse what has no meaning."""
        if self.panel not in PANELS:
            raise ValueError(f"panel is {self.panel!r}; it is one of {', '.join(PANELS)}")
        if self.offset not in OFFSETS:
            raise ValueError(f"offset is {self.offset!r}; it is one of {', '.join(OFFSETS)}")
        if self.lag is not None and not 0 <= self.lag <= 100:
            raise ValueError(f"lag is {self.lag}; years from 0 to 100, or nothing")


_CELLS: Final = ("n_before", "n_after", "reports_before", "reports_after")


def activity_by_year(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    effort: Effort | None = None,
) -> pd.DataFrame:
    """The signs of life of each year, counted naively and at constant effort.

    A sign of life that no single year can be given counts in neither; ``attrs["n_unplaced"]``
    says how many there are. The founding is none: it is formation, not activity.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.
    effort
        How effort is held constant. The panel is that of the whole span here: everything that
        fulfils the lag; `compare_activity` chooses it by the two windows.

    Returns
    -------
    DataFrame
        Index ``year`` (int, without gaps). ``tie_years`` in force; ``n_naive``: all signs of
        life; ``naive_rate`` per tie-year; ``n_signs``: those seen at constant lag; ``n_reports``:
        other reports at constant lag; ``n_sources`` that wrote either; ``signs_per_report``
        (missing without a report); ``is_incomplete``: one of the last two years before what is
        known ends, in which not all is written yet.

    Examples
    --------
    >>> import ties
    >>> years = activity_by_year(ties.load("us-russia").without_disputed())
    >>> years.loc[[2024, 2025], "is_incomplete"].tolist()
    [False, True]
    """
    effort = effort or Effort()
    found = Observed.of(dataset, rule, as_of, known_by)
    reading, seen, tie_years = found.reading, found.seen, found.tie_years
    naive = _count(seen[seen["is_sign"]], "event_id", tie_years.index)
    prompt = _prompt(seen, effort.lag)
    table = pd.DataFrame(
        {
            "tie_years": tie_years,
            "n_naive": naive,
            "naive_rate": naive / tie_years.where(tie_years > 0),
            "n_signs": _count(prompt[prompt["is_sign"]], "event_id", tie_years.index),
            "n_reports": _count(prompt[~prompt["is_sign"]], "event_id", tie_years.index),
            "n_sources": _count(prompt, "source_id", tie_years.index),
        }
    )
    table["signs_per_report"] = table["n_signs"] / table["n_reports"].where(table["n_reports"] > 0)
    table["is_incomplete"] = table.index > last_complete_year(dataset, known_by)
    table.attrs = reading.view.as_record() | {"n_unplaced": count_unplaced(reading)}
    return table


def compare_activity(
    dataset: Dataset,
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    effort: Effort | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int,
) -> pd.Series:
    """Whether there was more contact after than before, at constant effort and naively.

    Where the panel saw too little to say anything (fewer than five signs of life in both windows
    together, or fewer than five other reports in either), the interval is everything from
    0 up: "cannot tell" is an answer.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.
    before, after
        First and last year of each window; `before` ends before `after` begins.
    effort
        How effort is held constant; `Effort()` if not given.
    confidence
        Coverage of the intervals.
    n_resamples, seed
        Draws of cities, and their seed.

    Returns
    -------
    Series
        ``n_before``, ``n_after`` signs of life and ``reports_before``, ``reports_after`` of the
        panel; ``ratio_lower``, ``ratio_upper``: the ratio of the rates under either bound of
        the panel's attention (equal unless the offset is ``between``); ``lower``, ``upper``: all
        that the intervals of these allow; ``says``: more, less, cannot tell; ``is_thin``;
        ``naive_before``, ``naive_after``, ``naive_ratio``, ``naive_lower``, ``naive_upper``,
        ``naive_says``: everything on record per tie-year; ``panel``: its members; ``n_incomplete``
        years of the windows that are not written up yet; ``tie_ids`` with signs of life of
        the panel.

    Raises
    ------
    ValueError
        If the windows overlap or run backwards.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia").without_disputed()
    >>> found = compare_activity(record, (2009, 2013), (2014, 2018), seed=1)
    >>> bool(found["lower"] <= found["ratio_lower"] <= found["ratio_upper"] <= found["upper"])
    True
    """
    return compare_observed(
        Observed.of(dataset, rule, as_of, known_by),
        before,
        after,
        effort=effort,
        confidence=confidence,
        n_resamples=n_resamples,
        seed=seed,
    )


def compare_observed(
    observed: Observed,
    before: tuple[int, int],
    after: tuple[int, int],
    *,
    effort: Effort | None = None,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int,
) -> pd.Series:
    """Compare as `compare_activity` does, from what was read before."""
    if not before[0] <= before[1] < after[0] <= after[1]:
        raise ValueError(f"{before} and {after} are not two windows, one after the other")
    effort = effort or Effort()
    dataset, reading, tie_years = observed.dataset, observed.reading, observed.tie_years
    seen = _windowed(observed.seen, before, after)
    members, kept = _panel(_prompt(seen, effort.lag), effort.panel)
    sides = dataset.ties.set_index("tie_id")[["place_a", "place_b"]].reindex(reading.ids)
    draws = _Draws(sides.reset_index(drop=True), confidence, n_resamples, seed)
    exposure = (tie_years.loc[slice(*before)].sum(), tie_years.loc[slice(*after)].sum())
    totals = _cells(kept, len(sides))
    is_thin = _is_thin(totals, effort.offset)
    ratios = [UNKNOWN] if is_thin else _ratios(kept, totals, exposure, effort.offset, draws)
    naive = draws.of_rates(_cells(seen, len(sides)), exposure)
    complete = last_complete_year(dataset, reading.view.known_by)
    years = [*range(before[0], before[1] + 1), *range(after[0], after[1] + 1)]
    n_naive = _cells(seen, len(sides)).sum().to_numpy(int)
    return pd.Series(
        dict(zip(_CELLS, totals.sum().to_numpy(int), strict=True))
        | {
            "ratio_lower": min(ratio.value for ratio in ratios),
            "ratio_upper": max(ratio.value for ratio in ratios),
            **_say(ratios),
            "is_thin": is_thin,
            "naive_before": n_naive[0],
            "naive_after": n_naive[1],
            "naive_ratio": naive.value,
            **{f"naive_{name}": value for name, value in _say([naive]).items()},
            "panel": members,
            "n_incomplete": sum(year > complete for year in years),
            "tie_ids": sorted(reading.ids[kept.loc[kept["is_sign"], "tie"].unique()]),
        },
        dtype="object",
    )


def last_complete_year(dataset: Dataset, known_by: str | dt.date | None = None) -> int:
    """The last year that has been written up: the last two before knowledge ends are not."""
    known = dataset.as_of if known_by is None else pd.Timestamp(known_by)
    return min(dataset.as_of, known).year - N_INCOMPLETE


def _prompt(seen: pd.DataFrame, lag: int | None) -> pd.DataFrame:
    """Keep what was published within the lag; an undated source cannot be shown to be prompt."""
    if lag is None:
        return seen
    late = seen["published"] - seen["year"]
    is_prompt = ((late >= 0) & (late <= lag)).fillna(False).astype(bool)
    prompt: pd.DataFrame = seen[is_prompt]
    return prompt


def _windowed(seen: pd.DataFrame, before: tuple[int, int], after: tuple[int, int]) -> pd.DataFrame:
    in_after = seen["year"].between(*after)
    kept: pd.DataFrame = seen.assign(after=in_after)[in_after | seen["year"].between(*before)]
    return kept


def _panel(seen: pd.DataFrame, panel: str) -> tuple[list[str], pd.DataFrame]:
    """Keep what was written by members that wrote in both windows."""
    if panel == "everything":
        return [], seen
    member = _PANEL_COLUMN[panel]
    n_windows = seen.groupby(member)["after"].nunique()
    members = sorted(n_windows.index[n_windows == 2].astype(str))
    kept: pd.DataFrame = seen[seen[member].isin(members)]
    return members, kept


def _count(rows: pd.DataFrame, what: str, years: pd.Index) -> pd.Series:
    counted: pd.Series = rows.groupby("year")[what].nunique().reindex(years, fill_value=0)
    return counted


def _cells(seen: pd.DataFrame, n_ties: int) -> pd.DataFrame:
    """Count distinct events of each tie by window, signs of life and other reports."""
    events = seen.drop_duplicates("event_id")
    column = 2 * (~events["is_sign"]).astype(int) + events["after"].astype(int)
    cells = np.zeros((n_ties, len(_CELLS)), dtype="int64")
    np.add.at(cells, (events["tie"].to_numpy(), column.to_numpy()), 1)
    return pd.DataFrame(cells, columns=["before", "after", "offset_before", "offset_after"])


def _is_thin(cells: pd.DataFrame, offset: str) -> bool:
    """Whether the panel saw too little to say anything."""
    n_before, n_after, reports_before, reports_after = cells.sum()
    needs_reports = offset in ("between", "reports")
    few_reports = needs_reports and min(reports_before, reports_after) < MIN_SEEN
    return bool(n_before + n_after < MIN_SEEN or few_reports)


@dataclass(frozen=True)
class _Draws:
    """How intervals are made: over which cities, how wide, how often drawn, from which seed."""

    cities: pd.DataFrame
    confidence: float
    n_resamples: int
    seed: int

    def of_rates(self, cells: pd.DataFrame, exposure: tuple[float, float]) -> Ratio:
        return ratio_of_rates(
            cells,
            exposure,
            self.cities,
            confidence=self.confidence,
            n_resamples=self.n_resamples,
            seed=self.seed,
        )

    def to_offset(self, cells: pd.DataFrame) -> Ratio:
        return ratio_to_offset(
            cells,
            self.cities,
            confidence=self.confidence,
            n_resamples=self.n_resamples,
            seed=self.seed,
        )


def _ratios(
    kept: pd.DataFrame,
    cells: pd.DataFrame,
    exposure: tuple[float, float],
    offset: str,
    draws: _Draws,
) -> list[Ratio]:
    """The ratio under each bound of the panel's attention."""
    if offset == "sources":
        wrote = kept.groupby("after")["source_id"].nunique().reindex([False, True], fill_value=0)
        return [draws.of_rates(cells, (float(wrote[False]), float(wrote[True])))]
    ratios = []
    if offset in ("between", "none"):
        ratios.append(draws.of_rates(cells, exposure))
    if offset in ("between", "reports"):
        ratios.append(draws.to_offset(cells))
    return ratios


def _say(ratios: list[Ratio]) -> dict[str, object]:
    """Span the intervals, and say what they allow to say."""
    lower, upper = min(ratio.lower for ratio in ratios), max(ratio.upper for ratio in ratios)
    says = "more" if lower > 1 else "less" if upper < 1 else "cannot tell"
    return {"lower": lower, "upper": upper, "says": says}
