"""What sources tell of the activity of ties: who attests what of which year, and who stood then.

It is read once, and may be compared under several ways to hold the effort of observation constant:
see `ties.analysis.effort`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from ties.model.dataset import Dataset
from ties.model.dates import date_bounds
from ties.model.vocabulary import EVENT_KINDS
from ties.reading import Reading
from ties.rule import StatusRule
from ties.states import episodes_of

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
    tie_years
        Index ``year``: time that ties stood in force.
    """

    dataset: Dataset
    reading: Reading
    seen: pd.DataFrame
    tie_years: pd.Series

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None = None,
        as_of: str | dt.date | None = None,
        known_by: str | dt.date | None = None,
    ) -> Observed:
        """Read a record; the arguments are those of `ties.lifecycle`."""
        reading = Reading.of(dataset, rule, as_of, known_by)
        return cls(dataset, reading, _seen(reading, dataset.sources), _tie_years(reading))

    @property
    def n_unplaced(self) -> int:
        """How many signs of life no single year can be given."""
        happened = self.reading.happened
        signs = happened[happened["kind"].isin(ACTIVITY & self.reading.rule.qualifying)]
        one_year = signs["earliest"].dt.year == signs["latest"].dt.year
        return int((signs["is_open"].to_numpy(bool) | ~one_year).sum())


def _seen(reading: Reading, sources: pd.DataFrame) -> pd.DataFrame:
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


def _tie_years(reading: Reading) -> pd.Series:
    """Add up the time that ties stood in force, by calendar year."""
    episodes = episodes_of(reading)
    own = episodes[(episodes["axis"] == "formal") & (episodes["state"] == "in_force")]
    last = np.datetime64(reading.view.as_of, "D")
    start = own["start_latest"].to_numpy("M8[D]")
    end = own["end_latest"].to_numpy("M8[D]")
    end = np.where(np.isnat(end), last, end)
    final = int(reading.view.as_of.year)
    first = int(own["start_latest"].dt.year.min()) if len(own) else final
    years = pd.RangeIndex(first, final + 1, name="year")
    edges = (np.arange(first, final + 2) - 1970).astype("M8[Y]").astype("M8[D]")
    spent = [
        (np.minimum(end, ends) - np.maximum(start, begins)).astype("int64").clip(min=0).sum()
        / (ends - begins).astype("int64")
        for begins, ends in pairwise(edges)
    ]
    return pd.Series(spent, index=years, dtype="float64")
