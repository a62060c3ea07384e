"""Calendar and age together: each tie a line, from its founding on, in the colour of its status.

In a Lexis diagram (Lexis 1875; Keiding, *Phil. Trans. R. Soc. A* 335, 1990) time runs to the right
and age upwards, so that every life is a line at 45 degrees. What happens to all ties in one year
stands on a vertical, what happens at one age on a horizontal: the eye can tell a shock from
ageing. `lexis` gives the lines, `lexis_rates` counts the same by cells of years and ages.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ties.schema.vocabulary import STATUSES
from ties.stats.spells import DAYS_PER_YEAR


def lexis(episodes: pd.DataFrame, lives: pd.DataFrame) -> pd.DataFrame:
    """The segments of the diagram: one tie in one status.

    Age counts from the last day on which the founding can lie. Where the founding is known
    within bounds, ``age_spare`` says by how much the tie may be older; where it has no earliest
    day, that is missing, and the age only says how long the tie has stood for certain.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    lives
        Of the same view, as `ties.stats.spells.lifetimes` gives them.

    Returns
    -------
    DataFrame
        A row an episode of status: ``tie_id``, ``status`` (category), ``basis``, ``start``, ``end``
        (datetime64[s]; the last day of the view while it lasts), ``age_start``, ``age_end``,
        ``age_spare`` (years), ``lasts`` (bool: still so on the last day). Sorted by founding, so
        that the oldest tie comes first.

    Examples
    --------
    >>> import ties
    >>> from ties.stats.spells import lifetimes
    >>> record = ties.load("us-russia").without_disputed()
    >>> lines = lexis(ties.lifecycle(record), lifetimes(record))
    >>> bool((lines["age_end"] >= lines["age_start"]).all())
    True
    """
    status = episodes[episodes["axis"] == "status"]
    life = lives.set_index("tie_id").reindex(status["tie_id"]).set_axis(status.index)
    last = pd.Timestamp(episodes.attrs["as_of"])
    born, end = life["founded_latest"], status["end_latest"].fillna(last)
    table = pd.DataFrame(
        {
            "tie_id": status["tie_id"],
            "status": pd.Categorical(status["state"], categories=[*STATUSES]),
            "basis": status["basis"],
            "start": status["start_latest"],
            "end": end,
            "age_start": (status["start_latest"] - born).dt.days / DAYS_PER_YEAR,
            "age_end": (end - born).dt.days / DAYS_PER_YEAR,
            "age_spare": (born - life["founded_earliest"]).dt.days / DAYS_PER_YEAR,
            "lasts": status["end_latest"].isna(),
            "born": born,
        }
    )
    table = table.sort_values(["born", "tie_id", "start"], ignore_index=True)
    table = table.drop(columns="born")
    table.attrs = dict(episodes.attrs)
    return table


def lexis_rates(
    segments: pd.DataFrame,
    exits: Sequence[str] = ("suspended", "terminated"),
    *,
    years: Sequence[int],
    ages: Sequence[float] = (0, 10, 20, 30),
) -> pd.DataFrame:
    """Count exits and tie-years in force by cells of calendar years and ages.

    A tie is in force until its first exit; what comes after (a reinstatement, an end after a
    suspension) is not counted.

    Parameters
    ----------
    segments
        As `lexis` gives them.
    exits
        Statuses that count as having left.
    years
        First years of the calendar bands, rising; the last one ends with the record.
    ages
        Lower ends of the age bands, rising; the last one is open.

    Returns
    -------
    DataFrame
        Index ``year`` and ``age`` (lower ends of the bands); ``tie_years`` (years of 365.25 days),
        ``n_exits``, and ``rate`` a tie-year (missing where nobody was there). Time before the first
        year is in no cell; ``attrs["tie_years_before"]`` says how much it is, and
        ``attrs["n_exits_before"]`` how many exits.
    """
    if any(b <= a for band in (years, ages) for a, b in pairwise(band)):
        raise ValueError("years and ages must rise")
    in_force, gone = _until_exit(segments, exits)
    last = pd.Timestamp(segments.attrs["as_of"])
    edges = [pd.Timestamp(f"{year:04d}-01-01") for year in years] + [last + pd.Timedelta(days=1)]
    rows = []
    for year, begins, ends in zip(years, edges[:-1], edges[1:], strict=True):
        for low, high in zip(ages, [*ages[1:], np.inf], strict=True):
            spent = _overlap(in_force, begins, ends, low, high)
            n = (gone["start"] >= begins) & (gone["start"] < ends)
            n &= (gone["age_start"] >= low) & (gone["age_start"] < high)
            rows.append((year, low, spent, int(n.sum())))
    table = pd.DataFrame(rows, columns=["year", "age", "tie_years", "n_exits"])
    table = table.set_index(["year", "age"])
    table["rate"] = table["n_exits"] / table["tie_years"].where(table["tie_years"] > 0)
    before = _overlap(in_force, pd.Timestamp("0001-01-01"), edges[0], 0, np.inf)
    n_before = int((gone["start"] < edges[0]).sum())
    table.attrs = {**segments.attrs, "tie_years_before": before, "n_exits_before": n_before}
    return table


def _until_exit(segments: pd.DataFrame, exits: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The segments before each tie's first exit, and the segments that begin with it."""
    is_exit = segments["status"].isin([*exits])
    n_before = is_exit.astype("int64").groupby(segments["tie_id"]).cumsum()
    return segments[n_before == 0], segments[is_exit & (n_before == 1)]


def _overlap(
    segments: pd.DataFrame, begins: pd.Timestamp, ends: pd.Timestamp, low: float, high: float
) -> float:
    """The years that segments spend within a band of the calendar and of ages."""
    born = (segments["start"] - begins).dt.days / DAYS_PER_YEAR - segments["age_start"]
    start = (born + segments["age_start"].clip(lower=low)).clip(lower=0)
    until = born + segments["age_end"].clip(upper=high)
    until = until.clip(upper=(ends - begins).days / DAYS_PER_YEAR)
    return float((until - start).clip(lower=0).sum())
