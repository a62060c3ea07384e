"""The share still standing when nobody knows to the year when a tie left.

Dormancy lies somewhere between the last sign of life and the day on which somebody found silence.
To write down the middle, or the day of the search, would invent what nobody saw. The
nonparametric maximum likelihood estimate puts mass only where the data can tell: on the innermost
intervals (Peto, *Applied Statistics* 22, 1973; Turnbull, *JRSS B* 38, 1976), and says nothing of
where within them. Each tie's mass is shared among the intervals that it admits, in proportion
to the estimate, until nothing changes (self-consistency: Efron 1967; it is an EM algorithm).
The result is accepted only if it is the maximum: no interval would gain likelihood by more
mass (Gentleman & Geyer, *Biometrika* 81, 1994).

With delayed entry a tie stands for those that were never named as well (Turnbull 1976; the
intervals then also begin anew at entries: Frydman, *JRSS B* 56, 1994).

No dependency of the project has it, so it is ours, and tested against R's `survival` and
`prodlim`, and against published values. It assumes that looking does not depend on
what would have been found. Who looks because he has heard of silence breaks that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ties.stats.clusters import cluster_bounds
from ties.stats.spells import DAYS_PER_YEAR

_MAX_STEPS = 200_000


class NotConvergedError(RuntimeError):
    """The estimate did not reach its maximum within the steps allowed."""


def turnbull(
    spells: pd.DataFrame, *, tolerance: float = 1e-9, weights: np.ndarray | None = None
) -> pd.DataFrame:
    """Estimate which share leaves within each of the intervals that the data can tell apart.

    Parameters
    ----------
    spells
        The table of `ties.stats.spells.duration_bounds`: ``left``, ``right`` (days; it left
        after ``left`` and no later than ``right``; the same day twice if known; infinite if not
        known to have left), and ``entry`` if some entered late.
    tolerance
        By how much, relative to the whole, any interval may still gain likelihood.
    weights
        How often each tie counts; once if not given.

    Returns
    -------
    DataFrame
        A row an innermost interval, by time: ``left``, ``right`` (years: mass lies after the one
        and no later than the other; infinite where ties outlast the record), ``mass`` (0 to 1, adds
        up to 1), ``survival`` after ``right``. ``attrs``: ``n``, ``n_known`` with an exit,
        ``n_steps``, ``gain`` (how far from the maximum at most, relative).

    Raises
    ------
    ValueError
        If a tie leaves before it enters.
    NotConvergedError
        If the maximum is not reached.

    Examples
    --------
    >>> spells = pd.DataFrame({"left": [0.0, 365.0, 0.0], "right": [730.0, np.inf, 365.0]})
    >>> turnbull(spells)[["left", "right", "mass"]].round(3).to_numpy().tolist()
    [[0.0, 0.999, 0.5], [0.999, 1.999, 0.5]]
    """
    left, right, entry = _columns(spells)
    weight = np.ones(len(left)) if weights is None else weights
    kept = weight > 0
    left, right, entry, weight = left[kept], right[kept], entry[kept], weight[kept]
    low, high = innermost(left, right, entry)
    admits, seen = _admitted(left, right, entry, low, high)
    mass, n_steps, gain = _maximise(admits, seen, weight, tolerance)
    table = pd.DataFrame({"left": low / DAYS_PER_YEAR, "right": high / DAYS_PER_YEAR, "mass": mass})
    table["survival"] = np.maximum(1 - mass.cumsum(), 0.0)
    table.loc[table.index[-1:], "survival"] = 0.0
    counts: dict[Any, Any] = {"n": len(spells), "n_known": int(np.isfinite(spells["right"]).sum())}
    table.attrs = {**spells.attrs, **counts, "n_steps": n_steps, "gain": gain}
    return table


def share_standing(estimate: pd.DataFrame, years: Sequence[float]) -> pd.DataFrame:
    """Read the estimate at given times, as bounds: within an interval it is not determined.

    Returns
    -------
    DataFrame
        Index ``time`` (years); ``lower``: had all mass of an interval left at its beginning;
        ``upper``: had it left at its end. They are equal between intervals.
    """
    at = np.asarray(years, dtype="float64")
    mass = estimate["mass"].to_numpy()
    begin, end = estimate["left"].to_numpy(), estimate["right"].to_numpy()
    # A hair's breadth, so that years and days that mean the same time are the same time.
    is_gone = end <= at[:, None] + 1e-9
    may_be_gone = is_gone | (begin < at[:, None] - 1e-9)
    bounds = {"lower": 1 - may_be_gone @ mass, "upper": 1 - is_gone @ mass}
    return pd.DataFrame(bounds, index=pd.Index(at, name="time")).clip(0, 1)


def interval_quantile(estimate: pd.DataFrame, share_gone: float = 0.5) -> tuple[float, float]:
    """Give the bounds of the time by which a share has left; an open upper bound is infinite.

    Examples
    --------
    >>> estimate = pd.DataFrame({"left": [0.0, 5.0], "right": [2.0, 9.0], "mass": [0.4, 0.6]})
    >>> interval_quantile(estimate)
    (5.0, 9.0)
    """
    reached = estimate["mass"].cumsum().to_numpy() >= share_gone - 1e-9
    row = estimate.iloc[int(np.argmax(reached))]
    return float(row["left"]), float(row["right"])


def clustered_standing(
    spells: pd.DataFrame,
    years: Sequence[float],
    *,
    confidence: float = 0.95,
    n_resamples: int = 500,
    seed: int,
    tolerance: float = 1e-4,
) -> pd.DataFrame:
    """Give the share standing at given times, with bounds from drawing cities again.

    The interval spans what is not determined within an innermost interval as well as chance:
    it runs from the low quantile of the lower bound to the high quantile of the upper bound.
    A bootstrap of this estimator has no proof of its coverage (it converges at the cube root of
    n: Sen & Xu, *Scandinavian Journal of Statistics* 42, 2015); read it as an indication.

    Parameters
    ----------
    spells
        As for `turnbull`, with ``place_a`` and ``place_b``.
    years
        Times at which to give it.
    confidence, n_resamples, seed
        As for `ties.stats.clusters.cluster_bounds`.
    tolerance
        As for `turnbull`, for each draw.

    Returns
    -------
    DataFrame
        Index ``time`` (years); ``lower``, ``upper`` of the estimate; ``interval_lower``,
        ``interval_upper``.
    """
    n = len(years)

    def estimate(weights: np.ndarray) -> np.ndarray:
        read = share_standing(turnbull(spells, tolerance=tolerance, weights=weights), years)
        return np.concatenate([read["lower"].to_numpy(), read["upper"].to_numpy()])

    low, high = cluster_bounds(
        spells, estimate, n_resamples=n_resamples, seed=seed, confidence=confidence
    )
    table = share_standing(turnbull(spells), years)
    table = table.assign(interval_lower=low[:n], interval_upper=high[n:])
    table.attrs = {**spells.attrs, "seed": seed, "confidence": confidence}
    return table


def innermost(
    left: np.ndarray, right: np.ndarray, entry: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Give the intervals on which the estimate can put mass: a left end met by a right end next.

    Examples
    --------
    >>> low, high = innermost(np.array([0.0, 1.0]), np.array([3.0, 2.0]))
    >>> low.tolist(), high.tolist()
    ([1.0], [2.0])
    """
    # An open left end lies just after its time, the left end of a known day just on it.
    begins = np.column_stack([left, left < right, np.zeros(len(left))])
    ends = np.column_stack([right, np.zeros(len(right)), np.ones(len(right))])
    late = entry[entry > 0] if entry is not None else np.array([])
    stops = np.column_stack([late, np.zeros(len(late)), np.ones(len(late))])
    points = np.unique(np.vstack([begins, ends, stops]), axis=0)
    points = points[np.lexsort((points[:, 2], points[:, 1], points[:, 0]))]
    is_end = points[:, 2] == 1
    meets = np.flatnonzero(~is_end[:-1] & is_end[1:])
    return points[meets, 0], points[meets + 1, 0]


def _columns(spells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right = (spells[name].to_numpy("float64") for name in ("left", "right"))
    entry = spells["entry"].to_numpy("float64") if "entry" in spells else np.zeros(len(left))
    if np.any(left > right) or np.any(right <= np.where(entry > 0, entry, -np.inf)):
        raise ValueError("a tie must leave after it entered, and no earlier than its left bound")
    return left, right, entry


def _admitted(
    left: np.ndarray, right: np.ndarray, entry: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Say which intervals each tie admits, and in which it would have been seen at all."""
    is_point, is_known = low == high, (left == right)[:, None]
    begins = np.maximum(left, entry)[:, None]
    # A bound lies outside what it bounds: a day that is known is not "after" that day.
    after = (low > begins) | ((low == begins) & ~is_point) | (is_known & (low == right[:, None]))
    admits = after & (high <= right[:, None])
    # Who is at risk from the beginning is seen whatever becomes of it.
    late = entry[:, None]
    seen = (low > late) | ((low == late) & ~is_point) | (late <= 0)
    return admits.astype("float64"), seen.astype("float64")


def _maximise(
    admits: np.ndarray, seen: np.ndarray, weight: np.ndarray, tolerance: float
) -> tuple[np.ndarray, int, float]:
    """Share mass until no interval gains likelihood, in long strides where they help.

    Strides: SQUAREM (Varadhan & Roland, *Scandinavian Journal of Statistics* 35, 2008).
    """
    mass = np.full(admits.shape[1], 1 / admits.shape[1])
    best = -np.inf
    for n_steps in range(1, _MAX_STEPS):
        once, gain, height = _step(mass, admits, seen, weight)
        if gain <= tolerance:
            return mass, n_steps, gain
        twice, _, _ = _step(once, admits, seen, weight)
        change, bend = once - mass, twice - 2 * once + mass
        stride = -max(1.0, float(np.sqrt((change @ change) / max(bend @ bend, 1e-300))))
        leap = mass - 2 * stride * change + stride**2 * bend
        if height < best or np.any(leap < 0) or not np.isfinite(leap).all():
            leap = twice
        best = max(best, height)
        mass = leap / leap.sum()
    raise NotConvergedError(f"no maximum within {_MAX_STEPS} steps; {gain:.1e} are still to gain")


def _step(
    mass: np.ndarray, admits: np.ndarray, seen: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, float, float]:
    """Share each tie's mass once; give also what could be gained and the log likelihood."""
    own, all_seen = admits @ mass, seen @ mass
    # For each tie seen, those of its kind that could not be seen stand for the missing ones.
    pull = (weight / own) @ admits + (weight / all_seen) @ (1 - seen)
    whole = (weight / all_seen).sum()
    height = float((weight * (np.log(own) - np.log(all_seen))).sum())
    return mass * pull / whole, float((pull / whole).max() - 1), height
