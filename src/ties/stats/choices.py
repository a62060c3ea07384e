"""Which ties and which sources count: the usual choices, by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.schema.vocabulary import TIE_KINDS

NOT_STATED: Final = "not_stated"
# Kinds of source that list ties without telling what happened to them.
LISTS: Final = ("directory", "encyclopedia", "repository")


def default_tie_kinds() -> dict[str, tuple[str, ...]]:
    """The usual choices of ties: all, sister ties alone, those whose kind is stated."""
    stated = tuple(TIE_KINDS)
    return {"all": (*stated, NOT_STATED), "sister": ("sister",), "stated": stated}


def default_source_kinds(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """The usual choices of sources: none left out, each kind in turn, all lists."""
    present = sorted(dataset.sources["kind"].astype("str").fillna(NOT_STATED).unique())
    lists = tuple(kind for kind in LISTS if kind in present)
    choices: dict[str, tuple[str, ...]] = {"all": ()}
    choices |= {f"without {kind.replace('_', ' ')}": (kind,) for kind in present}
    return choices | ({"without lists": lists} if len(lists) > 1 else {})


def without_source_kinds(dataset: Dataset, kinds: Sequence[str]) -> Dataset:
    """Leave out what only sources of these kinds say; see `without_sources`."""
    if not kinds:
        return dataset
    kind = dataset.sources["kind"].astype("str").fillna(NOT_STATED)
    return without_sources(dataset, dataset.sources.loc[kind.isin([*kinds]), "source_id"])


def without_sources(dataset: Dataset, sources: Collection[str]) -> Dataset:
    """Return the record as it were without these sources.

    An event that nobody else attests is gone. One that others attest keeps its date if any of them
    agrees with it or gives none of its own; else it has the span of the dates that they give.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia")
    >>> len(without_sources(record, record.sources["source_id"]).events)
    0
    """
    is_gone = dataset.attestations["source_id"].isin([*sources])
    rest = dataset.attestations[~is_gone]
    events = dataset.events[dataset.events["event_id"].isin(rest["event_id"])]
    touched = dataset.attestations.loc[is_gone, "event_id"]
    dates = _new_dates(events[events["event_id"].isin(touched)], rest)
    if len(dates):
        events = events.assign(date=dates.reindex(events.index).fillna(events["date"]))
    return replace(dataset, attestations=rest, events=events)


def _new_dates(events: pd.DataFrame, attested: pd.DataFrame) -> pd.Series:
    """The dates of events with whose date no remaining source agrees, by their index."""
    own = attested[attested["event_id"].isin(events["event_id"])]
    given = own[["event_id"]].join(date_bounds(own["date"])[["earliest", "latest"]])
    recorded = date_bounds(events["date"]).set_axis(pd.Index(events["event_id"]))
    told = recorded.reindex(given["event_id"]).set_axis(given.index)
    apart = (given["earliest"] > told["latest"]) | (given["latest"] < told["earliest"])
    backed = (~apart).groupby(given["event_id"]).any()
    lonely = given[~given["event_id"].map(backed).astype(bool)]
    # An open bound of one source opens the whole: a missing value must win.
    by_event = lonely.groupby("event_id")
    first = by_event["earliest"].agg(lambda days: days.min(skipna=False))
    last = by_event["latest"].agg(lambda days: days.max(skipna=False))
    is_said = first.notna() | last.notna()
    start = first.dt.strftime("%Y-%m-%d").fillna("..")
    end = last.dt.strftime("%Y-%m-%d").fillna("..")
    text = start.where(start == end, start + "/" + end)[is_said].astype("str")
    position = pd.Series(events.index, index=events["event_id"])
    dates: pd.Series = text.set_axis(position.reindex(text.index).to_numpy())
    return dates
