"""Who says that a tie ended or paused, and who names it otherwise.

A source says so in one of two ways: it attests a formal act, or it reports a state. Another
contradicts it by naming the tie later, or by reporting another state for the same days. A tie that
is on record as reinstated has a history, and no disagreement.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds

ACTS: Final = {"terminated": "terminated", "suspended": "suspended"}
_STANDING: Final = ("listed", "reaffirmed", "reinstated", "renewed", "reported")
_BY: Final = ["event_id", "source_id"]


def status_words(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return words that a tie ended or paused, and those that say otherwise.

    Parameters
    ----------
    dataset
        A record.

    Returns
    -------
    stops, standing
        A row an event and a source of it: ``event_id``, ``source_id``, ``tie_id``, ``kind``,
        ``date``, ``says``, ``stop`` ("terminated" or "suspended", as the words mean; missing in
        `standing`) and ``is_taken`` (whether the status on record follows from it; of a report
        the life cycle tells). Reports of two states for the same days are both in `stops`,
        ``stop`` missing where they are of no end.
    """
    told = _dated_words(dataset)
    stops = told[told["stop"].notna()]
    standing = told[told["stop"].isna() & told["kind"].isin(_STANDING)]
    both = stops.merge(standing, on="tie_id", suffixes=("", "_after"))
    both = both[both["earliest_after"] > both["latest"]]
    # A source that attests the end itself does not contradict it by naming the tie.
    ends = pd.MultiIndex.from_frame(stops[_BY])
    own = pd.MultiIndex.from_frame(both[["event_id", "source_id_after"]].set_axis(_BY, axis=1))
    both = both[~own.isin(ends) | both["kind_after"].eq("reported")]
    # An end that was taken back on record is history and no disagreement.
    back = standing[standing["kind"] == "reinstated"].groupby("tie_id")["latest"].max()
    undone = back.reindex(both["tie_id"]).set_axis(both.index)
    both = both[~(undone >= both["latest"])]
    after = both[["event_id_after", "source_id_after"]].drop_duplicates().set_axis(_BY, axis=1)
    first = pd.concat([both[_BY], _apart(told)]).drop_duplicates()
    ended = told.merge(first, on=_BY)
    others = standing.merge(after, on=_BY)
    others = others[~pd.MultiIndex.from_frame(others[_BY]).isin(pd.MultiIndex.from_frame(first))]
    is_act = ended["kind"].isin(list(ACTS))
    return ended.assign(is_taken=is_act), others.assign(
        is_taken=~others["tie_id"].isin(ended.loc[is_act, "tie_id"])
    )


def _apart(told: pd.DataFrame) -> pd.DataFrame:
    """Return the reports of one tie that give it different states on the same days."""
    reports = told[told["kind"] == "reported"]
    own = [*_BY, "tie_id", "says", "earliest", "latest"]
    both = reports[own].merge(reports[own], on="tie_id", suffixes=("", "_other"))
    is_both = (both["earliest"] <= both["latest_other"]) & (
        both["latest"] >= both["earliest_other"]
    )
    # A tie in force may be active or dormant.
    state = both[["says", "says_other"]].replace({"active": "in_force", "dormant": "in_force"})
    is_same = (both["says"] == both["says_other"]) | (
        both[["says", "says_other"]].isin(["in_force"]).any(axis=1)
        & (state["says"] == state["says_other"])
    )
    # What was told to have ended is suspended no more.
    is_after = both["says"].eq("terminated") & both["says_other"].eq("suspended")
    is_after &= both["earliest_other"] > both["latest"]
    later = both.loc[is_after, [f"{name}_other" for name in _BY]].set_axis(_BY, axis=1)
    return pd.concat([both.loc[(is_both & ~is_same) | is_after, _BY], later])


def _dated_words(dataset: Dataset) -> pd.DataFrame:
    """Return what each source says of how a tie stands, with the days of it."""
    events = dataset.events[["event_id", "tie_id", "kind", "date", "reported_status"]]
    events = events.astype({"kind": "str", "reported_status": "str"})
    told = dataset.attestations[["event_id", "source_id"]].merge(events, on="event_id")
    # A source that reports a state says by its listing nothing beyond it.
    reported = told.loc[told["kind"] == "reported", ["tie_id", "source_id"]]
    is_reporter = pd.MultiIndex.from_frame(told[["tie_id", "source_id"]]).isin(
        pd.MultiIndex.from_frame(reported)
    )
    told = told[~(is_reporter & told["kind"].eq("listed").to_numpy(bool))].reset_index(drop=True)
    state = told["reported_status"]
    bounds = date_bounds(told["date"])
    return told.assign(
        about="status",
        stop=state.where(state.isin(list(ACTS))).fillna(told["kind"].map(ACTS).astype("str")),
        says=state.fillna(told["kind"]),
        earliest=bounds["earliest"],
        latest=bounds["latest"],
    )
