"""What the page is given: all of the record, in the order in which the life cycle meets it."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from tests.factory import make_dataset

import ties
from ties.dates import date_bounds
from ties.explore import payload
from ties.lifecycle.rule import StatusRule


@pytest.fixture(scope="module")
def record():
    return ties.load("us-russia")


@pytest.fixture(scope="module")
def given(record):
    return payload(record)


def test_nothing_of_the_record_is_lost(record, given):
    for table in ("places", "ties", "events", "sources", "attestations", "searches"):
        lengths = {len(column) for column in given[table].values()}
        assert lengths == {len(record.table(table))}, table


def test_ties_are_sorted_and_events_come_by_tie_and_code(given):
    assert given["ties"]["id"] == sorted(given["ties"]["id"])
    events = list(zip(given["events"]["tie"], given["events"]["id"], strict=True))
    assert events == sorted(events)
    assert given["attestations"]["event"] == sorted(given["attestations"]["event"])
    assert given["searches"]["tie"] == sorted(given["searches"]["tie"])


def test_positions_lead_back_to_the_same_rows(record, given):
    ties_by_id = record.ties.set_index("tie_id")
    shown = [ties_by_id.index.get_loc(tie) for tie in given["ties"]["id"]]
    a = record.places["name"].iloc[given["ties"]["a"]].tolist()
    names = record.places.set_index("place_id")["name"]
    assert a == names[record.ties["place_a"].iloc[shown]].tolist()
    cited = {
        (given["events"]["id"][event], given["sources"]["id"][source])
        for event, source in zip(
            given["attestations"]["event"], given["attestations"]["source"], strict=True
        )
    }
    assert cited == set(
        zip(record.attestations["event_id"], record.attestations["source_id"], strict=True)
    )


def test_dates_are_days_from_1970_and_open_ends_are_missing():
    given = payload(
        make_dataset([("t", "1992/..", "founded", "both"), ("t", "1970-01-02", "visit", "a")])
    )
    dates = {
        text: (earliest, latest)
        for text, earliest, latest in zip(*given["dates"].values(), strict=True)
    }
    assert dates["1970-01-02"] == (1, 1)
    assert dates["1992/.."] == (8035, None)
    assert given["events"]["until"] == [-1, -1]


def test_every_date_text_has_the_days_that_python_gives_it(record, given):
    texts = pd.Series(given["dates"]["text"], dtype="str")
    latest = date_bounds(texts)["latest"]
    sent = pd.Series(given["dates"]["latest"], dtype="Int64")
    pd.testing.assert_series_equal(sent.isna(), latest.isna(), check_names=False)
    assert (sent.dropna() == latest.dropna().to_numpy("M8[D]").astype("int64")).all()
    assert set(record.events["date"]) <= set(texts)


def test_the_page_opens_with_the_rule_and_the_days_that_were_asked(record):
    rule = StatusRule(dormant_after=3, search_lookback_years=8, dates="span")
    given = payload(record, rule, "2018-11", "2017")
    assert given["view"] == {"as_of": "2018-11-30", "known_by": "2017-12-31"}
    assert (given["rule"]["dormant_after"], given["rule"]["search_lookback_years"]) == (3, 8)
    with pytest.raises(ValueError, match="yesterday"):
        payload(record, as_of="yesterday")


def test_ties_that_no_total_counts_are_marked(record, given):
    counted = set(record.without_disputed().ties["tie_id"])
    marked = zip(given["ties"]["id"], given["ties"]["is_counted"], strict=True)
    assert {tie for tie, is_counted in marked if is_counted} == counted
    assert len(counted) < len(record.ties)


def test_a_record_without_ties_is_no_error():
    given = payload(make_dataset([]))
    assert given["ties"]["id"] == [] and json.dumps(given)


def test_what_is_missing_is_null_and_never_a_number(given):
    text = json.dumps(given, allow_nan=False)
    assert "NaN" not in text and "<NA>" not in text
