"""How do ties fade? The stock by status, and what flows in and out of it.

A tie is in exactly one status on any day, so the stock of each year adds up to the ties that
stand. Counting is by differences: an episode adds one to the year in which it begins and
takes one from the year in which it ends, so that ten million episodes cost no more than
two passes over them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.dates import years_of
from ties.lifecycle.timeline import positions
from ties.schema.vocabulary import STATUSES


def stock_by_status(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count the ties in each status at the end of each year.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.

    Returns
    -------
    DataFrame
        Index ``year`` (int, without gaps): the state on 31 December, and in the last year on
        `as_of`. One column a status, in the order of the vocabulary, and ``total``.

    Examples
    --------
    >>> import ties
    >>> stock = stock_by_status(ties.lifecycle(ties.load("us-russia")))
    >>> bool((stock.drop(columns="total").sum(axis=1) == stock["total"]).all())
    True
    """
    stock = _stock(episodes, "status", [*STATUSES])
    stock["total"] = stock.sum(axis=1)
    return stock


def stock_without_searches(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count as `stock_by_status` does, but leave out what only a search shows.

    Searches are made on a day or two, and all that they find silent turns dormant on that day:
    a step that says when somebody looked, and nothing of the ties. Here such ties count as without
    information, so that the series of years can be compared.

    Examples
    --------
    >>> import ties
    >>> episodes = ties.lifecycle(ties.load("us-russia"))
    >>> stock = stock_without_searches(episodes)
    >>> int(stock["dormant"].iloc[-1]) < int(stock_by_status(episodes)["dormant"].iloc[-1])
    True
    """
    is_found = (episodes["state"] == "dormant") & (episodes["basis"] == "inferred")
    return stock_by_status(
        episodes.assign(state=episodes["state"].mask(is_found, "no_information"))
    )


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
    stock = pd.DataFrame(change[:, :-1].cumsum(axis=1).T, index=years, columns=states)
    stock.attrs = episodes.attrs
    return stock
