"""Did ties go gradually, or in steps? Models of the exit intensity, weighed against each other.

"Gradually disappeared" means that ties left at an intensity (exits per tie-year in force) that was
constant, or that rose or fell smoothly. A shock is a step in it: at the annexation of Crimea
(18 March 2014), at the full-scale invasion of Ukraine (24 February 2022), or at both. Each
model is fitted over the calendar, and its marginal likelihood (how well it foretells what was
seen, all values of its parameters weighed by the prior) is set against the others: Bayes factors,
after Kass & Raftery, *JASA* 90, 1995. More parameters are punished by themselves. One kind
is called only if it is `threshold` times as likely as the other (20: "strong" in their table); else
the answer is that one cannot tell.

The likelihood takes exits as they are known: to the day, or between two days. A tie enters at its
founding, or when the first source named it, and counts for as long as it was followed. Each
intensity has a gamma prior that is worth one exit and centred on the overall rate; the slope
of the smooth change a normal one. The integral is Laplace's approximation on the log scale;
with dates known to the day it can be done exactly for the steps, and a test compares the two.

This compares a few stated models. It does not show that nothing else would fit better, nor why
ties left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import pandas as pd

from ties.dates import last_day
from ties.stats.spells import DAYS_PER_YEAR

BREAKS: Final = ("2014-03-18", "2022-02-24")
VERDICTS: Final = ("gradual", "steps", "cannot tell")
# A log rate that no record can reach; it keeps the search for the maximum from running away.
_FARTHEST: Final = 50.0

Hazard = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class ExitPrior:
    """What is held likely before anything is seen.

    Parameters
    ----------
    exits
        How many exits the prior of each intensity is worth.
    slope
        Standard deviation of the change of the log intensity in a year. At 0.1, an intensity that
        grows threefold within ten years is one standard deviation away.
    """

    exits: float = 1.0
    slope: float = 0.1

    def __post_init__(self) -> None:
        """Refuse a prior that is none."""
        if self.exits <= 0 or self.slope <= 0:
            raise ValueError("a prior is worth more than no exit, and its slope has a spread")


@dataclass(frozen=True)
class Comparison:
    """Which kind of model the exits speak for, and how loudly.

    Parameters
    ----------
    models
        Index ``model``; ``kind`` (gradual, steps), ``n_parameters``, ``log_likelihood`` (at its
        maximum under the prior), ``log_marginal``, ``bayes_factor`` against ``constant``,
        ``probability`` (both kinds equally likely before, and all models within a kind).
    rates
        Index ``period``; ``n_certain`` exits that lie in it, ``n_possible`` exits that may,
        ``rate`` a tie-year, ``lower``, ``upper``: the most likely value with every break, and its
        interval.
    factor
        How many times as likely steps are as a gradual course.
    threshold
        What `factor`, or its inverse, must reach.
    """

    models: pd.DataFrame
    rates: pd.DataFrame
    factor: float
    threshold: float

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        if self.factor >= self.threshold:
            return "steps"
        return "gradual" if self.factor <= 1 / self.threshold else "cannot tell"


@dataclass(frozen=True)
class _ExitModel:
    """A course of the intensity: its cumulated hazard between two days, given its parameters."""

    name: str
    kind: str
    n_rates: int
    hazard: Hazard
    n_slopes: int = 0
    edges: tuple[float, ...] = field(default=())


def compare_shocks(
    spells: pd.DataFrame,
    breaks: Sequence[str] = BREAKS,
    *,
    prior: ExitPrior | None = None,
    threshold: float = 20.0,
    confidence: float = 0.95,
) -> Comparison:
    """Weigh a gradual course of exits against steps at given days.

    Parameters
    ----------
    spells
        The table of `ties.stats.spells.duration_bounds` with ``since`` a day: ``entry``,
        ``left``, ``right`` in days since then.
    breaks
        Days on which the intensity may jump, rising; all their subsets are tried. A whole month or
        year is taken at its last day.
    prior
        `ExitPrior()` if not given; redraw with others.
    threshold
        How many times as likely a kind must be to be called.
    confidence
        Of the interval of each rate, between 0 and 1.

    Raises
    ------
    ValueError
        If the spells count from foundings, if there is no spell or no break, or the breaks do not
        rise.

    Examples
    --------
    >>> import ties
    >>> from ties.stats.spells import duration_bounds, lifetimes
    >>> lives = lifetimes(ties.load("us-russia").without_disputed())
    >>> compare_shocks(duration_bounds(lives, "stopped", since="1991-12-25").table).verdict
    'steps'
    """
    own = prior or ExitPrior()
    edges = _edges(spells, breaks)
    bounds = tuple(spells[name].to_numpy("float64") for name in ("entry", "left", "right"))
    level = _crude_rate(*bounds)
    models = _models(bounds, edges, breaks)
    fits = {model.name: _fit(model, bounds, own, level) for model in models}
    table = _weigh(models, fits)
    by_kind = table.groupby("kind")["probability"].sum()
    full = models[-1]
    return Comparison(
        table,
        _rates(full, fits[full.name], bounds, breaks, confidence),
        float(by_kind["steps"] / by_kind["gradual"]),
        threshold,
    )


def _edges(spells: pd.DataFrame, breaks: Sequence[str]) -> tuple[float, ...]:
    since = spells.attrs.get("since", "founding")
    if since == "founding":
        raise ValueError("shocks lie in the calendar: give duration_bounds a day to count from")
    if not len(spells) or not breaks or not _rise(breaks):
        raise ValueError("give at least one spell and one break; breaks must rise")
    days = [(last_day(day) - last_day(since)).days for day in breaks]
    # What happens on the day of the break already happens under the new intensity.
    return tuple(float(day - 1) for day in days)


def _rise(breaks: Sequence[str]) -> bool:
    days = [last_day(day) for day in breaks]
    return all(one < other for one, other in pairwise(days))


def _crude_rate(entry: np.ndarray, left: np.ndarray, right: np.ndarray) -> float:
    """Exits a tie-year, taking each exit in the middle of its bounds."""
    is_known = np.isfinite(right)
    middle = np.where(is_known, (left + np.where(is_known, right, 0)) / 2, left)
    years = float((middle - entry).sum()) / DAYS_PER_YEAR
    # Without any exit, as if half of one had been seen.
    return max(float(is_known.sum()), 0.5) / max(years, 1 / DAYS_PER_YEAR)


def _models(
    bounds: tuple[np.ndarray, ...], edges: tuple[float, ...], breaks: Sequence[str]
) -> list[_ExitModel]:
    entry, left, _ = bounds
    centre = float((entry + left).mean()) / 2
    models = [
        _ExitModel("constant", "gradual", 1, _piecewise(())),
        _ExitModel("smooth change", "gradual", 1, _loglinear(centre), n_slopes=1),
    ]
    for n in range(1, len(edges) + 1):
        for chosen in combinations(range(len(edges)), n):
            name = "step " + " and ".join(breaks[i] for i in chosen)
            cut = tuple(edges[i] for i in chosen)
            models.append(_ExitModel(name, "steps", n + 1, _piecewise(cut), edges=cut))
    return models


def _piecewise(edges: tuple[float, ...]) -> Hazard:
    """Make a hazard that is constant between edges; parameters are logs of yearly rates."""
    starts, ends = np.array([-np.inf, *edges]), np.array([*edges, np.inf])

    def hazard(begin: np.ndarray, end: np.ndarray, rates: np.ndarray) -> np.ndarray:
        inside = np.minimum(end[:, None], ends) - np.maximum(begin[:, None], starts)
        total: np.ndarray = np.maximum(inside, 0) @ np.exp(rates) / DAYS_PER_YEAR
        return total

    return hazard


def _loglinear(centre: float) -> Hazard:
    """Make a hazard whose log changes evenly; parameters: log rate at the centre, yearly slope."""

    def hazard(begin: np.ndarray, end: np.ndarray, course: np.ndarray) -> np.ndarray:
        level, slope = course
        first, length = (begin - centre) / DAYS_PER_YEAR, (end - begin) / DAYS_PER_YEAR
        if abs(slope) < 1e-9:
            flat: np.ndarray = np.exp(level) * length
            return flat
        total: np.ndarray = np.exp(level + slope * first) * np.expm1(slope * length) / slope
        return total

    return hazard


def _log_likelihood(model: _ExitModel, bounds: tuple[np.ndarray, ...], course: np.ndarray) -> float:
    entry, left, right = bounds
    is_known = np.isfinite(right)
    with np.errstate(over="ignore", invalid="ignore"):
        stayed = model.hazard(entry, left, course).sum()
        left_within = model.hazard(left[is_known], right[is_known], course)
    return float(np.log(-np.expm1(-np.maximum(left_within, 1e-300))).sum() - stayed)


def _log_prior(model: _ExitModel, course: np.ndarray, prior: ExitPrior, level: float) -> float:
    """The log density: gamma for each rate (of its logarithm), normal for the slope."""
    from scipy.special import gammaln
    from scipy.stats import norm

    rates, slopes = course[: model.n_rates], course[model.n_rates :]
    shape, scale = prior.exits, prior.exits / level
    each = shape * (np.log(scale) + rates) - scale * np.exp(rates) - gammaln(shape)
    return float(each.sum() + norm.logpdf(slopes, scale=prior.slope).sum())


@dataclass(frozen=True)
class _Fit:
    """The most likely course of a model, how it may vary, and how well it foretells the data."""

    course: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    log_marginal: float


def _fit(model: _ExitModel, bounds: tuple[np.ndarray, ...], prior: ExitPrior, level: float) -> _Fit:
    from scipy.optimize import minimize
    from statsmodels.tools.numdiff import approx_hess3

    def loss(course: np.ndarray) -> float:
        if np.abs(course).max() > _FARTHEST:
            return 1e12
        return -_log_likelihood(model, bounds, course) - _log_prior(model, course, prior, level)

    start = np.append(np.full(model.n_rates, np.log(level)), np.zeros(model.n_slopes))
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    bend = np.atleast_2d(approx_hess3(found.x, loss))
    _, log_det = np.linalg.slogdet(bend)
    # Laplace's approximation of the integral over all courses.
    marginal = -found.fun + len(start) / 2 * np.log(2 * np.pi) - log_det / 2
    likelihood = _log_likelihood(model, bounds, found.x)
    return _Fit(found.x, np.linalg.inv(bend), likelihood, float(marginal))


def _weigh(models: list[_ExitModel], fits: dict[str, _Fit]) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "kind": [model.kind for model in models],
            "n_parameters": [model.n_rates + model.n_slopes for model in models],
            "log_likelihood": [fits[model.name].log_likelihood for model in models],
            "log_marginal": [fits[model.name].log_marginal for model in models],
        },
        index=pd.Index([model.name for model in models], name="model"),
    )
    share = 1 / table.groupby("kind")["kind"].transform("size").astype("float64")
    table["bayes_factor"] = np.exp(table["log_marginal"] - fits["constant"].log_marginal)
    weight = share * np.exp(table["log_marginal"] - table["log_marginal"].max())
    return table.assign(probability=weight / weight.sum())


def _rates(
    model: _ExitModel,
    fit: _Fit,
    bounds: tuple[np.ndarray, ...],
    breaks: Sequence[str],
    confidence: float,
) -> pd.DataFrame:
    """The intensity of each period under the model with every break."""
    from scipy.stats import norm

    _, left, right = bounds
    starts, ends = np.array([-np.inf, *model.edges]), np.array([*model.edges, np.inf])
    own, until = left[np.isfinite(right)][:, None], right[np.isfinite(right)][:, None]
    width = norm.ppf(0.5 + confidence / 2) * np.sqrt(np.diag(fit.covariance))
    names = [f"before {breaks[0]}", *(f"from {day}" for day in breaks)]
    return pd.DataFrame(
        {
            "n_certain": ((own >= starts) & (until <= ends)).sum(axis=0),
            "n_possible": ((own < ends) & (until > starts)).sum(axis=0),
            "rate": np.exp(fit.course),
            "lower": np.exp(fit.course - width),
            "upper": np.exp(fit.course + width),
        },
        index=pd.Index(names, name="period"),
    )
