"""A record as somebody reads it: under a rule, from a day, with what was known by then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ties.evidence import known_attestations, known_events, known_searches
from ties.model.dataset import Dataset
from ties.model.dates import last_day
from ties.model.vocabulary import EVENT_KINDS
from ties.rule import StatusRule

NO_EVENT: Final = -1
_NAT: Final = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class View:
    """From when the record is looked at, and with whose knowledge."""

    as_of: pd.Timestamp
    known_by: pd.Timestamp | None

    @classmethod
    def of(
        cls, dataset: Dataset, as_of: str | dt.date | None, known_by: str | dt.date | None
    ) -> View:
        """Read the two days, with the record's own date as the default."""
        day = dataset.as_of if as_of is None else last_day(as_of)
        return cls(day, None if known_by is None else last_day(known_by))

    def as_record(self) -> dict[str, str | None]:
        """Give the two days as text."""
        known = None if self.known_by is None else str(self.known_by.date())
        return {"as_of": str(self.as_of.date()), "known_by": known}


@dataclass(frozen=True)
class Reading:
    """A record as it is read under a rule, from a day: what happened, and since when ties stand.

    Parameters
    ----------
    ids
        The ties, in order; other tables refer to them by position.
    happened
        Known events that have happened, as `order_events` orders them.
    attested
        Known attestations.
    searches
        Known searches.
    founding
        As `founding_bounds` gives it.
    """

    rule: StatusRule
    view: View
    ids: pd.Index
    happened: pd.DataFrame
    attested: pd.DataFrame
    searches: pd.DataFrame
    founding: pd.DataFrame

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None,
        as_of: str | dt.date | None,
        known_by: str | dt.date | None,
    ) -> Reading:
        """Read a record; see `lifecycle` for the parameters."""
        rule, view = rule or StatusRule(), View.of(dataset, as_of, known_by)
        ids = pd.Index(sorted(dataset.ties["tie_id"]))
        attested = known_attestations(dataset, rule.undated_sources, view.known_by)
        events = order_events(known_events(dataset, attested, rule.dates, view.known_by), ids)
        happened = events[events["latest"] <= view.as_of].reset_index(drop=True)
        searches = known_searches(dataset, view.known_by)
        founding = founding_bounds(happened, len(ids))
        return cls(rule, view, ids, happened, attested, searches, founding)


def founding_bounds(events: pd.DataFrame, n_ties: int) -> pd.DataFrame:
    """Bound the founding of each tie by its founding event and by the first sign that it stood.

    A tie stood at the latest when something showed it standing: a listing, a renewal, a
    suspension. That bounds the founding where no event dates it, or where its date has no
    end (``1992/..``). Contact alone bounds nothing, since people may visit before they sign.

    Parameters
    ----------
    events
        Ordered events with ``tie`` (position), ``kind``, ``earliest``, ``latest``, ``is_open``.
    n_ties
        Number of ties.

    Returns
    -------
    DataFrame
        A row a tie, by position: ``earliest``, ``latest`` (datetime64[D]), ``event`` (position
        of the founding event if it dates the founding, else -1).
    """
    tie, latest = events["tie"].to_numpy(), events["latest"].to_numpy("M8[D]")
    group = events["kind"].map({code: term.group for code, term in EVENT_KINDS.items()})
    is_founding = (events["kind"] == "founded").to_numpy()
    is_dated = is_founding & ~events["is_open"].to_numpy(bool)
    is_sign = group.isin(["evidence", "silence", "formal"]) | (events["kind"] == "renewed")
    shows = is_sign.to_numpy(bool) | is_dated

    def first(mask: np.ndarray, values: np.ndarray, empty: int | np.datetime64) -> np.ndarray:
        found = np.full(n_ties, empty, dtype=values.dtype)
        # Written backwards, so that the first of each tie is written last.
        found[tie[mask][::-1]] = values[mask][::-1]
        return found

    position = first(shows, np.arange(len(events)), NO_EVENT)
    return pd.DataFrame(
        {
            "earliest": first(is_founding, events["earliest"].to_numpy("M8[D]"), _NAT),
            "latest": first(shows, latest, _NAT),
            "event": np.where(np.append(is_dated, False)[position], position, NO_EVENT),
        }
    )


def order_events(events: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Order events by tie and day, with ``tie`` as the position of each tie in `ids`.

    On one day a visit comes before a silence, and a return after it, since a silence of the
    same year would else be forgotten. Beyond that, kind and code decide, so that no order of
    rows is an accident.
    """
    kind = events["kind"].map({code: i for i, code in enumerate(EVENT_KINDS)}).astype("int64")
    kind += len(EVENT_KINDS) * day_rank(events["kind"])
    return (
        events.assign(tie=ids.get_indexer(pd.Index(events["tie_id"])), kind_order=kind)
        .sort_values(["tie", "latest", "kind_order", "event_id"], ignore_index=True)
        .drop(columns="kind_order")
    )


def day_rank(kind: pd.Series) -> np.ndarray:
    """Rank events of one day: signs of life (0), then silence (1), then returns (2)."""
    is_return = kind.isin(["revived", "reinstated"])
    return np.select([is_return, kind == "dormant"], [2, 1], 0)
