"""The days from which a question is asked, and with whose knowledge.

A claim made in November 2018 deserves two answers from that day, what could be known then and what
is known of it now, and a third from the record's own date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ties import bounds
from ties.dataset import Dataset
from ties.dates import last_day
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.event_view import Vantage
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.status_bounds import StatusBounds
from ties.lifecycle.tie_table import tie_table
from ties.report.sentences import say_day
from ties.stats import decline, revival


def views(
    dataset: Dataset,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    compare_as_of: str | dt.date | None = None,
) -> dict[str, dict[str, str | None]]:
    """The days to ask from, in the order of time, each with a label.

    Parameters
    ----------
    dataset, as_of, known_by
        As for `ties.lifecycle`.
    compare_as_of
        An earlier day; left out if it is missing or not earlier.

    Returns
    -------
    dict
        Label to the arguments ``as_of`` and ``known_by`` of `ties.lifecycle`, as ISO days.

    Examples
    --------
    >>> import ties
    >>> list(views(ties.load("us-russia"), "2026-11-23", compare_as_of="2018-11-28"))
    ['28 November 2018, as known then', '28 November 2018, with hindsight', '23 November 2026']
    """
    now = Vantage.of(dataset, as_of, known_by)
    found: dict[str, Vantage] = {}
    if compare_as_of is not None and last_day(compare_as_of) < now.as_of:
        day = last_day(compare_as_of)
        known = day if now.known_by is None else min(day, now.known_by)
        found[f"{say_day(day)}, as known then"] = Vantage(day, known)
        if now.known_by is None or now.known_by > day:
            found[f"{say_day(day)}, with hindsight"] = Vantage(day, now.known_by)
    found[say_day(now.as_of) + _knowledge(now)] = now
    return {label: view.as_record() for label, view in found.items()}


def _knowledge(view: Vantage) -> str:
    return "" if view.known_by is None else f", as known on {say_day(view.known_by)}"


@dataclass(frozen=True)
class ReportLook:
    """A record read from one day: the tables that its pages, figures and files are made from.

    `label` is what the pages call it, `suffix` ends the names of its files.
    """

    label: str
    dataset: Dataset
    rule: StatusRule
    as_of: str
    known_by: str | None
    suffix: str = ""

    @cached_property
    def ties(self) -> pd.DataFrame:
        """One row a tie."""
        return tie_table(self.dataset, self.rule, self.as_of, self.known_by)

    @cached_property
    def stood(self) -> StatusBounds:
        """What is certain and possible of each tie on the day."""
        return bounds.status_bounds(
            self.dataset, self.as_of, known_by=self.known_by, rule=self.rule
        )

    @cached_property
    def by_year(self) -> pd.DataFrame:
        """What is certain and possible at the end of each year."""
        return bounds.by_year(self.stood)

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """The episodes of each tie's life."""
        return lifecycle(self.dataset, self.rule, self.as_of, self.known_by)

    @cached_property
    def returns(self) -> pd.DataFrame:
        """Every return to life."""
        return revival.revivals(self.episodes, self.dataset)

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Events that known sources attest, by year."""
        return revival.coverage(self.dataset, self.as_of, self.known_by, rule=self.rule)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables behind the figures, by name; their indexes are columns."""
        rate = revival.revival_rate(self.episodes)
        return {
            "formation-per-year": bounds.founded_per_year(self.stood).reset_index(),
            "formation-per-decade": bounds.founded_per_decade(self.stood).reset_index(),
            "cohorts": decline.cohorts_without_searches(self.stood, self.ties).reset_index(),
            "numbers": bounds.summary(self.stood).reset_index(),
            "stock": decline.stock_by_status(self.episodes).reset_index(),
            "flows": decline.flows(self.episodes).reset_index(),
            "by-year": self.by_year.reset_index(),
            "map": decline.without_searches(self.ties),
            "lifelines": self.episodes,
            "revivals": self.returns,
            "revival-rate": rate.to_frame().T,
            "coverage": self.coverage.reset_index(),
        }


@dataclass(frozen=True)
class Looks:
    """A record read from each of the days that its report asks from.

    `dataset` holds the ties that count, `n_left_out` says how many do not.
    """

    dataset: Dataset
    n_left_out: int
    rule: StatusRule
    all: tuple[ReportLook, ...]

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule,
        as_of: str | dt.date | None = None,
        known_by: str | dt.date | None = None,
        compare_as_of: str | dt.date | None = None,
    ) -> Looks:
        """Read a record from the days that `views` gives."""
        pair = dataset.without_disputed()
        days = views(dataset, as_of, known_by, compare_as_of)
        looks = [
            ReportLook(label, pair, rule, str(day["as_of"]), day["known_by"], suffix)
            for suffix, (label, day) in zip(_suffixes(days), days.items(), strict=True)
        ]
        return cls(pair, len(dataset.ties) - len(pair.ties), rule, tuple(looks))

    @property
    def now(self) -> ReportLook:
        """The look from the latest day."""
        return self.all[-1]

    @property
    def compare_as_of(self) -> str | None:
        """The earlier day, if there is one."""
        return None if len(self.all) == 1 else self.all[0].as_of


def _suffixes(days: Mapping[str, Mapping[str, str | None]]) -> list[str]:
    """End the names of files: nothing for the last look, the day and its knowledge before."""
    *earlier, _ = days.values()
    endings = [f"-{day['as_of']}" for day in earlier]
    if endings:
        endings[0] += "-as-known-then"
    return [*endings, ""]
