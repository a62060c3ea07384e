"""Shares by age: bands add up, the unknown is drawn, and the title says what is between."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.factory import make_dataset

import ties
from ties.figures.occupation import draw_occupation
from ties.stats.occupation import followed, occupation, stretches
from ties.stats.spells import lifetimes

EVENTS = (
    ("t", "1990-01-01", "founded", "both"),
    ("t", "1992-01-01", "dormant", "none"),
    ("u", "1990-01-01", "founded", "both"),
    ("u", "1995-01-01", "terminated", "a"),
    ("v", "1990-01-01", "founded", "both"),
)


@pytest.fixture
def drawn():
    record = make_dataset(EVENTS, as_of="2000-12-31")
    spells = stretches(ties.lifecycle(record), lifetimes(record)).table
    return draw_occupation(occupation(spells), followed(spells, range(0, 11, 5)))


def test_the_bands_reach_from_nothing_to_all(drawn):
    tops = [path.get_extents().y1 for band in drawn.collections for path in band.get_paths()]
    lows = [path.get_extents().y0 for band in drawn.collections for path in band.get_paths()]
    assert min(lows) == 0
    assert max(tops) == pytest.approx(1)


def test_the_title_gives_the_bounds_of_what_is_alive(drawn):
    title = drawn.get_title(loc="left").replace("\n", " ")
    assert title == "At the age of 10, 0% to 33% of ties are alive: of 33% nothing is known"


def test_two_dashed_lines_say_what_chance_does(drawn):
    below, above = (line.get_ydata() for line in drawn.lines)
    assert (below <= above).all()
    assert below.min() >= 0 and above.max() <= 1


def test_without_ties_there_is_nothing_to_draw():
    ax = draw_occupation(pd.DataFrame(), pd.DataFrame({"at_risk": [0]}, index=[0]))
    assert "nothing to draw" in ax.get_title(loc="left")
