"""What must hold of every record that ships with the package."""

from __future__ import annotations

import re
import tomllib

import pandas as pd
import pytest

import ties
from ties.cli import app
from ties.io.folder import record_folder

RECORDS = [*ties.records().index]
MOST_WITHOUT_COORDINATES = 24


@pytest.fixture(scope="module", params=RECORDS)
def record(request):
    return ties.load(request.param)


def beside(record, name):
    return record_folder(record.name) / name


def test_the_records_are_found_by_looking():
    folders = {path.parent.name for path in record_folder().parent.glob("*/record.toml")}
    assert set(RECORDS) == folders >= {"germany-russia", "us-russia"}


def test_the_list_tells_size_span_edition_and_licence(record):
    row = ties.records().loc[record.name]
    assert (row["n_ties"], row["n_events"]) == (len(record.ties), len(record.events))
    assert row["first_year"] < 1990 < row["last_year"] == record.as_of.year
    assert row["as_of"] == record.as_of
    assert row["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_command_lists_them(form):
    from typer.testing import CliRunner

    result = CliRunner().invoke(app, ["records", "--format", form])
    assert result.exit_code == 0
    assert all(name in result.output for name in RECORDS)


def test_a_record_has_no_error(record):
    assert record.problems.query("severity == 'error'").empty
    assert set(record.events["event_id"]) == set(record.attestations["event_id"])
    assert record.name in RECORDS and len(record.countries) == 2


def test_a_formal_act_has_a_side_and_a_silence_has_none(record):
    acts = record.events["kind"].isin(["suspended", "terminated", "reinstated"])
    assert (record.events.loc[acts, "side"] != "none").all()
    silent = record.events["kind"].isin(["dormant", "reported"])
    assert (record.events.loc[silent, "side"] == "none").all()


def test_leads_say_where_they_come_from_and_why_they_wait(record):
    leads = pd.read_csv(beside(record, "leads.csv"), dtype="str")
    assert leads[["lead_id", "origin", "reason"]].notna().all(axis=None)
    assert leads["lead_id"].is_unique
    cited = leads["source_ids"].dropna().str.split(r"[ ;]+").explode()
    assert set(cited) <= set(record.sources["source_id"])


def test_the_origin_of_places_names_every_place_without_coordinates(record):
    origin = tomllib.loads(beside(record, "places.origin.toml").read_text(encoding="utf-8"))
    missing = record.places.loc[record.places["latitude"].isna(), "place_id"]
    assert origin["missing"]["coordinates"] == sorted(missing)
    assert len(missing) <= MOST_WITHOUT_COORDINATES
    named = [i for source in origin["sources"].values() for i in source.get("place_ids", [])]
    assert set(named) <= set(record.places["place_id"])


def test_every_place_bears_its_name(record):
    named = record.places[record.places["level"] != "joint"]
    borne = pd.MultiIndex.from_frame(record.place_names[["place_id", "name"]])
    assert pd.MultiIndex.from_frame(named[["place_id", "name"]]).isin(borne).all()


def test_the_readme_refers_to_rules_that_are_there(record):
    rules = (record_folder(record.name).parent / "RULES.md").read_text(encoding="utf-8")
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", rules, re.MULTILINE)]
    assert numbers == [*range(1, len(numbers) + 1)]
    readme = beside(record, "README.md").read_text(encoding="utf-8")
    assert {int(n) for n in re.findall(r"[Rr]ules? (\d+)", readme)} <= set(numbers)


def test_a_place_of_two_records_is_one_place():
    both = pd.concat([ties.load(name).places for name in RECORDS])
    shared = both[both.duplicated("place_id", keep=False)].drop_duplicates()
    assert not shared["place_id"].duplicated().any()
    assert len(both) > len(both.drop_duplicates("place_id"))
