"""Statements that name the same two places become one tie, and the log says which went where.

A tie is an unordered pair of places. Statements are the same tie if they name the same pair,
whichever side tells, however the names are spelled, and whichever source it is. Nothing else is
merged: a tie of a city and one of its region stay two, and are only pointed out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ties.merging.levels import double_levels
from ties.merging.partners import settle_by_partner
from ties.model.dataset import Dataset
from ties.model.problems import InternalError
from ties.places.gazetteer import Gazetteer
from ties.places.names import split_names
from ties.places.resolver import MENTION, resolve

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
        (see `ties.merging.levels`). Not merged.
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
    """Give statements with the place that each end means.

    Parameters
    ----------
    statements
        Columns as in `ties.sources.statements.STATEMENT`, with ``statement_id`` and
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
    for side in "ab":
        renamed = {f"{name}_{side}": name for name in MENTION if name != "on"}
        mentions = statements[[*renamed]].rename(columns=renamed)
        sides.append(mentions.assign(on=statements["founded"]))
    both = pd.concat(sides, ignore_index=True)
    found = resolve(both, known, gazetteer, decisions)
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
    """Give the ties of a record by every combination of the names of their places.

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
    >>> from ties.sources.statements import make_statements
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
    ordered = resolved.sort_values(["source_id", "statement_id"], kind="stable")
    a, b = ordered["place_key_a"], ordered["place_key_b"]
    is_open = a.isna() | b.isna()
    is_self = ~is_open & (a == b)
    swap = (a > b).fillna(False).to_numpy(bool)
    low, high = a.where(~swap, b), b.where(~swap, a)
    usable = ~(is_open | is_self)
    pairs = pd.DataFrame({"place_key_a": low, "place_key_b": high})[usable]
    number = pairs.groupby(["place_key_a", "place_key_b"], sort=True).ngroup()
    log = pd.DataFrame(
        {
            "statement_id": ordered["statement_id"],
            "outcome": _outcomes(ordered, number, swap, is_open, is_self),
            "pair": number.reindex(ordered.index).astype("Int64"),
            "end": _open_ends(a, b),
            "reason": _reasons(ordered, is_open, is_self),
        }
    ).reindex(resolved.index)
    ties = pairs.assign(pair=number, source=ordered.loc[pairs.index, "source_id"])
    table = ties.groupby("pair").agg(
        place_key_a=("place_key_a", "first"),
        place_key_b=("place_key_b", "first"),
        n_statements=("source", "size"),
        n_sources=("source", "nunique"),
    )
    return Merged(resolved, log, table.reset_index(), double_levels(resolved, log, known))


def _open_ends(a: pd.Series, b: pd.Series) -> pd.Series:
    """Say which ends have no place: "a", "b" or "ab"; missing if both have one."""
    ends = pd.Series("", index=a.index, dtype="str").mask(a.isna(), "a")
    ends = ends.where(b.notna(), ends + "b")
    return ends.mask(ends == "")


def _outcomes(
    ordered: pd.DataFrame,
    number: pd.Series,
    swap: np.ndarray,
    is_open: pd.Series,
    is_self: pd.Series,
) -> pd.Series:
    """Say what became of each statement, compared with the first of its tie."""
    pair = number.reindex(ordered.index)
    first = ordered.assign(pair=pair, swap=swap).dropna(subset=["pair"])
    first = first.drop_duplicates("pair").set_index("pair")
    own_low = ordered["name_a"].where(~swap, ordered["name_b"])
    own_high = ordered["name_b"].where(~swap, ordered["name_a"])
    first_low = first["name_a"].where(~first["swap"], first["name_b"])
    first_high = first["name_b"].where(~first["swap"], first["name_a"])
    same_words = (own_low == pair.map(first_low)) & (own_high == pair.map(first_high))
    same_side = pair.map(first["swap"]) == swap
    same_source = ordered["source_id"] == pair.map(first["source_id"])
    is_first = pair.notna() & ~pair.duplicated()
    outcome = pd.Series("respelled", index=ordered.index)
    outcome = outcome.mask(same_words, "repeated").mask(same_words & ~same_side, "mirrored")
    outcome = outcome.mask(~same_source, "other_source").mask(is_first, "kept")
    return outcome.mask(is_self, "self_pair").mask(is_open, "unresolved")


def _reasons(ordered: pd.DataFrame, is_open: pd.Series, is_self: pd.Series) -> pd.Series:
    reason = pd.Series("", index=ordered.index, dtype="str")
    reason = reason.mask(is_self, "both ends are the same place")
    for side in "ab":
        missing = is_open & ordered[f"place_key_{side}"].isna()
        name = ordered[f"name_{side}"].fillna("a place without a name")
        told = name + ": " + ordered[f"reasons_{side}"].fillna("no place was found")
        reason = reason.mask(missing, (reason + "; " + told).str.removeprefix("; "))
    return reason.mask(reason == "")


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
