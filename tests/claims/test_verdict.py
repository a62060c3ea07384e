"""The verdict rule, whole: every answer under the usual choices against every grid."""

from __future__ import annotations

import itertools

import pytest

from ties.claims.verdict import VERDICTS, all_hold, verdict

ANSWERS = (True, False, None)


@pytest.mark.parametrize("usual", ANSWERS)
@pytest.mark.parametrize("grid", list(itertools.product(ANSWERS, repeat=2)))
def test_the_verdict_is_one_of_four_and_follows_the_rule(usual, grid):
    found = verdict(usual, [usual, *grid])
    same = all(answer is usual for answer in grid)
    expected = {
        True: "supported" if same else "fragile",
        False: "not_supported" if same else "fragile",
        None: "cannot_tell",
    }[usual]
    assert found == expected and found in VERDICTS


@pytest.mark.parametrize("held", list(itertools.product(ANSWERS, repeat=3)))
def test_all_hold_is_kleenes_and(held):
    rank = {False: 0, None: 1, True: 2}
    assert rank[all_hold(held)] == min(rank[one] for one in held)
