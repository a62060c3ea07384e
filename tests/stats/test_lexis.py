"""The lines of a Lexis diagram: every life whole, from its founding on."""

from __future__ import annotations

import pytest
from tests.factory import make_dataset

import ties
from ties.stats.lexis import lexis
from ties.stats.spells import lifetimes

RECORD = make_dataset(
    [
        ("t", "1990-01-01", "founded", "both"),
        ("t", "2010-01-01", "suspended", "b"),
        ("u", "1991-01-01", "founded", "both"),
        ("u", "2009-12-31", "terminated", "b"),
        ("v", "2000-01-01", "founded", "both"),
    ]
)
SEGMENTS = lexis(ties.lifecycle(RECORD), lifetimes(RECORD))


def test_a_life_runs_from_its_founding_through_each_status_without_a_gap():
    own = SEGMENTS[SEGMENTS["tie_id"] == "t"]
    assert own["status"].astype("str").tolist()[-1] == "suspended"
    assert own["age_start"].iloc[0] == 0
    assert own["age_start"].iloc[1:].tolist() == own["age_end"].iloc[:-1].tolist()
    assert own["age_start"].iloc[-1] == pytest.approx(20, abs=0.01)
    assert own["lasts"].tolist() == [False] * (len(own) - 1) + [True]


def test_the_oldest_tie_comes_first():
    assert SEGMENTS["tie_id"].drop_duplicates().tolist() == ["t", "u", "v"]
