"""The record of Germany and Russia: the cases that the rules must get right."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import ties
from ties.io.folder import record_folder
from ties.lookup import find_tie
from ties.schema.tables import TABLES

NAME = "germany-russia"
ONE_SIDED_AS_OF = "2022-12-31"


@pytest.fixture(scope="module")
def record():
    return ties.load(NAME)


def events(record, tie, *kinds):
    own = record.events[record.events["tie_id"] == tie]
    return own[own["kind"].isin(kinds)] if kinds else own


def test_it_is_sound_and_large_enough_to_answer(record):
    assert record.problems.empty
    table = ties.tie_table(record)
    assert len(record.ties) >= 130
    assert len(record.events) >= 600
    assert table["founding_decade"].notna().sum() >= 112


def test_the_readme_tells_how_many_rows_each_table_has(record):
    text = (record_folder(NAME) / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)\.csv` \| (\d+) \|", text, re.MULTILINE))
    leads = len(pd.read_csv(record_folder(NAME) / "leads.csv"))
    counted = {name: str(len(record.table(name))) for name in TABLES}
    assert told == counted | {"leads": str(leads)}


def test_side_a_is_german(record):
    countries = record.places.set_index("place_id")["country"]
    assert (record.ties["place_a"].map(countries) == "DE").all()
    assert (record.ties["place_b"].map(countries) == "RU").all()


def test_every_place_lies_where_its_country_does(record):
    german = record.places[record.places["country"] == "DE"]
    assert german["latitude"].between(47, 55.1).all()
    assert german["longitude"].between(5.8, 15.1).all()
    russian = record.places[record.places["country"] == "RU"].dropna(subset="latitude")
    assert russian["latitude"].between(41, 78).all()
    assert russian["longitude"].between(19, 180).all()


@pytest.mark.parametrize(
    ("words", "tie"),
    [
        ("Twer", "osnabrueck-tver"),
        ("Tver", "osnabrueck-tver"),
        ("Тверь", "osnabrueck-tver"),
        ("Kalinin", "osnabrueck-tver"),
        ("Оснабрюк", "osnabrueck-tver"),
        ("Karl-Marx-Stadt", "chemnitz-volgograd"),
        ("Cologne Stalingrad", "koeln-volgograd"),
        ("Köln Wolgograd", "koeln-volgograd"),
        ("Leningrad Hamburg", "hamburg-saint-petersburg"),
        ("Gorki Essen", "essen-nizhny-novgorod"),
        ("Kuibyschew", "stuttgart-samara"),
        ("Swerdlowsk Hannover", "hannover-yekaterinburg"),
        ("Tilsit", "kiel-sovetsk"),
        ("Bavaria Voronezh", "bayern-voronezh-oblast"),
    ],
)
def test_a_tie_is_found_by_german_english_russian_and_old_names(record, words, tie):
    assert find_tie(record, words) == tie


def test_city_county_and_land_of_one_name_are_places_of_their_own(record):
    place = record.ties.set_index("tie_id")["place_a"]
    assert place["verden-aller-bagrationovsk"] == "de-ni-verden"
    assert place["landkreis-verden-bagrationovsk"] == "de-ni-landkreis-verden"
    levels = record.places.set_index("place_id")["level"]
    assert levels["de-be-berlin"] == levels["ru-mow-moscow"] == "city"
    assert levels["de-bb"] == "region" and levels["de-be-mitte"] == "district"


def test_a_council_that_lets_a_tie_rest_suspends_it_and_a_paper_reports(record):
    assert events(record, "aachen-kostroma", "suspended")["side"].tolist() == ["a"]
    melle = events(record, "melle-torzhok", "reported")
    assert melle[["reported_status", "side"]].to_numpy().tolist() == [["suspended", "none"]]
    assert events(record, "melle-torzhok", "suspended").empty


def test_a_committee_that_recommends_does_not_suspend(record):
    assert events(record, "halle-saale-ufa", "suspended").empty
    asked = events(record, "berlin-neukoelln-pushkin", "petition")
    assert "2022-10-18" in asked["date"].tolist()


def test_sources_that_disagree_on_a_founding_stand_side_by_side(record):
    own = record.attestations[record.attestations["event_id"] == "cottbus-lipetsk-1974-founded"]
    assert sorted(own["date"]) == ["1974", "1992", "1992", "1993"]
    assert len(events(record, "cottbus-lipetsk", "founded")) == 1


def test_both_sides_of_2022_are_kept(record):
    hamburg = events(record, "hamburg-saint-petersburg")
    march = hamburg[hamburg["date"] == "2022-03-04"]
    assert set(march["kind"]) == {"reaffirmed", "statement"}
    witten = events(record, "witten-kursk", "reported")
    assert set(witten["reported_status"]) == {"suspended", "in_force"}


def test_nobody_had_suspended_before_the_war_but_main_kinzig(record):
    before = ties.tie_table(record, as_of="2022-02-23")
    assert before.loc[before["formal"] == "suspended", "tie_id"].tolist() == [
        "main-kinzig-kreis-istra"
    ]
    after = ties.tie_table(record, as_of=ONE_SIDED_AS_OF)
    assert (after["formal"] == "suspended").sum() > 30


def test_a_founding_behind_the_wall_says_which_states_were_there(record):
    dresden = events(record, "dresden-saint-petersburg", "founded")["summary"].item()
    assert "GDR and the USSR" in dresden
    hamburg = events(record, "hamburg-saint-petersburg", "founded")["summary"].item()
    assert "USSR" in hamburg and "GDR" not in hamburg
