"""One number under every combination of choices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.figures.specification import draw_specification

GRID = pd.DataFrame(
    {
        "dormant_after": [2, 2, 5, 5],
        "unknown": ["in", "out", "in", "out"],
        "value": [0.4, 0.2, 0.5, np.nan],
        "lower": [0.3, 0.1, 0.4, np.nan],
        "upper": [0.6, 0.5, 0.7, np.nan],
        "is_default": [False, False, True, False],
    }
)


def draw(grid, **options):
    return draw_specification(grid, ["dormant_after", "unknown"], "Share", **options)


def test_values_are_sorted_and_the_usual_choice_is_marked():
    ax = draw(GRID)
    values, usual = ax.lines[0], ax.lines[1]
    assert values.get_ydata().tolist() == [0.2, 0.4, 0.5]
    assert usual.get_ydata().tolist() == [0.5]


def test_the_title_gives_the_range_and_the_usual_value():
    title = draw(GRID).get_title(loc="left").replace("\n", " ")
    assert title == "Share: 20% to 50% over 3 combinations of choices, 50% under the usual ones"


def test_every_option_is_named_below():
    shown = [text.get_text() for text in draw(GRID).texts]
    assert {"2", "5", "in", "out", "dormant after", "unknown"} <= set(shown)


def test_a_number_that_is_no_share_is_said_as_a_number():
    grid = GRID.assign(value=[1.0, 2, 3, 4], lower=0.0, upper=9.0)
    title = draw(grid, is_share=False).get_title(loc="left").replace("\n", " ")
    assert title.startswith("Share: 1 to 4 over 4 combinations")


def test_nothing_to_divide_by_is_said():
    title = draw(GRID.assign(value=np.nan)).get_title(loc="left").replace("\n", " ")
    assert title == "Share: nothing to divide by under any choice"
