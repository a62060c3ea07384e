"""A change of activity, under either bound of the attention that it got."""

from __future__ import annotations

import pandas as pd
import pytest

from ties.stats.activity_change import activity_change

YEARS = range(1995, 2025)


def by_year(signs, reports):
    index = pd.RangeIndex(YEARS.start, YEARS.stop, name="year")
    table = pd.DataFrame({"n_signs": signs, "n_reports": reports}, index=index)
    return table.assign(tie_years=100.0, is_incomplete=table.index > 2022)


def steps(before, after, year=2010):
    return [after if y >= year else before for y in YEARS]


def test_a_change_that_reports_share_is_one_only_at_constant_attention():
    found = activity_change(by_year(steps(5, 20), steps(10, 40)), 1995)
    assert found.loc["constant", "p_no_change"] < 0.01
    assert found.loc["as reports", "p_no_change"] > 0.5


def test_a_change_of_activity_alone_is_one_under_both():
    found = activity_change(by_year(steps(5, 20), steps(10, 10)), 1995)
    assert (found["p_no_change"] < 0.01).all() and (found["year"] == 2010).all()
    assert (found["ratio_lower"] > 2).all() and (found["ratio_upper"] < 7).all()
    assert found["ratio"].between(found["ratio_lower"], found["ratio_upper"]).all()


def test_years_that_are_not_written_up_are_left_out():
    drop = [5] * 28 + [0, 0]
    found = activity_change(by_year(drop, [10] * 30), 1995)
    assert (found["n_years"] == 28).all() and (found["p_no_change"] > 0.5).all()


def test_a_year_with_nothing_to_be_seen_is_refused():
    with pytest.raises(ValueError, match="exposure above 0"):
        activity_change(by_year(steps(2, 2), [0] * 30), 1995)
