"""Exits and time by years and ages: every exit and day is in one cell, or told beside them."""

from __future__ import annotations

import pytest
from tests.factory import make_dataset

import ties
from ties.stats.lexis import lexis, lexis_rates
from ties.stats.spells import lifetimes

# Left on the first day of a band, on the last day before it, and never.
RECORD = make_dataset(
    [
        ("t", "1990-01-01", "founded", "both"),
        ("t", "2010-01-01", "suspended", "b"),
        ("u", "1991-01-01", "founded", "both"),
        ("u", "2009-12-31", "terminated", "b"),
        ("v", "2000-01-01", "founded", "both"),
    ]
)
SEGMENTS = lexis(ties.lifecycle(RECORD), lifetimes(RECORD))


def test_an_exit_on_the_first_day_of_a_band_is_in_the_band_and_not_before_it():
    table = lexis_rates(SEGMENTS, years=(2010, 2020), ages=(0, 10, 20))
    assert table["n_exits"].sum() == table.loc[(2010, 20), "n_exits"] == 1
    assert table.attrs["n_exits_before"] == 1


@pytest.mark.parametrize("years", [(1980,), (2000, 2010), (2010, 2020)])
def test_no_exit_and_no_time_is_lost_or_counted_twice(years):
    table = lexis_rates(SEGMENTS, years=years)
    assert table["n_exits"].sum() + table.attrs["n_exits_before"] == 2
    spent = table["tie_years"].sum() + table.attrs["tie_years_before"]
    # Twenty and nineteen years, and from 2000 to the record's own date, which is lived through.
    assert spent == pytest.approx(20 + 19 + 26.9, abs=0.05)


def test_years_and_ages_must_rise():
    with pytest.raises(ValueError, match="must rise"):
        lexis_rates(SEGMENTS, years=(2010, 2000))
