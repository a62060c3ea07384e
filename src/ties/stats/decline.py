"""How do ties fade? The stock by status, and what flows in and out of it.

A tie is in exactly one status on any day, so the stock of each year adds up to the ties that
stand. Counting is by differences: an episode adds one to the year in which it begins and
takes one from the year in which it ends, so that ten million episodes cost no more than
two passes over them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd
from typing_extensions import Unpack

from ties import bounds
from ties.bounds import View
from ties.dataset import Dataset
from ties.dates import years_of
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.status_bounds import StatusBounds
from ties.lifecycle.timeline import positions
from ties.schema.vocabulary import STATUSES


def stock(
    record: Dataset | Mapping[str, Dataset],
    as_of: str | dt.date | None = None,
    *,
    dormant_after: int | None = None,
    searches: bool = False,
    **view: Unpack[View],
) -> pd.DataFrame:
    """Count the ties of a record in each status at the end of each year.

    Parameters
    ----------
    record
        A record; or a dict of them, for a table with a level ``record`` more.
    as_of, known_by, rule, dormant_after
        As for `ties.lifecycle`.
    disputed
        Whether ties of disputed places count: ``exclude`` (the default) or ``include``.
    searches
        As for `stock_by_status`.

    Returns
    -------
    DataFrame
        As `stock_by_status` returns it; `ties.figures.draw_stock` draws it.

    Examples
    --------
    >>> import ties
    >>> ties.stock(ties.load("us-russia"), "2018-11-28").loc[2018, ["active", "dormant"]].tolist()
    [19, 18]
    """
    if isinstance(record, Mapping):
        tables = {
            name: stock(one, as_of, dormant_after=dormant_after, searches=searches, **view)
            for name, one in record.items()
        }
        return pd.concat(tables, names=["record"])
    counted = record if view.get("disputed") == "include" else record.without_disputed()
    episodes = lifecycle(
        counted, view.get("rule"), as_of, view.get("known_by"), dormant_after=dormant_after
    )
    return stock_by_status(episodes, searches=searches)


def stock_by_status(episodes: pd.DataFrame, *, searches: bool = False) -> pd.DataFrame:
    """Count the ties in each status at the end of each year.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    searches
        Whether a tie is dormant that only a search found silent. Searches are made on a day or two,
        and all that they find silent turns dormant on that day: a step that says when somebody
        looked, and nothing of the ties. Unless asked for, such ties count as without information,
        so that the years can be compared.

    Returns
    -------
    DataFrame
        Index ``year`` (int, without gaps): the state on 31 December, and in the last year on
        `as_of`. One column a status, in the order of the vocabulary, and ``total``.

    Examples
    --------
    >>> import ties
    >>> episodes = ties.lifecycle(ties.load("us-russia").without_disputed(), as_of="2026-11-29")
    >>> [int(stock_by_status(episodes, searches=s)["dormant"].iloc[-1]) for s in (False, True)]
    [23, 126]
    """
    counts = _stock(episodes if searches else without_searches(episodes), "status", [*STATUSES])
    counts["total"] = counts.sum(axis=1)
    return counts


def without_searches(table: pd.DataFrame) -> pd.DataFrame:
    """Return a tie table or episodes in which what only a search found silent has no information.

    Examples
    --------
    >>> import ties
    >>> table = ties.tie_table(ties.load("us-russia").without_disputed(), as_of="2026-11-29")
    >>> [int((each["status"] == "dormant").sum()) for each in (table, without_searches(table))]
    [126, 23]
    """
    name = "status" if "status" in table else "state"
    is_found = (table[name] == "dormant") & (table["basis"] == "inferred")
    return table.assign(**{name: table[name].mask(is_found, "no_information")})


def cohorts_without_searches(stood: StatusBounds, ties: pd.DataFrame) -> pd.DataFrame:
    """Count as `ties.cohorts` does, with the statuses of `without_searches`.

    Parameters
    ----------
    stood, ties
        As `ties.bounds.status_bounds` and `ties.tie_table` return them for the day.
    """
    table, decade = bounds.cohorts(stood), bounds.founding_decade(stood)
    status = without_searches(ties).set_index("tie_id")["status"].reindex(decade.index)
    marks = pd.DataFrame({code: status == code for code in STATUSES})
    counts = marks.groupby(decade.to_numpy(), dropna=False).sum()
    table[[*STATUSES]] = counts.reindex(table.index, fill_value=0).astype("Int64")
    return table


def observation(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count the ties whose place in the stock of a year is only the day of an observation.

    Returns
    -------
    DataFrame
        Index ``year``, as in `stock_by_status`; ``named``: ties that enter because a list or a
        report names them, not because they were founded then; ``searched``: ties that a search
        found silent.
    """
    own = episodes[episodes["axis"] == "status"]
    formal = episodes[episodes["axis"] == "formal"]
    first = formal[~formal["tie_id"].duplicated()]
    is_found = (own["state"] == "dormant") & (own["basis"] == "inferred")
    days = {
        "named": first.loc[first["basis"] != "recorded", "start_latest"],
        "searched": own.loc[is_found, "start_latest"],
    }
    years = _span(own["start_latest"], episodes.attrs["as_of"])
    counts = {name: start.dt.year.value_counts() for name, start in days.items()}
    return pd.DataFrame({name: n.reindex(years, fill_value=0) for name, n in counts.items()})


def flows(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count how many ties entered and left each status in each year.

    A tie that passes through a status within one year counts as an entry and as an exit, so
    that entries less exits are always the change of the stock.

    Returns
    -------
    DataFrame
        Index ``year`` and ``status``; ``entries`` and ``exits`` (ties).
    """
    own = episodes[episodes["axis"] == "status"]
    years = _span(own["start_latest"], episodes.attrs["as_of"])
    index = pd.MultiIndex.from_product([years, [*STATUSES]], names=["year", "status"])

    def counted(moment: str) -> pd.Series:
        known = own[own[moment].notna()]
        return known.groupby([known[moment].dt.year, "state"]).size().reindex(index, fill_value=0)

    return pd.DataFrame({"entries": counted("start_latest"), "exits": counted("end_latest")})


def _span(starts: pd.Series, as_of: str) -> pd.RangeIndex:
    end = pd.Timestamp(as_of).year
    begin = pd.Timestamp(starts.min()).year if len(starts) else end
    return pd.RangeIndex(begin, end + 1, name="year")


def _stock(episodes: pd.DataFrame, axis: str, states: list[str]) -> pd.DataFrame:
    # By position, since most of the time would go into copying text.
    own = np.flatnonzero((episodes["axis"] == axis).to_numpy(bool))
    state = positions(episodes["state"], pd.Index(states))[own]
    years = _span(episodes["start_latest"].iloc[own], episodes.attrs["as_of"])
    size = (len(states), len(years) + 1)
    change = np.zeros(size, dtype="int64")
    for moment, step in (("start_latest", 1), ("end_latest", -1)):
        days = episodes[moment].to_numpy("M8[s]")[own]
        known = np.flatnonzero(~np.isnat(days))
        year = years_of(days[known]) - years.start
        cell = state[known] * size[1] + year
        change += step * np.bincount(cell, minlength=change.size).reshape(size)
    counts = pd.DataFrame(change[:, :-1].cumsum(axis=1).T, index=years, columns=states)
    counts.attrs = episodes.attrs
    return counts
