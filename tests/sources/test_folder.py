import json
import os

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from ties.model import tables
from ties.model.checks import quarantine
from ties.model.checks.references import references
from ties.model.problems import InternalError, InvalidTableError, TiesError, UnreadableError
from ties.sources.folder import check, load, read
from ties.sources.folder import record_folder as bundled


def rules(folder):
    return check(folder)["rule"].tolist()


def add_line(folder, name, line):
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


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
        "source_id",
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
    [(b"name = 'a\n", "is not TOML"), (b"name = '\xf6'\n", "is not UTF-8; save it as UTF-8")],
)
def test_a_broken_description_is_told(record_folder, content, message):
    (record_folder / "record.toml").write_bytes(content)
    assert check(record_folder)["message"].iloc[0].startswith(message)


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
    "NUL": ("two\0ties", "cannot be read: "),
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
    with pytest.raises(UnreadableError, match=r"another format; save it as \.xlsx"):
        check(tmp_path / "old.xls")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_permission_is_told(record_folder):
    record_folder.chmod(0)
    try:
        with pytest.raises(UnreadableError, match="cannot be read: Permission denied"):
            check(record_folder)
    finally:
        record_folder.chmod(0o700)


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


# Rejected rows ---------------------------------------------------------------------------


def refused(dataset):
    return dataset.rejected[["file", "line", "reason"]].to_numpy().tolist()


def test_nothing_is_rejected_from_a_good_record(record_folder):
    dataset = read(record_folder, on_invalid="reject")
    assert dataset.rejected.empty
    assert list(dataset.rejected) == ["table", "file", "line", "reason", "row"]


def test_all_that_hangs_on_a_rejected_place_is_rejected_with_the_reason(edited):
    dataset = read(edited("places.csv", "US-AK,city", "US-AK,cty"), on_invalid="reject")
    founded, suspended = "anchorage-magadan-1991-founded", "anchorage-magadan-2022-suspended"
    assert refused(dataset) == [
        ["places.csv", 4, "level: 'cty' is not a level of place; did you mean 'city'?"],
        ["ties.csv", 2, "place_b: the place 'us-ak-anchorage' was rejected"],
        ["events.csv", 2, "tie_id: the tie 'anchorage-magadan' was rejected"],
        ["events.csv", 3, "tie_id: the tie 'anchorage-magadan' was rejected"],
        ["attestations.csv", 2, f"event_id: the event '{founded}' was rejected"],
        ["attestations.csv", 3, f"event_id: the event '{suspended}' was rejected"],
    ]
    assert len(dataset.problems) == 1


def test_an_event_that_loses_its_last_attestation_is_rejected(edited):
    folder = edited("sources.csv", "2022-03-09", "spring")
    events = [row for row in refused(read(folder, on_invalid="reject")) if row[0] == "events.csv"]
    assert [line for _, line, _ in events] == [3, 5]
    assert events[0][2].endswith(
        "every attestation of 'anchorage-magadan-2022-suspended' was rejected"
    )


def test_a_rejected_row_keeps_its_cells_as_they_were_read(edited):
    dataset = read(edited("counts.csv", "2015,2,", " 2015 ,two,"), on_invalid="reject")
    assert json.loads(dataset.rejected["row"].iloc[0]) == {
        "date": " 2015 ",
        "count": "two",
        "scope": "ties in force",
        "source_id": "s1",
    }


def test_a_ragged_row_is_rejected_and_its_code_is_not_unknown(edited):
    folder = edited("ties.csv", "us-ak-anchorage,sister", "us-ak-anchorage,sister,")
    assert rules(folder) == ["ragged"]
    dataset = read(folder, on_invalid="reject")
    assert json.loads(dataset.rejected["row"].iloc[0]) == [
        "anchorage-magadan",
        "ru-mag-magadan",
        "us-ak-anchorage",
        "sister",
        "",
    ]
    assert dataset.ties["tie_id"].tolist() == ["st-petersburg-saint-petersburg"]


def test_of_a_pair_stored_twice_the_first_stays(record_folder):
    add_line(record_folder, "ties.csv", "magadan-anchorage,ru-mag-magadan,us-ak-anchorage,")
    dataset = read(record_folder, on_invalid="reject")
    assert dataset.rejected["line"].tolist() == [4]
    assert len(dataset.ties) == 2


def test_of_two_foundings_the_first_stays(record_folder):
    add_line(record_folder, "events.csv", "x-2,anchorage-magadan,1993,,founded,a,,Made once more.")
    add_line(record_folder, "attestations.csv", "x-2,s1,1993,")
    dataset = read(record_folder, on_invalid="reject")
    assert dataset.rejected[["file", "line"]].to_numpy().tolist() == [
        ["events.csv", 6],
        ["attestations.csv", 6],
    ]


def test_a_row_with_several_errors_is_rejected_once_with_all_reasons(edited):
    folder = edited("counts.csv", "2015,2,ties in force,s1", "then,two,,s9")
    rejected = read(folder, on_invalid="reject").rejected
    assert len(rejected) == 1
    assert rejected["reason"].iloc[0].count("; ") >= 3


def test_lost_rows_would_be_noticed(record_folder, monkeypatch):
    monkeypatch.setattr(quarantine, "to_vocabulary", lambda name, frame: frame.iloc[1:])
    with pytest.raises(InternalError, match="4 rows read, but 3 accepted and 0 rejected"):
        read(record_folder)


CSV_TABLES = [f"{name}.csv" for name in tables.TABLES]
CORRUPTION = st.tuples(
    st.sampled_from(CSV_TABLES),
    st.integers(0, 10),
    st.integers(0, 12),
    st.one_of(
        st.sampled_from(["", "x", "1991", "a", "s2", "us-ak-anchorage", "c. 1970", "-1", "x,y"]),
        st.text(st.characters(codec="utf-8", exclude_characters='"\0\r\n,'), max_size=8),
    ),
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(corruptions=st.lists(CORRUPTION, min_size=1, max_size=6), again=st.booleans())
def test_no_row_is_lost_and_none_is_left_dangling(record_folder, corruptions, again):
    originals = {name: (record_folder / name).read_bytes() for name in CSV_TABLES}
    try:
        for name, row, cell, value in corruptions:
            corrupt(record_folder / name, row, cell, value, again)
        dataset = read(record_folder, on_invalid="reject")
        n_rejected = dataset.rejected["table"].value_counts()
        for name, n_read in dataset.n_read.items():
            lines = (record_folder / f"{name}.csv").read_text(encoding="utf-8").split("\n")
            assert n_read == sum(bool(line.strip(",")) for line in lines) - 1
            assert n_read == len(dataset.table(name)) + n_rejected.get(name, 0)
        for table, column, target in references():
            codes = dataset.table(target).iloc[:, 0]
            assert dataset.table(table)[column].dropna().isin(codes).all()
        assert dataset.events["event_id"].isin(dataset.attestations["event_id"]).all()
        assert_good_rows_are_good(dataset, record_folder)
    finally:
        for name, content in originals.items():
            (record_folder / name).write_bytes(content)


def corrupt(path, row, cell, value, again):
    """Put a value into a cell below the header; repeat the row too if asked."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    place = 1 + row % (len(lines) - 1)
    cells = lines[place].split(",")
    cells[cell % len(cells)] = value
    lines[place] = ",".join(cells)
    if again:
        lines.append(lines[place])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def assert_good_rows_are_good(dataset, folder):
    """Check that the rows accepted, written down and read again, have no error."""
    for name in dataset.n_read:
        dataset.table(name).to_csv(folder / f"{name}.csv", index=False)
    errors = check(folder).query("severity == 'error' and rule != 'no_rows'")
    assert errors.empty, errors["message"].tolist()
