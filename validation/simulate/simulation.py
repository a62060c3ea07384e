"""A simulated record and its truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from validation.simulate import lives, reports
from validation.simulate.record import make_dataset
from validation.simulate.world import STATE_NAMES, Scenario, scenario_named

from ties.dataset import Dataset


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
    world = scenario_named(scenario)
    rng, more = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    last = np.datetime64(as_of, "D")
    cities = lives.draw_pairs(rng, n_ties, world.cities)
    founded = lives.draw_foundings(rng, world, cities[1], last)
    spells = lives.draw_lives(rng, world, founded, last)
    zeal = lives.draw_zeal(more, world.city_zeal, cities[0])
    visits = lives.draw_visits(rng, world, spells, zeal, last)
    visits = reports.see_visits(more, world, visits)
    events = reports.write_events(rng, more, world, founded, spells, visits, last)
    told = reports.write_attestations(more, world, events, visits, founded, last)
    is_seen = np.zeros(n_ties, bool)
    is_seen[events["tie"].to_numpy()] = True
    searched = rng.random(int(is_seen.sum())) < world.searched
    ids = _ids(n_ties)
    return Simulation(
        make_dataset(events, told, ids, cities, searched, last),
        pd.DataFrame({"tie_id": ids, "founded": founded.astype("M8[s]"), "is_seen": is_seen}),
        _named_spells(spells, ids),
        pd.DataFrame(
            {
                "tie_id": ids.array.take(visits["tie"].to_numpy()),
                "day": visits["day"].astype("M8[s]"),
                "is_seen": visits["is_seen"],
            }
        ),
    )


def founding_days(
    scenario: str | Scenario, *, n_ties: int, seed: int, as_of: str = "2026-11-23"
) -> pd.Series:
    """Draw founding days alone: quick, to learn the truth of a scenario from millions of ties.

    Returns
    -------
    Series
        datetime64[s], days; a tie each.

    Examples
    --------
    >>> days = founding_days("plain", n_ties=10_000, seed=1)
    >>> round(float((days.dt.year // 10 == 199).mean()), 1)
    0.6
    """
    world = scenario_named(scenario)
    rng = np.random.default_rng(seed)
    cities = lives.draw_pairs(rng, n_ties, world.cities)
    last = np.datetime64(as_of, "D")
    return pd.Series(lives.draw_foundings(rng, world, cities[1], last).astype("M8[s]"))


def _ids(n_ties: int) -> pd.Series:
    width = len(str(max(n_ties - 1, 0)))
    return "t" + pd.Series(np.arange(n_ties)).astype("str").str.zfill(width)


def _named_spells(spells: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tie_id": ids.array.take(spells["tie"].to_numpy()),
            "state": pd.Categorical.from_codes(spells["state"], categories=pd.Index(STATE_NAMES)),
            "start": spells["start"].astype("M8[s]"),
            "end": spells["end"].astype("M8[s]"),
        }
    )
