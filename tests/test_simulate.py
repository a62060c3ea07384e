"""Simulated records are valid, hold no more than their truth, and depend on their seed alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from validation.simulate import SCENARIOS, Scenario, simulate

import ties
from ties.dates import date_bounds
from ties.errors import TiesError
from ties.schema.tables import TABLES


@pytest.fixture(scope="module")
def made():
    return simulate("plain", n_ties=300, seed=7)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_gives_a_record_without_a_problem(name, tmp_path):
    dataset = simulate(name, n_ties=80, seed=3).dataset
    for table in TABLES:
        dataset.table(table).to_csv(tmp_path / f"{table}.csv", index=False)
    (tmp_path / "record.toml").write_text('name = "simulated"\nas_of = "2026-11-23"\n')
    problems = ties.check(tmp_path)
    assert problems[problems["severity"] == "error"]["message"].tolist() == []


def test_a_seed_gives_the_same_record_and_another_seed_another():
    first, again, other = (simulate("plain", n_ties=60, seed=s).dataset for s in (1, 1, 2))
    for table in TABLES:
        pd.testing.assert_frame_equal(first.table(table), again.table(table))
    assert not first.events.equals(other.events)


def test_the_record_holds_the_ties_that_left_a_source_and_no_other(made):
    seen = made.ties.loc[made.ties["is_seen"], "tie_id"]
    assert set(made.dataset.ties["tie_id"]) == set(seen)


def test_a_founding_that_is_not_misdated_lies_within_its_date(made):
    founded = made.dataset.events.query("kind == 'founded'")
    bounds = date_bounds(founded["date"])
    truth = founded["tie_id"].map(made.ties.set_index("tie_id")["founded"])
    assert len(founded) > 200
    assert (bounds["earliest"].isna() | (bounds["earliest"] <= truth)).all()
    assert (truth <= bounds["latest"]).all()


def test_a_wrong_date_is_wrong():
    made = simulate(Scenario(wrong=1.0, precision={"year": 1.0}), n_ties=100, seed=1)
    founded = made.dataset.events.query("kind == 'founded'")
    truth = founded["tie_id"].map(made.ties.set_index("tie_id")["founded"]).dt.year
    assert (founded["date"].astype("int64") != truth).mean() > 0.9


def test_visits_happen_only_to_living_ties(made):
    joined = made.visits.merge(made.spells, on="tie_id")
    within = joined[
        (joined["start"] <= joined["day"])
        & (joined["end"].isna() | (joined["day"] < joined["end"]))
    ]
    assert len(within) == len(made.visits)
    assert set(within["state"].astype("str")) == {"alive"}


def test_every_life_begins_alive_and_runs_on_without_a_gap(made):
    spells = made.spells
    first = spells.groupby("tie_id").head(1)
    assert (first["state"] == "alive").all()
    next_start = spells.groupby("tie_id")["start"].shift(-1)
    assert next_start.equals(spells["end"])


def test_growing_coverage_shows_more_and_no_more_happens():
    made = simulate("no_revival_growing_coverage", n_ties=3000, seed=5)
    visits = made.visits.assign(decade=made.visits["day"].dt.year // 10 * 10)
    share = visits.groupby("decade")["is_seen"].mean()
    assert share[1990] < share[2000] < share[2010] < share[2020]
    came_back = made.spells[made.spells.duplicated(["tie_id", "state"])]
    assert not (came_back["state"] == "alive").any()


def test_the_seen_share_is_the_chance_that_was_set():
    made = simulate(Scenario(seen=((1900, 0.4),)), n_ties=2000, seed=9)
    n = len(made.visits)
    assert abs(made.visits["is_seen"].mean() - 0.4) < 4 * np.sqrt(0.24 / n)


def reports_and_truth(made):
    """Each report with the true state of its tie on its day."""
    reports = made.dataset.events.query("kind == 'reported'")
    reports = reports.assign(day=pd.to_datetime(reports["date"]))
    joined = reports.merge(made.spells, on="tie_id")
    is_then = joined["start"] <= joined["day"]
    is_then &= joined["end"].isna() | (joined["day"] < joined["end"])
    return joined[is_then]


def test_a_register_reports_the_state_of_the_day_if_it_does_not_err():
    told = reports_and_truth(simulate("reports", n_ties=300, seed=3))
    assert len(told) > 500 and told["event_id"].is_unique
    truth = told["state"].astype("str").replace("alive", "active")
    on_paper = truth.where(truth.isin(["suspended", "terminated"]), "in_force")
    said = told["reported_status"].astype("str")
    assert ((said == truth) | (said == on_paper)).all()
    assert set(said) == {"active", "dormant", "in_force", "suspended", "terminated"}


def test_a_register_errs_as_often_as_was_set():
    world = Scenario(reported=((1990, 0.5),), reported_on_paper=0.0, reports_err=0.3)
    told = reports_and_truth(simulate(world, n_ties=500, seed=4))
    truth = told["state"].astype("str").replace("alive", "active")
    wrong = (told["reported_status"].astype("str") != truth).mean()
    assert abs(wrong - 0.3) < 4 * np.sqrt(0.21 / len(told))
    assert told["day"].min() >= pd.Timestamp(1990, 1, 1)


def test_no_pair_of_places_is_there_twice():
    ties_ = simulate("clustered", n_ties=400, seed=2).dataset.ties
    assert not ties_.duplicated(["place_a", "place_b"]).any()
    assert ties_["place_b"].duplicated().any()


def test_an_unknown_scenario_is_told():
    with pytest.raises(TiesError, match="there is no scenario 'plane'; there are plain,"):
        simulate("plane", seed=1)
