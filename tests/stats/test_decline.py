"""The stock adds up, and flows explain its changes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from tests.factory import make_dataset
from tests.test_lifecycle import records

from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.tie_table import tie_table
from ties.stats.decline import flows, stock_by_status

RECORD = make_dataset(
    [
        ("t", "1990", "founded", "both"),
        ("t", "1993-02", "dormant", "none"),
        ("u", "1991-06-26", "founded", "both"),
        ("u", "1993-05-01", "suspended", "b"),
    ],
    as_of="1994-06-30",
)


def test_the_stock_is_the_state_at_the_end_of_each_year():
    stock = stock_by_status(lifecycle(RECORD))
    assert stock.index.tolist() == [1990, 1991, 1992, 1993, 1994]
    assert stock["active"].tolist() == [1, 2, 2, 0, 0]
    assert stock["dormant"].tolist() == [0, 0, 0, 1, 1]
    assert stock["suspended"].tolist() == [0, 0, 0, 1, 1]


def test_an_empty_record_has_an_empty_stock():
    assert stock_by_status(lifecycle(make_dataset([])))["total"].sum() == 0


@given(records())
@settings(max_examples=30, deadline=None)
def test_entries_less_exits_are_the_change_of_the_stock(record):
    episodes = lifecycle(record)
    stock = stock_by_status(episodes, searches=True).drop(columns="total")
    flow = flows(episodes)
    net = (flow["entries"] - flow["exits"]).unstack("status")[[*stock.columns]]
    pd.testing.assert_frame_equal(
        net.cumsum(), stock, check_names=False, check_dtype=False, check_index_type=False
    )


@pytest.mark.filterwarnings("ignore:the record ends on:ties.errors.TiesWarning")
@given(records())
@settings(max_examples=15, deadline=None)
def test_the_stock_of_a_year_is_the_table_seen_from_its_last_day(record):
    stock = stock_by_status(lifecycle(record), searches=True)
    year = int(stock.index[len(stock) // 2])
    seen = tie_table(record, as_of=str(year))["status"].value_counts()
    if year < record.as_of.year:
        assert stock.drop(columns="total").loc[year].tolist() == seen[stock.columns[:-1]].tolist()
