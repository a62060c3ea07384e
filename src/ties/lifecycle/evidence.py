"""What is known of events, and by when: which sources count, and which date they give.

Sources disagree, and they come late. This module answers two questions before anything is
interpreted: which events and searches does somebody know of who stands on a given day, and
on which days did each event happen, given how disagreement is to be settled.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.errors import TiesError
from ties.lifecycle.timeline import FAR_FUTURE, FAR_PAST, Timeline, codes, positions
from ties.schema.vocabulary import EVENT_KINDS, REPORTED_STATUSES, SIDES


def known_attestations(
    dataset: Dataset, undated_sources: str, known_by: pd.Timestamp | None
) -> pd.DataFrame:
    """The attestations whose source was out by a day; all of them if no day is given.

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
    dataset: Dataset,
    ids: pd.Index,
    attested: pd.DataFrame,
    dates: str,
    known_by: pd.Timestamp | None,
) -> Timeline:
    """The events that somebody knows of, with the days on which they happened.

    An event of the record has happened by the record's own date, whatever its text admits;
    the same holds for what was known by `known_by`. An event's recorded date is used only if
    a known source agrees with it: otherwise later knowledge would leak into the past, and
    the span of what the known sources say is used instead.

    Parameters
    ----------
    dataset
        A record.
    ids
        Its ties, in order.
    attested
        What is known, as `known_attestations` gives it.
    dates
        ``recorded``, ``earliest``, ``latest`` or ``span``; see `ties.StatusRule`.
    known_by
        Day by which a source must have been published, or nothing.

    Returns
    -------
    Timeline
        In the order of the record.

    Raises
    ------
    TiesError
        If an event is of a tie that is not in the record.
    """
    events = dataset.events
    if known_by is None:
        row = np.arange(len(events))
    else:
        row = np.flatnonzero(events["event_id"].isin(attested["event_id"]))
        events = events.iloc[row]
    earliest, latest = _days(events["date"])
    if dates != "recorded" or known_by is not None:
        recorded = pd.DataFrame({"earliest": earliest, "latest": latest})
        settled = _settle_dates(events["event_id"], recorded, attested, dates)
        earliest, latest = (settled[end].to_numpy("M8[D]") for end in ("earliest", "latest"))
    is_open = np.isnat(latest)
    end = min(day for day in (dataset.as_of, known_by) if day is not None)
    horizon = end.to_datetime64().astype("M8[D]")
    latest = np.fmin(latest, horizon)  # which passes over a missing day
    run_earliest, run_end = _days(events["until"])
    earliest = np.minimum(earliest, latest)
    return Timeline(
        row=row,
        tie=_ties_of(events, ids, "an event"),
        kind=codes(events["kind"], EVENT_KINDS),
        side=codes(events["side"], SIDES),
        reported=codes(events["reported_status"], REPORTED_STATUSES),
        earliest=earliest,
        latest=latest,
        run_end=np.where(np.isnat(run_end), latest, np.fmin(run_end, horizon)),
        # A run went on at least until the first day that its end admits.
        surely_until=np.fmax(earliest, np.minimum(run_earliest, horizon)),
        is_open=is_open,
    )


def _days(dates: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last day of each date; distinct texts are read once."""
    numbers, texts = pd.factorize(dates)
    # A missing date has the number -1, and so the last of the bounds, which are missing too.
    bounds = date_bounds(pd.Series([*texts, None], dtype="str"))
    earliest, latest = (bounds[end].to_numpy("M8[D]") for end in ("earliest", "latest"))
    return earliest[numbers], latest[numbers]


def _ties_of(table: pd.DataFrame, ids: pd.Index, what: str) -> np.ndarray:
    """The position of each row's tie."""
    tie = positions(table["tie_id"], ids)
    if (tie < 0).any():
        stray = table["tie_id"].iloc[int(np.argmax(tie < 0))]
        raise TiesError(
            f"{what} is of the tie {stray!r}, which the record does not hold; to leave ties out, "
            "use Dataset.keep_ties, which takes along what is theirs"
        )
    return tie


def known_searches(dataset: Dataset, ids: pd.Index, known_by: pd.Timestamp | None) -> pd.DataFrame:
    """The searches made by a day, with ``tie``, its position, and ``searched_on`` as a day.

    That day is the last that the date admits (datetime64[s]).
    """
    searches = dataset.searches.assign(
        searched_on=date_bounds(dataset.searches["searched_on"])["latest"],
        tie=_ties_of(dataset.searches, ids, "a search"),
    )
    return searches if known_by is None else searches[searches["searched_on"] <= known_by]


def _settle_dates(
    event_ids: pd.Series, recorded: pd.DataFrame, attested: pd.DataFrame, dates: str
) -> pd.DataFrame:
    """Choose among the dates that the known sources give for each event."""
    given = attested[["event_id"]].join(date_bounds(attested["date"]))
    position = positions(given["event_id"], event_ids)
    given = given.assign(position=position)[position >= 0]
    is_silent = given["precision"].isna()
    own = recorded.iloc[given["position"]].set_axis(given.index)
    # A source without a date of its own speaks for the recorded one.
    given["earliest"] = given["earliest"].where(~is_silent, own["earliest"])
    given["latest"] = given["latest"].where(~is_silent, own["latest"])
    low, high = given["earliest"].fillna(FAR_PAST), given["latest"].fillna(FAR_FUTURE)
    if dates == "recorded":
        agrees = (low <= own["latest"].fillna(FAR_FUTURE)) & (
            high >= own["earliest"].fillna(FAR_PAST)
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
