"""Returns to life, their rate, and the coverage that stands beside them."""

from __future__ import annotations

import math

import pytest
from scipy.stats import poisson
from tests.factory import make_dataset

from ties.lifecycle.episodes import lifecycle
from ties.stats.revival import coverage, revival_rate, revivals

RECORD = make_dataset(
    [
        ("t", "1980-01-01", "founded", "both"),
        ("t", "1985-01-01", "dormant", "none"),
        ("t", "1995-01-01", "visit", "a"),
        ("u", "1980-01-01", "founded", "both"),
        ("u", "2018-03-05", "revived", "b"),
        ("v", "1980-01-01", "founded", "both"),
        ("v", "2010-01-01", "visit", "b"),
        ("v", "2011", "listed", "none"),
    ]
)


def test_every_return_is_listed_with_what_it_returned_from():
    found = revivals(lifecycle(RECORD), RECORD)
    assert found["tie_id"].tolist() == ["t", "u"]
    assert found["from_status"].tolist() == ["dormant", "no_information"]
    assert found["kind"].tolist() == ["visit", "revived"]
    assert found["name_a"].tolist() == ["ru-t", "ru-u"]


def test_the_rate_counts_only_returns_from_time_spent_dormant():
    rate = revival_rate(lifecycle(RECORD))
    assert rate["n_revivals"] == 1
    assert rate["dormant_tie_years"] == pytest.approx(10, abs=0.01)
    assert rate["rate"] == pytest.approx(0.1, abs=0.001)
    assert rate["rate_lower"] < rate["rate"] < rate["rate_upper"]


def test_dormancy_without_return_is_no_revival():
    record = make_dataset([("t", "1990", "founded", "both"), ("t", "1995", "dormant", "none")])
    episodes = lifecycle(record)
    assert revivals(episodes, record).empty
    rate = revival_rate(episodes)
    assert rate["n_revivals"] == 0 and rate["rate"] == 0 < rate["rate_upper"]


def test_no_dormant_tie_has_no_rate():
    rate = revival_rate(lifecycle(make_dataset([("t", "1990", "founded", "both")])))
    assert rate["n_revivals"] == 0 and math.isnan(rate["rate"])


def test_the_interval_is_exact():
    rate = revival_rate(lifecycle(RECORD), 0.9)
    n, years = int(rate["n_revivals"]), rate["dormant_tie_years"]
    assert n
    assert poisson.cdf(n, rate["rate_upper"] * years) == pytest.approx(0.05)
    assert poisson.sf(n - 1, rate["rate_lower"] * years) == pytest.approx(0.05)


def test_coverage_counts_attested_events_and_no_listings():
    table = coverage(RECORD)
    assert table["news"].sum() == 7
    assert table.loc[2011, "news"] == 0
    assert coverage(make_dataset([])).empty
