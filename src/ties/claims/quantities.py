"""Each quantity that a claim can be about, worked out with its bounds.

A tie counts for the lower bound only if it has the property for certain, and for the upper bound if
it may have it. Who is certain and who is possible is said in `ties.stats.standing`; what
each quantity is, in `ties.claims.estimands`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ties.claims.estimate import INTERVAL, Asked, Estimate
from ties.dates import years_of
from ties.schema.vocabulary import DOWN_STATUSES
from ties.stats.effort import Effort, compare_observed, last_complete_year
from ties.stats.standing import ALIVE, Standing

_N_RESAMPLES: Final = 1000


def n_ties(asked: Asked) -> Estimate:
    """Count the ties that were ever made by the day, ended ones included."""
    ties = asked.on(asked.as_of)
    return _count(
        ties,
        ties.is_certain,
        ties.is_possible,
        "of which it is not known whether they stood by then",
    )


def n_in_force(asked: Asked) -> Estimate:
    """Count the ties in force on paper: shown to be, and not known not to be."""
    ties = asked.on(asked.as_of)
    return _count(
        ties,
        ties.is_in_force,
        ties.may_exist & ~ties.is_stopped & ~ties.is_in_force,
        "which no source shows in force near that day, or after it, and none shows ended",
    )


def n_alive(asked: Asked) -> Estimate:
    """Count the ties that were alive: active or revived."""
    ties = asked.on(asked.as_of)
    sure, may = _alive(ties)
    return _count(ties, sure, may, "with no sign of life near that day, and no witness of silence")


def n_stopped(asked: Asked) -> Estimate:
    """Count the ties that a side had suspended or ended."""
    ties = asked.on(asked.as_of)
    return _count(
        ties,
        ties.is_stopped,
        ties.may_exist & ~ties.is_in_force & ~ties.is_stopped,
        "which no source shows in force near that day, or after it, and none shows ended",
    )


def n_places_stopped(asked: Asked, side: str = "b") -> Estimate:
    """Count the places of a side that have a suspended or ended tie."""
    return _places(asked, n_stopped(asked), side)


def n_places_in_force(asked: Asked, side: str = "b") -> Estimate:
    """Count the places of a side that have a tie in force."""
    return _places(asked, n_in_force(asked), side)


def share_of_decade(asked: Asked, decade: int = 1990) -> Estimate:
    """Give the share of the ties ever made that were founded in a decade."""
    ties = asked.on(asked.as_of)
    members = ties.only(ties.may_exist)
    begins, ends = (np.datetime64(f"{year}-01-01") for year in (decade, decade + 10))
    first, last = members.founded_earliest, members.founded_latest
    # Of a tie that may have been founded later, what matters is the part up to the day.
    last = np.where(last < _day(asked), last, _day(asked))
    # A beginning that is not known lies in no decade for certain, and after none.
    is_in = members.is_certain & (first >= begins) & (last < ends)
    is_out = (first >= ends) | (last < begins)
    may = ~is_in & ~is_out
    n_in, n_may, n_out = int(is_in.sum()), int(may.sum()), int((is_out & members.is_certain).sum())
    n = len(members.ids)
    return Estimate(
        _share(n_in, n_in + n_out),
        _share(n_in, n),
        _share(n_in + n_may, n_in + n_out + n_may),
        counted=_ids(members, is_in),
        open=_ids(members, may),
        gap="whose founding no source puts inside or outside the decade",
        per_tie=_share(1, n),
        note=f"{n_in} of {n} founded in the {decade}s for certain, {n_out} in other decades, "
        f"{n_may} not known",
    )


def share_alive(asked: Asked) -> Estimate:
    """Give the share of the ties standing on the day that were alive."""
    ties = asked.on(asked.as_of)
    sure, may = _alive(ties)
    n = int(ties.may_exist.sum())
    n_sure, n_may = int(sure.sum()), int(may.sum())
    return Estimate(
        _share(n_sure, n - n_may),
        _share(n_sure, n),
        _share(n_sure + n_may, n),
        counted=_ids(ties, sure),
        open=_ids(ties, may),
        gap="with no sign of life near that day, and no witness of silence",
        per_tie=_share(1, n),
        note=f"{n_sure} of {n} alive for certain, {n_may} not known",
    )


def fall_of_share_alive(asked: Asked, since: int = 1999) -> Estimate:
    """Give by how much the share of ties alive fell from the end of a year to the day."""
    then = share_alive(replace(asked, as_of=pd.Timestamp(since, 12, 31)))
    now = share_alive(asked)
    return Estimate(
        then.value - now.value,
        then.lower - now.upper,
        then.upper - now.lower,
        counted=now.counted,
        open=tuple(sorted({*then.open, *now.open})),
        gap=f"of which it is not known whether they were alive in {since}, or on the day",
        note=f"alive at the end of {since}: {_span(then)}; on the day: {_span(now)}",
    )


def largest_year_of_stops(asked: Asked) -> Estimate:
    """Give the largest part of all stops (silence, suspension, end) that came in one year."""
    ties = asked.on(asked.as_of)
    sure = ties.is_certain & ties.has_status(*DOWN_STATUSES) & ties.is_firm
    may = (ties.is_certain & ~ties.has_status(*ALIVE) & ~sure) | ties.is_possible
    final = asked.as_of.year
    first = _year(ties.stop_earliest, missing=1)
    last = _year(ties.stop_latest, missing=final)
    low = int(first[sure | may].clip(min=1900).min()) if (sure | may).any() else final
    exact = sure & (first == last)
    n_exact = _per_year(first[exact], last[exact], low, final)
    n_sure = _per_year(first[sure], last[sure], low, final)
    n_may = _per_year(first[may], last[may], low, final)
    upper = (n_sure + n_may) / np.maximum(sure.sum() + n_may, 1)
    n, peak = int(sure.sum() + may.sum()), int(n_exact.max())
    return Estimate(
        _share(peak, int(exact.sum())),
        _share(peak, n),
        float(upper.max()) if n else float("nan"),
        counted=_ids(ties, exact),
        open=_ids(ties, (sure & ~exact) | may),
        gap="of which it is not known in which year they stopped, or whether they did",
        note=f"{int(sure.sum())} ties had stopped for certain, {int(exact.sum())} of them in a "
        f"known year, {peak} of these in {low + int(n_exact.argmax())}; "
        f"{int(may.sum())} more may have stopped; {_acts(asked)}",
    )


def activity_ratio(
    asked: Asked,
    years: int = 5,
    panel: str = "kinds",
    lag: int = 1,
    offset: str = "between",
) -> Estimate:
    """Give activity at constant effort in the last complete years against as many before."""
    last = min(last_complete_year(asked.dataset, asked.known_by), _last_full_year(asked.as_of))
    before, after = (last - 2 * years + 1, last - years), (last - years + 1, last)
    found = compare_observed(
        asked.observed,
        before,
        after,
        effort=Effort(panel=panel, lag=lag, offset=offset),
        n_resamples=_N_RESAMPLES,
        seed=asked.seed,
    )
    n, reports = (
        f"{found[f'{what}_before']} and {found[f'{what}_after']}" for what in ("n", "reports")
    )
    members = ", ".join(found["panel"]) or "nobody"
    return Estimate(
        float(np.sqrt(found["ratio_lower"] * found["ratio_upper"])),
        found["lower"],
        found["upper"],
        bounds=INTERVAL,
        counted=tuple(found["tie_ids"]),
        note=f"{before[0]}–{before[1]} against {after[0]}–{after[1]}: {n} signs of life and "
        f"{reports} other reports by the panel ({members}); naively {found['naive_before']} and "
        f"{found['naive_after']} signs of life, ratio per tie-year {found['naive_ratio']:.2f} "
        f"({found['naive_lower']:.2f} to {found['naive_upper']:.2f})",
    )


def _acts(asked: Asked) -> str:
    """Say in which year most acts of governments came, since the day of an act is known."""
    ties, days = asked.known.stops
    counts = asked.counts[ties] & (days <= _day(asked))
    _, first = np.unique(ties[counts], return_index=True)
    if not len(first):
        return "no government had suspended or ended one"
    years, n_acts = np.unique(years_of(days[counts][first]), return_counts=True)
    most = int(n_acts.argmax())
    return f"of {len(first)} that a government suspended or ended, {n_acts[most]} in {years[most]}"


def _last_full_year(day: pd.Timestamp) -> int:
    return int(day.year if (day.month, day.day) == (12, 31) else day.year - 1)


def _day(asked: Asked) -> np.datetime64:
    return np.datetime64(asked.as_of, "D")


def _year(days: np.ndarray, *, missing: int) -> np.ndarray:
    return np.where(np.isnat(days), missing, years_of(days))


def _alive(ties: Standing) -> tuple[np.ndarray, np.ndarray]:
    """Give who was alive for certain, and who may have been."""
    sure = ties.is_certain & ties.has_status(*ALIVE) & ties.is_firm
    open_state = ties.has_status("no_information") | ~ties.is_firm
    return sure, (ties.is_certain & ~sure & open_state) | ties.is_possible


def _count(ties: Standing, sure: np.ndarray, may: np.ndarray, gap: str) -> Estimate:
    n, n_may = int(sure.sum()), int(may.sum())
    note = f"{n} for certain, {n_may} not known"
    counted, unsure = _ids(ties, sure), _ids(ties, may)
    return Estimate(n, n, n + n_may, counted=counted, open=unsure, gap=gap, per_tie=1, note=note)


def _places(asked: Asked, ties: Estimate, side: str) -> Estimate:
    """Count the places of a side in place of their ties."""
    place = asked.dataset.ties.set_index("tie_id")[f"place_{side}"]
    sure = set(place.reindex([*ties.counted]))
    may = set(place.reindex([*ties.open])) - sure
    return Estimate(
        len(sure),
        len(sure),
        len(sure) + len(may),
        counted=ties.counted,
        open=ties.open,
        gap=ties.gap,
        per_tie=1,
        note=f"{len(sure)} places for certain, {len(may)} more not known",
    )


def _per_year(first: np.ndarray, last: np.ndarray, low: int, high: int) -> np.ndarray:
    """Count the intervals that reach into each year."""
    change = np.zeros(high - low + 2, dtype="int64")
    np.add.at(change, np.clip(first, low, high) - low, 1)
    np.add.at(change, np.clip(last, low, high) - low + 1, -1)
    counts: np.ndarray = change.cumsum()[:-1]
    return counts


def _share(n: float, of: float) -> float:
    return n / of if of else float("nan")


def _span(share: Estimate) -> str:
    return f"{share.lower:.0%} to {share.upper:.0%}"


def _ids(ties: Standing, mask: np.ndarray) -> tuple[str, ...]:
    return tuple(ties.ids[mask])
