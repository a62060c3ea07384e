import json
import os
from pathlib import Path
from typing import Any

import pytest

from ties.errors import UnreadableError
from ties.importers.statements import Reading
from ties.importers.wikidata import read_wikidata

FIXTURES = Path(__file__).parent / "fixtures"
WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def answer() -> Reading:
    return read_wikidata(FIXTURES / "answer.json")


@pytest.fixture
def read(tmp_path):
    def put(*solutions: Any) -> Reading:
        path = tmp_path / "query.json"
        path.write_text(json.dumps(list(solutions)), "utf-8")
        return read_wikidata(path)

    return put


def tie(**more: Any) -> dict[str, Any]:
    return {"item": WIKIDATA + "Q64", "sistercity": WIKIDATA + "Q90", **more}


def test_every_solution_is_a_statement_or_rejected(answer):
    assert answer.n_rows == answer.n_entries == 6
    assert answer.statements["row"].tolist() == [0, 4, 5]
    assert answer.rejected.set_index("row")["rule"].to_dict() == {
        1: "repeated",
        2: "repeated",
        3: "deprecated",
    }


def test_a_repeat_names_the_first_row_and_what_it_adds(answer):
    reasons = answer.rejected.query("rule == 'repeated'")["reason"].tolist()
    assert reasons == [
        "repeats row 0 of answer.json (Q9001$1); what differs is kept there (point_b)",
        "repeats row 0 of answer.json (Q9001$1); "
        "what differs is kept there (stated_in, stated_in_name)",
    ]


def test_what_repeats_add_is_kept_in_the_first(answer):
    first = answer.statements.iloc[0]
    assert first["reference"] == (
        "https://example.org/a, retrieved 2020-05-01 | stated in Yearbook"
    )
    assert (first["latitude_b"], first["longitude_b"]) == (48.75, 2.5)
    assert "further coordinates of Villeneuve: 48.75 2.75" in first["note"]


def test_ids_names_countries_and_precision_are_read(answer):
    first = answer.statements.iloc[0]
    columns = ["locator", "id_a", "name_a", "country_a", "id_b", "name_b", "country_b", "founded"]
    assert first[columns].tolist() == [
        *("Q9001$1", "Q9001", "Oldtown", "DE", "Q9003", "Villeneuve", "FR", "1963"),
    ]


def test_an_unknown_start_an_end_and_its_cause_are_read(answer):
    second = answer.statements.iloc[1]
    assert second.isna()["founded"]
    assert second[["founded_text", "ended"]].tolist() == ["unknown value", "2022-03-08"]
    assert second["note"] == "rank: preferred; end cause: council resolution"


def test_a_point_in_time_is_no_founding(answer):
    third = answer.statements.iloc[2]
    assert third[["founded", "founded_text"]].isna().all()
    assert third["note"] == "rank: normal; end: no value; point in time: 199X"
    assert answer.problems["rule"].tolist() == ["point_in_time", "no_label"]


@pytest.mark.parametrize(
    "solution",
    [
        tie(itemLabel="Berlin", sistercityLabel="Paris"),
        {"city": WIKIDATA + "Q64", "cityLabel": "Berlin", "twin": "Q90", "twinLabel": "Paris"},
        {
            "item": {"type": "uri", "value": WIKIDATA + "Q64"},
            "itemLabel": {"type": "literal", "value": "Berlin", "xml:lang": "de"},
            "partner": {"type": "uri", "value": WIKIDATA + "Q90"},
            "Partner_Label": {"type": "literal", "value": "Paris"},
        },
    ],
)
def test_the_usual_names_of_variables_and_all_forms_of_values_are_known(read, solution):
    (found,) = read(solution).statements[["id_a", "name_a", "id_b", "name_b"]].to_numpy().tolist()
    assert found == ["Q64", "Berlin", "Q90", "Paris"]


def test_names_alone_are_enough_and_addresses_elsewhere_are_ids(read):
    reading = read(
        {"city": "Bonn", "sister": "Opole"},
        {"city": "https://example.org/Bonn", "cityLabel": "Bonn", "sister": "Opole"},
    )
    assert reading.statements["name_a"].tolist() == ["Bonn", "Bonn"]
    assert reading.statements["id_a"].fillna("").tolist() == ["", "https://example.org/Bonn"]


def test_a_variable_of_either_side_and_an_unknown_one_go_into_the_note(read):
    reading = read(tie(country="Germany", population=3_000_000, capital=True))
    assert reading.statements["note"].tolist() == [
        "country: Germany; population: 3000000; capital: true"
    ]
    assert reading.statements["country_a"].isna().all()


def test_rows_of_one_pair_with_other_coordinates_or_countries_are_one(read):
    reading = read(
        tie(itemCoord="Point(13 52)", itemCountryLabel="Germany"),
        tie(itemCoord="Point(14 52)", itemCountryLabel="Germany"),
        tie(itemCoord="Point(14 52)", itemCountryLabel="Prussia"),
        tie(itemCoord="Point(14 52)", itemCountryLabel="Prussia"),
    )
    (found,) = reading.statements.to_dict("records")
    assert (found["latitude_a"], found["longitude_a"]) == (52, 13)
    assert "countries of Q64: Germany, Prussia" in found["note"]
    assert reading.statements["country_a"].isna().all()
    assert set(reading.problems["rule"]) == {"country_several", "no_label"}
    assert reading.rejected["rule"].tolist() == ["repeated"] * 3
    assert "repeats row 0" in reading.rejected["reason"].iloc[2]


def test_two_statements_of_one_pair_stay_two(read):
    reading = read(
        tie(statement=WIKIDATA + "statement/Q64-1", start="1987-07-02T00:00:00Z"),
        tie(statement=WIKIDATA + "statement/Q64-2", start="1987-07-02T00:00:00Z"),
    )
    assert reading.statements["locator"].tolist() == ["Q64$1", "Q64$2"]


def test_rows_of_one_pair_with_other_dates_stay_apart_where_statements_are_not_told(read):
    reading = read(tie(start="1987-07-02"), tie(start="1999-03-04"))
    assert reading.statements["founded"].tolist() == ["1987-07-02", "1999-03-04"]


def test_namesakes_without_ids_are_not_put_together(read):
    reading = read(
        {"city": "Bonn", "sister": "Portland", "sisterCoord": "Point(-70 43)"},
        {"city": "Bonn", "sister": "Portland", "sisterCoord": "Point(-122 45)"},
        {"city": "Bonn", "sister": "Portland", "sisterCoord": "Point(-122 45)"},
    )
    assert reading.statements["longitude_b"].tolist() == [-70, -122]
    assert reading.rejected["reason"].str.endswith("nothing differs").tolist() == [True]


def test_several_starts_of_a_statement_are_not_picked_from(read):
    statement = WIKIDATA + "statement/Q64-1"
    reading = read(
        tie(statement=statement, start="1987-07-02T00:00:00Z"),
        tie(statement=statement, start="1988-07-02T00:00:00Z"),
    )
    assert reading.statements["founded"].isna().all()
    assert reading.statements["founded_text"].tolist() == [
        "1987-07-02T00:00:00Z; 1988-07-02T00:00:00Z"
    ]


@pytest.mark.parametrize(
    ("partner", "rule"),
    [
        (WIKIDATA.replace("entity", ".well-known/genid") + "a8d1", "unknown_value"),
        ("_:b0", "unknown_value"),
        ("t9283749", "unknown_value"),
        ({"type": "bnode", "value": "b0"}, "unknown_value"),
        (None, "no_place"),
        ("", "no_place"),
        ({"type": "literal", "value": " "}, "no_place"),
    ],
)
def test_a_row_without_a_partner_is_rejected(read, partner: Any, rule: str):
    assert read(tie() | {"sistercity": partner}).rejected["rule"].tolist() == [rule]


def test_what_is_no_solution_is_rejected(read):
    reading = read(tie(), 7, None, ["x"])
    assert reading.rejected["rule"].tolist() == ["malformed"] * 3
    assert reading.rejected["text"].tolist() == ["7", "null", '["x"]']
    assert reading.rejected["locator"].tolist() == ["$[1]", "$[2]", "$[3]"]


@pytest.mark.parametrize(
    "point", ["Point(200 52)", "Point(13)", "POLYGON((1 2))", f"<{WIKIDATA}Q405> Point(1 2)", "x"]
)
def test_coordinates_that_cannot_be_read_are_told_and_kept(read, point: str):
    reading = read(tie(itemCoord=point, itemLabel="Berlin", sistercityLabel="Paris"))
    assert reading.statements["latitude_a"].isna().all()
    assert reading.statements["note"].tolist() == [f"coordinates of Berlin: {point}"]
    assert reading.problems["rule"].tolist() == ["coordinates_unread"]


def test_latitude_and_longitude_may_stand_apart(read):
    reading = read(tie(itemLat="52.5", itemLong=13.25))
    assert reading.statements[["latitude_a", "longitude_a"]].to_numpy().tolist() == [[52.5, 13.25]]


def test_pages_are_read_as_one_answer(tmp_path):
    pages = []
    for number in range(2):
        pages.append(tmp_path / f"{number}.json")
        pages[-1].write_text(json.dumps([tie(), {"item": "Q1", "sistercity": f"Q{number}"}]))
    reading = read_wikidata(pages)
    assert reading.statements[["row", "file"]].to_numpy().tolist() == [
        [0, "0.json"],
        [1, "0.json"],
        [3, "1.json"],
    ]
    assert "repeats row 0 of 0.json" in reading.rejected["reason"].iloc[0]


def test_an_answer_without_solutions_has_no_entries(tmp_path):
    path = tmp_path / "query.json"
    path.write_text('{"head": {"vars": []}, "results": {"bindings": []}}')
    assert (read_wikidata(path).n_rows, read_wikidata(path).n_entries) == (0, 0)


def test_entities_and_answers_may_be_read_together(tmp_path):
    entity, answer = tmp_path / "Q1.json", tmp_path / "query.json"
    partner = {"snaktype": "value", "datavalue": {"value": {"id": "Q2"}}}
    claims = {"P190": [{"mainsnak": partner}]}
    entity.write_text(json.dumps({"id": "Q1", "labels": {}, "claims": claims}))
    answer.write_text(json.dumps([tie()]))
    reading = read_wikidata([entity, answer])
    assert reading.statements[["row", "file", "id_a", "id_b"]].to_numpy().tolist() == [
        [0, "Q1.json", "Q1", "Q2"],
        [1, "query.json", "Q64", "Q90"],
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"head": {}, "boolean": true}', "yes or no"),
        ('{"results": {"bindings": {}}}', "no answer to a query"),
        ('{"results": []}', "no answer to a query"),
        ('"text"', "no answer to a query"),
        ('[{"city": "Bonn", "country": "Germany"}]', "its variables are city, country"),
        ("[1]", "no answer to a query"),
        ('{"results": {"bindings": [1]}}', "its variables are none"),
        ('[{"item": "Q1"', "is not JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_answer_is_refused_with_the_reason(tmp_path, content: str, reason: str):
    path = tmp_path / "query.json"
    path.write_text(content)
    with pytest.raises(UnreadableError, match=reason):
        read_wikidata(path)


def test_the_german_answer_of_2017_is_read_whole():
    world = os.environ.get("TIES_WORLD")
    if not world:
        pytest.skip("TIES_WORLD names no folder of world sets")
    reading = read_wikidata(Path(world) / "wikidata-query-displayn" / "query.json")
    assert (reading.n_rows, reading.n_entries, len(reading.rejected)) == (5_758, 5_758, 0)
    ties = reading.statements
    assert (ties["id_a"].nunique(), ties["id_b"].nunique()) == (2_157, 4_993)
    assert not ties.duplicated(["id_a", "id_b"]).any()
    assert reading.problems["message"].str.startswith("4 of 11,516 names").tolist() == [True]
