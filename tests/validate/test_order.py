"""A record in order is the same record, whichever way its rows stood."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from tests.factory import make_dataset

from ties.schema.tables import TABLES


@pytest.fixture
def record():
    """Give a record with rows that only a later column tells apart, and cells that are missing."""
    return make_dataset(
        [("u", "1991", "founded", "both"), ("t", "1991-06", "founded", "both")],
        attestations=[("e1", "s", "1991"), ("e1", "r", None), ("e0", "s", None)],
        published={"s": "1950", "r": None},
        searches=[("t", "2020"), ("t", "2019"), ("u", "2020")],
    )


@pytest.mark.parametrize("name", TABLES)
def test_rows_the_other_way_round_come_in_the_same_order(record, name):
    turned = replace(record, **{name: record.table(name).iloc[::-1]})
    ordered = turned.in_order().table(name)
    pd.testing.assert_frame_equal(ordered, record.in_order().table(name))
    assert ordered.index.equals(pd.RangeIndex(len(ordered)))


@pytest.mark.parametrize("name", TABLES)
def test_the_rows_and_their_types_are_what_they_were(record, name):
    given, ordered = record.table(name), record.in_order().table(name)
    assert ordered.dtypes.equals(given.dtypes)
    lines = [sorted(map(repr, t.itertuples(index=False, name=None))) for t in (given, ordered)]
    assert lines[0] == lines[1]


def test_rows_of_one_code_come_by_what_else_they_say(record):
    assert record.in_order().attestations["source_id"].tolist() == ["s", "r", "s"]
    assert record.in_order().searches["searched_on"].tolist() == ["2019", "2020", "2020"]
