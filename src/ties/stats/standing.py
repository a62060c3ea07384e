"""Which ties stood on a day, in what state, and how sure is that? The ground of bounds.

A tie that a list of 2022 is the first to name may have stood in 2018, or not. A tie last heard of
in 1996 may have been alive in 1999. A tie signed in 1990 and never named since may have
been ended without a word. None of these is counted as one or the other: each tie is marked as
certain or possible, and what is counted lies between the certain ones and all that are possible.
The bounds hold whatever the truth is (Manski, *Partial Identification of Probability
Distributions*, 2003), as long as the sources that there are do not err.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import add_years, last_day
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule
from ties.schema.vocabulary import (
    DOWN_STATUSES,
    EVENT_KINDS,
    FORMAL_STATES,
    REPORTED_STATUSES,
    SIDES,
    STATUSES,
)

ALIVE: Final = tuple(code for code, term in STATUSES.items() if term.group == "alive")
_STATUS: Final = tuple(STATUSES)
_FORMAL: Final = tuple(FORMAL_STATES)
_NAT: Final = np.datetime64("NaT", "D")
_STOPS: Final = ("suspended", "terminated")
_NO_SIDE: Final = tuple(SIDES).index("none")
_REPORTS_STOP: Final = np.array([code in _STOPS for code in REPORTED_STATUSES])
# Of each kind of event: whether it stops a tie, and whether it shows one in force.
_IS_STOP: Final = np.array([code in _STOPS for code in EVENT_KINDS])
_IS_EVIDENCE: Final = np.array(
    [
        term.group in ("evidence", "founding") or code == "renewed"
        for code, term in EVENT_KINDS.items()
    ]
)


@dataclass(frozen=True)
class Knowledge:
    """All that is known of a record by somebody, to be asked about any day.

    Parameters
    ----------
    reading
        The record as read from the last day that is known of, so that what happened after a
        day bears witness to it: a tie suspended in 2022 was in force in 2018.
    """

    reading: EventView

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None = None,
        known_by: str | dt.date | None = None,
    ) -> Knowledge:
        """Read all that is known, or all that was known by a day."""
        day = dataset.as_of if known_by is None else max(dataset.as_of, last_day(known_by))
        return cls(EventView.of(dataset, rule, day, known_by))

    def with_years(self, years: int) -> Knowledge:
        """Read the same events by another `dormant_after`; a longer reach of searches is kept."""
        own = self.reading.rule
        reach = None if own.search_lookback_years is None else max(own.search_lookback_years, years)
        rule = replace(own, dormant_after=years, search_lookback_years=reach)
        return Knowledge(replace(self.reading, rule=rule))

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """The episodes of each tie's life, as `ties.lifecycle` gives them."""
        episodes = episodes_of(self.reading)
        # pandas copies the attributes of a frame with every step, which here costs more than all.
        episodes.attrs = {}
        return episodes

    @cached_property
    def stops(self) -> tuple[np.ndarray, np.ndarray]:
        """Which ties governments suspended or ended (positions), and the last day it may be."""
        own = self._formal
        is_stop = np.isin(own.state, [_FORMAL.index(state) for state in _STOPS])
        return own.tie[is_stop], own.start_latest[is_stop]

    @cached_property
    def _days(self) -> dict[pd.Timestamp, Standing]:
        """The days that have been asked about."""
        return {}

    def on(self, as_of: str | dt.date) -> pd.DataFrame:
        """Say of each tie whether it stood on a day, and in what state.

        Parameters
        ----------
        as_of
            The day: an EDTF date, of which the last day is taken, or a date.

        Returns
        -------
        DataFrame
            Index ``tie_id``, every tie of the record. ``is_certain``: it stood by then;
            ``is_possible``: it is not certain, but may have stood; ``founded_earliest``,
            ``founded_latest`` (datetime64[s]; of all that is known, missing if open or not
            known); ``status`` and ``formal`` (categories; missing unless certain); ``is_firm``: the
            status is the same whichever days its uncertain dates were; ``is_in_force``: it is
            certain and is shown to have been in force, by an act of its government, a list or the
            like, after the day or at most ``dormant_after`` years before; ``is_stopped``: a side
            had suspended or ended it for certain; ``may_be_stopped``: or may have done so on
            an uncertain date; ``stop_earliest``, ``stop_latest`` (datetime64[s]): when contact
            or the tie stopped, missing for a tie that was alive.

        Examples
        --------
        >>> import ties
        >>> known = Knowledge.of(ties.load("us-russia").counted())
        >>> found = known.on("2018-11-28")
        >>> int(found["is_certain"].sum()), int(found["is_possible"].sum())
        (133, 28)
        """
        return self.standing(last_day(as_of)).as_frame()

    def standing(self, day: pd.Timestamp) -> Standing:
        """Give what `on` gives, as arrays: for who asks the same a thousand times."""
        if day not in self._days:
            self._days[day] = self._standing(np.datetime64(day, "D"))
        return self._days[day]

    def _standing(self, day: np.datetime64) -> Standing:
        founding = self.reading.founding
        earliest, latest = (founding[end].to_numpy("M8[D]") for end in ("earliest", "latest"))
        certain = latest <= day
        status, is_firm = self._state_on(self._status, day)
        formal, _ = self._state_on(self._formal, day)
        stopped = np.isin(formal, [_FORMAL.index(state) for state in _STOPS])
        may_stop, is_shown = self._acts(day)
        stop = self._stop(day, status, earliest)
        return Standing(
            ids=self._ids,
            is_certain=certain,
            is_possible=(latest > day) & ~(earliest > day),
            founded_earliest=earliest,
            founded_latest=latest,
            status=status,
            formal=formal,
            is_firm=is_firm,
            is_stopped=stopped,
            may_be_stopped=stopped | may_stop,
            is_in_force=certain & ~stopped & ~may_stop & is_shown,
            stop_earliest=stop[0],
            stop_latest=stop[1],
        )

    @cached_property
    def _ids(self) -> np.ndarray:
        ids: np.ndarray = self.reading.ids.to_numpy("object")
        return ids

    @cached_property
    def _status(self) -> _Axis:
        return _Axis.of(self.episodes, "status", _STATUS, self.reading.ids)

    @cached_property
    def _formal(self) -> _Axis:
        return _Axis.of(self.episodes, "formal", _FORMAL, self.reading.ids)

    def _state_on(self, axis: _Axis, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Give the state of each tie on a day (-1: none), and whether it is certain."""
        holds = (axis.start_latest <= day) & ~(axis.end_latest <= day)
        state = np.full(len(self.reading.ids), -1)
        firm = np.zeros(len(state), bool)
        state[axis.tie[holds]] = axis.state[holds]
        is_over = ~np.isnat(axis.end_latest) & ~(axis.end_earliest > day)
        firm[axis.tie[holds]] = ~is_over[holds]
        return state, firm

    def _acts(self, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Say which ties may have been stopped on a doubtful date, and which are shown to stand."""
        line, n_ties = self.reading.timeline, len(self.reading.ids)
        is_act = _IS_STOP[line.kind] & (line.side != _NO_SIDE)
        # An open beginning compares as false, so it is never after the day, nor recent.
        after_day = line.earliest > day
        recent = add_years(np.array([day]), -self.reading.rule.dormant_after)[0]
        is_report, says_stop = line.reported >= 0, _REPORTS_STOP[line.reported]
        shows = (_IS_EVIDENCE[line.kind] | (is_report & ~says_stop)) & (line.earliest >= recent)
        shows |= is_act & after_day
        # What is said to have stopped by a later day may have stopped at any time.
        doubtful = (is_act & ~after_day) | (is_report & says_stop)
        doubtful &= line.latest > day
        return _any(line.tie[doubtful], n_ties), _any(line.tie[shows], n_ties)

    def _stop(
        self, day: np.datetime64, status: np.ndarray, founded: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Say between which days each tie that is not alive fell silent or was stopped."""
        axis = self._status
        n_ties, place = len(status), np.arange(len(axis.tie))
        past = axis.start_latest <= day
        is_alive = np.isin(axis.state, [_STATUS.index(state) for state in ALIVE])
        last_alive = np.full(n_ties, -1)
        alive = past & is_alive
        np.maximum.at(last_alive, axis.tie[alive], place[alive])
        # The last run of episodes in which the tie was not alive: none alive follows.
        run = past & (place > last_alive[axis.tie])
        is_down = np.isin(axis.state, [_STATUS.index(state) for state in DOWN_STATUSES])
        first, first_down = _first(axis.tie, run, n_ties), _first(axis.tie, run & is_down, n_ties)
        # One place more, so that "none" (-1) has something to point at.
        latest = np.append(axis.start_latest, _NAT)[first_down]
        latest = np.where((first >= 0) & (first_down < 0), day, latest)
        last_sign = self._last_sign(day)
        begins = np.where(np.isnat(last_sign), founded, last_sign)
        # Straight from life into a stop: then its own date says when.
        is_straight = (first >= 0) & (first == first_down)
        own = np.append(axis.start_earliest, _NAT)[np.where(is_straight, first, -1)]
        earliest = np.where(begins > own, begins, np.where(np.isnat(own), begins, own))
        earliest = np.where(earliest > latest, latest, earliest)
        return np.where(np.isnat(latest), _NAT, earliest), latest

    def _last_sign(self, day: np.datetime64) -> np.ndarray:
        """Give the last day on which each tie showed a sign of life, up to a day."""
        line = self.reading.timeline
        seen = self.reading.is_sign & (line.latest <= day)
        last = np.full(len(self.reading.ids), _NAT.astype("int64"))
        np.maximum.at(last, line.tie[seen], np.minimum(line.run_end, day)[seen].astype("int64"))
        found: np.ndarray = last.astype("M8[D]")
        return found


@dataclass(frozen=True)
class Standing:
    """What is known of each tie on a day: the columns of `Knowledge.on`, as arrays.

    An array holds an entry a tie, in the order of `ids`. Days are datetime64[D]; ``status`` and
    ``formal`` are places in the vocabulary, -1 if missing.
    """

    ids: np.ndarray
    is_certain: np.ndarray
    is_possible: np.ndarray
    founded_earliest: np.ndarray
    founded_latest: np.ndarray
    status: np.ndarray
    formal: np.ndarray
    is_firm: np.ndarray
    is_stopped: np.ndarray
    may_be_stopped: np.ndarray
    is_in_force: np.ndarray
    stop_earliest: np.ndarray
    stop_latest: np.ndarray

    @property
    def may_exist(self) -> np.ndarray:
        """Ties that stood for certain, and those that may have."""
        found: np.ndarray = self.is_certain | self.is_possible
        return found

    def only(self, counts: np.ndarray) -> Standing:
        """Keep the marked ties."""
        return Standing(*(getattr(self, field.name)[counts] for field in fields(self)))

    def has_status(self, *codes: str) -> np.ndarray:
        """Say which ties are in one of these states."""
        return np.isin(self.status, [_STATUS.index(code) for code in codes])

    def as_frame(self) -> pd.DataFrame:
        """Give the frame of `Knowledge.on`."""
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        ids = columns.pop("ids")
        for name, words in (("status", _STATUS), ("formal", _FORMAL)):
            columns[name] = pd.Categorical.from_codes(columns[name], categories=pd.Index(words))
        return pd.DataFrame(columns, index=pd.Index(ids, name="tie_id", dtype="str"))


@dataclass(frozen=True)
class _Axis:
    """The episodes of one axis as arrays, sorted by tie and time."""

    tie: np.ndarray
    state: np.ndarray
    start_earliest: np.ndarray
    start_latest: np.ndarray
    end_earliest: np.ndarray
    end_latest: np.ndarray

    @classmethod
    def of(cls, episodes: pd.DataFrame, axis: str, states: tuple[str, ...], ids: pd.Index) -> _Axis:
        own = episodes[episodes["axis"] == axis]
        moments = ("start_earliest", "start_latest", "end_earliest", "end_latest")
        return cls(
            ids.get_indexer(pd.Index(own["tie_id"])),
            pd.Categorical(own["state"], categories=pd.Index(states)).codes.astype("int64"),
            *(own[moment].to_numpy("M8[D]") for moment in moments),
        )


def _first(ties: np.ndarray, mask: np.ndarray, n_ties: int) -> np.ndarray:
    """Give the first marked position of each tie, or -1."""
    marked = np.flatnonzero(mask)
    found = np.full(n_ties, -1)
    # Written backwards, so that the first of each tie is written last.
    found[ties[marked][::-1]] = marked[::-1]
    return found


def _any(ties: np.ndarray, n_ties: int) -> np.ndarray:
    found: np.ndarray = np.bincount(ties, minlength=n_ties) > 0
    return found
