import pandas as pd

from ties.figures.alive import draw_alive

TABLE = pd.DataFrame(
    {"alive_lower": [2, 5, 1], "alive_upper": [4, 6, 1], "stopped_lower": [0, 0, 3]},
    index=[2019, 2020, 2021],
)


def title(ax):
    return " ".join(ax.get_title(loc="left").split())


def test_the_lines_are_the_bounds_and_bear_their_last_number():
    ax = draw_alive(TABLE)
    drawn = [line.get_ydata().tolist() for line in ax.lines]
    assert drawn == [
        TABLE[name].tolist() for name in ("alive_upper", "alive_lower", "stopped_lower")
    ]
    said = {text.get_text() for text in ax.texts}
    assert {"alive at most 1", "alive at least 1", "stopped at least 3"} <= said


def test_a_fall_that_is_a_search_is_marked_and_in_no_title():
    searched = pd.Series([0, 0, 5], index=TABLE.index)
    ax = draw_alive(TABLE, searched=searched)
    assert title(ax) == "At least 5 ties were alive in 2020, and at most 6 in 2020"
    assert any("a search found no sign of life" in text.get_text() for text in ax.texts)
    assert title(draw_alive(TABLE)) == "At least 5 ties were alive in 2020, and at most 1 in 2021"


def test_nothing_known_to_be_alive_is_said_and_none_is_drawn():
    assert "No tie is known to have been alive" in title(draw_alive(TABLE * 0))
    assert title(draw_alive(TABLE.assign(alive_lower=0))).startswith("No tie is known to have")
