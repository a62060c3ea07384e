"""What is wrong with a whole set of statements, beyond the faults of its rows.

A scrape can be read to the last entry and still mislead: it names the same pair twice, it
merges two towns of one name, it lists a tie from one side only, or it holds just what a
crawl from one town could reach. Each is a warning here; nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ties.errors import WARNING, join, make_problems, shorten
from ties.places.countries import country_code

# Below this, all places hanging together is no surprise.
_MIN_PLACES: Final = 50


class _Defect(NamedTuple):
    """One rule: a message for each case, with its row or its value."""

    rule: str
    messages: list[str]
    rows: list[int] | None = None
    values: list[str] | None = None


def find_defects(statements: pd.DataFrame, file: str) -> pd.DataFrame:
    """Warnings about a set of statements as a whole, one a row.

    Parameters
    ----------
    statements
        A row is a statement, columns as in `ties.importers.statements.STATEMENT`.
    file
        What to call the input in a message.

    Returns
    -------
    DataFrame
        A row is a warning (see `ties.errors`), its ``rule`` one of ``repeated`` (a
        pair named again in the same direction), ``same_name`` (both ends bear one name),
        ``namesakes``, ``one_sided``, ``no_country`` and ``one_piece``.
    """
    if statements.empty:
        return join([])
    return join(
        make_problems(
            found.messages,
            table="statements",
            file=file,
            rule=found.rule,
            values=found.values,
            rows=pd.NA if found.rows is None else found.rows,
            severity=WARNING,
        )
        for found in _find(statements)
    )


def _find(statements: pd.DataFrame) -> Iterator[_Defect]:
    ends = _ends(statements)
    yield _repeated(statements, ends)
    yield _same_name(statements)
    yield _namesakes(statements)
    yield _one_sided(ends)
    if statements[["country_a", "country_b"]].isna().all(axis=None):
        reason = "no entry names a country: resolve the places with a gazetteer"
        yield _Defect("no_country", [reason])
    yield _one_piece(ends)


def _ends(statements: pd.DataFrame) -> pd.DataFrame:
    """Numbers of both places, told apart as the source does: by name."""
    codes, _ = pd.factorize(pd.concat([statements[f"name_{side}"] for side in "ab"]))
    return pd.DataFrame({"a": codes[: len(statements)], "b": codes[len(statements) :]})


def _repeated(statements: pd.DataFrame, ends: pd.DataFrame) -> _Defect:
    countries = statements[["country_a", "country_b"]].fillna("")
    rows = statements[pd.concat([ends, countries], axis="columns").duplicated().to_numpy()]
    messages = [
        f"{locator}: {a} and {b} were named before, in the same order; count them once"
        for locator, a, b in zip(rows["locator"], rows["name_a"], rows["name_b"], strict=True)
    ]
    return _Defect("repeated", messages, rows["row"].tolist())


def _same_name(statements: pd.DataFrame) -> _Defect:
    is_same = (statements["name_a"] == statements["name_b"]).fillna(False)
    rows = statements[is_same]
    messages = [
        f"{locator}: both ends are called {shorten(name)}: two namesakes, or a tie of a place "
        "with itself; see that their countries or regions tell them apart"
        for locator, name in zip(rows["locator"], rows["name_a"], strict=True)
    ]
    return _Defect("same_name", messages, rows["row"].tolist())


def _namesakes(statements: pd.DataFrame) -> _Defect:
    """Entries whose bare name is given to places of several countries."""
    sides = [
        statements[[f"name_{side}", f"country_{side}"]].set_axis(["name", "country"], axis=1)
        for side in "ab"
    ]
    given = pd.concat(sides).dropna().drop_duplicates()
    known = {text: country_code(text) or text for text in given["country"].unique()}
    given = given.assign(country=given["country"].map(known)).drop_duplicates()
    countries: dict[str, list[str]] = {}
    for name, code in given[given["name"].isin(statements["name_a"])].itertuples(index=False):
        countries.setdefault(name, []).append(code)
    shared = {name: codes for name, codes in countries.items() if len(codes) > 1}
    messages = [
        f"one entry {shorten(name)} for places of {len(codes)} countries ({' / '.join(codes)}): "
        "its partners may belong to either; check them against another source"
        for name, codes in shared.items()
    ]
    return _Defect("namesakes", messages, values=list(shared))


def _one_sided(ends: pd.DataFrame) -> _Defect:
    """Number of ties that only one of two listed places names."""
    pairs = ends.drop_duplicates()
    pairs = pairs[(pairs["a"] != pairs["b"]) & pairs["b"].isin(pairs["a"])]
    mirrored = pd.MultiIndex.from_frame(pairs[["b", "a"]])
    n_lone = int((~pd.MultiIndex.from_frame(pairs).isin(mirrored)).sum())
    message = (
        f"of {len(pairs):,} ties whose other end is listed too, {n_lone:,} are named from one "
        f"side only and {len(pairs) - n_lone:,} from both; count pairs, not rows"
    )
    return _Defect("one_sided", [message] if n_lone else [])


def _one_piece(ends: pd.DataFrame) -> _Defect:
    size = int(ends.to_numpy().max()) + 1
    message = (
        f"all {size:,} places hang together: this is what a crawl could reach from one place, "
        "not a list of all; draw no shares from it"
    )
    if size < _MIN_PLACES:
        return _Defect("one_piece", [])
    joined = coo_array((np.ones(len(ends)), (ends["a"], ends["b"])), shape=(size, size))
    n_pieces, _ = connected_components(joined, directed=False)
    return _Defect("one_piece", [message] if n_pieces == 1 else [])
