"""Headline numbers over the grid: every combination once, and ranges that are ranges."""

from __future__ import annotations

import time

import pandas as pd
import pytest
from tests.factory import make_dataset

import ties
from ties.stats.choices import default_source_kinds, without_source_kinds
from ties.stats.decline import stock_by_status
from ties.stats.formation import share_of_decade
from ties.stats.sensitivity import (
    CHOICES,
    NUMBERS,
    sensitivity_grid,
    sensitivity_range,
)


@pytest.fixture(scope="module")
def record():
    return ties.load("us-russia").counted()


@pytest.fixture(scope="module")
def grid(record):
    quick = {"all": (), "without news": ("news",)}
    return sensitivity_grid(
        record, as_of="2018-11-28", dormant_after=[3, 5, 8], source_kinds=quick, m=5, seed=1
    )


def small(events, **options):
    made = make_dataset(events, **options)
    return sensitivity_grid(made, dormant_after=[5], source_kinds={"all": ()}, m=5, seed=1)


def value(grid, number, unknown):
    own = grid[(grid["number"] == number) & (grid["unknown"] == unknown)]
    return own.loc[own["tie_kinds"] == "all", "value"].item()


def test_every_combination_has_one_row(grid):
    assert not grid.duplicated(["number", *CHOICES]).any()
    by_number = grid.groupby("number").size()
    assert by_number["share_alive"] == 3 * 3 * 3 * 2
    assert by_number["n_returns"] == 3 * 2 * 3 * 2
    assert set(grid["number"]) == set(NUMBERS)


def test_each_number_has_one_default(grid):
    assert grid.loc[grid["is_default"], "number"].tolist() == list(NUMBERS)


def test_the_defaults_are_the_numbers_found_elsewhere(record, grid):
    usual = grid[grid["is_default"]].set_index("number")
    table = ties.tie_table(record, as_of="2018-11-28")
    stock = stock_by_status(ties.lifecycle(record, as_of="2018-11-28")).loc[2018]
    assert usual.loc["n_ties", "value"] == stock["total"]
    alive = (stock["active"] + stock["revived"]) / stock["total"]
    assert usual.loc["share_alive", "value"] == pytest.approx(alive)
    assert usual.loc["share_dormant", "value"] == pytest.approx(stock["dormant"] / stock["total"])
    # At the record's own date nobody is merely possible, so the bounds are the plain ones.
    last = sensitivity_grid(
        record, dormant_after=[5], source_kinds={"all": ()}, tie_kinds=None, m=5, seed=1
    )
    plain = share_of_decade(ties.tie_table(record), 1990)
    own = last[last["is_default"] & (last["number"] == "share_of_decade")].iloc[0]
    assert (own["lower"], own["upper"]) == (plain["share_lower"], plain["share_upper"])
    assert table["status"].notna().sum() == stock["total"]


def test_values_lie_within_their_worst_case_bounds(grid):
    bounded = grid[grid["unknown"].isin(["in", "imputed"])].dropna()
    # In force "in" counts ties that nothing shows in force, but none beyond the upper bound.
    shares = bounded[bounded["number"].str.startswith("share_of")]
    assert (shares["value"] >= shares["lower"] - 1e-12).all()
    assert (shares["value"] <= shares["upper"] + 1e-12).all()
    assert (grid["lower"].dropna() <= grid.loc[grid["lower"].notna(), "upper"].fillna(1e9)).all()


def test_ties_of_which_nothing_is_known_are_handled_in_three_ways():
    grid = small(
        [
            ("a", "1991-01-01", "founded", "both"),
            ("a", "2024-01-01", "visit", "a"),
            ("b", "1992-01-01", "founded", "both"),
            ("b", "2000-01-01", "dormant", "none"),
            ("c", "1993-01-01", "founded", "both"),
            ("d", "2005-01-01", "founded", "both"),
            ("d", "2023-01-01", "visit", "a"),
        ]
    )
    assert value(grid, "share_alive", "in") == pytest.approx(2 / 4)
    assert value(grid, "share_alive", "out") == pytest.approx(2 / 3)
    # c is like the known ones of the 1990s, of which one in two is alive.
    assert value(grid, "share_alive", "imputed") == pytest.approx(2.5 / 4)
    assert value(grid, "share_of_decade", "in") == pytest.approx(3 / 4)


def test_a_share_is_bounded_by_what_may_be_so():
    made = make_dataset(
        [
            # Silent from some day of these two years: perhaps before the day, perhaps after.
            ("a", "1991-01-01", "founded", "both"),
            ("a", "2017-01-01", "visit", "a"),
            ("a", "2018/2019", "dormant", "none"),
            ("b", "1992-01-01", "founded", "both"),
            ("b", "2015-01-01", "terminated", "both"),
            # In force on the day, since it was ended later; nothing tells whether it was alive.
            ("c", "1993-01-01", "founded", "both"),
            ("c", "2020-01-01", "terminated", "both"),
            ("d", "1994-01-01", "founded", "both"),
            ("d", "2016-01-01", "visit", "a"),
        ]
    )
    only = {"dormant_after": [5], "source_kinds": {"all": ()}, "m": 5, "seed": 1}
    grid = sensitivity_grid(made, as_of="2018-06-30", **only)
    grid = grid[(grid["unknown"] == "in") & (grid["tie_kinds"] == "all")].set_index("number")
    bounds = grid[["lower", "upper"]].apply(tuple, axis="columns")
    assert bounds["share_alive"] == (1 / 4, 3 / 4)
    assert bounds["share_dormant"] == (0, 2 / 4)
    assert bounds["share_stopped"] == (1 / 4, 3 / 4)
    assert bounds["share_no_information"] == (1 / 4, 1 / 4)


def test_a_decade_that_is_not_known_is_in_out_or_imputed():
    grid = small(
        [
            ("a", "1991", "founded", "both"),
            ("b", "2001", "founded", "both"),
            ("c", "1985/1994", "founded", "both"),
        ]
    )
    assert value(grid, "share_of_decade", "in") == pytest.approx(1 / 3)
    assert value(grid, "share_of_decade", "out") == pytest.approx(1 / 2)
    assert 1 / 3 <= value(grid, "share_of_decade", "imputed") <= 2 / 3


def test_leaving_out_a_kind_of_source_leaves_out_what_only_it_says():
    made = make_dataset(
        [("t", "1990", "founded", "both"), ("t", "2020", "visit", "a")],
        attestations=[("e0", "s", None), ("e0", "u", None), ("e1", "s", None)],
        published={"s": "2020", "u": "1990"},
    )
    kinds = pd.Categorical(["news", "blog"], made.sources["kind"].cat.categories)
    made = made.__class__(**{**vars(made), "sources": made.sources.assign(kind=kinds)})
    left = without_source_kinds(made, ("news",))
    assert left.events["event_id"].tolist() == ["e0"]
    assert left.attestations["source_id"].tolist() == ["u"]
    assert without_source_kinds(made, ()) is made
    assert list(default_source_kinds(made)) == ["all", "without blog", "without news"]


def test_the_range_names_the_choice_that_moves_most(grid):
    ranges = sensitivity_range(grid)
    assert list(ranges.index) == list(NUMBERS)
    assert (ranges["least"] <= ranges["value"]).all() and (ranges["value"] <= ranges["most"]).all()
    assert ranges.loc["share_alive", "moved_most_by"] == "unknown"
    assert ranges.loc["share_no_information", "moved_most_by"] == "dormant_after"
    # Nothing moves what is nought under every choice.
    assert pd.isna(ranges.loc["share_stopped", "moved_most_by"])


def test_a_seed_gives_the_same_grid(record, grid):
    quick = {"all": (), "without news": ("news",)}
    again = sensitivity_grid(
        record, as_of="2018-11-28", dormant_after=[3, 5, 8], source_kinds=quick, m=5, seed=1
    )
    pd.testing.assert_frame_equal(grid, again)


def test_an_empty_choice_is_refused(record):
    with pytest.raises(ValueError, match="at least one value"):
        sensitivity_grid(record, dormant_after=[], seed=1)


def test_an_empty_record_has_a_grid_without_values():
    grid = small([], ties=["t"])
    assert (grid.loc[grid["number"] == "n_ties", "value"] == 0).all()
    assert grid.loc[grid["number"] == "share_alive", "value"].isna().all()


def test_one_more_reading_costs_little(record):
    """The full grid reads the record 90 times; it must stay within seconds."""
    begun = time.process_time()
    sensitivity_grid(record, dormant_after=[2, 10], source_kinds={"all": ()}, m=5, seed=1)
    assert time.process_time() - begun < 5
