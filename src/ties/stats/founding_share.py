"""What share of all ties was founded in a decade? One answer a method, side by side.

A share alone is half an answer: it says neither what the unknown dates could make of it, nor what
chance does, nor how far it rests on one source. Here all of these stand in one table. The
population is every tie on record that was ever made by the day, ended ones included. A tie that
left no source is in no row, and directories list survivors, so that old decades read low: no
method here cures that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.rule import StatusRule
from ties.stats.expected_dates import chance_between
from ties.stats.foundings import (
    DECADE,
    decade_bounds,
    drawn_in_decade,
    founding_evidence,
    founding_intervals,
    is_in_decade,
)
from ties.stats.imputation import impute_dates
from ties.stats.leave_out import leave_out, leave_out_range
from ties.stats.shares import Share, clustered_share, imputed_share

METHODS: Final = ("bounds", "dated", "imputed")
SIDES: Final = ["place_a", "place_b"]


def share_by_method(
    dataset: Dataset,
    decade: int = 1990,
    *,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    confidence: float = 0.95,
    m: int = 100,
    seed: int,
    by: tuple[str, ...] = ("kind", "source"),
) -> pd.DataFrame:
    """Give the share of all ties ever made that were founded in a decade, by every method.

    The rows answer different questions, and a claim is safe only if it holds in all of them.
    ``bounds`` knows no chance and no assumption but that the sources are right; ``dated`` and
    ``imputed`` are intervals of chance, clustered by city (`ties.stats.shares`), and assume
    that dates are missing at random, `dated` altogether and `imputed` given the bounds that each
    date has; the rest are ranges when one source, or one kind of source, is left out.

    Parameters
    ----------
    dataset
        A record, best with `counted` ties only.
    decade
        First year of the decade.
    rule, as_of, known_by
        As for `ties.lifecycle`. Ties that may have stood on the day count as unknown.
    confidence
        Coverage of the intervals, between 0 and 1.
    m
        How many times unknown dates are imputed, two or more.
    seed
        Of the imputation; the same seed gives the same table.
    by
        Leave out each ``kind`` of source, each ``source``, both or none. Every source that dates
        a founding costs a new reading of the record.

    Returns
    -------
    DataFrame
        Index ``method``: ``bounds``, ``dated``, ``imputed``; then each of them with one ``source``
        or ``kind`` left out, such as ``dated, one source left out``. ``is``: worst case,
        interval, or range; ``estimate`` (missing for bounds), ``lower``, ``upper`` (shares, 0 to
        1); ``n``: ties that the row rests on; ``n_unknown``: ties that may count and whose
        decade is not known; ``n_effective`` of an interval; ``moved_most_by`` of a range: what
        moves it most.

    Raises
    ------
    ValueError
        If `m` is below 2, or `confidence` is no share.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia").counted()
    >>> found = share_by_method(record, as_of="2018-11-28", m=20, seed=1, by=())
    >>> found["is"].tolist()
    ['worst case', 'interval', 'interval']
    """
    if m < 2 or not 0 < confidence < 1:
        raise ValueError("m is 2 or more, and confidence a share such as 0.95")
    known = founding_intervals(dataset, rule, as_of, known_by)
    table = pd.DataFrame(_rows(known, decade, m, seed, confidence)).set_index("method")
    evidence = founding_evidence(dataset, rule, known_by) if by else None
    for group in by:
        left = leave_out(
            dataset,
            lambda rest: _numbers(rest, decade),
            lambda some: founding_intervals(some, rule, as_of, known_by),
            by=group,
            rests_on=evidence,
        )
        table = pd.concat([table, _ranges(leave_out_range(left), group, table)])
    table.attrs = {**known.attrs, "decade": decade, "m": m, "seed": seed, "confidence": confidence}
    return table


def _rows(
    known: pd.DataFrame, decade: int, m: int, seed: int, confidence: float
) -> list[dict[str, object]]:
    bounds = decade_bounds(known, decade)
    found = {
        "dated": _dated(known, decade, confidence),
        "imputed": _imputed(known, decade, m, seed, confidence),
    }
    worst = {"estimate": float("nan"), "n": bounds["n"], "n_effective": float("nan")}
    rows = [{"is": "worst case", **worst, "lower": bounds["lower"], "upper": bounds["upper"]}]
    rows += [
        {
            "is": "interval",
            "estimate": share.estimate,
            "lower": share.lower,
            "upper": share.upper,
            "n": share.n,
            "n_effective": share.n_effective,
        }
        for share in found.values()
    ]
    order = ["method", "is", "estimate", "lower", "upper", "n", "n_unknown", "n_effective"]
    return [
        {name: (row | {"method": method, "n_unknown": bounds["n_unknown"]})[name] for name in order}
        for method, row in zip(METHODS, rows, strict=True)
    ]


def _dated(known: pd.DataFrame, decade: int, confidence: float = 0.95) -> Share:
    is_in = is_in_decade(known, decade).dropna().astype(bool)
    return clustered_share(is_in, known.loc[is_in.index, SIDES], confidence=confidence)


def _imputed(
    known: pd.DataFrame, decade: int, m: int, seed: int, confidence: float = 0.95
) -> Share:
    if known["earliest"].isna().all():
        return clustered_share(pd.Series(dtype=bool), known.loc[[], SIDES])
    drawn = impute_dates(known["earliest"], known["latest"], m=m, seed=seed)
    return imputed_share(
        *drawn_in_decade(known, drawn, decade), known[SIDES], confidence=confidence
    )


def _numbers(known: pd.DataFrame, decade: int) -> Mapping[str, float]:
    """Give what is worked out again whenever a source is left out."""
    bounds = decade_bounds(known, decade)
    return {
        "lower": bounds["lower"],
        "upper": bounds["upper"],
        "dated": _dated(known, decade).estimate,
        "imputed": _expected(known, decade),
    }


def _expected(known: pd.DataFrame, decade: int) -> float:
    """Give the imputed share without the noise of drawing, which is as large as most sources'."""
    if known["earliest"].isna().all():
        return float("nan")
    day = pd.Timestamp(known.attrs["as_of"])
    interval = known["earliest"], known["latest"]
    begins, ends = pd.Timestamp(decade, 1, 1), pd.Timestamp(decade + DECADE, 1, 1)
    counts = chance_between(*interval, pd.Timestamp(1, 1, 1), day).mask(known["is_certain"], 1.0)
    last = min(day, ends - pd.Timedelta(days=1))
    inside = chance_between(*interval, begins, last) if begins <= day else counts * 0.0
    return float(inside.sum() / counts.sum())


def _ranges(found: pd.DataFrame, group: str, table: pd.DataFrame) -> pd.DataFrame:
    """Lay out the ranges of all methods when one of a group is left out."""
    rows = []
    for method in METHODS:
        low, high = ("lower", "upper") if method == "bounds" else (method, method)
        own = found.loc[[low, high]].sort_values("moved_by", kind="stable").iloc[-1]
        rows.append(
            {
                "method": f"{method}, one {group} left out",
                "is": "range",
                "estimate": table.loc[method, "estimate"],
                "lower": found.loc[low, "least"],
                "upper": found.loc[high, "most"],
                "n": table.loc[method, "n"],
                "n_unknown": table.loc[method, "n_unknown"],
                "moved_most_by": own["moved_most_by"],
            }
        )
    return pd.DataFrame(rows).set_index("method")
