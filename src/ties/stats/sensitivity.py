"""How much does each choice matter? The headline numbers over a grid of all defensible choices.

Every number rests on choices that somebody else could have made otherwise: after how many silent
years a tie is no longer alive, what becomes of ties of which nothing is known, which kinds of tie
and which kinds of source count. Here each number is worked out under every combination,
which shows its whole range and the choice that moves it most (a *multiverse*: Steegen et al.,
*Perspectives on Psychological Science* 11, 2016; drawn as a *specification curve*: Simonsohn,
Simmons & Nelson, *Nature Human Behaviour* 4, 2020). The range is no confidence interval: it says
how far the answer follows from the choices, not from chance.

What is not known is handled in three ways. ``in``: the tie stays in the total, without the
property in question (a share reads low). ``out``: it is left out of the total. ``imputed``: it has
the property with the chance that ties like it have. A founding is drawn many times within its own
interval (`ties.stats.imputation`); a state follows the ties of the same founding decade
whose state is known, worked out rather than drawn. A number that cannot be had in one of the three
ways has no row for it: nobody can say by how much an unseen return counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import last_day, years_of
from ties.lifecycle.rule import StatusRule
from ties.stats.choices import default_source_kinds, default_tie_kinds, without_source_kinds
from ties.stats.formation import DECADE
from ties.stats.imputation import impute_dates
from ties.stats.intensity import DAYS_PER_YEAR, NAIVE_SILENCE, silent_spells
from ties.stats.leave_out import NOT_STATED
from ties.stats.standing import ALIVE, Knowledge

UNKNOWN: Final = ("in", "out", "imputed")
CHOICES: Final = ("dormant_after", "unknown", "tie_kinds", "source_kinds")


@dataclass(frozen=True)
class Number:
    """A headline number: what it is called, in which unit, and which decade it is about."""

    name: str
    label: str
    unit: str


NUMBERS: Final[Mapping[str, Number]] = MappingProxyType(
    {
        number.name: number
        for number in (
            Number("n_ties", "Ties that stood", "ties"),
            Number("n_in_force", "Ties in force on paper", "ties"),
            Number("share_of_decade", "Share founded in the decade", "share"),
            Number("share_alive", "Share alive", "share"),
            Number("share_dormant", "Share dormant", "share"),
            Number("share_stopped", "Share suspended or ended", "share"),
            Number("share_no_information", "Share without information", "share"),
            Number("n_returns", "Returns to life", "returns"),
            Number("return_rate", "Returns per silent tie-year", "per tie-year"),
        )
    }
)


def sensitivity_grid(
    dataset: Dataset,
    *,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    rule: StatusRule | None = None,
    dormant_after: Sequence[int] = tuple(range(2, 11)),
    tie_kinds: Mapping[str, Sequence[str]] | None = None,
    source_kinds: Mapping[str, Sequence[str]] | None = None,
    decade: int = 1990,
    m: int = 20,
    seed: int,
) -> pd.DataFrame:
    """Give every headline number under every combination of choices.

    Parameters
    ----------
    dataset
        A record, best with `counted` ties only.
    as_of, known_by
        As for `ties.lifecycle`.
    rule
        What is not varied, and the `dormant_after` that is marked as the default.
    dormant_after
        Silent years after which a tie is no longer alive.
    tie_kinds
        Kinds of tie that count, by a name for the choice; the first is the default. If not
        given: all, sister ties alone, and those of stated kind.
    source_kinds
        Kinds of source that are left out, by a name for the choice; the first is the default.
        If not given: none, each kind on record in turn, and all lists together.
    decade
        First year of the decade whose share is asked for.
    m, seed
        How often each founding is drawn, and the seed of the draws.

    Returns
    -------
    DataFrame
        A row a number and combination: ``number`` (see `NUMBERS`); ``dormant_after``,
        ``unknown``, ``tie_kinds``, ``source_kinds``: the choices; ``value``; ``lower``,
        ``upper``: worst-case bounds under these choices, the same for each way with the
        unknown; ``is_default``. Values are missing where there is nothing to divide by.

    Raises
    ------
    ValueError
        If a list of choices is empty.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia").counted()
    >>> grid = sensitivity_grid(
    ...     record, as_of="2018-11-28", dormant_after=[5], source_kinds={"all": ()}, seed=1
    ... )
    >>> grid.query("is_default")["number"].nunique()
    9
    """
    rule = rule or StatusRule()
    kept = tie_kinds if tie_kinds is not None else default_tie_kinds()
    left_out = source_kinds if source_kinds is not None else default_source_kinds(dataset)
    if not kept or not left_out or not dormant_after:
        raise ValueError("a choice needs at least one value; leave it out to have the usual ones")
    day = dataset.as_of if as_of is None else last_day(as_of)
    kinds = dataset.ties.set_index("tie_id")["kind"].astype("str").fillna(NOT_STATED)
    parts = []
    for sources, without in left_out.items():
        known = Knowledge.of(without_source_kinds(dataset, without), rule, known_by)
        chance = _chance_of_decade(known, day, decade, m, seed)
        for years in dormant_after:
            found = _numbers_by_kind(known.with_years(years), day, kinds, kept, decade, chance)
            parts.append(found.assign(dormant_after=years, source_kinds=sources))
    grid = pd.concat(parts, ignore_index=True)
    return _laid_out(grid, rule.dormant_after, next(iter(kept)), next(iter(left_out)))


def sensitivity_range(grid: pd.DataFrame) -> pd.DataFrame:
    """Give the range of each number over the grid, and the choice that moves it most.

    A choice moves a number by the spread of its values while all other choices stand at
    their defaults. Where two move it alike, the one that comes first in `CHOICES` is named.

    Parameters
    ----------
    grid
        As `sensitivity_grid` gives it.

    Returns
    -------
    DataFrame
        Index ``number``: ``value`` at the default; ``lower``, ``upper``: worst-case bounds at
        the default; ``least``, ``most`` over the grid; ``moved_most_by`` (text; missing if
        nothing moves it) and ``moved_by``; ``n_points``.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia").counted()
    >>> ranges = sensitivity_range(
    ...     sensitivity_grid(record, dormant_after=[5, 9], source_kinds={"all": ()}, seed=1)
    ... )
    >>> bool((ranges["least"] <= ranges["most"]).all())
    True
    """
    by_number = grid.groupby("number", sort=False, observed=True)
    at_default = grid[grid["is_default"]].set_index("number")
    table = at_default[["value", "lower", "upper"]].join(
        by_number["value"].agg(least="min", most="max", n_points="size")
    )
    moved = pd.DataFrame({choice: _moved_by(grid, choice) for choice in CHOICES})
    moved = moved.reindex(table.index).fillna(0.0)
    most = moved.max(axis=1)
    table["moved_most_by"] = moved.idxmax(axis=1).where(most > 0).astype("str")
    table["moved_by"] = most
    return table[["value", "lower", "upper", "least", "most", "moved_most_by", "moved_by"]].join(
        table["n_points"]
    )


def _numbers_by_kind(
    known: Knowledge,
    day: pd.Timestamp,
    kinds: pd.Series,
    kept: Mapping[str, Sequence[str]],
    decade: int,
    chance: pd.Series,
) -> pd.DataFrame:
    """Work out the numbers for each choice of ties; a tie's life does not depend on others."""
    table = known.on(day)
    own_kind = kinds.reindex(table.index)
    spells = _silence(known, day)
    parts = []
    for name, members in kept.items():
        own = table[own_kind.isin([*members])]
        rows = [
            *_sizes(own),
            *_decade(own, day, decade, chance),
            *_states(own),
            *_returns(spells[spells["tie_id"].isin(own.index)]),
        ]
        columns = ["number", "unknown", "value", "lower", "upper"]
        parts.append(pd.DataFrame(rows, columns=columns).assign(tie_kinds=name))
    return pd.concat(parts, ignore_index=True)


Row = tuple[str, str, float, float, float]


def _rows(number: str, lower: float, upper: float, **by_unknown: float | None) -> list[Row]:
    return [
        (number, unknown.rstrip("_"), float(value), float(lower), float(upper))
        for unknown, value in by_unknown.items()
        if value is not None
    ]


def _sizes(own: pd.DataFrame) -> list[Row]:
    certain, possible = int(own["is_certain"].sum()), int(own["is_possible"].sum())
    least = int(own["is_in_force"].sum())
    most = int(((own["is_certain"] | own["is_possible"]) & ~own["is_stopped"]).sum())
    stood = certain - int((own["is_certain"] & own["is_stopped"]).sum())
    return [
        *_rows("n_ties", certain, certain + possible, in_=certain + possible, out=certain),
        *_rows("n_in_force", least, most, in_=stood, out=least),
    ]


def _decade(own: pd.DataFrame, day: pd.Timestamp, decade: int, chance: pd.Series) -> list[Row]:
    """Give the share of a decade; ties that may have stood are in the total as unknown."""
    members = own[own["is_certain"] | own["is_possible"]]
    n = len(members)
    latest = members["founded_latest"].where(members["founded_latest"] < day, day)
    first, last = members["founded_earliest"].dt.year, latest.dt.year
    is_in = members["is_certain"] & (first >= decade) & (last < decade + DECADE)
    is_out = (first >= decade + DECADE) | (last < decade)
    n_in, n_out = int(is_in.sum()), int((is_out & members["is_certain"]).sum())
    never = int((is_out & ~members["is_certain"]).sum())
    n_may = n - n_in - n_out - never
    return _rows(
        "share_of_decade",
        _share(n_in, n),
        _share(n_in + n_may, n_in + n_out + n_may),
        in_=_share(n_in, n),
        out=_share(n_in, n_in + n_out),
        imputed=_share(float(chance.reindex(members.index).sum(skipna=False)), n),
    )


def _chance_of_decade(
    known: Knowledge, day: pd.Timestamp, decade: int, m: int, seed: int
) -> pd.Series:
    """Give the share of the draws in which each tie was founded in a decade, by id.

    Missing for all if no founding has a beginning: then there is nothing to draw from.
    """
    table = known.on(day)
    members = table[table["is_certain"] | table["is_possible"]]
    latest = members["founded_latest"].where(members["founded_latest"] < day, day)
    if members["founded_earliest"].isna().all():
        return pd.Series(np.nan, index=members.index)
    drawn = impute_dates(members["founded_earliest"], latest, m=m, seed=seed)
    years = years_of(drawn.to_numpy("M8[D]"))
    is_in = (years >= decade) & (years < decade + DECADE)
    return pd.Series(is_in.mean(axis=1), index=members.index)


def _states(own: pd.DataFrame) -> list[Row]:
    """Give the shares of the states among the ties that stood for certain, with bounds."""
    stood = own[own["is_certain"]]
    n_all, n_possible = len(stood), int(own["is_possible"].sum())
    status = stood["status"]
    is_known = status != "no_information"
    n_known = int(is_known.sum())
    groups = {
        "share_alive": status.isin(ALIVE),
        "share_dormant": status == "dormant",
    }
    firm = stood["is_firm"].astype(bool)
    rows: list[Row] = []
    for name, has in groups.items():
        least = int((has & firm).sum())
        most = int(has.sum() + (~is_known).sum() + (~has & is_known & ~firm).sum())
        rows += _rows(
            name,
            _share(least, n_all + n_possible),
            _share(most + n_possible, n_all + n_possible),
            in_=_share(int(has.sum()), n_all),
            out=_share(int(has.sum()), n_known),
            imputed=_imputed_share(has, is_known, stood["founded_latest"].dt.year // DECADE),
        )
    stopped, shown = int(stood["is_stopped"].sum()), int(stood["is_in_force"].sum())
    rows += _rows(
        "share_stopped",
        _share(stopped, n_all + n_possible),
        _share(n_all + n_possible - shown, n_all + n_possible),
        in_=_share(stopped, n_all),
        out=_share(stopped, stopped + shown),
    )
    unknown = n_all - n_known
    rows += _rows(
        "share_no_information",
        _share(unknown, n_all + n_possible),
        _share(unknown + n_possible, n_all + n_possible),
        in_=_share(unknown, n_all),
    )
    return rows


def _imputed_share(has: pd.Series, is_known: pd.Series, decade: pd.Series) -> float:
    """Give the share if unknown ties are like the known ones of their founding decade."""
    if not is_known.any():
        return np.nan
    own = has[is_known].groupby(decade[is_known]).mean()
    chance = decade.map(own).astype("float64").fillna(float(has[is_known].mean()))
    return float(chance.where(~is_known, has.astype("float64")).mean())


def _silence(known: Knowledge, day: pd.Timestamp) -> pd.DataFrame:
    """List the spells of silence up to a day, with whether somebody bears witness to them."""
    spells = silent_spells(known.episodes, NAIVE_SILENCE)
    witnessed = silent_spells(known.episodes).set_index(["tie_id", "start_latest"]).index
    own = pd.MultiIndex.from_frame(spells[["tie_id", "start_latest"]])
    spells = spells.assign(is_witnessed=own.isin(witnessed))[spells["start_latest"] <= day]
    is_over = spells["end_latest"] <= day
    end = spells["end_latest"].where(is_over, day)
    years = (end - spells["start_latest"]).dt.days / DAYS_PER_YEAR
    return spells.assign(years=years, returned=spells["returned"] & is_over)


def _returns(spells: pd.DataFrame) -> list[Row]:
    """Count returns: from witnessed silence alone, and from every gap in what is written."""
    sure = spells[spells["is_witnessed"]]
    n_sure, n_all = int(sure["returned"].sum()), int(spells["returned"].sum())
    by_all, by_sure = (
        _share(n, part["years"].sum()) for n, part in ((n_all, spells), (n_sure, sure))
    )
    return [
        # Nothing bounds the returns that nobody wrote of.
        *_rows("n_returns", n_sure, np.nan, in_=n_all, out=n_sure),
        *_rows("return_rate", np.nan, np.nan, in_=by_all, out=by_sure),
    ]


def _share(n: float, of: float) -> float:
    return n / of if of else float("nan")


def _laid_out(grid: pd.DataFrame, years: int, ties: str, sources: str) -> pd.DataFrame:
    """Order the columns and mark the combination that is used elsewhere."""
    at_default = (grid["dormant_after"] == years) & (grid["tie_kinds"] == ties)
    at_default &= grid["source_kinds"] == sources
    # The default leaves returns from mere gaps out; all else keeps the unknown in the total.
    usual = np.where(grid["number"].isin(["n_returns", "return_rate", "n_ties"]), "out", "in")
    grid = grid.assign(is_default=at_default & (grid["unknown"] == usual))
    for column in ("number", "unknown", "tie_kinds", "source_kinds"):
        grid[column] = grid[column].astype("str")
    return grid[["number", *CHOICES, "value", "lower", "upper", "is_default"]]


def _moved_by(grid: pd.DataFrame, choice: str) -> pd.Series:
    """Give the spread of each number while every other choice stands at its default."""
    usual = grid[grid["is_default"]].set_index("number")
    same = pd.Series(True, index=grid.index)
    for other in CHOICES:
        if other != choice:
            same &= grid[other] == grid["number"].map(usual[other])
    values = grid[same].groupby("number")["value"]
    spread: pd.Series = values.max() - values.min()
    return spread
