"""A folder as a record: what is found, what is refused, and that nothing is lost."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ties
from ties.schema.tables import REQUIRED, TABLES

REFERENCES = (
    ("events", "tie_id", "ties"),
    ("attestations", "event_id", "events"),
    ("attestations", "source_id", "sources"),
    ("ties", "place_a", "places"),
    ("ties", "place_b", "places"),
)


def n_rows(folder):
    return sum(
        len(pd.read_csv(folder / f"{name}.csv", dtype="str"))
        for name in TABLES
        if (folder / f"{name}.csv").exists()
    )


def accepted(dataset):
    return sum(len(dataset.table(name)) for name in TABLES)


def dangling(dataset):
    keys = {
        name: set(dataset.table(name).iloc[:, 0])
        for name in ("places", "ties", "events", "sources")
    }
    return [
        (table, column)
        for table, column, target in REFERENCES
        if not set(dataset.table(table)[column]) <= keys[target]
    ]


def test_a_valid_folder_is_read_whole(record_folder):
    dataset = ties.read(record_folder)
    assert accepted(dataset) == n_rows(record_folder)
    assert dataset.rejected.empty
    assert str(dataset.ties["tie_id"].dtype) == "str"


def test_raise_carries_every_problem_at_once(edited):
    edited("events.csv", ",suspended,", ",suspnded,")
    folder = edited("events.csv", ",1991-06,", ",june 1991,")
    with pytest.raises(ties.InvalidTableError) as caught:
        ties.read(folder)
    assert len(caught.value.problems.query("severity == 'error'")) == 2
    assert "did you mean 'suspended'" in str(caught.value)
    assert "line" in str(caught.value)


def test_a_rejected_tie_takes_its_events_and_their_attestations_with_it(edited):
    folder = edited(
        "ties.csv", "anchorage-magadan,ru-mag-magadan", "anchorage-magadan,ru-mag-nowhere"
    )
    dataset = ties.read(folder, on_invalid="reject")
    assert "anchorage-magadan" not in set(dataset.ties["tie_id"])
    assert "anchorage-magadan" not in set(dataset.events["tie_id"])
    assert {"ties", "events", "attestations"} <= set(dataset.rejected["table"])
    assert dataset.rejected["reason"].str.len().min() > 0
    assert accepted(dataset) + len(dataset.rejected) == n_rows(folder)
    assert dangling(dataset) == []


@given(data=st.data())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_wrong_no_row_is_lost_and_nothing_dangles(record_folder, data):
    originals = {path: path.read_text(encoding="utf-8") for path in record_folder.glob("*.csv")}
    try:
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(sorted(originals)))
            lines = path.read_text(encoding="utf-8").splitlines()
            row = data.draw(st.integers(1, len(lines) - 1))
            cells = lines[row].split(",")
            cell = data.draw(st.integers(0, len(cells) - 1))
            cells[cell] = data.draw(st.sampled_from(["", "x", "1991", "-1", "=1+1", "а", "none"]))
            lines[row] = ",".join(cells)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        dataset = ties.read(record_folder, on_invalid="reject")
        assert accepted(dataset) + len(dataset.rejected) == n_rows(record_folder)
        assert dangling(dataset) == []
    except ties.TiesError as error:
        assert str(error)  # a table that cannot stand at all is refused in words
    finally:
        for path, text in originals.items():
            path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("table", REQUIRED)
def test_a_missing_required_table_is_told(record_folder, table):
    (record_folder / f"{table}.csv").unlink()
    with pytest.raises(ties.TiesError, match=table):
        ties.read(record_folder)


def test_a_path_that_is_not_there_names_the_nearest(record_folder):
    with pytest.raises(ties.UnreadableError, match="two-ties"):
        ties.read(record_folder.with_name("two-tie"))


def test_an_unknown_record_names_those_there_are():
    with pytest.raises(ties.TiesError, match="us-russia"):
        ties.load("us-rusia")


def test_what_may_not_be_read_is_told(record_folder, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(ties.TiesError, match=r"(?i)permission|not allowed"):
        ties.read(record_folder)
