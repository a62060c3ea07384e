"""A workbook comes back with its faulty cells marked, and else as it was."""

from __future__ import annotations

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from typer.testing import CliRunner

import ties
from ties.cli import app
from ties.errors import TiesError
from ties.export.marked import mark_workbook

ROWS = [
    ["city", "country", "partner", "partner country", "since", "note"],
    ["Bonn", "Germany", "Opole", "Poland", "31.02.1988", "=1+1"],
    ["Ulm", "Germany", None, "France", 1990, "kept"],
]


@pytest.fixture
def book(tmp_path):
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["A2"].font = Font(bold=True)
    book.active["E2"].comment = Comment("my own remark", "me")
    book.active.column_dimensions["A"].width = 33
    book.create_sheet("other")["B2"] = "stays"
    path = tmp_path / "ours.xlsx"
    book.save(path)
    return path


@pytest.fixture
def marked(book, tmp_path):
    out = tmp_path / "checked.xlsx"
    problems = ties.check(book, retrieved="2024", gazetteer=False)
    mark_workbook(book, problems, out)
    return load_workbook(out)


def test_a_faulty_cell_is_coloured_and_bears_a_comment_below_ones_own(marked):
    cell = marked.worksheets[0]["E2"]
    assert cell.fill.fgColor.rgb == "FFFFE699"
    assert cell.comment.text.startswith("my own remark\nties check: ")
    assert "no day of the calendar" in cell.comment.text


def test_nothing_else_is_changed(book, marked):
    before = load_workbook(book)
    assert marked.sheetnames == [*before.sheetnames, "ties problems"]
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                again = marked[sheet.title][cell.coordinate]
                assert (again.value, repr(again.font)) == (cell.value, repr(cell.font))
    assert marked.worksheets[0].column_dimensions["A"].width == 33
    assert marked.worksheets[0]["A2"].comment is None


def test_what_is_wrong_with_a_whole_row_is_said_in_its_first_cell(marked):
    cell = marked.worksheets[0]["A3"]
    assert cell.fill.fgColor.rgb == "FFF4B6A8"
    assert "in no tie" in cell.comment.text


def test_the_sheet_lists_every_problem_as_text(book, marked):
    rows = list(marked["ties problems"].iter_rows(min_row=2))
    assert len(rows) == len(ties.check(book, retrieved="2024", gazetteer=False))
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}


def test_a_formula_that_loses_its_result_is_told(book, tmp_path):
    problems = ties.check(book, retrieved="2024", gazetteer=False)
    lost = mark_workbook(book, problems, tmp_path / "checked.xlsx")
    assert lost == ["the results of 1 formulas, until a spreadsheet saves it again"]


def test_the_workbook_itself_is_never_overwritten(book):
    with pytest.raises(TiesError, match="name another file"):
        mark_workbook(book, ties.check(book, retrieved="2024", gazetteer=False), book)


def test_a_csv_has_no_place_for_marks(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text("city,country,partner,partner country\nBonn,DE,Opole,PL\n", encoding="utf-8")
    with pytest.raises(TiesError, match="ties check prints them"):
        mark_workbook(
            path, ties.check(path, retrieved="2024", gazetteer=False), tmp_path / "checked.xlsx"
        )


def test_the_command_writes_it_and_says_so(book, tmp_path):
    out = tmp_path / "checked.xlsx"
    asked = ["check", str(book), "--retrieved", "2024", "--no-gazetteer", "--out", str(out)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 1
    assert "the marked workbook is" in result.stderr
    assert "ties problems" in load_workbook(out).sheetnames
