"""Sentences say what their tables say: one and many, none, bounds, and what cannot be told."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.factory import make_dataset

from ties import bounds
from ties.report import sentences
from ties.schema.vocabulary import STATUSES

DAY = "2018-11-28"


def said(n_in, n_out, n_unknown):
    """Say the share of the 1990s of as many ties: founded in them, before, or either."""
    dates = ["1995"] * n_in + ["1985"] * n_out + ["1985/1995"] * n_unknown
    record = make_dataset([(f"t{i}", date, "founded", "both") for i, date in enumerate(dates)])
    share, ties = bounds.share_of_decade(record), bounds.n_ties(record)
    return sentences.say_formation(share, ties, 1990, DAY)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((3, 0, 1), "**Most were founded in the 1990s**, whatever the vague dates are."),
        ((3, 1, 0), "**Most were founded in the 1990s**."),
        ((1, 1, 0), "**At most half were founded in the 1990s**."),
        ((0, 3, 1), "**At most half were founded in the 1990s**, whatever the vague dates are."),
        ((2, 1, 1), "cannot be told**"),
        ((0, 0, 1), "cannot be told**"),
    ],
)
def test_most_is_said_only_where_the_bounds_agree(counts, verdict):
    assert verdict in said(*counts)


def test_one_tie_and_none_read_as_english():
    assert "knows of 1 tie that stood: 1 founded" in said(1, 0, 0)
    assert "knows of no tie" in said(0, 0, 0)


def test_the_peak_may_be_shared():
    index = pd.Index([1980, 1990, pd.NA], dtype="Int64")
    counted = pd.DataFrame({"n_certain": [2, 2, 5]}, index=index)
    assert "The 1980s and 1990s hold" in sentences.say_peak(counted)
    assert "2 each." in sentences.say_peak(counted)
    assert "No founding" in sentences.say_peak(counted * 0)


def stock(**counts):
    row = {code: counts.get(code, 0) for code in STATUSES}
    return pd.DataFrame([row | {"total": sum(row.values())}], index=[2018])


def test_the_stock_names_what_there_is():
    all_known = by_year((2, 1))
    text = sentences.say_stock(stock(active=2, suspended=1, no_information=1), all_known, DAY)
    assert "4 ties that stood: 2 active, 1 suspended and 1 (25%) without information" in text
    assert "In force on paper: 3 to 9." in text and "may have stood" not in text
    assert "without information" not in sentences.say_stock(stock(active=1), all_known, DAY)
    some_may = all_known.assign(ties_upper=11)
    assert "2 more may have stood" in sentences.say_stock(stock(active=1), some_may, DAY)
    assert "no tie" in sentences.say_stock(stock(), all_known, DAY)


def by_year(*rows):
    """The ties alive at the end of each year: for certain, and how many more may be."""
    table = pd.DataFrame(
        [(alive, alive + unknown) for alive, unknown in rows],
        columns=["alive_lower", "alive_upper"],
        index=range(2018 - len(rows) + 1, 2019),
    )
    return table.assign(ties_lower=9, ties_upper=9, in_force_lower=3, in_force_upper=9)


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([(5, 0), (1, 3)], "between 1 and 4. **Fewer show life than once did.**"),
        ([(5, 0), (1, 4)], "**Whether ties faded cannot be told.**"),
        ([(5, 0), (0, 0)], "it was 0. **Fewer show life than once did.**"),
        ([(5, 0), (4, 0), (5, 0)], "**As many show life as ever did.**"),
        ([(1, 0), (5, 2)], "**The record shows no fading**"),
        ([(0, 2), (0, 3)], "**Whether ties faded cannot be told.**"),
    ],
)
def test_fading_is_said_only_where_the_unknown_cannot_undo_it(rows, verdict):
    assert verdict in sentences.say_fading(by_year(*rows), DAY)


def flows(**by_year):
    index = pd.MultiIndex.from_product([range(2020, 2024), [*STATUSES]], names=["year", "status"])
    entries = pd.Series(0, index=index)
    for key, n in by_year.items():
        status, year = key.rsplit("_", 1)
        entries[(int(year), status)] = n
    return pd.DataFrame({"entries": entries, "exits": 0})


@pytest.mark.parametrize(
    ("by_year", "said"),
    [
        ({}, "No formal stop"),
        ({"suspended_2022": 1}, "1 suspension is recorded, in 2022."),
        (
            {"suspended_2022": 2, "terminated_2022": 1},
            "2 suspensions and 1 termination are",
        ),
        ({"suspended_2022": 3, "suspended_2021": 1}, "3 of these in 2022 alone"),
        ({"suspended_2022": 1, "suspended_2021": 1}, "no year with more than half"),
    ],
)
def test_stops_are_gathered_or_spread(by_year, said):
    assert said in sentences.say_stops(flows(**by_year))


def returns(*years, status="dormant"):
    days = pd.to_datetime([f"{year}-06-01" for year in years])
    from_status = pd.Series([status] * len(years), dtype="str")
    return pd.DataFrame({"start_latest": days, "from_status": from_status})


def rate(n, years):
    values = {"n_revivals": n, "dormant_tie_years": years}
    bounds = {"rate": n / years, "rate_lower": 0.0, "rate_upper": 0.1} if years else {}
    return pd.Series(values | bounds)


def test_returns_have_an_origin_and_a_rate():
    said = sentences.say_returns(returns(2015), rate(1, 50.0))
    assert said.startswith("1 return to life is recorded: 1 after dormancy.")
    assert "2.0 per hundred tie-years (95% interval 0.0 to 10.0)" in said


def test_without_dormancy_there_is_no_rate():
    assert "there is no rate" in sentences.say_returns(returns(), rate(0, 0))


def test_a_return_that_only_a_source_calls_so_is_told_apart():
    assert "a source calls so" in sentences.say_returns(
        returns(2015, status="active"), rate(0, 9.0)
    )


@pytest.mark.parametrize(
    ("years", "verdict"),
    [
        ([], "cannot be told** from so few"),
        ([2014] * 5, "cannot be told** from so few"),
        ([2014] * 6, "**More returns are recorded than before**"),
        ([2013] * 6, "**Fewer returns are recorded than before**"),
    ],
)
def test_growth_needs_more_than_a_handful(years, verdict):
    seen = pd.DataFrame({"news": [3, 1]}, index=[2013, 2014])
    said = sentences.say_growth(returns(*years), seen, DAY)
    assert verdict in said
    assert "attest 1 event and 3 events" in said


def test_dormancy_that_is_only_inferred_is_called_weak():
    table = pd.DataFrame({"status": ["dormant", "dormant"], "basis": ["recorded", "inferred"]})
    assert "Of the 2 dormant, 1 is so only" in sentences.say_silence(table)
    assert "a source says so" in sentences.say_silence(table.head(1))
    assert sentences.say_silence(table.head(0)) == ""


def test_names_in_a_sentence_are_escaped():
    table = pd.DataFrame({"name_a": ["*A*"], "name_b": ["<b>"]})
    assert sentences.say_names(table) == r"\<b\> and \*A\*."
    assert sentences.say_names(table.head(0)) == "None."
