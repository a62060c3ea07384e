"""One bad file for each rule, with its message."""

import unicodedata

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from ties.inputs import check, read
from ties.io.table import Table
from ties.schema import tables
from ties.validate.cells import clean_text, type_cells
from ties.validate.rows import nearest_date

ANCHORAGE = "anchorage-magadan-2022-suspended"
VISIT = "st-petersburg-saint-petersburg-2001-visit"


def only(folder, severity="error"):
    """Give the only problem of a record, as file, line, column, rule and message."""
    problems = check(folder)
    assert len(problems) == 1, problems.to_string()
    problem = problems.iloc[0]
    assert problem["severity"] == severity
    line = None if pd.isna(problem["line"]) else int(problem["line"])
    return problem["file"], line, problem["column"], problem["rule"], problem["message"]


def test_the_small_record_has_no_problem(record_folder):
    assert check(record_folder).empty


def test_frames_have_the_types_of_the_model(record_folder):
    dataset = read(record_folder)
    assert {str(kind) for kind in dataset.events.dtypes} == {"str", "category"}
    assert list(dataset.events["side"].cat.categories) == ["a", "b", "both", "none"]
    assert dataset.places["population"].tolist() == [92052, pd.NA, pd.NA, pd.NA]
    assert str(dataset.places["geonames_id"].dtype) == "Int64"
    assert str(dataset.places["latitude"].dtype) == "float64"
    assert isinstance(dataset.ties.index, pd.RangeIndex)


# The checks of a table take its types as given.
@pytest.mark.parametrize("table", tables.TABLES)
@pytest.mark.parametrize("cell", ["", "1", "Omsk"])
def test_whatever_a_cell_says_its_column_has_the_type_of_the_schema(table, cell):
    columns = tables.columns(table)
    cells = pd.DataFrame({name: [cell, ""] for name in columns}, dtype="str")
    raw = Table(table, f"{table}.csv", [*columns], cells, np.array([2, 3]))
    typed, _ = type_cells(raw, cells)
    of_type = {name: pa.Column(column.dtype, nullable=True) for name, column in columns.items()}
    pa.DataFrameSchema(of_type, strict=True, ordered=True).validate(typed)


def test_text_is_composed_as_python_composes_it():
    # Every Latin, Greek and Cyrillic letter, under one mark and under two.
    letters, marks = map(chr, range(0x21, 0x530)), ("\u0301", "\u0306", "\u0328\u0301")
    texts = [f"x{letter}{mark}" for letter in letters for mark in marks]
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    assert clean_text(pd.Series(texts, dtype="str")).tolist() == composed


# Cells and rows of one table -------------------------------------------------------------

CELLS = [
    (
        ("events.csv", ",suspended,b", ",suspnded,b"),
        ("events.csv", 3, "kind", "code"),
        "'suspnded' is not an event kind; did you mean 'suspended'?",
    ),
    (
        ("events.csv", ",suspended,b", ",suspended,us"),
        ("events.csv", 3, "side", "code"),
        "'us' is not a side; write one of a, b, both, none",
    ),
    (
        ("ties.csv", "anchorage,sister", "anchorage,Sister"),
        ("ties.csv", 2, "kind", "code"),
        "'Sister' is not a kind of tie; did you mean 'sister'?",
    ),
    (
        ("places.csv", "US-AK,city", "US-AK,cty"),
        ("places.csv", 4, "level", "code"),
        "'cty' is not a level of place; did you mean 'city'?",
    ),
    (
        ("sources.csv", "2023-01-03,news", "2023-01-03,radio"),
        ("sources.csv", 3, "kind", "code"),
        "'radio' is not a kind of source; write one of government, nonprofit, news, "
        "directory, encyclopedia, repository, paper, blog",
    ),
    (
        ("events.csv", "magadan,1991-06,", "magadan,c. 1970,"),
        ("events.csv", 2, "date", "date"),
        "'c. 1970' is not an EDTF date; did you mean '1970~'?",
    ),
    (
        ("events.csv", "magadan,1991-06,", "magadan,long ago,"),
        ("events.csv", 2, "date", "date"),
        "'long ago' is not an EDTF date; write 1991, 1991-06, 1991-06-26, 199X, 1991~ or 1989/1991",
    ),
    (
        ("events.csv", "magadan,1991-06,", "magadan,,"),
        ("events.csv", 2, "date", "missing"),
        "is missing; fill it in (When it happened, by the rule that weighs the attestations.)",
    ),
    (
        ("places.csv", "92052", "True"),
        ("places.csv", 2, "population", "type"),
        "'True' is not a whole number; use digits, or leave it empty",
    ),
    (
        ("places.csv", "92052", "1e999"),
        ("places.csv", 2, "population", "type"),
        "'1e999' is not a whole number; use digits, or leave it empty",
    ),
    (
        ("places.csv", "92052", "-3"),
        ("places.csv", 2, "population", "range"),
        "-3 is less than 0, the least it can be",
    ),
    (
        ("places.csv", "59.56", "59°33"),
        ("places.csv", 2, "latitude", "type"),
        "'59°33' is not a number; write it in digits, with a point for decimals, or leave it empty",
    ),
    (
        ("places.csv", "61.22,-149.90", "-149.90,61.22"),
        ("places.csv", 4, "latitude", "range"),
        "-149.9 lies outside -90 to 90; are latitude and longitude swapped?",
    ),
    (
        ("places.csv", "150.81", "1508.1"),
        ("places.csv", 2, "longitude", "range"),
        "1508.1 lies outside -180 to 180",
    ),
    (
        ("places.csv", "Anchorage,US", "Anchorage,USA"),
        ("places.csv", 4, "country", "pattern"),
        "'USA' is not a code of ISO 3166-1 alpha-2; write it as US",
    ),
    (
        ("places.csv", "US-AK,city", "Alaska,city"),
        ("places.csv", 4, "region", "pattern"),
        "'Alaska' is not a code of ISO 3166-2; write it as US-AK",
    ),
    (
        ("places.csv", "Q6206", "6206"),
        ("places.csv", 2, "wikidata_id", "pattern"),
        "'6206' is not an id of Wikidata; write it as Q123",
    ),
    (
        ("place_names.csv", "Magadan,en", "Magadan,English"),
        ("place_names.csv", 2, "language", "pattern"),
        "'English' is not a code of ISO 639; write it as en",
    ),
    (
        ("events.csv", ANCHORAGE, ANCHORAGE.replace("-m", "_M")),
        None,
        "'anchorage_Magadan-2022-suspended' is not a code of lower-case letters, digits and "
        "hyphens; did you mean 'anchorage-magadan-2022-suspended'?",
    ),
    (
        ("searches.csv", "city,0", "city,none"),
        ("searches.csv", 2, "hits", "type"),
        "'none' is not a whole number; use digits, or leave it empty",
    ),
]


@pytest.mark.parametrize(("edit", "place", "message"), CELLS, ids=lambda part: str(part)[:40])
def test_a_bad_cell_is_told_with_its_place_and_a_way_out(edited, edit, place, message):
    folder = edited(*edit)
    if place is None:
        assert message in check(folder)["message"].tolist()
    else:
        assert only(folder) == (*place, message)


def test_a_missing_cell_is_told_once_where_the_whole_column_is_missing(edited):
    folder = edited("sources.csv", "source_id,title,", "source_id,titel,")
    problems = check(folder)
    assert problems["rule"].tolist() == ["unknown_column", "missing_column"]
    assert problems["message"].tolist()[0] == (
        "'titel' is not a column of sources; did you mean 'title'?"
    )
    assert problems["message"].tolist()[1] == (
        "the column 'title' is missing; is it called 'titel'? (Title.)"
    )


def test_a_column_that_stands_twice_is_told_once(edited):
    folder = edited("counts.csv", "date,count,scope,source_id", "date,count,scope,scope")
    message = "'scope' is the name of more than one column; remove or rename the others"
    assert check(folder)["message"].tolist().count(message) == 1


def test_columns_without_a_name_are_told_by_their_numbers(edited):
    folder = edited("counts.csv", "date,count,", "date,,")
    problems = check(folder)
    assert "column 2 has no name; name it or remove it" in problems["message"].tolist()
    assert problems["line"].tolist() == [1] * len(problems)


def test_a_rejected_row_says_why_with_the_column_where_there_is_one(edited):
    folder = edited("events.csv", "founded,both,,The", "fonded,both,,The")
    cut = (folder / "counts.csv").read_text().replace(",ties in force,s1", ",ties in force")
    (folder / "counts.csv").write_text(cut)
    rejected = read(folder, on_invalid="reject").rejected
    reasons = rejected.set_index("table")["reason"]
    assert rejected.index.tolist() == [*range(len(rejected))]
    assert reasons["events"].startswith("kind: 'fonded' is")
    assert reasons["counts"].startswith("has 3 cells")


NEEDED = [
    (name, column)
    for name in tables.TABLES
    for column, described in tables.columns(name).items()
    if not described.nullable
]


@pytest.mark.parametrize(("name", "column"), NEEDED)
def test_a_column_that_is_missing_is_told_and_nothing_that_follows_from_it(
    record_folder, name, column
):
    path = record_folder / f"{name}.csv"
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    rows.drop(columns=column).to_csv(path, index=False)
    assert only(record_folder)[:4] == (path.name, 1, column, "missing_column")


def test_a_code_on_two_rows_is_told_with_the_first_line(edited):
    folder = edited("sources.csv", "s2,The news", "s1,The news")
    assert "'s1' is already on line 2; remove one" in check(folder)["message"].tolist()


@pytest.mark.parametrize(
    "name", ["place_names.csv", "attestations.csv", "searches.csv", "counts.csv"]
)
def test_the_same_row_twice_is_told(record_folder, name):
    path = record_folder / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]), encoding="utf-8")
    _, line, _, rule, message = only(record_folder)
    assert (line, rule) == (len(lines) + 1, "duplicate_key")
    assert message == "the same row is already on line 2; remove one"


def test_each_bad_cell_of_a_row_is_told_once(edited):
    folder = edited("events.csv", "magadan,1991-06,,founded,both", "magadan,then,,begun,all")
    assert check(folder)["column"].tolist() == ["date", "kind", "side"]


def test_spaces_and_forms_of_unicode_do_not_matter(edited):
    edited("events.csv", ",suspended,b", ", suspended ,\u00a0b")
    folder = edited("places.csv", "Magadan,RU", " Маи\u0306 ,RU")
    dataset = read(folder)
    assert dataset.events["kind"].iloc[1] == "suspended"
    assert dataset.places["name"].iloc[0] == "Май"


def test_namibia_is_a_country_and_not_missing(edited):
    assert (
        read(edited("places.csv", "Anchorage,US", "Anchorage,NA")).places["country"].iloc[2] == "NA"
    )


def test_empty_text_is_missing():
    assert clean_text(pd.Series(["", " ", "\ufeff"], dtype="str")).isna().all()


def test_whole_numbers_may_have_a_zero_fraction_and_coordinates_keep_every_digit(edited):
    edited("places.csv", "92052", "92052.0")
    places = read(edited("places.csv", "59.56", "59.561234567890123")).places
    assert places["population"].iloc[0] == 92052
    assert places["latitude"].iloc[0] == 59.561234567890123


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("circa 1970", "1970~"),
        ("1990s", "199X"),
        ("1991.0", "1991"),
        ("1989-1991", "1989/1991"),
        ("1991-6", "1991-06"),
        ("1991/06", "1991-06"),
        ("26.06.1991", "1991-06-26"),
        ("1991-06-26 00:00:00", "1991-06-26"),
        ("06/26/1991", None),
        ("1991-13", None),
        ("32.06.1991", None),
    ],
)
def test_a_common_way_to_write_a_date_is_understood_but_not_taken(text, date):
    assert nearest_date(text) == date


# Between the tables ----------------------------------------------------------------------

BETWEEN = [
    (
        ("attestations.csv", f"{ANCHORAGE},s2", f"{ANCHORAGE},s3"),
        ("attestations.csv", 3, "source_id", "unknown_reference"),
        "'s3' is the code of no source; correct it, or add the source to sources.csv",
    ),
    (
        ("searches.csv", "st-petersburg-saint", "st-petersburg-sant"),
        ("searches.csv", 2, "tie_id", "unknown_reference"),
        "'st-petersburg-sant-petersburg' is the code of no tie; "
        "did you mean 'st-petersburg-saint-petersburg'?",
    ),
    (
        ("counts.csv", "force,s1", "force,the-list"),
        ("counts.csv", 2, "source_id", "unknown_reference"),
        "'the-list' is the code of no source; correct it, or add the source to sources.csv",
    ),
    (
        ("place_names.csv", "ru-mag-magadan,M", "ru-mag-magdan,M"),
        ("place_names.csv", 2, "place_id", "unknown_reference"),
        "'ru-mag-magdan' is the code of no place; did you mean 'ru-mag-magadan'?",
    ),
    (
        ("places.csv", "30.31,,,,,", "30.31,,,,ru-spe-saint-petersburg,"),
        ("places.csv", 3, "part_of", "part_of_itself"),
        "'ru-spe-saint-petersburg' is part of this place: a place cannot lie in itself; "
        "correct one of them",
    ),
    (
        ("ties.csv", "ru-mag-magadan,us-ak", "us-ak-anchorage,us-ak"),
        ("ties.csv", 2, "place_b", "self_tie"),
        "'us-ak-anchorage' is tied to itself; a tie has two places",
    ),
    (
        ("ties.csv", "ru-mag-magadan,us-ak-anchorage", "us-ak-anchorage,ru-mag-magadan"),
        ("ties.csv", 2, "place_a", "pair_order"),
        "'us-ak-anchorage' sorts after 'ru-mag-magadan'; "
        "swap the two, and the sides a and b of the tie's events",
    ),
    (
        (
            "ties.csv",
            "ru-spe-saint-petersburg,us-fl-st-petersburg",
            "ru-mag-magadan,us-ak-anchorage",
        ),
        ("ties.csv", 3, "tie_id", "pair_twice"),
        "the pair is already on line 2 as 'anchorage-magadan'; put the events of both there",
    ),
    (
        ("events.csv", "2001,,visit", "2001,,founded"),
        ("events.csv", 5, "kind", "second_founding"),
        "'st-petersburg-saint-petersburg' has a founding on an earlier row; keep one, and give "
        "the other dates as attestations of it, or make this an 'agreement'",
    ),
    (
        ("events.csv", "magadan,1991-06,", "magadan,1938,"),
        None,
        "1938 lies before 'ru-mag-magadan' bore any of its names (from 1939-01-01); "
        "correct the date, or the names in place_names",
    ),
    (
        ("events.csv", "magadan,1991-06,", "magadan,2024,"),
        None,
        "2024 lies after the record's own date 2023-01-03; correct one of them",
    ),
    (
        ("events.csv", "suspended,b", "suspended,none"),
        ("events.csv", 3, "side", "no_side"),
        "'suspended' is an act of a government, and an association is not a side; "
        "write a, b or both, or make the event a 'statement'",
    ),
    (
        ("attestations.csv", f"{ANCHORAGE},s2,2022-03-08,\n", ""),
        ("events.csv", 3, "event_id", "unattested"),
        "no source attests 'anchorage-magadan-2022-suspended'; add a row to attestations",
    ),
    (
        ("events.csv", "2001,,visit", "2001,2000,visit"),
        ("events.csv", 5, "until", "until_before_date"),
        "the run ends in 2000, before it begins in 2001; correct one of them",
    ),
    (
        ("place_names.csv", "1924-01-26,1991-09-06", "1991-09-07,1991-09-06"),
        ("place_names.csv", 3, "valid_to", "name_ends_early"),
        "the name ends in 1991-09-06, before it begins in 1991-09-07; correct one of them",
    ),
]


@pytest.mark.parametrize(("edit", "place", "message"), BETWEEN, ids=lambda part: str(part)[:60])
def test_tables_that_contradict_each_other_are_told(edited, edit, place, message):
    folder = edited(*edit)
    if place is None:  # one wrong date breaks several rules
        assert message in check(folder)["message"].tolist()
    else:
        assert only(folder) == (*place, message) or message in set(check(folder)["message"])
        assert place[3] in set(check(folder)["rule"])


WARNINGS = [
    (
        ("attestations.csv", "visit,s2,2001", "visit,s2,2003"),
        ("events.csv", 5, "date", "date_unattested"),
        "2001 is none of the dates that the sources give; correct it, or say why in a note",
    ),
    (
        ("sources.csv", "2022-03-09", "2022-03-07"),
        ("attestations.csv", 3, "source_id", "published_before_event"),
        "'s2' was published in 2022-03-07, before the event in 2022-03-08; check both dates",
    ),
    (
        ("sources.csv", "2022-03-09,2023-01-03", "2022-03-09,2022-03-08"),
        ("sources.csv", 3, "accessed", "read_before_published"),
        "read in 2022-03-08, before it was published in 2022-03-09; check both dates",
    ),
    (
        ("events.csv", "2001,,visit", "2001,,reinstated"),
        ("events.csv", 5, "kind", "nothing_to_reinstate"),
        "'st-petersburg-saint-petersburg' was reinstated, but no earlier event suspended or "
        "ended it; add that event, or make this 'revived'",
    ),
]


@pytest.mark.parametrize(("edit", "place", "message"), WARNINGS, ids=lambda part: str(part)[:60])
def test_what_is_doubtful_is_a_warning_and_does_not_raise(edited, edit, place, message):
    folder = edited(*edit)
    assert only(folder, "warning") == (*place, message)
    assert len(read(folder).problems) == 1


@pytest.mark.parametrize("kind", ["terminated", "suspended", "dormant", "renewed", "reinstated"])
def test_nothing_ends_or_is_renewed_before_the_founding(edited, kind):
    edited("attestations.csv", "2022-03-08", "1990")
    folder = edited("events.csv", "2022-03-08,,suspended", f"1990,,{kind}")
    problems = check(folder)
    message = f"{kind} in 1990, but founded in 1991-06; correct one of the dates"
    assert problems.loc[problems["rule"] == "before_founding", "message"].tolist() == [message]


def test_an_end_in_the_year_of_the_founding_is_possible(edited):
    edited("attestations.csv", "2022-03-08", "1991")
    assert check(edited("events.csv", "2022-03-08,", "1991,")).empty


def test_a_visit_before_the_founding_is_possible(edited):
    edited("attestations.csv", "s2,2001", "s2,1985")
    assert check(edited("events.csv", "2001,,visit", "1985,,visit")).empty


def test_one_fitting_attestation_is_enough_for_a_date(edited):
    folder = edited("attestations.csv", "visit,s2,2001,", f"visit,s2,2001,\n{VISIT},s1,1999,")
    assert check(folder).empty


def test_a_place_with_an_undated_name_has_no_beginning(edited):
    edited("place_names.csv", "Magadan,en,1939,", "Magadan,en,,")
    edited("attestations.csv", "1991-06-22", "1938")
    assert check(edited("events.csv", "magadan,1991-06,", "magadan,1938,")).empty


def test_a_tie_without_events_is_a_warning(edited):
    folder = edited("events.csv", "\nst-petersburg-saint-petersburg-1999", "\nx-1999")
    path = folder / "ties.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "a-b,ru-mag-magadan,us-fl-st-petersburg,\n",
        encoding="utf-8",
    )
    edited("attestations.csv", "\nst-petersburg-saint-petersburg-1999", "\nx-1999")
    _, line, _, rule, message = only(folder, "warning")
    assert (line, rule) == (4, "no_events")
    assert message == "'a-b' has no event; add one, if only a 'listed' with its source"


def test_swapped_coordinates_within_range_are_a_warning(record_folder):
    rows = "".join(f"us-ny-{i},Town {i},US,US-NY,city,{40 + i},{-75 - i},,,,,\n" for i in range(5))
    path = record_folder / "places.csv"
    swapped = "us-ny-odd,Odd,US,US-NY,city,-74.0,41.0,,,,,\n"
    path.write_text(path.read_text(encoding="utf-8") + rows + swapped, encoding="utf-8")
    _, line, column, rule, message = only(record_folder, "warning")
    assert (line, column, rule) == (11, "latitude", "swapped_coordinates")
    assert message == (
        "-74.0, 41.0 is far from the other places of US; are latitude and longitude swapped?"
    )


def test_a_loop_of_parts_is_told_on_each_place(edited):
    edited("places.csv", "30.31,,,,,", "30.31,,,,us-ak-anchorage,")
    folder = edited("places.csv", "-149.90,,,,,", "-149.90,,,,ru-spe-saint-petersburg,")
    assert check(folder)["rule"].tolist() == ["part_of_itself"] * 2


def test_a_date_after_an_inferred_as_of_is_only_a_warning(edited):
    (edited("events.csv", "magadan,2022-03-08,", "magadan,2024,") / "record.toml").unlink()
    folder = edited("attestations.csv", "2022-03-08", "2024")
    future = check(folder).query("rule == 'future'")
    assert set(future["severity"]) == {"warning"}
    assert future["message"].iloc[0] == (
        "2024 lies after the record's own date 2023-01-03 "
        "(the latest date of its sources; state as_of); correct one of them"
    )


def test_every_reference_of_the_model_is_to_a_code_of_a_table():
    for name in tables.TABLES:
        for column in tables.columns(name).values():
            if column.references:
                table, code = column.references.split(".")
                assert tables.KEYS[table] == (code,)
