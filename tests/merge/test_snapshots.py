"""Two snapshots of one source: what appeared, vanished, changed; a vanished row is no end."""

from __future__ import annotations

import pandas as pd
import pytest

import ties
from ties.errors import TiesError
from ties.importers.import_folder import ImportedSource, numbered, source_table
from ties.importers.statements import REJECTED, make_statements
from ties.merge.records import record_statements
from ties.merge.snapshots import CHANGES, compare

NONE = pd.DataFrame(columns=[*REJECTED])
BONN = ("Bonn", "DE", "Opole", "PL")
ULM = ("Ulm", "DE", "Brest", "FR")
KNOWN = ties.load("us-russia")


def told(name, *rows, day="2020-01-01"):
    """Make a source of rows given as (name_a, country_a, name_b, country_b, more)."""
    columns = ("name_a", "country_a", "name_b", "country_b")
    entries = [
        dict(zip(columns, row, strict=False), **(row[4] if len(row) > 4 else {}), row=number)
        for number, row in enumerate(rows)
    ]
    when = pd.Timestamp(day)
    statements = numbered(make_statements(entries), name)
    return ImportedSource(name, when, statements, NONE, source_table(name, name, when))


def changes(found):
    rows = found[["change", "name_a", "name_b", "column", "before", "after"]]
    return [tuple(row) for row in rows.astype("object").where(rows.notna(), None).to_numpy()]


def test_a_row_that_is_gone_has_vanished_and_a_new_one_appeared():
    found = compare(told("then", BONN), told("now", ULM))
    assert changes(found) == [
        ("appeared", "Ulm", "Brest", None, None, None),
        ("vanished", "Bonn", "Opole", None, None, None),
    ]
    assert set(found["change"]) <= set(CHANGES)


def test_a_pair_turned_round_is_the_same_pair():
    found = compare(told("then", BONN), told("now", ("Opole", "PL", "Bonn", "DE")))
    assert found["change"].tolist() == ["same"]


def test_a_pair_spelled_otherwise_is_the_same_pair_if_both_places_are_known():
    before = told("then", ("Duluth, MN", "United States", "Petrozavodsk", "Russia"))
    after = told("now", ("Петрозаводск", "Россия", "Duluth, Minnesota", "USA"))
    assert compare(before, after, known=KNOWN)["change"].tolist() == ["same"]


def test_each_column_that_changed_is_a_row():
    before = told("then", (*BONN, {"founded": "1954", "status": "active"}))
    after = told("now", (*BONN, {"founded": "1997", "status": "former"}))
    assert changes(compare(before, after)) == [
        ("changed", "Bonn", "Opole", "founded", "1954", "1997"),
        ("changed", "Bonn", "Opole", "status", "active", "former"),
    ]


def test_the_level_of_an_end_goes_along_when_the_pair_is_turned():
    before = told("then", (*BONN, {"level_a": "city"}))
    after = told("now", ("Opole", "PL", "Bonn", "DE", {"level_b": "city"}))
    assert compare(before, after)["change"].tolist() == ["same"]


def test_what_is_said_twice_is_compared_once():
    before = told("then", (*BONN, {"founded": "1954"}))
    after = told("now", (*BONN, {"founded": "1954"}), (*BONN, {"founded": "1954"}))
    found = compare(before, after)
    assert found[["change", "n_old", "n_new"]].to_numpy().tolist() == [["same", 1, 2]]


def test_every_statement_of_both_is_counted():
    before = told("then", BONN, ULM, ULM, ("Nowhere", "DE", "Nirgends", "FR"))
    after = told("now", BONN, ("Nowhere", "DE", "Nirgends", "FR"))
    once = compare(before, after).drop_duplicates(["place_a", "place_b"])
    assert once[["n_old", "n_new"]].sum().tolist() == [4, 2]
    assert once["change"].value_counts().to_dict() == {"same": 2, "vanished": 1}


def test_a_record_is_compared_by_its_own_codes_and_foundings():
    founded = KNOWN.events[KNOWN.events["kind"] == "founded"].iloc[0]
    dates = KNOWN.events["date"].mask(KNOWN.events["event_id"] == founded["event_id"], "1901")
    changed = KNOWN.__class__(**{**vars(KNOWN), "events": KNOWN.events.assign(date=dates)})
    found = compare(record_statements(KNOWN, "then"), record_statements(changed, "now"))
    differ = found[found["change"] == "changed"]
    assert differ[["column", "before", "after"]].to_numpy().tolist() == [
        ["founded", founded["date"], "1901"]
    ]


def test_snapshots_in_the_wrong_order_or_of_one_name_are_refused():
    with pytest.raises(TiesError, match="older of the two; name it first"):
        compare(told("a", BONN, day="2021-01-01"), told("b", BONN))
    with pytest.raises(TiesError, match="both snapshots are called 'a'"):
        compare(told("a", BONN), told("a", BONN))
