"""Which ties were founded in a decade: as far as is known, and with unknown dates imputed.

Imputation assumes that dates are missing at random given the bounds that each date has; see
`ties.stats.imputation`. What holds without it are the bounds of `ties.bounds.share_of_decade`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ties import bounds
from ties.bounds import DECADE
from ties.dates import years_of
from ties.lifecycle.status_bounds import StatusBounds
from ties.stats.imputation import impute_dates

SIDES: Final = ["place_a", "place_b"]


def is_in_decade(ties: StatusBounds, decade: int) -> pd.Series:
    """Mark the ties founded in a decade; missing where that, or whether it stood, is not known."""
    can = bounds.in_decade(ties, decade)
    known = ~can["absent"] & (can["in"] != can["out"])
    return pd.Series(can["in"], index=ties.ids, dtype="boolean").where(known)


def drawn_in_decade(
    ties: StatusBounds, decade: int, *, m: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the founding of each tie, and mark which are in a decade, and which count at all.

    Returns
    -------
    tuple of ndarray
        Two of bool, a row a tie and a column a draw. A tie counts if it was founded by the day.
    """
    first, last = (
        pd.Series(days.astype("M8[s]"), index=ties.ids)
        for days in (ties.founded_earliest, ties.founded_latest)
    )
    drawn = impute_dates(first, last, m=m, seed=seed).to_numpy("M8[D]")
    member = (drawn <= ties.day) | ties.is_certain[:, None]
    return (years_of(drawn) // DECADE * DECADE == decade) & member, member
