import pytest
from hypothesis import given
from hypothesis import strategies as st

from ties.errors import UnreadableError
from ties.importers.heading_words import readings
from ties.importers.headings import recognise, require
from ties.importers.mapping import GEOMETRY, TARGETS, read_mapping
from ties.importers.statements import STATEMENT

ORDINARY = ["name_a", "name_b", "country_b", "founded", "note"]
# The same table in the words of a city hall here and there.
TABLES = {
    "en": ["City", "Sister City", "Partner Country", "Since", "Notes"],
    "de": ["Stadt", "Partnerstadt", "Partnerland", "Gründungsjahr", "Bemerkungen"],
    "fr": ["Ville", "Ville jumelée", "Pays partenaire", "Date du jumelage", "Remarques"],
    "es": ["Ciudad", "Ciudad hermanada", "País socia", "Fecha de hermanamiento", "Notas"],
    "it": ["Città", "Città gemellata", "Paese straniera", "Anno di gemellaggio", "Osservazioni"],
    "pt": ["Cidade", "Cidade-irmã", "País destino", "Data de geminação", "Observações"],
    "nl": ["Stad", "Partnerstad", "Partnerland", "Sinds", "Opmerkingen"],
    "pl": ["Miasto", "Miasto partnerskie", "Kraj partnera", "Data podpisania umowy", "Uwagi"],
    "ru": ["Город", "Город-побратим", "Страна побратима", "Дата подписания", "Примечание"],
    "uk": ["Місто", "Місто-побратим", "Країна побратима", "Дата підписання", "Примітка"],
    "zh": ["城市", "友好城市", "对方国家", "结好时间", "备注"],
    "ja": ["自治体名", "姉妹都市名", "相手国", "提携年月日", "備考"],
}


def columns(headings, mapping=None):
    return recognise(headings, mapping)["column"].fillna("").tolist()


@pytest.mark.parametrize("language", TABLES)
def test_the_headings_of_a_city_hall_are_known_in_its_language(language):
    found = columns(TABLES[language])
    # A word for the partner's country stands for a country; its side may come from its place.
    assert [found[place] for place in (0, 1, 3, 4)] == [ORDINARY[p] for p in (0, 1, 3, 4)]
    mapping = read_mapping({"constants": {"country_a": "XX"}})
    assert columns(TABLES[language], mapping) == ORDINARY


@pytest.mark.parametrize(
    ("heading", "column"),
    {
        "origincityLabel": "name_a",
        "originlong": "longitude_a",
        "destination_countryLabel": "country_b",
        "lng2": "longitude_b",
        "source_qid": "id_a",
        "PARTNER CITY": "name_b",
        "Name (b)": "name_b",
        "nameA": "name_a",
        "start_raw": "founded_text",
        "Twinned with": "name_b",
        "geom": GEOMETRY,
    }.items(),
)
def test_a_heading_may_be_glued_shouted_or_in_camel_case(heading, column):
    assert columns([heading]) == [column]


@pytest.mark.parametrize("heading", ["townUK", "population", "dist", "", "x" * 1_000, "b", "42"])
def test_a_heading_with_a_word_that_is_not_known_means_nothing(heading):
    assert readings(heading) == []
    assert columns([heading]) == [""]


def test_a_heading_without_a_side_takes_the_one_that_is_left():
    assert columns(["Stadt", "Land", "Partnerstadt", "Partnerland"]) == [
        "name_a",
        "country_a",
        "name_b",
        "country_b",
    ]


def test_a_place_named_by_the_mapping_leaves_the_headings_to_the_other():
    mapping = {"constants": {"name_a": "Leipzig"}}
    assert columns(["Stadt", "Land", "Breite", "seit"], mapping) == [
        "name_b",
        "country_b",
        "latitude_b",
        "founded",
    ]


def test_the_same_heading_twice_is_the_first_place_and_the_second():
    found = recognise(["City", "Country", "City", "Country"])
    assert found["column"].tolist() == ["name_a", "country_a", "name_b", "country_b"]
    assert set(found["sure"]) == {"probable"}


def test_one_level_is_that_of_both_places():
    assert columns(["a name", "b name", "level"])[2] == "level_a, level_b"


def test_source_is_a_place_only_beside_a_target():
    assert columns(["source_label", "target_label"]) == ["name_a", "name_b"]
    assert columns(["source", "city a", "city b"])[0] == "reference"


def test_the_only_date_is_probably_the_founding():
    found = recognise(["City A", "City B", "Year"]).iloc[2]
    assert (found["column"], found["sure"]) == ("founded", "probable")
    assert columns(["City A", "City B", "Year", "Since"])[2:] == ["", "founded"]
    assert recognise(["City A", "City B", "Year", "Date"])["sure"].tolist()[2:] == ["ambiguous"] * 2


def test_the_number_of_a_row_is_not_the_id_of_a_place():
    assert recognise(["id", "city a", "city b"])["why"].iloc[0] == "numbers the rows"


def test_an_ambiguous_heading_stops_with_its_candidates_and_the_mapping_to_write():
    found = recognise(["City", "Sister City", "Mayor", "Country", "State"])
    assert found["sure"].tolist() == ["sure", "sure", "unused", "ambiguous", "ambiguous"]
    with pytest.raises(UnreadableError) as stopped:
        require(found, read_mapping(None), "ties.csv")
    message = str(stopped.value)
    assert "'Country' does not say of which place: country_a or country_b" in message
    assert '"Country" = "country_a"  # or country_b, ignore' in message
    assert '"Mayor" = "ignore"' in message
    assert "'State' can be country_a or country_b or region_a or region_b or status" in message


def test_the_mapping_that_a_message_shows_is_one_that_can_be_read(tmp_path):
    odd = 'an "odd" \\ one\n'
    headings = ["Region", odd, "Country", ""]
    with pytest.raises(UnreadableError) as stopped:
        require(recognise(headings), read_mapping(None), "ties.csv")
    shown = str(stopped.value).partition("[columns]")
    path = tmp_path / "mapping.toml"
    path.write_text(shown[1] + shown[2], encoding="utf-8")
    mapping = read_mapping(path)
    assert set(mapping.columns) == {"Region", odd.strip(), "Country", "#4"}
    assert columns(headings, mapping) == ["region_a", "", "country_a", ""]


def test_two_headings_for_one_column_are_both_doubted():
    found = recognise(["Partnerstadt", "Partnergemeinde", "Stadt"])
    assert found["sure"].tolist() == ["ambiguous", "ambiguous", "sure"]
    mapping = {"columns": {"Partnerstadt": "name_b"}}
    assert recognise(["Partnerstadt", "Partnergemeinde", "Stadt"], mapping)["sure"].tolist() == [
        "told",
        "unused",
        "sure",
    ]


def test_a_table_without_a_second_place_says_so():
    with pytest.raises(UnreadableError, match=r"no column is known to name place b \(name_b\)"):
        require(recognise(["name_a", "country_b"]), read_mapping(None), "ties.csv")


def test_the_mapping_overrides_and_may_be_all_that_counts():
    headings = ["City A", "City B", "since"]
    assert columns(headings, {"columns": {"since": "ended"}})[2] == "ended"
    assert columns(headings, {"columns": {"since": "ignore"}})[2] == ""
    only = {"columns": {"city a": "name_b"}, "options": {"recognise": False}}
    assert columns(headings, only) == ["name_b", "", ""]


@pytest.mark.parametrize(
    ("mapping", "message"),
    {
        "unknown heading": ({"columns": {"Partnerstat": "name_b"}}, "did you mean 'Partnerstadt'"),
        "unknown column": ({"columns": {"Stadt": "nam_b"}}, "did you mean 'name_b'"),
        "heading twice": ({"columns": {"Jahr": "founded"}}, 'write "#3" or "#4"'),
        "column twice": (
            {"columns": {"Stadt": "name_b", "Partnerstadt": "name_b"}},
            "name_b to 'Stadt' and 'Partnerstadt'",
        ),
        "unknown part": ({"colums": {}}, "did you mean 'columns'"),
        "unknown option": ({"options": {"delimeter": ";"}}, "did you mean 'delimiter'"),
        "unknown encoding": ({"options": {"encoding": "latin-17"}}, "cp1252"),
        "no text encoding": ({"options": {"encoding": "base64"}}, "no encoding of text"),
        "both": (
            {"columns": {"Stadt": "name_a"}, "constants": {"name_a": "Bonn"}},
            "both a column and a constant",
        ),
        "number": ({"constants": {"latitude_a": "1"}}, "no column of text"),
        "no names": ({"options": {"header": False}}, "names = "),
        "no table": ({"columns": ["name_a"]}, "columns is no table"),
        "split": ({"options": {"split": {"name_b": " "}}}, "the sign between two partners"),
        "list": ({"options": {"carry_down": "name_a"}}, "write a list"),
        "truth": ({"options": {"day_first": "yes"}}, "true or false"),
        "line": ({"options": {"header_line": 0}}, "from 1"),
        "long delimiter": ({"options": {"delimiter": "ab"}}, "one sign"),
    }.values(),
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping, message):
    with pytest.raises(UnreadableError) as stopped:
        recognise(["Stadt", "Partnerstadt", "Jahr", "Jahr"], mapping)
    assert message in str(stopped.value)


@pytest.mark.parametrize("content", [b"[columns", b"\xff\xfe", b"a = " + b"[" * 5_000])
def test_a_mapping_file_that_is_no_toml_is_refused(tmp_path, content):
    path = tmp_path / "mapping.toml"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=r"mapping\.toml is not"):
        read_mapping(path)


WORDS = st.sampled_from(
    [
        "city",
        "country",
        "partner",
        "1",
        "2",
        "a",
        "b",
        "lat",
        "since",
        "Jahr",
        "id",
        "state",
        "note",
    ]
)
HEADING = st.one_of(st.text(max_size=20), st.lists(WORDS, max_size=4).map(" ".join))


@given(st.lists(HEADING, max_size=12))
def test_any_headings_are_recognised_without_giving_one_column_twice(headings):
    found = recognise(headings)
    assert found["place"].tolist() == list(range(1, len(headings) + 1))
    given = [name for cell in found["column"].dropna() for name in cell.split(", ")]
    single = [name for name in given if name not in ("note", "reference")]
    assert len(single) == len(set(single))
    assert set(given) <= set(TARGETS)
    assert set(given) - {"point_a", "point_b", GEOMETRY} <= set(STATEMENT)
    assert found["candidates"].notna().eq(found["sure"].eq("ambiguous")).all()
