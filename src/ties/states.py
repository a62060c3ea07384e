"""States from events, as points in time: where a tie begins to be active, dormant, suspended.

Each axis is made in three steps: say at which points a state is said anew (`_activity_points`,
`_formal_points`), carry what lies before the founding to it and keep one point a day
(`_settle`), and turn the points into episodes (`_episodes`). Status joins the two axes.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ties.model.dates import add_years
from ties.model.vocabulary import ACTIVITY_STATES, BASES, DOWN_STATUSES, FORMAL_STATES, STATUSES
from ties.reading import NO_EVENT, Reading, day_rank

AXES: Final = ("formal", "activity", "status")

# Positions in the vocabularies, used as small integers while states are computed.
_FORMAL: Final = {code: i for i, code in enumerate(FORMAL_STATES)}
_ACTIVITY: Final = {code: i for i, code in enumerate(ACTIVITY_STATES)}
_STATUS: Final = {code: i for i, code in enumerate(STATUSES)}
_SIDE_STATE: Final = {"reinstated": 0, "suspended": 1, "terminated": 2}
# On one day, what comes later in this order has the last word.
_LAPSE, _LOOK, _SIGN, _SILENCE, _RETURN, _ACT = range(6)
_NAT: Final = np.datetime64("NaT", "D")


def episodes_of(reading: Reading) -> pd.DataFrame:
    """Give the episodes on both axes, and of the status that they make together.

    See `ties.lifecycle` for the columns.
    """
    founding, end = reading.founding, reading.view.as_of
    unknown = _begin(founding, _ACTIVITY["no_information"], NO_EVENT)
    in_force = _begin(founding, _FORMAL["in_force"], founding["event"].to_numpy())
    activity = _settle(_activity_points(reading), founding, unknown, end)
    formal = _settle(_formal_points(reading.happened), founding, in_force, end)
    axes = (
        ("formal", FORMAL_STATES, formal),
        ("activity", ACTIVITY_STATES, activity),
        ("status", STATUSES, _status_points(activity, formal, reading.happened["kind"])),
    )
    parts = [_episodes(points).assign(axis=number) for number, (*_, points) in enumerate(axes)]
    states = [[*states] for _, states, _ in axes]
    episodes = _in_words(pd.concat(parts, ignore_index=True), states, reading)
    episodes.attrs.update(reading.view.as_record(), rule=reading.rule.as_record())
    return episodes


def _points(
    tie: np.ndarray,
    day: np.ndarray,
    earliest: np.ndarray,
    state: np.ndarray | int,
    event: np.ndarray | int,
    rank: np.ndarray | int,
) -> pd.DataFrame:
    """Lay out points at which a tie's state on an axis is said anew."""
    return pd.DataFrame(
        {"tie": tie, "day": day, "earliest": earliest, "state": state, "event": event, "rank": rank}
    )


def _activity_points(reading: Reading) -> pd.DataFrame:
    """Say where activity begins, lapses, is said to have stopped, or is looked for in vain."""
    events, rule = reading.happened, reading.rule
    kind, is_dated = events["kind"].to_numpy(object), ~events["is_open"].to_numpy(bool)
    is_sign, is_silence = np.isin(kind, [*rule.qualifying]) & is_dated, kind == "dormant"
    matters = np.flatnonzero(is_sign | is_silence)
    said = events.iloc[matters]
    tie, sign = said["tie"].to_numpy(), is_sign[matters]
    day, earliest = said["latest"].to_numpy("M8[D]"), said["earliest"].to_numpy("M8[D]")
    state = np.where(sign, _ACTIVITY["active"], _ACTIVITY["dormant"])
    signs = _points(tie, day, earliest, state, matters, _SIGN + day_rank(said["kind"]))

    lapse = _lapse_days(said, sign, rule.dormant_after)
    following = np.append(day[1:], _NAT) if len(day) else day
    has_next = np.append(tie[1:] == tie[:-1], False) if len(tie) else np.zeros(0, bool)
    lapses = sign & ~(has_next & (following <= lapse))
    lapsed = _points(
        tie[lapses],
        lapse[lapses],
        lapse[lapses] - (day - earliest)[lapses],
        _ACTIVITY["no_information"],
        NO_EVENT,
        _LAPSE,
    )
    looked = _look_points(tie[sign], lapse[sign], day[sign], reading)
    return pd.concat([signs, lapsed, looked], ignore_index=True)


def _lapse_days(said: pd.DataFrame, is_sign: np.ndarray, years: int) -> np.ndarray:
    """Give the day on which each sign of life has worn off, unless another follows.

    A run of exchanges wears off after its end, whatever single visit falls within it; a
    recorded silence ends the run.
    """
    lapse = add_years(said["run_end"].to_numpy("M8[D]"), years).astype("int64")
    spell = pd.Series(~is_sign, index=said.index).groupby(said["tie"]).cumsum()
    running = pd.Series(np.where(is_sign, lapse, np.iinfo("int64").min), index=said.index)
    return running.groupby([said["tie"], spell]).cummax().to_numpy().astype("M8[D]")


def _look_points(
    tie: np.ndarray, lapse: np.ndarray, day: np.ndarray, reading: Reading
) -> pd.DataFrame:
    """Say where a search shows silence: no sign of life in the years before it."""
    rule, searches = reading.rule, reading.searches
    looked = reading.ids.get_indexer(pd.Index(searches["tie_id"]))
    searched = searches["searched_on"].to_numpy("M8[D]")
    # The last sign before each search, found among the signs in order of tie and day.
    span = 10_000_000
    signs = tie.astype("int64") * span + day.astype("int64")
    before = np.searchsorted(signs, looked * span + searched.astype("int64"), side="right") - 1
    of_same_tie = (before >= 0) & (tie[before] == looked if len(tie) else False)
    silent = np.where(of_same_tie, lapse[before] if len(tie) else _NAT, _NAT)
    spoken_for = add_years(searched, rule.dormant_after - rule.reach)
    start = np.where(np.isnat(silent), spoken_for, np.maximum(silent, spoken_for))
    holds = start <= searched
    return _points(looked[holds], start[holds], start[holds], _ACTIVITY["dormant"], NO_EVENT, _LOOK)


def _formal_points(events: pd.DataFrame) -> pd.DataFrame:
    """Say what each formal act makes of the tie; each side decides for itself."""
    acts = np.flatnonzero(events["kind"].isin(list(_SIDE_STATE)) & (events["side"] != "none"))
    acted = events.iloc[acts]
    made = acted["kind"].map(_SIDE_STATE).astype("float64")
    sides = [
        made.where(acted["side"].isin([side, "both"])).groupby(acted["tie"]).ffill().fillna(0)
        for side in ("a", "b")
    ]
    stricter = pd.concat(sides, axis=1).max(axis=1)
    return _points(
        acted["tie"].to_numpy(),
        acted["latest"].to_numpy("M8[D]"),
        acted["earliest"].to_numpy("M8[D]"),
        stricter.to_numpy("int64"),
        acts,
        _ACT,
    )


def _settle(
    points: pd.DataFrame, life: pd.DataFrame, begin: pd.DataFrame, end: pd.Timestamp
) -> pd.DataFrame:
    """Begin each tie at its founding, end the view at `as_of`, and keep one point a day.

    `begin` holds the state that a tie has before anything is said of it. It and all that lies
    before the founding are carried to the founding: the last of them is the first state.
    """
    points = pd.concat([begin, points], ignore_index=True)
    points = points[life["latest"].notna().to_numpy()[points["tie"]]]
    founded = life.iloc[points["tie"].to_numpy()]
    start = founded["latest"].to_numpy("M8[D]")
    is_before = points["day"].to_numpy("M8[D]") < start
    points = points.assign(
        shown=np.where(is_before, start, points["day"].to_numpy("M8[D]")),
        earliest=np.where(
            is_before, founded["earliest"].to_numpy("M8[D]"), points["earliest"].to_numpy("M8[D]")
        ),
    )
    points = points[points["shown"] <= end]
    points = points.sort_values(["tie", "shown", "day", "rank"], ignore_index=True)
    points = points.drop_duplicates(["tie", "shown"], keep="last")
    return points.assign(day=points["shown"]).drop(columns="shown")


def _changes(points: pd.DataFrame) -> pd.DataFrame:
    """Keep the points at which the state differs from the one before."""
    same = points[["tie", "state"]].eq(points[["tie", "state"]].shift()).all(axis=1)
    return points[~same]


def _begin(life: pd.DataFrame, state: int, event: np.ndarray | int) -> pd.DataFrame:
    """Give every tie its state before anything is said of it, at the beginning of time."""
    n_ties = len(life)
    day = np.full(n_ties, np.datetime64("0001-01-01", "D"))
    return _points(np.arange(n_ties), day, day, np.full(n_ties, state), event, _LAPSE)


def _status_points(activity: pd.DataFrame, formal: pd.DataFrame, kind: pd.Series) -> pd.DataFrame:
    """Read the two axes as one status; a formal stop outweighs any activity."""
    both = pd.concat(
        [activity.assign(activity=activity["state"]), formal.assign(formal=formal["state"])],
        ignore_index=True,
    )
    # A formal act has the last word on its day, but the founding belongs to both axes.
    both = both.sort_values(["tie", "day", "rank"], ignore_index=True)
    axes = both[["activity", "formal"]].groupby(both["tie"]).ffill()
    both = both.assign(activity=axes["activity"], formal=axes["formal"])
    both = both.drop_duplicates(["tie", "day"], keep="last")
    both["state"] = _status(both["activity"], both["formal"])
    is_down = both["state"].isin([_STATUS[code] for code in DOWN_STATUSES])
    revives = np.append(kind == "revived", False)[both["event"].to_numpy("int64")]
    was_down = (is_down | revives).groupby(both["tie"]).cummax()
    both["state"] = both["state"].mask(
        was_down & (both["state"] == _STATUS["active"]), _STATUS["revived"]
    )
    return both


def _status(activity: pd.Series, formal: pd.Series) -> pd.Series:
    by_activity = activity.map(
        {_ACTIVITY[code]: _STATUS[code] for code in ("active", "dormant", "no_information")}
    )
    by_formal = formal.map({_FORMAL[code]: _STATUS[code] for code in ("suspended", "terminated")})
    return by_formal.fillna(by_activity).astype("int64")


def _episodes(points: pd.DataFrame) -> pd.DataFrame:
    """Turn the points of one axis into episodes, each ending where the next begins."""
    points = _changes(points)
    following = points.groupby("tie")[["earliest", "day"]].shift(-1)
    return points.assign(end_earliest=following["earliest"], end_latest=following["day"])


def _in_words(coded: pd.DataFrame, states: list[list[str]], reading: Reading) -> pd.DataFrame:
    """Put episodes in order, and codes and words in place of numbers.

    Text comes last, since sorting and copying numbers takes a fraction of the time.
    """
    # The ids are in order, so their positions are.
    coded = coded.sort_values(["tie", "axis", "day"], ignore_index=True)
    tie, axis = coded["tie"].to_numpy(), coded["axis"].to_numpy()
    offset = np.cumsum([0, *(len(names) for names in states[:-1])])
    words = pd.Series([name for names in states for name in names], dtype="str").array
    event = coded["event"].to_numpy("int64")
    return pd.DataFrame(
        {
            "tie_id": reading.ids.array.take(tie),
            "axis": pd.Categorical.from_codes(axis, categories=pd.Index(AXES)),
            "state": words.take(coded["state"].to_numpy("int64") + offset[axis]),
            "start_earliest": coded["earliest"].to_numpy("M8[s]"),
            "start_latest": coded["day"].to_numpy("M8[s]"),
            "end_earliest": coded["end_earliest"].to_numpy("M8[s]"),
            "end_latest": coded["end_latest"].to_numpy("M8[s]"),
            "event_id": reading.happened["event_id"].array.take(event, allow_fill=True),
            "basis": pd.Categorical(
                np.where(event == NO_EVENT, "inferred", "recorded"), categories=[*BASES]
            ),
        }
    )
