import pandas as pd
import pytest

from ties.figures.survival import draw_survival, finding_of_stops
from ties.stats.stops import stop_curve, stop_risk
from ties.stats.survival import by_group

SPELLS = pd.DataFrame(
    {
        "entry": 0,
        "exit": [1461, 3653, 3653, 1826, 3653, 3653],
        "event": ["suspended", "censored", "censored"] * 2,
    }
)
STOPS = pd.DataFrame(
    {
        "event": ["suspended", "terminated", "suspended", "censored"],
        "days_earliest": [0, 4, 4, 100],
        "days_latest": [0, 30, 4, 100],
        "is_since": [True, True, False, False],
    }
)


@pytest.fixture
def drawn():
    group = pd.Series(["1980s"] * 3 + ["1990s"] * 3)
    curves, risk = by_group(SPELLS, group, [0, 5, 9], at_least=2)
    return draw_survival(curves, risk, time="Years")


def test_each_group_has_a_curve_that_falls_where_one_left(drawn):
    first, second = (line.get_ydata().tolist() for line in drawn.lines)
    assert first == pytest.approx([1, 2 / 3, 2 / 3]) and second == pytest.approx([1, 2 / 3, 2 / 3])
    assert drawn.lines[0].get_xdata()[1] == pytest.approx(4)
    assert drawn.lines[0].get_linestyle() != drawn.lines[1].get_linestyle()


def test_the_numbers_at_risk_of_each_group_stand_below(drawn):
    texts = [text.get_text() for text in drawn.texts]
    assert {"1980s", "1990s", "1980s: at risk", "1990s: at risk"} <= {*texts}
    begin = texts.index("1980s: at risk")
    assert texts[begin + 1 : begin + 4] == ["3", "2", "2"]


def test_the_title_says_where_each_curve_ends(drawn):
    title = " ".join(drawn.get_title(loc="left").split())
    assert title.startswith(
        "Neither suspended nor ended: 67% (5% to 95%) of the 1980s, from 0 to 9"
    )


def test_without_a_group_that_is_large_enough_there_is_an_empty_frame():
    ax = draw_survival(*by_group(SPELLS, pd.Series(range(6)), [0, 5]), time="Years")
    assert "Too few" in ax.get_title(loc="left")


def test_a_curve_with_bounds_is_a_band_of_two_lines():
    curve, risk = stop_curve(STOPS), stop_risk(STOPS, [0, 10, 100])
    ax = draw_survival(pd.concat({"": curve}), pd.concat({"": risk}), time="Days", finding="Found")
    lower, upper = ax.lines
    assert lower.get_ydata().tolist() == pytest.approx([1, 0.75, 0.25, 0.25, 0.25, 0.25])
    assert upper.get_ydata().tolist() == pytest.approx([1, 2 / 3, 2 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert ax.get_title(loc="left") == "Found"


def test_the_title_of_stops_says_how_many_and_how_soon():
    assert finding_of_stops(STOPS, "2022-02-24") == (
        "Of 4 ties that may have been in force on 2022-02-24, 2 to 3 are known to have been "
        "suspended or ended since, half of the 3 within 4 days"
    )
    assert "none is known" in finding_of_stops(STOPS[STOPS["event"] == "censored"], "2022-02-24")
