import datetime as dt

import pandas as pd
import pytest

from ties.inputs import check, read


@pytest.fixture
def stored(record_folder):
    """Give a way to store one table of the small record as Parquet, changed or not."""

    def store(name, change=lambda frame: frame):
        path = record_folder / f"{name}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        change(frame).to_parquet(record_folder / f"{name}.parquet", index=False)
        path.unlink()
        return record_folder

    return store


def test_parquet_reads_as_csv_does(record_folder, stored):
    expected = read(record_folder)
    for name in ("places", "events", "attestations", "sources", "searches"):
        stored(name)
    found = read(record_folder)
    assert all(found.table(name).equals(expected.table(name)) for name in found.n_read)


def test_the_frames_of_a_dataset_survive_parquet(record_folder):
    expected = read(record_folder)
    for name in expected.n_read:
        (record_folder / f"{name}.csv").unlink()
        expected.table(name).to_parquet(record_folder / f"{name}.parquet")
    found = read(record_folder)
    for name in found.n_read:
        pd.testing.assert_frame_equal(found.table(name), expected.table(name))


def test_typed_columns_are_brought_to_the_types_of_the_model(stored):
    stored("places", lambda f: f.astype({"population": "float64", "latitude": "float32"}))
    stored("searches", lambda f: f.assign(searched_on=[dt.date(2023, 1, 3)], hits=[0]))
    stored("counts", lambda f: f.assign(date=[2015], count=[2.0]))
    folder = stored("sources", lambda f: f.assign(accessed=pd.to_datetime(f["accessed"])))
    dataset = read(folder)
    assert dataset.places["population"].iloc[0] == 92052
    assert dataset.searches["searched_on"].tolist() == ["2023-01-03"]
    assert dataset.counts["date"].tolist() == ["2015"]
    assert dataset.sources["accessed"].tolist() == ["2023-01-02", "2023-01-03"]


def test_a_time_of_day_is_no_date(stored):
    folder = stored("searches", lambda f: f.assign(searched_on=[dt.datetime(2023, 1, 3, 5)]))
    assert check(folder)["rule"].tolist() == ["date"]


def test_a_line_is_the_number_of_the_row(stored):
    def break_row(frame):
        frame.loc[2, "kind"] = "begun"
        return frame

    problems = check(stored("events", break_row))
    assert problems[["file", "line"]].to_numpy().tolist() == [["events.parquet", 3]]


def test_nested_values_are_told(stored):
    problems = check(stored("counts", lambda f: f.assign(scope=[["a", "b"]])))
    told = "holds nested values, or bytes that are not text; write it as text or numbers"
    assert told in problems["message"].tolist()


def test_a_file_that_is_no_parquet_is_told(record_folder):
    (record_folder / "counts.csv").rename(record_folder / "counts.parquet")
    problem = check(record_folder).iloc[0]
    assert problem["rule"] == "unreadable"
    assert problem["message"].startswith("cannot be read as Parquet (")


def test_one_table_in_two_files_is_told(record_folder):
    (record_folder / "counts.parquet").write_bytes(b"")
    assert check(record_folder)["message"].tolist() == [
        "the table is here twice, as counts.csv and counts.parquet; keep one"
    ]


def test_text_that_is_not_text_is_told(stored):
    path = stored("counts") / "counts.parquet"
    path.write_bytes(path.read_bytes().replace(b"in force", b"in \xff\xff\xff\xff\xff"))
    problem = check(path.parent).iloc[0]
    assert problem["rule"] == "unreadable"
    assert "UTF8" in problem["message"]
