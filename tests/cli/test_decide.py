"""`ties decide`: names that no rule settles are asked for, kept, and used by the next import."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

import ties
from ties.cli import app
from ties.places.decisions import DecisionError, read_decisions

TABLE = """city,country,partner,partner country,since
Murmansk,Russia,Portland,United States,1990
Archangel,Russia,Portland,United States,1991
Bonn,Germany,=Nowhere<b>,Germany,1954
Bonn,Germany,Elsewhere,,1960
"""


def run(*args, code=0, answers=""):
    result = CliRunner().invoke(app, [str(arg) for arg in args], input=answers)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def bring_in(tmp_path):
    def once():
        (tmp_path / "list.csv").write_text(TABLE, encoding="utf-8")
        day = ("--retrieved", "2024-03-01", "-o", tmp_path, "--no-gazetteer")
        return run("import", "table", tmp_path / "list.csv", *day)

    once()
    return once, tmp_path / "list" / "2024-03-01"


def test_an_import_lists_ambiguous_and_unfound_names_with_their_candidates(bring_in):
    names = pd.read_csv(bring_in[1] / "undecided.csv").set_index("name")
    assert set(names["open"]) == {"ambiguous", "unfound"}
    assert set(names.loc["Portland", "place_key"]) == {"us-me-portland", "us-or-portland"}
    assert set(names.loc["Portland", "partner"]) == {"Murmansk"}, "Archangel's is on record"
    assert pd.isna(names.loc["Elsewhere", "place_key"])
    assert names.loc["Bonn", "rows"] == "line 4, line 5"


def test_answers_are_kept_and_the_next_import_takes_them_with_their_coordinates(bring_in):
    once, folder = bring_in
    answers = "9\n1\nthe minutes say so\n\n0\n50.5, 7.1\n\nru-mag-magadan\n\n"
    said = run("decide", folder, "--no-gazetteer", answers=answers)
    assert "'9' is none of these" in said
    assert "it needs a country" not in said
    kept = read_decisions(folder.parent / "decisions.csv").set_index("name")
    assert kept.loc["Portland", "reason"] == "the minutes say so"
    assert kept.loc["=Nowhere<b>", "reason"] == "a place of its own"
    assert "decisions.csv decides" in once()
    record = ties.read(folder / "record")
    places = record.places.set_index("name")
    assert places.loc["=Nowhere<b>", ["latitude", "longitude"]].tolist() == [50.5, 7.1]
    assert len(record.ties) == 4
    again = run("decide", folder, "--no-gazetteer", answers="q\n")
    assert "Portland" not in again
    assert "1 of 1: Bonn (Germany)" in again


def test_a_name_without_a_country_cannot_stand_for_itself(bring_in):
    answers = "\n\n\n0\nq\n"
    said = run("decide", bring_in[1], "--no-gazetteer", answers=answers)
    assert "'0' is none of these; to stand for itself it needs a country" in said
    assert not (bring_in[1].parent / "decisions.csv").exists()


def test_the_page_holds_names_as_text_and_stands_alone(bring_in):
    run("decide", bring_in[1], "--no-gazetteer", "--page")
    page = (bring_in[1].parent / "decide.html").read_text("utf-8")
    assert "<b>" not in page
    assert not re.search(r"(src|href)=", page.split("<script", 1)[0])
    values = json.loads(re.search(r'id="values">(.*?)</script>', page)[1])
    assert values["names"][0]["name"] == "Portland"
    assert "=Nowhere<b>" in [one["name"] for one in values["names"]]


def test_a_folder_without_names_is_told(tmp_path):
    assert "run ties import" in run("decide", tmp_path, code=2)


def test_a_key_that_nobody_knows_is_warned_of(bring_in):
    once, folder = bring_in
    run("decide", folder, "--no-gazetteer", answers="us-me-prtland\n\nq\n")
    assert "'us-me-prtland' is neither in the record nor in the gazetteer" in once()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Bonn,,,,,91,7,2026,x", "line 2: '91' is no latitude"),
        ("Bonn,,,,,50,,2026,x", "line 2: 'Bonn' has half a point"),
    ],
)
def test_a_point_that_is_none_is_told(tmp_path, row, message):
    header = "name,country,region,partner,place_key,latitude,longitude,decided_on,reason"
    (tmp_path / "d.csv").write_text(f"{header}\n{row}\n")
    with pytest.raises(DecisionError, match=message):
        read_decisions(tmp_path / "d.csv")
