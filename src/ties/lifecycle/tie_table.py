"""One row a tie: who, since when, and how it stands on a day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.engine import AXES, EpisodeArrays, basis_of, spells_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.timeline import begins, category, positions
from ties.parallel import parallel_map
from ties.schema.vocabulary import BASES

_PLACE_COLUMNS = ("name", "country", "region", "latitude", "longitude")


def tie_table(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    dormant_after: int | None = None,
) -> pd.DataFrame:
    """One row a tie of the record, with its founding and its state on a day.

    Every tie of the record has its row, whatever the day: one that does not yet stand on
    `as_of`, or that nobody could know of by `known_by`, has no states, and counts nowhere.

    Parameters
    ----------
    dataset, rule, as_of, known_by, dormant_after
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
        (Int64: what is known and has happened by `as_of`); ``is_disputed``. Of a record made of a
        plain table also what its rows say, as text (of several rows of a tie, each text once):
        ``row`` (where they stand), ``name_a_written`` and so on, and their further columns.

    Examples
    --------
    >>> import ties
    >>> table = ties.tie_table(ties.load("us-russia"), as_of="2018-11-28")
    >>> table.set_index("tie_id").loc["oklahoma-city-ulyanovsk", "status"]
    'dormant'
    """
    reading = EventView.of(dataset, StatusRule.of(rule, dormant_after), as_of, known_by)
    reading.view.warn_past_end(dataset)
    # The longest first, so that the others share what time it takes.
    evidence, places, founding, states = parallel_map(
        [
            lambda: _evidence(reading),
            lambda: _with_places(dataset),
            lambda: _founding(reading.founding),
            lambda: _states(spells_of(reading), reading),
        ],
        len(reading.timeline),
    )
    table = pd.concat([places, founding, states, evidence], axis=1)
    table = _with_rows(table, dataset.rows)
    table.attrs.update(reading.as_record())
    return table


def _with_rows(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Lay what the source's own rows say of each tie beside it."""
    own = rows.dropna(subset=["tie_id"])
    if own.empty:
        return table
    own = own.drop(columns=["outcome", "reason", "file"], errors="ignore")
    own = own.rename(columns={"locator": "row"})
    own = own.rename(columns={name: f"{name}_own" for name in own if name in table.columns[1:]})
    texts = own.set_index("tie_id").stack().dropna().reset_index()
    texts = texts.set_axis(["tie_id", "column", "text"], axis="columns").drop_duplicates()
    wide = texts.groupby(["tie_id", "column"])["text"].agg("; ".join).unstack()
    wide = wide.reindex(index=table["tie_id"], columns=own.columns[1:]).astype("str")
    return pd.concat([table, wide.set_axis(table.index)], axis=1)


def _with_places(dataset: Dataset) -> pd.DataFrame:
    table = dataset.ties[["tie_id", "place_a", "place_b", "kind"]]
    table = table.sort_values("tie_id", ignore_index=True)
    places = dataset.places.reset_index(drop=True)
    is_claimed = []
    for side in ("a", "b"):
        # A place that the record does not hold has the position -1, which has no row.
        end = places.reindex(positions(table[f"place_{side}"], places["place_id"]))
        for name in _PLACE_COLUMNS:
            table[f"{name}_{side}"] = end[name].array
        is_claimed.append(end["claimed_by"].notna().to_numpy())
    return table.assign(is_disputed=is_claimed[0] | is_claimed[1])


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


def _states(spells: EpisodeArrays, reading: EventView) -> pd.DataFrame:
    """Take the spell of each axis that still holds."""
    n_ties = len(reading.ids)
    holds = np.isnat(spells.end_latest)
    states = {}
    for number, (axis, words) in enumerate(AXES.items()):
        now = np.flatnonzero(holds & (spells.axis == number))
        state = np.full(n_ties, -1)
        state[spells.tie[now]] = spells.state[now]
        states[axis] = category(state, words)
    # The status is the last of the axes.
    since, basis = np.full(n_ties, np.datetime64("NaT", "s")), np.full(n_ties, -1)
    since[spells.tie[now]] = spells.start_latest[now]
    basis[spells.tie[now]] = basis_of(spells.event[now], reading.timeline)
    return pd.DataFrame(
        {
            **states,
            "status_since": since,
            "basis": category(basis, BASES),
        }
    )


def _evidence(reading: EventView) -> pd.DataFrame:
    """Count what is known of each tie, and date its last sign of life."""
    line, n_ties = reading.timeline, len(reading.ids)
    signs = line.take(np.flatnonzero(reading.is_sign))
    last = np.full(n_ties, np.datetime64("NaT", "D"))
    if len(signs):
        first = np.flatnonzero(begins(signs.tie))
        latest = np.maximum.reduceat(signs.run_end, first)
        last[signs.tie[first]] = np.minimum(latest, reading.view.as_of.to_datetime64())
    return pd.DataFrame(
        {
            "last_activity": last.astype("M8[s]"),
            "n_events": pd.array(np.bincount(line.tie, minlength=n_ties), dtype="Int64"),
            "n_sources": pd.array(_n_sources(reading), dtype="Int64"),
        }
    )


def _n_sources(reading: EventView) -> np.ndarray:
    """Count the distinct sources that attest something of each tie."""
    line, attested = reading.timeline, reading.attested
    # The last stands for an event that is not known or has not happened.
    tie_of = np.full(len(reading.events) + 1, -1)
    tie_of[line.row] = line.tie
    tie = tie_of[positions(attested["event_id"], reading.events["event_id"])]
    source, names = pd.factorize(attested["source_id"])
    # Sorted, which for so many numbers takes a fraction of the time of `numpy.unique`.
    pairs = np.sort((tie * len(names) + source)[tie >= 0])
    pairs = pairs[begins(pairs)]
    return np.bincount(pairs // max(len(names), 1), minlength=len(reading.ids))
