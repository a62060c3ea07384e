"""Where sources disagree: each word is shown, none is settled; choices tell what they change."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.merge.test_record import make

import ties
from ties.merge.conflicts import CHOICES, RECORDED, find_conflicts
from ties.merge.record import typed
from ties.merge.standing import status_words

BONN = ("Bonn", "Germany", "Opole", "Poland")
ULM = ("Ulm", "Germany", "Brest", "France")
RECORD = ties.load("us-russia")


def found(*rows):
    return find_conflicts(make(*rows)[1].dataset)


def test_dates_without_a_common_day_are_a_conflict_and_a_coarser_one_is_none():
    both = found(
        ("one", *BONN, {"founded": "1954"}),
        ("two", *BONN, {"founded": "1997"}),
        ("one", *ULM, {"founded": "1991"}),
        ("two", *ULM, {"founded": "1991-06"}),
    )
    assert both.n_ties.to_dict() == {"founding": 1, "level": 0, "status": 0}
    assert set(both.words["date"]) == {"1954", "1997"}
    assert both.words["is_taken"].sum() == 1


def test_each_rule_for_dates_tells_what_the_founding_would_be():
    both = found(("one", *BONN, {"founded": "1954"}), ("two", *BONN, {"founded": "1997"}))
    dates = both.choices.set_index("choice")["founded"]
    assert dates["earliest"] == "1954"
    assert dates["latest"] == "1997"
    decades = both.totals.query("choice == 'latest' and measure == 'founding_decade'")
    assert decades.set_index("value")["n"]["1990"] == 1


def test_a_region_and_a_city_in_it_tied_to_one_place_are_a_conflict_of_level():
    rows = [
        ("one", "Hamburg", "Germany", "Leningrad Oblast", "Russia", {"level_b": "region"}),
        ("two", "Hamburg", "Germany", "Saint Petersburg", "Russia"),
    ]
    dataset = make(*rows, known=RECORD)[1].dataset
    n_before = find_conflicts(dataset).n_ties["level"]
    inside = dataset.places.assign(
        part_of=dataset.places["part_of"].mask(
            dataset.places["name"] == "Saint Petersburg",
            dataset.places.loc[dataset.places["level"] == "region", "place_id"].iloc[0],
        )
    )
    both = find_conflicts(dataset.__class__(**{**vars(dataset), "places": inside}))
    assert n_before == 0
    assert both.n_ties["level"] == 2
    ties_under = both.totals.query("about == 'level' and measure == 'ties'").set_index("choice")
    assert ties_under["change"].to_dict() == {RECORDED: 0, "wider": -1, "narrower": -1}


def test_a_later_listing_after_an_act_is_a_conflict_of_status():
    own = find_conflicts(RECORD).only("status")
    tie = own.words[own.words["tie_id"] == "tallahassee-krasnodar"]
    assert set(tie["says"]) == {"terminated", "listed"}
    assert tie.loc[tie["says"] == "terminated", "is_taken"].all()
    assert not tie.loc[tie["says"] == "listed", "is_taken"].any()
    states = own.choices[own.choices["tie_id"] == "tallahassee-krasnodar"].set_index("choice")
    assert states.loc[RECORDED, "formal"] == "terminated"
    assert states.loc["listing_believed", "formal"] == "in_force"


def test_a_tie_that_was_reinstated_has_a_history_and_no_conflict():
    events = RECORD.events
    back = events[events["kind"] == "reinstated"]["tie_id"]
    stops, _ = status_words(RECORD)
    acts = events[events["kind"].isin(["suspended", "terminated"])]
    latest = acts.groupby("tie_id")["date"].max()
    taken_back = [
        tie
        for tie in back
        if tie in latest.index
        and (events[(events["tie_id"] == tie) & (events["kind"] == "reinstated")]["date"].max())
        > latest[tie]
    ]
    assert not set(taken_back) & set(stops["tie_id"])


def test_totals_add_up_to_the_ties_of_the_record_under_every_choice():
    own = find_conflicts(RECORD)
    for (about, _choice), rows in own.totals.groupby(["about", "choice"]):
        n = rows.groupby("measure")["n"].sum()
        assert n["founding_decade"] == n["status"] == n["ties"]
        if about != "level":
            assert n["ties"] == len(RECORD.ties)
    recorded = own.totals[own.totals["choice"] == RECORDED]
    assert recorded["change"].eq(0).all()


def test_choices_are_named_in_one_place():
    own = find_conflicts(RECORD)
    for about, rows in own.choices.groupby("about"):
        assert set(rows["choice"]) == set(CHOICES[about])


def test_a_record_without_disagreement_has_none():
    none = found(("one", *BONN, {"founded": "1954"}))
    assert none.words.empty
    assert none.choices.empty
    assert none.totals.empty


@pytest.mark.parametrize("column", ["words", "choices", "totals"])
def test_looking_at_conflicts_changes_no_record(column):
    before = RECORD.events.copy()
    assert isinstance(getattr(find_conflicts(RECORD), column), pd.DataFrame)
    assert RECORD.events.equals(before)


def reported(*states):
    """Give the tie of Tallahassee and Krasnodar with reports alone, as (source, date, status)."""
    own = RECORD.keep_ties(["tallahassee-krasnodar"])
    rows = [
        {
            "event_id": f"e{n}",
            "tie_id": "tallahassee-krasnodar",
            "date": date,
            "kind": "reported",
            "side": "none",
            "summary": "The source says so.",
            "reported_status": status,
        }
        for n, (_, date, status) in enumerate(states)
    ]
    attested = [
        {"event_id": f"e{n}", "source_id": source} for n, (source, _, _) in enumerate(states)
    ]
    return replace(
        own,
        events=typed("events", pd.DataFrame(rows)),
        attestations=typed("attestations", pd.DataFrame(attested)),
    )


@pytest.mark.parametrize(
    ("states", "n_words"),
    [
        ([("s1", "2020", "dormant"), ("s1", "2020", "active")], 2),  # two rows of one table
        ([("s1", "2020", "dormant"), ("s2", "2020", "active")], 2),
        ([("s1", "2014", "terminated"), ("s2", "2020", "active")], 2),
        ([("s1", "2014", "terminated"), ("s1", "2020", "suspended")], 2),
        ([("s1", "2014", "suspended"), ("s1", "2020", "terminated")], 0),  # a history
        ([("s1", "2014", "dormant"), ("s2", "2020", "active")], 0),  # a history
        ([("s1", "2020", "in_force"), ("s2", "2020", "dormant")], 0),  # two axes
        ([("s1", "2020", "active"), ("s2", "2020", "active")], 0),
    ],
)
def test_reports_of_different_states_are_a_conflict(states, n_words):
    stops, standing = status_words(reported(*states))
    words = pd.concat([stops, standing])
    assert len(words) == n_words
    assert set(words["says"]) == ({status for *_, status in states} if n_words else set())
