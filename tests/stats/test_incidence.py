"""Cumulative incidence as R has it; what statsmodels does, and what it does not."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight
from tests.stats.reference import days, given, numbers, recorded

from ties.stats.incidence import cumulative_incidence
from ties.stats.spells import CENSORED
from ties.stats.survival import kaplan_meier

WAYS = ["suspended", "terminated"]


def data(name: str) -> pd.DataFrame:
    table = given(name)
    table["event"] = pd.Categorical(table["event"], categories=[CENSORED, *WAYS])
    return table


@pytest.mark.parametrize("name", ["competing", "record_stops", "record_stops_calendar"])
def test_incidence_and_its_variance_are_those_of_r(name: str):
    expected = recorded("incidence", name)
    found = cumulative_incidence(data(name))
    share = found["incidence"].unstack()[WAYS].iloc[1:]
    np.testing.assert_allclose(days(share.index), expected["time"], atol=1e-8)
    np.testing.assert_allclose(share, numbers(expected["survival_package"]), atol=1e-8)
    # etm reports the start and the times at which somebody is lost as well.
    moved = np.isin(np.round(expected["etm_time"], 6), np.round(expected["time"], 6))
    np.testing.assert_allclose(share, numbers(expected["etm_share"])[moved], atol=1e-8)
    variance = found["se"].unstack()[WAYS].iloc[1:] ** 2
    np.testing.assert_allclose(variance, numbers(expected["etm_var"])[moved], atol=1e-8)


def test_where_all_enter_at_0_it_is_that_of_cmprsk_and_of_statsmodels():
    table = data("competing").assign(entry=0)
    share = cumulative_incidence(table)["incidence"].unstack()[WAYS]
    expected = recorded("cmprsk")
    at = np.searchsorted(days(share.index), numbers(expected["time"]) + 1e-6) - 1
    np.testing.assert_allclose(share.iloc[at], numbers(expected["share"]), atol=1e-8)
    library = CumIncidenceRight(table["exit"], table["event"].cat.codes.astype("int64"))
    at = np.searchsorted(days(share.index), library.times + 1e-6) - 1
    np.testing.assert_allclose(share.iloc[at].T, library.cinc, atol=1e-8)


def test_statsmodels_incidence_takes_no_late_entry_so_it_would_be_wrong_here():
    assert "entry" not in inspect.signature(CumIncidenceRight).parameters
    table = data("competing")
    library = CumIncidenceRight(table["exit"], table["event"].cat.codes.astype("int64"))
    ours = cumulative_incidence(table)["incidence"].unstack()["suspended"].iloc[-1]
    assert abs(ours - library.cinc[0][-1]) > 0.01


def test_the_order_of_rows_and_of_equal_times_changes_nothing():
    table = data("competing")
    first = cumulative_incidence(table)
    for seed in range(5):
        again = cumulative_incidence(table.sample(frac=1, random_state=seed))
        pd.testing.assert_frame_equal(first, again, rtol=0, atol=1e-15)


def test_incidences_and_what_still_stands_add_up_to_one():
    table = data("record_stops_calendar")
    gone = cumulative_incidence(table)["incidence"].groupby("time").sum()
    np.testing.assert_allclose(1 - gone, kaplan_meier(table)["survival"], atol=1e-12)


def test_one_minus_kaplan_meier_overstates_each_way():
    table = data("competing")
    only = table.assign(event=table["event"].where(table["event"] == "suspended", CENSORED))
    alone = 1 - kaplan_meier(only)["survival"].iloc[-1]
    assert cumulative_incidence(table)["incidence"].xs("suspended", level="exit").iloc[-1] < alone


def test_a_way_that_nobody_took_has_no_bounds():
    table = pd.DataFrame(
        {
            "entry": 0,
            "exit": [365, 730],
            "event": pd.Categorical(["suspended", CENSORED], categories=[CENSORED, *WAYS]),
        }
    )
    none = cumulative_incidence(table).xs("terminated", level="exit")
    assert none["incidence"].eq(0).all() and none[["lower", "upper"]].isna().all(axis=None)
