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
from typing import Final, TypeAlias

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
_SILENT, _TRACE, _KNOWN_ALIVE, _DORMANT, _GONE = range(5)  # what is on record of a year
_YEAR_OF_P: Final = 2000  # the chance of a trace is stated for this year, and drifts from it
_Chances: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
_CHUNK: Final = 50  # draws that are worked out at once
_RESCALED: Final = 16  # years after which chances are scaled, so that none becomes too small


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
    n_starts: int = 4,
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
    n_starts
        From how many places the mode is searched for.
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
    modes = [model.mode(start) for start in model.starts(n_starts, generator)]
    values = np.array([value for _, value in modes])
    best = modes[int(values.argmin())][0]
    n_optima = len(_distinct(np.array([mode for mode, _ in modes]), values))
    sample, by_node, effective = model.sample(best, model.covariance(best), n_draws, generator)
    if effective < MIN_EFFECTIVE:
        widened = sample.mean(axis=0), np.cov(sample.T) * 1.5
        sample, by_node, effective = model.sample(*widened, n_draws, generator)
    n_alive, n_faded, n_woken = model.states(sample, by_node, generator)
    return HiddenLife(
        traces,
        prior,
        tuple(eras),
        pd.DataFrame(sample, columns=model.names),
        n_alive,
        n_faded,
        n_woken,
        float(model.log_likelihood(best[None])[0]),
        effective,
        n_optima,
    )


class _Model:
    """The likelihood and its gradient, worked out for many values of the parameters at once.

    Arrays have the axes tie, draw, node of the spread. Ties are sorted by founding, so that those
    that stand in a year come first.
    """

    def __init__(self, traces: Traces, prior: Prior, eras: tuple[int, ...]) -> None:
        self.traces = traces
        rows = prior.rows(eras)
        self.names = list(rows.index)
        self.mean, self.sd = rows["mean"].to_numpy(), rows["sd"].to_numpy()
        self.n_eras = len(eras) + 1
        self.era = np.searchsorted(np.array(eras), traces.years)
        self.decades = (traces.years - _YEAR_OF_P) / 10
        nodes, weights = np.polynomial.hermite_e.hermegauss(7)
        self.nodes, self.log_weights = nodes, np.log(weights / weights.sum())
        column = np.arange(len(traces.years))
        order = np.argsort(traces.entered, kind="stable")
        self.left = traces.left[order]
        self.n_before = np.searchsorted(traces.entered[order], column)
        seen = [traces.is_trace, traces.is_alive, traces.is_dormant]
        symbol = np.select(seen, [_TRACE, _KNOWN_ALIVE, _DORMANT], _SILENT)[order]
        self.symbol = np.where(column < self.left[:, None], symbol, _GONE)

    def starts(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """Where the search for the mode begins: the prior's centre, and draws from it."""
        noise = generator.standard_normal((n - 1, len(self.mean)))
        return np.vstack([self.mean, self.mean + self.sd * noise])

    def log_prior(self, values: np.ndarray) -> np.ndarray:
        """Logarithm of the prior, up to a constant; a row of `values` a set of parameters."""
        density: np.ndarray = -(((values - self.mean) / self.sd) ** 2).sum(axis=1) / 2
        return density

    def log_likelihood(self, values: np.ndarray) -> np.ndarray:
        """Logarithm of the likelihood, one number a row of `values`."""
        total: np.ndarray = special.logsumexp(self.by_node(values), axis=2).sum(axis=0)
        return total

    def by_node(self, values: np.ndarray) -> np.ndarray:
        """Logarithm of the likelihood of each tie with each node, by tie, draw and node."""
        _, live, sleeps, log_scale = self._forward(self._chances(values))
        with np.errstate(divide="ignore"):
            found: np.ndarray = np.log(live + sleeps) + log_scale + self.log_weights
        return found

    def mode(self, start: np.ndarray) -> tuple[np.ndarray, float]:
        """Where the posterior is highest, and its negative logarithm there."""

        def cost(z: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = self.log_posterior((self.mean + self.sd * z)[None])
            return -float(value[0]), -slope[0] * self.sd

        begin = (start - self.mean) / self.sd
        found = optimize.minimize(cost, begin, jac=True, method="BFGS", options={"gtol": 1e-4})
        return self.mean + self.sd * found.x, float(found.fun)

    def covariance(self, at: np.ndarray) -> np.ndarray:
        """Inverse of the curvature at the mode."""
        step = 1e-4 * np.eye(len(at))
        slope = self.log_posterior(np.vstack([at + step, at - step]))[1]
        curvature = -(slope[: len(at)] - slope[len(at) :]) / 2e-4
        covariance: np.ndarray = np.linalg.inv((curvature + curvature.T) / 2)
        return covariance

    def log_posterior(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logarithm of the posterior, up to a constant, and its gradient: a row a set of values.

        The gradient goes back through the years, as in reverse differentiation.
        """
        chances = self._chances(values)
        fade, wake, seen, report = chances
        path, live, sleeps, log_scale = self._forward(chances, keep=True)
        total = live + sleeps
        with np.errstate(divide="ignore"):
            by_node = np.log(total) + log_scale + self.log_weights
        by_tie = special.logsumexp(by_node, axis=2)
        live = np.exp(by_node - by_tie[..., None]) / np.where(total > 0, total, 1)
        sleeps = live.copy()
        of_fade, of_seen = np.zeros((self.n_eras, len(values))), np.zeros_like(seen)
        of_wake, of_report = np.zeros(len(values)), np.zeros(len(values))
        for t in range(len(path) - 1, -1, -1):
            x, y, moved, rest, if_alive, if_asleep, scale = path[t]
            n = len(x)
            live[:n] /= scale
            sleeps[:n] /= scale
            symbol = self.symbol[:n, t, None, None]
            silent, found, dormant = (symbol == s for s in (_SILENT, _TRACE, _DORMANT))
            of_seen[t] = (live[:n] * moved * (found * 1.0 - silent)).sum(axis=0)
            of_report += (sleeps[:n] * rest * (dormant * 1.0 - silent)).sum(axis=(0, 2))
            live[:n] *= if_alive
            sleeps[:n] *= if_asleep
            apart = sleeps[:n] - live[:n]
            of_fade[self.era[t]] += (x * apart).sum(axis=(0, 2))
            of_wake -= (y * apart).sum(axis=(0, 2))
            live[:n] += fade[t, :, None] * apart
            sleeps[:n] -= wake[:, None] * apart
        era_fade = special.expit(values[:, : self.n_eras])
        of_trace = of_seen * seen * (1 - seen)
        slope = np.column_stack(
            [
                of_fade.T * era_fade * (1 - era_fade),
                of_wake * wake * (1 - wake),
                of_trace.sum(axis=(0, 2)),
                self.decades @ of_trace.sum(axis=2),
                of_report * report * (1 - report),
                (of_trace.sum(axis=0) @ self.nodes) * np.exp(values[:, -1]),
            ]
        )
        slope -= (values - self.mean) / self.sd**2
        return by_tie.sum(axis=0) + self.log_prior(values), slope

    def sample(
        self, centre: np.ndarray, covariance: np.ndarray, n: int, generator: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Draw from the posterior through a t distribution.

        Returns the draws, their `by_node`, and how many independent draws they are worth.
        """
        proposal = stats.multivariate_t(centre, covariance, df=6, seed=generator)
        drawn = proposal.rvs(n).reshape(n, -1)
        parts = np.array_split(drawn, max(n // _CHUNK, 1))
        by_node = np.concatenate([self.by_node(part) for part in parts], axis=1)
        log_weight = special.logsumexp(by_node, axis=2).sum(axis=0) + self.log_prior(drawn)
        weight = special.softmax(log_weight - proposal.logpdf(drawn))
        chosen = generator.choice(n, size=n, p=weight)
        return drawn[chosen], by_node[:, chosen], float(1 / (weight**2).sum())

    def states(
        self, values: np.ndarray, by_node: np.ndarray, generator: np.random.Generator
    ) -> np.ndarray:
        """Draw the states of all ties under each set of parameters, from the last year backwards.

        Returns three tables, a row a draw and a column a year: how many are alive at the end of
        each year, how many faded in it, and how many woke.
        """
        node = _choose(special.softmax(by_node, axis=2), generator)
        n_parts = max(len(values) // _CHUNK, 1)
        parts = np.array_split(values, n_parts), np.array_split(node, n_parts, axis=1)
        counts = [self._states(*part, generator) for part in zip(*parts, strict=True)]
        return np.concatenate(counts, axis=1)

    def _states(
        self, values: np.ndarray, node: np.ndarray, generator: np.random.Generator
    ) -> np.ndarray:
        chances = self._chances(values)
        fade, wake = chances[0], chances[1]
        path, live, sleeps, _ = self._forward(chances, node, keep=True)
        filtered = [*((step[0], step[1]) for step in path[1:]), (live, sleeps)]
        n_years = len(filtered)
        counts = np.zeros((3, len(values), n_years), "int64")
        alive = np.zeros(node.shape, bool)
        for t in range(n_years - 1, -1, -1):
            x, y = (weight[..., 0] for weight in filtered[t])
            n = len(x)
            after = alive[:n]
            goes_on = (self.left[:n, None] > t + 1) & (t + 1 < n_years)
            if t + 1 < n_years:
                x = x * np.where(goes_on, np.where(after, 1 - fade[t + 1], fade[t + 1]), 1)
                y = y * np.where(goes_on, np.where(after, wake, 1 - wake), 1)
            total = x + y
            is_alive = generator.random(x.shape) * total < x
            is_alive &= self.left[:n, None] > t
            counts[0, :, t] = is_alive.sum(axis=0)
            if t + 1 < n_years:
                counts[1, :, t + 1] = (is_alive & ~after).sum(axis=0)
                counts[2, :, t + 1] = (~is_alive & after & goes_on).sum(axis=0)
            alive = is_alive
        return counts

    def _chances(self, values: np.ndarray) -> _Chances:
        """Chances a year of fading, waking, a trace and a report."""
        fade = special.expit(values[:, : self.n_eras]).T[self.era]
        wake, trace, drift, report, spread = values[:, self.n_eras :].T
        centre = trace + drift * self.decades[:, None]
        seen = special.expit(centre[..., None] + np.exp(spread)[:, None] * self.nodes)
        return fade, special.expit(wake), seen, special.expit(report)

    def _forward(
        self, chances: _Chances, node: np.ndarray | None = None, *, keep: bool = False
    ) -> tuple[list[tuple[np.ndarray, ...]], np.ndarray, np.ndarray, np.ndarray]:
        """Filter the states through the years; with the node of each tie and draw, or with all.

        Returns what every step had before and within it (empty unless kept), the weights of the
        states at the end, and the logarithm by which they are scaled.
        """
        fade, wake, seen, report = chances
        n_nodes = len(self.nodes) if node is None else 1
        shape = (len(self.symbol), len(wake), n_nodes)
        live, sleeps, log_scale = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        path: list[tuple[np.ndarray, ...]] = []
        for t, n in enumerate(self.n_before):
            x, y = live[:n], sleeps[:n]
            moved = x * (1 - fade[t, :, None]) + y * wake[:, None]
            rest = x + y - moved
            if_alive, if_asleep = self._emission(t, n, seen[t], report, node)
            before = (x.copy(), y.copy()) if keep else ()
            live[:n], sleeps[:n] = moved * if_alive, rest * if_asleep
            scale = np.ones(1)
            if t % _RESCALED == 0:
                scale = x + y
                scale[scale == 0] = 1
                live[:n], sleeps[:n] = x / scale, y / scale
                log_scale[:n] += np.log(scale)
            if keep:
                path.append((*before, moved, rest, if_alive, if_asleep, scale))
            live[n : self.n_before[t + 1] if t + 1 < len(fade) else None] = 1
        return path, live, sleeps, log_scale

    def _emission(
        self, t: int, n: int, seen: np.ndarray, report: np.ndarray, node: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Chance of what is on record of a year, if a tie was alive and if it was asleep."""
        one, none = np.ones_like(seen), np.zeros_like(seen)
        if_alive = np.stack([1 - seen, seen, one, none, one])
        of_report, one = report[:, None], np.ones((len(report), 1))
        if_asleep = np.stack([1 - of_report, 0 * one, 0 * one, of_report, one])
        symbol = self.symbol[:n, t]
        if node is None:
            return if_alive[symbol], if_asleep[symbol]
        of_node = if_alive[symbol[:, None], np.arange(len(seen)), node[:n]]
        return of_node[..., None], if_asleep[symbol]


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
