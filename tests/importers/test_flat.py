import datetime as dt
import json
import math
import tempfile
import time
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ties.dates import is_edtf
from ties.errors import PROBLEM_COLUMNS, TiesError, UnreadableError
from ties.importers.flat import read_flat, show_columns
from ties.importers.statements import STATEMENT

HEADER = "Stadt;Partnerstadt;Partnerland;seit;Bemerkung\n"
ROWS = "Bonn;Opole;Polen;1954;\nBonn;Minsk;Belarus;20.06.1993;ruht\n"


@pytest.fixture
def write(tmp_path):
    def written(content, name="ties.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return written


def cells(reading, *columns):
    columns_of = [reading.statements[column].astype("object").fillna("-") for column in columns]
    return [list(row) for row in zip(*columns_of, strict=True)]


def rules(reading):
    """Give the rules of problems, but for the question where places of these short tables lie."""
    found = reading.problems["rule"]
    return sorted(found[~found.isin(["country_guessed", "country_unstated"])])


def told(reading, *columns):
    """Give problems by columns, but for the question where places of these short tables lie."""
    found = reading.problems
    asked = found["rule"].isin(["country_guessed", "country_unstated"])
    return found.loc[~asked, list(columns)].to_numpy().tolist()


def conserves(reading):
    assert reading.n_entries == len(reading.statements) + len(reading.rejected)
    rows = sorted({*reading.statements["row"], *reading.rejected["row"]})
    assert rows == list(range(reading.n_rows))
    assert {name: str(kind) for name, kind in reading.statements.dtypes.items()} == dict(STATEMENT)
    assert list(reading.problems) == list(PROBLEM_COLUMNS)
    assert reading.rejected[["rule", "reason", "locator", "text"]].notna().all(axis=None)
    assert is_edtf(reading.statements["founded"].dropna()).all()
    return True


def test_a_city_halls_table_becomes_statements_in_its_own_words(write):
    reading = read_flat(write(HEADER + ROWS))
    assert cells(reading, "locator", "name_a", "name_b", "country_b") == [
        ["line 2", "Bonn", "Opole", "Polen"],
        ["line 3", "Bonn", "Minsk", "Belarus"],
    ]
    assert cells(reading, "founded", "founded_text", "note") == [
        ["1954", "1954", "-"],
        ["1993-06-20", "20.06.1993", "ruht"],
    ]
    assert set(reading.statements["file"]) == {"ties.csv"}
    assert rules(reading) == []
    assert conserves(reading)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-mark"])
def test_delimiters_and_marked_encodings_are_found_out(write, delimiter, encoding):
    text = (HEADER + "Köln;Wolgograd;Россия;1988;a\n").replace(";", delimiter)
    raw = b"\xff\xfe" + text.encode("utf-16-le") if "mark" in encoding else text.encode(encoding)
    reading = read_flat(write(raw))
    assert cells(reading, "name_a", "country_b") == [["Köln", "Россия"]]


def test_decimal_commas_do_not_pass_for_delimiters(write):
    text = "Stadt;Partnerstadt;Breite (Partner);Länge (Partner)\nBonn;Opole;50,67;17,92\n"
    reading = read_flat(write(text))
    assert cells(reading, "latitude_b", "longitude_b") == [[50.67, 17.92]]


def test_another_encoding_is_named_and_not_guessed(write):
    path = write((HEADER + "Орёл;Оффенбах;Германия;1988;\n").encode("cp1251"))
    with pytest.raises(UnreadableError, match=r"is not UTF-8: byte 0xCE of line 1.*cp1251"):
        path_bad = write("Stadt;Partnerstadt\nа;б\n".encode("cp1251").replace(b"S", b"\xce", 1))
        read_flat(path_bad)
    with pytest.raises(UnreadableError, match="is not UTF-8"):
        read_flat(path)
    path = write("Stadt;Partnerstadt\nОрёл;Оффенбах\n".encode("cp1251"))
    reading = read_flat(path, mapping={"options": {"encoding": "cp1251"}})
    assert cells(reading, "name_a") == [["Орёл"]]
    with pytest.raises(UnreadableError, match=r"is not ASCII.*name another encoding"):
        read_flat(path, mapping={"options": {"encoding": "ascii"}})


@pytest.mark.parametrize(
    ("content", "message"),
    {
        "empty": (b"", "is empty"),
        "blank": (b"\n\n,,\n", "is empty"),
        "NUL": (b"Stadt,Partnerstadt\na\0,b\n", "NUL"),
        "open quote": (b'Stadt,Partnerstadt\na,"b\nc,d\n', "line 2: a quote opened in the row"),
        "long cell": (b"Stadt,Partnerstadt\na," + b"b" * 200_000 + b"\n", "131,072"),
        "one column": (b"Stadt\nBonn\n", "no column is known to name place"),
    }.values(),
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(write, content, message):
    with pytest.raises(UnreadableError) as stopped:
        read_flat(write(content))
    assert message in str(stopped.value)


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path, write):
    with pytest.raises(UnreadableError, match="does not exist"):
        read_flat(tmp_path / "none.csv")
    with pytest.raises(UnreadableError, match="is not a regular file"):
        (tmp_path / "folder.csv").mkdir()
        read_flat(tmp_path / "folder.csv")
    with pytest.raises(UnreadableError, match="in no format that is read here"):
        read_flat(write("x", "ties.pdf"))


def test_a_row_of_another_width_is_rejected_and_the_rest_is_read(write):
    reading = read_flat(write(HEADER + "Bonn;Opole;Polen;1954;;;\nBonn\n\n" + ROWS))
    assert reading.rejected[["row", "locator", "rule", "text"]].to_numpy().tolist() == [
        [0, "line 2", "ragged", '["Bonn", "Opole", "Polen", "1954", "", "", ""]'],
        [1, "line 3", "ragged", '["Bonn"]'],
    ]
    assert reading.statements["locator"].tolist() == ["line 5", "line 6"]
    assert conserves(reading)


def test_a_quote_may_be_a_letter(write):
    path = write('city\tpartner city\n"Bonn\tOpole\n')
    with pytest.raises(UnreadableError, match="quotes = false"):
        read_flat(path)
    reading = read_flat(path, mapping={"options": {"quotes": False}})
    assert cells(reading, "name_a") == [['"Bonn']]


def test_a_blank_place_is_rejected_unless_it_is_carried_down(write):
    text = HEADER + ROWS + ";Potsdam;Deutschland;1988;\n;;;;nur eine Notiz\n"
    reading = read_flat(write(text))
    assert reading.rejected["rule"].tolist() == ["blank_name"] * 2
    assert "carry_down" in reading.rejected["reason"].iloc[0]
    assert json.loads(reading.rejected["text"].iloc[1])["Bemerkung"] == "nur eine Notiz"
    carried = read_flat(write(text), mapping={"options": {"carry_down": ["name_a"]}})
    assert cells(carried, "name_a", "name_b")[2] == ["Bonn", "Potsdam"]
    assert len(carried.rejected) == 1
    first = read_flat(
        write(HEADER + ";Opole;Polen;1954;\n" + ROWS),
        mapping={"options": {"carry_down": ["name_a"]}},
    )
    assert first.rejected["row"].tolist() == [0]
    assert conserves(reading) and conserves(carried) and conserves(first)


def test_a_broken_row_is_not_carried_down(write):
    reading = read_flat(
        write(HEADER + "Bonn;Opole\n;Minsk;Belarus;;\n"),
        mapping={"options": {"carry_down": ["name_a"]}},
    )
    assert reading.rejected["rule"].tolist() == ["ragged", "blank_name"]


def test_several_partners_in_a_cell_are_split_only_if_told(write):
    path = write(HEADER + '"Bonn";"Opole; Minsk;";Polen;1954;\n')
    kept = read_flat(path)
    assert cells(kept, "name_b") == [["Opole; Minsk;"]]
    assert rules(kept) == ["several_names"]
    split = read_flat(path, mapping={"options": {"split": {"name_b": ";"}}})
    assert cells(split, "row", "name_b", "country_b") == [
        [0, "Opole", "Polen"],
        [0, "Minsk", "Polen"],
    ]
    assert split.n_rows == 1
    assert split.n_entries == 2
    assert conserves(kept) and conserves(split)


def test_cells_that_split_alike_go_together_and_others_are_rejected(write):
    text = (
        "Stadt|Partnerstadt|Partnerland\nBonn|Opole;Lyon;Minsk|PL;;BY\nBonn|Lyon;Minsk|FR;BY;PL\n"
    )
    mapping = {"options": {"split": {"name_b": ";", "country_b": ";"}}}
    reading = read_flat(write(text), mapping=mapping)
    assert cells(reading, "name_b", "country_b") == [
        ["Opole", "PL"],
        ["Lyon", "-"],
        ["Minsk", "BY"],
    ]
    assert reading.rejected[["row", "rule"]].to_numpy().tolist() == [[1, "uneven_split"]]
    assert conserves(reading)


def test_a_cell_of_nothing_but_signs_is_one_rejected_entry(write):
    reading = read_flat(
        write(HEADER + "Bonn; ;Polen;;\n".replace(" ", '";;"')),
        mapping={"options": {"split": {"name_b": ";"}}},
    )
    assert reading.rejected[["row", "rule"]].to_numpy().tolist() == [[0, "blank_name"]]
    assert conserves(reading)


def test_constants_fill_what_every_row_has_in_common(write):
    mapping = {"constants": {"name_a": "Leipzig", "country_a": "DE", "kind": "sister"}}
    reading = read_flat(write("Stadt,Land\nKiew,Ukraine\n"), mapping=mapping)
    assert cells(reading, "name_a", "country_a", "name_b", "country_b", "kind") == [
        ["Leipzig", "DE", "Kiew", "Ukraine", "sister"]
    ]


def test_a_table_without_a_header_takes_the_names_of_the_mapping(write):
    mapping = {"options": {"header": False, "names": ["city a", "city b", "since"]}}
    reading = read_flat(write("Bonn,Opole,1954\n"), mapping=mapping)
    assert cells(reading, "locator", "name_a", "founded") == [["line 1", "Bonn", "1954"]]


def test_what_stands_above_the_header_is_no_row(write):
    text = "Partnerstädte der Stadt Bonn\n\n" + HEADER + ROWS
    reading = read_flat(write(text), mapping={"options": {"header_line": 3}})
    assert reading.statements["locator"].tolist() == ["line 4", "line 5"]


def test_a_mapping_may_be_a_file(write):
    path = write('[columns]\n"Ort" = "name_b"\n[constants]\nname_a = "Bonn"\n', "mapping.toml")
    reading = read_flat(write("Ort,Jahr\nOpole,1954\n"), mapping=path)
    assert cells(reading, "name_a", "name_b", "founded") == [["Bonn", "Opole", "1954"]]
    assert rules(reading) == ["column_probable"]


def test_a_date_that_cannot_be_read_is_a_warning_and_the_statement_stays(write):
    text = HEADER + "Bonn;Opole;Polen;im letzten Jahr;\nBonn;Minsk;Belarus;03/04/1990;\n"
    reading = read_flat(write(text))
    assert cells(reading, "founded", "founded_text") == [
        ["-", "im letzten Jahr"],
        ["1990-03-04/1990-04-03", "03/04/1990"],
    ]
    assert told(reading, "severity", "line", "column", "value", "rule") == [
        ["warning", 2, "founded", "im letzten Jahr", "date_unread"],
        ["warning", 3, "founded", "03/04/1990", "date_ambiguous"],
    ]
    ordered = read_flat(write(text), mapping={"options": {"day_first": True}})
    assert cells(ordered, "founded")[1] == ["1990-04-03"]


def test_a_date_with_its_text_beside_it_is_read_from_the_date(write):
    text = (
        "city a,city b,start_raw,start\nA,B,last year,2020\nC,D,June 1988,\nE,F,May 1990,1985\n"
        "G,H,soon,later\n"
    )
    reading = read_flat(write(text))
    assert cells(reading, "founded", "founded_text") == [
        ["2020", "last year"],
        ["1988-06", "June 1988"],
        ["1985", "May 1990"],
        ["-", "soon"],
    ]
    assert told(reading, "line", "rule") == [
        [4, "dates_differ"],
        [5, "date_unread"],
    ]


def test_a_status_is_kept_as_written(write):
    reading = read_flat(write("city a,city b,status\nA,B,На паузе (2022)\n"))
    assert cells(reading, "status", "founded", "ended") == [["На паузе (2022)", "-", "-"]]


def test_several_notes_are_one_text_that_names_its_columns(write):
    reading = read_flat(write("city a,city b,note,remark\nA,B,x,y\nC,D,,z\nE,F,,\n"))
    assert cells(reading, "note") == [["note: x; remark: y"], ["remark: z"], ["-"]]


def test_ids_take_one_form_and_a_bare_label_becomes_one(write):
    text = (
        "item1,name1,name2\nhttp://www.wikidata.org/entity/Q64,Berlin,Q649\n"
        "Q1,A,B\n,Köln,Q2\nQ3,,Q4\n"
    )
    reading = read_flat(write(text), mapping={"columns": {"item1": "id_a"}})
    assert cells(reading, "id_a", "id_b") == [
        ["Q64", "Q649"],
        ["Q1", "-"],
        ["-", "Q2"],
        ["Q3", "Q4"],
    ]
    assert rules(reading) == ["label_is_id"] * 3 + ["name_missing"]


def test_doubtful_statements_are_accepted_with_a_warning(write):
    text = (
        "city1,country1,city2,country2,start,end\n"
        "Bonn,DE,Bonn,DE,1990,\n"
        "Bonn,DE,Opole,PL,1990,1990\n"
        "Bonn,DE,Opole,PL,1991,1985\n"
        "Bonn,DE,Minsk,,####-##-##,2016\n"
        "Bonn,DE,Le Mans,FR,836,\n"
        "Bonn,DE,Lyon,FR,0836,\n"
    )
    reading = read_flat(write(text))
    assert len(reading.statements) == 6
    assert told(reading, "line", "rule") == [
        [2, "self_pair"],
        [3, "end_is_start"],
        [4, "repeated"],
        [4, "ends_before_start"],
        [5, "country_missing"],
        [5, "end_without_start"],
        [6, "date_unread"],
        [7, "date_early"],
    ]
    assert set(reading.problems["severity"]) == {"warning"}
    repeated = reading.problems.query("rule == 'repeated'")["message"].iloc[0]
    assert repeated == "names the same two places as line 3"


def test_namesakes_are_told_from_a_place_tied_to_itself_by_where_they_lie(write):
    text = (
        "city1,lat1,lon1,city2,lat2,lon2\n"
        "Falkenstein,50.47,12.37,Falkenstein,49.10,12.49\n"
        "Bonn,50.73,7.10,Bonn,50.73,7.10\n"
        "Bonn,50.73,7.10,Opole,50.73,7.10\n"
    )
    assert rules(read_flat(write(text))) == ["namesakes", "same_point", "self_pair"]


def test_coordinates_are_numbers_of_degrees_or_doubtful(write):
    text = "city1,city2,lat2,lon2\nA,B,50.5,-7\nA,C,95,7\nA,D,50°30'N,7\nA,E,50.1°,1000\n"
    reading = read_flat(write(text))
    found = reading.statements[["latitude_b", "longitude_b"]].to_numpy().tolist()
    assert found[0] == [50.5, -7.0]
    assert math.isnan(found[1][0]) and found[1][1] == 7.0
    assert math.isnan(found[2][0])
    assert found[3][0] == 50.1 and math.isnan(found[3][1])
    assert rules(reading) == ["coordinate_range", "coordinate_unread", "coordinate_unread"]


def test_a_line_leads_from_the_first_place_to_the_second(write):
    text = (
        'city1,city2,lat2,geom\nA,B,50.1,"LINESTRING (-1.8 53.7, 0 0, 6.1 50.1)"\n'
        'C,D,20,"LINESTRING (-1.8 53.7, 6.1 50.1)"\nE,F,,POLYGON\nG,H,1,\n'
    )
    reading = read_flat(write(text))
    places = ["latitude_a", "longitude_a", "latitude_b", "longitude_b"]
    assert reading.statements[places].fillna(99).to_numpy().tolist() == [
        [53.7, -1.8, 50.1, 6.1],
        [53.7, -1.8, 20.0, 6.1],
        [99, 99, 99, 99],
        [99, 99, 1.0, 99],
    ]
    assert told(reading, "line", "rule") == [
        [3, "coordinates_differ"],
        [4, "coordinate_unread"],
    ]


def test_a_point_of_the_query_service_gives_its_place(write):
    reading = read_flat(write("city1,city2,coord2\nA,B,Point(13.4 52.5)\n"))
    assert cells(reading, "latitude_b", "longitude_b") == [[52.5, 13.4]]


def test_columns_that_are_left_out_are_named(write):
    reading = read_flat(write("city1,city2,mayor\nA,B,C\n"))
    assert told(reading, "rule", "message") == [
        [
            "column_unused",
            "columns that say nothing of the tie are kept with its rows, as written: 'mayor'",
        ]
    ]


def test_the_columns_are_shown_before_use(write):
    shown = show_columns(write("city1,city2,mayor,since\nA,B,,\nA,C,,1954\n"))
    assert shown[["heading", "column", "example"]].fillna("-").to_numpy().tolist() == [
        ["city1", "name_a", "A"],
        ["city2", "name_b", "B"],
        ["mayor", "-", "-"],
        ["since", "founded", "1954"],
    ]


# Workbooks


def workbook(path, rows, formats=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Partner"
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    book.create_sheet("Anderes").append(["city1", "city2"])
    book.save(path)
    return path


def test_a_date_cell_counts_as_far_as_it_is_shown(tmp_path):
    day = dt.datetime(1988, 6, 1)
    path = workbook(
        tmp_path / "ties.xlsx",
        [["Stadt", "Partnerstadt", "seit"], *[["Bonn", f"P{n}", day] for n in range(4)],
         ["Bonn", "Zahl", 1988], ["Bonn", "Tage", 32295]],
        {"C2": "dd.mm.yyyy", "C3": 'mmm" "yyyy', "C4": "[$-407]yyyy", "C5": "mmm-yy"},
    )  # fmt: skip
    reading = read_flat(path)
    assert [cell for (cell,) in cells(reading, "founded")] == [
        "1988-06-01",
        "1988-06",
        "1988",
        "1988-06",
        "1988",
        "-",
    ]
    assert reading.statements["locator"].tolist()[0] == "row 2"
    assert set(reading.statements["file"]) == {"ties.xlsx[Partner]"}
    assert reading.problems["message"].str.contains("count of days").any()
    assert conserves(reading)


def test_a_sheet_is_chosen_by_its_name(tmp_path):
    path = workbook(tmp_path / "ties.xlsx", [["Stadt", "Partnerstadt"], ["Bonn", "Opole"]])
    with pytest.raises(UnreadableError, match=r"no sheet 'Partnr'; did you mean 'Partner'\?"):
        read_flat(path, sheet="Partnr")
    assert read_flat(path, mapping={"options": {"sheet": "Anderes"}}).n_rows == 0
    assert read_flat(path, sheet="Partner").n_rows == 1


def test_short_rows_blank_rows_and_errors_of_a_sheet_are_no_obstacle(tmp_path):
    path = workbook(
        tmp_path / "ties.xlsx",
        [["Stadt", "Partnerstadt", "Partnerland", None], [], ["Bonn", "Opole"], ["Bonn", "#N/A"],
         ["Bonn", "Minsk", "#REF!"]],
    )  # fmt: skip
    reading = read_flat(path)
    assert reading.statements["locator"].tolist() == ["row 3", "row 5"]
    assert reading.rejected["locator"].tolist() == ["row 4"]
    assert rules(reading).count("excel_error") == 2
    assert conserves(reading)


def test_a_sheet_with_one_cell_far_out_is_refused_and_does_not_end_the_process(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "Stadt"
    book.active["B1"] = "Partnerstadt"
    book.active["XFD200000"] = "x"
    path = tmp_path / "far.xlsx"
    book.save(path)
    with pytest.raises(UnreadableError, match="reaches over more than"):
        read_flat(path)


@pytest.mark.parametrize("name", ["ties.xlsx", "ties.ods", "ties.xls"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"<html></html>"])
def test_a_workbook_that_is_none_is_refused(write, name, content):
    pytest.importorskip("python_calamine", reason="the extra 'import' is not installed")
    with pytest.raises(UnreadableError):
        read_flat(write(content, name))


def ods(path, rows):
    """Write the least that an office calls a spreadsheet."""

    def cell(value):
        if isinstance(value, dt.date):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, r))}</table:table-row>" for r in rows)
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Partner">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def test_a_first_of_the_month_in_a_sheet_that_hides_its_format_is_the_month(tmp_path):
    pytest.importorskip("python_calamine", reason="the extra 'import' is not installed")
    rows = [
        ["Stadt", "Partnerstadt", "seit"],
        ["Bonn", "Opole", dt.date(1988, 6, 1)],
        ["Bonn", "Minsk", dt.date(1993, 6, 20)],
    ]
    reading = read_flat(ods(tmp_path / "ties.ods", rows))
    assert cells(reading, "locator", "founded") == [["row 2", "1988-06"], ["row 3", "1993-06-20"]]
    assert rules(reading) == ["date_cell"]


# Parquet, JSON, shapefiles

PLAIN = [
    {"city1": "Bonn", "city2": "Opole", "since": 1954},
    {"city1": "Bonn", "city2": "Minsk", "since": None},
]


@pytest.mark.parametrize(
    ("content", "locator"),
    {
        "records": (PLAIN, "$[1]"),
        "wrapped": ({"about": 1, "data": PLAIN}, "$.data[1]"),
        "columns": ({key: [row[key] for row in PLAIN] for key in PLAIN[0]}, "$[1]"),
        "indexed": ({k: {str(n): r[k] for n, r in enumerate(PLAIN)} for k in PLAIN[0]}, "$[1]"),
        "split": (
            {"columns": [*PLAIN[0]], "index": [0, 1], "data": [[*row.values()] for row in PLAIN]},
            "$.data[1]",
        ),
    }.values(),
)
def test_json_in_its_usual_forms_is_one_table(write, content, locator):
    reading = read_flat(write(json.dumps(content), "ties.json"))
    assert cells(reading, "name_b", "founded") == [["Opole", "1954"], ["Minsk", "-"]]
    assert reading.statements["locator"].iloc[1] == locator
    assert conserves(reading)


def test_rows_of_json_that_are_no_objects_are_rejected_with_their_path(write):
    content = json.dumps(
        [PLAIN[0], ["Bonn", "Minsk"], None, {"city1": {"en": "Bonn"}, "city2": "X"}]
    )
    reading = read_flat(write(content, "ties.json"))
    assert reading.rejected[["locator", "rule", "text"]].to_numpy().tolist() == [
        ["$[1]", "not_an_object", '["Bonn", "Minsk"]'],
        ["$[2]", "not_an_object", "null"],
    ]
    assert cells(reading, "name_a")[1] == ['{"en": "Bonn"}']
    assert rules(reading) == ["nested_value"]
    assert conserves(reading)


@pytest.mark.parametrize(
    ("content", "message"),
    {
        "text": ("not json", "is not JSON (Expecting value at line 1, column 1)"),
        "deep": ("[" * 100_000, "nested too deeply"),
        "number": ("[" + "1" * 5_000 + "]", "too many digits"),
        "twice": ('[{"city1": "a", "city1": "b"}]', "names 'city1' twice"),
        "scalar": ("3", "is no table"),
        "nothing": ("[]", "is empty"),
        "uneven": ('{"city1": [1, 2], "city2": [1]}', "1 values under 'city2'"),
    }.values(),
)
def test_json_that_is_no_table_is_refused(write, content, message):
    with pytest.raises(UnreadableError) as stopped:
        read_flat(write(content, "ties.json"))
    assert message in str(stopped.value)


def test_a_line_of_json_that_cannot_be_read_is_rejected_and_the_others_are_not(write):
    text = "\n".join(
        [json.dumps(PLAIN[0]), "{", "", '{"city1": NaN, "city2": "B"}', json.dumps(PLAIN[1])]
    )
    reading = read_flat(write(text, "ties.jsonl"))
    assert reading.statements["locator"].tolist() == ["line 1", "line 5"]
    assert reading.rejected[["locator", "rule"]].to_numpy().tolist() == [
        ["line 2", "not_json"],
        ["line 4", "blank_name"],
    ]
    assert conserves(reading)


def test_parquet_is_read_with_its_types(tmp_path):
    path = tmp_path / "ties.parquet"
    frame = pd.DataFrame(
        {
            "city1": ["Bonn", "Bonn"],
            "city2": pd.Categorical(["Opole", "Minsk"]),
            "since": pd.array([1954, None], "Int64"),
            "lat2": [50.67, float("nan")],
            "nested": [[1], [2]],
        }
    )
    frame.to_parquet(path)
    reading = read_flat(path)
    assert cells(reading, "locator", "name_b", "founded") == [
        ["row 1", "Opole", "1954"],
        ["row 2", "Minsk", "-"],
    ]
    assert rules(reading) == ["column_type", "column_unused"]
    assert set(reading.problems["severity"]) == {"warning"}
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableError, match="cannot be read as Parquet"):
        read_flat(path)


def shapes(path, encoding="utf-8"):
    shapefile = pytest.importorskip("shapefile", reason="the extra 'import' is not installed")
    with shapefile.Writer(str(path), shapeType=shapefile.POLYLINE, encoding=encoding) as writer:
        writer.field("city1", "C", 40)
        writer.field("city2", "C", 40)
        writer.field("since", "N", 6)
        writer.line([[[7.1, 50.7], [17.9, 50.6]]])
        writer.record("Köln", "Opole", 1954)
        writer.null()
        writer.record("Bonn", "Minsk", None)
    return path


def test_a_shapefile_gives_its_attributes_and_its_lines(tmp_path):
    path = shapes(tmp_path / "ties.shp")
    reading = read_flat(path)
    assert (
        cells(reading, "locator", "name_a", "founded", "longitude_b")
        == [
            ["record 1", "Köln", "1954", 17.9],
            ["record 2", "Bonn", "-", "-"],
        ]
        or reading.statements["longitude_b"].tolist()[0] == 17.9
    )
    assert cells(reading, "name_a", "founded") == [["Köln", "1954"], ["Bonn", "-"]]
    attributes = read_flat(path.with_suffix(".dbf"))
    assert cells(attributes, "name_a") == [["Köln"], ["Bonn"]]
    path.with_suffix(".dbf").unlink()
    with pytest.raises(UnreadableError, match=r"has no ties\.dbf beside it"):
        read_flat(path)


def test_attributes_in_another_encoding_are_not_guessed(tmp_path):
    path = shapes(tmp_path / "ties.shp", "cp1252").with_suffix(".dbf")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    with pytest.raises(UnreadableError, match="is not in utf-8"):
        read_flat(path)
    assert cells(read_flat(path, mapping={"options": {"encoding": "cp1252"}}), "name_a")[0] == [
        "Köln"
    ]
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(UnreadableError):
        read_flat(path)


# Whatever comes

CELL = st.one_of(
    st.sampled_from(
        ["", " ", "Bonn", "Q64", "1991", "c. 1970", "a;b", ";", "50,1", "91", '"', "#N/A"]
    ),
    st.text(max_size=8),
)
HEADINGS = [
    "city1",
    "city2",
    "country1",
    "lat1",
    "since",
    "until",
    "note",
    "remark",
    "geom",
    "id b",
]
TABLE = st.lists(st.lists(CELL, max_size=11), max_size=6)
OPTIONS = st.fixed_dictionaries({
    "split": st.sampled_from([{}, {"name_b": ";"}, {"name_b": ";", "note": ";"}]),
    "carry_down": st.sampled_from([[], ["name_a"], ["name_b", "country_a"]]),
    "day_first": st.booleans(),
    "recognise": st.just(True),
})  # fmt: skip


@pytest.mark.slow
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(TABLE, st.integers(2, len(HEADINGS)), OPTIONS, st.sampled_from(";,\t"), st.booleans())
def test_no_table_loses_a_row_or_ends_in_a_traceback(rows, width, options, delimiter, is_json):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("ties.json" if is_json else "ties.csv")
        if is_json:
            content = json.dumps([dict(zip(HEADINGS[:width], row, strict=False)) for row in rows])
        else:
            lines = [HEADINGS[:width], *rows]
            content = "\n".join(delimiter.join(map(quoted, line)) for line in lines)
        path.write_bytes(content.encode("utf-8", errors="surrogatepass"))
        mapping = {"options": {**options, **({} if is_json else {"delimiter": delimiter})}}
        try:
            reading = read_flat(path, mapping=mapping)
        except TiesError as error:
            assert str(error)
            return
    assert conserves(reading)
    if not is_json and "\0" not in content:
        assert reading.n_rows == sum(any(row) for row in rows)


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"'


@settings(deadline=None, max_examples=100)
@given(
    st.binary(max_size=200),
    st.sampled_from(["csv", "json", "jsonl", "xlsx", "parquet", "dbf", "ods"]),
)
def test_no_file_of_bytes_ends_in_a_traceback(content, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ties.{suffix}"
        path.write_bytes(content)
        try:
            read_flat(path)
        except TiesError as error:
            assert str(error)


def test_a_large_table_is_read_in_linear_time(write):
    def seconds(n):
        rows = "".join(f"Bonn,Town {i},{1900 + i % 100}\n" for i in range(n))
        path = write("city1,city2,since\n" + rows)
        begun = time.perf_counter()
        assert read_flat(path).n_rows == n
        return time.perf_counter() - begun

    seconds(100)
    assert seconds(20_000) < 5
