"""Statements that name the same two places become one tie, and the log says which went where.

A tie is an unordered pair of places. Statements are the same tie if they name the same pair,
whichever side tells, however the names are spelled, and whichever source it is. Nothing else is
merged: a tie of a city and one of its region stay two, and are only pointed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.errors import InternalError
from ties.merge.levels import double_levels
from ties.merge.partners import settle_by_partner
from ties.places.gazetteer import Gazetteer
from ties.places.names import split_names
from ties.places.resolver import MENTION, decide, resolve

OUTCOMES: Final = (
    "kept",  # the first statement of its tie
    "repeated",  # the same source names the pair again, in the same words
    "mirrored",  # ... from the other side
    "respelled",  # ... in other words
    "other_source",  # another source names the pair
    "self_pair",  # both ends are one place
    "unresolved",  # an end is not known, or not which of several it is
)
MERGED: Final = ("repeated", "mirrored", "respelled", "other_source")
REFUSED: Final = ("self_pair", "unresolved")

_OF_PLACE: Final = (
    "place_key",
    "basis",
    "score",
    "reasons",
    "n_candidates",
    "is_disputed",
    "name_key",
    "is_confirmed",
)
_OF_PLACE_TOO: Final = ("name", "region", "level", "latitude", "longitude", "population")


@dataclass(frozen=True)
class Merged:
    """What became of statements.

    Parameters
    ----------
    statements
        The statements as they came, with what each end was resolved to; never changed by merging.
    log
        A row a statement, in their order: ``statement_id``, ``outcome`` (`OUTCOMES`), ``pair``
        (Int64, the tie it went into, missing if none), ``end`` (which ends are unresolved: "a",
        "b" or "ab", else missing), ``reason`` (why it is in no tie, else missing).
    pairs
        A row a tie: ``pair`` (number), ``place_key_a``, ``place_key_b`` (a sorts first),
        ``n_statements``, ``n_sources``.
    double_level
        Pairs that may be one tie told at two levels: ``pair`` (the wider), ``other``, ``reason``
        (see `ties.merge.levels`). Not merged.
    """

    statements: pd.DataFrame
    log: pd.DataFrame
    pairs: pd.DataFrame
    double_level: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse a merge that lost a statement: that would be a fault of ours."""
        counts = self.log["outcome"].value_counts()
        n = sum(int(counts.get(name, 0)) for name in OUTCOMES)
        in_ties = int(self.pairs["n_statements"].sum()) + sum(
            int(counts.get(name, 0)) for name in REFUSED
        )
        is_whole = n == in_ties == len(self.statements)
        if not is_whole or int(counts.get("kept", 0)) != len(self.pairs):
            raise InternalError("statements were lost in merging")


def resolve_statements(
    statements: pd.DataFrame,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Statements with the place that each end means.

    Parameters
    ----------
    statements
        Columns as in `ties.importers.statements.STATEMENT`, with ``statement_id`` and
        ``source_id``.
    known, gazetteer, decisions
        As for `ties.places.resolver.resolve`.

    Returns
    -------
    DataFrame
        The same rows with, for each side, ``place_key_a``, ``basis_a``, ``score_a``,
        ``reasons_a``, ``country_code_a``, ``place_name_a``, ``place_region_a`` and so on.
    """
    sides = []
    for side, other in ("ab", "ba"):
        renamed = {f"{name}_{side}": name for name in MENTION if name != "on"}
        mentions = statements[[*renamed]].rename(columns=renamed)
        sides.append(mentions.assign(on=statements["founded"], partner=statements[f"name_{other}"]))
    both = pd.concat(sides, ignore_index=True)
    found = resolve(both, known, gazetteer)
    if decisions is not None:
        found = decide(found, both, decisions, known, gazetteer)
    n = len(statements)
    parts = [statements.reset_index(drop=True)]
    for side, rows in (("a", found.iloc[:n]), ("b", found.iloc[n:])):
        place = rows.reset_index(drop=True)
        columns = {name: place[name] for name in _OF_PLACE}
        columns |= {f"place_{name}": place[name] for name in _OF_PLACE_TOO}
        columns |= {"country_code": place["country"]}
        parts.append(pd.DataFrame(columns).add_suffix(f"_{side}"))
    return settle_by_partner(pd.concat(parts, axis=1), None if known is None else _pairs_of(known))


def _pairs_of(known: Dataset) -> pd.DataFrame:
    """The ties of a record by every combination of the names of their places.

    A joint programme goes by the names of its members too: a list that names Normal means the
    tie that Bloomington and Normal hold together.
    """
    places, other = known.places, known.place_names
    names = pd.concat([places[["place_id", "name"]], other[["place_id", "name"]]])
    joint = places.loc[places["level"] == "joint", "place_id"]
    members = places.loc[places["part_of"].isin(joint), ["place_id", "part_of"]]
    of_members = names.merge(members, on="place_id")[["part_of", "name"]]
    names = pd.concat([names, of_members.rename(columns={"part_of": "place_id"})])
    names = names.drop_duplicates().reset_index(drop=True)
    names = names.assign(key=split_names(names["name"])["key"])
    names = names[["place_id", "key"]].drop_duplicates()
    country = places.set_index("place_id")["country"]
    pairs = known.ties[["place_a", "place_b"]]
    for side in "ab":
        own = names.rename(columns={"place_id": f"place_{side}", "key": f"key_{side}"})
        pairs = pairs.merge(own, on=f"place_{side}")
    return pairs.assign(
        country_a=pairs["place_a"].map(country), country_b=pairs["place_b"].map(country)
    )


def merge(resolved: pd.DataFrame, known: Dataset | None = None) -> Merged:
    """Merge statements that name the same two places.

    The first statement of a tie, by source and id and not by the order of the rows, is kept; the
    others are merged into it. So the rows may come in any order.

    Parameters
    ----------
    resolved
        As `resolve_statements` gives it; ``statement_id`` is unique.
    known
        The record whose places came first: tells at which level they are and what they are
        part of, for `Merged.double_level`.

    Returns
    -------
    Merged
        Which statement went into which tie; rows in = kept + merged + refused.

    Raises
    ------
    InternalError
        If a ``statement_id`` is missing or stands twice.

    Examples
    --------
    >>> from ties.importers.statements import make_statements
    >>> ends = [("Bonn", "DE", "Opole", "PL"), ("Opole", "PL", "Bonn", "DE")]
    >>> names = ["name_a", "country_a", "name_b", "country_b"]
    >>> told = make_statements([dict(zip(names, end, strict=True), row=0) for end in ends])
    >>> told = told.assign(statement_id=["s1", "s2"], source_id="a-list")
    >>> merge(resolve_statements(told)).log["outcome"].tolist()
    ['kept', 'mirrored']
    """
    ids = resolved["statement_id"]
    if ids.isna().any() or ids.duplicated().any():
        raise InternalError("a statement has no id of its own")
    places, names = _numbered(resolved, "place_key", sort=True)
    is_open = (places[0] < 0) | (places[1] < 0)
    is_self = ~is_open & (places[0] == places[1])
    swap = ~is_open & (places[0] > places[1])
    usable = ~(is_open | is_self)
    # One number for the two ends of a pair: equal, and sorted, as the texts of the two are.
    key = places.min(axis=0) * len(names) + places.max(axis=0)
    keys, number = np.unique(key[usable], return_inverse=True)
    pair = np.full(len(resolved), -1)
    pair[usable] = number
    source, _ = pd.factorize(resolved["source_id"], sort=True)
    first = _first_statements(pair, _order(source, ids), len(keys))
    log = pd.DataFrame(
        {
            "statement_id": ids,
            "outcome": _outcomes(resolved, pair, first, source, swap, is_self),
            "pair": pd.arrays.IntegerArray(pair, pair < 0),
            "end": _open_ends(places, resolved.index),
            "reason": _reasons(resolved, is_open, is_self),
        },
        index=resolved.index,
    )
    table = pd.DataFrame(
        {
            "pair": np.arange(len(keys)),
            "place_key_a": pd.Series(names.take(keys // max(len(names), 1)), dtype="str"),
            "place_key_b": pd.Series(names.take(keys % max(len(names), 1)), dtype="str"),
            "n_statements": np.bincount(number, minlength=len(keys)),
            "n_sources": _count_sources(number, source[usable], len(keys)),
        }
    )
    return Merged(resolved, log, table, double_levels(resolved, log, known))


def _numbered(
    resolved: pd.DataFrame, column: str, *, sort: bool = False
) -> tuple[np.ndarray, pd.Index]:
    """Number the texts that stand at either end, -1 for a missing one: a row for each end."""
    both = pd.concat([resolved[f"{column}_a"], resolved[f"{column}_b"]])
    codes, texts = pd.factorize(both, sort=sort)
    return codes.reshape(2, len(resolved)), pd.Index(texts)


def _order(source: np.ndarray, ids: pd.Series) -> np.ndarray:
    """The rows by source and id; rows of no source come last."""
    by_id = ids.array.argsort()
    last = source.max(initial=-1) + 1
    by_source = np.where(source < 0, last, source)[by_id].argsort(kind="stable")
    order: np.ndarray = by_id[by_source]
    return order


def _first_statements(pair: np.ndarray, order: np.ndarray, n_pairs: int) -> np.ndarray:
    """The row of the first statement of each tie."""
    first = np.empty(n_pairs + 1, dtype="int64")  # one more, for what is in no tie (-1)
    backwards = order[::-1]
    first[pair[backwards]] = backwards  # of many rows for one tie the last written stays
    return first[:-1]


def _count_sources(number: np.ndarray, source: np.ndarray, n_pairs: int) -> np.ndarray:
    told = pd.DataFrame({"pair": number, "source": source})[source >= 0].drop_duplicates()
    counts: np.ndarray = np.bincount(told["pair"], minlength=n_pairs)
    return counts


def _open_ends(places: np.ndarray, index: pd.Index) -> pd.Series:
    """Which ends have no place: "a", "b" or "ab"; missing if both have one."""
    which = (places[0] < 0) + 2 * (places[1] < 0) - 1
    return _words(which, ("a", "b", "ab"), index)


def _outcomes(
    resolved: pd.DataFrame,
    pair: np.ndarray,
    first: np.ndarray,
    source: np.ndarray,
    swap: np.ndarray,
    is_self: np.ndarray,
) -> pd.Series:
    """What became of each statement, compared with the first of its tie."""
    row = np.arange(len(pair))
    of_tie = np.where(pair >= 0, np.append(first, -1)[pair], row)
    words, _ = _numbered(resolved, "name")
    low, high = np.where(swap, words[::-1], words)
    same_words = (low == low[of_tie]) & (high == high[of_tie]) & (low >= 0) & (high >= 0)
    same_source = (source == source[of_tie]) & (source >= 0)
    outcome = np.select(
        [
            is_self,
            pair < 0,
            of_tie == row,
            ~same_source,
            same_words & (swap != swap[of_tie]),
            same_words,
        ],
        [
            OUTCOMES.index(name)
            for name in ("self_pair", "unresolved", "kept", "other_source", "mirrored", "repeated")
        ],
        OUTCOMES.index("respelled"),
    )
    return _words(outcome, OUTCOMES, resolved.index)


def _words(codes: np.ndarray, words: Sequence[str], index: pd.Index) -> pd.Series:
    """The word of each number, missing for -1."""
    return pd.Series(pd.array([*words], dtype="str").take(codes, allow_fill=True), index)


def _reasons(resolved: pd.DataFrame, is_open: np.ndarray, is_self: np.ndarray) -> pd.Series:
    """Why a statement is in no tie; missing if it is in one."""
    refused = resolved[is_open | is_self]
    reason = pd.Series("", index=refused.index, dtype="str")
    reason = reason.mask(is_self[is_open | is_self], "both ends are the same place")
    for side in "ab":
        missing = is_open[is_open | is_self] & refused[f"place_key_{side}"].isna()
        name = refused[f"name_{side}"].fillna("a place without a name")
        told = name + ": " + refused[f"reasons_{side}"].fillna("no place was found")
        reason = reason.mask(missing, (reason + "; " + told).str.removeprefix("; "))
    return reason.reindex(resolved.index)


def split(merged: Merged, which: int | Iterable[str]) -> pd.DataFrame:
    """Undo a merge: give the statements of one tie, or those of some ids, exactly as they came.

    Parameters
    ----------
    merged
        As `merge` gives it.
    which
        Number of a tie (``pair`` of the log), or ids of statements.

    Returns
    -------
    DataFrame
        Rows of `Merged.statements`, in their order and with their index.

    Raises
    ------
    KeyError
        If there is no such tie, or no statement of one of the ids.
    """
    ids = merged.log["statement_id"]
    if isinstance(which, (int, np.integer)):
        if which not in merged.pairs["pair"].to_numpy():
            raise KeyError(f"there is no tie {which}")
        wanted = ids[merged.log["pair"].eq(which).fillna(False)]
    else:
        wanted = pd.Series(list(which), dtype="str")
        unknown = wanted[~wanted.isin(ids)]
        if len(unknown):
            raise KeyError(f"there is no statement {unknown.iloc[0]!r}")
    return merged.statements[merged.statements["statement_id"].isin(wanted)]
