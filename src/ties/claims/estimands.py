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

from ties.claims import quantities
from ties.claims.estimate import Estimate


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
    measure: Callable[..., Estimate]
    options: Mapping[str, Any] = field(default_factory=dict)
    varies: frozenset[str] = frozenset({"dormant_after", "tie_kinds", "source_kinds"})
    otherwise: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


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
                quantities.n_ties,
                varies=_FOUNDING,
            ),
            Estimand(
                "n_in_force",
                "Ties in force on paper",
                "At least: ties shown in force, by a government's act or a list at most "
                "`dormant_after` years before the day, or later. At most: all that may have "
                "stood and that no side is known to have suspended or ended.",
                "ties",
                quantities.n_in_force,
            ),
            Estimand(
                "n_alive",
                "Ties alive",
                "Ties with a sign of life at most `dormant_after` years before the day; at most "
                "also those of which nothing is known.",
                "ties",
                quantities.n_alive,
            ),
            Estimand(
                "n_stopped",
                "Ties suspended or ended",
                "Ties that a government of either side had suspended or ended by the day.",
                "ties",
                quantities.n_stopped,
            ),
            Estimand(
                "n_places_stopped",
                "Places with a suspended or ended tie",
                "Places of one side with a tie that either side had suspended or ended.",
                "places",
                quantities.n_places_stopped,
                {"side": "b"},
            ),
            Estimand(
                "n_places_in_force",
                "Places with a tie in force",
                "Places of one side with a tie in force, bounded as the ties are.",
                "places",
                quantities.n_places_in_force,
                {"side": "b"},
            ),
            Estimand(
                "share_of_decade",
                "Share founded in the decade",
                "Of all ties ever made by the day, ended ones included, the share founded in "
                "the decade. Ties of unknown founding, and ties that may have stood by the day, "
                "are outside the decade for the lower bound and inside for the upper.",
                "share",
                quantities.share_of_decade,
                {"decade": 1990},
                _FOUNDING,
            ),
            Estimand(
                "share_alive",
                "Share alive",
                "Of the ties made by the day, the share that was alive.",
                "share",
                quantities.share_alive,
            ),
            Estimand(
                "fall_of_share_alive",
                "Fall of the share alive",
                "The share of ties alive at the end of the year `since`, less the share alive on "
                "the day, each of the ties made by then.",
                "share",
                quantities.fall_of_share_alive,
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
                quantities.largest_year_of_stops,
            ),
            Estimand(
                "activity_ratio",
                "Activity at constant effort, after over before",
                "Signs of life per tie-year in the last complete `years` before the day, over "
                "those in as many years before, by a panel of the same kinds of source, published "
                "within `lag` years, whose attention stayed as it was or grew as its other "
                "reports did.",
                "ratio",
                quantities.activity_ratio,
                {"years": 5, "panel": "kinds", "lag": 1, "offset": "between"},
                _SOURCES,
                {"years": (3, 4, 6, 8), "lag": (0, 3), "offset": ("reports", "none")},
            ),
        )
    }
)
