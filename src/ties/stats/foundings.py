"""When was each tie founded, as far as is known: an interval of days, and who may count.

A record as of 2018, read with later knowledge, holds ties of three sorts: those that stood by then;
those founded later; and those that may have stood, since nothing dates them and a list of 2022 is
the first to name them. The third sort belongs to the total in some of the possible truths and not
in others. It is kept, and every measure here says what it makes of it.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import years_of
from ties.lifecycle.event_view import EventView, Vantage
from ties.lifecycle.rule import StatusRule
from ties.schema.vocabulary import EVENT_KINDS

DECADE: Final = 10

# Events that date a founding or show that a tie stood; see `founding_bounds`.
BEARING: Final = frozenset(
    code
    for code, term in EVENT_KINDS.items()
    if term.group in ("founding", "evidence", "silence", "formal", "report") or code == "renewed"
)


def founding_intervals(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """Give the days between which each tie was founded, of all that may have stood on a day.

    What became known after `as_of` still bears witness to it, unless `known_by` hides it.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.

    Returns
    -------
    DataFrame
        Index ``tie_id``; ``earliest`` (datetime64[s]; missing if open), ``latest`` (never missing);
        ``is_certain``: it stood on the day; ``place_a``, ``place_b``. Where a source shows the tie
        standing before the days that another gives for its founding, either may be right: the
        interval is open, and ends with the founding as told. ``attrs`` say the day and whose
        knowledge.

    Examples
    --------
    >>> import ties
    >>> known = founding_intervals(ties.load("us-russia").counted(), as_of="2018-11-28")
    >>> int(known["is_certain"].sum()), len(known)
    (133, 161)
    """
    view = Vantage.of(dataset, as_of, known_by)
    horizon = dataset.as_of if view.known_by is None else max(dataset.as_of, view.known_by)
    reading = EventView.of(dataset, rule, horizon, known_by)
    earliest, latest = (
        pd.Series(reading.founding[end].to_numpy("M8[s]"), index=pd.Index(reading.ids))
        for end in ("earliest", "latest")
    )
    is_certain = latest <= view.as_of
    contrary = earliest > latest
    first = earliest.mask(contrary)
    last = latest.mask(contrary, _last_told(reading))
    places = dataset.ties.set_index("tie_id")[["place_a", "place_b"]].reindex(reading.ids)
    table = pd.DataFrame({"earliest": first, "latest": last, "is_certain": is_certain}).join(places)
    may_stand = latest.notna() & (is_certain | ~(first > view.as_of))
    table = table[may_stand].rename_axis("tie_id")
    table.attrs.update(view.as_record(), rule=reading.rule.as_record())
    return table


def founding_evidence(
    dataset: Dataset,
    rule: StatusRule | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """Give the attestations on which the interval of any founding rests.

    They are those of founding events, of the first event that shows a tie standing, and of events
    whose sources disagree, since without one of these the date may move to the front.

    Parameters
    ----------
    dataset, rule, known_by
        As for `ties.lifecycle`.

    Returns
    -------
    DataFrame
        The rows of `Attestations` that matter.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia")
    >>> len(founding_evidence(record)) < len(record.attestations)
    True
    """
    reading = EventView.of(dataset, rule, dataset.as_of, known_by)
    events = reading.happened[reading.happened["kind"].isin(BEARING)]
    attested = reading.attested[reading.attested["event_id"].isin(events["event_id"])]
    n_dates = attested.groupby("event_id")["date"].nunique(dropna=False)
    first = events["latest"] == events.groupby("tie")["latest"].transform("min")
    is_founding = events["kind"] == "founded"
    is_disputed = events["event_id"].map(n_dates).fillna(0) > 1
    matters = events.loc[first | is_founding | is_disputed, "event_id"]
    evidence: pd.DataFrame = attested[attested["event_id"].isin(matters)]
    return evidence


def decade_bounds(intervals: pd.DataFrame, decade: int = 1990) -> pd.Series:
    """Give the least and the most that the share of a decade can be, whatever is not known.

    Each tie of which it is open takes the place that lowers the share (outside the decade, or not
    founded by the day), and then the one that raises it: no truth lies outside, and both
    ends are possible (Manski, *Partial Identification of Probability Distributions*, 2003). They
    hold as long as the dates that sources give are true.

    Parameters
    ----------
    intervals
        As `founding_intervals` gives them.
    decade
        First year of the decade.

    Returns
    -------
    Series
        ``n``: ties that may count; ``n_in`` and ``n_out``: for certain; ``n_unknown``; ``lower``,
        ``upper`` (0 to 1; missing where no tie may count).

    Examples
    --------
    >>> import ties
    >>> known = founding_intervals(ties.load("us-russia").counted())
    >>> bounds = decade_bounds(known)
    >>> int(bounds["n_in"] + bounds["n_out"] + bounds["n_unknown"]) == len(known)
    True
    """
    can = _possible(intervals, decade)
    n_in = int((can["in"] & ~can["out"] & ~can["absent"]).sum())
    n_out = int((can["out"] & ~can["in"] & ~can["absent"]).sum())
    n_against = int(can["out"].sum())
    n_for = int(can["in"].sum())
    return pd.Series(
        {
            "n": len(intervals),
            "n_in": n_in,
            "n_out": n_out,
            "n_unknown": len(intervals) - n_in - n_out,
            # Where only ties that may be absent are left, one that is there decides alone.
            "lower": _share(n_in, n_in + n_against, 1.0 if n_for else math.nan),
            "upper": _share(n_for, n_for + n_out, 0.0 if n_against else math.nan),
        },
        name=decade,
        dtype="object",
    )


def is_in_decade(intervals: pd.DataFrame, decade: int = 1990) -> pd.Series:
    """Say of each tie whether it was founded in a decade; missing where that is not known.

    Returns
    -------
    Series
        ``boolean``; missing also where it is not known whether the tie stood on the day.
    """
    can = _possible(intervals, decade)
    known = ~can["absent"] & (can["in"] != can["out"])
    return can["in"].astype("boolean").where(known)


def drawn_in_decade(
    intervals: pd.DataFrame, drawn: pd.DataFrame, decade: int = 1990
) -> tuple[np.ndarray, np.ndarray]:
    """Say of each tie and draw whether it was founded in a decade, and whether it counts.

    Parameters
    ----------
    intervals
        As `founding_intervals` gives them.
    drawn
        Days drawn within them, as `ties.stats.imputation.impute_dates` gives them.

    Returns
    -------
    tuple of ndarray
        Two of bool, a row a tie and a column a draw. A tie counts if it was founded by the day.
    """
    days = years_of(drawn.to_numpy("M8[D]"))
    day = np.datetime64(pd.Timestamp(intervals.attrs["as_of"]), "s")
    member = (drawn.to_numpy("M8[s]") <= day) | intervals["is_certain"].to_numpy(bool)[:, None]
    return (days // DECADE * DECADE == decade) & member, member


def _last_told(reading: EventView) -> pd.Series:
    """Give the last day that a source gives for the founding of each tie."""
    events = reading.happened[reading.happened["kind"] == "founded"]
    last = events.groupby("tie")["latest"].max().reindex(range(len(reading.ids)))
    return last.astype("M8[s]").set_axis(pd.Index(reading.ids))


def _possible(intervals: pd.DataFrame, decade: int) -> pd.DataFrame:
    """Say of each tie whether it can be in the decade, outside it, or not yet founded."""
    day = pd.Timestamp(intervals.attrs["as_of"])
    begins, ends = pd.Timestamp(decade, 1, 1), pd.Timestamp(decade + DECADE, 1, 1)
    first, last = intervals["earliest"], intervals["latest"]
    absent = ~intervals["is_certain"] & (last > day)
    last = last.mask(absent, day)
    before = first.isna() | (first < begins)
    return pd.DataFrame(
        {
            "in": ~(first >= ends) & (last >= begins) & (begins <= day),
            "out": before | (last >= ends),
            "absent": absent,
        }
    )


def _share(n: int, of: int, otherwise: float) -> float:
    return n / of if of else otherwise
