"""Ragged tables and pairs of ids; and the look that tells the shapes apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from ties.errors import UnreadableError
from ties.importers.kinds import reader
from ties.importers.scrapes import detect, read_adjacency, read_pairs


def write(folder: Path, text: str, name: str = "scrape.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


ADJACENCY = """\
,0,1,2
"Boa Vista, Cape Verde","Anadia, Portugal",,"Suzhou, Jiangsu, China"
"Maio, Cape Verde",,,
,"Loulé, Portugal",,
"Sal, Cape Verde","1967, Portugal","Lyon","France"
"Brava, Cape Verde",a,b,c,"Bath, England"
"""


def test_labels_come_apart_at_their_commas(tmp_path: Path):
    reading = read_adjacency(write(tmp_path, ADJACENCY))
    columns = ["name_a", "country_a", "name_b", "region_b", "country_b", "locator"]
    first = reading.statements[columns].astype("object").where(lambda cells: cells.notna(), None)
    assert first.head(2).to_numpy().tolist() == [
        ["Boa Vista", "Cape Verde", "Anadia", None, "Portugal", "line 2, partner 1"],
        ["Boa Vista", "Cape Verde", "Suzhou", "Jiangsu", "China", "line 2, partner 3"],
    ]


def test_a_ragged_table_loses_nothing(tmp_path: Path):
    reading = read_adjacency(write(tmp_path, ADJACENCY))
    assert (reading.n_rows, len(reading.statements)) == (5, 7)
    rules = ["no_partner", "no_place", "not_a_place", "not_a_place"]
    assert reading.rejected["rule"].tolist() == rules
    assert reading.problems.query("rule == 'ragged'")["line"].tolist() == [6]


def test_a_quote_that_never_closes_is_refused_with_its_line(tmp_path: Path):
    with pytest.raises(UnreadableError, match="starts on line 2"):
        read_adjacency(write(tmp_path, ',0\n"Boa Vista'))


PAIRS = "Q64\tQ90\nQ90\tQ64\nQ64\tQ90\nQ64\tQ649\nQ1\nQ64\tQ2\n"
NAMES = "Q64\tBerlin\nQ90\tParis\nQ64\tBerlín\nbroken\nQ2\t1967\n"


def test_pairs_get_their_names_from_the_file_beside(tmp_path: Path):
    write(tmp_path, NAMES, "names.tsv")
    reading = read_pairs(write(tmp_path, PAIRS, "relations.tsv"))
    row = reading.statements.iloc[0]
    assert row[["id_a", "name_a", "id_b", "name_b"]].tolist() == ["Q64", "Berlin", "Q90", "Paris"]
    assert reading.rejected["rule"].tolist() == ["not_a_pair", "not_a_place"]
    assert set(reading.problems["rule"]) == {
        "two_names",
        "names_line",
        "language_unstated",
        "unnamed_id",
        "repeated",
        "no_country",
    }


def test_a_pair_named_again_is_a_warning_with_its_line(tmp_path: Path):
    write(tmp_path, NAMES, "names.tsv")
    repeated = read_pairs(write(tmp_path, PAIRS, "relations.tsv")).problems.query(
        "rule == 'repeated'"
    )
    assert repeated["message"].str.startswith("line 3: Berlin and Paris").tolist() == [True]


def test_pairs_without_names_keep_their_ids(tmp_path: Path):
    reading = read_pairs(write(tmp_path, "Q64\tQ90\n"))
    assert reading.statements["name_a"].isna().all()
    assert "no_names" in reading.problems["rule"].tolist()


def test_a_table_with_a_header_is_no_file_of_pairs(tmp_path: Path):
    with pytest.raises(UnreadableError, match="two ids"):
        read_pairs(write(tmp_path, "place_a,place_b\nQ64,Q90\n"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"Kabul": {"sister_city": ["Ankara"]}}', "nested"),
        ("{ Arnhem: \n   { city: 'Arnhem', partners: ['Gera'] } }", None),
        (PAIRS.replace("Q1\n", ""), "pairs"),
        (ADJACENCY, "adjacency"),
        ("Arnhem\nArnhem > Gera\n", None),
        ('{"head": {"vars": []}}', None),
        ("place_a,place_b\nBonn,Opole\n", None),
        ("", None),
        ("A sentence.\n", None),
        ("\0\0", None),
    ],
)
def test_formats_are_told_apart_by_their_first_bytes(tmp_path: Path, text: str, name: str | None):
    found = detect(write(tmp_path, text))
    assert found == name
    assert found is None or reader(found)(write(tmp_path, text)).n_rows > 0


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(UnreadableError, match="cannot be read"):
        detect(tmp_path / "none.json")


@pytest.mark.parametrize("name", ["nested", "pairs", "adjacency"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\0", b"\n\n"])
def test_no_reader_breaks_on_what_is_no_text(tmp_path: Path, name: str, content: bytes):
    path = tmp_path / "scrape"
    path.write_bytes(content)
    try:
        assert reader(name)(path).statements.empty
    except UnreadableError as error:
        assert str(path) in str(error)
