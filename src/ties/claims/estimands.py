"""The quantities that claims are about, by name, each so exact that anybody counts the same.

An *estimand* is a quantity as it is defined, before it is worked out. Its definition says what is
counted and what the bounds are; `varies` and `otherwise` say which choices it depends on, so that
the grid tries those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ties import bounds
from ties.bounds import Bounds
from ties.claims.context import EstimandContext
from ties.stats.effort import Effort, compare_observed, last_complete_year

INTERVAL: Final = "95% interval"
_N_RESAMPLES: Final = 1000


@dataclass(frozen=True)
class Estimand:
    """A quantity by name.

    Parameters
    ----------
    name, label
        Code, and what it is in words.
    definition
        What exactly is counted.
    unit
        Of the number.
    measure
        The function that gives it.
    options
        What can be asked otherwise, with defaults.
    varies
        Choices of the grid that it depends on.
    otherwise
        Other values of its options for the grid, each tried in turn.
    """

    name: str
    label: str
    definition: str
    unit: str
    measure: Callable[..., Bounds]
    options: Mapping[str, Any] = field(default_factory=dict)
    varies: frozenset[str] = frozenset({"dormant_after", "tie_kinds", "source_kinds"})
    otherwise: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def activity_ratio(
    asked: EstimandContext,
    years: int = 5,
    panel: str = "kinds",
    lag: int = 1,
    offset: str = "between",
) -> Bounds:
    """Return activity at constant effort in the last complete years against as many before."""
    before, after, found = compare_activity(asked, years, panel, lag, offset)
    n, reports = (
        f"{found[f'{what}_before']} and {found[f'{what}_after']}" for what in ("n", "reports")
    )
    members = ", ".join(found["panel"]) or "nobody"
    return Bounds(
        found["lower"],
        found["upper"],
        len(found["tie_ids"]),
        certain=tuple(found["tie_ids"]),
        value=float(np.sqrt(found["ratio_lower"] * found["ratio_upper"])),
        bound_type=INTERVAL,
        note=f"{before[0]}–{before[1]} against {after[0]}–{after[1]}: {n} signs of life and "
        f"{reports} other reports by the panel ({members}); naively {found['naive_before']} and "
        f"{found['naive_after']} signs of life, ratio per tie-year {found['naive_ratio']:.2f} "
        f"({found['naive_lower']:.2f} to {found['naive_upper']:.2f})",
    )


def compare_activity(
    asked: EstimandContext, years: int, panel: str, lag: int, offset: str
) -> tuple[tuple[int, int], tuple[int, int], Mapping[str, Any]]:
    """Return the years before, the years after, and what `ties.stats.effort` finds of them."""
    last = min(last_complete_year(asked.dataset, asked.known_by), _last_full_year(asked))
    before, after = (last - 2 * years + 1, last - years), (last - years + 1, last)
    found = compare_observed(
        asked.observed,
        before,
        after,
        effort=Effort(panel=panel, lag=lag, offset=offset),
        n_resamples=_N_RESAMPLES,
        seed=asked.seed,
    )
    return before, after, dict(found)


def _last_full_year(asked: EstimandContext) -> int:
    day = asked.as_of
    return int(day.year if (day.month, day.day) == (12, 31) else day.year - 1)


def _on(quantity: Callable[..., Bounds]) -> Callable[..., Bounds]:
    """Ask a quantity of the population of a context."""
    return lambda asked, **options: quantity(asked.ties, **options)


def _places_of(count: Callable[..., Bounds]) -> Callable[..., Bounds]:
    """Count the places of a side in place of their ties."""
    return lambda asked, side: bounds.n_places(count(asked.ties), asked.dataset, side)


_FOUNDING: Final = frozenset({"tie_kinds", "source_kinds", "dates"})
_SOURCES: Final = frozenset({"tie_kinds", "source_kinds"})

ESTIMANDS: Final[Mapping[str, Estimand]] = MappingProxyType(
    {
        found.name: found
        for found in (
            Estimand(
                "n_ties",
                "Ties ever made",
                "Ties that stood on the day or before, ended ones included.",
                "ties",
                _on(bounds.n_ties),
                varies=_FOUNDING,
            ),
            Estimand(
                "n_in_force",
                "Ties in force on paper",
                "At least: ties shown in force, by a government's act or a list at most "
                "`dormant_after` years before the day, or later. At most: all that may have "
                "stood and that no side is known to have suspended or ended.",
                "ties",
                _on(bounds.n_in_force),
            ),
            Estimand(
                "n_alive",
                "Ties alive",
                "Ties with a sign of life at most `dormant_after` years before the day; at most "
                "also those of which nothing is known.",
                "ties",
                _on(bounds.n_alive),
            ),
            Estimand(
                "n_stopped",
                "Ties suspended or ended",
                "Ties that a government of either side had suspended or ended by the day.",
                "ties",
                _on(bounds.n_stopped),
            ),
            Estimand(
                "n_places_stopped",
                "Places with a suspended or ended tie",
                "Places of one side with a tie that either side had suspended or ended.",
                "places",
                _places_of(bounds.n_stopped),
                {"side": "b"},
            ),
            Estimand(
                "n_places_in_force",
                "Places with a tie in force",
                "Places of one side with a tie in force, bounded as the ties are.",
                "places",
                _places_of(bounds.n_in_force),
                {"side": "b"},
            ),
            Estimand(
                "share_of_decade",
                "Share founded in the decade",
                "Of all ties ever made by the day, ended ones included, the share founded in "
                "the decade. Ties of unknown founding, and ties that may have stood by the day, "
                "are outside the decade for the lower bound and inside for the upper.",
                "share",
                _on(bounds.share_of_decade),
                {"decade": 1990},
                _FOUNDING,
            ),
            Estimand(
                "share_alive",
                "Share alive",
                "Of the ties made by the day, the share that was alive.",
                "share",
                _on(bounds.share_alive),
            ),
            Estimand(
                "share_stopped",
                "Share suspended or ended",
                "Of the ties made by the day, the share that a government of either side had "
                "suspended or ended.",
                "share",
                _on(bounds.share_stopped),
            ),
            Estimand(
                "fall_of_share_alive",
                "Fall of the share alive",
                "The share of ties alive at the end of the year `since`, less the share alive on "
                "the day, each of the ties made by then.",
                "share",
                _on(bounds.fall_of_share_alive),
                {"since": 1999},
                otherwise={"since": (1995, 2004)},
            ),
            Estimand(
                "largest_year_of_stops",
                "Largest single year's part of the stops",
                "Of all ties that had fallen silent, been suspended or ended by the day, the part "
                "that did so in the one year with most of them. A silence began between "
                "the last sign of life and the day by which it was established.",
                "share",
                _on(bounds.largest_year_of_stops),
            ),
            Estimand(
                "activity_ratio",
                "Activity at constant effort, as a multiple of that before",
                "Signs of life per tie-year in the last complete `years` before the day, over "
                "those in as many years before, by a panel of the same kinds of source, published "
                "within `lag` years, whose attention stayed as it was or grew as its other "
                "reports did.",
                "ratio",
                activity_ratio,
                {"years": 5, "panel": "kinds", "lag": 1, "offset": "between"},
                _SOURCES,
                {"years": (3, 4, 6, 8), "lag": (0, 3), "offset": ("reports", "none")},
            ),
        )
    }
)
