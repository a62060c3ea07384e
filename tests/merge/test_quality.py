"""How well statements of different sources meet, on pairs that were labelled by hand.

`labelled_pairs.csv` holds pairs of statements drawn from seven public data sets: a random sample
of statements, each with the nearest ones of the other sets by name or coordinates, and
pairs that lie close together under different names. Each pair was read and labelled: the same tie,
different ties, or unsure (a district that has since been merged, a town and its municipality).
`us_russia_pairs.csv` holds every US-Russian pair that these sets name, with its tie on record.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import ties
from ties.importers.statements import complete
from ties.merge.pairs import merge, resolve_statements
from ties.places.gazetteer import GeoNames

HERE = Path(__file__).parent


def statements_of(frame):
    own = frame.drop(columns=["pair", "label", "set", "tie_id"], errors="ignore")
    full = complete(own.assign(row=range(len(own)), file=frame["set"], locator=""))
    ids = [f"s{number:05d}" for number in range(len(full))]
    return full.assign(statement_id=ids, source_id=frame["set"].to_numpy())


@pytest.fixture(scope="module")
def labelled():
    frame = pd.read_csv(HERE / "labelled_pairs.csv", keep_default_na=False, na_values=[""])
    known = ties.load("us-russia")
    merged = merge(resolve_statements(statements_of(frame), known, GeoNames()))
    pairs = frame.assign(tie=merged.log["pair"]).groupby("pair")
    return pd.DataFrame(
        {
            "label": pairs["label"].first(),
            "is_merged": (pairs["tie"].nunique() == 1) & (pairs["tie"].count() == 2),
        }
    )


def test_the_sample_is_large(labelled):
    assert (labelled["label"] != "unsure").sum() >= 400


def test_nothing_is_merged_that_is_not_the_same(labelled):
    wrong = labelled[(labelled["label"] == "different") & labelled["is_merged"]]
    assert wrong.index.tolist() == []


def test_nearly_all_that_is_the_same_is_merged(labelled):
    same = labelled[labelled["label"] == "same"]
    assert same["is_merged"].mean() >= 0.97


@pytest.mark.parametrize("gazetteer", [GeoNames, lambda: None], ids=["gazetteer", "record alone"])
def test_us_russian_pairs_are_found_on_record(gazetteer):
    frame = pd.read_csv(HERE / "us_russia_pairs.csv", keep_default_na=False, na_values=[""])
    known = ties.load("us-russia")
    resolved = resolve_statements(statements_of(frame), known, gazetteer())
    keys = resolved[["place_key_a", "place_key_b"]]
    found = {frozenset(pair) for pair in keys.itertuples(index=False)}
    pairs = known.ties.set_index("tie_id")[["place_a", "place_b"]].T
    wanted = [frozenset(pairs[tie]) for tie in frame["tie_id"]]
    got = [
        frozenset(pair) == want
        for pair, want in zip(keys.itertuples(index=False), wanted, strict=True)
    ]
    assert found
    assert sum(got) / len(got) >= 0.97
