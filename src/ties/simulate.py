"""Records whose truth is known: made to test methods, to measure speed, and to teach.

A simulated world has cities, ties between them that live, fall silent, come back, are suspended
or ended, and sources that notice some of it. What truly happened is the *truth*; what
the sources wrote is a `Dataset` like any other, with imprecise, missing and wrong dates. A method
that is sound finds the truth within its stated error; one that mistakes growing attention for
growing activity is found out.

Lives move in yearly steps: at most one change a tie and year, on a day drawn within it. All
chance comes from one seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from ties.model import tables
from ties.model.checks.cells import to_vocabulary
from ties.model.dataset import Dataset
from ties.model.problems import TiesError

UNBORN, ALIVE, DORMANT, SUSPENDED, TERMINATED = range(5)
STATE_NAMES: Final = ("unborn", "alive", "dormant", "suspended", "terminated")
PRECISIONS: Final = ("day", "month", "year", "interval", "decade", "bound", "missing")

Steps = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Scenario:
    """What a simulated world is like. A rate by *steps* holds from each year until the next.

    Parameters
    ----------
    founding
        Relative number of foundings a year, by steps.
    dormancy, revival, suspension, termination
        Chance a year that a living tie falls silent, a silent one comes back, and that a tie
        is suspended or ended by a side, by steps.
    visits
        Visits a year of a living tie.
    seen
        Chance that a visit leaves a source, by steps: how well a year is covered.
    act_seen
        Chance that a suspension or an end leaves a source.
    precision
        How exactly foundings are dated: shares of `PRECISIONS`; ``bound`` is an upper bound
        only, ``missing`` no founding at all.
    wrong
        Chance that a source misdates a founding, by one to three years.
    listed_in
        Years in which a directory appears that lists standing ties, each with a chance of `listed`.
    listed
        See `listed_in`.
    cities
        Cities a side for each tie: below 1, ties share cities.
    city_spread
        How much the cities of side b differ in when their ties were founded: standard
        deviation of a city's own shift, in years. Above 0, ties of one city are alike.
    searched
        Share of ties that are searched for on the last day.
    """

    founding: Steps = ((1973, 0.3), (1985, 2.0), (1989, 8.0), (1996, 3.0), (2003, 1.0), (2015, 0.2))
    dormancy: Steps = ((1900, 0.06),)
    revival: Steps = ((1900, 0.02),)
    suspension: Steps = ((1900, 0.001), (2022, 0.08), (2023, 0.01))
    termination: Steps = ((1900, 0.001), (2022, 0.03), (2023, 0.005))
    visits: float = 0.8
    seen: Steps = ((1900, 0.3),)
    act_seen: float = 0.95
    precision: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"day": 0.3, "month": 0.1, "year": 0.4, "interval": 0.05, "decade": 0.05}
            | {"bound": 0.05, "missing": 0.05}
        )
    )
    wrong: float = 0.0
    listed_in: tuple[int, ...] = (2004, 2014, 2021)
    listed: float = 0.7
    cities: float = 0.9
    city_spread: float = 0.0
    searched: float = 1.0


def _scenarios() -> dict[str, Scenario]:
    plain = Scenario()
    growing: Steps = tuple((year, 0.02 + 0.02 * (year - 1985)) for year in range(1985, 2027))
    undated = {"day": 0.15, "month": 0.05, "year": 0.25, "interval": 0.1, "decade": 0.1}
    return {
        "plain": plain,
        "clustered": replace(plain, cities=0.3, city_spread=6.0),
        "undated": replace(plain, precision=undated | {"bound": 0.2, "missing": 0.15}),
        "wrong_dates": replace(plain, wrong=0.15),
        "no_revival_growing_coverage": replace(plain, revival=((1900, 0.0),), seen=growing),
        "revival": replace(plain, revival=((1900, 0.005), (2014, 0.12)), seen=((1900, 0.5),)),
        "gradual": replace(
            plain,
            suspension=((1900, 0.01),),
            termination=((1900, 0.005),),
            dormancy=((1900, 0.08),),
        ),
        "step_2022": replace(plain, suspension=((1900, 0.0), (2022, 0.3), (2023, 0.0))),
    }


SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(_scenarios())


@dataclass(frozen=True)
class Simulation:
    """A simulated record and its truth.

    Parameters
    ----------
    dataset
        What the sources wrote. A tie that left no source is not in it.
    ties
        A row a true tie: ``tie_id``, ``founded`` (datetime, day), ``is_seen`` (whether the
        record knows it).
    spells
        A row a stretch of a true life: ``tie_id``, ``state`` (`STATE_NAMES`), ``start``,
        ``end`` (datetime, days; NaT: still so on the last day).
    visits
        A row a visit that took place: ``tie_id``, ``day``, ``is_seen``.
    """

    dataset: Dataset
    ties: pd.DataFrame
    spells: pd.DataFrame
    visits: pd.DataFrame


def simulate(
    scenario: str | Scenario = "plain",
    *,
    n_ties: int = 160,
    seed: int,
    as_of: str = "2026-11-23",
) -> Simulation:
    """Make a record whose truth is known.

    Parameters
    ----------
    scenario
        One of `SCENARIOS` by name, or one of your own.
    n_ties
        How many ties are founded before `as_of`; those that no source names are left out of
        the record, so that it holds somewhat fewer.
    seed
        The same seed gives the same record.
    as_of
        Last day, and the record's own date.

    Raises
    ------
    TiesError
        If there is no such scenario.

    Examples
    --------
    >>> made = simulate("plain", n_ties=50, seed=1)
    >>> made.dataset.ties.shape[0] == made.ties["is_seen"].sum()
    np.True_
    """
    world = _named(scenario)
    rng = np.random.default_rng(seed)
    last = np.datetime64(as_of, "D")
    city_a, city_b = _pairs(rng, n_ties, world.cities)
    founded = _foundings(rng, world, city_b, last)
    spells = _lives(rng, world, founded, last)
    visits = _visits(rng, world, spells, last)
    ids = _ids(n_ties).to_numpy()
    events = pd.concat(
        [
            _founding_events(rng, world, founded, last),
            _visit_events(visits),
            _act_events(rng, world, spells),
            _listings(rng, world, spells, last),
        ],
        ignore_index=True,
    )
    is_seen = np.isin(np.arange(n_ties), events["tie"])
    dataset = _dataset(rng, world, events, is_seen, ids, city_a, city_b, last)
    return Simulation(
        dataset,
        pd.DataFrame({"tie_id": ids, "founded": founded.astype("M8[s]"), "is_seen": is_seen}),
        _named_spells(spells, ids),
        pd.DataFrame(
            {
                "tie_id": ids[visits["tie"]],
                "day": visits["day"].astype("M8[s]"),
                "is_seen": visits["is_seen"],
            }
        ),
    )


def _named(scenario: str | Scenario) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    if scenario not in SCENARIOS:
        raise TiesError(f"there is no scenario {scenario!r}; there are {', '.join(SCENARIOS)}")
    return SCENARIOS[scenario]


def _at(steps: Steps, years: np.ndarray) -> np.ndarray:
    """Give the value of a rate in each year; before its first step it is 0."""
    starts = np.array([start for start, _ in steps])
    values = np.array([0.0, *(value for _, value in steps)])
    found: np.ndarray = values[np.searchsorted(starts, years, side="right")]
    return found


def _ids(n_ties: int) -> pd.Series:
    width = len(str(max(n_ties - 1, 0)))
    return "t" + pd.Series(np.arange(n_ties)).astype("str").str.zfill(width)


def _pairs(rng: np.random.Generator, n_ties: int, per_tie: float) -> tuple[np.ndarray, np.ndarray]:
    """Give each tie two cities, no pair twice; with fewer cities than ties some are shared."""
    n_cities = max(round(n_ties * per_tie), int(np.ceil(np.sqrt(2 * n_ties))))
    a, b = (rng.integers(0, n_cities, n_ties) for _ in "ab")
    while True:
        again = pd.DataFrame({"a": a, "b": b}).duplicated().to_numpy()
        if not again.any():
            return a, b
        b[again] = rng.integers(0, n_cities, int(again.sum()))


def _foundings(
    rng: np.random.Generator, world: Scenario, city: np.ndarray, last: np.datetime64
) -> np.ndarray:
    """Draw the day on which each tie was founded."""
    final = _year(last)
    years = np.arange(world.founding[0][0], final + 1)
    weights = _at(world.founding, years)
    drawn = rng.choice(years, size=len(city), p=weights / weights.sum())
    shift = rng.normal(0, world.city_spread, int(city.max(initial=0)) + 1).round().astype(int)
    year = np.clip(drawn + shift[city], years[0], final)
    days = _day_in(rng, year)
    return np.asarray(np.minimum(days, last - 1))


def _day_in(rng: np.random.Generator, year: np.ndarray) -> np.ndarray:
    first = (year - 1970).astype("M8[Y]").astype("M8[D]")
    into = rng.integers(0, 365, len(year)).astype("m8[D]")
    return np.asarray(first + into)


def _year(day: np.datetime64) -> int:
    return int(day.astype("M8[Y]").astype(int)) + 1970


def _years(days: np.ndarray) -> np.ndarray:
    years: np.ndarray = days.astype("M8[D]").astype("M8[Y]").astype(int) + 1970
    return years


def _lives(
    rng: np.random.Generator, world: Scenario, founded: np.ndarray, last: np.datetime64
) -> pd.DataFrame:
    """Give every stretch of every life: tie, state, start, end (NaT at the end of the record)."""
    n = len(founded)
    born = _years(founded)
    state = np.full(n, UNBORN)
    parts = [(np.arange(n), np.full(n, ALIVE), founded)]
    for year in range(world.founding[0][0], _year(last) + 1):
        state[born == year] = ALIVE
        movers, into = _moves(rng, world, state, (born < year), year)
        days = _day_in(rng, np.full(len(movers), year))
        before = days <= last
        movers, into, days = movers[before], into[before], days[before]
        state[movers] = into
        parts.append((movers, into, days))
    tie, into, start = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((start, tie))
    tie, into, start = tie[order], into[order], start[order]
    end = np.full(len(tie), np.datetime64("NaT", "D"))
    same = tie[1:] == tie[:-1]
    end[:-1][same] = start[1:][same]
    return pd.DataFrame({"tie": tie, "state": into, "start": start, "end": end})


def _moves(
    rng: np.random.Generator, world: Scenario, state: np.ndarray, is_older: np.ndarray, year: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw which ties change in a year, and into what; the year of founding brings no change."""
    rate = {
        name: float(_at(getattr(world, name), np.array([year]))[0])
        for name in ("dormancy", "revival", "suspension", "termination")
    }
    stands = is_older & ((state == ALIVE) | (state == DORMANT))
    draw = rng.random(len(state))
    suspended = rate["suspension"]
    stopped = suspended + rate["termination"]
    is_alive = state == ALIVE
    turn = stopped + np.where(is_alive, rate["dormancy"], rate["revival"])
    into = np.select(
        [draw < suspended, draw < stopped, draw < turn],
        [SUSPENDED, TERMINATED, np.where(is_alive, DORMANT, ALIVE)],
        UNBORN,
    )
    movers = np.flatnonzero(stands & (into != UNBORN))
    return movers, into[movers]


def _visits(
    rng: np.random.Generator, world: Scenario, spells: pd.DataFrame, last: np.datetime64
) -> pd.DataFrame:
    """Draw the visits of living ties, and which of them left a source."""
    alive = spells[spells["state"] == ALIVE]
    start = alive["start"].to_numpy("M8[D]")
    end = alive["end"].fillna(pd.Timestamp(last)).to_numpy("M8[D]")
    length = (end - start).astype(int)
    n = rng.poisson(world.visits * length / 365.25)
    day = np.repeat(start, n) + (rng.random(n.sum()) * np.repeat(length, n)).astype("m8[D]")
    is_seen = rng.random(len(day)) < _at(world.seen, _years(day))
    return pd.DataFrame(
        {"tie": np.repeat(alive["tie"].to_numpy(), n), "day": day, "is_seen": is_seen}
    )


def _founding_events(
    rng: np.random.Generator, world: Scenario, founded: np.ndarray, last: np.datetime64
) -> pd.DataFrame:
    """Write each founding as exactly as its source knows it."""
    n = len(founded)
    wrong = np.where(rng.random(n) < world.wrong, rng.choice([-3, -2, -1, 1, 2, 3], n), 0)
    told = np.minimum(founded + (wrong * 365).astype("m8[D]"), last)
    shares = np.array([world.precision.get(name, 0.0) for name in PRECISIONS])
    kind = rng.choice(len(PRECISIONS), n, p=shares / shares.sum())
    day = pd.Series(np.datetime_as_string(told, unit="D"))
    year = _years(told)
    early = year - rng.integers(0, 4, n)
    late = np.minimum(year + rng.integers(0, 4, n), _year(last))
    wide = np.where(early == late, late + 0, late)
    forms = {
        "day": day,
        "month": day.str[:7],
        "year": day.str[:4],
        "interval": pd.Series(early.astype("U4")) + "/" + pd.Series(wide.astype("U4")),
        "decade": day.str[:3] + "X",
        "bound": "../" + pd.Series(late.astype("U4")),
    }
    date = np.select([kind == PRECISIONS.index(name) for name in forms], [*forms.values()], "")
    known = kind != PRECISIONS.index("missing")
    return _events(np.arange(n)[known], date[known], "founded", "both", told[known])


def _visit_events(visits: pd.DataFrame) -> pd.DataFrame:
    seen = visits[visits["is_seen"]]
    days = seen["day"].to_numpy("M8[D]")
    return _events(seen["tie"].to_numpy(), np.datetime_as_string(days, "D"), "visit", "none", days)


def _act_events(rng: np.random.Generator, world: Scenario, spells: pd.DataFrame) -> pd.DataFrame:
    """Write the suspensions and ends that left a source: acts of the government of side b."""
    acts = spells[spells["state"].isin([SUSPENDED, TERMINATED])]
    acts = acts[rng.random(len(acts)) < world.act_seen]
    days = acts["start"].to_numpy("M8[D]")
    kind = np.where(acts["state"] == SUSPENDED, "suspended", "terminated")
    return _events(acts["tie"].to_numpy(), np.datetime_as_string(days, "D"), kind, "b", days)


def _listings(
    rng: np.random.Generator, world: Scenario, spells: pd.DataFrame, last: np.datetime64
) -> pd.DataFrame:
    """Write which ties each directory lists: ties that stand, alive or not."""
    stand = spells[spells["state"].isin([ALIVE, DORMANT])]
    start = stand["start"].to_numpy("M8[D]")
    end = stand["end"].fillna(pd.Timestamp(last)).to_numpy("M8[D]")
    parts = [
        _events(np.array([], int), np.array([], "U4"), "listed", "none", np.array([], "M8[D]"))
    ]
    for year in world.listed_in:
        day = np.datetime64(f"{year}-12-31", "D")
        if day > last:
            continue
        listed = (start < day) & (day <= end) & (rng.random(len(stand)) < world.listed)
        ties = stand["tie"].to_numpy()[listed]
        days = np.full(len(ties), day)
        parts.append(_events(ties, np.full(len(ties), str(day)), "listed", "none", days))
    return pd.concat(parts, ignore_index=True)


def _events(
    tie: np.ndarray, date: np.ndarray, kind: str | np.ndarray, side: str, day: np.ndarray
) -> pd.DataFrame:
    frame = pd.DataFrame({"tie": tie, "date": np.asarray(date, dtype="U"), "day": day})
    return frame.assign(kind=kind, side=side)


def _dataset(
    rng: np.random.Generator,
    world: Scenario,
    events: pd.DataFrame,
    is_seen: np.ndarray,
    ids: np.ndarray,
    city_a: np.ndarray,
    city_b: np.ndarray,
    last: np.datetime64,
) -> Dataset:
    """Put what the sources wrote into the tables of a record."""
    tie_id = pd.Series(ids, dtype="str")
    seen = tie_id[is_seen]
    places = [_places(side, city[is_seen]) for side, city in (("ru", city_a), ("us", city_b))]
    ordered = events.sort_values(["tie", "day", "kind"], kind="stable").reset_index(drop=True)
    event_id = "e" + pd.Series(ordered.index, dtype="str")
    # A source tells of events of its own year; directories are sources of their own.
    told_in = np.maximum(_years(ordered["day"].to_numpy("M8[D]")), 1900)
    is_list = (ordered["kind"] == "listed").to_numpy()
    kind = pd.Series(np.where(is_list, "directory-", "paper-"), dtype="str")
    source = kind.str.cat(pd.Series(told_in).astype("str"))
    searched = seen[rng.random(len(seen)) < world.searched]
    frames = {
        "places": pd.concat(places, ignore_index=True),
        "place_names": pd.DataFrame(),
        "ties": pd.DataFrame(
            {
                "tie_id": seen,
                "place_a": "ru-" + pd.Series(city_a[is_seen], index=seen.index).astype("str"),
                "place_b": "us-" + pd.Series(city_b[is_seen], index=seen.index).astype("str"),
                "kind": "sister",
            }
        ),
        "events": pd.DataFrame(
            {
                "event_id": event_id,
                "tie_id": tie_id.to_numpy()[ordered["tie"]],
                "date": ordered["date"],
                "kind": ordered["kind"],
                "side": ordered["side"],
                "summary": "simulated",
            }
        ),
        "sources": _sources(source),
        "attestations": pd.DataFrame({"event_id": event_id, "source_id": source}),
        "searches": pd.DataFrame(
            {
                "tie_id": searched,
                "searched_on": str(last),
                "query": "simulated",
                "hits": _hits(ordered, last, len(ids))[searched.index],
            }
        ),
        "counts": pd.DataFrame(),
    }
    typed: dict[str, Any] = {name: _typed(name, frame) for name, frame in frames.items()}
    return Dataset(
        **typed,
        as_of=pd.Timestamp(last).as_unit("s"),
        name="simulated",
        title="A simulated record",
        countries=("US", "RU"),
    )


def _hits(events: pd.DataFrame, last: np.datetime64, n_ties: int) -> np.ndarray:
    """Count what a search on the last day finds: the visits of five years that left a source."""
    is_recent = (events["kind"] == "visit") & (events["day"] > pd.Timestamp(last - 5 * 365))
    return np.bincount(events.loc[is_recent, "tie"], minlength=n_ties)


def _places(side: str, city: np.ndarray) -> pd.DataFrame:
    own = np.unique(city)
    code = f"{side}-" + pd.Series(own).astype("str")
    name = f"City {side.upper()} " + pd.Series(own).astype("str")
    return pd.DataFrame({"place_id": code, "name": name, "country": side.upper(), "level": "city"})


def _sources(source: pd.Series) -> pd.DataFrame:
    own = pd.Series(source.unique(), dtype="str").sort_values(ignore_index=True)
    is_list = own.str.startswith("directory")
    return pd.DataFrame(
        {
            "source_id": own,
            "title": own,
            "published": own.str[-4:],
            "kind": np.where(is_list, "directory", "news"),
        }
    )


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame the columns and dtypes that its table has."""
    columns = tables.columns(name)
    full = frame.reindex(columns=list(columns)).reset_index(drop=True)
    plain = {
        column: str(known.dtype) if str(known.dtype) in ("float64", "Int64") else "str"
        for column, known in columns.items()
    }
    return to_vocabulary(name, full.astype(plain))


def _named_spells(spells: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tie_id": ids[spells["tie"]],
            "state": pd.Categorical.from_codes(spells["state"], categories=pd.Index(STATE_NAMES)),
            "start": spells["start"].astype("M8[s]"),
            "end": spells["end"].astype("M8[s]"),
        }
    )
