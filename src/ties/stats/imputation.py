"""Dates that are intervals, drawn many times over; and the results of all draws, pooled.

A founding in "1989/1991" has a day, and nobody knows which. To count it in one year is to guess;
to draw its day many times, work out the result each time, and let the spread of the results widen
the interval, is to say how much the guess matters (multiple imputation: Rubin, *Multiple
Imputation for Nonresponse in Surveys*, 1987).

Days are drawn by *data augmentation* (Tanner & Wong, *JASA* 82, 1987), in turns. Given all days,
the shares of the years follow a Dirichlet distribution: the number of dates in each year, and a
prior worth one date spread evenly. Given the shares, each unknown day follows them within its own
interval, evenly within a year. So an interval of three years takes after the dates known to be of
these years, and a tie of which only "by 2004" is known takes after all that lie before 2005. An
interval within one year is drawn evenly. Without chance, the turns would end in Turnbull's
estimate of the distribution (*JRSS B* 38, 1976).

It assumes that a date is vague for reasons that have nothing to do with when it was, apart from
the bounds that it states; and that what is undated began no earlier than the oldest on record. The
record cannot show either. Where they are in doubt, worst-case bounds are the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

# Turns before the first draw is kept, and between one kept and the next.
_BURN_IN: Final = 10
_APART: Final = 3
PRIOR: Final = 1.0


def impute_dates(
    earliest: pd.Series,
    latest: pd.Series,
    *,
    m: int = 20,
    seed: int,
    since: int | None = None,
    shares: Callable[[np.random.Generator, np.ndarray], np.ndarray] | None = None,
) -> pd.DataFrame:
    """Draw a day for each interval, `m` times.

    Parameters
    ----------
    earliest
        First possible day; missing if the interval is open to the past.
    latest
        Last possible day, never missing. If it comes before `earliest`, sources contradict one
        another, and any day between the two is possible.
    m
        How many draws. 20 do for an estimate; as a rule take as many as there are imprecise
        dates in a hundred (White, Royston & Wood, *Statistics in Medicine* 30, 2011).
    seed
        The same seed gives the same days.
    since
        First possible year where the interval is open; if not given, the year in which the
        earliest interval on record begins. No `latest` lies before it.
    shares
        Draws the relative weight of each year given the number of days in each (from the first
        year of any interval to the last); the Dirichlet distribution above if not given. An
        analysis that has a model of its own for the years should impute by the same model: with
        the years taken one by one, the undated pile up where the dated happen to be.

    Returns
    -------
    DataFrame
        Index of `earliest`; a column a draw, from 0; datetime64[s], days within the intervals.

    Raises
    ------
    ValueError
        If `m` is below 1, a `latest` is missing, or nothing says where an open interval begins.

    Examples
    --------
    >>> first = pd.to_datetime(pd.Series(["1991-06-26", "1990-01-01", None]))
    >>> last = pd.to_datetime(pd.Series(["1991-06-26", "1991-12-31", "1993-12-31"]))
    >>> drawn = impute_dates(first, last, m=5, seed=1)
    >>> drawn.loc[0].nunique(), bool((drawn.loc[2] >= "1990-01-01").all())
    (1, True)
    """
    if m < 1:
        raise ValueError(f"m is {m}; draw at least once")
    own = DateScale.of(earliest, latest, since)
    begin, end, vague = own.begin, own.end, own.is_vague
    rng = np.random.default_rng(seed)
    drawn = np.empty((len(begin), m), dtype="int64")
    turns = _turns(rng, begin[vague], end[vague], own.known, m, shares or _dirichlet)
    for draw, place in enumerate(turns):
        at = begin + rng.random(len(begin)) * (end - begin)
        at[vague] = place
        drawn[:, draw] = own.day(at)
    return pd.DataFrame(drawn.astype("M8[D]").astype("M8[s]"), index=earliest.index)


@dataclass(frozen=True)
class DateScale:
    """Intervals of days on a scale on which every year has length one.

    Parameters
    ----------
    edges
        First day of every year in use, and of the one after, as days since 1970.
    low, high
        First and last day of each interval, as days since 1970.
    begin, end
        Where each interval begins and ends on the scale.
    """

    edges: np.ndarray
    low: np.ndarray
    high: np.ndarray
    begin: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, earliest: pd.Series, latest: pd.Series, since: int | None) -> DateScale:
        """Lay intervals on the scale; see `impute_dates` for the parameters."""
        low, high = _interval(earliest, latest, since)
        edges = np.array([0, 365])
        if len(low):
            first, last = (_as_day(day).astype("M8[Y]") for day in (low.min(), high.max()))
            after = last + np.timedelta64(2, "Y")
            edges = _as_number(np.arange(first, after).astype("M8[D]"))
        scale = np.arange(len(edges))
        begin, end = np.interp(low, edges, scale), np.interp(high + 1, edges, scale)
        return cls(edges, low, high, begin, end)

    @property
    def n_years(self) -> int:
        """How many years the scale has."""
        return len(self.edges) - 1

    @property
    def is_vague(self) -> np.ndarray:
        """Whether each interval reaches into more than one year."""
        vague: np.ndarray = np.floor(self.begin) < np.ceil(self.end) - 1
        return vague

    @property
    def known(self) -> np.ndarray:
        """How many intervals lie within each year."""
        years = self.begin[~self.is_vague].astype("int64")
        counted: np.ndarray = np.bincount(years, minlength=self.n_years)
        return counted

    def day(self, place: np.ndarray) -> np.ndarray:
        """The day at a place in each interval, as days since 1970."""
        days = np.floor(np.interp(place, np.arange(len(self.edges)), self.edges))
        found: np.ndarray = np.clip(days.astype("int64"), self.low, self.high)
        return found

    def place(self, day: pd.Timestamp) -> float:
        """Where a day lies on the scale; days outside it lie at its ends."""
        number = _as_number(np.array([day.to_datetime64()]))[0]
        return float(np.interp(number, self.edges, np.arange(len(self.edges))))


@dataclass(frozen=True)
class Pooled:
    """A result pooled over imputed data sets.

    Parameters
    ----------
    estimate
        Mean of the estimates.
    variance
        Total variance: within, and (1 + 1/m) times between.
    within, between
        Mean variance within a data set, and variance of the estimates among them.
    df
        Degrees of freedom of Student's t; infinite if the imputed do not matter.
    lower, upper
        Interval of the estimate by Student's t.
    missing_information
        Share of the variance that is due to what is not known (`lambda` in Rubin's terms).
    """

    estimate: float
    variance: float
    within: float
    between: float
    df: float
    lower: float
    upper: float
    missing_information: float


def pool(
    estimates: Sequence[float] | np.ndarray,
    variances: Sequence[float] | np.ndarray,
    *,
    df_complete: float = math.inf,
    confidence: float = 0.95,
) -> Pooled:
    """Pool estimates of imputed data sets by Rubin's rules.

    Rubin 1987, 3.1; with `df_complete` the degrees of freedom are those of Barnard & Rubin
    (*Biometrika* 86, 1999), which never exceed those of complete data.

    Parameters
    ----------
    estimates, variances
        One a data set: the result, and its variance had the data been complete.
    df_complete
        Degrees of freedom of the complete data: the number of clusters less one, for instance.
    confidence
        Coverage of the interval, between 0 and 1.

    Raises
    ------
    ValueError
        If there are fewer than two results, or not as many variances; if one is not finite or a
        variance negative; or if `confidence` is no share.

    Examples
    --------
    >>> found = pool([0.5, 0.6], [0.01, 0.01])
    >>> round(found.estimate, 2), round(found.variance, 4)
    (0.55, 0.0175)
    """
    from scipy.stats import t

    result, spread = np.asarray(estimates, "float64"), np.asarray(variances, "float64")
    _refuse(result, spread, confidence)
    m = len(result)
    within = float(spread.mean())
    # Equal results have no spread; the sum of their rounding errors is none either.
    between = float(result.var(ddof=1)) if np.ptp(result) > 0 else 0.0
    added = (1 + 1 / m) * between
    total = within + added
    share = added / total if total > 0 else 0.0
    df = _degrees(share, m, df_complete)
    middle = float(result.mean())
    half = float(t.ppf(0.5 + confidence / 2, df)) * math.sqrt(total)
    return Pooled(middle, total, within, between, df, middle - half, middle + half, share)


def _degrees(share: float, m: int, df_complete: float) -> float:
    """The degrees of freedom when a share of the variance comes from the imputation."""
    old = (m - 1) / share**2 if share > 0 else math.inf
    if math.isinf(df_complete):
        return old
    observed = (df_complete + 1) / (df_complete + 3) * df_complete * (1 - share)
    if observed <= 0:
        return old
    return 1 / (1 / old + 1 / observed)


def _refuse(result: np.ndarray, spread: np.ndarray, confidence: float) -> None:
    if result.ndim != 1 or result.shape != spread.shape or len(result) < 2:
        raise ValueError("give two results or more, and as many variances")
    if not np.isfinite(result).all() or not np.isfinite(spread).all() or (spread < 0).any():
        raise ValueError("results and variances must be finite, and no variance negative")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it is a share such as 0.95")


def _interval(
    earliest: pd.Series, latest: pd.Series, since: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each interval as days since 1970."""
    if latest.isna().any():
        raise ValueError("a date has no last possible day; leave it out, or give one")
    low, high = earliest.to_numpy("M8[D]"), latest.to_numpy("M8[D]")
    is_open = np.isnat(low)
    begins = np.minimum(low, high)[~is_open]
    if is_open.any() and since is None and not len(begins):
        raise ValueError("no interval has a beginning; say `since` which year one is possible")
    if is_open.any():
        year = begins.min().astype("M8[Y]") if since is None else np.datetime64(f"{since:04d}", "Y")
        first = year.astype("M8[D]")
        low = np.where(is_open, np.minimum(first, high.astype("M8[Y]").astype("M8[D]")), low)
    return _as_number(np.minimum(low, high)), _as_number(np.maximum(low, high))


def _as_number(days: np.ndarray) -> np.ndarray:
    return days.astype("M8[D]").astype("int64")


def _as_day(number: np.integer) -> np.datetime64:
    return np.datetime64(int(number), "D")


def _dirichlet(rng: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    """Draw the shares of the years given how many dates lie in each."""
    return rng.dirichlet(counts + PRIOR / len(counts))


def _turns(
    rng: np.random.Generator,
    begin: np.ndarray,
    end: np.ndarray,
    known: np.ndarray,
    m: int,
    shares: Callable[[np.random.Generator, np.ndarray], np.ndarray],
) -> Iterator[np.ndarray]:
    """Draw places of the vague dates and shares of the years in turns; give every so many."""
    n_years = len(known)
    scale = np.arange(n_years + 1)
    place = begin + rng.random(len(begin)) * (end - begin)
    if not len(begin):
        yield from (place for _ in range(m))
        return
    for turn in range(_BURN_IN + _APART * m):
        year = np.minimum(place.astype("int64"), n_years - 1)
        weight = shares(rng, known + np.bincount(year, minlength=n_years))
        below = np.append(0.0, np.cumsum(weight))
        first, last = np.interp(begin, scale, below), np.interp(end, scale, below)
        # A year without weight makes the scale flat; the place stays within its interval.
        place = np.interp(first + rng.random(len(begin)) * (last - first), below, scale)
        place = np.clip(place, begin, np.nextafter(end, 0))
        if turn >= _BURN_IN and (turn - _BURN_IN) % _APART == 0:
            yield place
