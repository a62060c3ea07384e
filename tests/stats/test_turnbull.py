"""Turnbull's estimate: as published, as R has it, and at its maximum."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as random_data
from hypothesis import settings
from hypothesis import strategies as st
from tests.stats.reference import days, given, numbers, recorded

from ties.stats.spells import DAYS_PER_YEAR
from ties.stats.survival import kaplan_meier, survival_at
from ties.stats.turnbull import (
    NotConvergedError,
    clustered_standing,
    innermost,
    interval_quantile,
    share_standing,
    turnbull,
)

# Masses as published with R's package `interval` (Fay & Shaw, Journal of Statistical Software 36,
# 2010) and by Finkelstein & Wolfe (1985): left, right (months), mass.
PUBLISHED = {
    "radiation": "4 5 .0463|6 7 .0334|7 8 .0887|11 12 .0708|24 25 .0926|33 34 .0818|38 40 .1209"
    "|46 48 .4656",
    "both": "4 5 .0433|5 8 .0433|11 12 .0692|16 17 .1454|18 19 .1411|19 20 .1157|24 25 .0999"
    "|30 31 .0709|35 36 .1608|44 48 .0552|48 60 .0552",
}


def data(name: str) -> pd.DataFrame:
    if name in PUBLISHED:
        table = given("cosmesis")
        return table[table["arm"] == name]
    return given(name)


@pytest.mark.parametrize("arm", [*PUBLISHED])
def test_the_published_masses_come_out(arm: str):
    found = turnbull(data(arm))
    found = found[found["mass"] > 1e-6]
    expected = [[float(x) for x in row.split()] for row in PUBLISHED[arm].split("|")]
    ours = np.column_stack([days(found["left"]), days(found["right"]), found["mass"].round(4)])
    np.testing.assert_allclose(ours, expected, atol=1e-9)


@pytest.mark.parametrize("name", ["radiation", "both", "record_silence"])
def test_the_masses_are_those_of_r(name: str):
    expected = recorded("turnbull", name)
    found = turnbull(data(name), tolerance=1e-12)
    theirs = pd.Series(numbers(expected["prodlim_mass"]), index=expected["prodlim_right"])
    for right, mass in theirs[theirs > 1e-8].items():
        own = found.loc[np.isclose(days(found["right"]), right), "mass"].sum()
        assert own == pytest.approx(mass, abs=1e-8)


@pytest.mark.parametrize("name", ["radiation", "both", "record_silence"])
def test_the_curve_is_that_of_survfit_as_far_as_it_goes(name: str):
    # `survfit` stops when a step changes no value by more than 5e-5. Intervals whose mass ought to
    # vanish are then not empty yet, which costs up to three thousandths here.
    expected = recorded("turnbull", name)
    read = share_standing(turnbull(data(name)), numbers(expected["survival_time"]) / DAYS_PER_YEAR)
    theirs = numbers(expected["survival"])
    assert (theirs >= read["lower"] - 3e-3).all() and (theirs <= read["upper"] + 3e-3).all()


def test_with_days_known_it_is_kaplan_meier():
    table = given("remission")
    left = table["exit"].astype("float64")
    right = left.where(table["event"] != "censored", np.inf)
    found = turnbull(pd.DataFrame({"left": left, "right": right}))
    curve = kaplan_meier(table)
    read = share_standing(found, curve.index.to_numpy())
    np.testing.assert_allclose(read["upper"], curve["survival"], atol=1e-8)
    np.testing.assert_allclose(read["lower"], curve["survival"], atol=1e-8)


def test_with_days_known_and_late_entry_it_is_kaplan_meier_too():
    table = given("late")
    left = table["exit"].astype("float64")
    right = left.where(table["event"] != "censored", np.inf)
    bounds = pd.DataFrame({"left": left, "right": right, "entry": table["entry"]})
    read = share_standing(turnbull(bounds, tolerance=1e-11), np.arange(1, 25) / DAYS_PER_YEAR)
    curve = survival_at(kaplan_meier(table), read.index.to_list())
    np.testing.assert_allclose(read["upper"], curve["survival"], atol=1e-7)


def test_within_an_interval_the_share_is_bounded_and_not_guessed():
    estimate = turnbull(pd.DataFrame({"left": [0.0, 365.25], "right": [365.25, np.inf]}))
    read = share_standing(estimate, [0.5, 1.0])
    assert read.loc[0.5].tolist() == pytest.approx([0.5, 1.0])
    assert read.loc[1.0, "upper"] == pytest.approx(0.5)


def test_the_median_is_an_interval_and_open_where_ties_outlast_the_record():
    open_ended = turnbull(pd.DataFrame({"left": [0.0, 10.0, 10.0], "right": [5.0, np.inf, np.inf]}))
    assert np.isinf(interval_quantile(open_ended)[1])


def test_a_tie_that_leaves_before_it_enters_is_refused():
    with pytest.raises(ValueError, match="leave after it entered"):
        turnbull(pd.DataFrame({"left": [0.0], "right": [5.0], "entry": [6.0]}))


def test_what_does_not_reach_its_maximum_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ties.stats.turnbull._MAX_STEPS", 3)
    with pytest.raises(NotConvergedError, match="still to gain"):
        turnbull(data("both"))


bounds = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.integers(0, 8), st.none())), min_size=2, max_size=25
).map(
    lambda rows: pd.DataFrame(
        [(float(low), np.inf if wide is None else float(low + wide)) for low, wide in rows],
        columns=["left", "right"],
    )
)


@random_data(bounds)
@settings(max_examples=50, deadline=None)
def test_no_other_distribution_is_more_likely(table: pd.DataFrame):
    found = turnbull(table)
    assert found["mass"].sum() == pytest.approx(1)
    assert found.attrs["gain"] <= 1e-9

    def log_likelihood(mass: np.ndarray) -> float:
        low, high = innermost(table["left"].to_numpy(), table["right"].to_numpy())
        left, right = table["left"].to_numpy()[:, None], table["right"].to_numpy()[:, None]
        after = (low > left) | ((low == left) & ((low < high) | (left == right)))
        inside = after & (high <= right)
        return float(np.log(inside @ mass).sum())

    rng = np.random.default_rng(1)
    best = log_likelihood(found["mass"].to_numpy())
    for other in rng.dirichlet(np.ones(len(found)), 20):
        nearby = 0.95 * found["mass"].to_numpy() + 0.05 * other
        assert log_likelihood(nearby) <= best + 1e-7


def test_bounds_by_city_repeat_with_their_seed_and_hold_the_estimate():
    table = data("record_silence").assign(
        place_a=lambda t: np.arange(len(t)) // 2, place_b=lambda t: np.arange(len(t))
    )
    found = clustered_standing(table, [10.0, 20.0], n_resamples=25, seed=3)
    again = clustered_standing(table, [10.0, 20.0], n_resamples=25, seed=3)
    pd.testing.assert_frame_equal(found, again)
    assert (found["interval_lower"] <= found["lower"]).all()
    assert (found["upper"] <= found["interval_upper"]).all()
