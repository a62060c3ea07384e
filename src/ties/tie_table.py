"""One row a tie: who, since when, and how it stands on a day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ties.model.dataset import Dataset
from ties.model.vocabulary import ACTIVITY_STATES, FORMAL_STATES, STATUSES
from ties.reading import Reading
from ties.rule import StatusRule
from ties.states import AXES, episodes_of

_PLACE_COLUMNS = {
    "name": "name",
    "country": "country",
    "region": "region",
    "latitude": "latitude",
    "longitude": "longitude",
}


def tie_table(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """Give one row a tie of the record, with its founding and its state on a day.

    Every tie of the record has its row, whatever the day: one that does not yet stand on
    `as_of`, or that nobody could know of by `known_by`, has no states, and counts nowhere.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.

    Returns
    -------
    DataFrame
        A row a tie, sorted by ``tie_id``. ``place_a``, ``place_b`` and for each side ``name``,
        ``country``, ``region``, ``latitude``, ``longitude`` (degrees) with suffix ``_a``, ``_b``;
        ``kind``; ``founded_earliest``, ``founded_latest`` (datetime64[s], missing if open);
        ``founding_decade`` (Int64, first year; missing unless both bounds lie in it);
        ``formal``, ``activity``, ``status`` (categories); ``status_since`` (datetime64[s]);
        ``basis`` of the status; ``last_activity`` (datetime64[s]); ``n_events``, ``n_sources``
        (Int64: what is known and has happened by `as_of`); ``is_disputed``.

    Examples
    --------
    >>> import ties
    >>> table = ties.tie_table(ties.load("us-russia"), as_of="2018-11-28")
    >>> table.set_index("tie_id").loc["oklahoma-city-ulyanovsk", "status"]
    'dormant'
    """
    reading = Reading.of(dataset, rule, as_of, known_by)
    episodes = episodes_of(reading)
    parts = [
        _with_places(dataset).sort_values("tie_id", ignore_index=True),
        _founding(reading.founding),
        _states(episodes, reading.ids),
        _evidence(reading),
    ]
    table = pd.concat(parts, axis=1)
    table.attrs = episodes.attrs
    return table


def _with_places(dataset: Dataset) -> pd.DataFrame:
    table = dataset.ties[["tie_id", "place_a", "place_b", "kind"]].reset_index(drop=True)
    places = dataset.places.set_index("place_id")
    for side in ("a", "b"):
        end = places.reindex(table[f"place_{side}"]).reset_index(drop=True)
        for column, name in _PLACE_COLUMNS.items():
            table[f"{name}_{side}"] = end[column]
        table[f"claimed_{side}"] = end["claimed_by"].notna()
    table["is_disputed"] = table.pop("claimed_a") | table.pop("claimed_b")
    return table


def _founding(bounds: pd.DataFrame) -> pd.DataFrame:
    earliest, latest = pd.DatetimeIndex(bounds["earliest"]), pd.DatetimeIndex(bounds["latest"])
    first, last = (pd.Series(day.year // 10 * 10, dtype="Int64") for day in (earliest, latest))
    return pd.DataFrame(
        {
            "founded_earliest": earliest.astype("M8[s]"),
            "founded_latest": latest.astype("M8[s]"),
            "founding_decade": first.where(first == last),
        }
    )


def _states(episodes: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Take the episode of each axis that still holds."""
    current = episodes[episodes["end_latest"].isna()]
    by_axis = {
        axis: current[current["axis"] == axis].set_index("tie_id").reindex(ids).reset_index()
        for axis in AXES
    }
    vocabularies = {"formal": FORMAL_STATES, "activity": ACTIVITY_STATES, "status": STATUSES}
    states = {
        axis: pd.Categorical(by_axis[axis]["state"], categories=[*words])
        for axis, words in vocabularies.items()
    }
    status = by_axis["status"]
    return pd.DataFrame(
        {**states, "status_since": status["start_latest"], "basis": status["basis"]}
    )


def _evidence(reading: Reading) -> pd.DataFrame:
    """Count what is known of each tie, and date its last sign of life."""
    happened, attested, ids = reading.happened, reading.attested, reading.ids
    signs = happened[happened["kind"].isin(reading.rule.qualifying) & ~happened["is_open"]]
    last = signs.groupby("tie")["run_end"].max().reindex(range(len(ids)))
    last = last.mask(last > reading.view.as_of, reading.view.as_of)
    n_events = happened.groupby("tie").size().reindex(range(len(ids)), fill_value=0)
    cited = attested[["event_id", "source_id"]].merge(
        happened[["event_id", "tie"]], on="event_id", validate="many_to_one"
    )
    n_sources = cited.groupby("tie")["source_id"].nunique().reindex(range(len(ids)), fill_value=0)
    return pd.DataFrame(
        {
            "last_activity": last.to_numpy("M8[s]"),
            "n_events": pd.array(n_events.to_numpy(np.int64), dtype="Int64"),
            "n_sources": pd.array(n_sources.to_numpy(np.int64), dtype="Int64"),
        }
    )
