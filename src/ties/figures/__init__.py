"""Figures: tables in, matplotlib axes out, in one house style; nothing is computed here.

matplotlib is imported only when a figure is first asked for, so that whoever needs the names of
the figures alone has them at once.
"""

from __future__ import annotations

from typing import Final

import lazy_loader

NAMES: Final[dict[str, str]] = {
    "formation": "Foundings per year: certain, possible and undated.",
    "stock": "Ties by status at the end of each year.",
    "alive": "Ties alive at the end of each year, at least and at most, and those stopped.",
    "lifelines": "One line a tie, from its founding on, coloured by status.",
    "cohorts": "Ties of each founding decade by status: shares, counts, and what may be alive.",
    "survival": "Share of ties not suspended or ended by age, a curve a founding decade.",
    "stops": "Share of ties not suspended or ended by day since 24 February 2022.",
    "map": "The ties as great circles on a map of where they lie.",
    "revivals": "Every return to life, and the silence before it.",
    "lexis": "Every tie as a line of calendar time by age, coloured by status.",
    "occupation": "Share of ties in each status by age, with what is not known.",
    "incidence": "Share of ties suspended or ended by age, with those at risk.",
    "coverage": "Events attested in each year, by kind of source.",
}

__getattr__, _dir, _all = lazy_loader.attach_stub(__name__, __file__)
__all__ = ["NAMES", *_all]


def __dir__() -> list[str]:
    return __all__
