"""Whole records, drawn at random: a valid one is read as it was meant, and lives by the rules."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies import Files, valid_records

import ties
from ties.inputs import check
from ties.io.writing import write_record
from ties.schema import tables

# A longer look: TIES_EXAMPLES=2000 pytest tests/validate/test_whole_records.py
N_EXAMPLES = int(os.environ.get("TIES_EXAMPLES", "7"))
DRAWN = settings(
    max_examples=N_EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


# An apostrophe before what a spreadsheet would run says that it is text, and is no part of it.
MARK = re.compile(r"^'(?='*[=+\-@\t\r\n])")


def meant(text: str) -> str:
    """Give the text that a cell stands for."""
    return unicodedata.normalize("NFC", MARK.sub("", text).strip())


def assert_as_meant(files: Files, dataset: ties.Dataset) -> None:
    for name in tables.TABLES:
        rows, frame = files.rows.get(name, []), dataset.table(name)
        assert dataset.n_read[name] == len(rows) == len(frame)
        for column in set(files.columns[name]) & set(frame):
            if frame[column].dtype == "str" or isinstance(frame[column].dtype, pd.CategoricalDtype):
                found = frame[column].astype("object").where(frame[column].notna(), "").tolist()
                assert found == [meant(row[column]) for row in rows]
            else:
                found = frame[column].astype("float64").fillna(-1).tolist()
                assert found == [float(row[column] or -1) for row in rows]


@given(valid_records())
@DRAWN
def test_a_valid_record_has_no_problem_and_comes_back_as_it_was_written(files):
    with tempfile.TemporaryDirectory() as home:
        path, _ = files.write(Path(home) / "drawn")
        problems = check(path)
        assert problems.empty, problems.to_string()
        dataset = ties.read(path)
        assert_as_meant(files, dataset)
        again = ties.read(write_record(dataset, Path(home) / "again"))
        assert again.problems.empty
        for name in tables.TABLES:
            pd.testing.assert_frame_equal(again.table(name), dataset.table(name))
        assert (again.as_of, again.name, again.countries) == (
            (dataset.as_of, dataset.name, dataset.countries)
        )


VIEWS = st.sampled_from(["1975", "1999-12-31", "2008-06", "2026-11-23"])


@pytest.mark.filterwarnings("ignore:the record ends on:ties.errors.TiesWarning")
@given(valid_records(), VIEWS, st.sampled_from([None, "2018", "2026"]))
@DRAWN
def test_every_tie_that_stands_has_one_open_episode_an_axis(files, as_of, known_by):
    with tempfile.TemporaryDirectory() as home:
        dataset = ties.read(files.write(Path(home) / "drawn")[0])
    episodes = ties.lifecycle(dataset, as_of=as_of, known_by=known_by)
    table = ties.tie_table(dataset, as_of=as_of, known_by=known_by).set_index("tie_id")
    assert sorted(table.index) == sorted(row["tie_id"] for row in files.rows["ties"])
    standing = table.index[table["status"].notna()]
    by_axis = episodes.groupby(["tie_id", "axis"], observed=True)
    n_open = episodes["end_latest"].isna().groupby([episodes["tie_id"], episodes["axis"]]).sum()
    assert (n_open == 1).all()
    assert len(n_open) == 3 * len(standing)
    assert set(episodes["tie_id"]) == set(standing)
    following = by_axis["start_latest"].shift(-1)
    assert following.equals(episodes["end_latest"])
    assert (following.isna() | (following > episodes["start_latest"])).all()
    # An open beginning is missing.
    assert not (episodes["start_earliest"] > episodes["start_latest"]).any()
    assert (episodes["start_latest"] <= pd.Timestamp(episodes.attrs["as_of"])).all()
    assert episodes["event_id"].dropna().isin(dataset.events["event_id"]).all()
