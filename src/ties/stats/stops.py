"""Which ties stopped after a day, how soon, and who stopped them.

A break is not an age: where an event of the world ends ties old and young, time is counted from the
day of that event. A stop that is known from an act lies between the days that its date admits; one
that only a report tells of may lie anywhere between the day asked from and the report, or before
both: then the tie is none of those that could stop. So there are two curves, and what is true of
the ties on record lies between them, as long as each stop left a trace: a tie of which nobody wrote
since is followed to the last day as one that still stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from typing_extensions import Unpack

from ties import bounds
from ties.bounds import View
from ties.dataset import Dataset
from ties.dates import last_day
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.stats.spells import CENSORED, DAYS_PER_YEAR, STOPS
from ties.stats.survival import kaplan_meier, survival_at

# Words of an actor, of which the first decides. What has none of them ("city") may be either.
_ACTOR: Final = (
    r"(?i)(?P<council>council|assembly|supervisors|commission|committee|magistrat|duma)"
    r"|(?P<mayor>mayor|county head)"
)


def stops(
    record: Dataset | Mapping[str, Dataset],
    since: str | dt.date = "2022-02-24",
    as_of: str | dt.date | None = None,
    **view: Unpack[View],
) -> pd.DataFrame:
    """Follow the ties that no side was known to have stopped from a day on.

    Parameters
    ----------
    record
        A record; or a dict of them, for a table with a level ``record`` more.
    since
        The first day: an EDTF date of which the last day is taken, or a date.
    as_of, known_by, rule, disputed
        As for `ties.bounds.status_bounds`.

    Returns
    -------
    DataFrame
        Index ``tie_id``, a row a tie that may have been in force when the day began; ``in_force``
        (bool): it is shown to have been; ``event`` (category: censored, suspended, terminated): the
        first stop since; ``is_since`` (bool): its act is dated since, so that it did not come
        before; ``basis`` (text): ``act`` or ``report``, empty if there was no stop;
        ``days_earliest``, ``days_latest`` (Int64): days from `since` between which it came, or to
        which the tie is followed without one; ``side``, ``country``, ``actor`` (text): whose act it
        was; ``actor_kind``: a ``council``, a ``mayor``, a ``government`` of which no more is said,
        or whoever acts for a ``region``. Missing where there was no act.

    Raises
    ------
    ValueError
        If `since` lies after `as_of`.

    Examples
    --------
    >>> import ties
    >>> found = stops(ties.load("us-russia"), as_of="2026-11-29")
    >>> found["event"].value_counts().to_dict()
    {'censored': 129, 'suspended': 21, 'terminated': 11}
    """
    if isinstance(record, Mapping):
        tables = {name: stops(one, since, as_of, **view) for name, one in record.items()}
        return pd.concat(tables, names=["record"])
    begin = last_day(since)
    now = bounds.status_bounds(record, as_of, **view)
    end = pd.Timestamp(now.day)
    if begin > end:
        raise ValueError(
            f"the day {begin.date()} lies after {end.date()}, to which ties are followed"
        )
    before = now.on((begin - pd.Timedelta(days=1)).date())
    own = before.only(before.may_be_in_force)
    ids = pd.Index(own.ids, name="tie_id", dtype="str")
    reading = now.history.reading
    stopped, acts = (
        rows.reindex(ids)
        for rows in (_first_stops(reading, begin, end), _acts(reading, begin, end))
    )
    is_act, is_stopped = acts["latest"].notna(), stopped["start_latest"].notna()
    latest = stopped["start_latest"].fillna(end)
    # What only a report tells of may have come on any day since.
    earliest = acts["earliest"].where(acts["earliest"] >= begin, begin).where(is_stopped, end)
    earliest = earliest.where(earliest <= latest, latest)
    return pd.DataFrame(
        {
            "in_force": own.is_in_force,
            "event": stopped["state"].astype("object").fillna(CENSORED),
            "is_since": is_stopped & (acts["earliest"] >= begin),
            "basis": pd.Series(np.select([is_act, is_stopped], ["act", "report"], ""), ids),
            "days_earliest": (earliest - begin).dt.days.astype("Int64"),
            "days_latest": (latest - begin).dt.days.astype("Int64"),
            **_who(record, acts),
        },
        index=ids,
    ).astype({"event": pd.CategoricalDtype([CENSORED, *STOPS]), "basis": "str"})


def _first_stops(reading: EventView, begin: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Find the first stop of each tie in a span of time, by ``tie_id``."""
    episodes = episodes_of(reading)
    is_stop = (episodes["axis"] == "formal") & episodes["state"].isin(STOPS)
    own = episodes[is_stop & episodes["start_latest"].between(begin, end)]
    return own.drop_duplicates("tie_id").set_index("tie_id")


def _acts(reading: EventView, begin: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Find the first act of a government that stopped each tie in a span, by ``tie_id``."""
    events = reading.happened
    is_act = events["kind"].isin(STOPS) & (events["side"] != "none")
    own = events[is_act & events["latest"].between(begin, end)]
    return own.sort_values(["latest", "earliest"]).drop_duplicates("tie_id").set_index("tie_id")


def _who(record: Dataset, acts: pd.DataFrame) -> dict[str, pd.Series]:
    """Return which side acted, of which country, who, and what kind of body that is."""
    places = record.places.set_index("place_id")
    pair = record.ties.set_index("tie_id").reindex(acts.index)
    side = acts["side"].astype("object")
    place = pair["place_a"].where(side != "b", pair["place_b"]).where(side.isin(["a", "b"]))
    where = places.reindex(place).set_axis(acts.index)
    named = acts["actor"].astype("str").str.extract(_ACTOR).notna()
    kind = named.idxmax(axis=1).where(named.any(axis=1), "government").astype("object")
    kind = kind.mask(where["level"] == "region", "region").where(side.notna())
    found = {"side": side, "country": where["country"], "actor": acts["actor"], "actor_kind": kind}
    return {name: pd.Series(column, dtype="str") for name, column in found.items()}


def stop_curve(table: pd.DataFrame) -> pd.DataFrame:
    """Return the share of ties not yet stopped after each day, between its two bounds.

    Parameters
    ----------
    table
        As `stops` returns it for one record, or some of its rows.

    Returns
    -------
    DataFrame
        Index ``day`` (int64, days from the day asked from; the eve, -1, first); Kaplan-Meier
        curves up to the last day: ``lower``, if each stop came as early as it may have; ``upper``,
        if each came as late, and those that no act dates had come before, so that their ties were
        not at risk.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"event": ["suspended", "censored"], "days_earliest": [0, 90], "days_latest": [9, 90]}
    ... ).assign(is_since=[True, False])
    >>> stop_curve(table).loc[[0, 9]].to_numpy().tolist()
    [[0.5, 1.0], [0.5, 0.5]]
    """
    could_stop = table[table["is_since"] | (table["event"] == CENSORED)]
    curves = {}
    for name, rows, ends in (
        ("lower", table, "days_earliest"),
        ("upper", could_stop, "days_latest"),
    ):
        # A stop on the first day came one day after the eve.
        spells = pd.DataFrame({"entry": 0, "exit": rows[ends] + 1, "event": rows["event"]})
        curves[name] = kaplan_meier(spells)
    last = pd.Index([(table["days_latest"].max() + 1) / DAYS_PER_YEAR])
    times = curves["lower"].index.union(curves["upper"].index).union(last)
    read = {name: survival_at(curve, [*times])["survival"] for name, curve in curves.items()}
    days = np.rint(times.to_numpy() * DAYS_PER_YEAR).astype("int64") - 1
    return pd.DataFrame(read).set_axis(pd.Index(days, name="day"))


def stop_risk(table: pd.DataFrame, days: Sequence[int]) -> pd.DataFrame:
    """Count at the end of each day who had not stopped, and who had, if each stop came late.

    Returns
    -------
    DataFrame
        Index ``day``; ``at_risk``, ``suspended``, ``terminated`` (int64), which add up to all ties:
        nobody is lost to sight before the last day.

    Examples
    --------
    >>> table = pd.DataFrame({"event": ["suspended", "censored"], "days_latest": [9, 90]})
    >>> stop_risk(table, [8, 90])["at_risk"].tolist()
    [2, 1]
    """
    counts = {
        stop: [
            int(((table["event"] == stop) & (table["days_latest"] <= day)).sum()) for day in days
        ]
        for stop in STOPS
    }
    risk = pd.DataFrame(counts, index=pd.Index([*days], name="day"), dtype="int64")
    risk.insert(0, "at_risk", len(table) - risk.sum(axis=1))
    return risk


def days_to(curve: pd.DataFrame, share: float = 0.5) -> pd.Series:
    """Return between which days a share had stopped: Int64 ``lower`` and ``upper``.

    A bound is missing where the curve does not come so far: the truth is longer than the record.

    Examples
    --------
    >>> curve = pd.DataFrame({"lower": [1.0, 0.5], "upper": [1.0, 0.7]}, index=[-1, 4])
    >>> days_to(curve).tolist()
    [4, <NA>]
    """
    reached = {
        name: curve.index[curve[name].to_numpy() <= 1 - share + 1e-12]
        for name in ("lower", "upper")
    }
    days = [found[0] if len(found) else pd.NA for found in reached.values()]
    return pd.Series(days, [*reached], dtype="Int64", name=share)
