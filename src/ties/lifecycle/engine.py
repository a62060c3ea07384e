"""States from events, as points in time: where a tie begins to be active, dormant, suspended.

Each axis is made in three steps: say at which points a state is said anew (`_activity_points`,
`_formal_points`), carry what lies before the founding to it and keep one point a day
(`_settle`), and turn the points into spells (`_spells`). Status joins the two axes.

All of it is arithmetic on columns of numbers that are in order by tie and day, so that a tie's
own are neighbours: what follows, what was last, and how long something holds is one step away.
Ties do not touch each other, so they are taken a block at a time, which keeps a large record's
columns within the processor's reach, and several blocks side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ties.dates import add_years
from ties.lifecycle.event_view import NO_EVENT, RETURN_RANK, EventView, day_rank
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.timeline import (
    FAR_FUTURE,
    FAR_PAST,
    NO_DAY,
    Timeline,
    begins,
    category,
    ends,
    sort_keys,
)
from ties.parallel import parallel_map
from ties.schema.vocabulary import (
    ACTIVITY_STATES,
    BASES,
    DOWN_STATUSES,
    EVENT_KINDS,
    FORMAL_STATES,
    REPORTED_STATUSES,
    SIDES,
    STATUSES,
)

AXES: Final = {"formal": FORMAL_STATES, "activity": ACTIVITY_STATES, "status": STATUSES}

# Positions in the vocabularies, used as small integers while states are computed.
_KIND: Final = {code: i for i, code in enumerate(EVENT_KINDS)}
_SIDE: Final = {code: i for i, code in enumerate(SIDES)}
_FORMAL: Final = {code: i for i, code in enumerate(FORMAL_STATES)}
_ACTIVITY: Final = {code: i for i, code in enumerate(ACTIVITY_STATES)}
_STATUS: Final = {code: i for i, code in enumerate(STATUSES)}
_REPORTED_DORMANT: Final = [*REPORTED_STATUSES].index("dormant")
# What a side makes of the tie by an act of each kind; the stricter side's state is the larger.
_ACTS: Final = {"reinstated": "in_force", "suspended": "suspended", "terminated": "terminated"}
_MADE: Final = np.array([_FORMAL.get(_ACTS.get(code, ""), -1) for code in EVENT_KINDS], "int8")
# What a report says of the formal state: whatever stops no tie shows it in force.
_REPORTS: Final = np.array([_FORMAL.get(code, 0) for code in REPORTED_STATUSES], "int8")
# Which states end activity, and being in force; where the day of that is in doubt, what they end
# is in doubt from its first day.
_ENDS_ACTIVITY: Final = np.arange(len(ACTIVITY_STATES)) == _ACTIVITY["dormant"]
_ENDS_FORCE: Final = np.arange(len(FORMAL_STATES)) != _FORMAL["in_force"]
# The status by formal state (a row each) and activity: a formal stop outweighs any activity.
_STATUS_OF: Final = np.array(
    [
        [_STATUS[activity if formal == "in_force" else formal] for activity in ACTIVITY_STATES]
        for formal in FORMAL_STATES
    ],
    "int8",
)
_IS_DOWN: Final = np.isin(np.arange(len(STATUSES)), [_STATUS[code] for code in DOWN_STATUSES])
# On one day, what comes later in this order has the last word.
_LAPSE, _LOOK, _EVENT = range(3)  # an event's own rank is added to that of events
_STOPPED, _ACT = _EVENT + RETURN_RANK + 1, _EVENT + RETURN_RANK + 2
_ALL_DAYS: Final = 10_000_000  # more than from the first to the last day of any date
_BLOCK: Final = 100_000  # events that are read at once


class EpisodeArrays(NamedTuple):
    """Stretches of time in one state, an element of each array a spell.

    They are sorted by tie, axis and time. ``tie`` is a position in `EventView.ids`, ``axis`` in
    `AXES`, ``state`` in the axis's vocabulary, ``event`` in `EventView.timeline` (`NO_EVENT`: it is
    inferred); days are datetime64[s], an end is missing while the state holds.
    """

    tie: np.ndarray
    axis: np.ndarray
    state: np.ndarray
    start_earliest: np.ndarray
    start_latest: np.ndarray
    end_earliest: np.ndarray
    end_latest: np.ndarray
    event: np.ndarray


class _Points(NamedTuple):
    """Points at which a tie's state on an axis is said anew, sorted by tie and day if settled.

    ``firm_until`` is the first day on which a later event may have ended the state already.
    """

    tie: np.ndarray
    day: np.ndarray
    earliest: np.ndarray
    state: np.ndarray
    event: np.ndarray
    rank: np.ndarray
    firm_until: np.ndarray

    def take(self, which: np.ndarray) -> _Points:
        return _Points(*(column[which] for column in self))


class _Block(NamedTuple):
    """Ties that follow one another; positions count from the first, and from its first event."""

    first_tie: int
    first_event: int
    timeline: Timeline
    is_sign: np.ndarray
    founded: np.ndarray
    founded_earliest: np.ndarray
    founding_event: np.ndarray
    looked: np.ndarray
    searched: np.ndarray


def episodes_of(reading: EventView) -> pd.DataFrame:
    """The episodes on both axes, and of the status that they make together.

    See `ties.lifecycle` for the columns.
    """
    episodes = _in_words(spells_of(reading), reading)
    episodes.attrs.update(reading.as_record())
    return episodes


def spells_of(reading: EventView) -> EpisodeArrays:
    """The episodes as arrays of numbers."""
    end = reading.view.as_of.to_datetime64().astype("M8[D]")
    work = (partial(_spells_of_block, block, reading.rule, end) for block in _blocks(reading))
    parts = parallel_map(work, len(reading.timeline))
    columns = {name: [part[i] for part in parts] for i, name in enumerate(EpisodeArrays._fields)}
    parts.clear()
    # A column at a time, each freed as it is joined, so that nothing large is held twice.
    return EpisodeArrays(*(np.concatenate(columns.pop(name)) for name in EpisodeArrays._fields))


def _blocks(reading: EventView) -> Iterator[_Block]:
    """Part the ties into blocks of about `_BLOCK` events; one at least, for columns have types."""
    line, life = reading.timeline, reading.founding
    cuts = np.unique([0, *line.tie[_BLOCK::_BLOCK].tolist(), len(reading.ids)])
    cuts = cuts if len(cuts) > 1 else np.array([0, 0])
    searches = reading.searches[["tie", "searched_on"]].sort_values("tie", kind="stable")
    looked, searched = searches["tie"].to_numpy(), searches["searched_on"].to_numpy("M8[D]")
    founded, earliest = (life[name].to_numpy("M8[D]") for name in ("latest", "earliest"))
    event = life["event"].to_numpy()
    events, looks = np.searchsorted(line.tie, cuts), np.searchsorted(looked, cuts)
    for i, first in enumerate(cuts[:-1].tolist()):
        ties, by = slice(first, cuts[i + 1]), slice(looks[i], looks[i + 1])
        timeline = line.take(slice(events[i], events[i + 1]))
        yield _Block(
            first,
            int(events[i]),
            replace(timeline, tie=timeline.tie - first),
            reading.is_sign[events[i] : events[i + 1]],
            founded[ties],
            earliest[ties],
            np.where(event[ties] == NO_EVENT, NO_EVENT, event[ties] - events[i]),
            looked[by] - first,
            searched[by],
        )


def _spells_of_block(block: _Block, rule: StatusRule, end: np.datetime64) -> EpisodeArrays:
    unknown = _unsaid(block, _ACTIVITY["no_information"], NO_EVENT)
    in_force = _unsaid(block, _FORMAL["in_force"], block.founding_event)
    activity = _settle([unknown, *_activity_points(block, rule)], block, end, _ENDS_ACTIVITY)
    formal = _settle([in_force, _formal_points(block)], block, end, _ENDS_FORCE)
    status = _status_points(activity, formal, block.timeline.kind)
    return _spells([formal, activity, status], block)


def _unsaid(block: _Block, state: int, event: np.ndarray | int) -> _Points:
    """The state of every tie before anything is known of it, at the beginning of time."""
    tie = np.arange(len(block.founded), dtype="int32")
    day = np.full(len(tie), FAR_PAST)
    return _points(tie, day, day, state, event, _LAPSE)


def _points(
    tie: np.ndarray,
    day: np.ndarray,
    earliest: np.ndarray,
    state: np.ndarray | int,
    event: np.ndarray | int,
    rank: np.ndarray | int,
) -> _Points:
    """Lay out points; what is one number holds for all of them."""
    given = ((state, "int8"), (event, "int32"), (rank, "int8"))
    states, events, ranks = (
        np.broadcast_to(np.asarray(values, kind), tie.shape) for values, kind in given
    )
    firm_until = np.broadcast_to(FAR_FUTURE, tie.shape)
    return _Points(tie, day, earliest, states, events, ranks, firm_until)


def _activity_points(block: _Block, rule: StatusRule) -> Iterator[_Points]:
    """Where activity begins, lapses, is said to have stopped, or is looked for in vain."""
    events, sign = block.timeline, block.is_sign
    is_silence = (events.kind == _KIND["dormant"]) | (events.reported == _REPORTED_DORMANT)
    matters = np.flatnonzero(sign | is_silence)
    said, sign, rank = events.take(matters), sign[matters], day_rank(events)[matters]
    last_lapse = _lapse_days(said, sign, said.run_end, rule.dormant_after)
    yield _look_points(block, rule, said.tie[sign], said.latest[sign], last_lapse[sign])

    kept = np.flatnonzero(~_may_precede_silence(said, sign, rank))
    matters, said, sign, rank = matters[kept], said.take(kept), sign[kept], rank[kept]
    lapse = _lapse_days(said, sign, said.surely_until, rule.dormant_after)
    # A sign that may have worn off by its last day shows no more than that a silence was over.
    is_active = sign & (lapse > said.latest)
    state = np.where(is_active, _ACTIVITY["active"], _ACTIVITY["no_information"])
    state = np.where(sign, state, _ACTIVITY["dormant"])
    earliest = np.where(sign & (lapse == said.latest), said.latest, said.earliest)
    yield _points(said.tie, said.latest, earliest, state, matters, _EVENT + rank)
    goes_on = np.zeros(len(said), bool)
    goes_on[:-1] = (said.tie[1:] == said.tie[:-1]) & (said.latest[1:] <= lapse[:-1])
    over = is_active & ~goes_on
    day = lapse[over]
    yield _points(said.tie[over], day, day, _ACTIVITY["no_information"], NO_EVENT, _LAPSE)


def _may_precede_silence(said: Timeline, is_sign: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Mark signs of life that may lie before the last silence told before them.

    They do not show that it was over. A return does, since it is one from a silence.
    """
    no_tie = np.zeros_like(said.tie)
    silent = _last_said(sort_keys(no_tie, said.latest, rank), ~is_sign, said.tie)
    first = np.where(np.isnat(said.earliest), FAR_PAST, said.earliest)
    return is_sign & (rank < RETURN_RANK) & (sort_keys(no_tie, first, rank) <= silent)


def _lapse_days(said: Timeline, is_sign: np.ndarray, until: np.ndarray, years: int) -> np.ndarray:
    """The day on which each sign of life, and all before it, have worn off.

    A run of exchanges wears off after its end, whatever single visit falls within it; a
    recorded silence ends the run. A sign whose beginning is open has no effect.
    """
    counts = is_sign & ~np.isnat(until)
    lapse = np.full(len(said), FAR_PAST)
    lapse[counts] = add_years(until[counts], years)
    # A running maximum that begins anew with each tie and silence: each has a floor that is
    # higher than any day on the floor below.
    floor = np.cumsum(begins(said.tie) | ~is_sign) * _ALL_DAYS
    days: np.ndarray = (np.maximum.accumulate(lapse.astype("int64") + floor) - floor).view("M8[D]")
    return days


def _look_points(
    block: _Block, rule: StatusRule, tie: np.ndarray, day: np.ndarray, lapse: np.ndarray
) -> _Points:
    """Where a search shows silence: no sign of life in the years before it."""
    looked, searched = block.looked, block.searched
    # The last sign before each search, found among the signs in order of tie and day.
    asked, signs = sort_keys(looked, searched, 0), sort_keys(tie, day, 0)
    before = np.searchsorted(signs, asked, side="right") - 1
    has_sign = before >= 0
    has_sign[has_sign] = tie[before[has_sign]] == looked[has_sign]
    # A search speaks for no more than the years that there are.
    start = np.maximum(add_years(searched, rule.dormant_after - rule.reach), FAR_PAST)
    start[has_sign] = np.maximum(start[has_sign], lapse[before[has_sign]])
    holds = start <= searched
    looked, start = looked[holds], start[holds]
    return _points(looked, start, start, _ACTIVITY["dormant"], NO_EVENT, _LOOK)


def _formal_points(block: _Block) -> _Points:
    """What each formal act and each report makes of the tie; each side decides for itself."""
    events = block.timeline
    is_act = (_MADE[events.kind] >= 0) & (events.side != _SIDE["none"])
    matters = np.flatnonzero(is_act | (events.reported >= 0))
    said, is_act = events.take(matters), is_act[matters]
    # What a side has not decided yet is in force, which is 0.
    by_side = (
        _last_said(
            _MADE[said.kind], is_act & np.isin(said.side, [_SIDE[side], _SIDE["both"]]), said.tie
        )
        for side in "ab"
    )
    # A report holds until the next report or act.
    reported = np.where(is_act, 0, _REPORTS[said.reported])
    state = np.maximum.reduce([*by_side, reported])
    # A tie that is said to be stopped may have been so for any time.
    founded = np.minimum(block.founded_earliest[said.tie], said.latest)
    earliest = np.where(reported > 0, founded, said.earliest)
    rank = np.where(reported > 0, _STOPPED, _EVENT + day_rank(said))
    rank = np.where(is_act, _ACT, rank)
    return _points(said.tie, said.latest, earliest, state, matters, rank)


def _last_said(values: np.ndarray, is_said: np.ndarray, tie: np.ndarray) -> np.ndarray:
    """Carry what was last said of a tie onwards; 0 while nothing is."""
    place = np.arange(len(values))
    last = np.maximum.accumulate(np.where(is_said | begins(tie), place, 0))
    return np.where(is_said, values, 0)[last]


def _settle(
    points: list[_Points], block: _Block, end: np.datetime64, enders: np.ndarray
) -> _Points:
    """Begin each tie at its founding, end the view at `end`, and keep one point a day.

    What lies before the founding is carried to it: the last of it is the first state. What
    holds is firm until the first day of any later point in a state that is marked in `enders`.
    """
    joined = _join(points)
    # The day on which a point shows; a tie that does not stand has none, and falls out here.
    shown = np.maximum(joined.day, block.founded[joined.tie])
    joined = joined.take(np.flatnonzero(shown <= end))
    settled = joined.take(_order(joined))
    start = block.founded[settled.tie]
    is_before = settled.day < start
    return _last_of_day(
        settled._replace(
            day=np.where(is_before, start, settled.day),
            earliest=np.where(is_before, block.founded_earliest[settled.tie], settled.earliest),
            firm_until=_first_end(settled, enders[settled.state]),
        )
    )


def _first_end(points: _Points, is_end: np.ndarray) -> np.ndarray:
    """The first day on which an end that is yet to come may have come; open is far past."""
    day = np.where(np.isnat(points.earliest), FAR_PAST, points.earliest)
    day = np.where(is_end, day, FAR_FUTURE).astype("int64")
    # A running minimum from the last point backwards; each tie has a floor of its own.
    floor = points.tie * np.int64(_ALL_DAYS)
    first = np.minimum.accumulate((day + floor)[::-1])[::-1] - floor
    return np.where(is_end, FAR_FUTURE, first.view("M8[D]"))


def _join(points: list[_Points]) -> _Points:
    return _Points(*(np.concatenate(columns) for columns in zip(*points, strict=True)))


def _order(points: _Points) -> np.ndarray:
    """Order points by tie, day and rank; what is alike in all keeps its order."""
    return np.argsort(sort_keys(points.tie, points.day, points.rank), kind="stable")


def _last_of_day(points: _Points) -> _Points:
    return points.take(np.flatnonzero(ends(sort_keys(points.tie, points.day, 0))))


def _status_points(activity: _Points, formal: _Points, kind: np.ndarray) -> _Points:
    """Read the two axes as one status; a formal stop outweighs any activity."""
    joined = _join([activity, formal])
    order = _order(joined)
    both, is_formal = joined.take(order), order >= len(activity.tie)
    # Both axes begin on the day of the founding, so by its last point, which is kept, both have
    # spoken, and what was last said before is the tie's own.
    standing = _last_said(both.state, is_formal, both.tie)
    doing = _last_said(both.state, ~is_formal, both.tie)
    days = both.firm_until.astype("int64")
    firm = np.minimum(
        _last_said(days, is_formal, both.tie), _last_said(days, ~is_formal, both.tie)
    ).view("M8[D]")
    firm = np.where(standing == _FORMAL["in_force"], firm, FAR_FUTURE)
    both = both._replace(state=_STATUS_OF[standing, doing], firm_until=firm)
    both = _last_of_day(both)
    comes_back = np.append(kind == _KIND["revived"], False)[both.event]
    fell = _IS_DOWN[both.state] | comes_back
    is_back = (both.state == _STATUS["active"]) & _has_been(fell, both.tie)
    return both._replace(state=np.where(is_back, _STATUS["revived"], both.state).astype("int8"))


def _has_been(is_so: np.ndarray, tie: np.ndarray) -> np.ndarray:
    """Whether something is so of a tie, or was before."""
    return _last_said(is_so, is_so, tie).astype(bool)


def _spells(axes: list[_Points], block: _Block) -> EpisodeArrays:
    """Turn the points of each axis into spells, each ending where the next begins."""
    changed = []
    for points in axes:
        is_new = begins(points.tie)
        is_new[1:] |= points.state[1:] != points.state[:-1]
        changed.append(points.take(np.flatnonzero(is_new)))
    points = _join(changed)
    axis = np.repeat(np.arange(len(axes), dtype="int8"), [len(each.tie) for each in changed])
    order = np.argsort(points.tie * np.int64(len(axes)) + axis, kind="stable")
    points, axis = points.take(order), axis[order]
    start, earliest = points.day.astype("M8[s]"), points.earliest.astype("M8[s]")
    is_last = ends(points.tie * np.int64(len(axes)) + axis)
    following = np.append(np.arange(1, len(order)), 0)[: len(order)]
    firm = points.firm_until.astype("M8[s]")
    firm = np.minimum(np.where(firm == FAR_PAST, NO_DAY, firm), earliest[following])
    return EpisodeArrays(
        points.tie + np.int32(block.first_tie),
        axis,
        points.state,
        earliest,
        start,
        np.where(is_last, NO_DAY, firm),
        np.where(is_last, NO_DAY, start[following]),
        np.where(points.event == NO_EVENT, NO_EVENT, points.event + block.first_event),
    )


def _in_words(spells: EpisodeArrays, reading: EventView) -> pd.DataFrame:
    """Put codes and words in place of numbers; last, for text is wide."""
    vocabularies = [[*words] for words in AXES.values()]
    offset = np.cumsum([0, *(len(words) for words in vocabularies[:-1])])
    words = pd.Series([word for words in vocabularies for word in words], dtype="str").array
    is_told = spells.event != NO_EVENT
    row = np.where(is_told, np.append(reading.timeline.row, NO_EVENT)[spells.event], NO_EVENT)
    tie_id, state, event_id = parallel_map(
        [
            lambda: reading.ids.array.take(spells.tie),
            lambda: words.take(spells.state + offset[spells.axis]),
            lambda: reading.events["event_id"].array.take(row, allow_fill=True),
        ],
        len(row),
    )
    return pd.DataFrame(
        {
            "tie_id": tie_id,
            "axis": category(spells.axis, AXES),
            "state": state,
            "start_earliest": spells.start_earliest,
            "start_latest": spells.start_latest,
            "end_earliest": spells.end_earliest,
            "end_latest": spells.end_latest,
            "event_id": event_id,
            "basis": category(basis_of(spells.event, reading.timeline), BASES),
        },
        copy=False,
    )


def basis_of(event: np.ndarray, events: Timeline) -> np.ndarray:
    """The position in `BASES` of what each spell rests on: an event, a report, or the rule."""
    recorded, reported, inferred = (
        [*BASES].index(code) for code in ("recorded", "reported", "inferred")
    )
    is_report = np.append(events.reported >= 0, False)[event]
    told = np.where(is_report, reported, recorded)
    return np.where(event == NO_EVENT, inferred, told).astype("int8")
