"""Merged statements become a record that passes every check and says no more than its sources."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import ties
from ties.importers.statements import make_statements
from ties.io.writing import write_record
from ties.merge.pairs import MERGED, merge, resolve_statements
from ties.merge.record import to_dataset

KNOWN = ties.load("us-russia")
SOURCES = pd.DataFrame(
    {
        "source_id": ["one", "two"],
        "title": ["List one", "List two"],
        "published": [None, "2020-05"],
        "accessed": ["2021-03-04", "2021-03-04"],
        "kind": "repository",
    }
)


def make(*rows, known=None, rule="most"):
    """Make a record of statements given as (source, name_a, country_a, name_b, country_b, more)."""
    columns = ("source_id", "name_a", "country_a", "name_b", "country_b")
    entries = [
        dict(zip(columns, row, strict=False), **(row[5] if len(row) > 5 else {}), row=number)
        for number, row in enumerate(rows)
    ]
    sources = [entry.pop("source_id") for entry in entries]
    statements = make_statements(entries).assign(
        source_id=sources, statement_id=[f"s{number:03d}" for number in range(len(entries))]
    )
    merged = merge(resolve_statements(statements, known))
    as_of = pd.Timestamp("2021-03-04")
    return merged, to_dataset(
        merged, sources=SOURCES, name="x", title="X", as_of=as_of, known=known, date_rule=rule
    )


BONN = ("Bonn", "Germany", "Opole", "Poland")


def errors(made, folder):
    problems = ties.check(write_record(made.dataset, folder))
    return problems[problems["severity"] == "error"]["message"].tolist()


def test_a_pair_told_by_two_sources_is_one_tie_with_two_listings(tmp_path):
    _, made = make(("one", *BONN), ("two", "Opole", "Polska", "Bonn", "DE"))
    events = made.dataset.events
    assert len(made.dataset.ties) == 1
    assert events["kind"].tolist() == ["listed", "listed"]
    assert set(events["date"]) == {"2021-03-04", "2020-05"}
    assert errors(made, tmp_path) == []


@pytest.mark.parametrize(
    ("rule", "date"), [("most", "1954-06"), ("earliest", "1953"), ("latest", "1954-06")]
)
def test_dates_that_disagree_stay_parallel_map(tmp_path, rule, date):
    _, made = make(
        ("one", *BONN, {"founded": "1954-06"}), ("two", *BONN, {"founded": "1953"}), rule=rule
    )
    founded = made.dataset.events.query("kind == 'founded'")
    assert founded["date"].tolist() == [date]
    attested = made.dataset.attestations
    own = attested[attested["event_id"].isin(founded["event_id"])]
    assert dict(zip(own["source_id"], own["date"], strict=True)) == {
        "one": "1954-06",
        "two": "1953",
    }
    assert errors(made, tmp_path) == []


def reports(made):
    events = made.dataset.events
    own = events[events["kind"] == "reported"]
    return own[["date", "side", "reported_status"]].astype("object").to_numpy().tolist()


def test_a_status_is_a_report_of_the_day_of_its_source(tmp_path):
    state = {"status": "ausgesetzt", "reported_status": "suspended"}
    _, made = make(("two", *BONN, state))
    assert made.dataset.events["kind"].tolist() == ["listed", "reported"]
    assert reports(made) == [["2020-05", "none", "suspended"]]
    assert made.dataset.events["summary"].str.endswith("of the tie: ausgesetzt").sum() == 1
    assert errors(made, tmp_path) == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"reported_status": "dormant", "reported_on": "2015"}, [["2015", "dormant"]]),
        ({"ended": "2012"}, [["2012", "terminated"]]),
        ({"ended": "2012", "reported_status": "terminated"}, [["2012", "terminated"]]),
        (
            {"ended": "2012", "reported_status": "active"},
            [["2021-03-04", "active"], ["2012", "terminated"]],
        ),
        ({"reported_status": "terminated", "reported_on": "2030"}, []),
    ],
)
def test_a_report_bears_the_day_that_is_stated(tmp_path, state, told):
    _, made = make(("one", *BONN, {"founded": "1954", **state}))
    assert [[date, status] for date, _, status in reports(made)] == told
    assert (made.problems["rule"] == "future").sum() == (not told)
    assert errors(made, tmp_path) == []


def test_places_on_record_stay_what_they_are_there(tmp_path):
    _, made = make(("one", "Архангельск", "Russia", "Portland, ME", "USA"), known=KNOWN)
    assert set(made.dataset.ties.iloc[0][["place_a", "place_b"]]) == {
        "ru-ark-arkhangelsk",
        "us-me-portland",
    }
    assert errors(made, tmp_path) == []


def test_a_tie_without_a_country_is_given_back_with_the_reason():
    merged, made = make(("one", "Bonn", "Germany", "Q1", None, {"id_b": "Q1"}))
    assert len(merged.pairs) == 1
    assert made.dataset.ties.empty
    assert made.rejected["reason"].str.startswith("the country of an end is not known").all()


def test_namesakes_get_codes_of_their_own(tmp_path):
    _, made = make(
        ("one", "Neustadt", "DE", "Lyon", "FR", {"id_a": "Q1"}),
        ("one", "Neustadt", "DE", "Nice", "FR", {"id_a": "Q2"}),
    )
    assert made.dataset.places["place_id"].is_unique
    assert errors(made, tmp_path) == []


names = st.sampled_from(["Bonn", "Köln", "Opole", "Lyon", "=1+1", "<b>", "Portland", "St. Gallen"])
countries = st.sampled_from(["DE", "France", "Poland", "USA", "Atlantis", None])
dates = st.sampled_from([None, "1954", "199X", "../1992", "1989/1991", "2030"])
statuses = st.sampled_from([None, "terminated", "active", "dormant"])
rows = st.lists(
    st.tuples(
        st.sampled_from(["one", "two"]), names, countries, names, countries,
        st.fixed_dictionaries({"founded": dates, "ended": dates, "reported_status": statuses}),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(told=rows)
def test_whatever_is_told_no_statement_is_lost_and_the_record_is_valid(told, tmp_path_factory):
    merged, made = make(*told)
    outcome = merged.log["outcome"].value_counts()
    n_out = sum(outcome.get(name, 0) for name in ("self_pair", "unresolved"))
    n_in = outcome.get("kept", 0) + sum(outcome.get(name, 0) for name in MERGED)
    assert n_in + n_out == len(told)
    refused_pairs = made.rejected["pair"].nunique()
    assert len(made.dataset.ties) + refused_pairs == len(merged.pairs)
    if len(made.dataset.ties):
        wrong = errors(made, tmp_path_factory.mktemp("record"))
        # What a source misdates is its own fault, and is told as such.
        assert [text for text in wrong if "founded in" not in text] == []
