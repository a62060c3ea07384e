"""From events to states: the one place where what happened becomes what was.

A tie lives on two axes, because every source that has just one confuses them. *Formally* it
is in force, suspended or terminated, as the governments of its two sides have decided. Its
*activity* is another matter: it is active while a qualifying event lies within the rule's
years, dormant when somebody looked and found nothing, and otherwise there is no information.
No information is never counted as dormant.

How a state follows from events:

1. An event counts from the last day that its date admits: by then it has certainly happened.
2. A tie stands from its founding, or from the first event that shows it standing if no
   founding is dated.
3. A qualifying event makes the tie active until `dormant_after` years later. An event of kind
   `dormant` ends that at once.
4. A search that finds no qualifying event in the years before it makes the tie dormant from
   the day of the search: an inference, marked as such.
5. Each side suspends, ends or reinstates for itself; the tie is as the stricter side has it.
6. One status follows: terminated or suspended if it formally is, else as its activity is;
   *revived* if it is active after a dormant, suspended or terminated spell. An event of kind
   `revived` bears witness to such a spell, even where nothing else of it is on record.

Everything works on whole columns: no loop runs over ties or events.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import pandas as pd

from ties.evidence import known_attestations, known_events, known_searches
from ties.model.dataset import Dataset
from ties.model.dates import add_years, last_day
from ties.model.vocabulary import (
    ACTIVITY_STATES,
    BASES,
    DOWN_STATUSES,
    EVENT_KINDS,
    FORMAL_STATES,
    STATUSES,
)

AXES: Final = ("formal", "activity", "status")
DATE_RULES: Final = ("recorded", "earliest", "latest", "span")

QUALIFYING: Final = frozenset(
    code
    for code, term in EVENT_KINDS.items()
    if term.group in ("founding", "activity") or code == "reinstated"
)

# Positions in the vocabularies, used as small integers while states are computed.
_FORMAL: Final = {code: i for i, code in enumerate(FORMAL_STATES)}
_ACTIVITY: Final = {code: i for i, code in enumerate(ACTIVITY_STATES)}
_STATUS: Final = {code: i for i, code in enumerate(STATUSES)}
_SIDE_STATE: Final = {"reinstated": 0, "suspended": 1, "terminated": 2}
# On one day, what comes later in this order has the last word.
_LAPSE, _LOOK, _SIGN, _SILENCE, _RETURN, _ACT = range(6)
_NO_EVENT: Final = -1
_NAT: Final = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class StatusRule:
    """How events are read as states. Every figure can be redrawn with another rule.

    Parameters
    ----------
    dormant_after
        Years after a qualifying event, or after the end of a run of them, during which the
        tie counts as active. No policy that
        we know fixes a number; five is our choice.
    qualifying
        Kinds of event that are a sign of life.
    search_reach
        Years before a search about which it speaks. With the default, `dormant_after`, a
        search without result makes a tie dormant from the day of the search; a longer reach
        takes the dormancy back, a claim that the search could have found older signs.
    dates
        Which date an event has when its sources disagree: ``recorded`` (the event's own),
        ``earliest`` or ``latest`` of those attested, or their whole ``span``.
    undated_sources
        Whether sources without a date of publication count as ``known`` or ``unknown`` when
        `known_by` is asked.

    Examples
    --------
    >>> StatusRule(dormant_after=3).dormant_after
    3
    """

    dormant_after: int = 5
    qualifying: frozenset[str] = QUALIFYING
    search_reach: int | None = None
    dates: str = "recorded"
    undated_sources: str = "unknown"

    def __post_init__(self) -> None:
        """Refuse a rule that has no meaning."""
        reach = self.dormant_after if self.search_reach is None else self.search_reach
        if not 1 <= self.dormant_after <= 100 or reach < self.dormant_after:
            raise ValueError(
                f"dormant_after is {self.dormant_after} and search_reach {reach}: years from 1 to "
                "100, and a search must reach back at least as far as dormancy takes"
            )
        unknown = set(self.qualifying) - set(EVENT_KINDS)
        if unknown:
            raise ValueError(f"not a kind of event: {', '.join(sorted(unknown))}")
        if self.dates not in DATE_RULES:
            raise ValueError(f"dates is {self.dates!r}; it is one of {', '.join(DATE_RULES)}")
        if self.undated_sources not in ("known", "unknown"):
            raise ValueError("undated_sources is 'known' or 'unknown'")

    def as_record(self) -> dict[str, object]:
        """Give the rule as plain values, for a manifest or a footer."""
        return asdict(self) | {"qualifying": sorted(self.qualifying)}


def lifecycle(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """Give the episodes of each tie's life: what state it was in, from when to when.

    Parameters
    ----------
    dataset
        A record, as `ties.load` or `ties.read` gives it.
    rule
        How events are read; `StatusRule()` if not given.
    as_of
        The day to look from: an EDTF date, of which the last day is taken, or a date. The
        record's own date if not given.
    known_by
        Also hide every source published later, and every search made later: what could be
        known on that day.

    Returns
    -------
    DataFrame
        A row an episode, sorted by tie, axis and time: ``tie_id``; ``axis`` (formal, activity,
        status); ``state``; ``start_earliest``, ``start_latest``, ``end_earliest``, ``end_latest``
        (datetime64[s], days; an end is missing while the state holds on `as_of`);
        ``event_id`` of the event that began it, missing if inferred; ``basis`` (recorded,
        inferred). Episodes of a tie and axis meet without gap or overlap at ``start_latest``.
        A tie that does not yet stand on `as_of` has no row.

    Raises
    ------
    ValueError
        If `as_of` or `known_by` is not a date with an end.

    Examples
    --------
    >>> import ties
    >>> episodes = ties.lifecycle(ties.load("us-russia"))
    >>> one = episodes.query("tie_id == 'oklahoma-city-ulyanovsk' and axis == 'status'")
    >>> one["state"].tolist()
    ['active', 'dormant', 'suspended']
    """
    return Reading.of(dataset, rule, as_of, known_by).episodes()


@dataclass(frozen=True)
class View:
    """From when the record is looked at, and with whose knowledge."""

    as_of: pd.Timestamp
    known_by: pd.Timestamp | None

    @classmethod
    def of(
        cls, dataset: Dataset, as_of: str | dt.date | None, known_by: str | dt.date | None
    ) -> View:
        """Read the two days, with the record's own date as the default."""
        day = dataset.as_of if as_of is None else last_day(as_of)
        return cls(day, None if known_by is None else last_day(known_by))

    def as_record(self) -> dict[str, str | None]:
        """Give the two days as text."""
        known = None if self.known_by is None else str(self.known_by.date())
        return {"as_of": str(self.as_of.date()), "known_by": known}


@dataclass(frozen=True)
class Reading:
    """A record as it is read under a rule, from a day: what happened, and since when ties stand.

    Parameters
    ----------
    ids
        The ties, in order; other tables refer to them by position.
    happened
        Known events that have happened, as `order_events` orders them.
    attested
        Known attestations.
    searches
        Known searches.
    founding
        As `founding_bounds` gives it.
    """

    rule: StatusRule
    view: View
    ids: pd.Index
    happened: pd.DataFrame
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
    ) -> Reading:
        """Read a record; see `lifecycle` for the parameters."""
        rule, view = rule or StatusRule(), View.of(dataset, as_of, known_by)
        ids = pd.Index(sorted(dataset.ties["tie_id"]))
        attested = known_attestations(dataset, rule.undated_sources, view.known_by)
        events = order_events(known_events(dataset, attested, rule.dates, view.known_by), ids)
        happened = events[events["latest"] <= view.as_of].reset_index(drop=True)
        searches = known_searches(dataset, view.known_by)
        founding = founding_bounds(happened, len(ids))
        return cls(rule, view, ids, happened, attested, searches, founding)

    def episodes(self) -> pd.DataFrame:
        """Give the episodes on both axes, and of the status that they make together."""
        life, end = self.founding, self.view.as_of
        unknown = _begin(life, _ACTIVITY["no_information"], _NO_EVENT)
        in_force = _begin(life, _FORMAL["in_force"], life["event"].to_numpy())
        activity = _settle(_activity_points(self), life, unknown, end)
        formal = _settle(_formal_points(self.happened), life, in_force, end)
        axes = (
            ("formal", FORMAL_STATES, formal),
            ("activity", ACTIVITY_STATES, activity),
            ("status", STATUSES, _status_points(activity, formal, self.happened["kind"])),
        )
        event_ids = self.happened["event_id"].to_numpy(object)
        parts = [
            _episodes(points, axis, [*states], self.ids, event_ids) for axis, states, points in axes
        ]
        episodes = pd.concat(parts, ignore_index=True)
        episodes = episodes.sort_values(["tie_id", "axis", "start_latest"], ignore_index=True)
        episodes.attrs.update(self.view.as_record(), rule=self.rule.as_record())
        return episodes


def founding_bounds(events: pd.DataFrame, n_ties: int) -> pd.DataFrame:
    """Bound the founding of each tie by its founding event and by the first sign that it stood.

    A tie stood at the latest when something showed it standing: a listing, a renewal, a
    suspension. That bounds the founding where no event dates it, or where its date has no
    end (``1992/..``). Contact alone bounds nothing, since people may visit before they sign.

    Parameters
    ----------
    events
        Ordered events with ``tie`` (position), ``kind``, ``earliest``, ``latest``, ``is_open``.
    n_ties
        Number of ties.

    Returns
    -------
    DataFrame
        A row a tie, by position: ``earliest``, ``latest`` (datetime64[D]), ``event`` (position
        of the founding event if it dates the founding, else -1).
    """
    tie, latest = events["tie"].to_numpy(), events["latest"].to_numpy("M8[D]")
    group = events["kind"].map({code: term.group for code, term in EVENT_KINDS.items()})
    is_founding = (events["kind"] == "founded").to_numpy()
    is_dated = is_founding & ~events["is_open"].to_numpy(bool)
    is_sign = group.isin(["evidence", "silence", "formal"]) | (events["kind"] == "renewed")
    shows = is_sign.to_numpy(bool) | is_dated

    def first(mask: np.ndarray, values: np.ndarray, empty: int | np.datetime64) -> np.ndarray:
        found = np.full(n_ties, empty, dtype=values.dtype)
        # Written backwards, so that the first of each tie is written last.
        found[tie[mask][::-1]] = values[mask][::-1]
        return found

    position = first(shows, np.arange(len(events)), _NO_EVENT)
    return pd.DataFrame(
        {
            "earliest": first(is_founding, events["earliest"].to_numpy("M8[D]"), _NAT),
            "latest": first(shows, latest, _NAT),
            "event": np.where(np.append(is_dated, False)[position], position, _NO_EVENT),
        }
    )


def order_events(events: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Order events by tie and day, with ``tie`` as the position of each tie in `ids`.

    On one day a visit comes before a silence, and a return after it, since a silence of the
    same year would else be forgotten. Beyond that, kind and code decide, so that no order of
    rows is an accident.
    """
    kind = events["kind"].map({code: i for i, code in enumerate(EVENT_KINDS)}).astype("int64")
    kind += len(EVENT_KINDS) * _day_rank(events["kind"])
    return (
        events.assign(tie=ids.get_indexer(pd.Index(events["tie_id"])), kind_order=kind)
        .sort_values(["tie", "latest", "kind_order", "event_id"], ignore_index=True)
        .drop(columns="kind_order")
    )


def _day_rank(kind: pd.Series) -> np.ndarray:
    """Rank events of one day: signs of life, then silence, then returns."""
    is_return = kind.isin(["revived", "reinstated"])
    return np.select([is_return, kind == "dormant"], [_RETURN, _SILENCE], _SIGN)


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
    signs = _points(tie, day, earliest, state, matters, _day_rank(said["kind"]))

    lapse = _lapse_days(said, sign, rule.dormant_after)
    following = np.append(day[1:], _NAT) if len(day) else day
    has_next = np.append(tie[1:] == tie[:-1], False) if len(tie) else np.zeros(0, bool)
    lapses = sign & ~(has_next & (following <= lapse))
    lapsed = _points(
        tie[lapses],
        lapse[lapses],
        lapse[lapses] - (day - earliest)[lapses],
        _ACTIVITY["no_information"],
        _NO_EVENT,
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
    reach = rule.dormant_after if rule.search_reach is None else rule.search_reach
    spoken_for = add_years(searched, rule.dormant_after - reach)
    start = np.where(np.isnat(silent), spoken_for, np.maximum(silent, spoken_for))
    holds = start <= searched
    return _points(
        looked[holds], start[holds], start[holds], _ACTIVITY["dormant"], _NO_EVENT, _LOOK
    )


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


def _episodes(
    points: pd.DataFrame, axis: str, states: list[str], ids: pd.Index, event_ids: np.ndarray
) -> pd.DataFrame:
    """Turn the points of one axis into episodes, each ending where the next begins."""
    points = _changes(points)
    following = points.groupby("tie")[["earliest", "day"]].shift(-1)
    event = points["event"].to_numpy("int64")
    is_recorded = event != _NO_EVENT
    # One place more, so that "no event" (-1) has something to point at.
    event_ids = np.append(event_ids, np.array([None]))
    return pd.DataFrame(
        {
            "tie_id": pd.array(ids.to_numpy(object)[points["tie"]], dtype="str"),
            "axis": pd.Categorical([axis] * len(points), categories=AXES),
            "state": pd.array(np.asarray(states, object)[points["state"]], dtype="str"),
            "start_earliest": points["earliest"].to_numpy("M8[s]"),
            "start_latest": points["day"].to_numpy("M8[s]"),
            "end_earliest": following["earliest"].to_numpy("M8[s]"),
            "end_latest": following["day"].to_numpy("M8[s]"),
            "event_id": pd.array(event_ids[event], dtype="str"),
            "basis": pd.Categorical(
                np.where(is_recorded, "recorded", "inferred"), categories=[*BASES]
            ),
        }
    )
