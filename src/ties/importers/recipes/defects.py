"""What is wrong with a whole set of statements, beyond the faults of its rows.

A scrape can be read to the last entry and still mislead: it names the same pair twice, it
merges two towns of one name, it lists a tie from one side only, or it holds just what a
crawl from one town could reach. Each is a warning here; nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from ties.errors import WARNING, join, make_problems, shorten
from ties.importers.wikipedia.areas import country_code

# Below this, all places hanging together is no surprise.
_MIN_PLACES: Final = 50


def find_defects(
    statements: pd.DataFrame, file: str, *, is_keyed_by_name: bool = False
) -> pd.DataFrame:
    """Give a warning for each defect of a set of statements as a whole.

    Parameters
    ----------
    statements
        A row is a statement, columns as in `ties.importers.statements.STATEMENT`.
    file
        What to call the input in a message.
    is_keyed_by_name
        Whether the source holds one entry per bare name, so that namesakes share one.

    Returns
    -------
    DataFrame
        A row is a warning (see `ties.errors`), its ``rule`` one of ``repeated`` (a
        pair named again in the same direction), ``same_name`` (both ends bear one name),
        ``namesakes``, ``one_sided``, ``no_country`` and ``one_piece``.
    """
    if statements.empty:
        return join([])
    ends = _ends(statements)
    found: list[pd.DataFrame] = [_repeated(statements, ends, file), _same_name(statements, file)]
    if is_keyed_by_name:
        found.append(_namesakes(statements, file))
    for check in _WHOLE:
        found += [_warn([message], file, rule) for rule, message in check(statements, ends)]
    return join(found)


def _warn(
    messages: list[str],
    file: str,
    rule: str,
    rows: list[int] | None = None,
    values: list[str] | None = None,
) -> pd.DataFrame:
    return make_problems(
        messages,
        table="statements",
        file=file,
        rule=rule,
        values=values,
        rows=pd.NA if rows is None else rows,
        severity=WARNING,
    )


def _ends(statements: pd.DataFrame) -> pd.DataFrame:
    """Number the places as the source tells them apart: by its ids, or else by name."""
    keys = ["id", "name"] if statements["id_a"].notna().all() else ["name"]
    both = pd.concat([statements[f"{keys[0]}_{side}"] for side in "ab"])
    codes, _ = pd.factorize(both)
    n = len(statements)
    return pd.DataFrame({"a": codes[:n], "b": codes[n:]})


def _repeated(statements: pd.DataFrame, ends: pd.DataFrame, file: str) -> pd.DataFrame:
    countries = statements[["country_a", "country_b"]].fillna("")
    again = pd.concat([ends, countries], axis="columns").duplicated()
    rows = statements[again.to_numpy()]
    names = zip(rows["locator"], rows["name_a"], rows["name_b"], strict=True)
    messages = [
        f"{locator}: {a} and {b} were named before, in the same order; count them once"
        for locator, a, b in names
    ]
    return _warn(messages, file, "repeated", rows=rows["row"].tolist())


def _same_name(statements: pd.DataFrame, file: str) -> pd.DataFrame:
    is_same = (statements["name_a"] == statements["name_b"]).fillna(False)
    is_other = statements["id_a"].notna() & (statements["id_a"] != statements["id_b"])
    rows = statements[is_same & ~is_other]
    names = zip(rows["locator"], rows["name_a"], strict=True)
    messages = [
        f"{locator}: both ends are called {shorten(name)}: two namesakes, or a tie of a place "
        "with itself; see that their countries or regions tell them apart"
        for locator, name in names
    ]
    return _warn(messages, file, "same_name", rows=rows["row"].tolist())


def _namesakes(statements: pd.DataFrame, file: str) -> pd.DataFrame:
    """Find entries whose bare name is given to places of several countries."""
    sides = [
        statements[[f"name_{side}", f"country_{side}"]].set_axis(["name", "country"], axis=1)
        for side in "ab"
    ]
    given = pd.concat(sides).dropna().drop_duplicates()
    codes = {text: country_code(text) or text for text in given["country"].unique()}
    given = given.assign(country=given["country"].map(codes)).drop_duplicates()
    counts = given.groupby("name", sort=False)["country"].agg(["nunique", " / ".join])
    shared = counts[(counts["nunique"] > 1) & counts.index.isin(statements["name_a"])]
    messages = [
        f"one entry {shorten(name)} for places of {n} countries ({countries}): its partners may "
        "belong to either; check them against another source"
        for name, n, countries in zip(shared.index, shared["nunique"], shared["join"], strict=True)
    ]
    return _warn(messages, file, "namesakes", values=list(shared.index))


def _one_sided(statements: pd.DataFrame, ends: pd.DataFrame) -> list[tuple[str, str]]:
    """Count ties that only one of two listed places names."""
    pairs = ends.drop_duplicates()
    pairs = pairs[(pairs["a"] != pairs["b"]) & pairs["b"].isin(pairs["a"])]
    forth = pairs["a"].to_numpy() * (len(ends) * 2) + pairs["b"].to_numpy()
    back = pairs["b"].to_numpy() * (len(ends) * 2) + pairs["a"].to_numpy()
    n_lone = int((~np.isin(back, forth)).sum())
    if not n_lone:
        return []
    message = (
        f"of {len(pairs):,} ties whose other end is listed too, {n_lone:,} are named from one "
        f"side only and {len(pairs) - n_lone:,} from both; count pairs, not rows"
    )
    return [("one_sided", message)]


def _no_country(statements: pd.DataFrame, ends: pd.DataFrame) -> list[tuple[str, str]]:
    named = statements[["country_a", "country_b"]].notna().any(axis=None)
    message = "no entry names a country: resolve the places by their ids, or with a gazetteer"
    return [] if named else [("no_country", message)]


def _one_piece(statements: pd.DataFrame, ends: pd.DataFrame) -> list[tuple[str, str]]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = int(ends.to_numpy().max()) + 1
    graph = coo_array((np.ones(len(ends), dtype="int8"), (ends["a"], ends["b"])), (size, size))
    n_pieces, _ = connected_components(graph, directed=False)
    if n_pieces > 1 or size < _MIN_PLACES:
        return []
    message = (
        f"all {size:,} places hang together: this is what a crawl could reach from one place, "
        "not a list of all; draw no shares from it"
    )
    return [("one_piece", message)]


_Check = Callable[[pd.DataFrame, pd.DataFrame], list[tuple[str, str]]]
_WHOLE: Final[tuple[_Check, ...]] = (_one_sided, _no_country, _one_piece)
