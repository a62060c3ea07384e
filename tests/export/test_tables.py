"""The tables as other programs find them: what they mean is beside or inside them."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace

import openpyxl
import pyarrow.parquet as pq
import pytest

import ties
from ties.errors import TiesError
from ties.export.catalogue import export
from ties.schema.tables import TABLES, columns


@pytest.fixture
def small(record_folder):
    return ties.read(record_folder)


@pytest.fixture
def workbook(small, tmp_path):
    return export(small, "xlsx", tmp_path / "book.xlsx")


def replace_text(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")


def frictionless_faults(package):
    frictionless = pytest.importorskip("frictionless")
    return frictionless.validate(str(package)).flatten(["type", "message"])


def test_the_data_package_of_the_bundled_record_is_valid(tmp_path):
    folder = export(ties.load("us-russia"), "frictionless", tmp_path / "package")
    assert frictionless_faults(folder / "datapackage.json") == []


def test_frictionless_sees_a_fault_that_is_put_into_the_package(small, tmp_path):
    folder = export(small, "frictionless", tmp_path / "package")
    replace_text(folder / "ties.csv", "us-ak-anchorage", "us-ak-nowhere")
    kinds = {kind for kind, _ in frictionless_faults(folder / "datapackage.json")}
    assert {"foreign-key", "hash-count"} <= kinds


def csvw_faults(metadata):
    csvw = pytest.importorskip("csvw")
    group = csvw.TableGroup.from_file(metadata)
    seen = []
    for table in group.tables:
        log = SimpleNamespace(warning=seen.append, warn=seen.append)
        list(table.iterdicts(log=log))
    try:
        group.check_referential_integrity()
    except ValueError as error:
        seen.append(str(error))
    return seen


def test_csvw_of_the_bundled_record_holds_for_its_tables(tmp_path):
    folder = export(ties.load("us-russia"), "csvw", tmp_path / "csvw")
    assert csvw_faults(folder / "csv-metadata.json") == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("ties.csv", "us-ak-anchorage", "us-ak-nowhere"),
        ("events.csv", ",visit,", ",party,"),
        ("places.csv", "61.22", "161.22"),
    ],
)
def test_csvw_sees_a_fault_that_is_put_into_a_table(file, old, new, small, tmp_path):
    folder = export(small, "csvw", tmp_path / "csvw")
    replace_text(folder / file, old, new)
    assert csvw_faults(folder / "csv-metadata.json")


def test_csvw_describes_every_column(small, tmp_path):
    folder = export(small, "csvw", tmp_path / "csvw")
    about = json.loads((folder / "csv-metadata.json").read_text("utf-8"))
    for table in about["tables"]:
        described = {c["name"]: c["dc:description"] for c in table["tableSchema"]["columns"]}
        name = table["url"].removesuffix(".csv")
        assert list(described) == list(columns(name))
        assert all(described.values())


@pytest.mark.parametrize("table", TABLES)
def test_a_parquet_file_says_what_each_column_means(table, small, tmp_path):
    folder = export(small, "parquet", tmp_path / "tables")
    schema = pq.read_schema(folder / f"{table}.parquet")
    for name, column in columns(table).items():
        said = schema.field(name).metadata[b"description"].decode()
        assert said == column.description
    # DuckDB sees only what belongs to the whole file.
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.execute(
        "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'columns'",
        [str(folder / f"{table}.parquet")],
    ).fetchall()
    notes = json.loads(rows[0][0])
    assert [*notes] == list(columns(table))


def test_a_column_of_codes_has_a_list_to_choose_from(workbook):
    book = openpyxl.load_workbook(workbook)
    lists = {
        str(rule.sqref): (rule.formula1, rule.errorStyle)
        for rule in book["events"].data_validations.dataValidation
    }
    place = list(columns("events")).index("kind")
    letter = "ABCDEFGH"[place]
    source, style = lists[f"{letter}2:{letter}1048576"]
    sheet, cells = source.split("!")
    offered = [row[0].value for row in book[sheet][cells.replace("$", "")]]
    allowed = columns("events")["kind"].codes
    assert offered == list(allowed)
    assert style in (None, "stop")


def test_a_reference_offers_the_codes_of_the_other_table(workbook):
    rules = openpyxl.load_workbook(workbook)["ties"].data_validations.dataValidation
    assert {rule.formula1 for rule in rules} >= {"places!$A$2:$A$1048576"}


def test_a_date_typed_into_a_new_row_stays_as_it_was_typed(workbook):
    book = openpyxl.load_workbook(workbook)
    sheet = book["events"]
    place = list(columns("events")).index("date")
    letter = "ABCDEFGH"[place]
    assert sheet.column_dimensions[letter].width > 0
    # Rows that are not there yet take the format of their column; "@" is text.
    style = sheet.column_dimensions[letter]
    assert style.number_format == "@"
    assert sheet[f"{letter}2"].number_format == "@"


def test_a_row_added_in_the_workbook_is_read(workbook):
    book = openpyxl.load_workbook(workbook)
    book["events"].append(
        ["new-visit", "anchorage-magadan", "2001-05", None, "visit", "a", None, "They came."]
    )
    book["attestations"].append(["new-visit", "s1", "2001-05", None])
    book.save(workbook)
    again = ties.read(workbook)
    assert again.events.set_index("event_id").loc["new-visit", "date"] == "2001-05"


def test_the_sheets_for_the_reader_are_no_problem_of_the_record(workbook):
    assert ties.check(workbook).empty
    book = openpyxl.load_workbook(workbook)
    assert book["dictionary"].max_row == 1 + sum(len(columns(name)) for name in TABLES)


@pytest.mark.parametrize("text", ["x" * 32_768, "bell\x07", "_x0041_"])
def test_a_text_that_a_workbook_would_alter_is_refused_by_name(text, small, tmp_path):
    events = small.events.assign(summary=[text, *small.events["summary"].iloc[1:]])
    dataset = dataclasses.replace(small, events=events.astype(small.events.dtypes))
    with pytest.raises(TiesError, match="events, column summary, row 1"):
        export(dataset, "xlsx", tmp_path / "book.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []
