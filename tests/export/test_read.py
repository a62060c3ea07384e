"""What follows from the tables: each tie once, with the status that Python gives."""

from __future__ import annotations

import dataclasses
import itertools
import json

import networkx as nx
import numpy as np
import pytest
from tests.factory import make_dataset

import ties
from ties.errors import TiesError
from ties.export.catalogue import export


@pytest.fixture(scope="module")
def record():
    return ties.load("us-russia")


@pytest.fixture(scope="module")
def table(record):
    return ties.tie_table(record, ties.StatusRule(dormant_after=3), "2018").set_index("tie_id")


@pytest.fixture(scope="module")
def made(record, tmp_path_factory):
    """Every format that follows from a rule, under one that is not the usual one."""
    home = tmp_path_factory.mktemp("made")
    rule = ties.StatusRule(dormant_after=3)
    names = {"geojson": "t.geojson", "graphml": "t.graphml", "json": "api"}
    return {form: export(record, form, home / name, rule, "2018") for form, name in names.items()}


def status_of(table):
    return table["status"].astype("object").where(table["status"].notna(), None).to_dict()


def test_geojson_has_every_tie_once_with_its_status(made, table):
    document = json.loads(made["geojson"].read_text("utf-8"))
    found = {f["id"]: f["properties"]["status"] for f in document["features"]}
    assert len(document["features"]) == len(table)
    assert found == status_of(table)
    assert document["as_of"] == "2018-12-31"


def drawn(made):
    features = json.loads(made["geojson"].read_text("utf-8"))["features"]
    return [feature for feature in features if feature["geometry"]]


def parts_of(feature):
    geometry = feature["geometry"]
    is_cut = geometry["type"] == "MultiLineString"
    return geometry["coordinates"] if is_cut else [geometry["coordinates"]]


def test_every_tie_of_two_known_positions_has_a_line(made, table):
    ends = ["latitude_a", "longitude_a", "latitude_b", "longitude_b"]
    assert [f["id"] for f in drawn(made)] == [*table.index[table[ends].notna().all(axis=1)]]


def test_a_line_begins_and_ends_at_the_places_longitude_first(made, table):
    for feature in drawn(made):
        parts = parts_of(feature)
        row = table.loc[feature["id"]]
        ends = [parts[0][0], parts[-1][-1]]
        expected = [
            [row["longitude_a"], row["latitude_a"]],
            [row["longitude_b"], row["latitude_b"]],
        ]
        np.testing.assert_allclose(ends, expected, atol=1e-5)


def test_no_line_jumps_across_the_map_and_those_that_cross_it_are_cut_at_its_edge(made):
    n_cut = 0
    for feature in drawn(made):
        parts = [np.array(part) for part in parts_of(feature)]
        for part in parts:
            assert (np.abs(part[:, 0]) <= 180).all()
            assert (np.abs(np.diff(part[:, 0])) < 180).all()
        for before, after in itertools.pairwise(parts):
            n_cut += 1
            assert {before[-1][0], after[0][0]} == {-180.0, 180.0}
            assert before[-1][1] == after[0][1]
    assert n_cut  # Alaska and the Russian Far East


def test_a_tie_without_a_position_keeps_its_feature(tmp_path):
    dataset = make_dataset([("t", "1991", "founded", "both")])
    path = export(dataset, "geojson", tmp_path / "t.geojson")
    (feature,) = json.loads(path.read_text("utf-8"))["features"]
    assert feature["geometry"] is None
    assert feature["properties"]["name"]


def test_places_at_one_point_have_a_line_there(tmp_path):
    dataset = make_dataset([("t", "1991", "founded", "both")])
    places = dataset.places.assign(latitude=50.0, longitude=10.0)
    path = export(dataclasses.replace(dataset, places=places), "geojson", tmp_path / "t.geojson")
    (feature,) = json.loads(path.read_text("utf-8"))["features"]
    assert {tuple(point) for point in feature["geometry"]["coordinates"]} == {(10.0, 50.0)}


def test_graphml_is_the_network_of_the_ties(made, record, table):
    graph = nx.read_graphml(made["graphml"], force_multigraph=True)
    assert set(graph) == {*record.ties["place_a"], *record.ties["place_b"]}
    edges = {key: (a, b, facts) for a, b, key, facts in graph.edges(keys=True, data=True)}
    assert set(edges) == set(table.index)
    assert {key: facts.get("status") for key, (*_, facts) in edges.items()} == status_of(table)
    assert all({a, b} == {*table.loc[k, ["place_a", "place_b"]]} for k, (a, b, _) in edges.items())


def test_graphml_leaves_out_what_xml_cannot_hold(tmp_path):
    dataset = make_dataset([("t", "1991", "founded", "both")])
    places = dataset.places.assign(name=["a\x00<b>&", "b"]).astype(dataset.places.dtypes)
    path = export(dataclasses.replace(dataset, places=places), "graphml", tmp_path / "t.graphml")
    assert nx.read_graphml(path).nodes["ru-t"]["name"] == "a<b>&"


def test_the_api_lists_every_tie_and_each_has_its_file(made, table):
    listed = json.loads((made["json"] / "ties.json").read_text("utf-8"))
    assert {row["tie_id"]: row["status"] for row in listed} == status_of(table)
    for row in listed:
        own = json.loads((made["json"] / row["url"]).read_text("utf-8"))
        assert own["status"] == row["status"]
        assert own["episodes"] or row["status"] is None


def test_the_api_loses_no_event_attestation_or_search(made, record):
    own = [json.loads(path.read_text("utf-8")) for path in (made["json"] / "ties").iterdir()]
    events = [event for tie in own for event in tie["events"]]
    assert {event["event_id"] for event in events} == set(record.events["event_id"])
    assert len(events) == len(record.events)
    assert sum(len(event["attestations"]) for event in events) == len(record.attestations)
    assert sum(len(tie["searches"]) for tie in own) == len(record.searches)
    sources = json.loads((made["json"] / "sources.json").read_text("utf-8"))
    assert len(sources) == len(record.sources)


def test_the_api_says_by_which_rule_and_on_which_day(made):
    index = json.loads((made["json"] / "index.json").read_text("utf-8"))
    assert index["read"]["as_of"] == "2018-12-31"
    assert index["read"]["rule"]["dormant_after"] == 3
    assert index["licence"] == "CC-BY-4.0"
    assert all((made["json"] / link).is_file() for k, link in index["links"].items() if k != "tie")


def test_the_api_writes_no_file_outside_its_folder(tmp_path):
    dataset = make_dataset([("../../evil", "1991", "founded", "both")])
    with pytest.raises(TiesError, match="is no code of a tie"):
        export(dataset, "json", tmp_path / "api")
    assert list(tmp_path.rglob("*evil*")) == []
