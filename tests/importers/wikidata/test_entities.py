import bz2
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ties.errors import UnreadableError
from ties.importers.statements import Reading
from ties.importers.wikidata import read_wikidata

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def oldtown() -> Reading:
    return read_wikidata(FIXTURES / "Q9001.json")


@pytest.fixture
def write(tmp_path):
    def put(value: Any, name: str = "entities.json") -> Path:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
        return path

    return put


def by_number(reading: Reading, number: int):
    found = reading.statements[
        reading.statements["locator"].str.startswith(f"Q9001$0000000{number}")
    ]
    return found.iloc[0]


def item(item_id: str) -> dict[str, Any]:
    return {"snaktype": "value", "datavalue": {"value": {"id": item_id}}}


def entity(item_id: str, *partners: str, **more: Any) -> dict[str, Any]:
    ties = [
        {"mainsnak": item(partner), "id": f"{item_id}${at}", "rank": "normal"}
        for at, partner in enumerate(partners)
    ]
    return {"id": item_id, "claims": {"P190": ties}} | more


def test_every_statement_is_an_entry_and_every_entity_a_row(oldtown):
    assert oldtown.n_rows == 5
    assert len(oldtown.statements) == 5
    assert oldtown.rejected["rule"].tolist() == [
        *("deprecated", "no_value", "unknown_value"),
        *["no_tie"] * 4,
    ]
    assert oldtown.n_entries == 8 + 4


def test_the_locator_is_the_id_of_the_statement(oldtown):
    assert oldtown.statements["locator"][0] == "Q9001$00000001-aaaa-4bbb-8ccc-dddddddddddd"


def test_start_end_cause_rank_and_references_are_read(oldtown):
    tie = by_number(oldtown, 1)
    assert (tie["founded"], tie["ended"]) == ("1990-06-20", "2022")
    assert tie["ended_text"] == "+2022-00-00T00:00:00Z/9"
    assert tie["note"].startswith("rank: preferred; end cause: council resolution")
    assert tie["reference"] == ("https://example.org/ties, retrieved 2020-05-01 | stated in Q9006")


def test_a_julian_day_is_converted_and_told(oldtown):
    tie = by_number(oldtown, 2)
    assert (tie["founded"], tie["founded_text"]) == ("1917-11-07", "+1917-10-25T00:00:00Z/11/J")
    assert "julian" in set(oldtown.problems["rule"])


def test_a_point_in_time_is_no_founding(oldtown):
    tie = by_number(oldtown, 6)
    assert tie[["founded", "founded_text"]].isna().all()
    assert tie["note"] == "rank: normal; end: no value; point in time: 1995"
    assert "point_in_time" in set(oldtown.problems["rule"])


def test_no_value_as_end_is_no_end_and_unknown_value_is_one_without_a_date(oldtown):
    assert by_number(oldtown, 6)[["ended", "ended_text"]].isna().all()
    unknown = by_number(oldtown, 7)
    assert unknown.isna()["ended"]
    assert unknown["ended_text"] == "unknown value"


def test_circa_marks_the_date_as_approximate(oldtown):
    assert by_number(oldtown, 7)["founded"] == "198X~"


def test_of_several_starts_none_is_picked_and_all_are_kept(oldtown):
    tie = by_number(oldtown, 8)
    assert tie.isna()["founded"]
    assert tie["founded_text"] == "+1991-00-00T00:00:00Z/9; +1992-00-00T00:00:00Z/9"
    assert "date_several" in set(oldtown.problems["rule"])


def test_a_country_that_has_ended_does_not_count(oldtown):
    assert set(oldtown.statements["country_a"]) == {"Germany"}


def test_of_several_countries_none_is_picked_and_all_are_noted(oldtown):
    tie = by_number(oldtown, 1)
    assert tie.isna()["country_b"]
    assert "countries of Новгород: Q159, Q212" in tie["note"]
    assert "country_several" in set(oldtown.problems["rule"])


def test_a_country_without_a_label_is_its_id(oldtown):
    assert by_number(oldtown, 2)["country_b"] == "Q142"


def test_coordinates_are_those_on_earth_and_further_ones_are_noted(oldtown):
    tie = by_number(oldtown, 1)
    assert (tie["latitude_a"], tie["longitude_a"]) == (51.5, 12.25)
    assert (tie["latitude_b"], tie["longitude_b"]) == (58.5, 31.25)
    assert tie["note"].endswith("; further coordinates of Новгород: 58.6 31.25")


def test_names_are_in_the_first_language_that_has_one():
    for languages, names in {
        ("de", "fr"): ["Altstadt", "Villeneuve-la-Grande"],
        ("fr", "mul", "de"): ["Altstadt", "Villeneuve-la-Grande"],
        (): ["Altstadt", "Villeneuve-la-Grande"],
        ("en", "mul"): ["Oldtown", "Villeneuve"],
    }.items():
        tie = by_number(read_wikidata(FIXTURES / "Q9001.json", languages=languages), 2)
        assert tie[["name_a", "name_b"]].tolist() == names


def test_a_place_without_a_label_is_named_by_its_id_and_that_is_told_once(oldtown):
    tie = by_number(oldtown, 8)
    assert (tie["name_b"], tie["id_b"]) == ("Q9008", "Q9008")
    told = oldtown.problems.query("rule == 'no_label'")["message"]
    assert told.str.startswith("3 of 10 names are ids").tolist() == [True]


def test_lines_of_a_dump_are_read_one_by_one():
    reading = read_wikidata(FIXTURES / "dump.json")
    assert reading.n_rows == 6
    assert reading.statements[["name_a", "name_b"]].to_numpy().tolist() == [
        ["Northam", "Southam"],
        ["Northam", "Q9012"],
        ["Southam", "Northam"],
    ]
    assert reading.rejected.set_index("rule")["locator"].to_dict() == {
        "not_json": "line 4",
        "not_an_item": "line 5",
        "missing_entity": "line 6",
        "repeated": "Q9010$1",
    }
    assert "of row 0" in reading.rejected["reason"].iloc[-1]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
@pytest.mark.parametrize("name", ["Q9001.json", "dump.json"])
def test_packed_files_say_the_same(tmp_path, pack, name: str):
    packed = tmp_path / name
    packed.write_bytes(pack((FIXTURES / name).read_bytes()))
    assert read_wikidata(packed).statements.equals(read_wikidata(FIXTURES / name).statements)


@pytest.mark.parametrize(
    "form",
    [
        lambda one: {"entities": {"Q1": one}, "success": 1},
        lambda one: {"entities": [one]},
        lambda one: [one],
        lambda one: one,
        lambda one: json.dumps(one, indent=2),
        lambda one: json.dumps([one], indent=2),
        lambda one: "\ufeff" + json.dumps(one),
        lambda one: f"[\n{json.dumps(one)}\n]\n",
        lambda one: f"{json.dumps(one)},\r\n\r\n",
    ],
)
def test_all_forms_of_a_document_say_the_same(write, form):
    reading = read_wikidata(write(form(entity("Q1", "Q2"))))
    assert reading.statements[["locator", "id_a", "id_b"]].to_numpy().tolist() == [
        ["Q1$0", "Q1", "Q2"]
    ]


def test_both_directions_are_statements_of_their_own(write):
    reading = read_wikidata(write([entity("Q1", "Q2"), entity("Q2", "Q1")]))
    assert reading.statements[["id_a", "id_b"]].to_numpy().tolist() == [["Q1", "Q2"], ["Q2", "Q1"]]


def test_old_exports_give_the_number_of_an_item_only(write):
    old = entity("Q1", "Q2")
    old["claims"]["P190"][0]["mainsnak"]["datavalue"]["value"] = {
        "entity-type": "item",
        "numeric-id": 2,
    }
    assert read_wikidata(write(old)).statements["id_b"].tolist() == ["Q2"]


@pytest.mark.parametrize(
    "statement",
    [
        *(None, 7, "Q2", [], {}, {"mainsnak": None}, {"mainsnak": {"snaktype": "value"}}),
        {"mainsnak": {"snaktype": "value", "datavalue": {"value": "Q2"}}},
        {"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": "P17"}}}},
        {"mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": 2}}}},
    ],
)
def test_a_statement_that_names_no_item_is_rejected_with_its_text(write, statement):
    reading = read_wikidata(write({"id": "Q1", "claims": {"P190": [statement]}}))
    (rejected,) = reading.rejected.to_dict("records")
    assert rejected["rule"] == "malformed"
    assert rejected["locator"] == "Q1 P190[0]"
    assert json.loads(rejected["text"]) == statement


def test_qualifiers_that_are_not_known_are_kept_in_the_note(write):
    one = entity("Q1", "Q2", labels={"en": {"value": "A"}})
    one["claims"]["P190"][0]["qualifiers"] = {
        "P642": [item("Q1"), {"snaktype": "somevalue"}],
        "P1810": [{"snaktype": "value", "datavalue": {"value": "Die Alte"}}],
        "P1": [{"snaktype": "value", "datavalue": {"value": {"amount": "+3"}}}],
        "P2": [{"snaktype": "value", "datavalue": {"value": {"text": "x", "language": "en"}}}],
        "P3": [{"snaktype": "value"}],
    }
    (note,) = read_wikidata(write(one)).statements["note"]
    assert note == (
        "rank: normal; P642: A, unknown value; P1810: Die Alte; P1: +3; P2: x; P3: malformed value"
    )


def test_a_date_that_cannot_be_read_is_told_and_the_tie_stays(write):
    one = entity("Q1", "Q2")
    millennium = {"time": "+2000-00-00T00:00:00Z", "precision": 6}
    one["claims"]["P190"][0]["qualifiers"] = {
        "P580": [{"snaktype": "value", "datavalue": {"value": millennium}}],
        "P582": [{"snaktype": "broken"}],
    }
    reading = read_wikidata(write(one))
    tie = reading.statements.iloc[0]
    assert tie[["founded", "ended"]].isna().all()
    assert tie[["founded_text", "ended_text"]].tolist() == [
        "+2000-00-00T00:00:00Z/6",
        "malformed value",
    ]
    unread = reading.problems.query("rule == 'date_unread'")
    assert unread["column"].tolist() == ["founded", "ended"]
    assert set(unread["severity"]) == {"warning"}


def test_halves_of_characters_do_not_break_the_reading(write):
    path = write('{"id":"Q1","labels":{"en":{"value":"a\\ud800"}},"claims":{"P190":[7]}}')
    assert read_wikidata(path).rejected["rule"].tolist() == ["malformed"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[\n]\n", "holds no entity"),
        (b"{}", "holds no entity"),
        (b"[1, 2]", "holds no entity"),
        (b'"text"', "holds no entity"),
        (b'{"entities": {}}', "holds no entity"),
        (b"<html></html>", "is not JSON"),
        (b'{"entities": {"Q1": {"id": "Q1"', "is not JSON"),
        (b"\xff\xfe{\x00}\x00", "is not UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "holds no entity"),
        (b"[" + b"9" * 5_000 + b"]", "4,300 digits"),
        (gzip.compress(b'{"id": "Q1", "claims": {}}', mtime=0)[:-4], "is damaged"),
        (b"\x1f\x8bnot gzip", "is damaged"),
        (b"BZhnot bzip2", "is damaged"),
    ],
)
def test_what_cannot_be_read_at_all_is_refused_with_the_reason(tmp_path, content: bytes, reason):
    path = tmp_path / "entities.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=reason):
        read_wikidata(path)


def test_a_deep_line_is_rejected_and_the_others_are_read(write):
    deep = '{"id":"Q3","claims":' + "[" * 100_000 + "]" * 100_000 + "}"
    reading = read_wikidata(write(f"{json.dumps(entity('Q1', 'Q2'))}\n{deep}\n"))
    assert len(reading.statements) == 1
    assert reading.rejected["reason"].str.contains("nested too deeply").tolist() == [True]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_what_is_larger_than_the_limit_is_refused(tmp_path, pack):
    path = tmp_path / "entities.json"
    path.write_bytes(pack(json.dumps(entity("Q1", "Q2")).encode() + b" " * 100_000))
    with pytest.raises(UnreadableError, match="100,000 bytes"):
        read_wikidata(path, max_bytes=100_000)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UnreadableError, match="does not exist"):
        read_wikidata(tmp_path / "none.json")


def test_the_record_of_weimar_is_read_whole():
    world = os.environ.get("TIES_WORLD")
    if not world:
        pytest.skip("TIES_WORLD names no folder of world sets")
    reading = read_wikidata(Path(world) / "wikidata-crawl-l3viathan" / "weimar.json")
    assert (reading.n_rows, reading.n_entries, len(reading.rejected)) == (1, 5, 0)
    ties = reading.statements.set_index("id_b")
    assert ties["founded"].to_dict() == {
        "Q160927": "1995-02-18",
        "Q202158": "1970-09-06",
        "Q2751": "1994-04-15",
        "Q3138": "1987-05-24",
        "Q145972": "2012-05-25",
    }
    assert set(ties["country_a"]) == {"Q183"}
    assert set(ties["reference"]) == {"http://stadt.weimar.de/ueber-weimar/partnerstaedte/"}
