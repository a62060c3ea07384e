"""The list that an office wants: its words, its rows, its notes, in three forms."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest
from openpyxl import load_workbook

import ties
from ties.errors import TiesError
from ties.export.catalogue import export
from ties.export.tie_list import tie_list

HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def office():
    """A city hall's own sheet: its numbers, German words, a note that looks like a formula."""
    table = pd.DataFrame(
        {
            "Nr.": ["1", "2", "3"],
            "Stadt": "Bielefeld",
            "Partnerstadt": ["Rzeszów", "Weliki Nowgorod", "Concarneau"],
            "Land": ["Polen", "Russland", "Frankreich"],
            "Beginn": ["24.10.1991", "ca. 1987", "kurz nach dem Krieg"],
            "Status": ["aktiv", "ausgesetzt", None],
            "Bemerkungen": ["=1+1", None, HOSTILE],
            "Kontakt": ["Frau A", None, None],
        }
    )
    mapping = {"columns": {"Land": "country_b"}, "constants": {"country_a": "DE"}}
    return ties.read(
        table, retrieved="2024-03-01", mapping=mapping, gazetteer=False, on_invalid="reject"
    )


def test_a_row_bears_the_words_of_its_source_and_ours_beside_them(office):
    row = tie_list(office).iloc[1]
    assert row["Place"] == "Bielefeld"
    assert row[["Partner", "Partner country"]].tolist() == ["Weliki Nowgorod", "Russland"]
    assert row[["Founded", "Founded as written"]].tolist() == ["1986–1988", "ca. 1987"]
    assert row[["Status", "Status as written", "Basis"]].tolist() == [
        "Suspended",
        "ausgesetzt",
        "Reported",
    ]
    assert row[["Nr.", "Source row"]].tolist() == ["2", "row 2"]


def test_rows_keep_the_order_of_their_sheet_and_the_common_country_stands_first(office):
    shown = tie_list(office)
    assert shown["Nr."].tolist() == ["1", "2", "3"]
    assert set(shown["Place"]) == {"Bielefeld"}


def test_what_could_not_be_read_stays_as_it_was_written(office):
    row = tie_list(office).iloc[2]
    assert row["Founded as written"] == "kurz nach dem Krieg"
    assert row["Founded"] == "by 2024-03-01"


def test_a_list_in_a_language_leaves_the_written_names():
    record = ties.load("germany-russia").in_language("de")
    shown = tie_list(record, written=False).set_index("Tie")
    assert shown.loc["berlin-moscow", ["Place", "Partner"]].tolist() == ["Berlin", "Moskau"]


def test_a_tie_that_does_not_stand_on_the_day_says_so():
    shown = tie_list(ties.load("us-russia"), as_of="1980").set_index("Tie")
    assert shown.loc["anchorage-magadan", "Status"] == "Not yet"


def test_a_further_column_that_is_called_like_ours_keeps_both():
    table = pd.DataFrame(
        {"city": ["Bonn"], "partner": ["Opole"], "country_a": "DE", "country_b": "PL", "Tie": "x"}
    )
    shown = tie_list(ties.read(table, retrieved="2024", gazetteer=False))
    assert shown[["Tie", "Tie (own)"]].iloc[0].tolist() == ["de-bonn-pl-opole", "x"]


@pytest.mark.parametrize("record", ["us-russia", "germany-russia"])
def test_every_tie_of_a_record_has_its_row(record):
    dataset = ties.load(record)
    assert sorted(tie_list(dataset)["Tie"]) == sorted(dataset.ties["tie_id"])


def test_the_csv_neutralises_a_formula_and_opens_in_excel(office, tmp_path):
    path = export(office, "list", tmp_path / "list.csv")
    assert path.read_bytes().startswith("\ufeff".encode())
    again = pd.read_csv(StringIO(path.read_text("utf-8-sig")), dtype="str")
    assert again["Bemerkungen" if "Bemerkungen" in again else "Notes"][0] == "'=1+1"
    assert again["Kontakt"][0] == "Frau A"


def test_the_workbook_holds_the_list_as_text_and_says_what_its_words_mean(office, tmp_path):
    book = load_workbook(export(office, "list", tmp_path / "list.xlsx"))
    cells = {cell.value: cell for row in book["Ties"].iter_rows() for cell in row}
    assert cells["=1+1"].data_type == "s"
    assert "ausgesetzt" in cells
    words = dict(book["About"].iter_rows(values_only=True))
    assert words["As they stood on"] == "2024-03-01"
    assert "Suspended" in words


def test_the_page_shows_a_hostile_note_as_text_and_loads_nothing(office, tmp_path):
    page = export(office, "list", tmp_path / "list.html").read_text("utf-8")
    assert "<img" not in page
    assert "&lt;img" in page
    assert "http" not in page.replace("http-equiv", "")


def test_another_ending_is_refused_with_those_there_are(office, tmp_path):
    with pytest.raises(TiesError, match=r"\.xlsx or \.csv or \.html"):
        export(office, "list", tmp_path / "list.pdf")


def test_the_readers_rows_are_a_sheet_of_the_workbook_and_come_back(office, tmp_path):
    again = ties.read(export(office, "xlsx", tmp_path / "record.xlsx"))
    pd.testing.assert_frame_equal(again.rows, office.rows)
