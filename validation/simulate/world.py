"""What a simulated world is like: rates by year, how well sources see, and what they get wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from ties.errors import TiesError

UNBORN, ALIVE, DORMANT, SUSPENDED, TERMINATED = range(5)
STATE_NAMES: Final = ("unborn", "alive", "dormant", "suspended", "terminated")
PRECISIONS: Final = ("day", "month", "year", "interval", "decade", "bound", "missing", "by")

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
        Chance that a visit leaves a report in a paper, by steps: how well a year is covered.
    seen_by
        The same for further kinds of source, by kind: each sees for itself.
    act_seen
        Chance that a suspension or an end leaves a source.
    precision
        How exactly foundings are dated: shares of `PRECISIONS`. ``interval`` reaches up to three
        years too far on either side. ``bound`` gives a last possible year only, up to three
        years too late, and so says more than it seems to. ``by`` gives one too, from somebody
        who looked in any year alike since foundings began, and tells the year if the tie was
        younger: it says no more than it seems to. ``missing`` is no founding at all.
    undated
        Further chance that a founding has no date, by steps of its true year: then dates are
        not missing at random.
    wrong
        Chance that a source misdates a founding, by one to three years.
    retold
        Further sources that date a founding to the year, on average. They copy nobody, and each
        errs for itself; the event bears the date that the first of all gives.
    listed_in
        Years in which a directory appears that lists standing ties, each with a chance of `listed`.
    listed
        See `listed_in`.
    reported
        Chance a year that a register states how a tie is that was ever founded, by steps: active,
        dormant, suspended or terminated, as the tie is on the day.
    reported_on_paper
        Share of such reports that know the formal state alone: what lives and what is silent is
        in force alike.
    reports_err
        Share of such reports that give another state than the true one, any other alike.
    recorded_from
        First year with sources. What happened before is unknown, but for when those ties were
        founded that still stood: ties enter the record late.
    cities
        Cities a side for each tie: below 1, ties share cities.
    city_spread
        How much the cities of side b differ in when their ties were founded: standard
        deviation of a city's own shift, in years. Above 0, ties of one city are alike.
    city_zeal
        How much the cities of side a differ in how often their ties are visited: standard
        deviation of the logarithm of a city's own factor.
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
    seen_by: Mapping[str, Steps] = field(default_factory=lambda: MappingProxyType({}))
    act_seen: float = 0.95
    precision: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"day": 0.3, "month": 0.1, "year": 0.4, "interval": 0.05, "decade": 0.05}
            | {"bound": 0.05, "missing": 0.05}
        )
    )
    undated: Steps = ()
    wrong: float = 0.0
    retold: float = 0.0
    listed_in: tuple[int, ...] = (2004, 2014, 2021)
    listed: float = 0.7
    reported: Steps = ()
    reported_on_paper: float = 0.3
    reports_err: float = 0.0
    recorded_from: int = 0
    cities: float = 0.9
    city_spread: float = 0.0
    city_zeal: float = 0.0
    searched: float = 1.0


def _scenarios() -> dict[str, Scenario]:
    plain = Scenario()
    growing: Steps = tuple((year, 0.02 + 0.02 * (year - 1985)) for year in range(1985, 2027))
    blogs: Steps = tuple((year, 0.03 * (year - 2004)) for year in range(2005, 2027))
    undated = {"day": 0.15, "month": 0.05, "year": 0.25, "interval": 0.1, "decade": 0.1}
    never: Steps = ((1900, 0.0),)
    return {
        "plain": plain,
        "clustered": replace(plain, cities=0.3, city_spread=6.0, city_zeal=0.5),
        "undated": replace(plain, precision=undated | {"by": 0.2, "missing": 0.15}),
        "telling_bounds": replace(plain, precision=undated | {"bound": 0.3, "missing": 0.05}),
        "old_undated": replace(plain, undated=((1900, 0.6), (1990, 0.0))),
        "wrong_dates": replace(plain, wrong=0.15),
        "sources_err": replace(plain, wrong=0.15, retold=2.0),
        "reports": replace(plain, reported=((1900, 0.1),)),
        "reports_err": replace(plain, reported=((1900, 0.1),), reports_err=0.2),
        "late_entry": replace(plain, recorded_from=2000),
        "no_revival_growing_coverage": replace(plain, revival=never, seen=growing),
        "no_revival_new_media": replace(plain, revival=never, seen_by={"blog": blogs}),
        "revival": replace(plain, revival=((1900, 0.005), (2014, 0.12)), seen=((1900, 0.5),)),
        "gradual": replace(
            plain,
            suspension=((1900, 0.01),),
            termination=((1900, 0.005),),
            dormancy=((1900, 0.08),),
        ),
        "step_2014": replace(plain, dormancy=((1900, 0.03), (2014, 0.3), (2015, 0.03))),
        "step_2022": replace(plain, suspension=((1900, 0.0), (2022, 0.3), (2023, 0.0))),
        "steady_founding": replace(plain, founding=((1985, 1.0),)),
        "founding_falls_1997": replace(plain, founding=((1985, 6.0), (1997, 2.0))),
    }


SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(_scenarios())


def scenario_named(scenario: str | Scenario) -> Scenario:
    """A scenario of `SCENARIOS` by its name, or the one given."""
    if isinstance(scenario, Scenario):
        return scenario
    if scenario not in SCENARIOS:
        raise TiesError(f"there is no scenario {scenario!r}; there are {', '.join(SCENARIOS)}")
    return SCENARIOS[scenario]


def value_at(steps: Steps, years: np.ndarray) -> np.ndarray:
    """The value of a rate in each year; before its first step it is 0.

    Examples
    --------
    >>> value_at(((1990, 0.5), (2000, 0.1)), np.array([1989, 1990, 2024])).tolist()
    [0.0, 0.5, 0.1]
    """
    starts = np.array([start for start, _ in steps])
    values = np.array([0.0, *(value for _, value in steps)])
    found: np.ndarray = values[np.searchsorted(starts, years, side="right")]
    return found
