"""The quick life cycle gives what the plain one does, however it is cut into blocks."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory import make_dataset
from tests.plain_lives import plain_lifecycle
from validation.simulate import simulate

import ties
from ties import parallel as threads
from ties.errors import TiesError
from ties.lifecycle import engine
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.rule import QUALIFYING, StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.schema.vocabulary import EVENT_KINDS, REPORTED_STATUSES

# Few days, so that much falls on one; some before any founding, some without an end.
DATES = st.sampled_from([
    "1985", "1990-06-26", "1991", "1991-12-31", "1992-02-29", "1996-12-31", "1997", "2001-03",
    "199X", "1989/1991", "../1992", "1992/..", "1991~", "2010", "2016-02-29", "2022-03-01",
])  # fmt: skip
RUNS = st.sampled_from([None, None, "1999", "2005", "2024", "2021/.."])
TIES = "tuvw"
ACTS = st.tuples(
    st.sampled_from(TIES),
    DATES,
    st.sampled_from(sorted(set(EVENT_KINDS) - {"reported"})),
    st.sampled_from(["a", "b", "both", "none"]),
    RUNS,
)
REPORTS = st.tuples(
    st.sampled_from(TIES),
    DATES,
    st.just("reported"),
    st.just("none"),
    st.none(),
    st.sampled_from(sorted(REPORTED_STATUSES)),
)
EVENTS = st.lists(ACTS | ACTS | REPORTS, max_size=24)
SEARCHES = st.lists(
    st.tuples(st.sampled_from(TIES), st.sampled_from(["1996-12-31", "2005-05", "2026-11-23"])),
    max_size=5,
)
RULES = st.builds(
    lambda years, more, kinds, reports: StatusRule(
        years, kinds, search_lookback_years=years + more, reports=reports
    ),
    st.sampled_from([1, 5, 10]),
    st.sampled_from([0, 3, 30]),
    st.sampled_from([QUALIFYING, QUALIFYING - {"founded"}, QUALIFYING | {"listed", "dormant"}]),
    st.booleans(),
)
COLUMNS = ["tie_id", "axis", "state", "start_earliest", "start_latest"]
COLUMNS += ["end_earliest", "end_latest", "event_id"]


def plain(record, rule):
    spells = pd.DataFrame(plain_lifecycle(record, rule), columns=COLUMNS)
    days = {name: "M8[s]" for name in COLUMNS[3:7]}
    return spells.astype({"tie_id": "str", "state": "str", "event_id": "str"} | days)


def quick(record, rule):
    episodes = lifecycle(record, rule)
    kind = episodes["event_id"].map(record.events.set_index("event_id")["kind"].astype("str"))
    basis = np.where(kind == "reported", "reported", np.where(kind.isna(), "inferred", "recorded"))
    assert (episodes["basis"] == basis).all()
    return episodes[COLUMNS]


def same(one, other):
    pd.testing.assert_frame_equal(one, other, check_dtype=False, check_categorical=False)


@given(EVENTS, SEARCHES, RULES)
@settings(max_examples=60, deadline=None)
def test_the_quick_way_gives_what_the_plain_way_gives(events, searches, rule):
    record = make_dataset(events, searches=searches, ties=TIES)
    same(quick(record, rule), plain(record, rule))


def test_the_bundled_record_has_the_lives_that_the_plain_way_gives():
    record = ties.load("us-russia")
    same(quick(record, StatusRule()), plain(record, StatusRule()))


@pytest.mark.parametrize("scenario", ["undated", "reports_err"])
def test_a_simulated_record_has_the_lives_that_the_plain_way_gives(scenario):
    record = simulate(scenario, n_ties=120, seed=8).dataset
    for rule in (StatusRule(), StatusRule(dormant_after=2, reports=False)):
        same(quick(record, rule), plain(record, rule))


@pytest.mark.parametrize("size", [1, 7, 100])
def test_no_size_of_block_changes_anything(monkeypatch, size):
    record = simulate("reports_err", n_ties=60, seed=3).dataset
    whole, table = lifecycle(record), tie_table(record)
    monkeypatch.setattr(engine, "_BLOCK", size)
    pd.testing.assert_frame_equal(lifecycle(record), whole)
    pd.testing.assert_frame_equal(tie_table(record), table)


@pytest.mark.parametrize("n_threads", [1, 2, 9])
def test_no_number_of_threads_changes_anything(monkeypatch, n_threads):
    record = simulate("plain", n_ties=60, seed=3).dataset
    whole, table = lifecycle(record), tie_table(record)
    monkeypatch.setattr(engine, "_BLOCK", 7)
    monkeypatch.setattr(threads, "_FEW", 0)
    monkeypatch.setattr(threads.pa, "cpu_count", lambda: n_threads)
    pd.testing.assert_frame_equal(lifecycle(record), whole)
    pd.testing.assert_frame_equal(tie_table(record), table)


def test_the_first_error_is_raised_whichever_thread_comes_first():
    def fail_late():
        time.sleep(0.2)
        raise ValueError("first")

    def fail_at_once():
        raise ValueError("second")

    with pytest.raises(ValueError, match="first"):
        threads.parallel_map([fail_late, fail_at_once], n_rows=1_000_000)


def test_a_search_without_an_end_of_its_date_says_nothing():
    events = [("t", "1991", "founded", "both")]
    open_ended = make_dataset(events, searches=[("t", "2010/..")])
    same(quick(open_ended, StatusRule()), quick(make_dataset(events), StatusRule()))


def test_a_search_lookback_yearses_back_no_further_than_there_are_years():
    record = make_dataset([("t", "2016", "listed", "none")], searches=[("t", "2020")])
    episodes = lifecycle(record, StatusRule(search_lookback_years=9_000))
    assert episodes.query("axis == 'status'")["state"].tolist() == ["dormant"]


@pytest.mark.parametrize("table", ["events", "searches"])
def test_what_is_of_a_tie_that_is_not_there_is_refused(table):
    record = make_dataset([("t", "1991", "founded", "both")], searches=[("t", "2010")], ties="tu")
    rows = record.table(table).assign(tie_id="x")
    with pytest.raises(TiesError, match=r"tie 'x'.*keep_ties"):
        lifecycle(replace(record, **{table: rows}))


def test_events_alike_but_for_their_codes_are_in_the_order_of_these():
    record = make_dataset([("t", "1991", "founded", "both")] + [("t", "1995", "visit", "a")] * 3)
    mixed = replace(record, events=record.events.iloc[[3, 1, 0, 2]].reset_index(drop=True))
    given = mixed.events["event_id"].to_numpy()
    from ties.lifecycle.event_view import EventView

    timeline = EventView.of(mixed, None, None, None).timeline
    assert given[timeline.row].tolist() == ["e0", "e1", "e2", "e3"]
    assert np.all(np.diff(timeline.latest.astype("int64")) >= 0)
