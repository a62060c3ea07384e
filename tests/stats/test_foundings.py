"""The interval of each founding, and the worst-case bounds of a decade's share."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory import make_dataset

from ties.stats.founding_rate import formation_rate
from ties.stats.foundings import (
    decade_bounds,
    drawn_in_decade,
    founding_evidence,
    founding_intervals,
    is_in_decade,
)
from ties.stats.imputation import impute_dates

RECORD = make_dataset(
    [
        ("t", "1989", "founded", "both"),
        ("u", "1991-06-26", "founded", "both"),
        ("v", "199X", "founded", "none"),
        ("w", "1989/1991", "founded", "none"),
        ("x", "../2003", "founded", "none"),
        ("y", "2016", "listed", "none"),
        ("z", "2017", "visit", "none"),
        ("late", "2022", "founded", "both"),
        ("contrary", "1995", "founded", "both"),
        ("contrary", "1990-03", "listed", "none"),
    ]
)


def test_an_interval_is_what_the_founding_and_the_first_sign_allow():
    known = founding_intervals(RECORD)
    assert set(known.index) == set("tuvwxy") | {"late", "contrary"}  # contact alone shows no tie
    assert known.loc["w", ["earliest", "latest"]].dt.year.tolist() == [1989, 1991]
    assert pd.isna(known.loc["x", "earliest"]) and known.loc["x", "latest"].year == 2003
    assert pd.isna(known.loc["y", "earliest"]) and known.loc["y", "latest"].year == 2016


def test_where_sources_contradict_one_another_either_may_be_right():
    contrary = founding_intervals(RECORD).loc["contrary"]
    assert pd.isna(contrary["earliest"]) and contrary["latest"] == pd.Timestamp("1995-12-31")


def test_on_an_earlier_day_a_tie_is_certain_possible_or_not_yet_there():
    known = founding_intervals(RECORD, as_of="1990-12-31")
    assert known["is_certain"].to_dict() == {
        "contrary": True, "t": True, "v": False, "w": False, "x": False, "y": False
    }  # fmt: skip


def test_what_was_not_yet_known_is_hidden():
    record = make_dataset(
        [("t", "1989", "founded", "both"), ("u", "1991", "founded", "both")],
        attestations=[("e0", "old", None), ("e1", "new", None)],
        published={"old": "1995", "new": "2020"},
    )
    assert founding_intervals(record, as_of="2018", known_by="2018").index.tolist() == ["t"]


def possible_shares(known: pd.DataFrame, decade: int) -> set[float]:
    """Every share that some truth gives, by trying what each tie could be."""
    day = pd.Timestamp(known.attrs["as_of"])
    options = []
    for tie in known.itertuples():
        first = pd.Timestamp("1900-01-01") if pd.isna(tie.earliest) else tie.earliest
        days = pd.date_range(first, tie.latest, freq="MS").union(
            pd.DatetimeIndex([first, tie.latest])
        )
        counts = [d for d in days if d <= day or tie.is_certain]
        own = {d.year // 10 * 10 == decade for d in counts}
        if not tie.is_certain and tie.latest > day:
            own.add(None)
        options.append(own)
    shares = set()
    for truth in itertools.product(*options):
        counted = [one for one in truth if one is not None]
        if counted:
            shares.add(sum(counted) / len(counted))
    return shares


@pytest.mark.parametrize("as_of", ["2026-11-23", "2018-11-28", "1995-06-30", "1990-12-31"])
@pytest.mark.parametrize("decade", [1980, 1990, 2010])
def test_bounds_are_the_least_and_the_most_of_all_possible_truths(as_of, decade):
    known = founding_intervals(RECORD, as_of=as_of)
    bounds, shares = decade_bounds(known, decade), possible_shares(known, decade)
    assert bounds["lower"] == pytest.approx(min(shares))
    assert bounds["upper"] == pytest.approx(max(shares))
    assert bounds["n"] == bounds["n_in"] + bounds["n_out"] + bounds["n_unknown"] == len(known)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1985", "1989", "1990", "1994", "1999", ".."]), st.integers(0, 15)
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(0, 3),
)
@settings(deadline=None, max_examples=40)
def test_every_draw_lies_within_the_bounds(rows, seed):
    events = [
        (f"t{i}", f"{first}/{(1985 if first == '..' else int(first)) + length}", "founded", "both")
        for i, (first, length) in enumerate(rows)
    ]
    known = founding_intervals(make_dataset(events), as_of="1995-06-30")
    if not len(known):
        return
    bounds = decade_bounds(known, 1990)
    drawn = impute_dates(known["earliest"], known["latest"], m=5, seed=seed, since=1970)
    hit, member = drawn_in_decade(known, drawn, 1990)
    assert (hit <= member).all()
    for own, counted in zip(hit.T, member.T, strict=True):
        if counted.any():
            assert bounds["lower"] - 1e-12 <= own.sum() / counted.sum() <= bounds["upper"] + 1e-12


def test_a_decade_is_known_only_where_no_other_is_possible():
    known = is_in_decade(founding_intervals(RECORD), 1990)
    assert known[known.notna()].to_dict() == {
        "late": False, "t": False, "u": True, "v": True
    }  # fmt: skip


def test_evidence_holds_every_source_that_can_move_a_founding():
    record = make_dataset(
        [
            ("t", "1989", "founded", "both"),
            ("t", "1990", "listed", "none"),
            ("t", "2004", "listed", "none"),
            ("t", "2010", "visit", "none"),
            ("u", "2004", "listed", "none"),
        ],
        attestations=[(f"e{i}", f"s{i}", None) for i in range(5)],
        published={f"s{i}": "2011" for i in range(5)},
    )
    assert set(founding_evidence(record)["source_id"]) == {"s0", "s4"}


def test_nothing_on_record_gives_no_share():
    known = founding_intervals(make_dataset([]))
    assert decade_bounds(known)["n"] == 0 and pd.isna(decade_bounds(known)["lower"])


@pytest.mark.parametrize("as_of", ["2005-06-30", "2018-11-28"])
def test_the_rate_of_foundings_ends_on_the_day_from_which_it_is_asked(as_of):
    found = formation_rate(RECORD, as_of=as_of, m=3, max_changes=1, seed=1)
    assert found.fitted.index[-1] == int(as_of[:4])
