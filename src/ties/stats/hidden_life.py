"""How many ties live, when life is seen only now and then: a hidden Markov model of traces.

A tie that stands is *alive* or *asleep*, and nobody writes down which. What is on record are
traces: an activity event, a report that it is alive, a report that it is dormant. A living tie
leaves a trace in few of its years, so silence alone proves little; a long silence after busy years
proves more. The model puts a number on that:

- a tie is alive in the year of its founding; it falls asleep with a chance that differs by era,
  and wakes with one chance; an act that ends or suspends it takes it out;
- a living tie leaves a trace in a year with a chance that drifts through time and differs between
  ties (a normal spread of log-odds); a sleeping one is reported dormant with one chance;
- a run of exchanges told in one sentence ("yearly until 2005") is one trace and years known to be
  alive; to count it as a trace a year would teach the model that life is always seen.

These are ten parameters with stated priors (`Prior`). What the data say of each, and what the
prior alone says, stand side by side in `HiddenLife.parameters`: fast fading and poor recording
look much alike, so the drift of recording cannot be tested against decline, only varied.

The model is that of MacKenzie et al. (2003) and Pradel (2005) with a Markovian return, fitted at
its posterior mode, with importance sampling from a t distribution of six degrees of freedom.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from ties.dataset import Dataset
from ties.dates import years_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule
from ties.schema.vocabulary import EVENT_KINDS, REPORTED_STATUSES

# The last years of the eras in which ties fall asleep with one chance: Soviet times, the nineties,
# the years to 2013, those from the annexation of Crimea, those of the war.
ERAS: Final = (1991, 1999, 2013, 2021)
MIN_EFFECTIVE: Final = 200
_YEAR_OF_P: Final = 2000  # the chance of a trace is stated for this year, and drifts from it
_ALIVE, _ASLEEP = 0, 1
_CHUNK: Final = 100  # draws whose states are sampled at once


@dataclass(frozen=True)
class Prior:
    """Normal priors, as mean and standard deviation, of log-odds (of the spread: of its logarithm).

    The defaults are those under which simulated records of this size gave intervals that hold
    (docs/validation.md).

    Parameters
    ----------
    fade
        Chance of falling asleep within a year, the same for each era.
    wake
        Chance of waking within a year.
    trace
        Chance that a living tie of median visibility leaves a trace in the year 2000.
    drift
        Change of the log-odds of a trace in ten years.
    report
        Chance that a sleeping tie is reported dormant within a year.
    spread
        Logarithm of the standard deviation of the log-odds of a trace between ties.
    """

    fade: tuple[float, float] = (-2.7, 0.9)
    wake: tuple[float, float] = (-3.4, 0.7)
    trace: tuple[float, float] = (-2.5, 1.0)
    drift: tuple[float, float] = (0.0, 0.35)
    report: tuple[float, float] = (-4.5, 1.0)
    spread: tuple[float, float] = (-0.2, 0.5)

    def rows(self, eras: Sequence[int]) -> pd.DataFrame:
        """A row a parameter of the model: ``mean`` and ``sd`` on the scale of the model."""
        names = {f"fade_{era}": self.fade for era in [*(f"to_{y}" for y in eras), "later"]}
        names |= {field.name: getattr(self, field.name) for field in fields(self)[1:]}
        return pd.DataFrame(names, index=["mean", "sd"]).T


@dataclass(frozen=True)
class Traces:
    """What is on record of each tie, year by year.

    Parameters
    ----------
    ids
        The ties, in order.
    years
        Calendar years, one a column of the arrays below.
    is_trace, is_alive, is_dormant
        Whether a tie has a trace in a year, is known to be alive without a further trace (the later
        years of a run), or is reported dormant.
    entered, left
        Column of the founding, and the first column in which the tie stands no more in force.
    """

    ids: pd.Index
    years: np.ndarray
    is_trace: np.ndarray
    is_alive: np.ndarray
    is_dormant: np.ndarray
    entered: np.ndarray
    left: np.ndarray

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None = None,
        as_of: str | dt.date | None = None,
        known_by: str | dt.date | None = None,
        *,
        last_year: int | None = None,
    ) -> Traces:
        """Read a record; the arguments are those of `ties.lifecycle`.

        Only ties whose founding is known to the year are taken. `last_year` is the last that is
        looked at; if not given, the last complete year with a trace of any tie, since the silence
        of years of which nobody has written anything yet says nothing.
        """
        view = EventView.of(dataset, rule, as_of, known_by)
        last = _last_traced(view) if last_year is None else last_year
        founding = view.founding
        first_year, founded = (
            founding[end].dt.year.astype("Int64") for end in ("earliest", "latest")
        )
        is_dated = ((founding["event"] >= 0) & (first_year == founded) & (founded < last)).fillna(
            False
        )
        chosen = np.flatnonzero(is_dated.to_numpy(bool))
        entered = founded.to_numpy("int64", na_value=0)[chosen]
        years = np.arange(entered.min(initial=last - 1), last + 1)
        row_of = np.full(len(view.ids), -1)
        row_of[chosen] = np.arange(len(chosen))
        grids = _grids(view, row_of, years, len(chosen))
        left = _left(view, row_of, years, len(chosen))
        ids = view.ids[chosen]
        trace, alive, dormant = grids
        return cls(ids, years, trace, alive, dormant, entered - years[0], left)

    @cached_property
    def stands(self) -> np.ndarray:
        """Whether each tie is founded and in force at the end of each year."""
        column = np.arange(len(self.years))
        stands: np.ndarray = (column >= self.entered[:, None]) & (column < self.left[:, None])
        return stands

    def only(self, ids: pd.Index) -> Traces:
        """The traces of some of the ties."""
        who = self.ids.isin(ids)
        return Traces(
            self.ids[who],
            self.years,
            self.is_trace[who],
            self.is_alive[who],
            self.is_dormant[who],
            self.entered[who],
            self.left[who],
        )


def _last_traced(view: EventView) -> int:
    complete = int(view.view.as_of.year) - 1
    line = view.timeline
    is_sign = view.is_sign & (line.kind != [*EVENT_KINDS].index("founded"))
    years = years_of(line.latest[is_sign])
    return int(years[years <= complete].max(initial=complete - 100))


def _grids(
    view: EventView, row_of: np.ndarray, years: np.ndarray, n_ties: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Traces that one year can be given, years known alive, and reports of dormancy."""
    line = view.timeline
    row = row_of[line.tie]
    first, last = years_of(line.earliest), years_of(line.latest)
    run_end = np.minimum(years_of(line.run_end), years[-1])
    is_within = (row >= 0) & (last >= years[0]) & (last <= years[-1])
    kinds = list(EVENT_KINDS)
    is_founding = line.kind == kinds.index("founded")
    sign = is_within & (first == last) & view.is_sign & ~is_founding
    # What had fallen asleep by a day is asleep on it, however long before that began.
    is_silence = line.kind == kinds.index("dormant")
    is_silence |= line.reported == [*REPORTED_STATUSES].index("dormant")
    silent = is_within & is_silence
    grids = [np.zeros((n_ties, len(years)), bool) for _ in range(3)]
    trace, alive, dormant = grids
    trace[row[sign], last[sign] - years[0]] = True
    dormant[row[silent], last[silent] - years[0]] = True
    for i in np.flatnonzero(sign & (run_end > last)):
        alive[row[i], last[i] - years[0] + 1 : run_end[i] - years[0] + 1] = True
    alive &= ~trace
    return trace, alive, dormant & ~trace & ~alive


def _left(view: EventView, row_of: np.ndarray, years: np.ndarray, n_ties: int) -> np.ndarray:
    """The first column in which a tie is no more in force for the first time."""
    line = view.timeline
    kinds = list(EVENT_KINDS)
    acts = np.isin(line.kind, [kinds.index("suspended"), kinds.index("terminated")])
    acts &= row_of[line.tie] >= 0
    left = np.full(n_ties, len(years))
    column = np.clip(years_of(line.latest)[acts] - years[0], 0, len(years))
    np.minimum.at(left, row_of[line.tie[acts]], column)
    return left


@dataclass(frozen=True)
class HiddenLife:
    """A fitted model: draws of its parameters and of the years in which each tie lived.

    Parameters
    ----------
    traces, prior, eras
        What was fitted.
    draws
        A row a draw from the posterior, a column a parameter (log-odds; the spread as a logarithm).
    n_alive, n_faded, n_woken
        Ties alive at the end of each year, and those that fell asleep or were ended alive in it, or
        woke in it: a row a draw, a column a year.
    log_likelihood, effective_draws, n_optima
        At the mode; how many independent draws the weighted ones are worth; how many modes the
        starts ended in (more than one: believe none).
    """

    traces: Traces
    prior: Prior
    eras: tuple[int, ...]
    draws: pd.DataFrame
    n_alive: np.ndarray
    n_faded: np.ndarray
    n_woken: np.ndarray
    log_likelihood: float
    effective_draws: float
    n_optima: int

    def share_alive(self, level: float = 0.9) -> pd.DataFrame:
        """The share alive of the ties in force at the end of each year.

        Returns
        -------
        DataFrame
            Index ``year``; ``n`` (Int64, dated ties in force), ``estimate`` (median, 0 to 1),
            ``lower``, ``upper`` (interval of probability `level`); missing where no tie stands.
        """
        shares = self._shares()
        low, middle, high = np.quantile(shares, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
        n = self.traces.stands.sum(axis=0)
        table = {"estimate": middle, "lower": low, "upper": high}
        frame = pd.DataFrame(table, index=pd.Index(self.traces.years, name="year"))
        frame.insert(0, "n", pd.array(n, dtype="Int64"))
        return frame

    def change(self, before: int, after: int, level: float = 0.9) -> pd.Series:
        """How much the share alive rose from the end of one year to that of another.

        Returns
        -------
        Series
            ``estimate``, ``lower``, ``upper`` (shares of 1; negative: it fell) and
            ``probability_of_fall``.
        """
        shares = pd.DataFrame(self._shares(), columns=self.traces.years)
        rise = (shares[after] - shares[before]).to_numpy()
        low, middle, high = np.quantile(rise, [(1 - level) / 2, 0.5, (1 + level) / 2])
        return pd.Series(
            {
                "estimate": middle,
                "lower": low,
                "upper": high,
                "probability_of_fall": float((rise < 0).mean()),
            }
        )

    def parameters(self, level: float = 0.9) -> pd.DataFrame:
        """What the prior and the data say of each parameter, in natural units.

        Returns
        -------
        DataFrame
            Index ``parameter``; ``prior``, ``estimate`` (medians), ``lower``, ``upper`` (chances a
            year; the drift in log-odds a decade, the spread in log-odds), and ``overlap`` of prior
            and posterior (0 to 1): above 0.35 the data say little, and the prior decides.
        """
        prior = self.prior.rows(self.eras)
        grid = np.linspace(-12, 8, 4001)
        rows = {}
        for name in prior.index.astype("str"):
            draws = self.draws[name].to_numpy()
            before = stats.norm.pdf(grid, prior["mean"][name], prior["sd"][name])
            after = stats.gaussian_kde(draws)(grid)
            ends = np.quantile(draws, [0.5, (1 - level) / 2, (1 + level) / 2])
            natural = _natural(name, np.array([prior["mean"][name], *ends]))
            overlap = np.trapezoid(np.minimum(before, after), grid)
            rows[name] = [*natural, overlap]
        columns = ["prior", "estimate", "lower", "upper", "overlap"]
        return pd.DataFrame(rows, index=columns).T.rename_axis("parameter")

    def _shares(self) -> np.ndarray:
        n = self.traces.stands.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares: np.ndarray = self.n_alive / n
        return shares


def fit(
    traces: Traces,
    prior: Prior | None = None,
    *,
    eras: Sequence[int] = ERAS,
    n_draws: int = 1000,
    seed: int = 1,
) -> HiddenLife:
    """Fit the model to what is on record.

    Parameters
    ----------
    traces
        As `Traces.of` reads them.
    prior
        `Prior()` if not given.
    eras
        Last years of the eras within which the chance of falling asleep is one.
    n_draws
        Draws from the posterior.
    seed
        Of the draws; the same seed gives the same answer.

    Returns
    -------
    HiddenLife
        Look at `effective_draws` (refitted once below 200) and `n_optima` before trusting it.

    Raises
    ------
    ValueError
        If no tie has a founding known to the year.

    Examples
    --------
    >>> import ties
    >>> traces = Traces.of(ties.load("us-russia"), last_year=2021)
    >>> life = fit(traces, n_draws=500)
    >>> life.n_optima
    1
    """
    if not len(traces.ids):
        raise ValueError("no tie has a founding that is known to the year; the model needs some")
    prior = prior or Prior()
    model = _Model(traces, prior, tuple(eras))
    generator = np.random.default_rng(seed)
    modes = [model.mode(start) for start in model.starts(generator)]
    values = np.array([value for _, value in modes])
    best = modes[int(values.argmin())][0]
    n_optima = len(_distinct(np.array([mode for mode, _ in modes]), values))
    sample, effective = model.sample(best, model.covariance(best), n_draws, generator)
    if effective < MIN_EFFECTIVE:
        widened = sample.mean(axis=0), np.cov(sample.T) * 1.5
        sample, effective = model.sample(*widened, n_draws, generator)
    return HiddenLife(
        traces,
        prior,
        tuple(eras),
        pd.DataFrame(sample, columns=model.names),
        *model.states(sample, generator),
        float(model.log_likelihood(best[None])[0]),
        effective,
        n_optima,
    )


class _Model:
    """The likelihood, worked out for many values of the parameters at once."""

    def __init__(self, traces: Traces, prior: Prior, eras: tuple[int, ...]) -> None:
        self.traces = traces
        rows = prior.rows(eras)
        self.names = list(rows.index)
        self.mean, self.sd = rows["mean"].to_numpy(), rows["sd"].to_numpy()
        self.era = np.searchsorted(np.array(eras), traces.years)
        nodes, weights = np.polynomial.hermite_e.hermegauss(7)
        self.nodes, self.log_weights = nodes, np.log(weights / weights.sum())

    def starts(self, generator: np.random.Generator) -> np.ndarray:
        """Where the search for the mode begins: the prior's centre, and three draws from it."""
        noise = generator.standard_normal((3, len(self.mean)))
        return np.vstack([self.mean, self.mean + self.sd * noise])

    def log_posterior(self, values: np.ndarray) -> np.ndarray:
        """Logarithm of the posterior, up to a constant; a row of `values` a set of parameters."""
        distance = (values - self.mean) / self.sd
        total: np.ndarray = self.log_likelihood(values) - (distance**2).sum(axis=1) / 2
        return total

    def log_likelihood(self, values: np.ndarray) -> np.ndarray:
        """Logarithm of the likelihood, one number a row of `values`."""
        _, log_scale = self._forward(values)
        by_tie = special.logsumexp(log_scale + self.log_weights, axis=2)
        total: np.ndarray = by_tie.sum(axis=1)
        return total

    def mode(self, start: np.ndarray) -> tuple[np.ndarray, float]:
        """Where the posterior is highest, and its negative logarithm there."""
        found = optimize.minimize(
            lambda at: -self.log_posterior(at[None])[0], start, jac=self._gradient, method="BFGS"
        )
        return found.x, float(found.fun)

    def covariance(self, at: np.ndarray) -> np.ndarray:
        """Inverse of the curvature at the mode."""
        step, size = 1e-3, len(at)
        shift = step * np.eye(size)
        curvature = np.array(
            [(self._gradient(at + row) - self._gradient(at - row)) / (2 * step) for row in shift]
        )
        covariance: np.ndarray = np.linalg.inv((curvature + curvature.T) / 2)
        return covariance

    def _gradient(self, at: np.ndarray) -> np.ndarray:
        step = 1e-4 * np.eye(len(at))
        value = self.log_posterior(np.vstack([at + step, at - step]))
        gradient: np.ndarray = -(value[: len(at)] - value[len(at) :]) / 2e-4
        return gradient

    def sample(
        self, centre: np.ndarray, covariance: np.ndarray, n: int, generator: np.random.Generator
    ) -> tuple[np.ndarray, float]:
        """Draw from the posterior through a t distribution, and tell what the draws are worth."""
        proposal = stats.multivariate_t(centre, covariance, df=6, seed=generator)
        drawn = proposal.rvs(n).reshape(n, -1)
        parts = np.array_split(drawn, max(n // _CHUNK, 1))
        log_weight = np.concatenate([self.log_posterior(part) for part in parts])
        log_weight -= proposal.logpdf(drawn)
        weight = special.softmax(log_weight)
        chosen = generator.choice(n, size=n, p=weight)
        return drawn[chosen], float(1 / (weight**2).sum())

    def states(
        self, values: np.ndarray, generator: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Draw the states of all ties under each set of parameters, from the last year backwards.

        Returns how many are alive at the end of each year, how many faded in it, and how many woke.
        """
        parts = np.array_split(values, max(len(values) // _CHUNK, 1))
        counts = np.concatenate([self._states(part, generator) for part in parts], axis=1)
        return counts[0], counts[1], counts[2]

    def _states(self, values: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        traces = self.traces
        filtered, log_scale = self._forward(values, keep=True)
        node = _choose(special.softmax(log_scale + self.log_weights, axis=2), generator)
        of_node = node[None, :, :, None, None]
        filtered = np.take_along_axis(filtered, of_node, axis=3)[:, :, :, 0]
        fade, wake, *_ = self._chances(values)
        counts = np.zeros((3, len(values), len(traces.years)), "int64")
        alive = np.zeros(filtered.shape[1:3], bool)
        for t in range(len(traces.years) - 1, -1, -1):
            stands = traces.stands[:, t]
            goes_on = np.zeros_like(stands)
            if t + 1 < len(traces.years):
                goes_on = stands & traces.stands[:, t + 1]
                stays = np.where(alive, 1 - fade[:, t + 1, None], fade[:, t + 1, None])
                wakes = np.where(alive, wake[:, None], 1 - wake[:, None])
            else:
                stays = wakes = np.ones(alive.shape)
            live = filtered[t, ..., _ALIVE] * np.where(goes_on, stays, 1)
            sleeps = filtered[t, ..., _ASLEEP] * np.where(goes_on, wakes, 1)
            total = live + sleeps
            share = np.divide(live, total, out=np.zeros_like(live), where=total > 0)
            after, alive = alive, (generator.random(alive.shape) < share) & stands
            counts[0, :, t] = alive.sum(axis=1)
            if t + 1 < len(traces.years):
                counts[1, :, t + 1] = (alive & ~after).sum(axis=1)
                counts[2, :, t + 1] = (~alive & after & goes_on).sum(axis=1)
        return counts

    def _chances(self, values: np.ndarray) -> tuple[np.ndarray, ...]:
        """Chances of fading and waking, of a trace (by draw, year, node), and of a report."""
        n_eras = len(values[0]) - 5
        fade = special.expit(values[:, :n_eras])[:, self.era]
        wake, trace, drift, report, spread = values[:, n_eras:].T
        decades = (self.traces.years - _YEAR_OF_P) / 10
        centre = trace[:, None] + drift[:, None] * decades
        seen = special.expit(centre[..., None] + np.exp(spread)[:, None, None] * self.nodes)
        return fade, special.expit(wake), seen, special.expit(report)

    def _forward(self, values: np.ndarray, *, keep: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Filter the states through the years.

        Returns the filtered chances (year, draw, tie, node, state; empty unless kept) and the
        log-likelihood of each draw, tie and node.
        """
        traces = self.traces
        fade, wake, seen, report = self._chances(values)
        shape = (len(values), len(traces.ids), len(self.nodes))
        live, sleeps, log_scale = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        kept = np.zeros((len(traces.years) if keep else 0, *shape, 2))
        for t in range(len(traces.years)):
            goes_on = (traces.entered < t) & traces.stands[:, t]
            a, b = live[:, goes_on], sleeps[:, goes_on]
            f, w = fade[:, t, None, None], wake[:, None, None]
            a, b = a * (1 - f) + b * w, a * f + b * (1 - w)
            if_alive, if_asleep = self._emission(t, goes_on, seen[:, t], report)
            a, b = a * if_alive, b * if_asleep
            total = a + b
            log_scale[:, goes_on] += np.log(total)
            live[:, goes_on], sleeps[:, goes_on] = a / total, b / total
            live[:, traces.entered == t], sleeps[:, traces.entered == t] = 1, 0
            if keep:
                kept[t, ..., _ALIVE], kept[t, ..., _ASLEEP] = live, sleeps
        return kept, log_scale

    def _emission(
        self, t: int, who: np.ndarray, seen: np.ndarray, report: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Chance of what is on record of a year, if a tie was alive and if it was asleep."""
        of = self.traces
        is_trace, is_alive, is_dormant = (
            grid[who, t][None, :, None] for grid in (of.is_trace, of.is_alive, of.is_dormant)
        )
        seen, report = seen[:, None, :], report[:, None, None]
        if_alive = np.where(is_trace, seen, np.where(is_alive, 1.0, 1 - seen))
        if_asleep = np.where(is_dormant, report, 1 - report)
        return np.where(is_dormant, 0.0, if_alive), np.where(is_trace | is_alive, 0.0, if_asleep)


def _choose(chances: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Draw a position along the last axis with the chances that stand there."""
    edge = generator.random((*chances.shape[:-1], 1))
    chosen: np.ndarray = (chances.cumsum(axis=-1) < edge).sum(axis=-1)
    last: np.ndarray = np.minimum(chosen, chances.shape[-1] - 1)
    return last


def _distinct(modes: np.ndarray, values: np.ndarray) -> list[np.ndarray]:
    """Keep one of the modes that are alike, of those within three units of the best."""
    near = modes[values < values.min() + 3]
    found: list[np.ndarray] = []
    for mode in near:
        if not any(np.allclose(mode, other, atol=0.1) for other in found):
            found.append(mode)
    return found


def _natural(name: str, values: np.ndarray) -> np.ndarray:
    """Log-odds as chances; the drift stays, and the spread loses its logarithm."""
    if name == "drift":
        return values
    natural: np.ndarray = np.exp(values) if name == "spread" else special.expit(values)
    return natural


def varied(prior: Prior, **centres: float) -> Prior:
    """A prior of which some centres are set, and held there (standard deviation 0.01).

    Examples
    --------
    >>> varied(Prior(), drift=0.3).drift
    (0.3, 0.01)
    """
    return replace(prior, **{name: (value, 0.01) for name, value in centres.items()})
