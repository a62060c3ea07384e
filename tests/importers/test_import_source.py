"""An import keeps what it received, says what became of it, and is whole or absent."""

from __future__ import annotations

import hashlib
import json
import tomllib

import pandas as pd
import pytest

import ties
from ties.errors import TiesError
from ties.io.atomic import OutputError
from ties.merge.import_source import Origin, import_source, reader

CITIES = {
    "Bonn": {
        "sister_city": ["Opole", "Oxford"],
        "country_of_sc": ["Poland", "England"],
        "country": "Germany",
    },
    "Opole": {"sister_city": ["Bonn"], "country_of_sc": ["Germany"], "country": "Poland"},
    "@Home": {"sister_city": ["Lyon"], "country_of_sc": ["France"], "country": "Italy"},
}
ORIGIN = Origin("Some List", "2023-05-10", "Somebody", "https://example.org", "CC0")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "cities.json"
    path.write_text(json.dumps(CITIES), encoding="utf-8")
    return path


def test_every_entry_is_accounted_for(source, tmp_path):
    counts = import_source("nested", source, tmp_path / "out", ORIGIN).counts
    assert counts["entries"] == counts["rejected"] + counts["statements"] == 4
    ends = ("ties", "merged", "self_pair", "unresolved")
    assert sum(counts[name] for name in ends) == counts["statements"]
    assert counts["merged"] == 1


def test_the_input_is_kept_as_it_came_with_its_origin(source, tmp_path):
    folder = import_source("nested", source, tmp_path / "out", ORIGIN).folder
    assert folder == tmp_path / "out" / "some-list" / "2023-05-10"
    kept = (folder / "received" / "cities.json").read_bytes()
    assert kept == source.read_bytes()
    origin = tomllib.loads((folder / "origin.toml").read_text("utf-8"))
    assert origin["sha256"] == hashlib.sha256(kept).hexdigest()
    assert (origin["producer"], origin["licence"]) == ("Somebody", "CC0")


def test_the_record_reads_back_without_an_error(source, tmp_path):
    made = import_source("nested", source, tmp_path / "out", ORIGIN)
    again = ties.read(made.folder / "record")
    assert len(again.ties) == made.counts["ties"] == 3
    assert again.as_of == pd.Timestamp("2023-05-10")


def test_a_formula_is_text_in_what_people_open_and_itself_in_the_record(source, tmp_path):
    folder = import_source("nested", source, tmp_path / "out", ORIGIN).folder
    assert "'@Home" in (folder / "places.csv").read_text("utf-8")
    assert "'@Home" in (folder / "record" / "places.csv").read_text("utf-8")
    assert "@Home" in ties.read(folder / "record").places["name"].tolist()


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(source, tmp_path):
    def hashes(out):
        folder = import_source("nested", source, out, ORIGIN).folder
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_an_earlier_import_is_replaced_and_files_of_others_are_not(source, tmp_path):
    folder = import_source("nested", source, tmp_path / "out", ORIGIN).folder
    import_source("nested", source, tmp_path / "out", ORIGIN)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        import_source("nested", source, tmp_path / "out", ORIGIN)
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        (Origin("x", "yesterday"), "retrieved: 'yesterday' is not an EDTF date"),
        (Origin("../..", "2023"), "is no name for a folder"),
    ],
)
def test_a_bad_origin_is_told(source, tmp_path, origin, message):
    with pytest.raises(TiesError, match=message):
        import_source("nested", source, tmp_path / "out", origin)
    assert not (tmp_path / "out").exists()


def test_an_unknown_kind_is_told():
    with pytest.raises(TiesError, match="'tabel' is no kind of import; they are table,"):
        reader("tabel")
