"""What is certain, and what is possible, of each tie on a day.

A tie that a list of 2022 is the first to name may have stood in 2018, or not. A tie last heard of
in 1996 may have been alive in 1999. A tie signed in 1990 and never named since may have been ended
without a word. None of these is counted as one or the other. A state is *certain* on a day if it
holds whatever days the dates admit, and *possible* if it holds for some of them (Manski, *Partial
Identification of Probability Distributions*, 2003), as long as the sources do not err:

* A tie *stood* from its founding; without one, from the first event that shows it standing. It may
  have stood before that: from its first possible founding, or on any day where nothing dates it.
* An event counts from its last possible day, and wears off `dormant_after` years from its first.
* An act that stops a tie may be the last on a side until an act that must have come later takes it
  back, and is so for certain until one that may have come later does. A tie that is reported to
  have been stopped may have been so for any time before.
* A silence holds from its last day, as it is told: what happened by then came before it.
* A tie of which nothing is known may be alive. It is not, only if silence is witnessed after
  everything that may have been a sign of life, or a side has stopped it.

All that is known bears witness to a day, also what happened later: a tie suspended in 2022 was in
force in 2018. `known_by` hides what nobody could know.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import add_years, last_day
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView, day_rank
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.timeline import FAR_FUTURE, FAR_PAST
from ties.schema.vocabulary import (
    DOWN_STATUSES,
    EVENT_KINDS,
    REPORTED_STATUSES,
    SIDES,
    STATUSES,
)

ALIVE: Final = tuple(code for code, term in STATUSES.items() if term.group == "alive")
_STATUS: Final = tuple(STATUSES)
_KINDS: Final = tuple(EVENT_KINDS)
_NAT: Final = np.datetime64("NaT", "D")
_DAY: Final = np.timedelta64(1, "D")
_IS_STOP: Final = np.isin(_KINDS, ["suspended", "terminated"])
_IS_BACK: Final = np.isin(_KINDS, ["reinstated"])
_IS_SILENCE: Final = np.isin(_KINDS, ["dormant"])
# The last stands for "no report".
_REPORTS_STOP, _REPORTS_SILENCE, _REPORTS_LIFE = (
    np.isin([*REPORTED_STATUSES, ""], codes)
    for codes in (["suspended", "terminated"], ["dormant"], ["active"])
)
_IS_FOUNDING: Final = np.isin(_KINDS, ["founded"])
# What shows a tie in force for some years: it was named, made or renewed.
_IS_EVIDENCE: Final = np.array(
    [
        term.group in ("evidence", "founding") or code == "renewed"
        for code, term in EVENT_KINDS.items()
    ]
)


@dataclass(frozen=True)
class StatusBounds:
    """What is known of each tie on a day, an entry of each array a tie.

    Parameters
    ----------
    ids
        The ties of the record that count, sorted.
    is_certain, is_possible
        It stood on the day or before, ended or not; it is not certain, but it may have.
    founded_earliest, founded_latest
        Days (datetime64[D]) between which it was founded, by all that is known; a missing beginning
        is open. Where a source shows the tie standing before the days that another gives for its
        founding, either may be right, and the interval is open.
    is_in_force, may_be_in_force
        It is shown to be in force, by an act, a list or the like, after the day or at most
        `dormant_after` years before it; or no side is known to have stopped it.
    is_alive, may_be_alive
        A sign of life lies within `dormant_after` years; or it may, or nothing is known.
    is_stopped, may_be_stopped
        A side had suspended or ended it; or may have, on a day that is not known.
    day, history, mask
        The day, what is known of any other day, and which of its ties are in here.
    """

    ids: np.ndarray
    is_certain: np.ndarray
    is_possible: np.ndarray
    founded_earliest: np.ndarray
    founded_latest: np.ndarray
    is_in_force: np.ndarray
    may_be_in_force: np.ndarray
    is_alive: np.ndarray
    may_be_alive: np.ndarray
    is_stopped: np.ndarray
    may_be_stopped: np.ndarray
    day: np.datetime64 = field(repr=False)
    history: StatusHistory = field(repr=False)
    mask: np.ndarray = field(repr=False)

    @property
    def may_stand(self) -> np.ndarray:
        """Ties that stood for certain, and those that may have: the population of every number."""
        found: np.ndarray = self.is_certain | self.is_possible
        return found

    @cached_property
    def status(self) -> np.ndarray:
        """Position in `STATUSES` of what the life cycle makes of it; -1 unless it surely stood."""
        found: np.ndarray = self.history.status_on(self.day)[self.mask]
        return found

    @cached_property
    def stopped_between(self) -> tuple[np.ndarray, np.ndarray]:
        """Days between which each fell silent or was stopped; missing for a tie that was alive."""
        earliest, latest = self.history.stop_on(self.day)
        return earliest[self.mask], latest[self.mask]

    def only(self, counts: np.ndarray) -> StatusBounds:
        """Keep the marked ties."""
        kept = {name: getattr(self, name)[counts] for name in _COLUMNS}
        mask = self.mask.copy()
        mask[self.mask] = counts
        return replace(self, **kept, mask=mask)

    def on(self, as_of: str | dt.date) -> StatusBounds:
        """Return what is known of the same ties on another day."""
        other = self.history.on(as_of)
        return other if self.mask.all() else other.only(self.mask)

    def has_status(self, *codes: str) -> np.ndarray:
        """Mark the ties in one of these states."""
        return np.isin(self.status, [_STATUS.index(code) for code in codes])

    def as_frame(self) -> pd.DataFrame:
        """Return a row a tie: index ``tie_id``, columns as above; days are datetime64[s].

        ``status`` (ordered category), ``stop_earliest`` and ``stop_latest`` come last.

        Examples
        --------
        >>> import ties
        >>> record = ties.load("us-russia")
        >>> found = StatusHistory.of(record).on("2018-11-28").as_frame()
        >>> int(found["is_certain"].sum()), int(found["is_possible"].sum())
        (133, 28)
        """
        columns = {name: getattr(self, name) for name in _COLUMNS if name != "ids"}
        status = pd.Categorical.from_codes(self.status, categories=pd.Index(_STATUS), ordered=True)
        ends = dict(zip(("stop_earliest", "stop_latest"), self.stopped_between, strict=True))
        frame = pd.DataFrame(columns | {"status": status} | ends)
        return frame.set_axis(pd.Index(self.ids, name="tie_id", dtype="str"))


_COLUMNS: Final = tuple(
    each.name for each in fields(StatusBounds) if each.name not in ("day", "history", "mask")
)


@dataclass(frozen=True)
class StatusHistory:
    """All that is known of a record's ties, to be asked about any day.

    Parameters
    ----------
    reading
        The record as read from the last day that is known of.
    """

    reading: EventView

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None = None,
        known_by: str | dt.date | None = None,
        *,
        until: str | dt.date | None = None,
        disputed: str = "exclude",
    ) -> StatusHistory:
        """Read all that is known, or all that was known by a day.

        Parameters
        ----------
        dataset, rule, known_by
            As for `ties.lifecycle`.
        until
            The last day that will be asked about, if it lies after the record's own.
        disputed
            Whether disputed ties count: ``exclude`` or ``include``.
        """
        if disputed not in ("exclude", "include"):
            raise ValueError(f"disputed is {disputed!r}; it is 'exclude' or 'include'")
        days = [dataset.as_of, *(last_day(day) for day in (known_by, until) if day is not None)]
        own = dataset if disputed == "include" else dataset.without_disputed()
        return cls(EventView.of(own, rule, max(days), known_by))

    def with_years(self, years: int) -> StatusHistory:
        """Read the same events by another `dormant_after`; a longer reach of searches is kept."""
        own = self.reading.rule
        reach = None if own.search_lookback_years is None else max(own.search_lookback_years, years)
        rule = replace(own, dormant_after=years, search_lookback_years=reach)
        other = StatusHistory(replace(self.reading, rule=rule))
        # These say who founded and stopped what, whatever the rule.
        for name in ("_founding", "_is_act", "stops", "_stop_acts", "_silences"):
            vars(other)[name] = getattr(self, name)
        return other

    def on(self, as_of: str | dt.date) -> StatusBounds:
        """Return what is certain and possible on a day.

        Parameters
        ----------
        as_of
            The day: an EDTF date, of which the last day is taken, or a date; not after the day from
            which the record was read.
        """
        day = np.datetime64(last_day(as_of), "D")
        if day > self.reading.view.as_of.to_datetime64():
            raise ValueError(
                f"the record was read from {self.reading.view.as_of.date()}, not {day}"
            )
        if day not in self._days:
            self._days[day] = self._bounds_on(day)
        return self._days[day]

    @cached_property
    def _days(self) -> dict[np.datetime64, StatusBounds]:
        """The days that have been asked about."""
        return {}

    def _bounds_on(self, day: np.datetime64) -> StatusBounds:
        life, n_ties = self._founding, len(self.reading.ids)
        certain = life["stands_by"] <= day
        possible = (life["stands_by"] > day) & ~(life["told_earliest"] > day)
        may_stand = certain | possible
        stopped, may_stop = (mask & may_stand for mask in self._stopped_on(day))
        stopped &= certain
        lives, silent = self._alive_on(day)
        return StatusBounds(
            ids=self.reading.ids.to_numpy("object"),
            is_certain=certain,
            is_possible=possible,
            founded_earliest=life["earliest"],
            founded_latest=life["latest"],
            is_in_force=certain & ~may_stop & self._shown_on(day),
            may_be_in_force=may_stand & ~stopped,
            is_alive=certain & ~may_stop & lives,
            may_be_alive=may_stand & ~stopped & ~silent,
            is_stopped=stopped,
            may_be_stopped=may_stop | (may_stand & ~self._shown_on(day)),
            day=day,
            history=self,
            mask=np.ones(n_ties, bool),
        )

    @cached_property
    def _founding(self) -> dict[str, np.ndarray]:
        """By when each tie stood, and between which days it was founded."""
        found, line = self.reading.founding, self.reading.timeline
        first, latest = (found[end].to_numpy("M8[D]") for end in ("earliest", "latest"))
        told = np.flatnonzero(_IS_FOUNDING[line.kind])
        last = _extreme(np.maximum, line.tie[told], line.latest[told], len(latest), FAR_PAST)
        contrary = first > latest
        return {
            "stands_by": latest,
            "told_earliest": first,
            "earliest": np.where(contrary, _NAT, first),
            "latest": np.where(contrary, last, latest),
        }

    @cached_property
    def _is_act(self) -> np.ndarray:
        """Whether each event is a formal act of a government."""
        line = self.reading.timeline
        by_a_side = line.side != tuple(SIDES).index("none")
        found: np.ndarray = (_IS_STOP | _IS_BACK)[line.kind] & by_a_side
        return found

    @cached_property
    def stops(self) -> tuple[np.ndarray, np.ndarray]:
        """Which ties governments suspended or ended (positions), and the last day it may be."""
        line = self.reading.timeline
        acts = _IS_STOP[line.kind] & self._is_act
        return line.tie[acts], line.latest[acts]

    @cached_property
    def _stop_acts(self) -> _Followed:
        """Each stop, by a side or by a report: from when it must and may have been taken back."""
        line, sides = self.reading.timeline, tuple(SIDES)
        is_report = line.reported >= 0
        stops, backs = [], []
        for number, side in enumerate("ab"):
            own = self._is_act & np.isin(line.side, [sides.index(side), sides.index("both")])
            stops.append(self._events(own & _IS_STOP[line.kind], number))
            backs.append(self._events(own & _IS_BACK[line.kind], number))
        # What a report says holds until the next report or act, whichever side acts.
        stops.append(self._events(_REPORTS_STOP[line.reported], 2))
        backs.append(self._events(self._is_act | (is_report & ~_REPORTS_STOP[line.reported]), 2))
        found = _followed(pd.concat(stops), pd.concat(backs), "first")
        is_reported = found.events["group"].to_numpy() % 3 == 2
        found.events["first"] = found.events["first"].mask(is_reported, FAR_PAST)
        return found

    def _events(self, which: np.ndarray, number: int = 0) -> pd.DataFrame:
        """Lay out events of one of three kinds by tie: their days, and their order on one day."""
        own = self.reading.timeline.take(np.flatnonzero(which))
        first = np.where(np.isnat(own.earliest), FAR_PAST, own.earliest)
        columns = {"group": own.tie.astype("int64") * 3 + number, "rank": day_rank(own)}
        return pd.DataFrame(columns | {"first": first, "last": own.latest})

    def _stopped_on(self, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Mark the ties that were stopped for certain, and those that may have been."""
        acts, n_ties = self._stop_acts, len(self.reading.ids)
        tie, first, last = acts.columns()
        sure = (last <= day) & ~(acts.may <= day)
        may = (first <= day) & ~(acts.must <= day)
        return _any(tie[sure], n_ties), _any(tie[may], n_ties)

    def _shown_on(self, day: np.datetime64) -> np.ndarray:
        """Mark the ties that are shown in force near a day, or by a stop after it."""
        line = self.reading.timeline
        recent = add_years(np.array([day]), -self.reading.rule.dormant_after)[0]
        # An open beginning compares as false, so it is never recent, nor after the day.
        named = _IS_EVIDENCE[line.kind] | ((line.reported >= 0) & ~_REPORTS_STOP[line.reported])
        shows = named & (line.earliest >= recent)
        shows |= self._is_act & _IS_STOP[line.kind] & (line.earliest > day)
        return _any(line.tie[shows], len(self.reading.ids))

    @cached_property
    def _silences(self) -> np.ndarray:
        """Whether each event says that contact had stopped."""
        line = self.reading.timeline
        found: np.ndarray = _IS_SILENCE[line.kind] | _REPORTS_SILENCE[line.reported]
        return found

    @cached_property
    def _signs(self) -> _Followed:
        """Each event that may be a sign of life: its days, how long it lasts, what ended it."""
        line, rule = self.reading.timeline, self.reading.rule
        may_be = np.isin(_KINDS, [*rule.qualifying])[line.kind] | _REPORTS_LIFE[line.reported]
        found = _followed(self._events(may_be), self._events(self._silences), "last")
        until = add_years(line.run_end[may_be], rule.dormant_after)
        sure = self.reading.is_sign[may_be] & ~np.isnat(line.surely_until[may_be])
        sure_until = np.full(len(sure), FAR_PAST)
        sure_until[sure] = add_years(line.surely_until[may_be][sure], rule.dormant_after)
        found.events["until"] = np.minimum(until, found.must)
        found.events["sure_until"] = np.minimum(sure_until, found.may)
        return found

    def _alive_on(self, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Mark the ties with a sign of life for certain, and those whose silence is witnessed."""
        signs, n_ties = self._signs, len(self.reading.ids)
        line, searches = self.reading.timeline, self.reading.searches
        tie, first, last = signs.columns()
        until, sure_until = (
            signs.events[name].to_numpy("M8[D]") for name in ("until", "sure_until")
        )
        sure = (last <= day) & (sure_until > day)
        begun = first <= day
        last_end = _extreme(np.maximum, tie[begun], until[begun], n_ties, FAR_PAST)
        all_ended = _extreme(np.maximum, tie[begun], signs.must[begun], n_ties, FAR_PAST) <= day
        is_said = self._silences & (line.latest <= day)
        searched = searches["searched_on"].to_numpy("M8[D]")
        past = searched <= day
        of = searches["tie"].to_numpy()
        looked = _extreme(np.maximum, of[past], searched[past], n_ties, _NAT)
        silent = _any(line.tie[is_said], n_ties) & all_ended
        silent |= (looked >= last_end) | self._searched_later(day)
        return _any(tie[sure], n_ties), silent

    def _searched_later(self, day: np.datetime64) -> np.ndarray:
        """Mark the ties that a later search shows silent, where a search reaches further back."""
        rule, searches, n_ties = self.reading.rule, self.reading.searches, len(self.reading.ids)
        searched = searches["searched_on"].to_numpy("M8[D]")
        reaches = (searched > day) & (add_years(searched, rule.dormant_after - rule.reach) <= day)
        signs = self._signs
        until = signs.events["until"].to_numpy("M8[D]")
        last_end = _extreme(np.maximum, signs.columns()[0], until, n_ties, FAR_PAST)
        found: np.ndarray = _any(searches["tie"].to_numpy()[reaches], n_ties) & (last_end <= day)
        return found

    @cached_property
    def _episodes(self) -> dict[str, np.ndarray]:
        """The episodes of each tie's status, in order of tie and time."""
        episodes = episodes_of(self.reading)
        own = episodes[episodes["axis"] == "status"]
        moments = ("start_earliest", "start_latest", "end_latest")
        return {
            "tie": self.reading.ids.get_indexer(pd.Index(own["tie_id"])),
            "state": pd.Categorical(own["state"], categories=pd.Index(_STATUS)).codes.astype("i8"),
            **{moment: own[moment].to_numpy("M8[D]") for moment in moments},
        }

    def status_on(self, day: np.datetime64) -> np.ndarray:
        """Return the position in `STATUSES` of each tie's status on a day; -1 if it has none."""
        own = self._episodes
        holds = (own["start_latest"] <= day) & ~(own["end_latest"] <= day)
        state = np.full(len(self.reading.ids), -1)
        state[own["tie"][holds]] = own["state"][holds]
        return state

    def stop_on(self, day: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
        """Return the days between which each tie that is not alive fell silent or was stopped."""
        own, n_ties = self._episodes, len(self.reading.ids)
        place = np.arange(len(own["tie"]))
        past = own["start_latest"] <= day
        alive = past & np.isin(own["state"], [_STATUS.index(state) for state in ALIVE])
        last_alive = _extreme(np.maximum, own["tie"][alive], place[alive], n_ties, -1)
        # The last run of episodes in which the tie was not alive: none alive follows.
        run = past & (place > last_alive[own["tie"]])
        is_down = np.isin(own["state"], [_STATUS.index(state) for state in DOWN_STATUSES])
        nowhere = len(place)
        first, first_down = (
            _extreme(np.minimum, own["tie"][mask], place[mask], n_ties, nowhere)
            for mask in (run, run & is_down)
        )
        # One place more, so that "none" has something to point at.
        latest = np.append(own["start_latest"], _NAT)[first_down]
        latest = np.where((first < nowhere) & (first_down == nowhere), day, latest)
        line = self.reading.timeline
        seen = self.reading.is_sign & (line.latest <= day)
        last_sign = _extreme(
            np.maximum, line.tie[seen], np.minimum(line.run_end[seen], day), n_ties, _NAT
        )
        begins = np.where(np.isnat(last_sign), self._founding["told_earliest"], last_sign)
        # Straight from life into a stop: then its own date says when.
        straight = np.where(first == first_down, first, nowhere)
        its_own = np.append(own["start_earliest"], _NAT)[straight]
        earliest = np.where(begins > its_own, begins, np.where(np.isnat(its_own), begins, its_own))
        earliest = np.where(earliest > latest, latest, earliest)
        return np.where(np.isnat(latest), _NAT, earliest), latest


@dataclass(frozen=True)
class _Followed:
    """Events, and the days from which another must, and may, have come after each."""

    events: pd.DataFrame
    must: np.ndarray
    may: np.ndarray

    def columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the tie (position), the first and the last day of each event."""
        first, last = (self.events[name].to_numpy("M8[D]") for name in ("first", "last"))
        return self.events["group"].to_numpy() // 3, first, last


def _followed(events: pd.DataFrame, others: pd.DataFrame, must_by: str) -> _Followed:
    """Pair events with the others of their group that come after them.

    Another may come after an event if its last day does not lie before the event's first. It must
    if its day `must_by` (``first`` or ``last``) does not lie before the event's last. Where days
    are the same, the rank decides.
    """
    events = events.reset_index(drop=True)
    pairs = events.reset_index().merge(others, on="group", suffixes=("", "_other"))
    event, later_rank = pairs["index"].to_numpy(), pairs["rank_other"] > pairs["rank"]
    gap = np.where(later_rank.to_numpy(bool), 0 * _DAY, _DAY)
    days = {
        name: pairs[name].to_numpy("M8[D]")
        for name in ("first", "last", "first_other", "last_other")
    }
    must = days[f"{must_by}_other"] >= days["last"] + gap
    may = days["last_other"] >= days["first"] + gap
    return _Followed(
        events,
        _extreme(np.minimum, event[must], days["last_other"][must], len(events), FAR_FUTURE),
        _extreme(np.minimum, event[may], days["first_other"][may], len(events), FAR_FUTURE),
    )


def _extreme(
    take: np.ufunc, group: np.ndarray, values: np.ndarray, n: int, empty: object
) -> np.ndarray:
    """Return the least or the greatest of the values of each group; `empty` where it has none."""
    found = np.full(n, empty, dtype=values.dtype)
    found[group] = values  # one of its own to begin from, for nothing is greater than a missing day
    take.at(found, group, values)
    return found


def _any(group: np.ndarray, n: int) -> np.ndarray:
    found: np.ndarray = np.bincount(group, minlength=n) > 0
    return found
