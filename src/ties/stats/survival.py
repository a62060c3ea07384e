"""What share of ties still stands after so many years, and how many that rests on.

The curve is the Kaplan-Meier estimator with delayed entry (Kaplan & Meier, *JASA* 53, 1958;
Andersen, Borgan, Gill & Keiding, *Statistical Models Based on Counting Processes*, 1993, IV.3),
as `statsmodels.duration.survfunc.SurvfuncRight` gives it. Its variance is Greenwood's (*Reports on
Public Health and Medical Subjects* 33, 1926), which that library gives only for spells without
weights. Intervals are built on the log-log scale (Kalbfleisch & Prentice, *The Statistical Analysis
of Failure Time Data*, 2nd ed., 2002, 1.4), which keeps them between 0 and 1.

It assumes that those who entered late, and those who are lost to sight, stood as good a chance
as the rest; that holds badly where a war ends ties of all ages at once. With competing exits,
one minus the curve overstates each of them: see `ties.stats.incidence`. Where few are
at risk at young ages, one early exit drags the whole curve down: look at the risk table, and
start the curve later (`after`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ties.stats.spells import CENSORED, DAYS_PER_YEAR


def kaplan_meier(
    spells: pd.DataFrame, *, after: float = 0.0, confidence: float = 0.95
) -> pd.DataFrame:
    """The share that still stands after each time at which one left.

    Parameters
    ----------
    spells
        The table of `ties.stats.spells.durations`: ``entry``, ``exit`` (days), ``event``. Every
        event that is not ``censored`` counts as leaving.
    after
        Years after which the curve begins: the share among those that stood then.
    confidence
        Coverage of the interval at one time (not of the whole curve), between 0 and 1.

    Returns
    -------
    DataFrame
        Index ``time`` (years of 365.25 days, `after` first); ``n_risk``, ``n_events`` (int64);
        ``survival``, ``se``, ``lower``, ``upper``. Where the curve is still 1 or already 0
        Greenwood's variance says nothing, and the bounds are missing.

    Raises
    ------
    ValueError
        If `confidence` is no share.

    Examples
    --------
    >>> spells = pd.DataFrame(
    ...     {
    ...         "entry": [0, 0, 0],
    ...         "exit": [365, 730, 1096],
    ...         "event": ["suspended", "censored", "terminated"],
    ...     }
    ... )
    >>> kaplan_meier(spells)["survival"].round(3).tolist()
    [1.0, 0.667, 0.0]
    """
    _refuse_share(confidence)
    begins = after * DAYS_PER_YEAR
    alike = _alike(spells, begins)
    n, stood = int(alike["n"].sum()), alike.loc[alike["entry"] <= begins, "n"]
    table = pd.DataFrame(
        {"n_risk": int(stood.sum()), "n_events": 0, "survival": 1.0},
        index=pd.Index([after], name="time", dtype="float64"),
    ).assign(se=0.0)
    if alike["left"].any():
        table = pd.concat([table, _steps(alike)])
    lower, upper = log_log_interval(table["survival"], table["se"], confidence)
    table = table.assign(lower=lower, upper=upper)
    table.attrs = {**spells.attrs, "n": n, "confidence": confidence, "after": after}
    return table


def _alike(spells: pd.DataFrame, begins: float) -> pd.DataFrame:
    """Take spells that are alike once, with their number; only those that stood at a beginning.

    There are far fewer days than spells in a large record.
    """
    spans = spells[["entry", "exit"]].assign(left=spells["event"] != CENSORED)
    alike = spans.value_counts(sort=False).reset_index(name="n").astype("float64")
    alike = alike[alike["exit"] > begins]
    return alike.assign(entry=alike["entry"].clip(lower=begins))


def _steps(alike: pd.DataFrame) -> pd.DataFrame:
    """The curve at each time at which a spell ended."""
    from statsmodels.duration.survfunc import SurvfuncRight

    fit = SurvfuncRight(alike["exit"], alike["left"], entry=alike["entry"], freq_weights=alike["n"])
    n_risk, n_events = fit.n_risk, fit.n_events
    # Once nobody is left the curve stays at 0; the library takes a logarithm of 1e-16 instead.
    is_over = np.cumsum(n_events == n_risk) > 0
    # Greenwood's variance; of weighted spells the library gives another.
    still = np.where(is_over, np.nan, n_risk - n_events)
    greenwood = np.cumsum(n_events / (n_risk * still))
    return pd.DataFrame(
        {
            "n_risk": n_risk.astype("int64"),
            "n_events": n_events.astype("int64"),
            "survival": np.where(is_over, 0.0, fit.surv_prob),
            "se": fit.surv_prob * np.sqrt(greenwood),
        },
        index=pd.Index(fit.surv_times / DAYS_PER_YEAR, name="time"),
    )


def quantile(curve: pd.DataFrame, share_gone: float = 0.5) -> pd.Series:
    """The time by which a share has left, with the interval that the curve's bounds cut out.

    The time is the first at which the curve is at or below one minus the share; its bounds are
    the first times at which the bounds of the curve are (Brookmeyer & Crowley, *Biometrics* 38,
    1982). A time that the curve does not reach is missing: the truth is longer than the record.

    Parameters
    ----------
    curve
        As `kaplan_meier` gives it.
    share_gone
        0.5 for the median.

    Returns
    -------
    Series
        ``time``, ``lower``, ``upper``, in years.

    Examples
    --------
    >>> spells = pd.DataFrame({"entry": 0, "exit": [365, 730, 1096], "event": "terminated"})
    >>> round(float(quantile(kaplan_meier(spells))["time"]), 2)
    2.0
    """
    still = 1 - share_gone

    def first(values: pd.Series) -> float:
        # A hair of rounding must not push a curve that is at the share above it.
        reached = values.index[values.to_numpy("float64") <= still + 1e-12]
        return float(reached[0]) if len(reached) else np.nan

    return pd.Series(
        {
            "time": first(curve["survival"]),
            "lower": first(curve["lower"].fillna(curve["survival"])),
            "upper": first(curve["upper"]),
        },
        name=share_gone,
    )


def survival_at(curve: pd.DataFrame, years: Sequence[float]) -> pd.DataFrame:
    """Read a curve at given times: it keeps its value from one step to the next.

    Returns
    -------
    DataFrame
        Index ``time``, the years asked for; the columns of the curve but its counts. Missing
        before the curve begins.
    """
    at = pd.Index(np.asarray(years, dtype="float64"), name="time")
    place = np.searchsorted(curve.index.to_numpy() - 1e-9, at.to_numpy(), side="right") - 1
    read = curve.drop(columns=["n_risk", "n_events"], errors="ignore").reset_index(drop=True)
    return read.reindex(place).set_index(at)


def risk_table(spells: pd.DataFrame, years: Sequence[float]) -> pd.DataFrame:
    """Count under a curve who is at risk, lost to sight, and gone, at given times.

    The layout of Morris et al., *BMJ Open* 9, 2019 (KMunicate), with one row more for the ties
    that have not entered yet. The four kinds add up to all ties at every time.

    Parameters
    ----------
    spells
        The table of `ties.stats.spells.durations`.
    years
        Times at which to count.

    Returns
    -------
    DataFrame
        Index ``time`` (years); ``not_entered``; ``at_risk``: entered, and neither gone nor lost up
        to and including that time; ``censored`` and one column an exit: so far. All int64.

    Examples
    --------
    >>> spells = pd.DataFrame(
    ...     {"entry": [0, 400], "exit": [365, 730], "event": ["suspended", "censored"]}
    ... )
    >>> risk_table(spells, [0, 1.5, 2])["at_risk"].tolist()
    [1, 1, 0]
    """
    days = np.asarray(years, dtype="float64") * DAYS_PER_YEAR + 1e-6
    event = spells["event"].astype("category")

    def so_far(moments: pd.Series) -> np.ndarray:
        return np.searchsorted(np.sort(moments.to_numpy("float64")), days, side="right")

    entered = so_far(spells["entry"])
    table = pd.DataFrame(
        {"not_entered": len(spells) - entered, "at_risk": entered - so_far(spells["exit"])}
        | {str(code): so_far(spells.loc[event == code, "exit"]) for code in event.cat.categories},
        index=pd.Index(np.asarray(years, dtype="float64"), name="time"),
    ).astype("int64")
    return table


def by_group(
    spells: pd.DataFrame, group: pd.Series, years: Sequence[float], *, at_least: int = 10
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a curve and a risk table of each group, for as long as enough of it are at risk.

    Parameters
    ----------
    spells
        The table of `ties.stats.spells.durations`.
    group
        The group of each row; rows without one are left out.
    years
        Times at which to count who is at risk.
    at_least
        A curve begins and ends with the first and the last time at which so many are at risk. So
        each tells of those that stood at its own beginning. A group with fewer than two such times
        has none.

    Returns
    -------
    tuple of DataFrame
        The curves as of `kaplan_meier`, and the tables as of `risk_table`, with a level ``group``
        more; empty where no group is large enough.

    Examples
    --------
    >>> spells = pd.DataFrame({"entry": 0, "exit": [365, 1096, 1096], "event": "terminated"})
    >>> curves, risk = by_group(spells, pd.Series(["a", "b", "b"]), [0, 2], at_least=2)
    >>> risk["at_risk"].to_dict()
    {('b', 0.0): 2, ('b', 2.0): 2}
    """
    curves, risks = {}, {}
    for name, own in spells.groupby(group.to_numpy()):
        risk = risk_table(own, years)
        enough = risk[risk["at_risk"] >= at_least]
        if len(enough) > 1:
            risks[name] = enough
            curve = kaplan_meier(own, after=float(enough.index[0]))
            curves[name] = curve[curve.index <= enough.index[-1]]
    if not risks:
        return pd.DataFrame(), pd.DataFrame()
    return pd.concat(curves, names=["group"]), pd.concat(risks, names=["group"])


def log_log_interval(
    survival: pd.Series, se: pd.Series, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of a share on the log-log scale; missing where the share is 0 or 1.

    Examples
    --------
    >>> low, high = log_log_interval(pd.Series([0.5]), pd.Series([0.1]), 0.95)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.2952, 0.6745)
    """
    from scipy.stats import norm

    share, error = survival.to_numpy("float64"), se.to_numpy("float64")
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    width = norm.ppf(0.5 + confidence / 2) * error / np.abs(safe * np.log(safe))
    width = np.where(inside, width, np.nan)
    return safe ** np.exp(width), safe ** np.exp(-width)


def _refuse_share(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it is a share such as 0.95")
