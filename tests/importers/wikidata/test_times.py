import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ties.dates import date_bounds, is_edtf
from ties.importers.wikidata.times import Moment, approximate, read_literal, read_value

GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
JULIAN = "http://www.wikidata.org/entity/Q1985786"


def value(time: str, precision: object = 11, model: str = GREGORIAN, **more: object):
    return {"time": time, "precision": precision, "calendarmodel": model, **more}


def rules(moment: Moment) -> list[str]:
    return [rule for rule, _ in moment.remarks]


@pytest.mark.parametrize(
    ("time", "precision", "edtf"),
    [
        ("+1995-02-18T00:00:00Z", 14, "1995-02-18"),
        ("+1995-02-18T00:00:00Z", 11, "1995-02-18"),
        ("+1995-02-18T00:00:00Z", "11", "1995-02-18"),
        ("+00000001995-02-18T00:00:00Z", 11, "1995-02-18"),
        ("+1995-02-18T00:00:00Z", 10, "1995-02"),
        ("+1995-02-00T00:00:00Z", 10, "1995-02"),
        ("+1995-02-18T00:00:00Z", 9, "1995"),
        ("+1995-00-00T00:00:00Z", 9, "1995"),
        ("+1995-00-00T00:00:00Z", 8, "199X"),
        ("+1990-00-00T00:00:00Z", 8, "199X"),
        ("+1950-00-00T00:00:00Z", 7, "1900/2000"),
        ("+1900-00-00T00:00:00Z", 7, "1801/1999"),
        ("+0988-00-00T00:00:00Z", 9, "0988"),
    ],
)
def test_a_date_is_as_exact_as_its_precision(time: str, precision: object, edtf: str):
    moment = read_value(value(time, precision))
    assert moment == Moment(edtf, f"{time}/{precision}")
    assert is_edtf(pd.Series([edtf])).all()


@pytest.mark.parametrize(
    ("given_value", "reason"),
    [
        (value("+2000-00-00T00:00:00Z", 6), "a thousand years at best"),
        (value("+2000-00-00T00:00:00Z", 0), "a thousand years at best"),
        (value("+2000-00-00T00:00:00Z", 15), "has precision 15"),
        (value("+2000-00-00T00:00:00Z", None), "has no precision"),
        (value("-0044-03-15T00:00:00Z"), "outside the years"),
        (value("+0000-00-00T00:00:00Z", 9), "outside the years"),
        (value("+12345-00-00T00:00:00Z", 9), "outside the years"),
        (value("+1995-02-30T00:00:00Z"), "not a day of its calendar"),
        (value("+1900-02-29T00:00:00Z"), "not a day of its calendar"),
        (value("+1995-13-01T00:00:00Z", 10), "not a month"),
        (value("18 February 1995"), "not a timestamp"),
        (value("+1995-02-18T00:00:00Z", 11, "http://www.wikidata.org/entity/Q12138"), "calendar"),
        (value("+9999-12-31T00:00:00Z", 11, JULIAN), "outside the years"),
        (value("+1995-02-18T00:00:00Z", after=-1), "no uncertainty"),
        ({"precision": 11}, "no time value"),
        (None, "no time value"),
        ("1995", "no time value"),
    ],
)
def test_what_cannot_be_read_is_no_date_and_says_why(given_value: object, reason: str):
    moment = read_value(given_value)
    assert moment.edtf is None
    assert rules(moment) == ["date_unread"]
    assert reason in moment.remarks[0][1]


@pytest.mark.parametrize(
    ("time", "edtf"),
    [("+1995-02-00T00:00:00Z", "1995-02"), ("+1995-00-00T00:00:00Z", "1995")],
)
def test_a_day_that_is_not_given_widens_the_date(time: str, edtf: str):
    moment = read_value(value(time, 11))
    assert (moment.edtf, rules(moment)) == (edtf, ["date_widened"])


def test_a_month_that_is_not_given_widens_the_date_to_its_year():
    assert read_value(value("+1995-00-00T00:00:00Z", 10)).edtf == "1995"


@pytest.mark.parametrize(
    ("julian", "gregorian"),
    [
        ("1917-10-25", "1917-11-07"),  # the October Revolution
        ("1582-10-05", "1582-10-15"),  # the day on which the new calendar began
        ("1752-09-03", "1752-09-14"),  # the same in Britain
        ("1900-02-29", "1900-03-13"),  # a day that only the Julian calendar has
        ("0001-01-03", "0001-01-01"),
    ],
)
def test_a_julian_day_becomes_the_gregorian_day(julian: str, gregorian: str):
    moment = read_value(value(f"+{julian}T00:00:00Z", 11, JULIAN))
    assert moment.edtf == gregorian
    assert moment.text == f"+{julian}T00:00:00Z/11/J"
    assert rules(moment) == ["julian"]


def test_julian_days_follow_one_another():
    lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    labels = [
        f"+{year}-{month:02}-{day:02}T00:00:00Z"
        for year in range(1890, 1925)
        for month, length in enumerate(lengths, start=1)
        for day in range(1, length + 1 + (month == 2 and year % 4 == 0))
    ]
    days = [dt.date.fromisoformat(str(read_value(value(one, 11, JULIAN)).edtf)) for one in labels]
    assert len(days) == 12_784
    assert {(after - before).days for before, after in pairwise(days)} == {1}


@pytest.mark.parametrize(
    ("precision", "edtf"),
    [
        (10, "1917-10-14/1917-11-13"),
        (9, "1917-01-14/1918-01-13"),
        (8, "1910-01-14/1920-01-13"),
    ],
)
def test_a_julian_month_year_or_decade_becomes_the_days_that_it_covers(precision: int, edtf: str):
    moment = read_value(value("+1917-10-00T00:00:00Z", precision, JULIAN))
    assert (moment.edtf, rules(moment)) == (edtf, ["julian"])


@pytest.mark.parametrize(
    ("time", "precision", "edtf"),
    [
        ("+1995-02-18T00:00:00Z", 11, "1995-02-17/1995-02-20"),
        ("+1995-02-00T00:00:00Z", 10, "1995-01-01/1995-04-30"),
        ("+1995-00-00T00:00:00Z", 9, "1994-01-01/1997-12-31"),
        ("+1990-00-00T00:00:00Z", 8, "1980-01-01/2019-12-31"),
    ],
)
def test_uncertainty_widens_a_date_by_units_of_its_precision(time: str, precision: int, edtf: str):
    moment = read_value(value(time, precision, before=1, after=2))
    assert (moment.edtf, rules(moment)) == (edtf, ["date_widened"])


@pytest.mark.parametrize(
    ("text", "edtf", "found"),
    [
        ("1995-02-18T00:00:00Z", "1995-02-18", []),
        ("1995-02-18", "1995-02-18", []),
        ("1995-02-01T00:00:00Z", "1995-02", ["date_widened"]),
        ("1995-01-01T00:00:00Z", "1995", ["date_widened"]),
        ("1990-01-01T00:00:00Z", "199X", ["date_widened"]),
        ("1900-01-01T00:00:00Z", None, ["date_unread"]),
        ("t1234", None, ["date_unread"]),
    ],
)
def test_a_date_without_precision_is_read_as_widely_as_filler_admits(
    text: str, edtf: str | None, found: list[str]
):
    moment = read_literal(text)
    assert (moment.edtf, rules(moment)) == (edtf, found)


def test_a_julian_day_of_an_answer_was_converted_by_the_service():
    assert read_literal("1917-11-07T00:00:00Z", 11, JULIAN).edtf == "1917-11-07"


def test_a_julian_year_of_an_answer_was_not_converted_by_the_service():
    assert read_literal("1917-01-01T00:00:00Z", 9, JULIAN).edtf == "1917-01-14/1918-01-13"


def test_circa_marks_a_plain_date_only():
    assert approximate(Moment("1995", "t")).edtf == "1995~"
    assert approximate(Moment("1900/2000", "t")).edtf == "1900/2000"
    assert approximate(Moment(None, "t")).edtf is None


numbers = st.integers(-2, 40) | st.none() | st.text(max_size=3)


@given(
    st.dates(),
    st.integers(0, 14),
    st.sampled_from([JULIAN, GREGORIAN]),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_every_date_that_is_read_is_edtf_and_holds_what_was_written(
    day: dt.date, precision: int, model: str, before: int, after: int
):
    time = f"+{day.isoformat()}T00:00:00Z"
    moment = read_value(value(time, precision, model, before=before, after=after))
    if moment.edtf is None:
        assert rules(moment) == ["date_unread"]
        return
    bounds = date_bounds(pd.Series([moment.edtf])).iloc[0]
    if model == GREGORIAN:
        assert bounds["earliest"] <= pd.Timestamp(day).as_unit("s") <= bounds["latest"]


@given(st.text(max_size=12), numbers, st.text(max_size=5), numbers, numbers)
def test_no_time_value_breaks_the_reading(
    time: str, precision: object, model: str, before: object, after: object
):
    for written in (time, f"+{time}-01-01T00:00:00Z"):
        moment = read_value(value(written, precision, model, before=before, after=after))
        assert moment.edtf is None or is_edtf(pd.Series([moment.edtf])).all()
        read_literal(written, None, model)
