"""Did a rate change, when, and by how much? Poisson counts with change points, in closed form.

Counts per year are taken as Poisson, with one rate until a change and another from it on; *no
change* is a model of its own beside the others (Raftery & Akman, *Biometrika* 73, 1986; Carlin,
Gelfand & Smith, *Applied Statistics* 41, 1992). With a gamma prior for each rate, the
probability of the counts of any stretch of years has a closed form, so nothing is sampled: for
counts y with exposures e, and a rate with prior gamma(a, b)::

    p(y) = prod(e^y / y!) * b^a / gamma(a) * gamma(a + sum y) / (b + sum e)^(a + sum y)

For several changes, sums over all positions are carried from year to year (Fearnhead, *Statistics
and Computing* 16, 2006): exact too, in time that grows with the square of the years. Numbers of
changes are equally likely beforehand, and so are all positions given their number.

The prior of a rate matters for whether there was a change, little for when. If not given, it is
worth one average year: shape 1 (an exponential distribution), mean the rate of all years (a *unit
information* prior: Kass & Wasserman, *JASA* 90, 1995). It assumes that foundings in a year are
independent. Ties come in waves, and counts that scatter more than Poisson counts are
read as changes: the probability of no change is then too low (see `ChangePoints.dispersion`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from validation.stretches import Stretches

# Parts of a mixture that weigh less than this move no quantile that is shown.
_NEGLIGIBLE: Final = 1e-7
# Rates are looked for between exp(-_FAR) and exp(_FAR).
_FAR: Final = 100.0


@dataclass(frozen=True)
class ChangePoints:
    """What is known of the changes of a rate.

    Parameters
    ----------
    numbers
        Index ``n_changes``, from 0; ``prior`` and ``posterior`` probability.
    years
        A column a change (1, 2, ...), a row a year: the probability that the year is the first
        with the new rate.
    changes
        Index ``change``: ``year`` (the most probable), ``lower``, ``upper``: a credible interval
        of years.
    rates
        Index ``stretch`` (from 1): ``rate`` (mean), ``lower``, ``upper``; per unit of exposure.
    ratio
        Index ``change``: ``ratio`` (median) of the rate after to the rate before, ``lower``,
        ``upper``.
    fitted
        Index of the counts: mean of the rate in each year.
    given
        The number of changes to which all but `numbers` refers.
    bayes_factor
        How many times more probable the counts are with one change than with none; infinite if
        none is beyond what a number can hold.
    dispersion
        Mean of the squared Pearson residuals around `fitted`: about 1 for Poisson counts; well
        above 1 the counts scatter more, and changes are found too easily.
    """

    numbers: pd.DataFrame
    years: pd.DataFrame
    changes: pd.DataFrame
    rates: pd.DataFrame
    ratio: pd.DataFrame
    fitted: pd.Series
    given: int
    bayes_factor: float
    dispersion: float

    @property
    def p_no_change(self) -> float:
        """Probability that the rate never changed."""
        return float(self.numbers["posterior"].iloc[0])


def change_points(
    counts: pd.Series | pd.DataFrame,
    exposure: pd.Series | None = None,
    *,
    max_changes: int = 1,
    given: int | None = None,
    prior_shape: float = 1.0,
    prior_exposure: float | None = None,
    prior: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> ChangePoints:
    """Whether, when and by how much a rate of counts changed.

    Parameters
    ----------
    counts
        Whole numbers by year, without gaps. A frame holds imputed counts, a column a draw: the
        answer is then the mean of the answers to each.
    exposure
        What each count is per: ties alive, reports, or the part of a year that is on record. 1 a
        year if not given; above 0.
    max_changes
        How many changes there may be.
    given
        How many changes `ChangePoints.years` and the rest take for granted; if not given, the
        most probable number, but at least one.
    prior_shape, prior_exposure
        The gamma prior of every rate: as if `prior_shape` events had been seen in
        `prior_exposure`. See the module for the default.
    prior
        Probabilities of 0, 1, ... changes beforehand; alike if not given.
    confidence
        Probability of the credible intervals, between 0 and 1.

    Raises
    ------
    ValueError
        If counts are no whole numbers, exposures are not positive, there are too few years, or
        an option has no meaning.

    Examples
    --------
    >>> counts = pd.Series([2, 1, 3, 2, 9, 11, 8, 10], index=range(1984, 1992))
    >>> found = change_points(counts)
    >>> found.changes.loc[1, "year"], found.p_no_change < 0.01
    (np.int64(1988), True)
    """
    draws = counts.to_frame() if isinstance(counts, pd.Series) else counts
    time = pd.Series(1.0, draws.index) if exposure is None else exposure.reindex(draws.index)
    _refuse(draws, time, max_changes, given, confidence)
    chances = np.full(max_changes + 1, 1.0) if prior is None else np.asarray(prior, "float64")
    if len(chances) != max_changes + 1 or (chances < 0).any() or chances.sum() <= 0:
        raise ValueError(f"prior holds a probability for each of 0 to {max_changes} changes")
    if prior_exposure is None:
        prior_exposure = _unit_exposure(draws.to_numpy().sum() / draws.shape[1], time, prior_shape)
    pieces = [
        Stretches.of(
            draws[draw].to_numpy(), time.to_numpy(), max_changes, prior_shape, prior_exposure
        )
        for draw in draws
    ]
    chances = chances / chances.sum()
    posterior = np.mean([piece.posterior(chances) for piece in pieces], axis=0)
    own = max(int(posterior.argmax()), 1) if given is None else given
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    years = _years(pieces, draws.index, own)
    fitted = pd.Series(np.mean([p.fitted(own) for p in pieces], axis=0), draws.index, name="rate")
    expected = pd.Series(fitted.to_numpy() * time.to_numpy(), draws.index)
    residual = draws.sub(expected, axis=0).pow(2).div(expected, axis=0)
    return ChangePoints(
        pd.DataFrame(
            {"prior": chances, "posterior": posterior},
            index=pd.RangeIndex(len(chances), name="n_changes"),
        ),
        years,
        _changes(years, tails),
        _rates(pieces, own, tails),
        _ratios(pieces, own, tails),
        fitted,
        own,
        _odds(posterior) / _odds(chances),
        float(residual.to_numpy().mean()),
    )


def draw_rates(rng: np.random.Generator, counts: np.ndarray, *, max_changes: int = 1) -> np.ndarray:
    """Draw the rate in each year from what is known of it after the counts.

    For imputing dates by the model that the counts are then read by: see the argument `shares` of
    `ties.stats.imputation.impute_dates`. Exposures are one a year, priors the defaults of
    `change_points`.

    Parameters
    ----------
    rng
        Where chance comes from.
    counts
        Whole numbers, a year each.
    max_changes
        How many changes there may be; all numbers alike beforehand.

    Returns
    -------
    ndarray
        A rate a year; constant but for its changes.

    Examples
    --------
    >>> rates = draw_rates(np.random.default_rng(1), np.array([2, 1, 2, 50, 48, 51]))
    >>> bool(rates[0] < 10 < rates[-1])
    True
    """
    most = min(max_changes, len(counts) - 1)
    time = np.ones(len(counts))
    pieces = Stretches.of(
        counts, time, most, 1.0, _unit_exposure(counts.sum(), pd.Series(time), 1.0)
    )
    return pieces.draw(rng, np.full(most + 1, 1 / (most + 1)))


def _years(pieces: list[Stretches], index: pd.Index, given: int) -> pd.DataFrame:
    columns = range(1, given + 1)
    chances = {i: np.mean([p.change(i, given) for p in pieces], axis=0)[:-1] for i in columns}
    return pd.DataFrame(chances, index=index).rename_axis(columns="change")


def _changes(years: pd.DataFrame, tails: tuple[float, float]) -> pd.DataFrame:
    reached = years.cumsum()
    found = {"year": years.idxmax()}
    for name, tail in zip(("lower", "upper"), tails, strict=True):
        found[name] = (reached >= tail - 1e-12).idxmax()
    return pd.DataFrame(found)


def _rates(pieces: list[Stretches], given: int, tails: tuple[float, float]) -> pd.DataFrame:
    """Mean and interval of each rate: a mixture of gammas over where its stretch may lie."""
    rows = []
    for i in range(given + 1):
        parts = [(p.stretch(i, given), p.events, p.exposure) for p in pieces]
        weight, shape, time = (
            np.concatenate([own.ravel() for own in column]) for column in zip(*parts, strict=True)
        )
        keep = weight > _NEGLIGIBLE
        mixture = weight[keep] / weight[keep].sum(), shape[keep], time[keep]
        mean = float((mixture[0] * mixture[1] / mixture[2]).sum())
        low, high = (_quantile(_gammas, tail, *mixture) for tail in tails)
        rows.append({"rate": mean, "lower": low, "upper": high})
    return pd.DataFrame(rows, index=pd.RangeIndex(1, given + 2, name="stretch"))


def _ratios(pieces: list[Stretches], given: int, tails: tuple[float, float]) -> pd.DataFrame:
    """The ratio of the rates on both sides of each change, over all places it may have.

    Given where the change is, the two rates are independent gamma variables, so that their
    ratio follows a beta prime distribution.
    """
    rows = []
    for i in range(1, given + 1):
        parts = [_neighbours(piece, i, given) for piece in pieces]
        weight, before, after, scale = np.concatenate(parts, axis=1)
        mixture = weight / weight.sum(), before, after, scale
        low, middle, high = (
            _quantile(_beta_primes, tail, *mixture) for tail in (tails[0], 0.5, tails[1])
        )
        rows.append({"ratio": middle, "lower": low, "upper": high})
    return pd.DataFrame(rows, index=pd.RangeIndex(1, given + 1, name="change"))


def _gammas(rate: float, weight: np.ndarray, shape: np.ndarray, time: np.ndarray) -> float:
    from scipy.special import gammainc

    return float((weight * gammainc(shape, time * rate)).sum())


def _beta_primes(
    ratio: float, weight: np.ndarray, before: np.ndarray, after: np.ndarray, scale: np.ndarray
) -> float:
    from scipy.special import betainc

    odds = ratio * scale
    return float((weight * betainc(after, before, odds / (1 + odds))).sum())


def _neighbours(piece: Stretches, i: int, given: int) -> np.ndarray:
    """Every pair of stretches that meet at the i-th change: weight, events twice, scale."""
    left, right, at = piece.stretch(i - 1, given), piece.stretch(i, given), piece.change(i, given)
    parts = []
    for s in np.flatnonzero(at > _NEGLIGIBLE):
        r, t = (np.flatnonzero(own > _NEGLIGIBLE) for own in (left[:, s], right[s]))
        pairs = np.broadcast_arrays(
            np.outer(left[r, s], right[s, t]) / at[s],
            piece.events[r, s][:, None],
            piece.events[s, t][None, :],
            piece.exposure[s, t][None, :] / piece.exposure[r, s][:, None],
        )
        parts.append(np.stack([own.ravel() for own in pairs]))
    found = np.concatenate(parts, axis=1)
    kept: np.ndarray = found[:, found[0] > _NEGLIGIBLE]
    return kept


def _quantile(below: Callable[..., float], tail: float, *mixture: np.ndarray) -> float:
    """Find where a distribution on the positive numbers reaches a probability."""
    from scipy.optimize import brentq

    found = brentq(lambda x: below(math.exp(x), *mixture) - tail, -_FAR, _FAR, xtol=1e-10)
    return math.exp(float(found))


def _unit_exposure(seen: float, time: pd.Series, shape: float) -> float:
    """The exposure of the default prior: as long as it takes for `shape` events."""
    return shape * float(time.sum()) / seen if seen else float(time.mean())


def _odds(chances: np.ndarray) -> float:
    return float(chances[1] / chances[0]) if chances[0] > 0 else math.inf


def _refuse(
    draws: pd.DataFrame, time: pd.Series, most: int, given: int | None, confidence: float
) -> None:
    values = draws.to_numpy("float64")
    if not np.isfinite(values).all() or (values < 0).any() or (values % 1 != 0).any():
        raise ValueError("counts are whole numbers, 0 or more, and none is missing")
    if not (np.isfinite(time) & (time > 0)).all():
        raise ValueError("every count needs an exposure above 0; leave out years without any")
    if not draws.shape[1] or not 1 <= most < len(draws):
        raise ValueError(f"{len(draws)} counts hold no {most} changes; there must be at least one")
    if given is not None and not 1 <= given <= most:
        raise ValueError(f"given is {given}; it is from 1 to {most}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it is a share such as 0.95")
