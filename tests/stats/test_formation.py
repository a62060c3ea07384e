"""Foundings per year and decade, with what cannot be placed."""

from __future__ import annotations

import pandas as pd
from tests.factory import make_dataset

from ties.lifecycle.tie_table import tie_table
from ties.stats.formation import founded_per_decade, founded_per_year, share_of_decade

RECORD = make_dataset(
    [
        ("t", "1989", "founded", "both"),
        ("u", "1991-06-26", "founded", "both"),
        ("v", "199X", "founded", "none"),
        ("w", "1989/1991", "founded", "none"),
        ("x", "../2003", "founded", "none"),
        ("y", "2016", "listed", "none"),
    ]
)


def test_a_year_holds_what_is_certain_and_what_is_possible():
    per_year = founded_per_year(tie_table(RECORD))
    assert per_year.loc[[1989, 1990, 1991, 1999], "n_certain"].tolist() == [1, 0, 1, 0]
    assert per_year.loc[[1989, 1990, 1991, 1999], "n_possible"].tolist() == [2, 2, 3, 1]
    assert per_year.index.tolist() == list(range(1989, 2027))
    assert per_year.attrs["n_open"] == 2


def test_every_tie_is_counted_once_in_a_decade_or_as_unplaced():
    per_decade = founded_per_decade(tie_table(RECORD))
    assert per_decade.index.tolist()[:2] == [1980, 1990] and per_decade.index[-1] is pd.NA
    assert per_decade["n_certain"].sum() == 6
    assert per_decade["n_certain"].tolist() == [1, 2, 0, 0, 0, 3]


def test_the_share_is_bounded_by_what_the_unknown_could_be():
    share = share_of_decade(tie_table(RECORD), 1990)
    assert share[["n", "n_in", "n_out", "n_unknown"]].tolist() == [6, 2, 1, 3]
    assert (share["share_lower"], share["share_upper"]) == (2 / 6, 5 / 6)
    assert share["share_of_dated"] == 2 / 3


def test_a_bound_on_one_side_can_be_enough():
    record = make_dataset(
        [
            ("x", "../1985", "founded", "none"),
            ("y", "2001/..", "founded", "none"),
            ("y", "2011", "listed", "none"),
        ]
    )
    assert share_of_decade(tie_table(record), 1990)["n_out"] == 2


def test_nothing_to_divide_by_is_missing():
    share = share_of_decade(tie_table(make_dataset([])), 1990)
    assert share["n"] == 0 and pd.isna(share["share_lower"]) and pd.isna(share["share_of_dated"])
    assert founded_per_decade(tie_table(make_dataset([])))["n_certain"].sum() == 0
