"""Every number about ties on a day, once: what is certain, and what is possible.

**Population.** All numbers speak of one population: the undisputed ties that *stood* on the day or
before, ended ones included (``n_certain`` of them), and those that *may have stood*, because a
later source is the first to name them or their founding is not dated (``n_possible``). A tie that
did not yet stand, or was not yet known, is in no number.

**Bounds.** A tie counts for the lower bound only if it has the property for certain, and for the
upper bound if it may have it. What is not known of the ties on record is anywhere between; ties
that nobody put on record are in no bound. What makes a state certain or possible is said in
`ties.lifecycle.status_bounds`.

Each quantity is a function of a record and a day. Figures, sentences, claims, `ties status` and the
explorer show these, and compute none of their own.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, Final, ParamSpec, TypeAlias, TypedDict

import numpy as np
import pandas as pd
from typing_extensions import Unpack

from ties.dataset import Dataset
from ties.dates import last_day, years_of
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.status_bounds import StatusBounds, StatusHistory
from ties.schema.vocabulary import DOWN_STATUSES, STATUSES

DECADE: Final = 10
WORST_CASE: Final = "worst case"
_NOT_SHOWN: Final = "which no source shows in force near that day or later, and none shows ended"
_NO_SIGN: Final = "with no sign of life near that day, and no witness of silence"

Record: TypeAlias = Dataset | StatusBounds
_P = ParamSpec("_P")


def per_record(
    measure: Callable[Concatenate[Record, _P], pd.DataFrame],
) -> Callable[Concatenate[Record | Mapping[str, Record], _P], pd.DataFrame]:
    """Let a table of one record be had of several: of a dict of records, a level ``record`` more.

    Examples
    --------
    >>> import ties
    >>> both = {name: ties.load(name) for name in ("us-russia", "germany-russia")}
    >>> founded_per_decade(both, "2018-11-28").xs(1990, level="decade")["n_certain"].to_dict()
    {'us-russia': 62, 'germany-russia': 62}
    """

    @wraps(measure)
    def of_each(
        record: Record | Mapping[str, Record], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> pd.DataFrame:
        if not isinstance(record, Mapping):
            return measure(record, *args, **kwargs)
        tables = {name: measure(one, *args, **kwargs) for name, one in record.items()}
        return pd.concat(tables, names=["record"])

    return of_each


class View(TypedDict, total=False):
    """How a record is read: as for `ties.lifecycle`, and whether disputed ties count."""

    known_by: str | dt.date | None
    rule: StatusRule | None
    disputed: str


@dataclass(frozen=True)
class Bounds:
    """A quantity with its bounds, and the ties behind it.

    Parameters
    ----------
    lower, upper
        The bounds; missing where nothing can be said.
    n
        Ties that it is asked of, those that may have stood included.
    certain, possible
        The ties that have the property for certain, and those of which it is not known.
    value
        The best single number where not the lower bound is it, for reading only: no verdict rests
        on it. It may be missing.
    gap
        What is not known of the possible ones, to follow "the bounds lie apart because of n ties".
    per_tie
        By how much one possible tie moves a bound, if each moves it alike; else missing.
    note
        The counts behind it, in a sentence.
    bound_type
        What the bounds are: worst case, unless chance is part of them.

    Examples
    --------
    >>> import ties
    >>> alive = n_alive(ties.load("us-russia"), "2018-11-28")
    >>> alive.lower, alive.upper, len(alive.possible)
    (20, 143, 123)
    """

    lower: float
    upper: float
    n: int
    certain: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    value: float = math.nan
    gap: str = ""
    per_tie: float = math.nan
    note: str = ""
    bound_type: str = WORST_CASE


def status_bounds(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> StatusBounds:
    """Return what is certain and possible of each tie on a day: the ground of every number here.

    Parameters
    ----------
    record
        A record; or what this function returned before, to be asked about another day.
    as_of
        An EDTF date, of which the last day is taken, or a date; the record's own if not given.
    known_by, rule
        As for `ties.lifecycle`.
    disputed
        Whether ties of disputed places count: ``exclude`` (the default) or ``include``.

    Examples
    --------
    >>> import ties
    >>> stood = status_bounds(ties.load("us-russia"), "2018-11-28")
    >>> int(stood.is_certain.sum()), int(stood.is_possible.sum())
    (133, 28)
    """
    if isinstance(record, StatusBounds):
        return record if as_of is None else record.on(as_of)
    day = record.as_of if as_of is None else last_day(as_of)
    history = StatusHistory.of(
        record,
        view.get("rule"),
        view.get("known_by"),
        until=day,
        disputed=view.get("disputed", "exclude"),
    )
    return history.on(day)


def n_ties(record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]) -> Bounds:
    """Return how many ties stood on the day or before, ended ones included.

    Examples
    --------
    >>> import ties
    >>> found = n_ties(ties.load("us-russia"), "2018-11-28")
    >>> found.lower, found.upper
    (133, 161)
    """
    ties = status_bounds(record, as_of, **view)
    gap = "of which it is not known whether they stood by then"
    return _count(ties, ties.is_certain, ties.is_possible, gap)


def n_in_force(record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]) -> Bounds:
    """Return how many ties were in force on paper: shown to be, and at most not known not to be."""
    ties = status_bounds(record, as_of, **view)
    return _count(ties, ties.is_in_force, ties.may_be_in_force, _NOT_SHOWN)


def n_alive(record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]) -> Bounds:
    """Return how many ties were alive: active or revived."""
    ties = status_bounds(record, as_of, **view)
    return _count(ties, ties.is_alive, ties.may_be_alive, _NO_SIGN)


def n_stopped(record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]) -> Bounds:
    """Return how many ties a side had suspended or ended."""
    ties = status_bounds(record, as_of, **view)
    return _count(ties, ties.is_stopped, ties.may_be_stopped, _NOT_SHOWN)


def share_alive(record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]) -> Bounds:
    """Return the share that was alive, of the ties that stood on the day or before."""
    return _share_of(n_alive(status_bounds(record, as_of, **view)), "alive")


def share_stopped(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> Bounds:
    """Return the share that a side had suspended or ended, of the ties that stood by the day."""
    return _share_of(n_stopped(status_bounds(record, as_of, **view)), "suspended or ended")


def _share_of(found: Bounds, state: str) -> Bounds:
    """Turn a count of ties in a state into the share of the ties that it was asked of."""
    n, n_sure, n_may = found.n, len(found.certain), len(found.possible)
    return replace(
        found,
        lower=_share(n_sure, n),
        upper=_share(n_sure + n_may, n),
        value=_share(n_sure, n - n_may),
        per_tie=_share(1, n),
        note=f"{n_sure} of {n} {state} for certain, {n_may} not known",
    )


def share_of_decade(
    record: Record,
    decade: int = 1990,
    as_of: str | dt.date | None = None,
    **view: Unpack[View],
) -> Bounds:
    """Return the share founded in a decade, of the ties that stood on the day or before.

    Each tie of which it is open takes the place that lowers the share (outside the decade, or not
    founded by the day), and then the one that raises it. No truth lies outside, and both ends are
    possible, as long as the dates that sources give are true. Directories list survivors, so the
    share of an old decade reads low: the bounds do not cure that.

    Parameters
    ----------
    record, as_of, known_by, rule, disputed
        As for `status_bounds`.
    decade
        First year of the decade.

    Raises
    ------
    ValueError
        If `decade` is not the first year of a decade.

    Examples
    --------
    >>> import ties
    >>> share = share_of_decade(ties.load("us-russia"), 1990, "2018-11-28")
    >>> round(share.lower, 2), round(share.upper, 2), share.n
    (0.39, 0.77, 161)
    """
    if decade % DECADE:
        begins = decade // DECADE * DECADE
        raise ValueError(f"{decade} is not the first year of a decade; it lies in that of {begins}")
    ties = status_bounds(record, as_of, **view)
    ties = ties.only(ties.may_stand)
    can = in_decade(ties, decade)
    is_in = can["in"] & ~can["out"] & ~can["absent"]
    is_out = can["out"] & ~can["in"] & ~can["absent"]
    may = can["in"] & ~is_in
    n, n_in, n_out = len(ties.ids), int(is_in.sum()), int(is_out.sum())
    n_for, n_against = int(can["in"].sum()), int(can["out"].sum())
    return Bounds(
        # Where only ties that may be absent are left, one that is there decides alone.
        _share(n_in, n_in + n_against, 1.0 if n_for else math.nan),
        _share(n_for, n_for + n_out, 0.0 if n_against else math.nan),
        n,
        _ids(ties, is_in),
        _ids(ties, may),
        _share(n_in, n_in + n_out),
        "whose founding no source puts inside or outside the decade",
        _share(1, n),
        f"{n_in} of {n} founded in the {decade}s for certain, {n_out} in other decades, "
        f"{n - n_in - n_out} not known",
    )


def in_decade(ties: StatusBounds, decade: int) -> Mapping[str, np.ndarray]:
    """Mark the ties that can be in a decade, outside it, or not yet founded on the day."""
    begins, ends = (np.datetime64(f"{year:04d}-01-01") for year in (decade, decade + DECADE))
    absent = ~ties.is_certain
    first = ties.founded_earliest
    last = np.where(absent, ties.day, ties.founded_latest)
    return {
        "in": ~(first >= ends) & (last >= begins) & (begins <= ties.day),
        "out": np.isnat(first) | (first < begins) | (last >= ends),
        "absent": absent,
    }


def fall_of_share_alive(
    record: Record, as_of: str | dt.date | None = None, since: int = 1999, **view: Unpack[View]
) -> Bounds:
    """Return by how much the share alive fell from the end of a year to the day."""
    ties = status_bounds(record, as_of, **view)
    then, now = share_alive(ties.on(dt.date(since, 12, 31))), share_alive(ties)
    return Bounds(
        then.lower - now.upper,
        then.upper - now.lower,
        now.n,
        now.certain,
        tuple(sorted({*then.possible, *now.possible})),
        then.value - now.value,
        f"of which it is not known whether they were alive in {since}, or on the day",
        note=f"alive at the end of {since}: {_span(then)}; on the day: {_span(now)}",
    )


def largest_year_of_stops(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> Bounds:
    """Return the largest part of all stops (silence, suspension, end) that came in one year."""
    ties = status_bounds(record, as_of, **view)
    sure = ties.is_certain & ties.has_status(*DOWN_STATUSES) & ~ties.may_be_alive
    may = ties.may_stand & ~sure & ~ties.is_alive
    final = int(years_of(np.array([ties.day]))[0])
    earliest, latest = ties.stopped_between
    first, last = _year(earliest, missing=1), _year(latest, missing=final)
    low = int(first[sure | may].clip(min=1900).min()) if (sure | may).any() else final
    exact = sure & (first == last)
    n_exact, n_sure, n_may = (
        _per_period(first[mask], last[mask], low, final) for mask in (exact, sure, may)
    )
    upper = (n_sure + n_may) / np.maximum(sure.sum() + n_may, 1)
    n, peak = int(sure.sum() + may.sum()), int(n_exact.max())
    return Bounds(
        _share(peak, n),
        float(upper.max()) if n else math.nan,
        n,
        _ids(ties, exact),
        _ids(ties, (sure & ~exact) | may),
        _share(peak, int(exact.sum())),
        "of which it is not known in which year they stopped, or whether they did",
        note=f"{int(sure.sum())} ties had stopped for certain, {int(exact.sum())} of them in a "
        f"known year, {peak} of these in {low + int(n_exact.argmax())}; "
        f"{int(may.sum())} more may have stopped; {_acts(ties)}",
    )


def n_places(ties: Bounds, dataset: Dataset, side: str = "b") -> Bounds:
    """Return how many places of a side the ties behind a count have."""
    place = dataset.ties.set_index("tie_id")[f"place_{side}"]
    sure = set(place.reindex([*ties.certain]))
    may = set(place.reindex([*ties.possible])) - sure
    return Bounds(
        len(sure),
        len(sure) + len(may),
        ties.n,
        ties.certain,
        ties.possible,
        len(sure),
        ties.gap,
        1,
        f"{len(sure)} places for certain, {len(may)} more not known",
    )


# The headline numbers, by name: what each is called, in which unit, and how it is had.
HEADLINES: Final[Mapping[str, tuple[str, str, Callable[[StatusBounds], Bounds]]]] = (
    MappingProxyType(
        {
            "n_ties": ("Ties ever made", "ties", n_ties),
            "n_in_force": ("Ties in force on paper", "ties", n_in_force),
            "n_alive": ("Ties alive", "ties", n_alive),
            "n_stopped": ("Ties suspended or ended", "ties", n_stopped),
            "share_alive": ("Share alive", "share", share_alive),
            "share_of_decade": ("Share founded in the 1990s", "share", share_of_decade),
        }
    )
)


def summary(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> pd.DataFrame:
    """Return the headline numbers on a day, a row a quantity.

    Returns
    -------
    DataFrame
        Index ``quantity``; ``label`` and ``unit`` (text); ``lower``, ``upper`` (Float64, missing
        where there is nothing to divide by); ``n_certain``, ``n_possible`` (Int64): ties that have
        the property for certain, and of which it is not known; ``n`` (Int64): the population.

    Examples
    --------
    >>> import ties
    >>> found = summary(ties.load("us-russia"), "2018-11-28")
    >>> found.loc["n_in_force", ["lower", "upper"]].tolist()
    [100.0, 161.0]
    """
    ties = status_bounds(record, as_of, **view)
    rows = {name: measure(ties) for name, (_, _, measure) in HEADLINES.items()}
    words = {name: (label, unit) for name, (label, unit, _) in HEADLINES.items()}
    found = rows.values()
    return pd.DataFrame(
        {
            "label": pd.array([words[name][0] for name in rows], dtype="str"),
            "unit": pd.array([words[name][1] for name in rows], dtype="str"),
            **{
                end: pd.array([getattr(each, end) for each in found], dtype="Float64")
                for end in ("lower", "upper")
            },
            "n_certain": pd.array([len(each.certain) for each in found], dtype="Int64"),
            "n_possible": pd.array([len(each.possible) for each in found], dtype="Int64"),
            "n": pd.array([each.n for each in found], dtype="Int64"),
        },
        index=pd.Index([*rows], name="quantity", dtype="str"),
    )


@per_record
def by_year(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> pd.DataFrame:
    """Return how many ties stood, were in force, alive and stopped, at the end of each year.

    Returns
    -------
    DataFrame
        Index ``year`` (int, without gaps, from the first year in which a tie may have stood): as
        on 31 December, and in the last year as on `as_of`. ``ties``, ``in_force``, ``alive`` and
        ``stopped`` with suffixes ``_lower`` and ``_upper`` (Int64).

    Examples
    --------
    >>> import ties
    >>> by_year(ties.load("us-russia"), "2018-11-28").loc[2018, "alive_upper"]
    np.int64(143)
    """
    ties = status_bounds(record, as_of, **view)
    founded = ties.founded_earliest[ties.may_stand & ~np.isnat(ties.founded_earliest)]
    founded = np.append(founded, ties.founded_latest[ties.is_certain])
    final = int(years_of(np.array([ties.day]))[0])
    first = min(int(years_of(founded).min()), final) if len(founded) else final
    years = pd.RangeIndex(first, final + 1, name="year")
    measures = {"ties": n_ties, "in_force": n_in_force, "alive": n_alive, "stopped": n_stopped}
    rows = []
    for year in years:
        now = ties if year == final else ties.on(dt.date(year, 12, 31))
        found = {name: measure(now) for name, measure in measures.items()}
        rows.append(
            {
                f"{name}_{end}": getattr(each, end)
                for name, each in found.items()
                for end in ("lower", "upper")
            }
        )
    return pd.DataFrame(rows, index=years).astype("Int64")


@per_record
def founded_per_year(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> pd.DataFrame:
    """Count the foundings of each year.

    Returns
    -------
    DataFrame
        Index ``year`` (Int64, without gaps, up to the year of the day; missing in the last row);
        ``n_certain`` (Int64): ties founded in that year; ``n_possible`` (Int64): those whose
        founding may lie in it, the certain ones included. In the last row, ``n_certain`` counts the
        ties that fit no one year, so that the column adds up to all that stood or may have, and
        ``n_possible`` those of them whose founding has no first possible day.

    Examples
    --------
    >>> import ties
    >>> founded_per_year(ties.load("us-russia"), "2018-11-28").loc[1991].tolist()
    [10, 19]
    """
    return _foundings(status_bounds(record, as_of, **view), 1, "year")


@per_record
def founded_per_decade(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> pd.DataFrame:
    """Count the foundings of each decade; index ``decade``, its first year, else as by year.

    Examples
    --------
    >>> import ties
    >>> founded_per_decade(ties.load("us-russia"), "2018-11-28").loc[1990].tolist()
    [62, 67]
    """
    return _foundings(status_bounds(record, as_of, **view), DECADE, "decade")


@per_record
def cohorts(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> pd.DataFrame:
    """Count the ties of each founding decade by status.

    Every tie is in one row, so that the columns add up to the numbers of all ties: a decade has
    those that were certainly founded in it, the last row those that no one decade holds.

    Parameters
    ----------
    record
        A record; or a dict of them, for a table with a level ``record`` more.
    as_of, known_by, rule, disputed
        As for `status_bounds`.

    Returns
    -------
    DataFrame
        Index ``decade`` (Int64, its first year, without gaps; missing in the last row); all columns
        Int64: ``n``, the ties of the row; ``n_possible``, as `founded_per_decade` has it; one a
        status, by the life cycle (in the last row they add up to less than ``n`` by the ties that
        may not have stood); ``alive`` and ``stopped`` with suffixes ``_lower`` and ``_upper``: ties
        of the row that are so for certain, and that may be.

    Examples
    --------
    >>> import ties
    >>> found = cohorts(ties.load("us-russia"), "2018-11-28")
    >>> found.loc[1990, ["n", "active", "no_information", "alive_lower", "alive_upper"]].tolist()
    [62, 10, 42, 11, 53]
    """
    ties = status_bounds(record, as_of, **view)
    ties = ties.only(ties.may_stand)
    table = _foundings(ties, DECADE, "decade").rename(columns={"n_certain": "n"})
    is_rest = table.index.isna()
    table.loc[is_rest, "n_possible"] = table.loc[is_rest, "n"]
    marks = {code: ties.has_status(code) for code in STATUSES} | {
        f"{name}_{end}": getattr(ties, f"{word}_{name}")
        for name in ("alive", "stopped")
        for end, word in (("lower", "is"), ("upper", "may_be"))
    }
    decade = founding_decade(ties).to_numpy()
    counts = pd.DataFrame(marks).groupby(decade, dropna=False).sum()
    return table.join(counts.reindex(table.index, fill_value=0).astype("Int64"))


def founding_decade(
    record: Record, as_of: str | dt.date | None = None, **view: Unpack[View]
) -> pd.Series:
    """Return the decade in which each tie was certainly founded: Int64 by ``tie_id``.

    It is missing for a tie that no one decade holds, or that may not have stood on the day.
    """
    ties = status_bounds(record, as_of, **view)
    ties = ties.only(ties.may_stand)
    first, last = _periods(ties, DECADE)
    sure = ties.is_certain & (first == last)
    ids = pd.Index(ties.ids, name="tie_id", dtype="str")
    return pd.Series(first, ids, dtype="Int64", name="decade").where(sure)


def _periods(ties: StatusBounds, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the first years of the periods between which each tie was founded by the day.

    A founding that may lie any time before has the first period 0.
    """
    final = years_of(np.array([ties.day])) // length * length
    first = _year(ties.founded_earliest, missing=0) // length * length
    last = _year(ties.founded_latest, missing=final[0]) // length * length
    return first, np.minimum(last, final)


def _foundings(ties: StatusBounds, length: int, name: str) -> pd.DataFrame:
    ties = ties.only(ties.may_stand)
    is_open = np.isnat(ties.founded_earliest)
    final = int(years_of(np.array([ties.day]))[0]) // length * length
    first, last = (ends[~is_open] for ends in _periods(ties, length))
    begin = int(first.min()) if len(first) else final
    periods = (np.append(first, [begin, final]) - begin) // length
    sure = ties.is_certain[~is_open] & (first == last)
    n_certain, n_possible = (
        _per_period((first[mask] - begin) // length, (last[mask] - begin) // length, 0, periods[-1])
        for mask in (sure, np.ones(len(first), bool))
    )
    index = pd.Index([*range(begin, final + length, length), pd.NA], dtype="Int64", name=name)
    rest = [len(ties.ids) - int(n_certain.sum()), int(is_open.sum())]
    columns = {"n_certain": [*n_certain, rest[0]], "n_possible": [*n_possible, rest[1]]}
    return pd.DataFrame(columns, index=index).astype("Int64")


def _count(ties: StatusBounds, sure: np.ndarray, at_most: np.ndarray, gap: str) -> Bounds:
    may = at_most & ~sure
    n, n_may = int(sure.sum()), int(may.sum())
    note = f"{n} for certain, {n_may} not known"
    size = int(ties.may_stand.sum())
    return Bounds(n, n + n_may, size, _ids(ties, sure), _ids(ties, may), n, gap, 1, note)


def _acts(ties: StatusBounds) -> str:
    """Name the year in which most acts of governments came, since the day of an act is known."""
    tie, days = ties.history.stops
    counts = ties.mask[tie] & (days <= ties.day)
    _, first = np.unique(tie[counts], return_index=True)
    if not len(first):
        return "no government had suspended or ended one"
    years, n_acts = np.unique(years_of(days[counts][first]), return_counts=True)
    most = int(n_acts.argmax())
    return f"of {len(first)} that a government suspended or ended, {n_acts[most]} in {years[most]}"


def _per_period(first: np.ndarray, last: np.ndarray, low: int, high: int) -> np.ndarray:
    """Count the intervals that reach into each period."""
    change = np.zeros(high - low + 2, dtype="int64")
    np.add.at(change, np.clip(first, low, high) - low, 1)
    np.add.at(change, np.clip(last, low, high) - low + 1, -1)
    counts: np.ndarray = change.cumsum()[:-1]
    return counts


def _year(days: np.ndarray, *, missing: int) -> np.ndarray:
    return np.where(np.isnat(days), missing, years_of(days))


def _share(n: float, of: float, otherwise: float = math.nan) -> float:
    return n / of if of else otherwise


def _span(share: Bounds) -> str:
    return f"{share.lower:.0%} to {share.upper:.0%}"


def _ids(ties: StatusBounds, mask: np.ndarray) -> tuple[str, ...]:
    return tuple(ties.ids[mask])
