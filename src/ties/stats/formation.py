"""When did ties form? Foundings per year and decade, with bounds for what is not known.

A tie whose founding is known to the decade cannot be put into a year, and a tie without any
date cannot be put into a decade. They are not left out: each measure says how many it can
place for certain and how many could belong there. The truth lies between the two, whatever
the unknown dates are (worst-case bounds: Manski, *Partial Identification of Probability
Distributions*, 2003).

These are counts. What chance adds, what imputing the unknown dates gives, and how far a share rests
on one source, is in `ties.stats.founding_share`; when the yearly number changed, in
`ties.stats.founding_rate`.
"""

from __future__ import annotations

import pandas as pd

DECADE: int = 10


def founded_per_year(tie_table: pd.DataFrame) -> pd.DataFrame:
    """Count foundings per year.

    Parameters
    ----------
    tie_table
        As `ties.tie_table` gives it. Ties that do not stand (no ``status``) count nowhere.

    Returns
    -------
    DataFrame
        Index ``year`` (int, without gaps, up to the year of `as_of`); ``n_certain``: ties
        founded in that year; ``n_possible``: ties whose founding may lie in that year, the
        certain ones included. ``attrs["n_open"]`` counts the ties whose founding has no
        earliest bound at all; they are possible in no year here.

    Examples
    --------
    >>> import ties
    >>> bool(founded_per_year(ties.tie_table(ties.load("us-russia"))).loc[1989, "n_certain"] > 0)
    True
    """
    return _per_period(tie_table, 1, "year")


def founded_per_decade(tie_table: pd.DataFrame) -> pd.DataFrame:
    """Count foundings per decade; the last row holds the ties that fit no one decade.

    Returns
    -------
    DataFrame
        Index ``decade`` (Int64, first year; missing in the last row); ``n_certain`` and
        ``n_possible`` as in `founded_per_year`. ``n_certain`` adds up to the number of ties:
        in the last row it counts those whose decade is not certain.
    """
    counted = _per_period(tie_table, DECADE, "decade")
    n_unplaced = _standing(tie_table)["founded_latest"].size - counted["n_certain"].sum()
    unplaced = pd.DataFrame(
        {"n_certain": [n_unplaced], "n_possible": [n_unplaced]},
        index=pd.Index([pd.NA], dtype="Int64", name="decade"),
    )
    counted.index = counted.index.astype("Int64")
    table = pd.concat([counted, unplaced])
    table.attrs = counted.attrs
    return table


def share_of_decade(tie_table: pd.DataFrame, decade: int = 1990) -> pd.Series:
    """Give the share of all ties that were founded in a decade, with worst-case bounds.

    The lower bound takes every tie that need not belong to the decade as outside it, the
    upper bound every tie that can belong to it as inside. Directories list survivors, so the
    share of old decades reads low: the bounds do not cure that.

    Parameters
    ----------
    tie_table
        As `ties.tie_table` gives it.
    decade
        First year of the decade.

    Returns
    -------
    Series
        ``n`` ties; ``n_in`` for certain; ``n_out`` for certain; ``n_unknown``; ``share_lower``
        and ``share_upper`` (0 to 1); ``share_of_dated``: `n_in` among those that are certain
        either way. Shares are missing where there is nothing to divide by.

    Examples
    --------
    >>> import ties
    >>> share = share_of_decade(ties.tie_table(ties.load("us-russia")))
    >>> bool(share["share_lower"] <= share["share_upper"])
    True
    """
    standing = _standing(tie_table)
    first, last = _years(standing)
    is_in = (first >= decade) & (last < decade + DECADE)
    is_out = (first >= decade + DECADE) | (last < decade)
    n, n_in, n_out = len(standing), int(is_in.sum()), int(is_out.sum())
    n_unknown = n - n_in - n_out
    missing = float("nan")
    return pd.Series(
        {
            "n": n,
            "n_in": n_in,
            "n_out": n_out,
            "n_unknown": n_unknown,
            "share_lower": n_in / n if n else missing,
            "share_upper": (n_in + n_unknown) / n if n else missing,
            "share_of_dated": n_in / (n_in + n_out) if n_in + n_out else missing,
        },
        name=decade,
        dtype="object",
    )


def _standing(tie_table: pd.DataFrame) -> pd.DataFrame:
    return tie_table[tie_table["status"].notna()]


def _years(standing: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give the first and last possible year; an open start is far in the past."""
    first = standing["founded_earliest"].dt.year.fillna(-9999).astype("int64")
    return first, standing["founded_latest"].dt.year.astype("int64")


def _per_period(tie_table: pd.DataFrame, length: int, name: str) -> pd.DataFrame:
    """Count the ties placed in each period, and those whose interval touches it."""
    standing = _standing(tie_table)
    is_open = standing["founded_earliest"].isna()
    first, last = (years // length * length for years in _years(standing[~is_open]))
    end = pd.Timestamp(tie_table.attrs["as_of"]).year // length * length
    begin = int(first.min()) if len(first) else end
    periods = pd.RangeIndex(begin, end + length, length, name=name)
    # A tie is possible from its first period to its last: +1 there, -1 after, and add up.
    enters = first.value_counts().reindex(periods, fill_value=0)
    leaves = (last + length).value_counts().reindex(periods, fill_value=0)
    certain = first[first == last].value_counts().reindex(periods, fill_value=0)
    table = pd.DataFrame({"n_certain": certain, "n_possible": (enters - leaves).cumsum()})
    table.attrs = {
        **tie_table.attrs,
        "n_ties": len(standing),
        "n_open": int(is_open.sum()),
        "n_unplaced": int(len(standing) - certain.sum()),
    }
    return table
