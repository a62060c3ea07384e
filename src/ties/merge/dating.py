"""Which of several dates for one thing is taken, by a rule that is stated.

Sources that disagree stay side by side; but an event bears one date. The rules:

``most``
    the date that most sources give, where a coarser date that contains a finer one
    supports it (1991 supports June 1991). If that does not tell: a plain date before a bound
    or an approximate one, then the finer, then the earlier. This is rule 13 of the
    bundled record as far as it can be applied without judging who the sources are.
``earliest``, ``latest``
    the date that begins first, or ends last; of two that do, the finer.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.dates import date_bounds

DATE_RULES: Final = ("most", "earliest", "latest")

_FAR_PAST: Final = pd.Timestamp("0001-01-01").as_unit("s")
_FAR_FUTURE: Final = pd.Timestamp("9999-12-31").as_unit("s")


def choose_dates(given: pd.DataFrame, rule: str = "most") -> pd.Series:
    """Choose one date for each tie.

    Parameters
    ----------
    given
        A row is a date that a source gives: ``tie_id``, ``source_id``, ``date`` (EDTF).
    rule
        One of `DATE_RULES`.

    Returns
    -------
    Series
        EDTF text by ``tie_id``, sorted; one of those given.

    Examples
    --------
    >>> given = pd.DataFrame(
    ...     {
    ...         "tie_id": "bonn-opole",
    ...         "source_id": ["s1", "s2", "s3"],
    ...         "date": ["1954", "1954-06", "1953"],
    ...     }
    ... )
    >>> choose_dates(given).tolist(), choose_dates(given, "earliest").tolist()
    (['1954-06'], ['1953'])
    """
    if rule not in DATE_RULES:
        raise ValueError(f"{rule!r} is not a rule for dates; choose from {', '.join(DATE_RULES)}")
    dates = spans(given.drop_duplicates(["tie_id", "source_id", "date"]))
    options = dates.drop_duplicates(["tie_id", "date"])
    if rule == "most":
        options = options.merge(_support(dates), on=["tie_id", "date"], validate="one_to_one")
        by, ascending = ["support", "is_loose", "width", "low"], [False, True, True, True]
    elif rule == "earliest":
        by, ascending = ["low", "width"], [True, True]
    else:
        by, ascending = ["high", "width"], [False, True]
    ordered = options.sort_values(["tie_id", *by, "date"], ascending=[True, *ascending, True])
    return ordered.drop_duplicates("tie_id").set_index("tie_id")["date"]


def spans(given: pd.DataFrame) -> pd.DataFrame:
    """Dates with the days they admit: ``low``, ``high``, ``width`` (days), ``is_loose``.

    An open end lies as far away as can be; a date is loose if it is a bound or approximate.
    """
    bounds = date_bounds(given["date"])
    is_open = bounds[["earliest", "latest"]].isna().any(axis="columns")
    low, high = bounds["earliest"].fillna(_FAR_PAST), bounds["latest"].fillna(_FAR_FUTURE)
    return given.assign(
        low=low,
        high=high,
        width=(high.to_numpy("M8[D]") - low.to_numpy("M8[D]")).astype("int64"),
        is_loose=is_open | bounds["is_approximate"],
    )


def _support(dates: pd.DataFrame) -> pd.DataFrame:
    """Count the sources of each date: those that give it, or a coarser date around it."""
    options = dates.drop_duplicates(["tie_id", "date"])[["tie_id", "date", "low", "high"]]
    both = options.merge(
        dates[["tie_id", "source_id", "low", "high"]], on="tie_id", suffixes=("", "_around")
    )
    around = (both["low_around"] <= both["low"]) & (both["high_around"] >= both["high"])
    backed = both[around].groupby(["tie_id", "date"])["source_id"].nunique()
    return backed.rename("support").reset_index()


def decade_of(dates: pd.Series) -> pd.Series:
    """The decade that all days of each date lie in (its first year), else missing.

    Examples
    --------
    >>> decade_of(pd.Series(["1991-06", "199X", "1989/1991", "1990/.."])).tolist()
    [1990, 1990, <NA>, <NA>]
    """
    bounds = date_bounds(dates)
    first = bounds["earliest"].dt.year.astype("Int64") // 10 * 10
    last = bounds["latest"].dt.year.astype("Int64") // 10 * 10
    certain: pd.Series = first.where((first == last).fillna(False))
    return certain
