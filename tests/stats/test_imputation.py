"""Dates are drawn within their intervals, by what the other dates show; results are pooled."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from ties.stats.imputation import impute_dates, pool

DAY = pd.Timedelta(days=1)


def days(*texts: str | None) -> pd.Series:
    return pd.to_datetime(pd.Series(texts, dtype="str")).astype("M8[s]")


def year_share(drawn: pd.DataFrame, row: int, year: int) -> float:
    return float((drawn.loc[row].dt.year == year).mean())


def test_an_exact_day_is_never_moved():
    drawn = impute_dates(
        days("1991-06-26", "1988-01-01"), days("1991-06-26", "1990-12-31"), m=9, seed=1
    )
    assert (drawn.loc[0] == "1991-06-26").all()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-15_000, 20_000)), st.integers(-15_000, 20_000)),
        min_size=1,
        max_size=12,
    ).filter(lambda rows: any(row[0] is not None for row in rows)),
    st.integers(0, 5),
)
def test_every_day_lies_within_its_interval(rows, seed):
    number = pd.Series([row[0] for row in rows], dtype="float64")
    low = pd.to_datetime(number, unit="D").astype("M8[s]")
    high = pd.to_datetime(pd.Series([row[1] for row in rows]), unit="D").astype("M8[s]")
    drawn = impute_dates(low, high, m=3, seed=seed)
    first = low.where(~(low > high), high)
    last = high.where(~(low > high), low)
    assert drawn.ge(first, axis=0)[first.notna()].all(axis=None)
    assert drawn.le(last, axis=0).all(axis=None)
    assert drawn.eq(drawn.apply(lambda one: one.dt.normalize())).all(axis=None)


def test_within_a_year_all_days_are_alike():
    drawn = impute_dates(days("1991-01-01"), days("1991-12-31"), m=4000, seed=3)
    months = drawn.loc[0].dt.month.value_counts()
    assert len(months) == 12
    assert abs(drawn.loc[0].dt.day_of_year.mean() - 183) < 5


def test_an_interval_takes_after_the_dates_known_to_be_of_its_years():
    known = [("1990-05-05", "1990-05-05")] * 10 + [("1991-05-05", "1991-05-05")] * 30
    low, high = (days(*column) for column in zip(*known, ("1990-01-01", "1991-12-31"), strict=True))
    drawn = impute_dates(low, high, m=2000, seed=5)
    assert abs(year_share(drawn, 40, 1991) - 0.75) < 0.05


def test_nobody_knows_better_than_evenly_where_no_date_is_known():
    drawn = impute_dates(days("1990-01-01"), days("1993-12-31"), m=4000, seed=5)
    assert abs(year_share(drawn, 0, 1990) - 0.25) < 0.04


def test_the_undated_begin_with_the_oldest_on_record_unless_told_otherwise():
    low, high = days("1973-03-01", None), days("1973-03-01", "1980-12-31")
    assert impute_dates(low, high, m=500, seed=1).loc[1].min().year == 1973
    assert impute_dates(low, high, m=500, seed=1, since=1900).loc[1].min().year < 1973


def test_a_last_day_before_the_first_means_that_sources_contradict_one_another():
    drawn = impute_dates(days("1995-01-01"), days("1990-12-31"), m=500, seed=1).loc[0]
    assert drawn.min() >= pd.Timestamp("1990-12-31") and drawn.max() <= pd.Timestamp("1995-01-01")
    assert set(drawn.dt.year) >= {1991, 1992, 1993, 1994}


def test_a_seed_gives_the_same_days():
    low, high = days("1990-01-01", None), days("1999-12-31", "2004-12-31")
    first, again, other = (impute_dates(low, high, m=5, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_dates_can_be_drawn_by_another_model_of_the_years():
    low, high = days("1990-05-05", "1990-01-01"), days("1990-05-05", "1991-12-31")
    drawn = impute_dates(low, high, m=200, seed=1, shares=lambda rng, counts: np.array([1.0, 3.0]))
    assert abs(year_share(drawn, 1, 1991) - 0.75) < 0.1


@pytest.mark.parametrize(
    ("low", "high", "m", "message"),
    [
        (days("1990"), days("1991"), 0, "draw at least once"),
        (days("1990"), days(None), 1, "no last possible day"),
        (days(None), days("1991"), 1, "no interval has a beginning"),
    ],
)
def test_what_cannot_be_drawn_is_told(low, high, m, message):
    with pytest.raises(ValueError, match=message):
        impute_dates(low, high, m=m, seed=1)


def test_nothing_to_draw_gives_nothing():
    assert impute_dates(days(), days(), m=2, seed=1).shape == (0, 2)


def test_rubins_rules_are_those_of_the_textbook():
    # Rubin 1987, section 3.1: T = W + (1 + 1/m) B, df = (m - 1) (1 + W / ((1 + 1/m) B))^2.
    estimates, variances = [2.0, 2.4, 1.8, 2.2, 2.1], [0.30, 0.28, 0.34, 0.31, 0.27]
    found = pool(estimates, variances)
    within, between = np.mean(variances), np.var(estimates, ddof=1)
    added = 1.2 * between
    assert found.variance == pytest.approx(within + added)
    assert found.df == pytest.approx(4 * (1 + within / added) ** 2)
    half = t.ppf(0.975, found.df) * math.sqrt(within + added)
    assert (found.lower, found.upper) == pytest.approx((2.1 - half, 2.1 + half))


def test_degrees_of_freedom_are_those_of_barnard_and_rubin():
    found = pool([2.0, 2.4, 1.8, 2.2, 2.1], [0.30, 0.28, 0.34, 0.31, 0.27], df_complete=20)
    share = found.missing_information
    old = 4 / share**2
    observed = 21 / 23 * 20 * (1 - share)
    assert found.df == pytest.approx(old * observed / (old + observed))
    assert found.df < 20


def test_without_any_spread_the_imputation_does_not_matter():
    found = pool([0.4, 0.4, 0.4], [0.01, 0.01, 0.01])
    assert found.missing_information == 0 and math.isinf(found.df)
    assert found.upper == pytest.approx(0.4 + 1.959964 * 0.1, abs=1e-6)


@pytest.mark.parametrize(
    ("estimates", "variances", "options", "message"),
    [
        ([1.0], [1.0], {}, "two results or more"),
        ([1.0, 2.0], [1.0], {}, "two results or more"),
        ([1.0, math.nan], [1.0, 1.0], {}, "finite"),
        ([1.0, 2.0], [1.0, -1.0], {}, "no variance negative"),
        ([1.0, 2.0], [1.0, 1.0], {"confidence": 95}, "a share such as 0.95"),
    ],
)
def test_what_cannot_be_pooled_is_told(estimates, variances, options, message):
    with pytest.raises(ValueError, match=message):
        pool(estimates, variances, **options)


def test_two_dates_of_one_year_are_drawn_apart():
    drawn = impute_dates(
        days("1991-01-01", "1991-01-01"), days("1991-12-31", "1991-12-31"), m=9, seed=1
    )
    assert (drawn.loc[0] != drawn.loc[1]).sum() >= 8
