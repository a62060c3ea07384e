"""What is known of events, and by when: which sources count, and which date they give.

Sources disagree, and they come late. This module answers two questions before anything is
interpreted: which events and searches does somebody know of who stands on a given day, and
on which days did each event happen, given how disagreement is to be settled.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.model.dataset import Dataset
from ties.model.dates import date_bounds

# Stand-ins for an open bound while dates are compared.
_FAR_PAST = np.datetime64("0001-01-01", "s")
_FAR_FUTURE = np.datetime64("9999-12-31", "s")


def known_attestations(
    dataset: Dataset, undated_sources: str, known_by: pd.Timestamp | None
) -> pd.DataFrame:
    """Give the attestations whose source was out by a day; all of them if no day is given.

    A source without a date of publication cannot be shown to have been out, so it counts as
    unknown unless `undated_sources` is ``known``.
    """
    if known_by is None:
        return dataset.attestations
    published = date_bounds(dataset.sources["published"])["latest"]
    is_out = published <= known_by
    if undated_sources == "known":
        is_out |= dataset.sources["published"].isna()
    out = dataset.sources.loc[is_out, "source_id"]
    return dataset.attestations[dataset.attestations["source_id"].isin(out)]


def known_events(
    dataset: Dataset, attested: pd.DataFrame, dates: str, known_by: pd.Timestamp | None
) -> pd.DataFrame:
    """Give the events that somebody knows of, with the days on which they happened.

    An event of the record has happened by the record's own date, whatever its text admits;
    the same holds for what was known by `known_by`. An event's recorded date is used only if
    a known source agrees with it: otherwise later knowledge would leak into the past, and
    the span of what the known sources say is used instead.

    Parameters
    ----------
    dataset
        A record.
    attested
        What is known, as `known_attestations` gives it.
    dates
        ``recorded``, ``earliest``, ``latest`` or ``span``; see `ties.StatusRule`.
    known_by
        Day by which a source must have been published, or nothing.

    Returns
    -------
    DataFrame
        The columns of `Events` without its dates, and ``earliest``, ``latest`` (datetime64[s];
        ``latest`` is never missing), ``run_end`` (the last day of a run, else ``latest``),
        ``is_open`` (the text sets no end).
    """
    events = dataset.events
    if known_by is not None:
        events = events[events["event_id"].isin(attested["event_id"])]
    events = events.reset_index(drop=True)
    bounds = date_bounds(events["date"])[["earliest", "latest"]]
    if dates != "recorded" or known_by is not None:
        bounds = _settle_dates(events["event_id"], bounds, attested, dates)
    horizon = min(day for day in (dataset.as_of, known_by) if day is not None)
    is_open = bounds["latest"].isna()
    latest = bounds["latest"].fillna(horizon)
    latest = latest.mask(latest > horizon, horizon)
    earliest = bounds["earliest"].mask(bounds["earliest"] > latest, latest)
    run_end = date_bounds(events["until"])["latest"]
    run_end = run_end.mask(run_end > horizon, horizon).fillna(latest)
    return events.drop(columns=["date", "until"]).assign(
        earliest=earliest, latest=latest, run_end=run_end, is_open=is_open
    )


def known_searches(dataset: Dataset, known_by: pd.Timestamp | None) -> pd.DataFrame:
    """Give the searches made by a day, with that day as ``searched_on`` (datetime64[s])."""
    searches = dataset.searches.assign(
        searched_on=date_bounds(dataset.searches["searched_on"])["latest"]
    )
    return searches if known_by is None else searches[searches["searched_on"] <= known_by]


def _settle_dates(
    event_ids: pd.Series, recorded: pd.DataFrame, attested: pd.DataFrame, dates: str
) -> pd.DataFrame:
    """Choose among the dates that the known sources give for each event."""
    given = attested[["event_id"]].join(date_bounds(attested["date"]))
    position = pd.Index(event_ids).get_indexer(given["event_id"])
    given = given.assign(position=position)[position >= 0]
    is_silent = given["precision"].isna()
    own = recorded.iloc[given["position"]].set_axis(given.index)
    # A source without a date of its own speaks for the recorded one.
    given["earliest"] = given["earliest"].where(~is_silent, own["earliest"])
    given["latest"] = given["latest"].where(~is_silent, own["latest"])
    low, high = given["earliest"].fillna(_FAR_PAST), given["latest"].fillna(_FAR_FUTURE)
    if dates == "recorded":
        agrees = (low <= own["latest"].fillna(_FAR_FUTURE)) & (
            high >= own["earliest"].fillna(_FAR_PAST)
        )
        is_backed = np.zeros(len(recorded), bool)
        is_backed[given.loc[agrees, "position"]] = True
        return recorded.where(pd.Series(is_backed, index=recorded.index), _span(given, recorded))
    if dates == "span":
        return _span(given, recorded)
    by = ["low", "high"] if dates == "earliest" else ["high", "low"]
    ordered = given.assign(low=low, high=high).sort_values(by, ascending=dates == "earliest")
    first = ordered.drop_duplicates("position").set_index("position")
    chosen: pd.DataFrame = first[["earliest", "latest"]].reindex(recorded.index)
    return chosen


def _span(given: pd.DataFrame, recorded: pd.DataFrame) -> pd.DataFrame:
    """Take all the days that any source admits; an open bound of one opens the whole."""
    by_event = given.groupby("position")
    span = pd.DataFrame(
        {"earliest": by_event["earliest"].min(), "latest": by_event["latest"].max()}
    )
    is_open = given[["earliest", "latest"]].isna().groupby(given["position"]).any()
    return span.mask(is_open).reindex(recorded.index)
