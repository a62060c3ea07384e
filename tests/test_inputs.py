"""The front door: one plain table is read, checked and asked as a record is."""

from __future__ import annotations

import os
from functools import cache

import pandas as pd
import pytest

import ties
from ties.errors import TiesWarning

TABLE = pd.DataFrame(
    {
        "Nr.": [7, 8, 9],
        "city": ["Bonn", "Opole", "Ulm"],
        "country": ["Germany", "Poland", "Germany"],
        "partner": ["Oppeln", "Bonn", None],
        "partner country": ["Poland", "Germany", None],
        "since": ["1954", "1954", "1990"],
        "Betreuung": ["Amt 3", "Amt 4", "Amt 5"],
    }
)
DAY = "01.03.2024"


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "our-cities.csv"
    TABLE.to_csv(file, index=False)
    return file


@cache
def record():
    return read(TABLE)


def read(source):
    return ties.read(source, on_invalid="reject", retrieved=DAY)


def test_a_frame_and_its_file_give_one_read(path):
    assert record().tables["ties"].equals(read(path).ties)
    assert read(path).as_of == pd.Timestamp("2024-03-01")


@pytest.mark.parametrize("suffix", [".tsv", ".xlsx", ".parquet", ".json"])
def test_every_format_comes_in_by_one_door(tmp_path, suffix):
    file = tmp_path / f"table{suffix}"
    write = {
        ".tsv": lambda: TABLE.to_csv(file, sep="\t", index=False),
        ".xlsx": lambda: TABLE.to_excel(file, index=False),
        ".parquet": lambda: TABLE.to_parquet(file),
        ".json": lambda: TABLE.to_json(file, orient="records"),
    }
    write[suffix]()
    assert read(file).ties.equals(record().ties)


def test_rows_read_are_accepted_merged_or_rejected_and_keep_what_is_theirs():
    rows = record().rows
    assert rows["outcome"].tolist() == ["accepted", "merged", "rejected"]
    assert rows["Nr."].tolist() == ["7", "8", "9"]
    assert rows["Betreuung"].tolist() == ["Amt 3", "Amt 4", "Amt 5"]
    # On the sides of the tie, however the row turns them.
    assert rows["name_a_written"].tolist()[:2] == ["Bonn", "Bonn"]
    assert rows["name_b_written"].tolist()[:2] == ["Oppeln", "Opole"]
    assert "has no name of place b" in rows["reason"].iloc[2]


def test_the_tie_table_leads_back_to_the_rows():
    table = ties.tie_table(record()).iloc[0]
    assert table["Nr."] == "7; 8"
    assert table["name_b_written"] == "Oppeln; Opole"


def test_a_row_that_is_in_no_tie_is_a_problem_with_its_place_and_its_reason():
    rejected = record().rejected
    assert rejected["line"].tolist() == [3]
    assert "Amt 5" in rejected["row"].iloc[0]
    with pytest.raises(ties.InvalidTableError, match="has no name of place b"):
        ties.read(TABLE, on_invalid="raise", retrieved=DAY)
    with pytest.warns(TiesWarning, match="3 rows read = 1 accepted \\+ 1 rejected \\+ 1 merged"):
        ties.read(TABLE, retrieved=DAY)


def test_a_problem_of_a_workbook_names_its_cell(tmp_path):
    file = tmp_path / "book.xlsx"
    TABLE.assign(since=["31.02.1954", "1954", "1990"]).to_excel(file, index=False)
    problem = ties.check(file, retrieved=DAY).query("column == 'since'").iloc[0]
    assert (problem["cell"], problem["value"]) == ("F2", "31.02.1954")


def test_a_file_is_a_witness_of_the_day_it_was_changed_and_says_so(path):
    os.utime(path, (0, 1_709_290_800))
    with pytest.warns(TiesWarning, match="taken as true on 2024-03-01"):
        assert ties.check(path)["severity"].tolist() == ["warning", "error"]
    with pytest.raises(ties.TiesError, match="on which day it was true"):
        ties.read(TABLE)


def test_the_rows_go_along_wherever_the_record_goes(tmp_path):
    made = record()
    again = ties.read(made.write(tmp_path / "written"))
    assert again == made
    assert again.rows.equals(made.rows)
    assert ties.read(made.write(tmp_path / "one")).keep_ties([]).rows.empty


def test_a_record_compares_and_checks_itself():
    made = ties.load()
    assert made == ties.read("us-russia")
    assert made != made.keep_ties([])
    assert made["ties"] is made.tables["ties"]
    assert made.check()["message"].tolist() == ties.check("us-russia")["message"].tolist()
    broken = ties.Dataset.from_frames(
        {**made.tables, "ties": made.ties.iloc[1:]}, as_of=made.as_of, on_invalid="reject"
    )
    assert set(broken.rejected["table"]) >= {"events", "attestations"}


def test_what_is_said_of_a_table_is_no_matter_of_a_record():
    with pytest.raises(ties.TiesError, match="retrieved is for a plain table"):
        ties.read("us-russia", retrieved="2024")
    with pytest.raises(TypeError):
        ties.read("us-russia", "reject")


def test_a_day_past_the_end_of_the_record_warns():
    with pytest.warns(TiesWarning, match="the record ends on"):
        ties.tie_table(ties.load(), as_of="2100")
