"""A file tells what it is, and what is said of it goes to the reader that has a use for it."""

from __future__ import annotations

import json

import pytest

from ties.errors import TiesError, UnreadableError
from ties.importers.kinds import KINDS, OPTIONS, detect, reader, reader_options

WIKITEXT = "== [[Bonn]] ==\n* [[Opole]], Poland (1954)\n"
ANSWER = {"results": {"bindings": [{"item": {"value": "http://www.wikidata.org/entity/Q64"}}]}}
NESTED = {"Bonn": {"sister_city": ["Opole"], "country_of_sc": ["Poland"], "country": "Germany"}}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("ours.csv", "city,partner\nBonn,Opole\n", "table"),
        ("ours.tsv", "city\tpartner\nBonn\tOpole\n", "table"),
        ("ours.json", json.dumps([{"city": "Bonn", "partner": "Opole"}]), "table"),
        ("ours.xlsx", "PK\x03\x04", "table"),
        ("query.json", json.dumps(ANSWER), "wikidata"),
        ("Q64.json", json.dumps({"entities": {"Q64": {"id": "Q64", "claims": {}}}}), "wikidata"),
        ("list.txt", WIKITEXT, "wikitext"),
        ("list.html", "<!DOCTYPE html><html><body><ul><li>Bonn</li></ul></body>", "html"),
        ("cities.json", json.dumps(NESTED), "nested"),
        ("empty.csv", "", "table"),
    ],
)
def test_a_file_tells_its_kind(tmp_path, name, content, kind):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert detect(path) == kind


def test_a_mistyped_kind_is_recognised(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableError, match="did you mean the kind 'wikitext'"):
        detect("wikitex")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_reader(kind):
    assert callable(reader(kind))


@pytest.mark.parametrize("name", OPTIONS)
def test_readers_take_what_can_be_said_of_their_files(name):
    import inspect

    for kind, parameter in OPTIONS[name].items():
        assert parameter in inspect.signature(reader(kind)).parameters


def test_what_a_kind_has_no_use_for_is_refused_with_the_way_out():
    with pytest.raises(TiesError, match="--map is for table or html, and not for nested"):
        reader_options("nested", {"map": "mapping.toml"})
    with pytest.raises(TiesError, match=r"country_a = \"…\" under \[constants\]"):
        reader_options("table", {"country": "DE"})
