"""What a quantity is asked of, and the answer: bounds, what they mean, and the ties behind them.

``worst case``
    The quantity lies between the bounds whatever is not known of the ties on record, as long as
    the sources do not err (see `ties.stats.standing`). Ties that nobody put on record are in
    no bound.
``95% interval``
    Chance is part of it: the quantity is a rate behind the counts (see `ties.stats.effort`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.stats.observed import Observed
from ties.stats.standing import Knowledge, Standing

WORST_CASE: Final = "worst case"
INTERVAL: Final = "95% interval"


@dataclass(frozen=True)
class Asked:
    """What a quantity is asked of: a population of ties, on a day, from what is known.

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
    known: Knowledge
    counts: np.ndarray
    as_of: pd.Timestamp
    known_by: str | None
    seed: int
    activity: dict[pd.Timestamp, Observed] = field(default_factory=dict)

    @property
    def population(self) -> pd.Index:
        """The ids of the ties that count."""
        return self.known.reading.ids[self.counts]

    @property
    def observed(self) -> Observed:
        """The activity of the population, as it is known."""
        if self.as_of not in self.activity:
            rule = self.known.reading.rule
            found = Observed.of(self.dataset, rule, self.as_of, self.known_by)
            self.activity[self.as_of] = found
        return self.activity[self.as_of].only(self.counts)

    def on(self, day: pd.Timestamp) -> Standing:
        """Give the population on a day."""
        return self.known.standing(day).only(self.counts)


@dataclass(frozen=True)
class Estimate:
    """A quantity with its bounds and what stands behind it.

    Parameters
    ----------
    value
        The best single number, for reading only: no verdict rests on it. May be missing.
    lower, upper
        The bounds; missing where nothing can be said.
    bounds
        What the bounds are: `WORST_CASE` or `INTERVAL`.
    counted
        Ties that have the property for certain.
    open
        Ties of which it is not known.
    gap
        What is not known of the open ones, to follow "the bounds lie apart because of n ties".
    per_tie
        By how much one open tie moves a bound, if each moves it alike; else missing.
    note
        The counts behind it, in a sentence.
    """

    value: float
    lower: float
    upper: float
    bounds: str = WORST_CASE
    counted: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    gap: str = ""
    per_tie: float = float("nan")
    note: str = ""
