"""Two snapshots of one source: which ties it names anew, no longer, or otherwise.

A pair that the later snapshot does not name has *vanished from the source*. That is all: lists
are cleaned up, cut short and rewritten, so nothing here makes an end of it, and no event
of a record follows from it.

What a source says of a tie is compared word by word: the dates, status, kind and note that stand
beside the pair. A tie is the same if both snapshots mean the same two places, however they
spell them; a statement whose ends are not known is compared by the words of its ends.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.errors import InternalError, TiesError
from ties.importers.import_folder import ImportedSource
from ties.merge.pairs import resolve_statements
from ties.merge.records import place_records
from ties.merge.words import one_line
from ties.places.gazetteer import Gazetteer
from ties.places.names import fold

CHANGES: Final = ("appeared", "vanished", "changed", "same")
COMPARED: Final = ("founded", "ended", "status", "kind", "level_a", "level_b", "note")
_BY: Final = ["place_a", "place_b"]
_OF_END: Final = ("key", "name", "country", "level")
_SHOWN: Final = ["name_a", "country_a", "name_b", "country_b"]


def compare(
    old: ImportedSource,
    new: ImportedSource,
    *,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare two snapshots of one source.

    Parameters
    ----------
    old, new
        As `ties.importers.import_folder.read_import` or `ties.merge.records.record_statements` give
        them, under names of their own.
    known, gazetteer, decisions
        As for `ties.places.resolver.resolve`. If both are records, their codes of places are
        taken as they are.

    Returns
    -------
    DataFrame
        A row a tie, and one more for each further column that changed: ``change`` (`CHANGES`),
        ``name_a``, ``country_a``, ``name_b``, ``country_b`` (as the later snapshot that names it
        writes them), ``column``, ``before``, ``after`` (where it changed), ``n_old``, ``n_new``
        (how many statements name it), ``place_a``, ``place_b`` (identities).

    Raises
    ------
    TiesError
        If the snapshot called new is older than the other, or both bear one name.

    Examples
    --------
    >>> import ties
    >>> from ties.merge.records import record_statements
    >>> record = ties.load("us-russia")
    >>> less = record.keep_ties(record.ties["tie_id"].iloc[1:])
    >>> found = compare(record_statements(record, "then"), record_statements(less, "now"))
    >>> found["change"].value_counts().to_dict()
    {'same': 163, 'vanished': 1}
    """
    if old.name == new.name:
        raise TiesError(f"both snapshots are called {old.name!r}; give them names of their own")
    if new.day < old.day:
        raise TiesError(
            f"{new.name} is of {new.day.date()} and so the older of the two; name it first"
        )
    rows = _facing_one_way(_resolved(old, new, known, gazetteer, decisions))
    is_new = (rows["source_id"] == new.name).to_numpy()
    found = _ties(rows, is_new)
    if int((found["n_old"] + found["n_new"]).sum()) != len(rows):
        raise InternalError("statements were lost in comparing")
    both = found[(found["n_old"] > 0) & (found["n_new"] > 0)].index
    words = _words(rows[~is_new]).merge(
        _words(rows[is_new]), on=[*_BY, "column"], how="outer", suffixes=("_old", "_new")
    )
    words = words.set_axis([*_BY, "column", "before", "after"], axis="columns")
    differ = words[words["before"].fillna("") != words["after"].fillna("")]
    differ = differ[pd.MultiIndex.from_frame(differ[_BY]).isin(both)]
    told = found.reset_index().merge(differ, on=_BY, how="left")
    told["change"] = told["change"].mask(told["column"].notna(), "changed")
    order = told["change"].map({name: n for n, name in enumerate(CHANGES)})
    told = told.assign(order=order).sort_values(["order", *_SHOWN, "column"], ignore_index=True)
    return told[["change", *_SHOWN, "column", "before", "after", "n_old", "n_new", *_BY]]


def _resolved(
    old: ImportedSource,
    new: ImportedSource,
    known: Dataset | None,
    gazetteer: Gazetteer | None,
    decisions: pd.DataFrame | None,
) -> pd.DataFrame:
    """The statements of both with the identities of their ends."""
    records = [told for told in (old, new) if told.dataset is not None]
    if len(records) == 2:
        return pd.concat([_with_codes(told) for told in records], ignore_index=True)
    rows = pd.concat([old.statements, new.statements], ignore_index=True)
    own = records[0].dataset if records else known
    return place_records(resolve_statements(rows, own, gazetteer, decisions), records)


def _with_codes(told: ImportedSource) -> pd.DataFrame:
    """The ties of a record under its own codes, with the dates of their foundings."""
    if told.dataset is None:
        raise InternalError(f"{told.name} is no record")
    ties = told.dataset.ties.reset_index(drop=True)
    country = told.dataset.places.set_index("place_id")["country"]
    events = told.dataset.events
    founded = events[events["kind"] == "founded"].set_index("tie_id")["date"]
    return told.statements.reset_index(drop=True).assign(
        place_key_a=ties["place_a"],
        place_key_b=ties["place_b"],
        country_code_a=ties["place_a"].map(country),
        country_code_b=ties["place_b"].map(country),
        founded=ties["tie_id"].map(founded).astype("str"),
    )


def _facing_one_way(resolved: pd.DataFrame) -> pd.DataFrame:
    """Every statement with its ends in one order, whichever way its source names them.

    An end that is not known is the words it was written in, so it meets the same words again.
    """
    ends = {}
    for side in "ab":
        written = resolved[f"name_{side}"].map(fold, na_action="ignore").fillna("")
        country = resolved[f"country_code_{side}"].fillna(resolved[f"country_{side}"]).fillna("")
        key = resolved[f"place_key_{side}"].fillna("? " + written + ", " + country)
        name, level = resolved[f"name_{side}"], resolved[f"level_{side}"]
        ends[side] = {"key": key, "name": name, "country": country, "level": level}
    swap = ends["a"]["key"] > ends["b"]["key"]
    turned = {
        f"{name}_{side}": ends[side][name].where(~swap, ends[other][name]).astype("str")
        for side, other in ("ab", "ba")
        for name in _OF_END
    }
    rows = resolved.drop(columns=["place_a", "place_b"], errors="ignore").assign(**turned)
    return rows.rename(columns={"key_a": "place_a", "key_b": "place_b"})


def _ties(rows: pd.DataFrame, is_new: np.ndarray) -> pd.DataFrame:
    """Each pair of places: how often each snapshot names it, and how it is written."""
    ordered = rows.assign(n_old=~is_new, n_new=is_new)
    ordered = ordered.sort_values(["n_new", "statement_id"], ascending=[False, True])
    shown = {name: (name, "first") for name in _SHOWN}
    found = ordered.groupby(_BY).agg(**shown, n_old=("n_old", "sum"), n_new=("n_new", "sum"))
    change = np.select([found["n_old"] == 0, found["n_new"] == 0], ["appeared", "vanished"], "same")
    return found.assign(change=pd.Series(change, index=found.index, dtype="str"))


def _words(rows: pd.DataFrame) -> pd.DataFrame:
    """What one snapshot says of each pair in each column, a row a pair and column."""
    long = rows.melt(id_vars=_BY, value_vars=[*COMPARED], var_name="column", value_name="text")
    long = long.sort_values([*_BY, "column", "text"])
    return (
        one_line([long[name] for name in (*_BY, "column")], long["text"])
        .rename_axis([*_BY, "column"])
        .rename("text")
        .reset_index()
    )
