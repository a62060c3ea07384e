import csv
import datetime as dt
import zipfile

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from ties.errors import UnreadableError
from ties.inputs import check, read
from ties.io import workbook


@pytest.fixture
def book(record_folder):
    """Give the small record as an open workbook, every cell as text, and a way to save it."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for path in sorted(record_folder.glob("*.csv")):
        sheet = made.create_sheet(path.stem)
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()):
            sheet.append([cell or None for cell in row])
    about = made.create_sheet("record")
    for row in [("key", "value"), ("name", "two-ties"), ("as_of", "2023-01-03")]:
        about.append(row)
    about.append(("countries", "RU, US"))
    return made


@pytest.fixture
def saved(book, tmp_path):
    def save():
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return save


def only(path):
    problems = check(path)
    assert len(problems) == 1, problems.to_string()
    problem = problems.iloc[0]
    line = None if problem.isna()["line"] else int(problem["line"])
    return problem["file"], line, problem["rule"], problem["message"]


def test_a_workbook_reads_as_the_folder_does(record_folder, saved):
    ours, theirs = read(saved()), read(record_folder)
    for name in ("places", "ties", "events", "attestations", "sources", "searches", "counts"):
        assert ours.table(name).equals(theirs.table(name)), name
    assert (ours.as_of, ours.countries, ours.name) == (theirs.as_of, ("RU", "US"), "two-ties")


def test_years_and_numbers_may_be_numbers(book, saved):
    book["attestations"]["C5"] = 2001
    book["events"]["C5"] = 2001.0
    book["places"]["F2"] = 59.56
    book["searches"]["D2"] = 0
    assert check(saved()).empty
    assert read(saved()).events["date"].iloc[3] == "2001"


def test_a_day_in_the_record_sheet_may_be_a_date(book, saved):
    book["record"]["B3"] = dt.datetime(2023, 1, 3)
    assert str(read(saved()).as_of.date()) == "2023-01-03"


CELLS = {
    "a formula": (
        ("events", "H2", '=CONCATENATE("a","b")'),
        (
            "book.xlsx[events]",
            2,
            "formula",
            '\'=CONCATENATE("a","b")\' holds a formula; paste its value',
        ),
    ),
    "an Excel date": (
        ("events", "C2", dt.datetime(1991, 6, 1)),
        (
            "book.xlsx[events]",
            2,
            "excel_date",
            "'1991-06-01' was turned into a date by Excel; format the column as text and type it "
            "again, as 1991, 1991-06 or 1991-06-26",
        ),
    ),
    "an error": (
        ("events", "H2", "#N/A"),
        ("book.xlsx[events]", 2, "excel_error", "'#N/A' holds an error of Excel; type the value"),
    ),
    "a truth value": (
        ("places", "H2", True),
        (
            "book.xlsx[places]",
            2,
            "truth_value",
            "'True' is a truth value; format the column as text and type it again",
        ),
    ),
    "a fraction of a year": (
        ("events", "C5", 2001.5),
        (
            "book.xlsx[events]",
            5,
            "date",
            "'2001.5' is not an EDTF date; "
            "write 1991, 1991-06, 1991-06-26, 199X, 1991~ or 1989/1991",
        ),
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_what_excel_made_of_a_cell_is_refused(book, saved, case):
    (sheet, place, value), expected = CELLS[case]
    book[sheet][place] = value
    assert expected in {
        tuple(row) for row in check(saved())[["file", "line", "rule", "message"]].to_numpy()
    }
    rejected = read(saved(), on_invalid="reject").rejected
    assert rejected["line"].iloc[0] == expected[1]


def test_merged_cells_are_refused_row_by_row(book, saved):
    book["places"].merge_cells("J2:K3")
    problems = check(saved())
    assert problems["line"].tolist() == [2, 3]
    assert set(problems["message"]) == {"the cells J2:K3 are merged; unmerge them and fill each"}


def test_a_merged_header_is_a_problem_of_the_sheet(book, saved):
    book["counts"].merge_cells("C1:D1")
    problems = check(saved())
    assert "the cells C1:D1 are merged; unmerge them and fill each" in set(problems["message"])


def test_a_formula_in_the_header_is_refused(book, saved):
    book["counts"]["A1"] = "=A2"
    assert only(saved())[2] == "header"


def test_empty_rows_and_columns_do_not_matter(book, saved):
    book["events"].insert_rows(3)
    book["events"]["Z9"] = " "
    book["events"]["C6"] = "2001?!"
    assert only(saved())[:3] == ("book.xlsx[events]", 6, "date")


def test_a_stray_cell_at_the_end_of_a_sheet_is_refused(book, saved):
    book["counts"]["E1048576"] = "x"  # a little beyond what is read
    assert only(saved())[3] == (
        "reaches down to row 1,048,576 and column 5; "
        "delete the empty rows and columns, or save it as CSV"
    )


def test_an_empty_sheet_is_told(book, saved):
    book.remove(book["counts"])
    book.create_sheet("counts")
    assert only(saved())[2] == "empty_file"


def test_a_missing_sheet_is_told_with_the_nearest_name(book, saved):
    book["events"].title = "Event"
    problems = check(saved())
    assert problems["rule"].tolist() == ["misnamed", "missing_table"]
    assert problems["message"].tolist()[1] == (
        "the sheet 'events' is missing; rename 'Event' if that is it"
    )


def test_a_workbook_without_rows_says_so(tmp_path):
    made = openpyxl.Workbook()
    made.save(tmp_path / "other.xlsx")
    with pytest.raises(UnreadableError, match="is empty; there is nothing to import"):
        read(tmp_path / "other.xlsx")


def test_a_workbook_with_a_password_is_told(saved, tmp_path):
    locked = tmp_path / "locked.xlsx"
    with saved().open("rb") as plain, locked.open("wb") as target:
        OOXMLFile(plain).encrypt("secret", target)
    with pytest.raises(UnreadableError, match=r"locked.xlsx is protected by a password"):
        check(locked)


def test_text_called_xlsx_is_told(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_text("tie_id,place_a\n")
    with pytest.raises(UnreadableError, match=r"is not an Excel workbook; save it as \.xlsx"):
        check(path)


def test_another_zip_archive_is_told(tmp_path):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(UnreadableError, match="is damaged or not an Excel workbook"):
        check(path)


def test_a_damaged_workbook_is_told_wherever_it_is_cut_or_changed(saved):
    path = saved()
    whole = path.read_bytes()
    for place in range(0, len(whole), len(whole) // 40):
        for damaged in (whole[:place], whole[:place] + b"\xff" * 20 + whole[place + 20 :]):
            path.write_bytes(damaged)
            try:
                check(path)
            except UnreadableError as error:
                assert "book.xlsx" in str(error)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    with pytest.raises(UnreadableError, match="unpacks to 2 MB, more than the 1 MB"):
        check(path)


def test_entities_that_multiply_are_refused(saved, tmp_path):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        "</worksheet>"
    )
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(saved()) as source, zipfile.ZipFile(path, "w") as target:
        for item in source.namelist():
            is_sheet = item == "xl/worksheets/sheet1.xml"
            target.writestr(item, bomb if is_sheet else source.read(item))
    with pytest.raises(UnreadableError, match="damaged or not an Excel workbook"):
        check(path)
