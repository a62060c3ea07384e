"""What the sources of a simulated world write: events, and who attests them with which date."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from validation.simulate.lives import year_of
from validation.simulate.world import (
    ALIVE,
    DORMANT,
    PRECISIONS,
    SUSPENDED,
    TERMINATED,
    Scenario,
    value_at,
)

from ties.dates import years_of

KINDS: Final = ("founded", "listed", "suspended", "terminated", "visit", "reported")
PAPER: Final = "news"
DIRECTORY: Final = "directory"
_RETELLERS: Final = ("government", "nonprofit", "encyclopedia")
_FOUNDED: Final = KINDS.index("founded")
_VISIT: Final = KINDS.index("visit")
# What a register calls a tie in each true state that it may mistake for another.
_STATES: Final = np.array([ALIVE, DORMANT, SUSPENDED, TERMINATED])
_WORDS: Final = {ALIVE: "active", DORMANT: "dormant"}
_WORDS_ON_PAPER: Final = {SUSPENDED: "suspended", TERMINATED: "terminated"}


def write_events(
    rng: np.random.Generator,
    more: np.random.Generator,
    world: Scenario,
    founded: np.ndarray,
    spells: pd.DataFrame,
    visits: pd.DataFrame,
    last: np.datetime64,
) -> pd.DataFrame:
    """What left a source: ``tie``, ``kind`` (in `KINDS`), ``side``, ``date``, ``day``.

    `rng` drives what every scenario has, and `more` what only some have, so that a
    further way of seeing leaves the rest of a record as it was. ``day`` is what the source
    believes, ``visit`` the position of the visit, else -1, and ``status`` what a report says.
    """
    parts = [
        _foundings(rng, more, world, founded, last),
        _visits(visits),
        _acts(rng, world, spells),
        *_listings(rng, world, spells, last),
        *_reports(more, world, founded, spells, last),
    ]
    events = pd.concat(parts, ignore_index=True)
    if world.recorded_from:
        events = events[_is_on_record(events, spells, world.recorded_from)]
    order = np.lexsort((events["kind"], events["day"], events["tie"]))
    return events.iloc[order].reset_index(drop=True)


def write_attestations(
    more: np.random.Generator,
    world: Scenario,
    events: pd.DataFrame,
    visits: pd.DataFrame,
    founded: np.ndarray,
    last: np.datetime64,
) -> pd.DataFrame:
    """Who attests which event: ``event`` (position), ``kind`` of source, ``year``, ``date``.

    A source tells of events of its own year; directories, which list and report, are sources of
    their own, and those who retell a founding do so up to twenty years later.
    """
    year = np.maximum(years_of(events["day"].to_numpy("M8[D]")), max(world.recorded_from, 1900))
    is_listed = events["kind"].isin([KINDS.index("listed"), KINDS.index("reported")]).to_numpy()
    visit = events["visit"].to_numpy()
    in_paper = np.append(visits["in_paper"].to_numpy(bool), True)[visit]
    first = pd.DataFrame(
        {
            "event": np.arange(len(events)),
            "kind": np.where(is_listed, DIRECTORY, PAPER),
            "year": year,
            "date": events["date"].where(
                (events["kind"] == _FOUNDED) & (world.retold > 0), other=None
            ),
        }
    )[in_paper]
    parts = [first]
    for kind in world.seen_by:
        own = np.append(visits[f"in_{kind}"].to_numpy(bool), False)[visit]
        parts.append(pd.DataFrame({"event": np.flatnonzero(own), "kind": kind, "year": year[own]}))
    if world.retold:
        parts.append(_retold(more, world, events, founded, last))
    told: pd.DataFrame = pd.concat(parts, ignore_index=True)
    told = told.drop_duplicates(["event", "kind", "year"])
    return told.sort_values("event", kind="stable", ignore_index=True)


def see_visits(more: np.random.Generator, world: Scenario, visits: pd.DataFrame) -> pd.DataFrame:
    """Add which visits the further kinds of source saw, and whether anybody did."""
    years = years_of(visits["day"].to_numpy("M8[D]"))
    on_record = years >= world.recorded_from
    seen = {
        f"in_{kind}": (more.random(len(visits)) < value_at(steps, years)) & on_record
        for kind, steps in world.seen_by.items()
    }
    visits = visits.assign(in_paper=visits["in_paper"] & on_record, **seen)
    is_seen: pd.Series = visits[["in_paper", *seen]].any(axis=1)
    return visits.assign(is_seen=is_seen)


def texts(days: np.ndarray) -> pd.Series:
    """Write days as text; each distinct day is written once."""
    codes, own = pd.factorize(days.astype("M8[D]").astype("int64"))
    written = np.datetime_as_string(own.astype("M8[D]"), unit="D")
    return pd.Series(pd.array(written.astype(object), dtype="str").take(codes))


def _foundings(
    rng: np.random.Generator,
    more: np.random.Generator,
    world: Scenario,
    founded: np.ndarray,
    last: np.datetime64,
) -> pd.DataFrame:
    """Write each founding as exactly as its source knows it."""
    n = len(founded)
    told = np.minimum(founded + _errors(rng, world.wrong, n), last)
    shares = np.array([world.precision.get(name, 0.0) for name in PRECISIONS])
    kind = rng.choice(len(PRECISIONS), n, p=shares / shares.sum())
    year = years_of(told)
    early = year - rng.integers(0, 4, n)
    late = np.minimum(year + rng.integers(0, 4, n), year_of(last))
    if world.precision.get("by"):
        looked = more.integers(world.founding[0][0], year_of(last) + 1, n)
        is_by = kind == PRECISIONS.index("by")
        kind[is_by] = PRECISIONS.index("year")
        kind[is_by & (looked >= year)] = PRECISIONS.index("bound")
        late = np.where(is_by, looked, late)
    if world.undated:
        is_undated = more.random(n) < value_at(world.undated, years_of(founded))
        kind[is_undated] = PRECISIONS.index("missing")
    day, first, final = texts(told), pd.Series(early).astype("str"), pd.Series(late).astype("str")
    forms = {
        "day": day,
        "month": day.str[:7],
        "year": day.str[:4],
        "interval": first.where(early < late, final) + ("/" + final),
        "decade": day.str[:3] + "X",
        "bound": "../" + final,
    }
    written = [text[kind == PRECISIONS.index(name)] for name, text in forms.items()]
    date = pd.concat(written).sort_index()
    known = date.index.to_numpy()
    return _events(known, date, "founded", "both", told[known])


def _errors(rng: np.random.Generator, wrong: float, n: int) -> np.ndarray:
    """Draw by how much each source misdates: mostly not at all, else by one to three years."""
    years = np.where(rng.random(n) < wrong, rng.choice([-3, -2, -1, 1, 2, 3], n), 0)
    return (years * 365).astype("m8[D]")


def _retold(
    more: np.random.Generator,
    world: Scenario,
    events: pd.DataFrame,
    founded: np.ndarray,
    last: np.datetime64,
) -> pd.DataFrame:
    """Let further sources date foundings to the year, each for itself."""
    own = np.flatnonzero(events["kind"] == _FOUNDED)
    event = np.repeat(own, more.poisson(world.retold, len(own)))
    truth = founded[events["tie"].to_numpy()[event]]
    told = years_of(np.minimum(truth + _errors(more, world.wrong, len(event)), last))
    later = np.maximum(told, world.recorded_from) + more.integers(0, 21, len(event))
    return pd.DataFrame(
        {
            "event": event,
            "kind": np.array(_RETELLERS)[more.integers(0, len(_RETELLERS), len(event))],
            "year": np.minimum(later, year_of(last)),
            "date": pd.Series(told).astype("str"),
        }
    )


def _visits(visits: pd.DataFrame) -> pd.DataFrame:
    seen = np.flatnonzero(visits["is_seen"])
    days = visits["day"].to_numpy("M8[D]")[seen]
    events = _events(visits["tie"].to_numpy()[seen], texts(days), "visit", "none", days)
    return events.assign(visit=seen)


def _acts(rng: np.random.Generator, world: Scenario, spells: pd.DataFrame) -> pd.DataFrame:
    """Write the suspensions and ends that left a source: acts of the government of side b."""
    acts = spells[spells["state"].isin([SUSPENDED, TERMINATED])]
    acts = acts[rng.random(len(acts)) < world.act_seen]
    days = acts["start"].to_numpy("M8[D]")
    events = _events(acts["tie"].to_numpy(), texts(days), "suspended", "b", days)
    is_end = (acts["state"] == TERMINATED).to_numpy()
    return events.assign(kind=events["kind"].mask(is_end, KINDS.index("terminated")))


def _listings(
    rng: np.random.Generator, world: Scenario, spells: pd.DataFrame, last: np.datetime64
) -> list[pd.DataFrame]:
    """Write which ties each directory lists: ties that stand, alive or not."""
    stand = spells[spells["state"].isin([ALIVE, DORMANT])]
    start = stand["start"].to_numpy("M8[D]")
    end = stand["end"].fillna(pd.Timestamp(last)).to_numpy("M8[D]")
    parts = []
    for year in world.listed_in:
        day = np.datetime64(f"{year}-12-31", "D")
        if day > last:
            continue
        listed = (start < day) & (day <= end) & (rng.random(len(stand)) < world.listed)
        ties = stand["tie"].to_numpy()[listed]
        days = np.full(len(ties), day)
        parts.append(_events(ties, texts(days), "listed", "none", days))
    return parts


def _reports(
    more: np.random.Generator,
    world: Scenario,
    founded: np.ndarray,
    spells: pd.DataFrame,
    last: np.datetime64,
) -> list[pd.DataFrame]:
    """Write which states registers report, rightly or not; nothing is drawn if they report none."""
    if not world.reported:
        return []
    # Days at the highest rate, of which the rate of each year keeps its part.
    most = max(rate for _, rate in world.reported)
    length = (last - founded).astype(int)
    n = more.poisson(most * length / 365.25)
    tie = np.repeat(np.arange(len(founded)), n)
    days = founded[tie] + (more.random(len(tie)) * length[tie]).astype("m8[D]")
    kept = more.random(len(tie)) * most < value_at(world.reported, years_of(days))
    tie, days = tie[kept], days[kept]
    state = _state_on(spells, tie, days)
    # Another state: one to three places further round.
    shift = np.where(more.random(len(tie)) < world.reports_err, more.integers(1, 4, len(tie)), 0)
    state = _STATES[(np.searchsorted(_STATES, state) + shift) % len(_STATES)]
    on_paper = more.random(len(tie)) < world.reported_on_paper
    stopped = pd.Series(state).map(_WORDS_ON_PAPER)
    status = stopped.fillna(pd.Series(state).map(_WORDS).mask(on_paper, "in_force"))
    return [_events(tie, texts(days), "reported", "none", days).assign(status=status.astype("str"))]


def _state_on(spells: pd.DataFrame, tie: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The true state of each tie on a day, from its founding on; spells are in order."""
    span = 10_000_000  # more days than any record spans
    starts = spells["tie"].to_numpy() * span + spells["start"].to_numpy("M8[D]").astype("int64")
    place = np.searchsorted(starts, tie * span + days.astype("int64"), side="right") - 1
    state: np.ndarray = spells["state"].to_numpy()[place]
    return state


def _is_on_record(events: pd.DataFrame, spells: pd.DataFrame, first: int) -> np.ndarray:
    """Keep what happened since the first source, and the foundings of ties that still stood."""
    begins = pd.Timestamp(first, 1, 1)
    ended = spells[(spells["state"] == TERMINATED) & (spells["start"] < begins)]
    is_lost = events["tie"].isin(ended["tie"])
    is_told = (events["kind"] == _FOUNDED) | (events["day"] >= begins)
    return (is_told & ~is_lost).to_numpy(bool)


def _events(
    tie: np.ndarray, date: pd.Series, kind: str, side: str, day: np.ndarray
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tie": tie,
            "date": date.array,
            "day": day.astype("M8[s]"),
            "kind": np.int64(KINDS.index(kind)),
            "side": side,
            "visit": np.int64(-1),
            "status": pd.array([None] * len(tie), dtype="str"),
        }
    )
