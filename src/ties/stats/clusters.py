"""How sure are we, when ties share cities? Cities are drawn again, with all their ties.

One city council suspends two ties on one evening; one mayor revives three. Ties of a city are
not as many independent witnesses, and an interval that takes them as such is too narrow. So
whole cities are drawn with replacement, and each tie counts as often as its city was drawn
(cluster bootstrap: Davison & Hinkley, *Bootstrap Methods and their Application*, 1997, 3.8).
Every tie has two cities: it is done for the cities of either side, and the outer bounds are given.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

SIDES = ("place_a", "place_b")


def city_weights(city: pd.Series, n_resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Draw cities with replacement; say how often each tie counts in each draw.

    Parameters
    ----------
    city
        The city of each tie.
    n_resamples
        How often to draw.
    rng
        Where chance comes from.

    Returns
    -------
    ndarray
        float64, a row a draw and a column a tie.

    Examples
    --------
    >>> drawn = city_weights(pd.Series(["x", "x", "y"]), 100, np.random.default_rng(1))
    >>> bool((drawn[:, 0] == drawn[:, 1]).all())
    True
    """
    codes, own = pd.factorize(city)
    n = len(own)
    counts = rng.multinomial(n, np.full(n, 1 / n) if n else [], size=n_resamples)
    weights: np.ndarray = counts[:, codes].astype("float64")
    return weights


def cluster_bounds(
    table: pd.DataFrame,
    estimate: Callable[[np.ndarray], np.ndarray],
    *,
    n_resamples: int,
    seed: int,
    confidence: float = 0.95,
) -> tuple[np.ndarray, np.ndarray]:
    """The percentile bounds of an estimate over draws of cities: the outer of both sides.

    Parameters
    ----------
    table
        A row a tie, with ``place_a`` and ``place_b``.
    estimate
        Takes the weights of the ties, gives numbers; missing where a draw says nothing.
    n_resamples
        Draws a side.
    seed
        Of the draws; the same seed gives the same bounds.
    confidence
        Coverage, between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper bound of each number; missing if a side has fewer than two cities.

    Raises
    ------
    ValueError
        If nothing is to be drawn, or `confidence` is no share.
    """
    if n_resamples < 1 or not 0 < confidence < 1:
        raise ValueError("n_resamples is 1 or more, and confidence a share such as 0.95")
    rng = np.random.default_rng(seed)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    found = [
        np.nanquantile(
            [estimate(weight) for weight in city_weights(table[side], n_resamples, rng)],
            tails,
            axis=0,
        )
        for side in SIDES
        if table[side].nunique() > 1
    ]
    if len(found) < len(SIDES):
        empty = np.full_like(estimate(np.ones(len(table))), np.nan)
        return empty, empty.copy()
    return np.fmin(found[0][0], found[1][0]), np.fmax(found[0][1], found[1][1])
