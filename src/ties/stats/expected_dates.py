"""The chance that an imprecise date lies in a period: imputation without the dice.

Where only the mean of many draws is wanted, it can be worked out: the shares of the years are those
that reproduce themselves when every vague date is shared out in proportion to them (*self-
consistency*: Turnbull, *JRSS B* 38, 1976; found by the EM algorithm). The model and the prior are
those of `ties.stats.imputation`; what is lost is the spread. So two records can be compared
without the noise of drawing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ties.stats.imputation import PRIOR, DateScale

_MOST_STEPS: Final = 2000
_CLOSE: Final = 1e-9


def chance_between(
    earliest: pd.Series,
    latest: pd.Series,
    first: pd.Timestamp,
    last: pd.Timestamp,
    *,
    since: int | None = None,
) -> pd.Series:
    """Give the chance that each date lies in a period.

    Parameters
    ----------
    earliest, latest, since
        As for `ties.stats.imputation.impute_dates`.
    first, last
        First and last day of the period.

    Returns
    -------
    Series
        Index of `earliest`; 0 to 1.

    Examples
    --------
    >>> begins = pd.to_datetime(pd.Series(["1989", "1990", "1990", None], dtype="str"))
    >>> ends = pd.to_datetime(pd.Series(["1989-12-31", "1990-12-31", "1990-12-31", "1990-12-31"]))
    >>> decade = pd.Timestamp("1990-01-01"), pd.Timestamp("1999-12-31")
    >>> chance_between(begins, ends, *decade).round(2).tolist()
    [0.0, 1.0, 1.0, 0.62]
    """
    own = DateScale.of(earliest, latest, since)
    below = np.append(0.0, np.cumsum(_self_consistent(own)))
    begin, end = np.maximum(own.begin, own.place(first)), own.end
    end = np.minimum(end, own.place(last + pd.Timedelta(days=1)))
    scale = np.arange(own.n_years + 1)
    at = {name: np.interp(getattr(own, name), scale, below) for name in ("begin", "end")}
    inside = np.interp(np.maximum(begin, end), scale, below) - np.interp(begin, scale, below)
    return pd.Series(inside / (at["end"] - at["begin"]), index=earliest.index)


def _self_consistent(own: DateScale) -> np.ndarray:
    """Give the shares of the years that reproduce themselves."""
    prior = own.known + PRIOR / own.n_years
    vague = own.is_vague
    ends, times = np.unique(
        np.stack([own.begin[vague], own.end[vague]]), axis=1, return_counts=True
    )
    years = np.arange(own.n_years)
    overlap = np.minimum(ends[1][:, None], years + 1) - np.maximum(ends[0][:, None], years)
    overlap = np.maximum(overlap, 0.0)
    shares = np.full(own.n_years, 1 / own.n_years)
    for _ in range(_MOST_STEPS):
        parts = overlap * shares
        parts /= parts.sum(axis=1, keepdims=True)
        found = prior + times @ parts
        found /= found.sum()
        if np.abs(found - shares).max() < _CLOSE:
            break
        shares = found
    return shares
