"""Nothing is silent: what nobody takes for granted of a table is counted and listed."""

from __future__ import annotations

import pandas as pd
import pytest

import ties
from ties.errors import TiesWarning, UnreadableError
from ties.importers.headings import recognise, require
from ties.importers.mapping import read_mapping
from ties.inputs import import_table

DAY = "2024-01-01"


def table(*rows, columns=("city", "country", "partner", "partner country", "since")):
    return pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])


def problems(source, **options):
    found = ties.check(source, retrieved=DAY, **options)
    return found[["rule", "line", "value"]].astype("object").fillna("-").to_numpy().tolist()


INVENTED = table(
    ("Bonn", "DE", "Qwertzstadt", "DE", "1990"),
    ("Bonn", "DE", "Opole", "PL", "1954"),
    ("Ulm", "DE", "Qwertzstadt", "DE", "1991"),
)


def test_a_name_that_is_found_nowhere_is_counted_and_listed_once_with_its_rows():
    made = import_table(INVENTED, retrieved=DAY)
    assert (made.counts["found_nowhere"], made.counts["unresolved"]) == (1, 0)
    assert ["place_unknown", 1, "Qwertzstadt"] in problems(INVENTED)
    (message,) = made.dataset.problems.query("rule == 'place_unknown'")["message"]
    assert "(2 rows: row 1, row 3)" in message
    with pytest.warns(TiesWarning, match=r"(?s)3 rows read = 3 accepted.*is found neither in"):
        ties.read(INVENTED, retrieved=DAY)


def test_names_that_were_not_looked_up_are_told_once():
    made = import_table(INVENTED, retrieved=DAY, gazetteer=False)
    told = made.dataset.problems.query("rule == 'names_not_looked_up'")["message"]
    assert told.tolist()[0].startswith("4 places that are not in the record were not looked up")
    assert "place_unknown" not in set(made.dataset.problems["rule"])


def test_a_name_of_several_places_is_listed():
    made = import_table(table(("Halle", "DE", "Linz", "AT", "1975")), retrieved=DAY)
    assert made.counts["ambiguous"] == 1
    assert "place_ambiguous" in set(made.dataset.problems["rule"])


def test_a_date_after_the_day_of_the_source_is_told_at_its_row_and_counted(tmp_path):
    path = tmp_path / "ties.csv"
    table(("Bonn", "DE", "Opole", "PL", "2069-05-15")).to_csv(path, index=False)
    assert ["future", 2, "2069-05-15"] in problems(path)
    assert import_table(path, retrieved=DAY).counts["dates_left_out"] == 1


def test_a_table_of_which_no_row_is_a_tie_says_so_and_why():
    with pytest.raises(
        UnreadableError, match="1 rows were read, and none of them is a tie"
    ) as not_read:
        ties.read(table(("Bonn", "DE", None, None, "1990")), retrieved=DAY)
    assert "has no name of place b" in str(not_read.value)


def test_no_country_is_worked_out_from_names_that_are_not_looked_up():
    source = table(("Lyon", "Köln"), ("Nantes", "Mainz"), columns=("ville", "partenaire"))
    assert set(import_table(source, retrieved=DAY).reading.statements["country_a"]) == {"FR"}
    constants = {"country_a": "FR", "country_b": "DE"}
    made = import_table(
        source, retrieved=DAY, gazetteer=False, mapping={"constants": constants}
    ).dataset.problems
    assert "country_guessed" not in set(made["rule"])
    with pytest.raises(UnreadableError, match="none of them is a tie"):
        import_table(source, retrieved=DAY, gazetteer=False)


def test_a_table_of_partners_asks_whose_they_are_in_one_sentence_that_works(tmp_path):
    path = tmp_path / "partner.csv"
    path.write_text("Partnerstadt,Land,Beginn\nOpole,Polen,1954\n", encoding="utf-8")
    with pytest.raises(UnreadableError) as asked:
        ties.read(path, retrieved=DAY)
    assert "\n" not in str(asked.value)
    assert 'name_a = "Bonn" and country_a = "DE"' in str(asked.value)
    constants = {"name_a": "Bonn", "country_a": "DE"}
    assert len(ties.read(path, retrieved=DAY, mapping={"constants": constants}).ties) == 1


def test_the_mapping_that_is_proposed_for_unknown_headings_is_one_that_reads_the_table(tmp_path):
    cells = pd.DataFrame(
        {0: ["Bonn", "Ulm"], 1: ["Opole", "Jinzhou"], 2: ["Polen", "China"], 3: ["1954", "2019"]}
    )
    found = recognise(["foo", "bar", "baz", "qux"], cells=cells)
    with pytest.raises(UnreadableError) as asked:
        require(found, read_mapping(None), "t.csv", cells)
    path = tmp_path / "mapping.toml"
    path.write_text("[columns]" + str(asked.value).partition("[columns]")[2], encoding="utf-8")
    assert read_mapping(path).columns == {
        "foo": ("name_a",),
        "bar": ("name_b",),
        "baz": ("country_b",),
        "qux": ("founded",),
    }


def test_columns_of_ids_are_ids_and_what_a_program_writes_for_nothing_is_nothing(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        '"","item","itemLabel","country","countryLabel","twin","twinLabel","twinCountryLabel","start"\n'
        '"1","Q1297","Chicago","Q30","United States","Q269","Tashkent","Uzbekistan",NA\n'
        '"2","Q1297","Chicago","Q30","United States","Q1715","Hannover",NA,1972-01-01\n'
    )
    made = import_table(path, retrieved=DAY)
    read = made.reading.statements[["id_a", "name_a", "country_a", "id_b", "name_b"]]
    assert read.iloc[0].tolist() == ["Q1297", "Chicago", "United States", "Q269", "Tashkent"]
    assert not {"date_unread"} & set(made.dataset.problems["rule"])
    assert "country_na" in set(made.dataset.problems["rule"])


@pytest.mark.parametrize(
    "headings",
    [
        ["교류도시", "도시", "국가", "교류체결일"],
        ["外方城市", "管轄區", "國家或地區", "結好時間"],
        ["Город-побратим", "Город Свердловской области", "Страна", "Год заключения договора"],
        ["testvérváros", "város", "ország", "aláírás éve"],
        ["ystävyyskaupunki", "kaupunki", "maa", "solmittu"],
        ["partnerské město", "město", "stát", "datum podpisu"],
        ["vänort", "kommun", "land", "sedan år"],
        ["kardeş şehir", "şehir", "ülke", "protokol tarihi"],
    ],
)
def test_headings_are_known_in_many_languages(headings):
    assert recognise(headings)["column"].tolist()[:2] == ["name_b", "name_a"]
    assert recognise(headings)["column"].iloc[3] == "founded"
