"""Nested JSON keyed by place, and the console dump of the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ties.errors import UnreadableError
from ties.importers.recipes.console import read_console_dump
from ties.importers.recipes.nested import read_nested
from ties.importers.statements import Reading

Write = Callable[[Any], Reading]


@pytest.fixture
def read(tmp_path: Path) -> Write:
    """Give a way to read an object that is written as JSON."""

    def write(tree: Any) -> Reading:
        path = tmp_path / "tree.json"
        text = tree if isinstance(tree, str) else json.dumps(tree)
        path.write_text(text, encoding="utf-8")
        return read_nested(path)

    return write


def test_parallel_lists_are_read_parallel_map(read: Write):
    kabul = {"sister_city": ["Ankara", "Kazan"], "country_of_sc": ["Turkey", "Russia"]}
    reading = read({"Kabul": {**kabul, "country": "Afghanistan", "continent": "Asia"}})
    columns = ["name_a", "country_a", "name_b", "country_b", "locator"]
    assert reading.statements[columns].to_numpy().tolist() == [
        ["Kabul", "Afghanistan", "Ankara", "Turkey", '$["Kabul"].sister_city[0]'],
        ["Kabul", "Afghanistan", "Kazan", "Russia", '$["Kabul"].sister_city[1]'],
    ]


def test_lists_of_unequal_length_are_set_aside_whole(read: Write):
    reading = read({"Kabul": {"sister_city": ["Ankara", "Kazan"], "country_of_sc": ["Turkey"]}})
    assert reading.statements.empty
    assert reading.rejected["rule"].tolist() == ["unequal_lists"] * 2
    assert "sister_city has 2, country_of_sc has 1" in reading.rejected["reason"][0]


def test_years_countries_and_footnotes_are_no_places(read: Write):
    partners = ["1967", "Polen", "[1]", "undefined", None, {"distance": 2}, "Gera"]
    reading = read({"Arnhem": {"partners": partners}, "1930": {"partners": []}})
    assert reading.statements["name_b"].tolist() == ["Gera"]
    assert reading.rejected["rule"].tolist() == [
        *["not_a_place"] * 4,
        "null",
        "no_name",
        "not_a_place",
    ]


def test_a_place_without_a_partner_is_one_rejected_entry(read: Write):
    reading = read({"Gera": {"partners": []}, "Ulm": {"partners": ["Gera"]}, "Bonn": {"x": 1}})
    assert reading.rejected[["row", "rule"]].to_numpy().tolist() == [
        [0, "no_partner"],
        [2, "no_list"],
    ]


def test_a_city_that_bears_the_name_of_its_country_is_a_city(read: Write):
    reading = read({"Luxembourg": {"partners": ["Singapore"]}})
    assert len(reading.statements) == 1
    assert reading.problems["rule"].eq("city_or_country").sum() == 2


def test_a_sentence_as_a_key_is_no_place(read: Write):
    text = "Judenburg is a member of the Douzelage, a town twinning association of towns."
    reading = read(
        {text: {"partners": ["Agros"]}, "Omagh terminated its twinning.": {"partners": []}}
    )
    assert reading.rejected["rule"].tolist() == ["network", "no_tie"]


def test_coordinates_and_what_else_a_partner_says_are_kept(read: Write):
    tree = {
        "Gera": {"partners": [{"city": "Ulm", "distance": 1.5}], "coordinates": ["50.88", "12"]}
    }
    row = read(tree).statements.iloc[0]
    assert (row["latitude_a"], row["longitude_a"]) == (50.88, 12.0)
    assert row["note"] == "distance 1.5"


def test_coordinates_that_have_no_one_reading_are_missing_with_a_warning(read: Write):
    reading = read({"Gera": {"partners": ["Ulm"], "coordinates": ["91", "12"]}})
    assert reading.statements["latitude_a"].isna().all()
    assert "coordinates_unread" in reading.problems["rule"].tolist()


def test_a_country_that_is_none_is_left_out_with_a_warning(read: Write):
    reading = read({"San José": {"sister_city": ["Ulm"], "country_of_sc": ["NaN"]}})
    assert reading.statements["country_b"].isna().all()
    assert "no_country_given" in reading.problems["rule"].tolist()


def test_namesakes_under_one_key_are_a_warning(read: Write):
    tree = {
        "Toledo": {
            "sister_city": ["Toledo"],
            "country_of_sc": ["United States"],
            "country": "Spain",
        }
    }
    assert {"namesakes", "same_name"} <= set(read(tree).problems["rule"])


def test_a_key_that_stands_twice_is_read_twice(read: Write):
    reading = read('{"Ulm": {"partners": ["Gera"]}, "Ulm": {"partners": ["Bonn"]}}')
    assert reading.statements["name_b"].tolist() == ["Gera", "Bonn"]
    assert "repeated_key" in reading.problems["rule"].tolist()


def test_an_object_with_a_key_twice_is_set_aside(read: Write):
    reading = read('{"Ulm": {"partners": ["Gera"], "partners": []}, "X": {"partners": ["Y"]}}')
    assert reading.rejected["rule"].tolist() == ["repeated_key"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ("{", "is not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "not a JSON object"),
        ('{"a": 1}', "no place has a list of partners"),
        ('{"a": 1e999999, "b": ' + "9" * 5000 + "}", "is not JSON"),
    ],
)
def test_what_is_no_such_tree_is_refused(read: Write, text: str, message: str):
    with pytest.raises(UnreadableError, match=message):
        read(text)


DUMPS = """\
{ Arnhem: { city: 'Arnhem', coordinates: '51 059 00 N 5 055 00 E', partners: [ 'Gera' ] } }
{ Arnhem:
   { city: 'Arnhem',
     coordinates: '51 059 00 N 5 055 00 E',
     partners: [ 'Gera', 'Xi\\'an', 'Duitsland' ] },
  'Hradec Králové': { city: 'Hradec Králové', coordinates: '', partners: [] } }
"""


def test_the_last_dump_of_a_console_is_read(tmp_path: Path):
    path = tmp_path / "log.json"
    path.write_text(DUMPS, encoding="utf-8")
    reading = read_console_dump(path)
    assert reading.statements["name_b"].tolist() == ["Gera", "Xi'an"]
    assert reading.statements["latitude_a"].iloc[0] == pytest.approx(51 + 59 / 60)
    assert reading.rejected["rule"].tolist() == ["not_a_place", "no_partner"]
    assert "earlier_dumps" in reading.problems["rule"].tolist()


def test_a_place_that_only_an_earlier_dump_holds_is_named(tmp_path: Path):
    path = tmp_path / "log.json"
    path.write_text(DUMPS.replace("Arnhem", "Utrecht", 1), encoding="utf-8")
    lost = read_console_dump(path).problems.query("rule == 'lost_place'")
    assert lost["value"].tolist() == ["Utrecht"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no dump", "holds no dump"),
        ("{ a: [Object] }", "is abbreviated"),
        ("{ a: 'b", "cannot be read"),
        ("{ " + "a: { " * 3000, "nested too deeply|cannot be read"),
    ],
)
def test_a_dump_that_is_not_whole_is_refused(tmp_path: Path, text: str, message: str):
    path = tmp_path / "log.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableError, match=message):
        read_console_dump(path)
