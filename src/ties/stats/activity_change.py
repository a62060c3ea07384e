"""Did activity change at some point, or not at all? A change point with the effort held constant.

`ties.stats.changepoint` weighs "one change" against "no change" in counts per exposure. Here
the counts are the signs of life of each year that were published soon, and the exposure is
what was there to be seen: tie-years under one bound of attention (it stayed as it was), other
reports under the other (it grew as they did). A change that only one of the two shows is no more
than what was assumed. Reports of single years are few, so their moving mean is taken; its error is
not part of the answer, and the counts are taken as independent (see ``dispersion``).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.stats.changepoint import change_points

SPAN: Final = 5


def activity_change(
    by_year: pd.DataFrame,
    since: int,
    *,
    span: int = SPAN,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say whether, when and by how much activity changed, under each bound of attention.

    Years that are not written up yet are left out.

    Parameters
    ----------
    by_year
        As `ties.stats.effort.activity_by_year` gives it.
    since
        First year to look at.
    span
        Years over which other reports are averaged, each year in the middle of its own.
    confidence
        Probability of the credible intervals.

    Returns
    -------
    DataFrame
        Index ``attention``: ``constant``, ``as reports``. ``p_no_change``: probability that
        activity never changed; ``bayes_factor``, of one change against none; ``year``
        (Int64) in which it most probably did, if it did, with ``year_lower``, ``year_upper``;
        ``ratio`` after over before with ``ratio_lower``, ``ratio_upper``; ``dispersion`` (above
        1: changes are found too easily); ``n_years``, ``n_signs``.

    Raises
    ------
    ValueError
        If there are too few years, or one without anything to be seen.

    Examples
    --------
    >>> import ties
    >>> from ties.stats.effort import activity_by_year
    >>> found = activity_change(activity_by_year(ties.load("us-russia").counted()), 1999)
    >>> bool(found["p_no_change"].between(0, 1).all())
    True
    """
    smooth = by_year["n_reports"].rolling(span, center=True, min_periods=1).mean()
    own = (by_year.index >= since) & ~by_year["is_incomplete"]
    exposures = {"constant": by_year["tie_years"], "as reports": smooth}
    rows = {
        name: _row(by_year.loc[own, "n_signs"], exposure[own], confidence)
        for name, exposure in exposures.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("attention")
    years = ["year", "year_lower", "year_upper"]
    return table.astype(dict.fromkeys(years, "Int64"))


def _row(counts: pd.Series, exposure: pd.Series, confidence: float) -> dict[str, object]:
    found = change_points(counts, exposure, confidence=confidence)
    change, ratio = found.changes.iloc[0], found.ratio.iloc[0]
    return {
        "p_no_change": found.p_no_change,
        "bayes_factor": found.bayes_factor,
        "year": change["year"],
        "year_lower": change["lower"],
        "year_upper": change["upper"],
        "ratio": ratio["ratio"],
        "ratio_lower": ratio["lower"],
        "ratio_upper": ratio["upper"],
        "dispersion": found.dispersion,
        "n_years": len(counts),
        "n_signs": int(counts.sum()),
    }
