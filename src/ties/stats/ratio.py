"""How many times as much after as before? Ratios of rates, each with two intervals.

The exact interval takes events as independent: for exposures that are known, that of a ratio of
two Poisson rates (Przyborowski & Wilenski, *Biometrika* 31, 1940); for an offset that is itself
counted, that of the odds ratio of a fourfold table, conditional on its margins (Fisher 1935;
Breslow & Day, *Statistical Methods in Cancer Research* I, 1980, ch. 4.2), which carries the error
of the offset too. The other interval draws cities with all their ties, since ties of one city
share its fortunes (cluster bootstrap: Davison & Hinkley, *Bootstrap Methods and their
Application*, 1997, ch. 3.8): those of either side, and the wider is taken. What is given spans
both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

# Beyond some thousand events the exact odds ratio is slow, and equal to the other.
_MAX_EXACT: Final = 3000


@dataclass(frozen=True)
class Ratio:
    """A ratio with the interval that spans the exact one and the one over cities."""

    value: float
    exact: tuple[float, float]
    cluster: tuple[float, float]

    @property
    def lower(self) -> float:
        """The lower end of both intervals."""
        return min(self.exact[0], self.cluster[0])

    @property
    def upper(self) -> float:
        """The upper end of both intervals."""
        return max(self.exact[1], self.cluster[1])


UNKNOWN: Final = Ratio(float("nan"), (0.0, float("inf")), (0.0, float("inf")))


def ratio_of_rates(
    counts: pd.DataFrame,
    exposure: tuple[float, float],
    cities: pd.DataFrame,
    *,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int,
) -> Ratio:
    """The ratio of two rates of events in known exposures, after over before.

    Parameters
    ----------
    counts
        A row a tie: ``before``, ``after`` (events).
    exposure
        Before and after; such as tie-years, or sources that wrote.
    cities
        Index of `counts`; a column a side, with the city of each tie.
    confidence, n_resamples, seed
        Of the intervals, and of the draws of cities.

    Examples
    --------
    >>> counts = pd.DataFrame({"before": [2, 3, 1], "after": [4, 6, 2]})
    >>> cities = pd.DataFrame({"a": ["x", "y", "z"]})
    >>> ratio_of_rates(counts, (100, 100), cities, seed=1).value
    2.0
    """
    n_before, n_after = (int(n) for n in counts[["before", "after"]].sum())
    if n_before + n_after == 0 or min(exposure) <= 0:
        return UNKNOWN
    weights = np.asarray(exposure, dtype="float64")

    def log_ratio(before: np.ndarray, after: np.ndarray) -> np.ndarray:
        found: np.ndarray = np.log(after / weights[1]) - np.log(before / weights[0])
        return found

    rate_before = n_before / weights[0]
    return Ratio(
        float(n_after / weights[1] / rate_before) if n_before else float("inf"),
        _poisson(n_before, n_after, weights, confidence),
        _cluster(counts[["before", "after"]], cities, log_ratio, confidence, n_resamples, seed),
    )


def ratio_to_offset(
    counts: pd.DataFrame,
    cities: pd.DataFrame,
    *,
    confidence: float = 0.95,
    n_resamples: int = 2000,
    seed: int,
) -> Ratio:
    """The ratio of events to a counted offset, after over before: an odds ratio.

    Parameters
    ----------
    counts
        A row a tie: ``before``, ``after`` (events), ``offset_before``, ``offset_after``.
    cities, confidence, n_resamples, seed
        As for `ratio_of_rates`.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {"before": [4, 6], "after": [8, 12], "offset_before": [5, 5], "offset_after": [10, 10]}
    ... )
    >>> ratio_to_offset(counts, pd.DataFrame({"a": ["x", "y"]}), seed=1).value
    1.0
    """
    columns = ["before", "after", "offset_before", "offset_after"]
    n_before, n_after, offset_before, offset_after = (int(n) for n in counts[columns].sum())
    if n_before + n_after == 0 or min(offset_before, offset_after) == 0:
        return UNKNOWN

    def log_ratio(*totals: np.ndarray) -> np.ndarray:
        before, after, by_before, by_after = totals
        found: np.ndarray = np.log(after / by_after) - np.log(before / by_before)
        return found

    odds_before = n_before / offset_before
    return Ratio(
        n_after / offset_after / odds_before if n_before else float("inf"),
        _odds([[n_after, offset_after], [n_before, offset_before]], confidence),
        _cluster(counts[columns], cities, log_ratio, confidence, n_resamples, seed),
    )


def _odds(fourfold: list[list[int]], confidence: float) -> tuple[float, float]:
    from scipy.stats.contingency import odds_ratio

    kind = "conditional" if sum(map(sum, fourfold)) < _MAX_EXACT else "sample"
    found = odds_ratio(fourfold, kind=kind).confidence_interval(confidence)
    return float(found.low), float(found.high)


def _poisson(
    n_before: int, n_after: int, exposure: np.ndarray, confidence: float
) -> tuple[float, float]:
    from scipy.stats import binomtest

    found = binomtest(n_after, n_before + n_after).proportion_ci(confidence, method="exact")
    per_exposure = float(exposure[0] / exposure[1])
    low, high = (
        float("inf") if share >= 1 else float(share / (1 - share)) * per_exposure
        for share in (found.low, found.high)
    )
    return low, high


def cluster_interval(
    counts: pd.DataFrame,
    cities: pd.DataFrame,
    statistic: Callable[..., np.ndarray],
    *,
    confidence: float,
    n_resamples: int,
    seed: int,
) -> tuple[float, float]:
    """The percentile interval when cities are drawn with all their ties; the wider side's.

    Parameters
    ----------
    counts
        A row a tie, numbers that can be added up. Rows of zeros count for nothing.
    cities
        Index of `counts`; a column a side, with the city of each tie.
    statistic
        From one array a column of `counts`, the totals of each draw, to one number a draw.
    confidence, n_resamples, seed
        Of the interval and of the draws.

    Returns
    -------
    tuple
        Lower and upper bound; missing if a side has fewer than two cities to draw.

    Raises
    ------
    ValueError
        If fewer than two draws are asked for, or `confidence` is no share.
    """
    from scipy.stats import bootstrap

    if n_resamples < 2 or not 0 < confidence < 1:
        raise ValueError("n_resamples is 2 or more, and confidence a share such as 0.95")

    told = counts[counts.any(axis=1)]

    def of_totals(*parts: np.ndarray, axis: int = -1) -> np.ndarray:
        return statistic(*(part.sum(axis=axis) for part in parts))

    bounds = []
    for _, city in cities.items():
        totals = told.groupby(city.reindex(told.index)).sum()
        if len(totals) < 2:
            return float("nan"), float("nan")
        found = bootstrap(
            tuple(totals[column].to_numpy("float64") for column in totals),
            of_totals,
            paired=True,
            vectorized=True,
            n_resamples=n_resamples,
            # So many draws at a time that a record of any size fits into memory.
            batch=max(1, 2_000_000 // len(totals)),
            confidence_level=confidence,
            method="percentile",
            rng=np.random.default_rng(seed),
        )
        bounds.append(found.confidence_interval)
    return min(float(one.low) for one in bounds), max(float(one.high) for one in bounds)


def _cluster(
    counts: pd.DataFrame,
    cities: pd.DataFrame,
    log_ratio: Callable[..., np.ndarray],
    confidence: float,
    n_resamples: int,
    seed: int,
) -> tuple[float, float]:
    """The interval of a ratio over cities; with fewer than two of them, nothing is known."""

    def statistic(*totals: np.ndarray) -> np.ndarray:
        # Half an event more in each total, so that no draw divides by nothing (Haldane 1956).
        return log_ratio(*(part + 0.5 for part in totals))

    low, high = cluster_interval(
        counts, cities, statistic, confidence=confidence, n_resamples=n_resamples, seed=seed
    )
    return (0.0, float("inf")) if np.isnan(low) else (float(np.exp(low)), float(np.exp(high)))
