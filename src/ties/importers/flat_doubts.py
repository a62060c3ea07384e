"""What is doubtful in statements that are accepted all the same: seen here, settled by a person.

Only what one table shows by itself is looked for; whether two names are one place, or a country
is misspelt, is the matter of resolving and merging.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ties.dates import date_bounds

_BARE_ID: Final = r"Q[1-9]\d*"
_SEVERAL: Final = r"[;|\n]| [/&+] "
_SIDES: Final = ("a", "b")
_PLACE: Final = ("name", "country", "region", "id")
_POSITION: Final = ("latitude", "longitude")
# Before it, ties between cities are so rare that the year is more often another calendar's.
_FIRST_YEAR: Final = 1900
# Kilometres.
_NEAR: Final = 0.5
_EARTH_RADIUS: Final = 6371.0


class Doubts(NamedTuple):
    """Entries about which there is one doubt.

    Parameters
    ----------
    entries
        Their positions in the frame.
    rule
        Short code.
    reasons
        What is doubtful, one an entry.
    column
        Column of a statement that it concerns.
    values
        What stands there.
    is_once
        Whether it is a matter of the column, told once for all its rows.
    """

    entries: np.ndarray
    rule: str
    reasons: pd.Series
    column: str | None = None
    values: pd.Series | None = None
    is_once: bool = False


def doubts_of(
    is_doubtful: pd.Series,
    rule: str,
    reasons: str | pd.Series,
    column: str | None = None,
    values: pd.Series | None = None,
) -> Doubts:
    """A doubt about some entries, with a reason for all of them or one for each."""
    chosen = is_doubtful.to_numpy(bool)
    if isinstance(reasons, str):
        reasons = pd.Series([reasons] * len(is_doubtful), index=is_doubtful.index, dtype="str")
    return Doubts(
        np.flatnonzero(chosen),
        rule,
        reasons[chosen],
        column,
        None if values is None else values[chosen],
    )


def told_once(
    is_doubtful: pd.Series, rule: str, reason: str, column: str, values: pd.Series
) -> Doubts:
    """Return a doubt about a pattern of a column, to be told once with all its rows."""
    return doubts_of(is_doubtful, rule, reason, column, values)._replace(is_once=True)


def find_doubts(statements: pd.DataFrame) -> list[Doubts]:
    """Every doubt about statements.

    Parameters
    ----------
    statements
        As `ties.importers.statements.STATEMENT`; index from 0.

    Examples
    --------
    >>> from ties.importers.statements import make_statements
    >>> self_tie = {
    ...     "row": 0,
    ...     "file": "a.csv",
    ...     "locator": "line 2",
    ...     "name_a": "Bonn",
    ...     "name_b": "Bonn",
    ... }
    >>> [doubt.rule for doubt in find_doubts(make_statements([self_tie])) if len(doubt.entries)]
    ['self_pair']
    """
    return [*_of_names(statements), *_of_pairs(statements), *_of_dates(statements)]


def unknown_words(
    texts: pd.Series, reasons: pd.Series, column: str, part: str, meanings: str
) -> list[Doubts]:
    """Return a doubt about each distinct word that was not understood, with the line to write.

    Parameters
    ----------
    texts, reasons
        The cells, and why each was not understood; blank or missing if it was.
    column
        Column of a statement.
    part, meanings
        Part of a mapping that tells it, and what may stand there.
    """
    is_unknown = reasons.fillna("").ne("")
    return [
        told_once(
            texts.eq(text) & is_unknown,
            f"{column.partition('_')[0]}_unknown",
            f"{reasons[texts.eq(text)].iloc[0]}; write under [{part}] of the mapping what it "
            # What JSON escapes, TOML escapes the same.
            f"means, as {json.dumps(text, ensure_ascii=False)} = {meanings}",
            column,
            texts,
        )
        for text in texts[is_unknown].unique()
    ]


def _of_names(statements: pd.DataFrame) -> Iterator[Doubts]:
    for side in _SIDES:
        name, country = statements[f"name_{side}"], statements[f"country_{side}"]
        column = f"name_{side}"
        is_id = name.str.fullmatch(_BARE_ID).eq(True)
        reason = "is a bare Q-number where a name should be; it was taken for the id as well"
        yield doubts_of(is_id, "label_is_id", reason, column, name)
        reason = "is blank; the place is known by its id alone"
        yield doubts_of(name.isna(), "name_missing", reason, column)
        is_several = name.str.contains(_SEVERAL, regex=True).eq(True)
        reason = (
            f'may name several places; if it does, split them, as split = {{ {column} = ";" }} '
            "in the options of the mapping"
        )
        yield doubts_of(is_several, "several_names", reason, column, name)
        if country.notna().any():
            reason = "is blank, and the place may have namesakes in other countries"
            yield doubts_of(country.isna(), "country_missing", reason, f"country_{side}", name)


def _of_pairs(statements: pd.DataFrame) -> Iterator[Doubts]:
    own, other = (
        statements[[f"{part}_{side}" for part in _PLACE]].set_axis(list(_PLACE), axis=1)
        for side in _SIDES
    )
    distance = _distance(statements)
    is_same_id = own["id"].eq(other["id"]).eq(True)
    is_same_name = own.fillna("").eq(other.fillna("")).all(axis=1)
    is_far = distance.ge(_NEAR)
    is_same = is_same_id | (is_same_name & ~is_far)
    names = statements["name_b"]
    reason = "ties a place to itself, or to a namesake that nothing tells from it; look it up"
    yield doubts_of(is_same, "self_pair", reason, "name_b", names)
    reason = "ties a place to a namesake in the same country; only their coordinates differ"
    yield doubts_of(is_same_name & is_far & ~is_same_id, "namesakes", reason, "name_b", names)
    yield _repeated(statements)
    reason = f"both places lie within {_NEAR} km; one of the points may be wrong"
    yield doubts_of(distance.lt(_NEAR) & ~is_same, "same_point", reason, "latitude_b")


def _distance(statements: pd.DataFrame) -> pd.Series:
    """The kilometres between two places that are near (on a plane that touches the earth)."""
    latitude, longitude = (
        np.radians(statements[[f"{part}_a", f"{part}_b"]].to_numpy()) for part in _POSITION
    )
    north = latitude[:, 1] - latitude[:, 0]
    east = (longitude[:, 1] - longitude[:, 0]) * np.cos(latitude.mean(axis=1))
    return pd.Series(_EARTH_RADIUS * np.hypot(north, east), index=statements.index)


def _repeated(statements: pd.DataFrame) -> Doubts:
    """Find statements that name the same two places, in the same order, as an earlier one."""
    key = [f"{part}_{side}" for side in _SIDES for part in _PLACE]
    places = statements[key].fillna("")
    first = statements["locator"].groupby([places[name] for name in key]).transform("first")
    reasons = "names the same two places as " + first
    is_repeated = places.duplicated()
    return doubts_of(is_repeated, "repeated", reasons, "name_b", statements["name_b"])


def _of_dates(statements: pd.DataFrame) -> Iterator[Doubts]:
    founded, ended = statements["founded"], statements["ended"]
    start, end = date_bounds(founded), date_bounds(ended)
    is_early = start["latest"].dt.year < _FIRST_YEAR
    reason = f"is before {_FIRST_YEAR}: a legend, another calendar or a slip; look it up"
    yield doubts_of(is_early, "date_early", reason, "founded", founded)
    has_no_start = ended.notna() & founded.isna()
    reason = "ended, and when it began is not said or could not be read"
    yield doubts_of(has_no_start, "end_without_start", reason, "ended", ended)
    reason = "ended when it began; look it up in the source"
    yield doubts_of(founded.eq(ended).eq(True), "end_is_start", reason, "ended", ended)
    status = statements["status"]
    is_against = ended.notna() & ~statements["reported_status"].fillna("terminated").eq(
        "terminated"
    )
    beside = "stands beside an end, " + ended.fillna("") + "; both were kept; correct the wrong one"
    yield doubts_of(is_against, "status_and_end", beside, "status", status)
    is_backwards = end["latest"] < start["earliest"]
    reason = "ended before it began; look it up in the source"
    yield doubts_of(is_backwards, "ends_before_start", reason, "ended", ended)
