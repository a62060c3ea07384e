"""States with return: as R has them, and what is unknown kept apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as random_data
from hypothesis import settings
from tests.factory import make_dataset
from tests.stats.reference import given, numbers, recorded
from tests.test_lifecycle import records

from ties.lifecycle.episodes import lifecycle
from ties.stats.aalen_johansen import LOST, Moves, aalen_johansen, shares_at
from ties.stats.occupation import alive_bounds, followed, occupation, occupation_at, stretches
from ties.stats.spells import DAYS_PER_YEAR, lifetimes


def data(name: str) -> pd.DataFrame:
    table = given(name)
    return table.assign(to=table["to"].where(table["to"] != "cens"))


@pytest.mark.parametrize("name", ["moves", "record_moves"])
def test_the_shares_are_those_of_r(name: str):
    # `survfit` begins with those at risk just before the first move on or after the start, and
    # counts the moves of that day; ours begins after a day, with those who stand then.
    expected, table = recorded("states", name), data(name)
    moved = table.loc[table["to"].notna() & (table["exit"] >= expected["start"]), "exit"]
    years = (numbers(expected["time"]) / DAYS_PER_YEAR).tolist()
    found = occupation_at(occupation(table, after=(moved.min() - 0.5) / DAYS_PER_YEAR), years)
    np.testing.assert_allclose(
        found[expected["survival_states"]], numbers(expected["survival_share"]), atol=1e-8
    )


@pytest.mark.parametrize("name", ["moves", "record_moves"])
def test_the_chances_of_moving_and_their_variance_are_those_of_r(name: str):
    expected = recorded("states", name)
    names, table = expected["states"], data(name)
    place = {state: i for i, state in enumerate(names)}
    moves = Moves(
        table["entry"].to_numpy("float64"),
        table["exit"].to_numpy("float64"),
        table["state"].map(place).to_numpy("int64"),
        table["to"].map(place).fillna(LOST).to_numpy("int64"),
        len(names),
    )
    share = numbers(expected["etm_final"])
    pairs = zip(np.ravel(expected["etm_from"]), np.ravel(expected["etm_to"]), strict=True)
    variance = dict(zip(pairs, expected["etm_var"], strict=True))
    for state in names:
        first = np.eye(len(names))[place[state]]
        found = aalen_johansen(moves, first, expected["start"])
        last = np.searchsorted(found.time, expected["etm_time"] + 1e-9) - 1
        np.testing.assert_allclose(found.share[last], share[place[state]], atol=1e-8)
        for other in names:
            own = found.covariance[last, place[other], place[other]]
            assert own == pytest.approx(variance[state, other], abs=1e-8)


def test_first_shares_that_do_not_add_up_are_refused():
    moves = Moves(np.array([0.0]), np.array([1.0]), np.array([0]), np.array([LOST]), 2)
    with pytest.raises(ValueError, match="add up to"):
        aalen_johansen(moves, np.array([0.5, 0.0]))


def test_a_stretch_without_length_is_refused():
    with pytest.raises(ValueError, match="enter before it exits"):
        Moves(np.array([1.0]), np.array([1.0]), np.array([0]), np.array([LOST]), 2)


def test_a_start_at_which_nobody_stands_is_refused():
    moves = Moves(np.array([5.0]), np.array([9.0]), np.array([0]), np.array([LOST]), 2)
    with pytest.raises(ValueError, match="nobody is at risk"):
        shares_at(moves, 1.0)


RECORD = make_dataset(
    [
        ("t", "1990-01-01", "founded", "both"),
        ("t", "1992-01-01", "dormant", "none"),
        ("t", "1994-01-01", "revived", "none"),
        ("u", "1991-01-01", "founded", "both"),
        ("v", "../1991", "founded", "both"),
    ],
    as_of="1995-12-31",
)


def test_ages_leave_out_ties_without_an_earliest_day_and_say_so():
    episodes, lives = lifecycle(RECORD), lifetimes(RECORD)
    spells = stretches(episodes, lives)
    assert spells.left_out.to_dict("records") == [
        {"tie_id": "v", "reason": "founding has no earliest day"}
    ]
    in_calendar = stretches(episodes, lives, since="1989-12-31")
    assert set(in_calendar.table["tie_id"]) == {"t", "u", "v"}


def test_a_return_is_seen():
    spells = stretches(lifecycle(RECORD), lifetimes(RECORD))
    shares = occupation_at(occupation(spells.table), [1, 3, 4.5])
    assert shares.loc[1, "active"] == 1
    assert shares.loc[3, ["active", "dormant"]].tolist() == [0.5, 0.5]
    assert shares.loc[4.5, ["active", "revived"]].tolist() == [0.5, 0.5]


def test_the_spread_of_those_alive_is_that_of_their_sum():
    curves = occupation(stretches(lifecycle(RECORD), lifetimes(RECORD)).table)
    spread = curves.attrs["spread"]
    # Of two ties at three years one is silent, the other active: a share of one half.
    at_three = spread.index.get_indexer([3.0], method="ffill")[0]
    assert spread["alive"].iloc[at_three] == pytest.approx(np.sqrt(0.25 / 2))


def test_those_followed_are_counted_at_each_time():
    spells = stretches(lifecycle(RECORD), lifetimes(RECORD)).table
    assert followed(spells, [0, 3, 4.5, 50])["at_risk"].tolist() == [2, 2, 2, 0]


def test_what_is_unknown_widens_the_bounds_of_what_is_alive():
    record = make_dataset([("t", "1990", "founded", "both")], as_of="2001")
    bounds = alive_bounds(occupation(stretches(lifecycle(record), lifetimes(record)).table))
    assert bounds.iloc[0].tolist() == [1.0, 1.0]
    assert bounds.iloc[-1].tolist() == [0.0, 1.0]


@random_data(records())
@settings(max_examples=12, deadline=None)
def test_shares_add_up_to_one_and_no_tie_is_lost(record):
    episodes, lives = lifecycle(record), lifetimes(record)
    spells = stretches(episodes, lives)
    used = spells.table["tie_id"].nunique()
    assert used + len(spells.left_out) == len(lives)
    assert not set(spells.table["tie_id"]) & set(spells.left_out["tie_id"])
    if (spells.table["entry"] == 0).any():
        share = occupation(spells.table)["share"].groupby("time").sum()
        np.testing.assert_allclose(share, 1, atol=1e-9)
