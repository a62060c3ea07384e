"""Kaplan-Meier as R has it, and tables under the curve that lose nobody."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as random_data
from hypothesis import settings
from hypothesis import strategies as st
from tests.stats.reference import days, given, numbers, recorded

from ties.stats.spells import DAYS_PER_YEAR
from ties.stats.survival import (
    kaplan_meier,
    log_log_interval,
    quantile,
    risk_table,
    survival_at,
)


def data(name: str) -> pd.DataFrame:
    if name in ("drug", "placebo"):
        table = given("remission")
        return table[table["arm"] == name]
    return given(name.removesuffix("_after_5"))


@pytest.mark.parametrize(
    "name",
    ["drug", "placebo", "late", "late_after_5", "record_stops", "record_stops_calendar"],
)
def test_the_curve_is_that_of_r(name: str):
    expected = recorded("km", name)
    after = 5 / DAYS_PER_YEAR if name.endswith("_after_5") else 0.0
    curve = kaplan_meier(data(name), after=after)
    steps = curve.iloc[1:]
    np.testing.assert_allclose(days(steps.index), expected["time"], atol=1e-8)
    assert steps["n_risk"].tolist() == expected["n_risk"]
    assert steps["n_events"].tolist() == expected["n_events"]
    for column in ("survival", "se", "lower", "upper"):
        np.testing.assert_allclose(
            steps[column], numbers(expected[column]), atol=1e-8, equal_nan=True, err_msg=column
        )
    median = quantile(curve)
    np.testing.assert_allclose(days(median), numbers(expected["median"]), atol=1e-6)


def test_weeks_of_remission_have_their_published_survival():
    # Kalbfleisch & Prentice (2002), table 1.1 and section 1.4: 0.857 at 6, 0.448 at 23 weeks.
    read = survival_at(kaplan_meier(data("drug")), [6 / DAYS_PER_YEAR, 23 / DAYS_PER_YEAR])
    assert read["survival"].round(3).tolist() == [0.857, 0.448]


def test_late_entry_counts_nobody_before_it():
    spells = pd.DataFrame(
        {"entry": [0, 500], "exit": [365, 730], "event": ["terminated", "terminated"]}
    )
    assert kaplan_meier(spells)["n_risk"].tolist() == [1, 1, 1]
    # The first to leave was alone at risk: so the curve is at 0, and stays there.
    assert kaplan_meier(spells)["survival"].tolist() == [1.0, 0.0, 0.0]
    assert kaplan_meier(spells, after=1.5)["survival"].tolist() == [1.0, 0.0]


def test_without_exits_the_curve_stays_at_one_and_says_nothing_of_its_error():
    spells = pd.DataFrame({"entry": [0, 0], "exit": [10, 20], "event": ["censored"] * 2})
    curve = kaplan_meier(spells)
    assert curve["survival"].tolist() == [1.0]
    assert curve[["lower", "upper"]].isna().all(axis=None)
    assert quantile(curve).isna().all()


def test_a_share_that_is_none_is_refused():
    with pytest.raises(ValueError, match="confidence is 95"):
        kaplan_meier(data("drug"), confidence=95)


def test_bounds_on_the_log_log_scale_stay_between_0_and_1():
    low, high = log_log_interval(pd.Series([0.999, 0.001, 1.0]), pd.Series([0.3, 0.3, 0.0]), 0.95)
    assert (low[:2] >= 0).all() and (high[:2] <= 1).all()
    assert np.isnan([low[2], high[2]]).all()


spells = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.integers(1, 30),
        st.sampled_from(["censored", "suspended", "dormant"]),
    ),
    min_size=1,
    max_size=40,
).map(
    lambda rows: pd.DataFrame(
        [(entry, entry + length, event) for entry, length, event in rows],
        columns=["entry", "exit", "event"],
    )
)


@random_data(spells, st.lists(st.integers(0, 70), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_at_every_time_all_ties_are_somewhere_in_the_table(table: pd.DataFrame, at: list[int]):
    counted = risk_table(table, [day / DAYS_PER_YEAR for day in at])
    assert (counted.sum(axis=1) == len(table)).all()
    at_risk = [((table["entry"] <= day) & (table["exit"] > day)).sum() for day in at]
    assert counted["at_risk"].tolist() == at_risk
