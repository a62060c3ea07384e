"""Tie-years for a regression: a row a tie and year, with what was at risk and what happened.

A state is that of 31 December, in the last year that of the day looked from. Whether a tie was
*at risk* of something in a year follows from how it stood when the year began; an *event* is that
it stood otherwise when the year was over. So both come from `ties.lifecycle`, and no model
needs another reading of the record.
"""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesWarning
from ties.lifecycle.engine import AXES
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.schema.vocabulary import (
    ACTIVITY_STATES,
    BASES,
    DOWN_STATUSES,
    FORMAL_STATES,
    STATUSES,
)

_ALIVE: Final = [code for code, term in STATUSES.items() if term.group == "alive"]
# What can happen in a year: from which states of an axis it can, and which state it leads to.
RISKS: Final = {
    "dormancy": ("status", _ALIVE, ["dormant"]),
    "suspension": ("formal", ["in_force"], ["suspended"]),
    "end": ("formal", ["in_force", "suspended"], ["terminated"]),
    "revival": ("status", list(DOWN_STATUSES), _ALIVE),
}
_OF_TIE: Final = [
    *(f"{name}_{side}" for name in ("name", "country", "region") for side in "ab"),
    "is_disputed",
    "founding_decade",
]
_CODES: Final = {
    "formal": [*FORMAL_STATES],
    "activity": [*ACTIVITY_STATES],
    "status": [*STATUSES],
    "basis": [*BASES],
}
_KEYS: Final = ["tie_id", "year"]


def panel(
    dataset: Dataset,
    *,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    dormant_after: int | None = None,
) -> pd.DataFrame:
    """Tie-years, from the year in which a tie stands to that of its end.

    A tie that ended and never stood again has the year of its end as its last row. A tie has no
    row for a year at whose end it did not stand yet.

    Parameters
    ----------
    dataset, rule, as_of, known_by, dormant_after
        As for `ties.tie_table`.

    Returns
    -------
    DataFrame
        A row a tie and year, sorted so: ``tie_id``; ``year`` (Int64); ``name_a``, ``name_b``,
        ``country_a``, ``country_b``, ``region_a``, ``region_b``; ``is_disputed``;
        ``founding_decade`` (Int64, first year; missing unless certain); ``age`` (Int64, calendar
        years since that of the founding; missing unless its year is certain); ``formal``,
        ``activity``, ``status``, ``basis`` (categories); and for each of dormancy, suspension, end
        and revival ``at_risk_dormancy`` and so on (bool, by the state when the year began; never
        in a tie's first row) and ``event_dormancy`` and so on (bool, only where at risk).

    Examples
    --------
    >>> import ties
    >>> years = panel(ties.load("us-russia"), as_of="2018-11-28")
    >>> years.query("tie_id == 'oklahoma-city-ulyanovsk' and event_dormancy")["year"].tolist()
    [1997]
    """
    episodes = lifecycle(dataset, rule, as_of, known_by, dormant_after=dormant_after)
    with warnings.catch_warnings():  # of a day past the record's end one warning is enough
        warnings.simplefilter("ignore", TiesWarning)
        ties = tie_table(dataset, rule, as_of, known_by, dormant_after=dormant_after)
    table = _until_the_end(_states_by_year(episodes, int(ties.attrs["as_of"][:4])))
    own = ties.set_index("tie_id").reindex(table["tie_id"]).set_axis(table.index)
    years = [own[f"founded_{end}"].dt.year.astype("Int64") for end in ("earliest", "latest")]
    of_tie = own[_OF_TIE].assign(age=(table["year"] - years[0]).where(years[0] == years[1]))
    keys, states = table[_KEYS], table.drop(columns=_KEYS)
    whole = pd.concat([keys, of_tie, states, _risks(table)], axis=1)
    whole.attrs = ties.attrs
    return whole


def _states_by_year(episodes: pd.DataFrame, last: int) -> pd.DataFrame:
    """State of each tie on each axis at the end of each year in which it stood."""
    axes = {
        axis: _years_of(episodes[episodes["axis"] == axis], last).rename(columns={"state": axis})
        for axis in AXES
    }
    table = axes["status"]
    for axis in ("formal", "activity"):
        other = axes[axis].drop(columns="basis")
        table = table.merge(other, on=_KEYS, how="outer", validate="one_to_one")
    table = table.sort_values(_KEYS, ignore_index=True)[[*_KEYS, *_CODES]]
    return table.assign(
        **{name: pd.Categorical(table[name], categories=codes) for name, codes in _CODES.items()}
    )


def _years_of(own: pd.DataFrame, last: int) -> pd.DataFrame:
    """Repeat each episode for every year on whose last day it held."""
    first = own["start_latest"].dt.year.to_numpy("int64")
    # An episode that ended within a year no longer held on its last day.
    n_years = own["end_latest"].dt.year.fillna(last + 1).to_numpy("int64") - first
    repeated = own[["tie_id", "state", "basis"]].take(np.repeat(np.arange(len(own)), n_years))
    begun = np.repeat(np.cumsum(n_years) - n_years, n_years)
    year = np.repeat(first, n_years) + np.arange(len(repeated)) - begun
    return repeated.assign(year=pd.array(year, dtype="Int64"))


def _until_the_end(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the years after the one in which a tie ended for good."""
    standing = table["year"].where(table["formal"] != "terminated")
    by_tie = table["tie_id"]
    last = (
        standing.groupby(by_tie)
        .transform("max")
        .fillna(table.groupby("tie_id")["year"].transform("min") - 1)
    )
    return table[table["year"] <= last + 1].reset_index(drop=True)


def _risks(table: pd.DataFrame) -> pd.DataFrame:
    """What each tie was at risk of when the year began, and what had happened at its end."""
    is_next = table["tie_id"] == table["tie_id"].shift()
    found = {}
    for risk, (axis, at_risk, reached) in RISKS.items():
        before = table[axis].astype("str").shift()
        found[f"at_risk_{risk}"] = is_next & before.isin(at_risk)
        found[f"event_{risk}"] = found[f"at_risk_{risk}"] & table[axis].isin(reached)
    return pd.DataFrame(found)
