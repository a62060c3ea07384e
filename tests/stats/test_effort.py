"""Activity at constant effort: more papers are not more contact."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from scipy.stats.contingency import odds_ratio
from tests.factory import make_dataset
from validation.revival import WORLDS, ask, with_reports
from validation.simulate import simulate

import ties
from ties.stats.effort import (
    Effort,
    activity_by_year,
    compare_activity,
    compare_observed,
    last_complete_year,
)
from ties.stats.observed import ACTIVITY, REPORTS, Observed
from ties.stats.ratio import UNKNOWN, cluster_interval, ratio_of_rates, ratio_to_offset

BEFORE, AFTER = (2001, 2005), (2006, 2010)


def record(visits, statements, published=None, **options):
    """Ten ties; so many visits and statements a year, each told by that year's source."""
    events = [(f"t{i}", "1990-01-01", "founded", "both") for i in range(10)]
    attested = [(f"e{i}", "s1990", None) for i in range(10)]
    for kind, counts in (("visit", visits), ("statement", statements)):
        for year, n in counts.items():
            for i in range(n):
                attested.append((f"e{len(events)}", f"s{year}", None))
                events.append((f"t{i % 10}", f"{year}-06-01", kind, "none"))
    sources = published or {f"s{year}": str(year) for year in (1990, *range(2001, 2011))}
    return make_dataset(events, attestations=attested, published=sources, **options)


def flat(n, years=range(2001, 2011)):
    return dict.fromkeys(years, n)


def compare(made, **options):
    return compare_activity(made, BEFORE, AFTER, n_resamples=200, seed=1, **options)


def test_twice_the_visits_in_twice_the_papers_are_no_increase():
    twice = {year: 8 if year >= 2006 else 4 for year in range(2001, 2011)}
    found = compare(record(twice, twice))
    assert found["naive_says"] == "more" and found["says"] == "cannot tell"
    assert (found["ratio_lower"], found["ratio_upper"]) == (1.0, pytest.approx(2, abs=0.01))


def test_twice_the_visits_in_as_many_papers_are_an_increase():
    twice = {year: 12 if year >= 2006 else 4 for year in range(2001, 2011)}
    assert compare(record(twice, flat(6)))["says"] == "more"


def test_a_flood_of_petitions_alone_is_no_fall():
    flood = {year: 30 if year >= 2006 else 3 for year in range(2001, 2011)}
    found = compare(record(flat(4), flood))
    assert found["says"] == "cannot tell"
    assert compare(record(flat(4), flood), effort=Effort(offset="reports"))["says"] == "less"


def test_a_panel_that_saw_too_little_says_nothing():
    found = compare(record({2002: 1, 2008: 2}, flat(2)))
    assert found["is_thin"] and math.isinf(found["upper"]) and found["lower"] == 0
    assert compare(record(flat(3), {2002: 4, 2008: 40}))["is_thin"]


def test_only_what_was_published_soon_counts_for_the_panel():
    late = {f"s{year}": "2015" for year in range(2001, 2011)} | {"s1990": "1990"}
    found = compare(record(flat(4), flat(4), late))
    assert found["n_before"] == found["n_after"] == 0 and found["naive_after"] == 20
    assert compare(record(flat(4), flat(4), late), effort=Effort(lag=None))["n_after"] == 20
    undated = late | dict.fromkeys(("s2003", "s2008"))
    assert compare(record(flat(4), flat(4), undated))["n_before"] == 0


def test_a_kind_of_source_that_wrote_only_after_is_not_in_the_panel():
    made = record(flat(4), flat(4))
    kind = np.where(made.sources["source_id"] > "s2005", "blog", "news")
    sources = made.sources.assign(kind=pd.Categorical(kind, made.sources["kind"].cat.categories))
    split = made.__class__(**{**vars(made), "sources": sources})
    assert compare(split)["panel"] == [] and compare(split)["is_thin"]
    assert compare(made)["panel"] == ["news"]


def test_no_founding_no_list_and_no_act_counts_as_either():
    assert not ACTIVITY & REPORTS
    assert not {"founded", "listed", "suspended", "terminated", "dormant"} & (ACTIVITY | REPORTS)


def test_an_event_attested_twice_counts_once():
    made = record(flat(4), flat(4))
    again = made.attestations.assign(source_id="s2010").drop_duplicates("event_id")
    both = pd.concat([made.attestations, again]).drop_duplicates(["event_id", "source_id"])
    doubled = made.__class__(**{**vars(made), "attestations": both})
    assert compare(doubled)["naive_after"] == 20


def test_years_flag_what_is_not_written_up_yet():
    years = activity_by_year(record(flat(1), flat(2), as_of="2012-06-01"))
    assert years.index[years["is_incomplete"]].tolist() == [2011, 2012]
    assert last_complete_year(record(flat(1), flat(1)), "2008-05-01") == 2006


def test_the_naive_rate_is_signs_over_tie_years():
    years = activity_by_year(record(flat(5), flat(2)))
    assert years.loc[2004, "tie_years"] == pytest.approx(10)
    assert years.loc[2004, "naive_rate"] == pytest.approx(0.5)
    assert years.loc[2004, ["n_signs", "n_reports", "n_sources"]].tolist() == [5, 2, 1]
    assert years["n_naive"].sum() + years.attrs["n_unplaced"] == 50


def test_a_sign_of_no_single_year_is_told_and_counted_nowhere():
    made = make_dataset([("t", "1990", "founded", "both"), ("t", "2001/2003", "visit", "a")])
    years = activity_by_year(made)
    assert years["n_naive"].sum() == 0 and years.attrs["n_unplaced"] == 1


def test_years_sum_to_all_the_time_in_force():
    made = make_dataset(
        [("t", "1990-07-01", "founded", "both"), ("t", "1999-07-01", "terminated", "a")]
    )
    spent = activity_by_year(made)["tie_years"].sum()
    assert spent == pytest.approx(9, abs=0.01)


@pytest.mark.parametrize(
    ("before", "after"),
    [((2001, 2005), (2005, 2010)), ((2005, 2001), (2006, 2010)), ((2001, 2005), (2010, 2006))],
)
def test_windows_that_overlap_or_run_backwards_are_refused(before, after):
    with pytest.raises(ValueError, match="one after the other"):
        compare_activity(record(flat(1), flat(1)), before, after, seed=1)


@pytest.mark.parametrize("wrong", [{"panel": "all"}, {"offset": "?"}, {"lag": -1}])
def test_an_effort_without_meaning_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Effort(**wrong)


def test_a_record_without_an_event_says_nothing():
    found = compare(make_dataset([], ties=["t"]))
    assert found["is_thin"] and found["naive_says"] == "cannot tell"


# --- ratios ---------------------------------------------------------------------------------


def counts(before, after, **offsets):
    n = len(before)
    table = pd.DataFrame({"before": before, "after": after, **offsets})
    return table, pd.DataFrame({"a": range(n), "b": range(n)})


def test_the_ratio_of_rates_has_the_exact_interval_of_clopper_and_pearson():
    table, cities = counts([3, 2], [6, 4])
    found = ratio_of_rates(table, (100, 50), cities, seed=1)
    assert found.value == pytest.approx(4)
    # Given 15 events in all, those after are binomial; each bound leaves a tail of 2.5%.
    low, high = (ratio * 50 / (ratio * 50 + 100) for ratio in found.exact)
    assert binom.sf(9, 15, low) == pytest.approx(0.025)
    assert binom.cdf(10, 15, high) == pytest.approx(0.025)
    assert found.lower <= found.exact[0] and found.upper >= found.exact[1]


def test_the_ratio_to_an_offset_is_fishers():
    table, cities = counts([10, 5], [4, 4], offset_before=[8, 4], offset_after=[15, 5])
    found = ratio_to_offset(table, cities, seed=1)
    expected = odds_ratio([[8, 20], [15, 12]]).confidence_interval()
    assert found.exact == pytest.approx((expected.low, expected.high))
    assert found.value == pytest.approx(8 / 20 / (15 / 12))


def test_as_many_after_as_before_is_a_ratio_of_one():
    table, cities = counts([1, 2], [2, 1])
    assert ratio_of_rates(table, (10, 10), cities, seed=1).value == 1


def test_nothing_counted_is_unknown():
    table, cities = counts([0, 0], [0, 0], offset_before=[1, 1], offset_after=[1, 1])
    assert ratio_of_rates(table, (1, 1), cities, seed=1) is UNKNOWN
    assert ratio_to_offset(table, cities, seed=1) is UNKNOWN


def test_one_city_gives_no_interval_over_cities():
    table, _ = counts([1, 2], [3, 4])
    one = pd.DataFrame({"a": ["x", "x"]})
    found = ratio_of_rates(table, (1, 1), one, seed=1)
    assert (found.lower, found.upper) == (0, math.inf)


@pytest.mark.parametrize("wrong", [{"n_resamples": 1}, {"confidence": 0}])
def test_an_interval_without_meaning_is_refused(wrong):
    table, cities = counts([1, 2], [3, 4])
    options = {"confidence": 0.9, "n_resamples": 10, "seed": 1} | wrong
    with pytest.raises(ValueError, match="confidence a share"):
        cluster_interval(table, cities, lambda b, a: a / b, **options)


# --- simulated records: the quick form of validation/revival.py --------------------------------


@pytest.fixture(scope="module")
def asked():
    return {
        name: pd.DataFrame([ask(world, seed, n_resamples=100) for seed in range(2)])
        for name, world in WORLDS.items()
    }


@pytest.mark.parametrize("name", [name for name in WORLDS if name != "true revival"])
def test_growing_coverage_is_no_revival_to_the_default(asked, name):
    assert not (asked[name]["between says"] == "more").any()
    assert (asked[name]["witnessed returns"] == 0).all()


def test_growing_coverage_is_a_revival_to_the_naive(asked):
    steady = asked["steady"]
    assert (steady["naive says"] == "more").all()
    assert (asked["fading"]["naive returns"] > 20).all()
    assert (steady["naive later rate"] > 1.3 * steady["naive earlier rate"]).all()


def test_a_true_revival_is_seen(asked):
    assert (asked["true revival"]["between says"] == "more").all()


def test_without_other_reports_nothing_can_be_said(asked):
    assert asked["steady, nothing else written"]["between is thin"].all()


def test_added_reports_make_a_record_with_every_row_attested():
    world = WORLDS["fading"]
    made = simulate(world.scenario, n_ties=40, seed=3)
    record = with_reports(made, world.scenario, 1.0, 3)
    added = record.events["kind"].eq("statement").sum()
    assert added > 0 and len(record.events) == len(made.dataset.events) + added
    assert set(record.events["event_id"]) == set(record.attestations["event_id"])
    assert set(record.attestations["source_id"]) <= set(record.sources["source_id"])
    assert record.events.dtypes.equals(made.dataset.events.dtypes)


@pytest.mark.parametrize("known_by", [None, "2018-11-28"])
def test_some_ties_of_a_record_compare_as_a_record_of_these_ties(known_by):
    whole = ties.load("us-russia").without_disputed()
    observed = Observed.of(whole, known_by=known_by)
    counts = np.random.default_rng(1).random(len(observed.reading.ids)) < 0.5
    asked = {"before": (2009, 2013), "after": (2014, 2018), "n_resamples": 200, "seed": 1}
    kept = whole.keep_ties(observed.reading.ids[counts])
    alone = compare_activity(kept, known_by=known_by, **asked)
    assert alone["n_before"] and alone["naive_after"]
    pd.testing.assert_series_equal(compare_observed(observed.only(counts), **asked), alone)
