"""A record as somebody reads it: under a rule, from a day, with what was known by then."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import last_day
from ties.errors import TiesWarning
from ties.lifecycle.evidence import known_attestations, known_events, known_searches
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.timeline import NO_DAY, Timeline, begins, sort_keys
from ties.schema.vocabulary import EVENT_KINDS, REPORTED_STATUSES

NO_EVENT: Final = -1

_KINDS: Final = tuple(EVENT_KINDS)
_FOUNDED: Final = _KINDS.index("founded")
# Whether an event of each kind shows that a tie stood.
_SHOWS: Final = np.array(
    [
        code == "renewed" or term.group in ("evidence", "silence", "formal", "report")
        for code, term in EVENT_KINDS.items()
    ]
)
_REPORTED: Final = _KINDS.index("reported")
_REPORTED_ACTIVE: Final = [*REPORTED_STATUSES].index("active")
# On one day reports come first, the stricter after the milder; then signs of life, then silence,
# then returns.
_SIGN_RANK, RETURN_RANK = 5, 7
_OWN_RANKS: Final = {"dormant": 6, "revived": RETURN_RANK, "reinstated": RETURN_RANK}
KIND_RANKS: Final = [_OWN_RANKS.get(code, _SIGN_RANK) for code in _KINDS]
REPORT_RANKS: Final = [
    ["in_force", "active", "dormant", "suspended", "terminated"].index(code)
    for code in REPORTED_STATUSES
]
_OF_KIND, _OF_REPORT = np.array(KIND_RANKS, "int8"), np.array(REPORT_RANKS, "int8")


def day_rank(events: Timeline) -> np.ndarray:
    """The order of events that fell on one day: what is larger came later."""
    rank: np.ndarray = np.where(
        events.kind == _REPORTED, _OF_REPORT[events.reported], _OF_KIND[events.kind]
    )
    return rank


@dataclass(frozen=True)
class Vantage:
    """From when the record is looked at, and with whose knowledge."""

    as_of: pd.Timestamp
    known_by: pd.Timestamp | None

    @classmethod
    def of(
        cls, dataset: Dataset, as_of: str | dt.date | None, known_by: str | dt.date | None
    ) -> Vantage:
        """Read the two days, with the record's own date as the default."""
        day = dataset.as_of if as_of is None else last_day(as_of)
        return cls(day, None if known_by is None else last_day(known_by))

    def warn_past_end(self, dataset: Dataset) -> None:
        """Warn of a day after the record's own: what happened since is not in it."""
        if self.as_of > dataset.as_of:
            warnings.warn(
                f"the record ends on {dataset.as_of.date()}: what happened later is not in it",
                TiesWarning,
                stacklevel=3,
            )

    def as_record(self) -> dict[str, str | None]:
        """The two days as text."""
        known = None if self.known_by is None else str(self.known_by.date())
        return {"as_of": str(self.as_of.date()), "known_by": known}


@dataclass(frozen=True)
class EventView:
    """A record as it is read under a rule, from a day: what happened, and since when ties stand.

    Parameters
    ----------
    ids
        The ties, in order; other tables refer to them by position.
    events
        The record's table of events, to which `timeline` leads back.
    timeline
        Known events that have happened, as `in_order` orders them.
    attested
        Known attestations.
    searches
        Known searches.
    founding
        As `founding_bounds` gives it.
    """

    rule: StatusRule
    view: Vantage
    ids: pd.Index
    events: pd.DataFrame
    timeline: Timeline
    attested: pd.DataFrame
    searches: pd.DataFrame
    founding: pd.DataFrame

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None,
        as_of: str | dt.date | None,
        known_by: str | dt.date | None,
    ) -> EventView:
        """Read a record; see `lifecycle` for the parameters."""
        rule, view = rule or StatusRule(), Vantage.of(dataset, as_of, known_by)
        ids = pd.Index(dataset.ties["tie_id"].sort_values(), name=None)
        attested = known_attestations(dataset, rule.undated_sources, view.known_by)
        known = known_events(dataset, ids, attested, rule.dates, view.known_by)
        if not rule.reports:
            known = known.take(known.kind != _REPORTED)
        has_happened = known.latest <= view.as_of.to_numpy()
        happened = known if has_happened.all() else known.take(has_happened)
        timeline = in_order(happened, dataset.events["event_id"])
        searches = known_searches(dataset, ids, view.known_by)
        founding = founding_bounds(timeline, len(ids))
        return cls(rule, view, ids, dataset.events, timeline, attested, searches, founding)

    def as_record(self) -> dict[str, object]:
        """The days and the rule as plain values, for a table's ``attrs``."""
        return {**self.view.as_record(), "rule": self.rule.as_record()}

    @cached_property
    def is_sign(self) -> np.ndarray:
        """Whether each event of `timeline` is a sign of life."""
        qualifies = np.array([code in self.rule.qualifying for code in _KINDS])
        line = self.timeline
        is_sign = qualifies[line.kind] | (line.reported == _REPORTED_ACTIVE)
        found: np.ndarray = is_sign & ~line.is_open
        return found

    @cached_property
    def happened(self) -> pd.DataFrame:
        """The events of `timeline` with their words, a row each, in its order.

        The columns of `Events` without its dates, and ``earliest``, ``latest``, ``run_end``
        (datetime64[s]; ``latest`` and ``run_end`` are never missing), ``is_open`` (the text of the
        date sets no end), ``tie`` (position in `ids`).
        """
        line = self.timeline
        words = self.events.drop(columns=["date", "until"]).iloc[line.row]
        return words.reset_index(drop=True).assign(
            earliest=line.earliest.astype("M8[s]"),
            latest=line.latest.astype("M8[s]"),
            run_end=line.run_end.astype("M8[s]"),
            is_open=line.is_open,
            tie=line.tie,
        )


def founding_bounds(timeline: Timeline, n_ties: int) -> pd.DataFrame:
    """Bound the founding of each tie by its founding event and by the first sign that it stood.

    A tie stood at the latest when something showed it standing: a listing, a renewal, a
    suspension. That bounds the founding where no event dates it, or where its date has no
    end (``1992/..``). Contact alone bounds nothing, since people may visit before they sign.

    Parameters
    ----------
    timeline
        Events in order.
    n_ties
        Number of ties.

    Returns
    -------
    DataFrame
        A row a tie, by position: ``earliest``, ``latest`` (datetime64[s]), ``event`` (position
        in `timeline` of the founding event if it dates the founding, else -1).
    """
    is_founding = timeline.kind == _FOUNDED
    is_dated = is_founding & ~timeline.is_open
    shows = np.flatnonzero(_SHOWS[timeline.kind] | is_dated)
    founds = np.flatnonzero(is_founding)

    def first(of: np.ndarray, values: np.ndarray, empty: int | np.datetime64) -> np.ndarray:
        found = np.full(n_ties, empty, dtype=values.dtype)
        tie = timeline.tie[of]
        is_first = begins(tie)
        found[tie[is_first]] = values[is_first]
        return found

    return pd.DataFrame(
        {
            "earliest": first(founds, timeline.earliest[founds], NO_DAY),
            "latest": first(shows, timeline.latest[shows], NO_DAY),
            "event": first(shows, np.where(is_dated[shows], shows, NO_EVENT), NO_EVENT),
        }
    )


def in_order(events: Timeline, event_ids: pd.Series) -> Timeline:
    """Order events by tie and day.

    On one day a visit comes before a silence, and a return after it, since a silence of the
    same year would else be forgotten; a report comes before all, so that an act of its day has
    the last word. Beyond that, kind and code decide, so that no order of rows is an accident.

    Parameters
    ----------
    events
        In any order.
    event_ids
        The codes of the record's events.
    """
    rank = len(_KINDS) * day_rank(events).astype("int16") + events.kind
    keys = sort_keys(events.tie, events.latest, rank)
    if not (keys[1:] > keys[:-1]).all():
        order = np.argsort(keys)
        keys = keys[order]
        alike = np.zeros(len(keys), bool)
        alike[1:] = keys[1:] == keys[:-1]
        alike[:-1] |= alike[1:]
        # Codes are wide, so they are compared only where all else is the same.
        alike = np.flatnonzero(alike)
        code = event_ids.iloc[events.row[order[alike]]].rank().to_numpy()
        order[alike] = order[alike][np.lexsort((code, keys[alike]))]
        events = events.take(order)
    return events
