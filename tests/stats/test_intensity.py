"""Returns per silent tie-year: what counts, in which period, and how wide the intervals are."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import poisson
from tests.factory import make_dataset

from ties.lifecycle.episodes import lifecycle
from ties.stats.intensity import (
    NAIVE_SILENCE,
    exact_rate_interval,
    period_names,
    revival_intensity,
    silent_spells,
)
from ties.stats.revival import revival_rate

# t comes back twice, u is found silent by a search, v is suspended while dormant.
RECORD = make_dataset(
    [
        ("t", "1980-01-01", "founded", "both"),
        ("t", "2000-01-01", "dormant", "none"),
        ("t", "2010-01-01", "visit", "a"),
        ("t", "2012-01-01", "dormant", "none"),
        ("t", "2016-01-01", "visit", "a"),
        ("u", "1990-01-01", "founded", "both"),
        ("v", "1980-01-01", "founded", "both"),
        ("v", "2018-01-01", "dormant", "none"),
        ("v", "2024-01-01", "suspended", "b"),
    ],
    searches=[("u", "2022-01-01")],
)


def intensity(record=RECORD, **options):
    return revival_intensity(lifecycle(record), record, seed=1, n_resamples=50, **options)


def test_a_tie_that_comes_back_twice_counts_twice():
    assert intensity().loc[("all", "any"), "n_returns"] == 2


def test_time_and_returns_go_to_the_period_in_which_they_fell():
    found = intensity().xs("any", level="start")
    assert found["n_returns"].tolist() == [1, 1, 0, 2]
    expected = [10 + 2, 2 + 4, 2 + 4.894]
    assert found["tie_years"].tolist()[:3] == pytest.approx(expected, abs=0.02)
    assert found["tie_years"].iloc[3] == pytest.approx(sum(expected), abs=0.02)


def test_inferred_dormancy_stands_apart_and_adds_up():
    found = intensity()["tie_years"].unstack("start")
    assert found.loc["all", "inferred"] == pytest.approx(4.894, abs=0.01)
    assert found["any"].tolist() == pytest.approx((found["recorded"] + found["inferred"]).tolist())


def test_a_dormant_tie_that_is_suspended_did_not_come_back():
    spells = silent_spells(lifecycle(RECORD))
    assert not spells.loc[spells["tie_id"] == "v", "returned"].any()


def test_all_agrees_with_the_plain_rate():
    episodes = lifecycle(RECORD)
    plain, found = revival_rate(episodes), intensity().loc[("all", "any")]
    assert found["n_returns"] == plain["n_revivals"]
    for ours, theirs in (("rate", "rate"), ("exact_lower", "rate_lower")):
        assert found[ours] == pytest.approx(plain[theirs])


def test_no_time_has_no_rate_and_no_return_has_no_interval_over_cities():
    found = intensity(make_dataset([("t", "1990", "founded", "both")]))
    assert found["rate"].isna().all() and (found["n_returns"] == 0).all()
    assert math.isnan(intensity().loc[("from 2022", "any"), "cluster_upper"])
    assert intensity().loc[("from 2022", "any"), "exact_upper"] > 0


def test_the_first_sign_after_a_gap_is_a_return_only_to_the_naive():
    record = make_dataset(
        [
            ("t", "1990-01-01", "founded", "both"),
            ("t", "2010-01-01", "visit", "a"),
            ("u", "1990-01-01", "listed", "none"),
            ("u", "2010-01-01", "visit", "a"),
        ]
    )
    assert intensity(record).loc[("all", "any"), "n_returns"] == 0
    naive = intensity(record, silence=NAIVE_SILENCE)
    # u was never seen alive before, so there was nothing to return to.
    assert naive.loc[("all", "any"), "n_returns"] == 1


@pytest.mark.parametrize("n", [0, 1, 7])
def test_the_interval_of_a_rate_is_exact(n):
    lower, upper = exact_rate_interval(n, 50.0, 0.9)
    assert poisson.cdf(n, upper * 50) == pytest.approx(0.05)
    assert lower == 0 if n == 0 else poisson.sf(n - 1, lower * 50) == pytest.approx(0.05)


def test_cities_with_all_the_returns_make_the_interval_wider():
    """The same totals: in one record each tie has its own city, in the other a city has four."""

    def record(n_cities):
        rows, events = [], []
        for i in range(40):
            tie = f"t{i:02d}"
            events += [(tie, "1980", "founded", "both"), (tie, "2000-01-01", "dormant", "none")]
            if i < 20:
                events.append((tie, "2010-01-01", "visit", "a"))
            rows.append((f"ru-{i % n_cities}" if i < 20 else f"ru-{n_cities + i}", tie))
        made = make_dataset(events)
        home = pd.Series({tie: place for place, tie in rows})
        ties = made.ties.assign(place_a=made.ties["tie_id"].map(home))
        return made.__class__(**{**vars(made), "ties": ties})

    def width(found):
        row = found.loc[("all", "any")]
        return row["cluster_upper"] - row["cluster_lower"]

    options = {"n_resamples": 400, "seed": 1}
    apart, together = (
        width(revival_intensity(lifecycle(made), made, **options))
        for made in (record(20), record(2))
    )
    assert together > 1.2 * apart


def test_a_seed_gives_the_same_intervals():
    pd.testing.assert_frame_equal(intensity(), intensity())


def test_breaks_must_rise_and_confidence_is_a_share():
    for options in ({"breaks": (2022, 2014)}, {"confidence": 1.5}):
        with pytest.raises(ValueError, match=r"rise|share"):
            intensity(**options)


def test_periods_are_an_argument():
    assert period_names(()) == []
    assert period_names((2014, 2015)) == ["before 2014", "2014", "from 2015"]
    found = intensity(breaks=())
    assert found.index.get_level_values("period").unique().tolist() == ["all"]
    assert found.loc[("all", "any"), "n_returns"] == 2


def test_an_early_start_gives_more_time():
    record = make_dataset([("t", "1980", "founded", "both"), ("t", "1990/1995", "dormant", "none")])
    row = intensity(record).loc[("all", "any")]
    assert row["tie_years_most"] - row["tie_years"] == pytest.approx(6, abs=0.01)
    assert np.isfinite(row["exact_upper"])
