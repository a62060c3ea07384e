"""When did the number of foundings a year change? Change points, with imprecise dates drawn.

Dates are imputed by the model that the counts are then read by: a rate that is constant but for its
changes. So an undated tie does not follow the peaks of single years, which would be taken for
changes of the rate; it follows the rate. In turns, the changes and rates are drawn given all
dates, and the dates given the rates; the answers for every draw are averaged.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

import pandas as pd
from validation.changepoint import ChangePoints, change_points, draw_rates

from ties import bounds
from ties.dataset import Dataset
from ties.lifecycle.rule import StatusRule
from ties.stats.imputation import impute_dates


def formation_rate(
    dataset: Dataset,
    *,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    since: int | None = None,
    max_changes: int = 4,
    m: int = 20,
    seed: int,
    confidence: float = 0.95,
) -> ChangePoints:
    """Whether and when the number of foundings a year changed, with unknown dates imputed.

    The last year counts for as much of it as has passed on the day. Foundings of ties that left
    no trace are missing: a rate is that of ties on record.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.bounds.status_bounds`.
    since
        First year; if not given, the one in which the earliest founding on record begins.
    max_changes, confidence
        As for `change_points`.
    m, seed
        How often dates are imputed; the answers are averaged.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia")
    >>> found = formation_rate(record, as_of="2018-11-28", m=5, seed=1)
    >>> found.p_no_change < 0.05
    True
    """
    ties = bounds.status_bounds(dataset, as_of, known_by=known_by, rule=rule)
    known = ties.only(ties.may_stand).as_frame()
    drawn = impute_dates(
        known["founded_earliest"],
        known["founded_latest"],
        m=m,
        seed=seed,
        shares=partial(draw_rates, max_changes=max_changes),
    )
    day = pd.Timestamp(ties.day)
    first = int(known["founded_earliest"].dt.year.min()) if since is None else since
    years = pd.RangeIndex(first, day.year + 1, name="year")
    counts = drawn.where(drawn <= day).apply(
        lambda days: days.dt.year.value_counts().reindex(years, fill_value=0)
    )
    exposure = pd.Series(1.0, years)
    exposure.iloc[-1] = day.day_of_year / (366 if day.is_leap_year else 365)
    return change_points(counts, exposure, max_changes=max_changes, confidence=confidence)
