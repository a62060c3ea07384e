"""A share of ties with its interval, when ties share cities and some are not known.

Ties of one city are not independent: one mayor signs three. With clusters on both sides of a tie
the variance of a mean is that of the clusters of one side, plus the other's, less that of the ties
themselves, which both have counted (Cameron, Gelbach & Miller, *Journal of Business & Economic
Statistics* 29, 2011). The share then has the precision of fewer, independent ties: the *effective
number*, which goes into Wilson's interval in place of the number of ties (Dean & Pagano, *Journal
of Survey Statistics and Methodology* 3, 2015; Korn & Graubard, *Survey Methodology* 24, 1998), with
Student's t for as many degrees of freedom as the side with fewer cities has, less one. It is never
taken to be larger than the number of ties. Wilson's interval itself is that of `statsmodels`.

Where some are imputed, the spread among the draws lowers the effective number once more (Lott &
Reiter, *The American Statistician* 74, 2020).

The interval speaks of the chance behind the foundings, as if these cities were drawn from many
alike. Of the ties on record it says nothing: where all are known, their share is what it is. With
few cities, or one city that holds a large part of all ties, it is too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ties.stats.imputation import Pooled, pool


@dataclass(frozen=True)
class Share:
    """A share and its interval.

    Parameters
    ----------
    estimate, lower, upper
        Between 0 and 1; missing if there is nothing to divide by.
    n
        Ties.
    n_effective
        Independent ties that would give the same precision.
    df
        Degrees of freedom.
    """

    estimate: float
    lower: float
    upper: float
    n: int
    n_effective: float
    df: float


def clustered_share(is_in: pd.Series, cities: pd.DataFrame, *, confidence: float = 0.95) -> Share:
    """The share of ties that have a property, with an interval clustered by city.

    Parameters
    ----------
    is_in
        Whether each tie has the property.
    cities
        Index of `is_in`; a column a side, the city of each tie.
    confidence
        Coverage of the interval, between 0 and 1.

    Examples
    --------
    >>> cities = pd.DataFrame({"a": list("uvwxyz"), "b": list("uvwxyz")})
    >>> found = clustered_share(pd.Series([True, False] * 3), cities)
    >>> round(found.lower, 2), round(found.upper, 2), found.n_effective
    (0.14, 0.86, 6.0)
    """
    n = len(is_in)
    if not n:
        return Share(math.nan, math.nan, math.nan, 0, 0.0, 0.0)
    codes = _codes(cities)
    value = is_in.to_numpy("float64")
    share, df = float(value.mean()), _degrees(codes)
    return _wilson(share, n, n / _design_effect(value, codes), df, confidence)


def imputed_share(
    is_in: np.ndarray, is_member: np.ndarray, cities: pd.DataFrame, *, confidence: float = 0.95
) -> Share:
    """The share of ties that have a property, pooled over imputed data sets.

    Parameters
    ----------
    is_in
        bool, a row a tie and a column a draw, two draws or more: whether it has the property.
    is_member
        The same shape: whether the tie counts at all in that draw.
    cities
        A row a tie; a column a side, the city of each tie.
    confidence
        Coverage of the interval, between 0 and 1.

    Examples
    --------
    >>> cities = pd.DataFrame({"a": list("uvwxyz"), "b": list("uvwxyz")})
    >>> draws = np.array([[1, 1], [1, 0], [0, 0], [0, 1], [1, 1], [0, 0]], dtype=bool)
    >>> round(imputed_share(draws, np.ones_like(draws), cities).estimate, 2)
    0.5
    """
    found = []
    for own, member in zip(is_in.T, is_member.T, strict=True):
        codes, value = _codes(cities[member]), own[member].astype("float64")
        if len(value):
            share = float(value.mean())
            variance = share * (1 - share) / len(value) * _design_effect(value, codes)
            found.append((share, variance, len(value), _degrees(codes)))
    if len(found) < 2:
        return Share(math.nan, math.nan, math.nan, 0, 0.0, 0.0)
    shares, variances, sizes, degrees = (np.array(column) for column in zip(*found, strict=True))
    df, n = float(degrees.min()), round(float(sizes.mean()))
    pooled = pool(shares, variances, df_complete=df, confidence=confidence)
    return _wilson(pooled.estimate, n, _pooled_effective(pooled, n), pooled.df, confidence)


def _pooled_effective(pooled: Pooled, n: int) -> float:
    spread = pooled.estimate * (1 - pooled.estimate)
    return min(float(n), spread / pooled.variance) if pooled.variance > 0 else float(n)


def _wilson(share: float, n: int, effective: float, df: float, confidence: float) -> Share:
    """Wilson's interval for an effective number of ties and a quantile of Student's t."""
    from scipy.stats import norm, t
    from statsmodels.stats.proportion import proportion_confint

    if df <= 0:
        return Share(share, 0.0, 1.0, n, effective, df)
    quantile = t.ppf(0.5 + confidence / 2, df)
    # The library takes a level, not a quantile: give it the level at which the normal has ours.
    lower, upper = proportion_confint(
        share * effective, effective, alpha=2 * norm.sf(quantile), method="wilson"
    )
    return Share(share, max(float(lower), 0.0), min(float(upper), 1.0), n, effective, df)


def _design_effect(value: np.ndarray, codes: list[np.ndarray]) -> float:
    """By how much clusters on each side (two-way) raise the variance of a mean; 1 or more."""
    n = len(value)
    off = value - value.mean()
    own = _of_clusters(off, np.arange(n))
    if own <= 0:
        return 1.0
    ways = sum(_of_clusters(off, code) for code in codes) - (len(codes) - 1) * own
    return max(ways / own, 1.0)


def _of_clusters(off: np.ndarray, code: np.ndarray) -> float:
    """The variance of a mean when each cluster counts as one observation."""
    sums = np.bincount(code, weights=off)
    g = len(sums)
    return g / (g - 1) * float(np.square(sums).sum()) / len(off) ** 2 if g > 1 else 0.0


def _codes(cities: pd.DataFrame) -> list[np.ndarray]:
    return [pd.factorize(cities[side])[0] for side in cities]


def _degrees(codes: list[np.ndarray]) -> float:
    return float(min((int(code.max(initial=-1)) for code in codes), default=0))
