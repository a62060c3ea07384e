"""What sources tell of the activity of ties: who attests what of which year, and who stood then.

It is read once, and may be compared under several ways to hold the effort of observation constant:
see `ties.stats.effort`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds, years_of
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule
from ties.schema.vocabulary import EVENT_KINDS

ACTIVITY: Final = frozenset(code for code, term in EVENT_KINDS.items() if term.group == "activity")
# What shows that somebody wrote about a tie, without being a sign of life or an act that made or
# ended it. Lists are left out: one list names a hundred ties, and none of them is news.
REPORTS: Final = frozenset(
    code for code, term in EVENT_KINDS.items() if term.group in ("none", "evidence")
) - {"listed"}


@dataclass(frozen=True)
class Observed:
    """A record's activity, as it is known on a day.

    Parameters
    ----------
    dataset, reading
        The record, and how it is read.
    seen
        A row an event and a source that attests it: ``event_id``, ``tie`` (position), ``year``
        (int), ``is_sign`` (of life; else another report), ``source_id``, and of the source
        ``published`` (year, Int64), ``kind``, ``publisher``. Events without one single year are
        left out.
    in_force
        A row a stretch of time that a tie stood in force: ``tie`` (position), ``start``, ``end``
        (days).
    """

    dataset: Dataset
    reading: EventView
    seen: pd.DataFrame
    in_force: pd.DataFrame

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None = None,
        as_of: str | dt.date | None = None,
        known_by: str | dt.date | None = None,
    ) -> Observed:
        """Read a record; the arguments are those of `ties.lifecycle`."""
        reading = EventView.of(dataset, rule, as_of, known_by)
        return cls(dataset, reading, _seen(reading, dataset.sources), _in_force(reading))

    def only(self, counts: np.ndarray) -> Observed:
        """Keep the activity of some ties, marked in the order of `reading`'s ids."""
        seen, in_force = (rows[counts[rows["tie"]]] for rows in (self.seen, self.in_force))
        return replace(self, seen=seen, in_force=in_force)

    @cached_property
    def tie_years(self) -> pd.Series:
        """The time that ties stood in force, added up by calendar ``year``."""
        start, end = (self.in_force[name].to_numpy("M8[D]") for name in ("start", "end"))
        final = int(self.reading.view.as_of.year)
        first = int(years_of(start).min()) if len(start) else final
        years = pd.RangeIndex(first, final + 1, name="year")
        edges = (np.arange(first, final + 2) - 1970).astype("M8[Y]").astype("M8[D]")
        spent = [
            (np.minimum(end, ends) - np.maximum(start, begins)).astype("int64").clip(min=0).sum()
            / (ends - begins).astype("int64")
            for begins, ends in pairwise(edges)
        ]
        return pd.Series(spent, index=years, dtype="float64")


def count_unplaced(reading: EventView) -> int:
    """Count the signs of life that no single year can be given."""
    happened = reading.happened
    signs = happened[happened["kind"].isin(ACTIVITY & reading.rule.qualifying)]
    one_year = signs["earliest"].dt.year == signs["latest"].dt.year
    return int((signs["is_open"].to_numpy(bool) | ~one_year).sum())


def _seen(reading: EventView, sources: pd.DataFrame) -> pd.DataFrame:
    """List who attests which sign of life or other report: a row an event and source."""
    happened = reading.happened
    year = happened["latest"].dt.year
    one_year = ~happened["is_open"].to_numpy(bool) & (happened["earliest"].dt.year == year)
    is_sign = happened["kind"].isin(ACTIVITY & reading.rule.qualifying)
    events = happened[["event_id", "tie"]].assign(year=year, is_sign=is_sign)
    events = events[one_year & (is_sign | happened["kind"].isin(REPORTS))]
    published = date_bounds(sources["published"])["latest"].dt.year.astype("Int64")
    wrote = sources[["source_id"]].assign(
        published=published,
        kind=sources["kind"].astype("str").fillna("not stated"),
        publisher=sources["publisher"].fillna(sources["source_id"]),
    )
    attested = reading.attested[["event_id", "source_id"]]
    seen: pd.DataFrame = events.merge(attested, on="event_id", validate="one_to_many")
    return seen.merge(wrote, on="source_id", validate="many_to_one")


def _in_force(reading: EventView) -> pd.DataFrame:
    """List the stretches in which each tie stood in force, to the day that is looked from."""
    episodes = episodes_of(reading)
    own = episodes[(episodes["axis"] == "formal") & (episodes["state"] == "in_force")]
    return pd.DataFrame(
        {
            "tie": reading.ids.get_indexer(pd.Index(own["tie_id"])),
            "start": own["start_latest"].to_numpy(),
            "end": own["end_latest"].fillna(reading.view.as_of).to_numpy(),
        }
    )
