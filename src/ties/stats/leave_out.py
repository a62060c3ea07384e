"""How much does a number rest on one source? Leave each out in turn, and work it out again.

Without a source an event that nobody else attests is gone, and an event that others attest has the
date that they give. Nothing else is changed, and our own searches stay. The range of the results
says how far one source, or one kind of source, carries a number; it is no confidence interval
(the idea of the jackknife: Tukey, *Annals of Mathematical Statistics* 29, 1958; here
as influence, one deletion at a time).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds

BY: Final = ("source", "kind")
NOT_STATED: Final = "not_stated"


def leave_out(
    dataset: Dataset,
    statistic: Callable[[pd.DataFrame], Mapping[str, float] | pd.Series],
    table: Callable[[Dataset], pd.DataFrame],
    *,
    by: str = "source",
    rests_on: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Work a statistic of ties out again without each source, or without each kind of source.

    Without a source only the ties that it tells of can change, so only their rows are made anew:
    what becomes of one tie must not depend on another.

    Parameters
    ----------
    dataset
        A record.
    statistic
        Takes a table of ties, gives named numbers.
    table
        Makes that table from a record: index ``tie_id``, and no row for a tie that does not count.
    by
        ``source``: each source in turn; ``kind``: all sources of a kind at once.
    rests_on
        Attestations that the table may depend on; all if not given. A source that is not needed
        for any of them is not worked out again, and keeps the full record's numbers.

    Returns
    -------
    DataFrame
        Index ``left_out``: each source or kind, in order. ``n_events``: events that are gone
        with it; then a column a number. ``attrs["full"]``: the numbers of the full record.

    Raises
    ------
    ValueError
        If `by` is neither.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia")
    >>> def known(some):
    ...     table = ties.tie_table(some).set_index("tie_id")
    ...     return table[table["status"].notna()]
    >>> left = leave_out(record, lambda ties: {"n": len(ties)}, known, by="kind")
    >>> bool((left["n"] <= left.attrs["full"]["n"]).all())
    True
    """
    if by not in BY:
        raise ValueError(f"by is {by!r}; it is one of {', '.join(BY)}")
    whole = table(dataset)
    full = pd.Series(statistic(whole))
    needed = _needed(dataset, rests_on)
    told = dataset.attestations["event_id"].map(dataset.events.set_index("event_id")["tie_id"])
    rows = {}
    for name, sources in _groups(dataset, by).items():
        is_own = dataset.attestations["source_id"].isin([*sources])
        numbers = full
        if not needed.isdisjoint(sources):
            touched = pd.Index(told[is_own].unique())
            part = table(without_sources(dataset.keep_ties(touched), sources))
            rest = pd.concat([whole[~whole.index.isin(touched)], part]).sort_index()
            rest.attrs = whole.attrs
            numbers = pd.Series(statistic(rest))
        lost = is_own.groupby(dataset.attestations["event_id"]).all()
        rows[name] = {"n_events": int(lost.sum()), **numbers}
    left = pd.DataFrame.from_dict(rows, orient="index", columns=["n_events", *full.index])
    left = left.rename_axis("left_out")
    left.attrs["full"] = full.to_dict()
    return left


def leave_out_range(left: pd.DataFrame) -> pd.DataFrame:
    """Give the range of each number when one is left out, and which one moves it most.

    Parameters
    ----------
    left
        As `leave_out` gives it.

    Returns
    -------
    DataFrame
        Index ``number``; ``full``: with all; ``least``, ``most``: with one left out;
        ``moved_most_by`` (missing if nothing moves it); ``moved_by``, by how much; ``n`` left out
        in turn.

    Examples
    --------
    >>> left = pd.DataFrame({"n_events": [1, 2], "share": [0.4, 0.7]}, index=["x", "y"])
    >>> left.attrs["full"] = {"share": 0.5}
    >>> leave_out_range(left).loc["share", "moved_most_by"]
    'y'
    """
    full = pd.Series(left.attrs["full"], dtype="float64")
    numbers = left[full.index].astype("float64")
    moved = (numbers - full).abs()
    by = moved.max()
    most = moved.fillna(-1.0).idxmax().where(by > 0) if len(moved) else by.astype("object")
    return pd.DataFrame(
        {
            "full": full,
            "least": numbers.min(),
            "most": numbers.max(),
            "moved_most_by": most.astype("str"),
            "moved_by": by,
            "n": len(left),
        }
    ).rename_axis("number")


def without_sources(dataset: Dataset, sources: Collection[str]) -> Dataset:
    """Give the record as it were without these sources.

    An event that nobody else attests is gone. One that others attest keeps its date if any of them
    agrees with it or gives none of its own; else it has the span of the dates that they give.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia")
    >>> len(without_sources(record, record.sources["source_id"]).events)
    0
    """
    is_gone = dataset.attestations["source_id"].isin([*sources])
    rest = dataset.attestations[~is_gone]
    events = dataset.events[dataset.events["event_id"].isin(rest["event_id"])]
    touched = dataset.attestations.loc[is_gone, "event_id"]
    dates = _new_dates(events[events["event_id"].isin(touched)], rest)
    if len(dates):
        events = events.assign(date=dates.reindex(events.index).fillna(events["date"]))
    return replace(dataset, attestations=rest, events=events)


def _new_dates(events: pd.DataFrame, attested: pd.DataFrame) -> pd.Series:
    """Give the dates of events with whose date no remaining source agrees, by their index."""
    own = attested[attested["event_id"].isin(events["event_id"])]
    given = own[["event_id"]].join(date_bounds(own["date"])[["earliest", "latest"]])
    recorded = date_bounds(events["date"]).set_axis(pd.Index(events["event_id"]))
    told = recorded.reindex(given["event_id"]).set_axis(given.index)
    apart = (given["earliest"] > told["latest"]) | (given["latest"] < told["earliest"])
    backed = (~apart).groupby(given["event_id"]).any()
    lonely = given[~given["event_id"].map(backed).astype(bool)]
    # An open bound of one source opens the whole: a missing value must win.
    by_event = lonely.groupby("event_id")
    first = by_event["earliest"].agg(lambda days: days.min(skipna=False))
    last = by_event["latest"].agg(lambda days: days.max(skipna=False))
    is_said = first.notna() | last.notna()
    start = first.dt.strftime("%Y-%m-%d").fillna("..")
    end = last.dt.strftime("%Y-%m-%d").fillna("..")
    text = start.where(start == end, start + "/" + end)[is_said].astype("str")
    position = pd.Series(events.index, index=events["event_id"])
    dates: pd.Series = text.set_axis(position.reindex(text.index).to_numpy())
    return dates


def _groups(dataset: Dataset, by: str) -> dict[str, frozenset[str]]:
    ids = dataset.sources["source_id"]
    if by == "source":
        return {source: frozenset([source]) for source in ids}
    kind = dataset.sources["kind"].astype("str").fillna(NOT_STATED)
    return {name: frozenset(own) for name, own in ids.groupby(kind)}


def _needed(dataset: Dataset, rests_on: pd.DataFrame | None) -> frozenset[str]:
    """Give the sources without which an event that matters may be gone, or dated otherwise."""
    own = dataset.attestations
    if rests_on is not None:
        own = own[own["event_id"].isin(rests_on["event_id"])]
    is_alone = ~own["event_id"].duplicated(keep=False)
    needed = own.loc[is_alone | own["date"].notna(), "source_id"]
    kept = needed if rests_on is None else needed[needed.isin(rests_on["source_id"])]
    return frozenset(kept)
