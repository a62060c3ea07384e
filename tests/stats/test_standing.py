"""Who stood on a day, for certain or perhaps, and what bounds follow from it."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.factory import make_dataset

import ties
from ties.lifecycle.rule import StatusRule
from ties.stats.standing import Knowledge


def on(events, day, rule=None, known_by=None, **options):
    return Knowledge.of(make_dataset(events, **options), rule, known_by).on(day)


@pytest.mark.parametrize("day", ["1985", "1999", "2013-05", "2018-11-28", "2022-05-01"])
@pytest.mark.parametrize("known_by", [None, "2018-11-28"])
def test_states_are_those_of_the_tie_table(day, known_by):
    record = ties.load("us-russia").counted()
    ours = Knowledge.of(record, None, known_by).on(day)
    table = ties.tie_table(record, as_of=day, known_by=known_by).set_index("tie_id")
    for axis in ("status", "formal"):
        assert ours[axis].astype("object").equals(table[axis].astype("object"))
    assert (ours["is_certain"] == table["status"].notna()).all()


def test_a_tie_first_named_later_may_have_stood():
    found = on([("t", "2022-01-01", "listed", "none")], "2018-01-01")
    assert found.loc["t", ["is_certain", "is_possible"]].tolist() == [False, True]


def test_a_tie_founded_later_did_not_stand():
    found = on([("t", "2020-05-01", "founded", "both")], "2018-01-01")
    assert not found.loc["t", ["is_certain", "is_possible"]].any()


def test_a_founding_that_may_lie_on_either_side_is_possible():
    found = on([("t", "2017/2020", "founded", "both")], "2018-01-01")
    assert found.loc["t", "is_possible"]


def test_a_later_suspension_shows_that_a_tie_was_in_force():
    events = [("t", "1990", "founded", "both"), ("t", "2022-03-01", "suspended", "b")]
    assert on(events, "2018-01-01").loc["t", "is_in_force"]
    after = on(events, "2023-01-01").loc["t"]
    assert after["is_stopped"] and not after["is_in_force"]


def test_an_old_list_shows_nothing_for_ever():
    events = [("t", "1990", "founded", "both"), ("t", "2010", "listed", "none")]
    assert on(events, "2014-01-01").loc["t", "is_in_force"]
    assert not on(events, "2018-01-01").loc["t", "is_in_force"]
    assert on(events, "2018-01-01", StatusRule(dormant_after=9)).loc["t", "is_in_force"]


def test_an_act_on_a_doubtful_date_leaves_both_open():
    events = [("t", "1990", "founded", "both"), ("t", "2016/2020", "terminated", "a")]
    found = on([*events, ("t", "2018-01-01", "listed", "none")], "2018-06-01").loc["t"]
    assert found["may_be_stopped"] and not found["is_stopped"] and not found["is_in_force"]


def test_a_list_without_a_first_day_shows_nothing():
    events = [("t", "1990", "founded", "both"), ("t", "../2020", "listed", "none")]
    assert not on(events, "2018-01-01").loc["t", "is_in_force"]


def test_an_association_ends_no_tie():
    events = [("t", "2015-01-01", "founded", "both"), ("t", "2017", "suspended", "none")]
    assert not on(events, "2018-01-01").loc["t", "may_be_stopped"]


def test_a_state_that_an_uncertain_date_may_have_ended_is_not_firm():
    events = [("t", "2014-05-01", "founded", "both"), ("t", "2016/2017", "dormant", "none")]
    found = on(events, "2017-01-01").loc["t"]
    assert found["status"] == "active" and not found["is_firm"]
    assert on(events, "2015-12-31").loc["t", "is_firm"]
    open_ended = [events[0], ("t", "../2017", "dormant", "none")]
    assert not on(open_ended, "2015-12-31").loc["t", "is_firm"]


def test_contact_that_may_have_worn_off_leaves_no_information():
    events = [("t", "1990", "founded", "both"), ("t", "2010/2014", "visit", "a")]
    # Had the visit been in 2010, it wore off in 2015.
    assert on(events, "2014-12-31").loc["t", "status"] == "active"
    assert on(events, "2017-01-01").loc["t", "status"] == "no_information"


def test_a_tie_that_is_reported_to_have_ended_may_have_ended_at_any_time_before():
    events = [
        ("t", "1990-05-01", "founded", "both"),
        ("t", "2016-01-01", "listed", "none"),
        ("t", "2020-01-01", "reported", "none", None, "terminated"),
    ]
    found = on(events, "2017-01-01").loc["t"]
    assert found["may_be_stopped"] and not found["is_in_force"] and not found["is_firm"]
    assert on(events[:2], "2017-01-01").loc["t", "is_in_force"]


def test_silence_began_between_the_last_sign_and_its_witness():
    events = [("t", "1990-01-01", "founded", "both"), ("t", "2000-05-05", "visit", "a")]
    found = on(events, "2026-11-23", searches=[("t", "2026-11-01")]).loc["t"]
    assert found["stop_earliest"] == pd.Timestamp("2000-05-05")
    assert found["stop_latest"] == pd.Timestamp("2026-11-01")


def test_an_act_straight_from_life_stopped_the_tie_on_its_day():
    events = [("t", "2020-01-01", "founded", "both"), ("t", "2022-03-01", "suspended", "b")]
    found = on(events, "2023-01-01").loc["t"]
    assert found["stop_earliest"] == found["stop_latest"] == pd.Timestamp("2022-03-01")


def test_a_living_tie_has_not_stopped():
    found = on([("t", "2020-01-01", "founded", "both")], "2022-01-01").loc["t"]
    assert found[["stop_earliest", "stop_latest"]].isna().all()


def test_a_return_wipes_out_the_silence_before():
    events = [
        ("t", "1990-01-01", "founded", "both"),
        ("t", "1995-01-01", "dormant", "none"),
        ("t", "2017-01-01", "visit", "a"),
    ]
    assert on(events, "2018-01-01").loc["t"][["stop_latest"]].isna().all()
    assert on(events, "2016-01-01").loc["t", "stop_latest"] == pd.Timestamp("1995-01-01")


def test_only_what_was_known_by_then_bears_witness():
    events = [("t", "1990", "founded", "both"), ("t", "2022-03-01", "suspended", "b")]
    options = {
        "attestations": [("e0", "old", None), ("e1", "new", None)],
        "published": {"old": "2000", "new": "2022"},
    }
    assert on(events, "2018-01-01", **options).loc["t", "is_in_force"]
    assert not on(events, "2018-01-01", None, "2018-01-01", **options).loc["t", "is_in_force"]


def test_a_day_asked_twice_is_not_changed_by_what_is_done_to_the_answer():
    known = Knowledge.of(make_dataset([("t", "1990", "founded", "both")]))
    answer = known.on("2018")
    answer["is_certain"] = False
    assert known.on("2018")["is_certain"].all()


def test_an_empty_record_has_nobody_standing():
    assert on([], "2018").empty


@pytest.mark.parametrize("years", [3, 9])
def test_other_years_read_the_same_events_and_keep_a_longer_reach_of_searches(years):
    record = make_dataset([("t", "1990", "founded", "both")], searches=[("t", "2020-01-01")])
    other = Knowledge.of(record, StatusRule(dormant_after=5, search_lookback_years=7)).with_years(
        years
    )
    wanted = StatusRule(dormant_after=years, search_lookback_years=max(7, years))
    assert other.reading.rule == wanted
    for day in ("1999", "2013-06", "2020"):
        pd.testing.assert_frame_equal(other.on(day), Knowledge.of(record, wanted).on(day))
