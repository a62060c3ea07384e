"""What a quantity is asked of: a population of ties, on a day, from what is known."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    activity
        What was read of the record's activity before, by day: whoever asks the same record, for
        whatever ties, may hand it on.
    """

    dataset: Dataset
    known: StatusHistory
    counts: np.ndarray
    as_of: pd.Timestamp
    known_by: str | None
    seed: int
    activity: dict[pd.Timestamp, Observed] = field(default_factory=dict)

    @property
    def observed(self) -> Observed:
        """The activity of the population, as it is known."""
        if self.as_of not in self.activity:
            rule = self.known.reading.rule
            found = Observed.of(self.dataset, rule, self.as_of, self.known_by)
            self.activity[self.as_of] = found
        return self.activity[self.as_of].only(self.counts)

    @property
    def ties(self) -> StatusBounds:
        """What is certain and possible of the population on the day."""
        return self.known.on(self.as_of).only(self.counts)
