"""The record against every total that somebody published, each by its own scope.

Totals count different things: ties, cities of one side, those of one state, those that ended. They
are no series, and none of them is the truth. Each is set against the band of what the record admits
for the *same* thing on the same days. A total outside the band says that the record lacks ties, or
that the counter counted otherwise; a total inside it does not prove either right. A total of
another population (the USSR, all countries, those invited) is kept and compared with nothing.

What a scope counts is read by a person: `scopes.csv`, beside this module, says so for the bundled
record, and another record brings its own table. The words of a scope are never parsed.
"""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.status_bounds import StatusHistory

WHAT: Final = ("ties_in_force", "places_in_force", "ties_stopped", "places_stopped")
SENSES: Final = ("exact", "about", "at_least", "more_than", "less_than")
UNREAD: Final = "Nobody has read what this scope counts."
_SIDES: Final = ("a", "b")


def published_totals(
    dataset: Dataset,
    scopes: pd.DataFrame | None = None,
    *,
    rule: StatusRule | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """Set each published total against what the record admits for the same thing.

    A total of a month or a year is set against all days of it: the band is from the least to the
    most on any of them.

    Parameters
    ----------
    dataset
        A record; its disputed ties are left out.
    scopes
        What each scope counts: ``scope``, as in the table of counts; ``what``, one of `WHAT`,
        missing if it cannot be compared; ``country`` whose places are counted (for places),
        ``region`` (only ties of it), ``levels`` (of these places, separated by spaces; missing
        for any); ``sense``, one of `SENSES`; ``reason`` why it cannot be compared. If not
        given: as the bundled record was read.
    rule, known_by
        As for `ties.lifecycle`.

    Returns
    -------
    DataFrame
        A row a published total, in the order of `Counts`: ``date``, ``count``, ``scope``,
        ``source_id``; ``what``, ``sense``; ``n_lower``, ``n_upper`` (Int64): the band of that
        thing; ``ever_lower``, ``ever_upper`` (Int64): of such ties or places ever made by then;
        ``within`` (boolean): whether the total, in its sense, meets the band; ``off`` (Int64):
        by how much the total lies below (negative) or above the band, 0 within; ``reason``.
        What cannot be compared is missing.

    Raises
    ------
    ValueError
        If the table of scopes holds a word that is not one of `WHAT` or `SENSES`, or a scope twice.

    Examples
    --------
    >>> import ties
    >>> totals = published_totals(ties.load("us-russia"))
    >>> len(totals) == len(ties.load("us-russia").counts)
    True
    """
    read = read_scopes() if scopes is None else scopes
    _refuse(read)
    own = dataset.counts.merge(read, on="scope", how="left", validate="many_to_one")
    known = StatusHistory.of(dataset, rule, known_by)
    regions = dataset.places.set_index("place_id")
    ends = [_end(dataset, regions, side) for side in _SIDES]
    bounds = date_bounds(own["date"])
    rows = [
        _band(known, ends, own.iloc[i], bounds.iloc[i]) if pd.notna(own["what"].iloc[i]) else {}
        for i in range(len(own))
    ]
    columns = ["n_lower", "n_upper", "ever_lower", "ever_upper"]
    band = pd.DataFrame(rows, index=own.index, columns=columns).astype("Int64")
    table = own[["date", "count", "scope", "source_id", "what", "sense"]].join(band)
    table["within"] = _within(table)
    below = (table["count"] - table["n_lower"]).clip(upper=0)
    off = below + (table["count"] - table["n_upper"]).clip(lower=0)
    table["off"] = off.mask(table["within"].fillna(False), 0)
    is_read = own["scope"].isin(read["scope"])
    table["reason"] = own["reason"].where(is_read, UNREAD).astype("str")
    return table


def read_scopes() -> pd.DataFrame:
    """What the scopes of the bundled record count, as a person read them.

    Examples
    --------
    >>> read_scopes()["what"].isna().any()
    np.True_
    """
    with files("ties.stats").joinpath("scopes.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str")


def _refuse(scopes: pd.DataFrame) -> None:
    twice = scopes["scope"][scopes["scope"].duplicated()]
    if len(twice):
        raise ValueError(f"the scope {twice.iloc[0]!r} is read twice")
    for column, words in (("what", WHAT), ("sense", SENSES)):
        given = scopes[column].dropna()
        strange = given[~given.isin(words)]
        if len(strange):
            raise ValueError(f"{column} is {strange.iloc[0]!r}; it is one of {', '.join(words)}")


def _end(dataset: Dataset, places: pd.DataFrame, side: str) -> pd.DataFrame:
    """The place of each tie on a side: its id, country, region and level."""
    place = dataset.ties.set_index("tie_id")[f"place_{side}"]
    found = places[["country", "region", "level"]].reindex(place.to_numpy()).set_axis(place.index)
    return found.assign(place=place)


def _band(
    known: StatusHistory, ends: list[pd.DataFrame], scope: pd.Series, when: pd.Series
) -> dict[str, int]:
    """Bound what a scope counts over all days of its date."""
    kind, state = str(scope["what"]).split("_", 1)
    pairs = [
        ("is_in_force", "may_be_in_force")
        if state == "in_force"
        else ("is_stopped", "may_be_stopped"),
        ("is_certain", "may_stand"),
    ]
    sizes = []
    for day in _days(known, when):
        table = known.on(day).as_frame()
        table["may_stand"] = table["is_certain"] | table["is_possible"]
        unit = _unit(table.index, ends, scope, kind)
        sizes.append(
            [unit[table[mark].to_numpy(bool)].nunique() for pair in pairs for mark in pair]
        )
    least, most = np.min(sizes, axis=0), np.max(sizes, axis=0)
    return {
        "n_lower": int(least[0]),
        "n_upper": int(most[1]),
        "ever_lower": int(least[2]),
        "ever_upper": int(most[3]),
    }


def _unit(ties: pd.Index, ends: list[pd.DataFrame], scope: pd.Series, kind: str) -> pd.Series:
    """What each tie counts as: itself, or its place on the side asked for; else missing."""
    sides = [end.reindex(ties) for end in ends]
    unit = pd.Series(ties, index=ties, dtype="str")
    if kind == "places":
        is_a = sides[0]["country"] == scope["country"]
        place = sides[0]["place"].where(is_a, sides[1]["place"])
        level = sides[0]["level"].astype("str").where(is_a, sides[1]["level"].astype("str"))
        unit = place.where(is_a | (sides[1]["country"] == scope["country"]))
        if pd.notna(scope["levels"]):
            unit = unit.where(level.isin(str(scope["levels"]).split()))
    if pd.notna(scope["region"]):
        unit = unit.where(
            (sides[0]["region"] == scope["region"]) | (sides[1]["region"] == scope["region"])
        )
    return unit


def _days(known: StatusHistory, when: pd.Series) -> list[pd.Timestamp]:
    """The days of a date on which anything may have changed, and its first and last."""
    last = known.reading.view.as_of if pd.isna(when["latest"]) else when["latest"]
    first = last if pd.isna(when["earliest"]) else when["earliest"]
    events = known.reading.happened
    days = pd.concat([events["latest"], events["earliest"]])
    within = days[(days > first) & (days < last)].unique()
    return [pd.Timestamp(day) for day in sorted({first, last, *within})]


def _within(table: pd.DataFrame) -> pd.Series:
    """Whether any number that a total admits lies in its band."""
    count, low, high = table["count"], table["n_lower"], table["n_upper"]
    meets = (low <= count) & (count <= high)
    sense = table["sense"]
    meets = meets.mask(sense == "at_least", high >= count).mask(sense == "more_than", high > count)
    meets = meets.mask(sense == "less_than", low < count)
    return meets.where(table["what"].notna()).astype("boolean")
