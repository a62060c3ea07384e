"""Each tie is a line of time by age."""

from __future__ import annotations

import pandas as pd
from tests.factory import make_dataset

import ties
from ties.figures.lexis import draw_lexis, first_stops
from ties.stats.lexis import lexis
from ties.stats.spells import lifetimes


def segments_of(*events):
    dataset = make_dataset(events)
    return lexis(ties.lifecycle(dataset), lifetimes(dataset))


EVENTS = (
    ("t", "1990-01-01", "founded", "both"),
    ("t", "2022-03-01", "suspended", "b"),
    ("u", "1991-01-01", "founded", "both"),
    ("u", "2022-06-01", "terminated", "b"),
    ("v", "1992-01-01", "founded", "both"),
)


def test_a_line_rises_a_year_a_year():
    segments = segments_of(*EVENTS)
    ax = draw_lexis(segments)
    for line in ax.collections[0].get_segments():
        (x_0, y_0), (x_1, y_1) = line
        assert abs((x_1 - x_0) - (y_1 - y_0)) < 0.01


def test_the_first_stop_of_each_tie_is_marked():
    segments = segments_of(*EVENTS, ("t", "2023-01-01", "terminated", "a"))
    assert first_stops(segments)["tie_id"].tolist() == ["t", "u"]
    assert len(draw_lexis(segments).collections[1].get_offsets()) == 2


def test_the_title_says_in_which_year_most_fell():
    title = draw_lexis(segments_of(*EVENTS)).get_title(loc="left").replace("\n", " ")
    assert title == "2 of 2 suspensions and ends fell in 2022, at ages from 31 to 32 years"


def test_without_a_stop_the_title_says_so():
    title = draw_lexis(segments_of(EVENTS[0])).get_title(loc="left").replace("\n", " ")
    assert title == "None of 1 tie is known to have been suspended or ended"


def test_nothing_to_draw_is_said():
    empty = segments_of(EVENTS[0]).iloc[:0]
    assert draw_lexis(empty).get_title(loc="left") == "No ties to draw"
    assert isinstance(empty, pd.DataFrame)
