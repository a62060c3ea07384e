"""A name becomes the place that is meant, or stays open with its reasons."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import ties
from ties.places.decisions import COLUMNS, DecisionError, read_decisions
from ties.places.gazetteer import GeoNames
from ties.places.resolver import BASES, MENTION, candidates, resolve

KNOWN = ties.load("us-russia")


def ask(*rows, gazetteer=None, decisions=None):
    frame = pd.DataFrame(
        [dict(zip(("name", "country", "region", "on"), row, strict=False)) for row in rows]
    )
    return resolve(frame, KNOWN, gazetteer, decisions)


def one(*row, gazetteer=None):
    return ask(row, gazetteer=gazetteer).iloc[0]


@pytest.mark.parametrize(
    ("name", "country", "place"),
    [
        ("Архангельск", "Россия", "ru-ark-arkhangelsk"),
        ("Portland, ME", "USA", "us-me-portland"),
        ("Portland, Oregon", "United States", "us-or-portland"),
        ("Portland (Maine)", "US", "us-me-portland"),
        ("St. Petersburg", "Russia", "ru-spe-saint-petersburg"),
        ("Sankt-Peterburg", "Russland", "ru-spe-saint-petersburg"),
        ("Saint Petersburg, Florida", "United States", "us-fl-st-petersburg"),
        ("Pushkin, Saint Petersburg", "Russia", "ru-spe-pushkin"),
        ("Leningrad Oblast", "Russia", "ru-len"),
        ("Maryland", "United States", "us-md"),
        ("Stravropol", "Russia", None),  # a city and its krai are nearly called so
        ("Yekaterinberg", "Russia", "ru-sve-yekaterinburg"),
        ("Nizhniy Novgorod", "Russia", "ru-niz-nizhny-novgorod"),
        ("Rostov-on-Don", "Russia", "ru-ros-rostov-on-don"),
        ("Portland", "United States", None),
    ],
)
def test_a_name_finds_its_place_on_record(name, country, place):
    found = one(name, country)
    if place is None:
        assert found["basis"] in ("ambiguous", "provisional")
    else:
        assert found["place_key"] == place, found["reasons"]


def test_a_region_never_becomes_the_city():
    found = ask(("Leningrad Oblast", "Russia"), ("Leningrad", "Russia", None, "1980"))
    assert found["place_key"].nunique() == 2


def test_a_name_holds_for_a_time():
    early, late, open_ = (one("Leningrad", "Russia", None, on) for on in ("1980", "1995", None))
    assert early["place_key"] == open_["place_key"] == "ru-spe-saint-petersburg"
    assert late["basis"] == "unresolved"
    assert late["reasons"] == "the place did not bear this name then"


def test_a_state_that_is_not_there_leads_to_no_other():
    assert one("Portland, Texas", "United States")["basis"] == "provisional"


def test_an_unknown_name_stands_for_itself_in_its_country():
    found = ask(("Nowhere", "France"), ("nowhere", "Frankreich"), ("Nowhere", "Italy"))
    assert found["place_key"].tolist() == ["name:FR:nowhere", "name:FR:nowhere", "name:IT:nowhere"]
    assert ask(("Nowhere", None))["basis"].tolist() == ["unresolved"]


def test_a_vanished_state_is_read_as_what_came_of_it():
    found = one("Архангельск", "USSR", None, "1989")
    assert found["place_key"] == "ru-ark-arkhangelsk"
    late = one("Архангельск", "USSR", None, "1999")
    assert "USSR was not there on 1999" in late["reasons"]


def test_coordinates_tell_namesakes_apart():
    frame = pd.DataFrame(
        {
            "name": "Portland",
            "country": "US",
            "latitude": [43.7, 45.5],
            "longitude": [-70.3, -122.7],
        }
    )
    assert resolve(frame, KNOWN)["place_key"].tolist() == ["us-me-portland", "us-or-portland"]


def test_an_id_on_record_decides_and_another_stands_for_itself():
    frame = pd.DataFrame(
        {"name": ["?", "Portland"], "country": [None, "US"], "id": ["Q1297", "Q999"]}
    )
    assert resolve(frame, KNOWN)["place_key"].tolist() == ["us-il-chicago", "wikidata:Q999"]


def test_two_ids_are_two_places_whatever_their_names():
    frame = pd.DataFrame({"name": "Köln", "country": "DE", "id": ["Q365", "Q1", "Q365"]})
    keys = resolve(frame, KNOWN, GeoNames())["place_key"].tolist()
    assert keys == ["wikidata:Q365", "wikidata:Q1", "wikidata:Q365"]
    alone = resolve(frame.iloc[[0]], KNOWN, GeoNames())["place_key"].tolist()
    assert alone == ["geonames:2886242"]


def test_exonyms_and_old_spellings_are_known_to_the_gazetteer():
    rows = [
        ("Köln", "Germany"),
        ("Cologne", "Deutschland"),
        ("Kattowitz", "Poland"),
        ("Katowice", "Polska"),
    ]
    keys = ask(*rows, gazetteer=GeoNames())["place_key"].tolist()
    assert keys[0] == keys[1] != keys[2] == keys[3]


def test_a_namesake_that_is_much_larger_is_meant_only_if_nothing_says_otherwise():
    found = ask(("Frankfurt", "Germany"), ("Frankfurt (Oder)", "Germany"), gazetteer=GeoNames())
    assert found["name"].tolist() == ["Frankfurt am Main", "Frankfurt (Oder)"]
    assert one("Salisbury", None, gazetteer=GeoNames())["basis"] == "ambiguous"


def test_ambiguous_names_come_with_their_candidates():
    listed = candidates(pd.DataFrame({"name": ["Portland"], "country": ["US"]}), KNOWN)
    assert set(listed["place_key"]) == {"us-me-portland", "us-or-portland"}


def test_a_decision_is_used_again(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text(
        "name,country,region,place_key,decided_on,reason\n"
        "Portland,US,,us-me-portland,2026-11-24,the list is of Maine\n"
        "Springfield,US,,,,\n"
    )
    found = ask(("Portland", "US"), decisions=read_decisions(path)).iloc[0]
    assert (found["place_key"], found["basis"]) == ("us-me-portland", "decision")
    assert found["reasons"] == "decided on 2026-11-24: the list is of Maine"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["Portland,US,,us-me-portland,2026-11-24,"], "line 2: a decision needs a reason"),
        (["Portland,US,,us-me-portland,,because"], "line 2: a decision needs a date"),
        (["Portland,US,,us-me-portland,soon,because"], "line 2: 'soon' is no date"),
        (
            ["Portland,US,,us-me-portland,2026,a", "Portland,US,,us-or-portland,2026,b"],
            "line 3: 'Portland' was decided otherwise above",
        ),
    ],
)
def test_a_decision_that_cannot_be_used_is_told(tmp_path, rows, message):
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join(["name,country,region,place_key,decided_on,reason", *rows]))
    with pytest.raises(DecisionError, match=message):
        read_decisions(path)


def test_a_row_that_does_not_fit_the_header_is_told_with_its_line(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text(
        'name,country,region,place_key,decided_on,reason\n"a\nb",US,,x,2026,y\nBonn,,,,,,,,,\n'
    )
    with pytest.raises(DecisionError, match="line 4"):
        read_decisions(path)


def test_a_column_that_stands_twice_is_told(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text("name,name,country,region,place_key,decided_on,reason\n")
    with pytest.raises(DecisionError, match="two columns name"):
        read_decisions(path)


def test_what_was_escaped_for_spreadsheets_is_what_was_written(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text("name,country,region,place_key,decided_on,reason\n'-X,US,,x,2026,y\n")
    assert read_decisions(path)["name"].tolist() == ["-X"]


def test_a_file_of_decisions_needs_its_columns(tmp_path):
    path = tmp_path / "decisions.csv"
    path.write_text("name,place_key\nPortland,x\n")
    with pytest.raises(DecisionError, match="has no column country"):
        read_decisions(path)
    assert "place_key" in COLUMNS


texts = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["Portland", "Leningrad", "Moscow", "(", "–"])
)
mentions = st.lists(
    st.fixed_dictionaries(
        {
            "name": texts,
            "country": st.one_of(texts, st.sampled_from(["US", "Russia", "USSR", "Japa"])),
            "region": texts,
            "level": texts,
            "id": texts,
            "on": st.sampled_from([None, "1980", "199X", "../1995"]),
            "latitude": st.one_of(st.none(), st.floats(-90, 90)),
            "longitude": st.one_of(st.none(), st.floats(-180, 180)),
        }
    ),
    max_size=6,
)


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(rows=mentions, seed=st.integers(0, 5))
def test_whatever_is_asked_every_row_is_answered_whatever_the_order(rows, seed):
    frame = pd.DataFrame(rows, columns=list(MENTION))
    found = resolve(frame, KNOWN)
    assert found.index.equals(frame.index)
    assert found["basis"].isin(BASES).all()
    assert (found["place_key"].isna() == found["basis"].isin(["ambiguous", "unresolved"])).all()
    order = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(resolve(order, KNOWN).sort_index(), found)
