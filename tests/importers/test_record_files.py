"""The files of a record: which are read, and what is said of those that cannot be."""

import os
import tempfile
from pathlib import Path

import pandas as pd
import pytest

from ties.errors import InvalidTableError, TiesError, UnreadableError
from ties.inputs import check, load, read
from ties.io.folder import record_folder as bundled
from ties.schema import tables


def rules(folder):
    return check(folder)["rule"].tolist()


# Files and paths -------------------------------------------------------------------------


def test_a_record_knows_what_it_says_of_itself(record_folder):
    dataset = read(record_folder)
    assert (dataset.name, dataset.title, dataset.countries) == (
        "two-ties",
        "Two ties",
        ("RU", "US"),
    )
    assert dataset.as_of == pd.Timestamp("2023-01-03")
    assert dataset.n_read == {
        "places": 4,
        "place_names": 3,
        "ties": 2,
        "events": 4,
        "sources": 2,
        "attestations": 4,
        "searches": 1,
        "counts": 1,
    }


def test_a_record_that_says_nothing_has_the_date_of_its_latest_source(record_folder):
    (record_folder / "record.toml").unlink()
    dataset = read(record_folder)
    assert dataset.as_of == pd.Timestamp("2023-01-03")
    assert dataset.name == "two-ties"


def test_without_dated_sources_the_latest_event_dates_the_record(record_folder, edited):
    (record_folder / "record.toml").unlink()
    (record_folder / "searches.csv").unlink()
    edited("sources.csv", "2015,2023-01-02", ",")
    edited("sources.csv", "2022-03-09,2023-01-03", ",")
    assert read(record_folder).as_of == pd.Timestamp("2022-03-08")


def test_as_of_may_be_given(record_folder):
    assert read(record_folder, as_of="2024").as_of == pd.Timestamp("2024-12-31")
    with pytest.raises(TiesError, match="as_of: 'soon' is not an EDTF date"):
        read(record_folder, as_of="soon")


@pytest.mark.parametrize("name", ["place_names.csv", "searches.csv", "counts.csv"])
def test_some_tables_may_be_absent_or_without_rows(record_folder, name):
    path = record_folder / name
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert rules(record_folder) == []
    path.unlink()
    dataset = read(record_folder)
    assert dataset.table(path.stem).empty
    assert list(dataset.table(path.stem)) == list(tables.columns(path.stem))


@pytest.mark.parametrize("name", tables.REQUIRED)
def test_the_other_tables_may_not(record_folder, name):
    path = record_folder / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "no_rows" in rules(record_folder)
    path.unlink()
    problems = check(record_folder)
    assert problems["rule"].tolist() == ["missing_table"]
    assert problems["message"].tolist() == ["the file is missing; add it"]
    with pytest.raises(UnreadableError, match="rows can be rejected, but not whole files"):
        read(record_folder, on_invalid="reject")


def test_a_misnamed_table_is_told_twice(record_folder):
    (record_folder / "events.csv").rename(record_folder / "event.csv")
    problems = check(record_folder)
    assert problems["message"].tolist() == [
        "the file is not a table of a record and was not read; did you mean events.csv?",
        "the file is missing; rename 'event' if that is it",
    ]


def test_other_files_of_a_record_are_left_alone(record_folder):
    for name in ("README.md", "leads.csv", "places.origin.toml", "datapackage.json", "zzz.csv"):
        (record_folder / name).write_text("anything", encoding="utf-8")
    assert rules(record_folder) == []


HEADERS = {
    "unknown": (
        ("counts.csv", "date,count,", "date,cuont,count,"),
        "'cuont' is not a column of counts; remove it, the columns are date, count, scope, "
        "source_id, population, claims",
    ),
    "misspelt": (
        ("counts.csv", "date,count,", "date,cuont,"),
        "the column 'count' is missing; is it called 'cuont'? (The total.)",
    ),
    "nameless": (("counts.csv", "date,", ","), "column 1 has no name; name it or remove it"),
    "twice": (
        ("counts.csv", "date,count,scope", "date,count,date"),
        "'date' is the name of more than one column; remove or rename the others",
    ),
}


@pytest.mark.parametrize("case", HEADERS)
def test_a_wrong_header_is_told_on_its_line(edited, case):
    edit, message = HEADERS[case]
    problems = check(edited(*edit)).query("rule != 'ragged'")
    assert message in problems["message"].tolist()
    assert set(problems["line"]) == {1}


def test_a_column_that_may_be_missing_in_a_row_may_be_missing_in_the_file(record_folder):
    path = record_folder / "sources.csv"
    frame = pd.read_csv(path, dtype=str)
    frame[["source_id", "title"]].to_csv(path, index=False)
    assert rules(record_folder) == []
    assert read(record_folder).sources["kind"].isna().all()


def test_problems_of_all_files_come_in_one_pass(edited, record_folder):
    edited("ties.csv", ",sister", ",sistr")
    edited("events.csv", ",suspended,", ",suspnded,")
    (record_folder / "places.csv").write_bytes("place_id,name\nx,Malmö\n".encode("latin-1"))
    (record_folder / "counts.csv").write_bytes(b"")
    (record_folder / "searches.csv").write_bytes(b"tie_id;query\n")
    (record_folder / "record.toml").write_text("name = \n", encoding="utf-8")
    problems = check(record_folder)
    assert set(problems["file"]) == {
        "ties.csv", "events.csv", "places.csv", "counts.csv", "searches.csv", "record.toml",
    }  # fmt: skip
    with pytest.raises(InvalidTableError) as caught:
        read(record_folder)
    assert caught.value.problems.equals(problems)
    assert "places.csv: 1 problem\n  line 2: byte 7 of this line" in str(caught.value)


RECORDS = [
    ('as_of = "soon"', "'soon' is not a day; write it as 2026-11-23"),
    ("as_of = 2023", "2023 is not a day; write it as 2026-11-23"),
    ("name = 3", "3 is not text; put it in quotes"),
    (
        'countries = ["Russia"]',
        '[\'Russia\'] is not a list of ISO 3166-1 codes; write ["RU", "US"]',
    ),
]


@pytest.mark.parametrize(("text", "message"), RECORDS)
def test_a_wrong_description_is_told(record_folder, text, message):
    (record_folder / "record.toml").write_text(text, encoding="utf-8")
    assert message in check(record_folder)["message"].tolist()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name = 'a\n", "is not TOML"),
        (b"name = '\xf6'\n", "is not UTF-8; save it as UTF-8"),
        (b"#" * 1_000_001, "is not a short text file"),
    ],
)
def test_a_broken_description_is_told(record_folder, content, message):
    (record_folder / "record.toml").write_bytes(content)
    assert check(record_folder)["message"].iloc[0].startswith(message)


def test_what_is_no_file_is_not_waited_for(record_folder):
    for name in ("counts.csv", "record.toml"):
        (record_folder / name).unlink()
        os.mkfifo(record_folder / name)
    os.mkfifo(record_folder / "book.xlsx")
    assert check(record_folder)["file"].tolist() == ["record.toml", "counts.csv"]
    with pytest.raises(UnreadableError, match="is neither a folder of tables nor an"):
        check(record_folder / "book.xlsx")


def test_a_path_that_does_not_exist_is_told_with_the_nearest(record_folder):
    with pytest.raises(UnreadableError, match=r"two-tie does not exist; did you mean .*two-ties\?"):
        read(record_folder.parent / "two-tie")
    with pytest.raises(UnreadableError, match=r"did you mean .*two-ties\?"):
        read(record_folder.parent / "two-tie" / "deeper" / "still")


PATHS = {
    "one table": ("two-ties/events.csv", "is one table; give the folder that holds it"),
    "below a file": ("two-ties/events.csv/x", "events.csv is a file"),
    "another file": ("two-ties/record.toml", "is neither a folder of tables nor an .xlsx workbook"),
    "the folder above": (".", r"holds no table of a record; did you mean .*two-ties\?"),
    "NUL": ("two\0ties", "does not exist|cannot be read"),
    "a name too long": ("x" * 5000, "cannot be read: File name too long"),
}


@pytest.mark.parametrize("case", PATHS)
def test_a_path_that_is_no_record_is_told(record_folder, case):
    path, message = PATHS[case]
    with pytest.raises(UnreadableError, match=message):
        check(record_folder.parent / path)


def test_an_empty_folder_is_told(tmp_path):
    (tmp_path / "old.xls").write_bytes(b"")
    with pytest.raises(UnreadableError, match=r"holds no table of a record; it needs places\.csv"):
        check(tmp_path)
    with pytest.raises(UnreadableError, match=r"is damaged.*save it again as \.xlsx"):
        check(tmp_path / "old.xls")


@pytest.fixture
def nobody():
    """Run as a user without rights, since root may read every folder."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


def test_a_folder_without_permission_is_told(nobody):
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "locked"
        folder.mkdir(mode=0)
        with pytest.raises(UnreadableError, match="locked cannot be read: Permission denied"):
            check(folder)
        with pytest.raises(UnreadableError, match="cannot be read: Permission denied"):
            check(folder / "deeper")
        folder.chmod(0o700)


def test_a_file_without_permission_is_a_problem_of_that_file(nobody):
    with tempfile.TemporaryDirectory() as home:
        for name in ("places.csv", "ties.csv"):
            (Path(home) / name).touch(mode=0)
        problems = check(home).query("rule == 'unreadable'")
        assert problems["file"].tolist() == ["places.csv", "ties.csv"]
        assert set(problems["message"]) == {
            "cannot be read: Permission denied; see to its permissions"
        }


def test_a_folder_that_may_not_be_listed_is_told(record_folder, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(record_folder), "iterdir", refuse)
    with pytest.raises(UnreadableError, match="cannot be read: Permission denied; see to its"):
        check(record_folder)


def test_on_invalid_has_two_values(record_folder):
    with pytest.raises(ValueError, match="on_invalid is 'raise' or 'reject', not 'ignore'"):
        read(record_folder, on_invalid="ignore")


# Bundled records -------------------------------------------------------------------------


def test_the_bundled_record_is_clean():
    dataset = load("us-russia")
    assert dataset.problems.query("severity == 'error'").empty
    assert dataset.rejected.empty
    assert len(dataset.ties) > 100


@pytest.mark.parametrize("name", ["us-rusia", "", "../raw/us-russia", "nothing like it"])
def test_a_record_that_is_not_there_is_told_with_those_that_are(name):
    with pytest.raises(TiesError, match=r"there is no record .*us-russia"):
        bundled(name)
