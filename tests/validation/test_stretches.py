"""Every way to cut years into stretches, counted at once, against each way by itself."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp
from validation.stretches import Stretches

SHAPE, RATE = 0.7, 0.3


def by_hand(counts, time):
    """The probability of the counts of a stretch with one rate, less what all stretches share."""
    shape, rate = SHAPE + sum(counts), RATE + sum(time)
    return SHAPE * np.log(RATE) - gammaln(SHAPE) + gammaln(shape) - shape * np.log(rate)


@pytest.mark.parametrize("n_changes", [0, 1, 2, 3])
def test_the_evidence_is_the_mean_over_every_way_to_cut(n_changes):
    counts, time = np.array([3, 0, 7, 1, 2]), np.array([1.0, 1.0, 1.0, 1.0, 0.5])
    ways = []
    for cuts in itertools.combinations(range(1, len(counts)), n_changes):
        edges = itertools.pairwise([0, *cuts, len(counts)])
        ways.append(sum(by_hand(counts[a:b], time[a:b]) for a, b in edges))
    found = Stretches.of(counts, time, most=3, shape=SHAPE, rate=RATE)
    assert found.evidence[n_changes] == pytest.approx(logsumexp(ways) - np.log(len(ways)))


def test_the_first_change_and_the_stretches_have_the_chances_of_the_ways():
    counts, time = np.array([3, 0, 7]), np.ones(3)
    found = Stretches.of(counts, time, most=1, shape=SHAPE, rate=RATE)
    ways = np.array([by_hand(counts[:k], time[:k]) + by_hand(counts[k:], time[k:]) for k in (1, 2)])
    chance = np.exp(ways - logsumexp(ways))
    assert found.change(1, 1) == pytest.approx([0, *chance, 0])
    assert found.stretch(0, 1)[0] == pytest.approx([0, *chance, 0])
