"""Merging by numbers gives what a loop over the statements gives."""

import numpy as np
import pandas as pd
import pytest

from ties.merge.pairs import merge

OF_END = {
    "place_key": ("p", "q", "ö", None),
    "name": ("P", "Q", "p", None),
    "reasons": ("two of the name", None),
    "name_key": ("k", None),
    "country_code": ("DE",),
    "place_level": ("city", "region", None),
}


def some_statements(seed):
    """Give a few statements with repeats, mirrors, self pairs and gaps, in no order."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 25))
    columns = {
        "statement_id": [f"s{number}" for number in rng.permutation(n)],
        "source_id": rng.choice(np.array(["x", "y", "é", None], dtype=object), n),
    }
    for side in "ab":
        for name, texts in OF_END.items():
            columns[f"{name}_{side}"] = rng.choice(np.array(texts, dtype=object), n)
    return pd.DataFrame(columns, index=rng.permutation(n) + 5).astype("str")


def outcome_of(row, first, swap, swap_of_first):
    """Compare a statement with the first of its tie."""
    if pd.isna(row.source_id) or row.source_id != first.source_id:
        return "other_source"
    names = (row.name_b, row.name_a) if swap else (row.name_a, row.name_b)
    told = (first.name_b, first.name_a) if swap_of_first else (first.name_a, first.name_b)
    if names != told or pd.isna(names[0]) or pd.isna(names[1]):
        return "respelled"
    return "repeated" if swap == swap_of_first else "mirrored"


def plainly(statements):
    """Merge one statement after the other: the log by id, and the ties with who tells them."""
    rows = list(statements.itertuples(index=False))
    rows.sort(key=lambda row: (pd.isna(row.source_id), str(row.source_id), row.statement_id))
    first, told, log = {}, {}, {}
    for row in rows:
        ends = (row.place_key_a, row.place_key_b)
        gaps = "".join(side for side, end in zip("ab", ends, strict=True) if pd.isna(end))
        if gaps or ends[0] == ends[1]:
            outcome = "unresolved" if gaps else "self_pair"
            log[row.statement_id] = (outcome, None, gaps or None)
            continue
        swap, pair = ends[0] > ends[1], tuple(sorted(ends))
        kept = first.setdefault(pair, (row, swap))
        told.setdefault(pair, []).append(row.source_id)
        outcome = "kept" if kept[0] is row else outcome_of(row, kept[0], swap, kept[1])
        log[row.statement_id] = (outcome, pair, None)
    return log, told


@pytest.mark.parametrize("seed", range(30))
def test_merging_by_numbers_is_merging_one_by_one(seed):
    statements = some_statements(seed)
    merged = merge(statements)
    log, told = plainly(statements)
    assert merged.log.index.equals(statements.index)
    pairs = merged.pairs.set_index("pair")
    for row in merged.log.itertuples(index=False):
        pair = (
            None
            if pd.isna(row.pair)
            else tuple(pairs.loc[row.pair, ["place_key_a", "place_key_b"]])
        )
        assert (row.outcome, pair, None if pd.isna(row.end) else row.end) == log[row.statement_id]
        assert pd.isna(row.reason) == (pair is not None)
    assert list(zip(pairs["place_key_a"], pairs["place_key_b"], strict=True)) == sorted(told)
    assert pairs["n_statements"].tolist() == [len(told[pair]) for pair in sorted(told)]
    assert pairs["n_sources"].tolist() == [
        len({source for source in told[pair] if not pd.isna(source)}) for pair in sorted(told)
    ]
    assert list(merged.log.dtypes.astype(str)) == ["str", "str", "Int64", "str", "str"]
