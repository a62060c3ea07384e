"""The dictionary and the data package say what the models say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ties.schema.dictionary import data_dictionary, data_package, write
from ties.schema.tables import TABLES, columns

CHECKOUT = Path(__file__).parents[2]


def test_the_committed_dictionary_is_in_step():
    committed = (CHECKOUT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert committed == data_dictionary(), "run `make dictionary`"


def test_the_committed_package_is_in_step():
    record = CHECKOUT / "data" / "raw" / "us-russia"
    committed = json.loads((record / "datapackage.json").read_text(encoding="utf-8"))
    assert committed == data_package(record), "run `make dictionary`"
    assert all((record / resource["path"]).is_file() for resource in committed["resources"])


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_described(table):
    assert all(len(field.description) >= 5 for field in columns(table).values())
    text = data_dictionary()
    assert all(f"| `{column}` |" in text for column in columns(table))


def test_every_reference_points_to_a_resource():
    package = data_package(CHECKOUT / "data" / "raw" / "us-russia")
    names = {resource["name"] for resource in package["resources"]} | {""}
    keys = [key for r in package["resources"] for key in r["schema"].get("foreignKeys", [])]
    assert len(keys) > 5
    assert {key["reference"]["resource"] for key in keys} <= names


def test_a_folder_without_a_record_is_left_alone(tmp_path):
    (tmp_path / "data" / "raw" / "notes").mkdir(parents=True)
    assert [path.name for path in write(tmp_path)] == ["data-dictionary.md"]
