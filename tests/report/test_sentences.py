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
    per_decade = bounds.founded_per_decade(record)
    return sentences.say_formed(share, ties, per_decade, 1990, DAY)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((3, 0, 1), "**Most ties were founded in the 1990s: between 75% and 100%.**"),
        ((3, 1, 0), "**Most ties were founded in the 1990s: 75%.**"),
        ((1, 1, 0), "**At most half of the ties were founded in the 1990s: 50%.**"),
        ((0, 3, 1), "**At most half of the ties were founded in the 1990s: between 0% and 25%.**"),
        ((2, 1, 1), "do not say whether it was most.**"),
        ((0, 0, 1), "do not say whether it was most.**"),
    ],
)
def test_most_is_said_only_where_the_bounds_agree(counts, verdict):
    assert verdict in said(*counts)


def test_one_tie_and_none_read_as_english():
    assert "Of the 1 tie that stood by 28 November 2018, 1 was founded" in said(1, 0, 0)
    assert "knows of no tie" in said(0, 0, 0)


def test_the_peak_may_be_shared_or_elsewhere():
    assert "No other decade has as many" in said(2, 1, 0)
    assert "fall in the 1980s and 1990s, 1 each." in said(1, 1, 0)
    assert "fall in the 1980s, 2." in said(1, 2, 0)
    assert "No founding is known to its decade" in said(0, 0, 1)


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
        ([(5, 0), (1, 3)], "**Fewer ties show life than once did.** At the end of 2017 at least 5"),
        ([(5, 0), (1, 4)], "**Whether fewer ties live than once did is open.**"),
        ([(5, 0), (0, 0)], "it was 0. No formal stop"),
        ([(5, 0), (4, 0), (5, 0)], "**As many ties show life as ever did.**"),
        ([(1, 0), (5, 2)], "**The record shows no fading:**"),
        ([(0, 2), (0, 3)], "**Whether ties faded is open:**"),
    ],
)
def test_fading_is_said_only_where_the_unknown_cannot_undo_it(rows, verdict):
    assert verdict in sentences.say_declined(by_year(*rows), flows(), DAY)


def test_silence_that_rests_on_searches_alone_is_said_to():
    text = sentences.say_declined(by_year((5, 0), (1, 1)), flows(), DAY, n_by_search=2)
    assert "That 2 ties are silent rests on a search without result alone." in text


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


SEEN = pd.DataFrame({"news": [3, 1]}, index=[2013, 2014])


def came_back(found, of):
    return sentences.say_came_back(found, of, SEEN, DAY)


def test_returns_have_an_origin_and_a_rate():
    said = came_back(returns(2015), rate(1, 50.0))
    assert said.startswith("**1 return to life is recorded, too few to tell")
    assert "1 after dormancy." in said
    assert "2.0 come back in a year (95% interval 0.0 to 10.0)" in said


def test_without_dormancy_there_is_no_rate():
    assert came_back(returns(), rate(0, 0)) == "**No return to life is recorded.**"


def test_a_return_that_only_a_source_calls_so_is_told_apart():
    assert "a source calls so" in came_back(returns(2015, status="active"), rate(0, 9.0))


@pytest.mark.parametrize(
    ("years", "verdict"),
    [
        ([2014] * 5, "too few to tell whether more come back"),
        ([2014] * 6, "recorded, more of late than before.**"),
        ([2013] * 6, "recorded, fewer of late than before.**"),
    ],
)
def test_growth_needs_more_than_a_handful(years, verdict):
    said = came_back(returns(*years), rate(0, 0))
    assert verdict in said
    assert "attest 1 event and 3." in said
