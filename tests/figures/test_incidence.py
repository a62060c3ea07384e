"""The curves of each way out, with the numbers that they rest on."""

from __future__ import annotations

import pandas as pd
import pytest

from ties.figures.incidence import draw_incidence
from ties.stats.incidence import cumulative_incidence
from ties.stats.survival import risk_table


@pytest.fixture
def spells():
    events = ["suspended", "censored", "terminated", "suspended", "censored"]
    return pd.DataFrame(
        {
            "tie_id": [*"abcde"],
            "entry": 0,
            "exit": [365 * years + years // 4 for years in (2, 4, 6, 8, 10)],
            "event": pd.Categorical(events),
        }
    )


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_every_number_of_the_risk_table_is_written(spells):
    risk = risk_table(spells, [0, 5])
    ax = draw_incidence(cumulative_incidence(spells), risk)
    shown = texts(ax)
    for name in ("At risk", "Lost to sight", "Suspended", "Terminated"):
        assert name in shown
    for column in ("at_risk", "censored", "suspended", "terminated"):
        for number in risk[column]:
            assert str(number) in shown


def test_the_curve_ends_with_the_table(spells):
    ax = draw_incidence(cumulative_incidence(spells), risk_table(spells, [0, 7]))
    assert ax.get_xlim() == (0, 7)
    assert max(line.get_xdata().max() for line in ax.lines) == 7


def test_the_title_gives_the_shares_at_the_last_age(spells):
    curves = cumulative_incidence(spells)
    title = draw_incidence(curves, risk_table(spells, [0, 7])).get_title(loc="left")
    wide = curves["incidence"].unstack("exit").ffill().fillna(0)
    last = wide[wide.index <= 7].iloc[-1]
    expected = f"Of ties, {last['suspended']:.0%} were suspended and {last['terminated']:.0%}"
    assert expected in title.replace("\n", " ")


def test_no_exit_is_said(spells):
    stay = spells.assign(event=pd.Categorical(["censored"] * 5))
    ax = draw_incidence(cumulative_incidence(stay), risk_table(stay, [0, 5]))
    assert "nothing to draw" in ax.get_title(loc="left").replace("\n", " ")
