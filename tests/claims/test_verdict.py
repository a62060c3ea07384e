"""The verdict rule, whole: every answer under the usual choices against every grid and chance."""

from __future__ import annotations

import itertools

import pytest

from ties.claims.verdict import VERDICTS, all_hold, verdict

ANSWERS = (True, False, None)


@pytest.mark.parametrize("usual", [True, False])
@pytest.mark.parametrize("grid", list(itertools.product(ANSWERS, repeat=2)))
def test_bounds_that_decide_need_no_chance(usual, grid):
    found = verdict([usual, *grid], (0.5, 0.5), turns=True)
    words = ("supported", "very_likely", "likely")
    if not usual:
        words = ("not_supported", "very_unlikely", "unlikely")
    is_same, is_contrary = all(a is usual for a in grid), (not usual) in grid
    assert found == (words[0] if is_same else words[2] if is_contrary else words[1])
    assert found in VERDICTS


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        ((0.90, 1.00), "very_likely"),
        ((0.66, 0.95), "likely"),
        ((0.65, 1.00), "open"),
        ((0.00, 0.35), "open"),
        ((0.00, 0.34), "unlikely"),
        ((0.00, 0.10), "very_unlikely"),
        ((0.00, 1.00), "open"),
    ],
)
def test_where_bounds_do_not_decide_the_chance_does(chance, word):
    assert verdict([None, True, False], chance) == word
    assert verdict([None], chance, turns=True) == "open"


@pytest.mark.parametrize("held", list(itertools.product(ANSWERS, repeat=3)))
def test_all_hold_is_kleenes_and(held):
    rank = {False: 0, None: 1, True: 2}
    assert rank[all_hold(held)] == min(rank[one] for one in held)
