"""What a quantity is asked of: a population of ties, on a day, from what is known."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.status_bounds import StatusBounds, StatusHistory
from ties.stats.observed import Observed


@dataclass(frozen=True)
class EstimandContext:
    """What a quantity is asked of.

    Parameters
    ----------
    dataset
        The record, with the sources that count.
    known
        What is known of it, under a rule.
    counts
        Which ties of the record count, in the order of their ids.
    as_of, known_by
        The day, and the day of knowledge if one was given.
    seed
        For intervals that are drawn.
    shared
        What was worked out of the same record before, for whatever ties: its activity by day, its
        traces, the models fitted to them.
    """

    dataset: Dataset
    known: StatusHistory
    counts: np.ndarray
    as_of: pd.Timestamp
    known_by: str | None
    seed: int
    shared: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def observed(self) -> Observed:
        """The activity of the population, as it is known."""
        key = ("observed", self.as_of)
        if key not in self.shared:
            rule = self.known.reading.rule
            self.shared[key] = Observed.of(self.dataset, rule, self.as_of, self.known_by)
        found: Observed = self.shared[key]
        return found.only(self.counts)

    @property
    def population(self) -> pd.Index:
        """The ids of the ties that count."""
        return self.known.reading.ids[self.counts]

    @property
    def ties(self) -> StatusBounds:
        """What is certain and possible of the population on the day."""
        return self.known.on(self.as_of).only(self.counts)
