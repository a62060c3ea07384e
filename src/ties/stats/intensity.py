"""How often do dormant ties come back, by period? Transitions per tie-year, with intervals.

An intensity is a count of transitions over the time in which they could have happened: returns
to life per year that a dormant tie stood dormant. A tie may fall silent and come back more than
once, so every spell counts (an occurrence/exposure rate: Aalen, Borgan & Gjessing, *Survival
and Event History Analysis*, 2008, ch. 5, constant within each period).

Two intervals stand side by side. The exact one (Garwood, *Biometrika* 28, 1936) takes every
return as independent. The other draws cities with all their ties, again and again, since ties of
one city share its fortunes (cluster bootstrap: Davison & Hinkley, *Bootstrap Methods and their
Application*, 1997, ch. 3.8); it is taken for the cities of either side, and the wider is given.
Where there was no return, drawing can show none either, and only the exact interval speaks.

Much dormancy is only inferred, from a search that found nothing. It begins on the day of the
search because somebody looked then, and says little about how long a silence lasts before a
return: it is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.schema.vocabulary import BASES, STATUSES
from ties.stats.ratio import cluster_interval

DAYS_PER_YEAR: Final = 365.25
BREAKS: Final = (2014, 2022)
ALIVE: Final = tuple(code for code, term in STATUSES.items() if term.group == "alive")
NAIVE_SILENCE: Final = ("dormant", "no_information")
STARTS: Final = ("any", *BASES)


def revival_intensity(
    episodes: pd.DataFrame,
    dataset: Dataset,
    *,
    breaks: Sequence[int] = BREAKS,
    silence: Sequence[str] = ("dormant",),
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int,
) -> pd.DataFrame:
    """Give returns to life per silent tie-year, by period, with two intervals.

    Only returns from dormancy count, and only to life: a suspended tie that is reinstated came
    back by decision, and a dormant tie that is suspended did not come back. A spell that
    spans several periods gives each its share of the time; a return counts in the period in
    which it had certainly happened.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    dataset
        The record that they were made from: for the cities of each tie.
    breaks
        Years in which a new period begins, rising; none for one period.
    silence
        Statuses that a tie returns from. With `NAIVE_SILENCE`, time without information counts
        as silence too, once a tie has been alive: what a reader counts who takes every
        first sign after a gap for a return. It rises when more is written, and stands
        here so that the difference can be seen.
    confidence
        Coverage of the intervals, between 0 and 1.
    n_resamples
        How often cities are drawn.
    seed
        Of the draws; the same seed gives the same intervals.

    Returns
    -------
    DataFrame
        Index ``period`` (text, ``all`` last) and ``start``: whether the beginning of the
        dormancy is ``recorded``, ``reported`` or ``inferred``, or ``any``. ``n_returns``;
        ``n_ties`` that were dormant at some time; ``tie_years`` spent dormant, from the last day
        that the beginning admits; ``tie_years_most``, from the first day; ``rate`` per tie-year
        with ``exact_lower``, ``exact_upper`` and ``cluster_lower``, ``cluster_upper``. Rates are
        missing where no tie was dormant, cluster bounds also where none returned.

    Raises
    ------
    ValueError
        If the breaks do not rise, or `confidence` is no share.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia").counted()
    >>> found = revival_intensity(ties.lifecycle(record), record, seed=1, n_resamples=100)
    >>> found.loc[("all", "any"), "n_returns"]
    np.int64(3)
    """
    _refuse(breaks, confidence)
    spells = silent_spells(episodes, silence)
    by_tie = _by_tie(spells, episodes.attrs["as_of"], breaks)
    sides = dataset.ties.set_index("tie_id")[["place_a", "place_b"]]
    rows = [
        {"period": period, "start": start} | _measure(own, sides, confidence, n_resamples, seed)
        for period in [*period_names(breaks), "all"]
        for start in STARTS
        for own in [_cell(by_tie, period, start)]
    ]
    table = pd.DataFrame(rows).set_index(["period", "start"])
    table.attrs = {**episodes.attrs, "seed": seed, "confidence": confidence}
    return table


def silent_spells(episodes: pd.DataFrame, silence: Sequence[str] = ("dormant",)) -> pd.DataFrame:
    """List the spells of silence, each with how it began and whether the tie came back.

    A spell without information counts only once a tie has been alive: before, nobody knows
    that there was anything to return to. A source that calls a tie dormant bears witness
    that there was.

    Returns
    -------
    DataFrame
        A row a spell: ``tie_id``; ``start_earliest``, ``start_latest``, ``end_latest``
        (datetime64[s]; no end while it lasts); ``start``: recorded, reported or inferred;
        ``returned``: whether it ended with a return to life.

    Examples
    --------
    >>> import ties
    >>> spells = silent_spells(ties.lifecycle(ties.load("us-russia").counted()))
    >>> int(spells["returned"].sum())
    3
    """
    status = episodes[episodes["axis"] == "status"]
    is_alive = status["state"].isin(ALIVE)
    after = is_alive.groupby(status["tie_id"]).shift(-1, fill_value=False)
    was_alive = is_alive.groupby(status["tie_id"]).cummax()
    is_silent = status["state"].isin([*silence])
    is_silent &= was_alive | (status["state"] != "no_information")
    columns = ["tie_id", "start_earliest", "start_latest", "end_latest"]
    spells = status[columns].assign(start=status["basis"].astype("str"), returned=after)
    return spells[is_silent].reset_index(drop=True)


def period_names(breaks: Sequence[int]) -> list[str]:
    """Name the periods between the years in which a new one begins.

    Examples
    --------
    >>> period_names((2014, 2022))
    ['before 2014', '2014–2021', 'from 2022']
    """
    if not breaks:
        return []
    inner = [
        f"{one}–{other - 1}" if other - one > 1 else f"{one}" for one, other in pairwise(breaks)
    ]
    return [f"before {breaks[0]}", *inner, f"from {breaks[-1]}"]


def exact_rate_interval(
    n: np.ndarray | int, exposure: np.ndarray | float, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Give the exact interval of a Poisson rate after `n` events in an exposure (Garwood 1936).

    Missing where the exposure is nothing.

    Examples
    --------
    >>> lower, upper = exact_rate_interval(3, 100.0)
    >>> round(float(lower), 5), round(float(upper), 5)
    (0.00619, 0.08767)
    """
    from scipy.stats import chi2

    tail = (1 - confidence) / 2
    count = np.asarray(n, dtype="float64")
    time = np.where(np.asarray(exposure) > 0, exposure, np.nan)
    lower = np.where(count > 0, chi2.ppf(tail, 2 * np.maximum(count, 1)) / 2, 0.0)
    return lower / time, chi2.ppf(1 - tail, 2 * count + 2) / 2 / time


def _refuse(breaks: Sequence[int], confidence: float) -> None:
    if any(other <= one for one, other in pairwise(breaks)):
        raise ValueError(f"the years in which periods begin must rise; they are {tuple(breaks)}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it is a share such as 0.95")


def _by_tie(spells: pd.DataFrame, as_of: str, breaks: Sequence[int]) -> pd.DataFrame:
    """Share the time of every spell among the periods; add up by tie, period and start."""
    end = spells["end_latest"].fillna(pd.Timestamp(as_of))
    edges = [pd.Timestamp(f"{year:04d}-01-01") for year in (1, *breaks, 9999)]
    names = period_names(breaks) or ["all"]
    parts = []
    for name, begins, ends in zip(names, edges[:-1], edges[1:], strict=True):
        spent = _overlap(spells["start_latest"], end, begins, ends)
        most = _overlap(spells["start_earliest"].fillna(spells["start_latest"]), end, begins, ends)
        is_return = spells["returned"] & (end >= begins) & (end < ends)
        part = spells[["tie_id", "start"]].assign(
            period=name, tie_years=spent, tie_years_most=most, n_returns=is_return.astype("int64")
        )
        parts.append(part[(most > 0) | is_return])
    table = pd.concat(parts, ignore_index=True)
    return table.groupby(["period", "start", "tie_id"], as_index=False).sum()


def _overlap(
    start: pd.Series, end: pd.Series, begins: pd.Timestamp, ends: pd.Timestamp
) -> pd.Series:
    """Give the years of each spell that lie within a period."""
    days = (end.where(end < ends, ends) - start.where(start > begins, begins)).dt.days
    years: pd.Series = days.clip(lower=0) / DAYS_PER_YEAR
    return years


def _cell(by_tie: pd.DataFrame, period: str, start: str) -> pd.DataFrame:
    kept = by_tie if period == "all" else by_tie[by_tie["period"] == period]
    return kept if start == "any" else kept[kept["start"] == start]


def _measure(
    own: pd.DataFrame,
    sides: pd.DataFrame,
    confidence: float,
    n_resamples: int,
    seed: int,
) -> dict[str, object]:
    """Give the rate of one cell with both of its intervals."""
    n, years = int(own["n_returns"].sum()), float(own["tie_years"].sum())
    lower, upper = exact_rate_interval(n, years, confidence)
    low, high = _over_cities(own, sides, confidence, n_resamples, seed) if n else (np.nan, np.nan)
    return {
        "n_returns": n,
        "n_ties": own["tie_id"].nunique(),
        "tie_years": years,
        "tie_years_most": float(own["tie_years_most"].sum()),
        "rate": n / years if years else np.nan,
        "exact_lower": float(lower),
        "exact_upper": float(upper),
        "cluster_lower": low,
        "cluster_upper": high,
    }


def _over_cities(
    own: pd.DataFrame, sides: pd.DataFrame, confidence: float, n_resamples: int, seed: int
) -> tuple[float, float]:
    """Give the percentile interval of the rate when cities are drawn with all their ties."""
    totals = own.groupby("tie_id")[["n_returns", "tie_years"]].sum()

    def rate(returns: np.ndarray, years: np.ndarray) -> np.ndarray:
        found: np.ndarray = returns / np.where(years > 0, years, 1)
        return found

    return cluster_interval(
        totals,
        sides.reindex(totals.index),
        rate,
        confidence=confidence,
        n_resamples=n_resamples,
        seed=seed,
    )
