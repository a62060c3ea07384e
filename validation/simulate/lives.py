"""What truly happens in a simulated world: who is founded when, lives how, and is visited."""

from __future__ import annotations

import numpy as np
import pandas as pd
from validation.simulate.world import (
    ALIVE,
    DORMANT,
    SUSPENDED,
    TERMINATED,
    UNBORN,
    Scenario,
    value_at,
)

from ties.dates import years_of


def draw_pairs(
    rng: np.random.Generator, n_ties: int, per_tie: float
) -> tuple[np.ndarray, np.ndarray]:
    """Two cities for each tie, no pair twice; with fewer cities than ties some are shared."""
    n_cities = max(round(n_ties * per_tie), int(np.ceil(np.sqrt(2 * n_ties))))
    a, b = (rng.integers(0, n_cities, n_ties) for _ in "ab")
    while True:
        again = pd.DataFrame({"a": a, "b": b}).duplicated().to_numpy()
        if not again.any():
            return a, b
        b[again] = rng.integers(0, n_cities, int(again.sum()))


def draw_foundings(
    rng: np.random.Generator, world: Scenario, city: np.ndarray, last: np.datetime64
) -> np.ndarray:
    """Draw the day on which each tie was founded."""
    final = year_of(last)
    years = np.arange(world.founding[0][0], final + 1)
    weights = value_at(world.founding, years)
    drawn = rng.choice(years, size=len(city), p=weights / weights.sum())
    shift = rng.normal(0, world.city_spread, int(city.max(initial=0)) + 1).round().astype(int)
    year = np.clip(drawn + shift[city], years[0], final)
    return np.asarray(np.minimum(_day_in(rng, year), last - np.timedelta64(1, "D")))


def draw_lives(
    rng: np.random.Generator, world: Scenario, founded: np.ndarray, last: np.datetime64
) -> pd.DataFrame:
    """Every stretch of every life: tie, state, start, end (NaT at the end of the record)."""
    n = len(founded)
    born = years_of(founded)
    state = np.full(n, UNBORN)
    parts = [(np.arange(n), np.full(n, ALIVE), founded)]
    for year in range(world.founding[0][0], year_of(last) + 1):
        state[born == year] = ALIVE
        movers, into = _moves(rng, world, state, born < year, year)
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


def draw_visits(
    rng: np.random.Generator,
    world: Scenario,
    spells: pd.DataFrame,
    zeal: np.ndarray,
    last: np.datetime64,
) -> pd.DataFrame:
    """Draw the visits of living ties, and which of them a paper reported.

    `zeal` is the factor of each tie by which its cities visit more often than others.
    """
    alive = spells[spells["state"] == ALIVE]
    start = alive["start"].to_numpy("M8[D]")
    end = alive["end"].fillna(pd.Timestamp(last)).to_numpy("M8[D]")
    length = (end - start).astype(int)
    tie = alive["tie"].to_numpy()
    n = rng.poisson(world.visits * zeal[tie] * length / 365.25)
    day = np.repeat(start, n) + (rng.random(n.sum()) * np.repeat(length, n)).astype("m8[D]")
    is_seen = rng.random(len(day)) < value_at(world.seen, years_of(day))
    return pd.DataFrame({"tie": np.repeat(tie, n), "day": day, "in_paper": is_seen})


def draw_zeal(rng: np.random.Generator, spread: float, city: np.ndarray) -> np.ndarray:
    """Draw how much more often than others the cities of each tie visit; 1 on average."""
    if not spread:
        return np.ones(len(city))
    own = np.exp(rng.normal(-(spread**2) / 2, spread, int(city.max(initial=0)) + 1))
    zeal: np.ndarray = own[city]
    return zeal


def year_of(day: np.datetime64) -> int:
    """The year of a day."""
    return int(day.astype("M8[Y]").astype(int)) + 1970


def _day_in(rng: np.random.Generator, year: np.ndarray) -> np.ndarray:
    first = (year - 1970).astype("M8[Y]").astype("M8[D]")
    into = rng.integers(0, 365, len(year)).astype("m8[D]")
    return np.asarray(first + into)


def _moves(
    rng: np.random.Generator, world: Scenario, state: np.ndarray, is_older: np.ndarray, year: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw which ties change in a year, and into what; the year of founding brings no change."""
    rate = {
        name: float(value_at(getattr(world, name), np.array([year]))[0])
        for name in ("dormancy", "revival", "suspension", "termination")
    }
    suspended = rate["suspension"]
    stopped = suspended + rate["termination"]
    draw = rng.random(len(state))
    # Most ties stay as they are: look closer only at those whose draw could move them.
    may = draw < stopped + max(rate["dormancy"], rate["revival"])
    movers = np.flatnonzero(may & is_older & ((state == ALIVE) | (state == DORMANT)))
    draw, is_alive = draw[movers], state[movers] == ALIVE
    turn = stopped + np.where(is_alive, rate["dormancy"], rate["revival"])
    into = np.select(
        [draw < suspended, draw < stopped, draw < turn],
        [SUSPENDED, TERMINATED, np.where(is_alive, DORMANT, ALIVE)],
        UNBORN,
    )
    moves = into != UNBORN
    return movers[moves], into[moves]
