"""The share of all ties founded in a decade, if what is not dated is like what is.

Worst-case bounds (`ties.bounds.share_of_decade`) know no chance and no assumption but that the
sources are right. Two intervals of chance stand beside them, clustered by city
(`ties.stats.shares`): of the dated ties alone, which assumes that dates are missing at random, and
with the missing dates imputed, which assumes that they are missing at random given the bounds that
each date has (`ties.stats.imputation`). A claim is safe only if it holds in all three.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

import numpy as np
import pandas as pd
from typing_extensions import Unpack

from ties import bounds
from ties.bounds import DECADE, View
from ties.dataset import Dataset
from ties.dates import years_of
from ties.lifecycle.status_bounds import StatusBounds
from ties.stats.imputation import impute_dates
from ties.stats.shares import Share, clustered_share, imputed_share

SIDES: Final = ["place_a", "place_b"]


def share_by_method(
    dataset: Dataset,
    decade: int = 1990,
    as_of: str | dt.date | None = None,
    *,
    confidence: float = 0.95,
    m: int = 100,
    seed: int,
    **view: Unpack[View],
) -> pd.DataFrame:
    """Return the share of a decade by every method, a row a method.

    Parameters
    ----------
    dataset, decade, as_of, known_by, rule, disputed
        As for `ties.bounds.share_of_decade`.
    confidence
        Coverage of the intervals, between 0 and 1.
    m, seed
        How many times unknown dates are imputed, two or more, and the seed of the draws.

    Returns
    -------
    DataFrame
        Index ``method``: ``bounds``, ``dated``, ``imputed``. ``bound_type``: worst case or
        interval; ``estimate`` (missing for bounds), ``lower``, ``upper`` (shares, 0 to 1); ``n``
        (Int64): ties that the row rests on; ``n_effective``: independent ties that would give
        an interval of that width.

    Raises
    ------
    ValueError
        If `m` is below 2, or `confidence` is no share.

    Examples
    --------
    >>> import ties
    >>> found = share_by_method(ties.load("us-russia"), as_of="2018-11-28", m=20, seed=1)
    >>> found["bound_type"].tolist()
    ['worst case', 'interval', 'interval']
    """
    if m < 2 or not 0 < confidence < 1:
        raise ValueError("m is 2 or more, and confidence a share such as 0.95")
    ties = bounds.status_bounds(dataset, as_of, **view)
    ties = ties.only(ties.may_stand)
    worst = bounds.share_of_decade(ties, decade)
    cities = dataset.ties.set_index("tie_id").loc[[*ties.ids], SIDES]
    is_in = is_in_decade(ties, decade).dropna().astype(bool)
    rows = {
        "bounds": ("worst case", Share(math.nan, worst.lower, worst.upper, worst.n, math.nan, 0))
    }
    rows["dated"] = (
        "interval",
        clustered_share(is_in, cities.loc[is_in.index], confidence=confidence),
    )
    rows["imputed"] = ("interval", _imputed(ties, cities, decade, m, seed, confidence))
    return pd.DataFrame(
        {
            "bound_type": [kind for kind, _ in rows.values()],
            **{
                name: [getattr(share, name) for _, share in rows.values()]
                for name in ("estimate", "lower", "upper", "n", "n_effective")
            },
        },
        index=pd.Index([*rows], name="method"),
    ).astype({"n": "Int64"})


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


def _imputed(
    ties: StatusBounds, cities: pd.DataFrame, decade: int, m: int, seed: int, confidence: float
) -> Share:
    if np.isnat(ties.founded_earliest).all():
        return clustered_share(pd.Series(dtype=bool), cities.iloc[:0])
    drawn = drawn_in_decade(ties, decade, m=m, seed=seed)
    return imputed_share(*drawn, cities, confidence=confidence)
