"""Who says that a tie ended or paused, and who names it afterwards as if it stood.

A source says so in one of three ways: it attests a formal act, it gives a year in which the
tie ended, or it writes a word beside the pair ("former"). Another contradicts it by naming the
tie later. A tie that is on record as reinstated has a history, and no disagreement.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.merge.events_from_statements import SAID_TO_END, SAYS
from ties.places.names import fold

ACTS: Final = {"terminated": "terminated", "suspended": "suspended"}
_STANDING: Final = ("listed", "reaffirmed", "reinstated", "renewed")
# Words of sources that say, without a date or an actor, that a tie stands no more.
_STOPS: Final = {
    **dict.fromkeys(
        ("ended", "former", "terminated", "dissolved", "cancelled", "canceled", "expired"),
        "terminated",
    ),
    **dict.fromkeys(("lapsed", "defunct", "inactive", "past", "historical"), "terminated"),
    **dict.fromkeys(("suspended", "paused", "frozen", "on hold"), "suspended"),
}


def status_words(dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give words that a tie ended or paused, and later ones of other sources that it stands.

    Parameters
    ----------
    dataset
        A record.

    Returns
    -------
    stops, standing
        A row an event and a source of it: ``event_id``, ``source_id``, ``tie_id``, ``kind``,
        ``date``, ``says``, ``stop`` ("terminated" or "suspended", as the words mean; missing in
        `standing`) and ``is_taken`` (whether the status on record follows from it).
    """
    told = _dated_words(dataset)
    stops = told[told["stop"].notna()]
    standing = told[told["stop"].isna() & told["kind"].isin(_STANDING)]
    both = stops.merge(standing, on="tie_id", suffixes=("", "_after"))
    both = both[both["earliest_after"] > both["latest"]]
    # A source that attests the end itself does not contradict it by naming the tie.
    ends = pd.MultiIndex.from_frame(stops[["event_id", "source_id"]])
    own = pd.MultiIndex.from_frame(
        both[["event_id", "source_id_after"]].set_axis(["event_id", "source_id"], axis=1)
    )
    both = both[~own.isin(ends)]
    # An end that was taken back on record is history and no disagreement.
    back = standing[standing["kind"] == "reinstated"].groupby("tie_id")["latest"].max()
    undone = back.reindex(both["tie_id"]).set_axis(both.index)
    both = both[~(undone >= both["latest"])]
    pairs = [
        stops.merge(both[["event_id", "source_id"]].drop_duplicates()),
        standing.merge(
            both[["event_id_after", "source_id_after"]]
            .drop_duplicates()
            .set_axis(["event_id", "source_id"], axis=1)
        ),
    ]
    is_act = pairs[0]["kind"].isin(list(ACTS))
    return pairs[0].assign(is_taken=is_act), pairs[1].assign(
        is_taken=~pairs[1]["tie_id"].isin(pairs[0].loc[is_act, "tie_id"])
    )


def _dated_words(dataset: Dataset) -> pd.DataFrame:
    """Give what each source says of how a tie stands, with the days of it."""
    events = dataset.events[["event_id", "tie_id", "kind", "date", "summary"]]
    events = events.astype({"kind": "str"})
    told = dataset.attestations[["event_id", "source_id"]].merge(events, on="event_id")
    word = told["summary"].where(told["summary"].str.startswith(SAYS)).str.slice(len(SAYS))
    folded = word.map(fold, na_action="ignore")
    stop = folded.map(_STOPS).astype("str").fillna(told["kind"].map(ACTS).astype("str"))
    stop = stop.mask(told["summary"] == SAID_TO_END, "terminated")
    says = word.astype("str").fillna(stop.where(told["kind"] != "listed"))
    says = says.fillna(told["kind"])
    bounds = date_bounds(told["date"])
    return told.assign(
        about="status",
        stop=stop,
        says=says,
        earliest=bounds["earliest"],
        latest=bounds["latest"],
    )
