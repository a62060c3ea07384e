"""EDTF text to days: what each form admits, and what is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ties import dates
from ties.dates import add_years, date_bounds, is_edtf, last_day, years_of


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("1991-06-26", "1991-06-26", "1991-06-26", "day"),
        ("1991-06", "1991-06-01", "1991-06-30", "month"),
        ("1992-02", "1992-02-01", "1992-02-29", "month"),
        ("1991-23", "1991-09-01", "1991-11-30", "season"),
        ("1991", "1991-01-01", "1991-12-31", "year"),
        ("1991-XX", "1991-01-01", "1991-12-31", "year"),
        ("199X", "1990-01-01", "1999-12-31", "decade"),
        ("19XX", "1900-01-01", "1999-12-31", "century"),
        ("1989/1991", "1989-01-01", "1991-12-31", "interval"),
        ("1989-05/1991-02-03", "1989-05-01", "1991-02-03", "interval"),
    ],
)
def test_a_date_admits_its_days_and_no_more(text, earliest, latest, precision):
    bounds = date_bounds(pd.Series([text])).iloc[0]
    found = (str(bounds["earliest"].date()), str(bounds["latest"].date()), bounds["precision"])
    assert found == (earliest, latest, precision)
    assert not bounds["is_approximate"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1991~", "1990-01-01", "1992-12-31"),
        ("1991?", "1990-01-01", "1992-12-31"),
        ("1991%", "1989-01-01", "1993-12-31"),
        ("1991-06~", "1991-05-01", "1991-07-31"),
        ("1991-06-26~", "1991-06-25", "1991-06-27"),
        ("199X~", "1980-01-01", "2009-12-31"),
        ("1989~/1991", "1988-01-01", "1991-12-31"),
    ],
)
def test_approximate_widens_by_one_unit_of_its_own_precision(text, earliest, latest):
    # The library widens 1991-06~ by a year and a month: this is where we differ.
    bounds = date_bounds(pd.Series([text])).iloc[0]
    assert (str(bounds["earliest"].date()), str(bounds["latest"].date())) == (earliest, latest)
    assert bounds["is_approximate"]


@pytest.mark.parametrize(
    "text", ["1988-1X", "1988-X6", "1988-06-1X", "200X-06-31", "1XXX-02-30~", "XXXX-11-31/2000"]
)
def test_a_date_over_which_the_parser_slips_is_none(text, capsys):
    assert not is_edtf(pd.Series([text], dtype="str")).any()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "text",
    [
        "1991",
        "0001",
        "9999",
        "0000",
        "1991-02",
        "1992-02",
        "1991-12",
        "1991-13",
        "1991-00",
        "1991-21",
        "0000-01",
        "1992-02-29",
        "1991-02-29",
        "1991-06-31",
        "1991-12-31",
        "1991-06-00",
    ],
)
def test_plain_dates_have_the_days_that_the_parser_gives_them(text):
    quick, slow = dates._plain_days(text), dates._parsed_days(text)
    assert quick is None or quick == slow


@pytest.mark.parametrize("text", ["../1992", "/1992"])
def test_an_open_start_is_missing_not_invented(text):
    bounds = date_bounds(pd.Series([text])).iloc[0]
    assert pd.isna(bounds["earliest"])
    assert bounds["latest"] == pd.Timestamp("1992-12-31")


@pytest.mark.parametrize(
    "text",
    [
        *("c. 1970", "1991-13", "1991-02-30", "91", "1991-6", "1991/1989", "..", "../..", "/"),
        *("1991-06-26T10:00", "June 1991", "=1991", "1991/x", "[1990,1991]", "", " 1991"),
    ],
)
def test_what_is_no_date_is_refused(text):
    assert not is_edtf(pd.Series([text])).item()
    with pytest.raises(ValueError, match="not an EDTF date"):
        date_bounds(pd.Series(["1991", text]))


def test_missing_dates_keep_their_place():
    dates = pd.Series([None, "1991", None], index=[7, 3, 5], dtype="str")
    bounds = date_bounds(dates)
    assert bounds.index.tolist() == [7, 3, 5]
    assert bounds["precision"].isna().tolist() == [True, False, True]
    assert is_edtf(dates).tolist() == [False, True, False]
    assert date_bounds(dates.iloc[:0]).empty


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2018", "2018-12-31"),
        ("2018-11", "2018-11-30"),
        (dt.date(2018, 11, 28), "2018-11-28"),
        (pd.Timestamp("2018-11-28 15:00"), "2018-11-28"),
    ],
)
def test_a_view_is_taken_from_the_last_day(date, expected):
    assert last_day(date) == pd.Timestamp(expected)


def test_years_later_is_the_same_day_of_the_year():
    days = np.array(["1991-06-26", "1992-02-29", "NaT"], dtype="M8[D]")
    assert add_years(days, 1).astype(str).tolist() == ["1992-06-26", "1993-03-01", "NaT"]


@given(st.dates(dt.date(1000, 1, 1), dt.date(9990, 12, 31)))
def test_every_day_lies_within_its_month_and_year(day):
    text = day.isoformat()
    bounds = date_bounds(pd.Series([text, text[:7], text[:4]]))
    assert (bounds["earliest"] <= pd.Timestamp(day)).all()
    assert (bounds["latest"] >= pd.Timestamp(day)).all()
    assert bounds["latest"].is_monotonic_increasing


@pytest.mark.parametrize("n_days", [1, 100, 5_000, (100, 1), (50, 100)])
def test_a_year_is_the_same_reckoned_or_looked_up(n_days):
    days = np.datetime64("1896-02-28", "D") + np.random.default_rng(1).integers(0, 4_000, n_days)
    for asked in (days, days.astype("M8[s]")):
        years = years_of(asked)
        assert years.shape == days.shape
        assert years.ravel().tolist() == pd.to_datetime(days.ravel()).year.tolist()
    assert years_of(days[:0]).size == years_of(days[..., :0]).size == 0
