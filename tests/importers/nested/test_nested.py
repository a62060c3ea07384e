"""Nested JSON keyed by place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ties.errors import UnreadableError
from ties.importers.nested import read_nested
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


def test_parallel_lists_are_read_side_by_side(read: Write):
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


@pytest.mark.parametrize(
    "value",
    [["91", "12"], ["5", "181"], ["", ""], ["51,5", "4"], ["nan", "1"], [51.0], {"lat": 1}, "51 N"],
)
def test_what_is_no_pair_of_degrees_is_missing_with_a_warning(read: Write, value: Any):
    reading = read({"Gera": {"partners": ["Ulm"], "coordinates": value}})
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
        ('{"a": 1e999999, "b": ' + "9" * 5000 + "}", "4,300 digits"),
    ],
)
def test_what_is_no_such_tree_is_refused(read: Write, text: str, message: str):
    with pytest.raises(UnreadableError, match=message):
        read(text)
