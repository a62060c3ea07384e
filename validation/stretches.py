"""All stretches of years with a rate of their own: the sums behind `ties.stats.changepoint`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stretches:
    """One series of counts, with the chances of all its stretches.

    `segment[s, t]` is the logarithm of the probability of the counts from year s up to year t,
    not included; `fore[k, t]` of the first t years in k + 1 stretches, summed over all ways to
    cut them; `back[k, s]` of the years from s in k + 1 stretches. `events` and `exposure` are
    those of each stretch with the prior's added; `evidence[k]` is the logarithm of the probability
    of all counts with k changes. What is the same for all ways to cut is left out of all.
    """

    segment: np.ndarray
    fore: np.ndarray
    back: np.ndarray
    events: np.ndarray
    exposure: np.ndarray
    evidence: np.ndarray

    @classmethod
    def of(
        cls, counts: np.ndarray, time: np.ndarray, most: int, shape: float, rate: float
    ) -> Stretches:
        """Work out all stretches; `shape` and `rate` are the gamma prior's."""
        from scipy.special import comb, gammaln

        n = len(counts)
        total, spent = (
            np.append(0.0, np.cumsum(values.astype("float64"))) for values in (counts, time)
        )
        events = shape + total[None, :] - total[:, None]
        exposure = rate + spent[None, :] - spent[:, None]
        is_stretch = np.arange(n + 1)[None, :] > np.arange(n + 1)[:, None]
        a, b = np.where(is_stretch, events, 1.0), np.where(is_stretch, exposure, 1.0)
        own = shape * np.log(rate) - gammaln(shape) + gammaln(a) - a * np.log(b)
        segment = np.where(is_stretch, own, -np.inf)
        fore, back = np.full((2, most + 1, n + 1), -np.inf)
        fore[0], back[0] = segment[0], segment[:, n]
        for k in range(1, most + 1):
            fore[k] = _log_sum(fore[k - 1][:, None] + segment, axis=0)
            back[k] = _log_sum(segment + back[k - 1][None, :], axis=1)
        ways = np.log([comb(n - 1, k) for k in range(most + 1)])
        return cls(segment, fore, back, events, exposure, fore[:, n] - ways)

    def posterior(self, chances: np.ndarray) -> np.ndarray:
        """The probability of each number of changes, given those beforehand."""
        with np.errstate(divide="ignore"):
            weight = self.evidence + np.log(chances)
        found: np.ndarray = np.exp(weight - _log_sum(weight, axis=0))
        return found

    def change(self, i: int, given: int) -> np.ndarray:
        """The chance that the i-th change comes before each year (0 to n)."""
        found: np.ndarray = np.exp(self.fore[i - 1] + self.back[given - i] - self.fore[given, -1])
        return found

    def stretch(self, i: int, given: int) -> np.ndarray:
        """The chance that the i-th stretch (from 0) is each one of all."""
        before = np.full(self.segment.shape[0], -np.inf)
        after = before.copy()
        before[0], after[-1] = 0.0, 0.0
        before = self.fore[i - 1] if i > 0 else before
        after = self.back[given - i - 1] if i < given else after
        found: np.ndarray = np.exp(
            before[:, None] + self.segment + after[None, :] - self.fore[given, -1]
        )
        return found

    def draw(self, rng: np.random.Generator, chances: np.ndarray) -> np.ndarray:
        """Draw the number of changes, their places from the last to the first, and the rates."""
        n = self.segment.shape[0] - 1
        rates, end = np.empty(n), n
        for k in range(int(rng.choice(len(chances), p=self.posterior(chances))), -1, -1):
            start = 0
            if k > 0:
                weight = self.fore[k - 1] + self.segment[:, end]
                chance = np.exp(weight - weight.max())
                start = int(rng.choice(n + 1, p=chance / chance.sum()))
            rates[start:end] = rng.gamma(self.events[start, end]) / self.exposure[start, end]
            end = start
        return rates

    def fitted(self, given: int) -> np.ndarray:
        """The mean of the rate in each year."""
        weight = sum(self.stretch(i, given) for i in range(given + 1))
        value = np.asarray(weight) * self.events / self.exposure
        # A stretch from s to t counts for the years s to t - 1: add at s, take away at t.
        value = np.where(np.asarray(weight) > 0, value, 0.0)
        found: np.ndarray = np.cumsum(value.sum(axis=1) - value.sum(axis=0))[:-1]
        return found


def _log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    from scipy.special import logsumexp

    found: np.ndarray = logsumexp(values, axis=axis)
    return found
